/*
 * The work tree's part of an edit. Everything that can fail is done before
 * the branch moves: the index is locked and its successor written, new files
 * lie beside the old ones. What is left then are renames.
 */
#ifndef HF_INVENTORY_STAGE_H
#define HF_INVENTORY_STAGE_H

#include "inventory/edit.h"

struct hf_stage;

/* Locks the index, refuses paths with uncommitted changes (HF_EDIRTY), and
 * prepares. Bare repository: *out is NULL and nothing is to do. `edit` is
 * borrowed until hf_stage_free. */
int hf_stage_open(struct hf_stage **out, struct hf_repo *repo,
                  const struct hf_edit *edit, struct hf_err *err);
/* The branch has moved: puts files and index in place. Once. */
int hf_stage_finish(struct hf_stage *stage, struct hf_err *err);
/* Removes what was prepared and not finished; unlocks. NULL is fine. */
void hf_stage_free(struct hf_stage *stage);

#endif
