/* The form about a window or a freeze that goes out of calendar.json. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/model/calendar_text.h"
#include "inventory/window.h"
#include "tui/panes/confirm_priv.h"
#include "tui/panes/menu.h"
#include "tui/panes/windows.h"
#include "tui/rows/confirm.h"

#define CALENDAR "calendar.json"

/* Of the form's name and kind; NULL: it is gone. */
static const struct hf_rule *
rule_of(const struct hf_ui *ui, const struct hf_confirm *c)
{
    const struct hf_calendar *cal = hf_session_fleet(ui->session)->calendar;

    for (size_t i = 0; cal && i < cal->rules_len; i++) {
        const struct hf_rule *r = &cal->rules[i];

        if (r->kind == c->kind && strcmp(r->name, c->from.name) == 0)
            return r;
    }
    return NULL;
}

static int
as_seen(struct hf_ui *ui, const struct hf_rule *rule)
{
    struct hf_strs now = {0};
    struct hf_buf text = {0};

    hf_buf_puts(&text, CALENDAR " ");
    if (rule) {
        hf_rule_describe(&text, rule);
        hf_buf_puts(&text, "; ");
        hf_scope_describe(&text, &rule->scope);
    }
    hf_strs_add(&now, hf_buf_str(&text));
    hf_buf_release(&text);
    return confirm_as_seen(ui, &now);
}

/* What is so for hosts that no other rule of the kind names. */
static const char *const left[HF_RULE_KIND_COUNT] = {
    [HF_RULE_CHANGE] = "changed at any time: no other change window is theirs",
    [HF_RULE_RESTART] = "never restarted: no other restart window is theirs",
    [HF_RULE_FREEZE] = "not frozen by anything else",
};

/* Hosts that the rule names and no other one of its kind does. */
static const struct hf_state **
left_alone(const struct hf_ui *ui, const struct hf_rule *rule, size_t *n)
{
    const struct hf_calendar *cal = hf_session_fleet(ui->session)->calendar;
    size_t len;
    const struct hf_state *states = hf_session_states(ui->session, &len);
    const struct hf_state **out = hf_xcalloc(len + 1, sizeof(*out));

    *n = 0;
    for (size_t i = 0; i < len; i++) {
        const struct hf_host *h = states[i].host;

        if (hf_calendar_rule(cal, h, rule->kind, 0) == rule &&
            !hf_calendar_rule(cal, h, rule->kind, 1))
            out[(*n)++] = &states[i];
    }
    return out;
}

static void
tell_end(struct hf_ui *ui, const struct hf_rule *rule)
{
    struct hf_buf text = {0};
    const struct hf_state **states;
    size_t n;

    hf_buf_printf(&text, "%s '%s': ", hf_rule_kind_titles[rule->kind],
                  rule->name);
    hf_rule_describe(&text, rule);
    confirm_tell(ui, "  end       ", HF_TONE_STRONG, &text);
    hf_scope_describe(&text, &rule->scope);
    if (rule->reason)
        hf_buf_printf(&text, ": %s", rule->reason);
    confirm_tell(ui, "  it is for ", HF_TONE_PLAIN, &text);
    states = left_alone(ui, rule, &n);
    hf_buf_printf(&text, "%zu host%s: %s", n, hf_plural(n), left[rule->kind]);
    confirm_tell(ui, "  then      ",
                 n && rule->kind != HF_RULE_FREEZE ? HF_TONE_WARN
                                                   : HF_TONE_PLAIN,
                 &text);
    confirm_list(ui, states, n);
    free(states);
}

static void
end_look(struct hf_ui *ui, struct hf_confirm *c)
{
    const struct hf_rule *rule = rule_of(ui, c);

    confirm_anew(c);
    c->to_do = 1;
    if (!c->seen.len)
        (void)as_seen(ui, rule);
    if (rule)
        tell_end(ui, rule);
    else
        (void)hf_fail(&c->refusal, HF_ENOTFOUND, CALENDAR " has no %s '%s'",
                      hf_rule_kind_titles[c->kind], c->from.name);
}

static void
end_command(struct hf_buf *out, const struct hf_confirm *c)
{
    hf_buf_puts(out, "hotfleet window end ");
    hf_shell_quote(out, c->from.name);
    hf_confirm_option(out, "kind", hf_rule_kind_names[c->kind]);
    hf_confirm_option(out, "reason", confirm_text(c, CONFIRM_REASON));
}

static int
end_begin(struct hf_ui *ui, struct hf_confirm *c)
{
    int rc = as_seen(ui, rule_of(ui, c));

    if (rc < 0)
        return rc;
    return confirm_wrote(
        ui, hf_window_end(
                hf_session_repo(ui->session), hf_session_fleet(ui->session),
                c->from.name, hf_rule_kind_names[c->kind],
                confirm_text(c, CONFIRM_REASON), c->commit, &c->refusal));
}

static void
end_show(struct hf_ui *ui)
{
    const struct hf_confirm *c = confirm_mine(ui);

    confirm_say_written(ui, "ended %s '%.100s'", hf_rule_kind_titles[c->kind],
                        c->from.name);
}

const struct confirm_subject confirm_window_end = {
    .fields = 1u << CONFIRM_REASON,
    .needs = HF_NEED_WRITE,
    .follows = 1,
    .look = end_look,
    .list = "Hosts that nothing else of the kind names",
    .command = end_command,
    .begin = end_begin,
    .show = end_show,
};

/* ---- opening it ---- */

static void
end_rule(struct hf_ui *ui, const struct hf_rule *rule)
{
    struct hf_confirm *c =
        confirm_edit(ui, &confirm_window_end, "end", rule->name, NULL);

    c->kind = rule->kind;
    confirm_open(ui);
}

static unsigned
do_end(struct hf_ui *ui, size_t item)
{
    const struct hf_calendar *cal = hf_session_fleet(ui->session)->calendar;

    if (cal && item < cal->rules_len)
        end_rule(ui, &cal->rules[item]);
    return HF_HANDLED;
}

static void
choose_rule(struct hf_ui *ui)
{
    const struct hf_calendar *cal = hf_session_fleet(ui->session)->calendar;
    struct hf_buf text = {0};

    if (!cal || !cal->rules_len) {
        hf_ui_say(ui, HF_TONE_PLAIN, CALENDAR " has no window and no freeze");
        return;
    }
    hf_menu_start(ui, "End which one?",
                  "Nothing ends before you have read what it means; "
                  ":window end NAME asks the same.");
    for (size_t i = 0; i < cal->rules_len; i++) {
        hf_buf_printf(&text, "%s: ", hf_rule_kind_titles[cal->rules[i].kind]);
        hf_rule_describe(&text, &cal->rules[i]);
        hf_menu_add(ui, 0, cal->rules[i].name, hf_buf_str(&text), do_end);
        hf_buf_clear(&text);
    }
    hf_menu_open(ui, 0);
    hf_buf_release(&text);
}

void
hf_windows_end(struct hf_ui *ui, const char *name)
{
    const struct hf_calendar *cal = hf_session_fleet(ui->session)->calendar;
    const struct hf_rule *rule = NULL;
    size_t found = 0;

    for (size_t i = 0; cal && i < cal->rules_len; i++) {
        if (strcmp(cal->rules[i].name, name) != 0)
            continue;
        rule = &cal->rules[i];
        found++;
    }
    if (found == 1)
        end_rule(ui, rule);
    else if (!*name || found)
        choose_rule(ui);
    else
        hf_ui_say(ui, HF_TONE_WARN, CALENDAR " has no window or freeze '%s'",
                  name);
}
