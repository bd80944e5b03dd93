/* Hosts that hotfleet leaves alone, and others may not; see others.h. */
#include "tui/rows/others.h"

#include "backend/base/text.h"
#include "backend/checks/check.h"
#include "playbooks/exposure.h"

#define SHOWN 100

void
hf_others_rows(struct hf_doc *d, const struct hf_state *const *states, size_t n,
               const char *title, const struct hf_look *look)
{
    size_t found = 0;

    for (size_t i = 0; i < n; i++) {
        const char *others = hf_state_others(states[i]);

        if (others && !found++)
            hf_doc_head(d, "%s", title);
        if (others && found <= SHOWN)
            hf_line_add(&hf_doc_add(d)->line, HF_TONE_WARN, "  %-20s %s",
                        states[i]->host->name, others);
        hf_state_fold(states[i]);
    }
    if (found > SHOWN)
        hf_line_add(&hf_doc_add(d)->line, HF_TONE_DIM, "  and %zu more",
                    found - SHOWN);
    if (found && hf_check_others.remedy)
        hf_doc_text(d, "  to enforce it: ", HF_TONE_DIM, hf_check_others.remedy,
                    look->cols);
}

void
hf_left_open(struct hf_buf *out, const struct hf_fleet *fleet,
             const struct hf_state *const *states, size_t n, int64_t now)
{
    const struct hf_exposure_group *g;
    struct hf_exposure_report r;

    hf_exposure_report_make(&r, fleet, states, n, now);
    g = &r.v[0].group;
    if (g->unknown == g->hosts)
        hf_buf_printf(out,
                      "an unknown number of CVEs open: nothing is known of "
                      "%zu host%s",
                      g->hosts, hf_plural(g->hosts));
    else
        hf_buf_printf(out, "%zu CVE%s open, %zu exploited", g->count.open,
                      hf_plural(g->count.open), g->count.exploited);
    if (g->unknown && g->unknown < g->hosts)
        hf_buf_printf(out, "; of %zu of %zu host%s nothing is known",
                      g->unknown, g->hosts, hf_plural(g->hosts));
    hf_exposure_report_release(&r);
}
