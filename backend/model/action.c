/* Actions, outcomes, and what an order consists of. */
#include "backend/model/action.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/mem.h"

/* clang-format off */
const char *const hf_action_names[HF_ACTION_COUNT + 1] = {
    [HF_ACTION_CHECK] = "check",
    [HF_ACTION_APPLY] = "apply",
    [HF_ACTION_VERIFY] = "verify",
    [HF_ACTION_ROLLBACK] = "rollback",
    [HF_ACTION_REBOOT] = "reboot",
    [HF_ACTION_CALL_OFF] = "call-off",
    [HF_ACTION_RESTART_UPDATE] = "restart-update",
    [HF_ACTION_STAGE] = "stage",
    [HF_ACTION_COUNT] = NULL,
};

const char *const hf_outcome_names[HF_OUTCOME_COUNT + 1] = {
    [HF_OUTCOME_CHECKED] = "checked",
    [HF_OUTCOME_VERIFIED] = "verified",
    [HF_OUTCOME_ALREADY] = "already",
    [HF_OUTCOME_SKIPPED] = "skipped",
    [HF_OUTCOME_INELIGIBLE] = "ineligible",
    [HF_OUTCOME_FAILED] = "failed",
    [HF_OUTCOME_UNVERIFIED] = "unverified",
    [HF_OUTCOME_UNREACHABLE] = "unreachable",
    [HF_OUTCOME_NOT_SEEN] = "not-seen",
    [HF_OUTCOME_REFUSED] = "refused",
    [HF_OUTCOME_LOCKED] = "locked",
    [HF_OUTCOME_CANCELLED] = "cancelled",
    [HF_OUTCOME_CLOSED] = "closed",
    [HF_OUTCOME_CALLED_OFF] = "called-off",
    [HF_OUTCOME_COUNT] = NULL,
};
/* clang-format on */

int
hf_outcomes_exit(const size_t by[HF_OUTCOME_COUNT])
{
    if (by[HF_OUTCOME_LOCKED])
        return 8;
    if (by[HF_OUTCOME_CLOSED])
        return 6;
    if (by[HF_OUTCOME_FAILED] || by[HF_OUTCOME_CALLED_OFF])
        return 2;
    if (by[HF_OUTCOME_UNREACHABLE] || by[HF_OUTCOME_NOT_SEEN] ||
        by[HF_OUTCOME_REFUSED] || by[HF_OUTCOME_UNVERIFIED])
        return 4;
    return 0;
}

int
hf_action_changes(enum hf_action action)
{
    return hf_action_is_bound(action) || action == HF_ACTION_CALL_OFF;
}

int
hf_action_is_bound(enum hf_action action)
{
    return hf_action_alters(action) || action == HF_ACTION_STAGE;
}

int
hf_action_alters(enum hf_action action)
{
    return action == HF_ACTION_APPLY || action == HF_ACTION_ROLLBACK ||
           action == HF_ACTION_REBOOT || action == HF_ACTION_RESTART_UPDATE;
}

static int
param_name_valid(const char *name)
{
    static const char upper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    return *name && strchr(upper, *name) &&
           name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] == '\0';
}

static struct hf_param *
find_param(const struct hf_params *p, const char *name)
{
    for (size_t i = 0; i < p->len; i++) {
        if (strcmp(p->v[i].name, name) == 0)
            return &p->v[i];
    }
    return NULL;
}

void
hf_params_set(struct hf_params *p, const char *name, const char *value)
{
    struct hf_param *param = find_param(p, name);
    char *copy = hf_xstrdup(value ? value : "");

    if (!param_name_valid(name))
        abort(); /* also in releases: the name becomes part of a script */
    if (!param) {
        param = HF_PUSH(&p->v, &p->len, &p->cap);
        param->name = hf_xstrdup(name);
    }
    free(param->value);
    param->value = copy;
}

const char *
hf_params_get(const struct hf_params *p, const char *name)
{
    const struct hf_param *param = find_param(p, name);

    return param ? param->value : NULL;
}

void
hf_params_release(struct hf_params *p)
{
    for (size_t i = 0; i < p->len; i++) {
        free(p->v[i].name);
        free(p->v[i].value);
    }
    free(p->v);
    *p = (struct hf_params){0};
}

void
hf_price_release(struct hf_price *p)
{
    hf_strs_release(&p->cves);
    *p = (struct hf_price){0};
}

void
hf_order_release(struct hf_order *o)
{
    hf_params_release(&o->params);
    hf_strs_release(&o->releases);
    hf_strs_release(&o->along);
    hf_strs_release(&o->stays);
    for (size_t i = 0; i < o->uploads_len; i++) {
        free(o->uploads[i].sha256);
        free(o->uploads[i].name);
    }
    free(o->uploads);
    hf_price_release(&o->price);
    hf_price_release(&o->undo);
    *o = (struct hf_order){0};
}

const char *const hf_restart_names[] = {"no", "yes", "unknown", NULL};

int
hf_action_restarts(enum hf_action action)
{
    return action == HF_ACTION_REBOOT || action == HF_ACTION_RESTART_UPDATE;
}

int
hf_may_restart(enum hf_action action, enum hf_restart restart)
{
    return hf_action_alters(action) &&
           (hf_action_restarts(action) || restart == HF_RESTART_YES ||
            (restart == HF_RESTART_UNKNOWN && action != HF_ACTION_APPLY));
}

cJSON *
hf_price_to_json(const struct hf_price *p)
{
    cJSON *obj = cJSON_CreateObject(), *cves;

    hf_json_add_bool(obj, "possible", p->possible);
    hf_json_add_str(obj, "restart", hf_restart_names[p->restart]);
    hf_json_add_int(obj, "minutes", p->minutes);
    if (p->off_track)
        hf_json_add_bool(obj, "off_track", 1);
    if (p->off_track && p->off_until)
        hf_json_add_time(obj, "off_track_until", p->off_until);
    if (p->why[0])
        hf_json_add_str(obj, "why", p->why);
    if (p->note[0])
        hf_json_add_str(obj, "note", p->note);
    cves = hf_json_add_arr(obj, "cves");
    for (size_t i = 0; i < p->cves.len; i++)
        hf_json_push_str(cves, p->cves.v[i]);
    return obj;
}
