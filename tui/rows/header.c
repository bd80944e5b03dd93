/* The line that is always in view; see header.h. */
#include "tui/rows/header.h"

#include <string.h>

#include "backend/base/text.h"
#include "backend/drivers/driver.h"

static void
add_left(struct hf_line *out, const struct hf_header_in *in)
{
    const struct hf_fleet *f = in->fleet;

    hf_line_add(out, HF_TONE_STRONG, " %.40s", f->name);
    hf_line_add(out, HF_TONE_PLAIN, "  %.30s",
                f->branch ? f->branch : "detached");
    hf_line_add(out, HF_TONE_DIM, "@%.7s", f->commit);
    if (f->dirty)
        hf_line_add(out, HF_TONE_WARN, "  dirty");
    if (in->read_only)
        hf_line_add(out, HF_TONE_STRONG, "  read-only");
    if (f->simulated)
        hf_line_add(out, HF_TONE_WARN, "  SIMULATED");
}

const struct hf_product *
hf_oldest_product(const struct hf_fleet *fleet, const struct hf_state *states,
                  size_t n)
{
    const struct hf_catalogue *c = fleet->catalogue;
    const struct hf_product *oldest = NULL;

    for (size_t i = 0; c && i < c->products_len; i++) {
        const struct hf_product *p = &c->products[i];

        if (p->complete_until && hf_product_used(states, n, p->id) &&
            (!oldest || strcmp(p->complete_until, oldest->complete_until) < 0))
            oldest = p;
    }
    return oldest;
}

static void
add_catalogue(struct hf_line *out, const struct hf_header_in *in,
              const struct hf_look *look)
{
    const struct hf_product *p = in->oldest;
    int64_t at = p ? hf_product_overdue_at(p) : 0;

    if (!p)
        hf_line_add(out, HF_TONE_WARN, "catalogue without end date");
    else if (at && at < look->now)
        hf_line_add(out, HF_TONE_BAD, "catalogue OVERDUE (%s)",
                    p->complete_until);
    else
        hf_line_add(out, HF_TONE_DIM, "catalogue %s", p->complete_until);
}

void
hf_header_clock(struct hf_line *out, const struct hf_header_in *in,
                const struct hf_look *look, size_t cols)
{
    int lags = in->ledger_note && *in->ledger_note;
    const char *ledger = lags                       ? "ledger lags  "
                         : in->fleet->ledger_remote ? ""
                                                    : "ledger local only  ";
    char text[HF_MOMENT_LEN];
    const char *clock = hf_moment_clock(text, look->now, look);
    size_t clock_cols = hf_text_width(clock) + 1;

    /* A ledger that lags matters more than the time, one that has no remote
     * matters less. */
    if (hf_line_width(out) + strlen(ledger) + (lags ? 0 : clock_cols) <= cols)
        hf_line_add(out, lags ? HF_TONE_WARN : HF_TONE_DIM, "%s", ledger);
    if (hf_line_width(out) + clock_cols <= cols)
        hf_line_add(out, HF_TONE_DIM, "%s ", clock);
}

void
hf_header_line(struct hf_line *out, const struct hf_header_in *in,
               const struct hf_look *look)
{
    struct hf_line right = {0};

    hf_line_clear(out);
    add_left(out, in);
    hf_line_add(out, HF_TONE_PLAIN, "  ");
    add_catalogue(&right, in, look);
    hf_line_add(&right, HF_TONE_PLAIN, " ");
    hf_line_join(out, &right, look->cols);
    hf_line_release(&right);
}
