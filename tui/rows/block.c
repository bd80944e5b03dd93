/* A block as a person reads it before it is made, or ended. */
#include "tui/rows/block.h"

#include "backend/base/text.h"
#include "tui/rows/others.h"

#define SHOWN 100 /* hosts of each kind */

static void
add_line(struct hf_doc *d, const char *label, enum hf_tone tone,
         struct hf_buf *text, const struct hf_look *look)
{
    hf_doc_text(d, label, tone, hf_buf_str(text), look->cols);
    hf_buf_release(text);
}

static void
add_has(struct hf_doc *d, const struct hf_block *was, size_t n,
        const struct hf_look *look)
{
    struct hf_buf text = {0};

    hf_buf_printf(&text, "on %zu host%s", n, hf_plural(n));
    if (n && !was)
        hf_buf_puts(&text, "; it stays there until it is taken back");
    add_line(d, "  in effect ", n ? HF_TONE_WARN : HF_TONE_PLAIN, &text, look);
}

static void
add_next(struct hf_doc *d, const struct hf_block *was, size_t n,
         const struct hf_look *look)
{
    struct hf_buf text = {0};

    hf_buf_printf(&text, "%zu host%s would get it next%s", n, hf_plural(n),
                  was ? "" : ": left out from now on");
    add_line(d, "  next      ", HF_TONE_PLAIN, &text, look);
}

void
hf_block_summary(struct hf_doc *out, const char *releases,
                 const struct hf_block *was, const struct hf_block_reach *reach,
                 const struct hf_look *look)
{
    struct hf_buf text = {0};

    hf_buf_puts(&text, releases);
    hf_buf_puts(&text, was ? " may be applied again in the whole fleet"
                           : ": from now on nothing applies it in the whole "
                             "fleet, nor do runs under way");
    add_line(out, was ? "  unblock   " : "  block     ", HF_TONE_STRONG, &text,
             look);
    if (was) {
        hf_buf_printf(&text, "%s%s%s", was->reason, was->by ? ", by " : "",
                      was->by ? was->by : "");
        add_line(out, "  blocked   ", HF_TONE_WARN, &text, look);
    }
    add_has(out, was, reach->has_len, look);
    add_next(out, was, reach->next_len, look);
}

/* ---- hosts ---- */

static void
add_hosts(struct hf_doc *d, const char *head,
          const struct hf_state *const *states, size_t n)
{
    if (n)
        hf_doc_head(d, "%s", head);
    for (size_t i = 0; i < n && i < SHOWN; i++) {
        struct hf_line *line = &hf_doc_add(d)->line;

        hf_line_add(line, HF_TONE_PLAIN, "  %-20s ", states[i]->host->name);
        hf_line_add(line, HF_TONE_DIM, "%s", states[i]->status.level);
    }
    if (n > SHOWN)
        hf_line_add(&hf_doc_add(d)->line, HF_TONE_DIM, "  and %zu more",
                    n - SHOWN);
}

void
hf_block_rows(struct hf_doc *out, const struct hf_block_reach *reach,
              const struct hf_look *look)
{
    add_hosts(out, "In effect on", reach->has, reach->has_len);
    add_hosts(out, "Would get it next", reach->next, reach->next_len);
    hf_others_rows(out, reach->concerned, reach->concerned_len,
                   "Others may install it all the same", look);
}
