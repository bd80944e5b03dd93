/* What the ledger hears of a rollout: its run, its log in parts, its end. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"
#include "backend/base/time.h"
#include "playbooks/conduct.h"

#define RECORD_EVERY 5000 /* ms between batches */

void
conduct_record(struct hf_conduct *c, const char *what)
{
    struct hf_err err = HF_ERR_INIT;
    char *subject;

    if (!c->s->ledger || c->failed)
        return;
    subject = hf_xasprintf("%s %s: %s", c->plan->playbook.name, c->run, what);
    if (rollout_log_record(c->log, c->plan, subject, &err) < 0)
        conduct_fail(c, &err);
    hf_ledger_flush(c->s->ledger);
    c->recorded_at = hf_mono();
    free(subject);
}

void
conduct_record_now_and_then(struct hf_conduct *c)
{
    if (hf_mono() - c->recorded_at >= RECORD_EVERY)
        conduct_record(c, "under way");
}

/* As single verbs leave them. */
static void
record_run(struct hf_conduct *c, enum hf_event_kind kind, cJSON *data)
{
    enum hf_action action =
        hf_playbook_action((enum hf_playbook_kind)c->plan->playbook.kind);
    struct hf_event e;

    hf_event_init(&e, kind, c->run, "");
    e.data = data;
    hf_json_add_str(data, "action", hf_action_names[action]);
    hf_json_add_str(data, "operator", c->s->operator_);
    if (c->plan->change)
        hf_json_add_str(data, "change", c->plan->change);
    hf_json_add_str(data, "inventory", c->plan->inventory);
    hf_json_add_str(data, "plan", c->plan->id);
    hf_json_add_str(data, "plan_hash", c->plan->hash);
    hf_json_add_str(data, "playbook", c->plan->playbook.name);
    if (kind == HF_EVENT_RUN_STARTED)
        record_run_started(c->s, &e);
    else
        record_run_ended(c->s, &e);
    hf_event_release(&e);
}

void
conduct_record_began(struct hf_conduct *c)
{
    cJSON *data = cJSON_CreateObject(), *hosts;

    hf_json_add_bool(data, "simulated", c->plan->simulated);
    if (c->plan->playbook.change.reason)
        hf_json_add_str(data, "reason", c->plan->playbook.change.reason);
    if (c->plan->origin.how != HF_PLAN_ALONE)
        cJSON_AddItemToObject(data, "after",
                              hf_plan_origin_json(&c->plan->origin));
    hosts = hf_json_add_arr(data, "hosts");
    for (size_t i = 0; i < c->plan->hosts_len; i++)
        hf_json_push_str(hosts, c->plan->hosts[i].name);
    record_run(c, HF_EVENT_RUN_STARTED, data);
}

void
conduct_record_ended(struct hf_conduct *c, int status)
{
    cJSON *data = cJSON_CreateObject(), *counts;
    struct hf_rollout_counts n;
    struct hf_rollout_view v;

    hf_rollout_counts(c->r, -1, &n);
    hf_rollout_view(c->r, &v);
    if (v.waits_for[0])
        hf_json_add_str(data, "why", v.waits_for);
    counts = hf_json_add_obj(data, "counts");
    for (int i = 0; i < HF_OUTCOME_COUNT; i++) {
        if (n.by_outcome[i])
            hf_json_add_int(counts, hf_outcome_names[i],
                            (int64_t)n.by_outcome[i]);
    }
    hf_json_add_int(data, "not_started", (int64_t)(n.waiting + n.asleep));
    hf_json_add_int(data, "exit", status);
    record_run(c, HF_EVENT_RUN_ENDED, data);
}
