/* The form before hosts are changed, on the screen. */
#include <stdio.h>
#include <stdlib.h>

#include "backend/base/text.h"
#include "tui/panes/confirm_priv.h"
#include "tui/panes/draw.h"

#define LABEL_COLS 18

/* ---- parts, each returns the rows it used ---- */

/* At most `rows`; what there is no room for is counted in the last of them. */
static int
draw_summary(struct hf_ui *ui, int y, int rows)
{
    struct hf_confirm *c = confirm_mine(ui);
    const struct hf_doc *doc = &c->told;
    struct hf_doc made = {0};
    int n, all;

    if (c->subject->summary) {
        c->subject->summary(&made, c, &ui->look);
        doc = &made;
    }
    all = (int)doc->len;
    n = all <= rows ? all : rows - 1;
    for (int i = 0; i < n; i++)
        hf_draw_line(ui, y + i, 0, (int)ui->look.cols, &doc->v[i].line, 0);
    if (n < all && rows > 0)
        hf_draw_text(ui, y + n, 2, (int)ui->look.cols - 2, HF_STYLE_WARN,
                     "%d more line%s on a taller screen", all - n,
                     hf_plural((size_t)(all - n)));
    hf_doc_release(&made);
    return n < all ? rows : n;
}

static void
add_row(struct hf_line *out, const struct hf_confirm *c, size_t row,
        const struct hf_look *look)
{
    if (c->subject->row)
        c->subject->row(out, c, row, look);
    else if (row < c->doc.len)
        hf_line_append(out, &c->doc.v[row].line);
}

/* At most `rows`; returns how many it used. */
static int
draw_hosts(struct hf_ui *ui, int y, int rows)
{
    struct hf_confirm *c = confirm_mine(ui);
    size_t len = c->subject->rows ? c->subject->rows(c) : c->doc.len, end;
    struct hf_line line = {0};

    if (rows < 2)
        return 0;
    rows = (size_t)rows > len + 1 ? (int)len + 1 : rows;
    hf_list_fit(&c->list, len, (size_t)(rows - 1));
    end =
        c->list.top + c->list.height < len ? c->list.top + c->list.height : len;
    hf_line_add(&line, HF_TONE_DIM, " %zu to %zu of %zu ",
                len ? c->list.top + 1 : 0, end, len);
    hf_draw_rule(ui, y, c->subject->list, &line);
    for (int i = 0; i < rows - 1; i++) {
        hf_line_clear(&line);
        add_row(&line, c, c->list.top + (size_t)i, &ui->look);
        hf_draw_line(ui, y + 1 + i, 0, (int)ui->look.cols, &line, 0);
    }
    hf_line_release(&line);
    return rows;
}

static void
draw_text_field(struct hf_ui *ui, int y, enum confirm_field f)
{
    struct hf_confirm *c = confirm_mine(ui);
    int focus = c->focus == f;
    const char *note = confirm_rows[f].note;
    char want[64];

    if (f == CONFIRM_CHANGE && hf_session_fleet(ui->session)->change.required)
        note = "(this fleet wants one)";
    if (f == CONFIRM_COUNT) {
        (void)snprintf(want, sizeof(want), "(type %zu)", c->to_do);
        note = want;
    }
    hf_draw_text(ui, y, 0, 2, HF_STYLE_STRONG, focus ? ">" : " ");
    hf_draw_text(ui, y, 2, LABEL_COLS - 2, HF_STYLE_PLAIN, "%s",
                 confirm_rows[f].label);
    hf_draw_input(ui, y, LABEL_COLS, 32, &c->text[f], focus);
    hf_draw_text(ui, y, LABEL_COLS + 34, (int)ui->look.cols - LABEL_COLS - 34,
                 HF_STYLE_DIM, "%s", note);
}

