/* Which playbook is to be run: a menu, then the form with its plan. */
#ifndef HF_PANES_ROLLOUT_MENU_H
#define HF_PANES_ROLLOUT_MENU_H

#include "tui/panes/ui.h"

/* A key handler. */
unsigned hf_rollout_menu(struct hf_ui *ui, int key);
/* ":run PLAYBOOK": its form; ":run RUN": carries that on; without a name the
 * menu. */
unsigned hf_rollout_run(struct hf_ui *ui, const char *name);

#endif
