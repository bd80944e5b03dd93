/* How many hosts are current, and how long it took. */
#include "playbooks/compliance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/mem.h"

const char *const hf_counted_names[HF_COUNTED_COUNT + 1] = {
    "excepted", "unreachable", "ineligible", "unverified",
    "current",  "behind",      "unknown",    NULL,
};
const char *const hf_goal_names[HF_GOAL_COUNT + 1] = {
    "running", "met", "missed", "nothing-to-judge", NULL};

enum hf_counted
hf_counted_as(enum hf_coverage coverage, enum hf_patch patch, unsigned flags)
{
    if (flags & HF_FLAG_EXCEPTED)
        return HF_COUNTED_EXCEPTED;
    if (flags & HF_FLAG_UNREACHABLE)
        return HF_COUNTED_UNREACHABLE;
    if (coverage == HF_COVERAGE_INELIGIBLE)
        return HF_COUNTED_INELIGIBLE;
    switch (patch) {
    case HF_PATCH_UNVERIFIED:
        return HF_COUNTED_UNVERIFIED;
    case HF_PATCH_CURRENT:
        return HF_COUNTED_CURRENT;
    case HF_PATCH_UNKNOWN:
        return HF_COUNTED_UNKNOWN;
    default:
        return HF_COUNTED_BEHIND;
    }
}

static void
count(struct hf_tally *t, enum hf_coverage coverage, enum hf_patch patch,
      unsigned flags)
{
    enum hf_counted as = hf_counted_as(coverage, patch, flags);

    t->hosts++;
    t->by[as]++;
    if (coverage == HF_COVERAGE_COVERED) {
        t->covered++;
        t->covered_current += as == HF_COUNTED_CURRENT;
    }
}

static void
count_stand(struct hf_tally *t, const struct hf_stand *stand)
{
    t->recorded += stand && stand->asked;
    if (stand)
        count(t, stand->coverage, stand->patch, stand->flags);
    else
        count(t, HF_COVERAGE_UNKNOWN, HF_PATCH_UNKNOWN, 0);
}

int
hf_permille(size_t part, size_t whole)
{
    return whole ? (int)((uint64_t)part * 1000 / whole) : -1;
}

/* "97.5" and the unit. */
static const char *
percent(char out[HF_SHARE_LEN], size_t part, size_t whole, const char *unit)
{
    int permille = hf_permille(part, whole);

    if (permille < 0)
        return "-";
    (void)snprintf(out, HF_SHARE_LEN, "%d.%d%s", permille / 10, permille % 10,
                   unit);
    return out;
}

const char *
hf_share(char out[HF_SHARE_LEN], size_t part, size_t whole)
{
    return percent(out, part, whole, " %");
}

const char *
hf_percent(char out[HF_SHARE_LEN], size_t part, size_t whole)
{
    return percent(out, part, whole, "");
}

/* ---- now ---- */

