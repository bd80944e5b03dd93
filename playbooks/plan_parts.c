/* Parts of a plan: settings of hosts, failure domains, releases, gaps. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/sha256.h"
#include "backend/base/text.h"
#include "playbooks/plan_priv.h"

/* ---- settings ---- */

static void
add_text(cJSON *doc, const char *key, const char *text)
{
    if (text)
        hf_json_add_str(doc, key, text);
}

static void
add_login(cJSON *doc, const char *key, const struct hf_login *login)
{
    cJSON *out = hf_json_add_obj(doc, key);

    add_text(out, "user", login->user);
    add_text(out, "identity", login->identity);
}

static void
add_pairs(cJSON *doc, const char *key, const struct hf_pairs *pairs)
{
    cJSON *out = hf_json_add_obj(doc, key);

    for (size_t i = 0; i < pairs->len; i++)
        hf_json_add_str(out, pairs->v[i].key, pairs->v[i].value);
}

static void
add_health(cJSON *doc, const struct hf_host *h)
{
    cJSON *list = hf_json_add_arr(doc, "health"), *one;

    for (size_t i = 0; i < h->health_len; i++) {
        one = cJSON_CreateObject();
        add_text(one, "name", h->health[i].name);
        add_text(one, "unit", h->health[i].unit);
        hf_json_add_int(one, "port", h->health[i].port);
        cJSON_AddItemToArray(list, one);
    }
}

const char *
plan_settings(struct hf_arena *arena, const struct hf_host *h)
{
    cJSON *doc = cJSON_CreateObject();
    char hash[HF_SHA256_HEX], *text;

    add_text(doc, "name", h->name);
    add_text(doc, "address", h->address);
    hf_json_add_int(doc, "port", h->port);
    add_login(doc, "check", &h->check);
    add_login(doc, "act", &h->act);
    add_text(doc, "hostkey", h->hostkey);
    add_text(doc, "platform", h->platform);
    add_text(doc, "product", h->product);
    add_text(doc, "ring", h->ring);
    add_text(doc, "site", h->site);
    add_text(doc, "timezone", h->timezone);
    add_text(doc, "jump", h->jump);
    add_pairs(doc, "domains", &h->domains);
    add_health(doc, h);
    text = hf_json_canonical(doc);
    hf_sha256_hex(hash, text, strlen(text));
    free(text);
    cJSON_Delete(doc);
    return hf_arena_strdup(arena, hash);
}

/* ---- failure domains ---- */

int32_t
plan_domain_value(struct hf_strs *values, const char *domain,
                  const struct hf_host *h)
{
    const char *value = hf_pairs_get(&h->domains, domain);
    char *text;
    size_t i;

    if (!value)
        return -1;
    text = hf_xasprintf("%s=%s", domain, value);
    for (i = 0; i < values->len && strcmp(values->v[i], text) != 0; i++)
        continue;
    if (i == values->len)
        hf_strs_add(values, text);
    free(text);
    return (int32_t)i;
}

/* ---- releases ---- */

const char *const *
plan_keep_names(struct hf_arena *arena, const struct hf_strs *names)
{
    const char **v = hf_arena_alloc(arena, (names->len + 1) * sizeof(*v));

    for (size_t i = 0; i < names->len; i++)
        v[i] = hf_arena_strdup(arena, names->v[i]);
    return v;
}

void
plan_texts_add(cJSON *doc, const char *key, const char *const *texts)
{
    cJSON *list = hf_json_add_arr(doc, key);

    for (; texts && *texts; texts++)
        hf_json_push_str(list, *texts);
}

const char *const *
plan_texts_read(struct hf_arena *arena, const cJSON *doc, const char *key)
{
    const cJSON *list = hf_json_get(doc, key), *item;
    size_t n = (size_t)cJSON_GetArraySize(list), i = 0;
    const char **v = hf_arena_alloc(arena, (n + 1) * sizeof(*v));

    cJSON_ArrayForEach(item, list)
    {
        if (item->valuestring)
            v[i++] = hf_arena_strdup(arena, item->valuestring);
    }
    return v;
}

