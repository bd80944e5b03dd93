/* Memory over time as lines. */
#include "tui/rows/memory.h"

#include <stdlib.h>

#include "backend/base/mem.h"
#include "tui/rows/fact.h"
#include "tui/rows/plot.h"

#define LABEL 24 /* columns of names, as on the rest of screen 8 */
#define ENDS 24  /* "2.1 GiB to 2.4 GiB" */
#define SPARK 60 /* at most */

int
hf_memory_trend(struct hf_memory_trend *out, const struct hf_memory_report *m,
                const struct hf_memory_line *line, enum hf_memory_kind kind)
{
    int known = 0;

    *out = (struct hf_memory_trend){0};
    out->v = hf_xcalloc(m->days, sizeof(*out->v));
    for (size_t d = 0; d < m->days; d++) {
        int64_t value = line->days[d].v[kind];

        out->v[d] = value == HF_MEMORY_UNKNOWN ? HF_PLOT_NONE : value;
        if (value == HF_MEMORY_UNKNOWN)
            continue;
        if (!known)
            out->first = out->least = value;
        known = 1;
        out->last = value;
        out->least = value < out->least ? value : out->least;
        out->most = value > out->most ? value : out->most;
    }
    if (!known) {
        free(out->v);
        out->v = NULL;
    }
    return known;
}

static void
add_trend(struct hf_doc *out, const struct hf_memory_report *m,
          const struct hf_memory_line *line, enum hf_memory_kind kind,
          const struct hf_look *look)
{
    size_t cols =
        look->cols > LABEL + ENDS + 12 ? look->cols - LABEL - ENDS - 4 : 8;
    struct hf_memory_trend trend;
    struct hf_buf label = {0}, spark = {0}, ends = {0};
    struct hf_line *l;

    if (!hf_memory_trend(&trend, m, line, kind))
        return;
    hf_plot_spark(&spark, trend.v, m->days, trend.least, trend.most,
                  cols < SPARK ? cols : SPARK, look->ascii);
    hf_bytes_show(&ends, trend.first);
    hf_buf_puts(&ends, " to ");
    hf_bytes_show(&ends, trend.last);
    l = &hf_doc_add(out)->line;
    hf_buf_printf(&label, "%s %s", line->product ? line->product : "(unknown)",
                  hf_memory_rows[kind].name);
    hf_line_add(l, HF_TONE_PLAIN, "  %-*s", LABEL, hf_buf_str(&label));
    hf_line_add(l, HF_TONE_GOOD, "%s", hf_buf_str(&spark));
    hf_line_add(l, HF_TONE_DIM, "  %s", hf_buf_str(&ends));
    hf_buf_release(&label);
    hf_buf_release(&spark);
    hf_buf_release(&ends);
    free(trend.v);
}

void
hf_memory_trend_rows(struct hf_doc *out, const struct hf_memory_report *m,
                     const struct hf_look *look)
{
    size_t before = out->len;

    for (size_t i = 0; i < m->len; i++) {
        for (int k = 0; k < HF_MEMORY_KINDS; k++)
            add_trend(out, m, &m->lines[i], (enum hf_memory_kind)k, look);
    }
    if (out->len == before)
        hf_line_add(&hf_doc_add(out)->line, HF_TONE_DIM,
                    "  no host has told it yet");
}
