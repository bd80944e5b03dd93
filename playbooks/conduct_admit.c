/*
 * May this host be started now: what the newest commit and the calendar say,
 * at the moment it would start. Its failure domains and the restart budget
 * have files of their own.
 */
#include <string.h>

#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/model/block.h"
#include "backend/model/calendar.h"
#include "backend/model/exception.h"
#include "playbooks/conduct.h"
#include "playbooks/durations.h"

static enum hf_admit
later(int64_t *until, char why[HF_WHY_LEN], const char *text)
{
    *until = 0;
    hf_say(why, HF_WHY_LEN, "%s", text);
    return HF_ADMIT_LATER;
}

static enum hf_admit
leave_out(int *outcome)
{
    *outcome = HF_OUTCOME_SKIPPED;
    return HF_ADMIT_LEAVE_OUT;
}

/* ---- windows ---- */

int
conduct_may_restart(const struct hf_conduct *c, int index)
{
    return hf_may_restart(hf_plan_action(c->plan, index),
                          (enum hf_restart)c->plan->hosts[index].restart);
}

/* How long before its window ends the host must begin at the latest: as the
 * playbook says, and as long as it took before. */
static int64_t
before_end(struct hf_conduct *c, const struct hf_host *host, int index)
{
    const struct hf_playbook *pb = &c->plan->playbook;
    const struct hf_plan_host *h = &c->plan->hosts[index];
    const struct hf_duration_of of = {.action = hf_plan_action(c->plan, index),
                                      .restart = (enum hf_restart)h->restart,
                                      .staged = h->staged};
    struct hf_err ignored = HF_ERR_INIT; /* then the playbook's word stands */
    int64_t need = 0;

    if (!c->durations)
        (void)hf_durations_open(&c->durations, c->s, &ignored);
    if (c->durations)
        need = hf_durations_need(c->durations, host->name, &of);
    return need > pb->windows.stop_before_end ? need
                                              : pb->windows.stop_before_end;
}

/* Not all at once when a window opens. In one that was open before the run
 * began, from then on; and never so late that the window is over. */
static enum hf_admit
ask_spread(const struct hf_conduct *c, const struct hf_fleet *fleet,
           const struct hf_host *host, int64_t spare, int64_t now,
           int64_t *until, char why[HF_WHY_LEN])
{
    const struct hf_playbook *pb = &c->plan->playbook;
    struct hf_rollout_view v;
    struct hf_period span;
    int64_t from, room, at;
    char when[HF_TIME_LEN];

    if (!pb->reboot.spread ||
        hf_calendar_window_named(fleet->calendar, host, HF_RULE_RESTART,
                                 pb->windows.allow, now, &span) != HF_OPEN_NOW)
        return HF_ADMIT_YES;
    hf_rollout_view(c->r, &v);
    from = span.from > v.began ? span.from : v.began;
    room = span.to == HF_NEVER ? pb->reboot.spread : span.to - spare - from;
    at = from +
         hf_plan_spread(c->plan, host->name,
                        room < pb->reboot.spread ? room : pb->reboot.spread);
    if (at <= now)
        return HF_ADMIT_YES;
    *until = at;
    hf_say(why, HF_WHY_LEN, "spread over the restart window: from %s on",
           hf_time_format(when, at));
    return HF_ADMIT_LATER;
}

/* Why a window that is open is too short. */
static enum hf_admit
say_need(char why[HF_WHY_LEN], const struct hf_window_choice *of,
         int64_t stated)
{
    size_t len = strlen(why);
    char span[HF_TIME_LEN];

    if (of->before_end > stated && strstr(why, "ends too soon"))
        hf_say(why + len, HF_WHY_LEN - len, "; it took %s before",
               hf_span_format(span, of->before_end));
    return HF_ADMIT_LATER;
}

