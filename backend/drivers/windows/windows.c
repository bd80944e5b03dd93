/* The driver's record: its probe, its rows, and how it is recognised. */
#include "backend/drivers/windows/windows.h"

#include "backend/drivers/scripts.h"
#include "backend/drivers/shared.h"

static const struct hf_check *const checks[] = {
    &hf_check_language,  &hf_check_edition,
    &hf_check_build,     &hf_check_track,
    &hf_check_incidents, &hf_check_offers,
    &hf_check_vbs,       &hf_check_secureboot,
    &hf_check_enrolment, &hf_check_entitlement,
    &hf_check_arc,       &hf_check_chpe,
    &hf_check_monitor,   &hf_check_restart,
    &hf_check_servicing, &hf_check_disk,
    &hf_check_job,       &hf_check_admin,
    &hf_check_clock,     &hf_check_identity,
    &hf_check_others,    NULL,
};

static const struct hf_check *const criteria[] = {
    &hf_criterion_line,     &hf_criterion_level,   &hf_criterion_history,
    &hf_criterion_boot_id,  &hf_criterion_restart, &hf_criterion_errors,
    &hf_criterion_services, &hf_criterion_health,  NULL,
};

static const struct hf_check *const restart_criteria[] = {
    &hf_criterion_restarted, &hf_criterion_level,
    &hf_criterion_line,      &hf_criterion_settled,
    &hf_criterion_quiet,     &hf_criterion_errors,
    &hf_criterion_services,  &hf_criterion_health,
    &hf_criterion_covered,   NULL,
};

/* Nothing may have changed but what lies ready. */
static const struct hf_check *const stage_criteria[] = {
    &hf_criterion_staged,
    &hf_criterion_level,
    &hf_criterion_boot_id,
    &hf_criterion_restart,
    NULL,
};

/* Each of these passes, or says something else than "cannot be patched". */
const char *const windows_passing_checks[] = {
    "servicing", "restart",  "job",    "space",
    "elevation", "identity", "offers", NULL,
};

/* Also a host whose PowerShell may not say more than its language mode. */
static int
claims(const struct hf_facts *facts)
{
    return hf_facts_get(facts, "os.family") != NULL ||
           hf_facts_get(facts, "ps.language") != NULL;
}

const struct hf_driver hf_driver_windows = {
    .name = "windows",
    .title = "Windows hotpatching",
    .product_of = windows_product_of,
    .banner = "OpenSSH_for_Windows",
    .refuses = "an administrator's key belongs in "
               "%ProgramData%\\ssh\\administrators_authorized_keys, writable "
               "for SYSTEM and Administrators alone: docs/windows.md",
    .dialect = &hf_dialect_powershell,
    .scripts =
        {
            [HF_SCRIPT_PROBE] = &hf_script_windows_probe,
            [HF_SCRIPT_BEGIN] = &hf_script_powershell_begin,
            [HF_SCRIPT_START] = &hf_script_powershell_start,
            [HF_SCRIPT_POLL] = &hf_script_powershell_poll,
            [HF_SCRIPT_END] = &hf_script_powershell_end,
            [HF_SCRIPT_CALL_OFF] = &hf_script_windows_call_off,
        },
    .job = &hf_script_windows_job,
    .stage_job = &hf_script_windows_stage,
    .checks = checks,
    .criteria = criteria,
    .restart_criteria = restart_criteria,
    .stage_criteria = stage_criteria,
    .probe_params = hf_health_params,
    .claims = claims,
    .judge = windows_judge,
    .track = windows_stops,
    .releases = windows_releases,
    .fixes = windows_fixes,
    .order = windows_order,
    .explain = windows_explain,
};
