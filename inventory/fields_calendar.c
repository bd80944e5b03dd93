/* The keys of calendar.json. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/mem.h"
#include "backend/base/names.h"
#include "backend/model/calendar_text.h"
#include "inventory/documents.h"
#include "inventory/formats.h"

#define MAX_LENGTH_DAYS 366

static const char *const window_kinds[] = {"change", "restart", NULL};
_Static_assert(HF_RULE_CHANGE == 0 && HF_RULE_RESTART == 1,
               "window_kinds is in the order of enum hf_rule_kind");

/* clang-format off */
#define AT(member) offsetof(struct hf_scope, member)
static const struct hf_field scope_fields[] = {
    {.key = "rings", .type = HF_FIELD_TEXTS, .flags = HF_FIELD_INTERN,
     .offset = AT(rings), .max = 100, .problem = hf_host_name_problem,
     .help = "Hosts of these rings"},
    {.key = "sites", .type = HF_FIELD_TEXTS, .flags = HF_FIELD_INTERN,
     .offset = AT(sites), .max = 1000, .help = "Hosts at these sites"},
    {.key = "hosts", .type = HF_FIELD_TEXTS, .flags = HF_FIELD_INTERN,
     .offset = AT(hosts), .max = 1000, .problem = hf_host_name_problem,
     .help = "These hosts"},
    {.key = "select", .type = HF_FIELD_TEXT, .offset = AT(select),
     .help = "A selector by name, ring, site, tag, role, attr.KEY, "
             "domain.KEY or address"},
    {0},
};
#undef AT

const struct hf_object hf_object_scope = {
    .name = "scope", .help = "Whom a rule names: what all given keys agree "
                             "on; without any, every host",
    .fields = scope_fields, .size = sizeof(struct hf_scope),
};

#define AT(member) offsetof(struct hf_rule_doc, member)
#define COMMON_FIELDS                                                         \
    {.key = "name", .type = HF_FIELD_TEXT, .flags = HF_FIELD_REQUIRED,        \
     .offset = AT(name), .max = 64,                                           \
     .help = "What screens and playbooks call it"},                           \
    {.key = "reason", .type = HF_FIELD_TEXT, .flags = HF_FIELD_FREE,          \
     .offset = AT(reason), .max = 4096, .help = "Why it is there"},           \
    {.key = "for", .type = HF_FIELD_OBJECT, .offset = AT(scope),              \
     .of = &hf_object_scope, .help = "Whom it names; every host unless stated"}, \
    {.key = "timezone", .type = HF_FIELD_TEXT, .offset = AT(timezone),        \
     .max = 64, .problem = hf_timezone_problem,                               \
     .pattern = HF_PATTERN_TIMEZONE,                                          \
     .help = "Its clock; that of the host or its site unless stated"},        \
    {.key = "monthly", .type = HF_FIELD_TEXT, .offset = AT(monthly),          \
     .problem = hf_monthly_problem, .pattern = HF_PATTERN_MONTHLY,            \
     .help = "A day of the month: second tuesday + 4 days"},                  \
    {.key = "months", .type = HF_FIELD_TEXTS, .offset = AT(months),           \
     .max = 12, .problem = hf_month_name_problem,                             \
     .pattern = HF_PATTERN_MONTH_NAME,                                        \
     .help = "Only in these months; goes with monthly"},                      \
    {.key = "weekly", .type = HF_FIELD_TEXTS, .offset = AT(weekly),           \
     .max = 7, .problem = hf_weekday_problem,                                 \
     .pattern = HF_PATTERN_WEEKDAY,                                           \
     .help = "Days of the week; \"day\" for all of them"},                    \
    {.key = "dates", .type = HF_FIELD_TEXTS, .offset = AT(dates),             \
     .max = 1000, .problem = hf_date_problem, .pattern = HF_PATTERN_DATE,     \
     .help = "Single days"},                                                  \
    {.key = "from", .type = HF_FIELD_TEXT, .offset = AT(from),                \
     .problem = hf_local_problem, .pattern = HF_PATTERN_LOCAL,                \
     .help = "Start; with monthly or weekly the first day that counts"},      \
    {.key = "to", .type = HF_FIELD_TEXT, .offset = AT(to),                    \
     .problem = hf_local_problem, .pattern = HF_PATTERN_LOCAL,                \
     .help = "End, a plain date included; with monthly or weekly the last "   \
             "day that counts"},                                              \
    {.key = "ics", .type = HF_FIELD_TEXT, .offset = AT(ics), .max = 255,      \
     .problem = hf_ics_problem, .pattern = HF_PATTERN_ICS,                    \
     .help = "An iCalendar file of this repository: its events"}

