/* Loading hosts: one file each, with the fleet's defaults filled in. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"
#include "inventory/git.h"
#include "inventory/host_cache.h"
#include "inventory/loader.h"

struct hosts {
    struct hf_loader *l;
    struct hf_host_cache *cache;
    struct hf_host *v; /* in the order of the tree */
    size_t len, cap;
    const char **ring_names; /* for suggestions */
};

static const char *
first_set(const char *a, const char *b, const char *c, const char *d)
{
    return a ? a : b ? b : c ? c : d;
}

/* Each key by itself, the most specific place first. */
static struct hf_login
resolve_login(const struct hf_login *own, const struct hf_host_doc *host,
              const struct hf_login *common,
              const struct hf_defaults_doc *defaults)
{
    return (struct hf_login){
        .user = first_set(own->user, host->login.user, common->user,
                          defaults->login.user),
        .identity = first_set(own->identity, host->login.identity,
                              common->identity, defaults->login.identity),
    };
}

static void
fill_host(struct hf_host *host, const struct hf_host_doc *doc,
          const struct hf_defaults_doc *defaults)
{
    static const char *const none[] = {NULL};

    *host = (struct hf_host){
        .name = doc->name,
        .address = doc->address,
        .port = doc->port ? doc->port : defaults->port,
        .check = resolve_login(&doc->access.check, doc, &defaults->access.check,
                               defaults),
        .act = resolve_login(&doc->access.act, doc, &defaults->access.act,
                             defaults),
        .hostkey = doc->hostkey,
        .platform = doc->platform ? doc->platform : defaults->platform,
        .product = doc->product,
        .ring = doc->ring,
        .site = doc->site,
        .timezone = doc->timezone,
        .jump = doc->jump,
        .note = doc->note,
        .hold = doc->hold.reason,
        .domains = doc->domains,
        .attributes = doc->attributes,
        .tags = doc->tags ? doc->tags : none,
        .health = doc->health.v,
        .health_len = doc->health.len,
    };
}

/* The ring's own spelling, or NULL. */
static const char *
ring_of(const struct hf_fleet *fleet, const char *name)
{
    const struct hf_ring *ring;

    for (size_t i = 0; i < fleet->rings_len; i++)
        if (fleet->rings[i].name && strcmp(fleet->rings[i].name, name) == 0)
            return fleet->rings[i].name;
    ring = hf_fleet_ring(fleet, name);
    return ring ? ring->name : NULL;
}

/* The same, or a problem. */
static const char *
check_ring(struct hosts *h, const char *name)
{
    const char *ring = ring_of(h->l->fleet, name);

    if (ring)
        return ring;
    hf_decoder_problem(&h->l->decoder, "$.ring",
                       "ring '%s' is not in hotfleet.json", name)
        ->hint = hf_did_you_mean(name, h->ring_names);
    return NULL;
}

/* What was decoded before, unless there is something to complain about. */
static int
find_host(struct hosts *h, const struct hf_tree_file *file,
          struct hf_host_doc *doc)
{
    if (!hf_host_cache_find(h->cache, file->id, doc))
        return 0;
    if (!doc->ring)
        return 1;
    doc->ring = ring_of(h->l->fleet, doc->ring);
    return doc->ring != NULL;
}

/* 1: sound enough to be a host of the fleet. */
static int
read_host(struct hosts *h, const struct hf_tree_file *file,
          struct hf_host_doc *doc, struct hf_err *err)
{
    struct hf_loader *l = h->l;
    size_t before = l->problems->len;
    int rc;

    if ((rc = hf_loader_read(l, file->path, file->id, err)) < 0)
        return rc == HF_EINVALID ? 0 : rc;
    rc = hf_decode(&l->decoder, doc, &hf_object_host, file->path,
                   hf_buf_str(&l->text), l->text.len);
    if (rc == HF_OK && l->problems->len == before)
        hf_host_cache_add(h->cache, file->id, doc);
    if (doc->ring)
        doc->ring = check_ring(h, doc->ring);
    return rc == HF_OK;
}

static int
load_host(void *ctx, const struct hf_tree_file *file, struct hf_err *err)
{
    struct hosts *h = ctx;
    struct hf_loader *l = h->l;
    struct hf_host_doc doc;
    struct hf_host *host;
    int rc;

    if (!hf_has_suffix(file->name, ".json")) {
        if (file->name[0] != '.' && !hf_has_prefix(file->name, "README"))
            hf_problem_warn(l->problems, file->path, 0, 0, "",
                            "is not read: host files end in .json");
        return HF_OK;
    }
    if (!find_host(h, file, &doc) && (rc = read_host(h, file, &doc, err)) <= 0)
        return rc;
    host = HF_PUSH(&h->v, &h->len, &h->cap);
    fill_host(host, &doc, &l->doc.defaults);
    host->path = hf_arena_strdup(l->fleet->arena, file->path);
    hf_git_hex(host->blob, file->id);
    return HF_OK;
}

static int
compare_names(const void *a, const void *b)
{
    const struct hf_host *const *x = a, *const *y = b;

    return hf_text_natcmp((*x)->name, (*y)->name);
}

/* Puts the hosts into the fleet in natural order. */
static void
sort_hosts(struct hosts *h)
{
    const struct hf_host **order = hf_xcalloc(h->len + 1, sizeof(*order));
    struct hf_fleet *fleet = h->l->fleet;
    struct hf_host *sorted;

    for (size_t i = 0; i < h->len; i++)
        order[i] = &h->v[i];
    qsort(order, h->len, sizeof(*order), compare_names);
    sorted = hf_arena_alloc(fleet->arena, (h->len + 1) * sizeof(*sorted));
    for (size_t i = 0; i < h->len; i++)
        sorted[i] = *order[i];
    fleet->hosts = sorted;
    fleet->hosts_len = h->len;
    free(order);
}

/* Names that are equal without regard to case. */
static void
check_twins(struct hf_loader *l)
{
    const struct hf_fleet *fleet = l->fleet;

    for (size_t i = 0; i < fleet->hosts_len; i++) {
        const struct hf_host *host = &fleet->hosts[i];
        const struct hf_host *twin = hf_fleet_find(fleet, host->name);
        git_oid id;

        if (!twin || twin == host)
            continue;
        git_oid_fromstr(&id, host->blob);
        hf_loader_problem(l, host->path, &id, "$.name", NULL,
                          "host '%s' is also in '%s'%s", host->name, twin->path,
                          strcmp(host->name, twin->name) != 0
                              ? " (names that differ only in case are the "
                                "same)"
                              : "");
    }
}

int
hf_load_hosts(struct hf_loader *l, struct hf_err *err)
{
    const char *names[128] = {0};
    struct hosts h = {.l = l, .ring_names = names};
    char *path = l->cache ? l->cache->path(l->cache->ctx, l->fleet) : NULL;
    int rc;

    for (size_t i = 0, n = 0; i < l->fleet->rings_len; i++)
        if (l->fleet->rings[i].name && n + 1 < HF_COUNT(names))
            names[n++] = l->fleet->rings[i].name;
    h.cache = hf_host_cache_open(path, l->fleet->arena);
    rc = hf_tree_walk(hf_repo_git(l->repo), l->root, "hosts", l->problems,
                      load_host, &h, err);
    if (rc == HF_OK) {
        if (path && !l->cache->read_only)
            hf_host_cache_save(h.cache, path);
        sort_hosts(&h);
        hf_fleet_index(l->fleet);
        check_twins(l);
    }
    hf_host_cache_free(h.cache);
    free(path);
    free(h.v);
    return rc;
}
