/* Hosts against checks; see matrix.h. */
#include "tui/rows/matrix.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"

#define NAME_MAX_COLS 28
#define CELL_MIN 3 /* a bracket, the symbol, a bracket */
#define CELL_MAX 11
#define CELL_WORD 6 /* from this width on a name is told from another */

void
hf_matrix_release(struct hf_matrix *m)
{
    free(m->hosts);
    free(m->checks);
    *m = (struct hf_matrix){0};
}

/* ---- order ---- */

/* Worst first, then the fleet's own order. */
static uint64_t
key_of(const struct hf_state *st, size_t i)
{
    const struct hf_findings *findings = hf_state_findings(st);
    uint64_t by[HF_VERDICT_COUNT] = {0}, key = 0;

    for (size_t k = 0; k < findings->len; k++)
        by[findings->v[k].verdict]++;
    for (int k = 0; hf_verdict_columns[k] != HF_VERDICT_PASS; k++)
        key = key << 8 | (255 - (by[hf_verdict_columns[k]] & 255));
    return key << 32 | i;
}

static int
by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

static int
by_order(const void *a, const void *b)
{
    const struct hf_check_count *x = a, *y = b;

    return (x->order > y->order) - (x->order < y->order);
}

static void
take_hosts(struct hf_matrix *m, const struct hf_eligibility *e,
           const struct hf_check_group *group)
{
    uint64_t *keys = hf_xcalloc(e->n + 1, sizeof(*keys));
    size_t cols;

    for (size_t i = 0; i < e->n; i++) {
        const struct hf_state *st = &e->states[i];

        if (!hf_eligibility_has(e, group, st))
            continue;
        if (hf_state_findings(st)->len)
            keys[m->len++] = key_of(st, i);
        hf_state_fold(st);
        cols = hf_text_width(st->host->name);
        m->name_cols = cols > m->name_cols ? cols : m->name_cols;
    }
    qsort(keys, m->len, sizeof(*keys), by_value);
    m->hosts = hf_xcalloc(m->len + 1, sizeof(*m->hosts));
    for (size_t i = 0; i < m->len; i++)
        m->hosts[i] = (uint32_t)(keys[i] & UINT32_MAX);
    free(keys);
}

void
hf_matrix_make(struct hf_matrix *m, const struct hf_eligibility *e,
               const struct hf_check_group *group)
{
    hf_matrix_release(m);
    m->states = e->states;
    take_hosts(m, e, group);
    m->checks = hf_xcalloc(e->checks_len + 1, sizeof(*m->checks));
    for (size_t i = 0; i < e->checks_len; i++) {
        if (&e->groups[e->checks[i].group] == group)
            m->checks[m->checks_len++] = e->checks[i];
    }
    qsort(m->checks, m->checks_len, sizeof(*m->checks), by_order);
}

size_t
hf_matrix_find(const struct hf_matrix *m, uint32_t host)
{
    for (size_t i = 0; i < m->len; i++) {
        if (m->hosts[i] == host)
            return i;
    }
    return 0;
}

const struct hf_finding *
hf_matrix_finding(const struct hf_matrix *m, size_t row, size_t column)
{
    if (row >= m->len || column >= m->checks_len)
        return NULL;
    return hf_findings_find(hf_state_findings(&m->states[m->hosts[row]]),
                            m->checks[column].name);
}

/* ---- lines ---- */

struct layout {
    size_t name, cell;
    size_t from, to; /* columns in view */
};

static struct layout
layout_of(const struct hf_matrix *m, size_t column, const struct hf_look *look)
{
    size_t n = m->checks_len ? m->checks_len : 1, least = n * CELL_MIN + 3;
    struct layout l = {.name = m->name_cols};
    size_t room, fit;

    if (l.name > NAME_MAX_COLS)
        l.name = NAME_MAX_COLS;
    if (l.name + least > look->cols)
        l.name = look->cols > least + 8 ? look->cols - least : 8;
    room = look->cols > l.name + 3 ? look->cols - l.name - 3 : 0;
    l.cell = room / n;
    l.cell = l.cell < CELL_MIN   ? CELL_MIN
             : l.cell > CELL_MAX ? CELL_MAX
                                 : l.cell;
    fit = room / l.cell ? room / l.cell : 1;
    l.from = column < m->checks_len && column >= fit ? column - fit + 1 : 0;
    l.to = l.from + fit < m->checks_len ? l.from + fit : m->checks_len;
    return l;
}

static size_t
longest_name(const struct hf_matrix *m)
{
    size_t longest = 0, len;

    for (size_t i = 0; i < m->checks_len; i++) {
        len = strlen(m->checks[i].name);
        longest = len > longest ? len : longest;
    }
    return longest;
}

/* Every name from its top, letter by letter. */
static void
upright_heads(struct hf_doc *out, const struct hf_matrix *m, size_t max,
              const struct layout *l)
{
    size_t rows = longest_name(m);

    rows = rows < max ? rows : max;
    for (size_t y = 0; y < rows; y++) {
        struct hf_line *line = &hf_doc_add(out)->line;

        hf_line_add(line, HF_TONE_HEAD, "%*s", (int)(l->name + 2), "");
        for (size_t i = l->from; i < l->to; i++) {
            const char *name = m->checks[i].name;

            hf_line_add(line, HF_TONE_HEAD, " %c%*s",
                        y < strlen(name) ? name[y] : ' ', (int)l->cell - 2, "");
        }
    }
}

void
hf_matrix_heads(struct hf_doc *out, const struct hf_matrix *m, size_t max,
                size_t column, const struct hf_look *look)
{
    struct layout l = layout_of(m, column, look);
    struct hf_line *line;

    if (l.cell < CELL_WORD) {
        upright_heads(out, m, max, &l);
        return;
    }
    line = &hf_doc_add(out)->line;
    hf_line_add(line, HF_TONE_HEAD, "  ");
    hf_line_cell(line, HF_TONE_HEAD, "HOST", l.name, look->ascii);
    for (size_t i = l.from; i < l.to; i++) {
        hf_line_add(line, HF_TONE_HEAD, " ");
        hf_line_cell(line, HF_TONE_HEAD, m->checks[i].name, l.cell - 1,
                     look->ascii);
    }
}

static void
add_cell(struct hf_line *out, const struct hf_finding *f, int chosen,
         size_t cols, const struct hf_look *look)
{
    const struct hf_word *w = f ? &hf_verdict_words[f->verdict] : NULL;

    hf_line_add(out, w ? w->tone : HF_TONE_DIM, "%s%s%s%*s", chosen ? "[" : " ",
                w ? hf_word_symbol(w, look->ascii) : " ", chosen ? "]" : " ",
                (int)(cols - CELL_MIN), "");
}

void
hf_matrix_line(struct hf_line *out, const struct hf_matrix *m, size_t row,
               size_t column, int chosen, const struct hf_look *look)
{
    struct layout l = layout_of(m, column, look);

    hf_line_clear(out);
    if (row >= m->len)
        return;
    hf_line_add(out, HF_TONE_PLAIN, "  ");
    hf_line_cell(out, HF_TONE_PLAIN, m->states[m->hosts[row]].host->name,
                 l.name, look->ascii);
    for (size_t i = l.from; i < l.to; i++)
        add_cell(out, hf_matrix_finding(m, row, i), chosen && i == column,
                 l.cell, look);
}
