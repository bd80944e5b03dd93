/* The footer of a zone file: how the clock changes every year from now on
 * (POSIX TZ with the extensions of RFC 9636: hours from -167 to 167). */
#include <stdlib.h>
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/mem.h"
#include "backend/base/zone_file.h"

#define LAST_YEAR 2100
#define HOUR 3600

/* A day of every year, and a second of it. */
struct yearly {
    char form; /* 'M': week and weekday; 'J': no leap day; '0': with it */
    int month, week, day;
    int time; /* seconds after midnight, wall clock before the change */
};

struct rule {
    char std[12], dst[12];
    int std_offset, dst_offset; /* seconds east */
    struct yearly start, end;   /* of dst */
};

/* ---- reading ---- */

static int
take_int(const char **s, int max, int *out)
{
    int n = 0;

    if (**s < '0' || **s > '9')
        return -1;
    for (; **s >= '0' && **s <= '9' && n <= max; ++*s)
        n = n * 10 + (**s - '0');
    *out = n;
    return n > max ? -1 : 0;
}

static int
take_char(const char **s, char c)
{
    if (**s != c)
        return -1;
    ++*s;
    return 0;
}

/* "CET" or "<+1030>". */
static int
take_name(const char **s, char out[12])
{
    int quoted = take_char(s, '<') == 0;
    const char *end = *s;
    size_t n;

    while (*end && (quoted ? *end != '>' : strchr("+-,0123456789", *end) == 0))
        end++;
    n = (size_t)(end - *s);
    if (n == 0 || n > 11 || (quoted && *end != '>'))
        return -1;
    memcpy(out, *s, n);
    out[n] = '\0';
    *s = end + quoted;
    return 0;
}

/* "-1", "3:30", "+167:00:00", in seconds. */
static int
take_time(const char **s, int *out)
{
    int sign = **s == '-' ? -1 : 1, part[3] = {0};

    if (**s == '-' || **s == '+')
        ++*s;
    if (take_int(s, 167, &part[0]) < 0)
        return -1;
    for (int i = 1; i < 3 && take_char(s, ':') == 0; i++) {
        if (take_int(s, 59, &part[i]) < 0)
            return -1;
    }
    *out = sign * (part[0] * HOUR + part[1] * 60 + part[2]);
    return 0;
}

/* ",M3.5.0/2", ",J60", ",59" */
static int
take_yearly(const char **s, struct yearly *y)
{
    *y = (struct yearly){.form = '0', .time = 2 * HOUR};
    if (take_char(s, ',') < 0)
        return -1;
    if (**s == 'M' || **s == 'J')
        y->form = *(*s)++;
    if (y->form == 'M') {
        if (take_int(s, 12, &y->month) < 0 || take_char(s, '.') < 0 ||
            take_int(s, 5, &y->week) < 0 || take_char(s, '.') < 0 ||
            take_int(s, 6, &y->day) < 0 || !y->month || !y->week)
            return -1;
    } else if (take_int(s, 365, &y->day) < 0) {
        return -1;
    }
    return take_char(s, '/') == 0 ? take_time(s, &y->time) : 0;
}

/* Offsets stand west of Greenwich in POSIX. */
static int
read_rule(struct rule *r, const char *s)
{
    *r = (struct rule){0};
    if (take_name(&s, r->std) < 0 || take_time(&s, &r->std_offset) < 0)
        return -1;
    r->std_offset = -r->std_offset;
    if (!*s)
        return 0;
    if (take_name(&s, r->dst) < 0)
        return -1;
    r->dst_offset = r->std_offset + HOUR;
    if (*s && *s != ',') {
        if (take_time(&s, &r->dst_offset) < 0)
            return -1;
        r->dst_offset = -r->dst_offset;
    }
    if (take_yearly(&s, &r->start) < 0 || take_yearly(&s, &r->end) < 0 || *s)
        return -1;
    return 0;
}

/* ---- the years ---- */

static int64_t
day_in(const struct yearly *y, int year)
{
    int64_t first;
    int64_t day;

    if (y->form == '0')
        return hf_day(year, 1, 1) + y->day;
    if (y->form == 'J') /* 1 to 365: March 1 is 60 in every year */
        return hf_day(year, 1, 1) + y->day - 1 +
               (y->day >= 60 && hf_month_days(year, 2) == 29);
    first = hf_day(year, y->month, 1);
    /* POSIX counts weekdays from Sunday */
    day = first + (y->day + 6 - hf_day_weekday(first) + 7) % 7;
    day += (y->week - 1) * 7;
    while (day >= hf_day(year, y->month + 1, 1))
        day -= 7; /* week 5 is the last one */
    return day;
}

/* Where summer time lasts all year, one ends as the next begins. */
static void
add(struct hf_zone_changes *out, int64_t at, int offset, const char *abbr)
{
    struct hf_zone_change *change = &out->v[out->len - 1];

    if (at < change->at)
        return;
    if (at > change->at)
        change = HF_PUSH(&out->v, &out->len, &out->cap);
    change->at = at;
    change->offset = offset;
    memcpy(change->abbr, abbr, sizeof(change->abbr));
}

static int64_t
moment_in(const struct yearly *y, int year, int offset)
{
    return (day_in(y, year) * 86400 + y->time - offset) * 1000;
}

static void
add_year(struct hf_zone_changes *out, const struct rule *r, int year)
{
    int64_t start = moment_in(&r->start, year, r->std_offset);
    int64_t end = moment_in(&r->end, year, r->dst_offset);

    if (start < end)
        add(out, start, r->dst_offset, r->dst);
    add(out, end, r->std_offset, r->std);
    if (start >= end)
        add(out, start, r->dst_offset, r->dst);
}

int
hf_zone_rule_add(struct hf_zone_changes *out, const char *rule,
                 struct hf_err *err)
{
    int64_t last = out->v[out->len - 1].at;
    int year = last < 0 ? 1970 : hf_day_civil(hf_day_of(last)).year;
    struct rule r;

    if (read_rule(&r, rule) < 0)
        return hf_fail(err, HF_EINVALID,
                       "damaged zone file: its last line says '%.80s'", rule);
    if (!r.dst[0])
        return HF_OK; /* the last change says the same */
    for (; year <= LAST_YEAR; year++)
        add_year(out, &r, year);
    return HF_OK;
}
