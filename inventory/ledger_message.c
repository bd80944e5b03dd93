/* The message of a ledger commit. */
#include "inventory/ledger_message.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "inventory/ledger_path.h"

#define SUBJECT_MAX 160 /* bytes of a record's subject that are read */
#define LISTED_MAX 100  /* subjects in the body */
#define VALUES_MAX 20   /* values of one trailer */
#define VALUE_MAX 400   /* bytes of one */

/* How many hosts ended in one way. */
struct tally {
    const char *action; /* borrowed from a record */
    char *outcome;
    size_t n;
};
struct tallies {
    struct tally *v;
    size_t len, cap;
};

static void
add_clean(struct hf_buf *out, const char *text, size_t max)
{
    hf_sanitise(out, text, strlen(text), max, 0);
}

/* ---- what the hosts came to ---- */

static void
count(struct tallies *t, const char *action, char *outcome, size_t n)
{
    for (size_t i = 0; i < t->len; i++)
        if (strcmp(t->v[i].action, action) == 0 &&
            strcmp(t->v[i].outcome, outcome) == 0) {
            t->v[i].n += n;
            free(outcome);
            return;
        }
    *HF_PUSH(&t->v, &t->len, &t->cap) = (struct tally){action, outcome, n};
}

/* What most hosts came to stands first. */
static int
by_count(const void *a, const void *b)
{
    const struct tally *x = a, *y = b;

    if (x->n != y->n)
        return (x->n < y->n) - (x->n > y->n);
    return strcmp(x->outcome, y->outcome);
}

static char *
outcome_of(const struct hf_ledger_record *r)
{
    cJSON *doc = cJSON_Parse(r->content);
    const char *said = hf_json_str(doc, "outcome");
    char *outcome = hf_sanitised(said ? said : "recorded");

    cJSON_Delete(doc);
    return outcome;
}

static const char *
action_of(const struct hf_ledger_record *r)
{
    return r->action ? r->action : "record";
}

/* How the hosts of a run ended, as its end says it, when no evidence of them
 * is here. 1: it says so. */
static int
count_run(struct tallies *t, const struct hf_ledger_record *r)
{
    cJSON *doc, *counts, *one;
    int told = 0;

    if (hf_ledger_kind(r->path) != HF_LEDGER_RUN)
        return 0;
    doc = cJSON_Parse(r->content);
    counts = cJSON_GetObjectItemCaseSensitive(doc, "counts");
    cJSON_ArrayForEach(one, counts)
    {
        if (!cJSON_IsNumber(one) || one->valuedouble < 1)
            continue;
        count(t, action_of(r), hf_sanitised(one->string),
              (size_t)one->valuedouble);
        told = 1;
    }
    cJSON_Delete(doc);
    return told;
}

static size_t
count_action(const struct tallies *t, const char *action)
{
    size_t n = 0;

    for (size_t i = 0; i < t->len; i++)
        if (strcmp(t->v[i].action, action) == 0)
            n += t->v[i].n;
    return n;
}

/* "apply 12 hosts: 11 verified, 1 failed" */
static void
add_action(struct hf_buf *out, const struct tallies *t, const char *action)
{
    size_t n = count_action(t, action);
    const char *before = ": ";

    add_clean(out, action, SUBJECT_MAX);
    hf_buf_printf(out, " %zu host%s", n, n == 1 ? "" : "s");
    for (size_t i = 0; i < t->len; i++)
        if (strcmp(t->v[i].action, action) == 0) {
            hf_buf_printf(out, "%s%zu %s", before, t->v[i].n, t->v[i].outcome);
            before = ", ";
        }
}

static int
is_first(const struct tallies *t, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (strcmp(t->v[j].action, t->v[i].action) == 0)
            return 0;
    return 1;
}

/* ---- the subject ---- */

static void
add_subject_of(struct hf_buf *out, const struct hf_ledger_record *r)
{
    add_clean(out, r->subject && *r->subject ? r->subject : r->path,
              SUBJECT_MAX);
}

static void
add_separator(struct hf_buf *out, size_t start)
{
    if (out->len > start)
        hf_buf_puts(out, "; ");
}

/* Nothing that stands in the same commit may hide it. */
static void
add_broken_glass(struct hf_buf *out, struct hf_ledger_record *const *records,
                 size_t n)
{
    const struct hf_ledger_record *one = NULL;
    size_t broken = 0;

    for (size_t i = 0; i < n; i++) {
        if (hf_ledger_kind(records[i]->path) != HF_LEDGER_BREAK_GLASS)
            continue;
        one = records[i];
        broken++;
    }
    if (broken == 1)
        add_subject_of(out, one);
    else if (broken)
        hf_buf_printf(out, HF_LEDGER_BROKEN " on %zu hosts", broken);
}

