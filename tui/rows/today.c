/* What needs me now; see today.h. */
#include "tui/rows/today.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/drivers/driver.h"
#include "backend/model/exception.h"
#include "tui/rows/today_priv.h"

/* clang-format off */
const char *const hf_today_titles[HF_TODAY_SECTION_COUNT + 1] = {
    [HF_TODAY_FLEET] = "Fleet",
    [HF_TODAY_MONTH] = "This month",
    [HF_TODAY_EFFECT] = "In effect",
    [HF_TODAY_RINGS] = "Rings",
    [HF_TODAY_NEEDS] = "Needs you",
    [HF_TODAY_NEXT] = "Next 24 hours",
    [HF_TODAY_RESTART] = "Restart due",
    [HF_TODAY_ELSEWHERE] = "Patched elsewhere",
    [HF_TODAY_UNCOUNTED] = "Not counted",
};
/* clang-format on */

struct hf_today_line *
hf_today_add(struct hf_today *t, enum hf_today_section section,
             const char *next, const char *fmt, ...)
{
    struct hf_today_line *line = HF_PUSH(&t->v, &t->len, &t->cap);
    char text[512];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    line->section = section;
    line->text = hf_xstrdup(text);
    line->next = hf_xstrdup(next);
    if (section == HF_TODAY_NEEDS)
        t->needs++;
    return line;
}

void
hf_today_release(struct hf_today *t)
{
    for (size_t i = 0; i < t->len; i++) {
        free(t->v[i].text);
        free(t->v[i].next);
        free(t->v[i].selector);
        hf_strs_release(&t->v[i].hosts);
    }
    free(t->v);
    *t = (struct hf_today){0};
}

/* ---- groups of hosts that share something ---- */

struct group {
    enum hf_today_section section;
    const char *text; /* "%zu host(s) <text>" */
    const char *next;
    const char *selector; /* that means the same hosts, or NULL */
    int (*is)(const struct hf_state *st);
};

static int
is_failed(const struct hf_state *st)
{
    return st->status.patch == HF_PATCH_FAILED;
}

static int
is_unverified(const struct hf_state *st)
{
    return st->status.patch == HF_PATCH_UNVERIFIED;
}

static int
is_in_transition(const struct hf_state *st)
{
    return st->status.patch == HF_PATCH_IN_TRANSITION;
}

static int
is_behind(const struct hf_state *st)
{
    return st->status.patch == HF_PATCH_BEHIND &&
           st->status.coverage == HF_COVERAGE_COVERED &&
           !(st->status.flags & (HF_FLAG_HELD | HF_FLAG_EXCEPTED));
}

static int
is_key_refused(const struct hf_state *st)
{
    return strcmp(st->net, "hostkey") == 0;
}

static int
is_login_refused(const struct hf_state *st)
{
    return strcmp(st->net, "denied") == 0;
}

static int
is_not_enrolled(const struct hf_state *st)
{
    return !st->host->hostkey;
}

static int
is_job_left(const struct hf_state *st)
{
    return (st->status.flags & HF_FLAG_JOB_RUNNING) != 0;
}

static int
is_other_machine(const struct hf_state *st)
{
    return (st->status.flags & HF_FLAG_IDENTITY_CHANGED) != 0;
}

/* Who has been told to leave it so is not asked again. */
static int
is_off_track(const struct hf_state *st)
{
    return st->status.coverage == HF_COVERAGE_OFF_TRACK &&
           !(st->status.flags & (HF_FLAG_HELD | HF_FLAG_EXCEPTED));
}

/* A run of ours left it on the track, and somebody took it off since. */
static int
is_newly_off_track(const struct hf_state *st)
{
    return is_off_track(st) &&
           (st->status.flags & HF_FLAG_PATCHED_ELSEWHERE) != 0;
}

static int
is_restarted(const struct hf_state *st)
{
    return (st->status.flags & HF_FLAG_RESTARTED) != 0;
}

static int
is_reboot_pending(const struct hf_state *st)
{
    return st->status.reboot == HF_REBOOT_PENDING ||
           st->status.reboot == HF_REBOOT_OVERDUE;
}

static int
is_elsewhere(const struct hf_state *st)
{
    return (st->status.flags & HF_FLAG_PATCHED_ELSEWHERE) != 0;
}

