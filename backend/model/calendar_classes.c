/* Which rules name which hosts: hosts with equal answers share a class. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"
#include "backend/model/calendar_lines.h"
#include "backend/model/selector.h"

struct classify {
    const struct hf_calendar *cal;
    const struct hf_fleet *fleet;
    struct hf_arena *arena;
    uint32_t *class_of;
    struct hf_host_class *v;
    size_t len, cap;
    unsigned char *named; /* by the rule in hand: one byte a host */
};

/* ---- classes ---- */

static uint32_t
add_class(struct classify *c, const struct hf_host_class *like)
{
    *HF_PUSH(&c->v, &c->len, &c->cap) = *like;
    return (uint32_t)c->len - 1;
}

static void
add_rule(struct classify *c, struct hf_host_class *k,
         const struct hf_rule *rule)
{
    size_t n = k->len[rule->kind]++;
    const struct hf_rule **v = hf_arena_alloc(c->arena, (n + 1) * sizeof(*v));

    if (n)
        memcpy(v, k->rules[rule->kind], n * sizeof(*v));
    v[n] = rule;
    k->rules[rule->kind] = v;
}

/* Those of each class that the rule names become a class of their own. */
static void
split(struct classify *c, const struct hf_rule *rule)
{
    size_t before = c->len;
    uint32_t *split_to = hf_xcalloc(before + 1, sizeof(*split_to));

    hf_scope_mark(c->named, &rule->scope, c->fleet);
    for (size_t i = 0; i < c->fleet->hosts_len; i++) {
        uint32_t old = c->class_of[i];

        if (!c->named[i])
            continue;
        if (!split_to[old]) {
            struct hf_host_class k = c->v[old];

            add_rule(c, &k, rule);
            split_to[old] = add_class(c, &k);
        }
        c->class_of[i] = split_to[old];
    }
    free(split_to);
}

/* ---- clocks ---- */

static const struct hf_zone *
find_zone(const struct hf_calendar *cal, const char *name)
{
    for (size_t i = 0; name && i < cal->zones_len; i++) {
        if (strcmp(hf_zone_name(cal->zones[i]), name) == 0)
            return cal->zones[i];
    }
    return NULL;
}

static void
host_clock(struct classify *c, const struct hf_host *host,
           struct hf_host_class *k)
{
    const struct hf_calendar *cal = c->cal;
    char *source;

    *k = (struct hf_host_class){.zone = find_zone(cal, host->timezone),
                                .zone_source = "host"};
    for (size_t i = 0; !k->zone && host->site && i < cal->sites_len; i++) {
        if (hf_text_casecmp(cal->sites[i].site, host->site) != 0)
            continue;
        k->zone = cal->sites[i].zone;
        source = hf_xasprintf("site '%s'", host->site);
        k->zone_source = hf_arena_intern(c->arena, source);
        free(source);
    }
    if (!k->zone) {
        k->zone = cal->zone ? cal->zone : cal->utc;
        k->zone_source = cal->zone ? "calendar.json" : "nobody: UTC";
    }
}

/* Hosts that share the texts have the same clock: most follow one another. */
static void
start_classes(struct classify *c)
{
    for (size_t i = 0; i < c->fleet->hosts_len; i++) {
        const struct hf_host *h = &c->fleet->hosts[i];
        struct hf_host_class k;
        size_t j = 0;

        if (i && h[-1].timezone == h->timezone && h[-1].site == h->site) {
            c->class_of[i] = c->class_of[i - 1];
            continue;
        }
        host_clock(c, h, &k);
        while (j < c->len && (c->v[j].zone != k.zone ||
                              strcmp(c->v[j].zone_source, k.zone_source) != 0))
            j++;
        c->class_of[i] = j < c->len ? (uint32_t)j : add_class(c, &k);
    }
}

/* Classes whose hosts have all gone to others are none. */
static void
drop_empty(struct classify *c)
{
    uint32_t *place = hf_xcalloc(c->len + 1, sizeof(*place)), n = 0;

    for (size_t i = 0; i < c->fleet->hosts_len; i++)
        place[c->class_of[i]] = 1;
    for (size_t i = 0; i < c->len; i++) {
        if (!place[i])
            continue;
        c->v[n] = c->v[i];
        place[i] = n++;
    }
    for (size_t i = 0; i < c->fleet->hosts_len; i++)
        c->class_of[i] = place[c->class_of[i]];
    c->len = n;
    free(place);
}

void
hf_calendar_classify(struct hf_calendar_index *index,
                     const struct hf_calendar *cal, struct hf_arena *arena)
{
    struct classify c = {.cal = cal, .fleet = index->fleet, .arena = arena};
    struct hf_host_class *classes;

    c.class_of =
        hf_arena_alloc(arena, (c.fleet->hosts_len + 1) * sizeof(*c.class_of));
    c.named = hf_xcalloc(c.fleet->hosts_len + 1, 1);
    start_classes(&c);
    for (size_t i = 0; i < cal->rules_len; i++)
        split(&c, &cal->rules[i]);
    drop_empty(&c);
    classes = hf_arena_alloc(arena, (c.len + 1) * sizeof(*classes));
    if (c.len)
        memcpy(classes, c.v, c.len * sizeof(*classes));
    index->class_of = c.class_of;
    index->classes = classes;
    index->classes_len = c.len;
    free(c.v);
    free(c.named);
}
