/*
 * How the Reboots screen is laid out: the quarter, the list, and below it what
 * is to be said of the row under the cursor.
 */
#ifndef HF_PANES_REBOOTS_DRAW_H
#define HF_PANES_REBOOTS_DRAW_H

#include "tui/panes/draw.h"
#include "tui/rows/reboots_view.h"

/* 1: there was room for what stands below. */
int hf_reboots_draw(struct hf_ui *ui, const struct hf_area *area,
                    const struct hf_reboots_view *v, struct hf_list *list);
/* The footnote of such a screen: what the signs of the quarter mean, and keys.
 */
void hf_reboots_foot(struct hf_line *out, const struct hf_look *look);

#endif