static int
is_ineligible(const struct hf_state *st)
{
    return st->status.coverage == HF_COVERAGE_INELIGIBLE;
}

static int
is_uncovered(const struct hf_state *st)
{
    return st->status.coverage == HF_COVERAGE_UNCOVERED;
}

static int
is_held(const struct hf_state *st)
{
    return (st->status.flags & HF_FLAG_HELD) != 0;
}

static int
is_excepted(const struct hf_state *st)
{
    return (st->status.flags & HF_FLAG_EXCEPTED) != 0;
}

static int
is_unreachable(const struct hf_state *st)
{
    return (st->status.flags & HF_FLAG_UNREACHABLE) != 0;
}

static int
is_never_asked(const struct hf_state *st)
{
    return !st->asked && !(st->status.flags & HF_FLAG_UNREACHABLE);
}

static int
is_stale(const struct hf_state *st)
{
    return st->asked && (st->status.flags & HF_FLAG_STALE);
}

/* clang-format off */
static const struct group groups[] = {
    {HF_TODAY_NEEDS, "failed to take a patch", "hotfleet hosts patch:failed",
     "patch:failed", is_failed},
    {HF_TODAY_NEEDS, "changed, but not proven",
     "hotfleet verify patch:unverified", "patch:unverified", is_unverified},
    {HF_TODAY_NEEDS, "stuck between two levels",
     "hotfleet hosts patch:in-transition", "patch:in-transition",
     is_in_transition},
    {HF_TODAY_NEEDS, "shows another host key than the pinned one",
     "hotfleet enroll --again SELECTOR", NULL, is_key_refused},
    {HF_TODAY_NEEDS, "answers with another machine id",
     "hotfleet hosts identity-changed", "identity-changed", is_other_machine},
    {HF_TODAY_NEEDS, "refuses the login", "hotfleet hosts unreachable", NULL,
     is_login_refused},
    {HF_TODAY_NEEDS, "without a pinned host key", "hotfleet enroll", NULL,
     is_not_enrolled},
    {HF_TODAY_NEEDS, "never asked", "hotfleet check", NULL, is_never_asked},
    {HF_TODAY_NEEDS, "with a job that is not put away",
     "hotfleet hosts job-running", "job-running", is_job_left},
    {HF_TODAY_NEEDS, "newly off the hotpatch track, and by no run of ours",
     "hotfleet hosts 'coverage:off-track and patched-elsewhere'",
     "coverage:off-track and patched-elsewhere and not (held or excepted)",
     is_newly_off_track},
    {HF_TODAY_NEEDS, "off the hotpatch track: each update restarts it",
     "hotfleet hosts coverage:off-track",
     "coverage:off-track and not (held or excepted)", is_off_track},
    {HF_TODAY_NEEDS, "restarted outside a window",
     "hotfleet hosts restarted", "restarted", is_restarted},
    {HF_TODAY_NEEDS, "behind, and a hotpatch is out",
     "hotfleet apply patch:behind",
     "patch:behind and coverage:covered and not (held or excepted)",
     is_behind},
    {HF_TODAY_RESTART, "with a restart pending",
     "hotfleet hosts reboot:pending", "reboot:pending or reboot:overdue",
     is_reboot_pending},
    {HF_TODAY_ELSEWHERE, "changed without a run of ours",
     "hotfleet hosts patched-elsewhere", "patched-elsewhere", is_elsewhere},
    {HF_TODAY_UNCOUNTED, "not eligible", "hotfleet hosts coverage:ineligible",
     "coverage:ineligible", is_ineligible},
    {HF_TODAY_UNCOUNTED, "on a level that nothing is published for",
     "hotfleet hosts coverage:uncovered", "coverage:uncovered", is_uncovered},
    {HF_TODAY_UNCOUNTED, "held", "hotfleet hosts held", "held", is_held},
    {HF_TODAY_UNCOUNTED, "excepted", "hotfleet exception list", "excepted",
     is_excepted},
    {HF_TODAY_UNCOUNTED, "not reached", "hotfleet hosts unreachable",
     "unreachable", is_unreachable},
    {HF_TODAY_UNCOUNTED, "with facts too old to be believed",
     "hotfleet check stale", NULL, is_stale},
};
/* clang-format on */

