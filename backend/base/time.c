/* Clocks, RFC 3339, ages and spans. */
#include "backend/base/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "backend/base/mem.h"

#define SECOND ((int64_t)1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define WEEK (7 * DAY)

static int64_t
read_clock(clockid_t id)
{
    struct timespec ts;

    clock_gettime(id, &ts);
    return (int64_t)ts.tv_sec * SECOND + ts.tv_nsec / 1000000;
}

static int64_t skipped; /* ms; changed by any thread */

void
hf_clock_skip(int64_t ms)
{
    if (ms > 0)
        (void)__atomic_add_fetch(&skipped, ms, __ATOMIC_RELAXED);
}

int64_t
hf_clock_ahead(void)
{
    return __atomic_load_n(&skipped, __ATOMIC_RELAXED);
}

int64_t
hf_pace(void)
{
    return hf_mono() + hf_clock_ahead();
}

int64_t
hf_now(void)
{
    const char *frozen = getenv("HOTFLEET_CLOCK");
    int64_t at;

    if (!frozen || hf_time_parse(&at, frozen) < 0)
        at = read_clock(CLOCK_REALTIME);
    return at + hf_clock_ahead();
}

int64_t
hf_mono(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

/* Years that RFC 3339 cannot write are shown as its first or last moment. */
const char *
hf_time_format(char out[HF_TIME_LEN], int64_t at)
{
    const int64_t first = -62135596800 * SECOND;    /* 0001-01-01 */
    const int64_t last = 253402300800 * SECOND - 1; /* 9999-12-31 */
    int64_t ms = at < first ? first : at > last ? last : at;
    time_t seconds = (time_t)(ms / SECOND - (ms % SECOND < 0));
    int fraction = (int)(ms - (int64_t)seconds * SECOND);
    struct tm tm;
    size_t n;

    gmtime_r(&seconds, &tm);
    n = strftime(out, HF_TIME_LEN, "%Y-%m-%dT%H:%M:%S", &tm);
    if (n < 19) { /* years below 1000 come without their zeros */
        memmove(out + 19 - n, out, n + 1);
        memset(out, '0', 19 - n);
        n = 19;
    }
    if (fraction != 0)
        snprintf(out + n, HF_TIME_LEN - n, ".%03dZ", fraction);
    else
        snprintf(out + n, HF_TIME_LEN - n, "Z");
    return out;
}

/* Exactly `n` digits at *s, stepped over; -1 otherwise. */
static int
take_digits(const char **s, int n)
{
    int value = 0;

    for (; n > 0; n--, ++*s) {
        if (**s < '0' || **s > '9')
            return -1;
        value = value * 10 + (**s - '0');
    }
    return value;
}

static int
take_char(const char **s, const char *any)
{
    if (!**s || !strchr(any, **s))
        return -1;
    ++*s;
    return 0;
}

static int
days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (leap && month == 2);
}

/* "2026-11-23" */
static int
take_date(const char **s, struct tm *tm)
{
    int year = take_digits(s, 4), month, day;

    if (year < 1 || take_char(s, "-") < 0)
        return -1;
    month = take_digits(s, 2);
    if (month < 1 || month > 12 || take_char(s, "-") < 0)
        return -1;
    day = take_digits(s, 2);
    if (day < 1 || day > days_in_month(year, month))
        return -1;
    *tm = (struct tm){
        .tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day};
    return 0;
}

/* "01:23:45.250"; digits after the third are dropped. A leap second is the
 * first of the next minute. */
static int
take_clock(const char **s, struct tm *tm, int *ms)
{
    int weight = 100;

    tm->tm_hour = take_digits(s, 2);
    if (tm->tm_hour < 0 || tm->tm_hour > 23 || take_char(s, ":") < 0)
        return -1;
    tm->tm_min = take_digits(s, 2);
    if (tm->tm_min < 0 || tm->tm_min > 59 || take_char(s, ":") < 0)
        return -1;
    tm->tm_sec = take_digits(s, 2);
    if (tm->tm_sec < 0 || tm->tm_sec > 60)
        return -1;
    *ms = 0;
    if (**s != '.')
        return 0;
    ++*s;
    if (**s < '0' || **s > '9')
        return -1;
    for (; **s >= '0' && **s <= '9'; ++*s, weight /= 10)
        *ms += (**s - '0') * weight;
    return 0;
}

