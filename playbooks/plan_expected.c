/*
 * What recorded facts let expect of a plan's hosts: what goes along with an
 * update that restarts, what stays behind, which kernel boots. It decides
 * nothing, so the plan's hash does not cover it.
 */
#include <stdlib.h>
#include <string.h>

#include "playbooks/plan_priv.h"

static void
add_text(cJSON *doc, const char *key, const char *text)
{
    if (text)
        hf_json_add_str(doc, key, text);
}

void
plan_expected_add(cJSON *doc, const struct hf_plan *plan)
{
    cJSON *list = hf_json_add_arr(doc, "expected"), *one;

    for (size_t i = 0; i < plan->hosts_len; i++) {
        const struct hf_plan_host *h = &plan->hosts[i];

        if (!h->note && !h->staged && !h->restart_update)
            continue;
        one = cJSON_CreateObject();
        hf_json_add_str(one, "name", h->name);
        add_text(one, "note", h->note);
        hf_json_add_bool(one, "staged", h->staged);
        if (h->restart_update) {
            plan_texts_add(one, "along", h->along);
            if (h->offers_why)
                hf_json_add_str(one, "stays_unknown", h->offers_why);
            else
                plan_texts_add(one, "stays", h->stays);
        }
        cJSON_AddItemToArray(list, one);
    }
}

static const char *
keep(struct hf_plan *plan, const cJSON *doc, const char *key)
{
    const char *text = hf_json_str(doc, key);

    return text ? hf_arena_strdup(plan->arena, text) : NULL;
}

/* Documents of before may have none. */
void
plan_expected_read(struct hf_plan *plan, const cJSON *doc)
{
    const cJSON *list = hf_json_get(doc, "expected"), *item;

    cJSON_ArrayForEach(item, list)
    {
        const char *name = hf_json_str(item, "name");
        int at = name ? hf_plan_find(plan, name) : -1;
        struct hf_plan_host *h = at < 0 ? NULL : &plan->hosts[at];

        if (!h)
            continue;
        h->note = keep(plan, item, "note");
        h->staged = (uint8_t)hf_json_bool(item, "staged", 0);
        h->along = plan_texts_read(plan->arena, item, "along");
        h->stays = plan_texts_read(plan->arena, item, "stays");
        h->offers_why = keep(plan, item, "stays_unknown");
    }
}

/* ---- summed up ---- */

void
hf_plan_offers_count(struct hf_plan_offers *out, const char *kb, int along)
{
    struct hf_plan_beside *o = NULL;

    for (size_t i = 0; i < out->len && !o; i++) {
        if (out->v[i].along == along && strcmp(out->v[i].kb, kb) == 0)
            o = &out->v[i];
    }
    if (!o) {
        o = HF_PUSH(&out->v, &out->len, &out->cap);
        o->kb = kb;
        o->along = along;
    }
    o->hosts++;
}

static void
count_kbs(struct hf_plan_offers *out, const char *const *kbs, int along)
{
    for (; kbs && *kbs; kbs++)
        hf_plan_offers_count(out, *kbs, along);
}

static int
compare(const void *a, const void *b)
{
    const struct hf_plan_beside *x = a, *y = b;

    return x->along != y->along ? y->along - x->along : strcmp(x->kb, y->kb);
}

void
hf_plan_offers_sort(struct hf_plan_offers *out)
{
    if (out->len)
        qsort(out->v, out->len, sizeof(*out->v), compare);
}

void
hf_plan_offers(struct hf_plan_offers *out, const struct hf_plan *plan)
{
    *out = (struct hf_plan_offers){0};
    for (size_t i = 0; i < plan->hosts_len; i++) {
        const struct hf_plan_host *h = &plan->hosts[i];

        out->staged += h->staged;
        if (!h->restart_update)
            continue;
        count_kbs(out, h->along, 1);
        count_kbs(out, h->stays, 0);
        out->unknown += h->offers_why != NULL;
        out->why = out->why ? out->why : h->offers_why;
    }
    hf_plan_offers_sort(out);
}
