/* hotfleet why: what the calendar says about a host. */
#include <string.h>

#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/model/due.h"
#include "tui/cli/why.h"

#define CALENDAR "calendar.json"

/* "; others may install here: wsus", or nothing. */
static void
add_others(struct why *w, struct why_line *line)
{
    const char *others =
        hf_facts_get(&hf_state_record(w->state)->facts, "others");
    size_t len = strlen(line->text);

    if (others && strcmp(others, "none") != 0)
        hf_say(line->text + len, sizeof(line->text) - len,
               "; others may install here all the same: %s", others);
}

void
why_freeze(struct why *w)
{
    const struct hf_calendar *cal = w->fleet->calendar;
    const struct hf_host *h = w->state->host;
    char at[HF_ZONE_TIME_LEN];
    struct why_line *line;
    struct hf_period period;

    if (!cal) {
        (void)why_add(w, "freeze", "the fleet has no " CALENDAR);
        return;
    }
    if (hf_calendar_freeze(cal, h, hf_now(), &period)) {
        line = why_add(w, "freeze", "frozen by '%s' until %s%s%s", period.title,
                       hf_zone_format(at, hf_calendar_zone(cal, h), period.to),
                       period.rule->reason ? ": " : "",
                       period.rule->reason ? period.rule->reason : "");
        line->stops = 1;
        add_others(w, line);
    } else if (period.from == HF_NEVER) {
        line = why_add(w, "freeze", "none");
    } else {
        line = why_add(
            w, "freeze", "none now; the next, '%s', from %s", period.title,
            hf_zone_format(at, hf_calendar_zone(cal, h), period.from));
    }
    why_cite(w, line, CALENDAR);
}

/* How the windows of one kind stand for the host. */
static struct why_line *
add_window(struct why *w, const char *topic, enum hf_rule_kind kind)
{
    const struct hf_calendar *cal = w->fleet->calendar;
    const struct hf_host *h = w->state->host;
    char at[HF_ZONE_TIME_LEN];
    struct hf_period period;
    enum hf_opening open = hf_calendar_window(cal, h, kind, hf_now(), &period);
    const struct hf_zone *zone = hf_calendar_zone(cal, h);
    const char *name = period.title ? period.title : "no window named";
    const char *clock = hf_period_clock(&period);
    struct why_line *line;

    if (open == HF_OPEN_NOW)
        line = why_add(w, topic, "open until %s (%s)",
                       hf_zone_format(at, zone, period.to), name);
    else if (open == HF_OPEN_LATER)
        line = why_add(w, topic, "closed; opens %s (%s)%s%s",
                       hf_zone_format(at, zone, period.from), name,
                       clock ? "; " : "", clock ? clock : "");
    else
        line = why_add(w, topic, "closed, and none opens within 5 years");
    line->stops = open != HF_OPEN_NOW && kind == HF_RULE_CHANGE;
    return line;
}

void
why_windows(struct why *w)
{
    const struct hf_calendar *cal = w->fleet->calendar;
    const struct hf_host *h = w->state->host;

    if (!cal)
        return;
    if (hf_calendar_rule(cal, h, HF_RULE_CHANGE, 0))
        why_cite(w, add_window(w, "changes", HF_RULE_CHANGE), CALENDAR);
    else
        (void)why_add(w, "changes", "no change window names it: at any time");
    if (hf_calendar_rule(cal, h, HF_RULE_RESTART, 0))
        why_cite(w, add_window(w, "restarts", HF_RULE_RESTART), CALENDAR);
    else
        (void)why_add(w, "restarts", "no restart window names it: never");
    (void)why_add(w, "clock", "%s, by %s",
                  hf_zone_name(hf_calendar_zone(cal, h)),
                  hf_calendar_zone_source(cal, h));
}

/* ---- the next restart ---- */

void
why_restart(struct why *w)
{
    const struct hf_host *h = w->state->host;
    const struct hf_due *due;
    struct hf_buf text = {0};
    struct hf_dues d;

    hf_dues_init(&d, w->fleet, NULL, hf_now(), hf_now());
    due = hf_dues_add(&d, w->state);
    hf_forced_say_when(&text, &due->forced, &w->state->status);
    (void)why_add(w, "restart", "%s", hf_buf_str(&text));
    if (due->group != HF_DUE_UNKNOWN) {
        hf_buf_clear(&text);
        hf_due_say_window(&text, &d, due, h);
        (void)why_add(w, "", "%s: %s", hf_due_titles[due->group],
                      hf_buf_str(&text));
    }
    hf_buf_release(&text);
    hf_dues_release(&d);
}
