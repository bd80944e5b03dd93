/*
 * A month's security document against the catalogue. The month and the type
 * of a release come from the catalogue where it knows the KB: a document also
 * repeats updates of other months.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"
#include "backend/base/time.h"
#include "inventory/catalogue_draft.h"

struct month {
    struct hf_draft *draft;
    const struct hf_cvrf *doc;
    const char *file;
    struct hf_problems *problems;
    const char *product; /* the one that is looked at */
    int doubtful;        /* something of it was left out */
};

static int
is_hotpatch(const struct hf_release *row)
{
    return hf_release_line(row) == HF_LINE_HOTPATCH;
}

static int
is_regular(const struct hf_release *row)
{
    return row->type != HF_RELEASE_OOB && row->type != HF_RELEASE_COMPANION;
}

static void __attribute__((format(printf, 2, 3)))
warn(struct month *m, const char *fmt, ...)
{
    char text[512];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    hf_problem_warn(m->problems, m->file, 0, 0, "", "%s", text);
}

/* Both sides of a disagreement, and that the catalogue's stays. */
static void
warn_both(struct month *m, const struct hf_cvrf_row *row,
          const struct hf_release *known)
{
    struct hf_buf name = {0};

    hf_draft_name(&name, known);
    warn(m, "%s names %s %s (%s, build %s); the catalogue has %s, which stays",
         m->doc->id, row->hotpatch ? "hotpatch" : "update", row->kb,
         row->product, row->build, hf_buf_str(&name));
    hf_buf_release(&name);
    m->doubtful = 1;
}

/* ---- which update is the month's own? ---- */

/* The regular release of the month, hotpatch or not, that the draft has. */
static struct hf_draft_row *
regular_of(const struct month *m, int hotpatch)
{
    for (size_t i = 0; i < m->draft->rows_len; i++) {
        struct hf_release *r = &m->draft->rows[i]->r;

        if (r->month && strcmp(r->product, m->product) == 0 &&
            strcmp(r->month, m->doc->month) == 0 && is_regular(r) &&
            is_hotpatch(r) == hotpatch)
            return m->draft->rows[i];
    }
    return NULL;
}

static int
is_of_month(const struct month *m, const struct hf_cvrf_row *row)
{
    const struct hf_draft_row *known =
        hf_draft_kb(m->draft, row->product, row->kb);

    return !known || (is_regular(&known->r) &&
                      strcmp(known->r.month, m->doc->month) == 0);
}

/* It closes most of what the document is about; others repeat older months or
 * came out of band. */
static const struct hf_cvrf_row *
main_row(const struct month *m, int hotpatch)
{
    const struct hf_cvrf_row *best = NULL;

    for (size_t i = 0; i < m->doc->len; i++) {
        const struct hf_cvrf_row *row = &m->doc->v[i];

        if (strcmp(row->product, m->product) == 0 &&
            row->hotpatch == hotpatch && is_of_month(m, row) &&
            (!best || row->cves.len > best->cves.len))
            best = row;
    }
    return best;
}

/* ---- new rows ---- */

static int64_t
day_of(const struct hf_cvrf *doc)
{
    const int64_t day = (int64_t)24 * 60 * 60 * 1000;
    int64_t planned = hf_release_day(doc->month, 0);
    char text[HF_TIME_LEN];

    if (doc->released) {
        hf_time_format(text, doc->released);
        if (hf_has_prefix(text, doc->month))
            return doc->released;
    }
    return planned - planned % day;
}

static void
add_row(struct month *m, const struct hf_cvrf_row *row,
        enum hf_release_type type, enum hf_release_line line,
        const char *certainty)
{
    char source[64];
    struct hf_release release = {
        .product = row->product,
        .type = type,
        .line = line,
        .month = m->doc->month,
        .kb = row->kb,
        .build = row->build,
        .released = day_of(m->doc),
        .source = source,
        .certainty = row->moved ? "build derived: the document names that of "
                                  "another version; restart unconfirmed"
                                : certainty,
    };

    snprintf(source, sizeof(source), "Microsoft CVRF %.20s", m->doc->id);
    if (type == HF_RELEASE_COMPANION)
        release.note = "A separate fix: its CVEs are open on hotpatched hosts "
                       "that lack it";
    hf_draft_learn(m->draft, hf_draft_add(m->draft, &release), row->cves.v,
                   row->supersedes.v, row->known_issues);
}

static int
is_planned_baseline(const char *month)
{
    int number = atoi(month + strlen("2026-"));

    return number % 3 == 1; /* January, April, July, October */
}

/* Hotpatches are made for every product of the catalogue that has one. */
static int
takes_hotpatches(const struct month *m)
{
    for (size_t i = 0; i < m->draft->rows_len; i++)
        if (strcmp(m->draft->rows[i]->r.product, m->product) == 0 &&
            is_hotpatch(&m->draft->rows[i]->r))
            return 1;
    return 0;
}

/* A month without a hotpatch had a baseline: taking one for an ordinary
 * update would let hosts on the old baseline look covered. */
