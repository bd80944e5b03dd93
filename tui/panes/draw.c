/* Lines, rules, boxes and fields on the screen; see draw.h. */
#include "tui/panes/draw.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "backend/base/text.h"
#include "tui/term/input.h"

/* clang-format off */
static const enum hf_style styles[HF_TONE_COUNT] = {
    [HF_TONE_PLAIN] = HF_STYLE_PLAIN,
    [HF_TONE_DIM] = HF_STYLE_DIM,
    [HF_TONE_STRONG] = HF_STYLE_STRONG,
    [HF_TONE_HEAD] = HF_STYLE_HEAD,
    [HF_TONE_GOOD] = HF_STYLE_GOOD,
    [HF_TONE_BUSY] = HF_STYLE_BUSY,
    [HF_TONE_WARN] = HF_STYLE_WARN,
    [HF_TONE_BAD] = HF_STYLE_BAD,
};
/* clang-format on */

void
hf_draw_line(struct hf_ui *ui, int y, int x, int cols,
             const struct hf_line *line, int cursor)
{
    const char *text = hf_buf_str(&line->text);
    int used = 0;

    for (size_t i = 0; i < line->len && used < cols; i++) {
        size_t end = i + 1 < line->len ? line->v[i + 1].start : line->text.len;
        enum hf_style style =
            cursor ? HF_STYLE_CURSOR : styles[line->v[i].tone];

        used += hf_screen_put(ui->screen, y, x + used, style,
                              text + line->v[i].start, end - line->v[i].start,
                              cols - used);
    }
    if (cursor)
        hf_screen_fill(ui->screen, y, x + used, HF_STYLE_CURSOR, cols - used);
    if (hf_line_width(line) > (size_t)cols)
        (void)hf_screen_put(ui->screen, y, x + cols - 1,
                            cursor ? HF_STYLE_CURSOR : HF_STYLE_DIM,
                            ui->look.ascii ? "~" : "…",
                            ui->look.ascii ? 1 : strlen("…"), 1);
}

void
hf_draw_text(struct hf_ui *ui, int y, int x, int cols, enum hf_style style,
             const char *fmt, ...)
{
    struct hf_buf fitted = {0};
    char text[1200];
    va_list ap;

    if (cols <= 0)
        return;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    (void)hf_text_fit(&fitted, text, (size_t)cols, ui->look.ascii);
    (void)hf_screen_put(ui->screen, y, x, style, hf_buf_str(&fitted),
                        fitted.len, cols);
    hf_buf_release(&fitted);
}

void
hf_draw_doc(struct hf_ui *ui, const struct hf_area *area,
            const struct hf_doc *doc, const struct hf_list *list)
{
    for (int i = 0; i < area->rows; i++) {
        size_t row = list->top + (size_t)i;

        if (row >= doc->len)
            break;
        hf_draw_line(ui, area->y + i, 0, area->cols, &doc->v[row].line,
                     !list->scrolls && row == list->cursor);
    }
}

static void
repeat(struct hf_ui *ui, int y, int x, int cols, const char *utf8, char ascii)
{
    for (int i = 0; i < cols; i++)
        (void)hf_screen_put(ui->screen, y, x + i, HF_STYLE_DIM,
                            ui->look.ascii ? &ascii : utf8,
                            ui->look.ascii ? 1 : strlen(utf8), 1);
}

void
hf_draw_rule(struct hf_ui *ui, int y, const char *title,
             const struct hf_line *more)
{
    int cols = (int)ui->look.cols;

    repeat(ui, y, 0, cols, "─", '-');
    hf_draw_text(ui, y, 2, cols - 3, HF_STYLE_STRONG, " %s ", title);
    if (more && more->text.len)
        hf_draw_line(ui, y, (int)hf_text_width(title) + 4,
                     cols - (int)hf_text_width(title) - 5, more, 0);
}

void
hf_draw_box(struct hf_ui *ui, const struct hf_box *box, const char *title)
{
    int last = box->y + box->rows - 1;
    int right = box->x + box->cols - 1;

    for (int y = box->y; y <= last; y++) {
        hf_screen_fill(ui->screen, y, box->x, HF_STYLE_PLAIN, box->cols);
        repeat(ui, y, box->x, 1, "│", '|');
        repeat(ui, y, right, 1, "│", '|');
    }
    repeat(ui, box->y, box->x, box->cols, "─", '-');
    repeat(ui, last, box->x, box->cols, "─", '-');
    repeat(ui, box->y, box->x, 1, "┌", '+');
    repeat(ui, box->y, right, 1, "┐", '+');
    repeat(ui, last, box->x, 1, "└", '+');
    repeat(ui, last, right, 1, "┘", '+');
    hf_draw_text(ui, box->y, box->x + 2, box->cols - 4, HF_STYLE_STRONG, " %s ",
                 title);
}

void
hf_draw_input(struct hf_ui *ui, int y, int x, int cols,
              const struct hf_input *in, int focus)
{
    size_t cursor;
    const char *text;

    if (cols <= 0)
        return;
    text = hf_input_view(in, (size_t)cols, &cursor);
    hf_screen_fill(ui->screen, y, x, HF_STYLE_FIELD, cols);
    (void)hf_screen_put(ui->screen, y, x, HF_STYLE_FIELD, text, strlen(text),
                        cols);
    if (focus)
        hf_screen_cursor(ui->screen, y, x + (int)cursor);
}
