/* Proof that a restart which was ordered happened, and only one. */
#include <string.h>

#include "backend/checks/check.h"

/* The boot id with which the host was first seen again. */
static const char *
first_seen(const struct hf_check_in *in)
{
    return in->order ? hf_params_get(&in->order->params, "BOOT_ID") : NULL;
}

static void
run(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "one restart, so another boot id";
    const char *id = hf_finding_need(out, in->facts, "boot.id", expected);
    const char *before =
        in->before ? hf_facts_get(in->before, "boot.id") : NULL;
    const char *seen = first_seen(in);

    if (!id)
        return;
    if (!before)
        hf_finding_no_baseline(out, in, expected, "%s", id);
    else if (hf_boot_same(before, id))
        hf_finding_set(out, HF_VERDICT_BLOCK, expected,
                       "%s, as before: it did not restart", id);
    else if (seen && !hf_boot_same(seen, id))
        hf_finding_set(out, HF_VERDICT_BLOCK, expected,
                       "%s, then %s: it restarted more than once", seen, id);
    else
        hf_finding_set(out, HF_VERDICT_PASS, expected, "%s; it was %s", id,
                       before);
}

const struct hf_check hf_criterion_restarted = {
    .name = "restarted",
    .title = "The host restarted, once",
    .help = "the boot id is made anew at every start and at no other time",
    .remedy = "see what called the restart off, or restarted it again",
    .who = "whoever owns the host",
    .run = run,
};
