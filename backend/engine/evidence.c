/*
 * The documents of one host's run: the intent that is on disk before the
 * host is changed, and the evidence record that says how it ended and why
 * that may be believed.
 */
#include <stdio.h>
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/engine/flow.h"

#define LOG_KEPT 4096 /* bytes of the job's log, its end */

static void
add_params(cJSON *doc, const struct hf_params *params)
{
    cJSON *obj = hf_json_add_obj(doc, "params");

    for (size_t i = 0; i < params->len; i++)
        hf_json_add_str(obj, params->v[i].name, params->v[i].value);
}

static void
add_modules(cJSON *doc, const struct hf_order *order)
{
    cJSON *arr = hf_json_add_arr(doc, "modules");

    for (size_t i = 0; i < order->uploads_len; i++) {
        cJSON *obj = cJSON_CreateObject();

        hf_json_add_str(obj, "name", order->uploads[i].name);
        hf_json_add_str(obj, "sha256", order->uploads[i].sha256);
        cJSON_AddItemToArray(arr, obj);
    }
}

static void
read_modules(struct hf_order *order, const cJSON *modules)
{
    const cJSON *m;

    cJSON_ArrayForEach(m, modules)
    {
        struct hf_upload *u =
            HF_PUSH(&order->uploads, &order->uploads_len, &order->uploads_cap);

        u->name = hf_xstrdup(hf_json_str(m, "name"));
        u->sha256 = hf_xstrdup(hf_json_str(m, "sha256"));
    }
}

static void
add_script(cJSON *arr, const struct hf_script *s)
{
    cJSON *obj;

    if (!s)
        return;
    obj = cJSON_CreateObject();
    hf_json_add_str(obj, "name", s->name);
    hf_json_add_str(obj, "sha256", s->sha256);
    cJSON_AddItemToArray(arr, obj);
}

static void
add_scripts(cJSON *doc, const struct hf_driver *driver, enum hf_action action)
{
    cJSON *arr = hf_json_add_arr(doc, "scripts");

    if (!driver)
        return;
    for (size_t i = 0; i < HF_DRIVER_SCRIPT_COUNT; i++)
        add_script(arr, driver->scripts[i]);
    add_script(arr, hf_driver_job(driver, action));
}

/* Who, what for, on the strength of which commit. */
static void
add_frame(cJSON *doc, const struct flow *f)
{
    const struct hf_run_options *o = &f->run->o;

    hf_json_add_str(doc, "run", f->run->run);
    hf_json_add_str(doc, "host", f->pub.host->name);
    hf_json_add_str(doc, "address", f->pub.host->address);
    hf_json_add_str(doc, "ring", f->pub.host->ring);
    hf_json_add_str(doc, "action", hf_action_names[o->action]);
    hf_json_add_str(doc, "driver", f->driver ? f->driver->name : NULL);
    hf_json_add_str(doc, "operator", o->operator_);
    hf_json_add_str(doc, "change", o->change);
    hf_json_add_str(doc, "reason", o->reason);
    hf_json_add_str(doc, "inventory", o->inventory);
    if (f->pub.broken_glass[0])
        hf_json_add_str(doc, "broken_glass", f->pub.broken_glass);
    if (o->fleet->catalogue)
        hf_json_add_str(doc, "catalogue", o->fleet->catalogue->hash);
    hf_json_add_bool(doc, "simulated", o->fleet->simulated);
    hf_json_add_str(doc, "from", f->pub.level_from);
    hf_json_add_str(doc, "to", f->pub.level_to);
}

cJSON *
flow_intent(const struct flow *f)
{
    cJSON *doc = cJSON_CreateObject();

    add_frame(doc, f);
    hf_json_add_bool(doc, "elevated", f->elevated);
    hf_json_add_int(doc, "time_limit_ms", f->order.time_limit);
    hf_json_add_int(doc, "restart_in_ms", f->order.restart_in);
    hf_json_add_bool(doc, "covers", f->order.covers);
    hf_json_add_str(doc, "boot_id", hf_facts_get(&f->pub.before, "boot.id"));
    add_params(doc, &f->order.params);
    add_modules(doc, &f->order);
    add_scripts(doc, f->driver, f->run->o.action);
    cJSON_AddItemToObject(doc, "before", hf_facts_to_json(&f->pub.before));
    return doc;
}