/* "Z", "+02:00" */
static int
take_zone(const char **s, int64_t *offset)
{
    int sign = **s == '-' ? -1 : 1;
    int hours, minutes;

    *offset = 0;
    if (take_char(s, "Zz") == 0)
        return 0;
    if (take_char(s, "+-") < 0)
        return -1;
    hours = take_digits(s, 2);
    if (hours < 0 || hours > 23 || take_char(s, ":") < 0)
        return -1;
    minutes = take_digits(s, 2);
    if (minutes < 0 || minutes > 59)
        return -1;
    *offset = sign * (hours * HOUR + minutes * MINUTE);
    return 0;
}

int
hf_time_parse(int64_t *out, const char *s)
{
    struct tm tm;
    int64_t offset = 0;
    int ms = 0;

    if (!s || take_date(&s, &tm) < 0)
        return -1;
    if (*s && (take_char(&s, "Tt ") < 0 || take_clock(&s, &tm, &ms) < 0 ||
               take_zone(&s, &offset) < 0 || *s))
        return -1;
    *out = (int64_t)timegm(&tm) * SECOND + ms - offset;
    return 0;
}

const char *
hf_age_format(char out[HF_TIME_LEN], int64_t now, int64_t at)
{
    int64_t age = now > at ? now - at : 0; /* clocks differ a little */

    if (at == 0)
        snprintf(out, HF_TIME_LEN, "-");
    else if (age < MINUTE)
        snprintf(out, HF_TIME_LEN, "%llds", (long long)(age / SECOND));
    else if (age < HOUR)
        snprintf(out, HF_TIME_LEN, "%lldm", (long long)(age / MINUTE));
    else if (age < DAY)
        snprintf(out, HF_TIME_LEN, "%lldh", (long long)(age / HOUR));
    else if (age < 2 * WEEK)
        snprintf(out, HF_TIME_LEN, "%lldd", (long long)(age / DAY));
    else
        snprintf(out, HF_TIME_LEN, "%lldw", (long long)(age / WEEK));
    return out;
}

static const struct {
    const char *name;
    int64_t ms;
} units[] = {{"w", WEEK},   {"d", DAY},    {"h", HOUR},
             {"m", MINUTE}, {"s", SECOND}, {"ms", 1}};

int
hf_span_parse(int64_t *out, const char *s)
{
    int64_t value = 0;
    const char *p = s;

    if (!s)
        return -1;
    for (; *p >= '0' && *p <= '9'; p++) {
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, *p - '0', &value))
            return -1;
    }
    for (size_t i = 0; p != s && i < HF_COUNT(units); i++) {
        if (strcmp(p, units[i].name) == 0)
            return __builtin_mul_overflow(value, units[i].ms, out) ? -1 : 0;
    }
    return -1;
}

/* "2h 5m"; the second unit only when it is not zero. */
static void
two_units(char *out, size_t size, const char *sign, int64_t ms)
{
    size_t i = 0;
    int64_t rest;
    int n;

    while (ms < units[i].ms)
        i++;
    n = snprintf(out, size, "%s%lld%s", sign, (long long)(ms / units[i].ms),
                 units[i].name);
    rest = ms % units[i].ms / units[i + 1].ms;
    if (rest > 0)
        snprintf(out + n, size - (size_t)n, " %lld%s", (long long)rest,
                 units[i + 1].name);
}

const char *
hf_span_format(char out[HF_TIME_LEN], int64_t ms)
{
    const char *sign = ms < 0 ? "-" : "";
    int64_t span = ms >= 0 ? ms : ms == INT64_MIN ? INT64_MAX : -ms;

    if (span < SECOND)
        snprintf(out, HF_TIME_LEN, "%s%d ms", sign, (int)span);
    else if (span < 10 * SECOND)
        snprintf(out, HF_TIME_LEN, "%s%d.%d s", sign, (int)(span / SECOND),
                 (int)(span % SECOND / 100));
    else if (span < MINUTE)
        snprintf(out, HF_TIME_LEN, "%s%d s", sign, (int)(span / SECOND));
    else
        two_units(out, HF_TIME_LEN, sign, span);
    return out;
}
