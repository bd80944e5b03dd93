/* Forced restarts; see outlook.h. */
#include "backend/model/outlook.h"

#include <stdio.h>
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/text.h"
#include "backend/base/time.h"

#define NONE HF_OUTLOOK_BASELINES
#define YEAR_MS (365 * HF_DAY_MS)

/* ---- what a product brings ---- */

static int
is_baseline(const struct hf_release *row)
{
    return row->type == HF_RELEASE_BASELINE ||
           row->type == HF_RELEASE_UNPLANNED_BASELINE;
}

/* The month's next release day: what comes then builds on the baseline. */
static int64_t
by_of(const struct hf_baseline *b)
{
    return hf_release_day(b->month, 1);
}

static void
look_at_rows(struct hf_outlook_line *line, const struct hf_catalogue *c,
             const struct hf_what_if *what_if, int64_t now)
{
    if (c)
        line->rows_len = hf_catalogue_rows(c, line->id, &line->rows);
    for (size_t i = 0; i < line->rows_len; i++) {
        const struct hf_release *row = &line->rows[i];

        if (!row->kb || !row->month)
            continue; /* no Windows row */
        if (what_if->kb && strcmp(row->kb, what_if->kb) == 0)
            line->chosen = row;
        if (row->released <= now && hf_release_line(row) != HF_LINE_HOTPATCH &&
            row->type != HF_RELEASE_COMPANION)
            line->ordinary = row;
    }
}

/* The newest that is out, and all that follow; without one, those of a year
 * back. */
static void
look_at_baselines(struct hf_outlook_line *line, const struct hf_catalogue *c,
                  const struct hf_calendar *cal, int64_t now)
{
    int64_t after = now - YEAR_MS;

    for (size_t i = 0; i < line->rows_len; i++) {
        const struct hf_release *row = &line->rows[i];

        if (!is_baseline(row) || row->released > now)
            continue;
        (void)hf_baseline_of(&line->v[0], c, cal, line->id, row->month, now);
        line->len = 1;
        after = line->v[0].day;
    }
    while (line->len < HF_OUTLOOK_BASELINES) {
        struct hf_baseline *b = &line->v[line->len];

        hf_baseline_next(b, c, cal, line->id, after, now);
        if (!b->day)
            break;
        after = b->day;
        line->len++;
    }
    for (size_t i = 0; i < line->len; i++)
        line->by[i] = by_of(&line->v[i]);
}

/* This quarter's: the one that is due now, else the next to come. */
static void
skip(struct hf_outlook_line *line, int64_t now)
{
    size_t i = 0;

    while (i < line->len && line->by[i] <= now)
        i++;
    if (i == line->len)
        return;
    line->skipped = i;
    line->v[i].day = line->by[i];
}

static void
look_at_end(struct hf_outlook_line *line, const struct hf_catalogue *c)
{
    const struct hf_product *p = c ? hf_catalogue_product(c, line->id) : NULL;

    if (!p || !p->ends)
        return;
    line->ends = hf_release_day(p->ends, 1);
    line->ends_sure =
        p->ends_certainty ? HF_SURE_UNCONFIRMED : HF_SURE_ANNOUNCED;
}

void
hf_outlook_init(struct hf_outlook *out, const struct hf_catalogue *c,
                const struct hf_calendar *cal, const struct hf_what_if *what_if,
                int64_t now)
{
    *out = (struct hf_outlook){.now = now};
    if (what_if)
        out->what_if = *what_if;
    for (size_t i = 0; hf_product_ids[i]; i++) {
        struct hf_outlook_line *line = &out->v[out->len];

        if (!hf_product_is_monthly(hf_product_ids[i]))
            continue;
        out->len++;
        line->id = hf_product_ids[i];
        line->skipped = NONE;
        look_at_rows(line, c, &out->what_if, now);
        look_at_baselines(line, c, cal, now);
        look_at_end(line, c);
        if (out->what_if.skip_baseline)
            skip(line, now);
    }
}

int
hf_outlook_knows_kb(const struct hf_outlook *o)
{
    for (size_t i = 0; i < o->len; i++) {
        if (o->v[i].chosen)
            return 1;
    }
    return 0;
}

static const struct hf_outlook_line *
line_of(const struct hf_outlook *o, const struct hf_standing *s)
{
    for (size_t i = 0; s->product && i < o->len; i++) {
        if (strcmp(o->v[i].id, s->product) == 0)
            return &o->v[i];
    }
    return NULL;
}

/* ---- single forces ---- */

