/* Loading calendar.json, the clocks it names and the iCalendar files. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/model/calendar.h"
#include "inventory/git.h"
#include "inventory/ics.h"
#include "inventory/loader.h"
#include "inventory/rules.h"

#define CALENDAR_FILE "calendar.json"

struct loading {
    struct hf_loader *l;
    struct hf_calendar_doc doc;
    struct hf_calendar *cal;
    struct hf_rule *rules; /* windows, then freezes */
    const struct hf_zone **zones;
    size_t zones_len, zones_cap;
    int64_t now;
};

/* ---- clocks ---- */

/* Each zone is read once. NULL and an error when there is none. */
static const struct hf_zone *
take_zone(struct loading *c, const char *name, struct hf_err *err)
{
    const struct hf_zone *zone;

    for (size_t i = 0; i < c->zones_len; i++) {
        if (strcmp(hf_zone_name(c->zones[i]), name) == 0)
            return c->zones[i];
    }
    if (hf_zone_load(&zone, c->l->fleet->arena, name, err) < 0)
        return NULL;
    *HF_PUSH(&c->zones, &c->zones_len, &c->zones_cap) = zone;
    return zone;
}

static const struct hf_zone *
zone_at(struct loading *c, const char *name, const char *path)
{
    struct hf_err err = HF_ERR_INIT;
    const struct hf_zone *zone = name ? take_zone(c, name, &err) : NULL;

    if (name && !zone)
        hf_decoder_problem(&c->l->decoder, path, "%s", err.text);
    return zone;
}

static void
load_sites(struct loading *c)
{
    const struct hf_pairs *pairs = &c->doc.zones;
    struct hf_site_zone *sites =
        hf_arena_alloc(c->l->fleet->arena, (pairs->len + 1) * sizeof(*sites));
    struct hf_buf path = {0};
    size_t n = 0;

    for (size_t i = 0; i < pairs->len; i++) {
        hf_buf_clear(&path);
        hf_buf_puts(&path, "$.zones");
        hf_json_path_key(&path, pairs->v[i].key);
        sites[n].site = pairs->v[i].key;
        sites[n].zone = zone_at(c, pairs->v[i].value, hf_buf_str(&path));
        n += sites[n].zone != NULL;
    }
    c->cal->sites = sites;
    c->cal->sites_len = n;
    hf_buf_release(&path);
}

/* Hosts share their texts, so most names are seen at once. */
static void
load_host_zones(struct loading *c)
{
    const struct hf_fleet *fleet = c->l->fleet;
    const char *last = NULL;

    for (size_t i = 0; i < fleet->hosts_len; i++) {
        const struct hf_host *host = &fleet->hosts[i];
        struct hf_err err = HF_ERR_INIT;
        git_oid id;

        if (!host->timezone || host->timezone == last)
            continue;
        last = host->timezone;
        if (take_zone(c, host->timezone, &err))
            continue;
        git_oid_fromstr(&id, host->blob);
        hf_loader_problem(c->l, host->path, &id, "$.timezone", NULL, "%s",
                          err.text);
    }
}

/* ---- what rules refer to ---- */

struct rule_place {
    const char *list; /* "windows" */
    size_t index;
};

static struct hf_problem *
complain(struct loading *c, const struct rule_place *at, const char *key,
         const char *fmt, ...) __attribute__((format(printf, 4, 5)));

static struct hf_problem *
complain(struct loading *c, const struct rule_place *at, const char *key,
         const char *fmt, ...)
{
    char path[96], text[1024];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    (void)snprintf(path, sizeof(path), "$.%s[%zu]%s", at->list, at->index, key);
    return hf_decoder_problem(&c->l->decoder, path, "%s", text);
}

static void
check_file(struct loading *c, const struct rule_place *at, const char *path)
{
    git_tree_entry *entry = NULL;

    if (!path)
        return;
    if (git_tree_entry_bypath(&entry, c->l->root, path) < 0 ||
        git_tree_entry_type(entry) != GIT_OBJECT_BLOB)
        complain(c, at, ".ics", "the repository holds no file '%s'", path);
    git_tree_entry_free(entry);
}

static void
check_name(struct loading *c, const struct rule_place *at,
           const struct hf_rule *rule)
{
    for (const struct hf_rule *r = c->rules; r < rule; r++) {
        if (r->name && rule->name && r->kind == rule->kind &&
            strcmp(r->name, rule->name) == 0) {
            complain(c, at, ".name", "'%s' is the name of another %s%s",
                     rule->name, hf_rule_kind_names[r->kind],
                     r->kind == HF_RULE_FREEZE ? "" : " window");
            return;
        }
    }
}

static void
load_rules(struct loading *c, const char *name, const struct hf_objects *list)
{
    const struct hf_rule_doc *docs = list->v;

    for (size_t i = 0; i < list->len; i++) {
        struct rule_place at = {name, i};
        struct hf_rule *rule = &c->rules[c->cal->rules_len++];
        char path[64];

        hf_rule_compile(rule, &docs[i], c->l->fleet->arena);
        (void)snprintf(path, sizeof(path), "$.%s[%zu].timezone", name, i);
        rule->zone = zone_at(c, docs[i].timezone, path);
        check_name(c, &at, rule);
        (void)snprintf(path, sizeof(path), "$.%s[%zu].for", name, i);
        hf_loader_check_scope(c->l, path, &docs[i].scope);
        check_file(c, &at, docs[i].ics);
    }
}

