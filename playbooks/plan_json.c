/* Plans as documents, and the hash over what decides. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/names.h"
#include "backend/base/sha256.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "playbooks/plan_priv.h"
#include "playbooks/playbook.h"

#define SCHEMA "hotfleet.plan/1"

/* ---- out ---- */

static void
add_text(cJSON *doc, const char *key, const char *text)
{
    if (text && *text)
        hf_json_add_str(doc, key, text);
}

static cJSON *
host_json(const struct hf_plan *plan, const struct hf_plan_host *h)
{
    cJSON *out = cJSON_CreateObject(), *list;

    hf_json_add_str(out, "name", h->name);
    hf_json_add_str(out, "ring", plan->playbook.rings[h->ring].name);
    hf_json_add_int(out, "batch", h->batch + 1);
    add_text(out, "product", h->product);
    add_text(out, "from", h->from);
    add_text(out, "to", h->to);
    plan_texts_add(out, "releases", h->releases);
    hf_json_add_str(out, "restart", hf_restart_names[h->restart]);
    hf_json_add_int(out, "minutes", h->minutes);
    hf_json_add_str(out, "undo_restart", hf_restart_names[h->undo_restart]);
    hf_json_add_int(out, "undo_minutes", h->undo_minutes);
    if (h->restart_update)
        hf_json_add_str(out, "group", HF_GROUP_RESTART_UPDATE);
    if (h->intermittent)
        hf_json_add_bool(out, "intermittent", 1);
    if (h->domains) {
        list = hf_json_add_arr(out, "domains");
        for (size_t i = 0; i < plan->playbook.limits.per_domain_len; i++)
            cJSON_AddItemToArray(list, cJSON_CreateNumber(h->domains[i]));
    }
    hf_json_add_str(out, "settings", h->settings);
    return out;
}

static void
add_left_out(cJSON *doc, const struct hf_plan *plan)
{
    cJSON *list = hf_json_add_arr(doc, "left_out"), *one;

    for (size_t i = 0; i < plan->left_out_len; i++) {
        const struct hf_plan_left_out *l = &plan->left_out[i];

        one = cJSON_CreateObject();
        hf_json_add_str(one, "name", l->name);
        add_text(one, "ring", l->ring);
        hf_json_add_str(one, "outcome", hf_outcome_names[l->outcome]);
        add_text(one, "why", l->why);
        cJSON_AddItemToArray(list, one);
    }
}

static void
add_rings(cJSON *doc, const struct hf_plan *plan)
{
    cJSON *list = hf_json_add_arr(doc, "rings"), *one, *controls;

    for (size_t i = 0; i < plan->playbook.rings_len; i++) {
        one = cJSON_CreateObject();
        hf_json_add_str(one, "name", plan->playbook.rings[i].name);
        hf_json_add_int(one, "hosts", (int64_t)plan->rings[i].len);
        hf_json_add_int(one, "batches", (int64_t)plan->rings[i].batches);
        controls = hf_json_add_arr(one, "controls");
        for (size_t k = 0; k < plan->controls_len; k++) {
            if (plan->controls[k].ring == i)
                hf_json_push_str(controls, plan->controls[k].name);
        }
        cJSON_AddItemToArray(list, one);
    }
}

static void
add_gaps(cJSON *doc, const struct hf_plan *plan)
{
    cJSON *list = hf_json_add_arr(doc, "gaps"), *one;

    for (size_t i = 0; i < plan->gaps_len; i++) {
        one = cJSON_CreateObject();
        hf_json_add_str(one, "what", plan->gaps[i].what);
        hf_json_add_str(one, "value", plan->gaps[i].value);
        hf_json_add_str(one, "ring", plan->gaps[i].ring);
        hf_json_add_int(one, "hosts", (int64_t)plan->gaps[i].hosts);
        cJSON_AddItemToArray(list, one);
    }
}

/* What the hash covers: content, not commits. */
static cJSON *
what_decides(const struct hf_plan *plan)
{
    cJSON *doc = cJSON_CreateObject(), *list;

    hf_json_add_str(doc, "fleet", plan->fleet);
    hf_json_add_bool(doc, "simulated", plan->simulated);
    hf_json_add_str(doc, "name", plan->playbook.name);
    cJSON_AddItemToObject(doc, "playbook",
                          hf_playbook_to_json(&plan->playbook));
    add_text(doc, "change", plan->change);
    if (plan->origin.how != HF_PLAN_ALONE)
        cJSON_AddItemToObject(doc, "after", hf_plan_origin_json(&plan->origin));
    add_text(doc, "catalogue", plan->catalogue);
    add_text(doc, "calendar", plan->calendar);
    plan_texts_add(doc, "releases", plan->releases);
    add_rings(doc, plan);
    list = hf_json_add_arr(doc, "hosts");
    for (size_t i = 0; i < plan->hosts_len; i++)
        cJSON_AddItemToArray(list, host_json(plan, &plan->hosts[i]));
    hf_json_add_int(doc, "domain_values", (int64_t)plan->domain_values);
    return doc;
}

