/* Checks against hosts, as counts; see eligibility.h. Their lines are made in
 * eligibility_lines.c. */
#include "tui/rows/eligibility.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/model/selector.h"

/* clang-format off */
const char *const hf_eligibility_by_names[HF_ELIGIBILITY_BY_COUNT + 1] = {
    [HF_BY_PRODUCT] = "product", [HF_BY_RING] = "ring",
    [HF_BY_NOTHING] = "nothing",
};

const enum hf_verdict hf_verdict_columns[HF_VERDICT_COUNT] = {
    HF_VERDICT_BLOCK, HF_VERDICT_UNKNOWN, HF_VERDICT_WARN, HF_VERDICT_PASS,
};
/* clang-format on */

void
hf_eligibility_release(struct hf_eligibility *e)
{
    free(e->groups);
    free(e->checks);
    e->fleet = NULL;
    e->states = NULL;
    e->n = 0;
    e->groups = NULL;
    e->checks = NULL;
    e->groups_len = e->groups_cap = 0;
    e->checks_len = e->checks_cap = 0;
}

/* ---- groups ---- */

static const char *
key_of(enum hf_eligibility_by by, const struct hf_state *st)
{
    switch (by) {
    case HF_BY_PRODUCT:
        return st->status.product ? st->status.product : st->host->product;
    case HF_BY_RING:
        return st->host->ring;
    default:
        return NULL;
    }
}

