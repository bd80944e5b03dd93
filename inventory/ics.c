/* Reading iCalendar through libical, within bounds: a rule that repeats by
 * the second, or an event that nobody could have meant, is refused before
 * libical works on it. */
#include "inventory/ics.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "inventory/ics_reading.h"
#include "inventory/ics_scan.h"

#define TITLE_MAX 200
#define MAX_ZONE_PARTS 500

/* ---- times ---- */

int64_t
ics_shown(icaltimetype t)
{
    return hf_day(t.year, t.month, t.day) * HF_DAY_MS +
           ((t.hour * 60 + t.minute) * 60 + t.second) * HF_SECOND_MS;
}

int64_t
ics_moment(const struct ics_clock *clock, icaltimetype t)
{
    int64_t at = ics_shown(t);
    int is_dst;

    if (clock->iana)
        (void)hf_zone_moment(clock->iana, at, 0, &at);
    else if (clock->defined)
        at -= icaltimezone_get_utc_offset(clock->defined, &t, &is_dst) *
              HF_SECOND_MS;
    return at;
}

int
ics_is_local(const struct ics_clock *clock)
{
    return !clock->iana && !clock->defined && !clock->utc;
}

/* A zone by its name, for files that name one without defining it. */
static const struct hf_zone *
named_zone(struct ics_reading *r, const char *name)
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

int
ics_clock_of(struct ics_reading *r, icalproperty *property, icaltimetype t,
             struct ics_clock *out)
{
    icalparameter *parameter =
        icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
    const char *name = parameter ? icalparameter_get_tzid(parameter) : NULL;

    *out = (struct ics_clock){.utc = icaltime_is_utc(t)};
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

/* ---- events ---- */

static int
read_length(struct ics_reading *r, struct ics_entry *e)
{
    icalcomponent *c = e->component;
    icalproperty *end =
        icalcomponent_get_first_property(c, ICAL_DTEND_PROPERTY);
    icalproperty *span =
        icalcomponent_get_first_property(c, ICAL_DURATION_PROPERTY);
    struct ics_clock clock;
    icaltimetype t;
    int rc;

    if (span)
        e->length = icaldurationtype_as_int(icalproperty_get_duration(span)) *
                    HF_SECOND_MS;
    else if (!end)
        e->length = e->start.is_date ? HF_DAY_MS : 0;
    if (!end)
        return HF_OK;
    t = icalproperty_get_dtend(end);
    if ((rc = ics_clock_of(r, end, t, &clock)) < 0)
        return rc;
    if (ics_is_local(&clock) != ics_is_local(&e->clock))
        return hf_fail(r->err, HF_EINVALID,
                       "its start and its end are on different clocks");
    e->length = ics_moment(&clock, t) - ics_moment(&e->clock, e->start);
    return HF_OK;
}

static const char *
read_title(struct ics_reading *r, icalcomponent *c)
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
check_errors(struct ics_reading *r, icalcomponent *c)
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
read_event(struct ics_reading *r, struct ics_entry *e)
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
    if ((rc = ics_clock_of(r, start, e->start, &e->clock)) < 0 ||
        (rc = read_length(r, e)) < 0)
        return rc;
    return ics_add_all(r, e);
}

static int
read_events(struct ics_reading *r)
{
    int rc = HF_OK;

    for (icalcomponent *c =
             icalcomponent_get_first_component(r->root, ICAL_VEVENT_COMPONENT);
         c && rc == HF_OK;
         c = icalcomponent_get_next_component(r->root, ICAL_VEVENT_COMPONENT)) {
        struct ics_entry e = {.component = c,
                              .title = read_title(r, c),
                              .uid = icalcomponent_get_uid(c)};

        if ((rc = read_event(r, &e)) < 0)
            (void)hf_wrap(r->err, "event '%.80s'",
                          e.title ? e.title : "(without SUMMARY)");
    }
    return rc;
}

/* ---- the whole ---- */

/* libical follows the rules of a VTIMEZONE as soon as it is asked for. */
static int
check_zone(struct ics_reading *r, icalcomponent *zone, size_t *parts)
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
read_calendar(struct ics_reading *r)
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
        rc = ics_read_move(r, c);
    if (rc < 0)
        return rc;
    ics_sort_moves(r);
    return read_events(r);
}

/* One VCALENDAR, or several in a file. */
static int
read_root(struct ics_reading *r, icalcomponent *root)
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
keep_occasions(struct ics_reading *r, struct hf_ics *out)
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
    struct ics_reading r = {.arena = arena,
                            .until = until,
                            .deadline = hf_mono() + ICS_PATIENCE_MS,
                            .err = err};
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
