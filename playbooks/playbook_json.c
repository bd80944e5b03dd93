/* A playbook back as JSON, with every default written out. */
#include <stdio.h>
#include <string.h>

#include "backend/base/time.h"
#include "playbooks/playbook.h"

/* A span as the parser reads it, in the largest unit that is exact. */
static void
add_span(cJSON *doc, const char *key, int64_t ms)
{
    static const struct {
        int64_t ms;
        const char *unit;
    } units[] = {
        {86400000, "d"}, {3600000, "h"}, {60000, "m"}, {1000, "s"}, {1, "ms"}};
    char text[32];
    size_t i = 0;

    while (units[i].ms > 1 && (ms % units[i].ms || !ms))
        i++;
    if (!ms)
        i = 3;
    (void)snprintf(text, sizeof(text), "%lld%s", (long long)(ms / units[i].ms),
                   units[i].unit);
    hf_json_add_str(doc, key, text);
}

static void
add_text(cJSON *doc, const char *key, const char *text)
{
    if (text)
        hf_json_add_str(doc, key, text);
}

static void
add_texts(cJSON *doc, const char *key, const char *const *v)
{
    cJSON *list;

    if (!v)
        return;
    list = hf_json_add_arr(doc, key);
    for (; *v; v++)
        hf_json_push_str(list, *v);
}

static void
push_size(cJSON *list, cJSON *doc, const char *key, struct hf_size size)
{
    char text[32] = "rest";

    if (size.count)
        (void)snprintf(text, sizeof(text), "%d", size.count);
    else if (size.percent)
        (void)snprintf(text, sizeof(text), "%d%%", size.percent);
    if (list)
        hf_json_push_str(list, text);
    else
        hf_json_add_str(doc, key, text);
}

static void
add_change(cJSON *doc, const struct hf_playbook_change *c)
{
    cJSON *out = hf_json_add_obj(doc, "change");

    add_text(out, "id", c->id);
    add_text(out, "type", c->type);
    add_text(out, "reason", c->reason);
    add_text(out, "impact", c->impact);
    add_text(out, "tests", c->tests);
    add_text(out, "backout", c->backout);
    hf_json_add_int(hf_json_add_obj(out, "approvals"), "need", c->approvals);
}

static void
add_patch(cJSON *doc, const struct hf_playbook_patch *p)
{
    cJSON *out = hf_json_add_obj(doc, "patch");

    add_text(out, "month", p->month);
    add_texts(out, "kbs", p->kbs);
    hf_json_add_str(out, "expect", p->expect_restart ? "restart" : "hotpatch");
    hf_json_add_str(out, "if_ineligible", hf_otherwise_names[p->if_ineligible]);
    hf_json_add_str(out, "if_leaves_track",
                    hf_otherwise_names[p->if_leaves_track]);
}

static void
add_targets(cJSON *doc, const struct hf_playbook_targets *t)
{
    cJSON *out = hf_json_add_obj(doc, "targets"), *expect;

    add_text(out, "select", t->select);
    expect = hf_json_add_obj(out, "expect_hosts");
    hf_json_add_int(expect, "min", t->min);
    if (t->max)
        hf_json_add_int(expect, "max", t->max);
}

static void
add_reboot(cJSON *doc, const struct hf_playbook_reboot *r)
{
    cJSON *out = hf_json_add_obj(doc, "reboot"), *also;

    hf_json_add_str(out, "policy", hf_restart_policy_names[r->policy]);
    if (r->spread)
        add_span(out, "spread", r->spread);
    add_texts(out, "unless_running", r->unless_running);
    hf_json_add_bool(out, "unless_logged_on", r->unless_logged_on);
    if (r->also.kbs || r->also.classifications) {
        also = hf_json_add_obj(out, "also");
        add_texts(also, "kbs", r->also.kbs);
        add_texts(also, "classifications", r->also.classifications);
    }
}

static void
add_limits(cJSON *doc, const struct hf_playbook_limits *l)
{
    cJSON *out = hf_json_add_obj(doc, "limits"), *list, *one;

    hf_json_add_int(out, "parallel", l->parallel);
    hf_json_add_int(out, "ramp", l->ramp);
    list = hf_json_add_arr(out, "per_domain");
    for (size_t i = 0; i < l->per_domain_len; i++) {
        one = cJSON_CreateObject();
        hf_json_add_str(one, "domain", l->per_domain[i].domain);
        hf_json_add_int(one, "at_most", l->per_domain[i].at_most);
        cJSON_AddItemToArray(list, one);
    }
    add_span(out, "host_time", l->host_time);
    if (l->run_time)
        add_span(out, "run_time", l->run_time);
    add_span(out, "restart_time", l->restart_time);
    hf_json_add_int(out, "retries", l->retries);
    add_span(out, "retry_after", l->retry_after);
}

static void
add_budget(cJSON *doc, const struct hf_budget *b)
{
    cJSON *out = hf_json_add_obj(doc, "budget"), *one;

    for (int kind = 0; kind < HF_BUDGET_KIND_COUNT; kind++) {
        one = hf_json_add_obj(out, hf_budget_names[kind]);
        for (int scope = 0; scope < HF_SCOPE_COUNT; scope++) {
            if (b->allowed[kind][scope] != HF_BUDGET_OPEN)
                hf_json_add_int(one, hf_scope_names[scope],
                                b->allowed[kind][scope]);
        }
    }
    hf_json_add_str(out, "on_exceed", hf_on_exceed_names[b->on_exceed]);
}

