/*
 * One iCalendar file while it is read. For ics*.c only.
 */
#ifndef HF_INVENTORY_ICS_READING_H
#define HF_INVENTORY_ICS_READING_H

#include <libical/ical.h>

#include "inventory/ics.h"

#define HF_SECOND_MS ((int64_t)1000)
#define ICS_PATIENCE_MS 5000 /* for all rules of a file */

/* The time of one event of a series, of which another event says more. */
struct ics_move {
    int64_t at;
    const char *uid;
};

struct ics_reading {
    struct hf_arena *arena;
    icalcomponent *root; /* the VCALENDAR */
    int64_t until;
    int64_t deadline; /* monotonic ms */
    int endless;
    struct hf_occasion *v;
    size_t len, cap;
    struct ics_move *moves; /* sorted */
    size_t moves_len, moves_cap;
    const struct hf_zone **zones; /* of names that the file does not define */
    size_t zones_len, zones_cap;
    struct hf_err *err;
};

/* Which clock a time is on; none of these: local. */
struct ics_clock {
    icaltimezone *defined;      /* by the file */
    const struct hf_zone *iana; /* by its name */
    int utc;
};

struct ics_days {
    int64_t *v;
    size_t len, cap;
};

/* One event, as it is written. */
struct ics_entry {
    icalcomponent *component;
    struct ics_clock clock;
    icaltimetype start;
    int64_t length;
    const char *title, *uid;
    struct ics_days not_at, not_on; /* EXDATE: moments, days; sorted */
};

/* What the clock shows, as ms since 1970. */
int64_t ics_shown(icaltimetype t);
/* The moment; of a local time, what is shown. */
int64_t ics_moment(const struct ics_clock *clock, icaltimetype t);
int ics_is_local(const struct ics_clock *clock);
/* The clock of a property's time. HF_EINVALID: of an unknown zone. */
int ics_clock_of(struct ics_reading *r, icalproperty *property, icaltimetype t,
                 struct ics_clock *out);

/* ---- ics_series.c ---- */

/* RECURRENCE-ID: remembers which one of a series the event stands for. To be
 * called for all events, before the others; then sorted once. */
int ics_read_move(struct ics_reading *r, icalcomponent *c);
void ics_sort_moves(struct ics_reading *r);
/* Adds every time that the event takes place. */
int ics_add_all(struct ics_reading *r, struct ics_entry *e);

#endif
