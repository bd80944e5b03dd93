/* The Today screen as a document; what it says is made in today.c. */
#ifndef HF_ROWS_TODAY_ROWS_H
#define HF_ROWS_TODAY_ROWS_H

#include "tui/rows/line.h"
#include "tui/rows/today.h"

/* A row's link is the number of its line in `t`, plus one. */
void hf_today_rows(struct hf_doc *d, const struct hf_today *t,
                   const struct hf_look *look);

#endif
