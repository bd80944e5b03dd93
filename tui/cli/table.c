/* Text tables; see table.h. */
#include "tui/cli/table.h"

#include <assert.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"

#define GAP 2 /* columns between two cells */
#define RED "\033[1;31m"
#define PLAIN "\033[0m"
#define NONE "-" /* an empty cell, for the eye */

struct hf_table {
    const char *const *heads;
    size_t columns;
    struct hf_strs cells;
    size_t *alarms; /* rows, in order */
    size_t alarms_len, alarms_cap;
};

struct hf_table *
hf_table_new(const char *const *heads)
{
    struct hf_table *t = HF_NEW(struct hf_table);

    t->heads = heads;
    while (heads[t->columns])
        t->columns++;
    return t;
}

void
hf_table_free(struct hf_table *t)
{
    if (!t)
        return;
    hf_strs_release(&t->cells);
    free(t->alarms);
    free(t);
}

void
hf_table_cell(struct hf_table *t, const char *text)
{
    hf_strs_add(&t->cells, text && *text ? text : NONE);
}

void
hf_table_alarm(struct hf_table *t, int color)
{
    if (color)
        *HF_PUSH(&t->alarms, &t->alarms_len, &t->alarms_cap) =
            t->cells.len / t->columns;
}

void
hf_table_cellf(struct hf_table *t, const char *fmt, ...)
{
    char text[1024];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    hf_table_cell(t, text);
}

size_t
hf_table_columns(const struct hf_table *t)
{
    return t->columns;
}

size_t
hf_table_rows(const struct hf_table *t)
{
    return t->cells.len / t->columns;
}

const char *
hf_table_head(const struct hf_table *t, size_t column)
{
    return t->heads[column];
}

const char *
hf_table_at(const struct hf_table *t, size_t row, size_t column)
{
    return t->cells.v[row * t->columns + column];
}

static void
measure(const struct hf_table *t, size_t *widths)
{
    assert(t->columns > 0);
    for (size_t c = 0; c < t->columns; c++)
        widths[c] = hf_text_width(t->heads[c]);
    for (size_t i = 0; i < t->cells.len; i++) {
        size_t w = hf_text_width(t->cells.v[i]);

        if (w > widths[i % t->columns])
            widths[i % t->columns] = w;
    }
}

static void
print_row(const struct hf_table *t, char *const *cells, const size_t *widths,
          FILE *to, size_t limit, int ascii)
{
    struct hf_buf line = {0};
    size_t used = 0;

    for (size_t c = 0; c < t->columns; c++) {
        size_t room = limit > used ? limit - used : 0;
        size_t want = hf_text_width(cells[c]);
        int last = c + 1 == t->columns;

        if (limit && want > room)
            want = room;
        used += hf_text_fit(&line, cells[c], want, ascii);
        for (size_t pad = want; !last && pad < widths[c] + GAP; pad++, used++)
            hf_buf_putc(&line, ' ');
    }
    while (line.len && line.data[line.len - 1] == ' ')
        line.data[--line.len] = '\0';
    (void)fprintf(to, "%s\n", hf_buf_str(&line));
    hf_buf_release(&line);
}

void
hf_table_print(const struct hf_table *t, FILE *to, size_t columns, int ascii)
{
    size_t *widths = hf_xcalloc(t->columns, sizeof(*widths));
    size_t alarm = 0;

    measure(t, widths);
    print_row(t, (char *const *)t->heads, widths, to, columns, ascii);
    for (size_t i = 0; i + t->columns <= t->cells.len; i += t->columns) {
        int red = alarm < t->alarms_len && t->alarms[alarm] == i / t->columns;

        alarm += (size_t)red;
        (void)fputs(red ? RED : "", to);
        print_row(t, t->cells.v + i, widths, to, columns, ascii);
        (void)fputs(red ? PLAIN : "", to);
    }
    free(widths);
}

/* "TAKEN BACK" as programs name it: "taken_back". */
static void
print_csv_heads(const struct hf_table *t, FILE *to)
{
    for (size_t c = 0; c < t->columns; c++) {
        for (const char *s = t->heads[c]; *s; s++)
            (void)fputc(*s == ' ' ? '_' : tolower((unsigned char)*s), to);
        (void)fputc(c + 1 < t->columns ? ',' : '\n', to);
    }
}

static void
print_csv_row(const struct hf_table *t, char *const *cells, FILE *to)
{
    struct hf_buf line = {0};

    for (size_t c = 0; c < t->columns; c++) {
        if (c)
            hf_buf_putc(&line, ',');
        hf_csv_cell(&line, strcmp(cells[c], NONE) == 0 ? "" : cells[c]);
    }
    (void)fprintf(to, "%s\n", hf_buf_str(&line));
    hf_buf_release(&line);
}

void
hf_table_print_csv(const struct hf_table *t, FILE *to)
{
    print_csv_heads(t, to);
    for (size_t i = 0; i + t->columns <= t->cells.len; i += t->columns)
        print_csv_row(t, t->cells.v + i, to);
}