int
flow_from_intent(struct flow *f, const cJSON *intent, struct hf_err *err)
{
    const cJSON *params = hf_json_get(intent, "params"), *p;
    const char *from = hf_json_str(intent, "from");
    const char *to = hf_json_str(intent, "to");
    const char *broken = hf_json_str(intent, "broken_glass");

    if (hf_facts_from_json(&f->pub.before, hf_json_get(intent, "before"), err) <
        0)
        return hf_wrap(err, "intent of '%s'", f->pub.host->name);
    cJSON_ArrayForEach(p, params)
    {
        if (cJSON_IsString(p))
            hf_params_set(&f->order.params, p->string, p->valuestring);
    }
    read_modules(&f->order, hf_json_get(intent, "modules"));
    f->order.time_limit = hf_json_int(intent, "time_limit_ms", 0);
    f->order.restart_in = hf_json_int(intent, "restart_in_ms", 0);
    f->order.covers = hf_json_bool(intent, "covers", 0);
    f->job_end = hf_pace() + (f->order.time_limit > 0 ? f->order.time_limit
                                                      : f->run->o.times.host);
    f->order.action = f->run->o.action;
    f->elevated = hf_json_bool(intent, "elevated", 0);
    hf_say(f->pub.level_from, HF_WHY_LEN, "%s", from ? from : "");
    hf_say(f->pub.level_to, HF_WHY_LEN, "%s", to ? to : "");
    hf_say(f->pub.broken_glass, HF_WHY_LEN, "%s", broken ? broken : "");
    memcpy(f->order.level_from, f->pub.level_from, HF_WHY_LEN);
    memcpy(f->order.level_to, f->pub.level_to, HF_WHY_LEN);
    return HF_OK;
}

static void
add_connection(cJSON *doc, const struct flow *f)
{
    cJSON *obj = hf_json_add_obj(doc, "connection");

    hf_json_add_str(obj, "hostkey", f->pub.host->hostkey);
    hf_json_add_str(obj, "login_key", f->login_key);
    /* "": nothing was ever sent there */
    hf_json_add_str(obj, "outcome",
                    f->tag || f->net ? hf_net_outcome_names[f->net] : "");
    hf_json_add_int(obj, "connect_ms", f->connect_ms);
}

/* The proof that nothing restarted, beside the facts that hold it. */
static void
add_boot(cJSON *doc, const struct flow *f)
{
    const char *before = hf_facts_get(&f->pub.before, "boot.id");
    const char *after = hf_facts_get(&f->pub.after, "boot.id");
    cJSON *obj = hf_json_add_obj(doc, "boot_id");

    hf_json_add_str(obj, "before", before);
    hf_json_add_str(obj, "after", after);
}

static void
add_facts(cJSON *doc, const char *key, const struct hf_facts *facts)
{
    if (facts->len)
        cJSON_AddItemToObject(doc, key, hf_facts_to_json(facts));
}

static void
add_job(cJSON *doc, const struct flow *f)
{
    cJSON *obj;

    if (!f->intent_seq && !f->reattach)
        return;
    obj = hf_json_add_obj(doc, "job");
    hf_json_add_bool(obj, "started", f->started);
    hf_json_add_bool(obj, "failed", f->job_failed);
    if (f->job_failed)
        hf_json_add_str(obj, "error", f->job_error.text);
    add_facts(obj, "result", &f->result);
    if (f->log.len)
        hf_json_add_str(obj, "log", hf_buf_str(&f->log));
    hf_json_add_bool(obj, "recovered", f->reattach);
}

void
flow_keep_log(struct flow *f, const char *text)
{
    const char *from;

    hf_buf_puts(&f->log, text);
    if (f->log.len <= LOG_KEPT)
        return;
    /* from the first whole line that fits */
    from = hf_buf_str(&f->log) + f->log.len - LOG_KEPT;
    from = strchr(from, '\n') ? strchr(from, '\n') + 1 : from;
    while ((*from & 0xC0) == 0x80)
        from++; /* the rest of a character */
    f->log.len -= (size_t)(from - f->log.data);
    memmove(f->log.data, from, f->log.len + 1);
}

cJSON *
flow_evidence(const struct flow *f)
{
    cJSON *doc = cJSON_CreateObject();
    int acting = f->intent_seq || f->reattach;

    hf_json_add_str(doc, "schema", "hotfleet.evidence/1");
    add_frame(doc, f);
    hf_json_add_str(doc, "outcome", hf_outcome_names[f->pub.outcome]);
    hf_json_add_str(doc, "why", f->pub.why);
    if (f->pub.hint[0])
        hf_json_add_str(doc, "hint", f->pub.hint);
    hf_json_add_time(doc, "started", f->pub.started);
    hf_json_add_time(doc, "ended", f->pub.ended);
    add_connection(doc, f);
    if (acting) {
        add_params(doc, &f->order.params);
        add_modules(doc, &f->order);
        add_scripts(doc, f->driver, f->run->o.action);
    }
    if (f->intent_seq) { /* a recovered one has its price in the intent */
        cJSON_AddItemToObject(doc, "price", hf_price_to_json(&f->order.price));
        cJSON_AddItemToObject(doc, "undo", hf_price_to_json(&f->order.undo));
        hf_json_add_bool(doc, "staged", f->order.staged);
    }
    add_job(doc, f);
    add_boot(doc, f);
    add_facts(doc, "before", &f->pub.before);
    add_facts(doc, "after", &f->pub.after);
    cJSON_AddItemToObject(doc, "checks", hf_findings_to_json(&f->pub.findings));
    cJSON_AddItemToObject(doc, "criteria",
                          hf_findings_to_json(&f->pub.criteria));
    return doc;
}
