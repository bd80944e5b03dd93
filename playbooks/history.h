/*
 * The past of a fleet's hosts, as the ledger's commits tell it: each time
 * that facts of a host were recorded, and each run that ended on it. What
 * reports are computed from. Kept packed in the state folder, to which every
 * opening adds what the ledger brought since; without that file it is made
 * anew from git, and says the same.
 */
#ifndef HF_PLAYBOOKS_HISTORY_H
#define HF_PLAYBOOKS_HISTORY_H

#include "playbooks/session.h"

/*
 * What is known of a host at a moment. Facts: `record` is what the ledger then
 * said of the host. A run: record.recent says how it ended (at: when),
 * record.facts holds what HF_PAST_* and hf_past_kept name as it was after the
 * run, record.baseline the latter as it was before.
 */
struct hf_moment {
    const char *host;
    int64_t at; /* ms: when it was so; of a run: when it ended there */
    int is_run;
    const char *net; /* facts: outcome of the last contact, or "" */
    struct hf_record record;
};

/* Beside the facts, of a run. Times as RFC 3339. */
#define HF_PAST_RING "evidence.ring"
#define HF_PAST_FROM "evidence.from" /* level */
#define HF_PAST_STARTED "evidence.started"
#define HF_PAST_RESTART                                                    \
    "evidence.restart"                   /* priced: "no", "yes", "unknown" \
                                          */
#define HF_PAST_STAGED "evidence.staged" /* "yes", or absent */
#define HF_PAST_CHANGE "evidence.change"
#define HF_PAST_GLASS "evidence.broken_glass" /* rules that were overridden */
#define HF_PAST_REASON "evidence.reason"
/* And for each criterion that failed: this and its name, "block". */
#define HF_PAST_CRITERION "criterion."
/* What is kept of a run's facts before and after, by the beginning of the
 * key; NULL-terminated. */
extern const char *const hf_past_kept[];

/* What became of the boot id over a run. */
enum hf_past_boot {
    HF_PAST_BOOT_UNKNOWN,
    HF_PAST_BOOT_SAME,
    HF_PAST_BOOT_OTHER
};
enum hf_past_boot hf_past_boot(const struct hf_record *run);

/* What of a moment is counted, known without its record. Numbers of 1 byte:
 * of the enum, or HF_PAST_NONE (facts; another text, or none). */
#define HF_PAST_NONE 255
enum hf_past_mark {
    HF_PAST_FELL_BACK = 1 << 0,   /* took the update with restart instead */
    HF_PAST_BROKE_GLASS = 1 << 1, /* rules were overridden */
    HF_PAST_WAS_STAGED = 1 << 2,  /* the update was downloaded before */
};
struct hf_glance {
    int64_t at;
    uint32_t took;   /* ms, of a run; 0: unknown */
    uint32_t record; /* with `shelf`: where it is; the history's own */
    uint16_t shelf;
    uint8_t is_run, marks;
    uint8_t action, outcome, restart, boot;
};

/* The moments of one host: from `first` until before `end`, by time. */
struct hf_chapter {
    const char *host;
    size_t first, end;
};

struct hf_history;

/* Up to the ledger's newest commit; a session reads one commit's past once.
 * Without a ledger it is empty. HF_EIO: the ledger is damaged. A document that
 * cannot be read is counted, not told. */
int hf_history_open(struct hf_history **out, struct hf_session *s,
                    struct hf_err *err);
void hf_history_free(struct hf_history *h);

/* By their names. */
size_t hf_history_hosts(const struct hf_history *h);
struct hf_chapter hf_history_host(const struct hf_history *h, size_t host);
/* The first moment of the chapter that is not before `at`; else its end. */
size_t hf_history_since(const struct hf_history *h, struct hf_chapter chapter,
                        int64_t at);

/* Moments, one chapter behind the other. All is borrowed from the history, and
 * several threads may ask. */
size_t hf_history_len(const struct hf_history *h);
const struct hf_glance *hf_history_glance(const struct hf_history *h, size_t i);
/* Release the record. */
void
hf_history_get(const struct hf_history *h, size_t i, struct hf_moment *out);
/* Of a run its id; else "". */
const char *hf_history_run(const struct hf_history *h, size_t i);
/* The level that a run was to leave behind; else "". */
const char *hf_history_level(const struct hf_history *h, size_t i);
/* The value of one fact, without unpacking the others: as it was before a run
 * (baseline), or then. NULL: absent or unknown. */
const char *hf_history_fact(const struct hf_history *h, size_t i, int before,
                            const char *key);

/* Documents that could not be read. */
size_t hf_history_damaged(const struct hf_history *h);
/* The commit of the ledger that it goes up to; "" without a ledger. */
const char *hf_history_commit(const struct hf_history *h);

#endif