static void
hash_of(char out[HF_SHA256_HEX], const cJSON *decides)
{
    char *text = hf_json_canonical(decides);

    hf_sha256_hex(out, text, strlen(text));
    free(text);
}

void
hf_plan_seal(struct hf_plan *plan)
{
    cJSON *doc = what_decides(plan);

    hash_of(plan->hash, doc);
    cJSON_Delete(doc);
}

cJSON *
hf_plan_to_json(const struct hf_plan *plan)
{
    cJSON *doc = cJSON_CreateObject();

    hf_json_add_str(doc, "schema", SCHEMA);
    hf_json_add_str(doc, "id", plan->id);
    hf_json_add_str(doc, "hash", plan->hash);
    hf_json_add_time(doc, "created", plan->created);
    hf_json_add_str(doc, "operator", plan->operator_);
    hf_json_add_str(doc, "inventory", plan->inventory);
    hf_json_add_str(doc, "playbook_blob", plan->playbook_blob);
    cJSON_AddItemToObject(doc, "decides", what_decides(plan));
    add_left_out(doc, plan);
    cJSON_AddItemToObject(doc, "price", plan_price_json(&plan->price));
    add_gaps(doc, plan);
    plan_expected_add(doc, plan);
    return doc;
}

/* ---- back ---- */

struct reading {
    struct hf_plan *plan;
    struct hf_err *err;
    int rc; /* the first failure */
};

static const char *
text_of(struct reading *r, const cJSON *doc, const char *key, int required)
{
    const char *text = NULL;

    if (r->rc < 0 || (!required && !hf_json_str(doc, key)))
        return NULL;
    r->rc = hf_json_want_str(&text, doc, key, r->err);
    return text ? hf_arena_strdup(r->plan->arena, text) : NULL;
}

static int64_t
int_of(struct reading *r, const cJSON *doc, const char *key, int64_t max)
{
    int64_t n = 0;

    if (r->rc == HF_OK)
        r->rc = hf_json_want_int(&n, doc, key, 0, max, r->err);
    return n;
}

static int
word_of(struct reading *r, const cJSON *doc, const char *key,
        const char *const *names)
{
    const char *text = text_of(r, doc, key, 1);
    int n = text ? hf_name_index(names, text) : -1;

    if (text && n < 0 && r->rc == HF_OK)
        r->rc =
            hf_fail(r->err, HF_EINVALID, "'%s': unknown word '%s'", key, text);
    return n < 0 ? 0 : n;
}

static int
ring_of(struct reading *r, const char *name)
{
    const struct hf_playbook *pb = &r->plan->playbook;

    for (size_t i = 0; name && i < pb->rings_len; i++) {
        if (strcmp(pb->rings[i].name, name) == 0)
            return (int)i;
    }
    if (r->rc == HF_OK)
        r->rc = hf_fail(r->err, HF_EINVALID, "no ring '%s'", name ? name : "");
    return 0;
}

static void
read_hash(struct reading *r, char *out, const cJSON *doc, const char *key)
{
    const char *text = text_of(r, doc, key, 0);

    out[0] = '\0';
    if (text && hf_sha256_is_hex(text))
        memcpy(out, text, 65);
    else if (text && r->rc == HF_OK)
        r->rc = hf_fail(r->err, HF_EINVALID, "'%s' is no SHA-256", key);
}

static void
read_playbook(struct reading *r, const cJSON *doc)
{
    const cJSON *pb = hf_json_get(doc, "playbook");
    const char *name = text_of(r, doc, "name", 1);
    struct hf_problems problems = {0};
    char *text;

    if (r->rc < 0)
        return;
    text = hf_json_print(pb);
    r->rc = hf_playbook_parse(&r->plan->playbook, r->plan->arena, name, text,
                              strlen(text), NULL, NULL, &problems, r->err);
    hf_problems_release(&problems);
    free(text);
}

