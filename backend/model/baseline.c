/* Which months bring a baseline; see baseline.h. */
#include "backend/model/baseline.h"

#include <stdio.h>
#include <string.h>

#include "backend/base/time.h"

#define MONTHS_AHEAD 24

/* clang-format off */
const char *const hf_sure_names[HF_SURE_COUNT + 1] = {
    [HF_SURE_READ] = "read",
    [HF_SURE_PUBLISHED] = "published",
    [HF_SURE_ANNOUNCED] = "announced",
    [HF_SURE_RULE] = "by-rule",
    [HF_SURE_UNCONFIRMED] = "unconfirmed",
    [HF_SURE_UNKNOWN] = "unknown",
    [HF_SURE_COUNT] = NULL,
};
/* clang-format on */

int
hf_product_is_monthly(const char *product)
{
    return product && strcmp(product, "linux") != 0;
}

/* ---- months ---- */

/* Of "2026-08": months since the year 0. */
static int
month_number(const char *month)
{
    int year = 0;

    for (int i = 0; i < 4; i++)
        year = year * 10 + (month[i] - '0');
    return year * 12 + (month[5] - '0') * 10 + (month[6] - '0') - 1;
}

void
hf_month_add(char out[8], const char *month, int months)
{
    int number = month_number(month) + months;

    (void)snprintf(out, 8, "%04d-%02d", number / 12 % 10000, number % 12 + 1);
}

/* ---- who says what of a month ---- */

static int
is_baseline(const struct hf_release *row)
{
    return row->type == HF_RELEASE_BASELINE ||
           row->type == HF_RELEASE_UNPLANNED_BASELINE;
}

/* The month's regular release: its baseline, else its hotpatch. What is asked
 * for is mostly to come, so the newest rows are looked at first. */
static const struct hf_release *
regular_row(const struct hf_catalogue *c, const char *product,
            const char *month)
{
    const struct hf_release *rows, *found = NULL;
    size_t n = c && product ? hf_catalogue_rows(c, product, &rows) : 0;

    while (n-- > 0) {
        const struct hf_release *row = &rows[n];
        int order = row->month ? strcmp(row->month, month) : 0;

        if (order < 0)
            break;
        if (order > 0 || !row->month)
            continue;
        if (is_baseline(row))
            return row;
        if (row->type == HF_RELEASE_HOTPATCH)
            found = row;
    }
    return found;
}

static int
is_listed(const char *const *months, const char *month)
{
    for (; months && *months; months++) {
        if (strcmp(*months, month) == 0)
            return 1;
    }
    return 0;
}

/* Between the first and the last month that the calendar plans? */
static int
is_planned_for(const struct hf_baselines *b, const char *month)
{
    int before = 0, behind = 0;

    for (size_t i = 0; b && b->planned && b->planned[i]; i++) {
        before |= strcmp(b->planned[i], month) <= 0;
        behind |= strcmp(b->planned[i], month) >= 0;
    }
    return before && behind;
}

int
hf_baseline_of(struct hf_baseline *out, const struct hf_catalogue *c,
               const struct hf_calendar *cal, const char *product,
               const char *month, int64_t now)
{
    const struct hf_baselines *said = hf_calendar_baselines(cal, product);
    const struct hf_release *row = regular_row(c, product, month);

    *out = (struct hf_baseline){.day = hf_release_day(month, 0)};
    (void)snprintf(out->month, sizeof(out->month), "%.7s", month);
    if (row && is_baseline(row)) {
        out->row = row;
        out->day = row->released;
        out->unplanned = row->type == HF_RELEASE_UNPLANNED_BASELINE;
        out->sure = row->certainty         ? HF_SURE_UNCONFIRMED
                    : row->released <= now ? HF_SURE_PUBLISHED
                                           : HF_SURE_ANNOUNCED;
        return 1;
    }
    if (said && (is_listed(said->planned, month) ||
                 is_listed(said->unplanned, month))) {
        out->unplanned = !is_listed(said->planned, month);
        out->sure = said->certainty ? HF_SURE_UNCONFIRMED : HF_SURE_ANNOUNCED;
        return 1;
    }
    out->sure = HF_SURE_RULE;
    return !row && !is_planned_for(said, month) && month_number(month) % 3 == 0;
}

void
hf_baseline_next(struct hf_baseline *out, const struct hf_catalogue *c,
                 const struct hf_calendar *cal, const char *product,
                 int64_t after, int64_t now)
{
    char first[HF_TIME_LEN], month[8];

    hf_time_format(first, after);
    for (int i = 0; i < MONTHS_AHEAD; i++) {
        hf_month_add(month, first, i);
        if (hf_baseline_of(out, c, cal, product, month, now) &&
            out->day > after)
            return;
    }
    *out = (struct hf_baseline){.sure = HF_SURE_UNKNOWN};
}
