/* What the documents of the months say, and where they say nothing. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/model/exposure.h"

static int
is_regular(const struct hf_release *row)
{
    return row->month && row->type != HF_RELEASE_OOB &&
           row->type != HF_RELEASE_COMPANION;
}

static int
same_month(const struct hf_release *a, const struct hf_release *b)
{
    return a->month && b->month && strcmp(a->product, b->product) == 0 &&
           strcmp(a->month, b->month) == 0;
}

static int
has_cves(const struct hf_release *row)
{
    return row->cves && row->cves[0];
}

/* Whether a regular release of the row's month tells of any CVE. */
static int
month_has_cves(const struct hf_catalogue *c, const struct hf_release *row)
{
    for (size_t i = 0; i < c->releases_len; i++) {
        const struct hf_release *r = &c->releases[i];

        if (is_regular(r) && same_month(r, row) && has_cves(r))
            return 1;
    }
    return 0;
}

/* Some host lacks the fixes of this row. */
static int
is_lacked(const struct hf_exposure *x, const struct hf_release *row)
{
    for (size_t i = 0; i < x->sets_len; i++) {
        const struct hf_exposure_set *set = &x->sets[i];

        if (row >= set->rows && row < set->rows + set->len &&
            !set->taken[row - set->rows])
            return 1;
    }
    return 0;
}

void
hf_exposure_gaps(struct hf_buf *out, const struct hf_exposure *x,
                 const char *product)
{
    const struct hf_catalogue *c = x->catalogue;
    const char *last = NULL;

    for (size_t i = 0; i < c->releases_len; i++) {
        const struct hf_release *row = &c->releases[i];

        if (strcmp(row->product, product) != 0 || !is_regular(row) ||
            (last && strcmp(last, row->month) == 0) || !is_lacked(x, row) ||
            month_has_cves(c, row))
            continue;
        last = row->month;
        hf_buf_printf(out, "%s%s", out->len ? ", " : "", last);
    }
}

/* ---- hotpatch against update ---- */

static int
closes(const struct hf_release *row, const char *id)
{
    for (const char *const *cve = row->cves; cve && *cve; cve++) {
        if (strcmp(*cve, id) == 0)
            return 1;
    }
    return 0;
}

/* The month's cumulative update, or its baseline. */
static const struct hf_release *
update_beside(const struct hf_catalogue *c, const struct hf_release *hotpatch)
{
    for (size_t i = 0; i < c->releases_len; i++) {
        const struct hf_release *row = &c->releases[i];

        if (is_regular(row) && row->type != HF_RELEASE_HOTPATCH &&
            same_month(row, hotpatch) && has_cves(row))
            return row;
    }
    return NULL;
}

static void
find_companions(struct hf_month_difference *d, const struct hf_catalogue *c)
{
    for (size_t i = 0; i < c->releases_len; i++) {
        const struct hf_release *row = &c->releases[i];

        if (row->type != HF_RELEASE_COMPANION || !same_month(row, d->hotpatch))
            continue;
        for (size_t k = 0; k < d->left_open.len; k++) {
            if (closes(row, d->left_open.v[k]) &&
                !hf_strs_has(&d->companion, row->kb))
                hf_strs_add(&d->companion, row->kb);
        }
    }
}

static void
compare(struct hf_month_difference *d, const struct hf_catalogue *c)
{
    for (const char *const *id = d->update->cves; *id; id++) {
        if (!closes(d->hotpatch, *id))
            hf_strs_add(&d->left_open, *id);
    }
    find_companions(d, c);
}

struct hf_month_difference *
hf_month_differences(const struct hf_catalogue *c, size_t *n)
{
    struct hf_month_difference *v = NULL;
    size_t cap = 0;

    *n = 0;
    for (size_t i = 0; i < c->releases_len; i++) {
        struct hf_month_difference d = {.hotpatch = &c->releases[i]};

        if (d.hotpatch->type != HF_RELEASE_HOTPATCH || !has_cves(d.hotpatch) ||
            !(d.update = update_beside(c, d.hotpatch)))
            continue;
        d.product = d.hotpatch->product;
        d.month = d.hotpatch->month;
        compare(&d, c);
        if (d.left_open.len)
            *HF_PUSH(&v, n, &cap) = d;
    }
    return v;
}

void
hf_month_differences_free(struct hf_month_difference *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        hf_strs_release(&v[i].left_open);
        hf_strs_release(&v[i].companion);
    }
    free(v);
}
