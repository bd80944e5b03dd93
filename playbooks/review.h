/*
 * What a quarterly review asks for, on one page: how the fleet stands, what
 * was restarted and what was not, what is open and through whom, what went
 * wrong. Of the past what the ledger holds; what is due, open, excused and
 * blocked as it is now.
 */
#ifndef HF_PLAYBOOKS_REVIEW_H
#define HF_PLAYBOOKS_REVIEW_H

#include "backend/model/block.h"
#include "backend/model/due.h"
#include "playbooks/compliance.h"
#include "playbooks/exposure.h"
#include "playbooks/savings.h"

enum hf_noted {
    HF_NOTED_FAILED,     /* a run ended badly on the host */
    HF_NOTED_UNVERIFIED, /* it ended without proof */
    HF_NOTED_ROLLBACK,   /* a release was taken back */
    HF_NOTED_FALLBACK,   /* took the update with restart instead */
    HF_NOTED_GLASS,      /* rules were overridden */
    HF_NOTED_RESTART,    /* restarted, and no run of ours did it */
    HF_NOTED_COUNT
};
extern const char *const hf_noted_names[HF_NOTED_COUNT + 1];

/* One of them on one host. */
struct hf_note {
    enum hf_noted kind;
    const struct hf_host *host;
    int64_t at;   /* ms: of a restart when it was seen */
    char run[40]; /* "" of a restart */
    char action[16];
    char why[HF_WHY_LEN];
};

struct hf_review {
    int64_t from, until;
    struct hf_compliance compliance;
    struct hf_savings savings;
    struct hf_exposure_report exposure;
    size_t due[HF_DUE_GROUP_COUNT]; /* hosts, by forced restart */
    struct hf_note *notes;          /* newest first */
    size_t notes_len, notes_cap;
    size_t noted[HF_NOTED_COUNT];
    const struct hf_block **blocks; /* that hold; borrowed from the fleet */
    size_t blocks_len;
};

/* Of these hosts, over `days` days until now; borrows from the session's fleet.
 * Errors: of hf_history_open. */
int hf_review_make(struct hf_review *out, struct hf_session *s,
                   const struct hf_state *const *states, size_t n, int days,
                   int64_t now, struct hf_err *err);
void hf_review_release(struct hf_review *q);

#endif
