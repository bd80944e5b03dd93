/* What is allowed in a fleet, but likely a slip. */
#include "inventory/lint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/model/block.h"
#include "backend/model/exception.h"
#include "backend/model/known_issue.h"
#include "inventory/load.h"

struct lint {
    const struct hf_fleet *fleet;
    struct hf_problems *problems;
};

static struct hf_problem *
warn_host(struct lint *l, const struct hf_host *host, const char *path,
          const char *text)
{
    return hf_problem_warn(l->problems, host->path, 0, 0, path, "%s", text);
}

static void
lint_ring(struct lint *l, const struct hf_host *host)
{
    if (!host->ring)
        warn_host(l, host, "", "the host is in no ring: no rollout reaches it");
}

static void
lint_hostkey(struct lint *l, const struct hf_host *host)
{
    if (!host->hostkey)
        warn_host(l, host, "",
                  "the host has no pinned key: nothing connects "
                  "to it")
            ->hint = hf_xasprintf("hotfleet enroll %s", host->name);
}

static void
lint_jump(struct lint *l, const struct hf_host *host)
{
    if (host->jump)
        warn_host(l, host, "$.jump",
                  "this version connects directly only: it refuses the host");
}

static void
lint_platform(struct lint *l, const struct hf_host *host)
{
    const struct hf_product *product;

    if (!host->product)
        return;
    product = hf_catalogue_product(l->fleet->catalogue, host->product);
    if (product && !product->complete_until)
        warn_host(l, host, "$.product",
                  "its catalogue does not say until when it is complete: "
                  "the host is never shown as current");
}

/* Folders mean nothing to the program, but much to people. */
static void
lint_folder(struct lint *l, const struct hf_host *host)
{
    char *copy = hf_xstrdup(host->path), *rest = copy, *part;

    while ((part = strsep(&rest, "/")) != NULL && rest) {
        const struct hf_ring *ring = hf_fleet_ring(l->fleet, part);

        if (!ring || (host->ring && strcmp(host->ring, ring->name) == 0))
            continue;
        hf_problem_warn(l->problems, host->path, 0, 0, "$.ring",
                        "the folder '%s' is named like a ring, but the host "
                        "is in %s%s%s",
                        part, host->ring ? "ring '" : "no ring",
                        host->ring ? host->ring : "", host->ring ? "'" : "");
    }
    free(copy);
}

/* clang-format off */
static void (*const host_lints[])(struct lint *l,
                                  const struct hf_host *host) = {
    lint_ring, lint_hostkey, lint_jump, lint_platform, lint_folder,
};
/* clang-format on */

/* ---- the fleet as a whole ---- */

static int
compare_targets(const void *a, const void *b)
{
    const struct hf_host *const *x = a, *const *y = b;
    int order = hf_text_casecmp((*x)->address, (*y)->address);

    if (order == 0)
        order = ((*x)->port > (*y)->port) - ((*x)->port < (*y)->port);
    return order ? order : (*x > *y) - (*x < *y);
}

/* One machine under two names would be patched twice. */
static void
lint_targets(struct lint *l)
{
    size_t n = l->fleet->hosts_len;
    const struct hf_host **order = hf_xcalloc(n + 1, sizeof(*order));

    for (size_t i = 0; i < n; i++)
        order[i] = &l->fleet->hosts[i];
    qsort(order, n, sizeof(*order), compare_targets);
    for (size_t i = 1; i < n; i++) {
        const struct hf_host *twin = order[i - 1], *host = order[i];

        if (hf_text_casecmp(twin->address, host->address) == 0 &&
            twin->port == host->port)
            hf_problem_warn(l->problems, host->path, 0, 0, "$.address",
                            "'%s', port %d, is also the address of '%s'",
                            host->address, host->port, twin->name);
    }
    free(order);
}

static void
lint_rings(struct lint *l)
{
    const struct hf_fleet *fleet = l->fleet;
    char path[64];

    for (size_t i = 0; i < fleet->rings_len && fleet->hosts_len; i++) {
        size_t used = 0;

        for (size_t j = 0; j < fleet->hosts_len && !used; j++)
            used = fleet->hosts[j].ring == fleet->rings[i].name;
        if (used || !fleet->rings[i].name)
            continue;
        snprintf(path, sizeof(path), "$.rings[%zu]", i);
        hf_problem_warn(l->problems, "hotfleet.json", 0, 0, path,
                        "no host is in ring '%s'", fleet->rings[i].name);
    }
}

