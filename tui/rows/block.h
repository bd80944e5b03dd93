/* What a person reads before a release is blocked for the fleet, or the block
 * is taken away. */
#ifndef HF_ROWS_BLOCK_H
#define HF_ROWS_BLOCK_H

#include "backend/model/block.h"
#include "playbooks/block_reach.h"
#include "tui/rows/line.h"

/* `was`: the block that is to end; NULL: one is to be made. */
void
hf_block_summary(struct hf_doc *out, const char *releases,
                 const struct hf_block *was, const struct hf_block_reach *reach,
                 const struct hf_look *look);
/* The hosts by name, and where somebody else may install it all the same. */
void hf_block_rows(struct hf_doc *out, const struct hf_block_reach *reach,
                   const struct hf_look *look);

#endif
