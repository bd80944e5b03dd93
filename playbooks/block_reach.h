/*
 * Whom a block concerns: hosts on which a release is in effect, and those that
 * would get it next. From recorded facts; looks at every host of the fleet.
 */
#ifndef HF_PLAYBOOKS_BLOCK_REACH_H
#define HF_PLAYBOOKS_BLOCK_REACH_H

#include "playbooks/session.h"

/* States are borrowed from the session; fleet order. {0} is nobody. */
struct hf_block_reach {
    const struct hf_state **has, **next;
    const struct hf_state **concerned; /* both */
    size_t has_len, next_len, concerned_len;
};
/* Of any of the releases; `kernel` NULL: whatever kernel a host runs, else
 * hosts with that one, or an unknown one. */
void hf_block_reach_make(struct hf_block_reach *out, struct hf_session *s,
                         const struct hf_strs *releases, const char *kernel);
void hf_block_reach_release(struct hf_block_reach *r);

#endif
