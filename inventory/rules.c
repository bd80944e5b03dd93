/* Rules in the form in which they are asked, and the calendar's hash. */
#include "inventory/rules.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/names.h"
#include "backend/base/sha256.h"
#include "backend/base/text.h"
#include "backend/model/calendar_text.h"
#include "inventory/canonical.h"

/* ---- compiling ---- */

static unsigned
name_bits(const char *const *texts, const char *const *names, unsigned all)
{
    unsigned bits = 0;

    for (; texts && *texts; texts++) {
        int i = hf_name_index(names, *texts);

        bits |= i < 0 ? all : 1u << i;
    }
    return bits;
}

static int
compare_days(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static void
compile_dates(struct hf_rule *out, const char *const *dates,
              struct hf_arena *arena)
{
    size_t n = 0;
    int64_t *days, local;
    int whole;

    while (dates[n])
        n++;
    days = hf_arena_alloc(arena, (n + 1) * sizeof(*days));
    for (size_t i = 0; i < n; i++) {
        if (hf_local_parse(&local, &whole, dates[i]) == 0)
            days[i] = hf_day_of(local);
    }
    qsort(days, n, sizeof(*days), compare_days);
    out->days = days;
    out->days_len = n;
}

static enum hf_repeat
repeat_of(const struct hf_rule_doc *doc)
{
    return doc->monthly  ? HF_REPEAT_MONTHLY
           : doc->weekly ? HF_REPEAT_WEEKLY
           : doc->dates  ? HF_REPEAT_DATES
           : doc->ics    ? HF_REPEAT_EVENTS
                         : HF_REPEAT_ONCE;
}

/* A plain date at the end is included. */
static void
compile_bounds(struct hf_rule *out, const struct hf_rule_doc *doc)
{
    int whole;

    out->from = INT64_MIN;
    out->to = HF_NEVER;
    if (doc->from)
        (void)hf_local_parse(&out->from, &whole, doc->from);
    if (doc->to && hf_local_parse(&out->to, &whole, doc->to) == 0 && whole &&
        out->repeat == HF_REPEAT_ONCE)
        out->to += HF_DAY_MS;
}

void
hf_rule_compile(struct hf_rule *out, const struct hf_rule_doc *doc,
                struct hf_arena *arena)
{
    *out = (struct hf_rule){
        .name = doc->name,
        .reason = doc->reason,
        .kind = (enum hf_rule_kind)doc->kind,
        .scope = doc->scope,
        .repeat = repeat_of(doc),
        .months = name_bits(doc->months, hf_month_names, 0xfff),
        .weekdays = name_bits(doc->weekly, hf_weekday_names, 0x7f),
        .length = doc->length,
    };
    if (doc->at)
        (void)hf_clock_parse(&out->at, doc->at);
    if (doc->monthly)
        (void)hf_monthly_parse(&out->monthly, doc->monthly);
    if (doc->dates)
        compile_dates(out, doc->dates, arena);
    if (doc->kind == HF_RULE_FREEZE && !doc->length)
        out->length = HF_DAY_MS; /* all day */
    compile_bounds(out, doc);
}

/* ---- the hash ---- */

static void
add_rule(struct hf_buf *out, const struct hf_rule *r)
{
    hf_canonical_text(out, hf_rule_kind_names[r->kind]);
    hf_canonical_text(out, r->name); /* playbooks call it by that */
    hf_canonical_texts(out, r->scope.rings);
    hf_canonical_texts(out, r->scope.sites);
    hf_canonical_texts(out, r->scope.hosts);
    hf_canonical_text(out, r->scope.select);
    hf_canonical_text(out, r->zone ? hf_zone_name(r->zone) : NULL);
    hf_buf_printf(
        out, "%d %d/%d/%d %x %x %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64,
        r->repeat, r->monthly.nth, r->monthly.weekday, r->monthly.plus,
        r->months, r->weekdays, r->at, r->length, r->from, r->to);
    for (size_t i = 0; i < r->days_len; i++)
        hf_buf_printf(out, " %" PRId64, r->days[i]);
    for (size_t i = 0; i < r->occasions_len; i++)
        hf_buf_printf(out, " %" PRId64 "+%" PRId64 "%s", r->occasions[i].from,
                      r->occasions[i].to, r->occasions[i].local ? "l" : "");
    hf_buf_putc(out, '\n');
}

void
hf_calendar_hash(struct hf_calendar *cal)
{
    struct hf_buf form = {0};

    hf_canonical_text(&form, cal->zone ? hf_zone_name(cal->zone) : NULL);
    for (size_t i = 0; i < cal->sites_len; i++) {
        hf_canonical_text(&form, cal->sites[i].site);
        hf_canonical_text(&form, hf_zone_name(cal->sites[i].zone));
    }
    for (size_t i = 0; i < cal->baselines_len; i++) {
        hf_canonical_text(&form, cal->baselines[i].product);
        hf_canonical_texts(&form, cal->baselines[i].planned);
        hf_canonical_texts(&form, cal->baselines[i].unplanned);
    }
    hf_buf_putc(&form, '\n');
    for (size_t i = 0; i < cal->rules_len; i++)
        add_rule(&form, &cal->rules[i]);
    hf_sha256_hex(cal->hash, hf_buf_str(&form), form.len);
    hf_buf_release(&form);
}
