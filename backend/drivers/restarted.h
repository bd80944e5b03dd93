/*
 * Hosts that restarted by themselves: by no run that is recorded, and while no
 * restart window was open. Rules over what is recorded; who did it is what
 * the host's own log says.
 */
#ifndef HF_DRIVERS_RESTARTED_H
#define HF_DRIVERS_RESTARTED_H

#include "backend/base/buf.h"
#include "backend/drivers/driver.h"

/* So long it is told, ms; a run of ours ends it earlier, and so does a later
 * start inside a window. */
#define HF_RESTARTED_FOR ((int64_t)31 * 24 * 60 * 60 * 1000)
/* A start counts for a window that was open so shortly before, ms: what stops
 * in it may install for a while. */
#define HF_RESTARTED_LATE ((int64_t)60 * 60 * 1000)

/* Borrowed from the record. */
struct hf_restarted {
    int64_t at;        /* ms, by our clock; 0: the host does not say when */
    const char *cause; /* "ordered", "crash", "unclean"; NULL: not known */
    const char *by;    /* who ordered it; NULL: not known */
    const char *why;   /* what was said about it, the crash's words; or NULL */
    const char *unknown; /* why the cause is not known; NULL: it is */
};

/* 1: it did, and `out` is filled (NULL: only asked). Another machine under the
 * name did not restart. */
int hf_restarted(struct hf_restarted *out, const struct hf_record *r,
                 const struct hf_host *host, const struct hf_calendar *cal,
                 int64_t now);

/* "2026-11-12 03:14 CET, outside its restart windows: ordered by alice:
 * shutdown -r now". Appends. */
void
hf_restarted_say(struct hf_buf *out, const struct hf_restarted *it,
                 const struct hf_host *host, const struct hf_calendar *cal);

#endif
