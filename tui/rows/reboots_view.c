/* What the Reboots screen lists; see reboots_view.h. Its lines are made in
 * reboots_lines.c. */
#include "tui/rows/reboots_view.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/mem.h"

#define QUARTER_DAYS (HF_QUARTER_WEEKS * 7)

void
hf_reboots_view_release(struct hf_reboots_view *v)
{
    hf_dues_release(&v->dues);
    hf_quarter_release(&v->quarter);
    hf_schedule_release(&v->schedule);
    free(v->items);
    hf_arena_free(v->arena);
    v->items = NULL;
    v->arena = NULL;
    v->len = 0;
    v->fleet = NULL;
    v->states = NULL;
}

static const struct hf_zone *
zone_of(struct hf_reboots_view *v)
{
    const struct hf_calendar *cal = v->fleet->calendar;
    const struct hf_zone *zone = NULL;
    struct hf_err ignored = HF_ERR_INIT;

    if (cal)
        return cal->zone ? cal->zone : cal->utc;
    v->arena = hf_arena_new();
    (void)hf_zone_load(&zone, v->arena, "UTC", &ignored);
    return zone;
}

void
hf_reboots_view_make(struct hf_reboots_view *v, const struct hf_fleet *fleet,
                     const struct hf_state *states, size_t n, int64_t now)
{
    const struct hf_what_if what_if = {.skip_baseline = v->skip_baseline,
                                       .kb = v->kb[0] ? v->kb : NULL};

    hf_reboots_view_release(v);
    v->fleet = fleet;
    v->states = states;
    hf_dues_init(&v->dues, fleet, &what_if, now,
                 now + (HF_REBOOTS_QUARTERS * QUARTER_DAYS + 7) * HF_DAY_MS);
    v->restarted = 0;
    for (size_t i = 0; i < n; i++) {
        (void)hf_dues_add(&v->dues, &states[i]);
        v->restarted += (states[i].status.flags & HF_FLAG_RESTARTED) != 0;
    }
    hf_heat_make(&v->heat, &v->dues, zone_of(v));
    hf_due_month_make(&v->month, &v->dues, v->heat.zone);
    hf_reboots_view_quarter(v);
    hf_reboots_view_list(v);
}

/* Moments at which the quarter, or a week of it, begins. */
static int64_t
start_of(const struct hf_reboots_view *v, int week)
{
    int64_t at;

    (void)hf_zone_moment(v->quarter.zone,
                         (v->quarter.monday + week * 7) * HF_DAY_MS, 0, &at);
    return at;
}

void
hf_reboots_view_quarter(struct hf_reboots_view *v)
{
    const struct hf_host **hosts = hf_xcalloc(v->dues.n + 1, sizeof(*hosts));

    hf_quarter_make(&v->quarter, v->fleet, &v->dues, v->states, v->heat.zone,
                    v->heat.monday + v->offset * QUARTER_DAYS);
    for (size_t i = 0; i < v->dues.n; i++)
        hosts[i] = v->states[i].host;
    hf_schedule_release(&v->schedule);
    hf_schedule_make(&v->schedule, v->fleet->calendar, hosts, v->dues.n,
                     start_of(v, 0), start_of(v, HF_QUARTER_WEEKS));
    free(hosts);
}

/* A rule is named once, at its first row. */
static int
is_first(const struct hf_schedule *s, size_t i, int64_t from)
{
    for (size_t j = 0; j < i; j++) {
        if (s->v[j].period.rule == s->v[i].period.rule &&
            s->v[j].period.to > from)
            return 0;
    }
    return 1;
}

void
hf_reboots_view_periods(struct hf_line *out, const struct hf_reboots_view *v)
{
    int64_t from = start_of(v, v->week < 0 ? 0 : v->week);
    int64_t to = start_of(v, v->week < 0 ? HF_QUARTER_WEEKS : v->week + 1);
    size_t n = 0;

    hf_line_clear(out);
    for (size_t i = 0; i < v->schedule.len; i++) {
        const struct hf_period *p = &v->schedule.v[i].period;
        int freeze = p->rule->kind == HF_RULE_FREEZE;
        char a[HF_ZONE_TIME_LEN], b[HF_ZONE_TIME_LEN];

        if (p->rule->kind == HF_RULE_CHANGE || (v->week < 0 && !freeze) ||
            p->from >= to || p->to <= from || !is_first(&v->schedule, i, from))
            continue;
        hf_zone_format(a, v->schedule.v[i].zone, p->from);
        hf_zone_format(b, v->schedule.v[i].zone, p->to);
        hf_line_add(out, freeze ? HF_TONE_WARN : HF_TONE_GOOD, "%s%s %s",
                    n++ ? ", " : "", freeze ? "freeze" : "window", p->title);
        hf_line_add(out, HF_TONE_DIM, " %s to %s%s",
                    p->from == INT64_MIN ? "ever" : a, b,
                    v->schedule.v[i].frozen_all ? ", frozen" : "");
    }
    if (!v->fleet->calendar)
        hf_line_add(out, HF_TONE_WARN,
                    "no calendar.json: nothing is restarted until 'hotfleet "
                    "window add' names a window");
    else if (!n)
        hf_line_add(out, HF_TONE_DIM, "%s",
                    v->week < 0 ? "no freeze in these weeks"
                                : "no restart window and no freeze that week");
}

