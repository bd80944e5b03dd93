/*
 * The host's quarter as stops on the way: what it took, what is missing, what
 * is planned. Months come from the catalogue; where it has none, from
 * calendar.json or the rule (see backend/model/baseline.h).
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
add_planned(struct hf_track *out, const struct windows_track *t,
            const struct hf_judge_in *in, const char *month)
{
    struct hf_stop *stop = HF_PUSH(&out->v, &out->len, &out->cap);
    struct hf_baseline b;

    *stop = (struct hf_stop){.type = HF_RELEASE_HOTPATCH};
    if (hf_baseline_of(&b, in->catalogue, in->calendar, t->product.id, month,
                       in->now))
        stop->type =
            b.unplanned ? HF_RELEASE_UNPLANNED_BASELINE : HF_RELEASE_BASELINE;
    stop->day = b.day;
    snprintf(stop->month, sizeof(stop->month), "%s", month);
    stop->flags = stop->day > in->now ? HF_STOP_PLANNED : HF_STOP_MISSING;
}

/* A month without a regular release on the track has its planned one. */
static void
add_month(struct hf_track *out, const struct windows_track *t,
          const struct hf_judge_in *in, const char *month)
{
    const struct hf_catalogue *c = in->catalogue;
    int regular = 0;

    for (size_t i = 0; i < c->releases_len; i++) {
        const struct hf_release *row = &c->releases[i];

        if (strcmp(row->product, t->product.id) == 0 && row->month &&
            strcmp(row->month, month) == 0 &&
            hf_release_line(row) != HF_LINE_RESTART)
            regular |= row->type != HF_RELEASE_OOB;
    }
    if (!regular)
        add_planned(out, t, in, month);
    for (size_t i = 0; i < c->releases_len; i++) {
        const struct hf_release *row = &c->releases[i];

        if (strcmp(row->product, t->product.id) == 0 && row->month &&
            strcmp(row->month, month) == 0 && is_shown(t, row))
            add_row(out, t, row, in->now);
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
    struct hf_baseline next;
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
    hf_baseline_next(&next, in->catalogue, in->calendar, t.product.id, in->now,
                     in->now);
    hf_time_format(last, next.day ? next.day : in->now);
    last[sizeof(month) - 1] = '\0';
    for (int i = 0; i < MONTHS_MAX && strcmp(month, last) <= 0; i++) {
        add_month(out, &t, in, month);
        hf_month_add(month, month, 1);
    }
    add_unlisted(out, &t);
    leave_out(out, &t);
    out->restart = find_restart(out);
out:
    windows_track_release(&t);
}
