/* What the files of the Rollback screen share. Private to tui/panes. */
#ifndef HF_PANES_ROLLBACK_PRIV_H
#define HF_PANES_ROLLBACK_PRIV_H

#include "playbooks/undo_look.h"
#include "tui/panes/ui.h"
#include "tui/rows/rollback_view.h"

struct rollback_pane {
    struct hf_undo_look *look;
    struct hf_rollback_view v;
    struct hf_list list;
    int news;            /* something was found that is not shown yet */
    int moved;           /* something happened since */
    int64_t began, took; /* the last look: monotonic ms; ms */
    char *host, *group;  /* under the cursor, or NULL */
};

struct rollback_pane *rollback_mine(const struct hf_ui *ui);
/* The row under the cursor, and its group; or NULL. */
const struct hf_rollback_item *rollback_current(const struct hf_ui *ui);
const struct hf_rollback_group *rollback_current_group(const struct hf_ui *ui);

/* Notes the row under the cursor, and moves there again once rows moved. */
void rollback_remember(struct hf_ui *ui);
void rollback_find_again(struct hf_ui *ui);
/* The hosts of the row under the cursor. */
void rollback_targets(struct hf_ui *ui, struct hf_targets *out);

/* ---- rollback_keys.c ---- */

extern const struct hf_key_row rollback_keys[];

#endif
