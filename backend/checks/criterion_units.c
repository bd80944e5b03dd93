/* Did a service fail that had not failed before? */
#include "backend/base/buf.h"
#include "backend/checks/check.h"
#include "backend/checks/read.h"

/* Those of `now` that are not in `before`, with a comma between. */
static void
newcomers(struct hf_buf *out, const struct hf_strs *now,
          const struct hf_strs *before)
{
    for (size_t i = 0; i < now->len; i++) {
        if (!hf_strs_has(before, now->v[i]))
            hf_buf_printf(out, "%s%s", out->len ? ", " : "", now->v[i]);
    }
}

static void
run(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "no newly failed unit";
    const char *text =
        hf_finding_need(out, in->facts, "units.failed", expected);
    const char *text_before =
        in->before ? hf_facts_get(in->before, "units.failed") : NULL;
    struct hf_strs now = {0}, before = {0};
    struct hf_buf fresh = {0};

    if (!text)
        return;
    hf_fact_words(&now, text);
    if (text_before)
        hf_fact_words(&before, text_before);
    newcomers(&fresh, &now, &before);
    if (fresh.len == 0)
        hf_finding_set(out, HF_VERDICT_PASS, expected,
                       now.len ? "%zu failed before already" : "none", now.len);
    else if (!text_before)
        hf_finding_no_baseline(out, in, expected, "failed: %s",
                               hf_buf_str(&fresh));
    else
        hf_finding_set(out, HF_VERDICT_BLOCK, expected, "newly failed: %s",
                       hf_buf_str(&fresh));
    hf_buf_release(&fresh);
    hf_strs_release(&now);
    hf_strs_release(&before);
}

const struct hf_check hf_criterion_units = {
    .name = "units",
    .signals = HF_SIGNAL_SERVICES,
    .title = "No newly failed service",
    .help = "a patch that is in effect must not have cost a service",
    .remedy = "see the journal of the unit, then roll back or mend it",
    .who = "whoever owns the service",
    .settles = 1,
    .run = run,
};
