/* The Fleet screen, for panes that lead there. */
#ifndef HF_PANES_FLEET_PANE_H
#define HF_PANES_FLEET_PANE_H

#include "tui/panes/ui.h"

/* Goes there, with only these hosts in view. */
void hf_fleet_pane_show(struct hf_ui *ui, const char *title,
                        const struct hf_strs *hosts);
/* Goes there, with the hosts of that selector in view; NULL: all. */
void hf_fleet_pane_filter(struct hf_ui *ui, const char *selector);

#endif
