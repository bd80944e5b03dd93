/* Events of a rollout as JSON, with names in place of indices. */
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/names.h"
#include "backend/base/time.h"
#include "backend/model/rollout_priv.h"

/* clang-format off */
const char *const hf_rollout_kind_names[HF_ROLLOUT_KIND_COUNT + 1] = {
    [HF_ROLLOUT_RUN_BEGAN] = "run-began",
    [HF_ROLLOUT_RING_BEGAN] = "ring-began",
    [HF_ROLLOUT_BATCH_BEGAN] = "batch-began",
    [HF_ROLLOUT_HOST_STARTED] = "host-started",
    [HF_ROLLOUT_HOST_LEFT_OUT] = "host-left-out",
    [HF_ROLLOUT_SAMPLE_TAKEN] = "sample-taken",
    [HF_ROLLOUT_GATE_PASSED] = "gate-passed",
    [HF_ROLLOUT_GATE_FAILED] = "gate-failed",
    [HF_ROLLOUT_HOOK_BEGAN] = "hook-began",
    [HF_ROLLOUT_BATCH_ENDED] = "batch-ended",
    [HF_ROLLOUT_SOAK_BEGAN] = "soak-began",
    [HF_ROLLOUT_RING_ENDED] = "ring-ended",
    [HF_ROLLOUT_HALTED] = "halted",
    [HF_ROLLOUT_ABORTED] = "aborted",
    [HF_ROLLOUT_PAUSED] = "paused",
    [HF_ROLLOUT_SUPERSEDED] = "superseded",
    [HF_ROLLOUT_REHEARSAL_BEGAN] = "rehearsal-began",
    [HF_ROLLOUT_UNDO_BEGAN] = "undo-began",
    [HF_ROLLOUT_ENDED] = "ended",
    [HF_ROLLOUT_HOST_ENDED] = "host-ended",
    [HF_ROLLOUT_SAMPLE_ENDED] = "sample-ended",
    [HF_ROLLOUT_HOOK_ENDED] = "hook-ended",
    [HF_ROLLOUT_REHEARSAL_ENDED] = "rehearsal-ended",
    [HF_ROLLOUT_UNDO_ENDED] = "undo-ended",
    [HF_ROLLOUT_RESUMED] = "resumed",
    [HF_ROLLOUT_FINISH] = "finish",
    [HF_ROLLOUT_ABORT] = "abort",
    [HF_ROLLOUT_REPLACED] = "replaced",
    [HF_ROLLOUT_APPROVED] = "approved",
    [HF_ROLLOUT_SIGNED_OFF] = "signed-off",
    [HF_ROLLOUT_SKIPPED] = "skipped",
    [HF_ROLLOUT_KIND_COUNT] = NULL,
};
/* clang-format on */

/* Which members a kind has beside the places. */
enum { HAS_OUTCOME = 1, HAS_SAMPLE = 2, HAS_OK = 4, HAS_EXIT = 8 };

static const unsigned members[HF_ROLLOUT_KIND_COUNT] = {
    [HF_ROLLOUT_HOST_LEFT_OUT] = HAS_OUTCOME,
    [HF_ROLLOUT_HOST_ENDED] = HAS_OUTCOME,
    [HF_ROLLOUT_SAMPLE_ENDED] = HAS_SAMPLE,
    [HF_ROLLOUT_HOOK_ENDED] = HAS_OK,
    [HF_ROLLOUT_REHEARSAL_ENDED] = HAS_OK,
    [HF_ROLLOUT_UNDO_ENDED] = HAS_OK,
    [HF_ROLLOUT_ENDED] = HAS_EXIT,
};

static void
add_text(cJSON *doc, const char *key, const char *text)
{
    if (text[0])
        hf_json_add_str(doc, key, text);
}

struct hf_rollout_event
hf_rollout_event_of(enum hf_rollout_kind kind)
{
    return (struct hf_rollout_event){.kind = kind,
                                     .ring = -1,
                                     .batch = -1,
                                     .gate = -1,
                                     .hook = -1,
                                     .host = -1};
}

cJSON *
hf_rollout_event_to_json(const struct hf_rollout_event *e,
                         const struct hf_plan *plan)
{
    const struct hf_playbook *pb = &plan->playbook;
    unsigned has = members[e->kind];
    cJSON *doc = cJSON_CreateObject();

    hf_json_add_str(doc, "what", hf_rollout_kind_names[e->kind]);
    hf_json_add_time(doc, "at", e->at);
    if (e->ring >= 0)
        hf_json_add_str(doc, "ring", pb->rings[e->ring].name);
    if (e->batch >= 0)
        hf_json_add_int(doc, "batch", e->batch + 1);
    if (e->gate >= 0)
        hf_json_add_str(doc, "gate", pb->gates[e->gate].name);
    if (e->hook >= 0)
        hf_json_add_str(doc, "hook", hf_hook_names[e->hook]);
    if (e->host >= 0)
        hf_json_add_str(doc, "host", plan->hosts[e->host].name);
    if (has & HAS_OUTCOME)
        hf_json_add_str(doc, "outcome", hf_outcome_names[e->outcome]);
    if (has & HAS_SAMPLE)
        hf_json_add_str(doc, "sample", hf_sample_names[e->sample]);
    if (has & HAS_OK)
        hf_json_add_bool(doc, "ok", e->ok);
    if (has & HAS_EXIT)
        hf_json_add_int(doc, "exit", e->exit);
    if (e->until)
        hf_json_add_time(doc, "until", e->until);
    add_text(doc, "by", e->by);
    add_text(doc, "who", e->who);
    add_text(doc, "why", e->why);
    return doc;
}

