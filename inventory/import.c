/* From what a source says to one commit. */
#include "inventory/import.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"
#include "inventory/hostedit.h"
#include "inventory/importer.h"

#define SOURCE_MAX (256u << 20)
#define FOLDER_MAX 500 /* new hosts in one folder before it is split */

/* clang-format off */
const char *const hf_import_names[HF_IMPORT_KIND_COUNT + 1] = {
    [HF_IMPORT_ANSIBLE] = "ansible",
    [HF_IMPORT_CSV] = "csv",
    [HF_IMPORT_SSH_CONFIG] = "ssh-config",
    [HF_IMPORT_ARC] = "arc",
    [HF_IMPORT_AUTOPATCH] = "autopatch",
};

/* NULL: no hosts, see import_entitlement.c. */
static int (*const readers[HF_IMPORT_KIND_COUNT])(
    struct hf_importer *im, const char *text, size_t len,
    struct hf_err *err) = {
    [HF_IMPORT_ANSIBLE] = hf_import_ansible,
    [HF_IMPORT_CSV] = hf_import_csv,
    [HF_IMPORT_SSH_CONFIG] = hf_import_ssh_config,
};
/* clang-format on */

static int
compare_sources(const void *a, const void *b)
{
    const struct hf_import_host *const *x = a, *const *y = b;
    int order =
        hf_text_casecmp((*x)->v[HF_IMPORT_NAME], (*y)->v[HF_IMPORT_NAME]);

    return order ? order : (*x > *y) - (*x < *y);
}

/* The hosts of the source with a name, sorted; twins are left out. */
static struct hf_import_host **
sort_sources(struct hf_importer *im, size_t *len)
{
    struct hf_import_host **order = hf_xcalloc(im->len + 1, sizeof(*order));
    size_t n = 0;

    for (size_t i = 0; i < im->len; i++) {
        if (im->v[i].v[HF_IMPORT_NAME])
            order[n++] = &im->v[i];
        else if (!im->v[i].left_out)
            hf_importer_refuse(im, &im->v[i], "it has no name");
    }
    qsort(order, n, sizeof(*order), compare_sources);
    for (size_t i = 1; i < n; i++)
        if (hf_text_casecmp(order[i - 1]->v[HF_IMPORT_NAME],
                            order[i]->v[HF_IMPORT_NAME]) == 0)
            hf_importer_refuse(im, order[i], "the source names it twice");
    *len = n;
    return order;
}

/* What was asked for must make sense with this fleet and source. */
static int
check_asked(const struct hf_import *plan, enum hf_import_kind kind,
            const struct hf_fleet *fleet, struct hf_err *err)
{
    if (plan->ring && !hf_fleet_ring(fleet, plan->ring))
        return hf_fail(err, HF_ENOTFOUND, "ring '%s' is not in hotfleet.json",
                       plan->ring);
    if (plan->map && plan->map[0] && kind != HF_IMPORT_CSV)
        return hf_fail(err, HF_EUSAGE, "only a csv file has columns to map");
    return HF_OK;
}

/* A ring that the source names itself must exist; new hosts without one come
 * into the ring that was asked for. */
static void
check_ring(struct hf_importer *im, struct hf_import_host *host)
{
    const char *name = host->v[HF_IMPORT_RING];
    const struct hf_ring *ring;

    if (!name && !hf_fleet_find(im->fleet, host->v[HF_IMPORT_NAME]))
        name = im->plan->ring;
    ring = name ? hf_fleet_ring(im->fleet, name) : NULL;
    if (ring)
        host->v[HF_IMPORT_RING] = ring->name;
    else if (name)
        hf_importer_refuse(im, host, "ring '%s' is not in hotfleet.json", name);
}

/* ---- folders ---- */

/* The folder of every new host; those with too many are split by hash. */
struct folders {
    const char **of;      /* beside the sorted hosts; NULL: not new */
    const char **crowded; /* NULL-terminated */
};

static int
compare_pointers(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;

    return (*x > *y) - (*x < *y);
}

static int
is_crowded(const struct folders *f, const char *folder)
{
    size_t i = 0;

    while (f->crowded[i] && f->crowded[i] != folder)
        i++;
    return f->crowded[i] != NULL;
}

/* Equal folders are equal pointers: they are interned. */
static void
find_crowded(struct folders *f, size_t n)
{
    const char **sorted = hf_xcalloc(n + 1, sizeof(*sorted));
    size_t run = 0, len = 0;

    memcpy(sorted, f->of, n * sizeof(*sorted));
    qsort(sorted, n, sizeof(*sorted), compare_pointers);
    f->crowded = hf_xcalloc(n / FOLDER_MAX + 2, sizeof(*f->crowded));
    for (size_t i = 0; i < n; i++) {
        run = i > 0 && sorted[i] == sorted[i - 1] ? run + 1 : 1;
        if (sorted[i] && run == FOLDER_MAX + 1)
            f->crowded[len++] = sorted[i];
    }
    free(sorted);
}

