/*
 * What went along with updates that restarted hosts, and what stayed behind,
 * as their jobs told it: evidence, not the plan's expectation.
 */
#include <stdlib.h>
#include <string.h>

#include "backend/base/names.h"
#include "backend/checks/read.h"
#include "playbooks/past.h"
#include "tui/cli/rollout_files.h"

/* Only a job that was begun has looked at what is offered. */
static const char has_worked[HF_OUTCOME_COUNT] = {
    [HF_OUTCOME_VERIFIED] = 1,
    [HF_OUTCOME_FAILED] = 1,
    [HF_OUTCOME_UNVERIFIED] = 1,
    [HF_OUTCOME_CALLED_OFF] = 1,
};

static void
add_words(struct hf_strs *to, const struct hf_facts *result, const char *key)
{
    const char *words = hf_facts_get(result, key);

    if (words)
        hf_fact_words(to, words);
}

static void
read_result(struct hf_rollout_beside *out, const cJSON *evidence)
{
    const cJSON *doc = hf_json_get(hf_json_get(evidence, "job"), "result");
    struct hf_err err = HF_ERR_INIT;
    struct hf_facts result = {0};

    if (doc && hf_facts_from_json(&result, doc, &err) == HF_OK &&
        hf_facts_get(&result, "other")) {
        add_words(&out->along, &result, "along");
        add_words(&out->stays, &result, "other");
        add_words(&out->stays, &result, "missed");
        hf_strs_sort(&out->along);
        hf_strs_sort(&out->stays);
    } else {
        out->why = "its job has not told";
    }
    hf_facts_release(&result);
}

void
hf_rollout_beside_of(struct hf_rollout_beside *out, const cJSON *evidence)
{
    const char *action = evidence ? hf_json_str(evidence, "action") : NULL;
    const char *word = evidence ? hf_json_str(evidence, "outcome") : NULL;
    int outcome = word ? hf_name_index(hf_outcome_names, word) : -1;

    *out = (struct hf_rollout_beside){0};
    out->told = outcome >= 0 && has_worked[outcome] && action &&
                strcmp(action, hf_action_names[HF_ACTION_RESTART_UPDATE]) == 0;
    if (out->told)
        read_result(out, evidence);
}

void
hf_rollout_beside(struct hf_rollout_beside *out, struct hf_session *s,
                  const char *run, const struct hf_plan_host *h,
                  const struct hf_slot *slot)
{
    struct hf_err err = HF_ERR_INIT;
    cJSON *evidence = NULL;

    *out = (struct hf_rollout_beside){0};
    if (!h->restart_update || slot->state != HF_SLOT_ENDED ||
        !has_worked[slot->outcome])
        return;
    if (hf_past_evidence(&evidence, s, run, h->name, &err) == HF_OK) {
        hf_rollout_beside_of(out, evidence);
    } else {
        out->told = 1;
        out->why = "its evidence is not in the ledger";
    }
    cJSON_Delete(evidence);
}

void
hf_rollout_beside_release(struct hf_rollout_beside *b)
{
    hf_strs_release(&b->along);
    hf_strs_release(&b->stays);
}

void
hf_rollout_beside_sum(struct hf_plan_offers *out,
                      const struct hf_rollout_tale *tales, size_t len)
{
    *out = (struct hf_plan_offers){0};
    for (size_t i = 0; i < len; i++) {
        const struct hf_rollout_beside *b = &tales[i].beside;

        for (size_t k = 0; k < b->along.len; k++)
            hf_plan_offers_count(out, b->along.v[k], 1);
        for (size_t k = 0; k < b->stays.len; k++)
            hf_plan_offers_count(out, b->stays.v[k], 0);
        out->unknown += b->why != NULL;
        out->why = out->why ? out->why : b->why;
    }
    hf_plan_offers_sort(out);
}
