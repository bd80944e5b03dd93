/* Forced restarts of the current month; see reboots.h. */
#include <stdio.h>

#include "backend/base/civil.h"
#include "tui/rows/reboots.h"

int
hf_due_month_has(const struct hf_due_month *m, const struct hf_due *due)
{
    return (due->forced.at && due->forced.at < m->ends) ||
           (due->group != HF_DUE_UNKNOWN &&
            hf_due_opens(due, m->now) < m->ends);
}

void
hf_due_month_make(struct hf_due_month *out, const struct hf_dues *d,
                  const struct hf_zone *zone)
{
    int64_t now = d->outlook.now;
    struct hf_civil c = hf_day_civil(hf_day_of(hf_zone_local(zone, now)));

    *out = (struct hf_due_month){.now = now};
    (void)snprintf(out->name, sizeof(out->name), "%04d-%02d", c.year % 10000,
                   c.month);
    (void)hf_zone_moment(zone, hf_day(c.year, c.month + 1, 1) * HF_DAY_MS, 0,
                         &out->ends);
    for (size_t i = 0; i < d->len; i++) {
        const struct hf_due *due = d->v[i];

        if (hf_due_month_has(out, due))
            *(hf_due_opens(due, now) < out->ends ? &out->restart
                                                 : &out->wait) += due->hosts;
        else if (due->group == HF_DUE_UNKNOWN)
            out->unknown += due->hosts;
    }
}

void
hf_due_month_line(struct hf_line *out, const struct hf_due_month *m)
{
    hf_line_add(out, HF_TONE_DIM, "%s: ", m->name);
    if (m->restart)
        hf_line_add(out, HF_TONE_STRONG, "%zu restart%s", m->restart,
                    m->restart == 1 ? "s" : "");
    else
        hf_line_add(out, HF_TONE_DIM,
                    m->unknown ? "none is known to restart" : "none restarts");
    if (m->wait)
        hf_line_add(out, HF_TONE_BAD, ", %zu due without a window", m->wait);
    if (m->unknown)
        hf_line_add(out, HF_TONE_DIM, ", %zu unknown", m->unknown);
}
