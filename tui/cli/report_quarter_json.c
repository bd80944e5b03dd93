/* report quarter for programs. */
#include <stdlib.h>

#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "tui/cli/report_exposure.h"
#include "tui/cli/report_quarter.h"

static void
add_in_effect(cJSON *doc, const struct hf_report *r, const struct hf_review *q)
{
    const struct hf_goal_rule *goal = &hf_session_fleet(r->cli->session)->goal;
    const struct hf_tally *n = &q->compliance.now;
    size_t states[HF_GOAL_COUNT] = {0};
    cJSON *obj = hf_json_add_obj(doc, "in_effect"), *by;

    hf_json_add_int(obj, "hosts", (int64_t)n->hosts);
    hf_json_add_int(obj, "covered", (int64_t)n->covered);
    hf_json_add_int(obj, "covered_current", (int64_t)n->covered_current);
    by = hf_json_add_obj(obj, "by");
    for (int i = 0; i < HF_COUNTED_COUNT; i++)
        hf_json_add_int(by, hf_counted_names[i], (int64_t)n->by[i]);
    if (!goal->percent)
        return;
    for (size_t i = 0; i < q->compliance.goals_len; i++)
        states[q->compliance.goals[i].state]++;
    obj = hf_json_add_obj(doc, "goal");
    hf_json_add_int(obj, "percent", goal->percent);
    hf_json_add_int(obj, "days", goal->days);
    for (int i = 0; i < HF_GOAL_COUNT; i++)
        hf_json_add_int(obj, hf_goal_names[i], (int64_t)states[i]);
}

static void
add_days(cJSON *doc, const struct hf_compliance *c)
{
    cJSON *arr = hf_json_add_arr(doc, "days");

    for (size_t i = 0; i < c->days_len; i++) {
        const struct hf_tally *n = &c->days[i].tally;
        cJSON *obj = cJSON_CreateObject();

        hf_json_add_time(obj, "at", c->days[i].at);
        hf_json_add_int(obj, "hosts", (int64_t)n->hosts);
        hf_json_add_int(obj, "current", (int64_t)n->by[HF_COUNTED_CURRENT]);
        hf_json_add_int(obj, "covered", (int64_t)n->covered);
        hf_json_add_int(obj, "covered_current", (int64_t)n->covered_current);
        cJSON_AddItemToArray(arr, obj);
    }
}

static void
add_restarts(cJSON *doc, const struct hf_review *q)
{
    const struct hf_saved *saved = &q->savings.all;
    cJSON *obj = hf_json_add_obj(doc, "restarts"), *due;

    hf_json_add_int(obj, "avoided", (int64_t)hf_saved_avoided(saved));
    hf_json_add_int(obj, "hotpatches", (int64_t)saved->hotpatches);
    hf_json_add_int(obj, "taken_back", (int64_t)saved->taken_back);
    hf_json_add_int(obj, "unproven", (int64_t)saved->unproven);
    hf_json_add_int(obj, "rollbacks", (int64_t)saved->rollbacks);
    hf_json_add_int(obj, "carried_out", (int64_t)saved->restarts);
    hf_json_add_int(obj, "by_nobody_here", (int64_t)q->noted[HF_NOTED_RESTART]);
    due = hf_json_add_obj(obj, "due");
    for (int i = 0; i < HF_DUE_GROUP_COUNT; i++)
        hf_json_add_int(due, hf_due_names[i], (int64_t)q->due[i]);
    obj = hf_json_add_obj(doc, "worth");
    hf_json_add_str(obj, "currency", q->savings.costs.currency);
    hf_json_add_int(obj, "net_low", q->savings.money.net_low);
    hf_json_add_int(obj, "net_high", q->savings.money.net_high);
}

/* Who leaves something open says why, and until when. */
static void
add_excused(cJSON *doc, const struct hf_exposure_report *d)
{
    cJSON *arr = hf_json_add_arr(doc, "excused");

    for (size_t i = 0; i < d->len; i++) {
        const struct hf_exception *e = d->v[i].exception;
        cJSON *obj;

        if (d->v[i].kind <= HF_EXPOSED_RING)
            continue;
        obj = hf_report_exposed_json(&d->v[i]);
        hf_json_add_str(obj, "reason", e ? e->reason : d->v[i].name);
        hf_json_add_str(obj, "ticket", e ? e->ticket : NULL);
        hf_json_add_str(obj, "owner", e ? e->owner : NULL);
        cJSON_AddItemToArray(arr, obj);
    }
}

static void
add_blocks(cJSON *doc, const struct hf_review *q)
{
    cJSON *arr = hf_json_add_arr(doc, "blocks");

    for (size_t i = 0; i < q->blocks_len; i++)
        cJSON_AddItemToArray(arr, hf_cli_block_json(q->blocks[i]));
}

static void
add_notes(cJSON *doc, const struct hf_review *q)
{
    cJSON *counts = hf_json_add_obj(doc, "noted"),
          *arr = hf_json_add_arr(doc, "notes");

    for (int i = 0; i < HF_NOTED_COUNT; i++)
        hf_json_add_int(counts, hf_noted_names[i], (int64_t)q->noted[i]);
    for (size_t i = 0; i < q->notes_len; i++) {
        const struct hf_note *note = &q->notes[i];
        cJSON *obj = cJSON_CreateObject();

        hf_json_add_str(obj, "what", hf_noted_names[note->kind]);
        hf_json_add_str(obj, "host", note->host->name);
        hf_json_add_time(obj, "at", note->at);
        hf_json_add_str(obj, "run", note->run[0] ? note->run : NULL);
        hf_json_add_str(obj, "action", note->action[0] ? note->action : NULL);
        hf_json_add_str(obj, "why", note->why[0] ? note->why : NULL);
        cJSON_AddItemToArray(arr, obj);
    }
}

void
hf_report_quarter_json(const struct hf_report *r, cJSON *doc)
{
    const struct hf_review *q = r->data;

    hf_json_add_time(doc, "from", q->from);
    hf_json_add_time(doc, "until", q->until);
    hf_json_add_str(doc, "ledger", q->compliance.commit);
    hf_json_add_int(doc, "damaged", (int64_t)q->compliance.damaged);
    add_in_effect(doc, r, q);
    add_restarts(doc, q);
    cJSON_AddItemToObject(doc, "open",
                          hf_report_exposed_json(&q->exposure.v[0]));
    add_excused(doc, &q->exposure);
    add_blocks(doc, q);
    add_notes(doc, q);
    add_days(doc, &q->compliance);
}