/* Takes the names of the group's hosts. */
static void
add_group(struct hf_today *t, const struct group *g, struct hf_strs *hosts)
{
    struct hf_today_line *line;

    if (!hosts->len)
        return;
    line = hf_today_add(t, g->section, g->next, "%zu host%s %s", hosts->len,
                        hf_plural(hosts->len), g->text);
    line->hosts = *hosts;
    line->selector = hf_xstrdup(g->selector);
    line->urgent = g->section == HF_TODAY_NEEDS;
}

/* A large fleet is walked through once, not once for each group. */
static void
add_groups(struct hf_today *t, const struct hf_today_in *in)
{
    struct hf_strs hosts[HF_COUNT(groups)] = {0};

    for (size_t i = 0; i < in->states_len; i++) {
        for (size_t g = 0; g < HF_COUNT(groups); g++) {
            if (groups[g].is(&in->states[i]))
                hf_strs_add(&hosts[g], in->states[i].host->name);
        }
    }
    for (size_t g = 0; g < HF_COUNT(groups); g++)
        add_group(t, &groups[g], &hosts[g]);
}

/* ---- single lines ---- */

static void
add_fleet(struct hf_today *t, const struct hf_today_in *in)
{
    const struct hf_fleet *f = in->fleet;
    char now[HF_TIME_LEN];

    (void)hf_today_add(t, HF_TODAY_FLEET, NULL, "%s, %s@%.10s%s%s, %zu host%s",
                       f->name, f->branch ? f->branch : "detached", f->commit,
                       f->dirty ? ", work tree dirty (not used)" : "",
                       f->simulated ? ", SIMULATED" : "", f->hosts_len,
                       hf_plural(f->hosts_len));
    (void)hf_today_add(t, HF_TODAY_FLEET, NULL, "as of %s%s%s",
                       hf_time_format(now, in->now - in->now % 1000),
                       in->read_only ? ", read-only" : "",
                       f->ledger_remote ? "" : ", ledger local only");
    if (in->operator_)
        (void)hf_today_add(t, HF_TODAY_FLEET, NULL, "operator %s",
                           in->operator_);
}

static void
add_catalogue(struct hf_today *t, const struct hf_today_in *in)
{
    const struct hf_catalogue *c = in->fleet->catalogue;

    for (size_t i = 0; c && i < c->products_len; i++) {
        const struct hf_product *p = &c->products[i];
        int64_t at = hf_product_overdue_at(p);

        if (!p->complete_until ||
            !hf_product_used(in->states, in->states_len, p->id))
            continue;
        if (at && at < in->now)
            (void)hf_today_add(
                t, HF_TODAY_NEEDS, "hotfleet catalogue add",
                "catalogue of '%s' ends %s: newer releases are due, "
                "\"current\" cannot be told",
                p->id, p->complete_until);
        else
            (void)hf_today_add(t, HF_TODAY_FLEET, NULL,
                               "catalogue of '%s' complete until %s", p->id,
                               p->complete_until);
    }
}

static void
add_unsettled(struct hf_today *t, const struct hf_today_in *in)
{
    if (in->elsewhere)
        (void)hf_today_add(t, HF_TODAY_FLEET, NULL, "%s", in->elsewhere);
    if (in->open_intents)
        (void)hf_today_add(
            t, HF_TODAY_NEEDS, "hotfleet verify SELECTOR",
            "%zu host%s left unsettled by a process that was killed%s",
            in->open_intents, hf_plural(in->open_intents),
            in->elsewhere ? " (when the run under way has ended)" : "");
    if (in->ledger_note && *in->ledger_note)
        (void)hf_today_add(t, HF_TODAY_NEEDS, NULL, "ledger: %s",
                           in->ledger_note);
}