static enum hf_admit
ask_calendar(struct hf_conduct *c, const struct hf_fleet *fleet,
             const struct hf_host *host, int index, int64_t now, int64_t *until,
             char why[HF_WHY_LEN])
{
    const struct hf_playbook *pb = &c->plan->playbook;
    enum hf_action action = hf_plan_action(c->plan, index);
    enum hf_restart restart = (enum hf_restart)c->plan->hosts[index].restart;
    struct hf_window_choice of = {.names = pb->windows.allow};

    if (!hf_action_changes(action))
        return HF_ADMIT_YES;
    if (fleet->calendar)
        of.before_end = before_end(c, host, index);
    if (!hf_action_restarts(action) &&
        !hf_calendar_admits_some(fleet->calendar, host, HF_RULE_CHANGE, &of,
                                 now, until, why))
        return say_need(why, &of, pb->windows.stop_before_end);
    if (hf_may_restart(action, restart) &&
        !hf_calendar_admits_some(fleet->calendar, host, HF_RULE_RESTART, &of,
                                 now, until, why))
        return say_need(why, &of, pb->windows.stop_before_end);
    return hf_may_restart(action, restart)
               ? ask_spread(c, fleet, host, of.before_end, now, until, why)
               : HF_ADMIT_YES;
}

/* ---- blocked releases ---- */

/* Taking one back is what a block is for. */
static const struct hf_block *
blocked(const struct hf_conduct *c, const struct hf_fleet *fleet, int index)
{
    const struct hf_plan_host *h = &c->plan->hosts[index];
    const struct hf_state *st = hf_session_state(c->s, h->name);
    const struct hf_block *b = NULL;

    if (c->plan->playbook.kind == HF_PLAYBOOK_ROLLBACK || !st)
        return NULL;
    for (size_t i = 0; !b && h->releases && h->releases[i]; i++)
        b = hf_block_of(fleet, h->releases[i], &hf_state_record(st)->facts,
                        hf_now());
    return b;
}

static enum hf_admit
admit_by_rules(struct hf_conduct *c, int index, int64_t now, int64_t *until,
               int *outcome, char why[HF_WHY_LEN])
{
    const struct hf_fleet *fleet = session_newest(c->s);
    const struct hf_block *block;
    const struct hf_exception *excused;
    const struct hf_host *host;

    if (c->s->newest.trouble[0])
        hf_say(c->trouble, sizeof(c->trouble), "%s", c->s->newest.trouble);
    host = hf_fleet_find(fleet, c->plan->hosts[index].name);
    if (!host || !hf_fleet_find(c->s->fleet, c->plan->hosts[index].name)) {
        hf_say(why, HF_WHY_LEN, "it is not in the fleet any more");
        return leave_out(outcome);
    }
    if (!hf_action_changes(
            hf_playbook_action((enum hf_playbook_kind)c->plan->playbook.kind)))
        return HF_ADMIT_YES; /* nothing forbids to look */
    if (host->hold) {
        hf_say(why, HF_WHY_LEN, "held: %s", host->hold);
        return leave_out(outcome);
    }
    if ((excused = hf_exception_of(fleet, host, now)) != NULL) {
        hf_exception_say(why, excused);
        return leave_out(outcome);
    }
    if ((block = blocked(c, fleet, index)) != NULL) {
        hf_say(why, HF_WHY_LEN, "release %s is blocked: %s", block->release,
               block->reason);
        return leave_out(outcome);
    }
    if (fleet->unenforced)
        return later(until, why,
                     "a file of the fleet that this version "
                     "cannot enforce may forbid it");
    return ask_calendar(c, fleet, host, index, now, until, why);
}

/* Other hosts are read only for one that could start now; the restart budget
 * comes last: nobody holds a part of it who could not start. */
enum hf_admit
conduct_admit(void *ctx, int index, int64_t now, int64_t *until, int *outcome,
              char why[HF_WHY_LEN])
{
    struct hf_conduct *c = ctx;
    enum hf_admit said = admit_by_rules(c, index, now, until, outcome, why);

    if (said == HF_ADMIT_YES)
        said = conduct_domains_admit(c, index, now, until, why);
    if (said != HF_ADMIT_YES)
        conduct_restarts_refused(c, index);
    else if (conduct_may_restart(c, index))
        said = conduct_restarts_admit(c, index, now, until, why);
    return said;
}
