/*
 * The host's quarter as stops on the way: what it took, what is missing, what
 * is planned. Months come from the catalogue; where it has none, from the
 * plan (a baseline in January, April, July and October, else a hotpatch, on
 * the second Tuesday), which Microsoft does not always keep.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "backend/drivers/windows/windows.h"

#define MONTHS_MAX 240 /* twenty years behind is far enough */

static int
is_baseline(enum hf_release_type type)
{
    return type == HF_RELEASE_BASELINE || type == HF_RELEASE_UNPLANNED_BASELINE;
}

/* "2026-12" and 1: "2027-01". */
static void
add_months(char month[8], int months)
{
    int year = 0, number = 0;

    (void)sscanf(month, "%4d-%2d", &year, &number);
    number += year * 12 + months - 1;
    snprintf(month, 8, "%04d-%02d", number / 12 % 10000, number % 12 + 1);
}

static int
is_baseline_month(const char *month)
{
    return ((month[5] - '0') * 10 + month[6] - '0') % 3 == 1;
}

/* ---- stops ---- */

/* Rows of the restart line lead elsewhere, out-of-band ones are soon
 * superseded: of both only what concerns this host belongs into its picture.
 */
static int
is_shown(const struct windows_track *t, const struct hf_release *row)
{
    if (row == t->row || row == t->stray || row == t->target)
        return 1;
    if (t->place == WINDOWS_TWOFOLD && strcmp(row->build, t->build) == 0)
        return 0;
    return row->type != HF_RELEASE_OOB &&
           hf_release_line(row) != HF_LINE_RESTART;
}

/* By the day of release, since the restart line counts in other builds; a
 * build of no row is placed by its number, which is the higher one there. */
static int
is_taken(const struct windows_track *t, const struct hf_release *row)
{
    if (t->row)
        return row == t->row || row == t->stray ||
               row->released < t->row->released;
    return t->place != WINDOWS_NOWHERE &&
           windows_revision(row->build) < windows_revision(t->build);
}

static void
add_row(struct hf_track *out, const struct windows_track *t,
        const struct hf_release *row, int64_t now)
{
    struct hf_stop *stop = HF_PUSH(&out->v, &out->len, &out->cap);

    *stop =
        (struct hf_stop){.type = row->type, .row = row, .day = row->released};
    snprintf(stop->month, sizeof(stop->month), "%.7s", row->month);
    if (row->released > now)
        stop->flags |= HF_STOP_PLANNED;
    else if (is_taken(t, row))
        stop->flags |= HF_STOP_TAKEN;
    if (hf_release_line(row) == HF_LINE_RESTART)
        stop->flags |= HF_STOP_ASIDE;
    if (row == t->row)
        stop->flags |= HF_STOP_HERE;
}

static void
add_planned(struct hf_track *out, const char *month, int64_t now)
{
    struct hf_stop *stop = HF_PUSH(&out->v, &out->len, &out->cap);

    *stop = (struct hf_stop){
        .type = is_baseline_month(month) ? HF_RELEASE_BASELINE
                                         : HF_RELEASE_HOTPATCH,
        .day = hf_release_day(month, 0),
    };
    snprintf(stop->month, sizeof(stop->month), "%s", month);
    stop->flags = stop->day > now ? HF_STOP_PLANNED : HF_STOP_MISSING;
}

/* A month without a regular release on the track has its planned one. */
static void
add_month(struct hf_track *out, const struct windows_track *t,
          const struct hf_catalogue *c, const char *month, int64_t now)
{
    int regular = 0;

    for (size_t i = 0; i < c->releases_len; i++) {
        const struct hf_release *row = &c->releases[i];

        if (strcmp(row->product, t->product.id) == 0 && row->month &&
            strcmp(row->month, month) == 0 &&
            hf_release_line(row) != HF_LINE_RESTART)
            regular |= row->type != HF_RELEASE_OOB;
    }
    if (!regular)
        add_planned(out, month, now);
    for (size_t i = 0; i < c->releases_len; i++) {
        const struct hf_release *row = &c->releases[i];

        if (strcmp(row->product, t->product.id) == 0 && row->month &&
            strcmp(row->month, month) == 0 && is_shown(t, row))
            add_row(out, t, row, now);
    }
}

