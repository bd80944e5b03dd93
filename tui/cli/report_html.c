/* Reports as pages. */
#include "tui/cli/report_html.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "tui/rows/plot.h"

#define WIDE 720 /* of a plot, in its own units */
#define HIGH 180
#define LEFT 76 /* room for "9999.9 MiB" */
#define BAR 18
#define DOT " m-2.5 0 a2.5 2.5 0 1 0 5 0 a2.5 2.5 0 1 0 -5 0"
#define SAID 1024 /* bytes of one sentence */

struct hf_html {
    struct hf_buf out;
    int one_page;
};

static const char style[] =
    "body{font:15px/1.45 system-ui,sans-serif;color:#1b1f24;background:#fff;"
    "max-width:68rem;margin:2rem auto;padding:0 1rem}"
    "h1{font-size:1.6rem;margin:0}h2{font-size:1.15rem;margin:2rem 0 .5rem}"
    ".note{color:#57606a;margin:.2rem 0 1.5rem}"
    ".figure{display:inline-table;margin:0 1rem 1rem 0;width:15rem;"
    "vertical-align:top}"
    ".figure b{display:block;font-size:2.2rem;line-height:1.1;"
    "white-space:nowrap}"
    "table{border-collapse:collapse;font-size:.9rem}"
    "th,td{text-align:left;padding:.25rem .8rem .25rem 0;"
    "border-bottom:1px solid #d0d7de;font-variant-numeric:tabular-nums;"
    "white-space:nowrap}td:last-child{white-space:normal}"
    "th{color:#57606a;font-weight:600;font-size:.72rem}"
    "path{stroke-linecap:round}svg{max-width:100%;height:auto}text{font:12px "
    "system-ui,sans-serif;"
    "fill:#57606a}"
    ".l0{stroke:#0b6bcb;fill:none;stroke-width:2}"
    ".l1{stroke:#b35900;fill:none;stroke-width:2;stroke-dasharray:5 3}"
    ".grid{stroke:#d0d7de}.bar{fill:#0b6bcb}"
    "@media print{html{font-size:11px}"
    "body{font-size:1rem;margin:0;max-width:none}"
    "h2{break-after:avoid;margin:1rem 0 .3rem}svg{max-height:5cm}"
    "th,td{padding:.1rem .8rem .1rem 0}"
    "tr,svg,.figure{break-inside:avoid}"
    ".one{font-size:.85rem}.one table{font-size:.72rem}"
    ".one .figure{margin-bottom:.3rem}.one .figure b{font-size:1.5rem}"
    ".one h2{font-size:.95rem;margin:.5rem 0 .1rem}.one svg{max-height:2.8cm}"
    ".one th,.one td{padding:.02rem .6rem .02rem 0}.one p{margin:.2rem 0}}";

static void
escape(struct hf_buf *out, const char *text)
{
    /* clang-format off */
    static const struct { char c; const char *as; } rows[] = {
        {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"},
    };
    /* clang-format on */

    for (; *text; text++) {
        size_t i = 0;

        while (i < HF_COUNT(rows) && rows[i].c != *text)
            i++;
        if (i < HF_COUNT(rows))
            hf_buf_puts(out, rows[i].as);
        else
            hf_buf_putc(out, *text);
    }
}

static void
element(struct hf_buf *out, const char *open, const char *text,
        const char *close)
{
    hf_buf_puts(out, open);
    escape(out, text);
    hf_buf_puts(out, close);
}

struct hf_html *
hf_html_new(const char *title, const char *note)
{
    struct hf_html *page = HF_NEW(struct hf_html);

    hf_buf_puts(&page->out, "<!DOCTYPE html>\n<html lang=\"en\"><head>"
                            "<meta charset=\"utf-8\"><meta name=\"viewport\" "
                            "content=\"width=device-width\">");
    element(&page->out, "<title>", title, "</title><style>");
    hf_buf_puts(&page->out, style);
    element(&page->out, "</style></head><body>\n<h1>", title, "</h1>\n");
    element(&page->out, "<p class=\"note\">", note, "</p>\n");
    return page;
}

void
hf_html_one_page(struct hf_html *page)
{
    hf_buf_puts(&page->out, "<div class=\"one\">\n");
    page->one_page = 1;
}

char *
hf_html_take(struct hf_html *page)
{
    char *text;

    if (page->one_page)
        hf_buf_puts(&page->out, "</div>");
    hf_buf_puts(&page->out, "</body></html>\n");
    text = hf_buf_take(&page->out);
    free(page);
    return text;
}

void
hf_html_heading(struct hf_html *page, const char *text)
{
    element(&page->out, "<h2>", text, "</h2>\n");
}

void
hf_html_say(struct hf_html *page, const char *fmt, ...)
{
    char text[SAID];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    element(&page->out, "<p>", text, "</p>\n");
}

void
hf_html_figure(struct hf_html *page, const char *number, const char *fmt, ...)
{
    char text[SAID];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    element(&page->out, "<div class=\"figure\"><b>", number, "</b>");
    element(&page->out, "", text, "</div>\n");
}

/* ---- tables ---- */

void
hf_html_table(struct hf_html *page, struct hf_table *t)
{
    size_t columns = hf_table_columns(t);

    if (!hf_table_rows(t)) {
        hf_html_say(page, "none");
        hf_table_free(t);
        return;
    }
    hf_buf_puts(&page->out, "<table><thead><tr>");
    for (size_t c = 0; c < columns; c++)
        element(&page->out, "<th>", hf_table_head(t, c), "</th>");
    hf_buf_puts(&page->out, "</tr></thead><tbody>\n");
    for (size_t row = 0; row < hf_table_rows(t); row++) {
        hf_buf_puts(&page->out, "<tr>");
        for (size_t c = 0; c < columns; c++)
            element(&page->out, "<td>", hf_table_at(t, row, c), "</td>");
        hf_buf_puts(&page->out, "</tr>\n");
    }
    hf_buf_puts(&page->out, "</tbody></table>\n");
    hf_table_free(t);
}

/* ---- plots ---- */

static void
label(struct hf_buf *out, int x, int y, const char *anchor, const char *text)
{
    hf_buf_printf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">", x, y,
                  anchor);
    element(out, "", text, "</text>");
}

