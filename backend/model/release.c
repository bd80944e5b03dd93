/* What the catalogue says about a product or a kernel. */
#include "backend/model/release.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"

#define LINUX "linux"
#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)

/* clang-format off */
const char *const hf_release_type_names[HF_RELEASE_TYPE_COUNT + 1] = {
    [HF_RELEASE_HOTPATCH] = "hotpatch",
    [HF_RELEASE_BASELINE] = "baseline",
    [HF_RELEASE_UNPLANNED_BASELINE] = "unplanned-baseline",
    [HF_RELEASE_OOB] = "oob",
    [HF_RELEASE_UPDATE] = "update",
    [HF_RELEASE_COMPANION] = "companion",
    [HF_RELEASE_TYPE_COUNT] = NULL,
};

const char *const hf_severity_names[HF_SEVERITY_COUNT + 1] = {
    [HF_SEVERITY_UNKNOWN] = "unknown",
    [HF_SEVERITY_LOW] = "low",
    [HF_SEVERITY_MODERATE] = "moderate",
    [HF_SEVERITY_IMPORTANT] = "important",
    [HF_SEVERITY_CRITICAL] = "critical",
    [HF_SEVERITY_COUNT] = NULL,
};

const char *const hf_release_line_names[HF_LINE_COUNT + 1] = {
    [HF_LINE_BY_TYPE] = "by-type",
    [HF_LINE_HOTPATCH] = "hotpatch",
    [HF_LINE_KEPT] = "kept",
    [HF_LINE_RESTART] = "restart",
    [HF_LINE_COUNT] = NULL,
};

static const enum hf_release_line lines[HF_RELEASE_TYPE_COUNT] = {
    [HF_RELEASE_HOTPATCH] = HF_LINE_HOTPATCH,
    [HF_RELEASE_BASELINE] = HF_LINE_KEPT,
    [HF_RELEASE_UNPLANNED_BASELINE] = HF_LINE_KEPT,
    [HF_RELEASE_OOB] = HF_LINE_RESTART,
    [HF_RELEASE_UPDATE] = HF_LINE_RESTART,
    [HF_RELEASE_COMPANION] = HF_LINE_RESTART,
};

const char *const hf_product_ids[] = {
    "linux", "ws2022-azure", "ws2025", "w11-24h2", "w11-25h2", "w11-26h2",
    NULL,
};
/* clang-format on */

enum hf_release_line
hf_release_line(const struct hf_release *row)
{
    return row->line ? row->line : lines[row->type];
}

static int
compare_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "");
}

/* "26100.7392" before "26100.32230". */
static int
compare_builds(const char *a, const char *b)
{
    return a && b ? hf_text_natcmp(a, b) : compare_text(a, b);
}

int
hf_release_compare(const void *a, const void *b)
{
    const struct hf_release *x = a, *y = b;
    int order;

    if ((order = compare_text(x->product, y->product)) != 0 ||
        (order = compare_text(x->kernel, y->kernel)) != 0 ||
        (order = (x->released > y->released) - (x->released < y->released)) !=
            0 ||
        (order = compare_text(x->patch, y->patch)) != 0 ||
        (order = compare_builds(x->build, y->build)) != 0)
        return order;
    return compare_text(x->kb, y->kb);
}

static int
compare_cve(const void *id, const void *cve)
{
    return strcmp(id, ((const struct hf_cve *)cve)->id);
}

const struct hf_cve *
hf_catalogue_cve(const struct hf_catalogue *c, const char *id)
{
    return c->cves_len ? bsearch(id, c->cves, c->cves_len, sizeof(*c->cves),
                                 compare_cve)
                       : NULL;
}

size_t
hf_release_exploited(const struct hf_catalogue *c, const struct hf_release *row)
{
    const struct hf_cve *cve;
    size_t n = 0;

    for (const char *const *id = row->cves; id && *id; id++)
        n += (cve = hf_catalogue_cve(c, *id)) != NULL && cve->exploited;
    return n;
}

const struct hf_release *
hf_catalogue_release(const struct hf_catalogue *c, const char *name)
{
    for (size_t i = 0; c && i < c->releases_len; i++) {
        const struct hf_release *row = &c->releases[i];

        if ((row->kb && strcmp(row->kb, name) == 0) ||
            (row->patch && strcmp(row->patch, name) == 0))
            return row;
    }
    return NULL;
}

const struct hf_product *
hf_catalogue_product(const struct hf_catalogue *c, const char *id)
{
    for (size_t i = 0; id && i < c->products_len; i++) {
        if (strcmp(c->products[i].id, id) == 0)
            return &c->products[i];
    }
    return NULL;
}

/* Midnight UTC of the first day, `months` after "2026-08"; 0 when the text is
 * no month. */