/* A build of no row stands behind the last one that it has the fixes of. */
static void
add_unlisted(struct hf_track *out, const struct windows_track *t)
{
    size_t at = 0;

    if (t->row || !t->build[0] || t->place == WINDOWS_NOWHERE)
        return;
    for (size_t i = 0; i < out->len; i++) {
        if (out->v[i].row && windows_revision(out->v[i].row->build) <=
                                 windows_revision(t->build))
            at = i + 1;
    }
    (void)HF_PUSH(&out->v, &out->len, &out->cap);
    memmove(out->v + at + 1, out->v + at,
            (out->len - 1 - at) * sizeof(*out->v));
    out->v[at] = (struct hf_stop){
        .type = HF_RELEASE_UPDATE,
        .flags = HF_STOP_HERE | HF_STOP_MISSING |
                 (t->place == WINDOWS_OFF_TRACK || t->place == WINDOWS_OLD
                      ? HF_STOP_ASIDE
                      : 0)};
}

/* ---- what a reader wants to see ---- */

static size_t
find_here(const struct hf_track *out)
{
    size_t i = 0;

    while (i < out->len && !(out->v[i].flags & HF_STOP_HERE))
        i++;
    return i;
}

/* Between a host that is far behind and the newest baseline nothing helps
 * it any more. */
static void
leave_out(struct hf_track *out, const struct windows_track *t)
{
    size_t from = find_here(out) + 1, to = from, n;

    for (size_t i = from; i < out->len; i++) {
        if (out->v[i].row == t->newest)
            to = i;
    }
    if (from >= out->len || to == from)
        return;
    n = to - from;
    memmove(out->v + from, out->v + to, (out->len - to) * sizeof(*out->v));
    out->len -= n;
    out->v[from].left_out = n;
}

/* The first baseline that the host lacks and that may need its restart. */
static size_t
find_restart(const struct hf_track *out)
{
    size_t here = find_here(out);

    for (size_t i = here == out->len ? 0 : here + 1; i < out->len; i++) {
        if (is_baseline(out->v[i].type) && !(out->v[i].flags & HF_STOP_TAKEN))
            return i;
    }
    return out->len;
}

/* Where the picture begins: the host's baseline, or the newest it has passed.
 */
static const struct hf_release *
first_row(const struct windows_track *t, const struct hf_catalogue *c)
{
    const struct hf_release *found = NULL;

    if (t->baseline)
        return t->baseline;
    for (size_t i = 0; i < c->releases_len; i++) {
        const struct hf_release *row = &c->releases[i];

        if (strcmp(row->product, t->product.id) == 0 &&
            is_baseline(row->type) && is_taken(t, row))
            found = row;
    }
    return found ? found : t->newest;
}

void
windows_stops(struct hf_track *out, const struct hf_judge_in *in)
{
    char month[8], last[HF_TIME_LEN];
    const struct hf_release *first;
    struct windows_track t;

    *out = (struct hf_track){0};
    windows_track(&t, in->facts, in->catalogue, in->now);
    first = t.product.id ? first_row(&t, in->catalogue) : NULL;
    if (!first)
        goto out;
    out->title = t.product.title;
    snprintf(out->build, sizeof(out->build), "%s", t.build);
    snprintf(month, sizeof(month), "%.7s", first->month);
    hf_time_format(last, windows_next_baseline(in->now));
    last[sizeof(month) - 1] = '\0';
    for (int i = 0; i < MONTHS_MAX && strcmp(month, last) <= 0; i++) {
        add_month(out, &t, in->catalogue, month, in->now);
        add_months(month, 1);
    }
    add_unlisted(out, &t);
    leave_out(out, &t);
    out->restart = find_restart(out);
out:
    windows_track_release(&t);
}
