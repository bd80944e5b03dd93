/*
 * Forced restarts against the restart windows of the calendar: what is
 * overdue, what its next window serves, what no window serves. For a fleet:
 * hosts that stand alike share one answer. Pure.
 */
#ifndef HF_MODEL_DUE_H
#define HF_MODEL_DUE_H

#include "backend/model/outlook.h"
#include "backend/model/state.h"

enum hf_due_group {
    HF_DUE_OVERDUE,   /* a window passed since it is due, or the last day */
    HF_DUE_NOW,       /* its next window serves */
    HF_DUE_SCHEDULED, /* on the host */
    HF_DUE_NO_WINDOW, /* none in time: an error in planning */
    HF_DUE_FORECAST,  /* to come, and a window will serve */
    HF_DUE_UNKNOWN,   /* when it must restart cannot be told */
    HF_DUE_GROUP_COUNT
};
extern const char *const hf_due_names[HF_DUE_GROUP_COUNT + 1];
extern const char *const hf_due_titles[HF_DUE_GROUP_COUNT + 1];

/* One restart of the year to come. */
struct hf_due_step {
    int64_t at;    /* from then on; not before now */
    int64_t opens; /* the window that serves it; HF_NEVER: none */
};

struct hf_due {
    enum hf_due_group group;
    struct hf_forced forced;
    struct hf_period window;      /* serves it; from HF_NEVER: none does */
    int too_late;                 /* there is one, but behind the last day */
    size_t hosts;                 /* that have this answer */
    const struct hf_state *state; /* one of them: borrowed */
    struct hf_due_step *steps;    /* by day */
    size_t steps_len;
};

/* The answers for some hosts, in the order in which they were added. */
struct hf_dues {
    struct hf_outlook outlook;
    const struct hf_calendar *cal;
    int64_t until;     /* of the steps */
    struct hf_due **v; /* different answers */
    size_t len, cap;
    uint32_t *of; /* by host: its place in `v` */
    size_t n, of_cap;
    uint32_t *slots; /* places + 1, by hash */
    size_t slots_len;
};

/* Steps up to `until`. Catalogue, calendar and what-if as hf_outlook_init. */
void hf_dues_init(struct hf_dues *out, const struct hf_fleet *fleet,
                  const struct hf_what_if *what_if, int64_t now, int64_t until);
void hf_dues_release(struct hf_dues *d);
/* The next host; borrowed until the release, as its state is from then on. */
const struct hf_due *hf_dues_add(struct hf_dues *d, const struct hf_state *st);
/* Of the i-th host that was added. */
const struct hf_due *hf_dues_of(const struct hf_dues *d, size_t i);
/* When it restarts, if its window is used, or by itself where that is
 * scheduled: in the future, or now; HF_NEVER: no window serves. */
int64_t hf_due_opens(const struct hf_due *due, int64_t now);
/* Who comes first in a list: by group, then by day. For qsort-like uses: <0,
 * 0, >0. */
int hf_due_compare(const struct hf_due *a, const struct hf_due *b);

/* "opens 2027-01-16 22:00 CET (patch night)", "no restart window names it",
 * by the clock of the state's host. */
void hf_due_say_window(struct hf_buf *out, const struct hf_dues *d,
                       const struct hf_due *due, const struct hf_host *host);

#endif
