/*
 * Windows and freezes as a picture, a week a block, and in words.
 */
#ifndef HF_ROWS_SCHEDULE_H
#define HF_ROWS_SCHEDULE_H

#include "backend/model/schedule.h"
#include "tui/rows/line.h"

/*
 * A block for every week (Monday to Sunday, by the clock of `zone`) in which
 * there is something: a line for each rule, a mark for every three hours in
 * which it holds; as wide as the look (0: 91 columns). Weeks in between
 * are said to be empty.
 */
void
hf_schedule_picture(struct hf_doc *out, const struct hf_schedule *s,
                    const struct hf_zone *zone, const struct hf_look *look);
/* What is special about a row: a clock that changes, a freeze over a window;
 * empty when nothing is. */
void hf_schedule_note(struct hf_buf *out, const struct hf_schedule_row *row);

#endif
