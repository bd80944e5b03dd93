/* Reading iCalendar through libical, within bounds: a rule that repeats by
 * the second, or an event that nobody could have meant, is refused before
 * libical works on it. */
#include "inventory/ics.h"

#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/text.h"
#include "inventory/ics_scan.h"

#define SECOND_MS ((int64_t)1000)
#define TITLE_MAX 200
#define MAX_ZONE_PARTS 500

/* The time of one event of a series, of which another event says more. */
struct move {
    int64_t at;
    const char *uid;
};

struct reading {
    struct hf_arena *arena;
    icalcomponent *root; /* the VCALENDAR */
    int64_t until;
    int endless;
    struct hf_occasion *v;
    size_t len, cap;
    struct move *moves; /* sorted */
    size_t moves_len, moves_cap;
    const struct hf_zone **zones; /* of names that the file does not define */
    size_t zones_len, zones_cap;
    struct hf_err *err;
};

/* Which clock a time is on; none of these: local. */
struct clock {
    icaltimezone *defined;      /* by the file */
    const struct hf_zone *iana; /* by its name */
    int utc;
};

struct days {
    int64_t *v;
    size_t len, cap;
};

/* One event, as it is written. */
struct entry {
    icalcomponent *component;
    struct clock clock;
    icaltimetype start;
    int64_t length;
    const char *title, *uid;
    struct days not_at, not_on; /* EXDATE: moments, days; sorted */
};

/* ---- times ---- */

/* What the clock shows, as ms since 1970. */
static int64_t
shown(icaltimetype t)
{
    return hf_day(t.year, t.month, t.day) * HF_DAY_MS +
           ((t.hour * 60 + t.minute) * 60 + t.second) * SECOND_MS;
}

/* The moment; of a local time, what is shown. */
static int64_t
moment(const struct clock *clock, icaltimetype t)
{
    int64_t at = shown(t);
    int is_dst;

    if (clock->iana)
        (void)hf_zone_moment(clock->iana, at, 0, &at);
    else if (clock->defined)
        at -= icaltimezone_get_utc_offset(clock->defined, &t, &is_dst) *
              SECOND_MS;
    return at;
}

static int
is_local(const struct clock *clock)
{
    return !clock->iana && !clock->defined && !clock->utc;
}

/* A zone by its name, for files that name one without defining it. */
static const struct hf_zone *
named_zone(struct reading *r, const char *name)
{
    const struct hf_zone *zone;
    struct hf_err ignored = HF_ERR_INIT;

    for (size_t i = 0; i < r->zones_len; i++) {
        if (strcmp(hf_zone_name(r->zones[i]), name) == 0)
            return r->zones[i];
    }
    if (hf_zone_load(&zone, r->arena, name, &ignored) < 0)
        return NULL;
    *HF_PUSH(&r->zones, &r->zones_len, &r->zones_cap) = zone;
    return zone;
}

static int
clock_of(struct reading *r, icalproperty *property, icaltimetype t,
         struct clock *out)
{
    icalparameter *parameter =
        icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
    const char *name = parameter ? icalparameter_get_tzid(parameter) : NULL;

    *out = (struct clock){.utc = icaltime_is_utc(t)};
    if (!name || out->utc || t.is_date)
        return HF_OK;
    out->defined = icalcomponent_get_timezone(r->root, name);
    if (out->defined || (out->iana = named_zone(r, name)))
        return HF_OK;
    return hf_fail(r->err, HF_EINVALID,
                   "time zone '%.80s' is neither defined in the file "
                   "(VTIMEZONE) nor an IANA zone",
                   name);
}

/* ---- days that do not count ---- */

