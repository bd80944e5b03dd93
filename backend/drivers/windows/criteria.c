/*
 * What must hold at a verification: the wanted build is in effect. Boot id,
 * restart and health are rows that all platforms share.
 */
#include <string.h>

#include "backend/base/text.h"
#include "backend/checks/read.h"
#include "backend/drivers/windows/windows.h"

static void
run_level(const struct hf_check_in *in, struct hf_finding *out)
{
    const char *wanted =
        in->order ? hf_params_get(&in->order->params, "BUILD") : NULL;
    const char *kb = in->order ? hf_params_get(&in->order->params, "KB") : NULL;
    struct windows_track t;

    if (!hf_finding_need(out, in->facts, "os.ubr", wanted ? wanted : ""))
        return;
    windows_track(&t, in->facts, in->catalogue, in->now);
    if (!wanted || !kb)
        hf_finding_set(out, HF_VERDICT_UNKNOWN, "the newest release",
                       "the catalogue knows none for this host");
    else if (strcmp(t.build, wanted) != 0)
        hf_finding_set(out, HF_VERDICT_BLOCK, wanted, "%s", t.build);
    else
        hf_finding_set(out, HF_VERDICT_PASS, wanted, "%s%s%s", t.build,
                       hf_strs_has(&t.kbs, kb) ? ", and the host lists "
                                               : ", but the host lists no ",
                       kb);
    windows_track_release(&t);
}

const struct hf_check hf_criterion_level = {
    .name = "level",
    .title = "Wanted build in effect",
    .help = "a fallback leaves another build than the hotpatch does",
    .remedy = "check the host: see its track",
    .who = "an administrator of the host",
    .run = run_level,
};
