/*
 * The Rollback screen: groups of what can be taken back, each with its sums,
 * unfolded into hosts; and below them everything about the one under the
 * cursor.
 */
#ifndef HF_ROWS_ROLLBACK_VIEW_H
#define HF_ROWS_ROLLBACK_VIEW_H

#include "tui/rows/rollback.h"

struct hf_rollback_item {
    uint32_t host; /* HF_UNDO_NONE: the group's head */
    uint32_t group;
};

/* {0} is empty. */
struct hf_rollback_view {
    const struct hf_undoables *u; /* borrowed; complete */
    struct hf_rollback_groups groups;
    struct hf_rollback_item *items;
    size_t len;
    /* The reader's choice; a new making keeps it. */
    enum hf_rollback_by by;
    struct hf_strs opened; /* groups that are unfolded: "ring canary" */
};

void hf_rollback_view_release(struct hf_rollback_view *v);
/* Groups `u` anew; it must outlive the view, or the next making. */
void
hf_rollback_view_make(struct hf_rollback_view *v, const struct hf_undoables *u);
/* Another way to group the same. */
void hf_rollback_view_by(struct hf_rollback_view *v, enum hf_rollback_by by);
/* Unfolds the row's group, or folds it. */
void hf_rollback_view_fold(struct hf_rollback_view *v, size_t row);

/* The row of a host (HF_UNDO_NONE: of the head) in that group; else of a head
 * of that name; else 0. */
size_t hf_rollback_view_find(const struct hf_rollback_view *v, uint32_t host,
                             const char *group);
/* Names of the hosts of a row: one, or of a group those that can be taken
 * back; all of them when none can. */
void hf_rollback_view_hosts(struct hf_strs *out,
                            const struct hf_rollback_view *v, size_t row);
/* The releases of a row, joined by blanks; NULL: there is none, or more than
 * one. */
const char *
hf_rollback_view_release_of(const struct hf_rollback_view *v, size_t row);

/* ---- as lines ---- */

void hf_rollback_heads(struct hf_line *out, const struct hf_rollback_view *v,
                       const struct hf_look *look);
void hf_rollback_line(struct hf_line *out, const struct hf_rollback_view *v,
                      size_t row, const struct hf_look *look);
/* What it would cost to take the row back, at a glance. */
#define HF_ROLLBACK_SUM 3
void hf_rollback_sum(struct hf_line out[HF_ROLLBACK_SUM],
                     const struct hf_rollback_view *v, size_t row);
/* Where it leads, when it may begin, what stands in its way, the block, the
 * command. */
void hf_rollback_detail(struct hf_doc *out, const struct hf_rollback_view *v,
                        size_t row, const struct hf_look *look);

#endif