static cJSON *
ring_json(const struct hf_playbook *pb, const struct hf_playbook_ring *ring)
{
    cJSON *out = cJSON_CreateObject(), *list;

    hf_json_add_str(out, "name", ring->name);
    if (ring->select)
        hf_json_add_str(out, "select", ring->select);
    else
        push_size(NULL, out, "size", ring->size);
    list = hf_json_add_arr(out, "batches");
    for (size_t i = 0; i < ring->batches_len; i++)
        push_size(list, NULL, NULL, ring->batches[i]);
    add_span(out, "soak", ring->soak);
    if (ring->has_control)
        push_size(NULL, out, "control", ring->control);
    list = hf_json_add_arr(out, "gates");
    for (size_t i = 0; i < ring->gates_len; i++)
        hf_json_push_str(list, pb->gates[ring->gates[i]].name);
    hf_json_add_bool(out, "approve", ring->approve);
    hf_json_add_str(out, "presence",
                    ring->intermittent ? "intermittent" : "always");
    add_span(out, "catch_up", ring->catch_up);
    return out;
}

static cJSON *
gate_json(const struct hf_gate *g)
{
    cJSON *out = cJSON_CreateObject(), *list;

    hf_json_add_str(out, "name", g->name);
    hf_json_add_str(out, "kind", hf_gate_kind_names[g->kind]);
    hf_json_add_str(out, "mode", hf_gate_mode_names[g->mode]);
    if (g->kind == HF_GATE_SIGNOFF) {
        add_text(out, "who", g->who);
        add_span(out, "valid_for", g->valid_for);
        return out;
    }
    list = hf_json_add_arr(out, "checks");
    for (int i = 0; i < HF_SIGNAL_COUNT; i++) {
        if (g->signals & 1u << i)
            hf_json_push_str(list, hf_signal_names[i]);
    }
    add_text(out, "command", g->command);
    add_span(out, "delay", g->delay);
    add_span(out, "every", g->every);
    add_span(out, "timeout", g->timeout);
    hf_json_add_int(out, "count", g->count);
    hf_json_add_int(out, "fail_after", g->fail_after);
    hf_json_add_str(out, "versus", g->versus_control ? "control" : "before");
    hf_json_add_int(out, "memory_percent", g->memory_percent);
    return out;
}

static void
add_undo(cJSON *doc, const struct hf_playbook_undo *u)
{
    cJSON *out = hf_json_add_obj(doc, "rollback");

    hf_json_add_str(out, "when", hf_undo_names[u->when]);
    hf_json_add_str(out, "scope", hf_scope_names[u->scope]);
    hf_json_add_str(out, "restart", u->restart_allowed ? "allowed" : "refused");
    if (u->max_hosts)
        hf_json_add_int(out, "max_hosts", u->max_hosts);
    add_text(out, "rehearse_on", u->rehearse_on);
}

static void
add_hooks(cJSON *doc, const struct hf_playbook *pb)
{
    cJSON *out = hf_json_add_obj(doc, "hooks"), *one;

    for (int i = 0; i < HF_HOOK_COUNT; i++) {
        const struct hf_hook *hook = &pb->hooks[i];

        if (!hook->run)
            continue;
        one = hf_json_add_obj(out, hf_hook_names[i]);
        hf_json_add_str(one, "run", hook->run);
        add_span(one, "timeout", hook->timeout);
        hf_json_add_str(one, "on_fail",
                        hook->ignore_failures ? "ignore" : "stop");
    }
}

cJSON *
hf_playbook_to_json(const struct hf_playbook *pb)
{
    cJSON *doc = cJSON_CreateObject(), *list, *windows;

    hf_json_add_str(doc, "kind", hf_playbook_kind_names[pb->kind]);
    add_text(doc, "title", pb->title);
    add_text(doc, "note", pb->note);
    add_change(doc, &pb->change);
    add_patch(doc, &pb->patch);
    add_targets(doc, &pb->targets);
    windows = hf_json_add_obj(doc, "windows");
    add_texts(windows, "allow", pb->windows.allow);
    add_span(windows, "stop_starting_before_end", pb->windows.stop_before_end);
    add_limits(doc, &pb->limits);
    add_budget(doc, &pb->budget);
    list = hf_json_add_arr(doc, "rings");
    for (size_t i = 0; i < pb->rings_len; i++)
        cJSON_AddItemToArray(list, ring_json(pb, &pb->rings[i]));
    list = hf_json_add_arr(doc, "gates");
    for (size_t i = 0; i < pb->gates_len; i++)
        cJSON_AddItemToArray(list, gate_json(&pb->gates[i]));
    add_texts(doc, "require_representation", pb->represent);
    add_reboot(doc, &pb->reboot);
    add_undo(doc, &pb->undo);
    add_hooks(doc, pb);
    return doc;
}
