/*
 * Where a host is on the line of its product. Builds are compared within one
 * line only, and two updates of one build are told apart by their KBs.
 */
#include <stdio.h>
#include <string.h>

#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/checks/read.h"
#include "backend/drivers/windows/windows.h"

int64_t
windows_revision(const char *build)
{
    const char *dot = build ? strchr(build, '.') : NULL;
    int64_t n;

    return dot && hf_parse_int(&n, dot + 1, 0, INT32_MAX) == 0 ? n : -1;
}

static int
is_baseline(const struct hf_release *row)
{
    return row->type == HF_RELEASE_BASELINE ||
           row->type == HF_RELEASE_UNPLANNED_BASELINE;
}

/* ---- the rows of one product that are out ---- */

struct rows {
    const struct hf_release *v; /* by date of release */
    size_t len;
};

static struct rows
rows_of(const struct hf_catalogue *c, const char *product, int64_t now)
{
    struct rows rows = {0};

    if (c && product)
        rows.len = hf_catalogue_rows(c, product, &rows.v);
    while (rows.len && rows.v[rows.len - 1].released > now)
        rows.len--;
    return rows;
}

/* The newest baseline that came no later than `row`; of all without one. */
static const struct hf_release *
baseline_of(const struct rows *rows, const struct hf_release *row)
{
    const struct hf_release *found = NULL;

    for (size_t i = 0; i < rows->len && (!row || &rows->v[i] <= row); i++) {
        if (is_baseline(&rows->v[i]))
            found = &rows->v[i];
    }
    return found;
}

/* Of "2026-08", as the catalogue's are; asked thousands of times a second. */
static size_t
month_number(const char *month)
{
    size_t year = 0;

    for (int i = 0; i < 4; i++)
        year = year * 10 + (size_t)(month[i] - '0');
    return year * 12 + (size_t)(month[5] - '0') * 10 +
           (size_t)(month[6] - '0') - 1;
}

/* A separate fix: the host's build is another's with or without it. */
static int
is_level(const struct hf_release *row)
{
    return row->type != HF_RELEASE_COMPANION;
}

/* A month counts when its regular release is there: without its hotpatch, an
 * ordinary update alone does not tell whether there was one. */
static int
has_month(const struct rows *rows, size_t month)
{
    for (size_t i = 0; i < rows->len; i++) {
        if ((is_baseline(&rows->v[i]) ||
             rows->v[i].type == HF_RELEASE_HOTPATCH) &&
            month_number(rows->v[i].month) == month)
            return 1;
    }
    return 0;
}

/* Into `gap`: the first month of [from, to] without a regular release. */
static int
find_gap(char gap[8], const struct rows *rows, const char *from, const char *to)
{
    for (size_t m = month_number(from); m <= month_number(to); m++) {
        if (has_month(rows, m))
            continue;
        snprintf(gap, 8, "%04zu-%02zu", m / 12 % 10000, m % 12 + 1);
        return 1;
    }
    return 0;
}

/* ---- the row of the host ---- */

/* Editions that take no hotpatches have the ordinary updates of the others. */
static int
is_for(const struct windows_track *t, const struct hf_release *row)
{
    return t->product.id || hf_release_line(row) != HF_LINE_HOTPATCH;
}

/* Of several rows with the host's build the one whose KB is installed; one
 * that leaves the track wins, since nothing brings it back. */
static void
find_row(struct windows_track *t, const struct rows *rows)
{
    const struct hf_release *only = NULL, *listed = NULL;
    size_t n = 0;

    for (size_t i = 0; i < rows->len; i++) {
        const struct hf_release *r = &rows->v[i];

        if (!is_level(r) || !is_for(t, r) || strcmp(r->build, t->build) != 0)
            continue;
        only = r;
        n++;
        if (hf_strs_has(&t->kbs, r->kb) &&
            (!listed || hf_release_line(r) == HF_LINE_RESTART))
            listed = r;
    }
    t->row = n == 1 ? only : listed;
    if (n > 1 && !listed)
        t->place = WINDOWS_TWOFOLD;
}

/* An installed update that took the host off, since its baseline. */
static void
find_stray(struct windows_track *t, const struct rows *rows)
{
    for (size_t i = 0; i < rows->len; i++) {
        const struct hf_release *r = &rows->v[i];

        if (is_level(r) && hf_release_line(r) == HF_LINE_RESTART &&
            hf_strs_has(&t->kbs, r->kb) && t->baseline &&
            r->released >= t->baseline->released)
            t->stray = r;
    }
}

