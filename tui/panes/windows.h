/* Windows and freezes of calendar.json: a commit in the fleet repository. */
#ifndef HF_PANES_WINDOWS_H
#define HF_PANES_WINDOWS_H

#include "backend/model/calendar.h"
#include "tui/panes/ui.h"

/* Asks which kind is added for these hosts, or whether one ends. Takes the
 * targets. */
void hf_windows_choose(struct hf_ui *ui, struct hf_targets *t);
/* The form about the window or freeze of that name, which is to end. */
void hf_windows_end(struct hf_ui *ui, const char *name);

#endif