/* An exception ends by itself, and its hosts are patched again. */
static void
add_exceptions(struct hf_today *t, const struct hf_today_in *in)
{
    const struct hf_fleet *f = in->fleet;
    char day[HF_TIME_LEN];

    for (size_t i = 0; i < f->exceptions_len; i++) {
        const struct hf_exception *e = &f->exceptions[i];
        struct hf_today_line *line;

        if (!hf_exception_ends_soon(e, in->now))
            continue;
        line = hf_today_add(t, HF_TODAY_NEEDS, "hotfleet exception list",
                            "exception '%s' of %s ends with %.10s", e->id,
                            e->owner, hf_time_format(day, e->until));
        for (size_t k = 0; k < f->excuses_len; k++) {
            if (f->excuses[k].exception == e)
                hf_strs_add(&line->hosts, f->excuses[k].host->name);
        }
    }
}

/* ---- counts ---- */

struct count {
    size_t all, current, failed, unverified, unreachable, behind;
};

static void
count_state(struct count *c, const struct hf_state *st)
{
    c->all++;
    c->current += st->status.patch == HF_PATCH_CURRENT;
    c->failed += is_failed(st);
    c->unverified += is_unverified(st);
    c->behind += st->status.patch == HF_PATCH_BEHIND;
    c->unreachable += is_unreachable(st);
}

static void
add_effect(struct hf_today *t, const struct hf_today_in *in)
{
    size_t covered = 0, covered_current = 0;
    struct hf_today_line *line;
    struct hf_strs hosts = {0};
    struct count c = {0};

    for (size_t i = 0; i < in->states_len; i++) {
        const struct hf_standing *s = &in->states[i].status;

        if (s->patch == HF_PATCH_CURRENT)
            hf_strs_add(&hosts, in->states[i].host->name);
        count_state(&c, &in->states[i]);
        covered += s->coverage == HF_COVERAGE_COVERED;
        covered_current +=
            s->coverage == HF_COVERAGE_COVERED && s->patch == HF_PATCH_CURRENT;
    }
    line = hf_today_add(
        t, HF_TODAY_EFFECT, "hotfleet hosts patch:current",
        "newest hotpatch in effect on %zu of %zu covered host%s, "
        "%zu of all %zu",
        covered_current, covered, hf_plural(covered), c.current, c.all);
    line->hosts = hosts;
    line->selector = hf_xstrdup("patch:current");
    line->part = c.current;
    line->whole = c.all;
    hf_today_worth(t, in);
}

/* "1 of 6 current, 5 behind": what is nought is not said. */
static void
add_part(struct hf_buf *out, size_t n, const char *word)
{
    if (n)
        hf_buf_printf(out, ", %zu %s", n, word);
}

static void
add_ring(struct hf_today *t, const struct hf_today_in *in, const char *ring)
{
    struct count c = {0};
    struct hf_today_line *line;
    struct hf_strs hosts = {0};
    struct hf_buf more = {0};

    for (size_t i = 0; i < in->states_len; i++) {
        const char *of = in->states[i].host->ring;

        if (of != ring && (!of || !ring || strcmp(of, ring) != 0))
            continue;
        count_state(&c, &in->states[i]);
        hf_strs_add(&hosts, in->states[i].host->name);
    }
    if (!c.all) {
        hf_strs_release(&hosts);
        return;
    }
    add_part(&more, c.behind, "behind");
    add_part(&more, c.failed, "failed");
    add_part(&more, c.unverified, "unverified");
    add_part(&more, c.unreachable, "unreachable");
    hf_today_ring_run(&more, in, ring);
    line = hf_today_add(t, HF_TODAY_RINGS, NULL, "%-12s %zu of %zu current%s",
                        ring ? ring : "(no ring)", c.current, c.all,
                        hf_buf_str(&more));
    hf_buf_release(&more);
    line->hosts = hosts;
    line->part = c.current;
    line->whole = c.all;
}

void
hf_today_make(struct hf_today *out, const struct hf_today_in *in)
{
    *out = (struct hf_today){0};
    add_fleet(out, in);
    add_catalogue(out, in);
    hf_today_facts(out, in);
    hf_today_month(out, in);
    add_effect(out, in);
    for (size_t i = 0; i < in->fleet->rings_len; i++)
        add_ring(out, in, in->fleet->rings[i].name);
    add_ring(out, in, NULL);
    add_unsettled(out, in);
    hf_today_blocks(out, in);
    add_exceptions(out, in);
    hf_today_runs(out, in);
    hf_today_next(out, in);
    hf_today_restarts(out, in);
    add_groups(out, in);
}
