/* Lines of the rows layer on the screen. For the panes. */
#ifndef HF_PANES_DRAW_H
#define HF_PANES_DRAW_H

#include "tui/panes/ui.h"

/* A line from column x on; `cursor`: as the row the keys act on. */
void hf_draw_line(struct hf_ui *ui, int y, int x, int cols,
                  const struct hf_line *line, int cursor);
void hf_draw_text(struct hf_ui *ui, int y, int x, int cols, enum hf_style style,
                  const char *fmt, ...) __attribute__((format(printf, 6, 7)));
/* The rows of a document from `list->top` on. */
void hf_draw_doc(struct hf_ui *ui, const struct hf_area *area,
                 const struct hf_doc *doc, const struct hf_list *list);
/* "-- Title ---------" over the whole width. */
void hf_draw_rule(struct hf_ui *ui, int y, const char *title,
                  const struct hf_line *more);
/* An empty box with a frame and a title. */
struct hf_box {
    int y, x, rows, cols;
};
void hf_draw_box(struct hf_ui *ui, const struct hf_box *box, const char *title);
/* An input field of `cols` columns. */
struct hf_input;
void hf_draw_input(struct hf_ui *ui, int y, int x, int cols,
                   const struct hf_input *in, int focus);

#endif
