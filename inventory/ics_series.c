/* How often an event takes place: its rule, further times, exceptions. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/civil.h"
#include "inventory/ics_reading.h"

static int
compare_int64(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static int
compare_moves(const void *a, const void *b)
{
    const struct ics_move *x = a, *y = b;

    return x->at != y->at ? (x->at < y->at ? -1 : 1) : strcmp(x->uid, y->uid);
}

static int
has_day(const struct ics_days *days, int64_t day)
{
    return days->len && bsearch(&day, days->v, days->len, sizeof(*days->v),
                                compare_int64) != NULL;
}

/* EXDATE; a plain date takes all of its day. */
static int
read_exceptions(struct ics_reading *r, struct ics_entry *e)
{
    icalcomponent *c = e->component;
    struct ics_clock clock;
    int rc;

    for (icalproperty *p =
             icalcomponent_get_first_property(c, ICAL_EXDATE_PROPERTY);
         p; p = icalcomponent_get_next_property(c, ICAL_EXDATE_PROPERTY)) {
        icaltimetype t = icalproperty_get_exdate(p);

        if ((rc = ics_clock_of(r, p, t, &clock)) < 0)
            return rc;
        if (t.is_date)
            *HF_PUSH(&e->not_on.v, &e->not_on.len, &e->not_on.cap) =
                hf_day_of(ics_shown(t));
        else
            *HF_PUSH(&e->not_at.v, &e->not_at.len, &e->not_at.cap) =
                ics_moment(&clock, ics_shown(t), NULL);
    }
    if (e->not_on.len)
        qsort(e->not_on.v, e->not_on.len, sizeof(int64_t), compare_int64);
    if (e->not_at.len)
        qsort(e->not_at.v, e->not_at.len, sizeof(int64_t), compare_int64);
    return HF_OK;
}

int
ics_read_move(struct ics_reading *r, icalcomponent *c)
{
    icalproperty *p =
        icalcomponent_get_first_property(c, ICAL_RECURRENCEID_PROPERTY);
    const char *uid = icalcomponent_get_uid(c);
    struct ics_clock clock;
    icaltimetype t;
    int rc;

    if (!p || !uid)
        return HF_OK;
    if (icalproperty_get_first_parameter(p, ICAL_RANGE_PARAMETER))
        return hf_fail(r->err, HF_EINVALID,
                       "it changes all that follow in its series (RANGE): make "
                       "them a series of their own");
    t = icalproperty_get_recurrenceid(p);
    if ((rc = ics_clock_of(r, p, t, &clock)) < 0)
        return rc;
    *HF_PUSH(&r->moves, &r->moves_len, &r->moves_cap) =
        (struct ics_move){ics_moment(&clock, ics_shown(t), NULL), uid};
    return HF_OK;
}

void
ics_sort_moves(struct ics_reading *r)
{
    if (r->moves_len)
        qsort(r->moves, r->moves_len, sizeof(*r->moves), compare_moves);
}

static int
is_left_out(const struct ics_reading *r, const struct ics_entry *e,
            icaltimetype t, int64_t at)
{
    struct ics_move move = {at, e->uid};

    return has_day(&e->not_at, at) ||
           has_day(&e->not_on, hf_day_of(ics_shown(t))) ||
           (e->uid && !e->is_move && r->moves_len &&
            bsearch(&move, r->moves, r->moves_len, sizeof(move),
                    compare_moves));
}

/* ---- occasions ---- */

static int
add_occasion(struct ics_reading *r, const struct ics_entry *e,
             const struct ics_clock *clock, icaltimetype t,
             struct ics_span span)
{
    struct hf_occasion o = {.title = e->title, .local = ics_is_local(clock)};

    if (++r->times > HF_ICS_MAX_OCCASIONS)
        return hf_fail(r->err, HF_ELIMIT,
                       "its events take place more than %d times",
                       HF_ICS_MAX_OCCASIONS);
    o.from = o.to = ics_moment(clock, ics_shown(t), &o.flags);
    if (is_left_out(r, e, t, o.from))
        return HF_OK;
    if (span.days)
        o.to = ics_moment(clock, ics_shown(t) + span.days, NULL);
    o.to += span.rest;
    if (o.to < o.from)
        return hf_fail(r->err, HF_EINVALID, "it ends before it begins");
    if (o.to == o.from)
        return HF_OK; /* a reminder: it takes no time */
    *HF_PUSH(&r->v, &r->len, &r->cap) = o;
    return HF_OK;
}

/* When the series ends, by its own clock. */
static int64_t
until_of(const struct ics_entry *e, icaltimetype until)
{
    if (icaltime_is_null_time(until))
        return INT64_MAX;
    if (until.is_date)
        return ics_moment(&e->clock, ics_shown(until), NULL) + HF_DAY_MS - 1;
    return icaltime_is_utc(until)
               ? ics_shown(until)
               : ics_moment(&e->clock, ics_shown(until), NULL);
}

/* libical looks for a day that a rule may mean for thousands of years: that
 * takes seconds where there is none, and a file may hold many such rules. */
