/* Rows of quoted and unquoted cells. */
#include "inventory/csv.h"

#include <string.h>

static const char separators[] = ",;\t";

static char
guess_separator(const char *text, size_t len)
{
    size_t best = 0, counts[sizeof(separators)] = {0};

    for (size_t i = 0; i < len && text[i] != '\n'; i++) {
        const char *found = text[i] ? strchr(separators, text[i]) : NULL;

        if (found)
            counts[found - separators]++;
    }
    for (size_t i = 1; separators[i]; i++)
        if (counts[i] > counts[best])
            best = i;
    return separators[best];
}

void
hf_csv_init(struct hf_csv *csv, const char *text, size_t len)
{
    static const char mark[] = "\xef\xbb\xbf";

    if (len >= 3 && memcmp(text, mark, 3) == 0) {
        text += 3;
        len -= 3;
    }
    *csv = (struct hf_csv){.text = text, .len = len, .next_line = 1};
    csv->separator = guess_separator(text, len);
}

static int
is_end(const struct hf_csv *csv)
{
    return csv->at >= csv->len;
}

/* Behind the opening quote; "" is one quote. */
static int
quoted_cell(struct hf_csv *csv, struct hf_buf *cell)
{
    for (csv->at++; !is_end(csv); csv->at++) {
        char c = csv->text[csv->at];

        if (c == '\n')
            csv->next_line++;
        if (c != '"') {
            hf_buf_putc(cell, c);
            continue;
        }
        csv->at++;
        if (is_end(csv) || csv->text[csv->at] != '"')
            return 0;
        hf_buf_putc(cell, '"');
    }
    return -1;
}

static int
is_cell_end(const struct hf_csv *csv)
{
    char c = is_end(csv) ? '\n' : csv->text[csv->at];

    return c == csv->separator || c == '\n' ||
           (c == '\r' &&
            (csv->at + 1 == csv->len || csv->text[csv->at + 1] == '\n'));
}

static int
take_cell(struct hf_csv *csv, struct hf_strs *cells)
{
    struct hf_buf cell = {0};
    int rc = 0;

    if (!is_end(csv) && csv->text[csv->at] == '"') {
        if (quoted_cell(csv, &cell) < 0 || !is_cell_end(csv))
            rc = -1;
    } else {
        for (; !is_cell_end(csv); csv->at++)
            hf_buf_putc(&cell, csv->text[csv->at]);
    }
    hf_strs_addn(cells, hf_buf_str(&cell), cell.len);
    hf_buf_release(&cell);
    return rc;
}

/* A row up to its line end, that included. */
static int
take_row(struct hf_csv *csv, struct hf_strs *cells)
{
    csv->line = csv->next_line;
    for (;;) {
        if (take_cell(csv, cells) < 0)
            return -1;
        if (is_end(csv) || csv->text[csv->at] != csv->separator)
            break;
        csv->at++;
    }
    while (!is_end(csv) && csv->text[csv->at] == '\r')
        csv->at++;
    if (!is_end(csv)) {
        csv->at++;
        csv->next_line++;
    }
    return 1;
}

int
hf_csv_next(struct hf_csv *csv, struct hf_strs *cells)
{
    int rc = 0;

    while (!is_end(csv)) {
        hf_strs_release(cells);
        if ((rc = take_row(csv, cells)) < 0)
            return rc;
        for (size_t i = 0; i < cells->len; i++)
            if (*cells->v[i])
                return 1;
    }
    return 0;
}
