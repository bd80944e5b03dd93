/* Verbs of the console; see verbs.h. */
#include "tui/panes/verbs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "tui/panes/again.h"
#include "tui/panes/blocks.h"
#include "tui/panes/confirm.h"
#include "tui/panes/excepts.h"
#include "tui/panes/help.h"
#include "tui/panes/holds.h"
#include "tui/panes/host_pane.h"
#include "tui/panes/lookups.h"
#include "tui/panes/menu.h"
#include "tui/panes/moves.h"
#include "tui/panes/rollout_menu.h"
#include "tui/panes/run_control.h"
#include "tui/panes/run_pane.h"
#include "tui/panes/windows.h"

#define PROGRAM "hotfleet "

/* ---- which hosts ---- */

static int
select_hosts(struct hf_ui *ui, const char *text, struct hf_targets *out)
{
    struct hf_selector *s = NULL;
    struct hf_err err = HF_ERR_INIT;
    struct hf_buf spelled = {0};

    if (hf_selector_parse(&s, text, &err) < 0) {
        hf_ui_fail(ui, &err);
        return -1;
    }
    for (size_t i = 0; i < ui->view.n; i++) {
        if (hf_selector_match(s, &ui->view.states[i], ui->look.now))
            hf_strs_add(&out->names, ui->view.states[i].host->name);
    }
    hf_selector_format(&spelled, s);
    out->selector = hf_buf_take(&spelled);
    out->title = hf_xasprintf("%zu host%s of %s", out->names.len,
                              hf_plural(out->names.len), out->selector);
    hf_selector_free(s);
    return 0;
}

/* By the selector typed behind the verb, else what the screen acts on. */
static int
targets_for(struct hf_ui *ui, const char *args, struct hf_targets *out)
{
    *out = (struct hf_targets){0};
    if (*args) {
        if (select_hosts(ui, args, out) < 0)
            return -1;
    } else {
        hf_ui_targets(ui, out);
    }
    if (out->names.len + out->hidden.len)
        return 0;
    hf_ui_say(ui, HF_TONE_WARN,
              *args ? "no host matches '%s'" : "no host here to act on%s",
              args);
    hf_targets_release(out);
    return -1;
}

/* ---- verbs on hosts ---- */

static unsigned
read_hosts(struct hf_ui *ui, enum hf_action action, const char *args)
{
    struct hf_targets t;
    unsigned got = HF_HANDLED;

    if (targets_for(ui, args, &t) < 0)
        return got;
    got = hf_ui_start_reading(ui, action, &t);
    hf_targets_release(&t);
    if (ui->live && action == HF_ACTION_VERIFY)
        hf_run_pane_show_live(ui);
    return got;
}

static unsigned
change_hosts(struct hf_ui *ui, enum hf_action action, const char *args)
{
    struct hf_targets t;

    if (targets_for(ui, args, &t) < 0)
        return HF_HANDLED;
    hf_confirm_open(ui, action, &t);
    return HF_HANDLED;
}

static unsigned
run_check(struct hf_ui *ui, const char *args)
{
    return read_hosts(ui, HF_ACTION_CHECK, args);
}

static unsigned
run_verify(struct hf_ui *ui, const char *args)
{
    return read_hosts(ui, HF_ACTION_VERIFY, args);
}

static unsigned
run_apply(struct hf_ui *ui, const char *args)
{
    return change_hosts(ui, HF_ACTION_APPLY, args);
}

static unsigned
run_rollback(struct hf_ui *ui, const char *args)
{
    unsigned got = hf_again_undo_verb(ui, args);

    return got != HF_UNUSED ? got : change_hosts(ui, HF_ACTION_ROLLBACK, args);
}

static unsigned
run_reboot(struct hf_ui *ui, const char *args)
{
    return change_hosts(ui, HF_ACTION_REBOOT, args);
}

static unsigned
run_stage(struct hf_ui *ui, const char *args)
{
    return change_hosts(ui, HF_ACTION_STAGE, args);
}

/* The hosts of the run under way are told by that run; those of others are a
 * run of their own. */
static unsigned
run_call_off(struct hf_ui *ui, const char *args)
{
    struct hf_targets t;

    if (targets_for(ui, args, &t) < 0)
        return HF_HANDLED;
    if (ui->live)
        hf_ui_ask_call_off(ui, &t);
    else
        hf_confirm_open(ui, HF_ACTION_CALL_OFF, &t);
    return HF_HANDLED;
}

static unsigned
run_hold(struct hf_ui *ui, const char *args)
{
    struct hf_targets t;

    if (targets_for(ui, args, &t) == 0)
        hf_holds_ask(ui, &t, 1);
    return HF_HANDLED;
}

static unsigned
run_unhold(struct hf_ui *ui, const char *args)
{
    struct hf_targets t;

    if (targets_for(ui, args, &t) == 0)
        hf_holds_ask(ui, &t, 0);
    return HF_HANDLED;
}