static void
load_baselines(struct loading *c)
{
    static const char *const none[] = {NULL};
    struct hf_baselines *v = c->doc.baselines.v;
    char path[64];

    for (size_t i = 0; i < c->doc.baselines.len; i++) {
        v[i].planned = v[i].planned ? v[i].planned : none;
        v[i].unplanned = v[i].unplanned ? v[i].unplanned : none;
        for (size_t j = 0; j < i; j++) {
            if (!v[i].product || !v[j].product ||
                strcmp(v[i].product, v[j].product) != 0)
                continue;
            (void)snprintf(path, sizeof(path), "$.baselines[%zu].product", i);
            hf_decoder_problem(&c->l->decoder, path,
                               "product '%s' is listed twice", v[i].product);
            break;
        }
    }
    c->cal->baselines = v;
    c->cal->baselines_len = c->doc.baselines.len;
}

/* ---- iCalendar files ---- */

static int
load_events(struct loading *c, struct hf_rule *rule, const char *path,
            struct hf_err *err)
{
    struct hf_loader *l = c->l;
    git_tree_entry *entry = NULL;
    struct hf_err why = HF_ERR_INIT;
    struct hf_ics events;
    int64_t until = c->now + HF_CALENDAR_AHEAD;
    int rc;

    if ((rc = git_tree_entry_bypath(&entry, l->root, path)) < 0)
        return hf_git_fail(err, rc, "cannot read '%s'", path);
    rc = hf_loader_read(l, path, git_tree_entry_id(entry), err);
    git_tree_entry_free(entry);
    if (rc < 0)
        return rc == HF_EINVALID ? HF_OK : rc;
    if (hf_ics_read(&events, l->fleet->arena, hf_buf_str(&l->text), l->text.len,
                    until, &why) < 0) {
        hf_problem_add(l->problems, path, 0, 0, "", "%s", why.text);
        return HF_OK;
    }
    rule->occasions = events.v;
    rule->occasions_len = events.len;
    if (events.endless)
        c->cal->known_until = until;
    return HF_OK;
}

static int
load_files(struct loading *c, struct hf_err *err)
{
    const struct hf_objects *lists[] = {&c->doc.windows, &c->doc.freezes};
    struct hf_rule *rule = c->rules;
    int rc = HF_OK;

    for (size_t i = 0; i < HF_COUNT(lists); i++) {
        const struct hf_rule_doc *docs = lists[i]->v;

        for (size_t j = 0; j < lists[i]->len && rc == HF_OK; j++, rule++) {
            if (docs[j].ics)
                rc = load_events(c, rule, docs[j].ics, err);
        }
    }
    return rc;
}

/* ---- the whole ---- */

static void
keep_zones(struct loading *c)
{
    struct hf_arena *arena = c->l->fleet->arena;
    const struct hf_zone **zones =
        hf_arena_alloc(arena, (c->zones_len + 1) * sizeof(*zones));

    if (c->zones_len)
        memcpy(zones, c->zones, c->zones_len * sizeof(*zones));
    c->cal->zones = zones;
    c->cal->zones_len = c->zones_len;
}

/* What stands in the document, with its text still at hand for messages. */
static void
load_document(struct loading *c)
{
    struct hf_err ignored = HF_ERR_INIT;
    size_t n = c->doc.windows.len + c->doc.freezes.len;

    c->cal->utc = take_zone(c, "UTC", &ignored);
    c->cal->zone = zone_at(c, c->doc.timezone, "$.timezone");
    c->rules = hf_arena_alloc(c->l->fleet->arena, (n + 1) * sizeof(*c->rules));
    c->cal->rules = c->rules;
    load_sites(c);
    load_rules(c, "windows", &c->doc.windows);
    load_rules(c, "freezes", &c->doc.freezes);
    load_baselines(c);
}

static int
load_calendar(struct loading *c, struct hf_err *err)
{
    struct hf_loader *l = c->l;
    size_t errors = l->problems->errors;
    int rc;

    if (hf_decode(&l->decoder, &c->doc, &hf_object_calendar, CALENDAR_FILE,
                  hf_buf_str(&l->text), l->text.len) < 0)
        return HF_OK;
    load_document(c);
    load_host_zones(c);
    if (l->problems->errors > errors)
        return HF_OK; /* a file may be missing */
    if ((rc = load_files(c, err)) < 0 || l->problems->errors > errors)
        return rc;
    keep_zones(c);
    hf_calendar_hash(c->cal);
    hf_calendar_prepare(c->cal, l->fleet, c->now);
    l->fleet->calendar = c->cal;
    return HF_OK;
}

int
hf_load_calendar(struct hf_loader *l, struct hf_err *err)
{
    const git_tree_entry *entry = git_tree_entry_byname(l->root, CALENDAR_FILE);
    struct loading c = {.l = l, .now = hf_now()};
    int rc;

    if (!entry)
        return HF_OK;
    /* until it is understood, it may forbid anything */
    l->fleet->unenforced = CALENDAR_FILE;
    c.cal = hf_arena_alloc(l->fleet->arena, sizeof(*c.cal));
    rc = hf_loader_read(l, CALENDAR_FILE, git_tree_entry_id(entry), err);
    if (rc == HF_OK)
        rc = load_calendar(&c, err);
    else if (rc == HF_EINVALID)
        rc = HF_OK; /* told as a problem */
    if (l->fleet->calendar)
        l->fleet->unenforced = NULL;
    free(c.zones);
    return rc;
}
