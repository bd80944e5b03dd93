/* The form before hosts are changed, on the screen. */
#include <stdio.h>
#include <stdlib.h>

#include "backend/base/text.h"
#include "tui/panes/confirm_priv.h"
#include "tui/panes/draw.h"
#include "tui/rows/confirm.h"

#define LABEL_COLS 18

/* ---- parts, each returns the rows it used ---- */

static int
draw_summary(struct hf_ui *ui, int y)
{
    struct hf_confirm *c = confirm_mine(ui);
    struct hf_doc doc = {0};
    int n;

    hf_confirm_summary(&doc, &c->forecasts, c->action, &ui->look);
    n = (int)doc.len;
    for (int i = 0; i < n; i++)
        hf_draw_line(ui, y + i, 0, (int)ui->look.cols, &doc.v[i].line, 0);
    hf_doc_release(&doc);
    return n;
}

/* Hosts that are marked but hidden by the filter are a group of their own
 * behind the others, until they are included. */
static size_t
hidden_rows(const struct hf_confirm *c)
{
    return c->targets.hidden.len && !c->on[CONFIRM_HIDDEN]
               ? c->targets.hidden.len + 1
               : 0;
}

static void
host_line(struct hf_line *out, struct hf_ui *ui, size_t row)
{
    struct hf_confirm *c = confirm_mine(ui);
    size_t n = c->forecasts.len;

    hf_line_clear(out);
    if (row < n)
        hf_confirm_host(out, &c->forecasts.v[row], &ui->look);
    else if (row == n)
        hf_line_add(out, HF_TONE_WARN,
                    "  marked, but hidden by the filter: left out (%zu)",
                    c->targets.hidden.len);
    else if (row <= n + c->targets.hidden.len)
        hf_line_add(out, HF_TONE_DIM, "    %s",
                    c->targets.hidden.v[row - n - 1]);
}

/* At most `rows`; returns how many it used. */
static int
draw_hosts(struct hf_ui *ui, int y, int rows)
{
    struct hf_confirm *c = confirm_mine(ui);
    size_t len = c->forecasts.len + hidden_rows(c), end;
    struct hf_line line = {0};

    if (rows < 2)
        return 0;
    rows = (size_t)rows > len + 1 ? (int)len + 1 : rows;
    hf_list_fit(&c->list, len, (size_t)(rows - 1));
    end =
        c->list.top + c->list.height < len ? c->list.top + c->list.height : len;
    hf_line_add(&line, HF_TONE_DIM, " %zu to %zu of %zu ",
                len ? c->list.top + 1 : 0, end, len);
    hf_draw_rule(ui, y, "Hosts", &line);
    for (int i = 0; i < rows - 1; i++) {
        host_line(&line, ui, c->list.top + (size_t)i);
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
    const char *note = "";
    char want[64];

    if (f == CONFIRM_CHANGE && hf_session_fleet(ui->session)->change.required)
        note = "(this fleet wants one)";
    if (f == CONFIRM_COUNT) {
        (void)snprintf(want, sizeof(want), "(type %zu)", c->forecasts.to_do);
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

    for (int f = CONFIRM_CHANGE; f <= CONFIRM_COUNT; f++) {
        if (confirm_rows[f].shown(ui, c))
            draw_text_field(ui, at++, (enum confirm_field)f);
    }
    for (int f = CONFIRM_GO_ON; f <= CONFIRM_HIDDEN; f++) {
        const struct confirm_row *row = &confirm_rows[f];
        int width = (int)hf_text_width(row->label) + 5;

        if (!row->shown(ui, c))
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
    struct hf_confirm *c = confirm_mine(ui);
    int rows = 1, x = 2;

    for (int f = CONFIRM_CHANGE; f <= CONFIRM_COUNT; f++)
        rows += confirm_rows[f].shown(ui, c) != 0;
    for (int f = CONFIRM_GO_ON; f <= CONFIRM_HIDDEN; f++) {
        int width = (int)hf_text_width(confirm_rows[f].label) + 5;

        if (!confirm_rows[f].shown(ui, c))
            continue;
        if (x + width > (int)ui->look.cols) {
            rows++;
            x = 2;
        }
        x += width + 1;
    }
    return rows;
}

static void
draw_command(struct hf_ui *ui, int y)
{
    struct hf_confirm *c = confirm_mine(ui);
    struct hf_buf text = {0};
    const char **names;
    struct hf_ask ask;

    confirm_ask(&ask, c, &names);
    hf_confirm_command(&text, &ask, &c->forecasts);
    hf_draw_text(ui, y, 0, (int)ui->look.cols, HF_STYLE_DIM, "  $ %s",
                 hf_buf_str(&text));
    hf_buf_release(&text);
    free(names);
}

static void
draw_refusal(struct hf_ui *ui, int y)
{
    const struct hf_confirm *c = confirm_mine(ui);

    if (c->refusal.code)
        hf_draw_text(ui, y, 2, (int)ui->look.cols - 2, HF_STYLE_BAD, "%s%s%s",
                     c->refusal.text, c->refusal.hint[0] ? " - " : "",
                     c->refusal.hint);
}

static void
draw_buttons(struct hf_ui *ui, int y)
{
    struct hf_confirm *c = confirm_mine(ui);
    char yes[40];
    int x = 2;

    (void)snprintf(yes, sizeof(yes), " Yes, %s ", hf_action_names[c->action]);
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
    int y = area->y, last = area->y + area->rows - field_rows(ui) - 4;

    y += draw_summary(ui, y);
    y += draw_hosts(ui, y, last - y);
    y = y < last ? y : last;
    /* On a tiny screen the questions hide what stands above. */
    for (int i = y; i < area->y + area->rows; i++)
        hf_screen_fill(ui->screen, i, 0, HF_STYLE_PLAIN, area->cols);
    hf_draw_rule(ui, y, hf_action_names[confirm_mine(ui)->action], NULL);
    y += 1 + draw_fields(ui, y + 1);
    draw_command(ui, y);
    draw_refusal(ui, y + 1);
    draw_buttons(ui, y + 2);
}
