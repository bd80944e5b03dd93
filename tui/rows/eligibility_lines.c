/* Checks and their counts as lines. */
#include <stdio.h>
#include <string.h>

#include "backend/base/text.h"
#include "tui/rows/eligibility.h"

#define COUNT_COLS 9 /* a blank, a bracket, the number, a bracket */
#define TITLE_MAX 44
#define REMEDY_MIN 24

static const char *const heads[HF_VERDICT_COUNT] = {
    [HF_VERDICT_BLOCK] = "BLOCK",
    [HF_VERDICT_UNKNOWN] = "UNKNOWN",
    [HF_VERDICT_WARN] = "WARN",
    [HF_VERDICT_PASS] = "PASS",
};

static size_t
title_cols(const struct hf_look *look)
{
    size_t counts = HF_VERDICT_COUNT * COUNT_COLS + 4;
    size_t room = look->cols > counts + 8 ? look->cols - counts : 8;

    return room < TITLE_MAX ? room : TITLE_MAX;
}

/* Words cut after two letters help nobody. */
static int
has_remedies(const struct hf_look *look)
{
    return look->cols >= 4 + title_cols(look) +
                             (size_t)HF_VERDICT_COUNT * COUNT_COLS + 3 +
                             REMEDY_MIN;
}

void
hf_eligibility_heads(struct hf_line *out, const struct hf_look *look)
{
    hf_line_clear(out);
    hf_line_add(out, HF_TONE_HEAD, "    ");
    hf_line_cell(out, HF_TONE_HEAD, "CHECK", title_cols(look), look->ascii);
    for (int i = 0; i < HF_VERDICT_COUNT; i++)
        hf_line_add(out, HF_TONE_HEAD, "%*s ", COUNT_COLS - 1,
                    heads[hf_verdict_columns[i]]);
    if (has_remedies(look))
        hf_line_add(out, HF_TONE_HEAD, "  REMEDY");
}

static void
head_line(struct hf_line *out, const struct hf_check_group *g,
          const struct hf_look *look)
{
    hf_line_add(out, HF_TONE_DIM, "%s ", hf_fold_sign(0, look->ascii));
    hf_line_add(out, HF_TONE_STRONG, "%s ", g->title);
    hf_line_add(out, HF_TONE_DIM, " %zu host%s", g->hosts, hf_plural(g->hosts));
    if (g->stopped) {
        hf_line_add(out, HF_TONE_DIM, ", ");
        hf_line_add(out, HF_TONE_BAD, "%zu stopped", g->stopped);
    }
    if (g->unjudged)
        hf_line_add(out, HF_TONE_DIM, ", %zu not judged yet", g->unjudged);
}

/* "[12]" when it is chosen; nought is a dash. */
static void
add_count(struct hf_line *out, size_t n, enum hf_verdict verdict, int chosen)
{
    char number[24], text[32];

    (void)snprintf(number, sizeof(number), "%zu", n);
    (void)snprintf(text, sizeof(text), "%s%s%s", chosen ? "[" : "",
                   n ? number : "-", chosen ? "]" : " ");
    hf_line_add(out, n ? hf_verdict_words[verdict].tone : HF_TONE_DIM, "%*s",
                COUNT_COLS, text);
}

/* By the worst verdict that any host has. */
static const struct hf_word *
word_of(const struct hf_check_count *c)
{
    for (int i = 0; i < HF_VERDICT_COUNT; i++) {
        if (c->by[hf_verdict_columns[i]])
            return &hf_verdict_words[hf_verdict_columns[i]];
    }
    return &hf_verdict_words[HF_VERDICT_PASS];
}

static void
check_line(struct hf_line *out, const struct hf_check_count *c, int column,
           const struct hf_look *look)
{
    const struct hf_word *w = word_of(c);

    hf_line_add(out, w->tone, "  %s ", hf_word_symbol(w, look->ascii));
    hf_line_cell(out, HF_TONE_PLAIN, c->title, title_cols(look), look->ascii);
    for (int i = 0; i < HF_VERDICT_COUNT; i++)
        add_count(out, c->by[hf_verdict_columns[i]], hf_verdict_columns[i],
                  i == column);
    if (has_remedies(look) && c->remedy &&
        w != &hf_verdict_words[HF_VERDICT_PASS])
        hf_line_add(out, HF_TONE_DIM, "   %s", c->remedy);
}

static void
quiet_line(struct hf_line *out, size_t n, int chosen,
           const struct hf_look *look)
{
    const struct hf_word *w = &hf_verdict_words[HF_VERDICT_PASS];

    hf_line_add(out, w->tone, "  %s ", hf_word_symbol(w, look->ascii));
    hf_line_add(out, HF_TONE_DIM, "%zu check%s pass%s everywhere", n,
                hf_plural(n), n == 1 ? "es" : "");
    if (chosen)
        hf_line_add(out, HF_TONE_DIM, ": Enter shows %s",
                    n == 1 ? "it" : "them");
}

void
hf_eligibility_line(struct hf_line *out, const struct hf_eligibility *e,
                    size_t row, int column, const struct hf_look *look)
{
    struct hf_eligibility_row r;

    hf_line_clear(out);
    if (hf_eligibility_row(&r, e, row) < 0)
        return;
    if (r.check)
        check_line(out, r.check, column, look);
    else if (r.quiet)
        quiet_line(out, r.quiet, column >= 0, look);
    else
        head_line(out, r.group, look);
}
