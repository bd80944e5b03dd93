/* The current month of the Reboots screen; see reboots_view.h. */
#include <stdio.h>

#include "backend/base/civil.h"
#include "tui/rows/reboots_view.h"

static void
find_month(struct hf_reboots_month *out, const struct hf_zone *zone,
           int64_t now)
{
    struct hf_civil c = hf_day_civil(hf_day_of(hf_zone_local(zone, now)));

    (void)snprintf(out->name, sizeof(out->name), "%04d-%02d", c.year % 10000,
                   c.month);
    (void)hf_zone_moment(zone, hf_day(c.year, c.month + 1, 1) * HF_DAY_MS, 0,
                         &out->ends);
}

int
hf_reboots_in_month(const struct hf_reboots_view *v, const struct hf_due *due)
{
    return (due->forced.at && due->forced.at < v->month.ends) ||
           (due->group != HF_DUE_UNKNOWN &&
            hf_due_opens(due, v->dues.outlook.now) < v->month.ends);
}

void
hf_reboots_month_count(struct hf_reboots_view *v)
{
    int64_t now = v->dues.outlook.now;

    v->month = (struct hf_reboots_month){0};
    find_month(&v->month, v->heat.zone, now);
    for (size_t i = 0; i < v->dues.len; i++) {
        const struct hf_due *due = v->dues.v[i];

        if (!hf_reboots_in_month(v, due))
            continue;
        if (hf_due_opens(due, now) < v->month.ends)
            v->month.restart += due->hosts;
        else
            v->month.wait += due->hosts;
    }
}

void
hf_reboots_month_line(struct hf_line *out, const struct hf_reboots_view *v)
{
    const struct hf_reboots_month *m = &v->month;

    hf_line_add(out, HF_TONE_DIM, " %s: ", m->name);
    if (m->restart)
        hf_line_add(out, HF_TONE_STRONG, "%zu restart%s", m->restart,
                    m->restart == 1 ? "s" : "");
    else
        hf_line_add(out, HF_TONE_DIM, "none restarts");
    if (m->wait)
        hf_line_add(out, HF_TONE_BAD, ", %zu %s due without a window", m->wait,
                    m->wait == 1 ? "is" : "are");
    hf_line_add(out, HF_TONE_DIM, " ");
}