static void
add_ordinary(struct month *m, const struct hf_cvrf_row *row)
{
    if (regular_of(m, 1) || !takes_hotpatches(m)) {
        add_row(m, row, HF_RELEASE_UPDATE, HF_LINE_BY_TYPE, NULL);
    } else if (is_planned_baseline(m->doc->month)) {
        add_row(m, row, HF_RELEASE_BASELINE, HF_LINE_BY_TYPE,
                "type derived: a planned baseline month without a hotpatch");
    } else {
        add_row(m, row, HF_RELEASE_UNPLANNED_BASELINE, HF_LINE_BY_TYPE,
                "type derived: the document has no hotpatch for this month");
        warn(m,
             "%s has no hotpatch for %s, though one was planned: %s is taken "
             "for an unplanned baseline",
             m->doc->id, m->product, row->kb);
    }
}

static void
add_late(struct month *m, const struct hf_cvrf_row *row)
{
    if (row->hotpatch)
        add_row(m, row, HF_RELEASE_OOB, HF_LINE_HOTPATCH,
                "out of band by its build; its day is not stated");
    else
        add_row(m, row, HF_RELEASE_OOB, HF_LINE_BY_TYPE,
                "out of band by its build; its day, and whether hotpatches go "
                "on, is not stated: taken for one that leaves the track");
}

/* ---- one row of the document ---- */

static void
take_new(struct month *m, const struct hf_cvrf_row *row,
         const struct hf_cvrf_row *main)
{
    const struct hf_draft_row *twin =
        hf_draft_build(m->draft, row->product, row->build);
    const struct hf_draft_row *regular = regular_of(m, row->hotpatch);

    if (twin && !row->hotpatch && is_hotpatch(&twin->r)) {
        add_row(m, row, HF_RELEASE_COMPANION, HF_LINE_BY_TYPE,
                "whether it needs a restart is unconfirmed");
    } else if (twin || (row == main && regular)) {
        warn_both(m, row, twin ? &twin->r : &regular->r);
    } else if (row == main) {
        if (row->hotpatch)
            add_row(m, row, HF_RELEASE_HOTPATCH, HF_LINE_BY_TYPE, NULL);
        else
            add_ordinary(m, row);
    } else if (main && hf_text_natcmp(row->build, main->build) > 0) {
        add_late(m, row);
    } else {
        warn(m,
             "%s repeats %s (%s, build %s) of an earlier month that the "
             "catalogue lacks: import that month, too",
             m->doc->id, row->kb, row->product, row->build);
    }
}

static void
take_row(struct month *m, const struct hf_cvrf_row *row,
         const struct hf_cvrf_row *main)
{
    struct hf_draft_row *known = hf_draft_kb(m->draft, row->product, row->kb);

    if (!known)
        take_new(m, row, main);
    else if (strcmp(known->r.build, row->build) != 0 ||
             (known->r.type != HF_RELEASE_COMPANION &&
              is_hotpatch(&known->r) != row->hotpatch))
        warn_both(m, row, &known->r);
    else
        hf_draft_learn(m->draft, known, row->cves.v, row->supersedes.v,
                       row->known_issues);
}

/* ---- until when the catalogue is complete ---- */

static void
next_month(char out[8], const char *month)
{
    int number = atoi(month + strlen("2026-")) % 12 + 1;

    snprintf(out, 8, "%04d-%02d", (atoi(month) + (number == 1)) % 10000,
             number);
}

/* A month counts when its release is known and nothing of it was left out. */
static void
advance(struct month *m)
{
    struct hf_draft_product *p = hf_draft_product(m->draft, m->product);
    char next[8];

    if (p->complete_until && strcmp(p->complete_until, m->doc->month) >= 0)
        return;
    if (m->doubtful || (!regular_of(m, 0) && !regular_of(m, 1))) {
        warn(m, "%s is not called complete for %s", m->product, m->doc->month);
        return;
    }
    if (p->complete_until) {
        next_month(next, p->complete_until);
        if (strcmp(next, m->doc->month) != 0) {
            warn(m, "%s stays complete until %s: %s is missing before %s",
                 m->product, p->complete_until, next, m->doc->month);
            return;
        }
    }
    p->complete_until = hf_arena_intern(m->draft->arena, m->doc->month);
    p->changed = 1;
}

/* Hotpatches first: an ordinary update is judged by whether there is one. */
static void
take_product(struct month *m)
{
    m->doubtful = 0;
    for (int hotpatch = 1; hotpatch >= 0; hotpatch--) {
        const struct hf_cvrf_row *main = main_row(m, hotpatch);

        for (size_t i = 0; i < m->doc->len; i++) {
            const struct hf_cvrf_row *row = &m->doc->v[i];

            if (row->hotpatch == hotpatch &&
                strcmp(row->product, m->product) == 0)
                take_row(m, row, main);
        }
    }
    advance(m);
}

void
hf_draft_take_month(struct hf_draft *draft, const struct hf_cvrf *doc,
                    const char *file, struct hf_problems *problems)
{
    struct month m = {draft, doc, file, problems, NULL, 0};

    for (const char *const *id = hf_product_ids; *id; id++) {
        size_t i = 0;

        while (i < doc->len && strcmp(doc->v[i].product, *id) != 0)
            i++;
        m.product = *id;
        if (i < doc->len)
            take_product(&m);
    }
    for (size_t i = 0; i < doc->cves_len; i++)
        hf_draft_learn_cve(draft, &doc->cves[i]);
}