/* ---- and back ---- */

/* The index of the member's text among n names that `name` yields; -1 when
 * the member is absent. */
static int
read_place(int *out, const cJSON *doc, const char *key, size_t n,
           const char *(*name)(const struct hf_plan *, size_t),
           const struct hf_plan *plan, struct hf_err *err)
{
    const char *text = hf_json_str(doc, key);

    *out = -1;
    for (size_t i = 0; text && i < n; i++) {
        if (strcmp(name(plan, i), text) == 0) {
            *out = (int)i;
            return HF_OK;
        }
    }
    return text
               ? hf_fail(err, HF_EINVALID, "the plan has no %s '%s'", key, text)
               : HF_OK;
}

static const char *
ring_name(const struct hf_plan *plan, size_t i)
{
    return plan->playbook.rings[i].name;
}

static const char *
gate_name(const struct hf_plan *plan, size_t i)
{
    return plan->playbook.gates[i].name;
}

static const char *
hook_name(const struct hf_plan *plan, size_t i)
{
    (void)plan;
    return hf_hook_names[i];
}

static int
read_host(int *out, const cJSON *doc, const struct hf_plan *plan,
          struct hf_err *err)
{
    const char *name = hf_json_str(doc, "host");

    *out = name ? hf_plan_find(plan, name) : -1;
    if (name && *out < 0)
        return hf_fail(err, HF_EINVALID, "the plan has no host '%s'", name);
    return HF_OK;
}

static int
read_word(int *out, const cJSON *doc, const char *key, const char *const *names,
          struct hf_err *err)
{
    const char *text;
    int rc;

    if ((rc = hf_json_want_str(&text, doc, key, err)) < 0)
        return rc;
    if ((*out = hf_name_index(names, text)) < 0)
        return hf_fail(err, HF_EINVALID, "'%s': unknown word '%s'", key, text);
    return HF_OK;
}

static int
read_time(int64_t *out, const cJSON *doc, const char *key, struct hf_err *err)
{
    const char *text = hf_json_str(doc, key);

    *out = 0;
    if (text && hf_time_parse(out, text) < 0)
        return hf_fail(err, HF_EINVALID, "'%s' wants an RFC 3339 time", key);
    return HF_OK;
}

static void
read_text(char *out, size_t size, const cJSON *doc, const char *key)
{
    const char *text = hf_json_str(doc, key);

    hf_say(out, size, "%s", text ? text : "");
}

static int
read_members(struct hf_rollout_event *out, const cJSON *doc, struct hf_err *err)
{
    unsigned has = members[out->kind];
    int rc;

    if ((has & HAS_OUTCOME) && (rc = read_word(&out->outcome, doc, "outcome",
                                               hf_outcome_names, err)) < 0)
        return rc;
    if ((has & HAS_SAMPLE) &&
        (rc = read_word(&out->sample, doc, "sample", hf_sample_names, err)) < 0)
        return rc;
    out->ok = hf_json_bool(doc, "ok", 0);
    out->exit = (int)hf_json_int(doc, "exit", 0);
    out->batch = (int)hf_json_int(doc, "batch", 0) - 1;
    if ((rc = read_time(&out->at, doc, "at", err)) < 0 ||
        (rc = read_time(&out->until, doc, "until", err)) < 0)
        return rc;
    read_text(out->by, sizeof(out->by), doc, "by");
    read_text(out->who, sizeof(out->who), doc, "who");
    read_text(out->why, sizeof(out->why), doc, "why");
    return HF_OK;
}

int
hf_rollout_event_from_json(struct hf_rollout_event *out, const cJSON *doc,
                           const struct hf_plan *plan, struct hf_err *err)
{
    int kind, rc;

    if ((rc = read_word(&kind, doc, "what", hf_rollout_kind_names, err)) < 0)
        return rc;
    event_init(out, (enum hf_rollout_kind)kind, 0);
    if ((rc = read_members(out, doc, err)) < 0 ||
        (rc = read_place(&out->ring, doc, "ring", plan->playbook.rings_len,
                         ring_name, plan, err)) < 0 ||
        (rc = read_place(&out->gate, doc, "gate", plan->playbook.gates_len,
                         gate_name, plan, err)) < 0 ||
        (rc = read_place(&out->hook, doc, "hook", HF_HOOK_COUNT, hook_name,
                         plan, err)) < 0)
        return rc;
    return read_host(&out->host, doc, plan, err);
}