static unsigned
run_exception(struct hf_ui *ui, const char *args)
{
    struct hf_targets t;

    if (targets_for(ui, args, &t) == 0)
        hf_excepts_ask(ui, &t);
    return HF_HANDLED;
}

static unsigned
run_exception_end(struct hf_ui *ui, const char *args)
{
    hf_excepts_end(ui, args);
    return HF_HANDLED;
}

/* "broad", "broad site:fra". */
static unsigned
run_ring_move(struct hf_ui *ui, const char *args)
{
    size_t n = strcspn(args, " ");
    struct hf_targets t;
    char *ring;

    if (targets_for(ui, args + n + strspn(args + n, " "), &t) < 0)
        return HF_HANDLED;
    ring = hf_xstrndup(args, n);
    if (n)
        hf_moves_ask(ui, ring, &t);
    else
        hf_moves_choose(ui, &t);
    free(ring);
    hf_targets_release(&t);
    return HF_HANDLED;
}

static unsigned
run_window_add(struct hf_ui *ui, const char *args)
{
    struct hf_targets t;

    if (targets_for(ui, args, &t) == 0)
        hf_windows_choose(ui, &t);
    return HF_HANDLED;
}

static unsigned
run_window_end(struct hf_ui *ui, const char *args)
{
    hf_windows_end(ui, args);
    return HF_HANDLED;
}

/* ---- verbs on the console ---- */

static unsigned
run_fleet(struct hf_ui *ui, const char *args)
{
    struct hf_err err = HF_ERR_INIT;

    hf_ui_go(ui, &hf_pane_fleet);
    if (hf_fleet_view_filter(&ui->view, args, &err) < 0)
        hf_ui_fail(ui, &err);
    return HF_HANDLED | HF_RECALC;
}

static unsigned
run_show(struct hf_ui *ui, const char *args)
{
    const struct hf_host *host =
        hf_fleet_find(hf_session_fleet(ui->session), args);

    if (host)
        hf_host_pane_show(ui, host->name);
    else
        hf_ui_say(ui, HF_TONE_WARN, "no host '%s' in this fleet", args);
    return HF_HANDLED;
}

static unsigned
run_pause(struct hf_ui *ui, const char *args)
{
    (void)args;
    return hf_ui_hold_run(ui, 0);
}

static unsigned
run_resume(struct hf_ui *ui, const char *args)
{
    (void)args;
    return hf_ui_resume_run(ui, 0);
}

static unsigned
run_help(struct hf_ui *ui, const char *args)
{
    return hf_help_open(ui, args);
}

static unsigned
run_quit(struct hf_ui *ui, const char *args)
{
    (void)args;
    return hf_ui_quit(ui, 0);
}

/* clang-format off */
const struct hf_console_verb hf_console_verbs[] = {
    {"check", "[SELECTOR]", "ask hosts for their facts; changes nothing", 'c',
     HF_NEED_IDLE, run_check},
    {"apply", "[SELECTOR]", "put the newest hotpatch into effect", 'p',
     HF_NEED_IDLE | HF_NEED_WRITE, run_apply},
    {"verify", "[SELECTOR]", "prove anew that it is in effect", 'v',
     HF_NEED_IDLE, run_verify},
    {"rollback", "[SELECTOR | RUN]", "take the hotpatch back", 'r',
     HF_NEED_IDLE | HF_NEED_WRITE, run_rollback},
    {"reboot", "[SELECTOR]", "restart hosts and see them come back", 'b',
     HF_NEED_IDLE | HF_NEED_WRITE, run_reboot},
    {"stage", "[SELECTOR]", "download ahead; installs nothing", 's',
     HF_NEED_IDLE | HF_NEED_WRITE, run_stage},
    {"call-off", "[SELECTOR]", "call off a restart that is ordered", 'o',
     HF_NEED_WRITE, run_call_off},
    {"hold", "[SELECTOR]", "do not touch these hosts; wants a reason", 'h',
     HF_NEED_IDLE | HF_NEED_WRITE, run_hold},
    {"unhold", "[SELECTOR]", "take the hold away", 'u',
     HF_NEED_IDLE | HF_NEED_WRITE, run_unhold},
    {"ring move", "[RING [SELECTOR]]", "put hosts into another ring", 'm',
     HF_NEED_IDLE | HF_NEED_WRITE, run_ring_move},
    {"exception add", "[SELECTOR]", "excuse hosts until a day", 'e',
     HF_NEED_IDLE | HF_NEED_WRITE, run_exception},
    {"exception end", "ID", "its hosts may be patched again", 0,
     HF_NEED_IDLE | HF_NEED_WRITE, run_exception_end},
    {"window add", "[SELECTOR]", "a window or a freeze more for hosts", 'w',
     HF_NEED_WRITE, run_window_add},
    {"window end", "[NAME]", "a window or a freeze less", 0, HF_NEED_WRITE,
     run_window_end},
    {"block", "RELEASE", "nothing applies it any more in the whole fleet; wants "
     "a reason", 0, HF_NEED_WRITE, hf_blocks_verb},
    {"unblock", "RELEASE", "it may be applied again; wants a reason", 0,
     HF_NEED_WRITE, hf_blocks_end_verb},
    {"run", "[PLAYBOOK | RUN]", "a new run of a playbook: its plan first; or go "
     "on with one", 0, HF_NEED_IDLE | HF_NEED_WRITE, hf_rollout_run},
    {"retry", "RUN [failed+...]", "do again what did not end well in a run", 0,
     HF_NEED_IDLE | HF_NEED_WRITE, hf_again_retry_verb},
    {"fleet", "[SELECTOR]", "every host, or those that match", 0, 0,
     run_fleet},
    {"hosts", "[SELECTOR]", "the same", 0, 0, run_fleet},
    {"show", "HOST", "one host", 0, 0, run_show},
    {"why", "HOST", "the same: what decides about it", 0, 0, run_show},
    {"report", "NAME", "the screen that shows compliance, exposure, savings, "
     "memory, reboots, rollback", 0, 0, hf_lookup_report},
    {"schedule", "", "windows, freezes and restarts: Reboots", 0, 0,
     hf_lookup_schedule},
    {"exception list", "", "who is excused until when: Value", 0, 0,
     hf_lookup_exceptions},
    {"pause", "", "start no further host in the run", 0, HF_NEED_RUN,
     run_pause},
    {"resume", "", "go on with a held run", 0, HF_NEED_RUN, run_resume},
    {"help", "[WORD]", "keys and verbs", 0, 0, run_help},
    {"quit", "", "leave", 0, 0, run_quit},
    {0},
};
/* clang-format on */