static void
read_domains(struct reading *r, struct hf_plan_host *h, const cJSON *doc)
{
    size_t n = r->plan->playbook.limits.per_domain_len, i = 0;
    int32_t *v = hf_arena_alloc(r->plan->arena, (n + 1) * sizeof(*v));
    const cJSON *list = hf_json_get(doc, "domains"), *item;

    h->domains = n ? v : NULL;
    cJSON_ArrayForEach(item, list)
    {
        if (i < n)
            v[i++] = (int32_t)item->valuedouble;
    }
    for (i = 0; i < n; i++) {
        if (v[i] >= (int32_t)r->plan->domain_values || v[i] < -1)
            r->rc =
                hf_fail(r->err, HF_EINVALID, "'domains' of host '%s'", h->name);
    }
}

static void
read_host(struct reading *r, struct hf_plan_host *h, const cJSON *doc)
{
    h->name = text_of(r, doc, "name", 1);
    h->settings = text_of(r, doc, "settings", 1);
    h->product = text_of(r, doc, "product", 0);
    h->from = text_of(r, doc, "from", 0);
    h->to = text_of(r, doc, "to", 0);
    h->releases = plan_texts_read(r->plan->arena, doc, "releases");
    h->ring = (uint16_t)ring_of(r, hf_json_str(doc, "ring"));
    h->batch = (uint16_t)(int_of(r, doc, "batch", 65535) - 1);
    h->restart = (uint8_t)word_of(r, doc, "restart", hf_restart_names);
    h->undo_restart =
        (uint8_t)word_of(r, doc, "undo_restart", hf_restart_names);
    h->minutes = (uint16_t)int_of(r, doc, "minutes", 65535);
    h->undo_minutes = (uint16_t)int_of(r, doc, "undo_minutes", 65535);
    h->restart_update = hf_json_str(doc, "group") != NULL;
    h->intermittent = (uint8_t)hf_json_bool(doc, "intermittent", 0);
    if (r->rc == HF_OK)
        read_domains(r, h, doc);
}

static void
read_controls(struct reading *r, const cJSON *ring, uint16_t index)
{
    const cJSON *list = hf_json_get(ring, "controls"), *item;

    cJSON_ArrayForEach(item, list)
    {
        struct hf_plan_control *c = &r->plan->controls[r->plan->controls_len++];

        c->name = hf_arena_strdup(r->plan->arena,
                                  item->valuestring ? item->valuestring : "");
        c->ring = index;
    }
}

/* How many names stand in the lists `key` of the rings. */
static size_t
count_controls(const cJSON *rings)
{
    const cJSON *ring;
    size_t n = 0;

    cJSON_ArrayForEach(ring, rings) n +=
        (size_t)cJSON_GetArraySize(hf_json_get(ring, "controls"));
    return n;
}

static void
read_rings(struct reading *r, const cJSON *doc)
{
    const cJSON *rings = hf_json_get(doc, "rings"), *ring;
    struct hf_plan *plan = r->plan;
    size_t first = 0, i = 0;

    plan->rings = hf_arena_alloc(plan->arena, (plan->playbook.rings_len + 1) *
                                                  sizeof(*plan->rings));
    plan->controls = hf_arena_alloc(plan->arena, (count_controls(rings) + 1) *
                                                     sizeof(*plan->controls));
    cJSON_ArrayForEach(ring, rings)
    {
        if (i >= plan->playbook.rings_len || r->rc < 0)
            break;
        plan->rings[i].first = first;
        plan->rings[i].len = (size_t)int_of(r, ring, "hosts", 1000000);
        plan->rings[i].batches = (size_t)int_of(r, ring, "batches", 65535);
        first += plan->rings[i].len;
        read_controls(r, ring, (uint16_t)i++);
    }
    if (r->rc == HF_OK &&
        (i != plan->playbook.rings_len || first != plan->hosts_len))
        r->rc = hf_fail(r->err, HF_EINVALID, "rings and hosts do not agree");
}

static void
read_hosts(struct reading *r, const cJSON *doc)
{
    const cJSON *list = hf_json_get(doc, "hosts"), *item;
    size_t n = (size_t)cJSON_GetArraySize(list);

    r->plan->hosts =
        hf_arena_alloc(r->plan->arena, (n + 1) * sizeof(*r->plan->hosts));
    cJSON_ArrayForEach(item, list)
        read_host(r, &r->plan->hosts[r->plan->hosts_len++], item);
}

static void
read_left_out(struct reading *r, const cJSON *doc)
{
    const cJSON *list = hf_json_get(doc, "left_out"), *item;
    size_t n = (size_t)cJSON_GetArraySize(list);

    r->plan->left_out =
        hf_arena_alloc(r->plan->arena, (n + 1) * sizeof(*r->plan->left_out));
    cJSON_ArrayForEach(item, list)
    {
        struct hf_plan_left_out *l =
            &r->plan->left_out[r->plan->left_out_len++];

        l->name = text_of(r, item, "name", 1);
        l->ring = text_of(r, item, "ring", 0);
        l->outcome = word_of(r, item, "outcome", hf_outcome_names);
        l->why = text_of(r, item, "why", 0);
    }
}

