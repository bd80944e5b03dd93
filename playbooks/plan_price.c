/*
 * What a plan costs beyond its restarts: vulnerabilities that it closes or
 * opens again, what else drivers say, and how long taking something back took
 * before.
 */
#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"
#include "playbooks/durations.h"
#include "playbooks/plan_priv.h"

#define MINUTE 60000

/* ---- what is lost or gained ---- */

static void
add_once(struct hf_strs *to, const char *text)
{
    if (*text && !hf_strs_has(to, text))
        hf_strs_add(to, text);
}

/* Hosts that go from one level to the same other one cost the same. */
void
plan_add_price(struct plan_making *m, const struct hf_order *o)
{
    struct plan_price *p = &m->price;
    char *pair = hf_xasprintf("%s > %s", o->level_from, o->level_to);

    if (!hf_strs_has(&p->seen, pair)) {
        hf_strs_add(&p->seen, pair);
        for (size_t i = 0; i < o->price.cves.len; i++)
            add_once(&p->cves, o->price.cves.v[i]);
        add_once(&p->notes, o->price.note);
    }
    free(pair);
}

static size_t
count_exploited(const struct hf_catalogue *c, const struct hf_strs *cves)
{
    size_t n = 0;

    for (size_t i = 0; c && i < cves->len; i++) {
        const struct hf_cve *cve = hf_catalogue_cve(c, cves->v[i]);

        n += cve && cve->exploited;
    }
    return n;
}

void
plan_fill_price(struct plan_making *m)
{
    struct hf_plan_price *out = &m->plan->price;
    struct plan_price *p = &m->price;

    hf_strs_sort(&p->cves);
    out->exploited = count_exploited(m->fleet->catalogue, &p->cves);
    out->cves = plan_keep_names(m->plan->arena, &p->cves);
    out->notes = plan_keep_names(m->plan->arena, &p->notes);
}

void
plan_price_release(struct plan_price *p)
{
    hf_strs_release(&p->seen);
    hf_strs_release(&p->cves);
    hf_strs_release(&p->notes);
}

cJSON *
plan_price_json(const struct hf_plan_price *p)
{
    cJSON *doc = cJSON_CreateObject();

    plan_texts_add(doc, "cves", p->cves);
    hf_json_add_int(doc, "exploited", (int64_t)p->exploited);
    plan_texts_add(doc, "notes", p->notes);
    return doc;
}

void
plan_price_read(struct hf_plan_price *out, struct hf_arena *arena,
                const cJSON *doc)
{
    out->cves = plan_texts_read(arena, doc, "cves");
    out->exploited = (size_t)hf_json_int(doc, "exploited", 0);
    out->notes = plan_texts_read(arena, doc, "notes");
}

/* ---- how long it took before ---- */

void
plan_measure_past(struct plan_making *m)
{
    struct hf_err ignored = HF_ERR_INIT; /* then the drivers' guess stands */

    if (m->pb->kind == HF_PLAYBOOK_ROLLBACK ||
        m->pb->kind == HF_PLAYBOOK_REBOOT || m->updates.to_do)
        (void)hf_durations_open(&m->durations, m->s, &ignored);
}

int
plan_minutes(const struct plan_making *m, const struct hf_order *o)
{
    const struct hf_duration_of of = {
        .action = o->action, .restart = o->price.restart, .staged = o->staged};
    int64_t took = m->durations ? hf_durations_mean(m->durations, &of) : 0;

    return took ? (int)((took + MINUTE - 1) / MINUTE) : o->price.minutes;
}
