/*
 * The typed line above the bottom: filter, verbs, answers to a question. With
 * completion by Tab, history, and what is wrong with a selector while it is
 * typed.
 */
#ifndef HF_PANES_PROMPT_H
#define HF_PANES_PROMPT_H

#include "tui/panes/ui.h"

void hf_prompt_filter(struct hf_ui *ui);
void hf_prompt_verb(struct hf_ui *ui);
/* "why hold web-03: " ; `take` gets what was typed, also nothing; Esc asks
 * nothing of it. */
void
hf_prompt_question(struct hf_ui *ui, const char *question, const char *about,
                   unsigned (*take)(struct hf_ui *ui, const char *text));

#endif