static void
read_gaps(struct reading *r, const cJSON *doc)
{
    const cJSON *list = hf_json_get(doc, "gaps"), *item;
    size_t n = (size_t)cJSON_GetArraySize(list);

    r->plan->gaps =
        hf_arena_alloc(r->plan->arena, (n + 1) * sizeof(*r->plan->gaps));
    cJSON_ArrayForEach(item, list)
    {
        struct hf_plan_gap *g = &r->plan->gaps[r->plan->gaps_len++];

        g->what = text_of(r, item, "what", 1);
        g->value = text_of(r, item, "value", 1);
        g->ring = text_of(r, item, "ring", 1);
        g->hosts = (size_t)int_of(r, item, "hosts", 1000000);
    }
}

static void
read_head(struct reading *r, const cJSON *doc)
{
    struct hf_plan *plan = r->plan;
    const char *text;

    if ((text = text_of(r, doc, "id", 1)) != NULL && hf_run_id_valid(text))
        hf_say(plan->id, sizeof(plan->id), "%s", text);
    else if (r->rc == HF_OK)
        r->rc = hf_fail(r->err, HF_EINVALID, "'id' is no id");
    if ((text = text_of(r, doc, "created", 1)) != NULL)
        (void)hf_time_parse(&plan->created, text);
    plan->operator_ = text_of(r, doc, "operator", 0);
    if ((text = text_of(r, doc, "inventory", 1)) != NULL)
        hf_say(plan->inventory, sizeof(plan->inventory), "%s", text);
    if ((text = text_of(r, doc, "playbook_blob", 1)) != NULL)
        hf_say(plan->playbook_blob, sizeof(plan->playbook_blob), "%s", text);
}

static void
read_what_decides(struct reading *r, const cJSON *doc)
{
    struct hf_plan *plan = r->plan;

    plan->fleet = text_of(r, doc, "fleet", 1);
    plan->change = text_of(r, doc, "change", 0);
    if (r->rc == HF_OK && hf_json_get(doc, "after"))
        r->rc = plan_origin_read(&plan->origin, plan->arena,
                                 hf_json_get(doc, "after"), r->err);
    plan->simulated = hf_json_bool(doc, "simulated", 0);
    plan->domain_values = (size_t)int_of(r, doc, "domain_values", 1000000);
    read_hash(r, plan->catalogue, doc, "catalogue");
    read_hash(r, plan->calendar, doc, "calendar");
    read_playbook(r, doc);
    if (r->rc < 0)
        return;
    read_hosts(r, doc);
    read_rings(r, doc);
    r->plan->releases = plan_texts_read(r->plan->arena, doc, "releases");
}

static void
check_hash(struct reading *r, const cJSON *doc)
{
    char hash[HF_SHA256_HEX];

    read_hash(r, r->plan->hash, doc, "hash");
    if (r->rc < 0)
        return;
    hash_of(hash, hf_json_get(doc, "decides"));
    if (strcmp(hash, r->plan->hash) != 0)
        r->rc = hf_fail(r->err, HF_EINVALID,
                        "its content does not fit its hash: it was changed");
}

int
hf_plan_from_json(struct hf_plan **out, const cJSON *doc, struct hf_err *err)
{
    struct reading r = {.plan = HF_NEW(struct hf_plan), .err = err};
    const cJSON *decides = hf_json_get(doc, "decides");

    *out = NULL;
    r.plan->arena = hf_arena_new();
    if (!cJSON_IsObject(decides))
        r.rc = hf_fail(err, HF_EINVALID, "no \"decides\"");
    if (r.rc == HF_OK) {
        check_hash(&r, doc);
        read_head(&r, doc);
    }
    if (r.rc == HF_OK)
        read_what_decides(&r, decides);
    if (r.rc == HF_OK) {
        read_left_out(&r, doc);
        plan_price_read(&r.plan->price, r.plan->arena,
                        hf_json_get(doc, "price"));
        read_gaps(&r, doc);
        hf_plan_index(r.plan);
        plan_expected_read(r.plan, doc);
    }
    if (r.rc == HF_OK) {
        *out = r.plan;
        return HF_OK;
    }
    hf_plan_free(r.plan);
    return hf_wrap(err, "plan");
}
