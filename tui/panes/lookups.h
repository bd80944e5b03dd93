/*
 * Words of the command line that only look: in the console they lead to the
 * screen that shows the same.
 */
#ifndef HF_PANES_LOOKUPS_H
#define HF_PANES_LOOKUPS_H

#include "tui/panes/ui.h"

/* "report savings". */
unsigned hf_lookup_report(struct hf_ui *ui, const char *args);
/* "schedule". */
unsigned hf_lookup_schedule(struct hf_ui *ui, const char *args);
/* "exception list". */
unsigned hf_lookup_exceptions(struct hf_ui *ui, const char *args);

#endif
