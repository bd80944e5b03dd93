/*
 * iCalendar (RFC 5545): other people's calendars in, ours out.
 */
#ifndef HF_INVENTORY_ICS_H
#define HF_INVENTORY_ICS_H

#include "backend/base/buf.h"
#include "backend/model/calendar.h"

#define HF_ICS_MAX_EVENTS 20000
#define HF_ICS_MAX_OCCASIONS 50000

struct hf_ics {
    const struct hf_occasion *v; /* in the arena, sorted by start */
    size_t len;
    int endless; /* some of it repeats for ever: known up to `until` */
};

/*
 * The events of a file, each as often as it takes place before `until`:
 * RRULE, RDATE, EXDATE, moved and cancelled ones (RECURRENCE-ID); clocks by
 * the file's own VTIMEZONE, else by the name of an IANA zone; whole days and
 * times without a zone are local. HF_EINVALID names the line; HF_ELIMIT: more
 * than HF_ICS_MAX_EVENTS or _OCCASIONS.
 */
int hf_ics_read(struct hf_ics *out, struct hf_arena *arena, const char *text,
                size_t len, int64_t until, struct hf_err *err);

/* Of libical, that of the build. Borrowed for ever. */
const char *hf_ics_version(void);

/* One VEVENT of our own. */
struct hf_ics_event {
    const char *uid;   /* the same for the same thing at every export */
    const char *title; /* may hold anything */
    const char *text;  /* description, or NULL */
    const char *category;
    int64_t from, to;
};

/* A whole VCALENDAR; times are in UTC, lines folded, texts escaped. `stamp` is
 * when that was so (DTSTAMP). */
void hf_ics_write(struct hf_buf *out, const char *name, int64_t stamp,
                  const struct hf_ics_event *events, size_t n);

#endif
