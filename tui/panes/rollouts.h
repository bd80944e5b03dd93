/*
 * The runs of plans that a console knows, read again when their logs or the
 * ledger moved. All but one are carried out elsewhere.
 */
#ifndef HF_PANES_ROLLOUTS_H
#define HF_PANES_ROLLOUTS_H

#include "tui/rows/rings.h"

/* {0} knows none. */
struct hf_rollouts {
    struct hf_rings_run *v; /* newest first */
    size_t len, cap;
    uint64_t stamp;
    int looked;                /* 0: they are to be listed anew */
    int64_t listed, list_took; /* monotonic; ms */
    /* The one that is carried out here, or NULL: it is not read, but lent by
     * who has it. Set it before and after that lives, then look. */
    const struct hf_conduct *carried;
};
void hf_rollouts_release(struct hf_rollouts *r);
/* Reads what moved since the last look: 1 when anything did, 0, or an error.
 * A run that cannot be read says so itself. */
int hf_rollouts_look(struct hf_rollouts *r, struct hf_session *s,
                     struct hf_err *err);
#endif
