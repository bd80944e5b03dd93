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
    struct hf_confirm *c = ui->confirm;
    struct hf_doc doc = {0};
    int n;

    hf_confirm_summary(&doc, &c->forecasts, c->action, &ui->look);
    n = (int)doc.len;
    for (int i = 0; i < n; i++)
        hf_draw_line(ui, y + i, 0, (int)ui->look.cols, &doc.v[i].line, 0);
    hf_doc_release(&doc);
    return n;
}

static void
draw_hosts(struct hf_ui *ui, int y, int rows)
{
    struct hf_confirm *c = ui->confirm;
    struct hf_line line = {0}, more = {0};

    if (rows < 2)
        return;
    hf_list_fit(&c->list, c->forecasts.len, (size_t)(rows - 1));
    hf_line_add(&more, HF_TONE_DIM, " %zu to %zu of %zu ",
                c->forecasts.len ? c->list.top + 1 : 0,
                c->list.top + c->list.height < c->forecasts.len
                    ? c->list.top + c->list.height
                    : c->forecasts.len,
                c->forecasts.len);
    hf_draw_rule(ui, y, "Hosts", &more);
    for (int i = 0; i < rows - 1; i++) {
        size_t row = c->list.top + (size_t)i;

        if (row >= c->forecasts.len)
            break;
        hf_confirm_host(&line, &c->forecasts.v[row], &ui->look);
        hf_draw_line(ui, y + 1 + i, 0, (int)ui->look.cols, &line, 0);
    }
    hf_line_release(&line);
    hf_line_release(&more);
}

static void
draw_text_field(struct hf_ui *ui, int y, enum confirm_field f)
{
    struct hf_confirm *c = ui->confirm;
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
    struct hf_confirm *c = ui->confirm;
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
    struct hf_confirm *c = ui->confirm;
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
    struct hf_confirm *c = ui->confirm;
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
    const struct hf_confirm *c = ui->confirm;

    if (c->refusal.code)
        hf_draw_text(ui, y, 2, (int)ui->look.cols - 2, HF_STYLE_BAD, "%s%s%s",
                     c->refusal.text, c->refusal.hint[0] ? " - " : "",
                     c->refusal.hint);
    else if (c->targets.hidden.len && !c->on[CONFIRM_HIDDEN])
        hf_draw_text(ui, y, 2, (int)ui->look.cols - 2, HF_STYLE_WARN,
                     "%zu marked host%s hidden by the filter: left out",
                     c->targets.hidden.len,
                     c->targets.hidden.len == 1 ? " is" : "s are");
}

static void
draw_buttons(struct hf_ui *ui, int y)
{
    struct hf_confirm *c = ui->confirm;
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

/* Buttons and fields always have their place; the hosts take what is left. */
void
confirm_draw(struct hf_ui *ui, const struct hf_area *area)
{
    int fields = field_rows(ui), y = area->y, bottom;

    y += draw_summary(ui, y);
    bottom = area->y + area->rows - fields - 4;
    draw_hosts(ui, y, bottom - y);
    bottom = bottom > y ? bottom : y;
    hf_draw_rule(ui, bottom, hf_action_names[ui->confirm->action], NULL);
    bottom += 1 + draw_fields(ui, bottom + 1);
    draw_command(ui, bottom);
    draw_refusal(ui, bottom + 1);
    draw_buttons(ui, bottom + 2);
}
