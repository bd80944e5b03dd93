/* One host, for panes that lead there. */
#ifndef HF_PANES_HOST_PANE_H
#define HF_PANES_HOST_PANE_H

#include "tui/panes/ui.h"

void hf_host_pane_show(struct hf_ui *ui, const char *name);

#endif
