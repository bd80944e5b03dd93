/* The Today screen as a document; see today_rows.h. */
#include "tui/rows/today_rows.h"

#include "backend/base/text.h"

/* clang-format off */
static const enum hf_tone tones[HF_TODAY_SECTION_COUNT] = {
    [HF_TODAY_NEEDS] = HF_TONE_WARN,
    [HF_TODAY_MONTH] = HF_TONE_WARN,
    [HF_TODAY_UNCOUNTED] = HF_TONE_DIM,
};
/* What needs a person is read first, whose fleet it is stands above anyway. */
static const enum hf_today_section in_order[HF_TODAY_SECTION_COUNT] = {
    HF_TODAY_NEEDS, HF_TODAY_MONTH, HF_TODAY_EFFECT, HF_TODAY_RINGS,
    HF_TODAY_NEXT, HF_TODAY_RESTART, HF_TODAY_ELSEWHERE, HF_TODAY_UNCOUNTED, HF_TODAY_FLEET,
};
/* clang-format on */

/* The command at the right end, where it fits. */
static void
add_next(struct hf_line *l, const char *next, const struct hf_look *look)
{
    struct hf_line right = {0};

    if (!next)
        return;
    hf_line_add(&right, HF_TONE_DIM, "%s %s ", look->ascii ? "->" : "→", next);
    if (hf_line_width(l) + hf_line_width(&right) + 2 <= look->cols) {
        size_t width = hf_line_width(&right);

        hf_line_pad(l, look->cols - width);
        hf_line_add(l, HF_TONE_DIM, "%s", hf_buf_str(&right.text));
    }
    hf_line_release(&right);
}

#define SYMBOL_COLS 4

/* How much of the whole: in all lines of a section, or in none. */
static size_t
bar_cols(const struct hf_today *t, enum hf_today_section section,
         const struct hf_look *look)
{
    size_t cols = look->cols > 110 ? 30 : 10;

    for (size_t i = 0; i < t->len; i++) {
        if (t->v[i].section == section && t->v[i].whole &&
            SYMBOL_COLS + cols + 2 + hf_text_width(t->v[i].text) > look->cols)
            return 0;
    }
    return cols;
}

static void
add_bar(struct hf_line *l, const struct hf_today_line *line, size_t cols,
        const struct hf_look *look)
{
    size_t full;

    if (!line->whole || !cols)
        return;
    full = line->part * cols / line->whole;
    for (size_t i = 0; i < cols; i++)
        hf_line_add(l, i < full ? HF_TONE_GOOD : HF_TONE_DIM, "%s",
                    i < full      ? look->ascii ? "#" : "█"
                    : look->ascii ? "."
                                  : "░");
    hf_line_add(l, HF_TONE_PLAIN, "  ");
}

/* "!" for what wants to be seen, a dot for a number that leads to hosts. */
static const char *
symbol_of(const struct hf_today_line *line, const struct hf_look *look)
{
    if (line->urgent)
        return "!";
    if (line->whole || !line->hosts.len)
        return " ";
    return look->ascii ? "." : "·";
}

static void
add_row(struct hf_doc *d, const struct hf_today *t, size_t i, size_t bar,
        const struct hf_look *look)
{
    const struct hf_today_line *line = &t->v[i];
    struct hf_doc_row *row = hf_doc_add(d);

    row->link = i + 1;
    hf_line_add(&row->line, tones[line->section], "  %s ",
                symbol_of(line, look));
    add_bar(&row->line, line, bar, look);
    hf_line_add(&row->line, HF_TONE_PLAIN, "%s", line->text);
    add_next(&row->line, line->next, look);
}

static size_t
section_len(const struct hf_today *t, enum hf_today_section section)
{
    size_t n = 0;

    for (size_t i = 0; i < t->len; i++)
        n += t->v[i].section == section;
    return n;
}

static void
add_calm(struct hf_doc *d, const struct hf_look *look)
{
    struct hf_line *l = &hf_doc_add(d)->line;

    hf_line_add(l, HF_TONE_GOOD, "  %s ", look->ascii ? "+" : "✓");
    hf_line_add(l, HF_TONE_PLAIN, "nothing");
}

void
hf_today_rows(struct hf_doc *d, const struct hf_today *t,
              const struct hf_look *look)
{
    for (size_t s = 0; s < HF_TODAY_SECTION_COUNT; s++) {
        enum hf_today_section section = in_order[s];
        size_t n = section_len(t, section), bar;

        if (!n && section != HF_TODAY_NEEDS)
            continue;
        hf_doc_head(d, "%s", hf_today_titles[section]);
        if (!n)
            add_calm(d, look);
        bar = bar_cols(t, section, look);
        for (size_t i = 0; i < t->len; i++) {
            if (t->v[i].section == section)
                add_row(d, t, i, bar, look);
        }
    }
}
