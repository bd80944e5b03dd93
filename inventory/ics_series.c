/* How often an event takes place: its rule, further times, exceptions. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/time.h"
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
                ics_moment(&clock, t);
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
    t = icalproperty_get_recurrenceid(p);
    if ((rc = ics_clock_of(r, p, t, &clock)) < 0)
        return rc;
    *HF_PUSH(&r->moves, &r->moves_len, &r->moves_cap) =
        (struct ics_move){ics_moment(&clock, t), uid};
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
           (e->uid && r->moves_len &&
            bsearch(&move, r->moves, r->moves_len, sizeof(move),
                    compare_moves));
}

/* ---- occasions ---- */

static int
add_occasion(struct ics_reading *r, const struct ics_entry *e, int local,
             int64_t from, int64_t length)
{
    if (length <= 0)
        return HF_OK; /* a reminder: it takes no time */
    if (r->len == HF_ICS_MAX_OCCASIONS)
        return hf_fail(r->err, HF_ELIMIT,
                       "its events take place more than %d times",
                       HF_ICS_MAX_OCCASIONS);
    *HF_PUSH(&r->v, &r->len, &r->cap) =
        (struct hf_occasion){from, from + length, e->title, local};
    return HF_OK;
}

/* When the series ends, by its own clock. */
static int64_t
until_of(const struct ics_entry *e, icaltimetype until)
{
    if (icaltime_is_null_time(until))
        return INT64_MAX;
    if (until.is_date)
        return ics_moment(&e->clock, until) + HF_DAY_MS - 1;
    return icaltime_is_utc(until) ? ics_shown(until)
                                  : ics_moment(&e->clock, until);
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
    if (hf_mono() > r->deadline)
        return hf_fail(r->err, HF_ELIMIT,
                       "its rules take longer than %d s to follow",
                       ICS_PATIENCE_MS / 1000);
    return HF_OK;
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
           (at = ics_moment(&e->clock, t)) <= until) {
        if (at >= r->until)
            break;
        if (!is_left_out(r, e, t, at))
            rc = add_occasion(r, e, ics_is_local(&e->clock), at, e->length);
    }
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
    int64_t length = e->length, at;
    struct ics_clock clock;
    int rc;

    if (icaltime_is_null_time(t))
        return HF_OK;
    if ((rc = ics_clock_of(r, p, t, &clock)) < 0)
        return rc;
    at = ics_moment(&clock, t);
    if (is_period)
        length =
            icaltime_is_null_time(date.period.end)
                ? icaldurationtype_as_int(date.period.duration) * HF_SECOND_MS
                : ics_moment(&clock, date.period.end) - at;
    if (is_left_out(r, e, t, at))
        return HF_OK;
    return add_occasion(r, e, ics_is_local(&clock), at, length);
}

static int
add_times(struct ics_reading *r, const struct ics_entry *e)
{
    icalcomponent *c = e->component;
    icalproperty *p = icalcomponent_get_first_property(c, ICAL_RRULE_PROPERTY);
    int64_t at = ics_moment(&e->clock, e->start);
    int rc = HF_OK;

    if (icalcomponent_get_first_property(c, ICAL_RECURRENCEID_PROPERTY))
        return add_occasion(r, e, ics_is_local(&e->clock), at, e->length);
    if (!p && !is_left_out(r, e, e->start, at))
        rc = add_occasion(r, e, ics_is_local(&e->clock), at, e->length);
    for (; p && rc == HF_OK;
         p = icalcomponent_get_next_property(c, ICAL_RRULE_PROPERTY))
        rc = add_series(r, e, icalproperty_get_rrule(p));
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