static int
draw_fields(struct hf_ui *ui, int y)
{
    struct hf_confirm *c = confirm_mine(ui);
    int at = y, x = 2;

    for (int f = CONFIRM_NAME; f < CONFIRM_TEXTS; f++) {
        if (confirm_has(ui, (enum confirm_field)f))
            draw_text_field(ui, at++, (enum confirm_field)f);
    }
    for (int f = CONFIRM_TEXTS; f < CONFIRM_NO; f++) {
        const struct confirm_row *row = &confirm_rows[f];
        int width = (int)hf_text_width(row->label) + 5;

        if (!confirm_has(ui, (enum confirm_field)f))
            continue;
        if (x + width > (int)ui->look.cols) {
            at++;
            x = 2;
        }
        hf_draw_text(ui, at, x, width,
                     c->focus == (enum confirm_field)f ? HF_STYLE_CURSOR
                                                       : HF_STYLE_PLAIN,
                     "[%c] %s", c->on[f] ? 'x' : ' ', row->label);
        x += width + 1;
    }
    return at + 1 - y;
}

static int
field_rows(struct hf_ui *ui)
{
    int rows = 1, x = 2;

    for (int f = CONFIRM_NAME; f < CONFIRM_TEXTS; f++)
        rows += confirm_has(ui, (enum confirm_field)f) != 0;
    for (int f = CONFIRM_TEXTS; f < CONFIRM_NO; f++) {
        int width = (int)hf_text_width(confirm_rows[f].label) + 5;

        if (!confirm_has(ui, (enum confirm_field)f))
            continue;
        if (x + width > (int)ui->look.cols) {
            rows++;
            x = 2;
        }
        x += width + 1;
    }
    return rows;
}

/* At most `rows`; returns how many it used. */
static int
draw_text(struct hf_ui *ui, int y, int rows, const char *label,
          enum hf_tone tone, const char *text)
{
    struct hf_doc doc = {0};
    int n;

    hf_doc_text(&doc, label, tone, text, rows > 1 ? ui->look.cols : SIZE_MAX);
    n = (int)doc.len < rows ? (int)doc.len : rows;
    for (int i = 0; i < n; i++)
        hf_draw_line(ui, y + i, 0, (int)ui->look.cols, &doc.v[i].line, 0);
    hf_doc_release(&doc);
    return n;
}

/* Two rows for both: what is wrong comes before the command. */
static void
draw_below(struct hf_ui *ui, int y)
{
    const struct hf_confirm *c = confirm_mine(ui);
    struct hf_buf text = {0};
    int used = 0;

    if (c->refusal.code) {
        hf_buf_printf(&text, "%s%s%s", c->refusal.text,
                      c->refusal.hint[0] ? " - " : "", c->refusal.hint);
        used = draw_text(ui, y, 2, "  ", HF_TONE_BAD, hf_buf_str(&text));
        hf_buf_clear(&text);
    }
    c->subject->command(&text, c);
    draw_text(ui, y + used, 2 - used, "  $ ", HF_TONE_DIM, hf_buf_str(&text));
    hf_buf_release(&text);
}

static void
draw_buttons(struct hf_ui *ui, int y)
{
    struct hf_confirm *c = confirm_mine(ui);
    char yes[40];
    int x = 2;

    (void)snprintf(yes, sizeof(yes), " Yes, %s ", c->word);
    hf_draw_text(ui, y, x, 10,
                 c->focus == CONFIRM_NO ? HF_STYLE_CURSOR : HF_STYLE_PLAIN,
                 "%s", c->focus == CONFIRM_NO ? "[ No ]" : "  No  ");
    x += 8;
    hf_draw_text(ui, y, x, 30,
                 c->focus == CONFIRM_YES ? HF_STYLE_CURSOR : HF_STYLE_PLAIN,
                 c->focus == CONFIRM_YES ? "[%s]" : " %s ", yes);
}

/* Buttons and fields always have their place; the hosts get what is left. */
void
confirm_draw(struct hf_ui *ui, const struct hf_area *area)
{
    const struct hf_confirm *c = confirm_mine(ui);
    int y = area->y, last = area->y + area->rows - field_rows(ui) - 4;

    y += draw_summary(ui, y, last - y);
    y += draw_hosts(ui, y, last - y);
    y = y < last ? y : last;
    /* On a tiny screen the questions hide what stands above. */
    for (int i = y; i < area->y + area->rows; i++)
        hf_screen_fill(ui->screen, i, 0, HF_STYLE_PLAIN, area->cols);
    hf_draw_rule(ui, y, c->word, NULL);
    y += 1 + draw_fields(ui, y + 1);
    draw_below(ui, y);
    draw_buttons(ui, y + 2);
}
