/* The driver's record: its probe, its rows, and how it is recognised. */
#include "backend/drivers/windows/windows.h"

#include <stdio.h>
#include <string.h>

#include "backend/base/text.h"
#include "backend/drivers/scripts.h"

static const struct hf_check *const checks[] = {
    &hf_check_language,  &hf_check_edition, &hf_check_build,
    &hf_check_track,     &hf_check_vbs,     &hf_check_secureboot,
    &hf_check_enrolment, &hf_check_arc,     &hf_check_chpe,
    &hf_check_monitor,   &hf_check_restart, &hf_check_servicing,
    &hf_check_disk,      &hf_check_admin,   &hf_check_clock,
    &hf_check_identity,  &hf_check_others,  NULL,
};

static const struct hf_check *const criteria[] = {
    &hf_criterion_level,
    &hf_criterion_boot_id,
    &hf_criterion_restart,
    &hf_criterion_health,
    NULL,
};

/* Each of these passes, or says something else than "cannot be patched". */
const char *const windows_passing_checks[] = {
    "servicing", "restart", "space", "elevation", "identity", NULL,
};

static void
set_numbered(struct hf_params *out, size_t n, const char *what,
             const char *value)
{
    char name[40];

    snprintf(name, sizeof(name), "HEALTH_%zu_%s", n, what);
    hf_params_set(out, name, value);
}

static void
probe_params(struct hf_params *out, const struct hf_host *host)
{
    char number[24];

    snprintf(number, sizeof(number), "%zu", host->health_len);
    hf_params_set(out, "HEALTH", number);
    for (size_t i = 0; i < host->health_len; i++) {
        const struct hf_health *h = &host->health[i];
        struct hf_buf key = {0};

        hf_percent_encode(&key, h->name, strlen(h->name), NULL);
        set_numbered(out, i + 1, "KEY", hf_buf_str(&key));
        hf_buf_release(&key);
        if (h->unit) {
            set_numbered(out, i + 1, "UNIT", h->unit);
        } else {
            snprintf(number, sizeof(number), "%d", h->port);
            set_numbered(out, i + 1, "PORT", number);
        }
    }
}

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
    .dialect = &hf_dialect_powershell,
    .scripts = {[HF_SCRIPT_PROBE] = &hf_script_windows_probe},
    .checks = checks,
    .criteria = criteria,
    .probe_params = probe_params,
    .claims = claims,
    .judge = windows_judge,
    .order = windows_order,
    .explain = windows_explain,
};