static int
check_rule(struct ics_reading *r, const struct icalrecurrencetype *rule)
{
    static const int most[] = {[ICAL_DAILY_RECURRENCE] = 1,
                               [ICAL_WEEKLY_RECURRENCE] = 7,
                               [ICAL_MONTHLY_RECURRENCE] = 31,
                               [ICAL_YEARLY_RECURRENCE] = 366};

    if (rule->freq < ICAL_DAILY_RECURRENCE ||
        rule->freq > ICAL_YEARLY_RECURRENCE)
        return hf_fail(r->err, HF_EINVALID,
                       "it repeats by the hour, minute or second");
    if (rule->rscale)
        return hf_fail(r->err, HF_EINVALID,
                       "it counts by another calendar (RSCALE)");
    for (int i = 0; i < ICAL_BY_SETPOS_SIZE &&
                    rule->by_set_pos[i] != ICAL_RECURRENCE_ARRAY_MAX;
         i++) {
        if (abs(rule->by_set_pos[i]) > most[rule->freq])
            return hf_fail(r->err, HF_EINVALID,
                           "its RRULE names no day that there is "
                           "(BYSETPOS=%d)",
                           rule->by_set_pos[i]);
    }
    for (int i = 0;
         i < ICAL_BY_DAY_SIZE && rule->freq < ICAL_MONTHLY_RECURRENCE &&
         rule->by_day[i] != ICAL_RECURRENCE_ARRAY_MAX;
         i++) {
        if (icalrecurrencetype_day_position(rule->by_day[i]))
            return hf_fail(r->err, HF_EINVALID,
                           "its RRULE counts the days of a week (BYDAY with a "
                           "number goes with MONTHLY or YEARLY)");
    }
    return ics_check_patience(r);
}

static int
add_series(struct ics_reading *r, const struct ics_entry *e,
           struct icalrecurrencetype rule)
{
    int64_t until = until_of(e, rule.until), at;
    icaltimetype start = e->start, t;
    icalrecur_iterator *iterator;
    int rc;

    if ((rc = check_rule(r, &rule)) < 0)
        return rc;
    /* The end is compared below, by moments; libical need not look beyond. */
    rule.until = icaltime_from_timet_with_zone(
        (time_t)((r->until + 2 * HF_DAY_MS) / HF_SECOND_MS), 0, NULL);
    start.zone = NULL;
    r->endless |= until >= r->until && !rule.count;
    if (!(iterator = icalrecur_iterator_new(rule, start)))
        return hf_fail(r->err, HF_EINVALID,
                       "its RRULE names no day that there is");
    while (rc == HF_OK &&
           !icaltime_is_null_time(t = icalrecur_iterator_next(iterator)) &&
           (at = ics_moment(&e->clock, ics_shown(t), NULL)) <= until &&
           at < r->until)
        rc = add_occasion(r, e, &e->clock, t, e->span);
    icalrecur_iterator_free(iterator);
    return rc;
}

/* RDATE: further times, which may have a length of their own. */
static int
add_further(struct ics_reading *r, const struct ics_entry *e, icalproperty *p)
{
    struct icaldatetimeperiodtype date = icalproperty_get_rdate(p);
    int is_period = icaltime_is_null_time(date.time);
    icaltimetype t = is_period ? date.period.start : date.time;
    struct ics_span span = e->span;
    struct ics_clock clock;
    int rc;

    if (icaltime_is_null_time(t))
        return HF_OK;
    if ((rc = ics_clock_of(r, p, t, &clock)) < 0)
        return rc;
    if (is_period && icaltime_is_null_time(date.period.end))
        span = ics_span_of(date.period.duration);
    else if (is_period)
        span = (struct ics_span){
            0, ics_moment(&clock, ics_shown(date.period.end), NULL) -
                   ics_moment(&clock, ics_shown(t), NULL)};
    return add_occasion(r, e, &clock, t, span);
}

static int
add_times(struct ics_reading *r, const struct ics_entry *e)
{
    icalcomponent *c = e->component;
    icalproperty *p =
        e->is_move ? NULL
                   : icalcomponent_get_first_property(c, ICAL_RRULE_PROPERTY);
    int rc = HF_OK;

    if (!p)
        rc = add_occasion(r, e, &e->clock, e->start, e->span);
    for (; p && rc == HF_OK;
         p = icalcomponent_get_next_property(c, ICAL_RRULE_PROPERTY))
        rc = add_series(r, e, icalproperty_get_rrule(p));
    if (e->is_move)
        return rc;
    for (p = icalcomponent_get_first_property(c, ICAL_RDATE_PROPERTY);
         p && rc == HF_OK;
         p = icalcomponent_get_next_property(c, ICAL_RDATE_PROPERTY))
        rc = add_further(r, e, p);
    return rc;
}

int
ics_add_all(struct ics_reading *r, struct ics_entry *e)
{
    int rc = read_exceptions(r, e);

    if (rc == HF_OK)
        rc = add_times(r, e);
    free(e->not_at.v);
    free(e->not_on.v);
    return rc;
}
