/*
 * Choosing one of a few things, in a box: actions, columns, questions. A row
 * is chosen by its letter, or with the cursor and Enter.
 */
#ifndef HF_PANES_MENU_H
#define HF_PANES_MENU_H

#include "tui/panes/ui.h"

/* What happens when an item is chosen; `item` is its number. */
typedef unsigned hf_menu_run(struct hf_ui *ui, size_t item);

/* Starts a menu, with a sentence above its items. */
void hf_menu_start(struct hf_ui *ui, const char *title, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* `run` NULL: just closes. Texts are copied. */
void hf_menu_add(struct hf_ui *ui, int letter, const char *label,
                 const char *help, hf_menu_run *run);
/* The newest item is a switch that is on or off; the menu stays open. */
void hf_menu_switch(struct hf_ui *ui, int on);
void hf_menu_flip(struct hf_ui *ui, size_t item);
/* Shows it, the cursor on the first item. `guarded`: keys are ignored for the
 * first 300 ms, so that what was typed ahead decides nothing. */
void hf_menu_open(struct hf_ui *ui, int guarded);

#endif
