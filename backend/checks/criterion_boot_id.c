/* Proof that nothing restarted: the kernel's boot id is the same. */
#include <string.h>

#include "backend/checks/check.h"

static void
run(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "the boot id from before";
    const char *id = hf_finding_need(out, in->facts, "boot.id", expected);
    const char *before =
        in->before ? hf_facts_get(in->before, "boot.id") : NULL;

    if (!id)
        return;
    if (!*id)
        hf_finding_set(out, HF_VERDICT_UNKNOWN, expected, "an empty id");
    else if (!before || !*before)
        hf_finding_no_baseline(out, in, expected, "%s", id);
    else if (hf_boot_same(before, id))
        hf_finding_set(out, HF_VERDICT_PASS, expected, "%s", id);
    else
        hf_finding_set(out, HF_VERDICT_BLOCK, expected,
                       "%s; it was %s: the host restarted", id, before);
}

const struct hf_check hf_criterion_boot_id = {
    .name = "boot-id",
    .signals = HF_SIGNAL_ERRORS,
    .title = "No restart happened",
    .help = "the boot id is made anew at every start and at no other time",
    .remedy = "find out who or what restarted the host",
    .who = "whoever owns the host",
    .run = run,
};