static int
same_key(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

int
hf_eligibility_has(const struct hf_eligibility *e,
                   const struct hf_check_group *group,
                   const struct hf_state *st)
{
    return same_key(group->key, key_of(e->by, st));
}

static const char *
title_of(const struct hf_eligibility *e, const char *key)
{
    const struct hf_product *product =
        key && e->by == HF_BY_PRODUCT && e->fleet->catalogue
            ? hf_catalogue_product(e->fleet->catalogue, key)
            : NULL;

    if (product)
        return product->title;
    if (key)
        return key;
    return e->by == HF_BY_PRODUCT ? "product not known"
           : e->by == HF_BY_RING  ? "in no ring"
                                  : "all hosts";
}

static uint32_t
group_of(struct hf_eligibility *e, const char *key)
{
    struct hf_check_group *g;

    for (uint32_t i = 0; i < e->groups_len; i++) {
        if (same_key(e->groups[i].key, key))
            return i;
    }
    g = HF_PUSH(&e->groups, &e->groups_len, &e->groups_cap);
    *g = (struct hf_check_group){.key = key, .title = title_of(e, key)};
    return (uint32_t)(e->groups_len - 1);
}

/* ---- counting ---- */

/* `*hint`: where the check before it was; a driver's findings come in one
 * order, so that the next one mostly follows. */
static struct hf_check_count *
count_of(struct hf_eligibility *e, uint32_t group, const struct hf_finding *f,
         size_t *hint)
{
    struct hf_check_count *c;

    for (size_t i = 0; i < e->checks_len; i++) {
        size_t at = (*hint + 1 + i) % e->checks_len;

        c = &e->checks[at];
        if (c->group == group &&
            (c->name == f->name || strcmp(c->name, f->name) == 0)) {
            *hint = at;
            return c;
        }
    }
    c = HF_PUSH(&e->checks, &e->checks_len, &e->checks_cap);
    *c = (struct hf_check_count){.group = group,
                                 .order = (uint32_t)e->checks_len,
                                 .name = f->name,
                                 .title = f->title,
                                 .remedy = f->remedy,
                                 .who = f->who,
                                 .needs_restart = f->needs_restart};
    *hint = e->checks_len - 1;
    return c;
}

static void
count_state(struct hf_eligibility *e, const struct hf_state *st)
{
    const struct hf_findings *findings = hf_state_findings(st);
    uint32_t group = group_of(e, key_of(e->by, st));
    size_t hint = e->checks_len;

    for (size_t i = 0; i < findings->len; i++) {
        const struct hf_finding *f = &findings->v[i];

        count_of(e, group, f, &hint)->by[f->verdict]++;
    }
    e->groups[group].hosts++;
    e->groups[group].unjudged += findings->len == 0;
    e->groups[group].stopped += hf_findings_worst(findings) == HF_VERDICT_BLOCK;
    hf_state_fold(st);
}

/* ---- order ---- */

/* By group; in it by what stops the most hosts, then as the driver has it. */
static int
compare_checks(const void *a, const void *b)
{
    const struct hf_check_count *x = a, *y = b;

    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    for (int i = 0; hf_verdict_columns[i] != HF_VERDICT_PASS; i++) {
        enum hf_verdict v = hf_verdict_columns[i];

        if (x->by[v] != y->by[v])
            return x->by[v] > y->by[v] ? -1 : 1;
    }
    return (x->order > y->order) - (x->order < y->order);
}

/* What has no name is last, the rest as large as it is. */
static int
compare_groups(const void *a, const void *b)
{
    const struct hf_check_group *x = a, *y = b;

    if (!x->key != !y->key)
        return x->key ? -1 : 1;
    if (x->hosts != y->hosts)
        return x->hosts > y->hosts ? -1 : 1;
    return x->key ? strcmp(x->key, y->key) : 0;
}

static void
sort(struct hf_eligibility *e)
{
    const char **keys = hf_xcalloc(e->groups_len + 1, sizeof(*keys));

    for (size_t i = 0; i < e->groups_len; i++)
        keys[i] = e->groups[i].key;
    if (e->groups_len)
        qsort(e->groups, e->groups_len, sizeof(*e->groups), compare_groups);
    for (size_t i = 0; i < e->checks_len; i++)
        e->checks[i].group = group_of(e, keys[e->checks[i].group]);
    if (e->checks_len)
        qsort(e->checks, e->checks_len, sizeof(*e->checks), compare_checks);
    free(keys);
}

void
hf_eligibility_make_of(struct hf_eligibility *e, const struct hf_fleet *fleet,
                       const struct hf_state *const *states, size_t n)
{
    hf_eligibility_release(e);
    e->fleet = fleet;
    for (size_t i = 0; i < n; i++)
        count_state(e, states[i]);
    sort(e);
}

void
hf_eligibility_make(struct hf_eligibility *e, const struct hf_fleet *fleet,
                    const struct hf_state *states, size_t n)
{
    hf_eligibility_release(e);
    e->fleet = fleet;
    e->states = states;
    e->n = n;
    for (size_t i = 0; i < n; i++)
        count_state(e, &states[i]);
    sort(e);
}

/* ---- rows: each group's head, its checks, and those that only pass ---- */

static int
is_quiet(const struct hf_check_count *c)
{
    return !c->by[HF_VERDICT_BLOCK] && !c->by[HF_VERDICT_UNKNOWN] &&
           !c->by[HF_VERDICT_WARN];
}

/* The row `at` of one group whose checks begin at `c`, of which there are `n`.
 * Quiet ones stand last. 0, or how many rows the group has. */
static size_t
row_of_group(struct hf_eligibility_row *out, const struct hf_eligibility *e,
             const struct hf_check_group *g, const struct hf_check_count *c,
             size_t n, size_t at)
{
    size_t loud = 0;

    while (loud < n && (e->all || !is_quiet(&c[loud])))
        loud++;
    *out = (struct hf_eligibility_row){.group = g};
    if (at == 0)
        return 0;
    if (at <= loud)
        out->check = &c[at - 1];
    else if (at == loud + 1 && loud < n)
        out->quiet = n - loud;
    else
        return 1 + loud + (loud < n);
    return 0;
}

int
hf_eligibility_row(struct hf_eligibility_row *out,
                   const struct hf_eligibility *e, size_t row)
{
    size_t from = 0, to = 0, rows;

    for (size_t g = 0; g < e->groups_len; g++, from = to) {
        while (to < e->checks_len && e->checks[to].group == g)
            to++;
        rows = row_of_group(out, e, &e->groups[g], e->checks + from, to - from,
                            row);
        if (!rows)
            return 0;
        row -= rows;
    }
    return -1;
}

size_t
hf_eligibility_rows(const struct hf_eligibility *e)
{
    struct hf_eligibility_row row;
    size_t n = 0;

    while (hf_eligibility_row(&row, e, n) == 0)
        n++;
    return n;
}

static int
is_row_of(const struct hf_eligibility_row *row, const char *check)
{
    if (!check)
        return !row->check && !row->quiet;
    if (!*check)
        return row->quiet > 0;
    return row->check && strcmp(row->check->name, check) == 0;
}

size_t
hf_eligibility_find(const struct hf_eligibility *e, const char *group,
                    const char *check)
{
    struct hf_eligibility_row row;
    size_t head = 0;

    for (size_t i = 0; hf_eligibility_row(&row, e, i) == 0; i++) {
        if (!same_key(row.group->key, group))
            continue;
        if (is_row_of(&row, check))
            return i;
        if (is_row_of(&row, NULL))
            head = i;
    }
    return head;
}

/* ---- in words ---- */

char *
hf_eligibility_selector(const struct hf_eligibility *e,
                        const struct hf_eligibility_row *row,
                        enum hf_verdict verdict)
{
    const char *field = hf_eligibility_by_names[e->by];
    struct hf_buf text = {0};
    char *spelled;

    if (row->check)
        hf_buf_printf(&text, "check.%s:%s", row->check->name,
                      hf_verdict_names[verdict]);
    if (e->by != HF_BY_NOTHING && row->group->key)
        hf_buf_printf(&text, " %s:\"%s\"", field, row->group->key);
    else if (e->by != HF_BY_NOTHING)
        hf_buf_printf(&text, " not %s:*", field);
    spelled = hf_selector_respell(hf_buf_str(&text));
    hf_buf_release(&text);
    return spelled;
}