static int
same_name(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* As it is now. */
static void
count_state(struct hf_tally *t, const struct hf_state *st)
{
    t->recorded += (size_t)st->asked;
    count(t, st->status.coverage, st->status.patch, st->status.flags);
}

static void
count_group(struct hf_compliance *c, const char *axis, const char *name,
            const struct hf_state *st)
{
    struct hf_compliance_group *g = NULL;
    size_t i = 0;

    while (i < c->groups_len && (strcmp(c->groups[i].axis, axis) != 0 ||
                                 !same_name(c->groups[i].name, name)))
        i++;
    if (i == c->groups_len) {
        g = HF_PUSH(&c->groups, &c->groups_len, &c->groups_cap);
        *g = (struct hf_compliance_group){.axis = axis, .name = name};
    }
    count_state(&c->groups[i].tally, st);
}

static const char *
ring_of(const struct hf_state *st)
{
    return st->host->ring;
}

static const char *
site_of(const struct hf_state *st)
{
    return st->host->site;
}

static const char *
product_of(const struct hf_state *st)
{
    return st->status.product;
}

static void
count_now(struct hf_compliance *c, const struct hf_state *const *states,
          size_t n)
{
    /* clang-format off */
    static const struct {
        const char *axis;
        const char *(*name)(const struct hf_state *st);
    } axes[] = {{"ring", ring_of}, {"site", site_of}, {"product", product_of}};
    /* clang-format on */

    for (size_t i = 0; i < n; i++)
        count_state(&c->now, states[i]);
    for (size_t a = 0; a < HF_COUNT(axes); a++) {
        for (size_t i = 0; i < n; i++)
            count_group(c, axes[a].axis, axes[a].name(states[i]), states[i]);
    }
}

/* ---- over time ---- */

static void
count_at(struct hf_tally *out, const struct hf_timeline *t, size_t hosts,
         int64_t at)
{
    for (size_t i = 0; i < hosts; i++)
        count_stand(out, hf_timeline_at(t, i, at));
}

static void
count_days(struct hf_compliance *c, const struct hf_timeline *t, size_t hosts)
{
    struct hf_compliance_day *day;
    int64_t at;

    for (at = c->from; at < c->until; at += HF_DAY_MS) {
        day = HF_PUSH(&c->days, &c->days_len, &c->days_cap);
        *day = (struct hf_compliance_day){.at = at};
        count_at(&day->tally, t, hosts, at);
    }
    day = HF_PUSH(&c->days, &c->days_len, &c->days_cap);
    *day = (struct hf_compliance_day){.at = c->until, .tally = c->now};
}

/* ---- from release to in effect ---- */

struct waits {
    int64_t *v;
    size_t len, cap;
};

static int
by_length(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static void
add_wait(struct hf_closing *closing, struct waits *waits,
         struct hf_stands stands, int64_t out, int64_t until)
{
    size_t i = 0;

    while (i < stands.len &&
           (stands.v[i].from < out || stands.v[i].patch != HF_PATCH_CURRENT))
        i++;
    if (i < stands.len) {
        closing->in_effect++;
        *HF_PUSH(&waits->v, &waits->len, &waits->cap) = stands.v[i].from - out;
    } else {
        closing->open++;
        if (until - out > closing->oldest)
            closing->oldest = until - out;
    }
}

static enum hf_severity
worst_of(const struct hf_catalogue *c, const struct hf_release *row)
{
    enum hf_severity worst = HF_SEVERITY_UNKNOWN;

    for (size_t i = 0; row->cves[i]; i++) {
        const struct hf_cve *cve = hf_catalogue_cve(c, row->cves[i]);

        if (cve && cve->severity > worst)
            worst = cve->severity;
    }
    return worst;
}

/* It brings a level of its own, in the time that is looked at. */
static int
is_counted(const struct hf_compliance *c, const struct hf_release *row)
{
    return row->type != HF_RELEASE_COMPANION && row->released > c->from &&
           row->released <= c->until;
}

/* The first row of its product that came out at that moment. */
static int
is_first(const struct hf_catalogue *all, const struct hf_release *row)
{
    for (const struct hf_release *r = all->releases; r < row; r++) {
        if (r->released == row->released && r->type != HF_RELEASE_COMPANION &&
            strcmp(r->product, row->product) == 0)
            return 0;
    }
    return 1;
}

/* Whoever was not current when it was out waits for it; the wait counts as of
 * the worst that came out with it. */
static void
wait_for(struct hf_compliance *c, struct waits waits[HF_CLOSINGS],
         const struct hf_catalogue *all, const struct hf_release *row,
         const struct hf_timeline *t, size_t hosts)
{
    enum hf_severity worst = HF_SEVERITY_UNKNOWN;
    size_t exploited = 0, at;

    for (size_t i = 0; i < all->releases_len; i++) {
        const struct hf_release *r = &all->releases[i];

        if (r->released != row->released ||
            strcmp(r->product, row->product) != 0)
            continue;
        if (worst_of(all, r) > worst)
            worst = worst_of(all, r);
        exploited += hf_release_exploited(all, r);
    }
    at = HF_SEVERITY_COUNT - 1 - (size_t)worst;
    for (size_t i = 0; i < hosts; i++) {
        const struct hf_stand *stand = hf_timeline_at(t, i, row->released);

        if (!stand || !stand->product || stand->patch == HF_PATCH_CURRENT ||
            strcmp(stand->product, row->product) != 0)
            continue;
        add_wait(&c->closings[at], &waits[at], hf_timeline_of(t, i),
                 row->released, c->until);
        if (exploited)
            add_wait(&c->closings[HF_SEVERITY_COUNT], &waits[HF_SEVERITY_COUNT],
                     hf_timeline_of(t, i), row->released, c->until);
    }
}

static void
measure_waits(struct hf_compliance *c, const struct hf_catalogue *all,
              const struct hf_timeline *t, size_t hosts)
{
    struct waits waits[HF_CLOSINGS] = {{0}};

    for (size_t i = 0; i < HF_SEVERITY_COUNT; i++)
        c->closings[i].severity = (enum hf_severity)(HF_SEVERITY_COUNT - 1 - i);
    c->closings[HF_SEVERITY_COUNT].exploited = 1;
    for (size_t i = 0; i < all->releases_len; i++) {
        if (is_counted(c, &all->releases[i]) &&
            is_first(all, &all->releases[i]))
            wait_for(c, waits, all, &all->releases[i], t, hosts);
    }
    for (size_t i = 0; i < HF_CLOSINGS; i++) {
        if (waits[i].len) {
            qsort(waits[i].v, waits[i].len, sizeof(*waits[i].v), by_length);
            c->closings[i].median = waits[i].v[(waits[i].len - 1) / 2];
            c->closings[i].most =
                waits[i].v[(waits[i].len * 95 + 99) / 100 - 1];
        }
        free(waits[i].v);
    }
}

/* ---- the goal ---- */

static void
check_goals(struct hf_compliance *c, const struct hf_fleet *fleet,
            const struct hf_timeline *t, size_t hosts)
{
    const struct hf_catalogue *all = fleet->catalogue;

    for (size_t k = 0; fleet->goal.percent > 0 && k < all->releases_len; k++) {
        const struct hf_release *row = &all->releases[k];
        struct hf_goal_check check = {.release = row,
                                      .due = row->released +
                                             fleet->goal.days * HF_DAY_MS};
        int64_t at = check.due < c->until ? check.due : c->until;
        int share;

        if (!is_counted(c, row) || !is_first(all, row))
            continue;
        for (size_t i = 0; i < hosts; i++) {
            const struct hf_stand *stand = hf_timeline_at(t, i, at);

            if (stand && same_name(stand->product, row->product))
                count_stand(&check.tally, stand);
        }
        if (!check.tally.hosts)
            continue;
        share = hf_permille(check.tally.covered_current, check.tally.covered);
        check.state = share >= fleet->goal.percent * 10 ? HF_GOAL_MET
                      : check.due > c->until            ? HF_GOAL_RUNNING
                      : share < 0                       ? HF_GOAL_NOTHING
                                                        : HF_GOAL_MISSED;
        *HF_PUSH(&c->goals, &c->goals_len, &c->goals_cap) = check;
    }
}

/* ---- all ---- */

static const struct hf_host **
hosts_of(const struct hf_state *const *states, size_t n)
{
    const struct hf_host **hosts = hf_xcalloc(n + 1, sizeof(*hosts));

    for (size_t i = 0; i < n; i++)
        hosts[i] = states[i]->host;
    return hosts;
}

void
hf_compliance_count(struct hf_compliance *out, const struct hf_fleet *fleet,
                    const struct hf_history *history,
                    const struct hf_state *const *states, size_t n, int days,
                    int64_t now)
{
    const struct hf_host **hosts = hosts_of(states, n);
    struct hf_timeline *t;

    *out = (struct hf_compliance){.until = now};
    /* ends of days, and the last one is now */
    out->from = now - now % HF_DAY_MS - (int64_t)(days - 1) * HF_DAY_MS;
    t = hf_timeline_new(fleet, history, hosts, n, out->from, now);
    out->damaged = hf_history_damaged(history);
    memcpy(out->commit, hf_history_commit(history), sizeof(out->commit));
    count_now(out, states, n);
    count_days(out, t, n);
    measure_waits(out, fleet->catalogue, t, n);
    check_goals(out, fleet, t, n);
    hf_timeline_free(t);
    free(hosts);
}

int
hf_compliance_make(struct hf_compliance *out, struct hf_session *s,
                   const struct hf_state *const *states, size_t n, int days,
                   int64_t now, struct hf_err *err)
{
    struct hf_history *history = NULL;
    int rc = hf_history_open(&history, s, err);

    *out = (struct hf_compliance){.until = now};
    if (rc < 0)
        return rc;
    hf_compliance_count(out, hf_session_fleet(s), history, states, n, days,
                        now);
    hf_history_free(history);
    return HF_OK;
}

void
hf_compliance_release(struct hf_compliance *c)
{
    free(c->groups);
    free(c->days);
    free(c->goals);
    *c = (struct hf_compliance){0};
}

int64_t *
hf_compliance_trend(const struct hf_compliance *c, int of_all)
{
    int64_t *v = hf_xcalloc(c->days_len + 1, sizeof(*v));

    for (size_t i = 0; i < c->days_len; i++) {
        const struct hf_tally *n = &c->days[i].tally;
        int permille = of_all ? hf_permille(n->by[HF_COUNTED_CURRENT], n->hosts)
                              : hf_permille(n->covered_current, n->covered);

        v[i] = permille < 0 || !n->recorded ? INT64_MIN : permille;
    }
    return v;
}