static const struct hf_field window_fields[] = {
    COMMON_FIELDS,
    {.key = "kind", .type = HF_FIELD_ENUM, .flags = HF_FIELD_REQUIRED,
     .offset = AT(kind), .names = window_kinds,
     .help = "What may happen in it"},
    {.key = "at", .type = HF_FIELD_TEXT, .offset = AT(at),
     .problem = hf_clock_problem, .pattern = HF_PATTERN_CLOCK,
     .help = "When it opens on such a day"},
    {.key = "length", .type = HF_FIELD_SPAN, .offset = AT(length),
     .help = "How long it stays open"},
    {0},
};

static const struct hf_field freeze_fields[] = {
    COMMON_FIELDS,
    {.key = "at", .type = HF_FIELD_TEXT, .offset = AT(at),
     .problem = hf_clock_problem, .pattern = HF_PATTERN_CLOCK,
     .help = "When it begins on such a day; midnight unless stated"},
    {.key = "length", .type = HF_FIELD_SPAN, .offset = AT(length),
     .help = "How long it lasts; the whole day unless stated"},
    {0},
};
#undef AT
/* clang-format on */

static int
repeats_by_day(const struct hf_rule_doc *rule)
{
    return rule->monthly || rule->weekly || rule->dates;
}

static int
compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int64_t
fewest_between_dates(const char *const *dates)
{
    int64_t fewest = MAX_LENGTH_DAYS, day, last = 0;
    const char **sorted;
    size_t n = 0;
    int whole;

    while (dates[n])
        n++;
    sorted = hf_xcalloc(n + 1, sizeof(*sorted));
    memcpy(sorted, dates, n * sizeof(*sorted));
    qsort(sorted, n, sizeof(*sorted), compare_texts);
    for (size_t i = 0; i < n; i++, last = day) {
        (void)hf_local_parse(&day, &whole, sorted[i]);
        if (i && day != last && (day - last) / HF_DAY_MS < fewest)
            fewest = (day - last) / HF_DAY_MS;
    }
    free(sorted);
    return fewest;
}

static int64_t
fewest_between_weekdays(const char *const *weekly)
{
    int marked[14] = {0}, last = -14, fewest = 7;

    for (size_t i = 0; weekly[i]; i++) {
        int day = hf_name_index(hf_weekday_names, weekly[i]);

        for (int j = 0; j < 14; j++)
            marked[j] |= day < 0 || j % 7 == day;
    }
    for (int j = 0; j < 14; j++) {
        if (marked[j] && j - last < fewest)
            fewest = j - last;
        last = marked[j] ? j : last;
    }
    return fewest;
}

/* How many days lie between two starts at least. */
static int64_t
fewest_days_between(const struct hf_rule_doc *rule)
{
    return rule->monthly  ? 28
           : rule->weekly ? fewest_between_weekdays(rule->weekly)
                          : fewest_between_dates(rule->dates);
}

/* Both plain dates: the last one is included. */
static const char *
bounds_problem(const struct hf_rule_doc *rule)
{
    int64_t from, to;
    int whole;

    if (!rule->from || !rule->to ||
        hf_local_parse(&from, &whole, rule->from) < 0 ||
        hf_local_parse(&to, &whole, rule->to) < 0)
        return NULL;
    if (to < from)
        return "ends before it begins";
    return to == from && !whole ? "is empty: 'from' is 'to'" : NULL;
}

static const char *
span_problem(const struct hf_rule_doc *rule)
{
    if (!rule->from || !rule->to)
        return "wants one of 'monthly', 'weekly', 'dates' and 'ics', or 'from' "
               "and 'to'";
    return rule->at || rule->length || rule->months
               ? "goes from 'from' to 'to': 'at', 'length' and 'months' do "
                 "not belong there"
               : NULL;
}