/* One sentence over many records: actions with their outcomes, then what
 * else is there. */
static void
add_summary(struct hf_buf *out, struct hf_ledger_record *const *records,
            size_t n)
{
    const struct hf_ledger_record *run = NULL;
    struct tallies t = {0};
    size_t runs = 0, facts = 0, start = out->len;
    int told = 0; /* by the ends of runs */

    add_broken_glass(out, records, n);
    for (size_t i = 0; i < n; i++) {
        enum hf_ledger_kind kind = hf_ledger_kind(records[i]->path);

        if (kind == HF_LEDGER_EVIDENCE)
            count(&t, action_of(records[i]), outcome_of(records[i]), 1);
        facts += kind == HF_LEDGER_FACTS_OF_HOST;
        runs += kind == HF_LEDGER_RUN;
        if (kind == HF_LEDGER_RUN)
            run = records[i];
    }
    for (size_t i = 0; i < n && (told || !t.len); i++)
        told |= count_run(&t, records[i]);
    if (t.len)
        qsort(t.v, t.len, sizeof(*t.v), by_count);
    for (size_t i = 0; i < t.len; i++)
        if (is_first(&t, i)) {
            add_separator(out, start);
            add_action(out, &t, t.v[i].action);
        }
    if (told)
        runs = 0;
    if (runs > 0)
        add_separator(out, start);
    if (runs == 1)
        add_subject_of(out, run);
    else if (runs > 1)
        hf_buf_printf(out, "%zu run records", runs);
    if (facts > 0) {
        add_separator(out, start);
        hf_buf_printf(out, "facts of %zu host%s", facts, facts == 1 ? "" : "s");
    }
    for (size_t i = 0; i < t.len; i++)
        free(t.v[i].outcome);
    free(t.v);
}

/* ---- body and trailers ---- */

static void
add_list(struct hf_buf *out, struct hf_ledger_record *const *records, size_t n)
{
    hf_buf_putc(out, '\n');
    for (size_t i = 0; i < n && i < LISTED_MAX; i++) {
        hf_buf_puts(out, "- ");
        add_subject_of(out, records[i]);
        hf_buf_putc(out, '\n');
    }
    if (n > LISTED_MAX)
        hf_buf_printf(out, "- and %zu more\n", n - LISTED_MAX);
}

/* clang-format off */
static const struct { const char *name; size_t offset; } trailers[] = {
    {"Run", offsetof(struct hf_ledger_record, run)},
    {"Action", offsetof(struct hf_ledger_record, action)},
    {"Change", offsetof(struct hf_ledger_record, change)},
    {"Operator", offsetof(struct hf_ledger_record, operator_)},
    {"Inventory", offsetof(struct hf_ledger_record, inventory)},
    {"Plan", offsetof(struct hf_ledger_record, plan)},
};
/* clang-format on */

/* The different values of one trailer, in order. */
static void
add_values(struct hf_buf *out, size_t which,
           struct hf_ledger_record *const *records, size_t n)
{
    struct hf_strs seen = {0};

    for (size_t i = 0; i < n && seen.len < VALUES_MAX; i++) {
        const char *value =
            *(char *const *)(const void *)((const char *)records[i] +
                                           trailers[which].offset);

        if (!value || !*value || hf_strs_has(&seen, value))
            continue;
        hf_strs_add(&seen, value);
        hf_buf_printf(out, "%s: ", trailers[which].name);
        add_clean(out, value, VALUE_MAX);
        hf_buf_putc(out, '\n');
    }
    hf_strs_release(&seen);
}

char *
hf_ledger_message(struct hf_ledger_record *const *records, size_t n)
{
    struct hf_buf out = {0};

    if (n == 1 && hf_ledger_kind(records[0]->path) != HF_LEDGER_RUN)
        add_subject_of(&out, records[0]);
    else
        add_summary(&out, records, n);
    hf_buf_putc(&out, '\n');
    if (n > 1)
        add_list(&out, records, n);
    hf_buf_putc(&out, '\n');
    for (size_t i = 0; i < HF_COUNT(trailers); i++)
        add_values(&out, i, records, n);
    return hf_buf_take(&out);
}
