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
    char host[256];
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

struct hf_history;

/* Up to the ledger's newest commit. Without a ledger it is empty. HF_EIO: the
 * ledger is damaged. A document that cannot be read is counted, not told. */
int hf_history_open(struct hf_history **out, struct hf_session *s,
                    struct hf_err *err);
void hf_history_free(struct hf_history *h);

/* Moments by host, of one host by time. */
size_t hf_history_len(const struct hf_history *h);
/* Borrowed, from the history; several threads may. Release the record. */
void
hf_history_get(const struct hf_history *h, size_t i, struct hf_moment *out);
/* Who, when and what alone, without unpacking the record. */
void
hf_history_peek(const struct hf_history *h, size_t i, struct hf_moment *out);
/* Documents that could not be read. */
size_t hf_history_damaged(const struct hf_history *h);
/* The commit of the ledger that it goes up to; "" without a ledger. */
const char *hf_history_commit(const struct hf_history *h);

#endif
