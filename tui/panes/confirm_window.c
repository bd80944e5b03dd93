/* The form about a window or a freeze more in calendar.json. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/names.h"
#include "backend/base/text.h"
#include "backend/base/zone.h"
#include "backend/model/calendar_lines.h"
#include "backend/model/calendar_text.h"
#include "backend/model/selector.h"
#include "inventory/window.h"
#include "tui/panes/confirm_priv.h"
#include "tui/panes/menu.h"
#include "tui/panes/windows.h"
#include "tui/rows/confirm.h"
#include "tui/rows/others.h"

#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)

/* A rule holds for hosts that were never asked, too: its selector may not want
 * their facts. */
static int
asks_facts(const char *selector)
{
    struct hf_err ignored = HF_ERR_INIT;
    struct hf_selector *s = NULL;
    int asks = hf_selector_parse(&s, selector, &ignored) < 0 ||
               hf_selector_asks_facts(s) != NULL;

    hf_selector_free(s);
    return asks;
}

/* NULL: every host. */
static char *
whom(const struct hf_confirm *c)
{
    const char *selector = c->targets.selector;
    const char **names;
    char *text;
    size_t n;

    if (c->on[CONFIRM_EVERY])
        return NULL;
    names = confirm_names(c, &n);
    text = hf_confirm_selector(
        selector && !asks_facts(selector) ? selector : NULL, names, n);
    free(names);
    return text;
}

static struct hf_window_text
typed(const struct hf_confirm *c, const char *select)
{
    return (struct hf_window_text){
        .name = confirm_text(c, CONFIRM_NAME),
        .kind = hf_rule_kind_names[c->kind],
        .select = select,
        .monthly = confirm_text(c, CONFIRM_MONTHLY),
        .weekly = confirm_text(c, CONFIRM_WEEKLY),
        .at = confirm_text(c, CONFIRM_AT),
        .length = confirm_text(c, CONFIRM_LENGTH),
        .from = confirm_text(c, CONFIRM_FROM),
        .to = confirm_text(c, CONFIRM_TO),
        .reason = confirm_text(c, CONFIRM_REASON),
    };
}

/* Those of the form, or all of the fleet. */
static const struct hf_state **
named(struct hf_ui *ui, const struct hf_confirm *c, size_t *n)
{
    const struct hf_state *states, **all;

    if (!c->on[CONFIRM_EVERY])
        return confirm_states(ui, n);
    states = hf_session_states(ui->session, n);
    all = hf_xcalloc(*n + 1, sizeof(*all));
    for (size_t i = 0; i < *n; i++)
        all[i] = &states[i];
    return all;
}

/* By the clock of one of its hosts, which is not always that of all. */
static void
tell_next(struct hf_ui *ui, const struct hf_rule *rule,
          const struct hf_host *host)
{
    const struct hf_calendar *cal = hf_session_fleet(ui->session)->calendar;
    const struct hf_zone *zone;
    struct hf_periods periods = {0};
    char from[HF_ZONE_TIME_LEN], to[HF_ZONE_TIME_LEN];
    struct hf_buf text = {0};

    if (!cal) /* which names the clocks */
        return;
    zone = hf_calendar_zone(cal, host);
    hf_rule_expand(rule, zone, ui->look.now, ui->look.now + 400 * DAY_MS,
                   &periods);
    if (periods.len)
        hf_buf_printf(&text, "%s to %s on %s",
                      hf_zone_format(from, zone, periods.v[0].from),
                      hf_zone_format(to, zone, periods.v[0].to), host->name);
    else
        hf_buf_puts(&text, "never in the next 400 days");
    confirm_tell(ui, "  next      ", periods.len ? HF_TONE_PLAIN : HF_TONE_WARN,
                 &text);
    free(periods.v);
}

static void
tell_rule(struct hf_ui *ui, const struct hf_window_text *w,
          const struct hf_host *host)
{
    struct hf_confirm *c = confirm_mine(ui);
    struct hf_arena *arena = hf_arena_new();
    struct hf_buf text = {0};
    struct hf_rule rule;
    int rc = hf_window_check(&rule, arena, hf_session_repo(ui->session),
                             hf_session_fleet(ui->session), w, &c->refusal);

    if (rc == HF_OK) {
        hf_rule_describe(&text, &rule);
        confirm_tell(ui, "  when      ", HF_TONE_PLAIN, &text);
        if (host)
            tell_next(ui, &rule, host);
    }
    hf_arena_free(arena);
}

