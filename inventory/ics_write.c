/* Writing iCalendar: libical folds the lines and escapes the texts. */
#include <libical/ical.h>
#include <stdio.h>

#include "inventory/ics.h"

#define PRODUCT "-//hotfleet//hotfleet " HF_VERSION "//EN"

const char *
hf_ics_version(void)
{
    return ICAL_VERSION;
}

static icaltimetype
utc_time(int64_t at)
{
    return icaltime_from_timet_with_zone((time_t)(at / 1000), 0,
                                         icaltimezone_get_utc_timezone());
}

static void
add_event(icalcomponent *calendar, int64_t stamp, const struct hf_ics_event *e)
{
    icalcomponent *event = icalcomponent_new(ICAL_VEVENT_COMPONENT);

    icalcomponent_add_property(event, icalproperty_new_uid(e->uid));
    icalcomponent_add_property(event,
                               icalproperty_new_dtstamp(utc_time(stamp)));
    icalcomponent_add_property(event,
                               icalproperty_new_dtstart(utc_time(e->from)));
    icalcomponent_add_property(event, icalproperty_new_dtend(utc_time(e->to)));
    icalcomponent_add_property(event, icalproperty_new_summary(e->title));
    if (e->text)
        icalcomponent_add_property(event,
                                   icalproperty_new_description(e->text));
    if (e->category)
        icalcomponent_add_property(event,
                                   icalproperty_new_categories(e->category));
    /* a window takes nobody's time */
    icalcomponent_add_property(
        event, icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT));
    icalcomponent_add_component(calendar, event);
}

void
hf_ics_write(struct hf_buf *out, const char *name, int64_t stamp,
             const struct hf_ics_event *events, size_t n)
{
    icalcomponent *calendar = icalcomponent_new(ICAL_VCALENDAR_COMPONENT);
    icalproperty *title = icalproperty_new_x(name);
    char *text;

    icalproperty_set_x_name(title, "X-WR-CALNAME");
    icalcomponent_add_property(calendar, icalproperty_new_version("2.0"));
    icalcomponent_add_property(calendar, icalproperty_new_prodid(PRODUCT));
    icalcomponent_add_property(calendar, title);
    for (size_t i = 0; i < n; i++)
        add_event(calendar, stamp, &events[i]);
    text = icalcomponent_as_ical_string_r(calendar);
    hf_buf_puts(out, text);
    icalmemory_free_buffer(text);
    icalcomponent_free(calendar);
}