static int64_t
month_start(const char *month, int months)
{
    int64_t at = 0;
    int year, number;
    char first[HF_TIME_LEN];

    if (strlen(month) != 7 || strspn(month, "0123456789") != 4 ||
        month[4] != '-' || strspn(month + 5, "0123456789") != 2)
        return 0;
    year = (month[0] - '0') * 1000 + (month[1] - '0') * 100 +
           (month[2] - '0') * 10 + (month[3] - '0');
    number = (month[5] - '0') * 10 + (month[6] - '0');
    if (number < 1 || number > 12)
        return 0;
    number += months - 1;
    year += number / 12;
    snprintf(first, sizeof(first), "%04d-%02d-01", year, number % 12 + 1);
    return hf_time_parse(&at, first) == 0 ? at : 0;
}

/* 18:00 UTC on the second Tuesday of the month that starts at `start`. */
static int64_t
second_tuesday(int64_t start)
{
    enum { THURSDAY = 4, TUESDAY = 2, WEEK = 7 };
    int64_t weekday = (start / DAY_MS + THURSDAY) % WEEK; /* 1970: Thursday */
    int64_t first = (TUESDAY - weekday + WEEK) % WEEK;

    return start + (first + WEEK) * DAY_MS + DAY_MS * 18 / 24;
}

int64_t
hf_release_day(const char *month, int months)
{
    int64_t start = month_start(month, months);

    return start ? second_tuesday(start) : 0;
}

int64_t
hf_product_overdue_at(const struct hf_product *p)
{
    if (!p || !p->complete_until)
        return 0;
    if (strcmp(p->id, LINUX) == 0)
        return month_start(p->complete_until, 2);
    return hf_release_day(p->complete_until, 1);
}

/* The first row that is not of an earlier product, or with `behind` not of
 * this one either. */
static size_t
product_border(const struct hf_catalogue *c, const char *product, int behind)
{
    size_t low = 0, high = c->releases_len;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (strcmp(c->releases[mid].product, product) < behind)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

size_t
hf_catalogue_rows(const struct hf_catalogue *c, const char *product,
                  const struct hf_release **rows)
{
    size_t from = product_border(c, product, 0);

    *rows = c->releases + from;
    return product_border(c, product, 1) - from;
}

/* The rows of one kernel stand together: [*from, end). */
static size_t
kernel_rows(const struct hf_catalogue *c, const char *kernel, size_t *from)
{
    struct hf_release wanted = {.product = LINUX, .kernel = kernel};
    size_t low = 0, high = c->releases_len;

    wanted.released = INT64_MIN;
    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (hf_release_compare(&c->releases[mid], &wanted) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    *from = low;
    while (low < c->releases_len &&
           strcmp(c->releases[low].product, LINUX) == 0 &&
           compare_text(c->releases[low].kernel, kernel) == 0)
        low++;
    return low;
}

int
hf_release_retires(const struct hf_release *later, const struct hf_release *row)
{
    return (later->replaces &&
            (strcmp(later->replaces, "*") == 0 ||
             compare_text(later->replaces, row->patch) == 0)) ||
           compare_text(later->patch, row->patch) == 0;
}

static int
is_retired(const struct hf_release *row, const struct hf_release *end)
{
    for (const struct hf_release *later = row + 1; later < end; later++) {
        if (hf_release_retires(later, row))
            return 1;
    }
    return 0;
}

const struct hf_release *
hf_catalogue_kernel_rows(const struct hf_catalogue *c, const char *kernel,
                         size_t *len)
{
    size_t from, end = kernel_rows(c, kernel, &from);

    *len = end - from;
    return *len ? &c->releases[from] : NULL;
}

size_t
hf_catalogue_kernel_target(const struct hf_catalogue *c, const char *kernel,
                           const struct hf_release **out, size_t max)
{
    size_t from, end = kernel_rows(c, kernel, &from), n = 0;

    for (size_t i = from; i < end; i++) {
        if (is_retired(&c->releases[i], &c->releases[end]))
            continue;
        if (n < max)
            out[n] = &c->releases[i];
        n++;
    }
    return n;
}

const struct hf_release *
hf_catalogue_kernel_row(const struct hf_catalogue *c, const char *kernel,
                        const char *patch)
{
    size_t from, end = kernel_rows(c, kernel, &from);

    while (end-- > from) { /* the newest of equal names */
        if (compare_text(c->releases[end].patch, patch) == 0)
            return &c->releases[end];
    }
    return NULL;
}

int
hf_catalogue_knows_kernel(const struct hf_catalogue *c, const char *kernel)
{
    size_t from;

    return kernel_rows(c, kernel, &from) > from;
}
