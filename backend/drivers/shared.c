/* Pieces that the records of several drivers are made of. */
#include "backend/drivers/shared.h"

#include <stdio.h>
#include <string.h>

#include "backend/base/names.h"
#include "backend/base/text.h"
#include "backend/checks/read.h"

#define CLOCK_MS ((int64_t)60 * 1000) /* as the check has it */

#define SAY(to, ...) hf_say((to), sizeof(to), __VA_ARGS__)

static void
set_numbered(struct hf_params *out, size_t n, const char *what,
             const char *value)
{
    char name[40];

    snprintf(name, sizeof(name), "HEALTH_%zu_%s", n, what);
    hf_params_set(out, name, value);
}

void
hf_health_params(struct hf_params *out, const struct hf_host *host)
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

void
hf_blocking_titles(struct hf_buf *out, const struct hf_findings *findings,
                   const char *const *passing)
{
    for (size_t i = 0; i < findings->len; i++) {
        const struct hf_finding *f = &findings->v[i];

        if (f->verdict == HF_VERDICT_BLOCK &&
            strcmp(f->name, hf_check_known_issue.name) != 0 &&
            hf_name_index(passing, f->name) < 0)
            hf_buf_printf(out, "%s%s", out->len ? ", " : "", f->title);
    }
}

/* How far the host's clock was ahead when it was read; 0 when that is little,
 * or not known. */
static int64_t
clock_ahead(const struct hf_facts *facts)
{
    const struct hf_fact *f = hf_facts_find(facts, "clock");
    int64_t theirs, ahead;

    if (!f || !f->value || hf_fact_time(&theirs, f->value) < 0)
        return 0;
    ahead = theirs - f->at;
    return ahead >= -CLOCK_MS && ahead <= CLOCK_MS ? 0 : ahead;
}

int64_t
hf_fact_when(const struct hf_facts *facts, const char *key)
{
    const char *value = hf_facts_get(facts, key);
    int64_t at;

    return value && hf_fact_time(&at, value) == 0 ? at - clock_ahead(facts) : 0;
}

void
hf_judge_restart(struct hf_status *out, const struct hf_facts *facts)
{
    const char *reason = hf_facts_get(facts, "restart.reason");

    if ((out->reboot_at = hf_fact_when(facts, "restart.scheduled"))) {
        out->reboot = HF_REBOOT_SCHEDULED;
        SAY(out->reboot_why, "a shutdown is scheduled on the host");
        return;
    }
    switch (hf_facts_bool(facts, "restart.pending")) {
    case 1:
        out->reboot = HF_REBOOT_PENDING;
        out->reboot_at = hf_fact_when(facts, "restart.since");
        SAY(out->reboot_why, "%s", reason ? reason : "no reason given");
        break;
    case 0:
        out->reboot = HF_REBOOT_NONE;
        break;
    default:
        out->reboot = HF_REBOOT_UNKNOWN;
        SAY(out->reboot_why, "pending restart: %s",
            hf_facts_why(facts, "restart.pending"));
    }
}

int
hf_judge_newest(struct hf_status *out, const struct hf_product *product,
                int64_t now)
{
    int64_t overdue = hf_product_overdue_at(product);

    out->patch = HF_PATCH_UNKNOWN;
    if (!overdue)
        SAY(out->patch_why,
            "the catalogue does not say until when it is complete");
    else if (overdue <= now)
        SAY(out->patch_why, "catalogue ends %s", product->complete_until);
    else
        out->patch = HF_PATCH_CURRENT;
    return out->patch == HF_PATCH_CURRENT;
}

unsigned
hf_judge_job(const struct hf_facts *facts)
{
    static const char *const at_work[] = {"begun", "running", NULL};
    const char *state = hf_facts_get(facts, "job.state");

    return state && hf_name_index(at_work, state) >= 0 ? HF_FLAG_JOB_RUNNING
                                                       : 0;
}

int
hf_recent_is_proven(const struct hf_recent *recent)
{
    static const char *const unproven[] = {"failed", "unverified", "called-off",
                                           NULL};

    return recent && recent->run[0] &&
           hf_name_index(unproven, recent->outcome) < 0;
}