static void
set_baseline(struct hf_forced *out, const struct hf_outlook_line *line,
             size_t i)
{
    const struct hf_baseline *b = &line->v[i];

    *out = (struct hf_forced){
        .force = b->unplanned ? HF_FORCE_UNPLANNED : HF_FORCE_BASELINE,
        .sure = b->sure,
        .at = b->day,
        .by = line->by[i],
        .row = b->row,
        .flags = line->skipped == i ? HF_FORCED_SKIPPED : 0};
    memcpy(out->month, b->month, sizeof(out->month));
}

/* The first baseline from `from` on; 0: none is in sight. */
static int
next_baseline(struct hf_forced *out, const struct hf_outlook_line *line,
              int64_t from)
{
    size_t i = 0;

    while (i < line->len && line->v[i].day < from)
        i++;
    if (i == line->len)
        return 0;
    set_baseline(out, line, i);
    return 1;
}

/* The month's update, which is a baseline where the month brings one. */
static void
next_update(struct hf_forced *out, const struct hf_outlook_line *line,
            int64_t after)
{
    char month[HF_TIME_LEN];
    int64_t day;

    hf_time_format(month, after);
    month[7] = '\0';
    for (int i = 0; (day = hf_release_day(month, i)) <= after; i++)
        ;
    if (next_baseline(out, line, after + 1) && out->at <= day)
        return;
    *out = (struct hf_forced){
        .force = HF_FORCE_UPDATE, .sure = HF_SURE_RULE, .at = day};
    hf_time_format(month, day);
    (void)snprintf(out->month, sizeof(out->month), "%.7s", month);
    out->by = hf_release_day(out->month, 1);
}

static void
set_update(struct hf_forced *out, const struct hf_release *row)
{
    *out = (struct hf_forced){.force = HF_FORCE_UPDATE,
                              .sure = row->certainty ? HF_SURE_UNCONFIRMED
                                                     : HF_SURE_PUBLISHED,
                              .at = row->released,
                              .by = hf_release_day(row->month, 1),
                              .row = row};
    (void)snprintf(out->month, sizeof(out->month), "%.7s", row->month);
}

/* Hotpatches come until the programme ends, then each update restarts. */
static int
next_on_track(struct hf_forced *out, const struct hf_outlook_line *line,
              int64_t after)
{
    int found = next_baseline(out, line, after + 1);

    if (!line->ends || (found && out->at < line->ends))
        return found;
    if (after >= line->ends) {
        next_update(out, line, after);
        return 1;
    }
    *out = (struct hf_forced){.force = HF_FORCE_PROGRAMME,
                              .sure = line->ends_sure,
                              .at = line->ends,
                              .by = line->ends + 31 * HF_DAY_MS};
    return 1;
}

static int
end_of_support(struct hf_forced *out, const struct hf_standing *s)
{
    *out = (struct hf_forced){.force = HF_FORCE_SUPPORT,
                              .sure = HF_SURE_PUBLISHED,
                              .at = s->covered_until,
                              .by = s->covered_until};
    return s->product && s->covered_until;
}

/* ---- what its cover comes to ---- */

/* An update that is out, and not on the host; else the next. */
static void
due_update(struct hf_forced *out, const struct hf_outlook *o,
           const struct hf_outlook_line *line, const struct hf_standing *s)
{
    if (s->patch == HF_PATCH_BEHIND && line->ordinary)
        set_update(out, line->ordinary);
    else
        next_update(out, line, o->now);
}

static int
by_cover(struct hf_forced *out, const struct hf_outlook *o,
         const struct hf_outlook_line *line, const struct hf_standing *s)
{
    switch (s->coverage) {
    case HF_COVERAGE_COVERED:
        return line ? next_on_track(out, line, o->now) : end_of_support(out, s);
    case HF_COVERAGE_RESTART_DUE:
        if (!line)
            return end_of_support(out, s);
        if (!line->len || !line->v[0].row)
            return 0;
        set_baseline(out, line, 0);
        return 1;
    case HF_COVERAGE_UNKNOWN:
        /* Cover is known up to a baseline that the catalogue lacks. */
        return line && s->covered_until &&
               next_baseline(out, line, s->covered_until);
    default:
        if (line)
            due_update(out, o, line, s);
        return line != NULL;
    }
}

/* ---- what the host says itself ---- */

static int
by_host(struct hf_forced *out, const struct hf_outlook *o,
        const struct hf_standing *s)
{
    if (s->reboot != HF_REBOOT_PENDING && s->reboot != HF_REBOOT_OVERDUE &&
        s->reboot != HF_REBOOT_SCHEDULED)
        return 0;
    *out = (struct hf_forced){.force = s->reboot == HF_REBOOT_SCHEDULED
                                           ? HF_FORCE_SCHEDULED
                                           : HF_FORCE_PENDING,
                              .sure = HF_SURE_READ,
                              .at = s->reboot_at ? s->reboot_at : s->seen};
    if (!out->at || (s->reboot == HF_REBOOT_PENDING && out->at > o->now))
        out->at = o->now; /* a clock that is off */
    if (s->reboot == HF_REBOOT_SCHEDULED)
        out->by = out->at;
    return 1;
}

