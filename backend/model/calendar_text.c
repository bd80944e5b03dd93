/* Reading the words of a rule, and saying them. */
#include "backend/model/calendar_text.h"

#include <ctype.h>
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/time.h"

#define MINUTE_MS ((int64_t)60 * 1000)
#define MAX_PLUS 31

/* clang-format off */
static const struct { const char *word; int nth; } nths[] = {
    {"first", 1}, {"second", 2}, {"third", 3}, {"fourth", 4}, {"fifth", 5},
    {"last", -1},
};
/* clang-format on */

/* ---- reading ---- */

/* Steps over `word`, which must end there, and the spaces behind it. */
static int
take_word(const char **s, const char *word)
{
    size_t n = strlen(word);

    if (strncmp(*s, word, n) != 0 || isalnum((unsigned char)(*s)[n]))
        return -1;
    *s += n;
    while (**s == ' ')
        ++*s;
    return 0;
}

static int
take_number(const char **s, int max, int *out)
{
    int n = 0;

    if (!isdigit((unsigned char)**s))
        return -1;
    for (; isdigit((unsigned char)**s) && n <= max; ++*s)
        n = n * 10 + (**s - '0');
    *out = n;
    while (**s == ' ')
        ++*s;
    return n > max ? -1 : 0;
}

static int
take_nth(const char **s, int *out)
{
    for (size_t i = 0; i < HF_COUNT(nths); i++) {
        if (take_word(s, nths[i].word) == 0) {
            *out = nths[i].nth;
            return 0;
        }
    }
    return -1;
}

static int
take_weekday(const char **s, int *out)
{
    for (int i = 0; i < 7; i++) {
        if (take_word(s, hf_weekday_names[i]) == 0) {
            *out = i;
            return 0;
        }
    }
    *out = 7;
    return take_word(s, "day");
}

/* "+ 4 days", "- 1 day", or nothing. */
static int
take_plus(const char **s, int *out)
{
    int sign = **s == '-' ? -1 : 1, n;

    *out = 0;
    if (!**s)
        return 0;
    if (**s != '+' && **s != '-')
        return -1;
    do
        ++*s;
    while (**s == ' ');
    if (take_number(s, MAX_PLUS, &n) < 0 ||
        (take_word(s, "days") < 0 && take_word(s, "day") < 0))
        return -1;
    *out = sign * n;
    return **s ? -1 : 0;
}

int
hf_monthly_parse(struct hf_monthly *out, const char *s)
{
    if (take_nth(&s, &out->nth) < 0 || take_weekday(&s, &out->weekday) < 0)
        return -1;
    return take_plus(&s, &out->plus);
}

/* Two digits of a clock. */
static int
two_digits(const char *s, int max)
{
    int n;

    if (!isdigit((unsigned char)s[0]) || !isdigit((unsigned char)s[1]))
        return -1;
    n = (s[0] - '0') * 10 + (s[1] - '0');
    return n > max ? -1 : n;
}

int
hf_clock_parse(int64_t *out, const char *s)
{
    int hour, minute;

    if (strlen(s) != 5 || s[2] != ':' || (hour = two_digits(s, 23)) < 0 ||
        (minute = two_digits(s + 3, 59)) < 0)
        return -1;
    *out = (hour * 60 + minute) * MINUTE_MS;
    return 0;
}

int
hf_local_parse(int64_t *out, int *whole, const char *s)
{
    char date[11] = {0};
    int64_t clock = 0;

    if (strlen(s) < 10)
        return -1;
    memcpy(date, s, 10);
    *whole = s[10] == '\0';
    if (hf_time_parse(out, date) < 0 ||
        (!*whole && (s[10] != 'T' || hf_clock_parse(&clock, s + 11) < 0)))
        return -1;
    *out += clock;
    return 0;
}

/* ---- saying ---- */

static void
put_capital(struct hf_buf *out, const char *word)
{
    hf_buf_putc(out, (char)toupper((unsigned char)*word));
    hf_buf_puts(out, word + 1);
}

/* "a, b and c" of those words whose bit is set. */
static void
put_set(struct hf_buf *out, const char *const *words, unsigned bits)
{
    const char *between = "";

    for (unsigned i = 0; words[i]; i++) {
        if (!(bits & (1u << i)))
            continue;
        bits &= ~(1u << i);
        hf_buf_puts(out, between);
        put_capital(out, words[i]);
        between = bits & (bits - 1) ? ", " : " and ";
    }
}

