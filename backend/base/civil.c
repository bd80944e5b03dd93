/* Days, months, weekdays. */
#include "backend/base/civil.h"

#include <stddef.h>

const char *const hf_weekday_names[8] = {
    "monday", "tuesday",  "wednesday", "thursday",
    "friday", "saturday", "sunday",    NULL,
};

const char *const hf_month_names[13] = {
    "january", "february",  "march",   "april",    "may",      "june", "july",
    "august",  "september", "october", "november", "december", NULL,
};

static int64_t
floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int64_t
hf_day_of(int64_t local_ms)
{
    return floor_div(local_ms, HF_DAY_MS);
}

/* Years are counted from March, so that the leap day is the last of a year;
 * 400 of them have 146,097 days. */
int64_t
hf_day(int year, int month, int day)
{
    int64_t months = (int64_t)year * 12 + month - 3;
    int64_t y = floor_div(months, 12), m = months - y * 12;
    int64_t era = floor_div(y, 400), yoe = y - era * 400;

    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + (153 * m + 2) / 5 +
           day - 1 - 719468;
}

struct hf_civil
hf_day_civil(int64_t day)
{
    int64_t n = day + 719468, era = floor_div(n, 146097);
    int64_t doe = n - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t m = (5 * doy + 2) / 153;

    return (struct hf_civil){
        .year = (int)(yoe + era * 400 + (m >= 10)),
        .month = (int)(m < 10 ? m + 3 : m - 9),
        .day = (int)(doy - (153 * m + 2) / 5 + 1),
    };
}

int
hf_day_weekday(int64_t day)
{
    int64_t n = day + 3; /* 1970-01-01 was a Thursday */

    return (int)(n - floor_div(n, 7) * 7);
}

int
hf_month_days(int year, int month)
{
    return (int)(hf_day(year, month + 1, 1) - hf_day(year, month, 1));
}
