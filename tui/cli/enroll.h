/*
 * Host keys that servers showed, judged: against the pinned ones, and against
 * what the operator obtained elsewhere. Pure but for reading that file.
 */
#ifndef HF_CLI_ENROLL_H
#define HF_CLI_ENROLL_H

#include "inventory/hostkeys.h"
#include "playbooks/session.h"

enum hf_enroll_status {
    HF_ENROLL_NEW,       /* nothing to compare with */
    HF_ENROLL_CHANGED,   /* another one is pinned, nothing to compare with */
    HF_ENROLL_CONFIRMED, /* the file says the same */
    HF_ENROLL_PINNED,    /* as pinned */
    HF_ENROLL_UNLISTED,  /* the file says nothing */
    HF_ENROLL_MISMATCH,  /* the file says another key: stop */
    HF_ENROLL_REVOKED,   /* the file revokes it: stop */
    HF_ENROLL_UNREACHED, /* no key was shown */
    HF_ENROLL_STATUS_COUNT
};

struct hf_enroll_row {
    const char *name; /* "new", in tables and JSON */
    int pin;          /* may be written into the inventory */
    int bad;          /* the host is not as wanted: exit 4 */
};
extern const struct hf_enroll_row hf_enroll_rows[HF_ENROLL_STATUS_COUNT];

/* Keys obtained elsewhere. */
struct hf_enroll_source;

/* `from`: "known_hosts" is the user's own, else a file in that format, or
 * with fingerprints (inventory/fingerprints.h). */
int hf_enroll_source_load(struct hf_enroll_source **out, const char *from,
                          struct hf_err *err);
void hf_enroll_source_free(struct hf_enroll_source *source);

/* `source` may be NULL. */
enum hf_enroll_status hf_enroll_judge(const struct hf_scanned *shown,
                                      const struct hf_enroll_source *source);

#endif
