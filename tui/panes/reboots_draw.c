/* The Reboots screen is laid out; see reboots_draw.h. */
#include "tui/panes/reboots_draw.h"

#define QUARTER_FROM 13 /* rows of the screen, for the quarter */
#define DETAIL_FROM 17  /* for what stands below the list */
#define DETAIL_ROWS_SMALL 6
#define DETAIL_ROWS 8 /* with its rule */
#define DETAIL_LARGE_FROM 25

/* How many rows it takes. */
static int
draw_quarter(struct hf_ui *ui, const struct hf_area *area,
             const struct hf_reboots_view *v)
{
    struct hf_doc top = {0};
    struct hf_line line = {0};
    int used;

    if (area->rows < QUARTER_FROM)
        return 0;
    hf_quarter_rows(&top, &v->quarter, v->week, (size_t)area->rows / 3,
                    &ui->look);
    for (used = 0; used < (int)top.len; used++)
        hf_draw_line(ui, area->y + used, 0, area->cols, &top.v[used].line, 0);
    hf_reboots_view_periods(&line, v);
    hf_draw_line(ui, area->y + used++, 0, area->cols, &line, 0);
    hf_doc_release(&top);
    hf_line_release(&line);
    return used;
}

static void
draw_list(struct hf_ui *ui, const struct hf_area *area,
          const struct hf_reboots_view *v, struct hf_list *list)
{
    struct hf_line line = {0};

    hf_reboots_heads(&line, &ui->look);
    hf_draw_line(ui, area->y, 0, area->cols, &line, 0);
    hf_list_fit(list, v->len, (size_t)(area->rows - 1));
    for (int i = 0; i < area->rows - 1; i++) {
        size_t row = list->top + (size_t)i;

        if (row >= v->len)
            break;
        hf_reboots_line(&line, v, row, &ui->look);
        hf_draw_line(ui, area->y + 1 + i, 0, area->cols, &line,
                     row == list->cursor);
    }
    hf_line_release(&line);
    if (!v->len)
        hf_draw_text(ui, area->y + 1, 2, area->cols - 2, HF_STYLE_DIM,
                     v->dues.n ? "no host restarts then: Esc shows all"
                               : "the fleet has no hosts yet");
}

static void
draw_detail(struct hf_ui *ui, const struct hf_area *area,
            const struct hf_reboots_view *v, size_t row)
{
    const struct hf_reboots_item *item = &v->items[row];
    struct hf_list list = {.scrolls = 1};
    const struct hf_area below = {area->y + 1, area->rows - 1, area->cols};
    struct hf_doc doc = {0};

    if (row >= v->len)
        return;
    hf_draw_rule(ui, area->y,
                 item->host == HF_REBOOTS_HEAD
                     ? hf_due_titles[item->group]
                     : v->states[item->host].host->name,
                 NULL);
    hf_reboots_detail(&doc, v, row, &ui->look);
    hf_draw_doc(ui, &below, &doc, &list);
    hf_doc_release(&doc);
}

/* What stands below keeps its height, so that the list stands still. */
int
hf_reboots_draw(struct hf_ui *ui, const struct hf_area *area,
                const struct hf_reboots_view *v, struct hf_list *list)
{
    int used = draw_quarter(ui, area, v);
    struct hf_area middle = {area->y + used, area->rows - used, area->cols};
    struct hf_area below = middle;

    if (area->rows < DETAIL_FROM) {
        draw_list(ui, &middle, v, list);
        return 0;
    }
    below.rows =
        area->rows < DETAIL_LARGE_FROM ? DETAIL_ROWS_SMALL : DETAIL_ROWS;
    middle.rows -= below.rows;
    below.y += middle.rows;
    draw_list(ui, &middle, v, list);
    draw_detail(ui, &below, v, list->cursor);
    return 1;
}

void
hf_reboots_foot(struct hf_line *out, const struct hf_look *look)
{
    hf_quarter_signs(out, look);
    hf_line_add(out, HF_TONE_PLAIN, "  m this month  w what if");
}