static const char *
rule_problem(const struct hf_rule_doc *rule, int64_t length)
{
    int ways = !!rule->monthly + !!rule->weekly + !!rule->dates + !!rule->ics;
    const char *problem = bounds_problem(rule);

    if (problem)
        return problem;
    if (ways > 1)
        return "wants only one of 'monthly', 'weekly', 'dates' and 'ics'";
    if ((rule->months && !rule->months[0]) ||
        (rule->weekly && !rule->weekly[0]) || (rule->dates && !rule->dates[0]))
        return "names no day: 'months', 'weekly' or 'dates' is empty";
    if (rule->months && !rule->monthly)
        return "'months' goes with 'monthly'";
    if (rule->ics)
        return rule->at || rule->length || rule->from || rule->to
                   ? "'ics' says when: 'at', 'length', 'from' and 'to' do not "
                     "belong there"
                   : NULL;
    if (ways == 0)
        return span_problem(rule);
    if (rule->dates && (rule->from || rule->to))
        return "'dates' says which days: 'from' and 'to' do not belong there";
    if (length > fewest_days_between(rule) * HF_DAY_MS)
        return "overlaps itself: it is longer than the time to the next one";
    return NULL;
}

static const char *
window_problem(const void *object)
{
    const struct hf_rule_doc *rule = object;

    if (repeats_by_day(rule) && (!rule->at || !rule->length))
        return "wants 'at' and 'length' (more than 0)";
    return rule_problem(rule, rule->length);
}

static const char *
freeze_problem(const void *object)
{
    const struct hf_rule_doc *rule = object;

    return rule_problem(rule, rule->length ? rule->length : HF_DAY_MS);
}

static const struct hf_rule_doc freeze_defaults = {.kind = HF_RULE_FREEZE};

static const struct hf_object object_window = {
    .name = "window",
    .help = "When hosts may be changed or restarted",
    .fields = window_fields,
    .size = sizeof(struct hf_rule_doc),
    .problem = window_problem,
};

static const struct hf_object object_freeze = {
    .name = "freeze",
    .help = "When nothing may start, whatever windows say",
    .fields = freeze_fields,
    .size = sizeof(struct hf_rule_doc),
    .defaults = &freeze_defaults,
    .problem = freeze_problem,
};

/* clang-format off */
#define AT(member) offsetof(struct hf_baselines, member)
static const struct hf_field baselines_fields[] = {
    {.key = "product", .type = HF_FIELD_CHOICE, .flags = HF_FIELD_REQUIRED,
     .offset = AT(product), .names = hf_product_ids,
     .help = "Product of the catalogue"},
    {.key = "planned", .type = HF_FIELD_TEXTS, .offset = AT(planned),
     .max = 240, .problem = hf_month_problem, .pattern = HF_PATTERN_MONTH,
     .help = "Months whose release needs a restart, as announced"},
    {.key = "unplanned", .type = HF_FIELD_TEXTS, .offset = AT(unplanned),
     .max = 240, .problem = hf_month_problem, .pattern = HF_PATTERN_MONTH,
     .help = "Months that turned out to need one, too"},
    {.key = "source", .type = HF_FIELD_TEXT, .offset = AT(source),
     .help = "Where that is known from"},
    {.key = "certainty", .type = HF_FIELD_TEXT, .offset = AT(certainty),
     .help = "How sure that is"},
    {0},
};
#undef AT

static const struct hf_object object_baselines = {
    .name = "baselines", .help = "Months in which a product needs a restart",
    .fields = baselines_fields, .size = sizeof(struct hf_baselines),
};

#define AT(member) offsetof(struct hf_calendar_doc, member)
static const struct hf_field calendar_fields[] = {
    {.key = "timezone", .type = HF_FIELD_TEXT, .offset = AT(timezone),
     .max = 64, .problem = hf_timezone_problem,
     .pattern = HF_PATTERN_TIMEZONE,
     .help = "Clock of hosts for which neither they nor their site name one; "
             "UTC unless stated"},
    {.key = "zones", .type = HF_FIELD_PAIRS, .offset = AT(zones), .max = 1000,
     .help = "Clocks of sites, such as {\"berlin\": \"Europe/Berlin\"}"},
    {.key = "windows", .type = HF_FIELD_LIST, .offset = AT(windows),
     .max = 500, .of = &object_window,
     .help = "When hosts may be changed (none: at any time) and restarted "
             "(none: never)"},
    {.key = "freezes", .type = HF_FIELD_LIST, .offset = AT(freezes),
     .max = 500, .of = &object_freeze,
     .help = "When nothing may start"},
    {.key = "baselines", .type = HF_FIELD_LIST, .offset = AT(baselines),
     .max = 20, .of = &object_baselines,
     .help = "Months in which products need a restart"},
    {0},
};
#undef AT
/* clang-format on */

const struct hf_object hf_object_calendar = {
    .name = "calendar",
    .help = "When hosts may be changed and restarted, and when not",
    .fields = calendar_fields,
    .size = sizeof(struct hf_calendar_doc),
};