/* The build is no row's: where would it stand? */
static void
place_between(struct windows_track *t, const struct rows *rows)
{
    const struct hf_release *before = NULL, *after = NULL;
    int64_t mine = windows_revision(t->build);

    for (size_t i = 0; i < rows->len; i++) {
        if (!is_level(&rows->v[i]))
            continue;
        if (windows_revision(rows->v[i].build) < mine)
            before = &rows->v[i];
        else if (!after)
            after = &rows->v[i];
    }
    if (!after)
        t->place = WINDOWS_NEWER;
    else if (!before || find_gap(t->gap, rows, before->month, after->month))
        t->place = t->newest && after <= t->newest ? WINDOWS_OLD : WINDOWS_GAP;
    else
        t->place =
            t->newest && after <= t->newest ? WINDOWS_OLD : WINDOWS_OFF_TRACK;
    if (t->place == WINDOWS_OFF_TRACK || t->place == WINDOWS_OLD)
        t->gap[0] = '\0';
}

static void
place_row(struct windows_track *t, const struct rows *rows)
{
    t->baseline = baseline_of(rows, t->row);
    if (t->baseline)
        (void)find_gap(t->base_gap, rows, t->baseline->month, t->row->month);
    find_stray(t, rows);
    if (t->stray || hf_release_line(t->row) == HF_LINE_RESTART)
        t->place = t->baseline == t->newest ? WINDOWS_OFF_TRACK : WINDOWS_OLD;
    else
        t->place =
            t->baseline == t->newest ? WINDOWS_ON_TRACK : WINDOWS_BASE_DUE;
}

/* The newest release that keeps the track; a gap before it may hide a
 * baseline that must come first. */
static void
find_target(struct windows_track *t, const struct rows *rows)
{
    for (size_t i = 0; i < rows->len; i++) {
        const struct hf_release *r = &rows->v[i];

        if (!is_level(r))
            continue;
        if (!t->row && (!t->late || strcmp(t->late->month, r->month) != 0 ||
                        windows_revision(r->build) < t->least))
            t->least = windows_revision(r->build);
        t->late = r;
        if (hf_release_line(r) != HF_LINE_RESTART && is_for(t, r))
            t->target = r;
        if (hf_release_line(r) != HF_LINE_HOTPATCH)
            t->ordinary = r;
    }
    if (t->place == WINDOWS_ON_TRACK && t->row && t->target > t->row)
        (void)find_gap(t->gap, rows, t->row->month, t->target->month);
}

void
windows_track(struct windows_track *t, const struct hf_facts *facts,
              const struct hf_catalogue *catalogue, int64_t now)
{
    const char *build = hf_facts_get(facts, "os.build");
    const char *ubr = hf_facts_get(facts, "os.ubr");
    const char *kbs = hf_facts_get(facts, "updates");
    struct rows rows;

    *t = (struct windows_track){.facts = facts};
    windows_product(&t->product, facts);
    if (build && ubr)
        snprintf(t->build, sizeof(t->build), "%.15s.%.15s", build, ubr);
    if (kbs) {
        t->kbs_known = 1;
        hf_fact_words(&t->kbs, kbs);
    }
    rows = rows_of(catalogue, t->product.line, now);
    t->rows = rows.v;
    t->rows_len = rows.len;
    if (!t->build[0] || !rows.len)
        return;
    t->newest = baseline_of(&rows, NULL);
    find_row(t, &rows);
    if (t->row)
        place_row(t, &rows);
    else if (t->place != WINDOWS_TWOFOLD)
        place_between(t, &rows);
    find_target(t, &rows);
}

void
windows_track_release(struct windows_track *t)
{
    hf_strs_release(&t->kbs);
    *t = (struct windows_track){0};
}

int64_t
windows_next_baseline(const struct windows_track *t,
                      const struct hf_catalogue *catalogue,
                      const struct hf_calendar *calendar, int64_t after)
{
    struct hf_baseline next;

    hf_baseline_next(&next, catalogue, calendar, t->product.line, after, after);
    return next.day;
}

const char *
windows_baseline_day(char out[HF_TIME_LEN], int64_t day)
{
    return day ? hf_time_format(out, day) : "not known";
}

void
windows_row_level(char out[HF_WHY_LEN], const struct hf_release *row)
{
    hf_say(out, HF_WHY_LEN, "%s (%s, %s %s)", row->build, row->kb,
           hf_release_type_names[row->type], row->month);
}

void
windows_level(char out[HF_WHY_LEN], const struct windows_track *t)
{
    if (!t->build[0])
        out[0] = '\0';
    else if (t->row)
        windows_row_level(out, t->row);
    else
        hf_say(out, HF_WHY_LEN, "%s", t->build);
}

void
windows_releases(struct hf_strs *out, const struct hf_judge_in *in)
{
    struct windows_track t;

    windows_track(&t, in->facts, in->catalogue, in->now);
    if (t.row && t.row->kb)
        hf_strs_add(out, t.row->kb);
    if (t.stray && t.stray->kb)
        hf_strs_add(out, t.stray->kb);
    windows_track_release(&t);
}