/* One path; a gap begins a new stroke, and a value alone is a dot: a stroke of
 * no length would not be seen. */
static void
line(struct hf_buf *out, const int64_t *values, size_t n, int64_t high,
     size_t which)
{
    int drawn = 0;

    hf_buf_printf(out, "<path class=\"l%zu\" d=\"", which % 2);
    for (size_t i = 0; i < n; i++) {
        int64_t x, y;

        if (values[i] == HF_PLOT_NONE) {
            drawn = 0;
            continue;
        }
        x = LEFT + (n > 1 ? (int64_t)i * WIDE / (int64_t)(n - 1) : 0);
        y = HIGH - (high > 0 ? values[i] * HIGH / high : 0) + 10;
        hf_buf_printf(out, "%s%lld %lld", drawn ? " L" : " M", (long long)x,
                      (long long)y);
        if (!drawn && (i + 1 == n || values[i + 1] == HF_PLOT_NONE))
            hf_buf_puts(out, DOT);
        drawn = 1;
    }
    hf_buf_puts(out, "\"/>");
}

/* Five lines with their values, five days below them. */
static void
axes(struct hf_buf *out, int64_t from, int64_t until, int64_t high,
     const char *unit)
{
    static const char *const anchors[] = {"start", "middle", "middle", "middle",
                                          "end"};
    int64_t top = strcmp(unit, "%") == 0 ? 100 : high;
    char at[HF_TIME_LEN], text[64];

    for (int quarter = 0; quarter <= 4; quarter++) {
        int x = LEFT + quarter * WIDE / 4, y = HIGH - quarter * HIGH / 4 + 10;
        int64_t tenths = top * quarter * 10 / 4;

        hf_buf_printf(out,
                      "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%d\" "
                      "y2=\"%d\"/>",
                      LEFT, LEFT + WIDE, y, y);
        if (tenths % 10)
            (void)snprintf(text, sizeof(text), "%lld.%lld %s",
                           (long long)(tenths / 10), (long long)(tenths % 10),
                           unit);
        else
            (void)snprintf(text, sizeof(text), "%lld %s",
                           (long long)(tenths / 10), unit);
        label(out, LEFT - 6, y + 4, "end", text);
        hf_time_format(at, from + (until - from) * quarter / 4);
        (void)snprintf(text, sizeof(text), "%.10s", at);
        label(out, x, HIGH + 28, anchors[quarter], text);
    }
}

void
hf_html_lines(struct hf_html *page, const int64_t *const *values,
              const char *const *names, size_t lines, size_t n, int64_t from,
              int64_t until, int64_t high, const char *unit)
{
    struct hf_buf *out = &page->out;

    hf_buf_printf(out, "<svg viewBox=\"0 0 %d %d\" role=\"img\">",
                  LEFT + WIDE + 24, HIGH + 60);
    axes(out, from, until, high, unit);
    for (size_t i = 0; i < lines; i++)
        line(out, values[i], n, high, i);
    for (size_t i = 0; i < lines; i++) {
        int x = LEFT + (int)i * WIDE / (int)lines;

        hf_buf_printf(out,
                      "<line class=\"l%zu\" x1=\"%d\" x2=\"%d\" y1=\"%d\" "
                      "y2=\"%d\"/>",
                      i % 2, x, x + 24, HIGH + 44, HIGH + 44);
        label(out, x + 30, HIGH + 48, "start", names[i]);
    }
    hf_buf_puts(out, "</svg>\n");
}

void
hf_html_bars(struct hf_html *page, const char *const *names,
             const int64_t *values, size_t n)
{
    struct hf_buf *out = &page->out;
    int64_t most = 1;
    char text[32];

    for (size_t i = 0; i < n; i++)
        most = values[i] > most ? values[i] : most;
    hf_buf_printf(out, "<svg viewBox=\"0 0 %d %zu\" role=\"img\">",
                  LEFT + WIDE + 20, n * (BAR + 6) + 6);
    for (size_t i = 0; i < n; i++) {
        int y = (int)i * (BAR + 6) + 4;
        int wide = (int)(values[i] * (WIDE - 140) / most);

        label(out, LEFT + 60, y + BAR - 4, "end", names[i]);
        hf_buf_printf(out,
                      "<rect class=\"bar\" x=\"%d\" y=\"%d\" width=\"%d\" "
                      "height=\"%d\"/>",
                      LEFT + 70, y, wide, BAR);
        (void)snprintf(text, sizeof(text), "%lld", (long long)values[i]);
        label(out, LEFT + 76 + wide, y + BAR - 4, "start", text);
    }
    hf_buf_puts(out, "</svg>\n");
}
