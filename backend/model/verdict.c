/* Verdicts: their words, the strongest of many, and their JSON. */
#include "backend/model/verdict.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/json.h"

/* clang-format off */
const char *const hf_verdict_names[HF_VERDICT_COUNT + 1] = {
    [HF_VERDICT_PASS] = "pass",
    [HF_VERDICT_WARN] = "warn",
    [HF_VERDICT_BLOCK] = "block",
    [HF_VERDICT_UNKNOWN] = "unknown",
    [HF_VERDICT_COUNT] = NULL,
};

static const int strength[HF_VERDICT_COUNT] = {
    [HF_VERDICT_PASS] = 0,
    [HF_VERDICT_WARN] = 1,
    [HF_VERDICT_UNKNOWN] = 2,
    [HF_VERDICT_BLOCK] = 3,
};
/* clang-format on */

void
hf_findings_release(struct hf_findings *f)
{
    for (size_t i = 0; i < f->len; i++) {
        free(f->v[i].expected);
        free(f->v[i].found);
        free(f->v[i].source);
    }
    free(f->v);
    *f = (struct hf_findings){0};
}

enum hf_verdict
hf_findings_worst(const struct hf_findings *f)
{
    enum hf_verdict worst = HF_VERDICT_PASS;

    for (size_t i = 0; i < f->len; i++) {
        if (strength[f->v[i].verdict] > strength[worst])
            worst = f->v[i].verdict;
    }
    return worst;
}

const struct hf_finding *
hf_findings_find(const struct hf_findings *f, const char *name)
{
    for (size_t i = 0; i < f->len; i++) {
        if (strcmp(f->v[i].name, name) == 0)
            return &f->v[i];
    }
    return NULL;
}

static cJSON *
finding_to_json(const struct hf_finding *f)
{
    cJSON *obj = cJSON_CreateObject();

    hf_json_add_str(obj, "name", f->name);
    hf_json_add_str(obj, "title", f->title);
    hf_json_add_str(obj, "verdict", hf_verdict_names[f->verdict]);
    hf_json_add_str(obj, "expected", f->expected);
    hf_json_add_str(obj, "found", f->found);
    hf_json_add_str(obj, "source", f->source);
    hf_json_add_time(obj, "at", f->at);
    hf_json_add_str(obj, "remedy", f->remedy);
    hf_json_add_str(obj, "who", f->who);
    hf_json_add_bool(obj, "needs_restart", f->needs_restart);
    return obj;
}

cJSON *
hf_findings_to_json(const struct hf_findings *f)
{
    cJSON *arr = cJSON_CreateArray();

    for (size_t i = 0; i < f->len; i++)
        cJSON_AddItemToArray(arr, finding_to_json(&f->v[i]));
    return arr;
}
