/* Making the lines of Today; for its own files. */
#ifndef HF_ROWS_TODAY_PRIV_H
#define HF_ROWS_TODAY_PRIV_H

#include "tui/rows/today.h"

/* A new line at the end; `next` may be NULL. Valid until the next one. */
struct hf_today_line *
hf_today_add(struct hf_today *t, enum hf_today_section section,
             const char *next, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* What is new this month, by product (today_month.c). */
void hf_today_month(struct hf_today *t, const struct hf_today_in *in);
/* Who runs what is blocked (today_blocks.c). */
void hf_today_blocks(struct hf_today *t, const struct hf_today_in *in);
/* Who must restart for cover, by date (today_restarts.c). */
void hf_today_restarts(struct hf_today *t, const struct hf_today_in *in);

/* Restarts that need a person, and what the calendar has for the next 24 h
 * (today_next.c). */
void hf_today_next(struct hf_today *t, const struct hf_today_in *in);
/* Runs of plans that are not over: what they wait for. */
void hf_today_runs(struct hf_today *t, const struct hf_today_in *in);
/* ", run R: soaks until ..." of the ring that a run is in. */
void hf_today_ring_run(struct hf_buf *out, const struct hf_today_in *in,
                       const char *ring);
/* The goal, restarts avoided and caused. */
void hf_today_worth(struct hf_today *t, const struct hf_today_in *in);
/* How old facts are. */
void hf_today_facts(struct hf_today *t, const struct hf_today_in *in);

#endif
