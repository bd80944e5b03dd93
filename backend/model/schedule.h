/*
 * What the calendar comes to for some hosts over some time: every window and
 * freeze once, with how many of the hosts it names. For tables, pictures and
 * exports.
 */
#ifndef HF_MODEL_SCHEDULE_H
#define HF_MODEL_SCHEDULE_H

#include "backend/model/calendar.h"

struct hf_schedule_row {
    struct hf_period period;
    const struct hf_zone *zone; /* the clock it is on */
    size_t hosts;               /* of those asked for */
    /* Windows: the first freeze that lies over it, for these hosts; NULL:
     * none. `frozen_all`: nothing of the window is left. */
    const struct hf_rule *frozen;
    int frozen_all;
};

struct hf_schedule {
    int64_t from, to;
    size_t hosts;
    size_t any_time;           /* hosts that no change window names */
    size_t never;              /* hosts that no restart window names */
    struct hf_schedule_row *v; /* sorted by start */
    size_t len, cap;
};

/* Of `n` hosts, from `from` on and before `to`. Without a calendar (NULL)
 * there are no rows. */
void hf_schedule_make(struct hf_schedule *out, const struct hf_calendar *cal,
                      const struct hf_host *const *hosts, size_t n,
                      int64_t from, int64_t to);
void hf_schedule_release(struct hf_schedule *s);

/* What an export calls a row, stable from one to the next: 32 hex digits. */
void hf_schedule_id(char out[33], const struct hf_schedule_row *row);

#endif
