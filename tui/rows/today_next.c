/* What the next 24 hours bring: windows, freezes, runs of plans; and restarts
 * that are overdue, or that no window serves. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/model/schedule.h"
#include "tui/rows/reboots.h"
#include "tui/rows/today_priv.h"

#define SOON_MS (31 * HF_DAY_MS) /* before that it can still be planned */

/* ---- restarts ---- */

static int
is_overdue(const struct hf_due *due, int64_t now)
{
    (void)now;
    return due->group == HF_DUE_OVERDUE;
}

static int
is_unplanned(const struct hf_due *due, int64_t now)
{
    return due->group == HF_DUE_NO_WINDOW && due->forced.at < now + SOON_MS;
}

static void
add_dues(struct hf_today *t, const struct hf_today_in *in,
         const struct hf_dues *d, int (*is)(const struct hf_due *, int64_t),
         const char *text)
{
    struct hf_today_line *line;
    struct hf_strs hosts = {0};

    for (size_t i = 0; i < d->n; i++) {
        if (is(hf_dues_of(d, i), in->now))
            hf_strs_add(&hosts, in->states[i].host->name);
    }
    if (!hosts.len)
        return;
    line = hf_today_add(t, HF_TODAY_NEEDS, "hotfleet report reboots",
                        "%zu host%s %s", hosts.len, hf_plural(hosts.len), text);
    line->hosts = hosts;
    line->urgent = 1;
}

/* What screen 5 says of this month, with its hosts. */
static void
add_month(struct hf_today *t, const struct hf_today_in *in,
          const struct hf_dues *d)
{
    const struct hf_calendar *cal = in->fleet->calendar;
    struct hf_today_line *line;
    struct hf_line text = {0};
    struct hf_due_month m;

    if (!cal)
        return;
    hf_due_month_make(&m, d, cal->zone ? cal->zone : cal->utc);
    if (!m.restart && !m.wait)
        return;
    hf_due_month_line(&text, &m);
    line = hf_today_add(t, HF_TODAY_RESTART, "hotfleet report reboots", "%s",
                        hf_buf_str(&text.text));
    for (size_t i = 0; i < d->n; i++) {
        if (hf_due_month_has(&m, hf_dues_of(d, i)))
            hf_strs_add(&line->hosts, in->states[i].host->name);
    }
    hf_line_release(&text);
}

/* ---- the calendar ---- */

/* "restart window 'quarter' 22:00 to 02:00 CET, 12 hosts, 3 restarts". */
static void
add_period(struct hf_today *t, const struct hf_dues *d,
           const struct hf_schedule_row *row, int64_t now)
{
    const struct hf_period *p = &row->period;
    int freeze = p->rule->kind == HF_RULE_FREEZE;
    char from[HF_ZONE_TIME_LEN] = "now", to[HF_ZONE_TIME_LEN];
    size_t restarts = p->rule->kind == HF_RULE_RESTART ? hf_dues_in(d, p) : 0;
    struct hf_buf more = {0};

    if (p->from > now)
        hf_zone_format(from, row->zone, p->from);
    hf_zone_format(to, row->zone, p->to);
    if (restarts)
        hf_buf_printf(&more, ", %zu restart%s", restarts, hf_plural(restarts));
    if (row->frozen)
        hf_buf_printf(&more, ", %sfrozen by '%s'",
                      row->frozen_all ? "" : "partly ", row->frozen->name);
    (void)hf_today_add(t, HF_TODAY_NEXT, "hotfleet schedule",
                       "%s%s '%s': %s to %s, %zu host%s%s",
                       hf_rule_kind_names[p->rule->kind],
                       freeze ? "" : " window", p->title, from, to, row->hosts,
                       hf_plural(row->hosts), hf_buf_str(&more));
    hf_buf_release(&more);
}

/* A window that neither opens nor closes is no news; a freeze is. */
static int
is_news(const struct hf_schedule_row *row, int64_t now)
{
    const struct hf_period *p = &row->period;

    return p->rule->kind == HF_RULE_FREEZE || p->from > now ||
           p->to < now + HF_DAY_MS;
}

static void
add_schedule(struct hf_today *t, const struct hf_today_in *in,
             const struct hf_dues *d)
{
    const struct hf_host **hosts =
        hf_xcalloc(in->states_len + 1, sizeof(*hosts));
    struct hf_schedule s;

    for (size_t i = 0; i < in->states_len; i++)
        hosts[i] = in->states[i].host;
    hf_schedule_make(&s, in->fleet->calendar, hosts, in->states_len, in->now,
                     in->now + HF_DAY_MS);
    for (size_t i = 0; i < s.len; i++) {
        if (is_news(&s.v[i], in->now))
            add_period(t, d, &s.v[i], in->now);
    }
    hf_schedule_release(&s);
    free(hosts);
}

