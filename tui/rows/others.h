/*
 * What a form about hosts that are left as they are has to say: who else may
 * patch them, and what stays open on them.
 */
#ifndef HF_ROWS_OTHERS_H
#define HF_ROWS_OTHERS_H

#include "backend/model/state.h"
#include "tui/rows/line.h"

/* Under the heading the hosts on which somebody else may install (of very many
 * the first), and what would enforce it; nothing when there are none. What
 * hotfleet is told binds hotfleet alone. */
void hf_others_rows(struct hf_doc *d, const struct hf_state *const *states,
                    size_t n, const char *title, const struct hf_look *look);

/* "38 CVEs open, 2 exploited; of 1 of 3 hosts nothing is known", by what is
 * recorded; no number when nothing is known of any. */
void hf_left_open(struct hf_buf *out, const struct hf_fleet *fleet,
                  const struct hf_state *const *states, size_t n, int64_t now);

#endif
