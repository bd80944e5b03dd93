/*
 * What is always in view: whose fleet, at which commit, with which bounds.
 */
#ifndef HF_ROWS_HEADER_H
#define HF_ROWS_HEADER_H

#include "backend/model/state.h"
#include "tui/rows/line.h"

struct hf_header_in {
    const struct hf_fleet *fleet;
    const struct hf_product *oldest; /* see hf_oldest_product */
    int read_only;
    const char *ledger_note; /* "" or why it lags */
};

/* Of the products that these hosts run, the one whose catalogue ends first:
 * what the fleet can rely on. Borrowed from the fleet; NULL when none says. */
const struct hf_product *
hf_oldest_product(const struct hf_fleet *fleet, const struct hf_state *states,
                  size_t n);

/* Fleet, branch@commit, dirty, read-only, SIMULATED; the catalogue's end on
 * the right. */
void hf_header_line(struct hf_line *out, const struct hf_header_in *in,
                    const struct hf_look *look);
/* How the ledger stands, and the clock: for the right end of a line, as far as
 * they fit into `cols` columns behind what `out` holds. */
void hf_header_clock(struct hf_line *out, const struct hf_header_in *in,
                     const struct hf_look *look, size_t cols);

#endif
