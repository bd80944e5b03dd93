/*
 * Forced restarts as pictures: a year as a heat line, a cell for each week; and
 * this month in a line.
 */
#ifndef HF_ROWS_REBOOTS_H
#define HF_ROWS_REBOOTS_H

#include "backend/model/due.h"
#include "tui/rows/line.h"

#define HF_HEAT_WEEKS 53

/* How many restarts fall into each week, in their windows, else on the day
 * from which they are forced. */
struct hf_heat {
    int64_t monday; /* of the first week: a day, see hf_day */
    const struct hf_zone *zone;
    size_t weeks[HF_HEAT_WEEKS];
    size_t max; /* of one week */
    size_t all;
};

/* By the clock of `zone`. */
void hf_heat_make(struct hf_heat *out, const struct hf_dues *d,
                  const struct hf_zone *zone);
/* Months, weeks, and the sum of each quarter: three lines of 68 columns. */
void hf_heat_rows(struct hf_doc *doc, const struct hf_heat *h,
                  const struct hf_look *look);

/* The calendar month that now is in: who restarts in a window, and who should
 * and has no window before it ends; of whom it is not known at all. */
struct hf_due_month {
    char name[8]; /* "2026-11" */
    int64_t now, ends;
    size_t restart, wait, unknown;
};
/* By the clock of `zone`. */
void hf_due_month_make(struct hf_due_month *out, const struct hf_dues *d,
                       const struct hf_zone *zone);
/* Does it belong to the month: is it due, or does it restart, until it ends? */
int hf_due_month_has(const struct hf_due_month *m, const struct hf_due *due);
/* "2026-11: 1 restarts, 9 due without a window, 6 unknown". */
void hf_due_month_line(struct hf_line *out, const struct hf_due_month *m);

/* The day on which a step is counted. */
int64_t hf_due_step_day(const struct hf_due_step *step);

/* Restarts that fall into a window: of hosts that it names. */
size_t hf_dues_in(const struct hf_dues *d, const struct hf_period *window);

/* What a supposition moves: the same hosts with and without it. */
struct hf_moved {
    size_t later, sooner, same, unknown;
};
void hf_moved_count(struct hf_moved *out, const struct hf_dues *without,
                    const struct hf_dues *with);

#endif