static void
add_look(struct hf_ui *ui, struct hf_confirm *c)
{
    char *select = whom(c);
    const struct hf_window_text w = typed(c, select);
    struct hf_buf text = {0};
    const struct hf_state **states;
    size_t n;

    confirm_anew(c);
    states = named(ui, c, &n);
    c->to_do = n;
    hf_buf_printf(&text, "%s for %s%zu host%s: %s",
                  hf_rule_kind_titles[c->kind],
                  select ? "" : "every host, now ", n, hf_plural(n),
                  hf_rule_kind_means[c->kind]);
    confirm_tell(ui, "  add       ", HF_TONE_STRONG, &text);
    tell_rule(ui, &w, n ? states[0]->host : NULL);
    confirm_list(ui, states, n);
    if (c->kind == HF_RULE_FREEZE)
        hf_others_rows(&c->doc, states, n,
                       "Others may install or restart in it all the same",
                       &ui->look);
    free(states);
    free(select);
}

static void
add_command(struct hf_buf *out, const struct hf_confirm *c)
{
    char *select = whom(c);
    const struct hf_window_text w = typed(c, select);

    hf_buf_puts(out, "hotfleet window add ");
    hf_shell_quote(out, w.name ? w.name : "NAME");
    if (select) {
        hf_buf_puts(out, " ");
        hf_shell_quote(out, select);
    }
    hf_confirm_option(out, "kind", w.kind);
    hf_confirm_option(out, "monthly", w.monthly);
    hf_confirm_option(out, "weekly", w.weekly);
    hf_confirm_option(out, "at", w.at);
    hf_confirm_option(out, "length", w.length);
    hf_confirm_option(out, "from", w.from);
    hf_confirm_option(out, "to", w.to);
    hf_confirm_option(out, "reason", w.reason);
    hf_buf_printf(out, " --expect-hosts %zu", c->to_do);
    free(select);
}

static int
add_begin(struct hf_ui *ui, struct hf_confirm *c)
{
    char *select = whom(c);
    const struct hf_window_text w = typed(c, select);
    int rc = confirm_wrote(ui, hf_window_add(hf_session_repo(ui->session),
                                             hf_session_fleet(ui->session), &w,
                                             c->commit, &c->refusal));

    free(select);
    return rc;
}

static void
add_show(struct hf_ui *ui)
{
    const struct hf_confirm *c = confirm_mine(ui);

    confirm_say_written(
        ui, "%s '%.100s' for %zu host%s", hf_rule_kind_titles[c->kind],
        confirm_text(c, CONFIRM_NAME), c->to_do, hf_plural(c->to_do));
}

/* Also while a run is under way: a freeze binds it. */
const struct confirm_subject confirm_window = {
    .fields = 1u << CONFIRM_NAME | 1u << CONFIRM_MONTHLY |
              1u << CONFIRM_WEEKLY | 1u << CONFIRM_AT | 1u << CONFIRM_LENGTH |
              1u << CONFIRM_FROM | 1u << CONFIRM_TO | 1u << CONFIRM_REASON |
              1u << CONFIRM_COUNT | 1u << CONFIRM_HIDDEN | 1u << CONFIRM_EVERY,
    .needs = HF_NEED_WRITE,
    .follows = 1,
    .look = add_look,
    .list = "Hosts",
    .command = add_command,
    .begin = add_begin,
    .show = add_show,
};

/* ---- opening it ---- */

static unsigned
do_add(struct hf_ui *ui, size_t item)
{
    struct hf_confirm *c =
        confirm_edit(ui, &confirm_window, "add", NULL, &ui->asked);

    c->kind = (enum hf_rule_kind)item;
    confirm_open(ui);
    return HF_HANDLED;
}

static unsigned
do_end(struct hf_ui *ui, size_t item)
{
    (void)item;
    hf_windows_end(ui, "");
    return HF_HANDLED;
}

void
hf_windows_choose(struct hf_ui *ui, struct hf_targets *t)
{
    hf_targets_release(&ui->asked);
    ui->asked = *t;
    *t = (struct hf_targets){0};
    hf_menu_start(ui, "Windows and freezes", "One more, for %s.",
                  ui->asked.title);
    hf_menu_add(ui, 'c', "change window", "outside of it they are not changed",
                do_add);
    hf_menu_add(ui, 'r', "restart window", "they may be restarted in it",
                do_add);
    hf_menu_add(ui, 'f', "freeze", "nothing starts on them in it", do_add);
    hf_menu_add(ui, 'e', "end one", "take one out of calendar.json", do_end);
    hf_menu_open(ui, 0);
}
