/*
 * Days of the proleptic Gregorian calendar as numbers: 0 is 1970-01-01. No
 * clocks, no zones.
 */
#ifndef HF_BASE_CIVIL_H
#define HF_BASE_CIVIL_H

#include <stdint.h>

#define HF_DAY_MS ((int64_t)24 * 60 * 60 * 1000)

struct hf_civil {
    int year, month, day; /* month and day from 1 */
};

/* Months beyond 1..12 and days beyond the month count on. */
int64_t hf_day(int year, int month, int day);
struct hf_civil hf_day_civil(int64_t day);
int hf_day_weekday(int64_t day); /* 0 = Monday */
int hf_month_days(int year, int month);
/* The day that holds a moment of a clock that knows no zone. */
int64_t hf_day_of(int64_t local_ms);

/* "monday" ... "sunday", "january" ... "december", NULL-terminated. */
extern const char *const hf_weekday_names[8];
extern const char *const hf_month_names[13];

#endif
