/* Making and freeing what panes keep; see state.h. */
#include "tui/panes/state.h"

void
hf_panes_new(struct hf_ui *ui)
{
    ui->today = hf_today_pane_new();
    ui->host = hf_host_pane_new();
    ui->runs = hf_runs_pane_new();
    ui->help = hf_help_pane_new();
    ui->menu = hf_menu_new();
    ui->prompt = hf_prompt_new();
    ui->confirm = hf_confirm_new();
}

void
hf_panes_free(struct hf_ui *ui)
{
    hf_today_pane_free(ui->today);
    hf_host_pane_free(ui->host);
    hf_runs_pane_free(ui->runs);
    hf_help_pane_free(ui->help);
    hf_menu_free(ui->menu);
    hf_prompt_free(ui->prompt);
    hf_confirm_free(ui->confirm);
}
