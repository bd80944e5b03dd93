/*
 * Thirteen weeks of restarts as a table: a row for each ring or site, a cell
 * for each week with how many hosts restart in it, whether a restart window
 * opens, and whether a freeze lies over it.
 */
#ifndef HF_ROWS_QUARTER_H
#define HF_ROWS_QUARTER_H

#include "backend/model/due.h"
#include "tui/rows/line.h"

#define HF_QUARTER_WEEKS 13

enum hf_quarter_by { HF_QUARTER_RING, HF_QUARTER_SITE, HF_QUARTER_BY_COUNT };
extern const char *const hf_quarter_by_names[HF_QUARTER_BY_COUNT + 1];

struct hf_quarter_cell {
    size_t in;  /* restarts in their windows */
    size_t out; /* forced from then on, and in no window */
    int window; /* one opens, not frozen */
    int freeze;
};

struct hf_quarter_row {
    const char *name; /* borrowed from the fleet; NULL: in none */
    size_t hosts;
    struct hf_quarter_cell weeks[HF_QUARTER_WEEKS];
};

/* {0} is empty. */
struct hf_quarter {
    enum hf_quarter_by by;
    int64_t monday; /* of the first week: a day, see hf_day */
    const struct hf_zone *zone;
    struct hf_quarter_row *v; /* rings in the fleet's order; sites by name */
    size_t len, cap;
};

void hf_quarter_release(struct hf_quarter *q);
/*
 * The hosts of `dues`, whose i-th is states[i], from that Monday on by the
 * clock of `zone`. `q->by` is kept.
 */
void hf_quarter_make(struct hf_quarter *q, const struct hf_fleet *fleet,
                     const struct hf_dues *dues, const struct hf_state *states,
                     const struct hf_zone *zone, int64_t monday);
/* The Monday before a moment. */
int64_t hf_quarter_monday(const struct hf_zone *zone, int64_t at);
/* The week that holds a moment; -1: none of them. */
int hf_quarter_week(const struct hf_quarter *q, int64_t at);

/* Two lines of heads, at most `rows` rows, then how many more there are.
 * `week`: the chosen one, or -1. */
void hf_quarter_rows(struct hf_doc *out, const struct hf_quarter *q, int week,
                     size_t rows, const struct hf_look *look);
/* What the signs mean. */
void hf_quarter_signs(struct hf_line *out, const struct hf_look *look);

#endif