static void
choose_folders(struct hf_importer *im, struct hf_import_host **order, size_t n,
               struct folders *f)
{
    struct hf_buf folder = {0};

    f->of = hf_xcalloc(n + 1, sizeof(*f->of));
    for (size_t i = 0; i < n; i++) {
        if (hf_fleet_find(im->fleet, order[i]->v[HF_IMPORT_NAME]))
            continue;
        hf_buf_clear(&folder);
        hf_import_folder(&folder, order[i]);
        f->of[i] = hf_arena_intern(im->arena, hf_buf_str(&folder));
    }
    hf_buf_release(&folder);
    find_crowded(f, n);
}

/* ---- the plan ---- */

static void
plan_missing(struct hf_importer *im, struct hf_import_host **order, size_t n)
{
    const struct hf_fleet *fleet = im->fleet;
    char *seen = hf_xcalloc(fleet->hosts_len + 1, 1);
    const struct hf_host *known;

    for (size_t i = 0; i < n; i++)
        if ((known = hf_fleet_find(fleet, order[i]->v[HF_IMPORT_NAME])))
            seen[known - fleet->hosts] = 1;
    for (size_t i = 0; i < fleet->hosts_len; i++)
        if (!seen[i])
            hf_strs_add(&im->plan->missing, fleet->hosts[i].name);
    free(seen);
}

static void
plan_hosts(struct hf_importer *im)
{
    struct folders folders = {0};
    const struct hf_host *known;
    size_t n;
    struct hf_import_host **order = sort_sources(im, &n);

    for (size_t i = 0; i < n; i++)
        check_ring(im, order[i]);
    choose_folders(im, order, n, &folders);
    for (size_t i = 0; i < n; i++) {
        if (order[i]->left_out)
            continue;
        known = hf_fleet_find(im->fleet, order[i]->v[HF_IMPORT_NAME]);
        if (known)
            hf_import_known(im, order[i], known);
        else
            hf_import_new(im, order[i], is_crowded(&folders, folders.of[i]));
    }
    plan_missing(im, order, n);
    free(folders.of);
    free(folders.crowded);
    free(order);
}

static void
say_plan(struct hf_import *plan, const char *file, enum hf_import_kind kind)
{
    struct hf_edit *e = &plan->edit;

    hf_edit_say(e, "import %zu host%s from %s (%s)", e->len,
                e->len == 1 ? "" : "s", file, hf_import_names[kind]);
    hf_edit_say(e, "%s", "");
    hf_edit_say(e, "%zu added, %zu changed, %zu unchanged, %zu left out",
                plan->added.len, plan->changed.len, plan->unchanged.len,
                plan->problems.errors);
    if (plan->dropped.len)
        hf_edit_say(e, "%zu secret%s of the source %s not copied",
                    plan->dropped.len, plan->dropped.len == 1 ? "" : "s",
                    plan->dropped.len == 1 ? "was" : "were");
}

void
hf_import_release(struct hf_import *plan)
{
    hf_strs_release(&plan->added);
    hf_strs_release(&plan->changed);
    hf_strs_release(&plan->unchanged);
    hf_strs_release(&plan->missing);
    hf_strs_release(&plan->gone);
    hf_strs_release(&plan->strangers);
    hf_strs_release(&plan->dropped);
    hf_problems_release(&plan->problems);
    hf_edit_release(&plan->edit);
}

static void
release_hosts(struct hf_importer *im)
{
    for (size_t i = 0; i < im->len; i++) {
        hf_strs_release(&im->v[i].tags);
        hf_strs_release(&im->v[i].attributes);
        hf_strs_release(&im->v[i].domains);
    }
    free(im->v);
    hf_arena_free(im->arena);
}

int
hf_import_read(struct hf_import *plan, enum hf_import_kind kind,
               struct hf_repo *repo, const struct hf_fleet *fleet,
               const char *file, const char *text, size_t len,
               struct hf_err *err)
{
    struct hf_importer im = {
        .plan = plan, .repo = repo, .fleet = fleet, .file = file};
    int rc;

    if (len > SOURCE_MAX)
        return hf_fail(err, HF_ELIMIT, "'%s' is larger than %u MiB", file,
                       SOURCE_MAX >> 20);
    if (!readers[kind])
        return hf_import_entitlement(plan, hf_import_names[kind], repo, fleet,
                                     file, text, len, err);
    if ((rc = check_asked(plan, kind, fleet, err)) < 0)
        return rc;
    im.arena = hf_arena_new();
    if ((rc = readers[kind](&im, text, len, err)) == HF_OK && im.len == 0)
        rc = hf_fail(err, HF_EINVALID, "'%s' names no host", file);
    if (rc == HF_OK) {
        plan_hosts(&im);
        say_plan(plan, file, kind);
    }
    release_hosts(&im);
    return rc;
}

int
hf_import_commit(struct hf_repo *repo, const struct hf_import *plan,
                 char commit[41], struct hf_err *err)
{
    commit[0] = '\0';
    if (plan->edit.len == 0)
        return HF_OK;
    return hf_edit_commit(repo, &plan->edit, commit, err);
}
