/*
 * One iCalendar file while it is read. For ics*.c only.
 */
#ifndef HF_INVENTORY_ICS_READING_H
#define HF_INVENTORY_ICS_READING_H

#include <libical/ical.h>

#include "inventory/ics.h"

#define HF_SECOND_MS ((int64_t)1000)
#define ICS_PATIENCE_MS 5000 /* for all rules and clocks of a file */

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
    size_t times; /* that were looked at, with those that take no time */
    struct ics_move *moves; /* sorted */
    size_t moves_len, moves_cap;
    const struct hf_zone **zones; /* of names that the file does not define */
    size_t zones_len, zones_cap;
    int zone_parts, zone_rules; /* of VTIMEZONEs, so far */
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

/* Whole days end at the same time of day, the rest is time that passes. */
struct ics_span {
    int64_t days, rest; /* ms */
};

/* One event, as it is written. */
struct ics_entry {
    icalcomponent *component;
    struct ics_clock clock;
    icaltimetype start;
    struct ics_span span;
    const char *title, *uid;
    int is_move;                    /* it stands for one of a series */
    struct ics_days not_at, not_on; /* EXDATE: moments, days; sorted */
};

struct ics_span ics_span_of(struct icaldurationtype d);

/* ---- ics_clock.c ---- */

/* What the clock shows, as ms since 1970. */
int64_t ics_shown(icaltimetype t);
/* The moment of what is shown; of a local time, the same. One that the clock
 * jumps over is counted on from before, one that comes twice means the first:
 * what it was is added to `flags` (HF_PERIOD_..., or NULL). */
int64_t
ics_moment(const struct ics_clock *clock, int64_t shown, unsigned *flags);
int ics_is_local(const struct ics_clock *clock);
/* The clock of a property's time. HF_EINVALID: of an unknown zone, or no time
 * that there is. */
int ics_clock_of(struct ics_reading *r, icalproperty *property, icaltimetype t,
                 struct ics_clock *out);

/* HF_ELIMIT: the file has taken its time. */
int ics_check_patience(const struct ics_reading *r);

/* ---- ics_series.c ---- */

/* RECURRENCE-ID: remembers which one of a series the event stands for. To be
 * called for all events, before the others; then sorted once. */
int ics_read_move(struct ics_reading *r, icalcomponent *c);
void ics_sort_moves(struct ics_reading *r);
/* Adds every time that the event takes place. */
int ics_add_all(struct ics_reading *r, struct ics_entry *e);

#endif
