/* Comma-separated values as RFC 4180 has them, and as spreadsheets do. */
#ifndef HF_INVENTORY_CSV_H
#define HF_INVENTORY_CSV_H

#include "backend/base/buf.h"

struct hf_csv {
    const char *text;
    size_t len, at;
    char separator; /* of ',', ';' and tab, by the first line */
    size_t line;    /* where the last row began, from 1 */
    size_t next_line;
};

/* Skips a byte order mark. The text is borrowed. */
void hf_csv_init(struct hf_csv *csv, const char *text, size_t len);
/* Replaces `cells` with the next row that is not empty: 1, 0 at the end, -1
 * when a quote is not closed or text follows one. */
int hf_csv_next(struct hf_csv *csv, struct hf_strs *cells);

#endif
