/* Blocking releases, and taking blocks away: a commit in the fleet repository,
 * for the whole fleet. */
#ifndef HF_PANES_BLOCKS_H
#define HF_PANES_BLOCKS_H

#include "tui/panes/ui.h"

/* The form about releases that go together, joined by blanks: ends their
 * block when they are blocked, else blocks them. Wants a reason. */
void hf_blocks_ask(struct hf_ui *ui, const char *releases);
/* ":block RELEASE", ":unblock RELEASE". */
unsigned hf_blocks_verb(struct hf_ui *ui, const char *args);
unsigned hf_blocks_end_verb(struct hf_ui *ui, const char *args);

#endif