int
hf_reboots_view_week(struct hf_reboots_view *v, int by)
{
    int week = v->offset * HF_QUARTER_WEEKS + v->week + by;
    int offset = v->offset;

    v->this_month = 0;
    if (week >= HF_REBOOTS_QUARTERS * HF_QUARTER_WEEKS)
        return 0;
    if (week < 0 || (v->week < 0 && by < 0)) {
        v->week = -1;
        v->offset = 0;
    } else {
        v->week = week % HF_QUARTER_WEEKS;
        v->offset = week / HF_QUARTER_WEEKS;
    }
    return v->offset != offset;
}

/* ---- the list ---- */

/* Whose answer is listed: everybody's, or who restarts in the week. */
static void
choose(unsigned char *out, const struct hf_reboots_view *v)
{
    for (size_t i = 0; i < v->dues.len; i++) {
        const struct hf_due *due = v->dues.v[i];

        out[i] = v->this_month ? hf_due_month_has(&v->month, due) : v->week < 0;
        if (v->this_month)
            continue;
        for (size_t s = 0; s < due->steps_len && !out[i]; s++)
            out[i] =
                hf_quarter_week(&v->quarter, hf_due_step_day(&due->steps[s])) ==
                v->week;
    }
}

struct place {
    const struct hf_due *due;
    uint32_t at; /* in dues.v */
};

static int
compare_places(const void *a, const void *b)
{
    const struct place *x = a, *y = b;

    return hf_due_compare(x->due, y->due);
}

/* In which order the answers come, equal ones together; hosts are then put in
 * by counting. */
static void
rank_answers(uint32_t *rank, const struct hf_dues *d)
{
    struct place *places = hf_xcalloc(d->len + 1, sizeof(*places));

    for (size_t i = 0; i < d->len; i++)
        places[i] = (struct place){d->v[i], (uint32_t)i};
    if (d->len)
        qsort(places, d->len, sizeof(*places), compare_places);
    for (size_t i = 1; i < d->len; i++)
        rank[places[i].at] =
            rank[places[i - 1].at] +
            (hf_due_compare(places[i - 1].due, places[i].due) != 0);
    free(places);
}

/* Hosts by the rank of their answer, among equals in the fleet's order. */
static uint32_t *
order_hosts(const struct hf_dues *d, const uint32_t *rank)
{
    uint32_t *order = hf_xcalloc(d->n + 1, sizeof(*order));
    uint32_t *next = hf_xcalloc(d->len + 1, sizeof(*next));

    for (size_t i = 0; i < d->n; i++)
        next[rank[d->of[i]] + 1]++;
    for (size_t i = 0; i < d->len; i++)
        next[i + 1] += next[i];
    for (size_t i = 0; i < d->n; i++)
        order[next[rank[d->of[i]]]++] = (uint32_t)i;
    free(next);
    return order;
}

static void
put_items(struct hf_reboots_view *v, const uint32_t *order,
          const unsigned char *shown)
{
    const struct hf_dues *d = &v->dues;
    uint32_t last = HF_REBOOTS_HEAD;

    for (size_t i = 0; i < d->n; i++) {
        uint32_t group = hf_dues_of(d, order[i])->group;

        if (!shown[d->of[order[i]]])
            continue;
        v->counts[group]++;
        if (group != last)
            v->items[v->len++] =
                (struct hf_reboots_item){HF_REBOOTS_HEAD, group};
        last = group;
        if (!(v->folded & 1u << group))
            v->items[v->len++] = (struct hf_reboots_item){order[i], group};
    }
}

void
hf_reboots_view_list(struct hf_reboots_view *v)
{
    const struct hf_dues *d = &v->dues;
    unsigned char *shown = hf_xcalloc(d->len + 1, sizeof(*shown));
    uint32_t *rank = hf_xcalloc(d->len + 1, sizeof(*rank)), *order;

    choose(shown, v);
    rank_answers(rank, d);
    order = order_hosts(d, rank);
    free(v->items);
    v->items = hf_xcalloc(d->n + HF_DUE_GROUP_COUNT + 1, sizeof(*v->items));
    v->len = 0;
    memset(v->counts, 0, sizeof(v->counts));
    put_items(v, order, shown);
    free(order);
    free(rank);
    free(shown);
}

/* ---- rows ---- */

size_t
hf_reboots_view_find(const struct hf_reboots_view *v, uint32_t host,
                     uint32_t group)
{
    size_t head = 0;

    for (size_t i = 0; i < v->len; i++) {
        if (v->items[i].host == host && v->items[i].group == group)
            return i;
        if (host != HF_REBOOTS_HEAD && v->items[i].host == host)
            return i;
        if (v->items[i].host == HF_REBOOTS_HEAD && v->items[i].group == group)
            head = i;
    }
    return head;
}

/* A folded group has no rows, so that its hosts are looked up. */
void
hf_reboots_view_hosts(struct hf_strs *out, const struct hf_reboots_view *v,
                      size_t row)
{
    const struct hf_reboots_item *item = &v->items[row];
    unsigned char *shown;

    if (row >= v->len)
        return;
    if (item->host != HF_REBOOTS_HEAD) {
        hf_strs_add(out, v->states[item->host].host->name);
        return;
    }
    shown = hf_xcalloc(v->dues.len + 1, sizeof(*shown));
    choose(shown, v);
    for (size_t i = 0; i < v->dues.n; i++) {
        if (shown[v->dues.of[i]] &&
            hf_dues_of(&v->dues, i)->group == (enum hf_due_group)item->group)
            hf_strs_add(out, v->states[i].host->name);
    }
    free(shown);
}