void
hf_today_next(struct hf_today *t, const struct hf_today_in *in)
{
    struct hf_dues d;

    hf_dues_init(&d, in->fleet, NULL, in->now, in->now + HF_DAY_MS);
    for (size_t i = 0; i < in->states_len; i++)
        (void)hf_dues_add(&d, &in->states[i]);
    add_dues(t, in, &d, is_overdue, "overdue for a restart");
    add_dues(t, in, &d, is_unplanned,
             "must restart within a month, and no restart window serves in "
             "time");
    add_month(t, in, &d);
    add_schedule(t, in, &d);
    hf_dues_release(&d);
}

/* ---- runs of plans ---- */

static const char *
ring_of(const struct hf_rings_run *run, const struct hf_rollout_view *v)
{
    const struct hf_playbook *p = &run->plan->playbook;

    return (size_t)v->ring < p->rings_len ? p->rings[v->ring].name : "the last";
}

/* What stops it is for a person; else it goes on by itself. */
static void
add_run(struct hf_today *t, const struct hf_rings_run *run,
        const struct hf_rollout_view *v)
{
    int stopped =
        v->state == HF_ROLLOUT_IS_PAUSED || v->state == HF_ROLLOUT_IS_HALTED;
    const char *ring = ring_of(run, v);
    char next[160];

    if (v->wants_approval)
        hf_say(next, sizeof(next), "hotfleet ring approve %s %s", run->id,
               ring);
    else if (stopped)
        hf_say(next, sizeof(next), "hotfleet resume %s", run->id);
    else
        hf_say(next, sizeof(next), "hotfleet run %s", run->id);
    hf_today_add(t,
                 v->wants_approval || stopped ? HF_TODAY_NEEDS : HF_TODAY_NEXT,
                 next, "run %s %s%s: ring %s%s%s", run->id,
                 v->wants_approval ? "waits for approval, " : "",
                 hf_rollout_state_names[v->state], ring,
                 v->waits_for[0] ? ", " : "", v->waits_for)
        ->urgent = v->wants_approval || stopped;
}

void
hf_today_runs(struct hf_today *t, const struct hf_today_in *in)
{
    for (size_t i = 0; i < in->runs_len; i++) {
        struct hf_rollout_view v;

        if (!in->runs[i].plan || hf_rings_run_is_over(&in->runs[i]))
            continue;
        hf_rollout_view(in->runs[i].rollout, &v);
        add_run(t, &in->runs[i], &v);
    }
}

void
hf_today_ring_run(struct hf_buf *out, const struct hf_today_in *in,
                  const char *ring)
{
    for (size_t i = 0; ring && i < in->runs_len; i++) {
        const struct hf_rings_run *run = &in->runs[i];
        struct hf_rollout_view v;

        if (!run->plan || hf_rings_run_is_over(run))
            continue;
        hf_rollout_view(run->rollout, &v);
        if (strcmp(ring_of(run, &v), ring) == 0)
            hf_buf_printf(out, "; run %s %s%s%s", run->id,
                          hf_rollout_state_names[v.state],
                          v.waits_for[0] ? ": " : "", v.waits_for);
    }
}

/* ---- what it is worth ---- */

void
hf_today_worth(struct hf_today *t, const struct hf_today_in *in)
{
    const struct hf_goal_rule *goal = &in->fleet->goal;
    const struct hf_saved *s = in->saved;

    if (goal->percent)
        (void)hf_today_add(t, HF_TODAY_EFFECT, "hotfleet report compliance",
                           "goal: %d %% of covered hosts, %d day%s after a "
                           "release",
                           goal->percent, goal->days,
                           hf_plural((size_t)goal->days));
    if (s)
        (void)hf_today_add(t, HF_TODAY_EFFECT, "hotfleet report savings",
                           "this month %zu restart%s avoided, %zu caused",
                           hf_saved_avoided(s), hf_plural(hf_saved_avoided(s)),
                           s->restarts);
}

/* ---- facts ---- */

void
hf_today_facts(struct hf_today *t, const struct hf_today_in *in)
{
    const struct hf_state *oldest = NULL;
    size_t fresh = 0;
    char age[HF_TIME_LEN];

    for (size_t i = 0; i < in->states_len; i++) {
        const struct hf_state *st = &in->states[i];

        fresh += st->asked && !(st->status.flags & HF_FLAG_STALE);
        if (st->asked && (!oldest || st->newest < oldest->newest))
            oldest = st;
    }
    if (oldest)
        (void)hf_today_add(t, HF_TODAY_FLEET, "hotfleet check stale",
                           "facts of %zu of %zu host%s are fresh, the oldest "
                           "are %s old (%s)",
                           fresh, in->states_len, hf_plural(in->states_len),
                           hf_age_format(age, in->now, oldest->newest),
                           oldest->host->name);
    else if (in->states_len)
        (void)hf_today_add(t, HF_TODAY_FLEET, "hotfleet check",
                           "facts of no host are known");
}
