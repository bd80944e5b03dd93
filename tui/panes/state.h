/* Where panes keep what is theirs alone: made and freed with the console. */
#ifndef HF_PANES_STATE_H
#define HF_PANES_STATE_H

#include "tui/panes/ui.h"

void hf_panes_new(struct hf_ui *ui);
void hf_panes_free(struct hf_ui *ui);

/* One pair a pane. */
struct hf_today_pane *hf_today_pane_new(void);
void hf_today_pane_free(struct hf_today_pane *p);
struct hf_host_pane *hf_host_pane_new(void);
void hf_host_pane_free(struct hf_host_pane *p);
struct hf_runs_pane *hf_runs_pane_new(void);
void hf_runs_pane_free(struct hf_runs_pane *p);
struct hf_help_pane *hf_help_pane_new(void);
void hf_help_pane_free(struct hf_help_pane *p);
struct hf_menu *hf_menu_new(void);
void hf_menu_free(struct hf_menu *p);
struct hf_prompt *hf_prompt_new(void);
void hf_prompt_free(struct hf_prompt *p);
struct hf_confirm *hf_confirm_new(void);
void hf_confirm_free(struct hf_confirm *p);

#endif
