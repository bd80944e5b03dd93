/* The times of iCalendar: on which clock, and which moment they mean. */
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/time.h"
#include "inventory/ics_reading.h"

int64_t
ics_shown(icaltimetype t)
{
    return hf_day(t.year, t.month, t.day) * HF_DAY_MS +
           ((t.hour * 60 + t.minute) * 60 + t.second) * HF_SECOND_MS;
}

/* East of UTC, in ms. */
static int64_t
defined_offset(icaltimezone *zone, int64_t at)
{
    struct hf_civil day = hf_day_civil(hf_day_of(at));
    int64_t s = (at - hf_day_of(at) * HF_DAY_MS) / HF_SECOND_MS;
    icaltimetype t = {.year = day.year,
                      .month = day.month,
                      .day = day.day,
                      .hour = (int)(s / 3600),
                      .minute = (int)(s / 60 % 60),
                      .second = (int)(s % 60)};
    int is_dst;

    return icaltimezone_get_utc_offset_of_utc_time(zone, &t, &is_dst) *
           HF_SECOND_MS;
}

/* As hf_zone_moment: libical itself takes the offset after a jump, and the
 * second of two. */
static enum hf_local
defined_moment(icaltimezone *zone, int64_t shown, int64_t *at)
{
    int64_t before = shown - defined_offset(zone, shown - HF_DAY_MS);
    int64_t after = shown - defined_offset(zone, shown + HF_DAY_MS);
    int is_before = before + defined_offset(zone, before) == shown;
    int is_after = after + defined_offset(zone, after) == shown;

    *at = is_after && !is_before ? after : before;
    if (!is_before && !is_after)
        return HF_LOCAL_SKIPPED;
    return is_before && is_after && before != after ? HF_LOCAL_TWICE
                                                    : HF_LOCAL_ONCE;
}

int64_t
ics_moment(const struct ics_clock *clock, int64_t shown, unsigned *flags)
{
    static const unsigned flag_of[] = {[HF_LOCAL_SKIPPED] = HF_PERIOD_MOVED,
                                       [HF_LOCAL_TWICE] = HF_PERIOD_TWICE};
    enum hf_local what = HF_LOCAL_ONCE;
    int64_t at = shown;

    if (clock->iana)
        what = hf_zone_moment(clock->iana, shown, 0, &at);
    else if (clock->defined)
        what = defined_moment(clock->defined, shown, &at);
    if (flags)
        *flags |= flag_of[what];
    return at;
}

/* 29 February of every year, 24:00; a leap second may be. */
static int
check_time(const struct ics_reading *r, icaltimetype t)
{
    if (t.year >= 1 && t.year <= 9999 && t.month >= 1 && t.month <= 12 &&
        t.day >= 1 && t.day <= hf_month_days(t.year, t.month) && t.hour >= 0 &&
        t.hour < 24 && t.minute >= 0 && t.minute < 60 && t.second >= 0 &&
        t.second <= 60)
        return HF_OK;
    return hf_fail(r->err, HF_EINVALID,
                   "%04d-%02d-%02d %02d:%02d:%02d is no time that there is",
                   t.year, t.month, t.day, t.hour, t.minute, t.second);
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
        return check_time(r, t);
    out->defined = icalcomponent_get_timezone(r->root, name);
    if (out->defined || (out->iana = named_zone(r, name)))
        return check_time(r, t);
    return hf_fail(r->err, HF_EINVALID,
                   "time zone '%.80s' is neither defined in the file "
                   "(VTIMEZONE) nor an IANA zone",
                   name);
}

int
ics_check_patience(const struct ics_reading *r)
{
    if (hf_mono() <= r->deadline)
        return HF_OK;
    return hf_fail(r->err, HF_ELIMIT,
                   "its rules take longer than %d s to follow",
                   ICS_PATIENCE_MS / 1000);
}