void
plan_fill_releases(struct hf_plan *plan)
{
    struct hf_strs all = {0};

    for (size_t i = 0; i < plan->hosts_len; i++) {
        const struct hf_plan_host *h = &plan->hosts[i];
        char *text;

        if (!h->to)
            continue; /* it is only looked at */
        text = hf_xasprintf("%s %s", h->product ? h->product : "?", h->to);
        if (!hf_strs_has(&all, text))
            hf_strs_add(&all, text);
        free(text);
    }
    hf_strs_sort(&all);
    plan->releases = plan_keep_names(plan->arena, &all);
    hf_strs_release(&all);
}

/* ---- gaps ---- */

/* A value of a field and the first ring that holds it. */
struct seen {
    const struct hf_selector_field *field;
    const char *key;
    char *value;
    size_t ring, hosts;
};
struct seens {
    struct seen *v;
    size_t len, cap;
};

/* "product", "tag", "attr.role": the field and the key behind its dot. */
static const struct hf_selector_field *
find_field(const char *name, const char **key)
{
    size_t n = strcspn(name, ".");

    *key = name[n] ? name + n + 1 : NULL;
    for (const struct hf_selector_field *f = hf_selector_fields; f->name; f++) {
        if (strncmp(f->name, name, n) == 0 &&
            (f->name[n] == '\0' || f->name[n] == '.') && f->value)
            return f;
    }
    return NULL;
}

static void
see(struct seens *all, const struct hf_selector_field *field, const char *key,
    const char *value, size_t ring)
{
    struct seen *s;

    for (size_t i = 0; i < all->len; i++) {
        s = &all->v[i];
        if (s->field == field && strcmp(s->value, value) == 0) {
            s->hosts += s->ring == ring;
            return;
        }
    }
    s = HF_PUSH(&all->v, &all->len, &all->cap);
    *s = (struct seen){field, key, hf_xstrdup(value), ring, 1};
}

static void
see_plan(struct seens *all, const char *name, const struct hf_plan *plan,
         struct hf_session *s)
{
    const char *key, *value;
    const struct hf_selector_field *field = find_field(name, &key);

    for (size_t i = 0; field && i < plan->hosts_len; i++) {
        const struct hf_state *st = hf_session_state(s, plan->hosts[i].name);

        for (size_t k = 0; (value = field->value(st, key, k)) != NULL; k++)
            see(all, field, key, value, plan->hosts[i].ring);
    }
}

static const char *const always[] = {"product", "tag", "attr.role", NULL};

static size_t
first_ring(const struct hf_plan *plan)
{
    size_t i = 0;

    while (i < plan->playbook.rings_len && !plan->rings[i].len)
        i++;
    return i;
}

static void
add_gaps(struct hf_plan *plan, const char *name, struct hf_session *s)
{
    struct seens all = {0};
    struct hf_plan_gap *old = plan->gaps;

    see_plan(&all, name, plan, s);
    plan->gaps = hf_arena_alloc(plan->arena, (plan->gaps_len + all.len + 1) *
                                                 sizeof(*plan->gaps));
    if (old)
        memcpy(plan->gaps, old, plan->gaps_len * sizeof(*old));
    for (size_t i = 0; i < all.len; i++) {
        if (all.v[i].ring > first_ring(plan))
            plan->gaps[plan->gaps_len++] = (struct hf_plan_gap){
                hf_arena_strdup(plan->arena, name),
                hf_arena_strdup(plan->arena, all.v[i].value),
                plan->playbook.rings[all.v[i].ring].name, all.v[i].hosts};
        free(all.v[i].value);
    }
    free(all.v);
}

void
plan_fill_gaps(struct hf_plan *plan, struct hf_session *s)
{
    const char *const *wanted = plan->playbook.represent;

    for (; wanted && *wanted; wanted++)
        add_gaps(plan, *wanted, s);
    if (plan->playbook.represent)
        return;
    for (size_t i = 0; always[i]; i++)
        add_gaps(plan, always[i], s);
}

int
plan_check_gaps(const struct hf_plan *plan, struct hf_err *err)
{
    const struct hf_plan_gap *g = plan->gaps;

    if (!plan->playbook.represent || !plan->gaps_len)
        return HF_OK;
    (void)hf_fail(err, HF_EREFUSED,
                  "ring '%s' holds %s '%s' (%zu host%s), no ring before it "
                  "does",
                  g->ring, g->what, g->value, g->hosts, hf_plural(g->hosts));
    return hf_hint(err, "put such a host into an earlier ring, or take it out "
                        "of \"require_representation\"");
}
