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
#define MAX_ZONE_RULES 100   /* libical follows each from its first year on */
#define FIRST_ZONE_YEAR 1600 /* other programs write 1601 */
#define MAX_OFFSET_S (24 * 60 * 60)

/* ---- events ---- */

struct ics_span
ics_span_of(struct icaldurationtype d)
{
    int64_t sign = d.is_neg ? -1 : 1;
    int64_t days = (int64_t)d.weeks * 7 + d.days;
    int64_t minutes = (int64_t)d.hours * 60 + d.minutes;

    return (struct ics_span){sign * days * HF_DAY_MS,
                             sign * (minutes * 60 + d.seconds) * HF_SECOND_MS};
}

static int
read_span(struct ics_reading *r, struct ics_entry *e)
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
        e->span = ics_span_of(icalproperty_get_duration(span));
    else if (!end)
        e->span.days = e->start.is_date ? HF_DAY_MS : 0;
    if (!end)
        return HF_OK;
    t = icalproperty_get_dtend(end);
    if ((rc = ics_clock_of(r, end, t, &clock)) < 0)
        return rc;
    if (ics_is_local(&clock) != ics_is_local(&e->clock))
        return hf_fail(r->err, HF_EINVALID,
                       "its start and its end are on different clocks");
    e->span.rest = ics_moment(&clock, ics_shown(t), NULL) -
                   ics_moment(&e->clock, ics_shown(e->start), NULL);
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

/* What libical left out of an event it says in properties of its own. A title
 * need not be there. */
static int
check_errors(struct ics_reading *r, icalcomponent *c)
{
    for (icalproperty *p =
             icalcomponent_get_first_property(c, ICAL_XLICERROR_PROPERTY);
         p; p = icalcomponent_get_next_property(c, ICAL_XLICERROR_PROPERTY)) {
        const char *text = icalproperty_get_xlicerror(p);

        if (!text || !hf_has_prefix(text, "No value for SUMMARY"))
            return hf_fail(r->err, HF_EINVALID, "%.200s",
                           text ? text : "it is damaged");
    }
    return HF_OK;
}

/* What would be taken for something else than was meant. */
static int
check_once(struct ics_reading *r, icalcomponent *c)
{
    static const struct {
        icalproperty_kind kind;
        int most;
        const char *says;
    } rows[] = {
        {ICAL_DTSTART_PROPERTY, 1, "it has more than one DTSTART"},
        {ICAL_DTEND_PROPERTY, 1, "it has more than one DTEND"},
        {ICAL_DURATION_PROPERTY, 1, "it has more than one DURATION"},
        {ICAL_EXRULE_PROPERTY, 0,
         "it leaves times out by a rule (EXRULE), which RFC 5545 has no "
         "longer: "
         "name them (EXDATE)"},
    };

    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        if (icalcomponent_count_properties(c, rows[i].kind) > rows[i].most)
            return hf_fail(r->err, HF_EINVALID, "%s", rows[i].says);
    }
    return HF_OK;
}

static int
read_event(struct ics_reading *r, icalcomponent *c)
{
    icalproperty *start =
        icalcomponent_get_first_property(c, ICAL_DTSTART_PROPERTY);
    struct ics_entry e = {.component = c,
                          .title = read_title(r, c),
                          .uid = icalcomponent_get_uid(c),
                          .is_move = icalcomponent_count_properties(
                              c, ICAL_RECURRENCEID_PROPERTY)};
    int rc;

    if ((rc = check_errors(r, c)) < 0 || (rc = check_once(r, c)) < 0 ||
        (rc = ics_check_patience(r)) < 0 ||
        icalcomponent_get_status(c) == ICAL_STATUS_CANCELLED)
        return rc;
    if (!start)
        return hf_fail(r->err, HF_EINVALID, "it has no DTSTART");
    e.start = icalproperty_get_dtstart(start);
    if ((rc = ics_clock_of(r, start, e.start, &e.clock)) < 0 ||
        (rc = read_span(r, &e)) < 0)
        return rc;
    return ics_add_all(r, &e);
}

/* ---- time zones ---- */

