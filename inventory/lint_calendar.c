/* What is allowed in a calendar, but likely a slip. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/time.h"
#include "backend/model/calendar.h"
#include "inventory/lint.h"

#define AHEAD_DAYS 400 /* in which overlaps are looked for */

struct lint {
    const struct hf_calendar *cal;
    const struct hf_fleet *fleet;
    struct hf_problems *problems;
    unsigned char *told;  /* pairs of rules */
    unsigned char *named; /* rules: LINT_... */
};

enum {
    LINT_NAMED = 1 << 0,
    LINT_OPENS = 1 << 1,
    LINT_CLOCK = 1 << 2, /* what the clock does to it is said */
};

/* "$.windows[3]": windows stand before freezes. */
static void
warn_rule(struct lint *l, const struct hf_rule *rule, const char *fmt,
          const char *what)
{
    size_t i = (size_t)(rule - l->cal->rules), windows = 0;
    char path[48];

    while (windows < l->cal->rules_len &&
           l->cal->rules[windows].kind != HF_RULE_FREEZE)
        windows++;
    if (i < windows)
        (void)snprintf(path, sizeof(path), "$.windows[%zu]", i);
    else
        (void)snprintf(path, sizeof(path), "$.freezes[%zu]", i - windows);
    hf_problem_warn(l->problems, "calendar.json", 0, 0, path, fmt, rule->name,
                    what);
}

static int
names_host(const struct hf_calendar *cal, const struct hf_host *host,
           const struct hf_rule *rule)
{
    const struct hf_rule *r;

    for (size_t i = 0; (r = hf_calendar_rule(cal, host, rule->kind, i)); i++) {
        if (r == rule)
            return 1;
    }
    return 0;
}

static void
lint_scope(struct lint *l, const struct hf_rule *rule)
{
    const char *const *hosts = rule->scope.hosts;
    size_t i = 0;

    for (size_t h = 0; hosts && hosts[h]; h++) {
        if (!hf_fleet_find(l->fleet, hosts[h]))
            warn_rule(l, rule, "'%s' names host '%s', which the fleet has not",
                      hosts[h]);
    }
    while (i < l->fleet->hosts_len &&
           !names_host(l->cal, &l->fleet->hosts[i], rule))
        i++;
    if (i == l->fleet->hosts_len && i > 0)
        warn_rule(l, rule, "'%s' names no host%s", "");
}

/* Two windows of one kind that are open for one host at once. */
static void
lint_overlap(struct lint *l, const struct hf_period *a,
             const struct hf_period *b)
{
    size_t x = (size_t)(a->rule - l->cal->rules);
    size_t y = (size_t)(b->rule - l->cal->rules);
    unsigned char *told =
        &l->told[(x < y ? x : y) * l->cal->rules_len + (x < y ? y : x)];

    if (a->rule == b->rule || a->rule->kind != b->rule->kind ||
        a->rule->kind == HF_RULE_FREEZE || b->from >= a->to || (*told)++)
        return;
    warn_rule(l, b->rule, "'%s' lies over '%s' for the same hosts",
              a->rule->name);
}

/* Which windows name the host, and which of these open for it one day. */
static void
note_windows(struct lint *l, const struct hf_host *host, int64_t now)
{
    static const enum hf_rule_kind kinds[] = {HF_RULE_CHANGE, HF_RULE_RESTART};
    const struct hf_rule *rule;
    struct hf_period next;

    for (size_t k = 0; k < HF_COUNT(kinds); k++) {
        for (size_t i = 0; (rule = hf_calendar_rule(l->cal, host, kinds[k], i));
             i++) {
            const char *const names[] = {rule->name, NULL};
            unsigned char *named = &l->named[rule - l->cal->rules];

            if (*named & LINT_OPENS)
                continue;
            *named |= LINT_NAMED;
            if (hf_calendar_window_named(l->cal, host, kinds[k], names, now,
                                         &next) != HF_OPEN_NEVER)
                *named |= LINT_OPENS;
        }
    }
}

/* A slip in a site's name puts its hosts on another clock. */
static void
lint_site(struct lint *l, const char *site)
{
    char path[96];
    size_t i = 0;

    while (i < l->fleet->hosts_len &&
           (!l->fleet->hosts[i].site ||
            strcmp(l->fleet->hosts[i].site, site) != 0))
        i++;
    if (i < l->fleet->hosts_len || i == 0)
        return;
    (void)snprintf(path, sizeof(path), "$.zones[\"%.64s\"]", site);
    hf_problem_warn(l->problems, "calendar.json", 0, 0, path,
                    "no host is at site '%s'", site);
}

/* Somebody who reads "02:30" should know of the night without one. */
static void
lint_clock(struct lint *l, const struct hf_host *host,
           const struct hf_period *period)
{
    unsigned char *named = &l->named[period->rule - l->cal->rules];
    const struct hf_zone *zone = period->rule->zone
                                     ? period->rule->zone
                                     : hf_calendar_zone(l->cal, host);
    char at[HF_ZONE_TIME_LEN], what[160];

    if (!hf_period_clock(period) || *named & LINT_CLOCK)
        return;
    *named |= LINT_CLOCK;
    (void)snprintf(what, sizeof(what), "%s, %s",
                   hf_zone_format(at, zone, period->from),
                   hf_period_clock(period));
    warn_rule(l, period->rule, "'%s' begins %s", what);
}

static void
lint_host(struct lint *l, const struct hf_host *host, int64_t now)
{
    struct hf_periods all = {0};
    const struct hf_period *last[HF_RULE_KIND_COUNT] = {0};

    hf_calendar_expand(l->cal, host, now, now + AHEAD_DAYS * HF_DAY_MS, &all);
    for (size_t i = 0; i < all.len; i++) {
        const struct hf_period *period = &all.v[i];
        const struct hf_period **before = &last[period->rule->kind];

        lint_clock(l, host, period);
        if (*before)
            lint_overlap(l, *before, period);
        if (!*before || period->to > (*before)->to)
            *before = period;
    }
    free(all.v);
    note_windows(l, host, now);
}

void
hf_lint_calendar(const struct hf_fleet *fleet, struct hf_problems *problems)
{
    const struct hf_calendar *cal = fleet->calendar;
    struct lint l = {.cal = cal, .fleet = fleet, .problems = problems};
    unsigned char *seen;
    int64_t now = hf_now();

    if (!cal)
        return;
    for (size_t i = 0; i < cal->rules_len; i++)
        lint_scope(&l, &cal->rules[i]);
    l.told = hf_xcalloc(cal->rules_len * cal->rules_len + 1, 1);
    l.named = hf_xcalloc(cal->rules_len + 1, 1);
    seen = hf_xcalloc(hf_calendar_classes(cal) + 1, 1);
    for (size_t i = 0; i < fleet->hosts_len; i++) {
        if (!seen[hf_calendar_class(cal, &fleet->hosts[i])]++)
            lint_host(&l, &fleet->hosts[i], now);
    }
    for (size_t i = 0; i < cal->rules_len; i++) {
        if ((l.named[i] & (LINT_NAMED | LINT_OPENS)) == LINT_NAMED)
            warn_rule(&l, &cal->rules[i],
                      "'%s' never opens: none of its times is to come, or "
                      "freezes lie over all of them%s",
                      "");
    }
    for (size_t i = 0; i < cal->sites_len; i++)
        lint_site(&l, cal->sites[i].site);
    free(seen);
    free(l.named);
    free(l.told);
}