static void
put_monthly(struct hf_buf *out, const struct hf_rule *rule)
{
    const struct hf_monthly *m = &rule->monthly;

    for (size_t i = 0; i < HF_COUNT(nths); i++) {
        if (nths[i].nth == m->nth)
            hf_buf_printf(out, "%s ", nths[i].word);
    }
    if (m->weekday == 7)
        hf_buf_puts(out, "day");
    else
        put_capital(out, hf_weekday_names[m->weekday]);
    if (m->plus)
        hf_buf_printf(out, " %c %d day%s", m->plus < 0 ? '-' : '+',
                      m->plus < 0 ? -m->plus : m->plus,
                      m->plus == 1 || m->plus == -1 ? "" : "s");
    if (rule->months) {
        hf_buf_puts(out, " of ");
        put_set(out, hf_month_names, rule->months);
    }
}

static void
put_weekly(struct hf_buf *out, const struct hf_rule *rule)
{
    hf_buf_puts(out, "every ");
    if (rule->weekdays == 0x7f)
        hf_buf_puts(out, "day");
    else
        put_set(out, hf_weekday_names, rule->weekdays);
}

static void
put_day(struct hf_buf *out, int64_t day)
{
    struct hf_civil c = hf_day_civil(day);

    hf_buf_printf(out, "%04d-%02d-%02d", c.year, c.month, c.day);
}

static void
put_dates(struct hf_buf *out, const struct hf_rule *rule)
{
    for (size_t i = 0; i < rule->days_len && i < 3; i++) {
        hf_buf_puts(out, i ? ", " : "");
        put_day(out, rule->days[i]);
    }
    if (rule->days_len > 3)
        hf_buf_printf(out, " and %zu more", rule->days_len - 3);
}

static void
put_local(struct hf_buf *out, int64_t local)
{
    int64_t day = hf_day_of(local), clock = (local - day * HF_DAY_MS);

    put_day(out, day);
    hf_buf_printf(out, " %02d:%02d", (int)(clock / MINUTE_MS / 60),
                  (int)(clock / MINUTE_MS % 60));
}

static void
put_once(struct hf_buf *out, const struct hf_rule *rule)
{
    put_local(out, rule->from);
    hf_buf_puts(out, " to ");
    put_local(out, rule->to);
}

static void
put_events(struct hf_buf *out, const struct hf_rule *rule)
{
    hf_buf_printf(out, "%zu event%s of an iCalendar file", rule->occasions_len,
                  rule->occasions_len == 1 ? "" : "s");
}

/* clang-format off */
static void (*const put_days[])(struct hf_buf *out,
                                const struct hf_rule *rule) = {
    [HF_REPEAT_ONCE] = put_once,
    [HF_REPEAT_DATES] = put_dates,
    [HF_REPEAT_WEEKLY] = put_weekly,
    [HF_REPEAT_MONTHLY] = put_monthly,
    [HF_REPEAT_EVENTS] = put_events,
};
/* clang-format on */

static void
put_bounds(struct hf_buf *out, const struct hf_rule *rule)
{
    if (rule->from != INT64_MIN) {
        hf_buf_puts(out, ", from ");
        put_day(out, hf_day_of(rule->from));
    }
    if (rule->to != HF_NEVER) {
        hf_buf_puts(out, ", until ");
        put_day(out, hf_day_of(rule->to));
    }
}

void
hf_rule_describe(struct hf_buf *out, const struct hf_rule *rule)
{
    char length[HF_TIME_LEN];
    int minutes = (int)(rule->at / MINUTE_MS);

    put_days[rule->repeat](out, rule);
    if (rule->repeat != HF_REPEAT_ONCE && rule->repeat != HF_REPEAT_EVENTS) {
        hf_buf_printf(out, ", %02d:%02d for %s", minutes / 60, minutes % 60,
                      hf_span_format(length, rule->length));
        put_bounds(out, rule);
    }
    if (rule->zone)
        hf_buf_printf(out, " (%s)", hf_zone_name(rule->zone));
}
