/* Is it still the machine that was recorded under this name? */
#include <string.h>

#include "backend/checks/check.h"
#include "backend/checks/read.h"

static void
run(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "the machine id recorded before";
    const char *id = hf_finding_need(out, in->facts, "machine.id", expected);
    const char *before =
        in->before ? hf_facts_get(in->before, "machine.id") : NULL;

    if (!id)
        return;
    if (!*id)
        hf_finding_set(out, HF_VERDICT_UNKNOWN, expected, "an empty id");
    else if (!before || !*before)
        hf_finding_set(out, HF_VERDICT_PASS, expected, "%s, first seen", id);
    else if (strcmp(before, id) == 0)
        hf_finding_set(out, HF_VERDICT_PASS, expected, "%s", id);
    else
        hf_finding_set(out, HF_VERDICT_BLOCK, expected, "%s; recorded was %s",
                       id, before);
}

const struct hf_check hf_check_identity = {
    .name = "identity",
    .title = "Identity of the machine",
    .help = "behind a known name there may be a new or a cloned machine",
    .remedy = "find out why the machine changed, then enroll it again",
    .who = "whoever owns the host",
    .spares = 1u << HF_ACTION_CHECK,
    .run = run,
};