/* ---- what if ---- */

/* What the host runs, by the words of its level. */
static const struct hf_release *
row_of(const struct hf_outlook_line *line, const struct hf_standing *s)
{
    for (size_t i = 0; i < line->rows_len; i++) {
        char text[64];

        (void)snprintf(text, sizeof(text), "%s (%s,", line->rows[i].build,
                       line->rows[i].kb);
        if (hf_has_prefix(s->level, text))
            return &line->rows[i];
    }
    return NULL;
}

/* Rows without a day count at the end of their month. */
static int
is_newer(const struct hf_release *row, const struct hf_release *at)
{
    if (row->released && at->released)
        return row->released > at->released;
    return row != at && strcmp(row->month, at->month) >= 0;
}

/* Installing it now restarts the host: it is newer than what runs there, and
 * no hotpatch. */
static int
by_choice(struct hf_forced *out, const struct hf_outlook *o,
          const struct hf_outlook_line *line, const struct hf_standing *s)
{
    const struct hf_release *row = line ? line->chosen : NULL, *at;

    if (!row || hf_release_line(row) == HF_LINE_HOTPATCH)
        return 0;
    at = row_of(line, s);
    if (at && !is_newer(row, at))
        return 0;
    *out = (struct hf_forced){.force = HF_FORCE_CHOSEN,
                              .sure = !at ? HF_SURE_UNKNOWN
                                      : row->type == HF_RELEASE_COMPANION
                                          ? HF_SURE_UNCONFIRMED
                                          : HF_SURE_READ,
                              .at = o->now,
                              .row = row};
    (void)snprintf(out->month, sizeof(out->month), "%.7s", row->month);
    return 1;
}

/* ---- together ---- */

/* Policies of the host: it restarts so long after what needs it is out. */
static void
set_deadline(struct hf_forced *f, const struct hf_standing *s)
{
    int64_t by = f->at + s->restart_within;

    if (!s->restart_within || f->force == HF_FORCE_UNKNOWN ||
        f->force == HF_FORCE_SUPPORT || (f->by && f->by <= by))
        return;
    f->by = by;
    f->flags |= HF_FORCED_DEADLINE;
}

void
hf_outlook_first(struct hf_forced *out, const struct hf_outlook *o,
                 const struct hf_standing *s)
{
    const struct hf_outlook_line *line = line_of(o, s);
    struct hf_forced found[3];
    size_t n = 0;

    *out = (struct hf_forced){.sure = HF_SURE_UNKNOWN};
    n += (size_t)by_host(&found[n], o, s);
    n += (size_t)by_cover(&found[n], o, line, s);
    n += (size_t)by_choice(&found[n], o, line, s);
    for (size_t i = 0; i < n; i++) {
        if (!out->at || found[i].at < out->at)
            *out = found[i];
    }
    if (out->at && s->reboot == HF_REBOOT_UNKNOWN)
        out->flags |= HF_FORCED_EARLIER;
    set_deadline(out, s);
}

/* At `t`, when everything before was carried out? */
static int
is_on_track(const struct hf_outlook *o, const struct hf_outlook_line *line,
            const struct hf_standing *s, int64_t t)
{
    const struct hf_release *chosen = line->chosen;
    struct hf_forced back;

    if (chosen && hf_release_line(chosen) == HF_LINE_KEPT)
        return s->coverage != HF_COVERAGE_INELIGIBLE;
    if (s->coverage != HF_COVERAGE_OFF_TRACK &&
        !(chosen && hf_release_line(chosen) == HF_LINE_RESTART))
        return s->coverage != HF_COVERAGE_INELIGIBLE &&
               s->coverage != HF_COVERAGE_UNCOVERED;
    return next_baseline(&back, line, o->now + 1) && back.at <= t;
}

int
hf_outlook_next(struct hf_forced *out, const struct hf_outlook *o,
                const struct hf_standing *s, const struct hf_forced *before)
{
    const struct hf_outlook_line *line = line_of(o, s);
    int64_t t = before->at > o->now ? before->at : o->now;
    int found = 0;

    if (before->force == HF_FORCE_UNKNOWN)
        return 0;
    if (!line) {
        found = end_of_support(out, s) && out->at > t;
    } else if (is_on_track(o, line, s, t)) {
        found = next_on_track(out, line, t);
    } else {
        next_update(out, line, t);
        found = 1;
    }
    if (found)
        set_deadline(out, s);
    return found;
}
