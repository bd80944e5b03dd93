/* Keys that work on every screen. */
#include "backend/base/mem.h"
#include "tui/panes/help.h"
#include "tui/panes/prompt.h"
#include "tui/panes/run_control.h"
#include "tui/panes/verbs.h"

static unsigned
key_help(struct hf_ui *ui, int key)
{
    (void)key;
    return hf_help_open(ui, "");
}

static unsigned
key_verb(struct hf_ui *ui, int key)
{
    (void)key;
    hf_prompt_verb(ui);
    return HF_HANDLED;
}

static unsigned
key_filter(struct hf_ui *ui, int key)
{
    (void)key;
    hf_ui_go(ui, &hf_pane_fleet);
    hf_prompt_filter(ui);
    return HF_HANDLED;
}

static unsigned
key_zone(struct hf_ui *ui, int key)
{
    (void)key;
    ui->look.utc = !ui->look.utc;
    hf_ui_say(ui, HF_TONE_PLAIN,
              ui->look.utc ? "times in UTC" : "times in your zone");
    return HF_HANDLED | HF_RECALC;
}

static unsigned
key_back(struct hf_ui *ui, int key)
{
    (void)key;
    hf_ui_back(ui);
    return HF_HANDLED;
}

static unsigned
key_repaint(struct hf_ui *ui, int key)
{
    (void)key;
    hf_screen_repaint(ui->screen);
    return HF_HANDLED;
}

/* clang-format off */
const struct hf_key_row hf_keys_global[] = {
    {{'?', HF_KEY_F(1)}, "Help", "keys and verbs, searchable", 0, key_help},
    {{'a', HF_KEY_F(2)}, "Act", "actions on the marked hosts, or on what "
     "is under the cursor", 0, hf_verb_menu},
    {{'/', HF_KEY_F(4)}, "Find", "filter the fleet with a selector", 0,
     key_filter},
    {{':'}, NULL, "type a verb, as on the command line", 0, key_verb},
    {{'!', HF_KEY_F(9)}, "Stop", "start no further host in any run, at once",
     HF_KEY_EVERYWHERE, hf_ui_hold_run},
    {{'u'}, NULL, "go on with a held run (asks)", HF_NEED_RUN,
     hf_ui_resume_run},
    {{'Z'}, NULL, "times in your zone, or UTC", 0, key_zone},
    {{HF_KEY_CTRL('l')}, NULL, "paint the screen again", HF_KEY_EVERYWHERE,
     key_repaint},
    {{HF_KEY_ESC}, NULL, "back", 0, key_back},
    {{'q', HF_KEY_F(10)}, "Quit", "leave", 0, hf_ui_quit},
    {{0}},
};
/* clang-format on */