/* The verb that the line begins with, and what stands behind it. */
static const struct hf_console_verb *
find(const char *line, const char **args)
{
    for (const struct hf_console_verb *v = hf_console_verbs; v->name; v++) {
        size_t n = strlen(v->name);

        if (strncmp(line, v->name, n) != 0 || (line[n] && line[n] != ' '))
            continue;
        *args = line + n + strspn(line + n, " ");
        return v;
    }
    return NULL;
}

/* The screen of that name; a verb of the same name comes before it. */
static const struct hf_pane *
find_screen(const char *name)
{
    for (size_t i = 0; hf_panes[i]; i++) {
        if (hf_panes[i]->digit && strcmp(hf_panes[i]->name, name) == 0)
            return hf_panes[i];
    }
    return NULL;
}

static void
say_unknown(struct hf_ui *ui, const char *word)
{
    const char *names[HF_COUNT(hf_console_verbs) + HF_UI_PANES], *near;
    size_t n = 0;

    for (size_t i = 0; hf_console_verbs[i].name; i++)
        names[n++] = hf_console_verbs[i].name;
    for (size_t i = 0; hf_panes[i]; i++) {
        if (hf_panes[i]->digit)
            names[n++] = hf_panes[i]->name;
    }
    names[n] = NULL;
    near = hf_text_nearest(word, names);
    hf_ui_say(ui, HF_TONE_WARN,
              near ? "no verb '%s': did you mean '%s'?"
                   : "no verb '%s' here: ? lists them; outside: hotfleet help",
              word, near);
}

unsigned
hf_verb_line(struct hf_ui *ui, const char *line)
{
    const struct hf_console_verb *v;
    const struct hf_pane *screen;
    const char *args = "";
    char *word;
    size_t n;

    line += strspn(line, " ");
    if (strncmp(line, PROGRAM, strlen(PROGRAM)) == 0)
        line += strlen(PROGRAM); /* a hint, as it stands on a screen */
    n = strcspn(line, " ");
    if (!n)
        return HF_HANDLED;
    word = hf_xstrndup(line, n);
    v = find(line, &args);
    screen = find_screen(word);
    if (!v && screen)
        hf_ui_go(ui, screen);
    else if (!v)
        say_unknown(ui, word);
    free(word);
    if (!v || !hf_ui_can(ui, v->needs))
        return HF_HANDLED;
    return v->run(ui, args) | HF_HANDLED;
}

/* ---- the action menu ---- */

static unsigned
choose(struct hf_ui *ui, size_t item)
{
    const struct hf_console_verb *v = hf_console_verbs;

    while (v->name && (!v->letter || item-- > 0))
        v++;
    if (!v->name || !hf_ui_can(ui, v->needs))
        return HF_HANDLED;
    return v->run(ui, "");
}

unsigned
hf_verb_menu(struct hf_ui *ui, int key)
{
    struct hf_targets t;

    (void)key;
    if (targets_for(ui, "", &t) < 0)
        return HF_HANDLED;
    hf_menu_start(ui, "Actions", "On %s%s.", t.title ? t.title : "",
                  t.hidden.len ? " (and marked ones that are hidden)" : "");
    for (const struct hf_console_verb *v = hf_console_verbs; v->name; v++) {
        if (v->letter)
            hf_menu_add(ui, v->letter, v->name, v->help, choose);
    }
    hf_menu_open(ui, 0);
    hf_targets_release(&t);
    return HF_HANDLED;
}
