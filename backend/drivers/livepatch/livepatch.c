/* The driver's record: its scripts, its rows, and how it is recognised. */
#include "backend/drivers/livepatch/livepatch.h"

#include "backend/drivers/scripts.h"
#include "backend/drivers/shared.h"

static const struct hf_check *const checks[] = {
    &hf_check_livepatch,
    &hf_check_arch,
    &hf_check_kernel,
    &hf_check_lockdown,
    &hf_check_signatures,
    &hf_check_transition,
    &hf_check_forced,
    &hf_check_leftovers,
    &hf_check_foreign,
    &hf_check_elevation,
    &hf_check_space,
    &hf_check_restart,
    &hf_check_job,
    &hf_check_clock,
    &hf_check_identity,
    &hf_check_others,
    NULL,
};

static const struct hf_check *const criteria[] = {
    &hf_criterion_patches, &hf_criterion_transition, &hf_criterion_boot_id,
    &hf_criterion_taint,   &hf_criterion_klog,       &hf_criterion_restart,
    &hf_criterion_health,  &hf_criterion_units,      NULL,
};

static const struct hf_check *const restart_criteria[] = {
    &hf_criterion_restarted, &hf_criterion_kernel,
    &hf_criterion_patches,   &hf_criterion_settled,
    &hf_criterion_health,    &hf_criterion_units,
    &hf_criterion_covered,   NULL,
};

/* "transition" and "job" pass by themselves; a kernel without a row in the
 * catalogue is "uncovered", which says more than "ineligible". */
const char *const livepatch_passing_checks[] = {
    "transition",
    "job",
    "kernel",
    NULL,
};

/* Every Linux host that answered the probe: one whose kernel cannot be live
 * patched is told so by the checks. */
static int
claims(const struct hf_facts *facts)
{
    return hf_facts_get(facts, "kernel.release") != NULL &&
           hf_facts_find(facts, "livepatch.supported") != NULL;
}

const struct hf_driver hf_driver_livepatch = {
    .name = "livepatch",
    .title = "Linux, plain kernel live patches",
    .product = "linux",
    .dialect = &hf_dialect_sh,
    .scripts =
        {
            [HF_SCRIPT_PROBE] = &hf_script_livepatch_probe,
            [HF_SCRIPT_BEGIN] = &hf_script_sh_begin,
            [HF_SCRIPT_START] = &hf_script_sh_start,
            [HF_SCRIPT_POLL] = &hf_script_sh_poll,
            [HF_SCRIPT_END] = &hf_script_sh_end,
            [HF_SCRIPT_CALL_OFF] = &hf_script_sh_call_off,
        },
    .job = &hf_script_livepatch_job,
    .checks = checks,
    .criteria = criteria,
    .restart_criteria = restart_criteria,
    .probe_params = hf_health_params,
    .claims = claims,
    .judge = livepatch_judge,
    .releases = livepatch_releases,
    .fixes = livepatch_fixes,
    .order = livepatch_order,
    .explain = livepatch_explain,
};