/* One of the times from which on a clock shows something else. */
static int
check_part(struct ics_reading *r, icalcomponent *c)
{
    icalproperty *rule =
        icalcomponent_get_first_property(c, ICAL_RRULE_PROPERTY);
    icalproperty *offset =
        icalcomponent_get_first_property(c, ICAL_TZOFFSETTO_PROPERTY);
    icaltimetype start = icalcomponent_get_dtstart(c);
    int rc = check_errors(r, c);

    if (rc < 0)
        return rc;
    if (!offset || icaltime_is_null_time(start) ||
        abs(icalproperty_get_tzoffsetto(offset)) >= MAX_OFFSET_S)
        return hf_fail(r->err, HF_EINVALID,
                       "a part of it does not say from when on (DTSTART) its "
                       "clock is how far from UTC (TZOFFSETTO)");
    if (!rule)
        return HF_OK;
    if (icalproperty_get_rrule(rule).freq != ICAL_YEARLY_RECURRENCE)
        return hf_fail(r->err, HF_EINVALID,
                       "its clock does not change by the year");
    if (start.year < FIRST_ZONE_YEAR || ++r->zone_rules > MAX_ZONE_RULES)
        return hf_fail(r->err, HF_ELIMIT,
                       "its rules begin before %d, or it is more than the "
                       "%dth rule for a clock",
                       FIRST_ZONE_YEAR, MAX_ZONE_RULES);
    return HF_OK;
}

/* libical follows the rules of a VTIMEZONE as soon as it is asked for. */
static int
check_zone(struct ics_reading *r, icalcomponent *zone)
{
    icalcomponent *c =
        icalcomponent_get_first_component(zone, ICAL_ANY_COMPONENT);
    int rc = HF_OK;

    if (!c)
        return hf_fail(r->err, HF_EINVALID,
                       "it does not say how far from UTC its clock is "
                       "(STANDARD, DAYLIGHT)");
    for (; c && rc == HF_OK;
         c = icalcomponent_get_next_component(zone, ICAL_ANY_COMPONENT)) {
        if (++r->zone_parts > MAX_ZONE_PARTS)
            return hf_fail(r->err, HF_ELIMIT,
                           "there are more than %d changes of clocks",
                           MAX_ZONE_PARTS);
        rc = check_part(r, c);
    }
    return rc;
}

/* ---- the whole ---- */

static const char *
line_of(icalcomponent *c)
{
    icalproperty *p = icalcomponent_get_first_property(c, ICAL_X_PROPERTY);
    const char *line = p ? icalproperty_get_x(p) : NULL;

    return line ? line : "?";
}

typedef int read_fn(struct ics_reading *r, icalcomponent *c);

static int
read_all(struct ics_reading *r, icalcomponent_kind kind, read_fn *read)
{
    int is_zone = kind == ICAL_VTIMEZONE_COMPONENT, rc = HF_OK;

    for (icalcomponent *c = icalcomponent_get_first_component(r->root, kind);
         c && rc == HF_OK;
         c = icalcomponent_get_next_component(r->root, kind)) {
        icalproperty *p = icalcomponent_get_first_property(
            c, is_zone ? ICAL_TZID_PROPERTY : ICAL_SUMMARY_PROPERTY);
        const char *name = p ? icalproperty_get_value_as_string(p) : NULL;

        if ((rc = read(r, c)) < 0)
            (void)hf_wrap(r->err, "line %.20s: %s '%.80s'", line_of(c),
                          is_zone ? "time zone" : "event",
                          name      ? name
                          : is_zone ? "(without TZID)"
                                    : "(without SUMMARY)");
    }
    return rc;
}

static int
read_calendar(struct ics_reading *r)
{
    int rc = read_all(r, ICAL_VTIMEZONE_COMPONENT, check_zone);

    if (rc == HF_OK)
        rc = read_all(r, ICAL_VEVENT_COMPONENT, ics_read_move);
    ics_sort_moves(r);
    if (rc == HF_OK)
        rc = read_all(r, ICAL_VEVENT_COMPONENT, read_event);
    return rc;
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
    icalcomponent *root = NULL;
    struct hf_buf lines = {0};
    int rc;

    *out = (struct hf_ics){0};
    if ((rc = hf_ics_scan(&lines, text, len, err)) < 0)
        goto out;
    icalerror_set_errors_are_fatal(0);
    if (!(root = icalparser_parse_string(hf_buf_str(&lines)))) {
        rc = hf_fail(err, HF_EINVALID, "is no iCalendar file that can be read");
        goto out;
    }
    if ((rc = read_root(&r, root)) == HF_OK)
        keep_occasions(&r, out);
out:
    if (root)
        icalcomponent_free(root);
    hf_buf_release(&lines);
    free(r.v);
    free(r.moves);
    free(r.zones);
    return rc;
}
