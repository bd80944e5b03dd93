/* Rows of the list of hosts as lines. */
#include <stdio.h>
#include <string.h>

#include "tui/rows/groups.h"

#define MARGIN 2 /* mark and fold signs */

static void
widths_for(size_t widths[HF_COLUMN_COUNT], const struct hf_fleet_view *v,
           const struct hf_look *look)
{
    hf_columns_fit(widths, v->columns,
                   look->cols > MARGIN ? look->cols - MARGIN : 1, v->name_cols);
}

void
hf_fleet_view_heads(struct hf_line *out, const struct hf_fleet_view *v,
                    const struct hf_look *look)
{
    size_t widths[HF_COLUMN_COUNT];

    widths_for(widths, v, look);
    hf_line_clear(out);
    hf_line_add(out, HF_TONE_HEAD, "  ");
    for (int i = 0; i < HF_COLUMN_COUNT; i++) {
        char title[32];
        const char *sign = v->descending ? look->ascii ? "v" : "▼"
                           : look->ascii ? "^"
                                         : "▲";

        if (!widths[i])
            continue;
        (void)snprintf(title, sizeof(title), "%s%s", hf_columns[i].title,
                       v->sort == (enum hf_column_id)i ? sign : "");
        if (i != HF_COLUMN_NAME)
            hf_line_add(out, HF_TONE_HEAD, " ");
        hf_line_cell(out, HF_TONE_HEAD, title, widths[i], look->ascii);
    }
}

/* "v behind  12": the count first would make the words jump. */
static void
head_line(struct hf_line *out, const struct hf_fleet_view *v, uint32_t group,
          const struct hf_look *look)
{
    const struct hf_grouping *g = &hf_groupings[v->group_by];
    const struct hf_word *w = g->word(group);
    int shut =
        v->folded >> group & 1 || (v->only >= 0 && (uint32_t)v->only != group);

    hf_line_add(out, HF_TONE_DIM, "%s ", hf_fold_sign(shut, look->ascii));
    if (w)
        hf_line_add(out, w->tone, "%s ", hf_word_symbol(w, look->ascii));
    hf_line_add(out, HF_TONE_STRONG, "%s ", g->name(v->fleet, group));
    hf_line_add(out, HF_TONE_DIM, " %zu", v->counts[group]);
    if (v->only >= 0 && (uint32_t)v->only == group)
        hf_line_add(out, HF_TONE_DIM, "  only these: Enter shows all");
}

static void
host_line(struct hf_line *out, const struct hf_fleet_view *v, uint32_t host,
          const struct hf_look *look)
{
    size_t widths[HF_COLUMN_COUNT];

    widths_for(widths, v, look);
    hf_line_add(out, HF_TONE_STRONG, "%s ", v->marked[host] ? "*" : " ");
    for (int i = 0; i < HF_COLUMN_COUNT; i++) {
        if (!widths[i])
            continue;
        if (i != HF_COLUMN_NAME)
            hf_line_add(out, HF_TONE_PLAIN, " ");
        hf_columns[i].cell(out, &v->states[host], widths[i], look);
    }
}

void
hf_fleet_view_line(struct hf_line *out, const struct hf_fleet_view *v,
                   size_t row, const struct hf_look *look)
{
    hf_line_clear(out);
    if (row >= v->len)
        return;
    if (v->items[row].host == HF_VIEW_NO_HOST)
        head_line(out, v, v->items[row].group, look);
    else
        host_line(out, v, v->items[row].host, look);
}