static void
lint_issues(struct lint *l)
{
    const struct hf_fleet *fleet = l->fleet;
    char day[HF_TIME_LEN];

    for (size_t i = 0; i < fleet->issues_len; i++) {
        const struct hf_issue *issue = &fleet->issues[i];

        if (issue->until < hf_now())
            hf_problem_warn(l->problems, issue->path, 0, 0, "$.until",
                            "the rule ended with %.10s: renew or remove it",
                            hf_time_format(day, issue->until));
    }
}

static void
lint_blocks(struct lint *l)
{
    const struct hf_fleet *fleet = l->fleet;
    char day[HF_TIME_LEN];

    for (size_t i = 0; i < fleet->blocks_len; i++) {
        const struct hf_block *b = &fleet->blocks[i];

        if (!hf_block_holds(b, hf_now()))
            hf_problem_warn(l->problems, b->path, 0, 0, "$.until",
                            "the block ended with %.10s: renew or remove it",
                            hf_time_format(day, b->until));
        if (!hf_catalogue_release(fleet->catalogue, b->release))
            hf_problem_warn(l->problems, b->path, 0, 0, "$.release",
                            "the catalogue knows no release '%s'", b->release);
    }
}

static void
lint_exception(struct lint *l, const struct hf_exception *e)
{
    const char *const *hosts = e->scope.hosts;
    char day[HF_TIME_LEN];
    size_t n = 0;

    hf_time_format(day, e->until);
    if (hf_exception_is_over(e, hf_now()))
        hf_problem_warn(l->problems, e->path, 0, 0, "$.until",
                        "the exception ended with %.10s: renew or end it", day);
    else if (hf_exception_ends_soon(e, hf_now()))
        hf_problem_warn(l->problems, e->path, 0, 0, "$.until",
                        "the exception ends with %.10s: its hosts are patched "
                        "again then",
                        day);
    else if (e->until - hf_now() > HF_EXCEPTION_LONG)
        hf_problem_warn(l->problems, e->path, 0, 0, "$.until",
                        "the exception ends with %.10s, in more than a year: "
                        "nobody will ask again; end it sooner and renew it",
                        day);
    for (size_t i = 0; hosts && hosts[i]; i++) {
        if (!hf_fleet_find(l->fleet, hosts[i]))
            hf_problem_warn(l->problems, e->path, 0, 0, "$.for.hosts",
                            "the fleet has no host '%s'", hosts[i]);
    }
    for (size_t i = 0; i < l->fleet->excuses_len; i++)
        n += l->fleet->excuses[i].exception == e;
    if (!n)
        hf_problem_warn(l->problems, e->path, 0, 0, "$.for", "names no host");
}

static void
lint_exceptions(struct lint *l)
{
    for (size_t i = 0; i < l->fleet->exceptions_len; i++)
        lint_exception(l, &l->fleet->exceptions[i]);
}

void
hf_lint_fleet(const struct hf_fleet *fleet, struct hf_problems *problems)
{
    struct lint l = {fleet, problems};

    for (size_t i = 0; i < fleet->hosts_len; i++)
        for (size_t j = 0; j < HF_COUNT(host_lints); j++)
            host_lints[j](&l, &fleet->hosts[i]);
    lint_targets(&l);
    hf_lint_calendar(fleet, problems);
    lint_rings(&l);
    lint_issues(&l);
    lint_blocks(&l);
    lint_exceptions(&l);
}

int
hf_lint(struct hf_fleet **fleet, struct hf_repo *repo, const char *commit,
        struct hf_problems *problems, struct hf_err *err)
{
    struct hf_fleet *sound = NULL;
    int rc = hf_fleet_load_sound(&sound, repo, commit, problems, err);

    if (sound)
        hf_lint_fleet(sound, problems);
    if (fleet)
        *fleet = sound;
    else
        hf_fleet_free(sound);
    return rc;
}