static int
compare_int64(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static int
compare_moves(const void *a, const void *b)
{
    const struct move *x = a, *y = b;

    return x->at != y->at ? (x->at < y->at ? -1 : 1) : strcmp(x->uid, y->uid);
}

static int
has_day(const struct days *days, int64_t day)
{
    return days->len && bsearch(&day, days->v, days->len, sizeof(*days->v),
                                compare_int64) != NULL;
}

/* EXDATE; a plain date takes all of its day. */
static int
read_exceptions(struct reading *r, struct entry *e)
{
    icalcomponent *c = e->component;
    struct clock clock;
    int rc;

    for (icalproperty *p =
             icalcomponent_get_first_property(c, ICAL_EXDATE_PROPERTY);
         p; p = icalcomponent_get_next_property(c, ICAL_EXDATE_PROPERTY)) {
        icaltimetype t = icalproperty_get_exdate(p);

        if ((rc = clock_of(r, p, t, &clock)) < 0)
            return rc;
        if (t.is_date)
            *HF_PUSH(&e->not_on.v, &e->not_on.len, &e->not_on.cap) =
                hf_day_of(shown(t));
        else
            *HF_PUSH(&e->not_at.v, &e->not_at.len, &e->not_at.cap) =
                moment(&clock, t);
    }
    if (e->not_on.len)
        qsort(e->not_on.v, e->not_on.len, sizeof(int64_t), compare_int64);
    if (e->not_at.len)
        qsort(e->not_at.v, e->not_at.len, sizeof(int64_t), compare_int64);
    return HF_OK;
}

/* RECURRENCE-ID: which one of a series the event stands for. */
static int
read_move(struct reading *r, icalcomponent *c)
{
    icalproperty *p =
        icalcomponent_get_first_property(c, ICAL_RECURRENCEID_PROPERTY);
    const char *uid = icalcomponent_get_uid(c);
    struct clock clock;
    icaltimetype t;
    int rc;

    if (!p || !uid)
        return HF_OK;
    t = icalproperty_get_recurrenceid(p);
    if ((rc = clock_of(r, p, t, &clock)) < 0)
        return rc;
    *HF_PUSH(&r->moves, &r->moves_len, &r->moves_cap) =
        (struct move){moment(&clock, t), uid};
    return HF_OK;
}

static int
is_left_out(const struct reading *r, const struct entry *e, icaltimetype t,
            int64_t at)
{
    struct move move = {at, e->uid};

    return has_day(&e->not_at, at) ||
           has_day(&e->not_on, hf_day_of(shown(t))) ||
           (e->uid && r->moves_len &&
            bsearch(&move, r->moves, r->moves_len, sizeof(move),
                    compare_moves));
}

/* ---- occasions ---- */

static int
add_occasion(struct reading *r, const struct entry *e, int local, int64_t from,
             int64_t length)
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
until_of(const struct entry *e, icaltimetype until)
{
    if (icaltime_is_null_time(until))
        return INT64_MAX;
    if (until.is_date)
        return moment(&e->clock, until) + HF_DAY_MS - 1;
    return icaltime_is_utc(until) ? shown(until) : moment(&e->clock, until);
}

static int
add_series(struct reading *r, const struct entry *e,
           struct icalrecurrencetype rule)
{
    int64_t until = until_of(e, rule.until), at;
    icaltimetype start = e->start, t;
    icalrecur_iterator *iterator;
    int rc = HF_OK;

    if (rule.freq < ICAL_DAILY_RECURRENCE || rule.freq > ICAL_YEARLY_RECURRENCE)
        return hf_fail(r->err, HF_EINVALID,
                       "it repeats by the hour, minute or second");
    /* by what the clock shows: libical would compare moments */
    rule.until = icaltime_null_time();
    start.zone = NULL;
    if (!(iterator = icalrecur_iterator_new(rule, start)))
        return hf_fail(r->err, HF_EINVALID,
                       "its RRULE names no day that there is");
    while (rc == HF_OK &&
           !icaltime_is_null_time(t = icalrecur_iterator_next(iterator)) &&
           (at = moment(&e->clock, t)) <= until) {
        if (at >= r->until) {
            r->endless = 1;
            break;
        }
        if (!is_left_out(r, e, t, at))
            rc = add_occasion(r, e, is_local(&e->clock), at, e->length);
    }
    icalrecur_iterator_free(iterator);
    return rc;
}

/* RDATE: further times, which may have a length of their own. */
static int
add_further(struct reading *r, const struct entry *e, icalproperty *p)
{
    struct icaldatetimeperiodtype date = icalproperty_get_rdate(p);
    int is_period = icaltime_is_null_time(date.time);
    icaltimetype t = is_period ? date.period.start : date.time;
    int64_t length = e->length, at;
    struct clock clock;
    int rc;

    if (icaltime_is_null_time(t))
        return HF_OK;
    if ((rc = clock_of(r, p, t, &clock)) < 0)
        return rc;
    at = moment(&clock, t);
    if (is_period)
        length = icaltime_is_null_time(date.period.end)
                     ? icaldurationtype_as_int(date.period.duration) * SECOND_MS
                     : moment(&clock, date.period.end) - at;
    if (is_left_out(r, e, t, at))
        return HF_OK;
    return add_occasion(r, e, is_local(&clock), at, length);
}

static int
add_all(struct reading *r, const struct entry *e)
{
    icalcomponent *c = e->component;
    icalproperty *p = icalcomponent_get_first_property(c, ICAL_RRULE_PROPERTY);
    int64_t at = moment(&e->clock, e->start);
    int rc = HF_OK;

    if (icalcomponent_get_first_property(c, ICAL_RECURRENCEID_PROPERTY))
        return add_occasion(r, e, is_local(&e->clock), at, e->length);
    if (!p && !is_left_out(r, e, e->start, at))
        rc = add_occasion(r, e, is_local(&e->clock), at, e->length);
    for (; p && rc == HF_OK;
         p = icalcomponent_get_next_property(c, ICAL_RRULE_PROPERTY))
        rc = add_series(r, e, icalproperty_get_rrule(p));
    for (p = icalcomponent_get_first_property(c, ICAL_RDATE_PROPERTY);
         p && rc == HF_OK;
         p = icalcomponent_get_next_property(c, ICAL_RDATE_PROPERTY))
        rc = add_further(r, e, p);
    return rc;
}

/* ---- events ---- */

static int
read_length(struct reading *r, struct entry *e)
{
    icalcomponent *c = e->component;
    icalproperty *end =
        icalcomponent_get_first_property(c, ICAL_DTEND_PROPERTY);
    icalproperty *span =
        icalcomponent_get_first_property(c, ICAL_DURATION_PROPERTY);
    struct clock clock;
    icaltimetype t;
    int rc;

    if (span)
        e->length = icaldurationtype_as_int(icalproperty_get_duration(span)) *
                    SECOND_MS;
    else if (!end)
        e->length = e->start.is_date ? HF_DAY_MS : 0;
    if (!end)
        return HF_OK;
    t = icalproperty_get_dtend(end);
    if ((rc = clock_of(r, end, t, &clock)) < 0)
        return rc;
    if (is_local(&clock) != is_local(&e->clock))
        return hf_fail(r->err, HF_EINVALID,
                       "its start and its end are on different clocks");
    e->length = moment(&clock, t) - moment(&e->clock, e->start);
    return HF_OK;
}

static const char *
read_title(struct reading *r, icalcomponent *c)
{
    const char *summary = icalcomponent_get_summary(c), *title;
    struct hf_buf safe = {0};

    if (!summary || !*summary)
        return NULL;
    hf_sanitise(&safe, summary, strlen(summary), TITLE_MAX, 0);
    title = hf_arena_intern(r->arena, hf_buf_str(&safe));
    hf_buf_release(&safe);
    return title;
}

/* What libical left out of an event it says in properties of its own. Of what
 * only people read nothing need be there. */
static int
check_errors(struct reading *r, icalcomponent *c)
{
    static const char *const idle[] = {
        "No value for DESCRIPTION", "No value for LOCATION",
        "No value for SUMMARY",     "No value for COMMENT",
        "No value for CATEGORIES",  "No value for URL",
        "No value for X-",
    };

    for (icalproperty *p =
             icalcomponent_get_first_property(c, ICAL_XLICERROR_PROPERTY);
         p; p = icalcomponent_get_next_property(c, ICAL_XLICERROR_PROPERTY)) {
        const char *text = icalproperty_get_xlicerror(p);
        size_t i = 0;

        while (i < HF_COUNT(idle) && !(text && hf_has_prefix(text, idle[i])))
            i++;
        if (i == HF_COUNT(idle))
            return hf_fail(r->err, HF_EINVALID, "%.200s",
                           text ? text : "it is damaged");
    }
    return HF_OK;
}

static int
read_event(struct reading *r, struct entry *e)
{
    icalproperty *start =
        icalcomponent_get_first_property(e->component, ICAL_DTSTART_PROPERTY);
    int rc;

    if ((rc = check_errors(r, e->component)) < 0 ||
        icalcomponent_get_status(e->component) == ICAL_STATUS_CANCELLED)
        return rc;
    if (!start)
        return hf_fail(r->err, HF_EINVALID, "it has no DTSTART");
    e->start = icalproperty_get_dtstart(start);
    if (!icaltime_is_valid_time(e->start) || e->start.year < 1 ||
        e->start.year > 9999)
        return hf_fail(r->err, HF_EINVALID, "its DTSTART is no time");
    if ((rc = clock_of(r, start, e->start, &e->clock)) < 0 ||
        (rc = read_length(r, e)) < 0 || (rc = read_exceptions(r, e)) < 0)
        return rc;
    return add_all(r, e);
}

static int
read_events(struct reading *r)
{
    int rc = HF_OK;

    for (icalcomponent *c =
             icalcomponent_get_first_component(r->root, ICAL_VEVENT_COMPONENT);
         c && rc == HF_OK;
         c = icalcomponent_get_next_component(r->root, ICAL_VEVENT_COMPONENT)) {
        struct entry e = {.component = c,
                          .title = read_title(r, c),
                          .uid = icalcomponent_get_uid(c)};

        if ((rc = read_event(r, &e)) < 0)
            (void)hf_wrap(r->err, "event '%.80s'",
                          e.title ? e.title : "(without SUMMARY)");
        free(e.not_at.v);
        free(e.not_on.v);
    }
    return rc;
}

/* ---- the whole ---- */

/* libical follows the rules of a VTIMEZONE as soon as it is asked for. */
static int
check_zone(struct reading *r, icalcomponent *zone, size_t *parts)
{
    icalcomponent *c =
        icalcomponent_get_first_component(zone, ICAL_ANY_COMPONENT);
    int rc;

    for (; c; c = icalcomponent_get_next_component(zone, ICAL_ANY_COMPONENT)) {
        icalproperty *p =
            icalcomponent_get_first_property(c, ICAL_RRULE_PROPERTY);

        if (++*parts > MAX_ZONE_PARTS)
            return hf_fail(r->err, HF_ELIMIT,
                           "its time zones have more than %d changes",
                           MAX_ZONE_PARTS);
        if ((rc = check_errors(r, c)) < 0)
            return rc;
        if (p && icalproperty_get_rrule(p).freq != ICAL_YEARLY_RECURRENCE)
            return hf_fail(r->err, HF_EINVALID,
                           "a time zone whose clock does not change by the "
                           "year");
    }
    return HF_OK;
}

static int
read_calendar(struct reading *r)
{
    icalcomponent *c =
        icalcomponent_get_first_component(r->root, ICAL_VTIMEZONE_COMPONENT);
    size_t parts = 0;
    int rc = HF_OK;

    for (; c && rc == HF_OK; c = icalcomponent_get_next_component(
                                 r->root, ICAL_VTIMEZONE_COMPONENT))
        rc = check_zone(r, c, &parts);
    c = icalcomponent_get_first_component(r->root, ICAL_VEVENT_COMPONENT);
    for (; c && rc == HF_OK;
         c = icalcomponent_get_next_component(r->root, ICAL_VEVENT_COMPONENT))
        rc = read_move(r, c);
    if (rc < 0)
        return rc;
    if (r->moves_len)
        qsort(r->moves, r->moves_len, sizeof(*r->moves), compare_moves);
    return read_events(r);
}

/* One VCALENDAR, or several in a file. */
static int
read_root(struct reading *r, icalcomponent *root)
{
    int rc = HF_OK;

    if (icalcomponent_isa(root) == ICAL_VCALENDAR_COMPONENT) {
        r->root = root;
        return read_calendar(r);
    }
    for (icalcomponent *c =
             icalcomponent_get_first_component(root, ICAL_VCALENDAR_COMPONENT);
         c && rc == HF_OK;
         c = icalcomponent_get_next_component(root, ICAL_VCALENDAR_COMPONENT)) {
        r->root = c;
        r->moves_len = 0;
        rc = read_calendar(r);
    }
    return rc;
}

static int
compare_occasions(const void *a, const void *b)
{
    const struct hf_occasion *x = a, *y = b;

    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return (x->to > y->to) - (x->to < y->to);
}

static void
keep_occasions(struct reading *r, struct hf_ics *out)
{
    struct hf_occasion *v = hf_arena_alloc(r->arena, (r->len + 1) * sizeof(*v));

    if (r->len) {
        memcpy(v, r->v, r->len * sizeof(*v));
        qsort(v, r->len, sizeof(*v), compare_occasions);
    }
    *out = (struct hf_ics){v, r->len, r->endless};
}

int
hf_ics_read(struct hf_ics *out, struct hf_arena *arena, const char *text,
            size_t len, int64_t until, struct hf_err *err)
{
    struct reading r = {.arena = arena, .until = until, .err = err};
    icalcomponent *root;
    int rc;

    *out = (struct hf_ics){0};
    if ((rc = hf_ics_scan(text, len, err)) < 0)
        return rc;
    icalerror_set_errors_are_fatal(0);
    if (!(root = icalparser_parse_string(text)))
        return hf_fail(err, HF_EINVALID,
                       "is no iCalendar file that can be "
                       "read");
    if ((rc = read_root(&r, root)) == HF_OK)
        keep_occasions(&r, out);
    icalcomponent_free(root);
    free(r.v);
    free(r.moves);
    free(r.zones);
    return rc;
}
