/* Writes the repository of the ready-made fleet and commits it with git, as
 * an admin would. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/base/child.h"
#include "backend/base/file.h"
#include "backend/base/json.h"
#include "backend/base/mem.h"
#include "backend/base/sha256.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/sim/fleet.h"
#include "backend/sim/kernel.h"
#include "backend/sim/level.h"
#include "backend/sim/module.h"

#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)

static const char readme[] =
    "# A simulated fleet\n"
    "\n"
    "No host in here is real: `hotfleet demo` made them up and answers for\n"
    "them on this machine's loopback interface for as long as it runs. They\n"
    "keep their state, take live patches, restart, and some are unwell; the\n"
    "note in a host's file says how. Everything else is as in a real fleet.\n";

/* Not synced: thousands of files that nobody would miss after a crash. */
int
hf_sim_put_file(const struct hf_sim_files *f, const char *name,
                const void *data, size_t len, struct hf_err *err)
{
    char *path = hf_path_join(f->dir, name), *slash;
    int fd = -1, rc;

    slash = strrchr(path, '/');
    *slash = '\0';
    if ((rc = hf_mkdirs(path, 0755, err)) < 0)
        goto out;
    *slash = '/';
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0 || hf_write_all(fd, data, len) < 0)
        rc = hf_fail_errno(err, errno, "cannot write '%s'", path);
out:
    if (fd >= 0)
        close(fd);
    free(path);
    return rc;
}

/* Takes doc. */
static int
put_json(const struct hf_sim_files *f, const char *name, cJSON *doc,
         struct hf_err *err)
{
    char *text = hf_json_print_pretty(doc);
    int rc = hf_sim_put_file(f, name, text, strlen(text), err);

    free(text);
    cJSON_Delete(doc);
    return rc;
}

/* ---- hotfleet.json ---- */

static void
add_ring(cJSON *rings, const char *name, const char *soak, const char *note)
{
    cJSON *ring = cJSON_CreateObject();

    hf_json_add_str(ring, "name", name);
    hf_json_add_str(ring, "soak", soak);
    hf_json_add_str(ring, "note", note);
    cJSON_AddItemToArray(rings, ring);
}

static int
put_settings(const struct hf_sim_files *f, struct hf_err *err)
{
    cJSON *doc = cJSON_CreateObject(), *defaults, *rings;

    hf_json_add_str(doc, "name", "demo");
    hf_json_add_bool(doc, "simulated", 1);
    hf_json_add_str(doc, "note", "A simulated fleet: no host in it is real");
    defaults = hf_json_add_obj(doc, "defaults");
    hf_json_add_str(defaults, "user", "ops");
    hf_json_add_str(defaults, "identity", f->identity);
    hf_json_add_int(defaults, "port", hf_sim_port(f->sim));
    hf_json_add_str(defaults, "platform", "livepatch");
    rings = hf_json_add_arr(doc, "rings");
    add_ring(rings, "canary", "4h", "Machines of the platform team's own");
    add_ring(rings, "pilot", "24h", "One of each kind, at every site");
    add_ring(rings, "broad", "24h", "Everything else");
    return put_json(f, "hotfleet.json", doc, err);
}

/* ---- hosts ---- */

static void
add_note(cJSON *doc, enum hf_sim_fault fault)
{
    char *note;

    if (!hf_sim_faults[fault].note)
        return;
    note = hf_xasprintf("simulated: %s", hf_sim_faults[fault].note);
    hf_json_add_str(doc, "note", note);
    free(note);
}

/* clang-format off */
static const struct { const char *role, *name, *unit; int port; }
healths[] = {
    {"web", "https", NULL, 443},
    {"iis", "https", NULL, 443},
    {"db", "postgresql", "postgresql.service", 0},
    {"mssql", "sqlserver", "MSSQLSERVER", 0},
};
/* clang-format on */

static void
add_health(cJSON *doc, const struct hf_sim_member *m)
{
    for (size_t i = 0; i < HF_COUNT(healths); i++) {
        cJSON *check;

        if (strcmp(m->role, healths[i].role) != 0)
            continue;
        check = cJSON_CreateObject();
        hf_json_add_str(check, "name", healths[i].name);
        hf_json_add_str(check, "unit", healths[i].unit);
        if (healths[i].port)
            hf_json_add_int(check, "port", healths[i].port);
        cJSON_AddItemToArray(hf_json_add_arr(doc, "health"), check);
    }
}

static int
put_host(const struct hf_sim_files *f, size_t i, struct hf_err *err)
{
    const struct hf_sim_host *h = &f->hosts[i];
    const struct hf_sim_member *m = &f->members[i];
    cJSON *doc = cJSON_CreateObject(), *tags;
    char path[256];

    hf_json_add_str(doc, "name", h->name);
    hf_json_add_str(doc, "address", h->address);
    hf_json_add_str(doc, "hostkey", hf_sim_hostkey(f->sim, i));
    if (h->product[0])
        hf_json_add_str(doc, "platform", "windows");
    hf_json_add_str(doc, "ring", m->ring);
    hf_json_add_str(doc, "site", m->site);
    tags = hf_json_add_arr(doc, "tags");
    hf_json_push_str(tags, m->role);
    if (m->cluster)
        hf_json_add_str(hf_json_add_obj(doc, "domains"), "cluster", m->cluster);
    hf_json_add_str(hf_json_add_obj(doc, "attributes"), "owner", m->owner);
    add_health(doc, m);
    hf_json_add_str(doc, "hold", m->hold);
    add_note(doc, h->fault);
    (void)snprintf(path, sizeof(path), "hosts/%s/%s/%s.json", m->ring, m->site,
                   h->name);
    return put_json(f, path, doc, err);
}

/* ---- catalogue and modules ---- */

/* "2026-11-23", or "2026-11" with `month`. */
static void
add_day(cJSON *doc, const char *key, int64_t at, int month)
{
    char text[HF_TIME_LEN];

    hf_time_format(text, at);
    text[month ? 7 : 10] = '\0';
    hf_json_add_str(doc, key, text);
}

static int
put_module(const struct hf_sim_files *f, const struct hf_sim_kernel *k,
           const struct hf_sim_patch_row *row, char sha256[HF_SHA256_HEX],
           struct hf_err *err)
{
    struct hf_buf module = {0};
    char path[96];
    int rc;

    hf_sim_module(&module, row->name, row->version, k->release);
    hf_sha256_hex(sha256, module.data, module.len);
    (void)snprintf(path, sizeof(path), "patches/%s.ko", sha256);
    rc = hf_sim_put_file(f, path, module.data, module.len, err);
    hf_buf_release(&module);
    return rc;
}

/* What is known of a CVE, once for all releases: made up, by its number. Every
 * third month closes one that is used in attacks. */
static void
rate(cJSON *rated, const char *cve)
{
    static const struct {
        enum hf_severity severity;
        const char *score;
    } ratings[] = {{HF_SEVERITY_CRITICAL, "9.8"},
                   {HF_SEVERITY_IMPORTANT, "7.8"},
                   {HF_SEVERITY_MODERATE, "5.5"}};
    long n = strtol(strrchr(cve, '-') + 1, NULL, 10);
    size_t which = (size_t)n % HF_COUNT(ratings);
    const cJSON *known;
    cJSON *one;

    cJSON_ArrayForEach(known, rated)
    {
        if (strcmp(hf_json_str(known, "id"), cve) == 0)
            return;
    }
    one = cJSON_CreateObject();
    hf_json_add_str(one, "id", cve);
    hf_json_add_str(one, "severity",
                    hf_severity_names[ratings[which].severity]);
    hf_json_add_str(one, "score", ratings[which].score);
    if (n % 100 == 1 && n / 100 % 3 == 2)
        hf_json_add_bool(one, "exploited", 1);
    cJSON_AddItemToArray(rated, one);
}

static void
add_cve(cJSON *cves, cJSON *rated, const char *cve)
{
    hf_json_push_str(cves, cve);
    rate(rated, cve);
}

/* `age`: 0 for the newest patch of its kernel, then 1, ... */
static int
add_release(const struct hf_sim_files *f, cJSON *releases, cJSON *rated,
            const struct hf_sim_kernel *k, size_t patch, size_t age,
            struct hf_err *err)
{
    const struct hf_sim_patch_row *row = &k->patches[patch];
    cJSON *doc = cJSON_CreateObject(), *cves;
    char sha256[HF_SHA256_HEX], file[96];
    int rc = put_module(f, k, row, sha256, err);
    size_t i;

    (void)snprintf(file, sizeof(file), "patches/%s.ko", sha256);
    hf_json_add_str(doc, "kernel", k->release);
    hf_json_add_str(doc, "patch", row->name);
    hf_json_add_str(doc, "version", row->version);
    hf_json_add_str(doc, "sha256", sha256);
    hf_json_add_str(doc, "file", file);
    hf_json_add_str(doc, "replaces", row->replaces);
    cves = hf_json_add_arr(doc, "cves");
    for (i = 0; row->cves[i]; i++)
        add_cve(cves, rated, row->cves[i]);
    add_day(doc, "released", hf_now() - (12 + 50 * (int64_t)age) * DAY_MS, 0);
    add_day(doc, "covered_until", hf_now() + k->days * DAY_MS, 0);
    hf_json_add_str(doc, "note", row->note);
    hf_json_add_str(doc, "source", "made up for the simulation");
    cJSON_AddItemToArray(releases, doc);
    return rc;
}

static int
put_linux(const struct hf_sim_files *f, cJSON *rated, struct hf_err *err)
{
    cJSON *doc = cJSON_CreateObject(), *releases;
    const struct hf_sim_kernel *k;
    size_t i, n;
    int rc = HF_OK;

    hf_json_add_str(doc, "product", "linux");
    add_day(doc, "complete_until", hf_now(), 1);
    releases = hf_json_add_arr(doc, "releases");
    for (k = hf_sim_kernels; k->release; k++) {
        for (n = 0; n < HF_SIM_PATCHES && k->patches[n].name; n++)
            ;
        for (i = 0; i < n && rc == HF_OK; i++)
            rc = add_release(f, releases, rated, k, i, n - 1 - i, err);
    }
    if (rc < 0) {
        cJSON_Delete(doc);
        return rc;
    }
    return put_json(f, "catalogue/linux.json", doc, err);
}

/* Two a month, the same for every product. */
static void
add_cves(cJSON *doc, cJSON *rated, const struct hf_sim_level *l)
{
    cJSON *cves = hf_json_add_arr(doc, "cves");

    for (int i = 1; i <= 2; i++) {
        char cve[24];

        (void)snprintf(cve, sizeof(cve), "CVE-%.4s-9%s0%d", l->month,
                       l->month + 5, i);
        add_cve(cves, rated, cve);
    }
}

static void
add_level(cJSON *releases, cJSON *rated, const struct hf_sim_product *p,
          const struct hf_sim_level *l)
{
    cJSON *doc = cJSON_CreateObject();
    char build[24];

    (void)snprintf(build, sizeof(build), "%s.%d", p->build, l->ubr);
    hf_json_add_str(doc, "month", l->month);
    hf_json_add_str(doc, "type", hf_release_type_names[l->type]);
    hf_json_add_str(doc, "kb", l->kb);
    hf_json_add_str(doc, "build", build);
    add_day(doc, "released", l->released, 0);
    if (l->line != HF_LINE_BY_TYPE)
        hf_json_add_str(doc, "line", hf_release_line_names[l->line]);
    add_cves(doc, rated, l);
    hf_json_add_str(doc, "source", "made up for the simulation");
    cJSON_AddItemToArray(releases, doc);
}

/* Nothing comes after it for a month or two, whatever the date. */
static int
put_levels(const struct hf_sim_files *f, const struct hf_sim_product *p,
           cJSON *rated, struct hf_err *err)
{
    cJSON *doc = cJSON_CreateObject(), *releases;
    struct hf_sim_line line;
    char path[64];

    hf_sim_line(&line, p, hf_now());
    hf_json_add_str(doc, "product", p->id);
    hf_json_add_str(doc, "title", p->title);
    add_day(doc, "complete_until", hf_now() + 31 * DAY_MS, 1);
    releases = hf_json_add_arr(doc, "releases");
    for (size_t i = 0; i < line.len; i++)
        add_level(releases, rated, p, &line.v[i]);
    (void)snprintf(path, sizeof(path), "catalogue/%s.json", p->id);
    return put_json(f, path, doc, err);
}

static int
runs(const struct hf_sim_files *f, const struct hf_sim_product *p)
{
    for (size_t i = 0; i < f->n; i++) {
        if (strcmp(f->hosts[i].product, p->id) == 0)
            return 1;
    }
    return 0;
}

static int
put_catalogues(const struct hf_sim_files *f, struct hf_err *err)
{
    cJSON *doc = cJSON_CreateObject(), *rated = hf_json_add_arr(doc, "cves");
    int rc = put_linux(f, rated, err);

    for (const struct hf_sim_product *p = hf_sim_products; p->id && rc == HF_OK;
         p++)
        rc = runs(f, p) ? put_levels(f, p, rated, err) : HF_OK;
    if (rc < 0) {
        cJSON_Delete(doc);
        return rc;
    }
    return put_json(f, "catalogue/cves.json", doc, err);
}

/* ---- git ---- */

static int
git(const struct hf_sim_files *f, struct hf_err *err, const char *const *argv)
{
    static const char *const env[] = {"GIT_TERMINAL_PROMPT=0", NULL};
    struct hf_child c = {.argv = argv,
                         .env = env,
                         .cwd = f->dir,
                         .timeout_ms = 300000,
                         .max_output = 4096};
    int rc = hf_child_run(&c, err);

    if (rc == HF_OK && c.status != 0) {
        struct hf_buf said = {0};

        hf_sanitise(&said, c.err.data, c.err.len, 400, 0);
        rc = hf_fail(err, HF_ERR, "git %s failed: %s", argv[1],
                     hf_buf_str(&said));
        hf_buf_release(&said);
    }
    hf_buf_release(&c.out);
    hf_buf_release(&c.err);
    return rc;
}

#define GIT(...) git(f, err, (const char *const[]){"git", __VA_ARGS__, NULL})

/* The identity is this repository's only: the admin's own is not touched, and
 * nothing is signed with the admin's key. */
static int
commit_all(const struct hf_sim_files *f, struct hf_err *err)
{
    int rc;

    if ((rc = GIT("init", "-q", "--template=", "-b", "main")) < 0 ||
        (rc = GIT("config", "user.name", "hotfleet demo")) < 0 ||
        (rc = GIT("config", "user.email", "demo@hotfleet.invalid")) < 0 ||
        (rc = GIT("config", "commit.gpgsign", "false")) < 0 ||
        (rc = GIT("add", "-A")) < 0 ||
        (rc = GIT("commit", "-q", "-m", "inventory: a simulated fleet")) < 0)
        return rc;
    return HF_OK;
}

int
hf_sim_files_write(const struct hf_sim_files *f, struct hf_err *err)
{
    size_t i;
    int rc;

    if ((rc = put_settings(f, err)) < 0 || (rc = put_catalogues(f, err)) < 0 ||
        (rc = hf_sim_put_file(f, "README.md", readme, strlen(readme), err)) <
            0 ||
        (rc = hf_sim_put_file(f, ".gitignore", "/.keys/\n", 8, err)) < 0)
        return rc;
    if (f->furnished && (rc = hf_sim_furnish(f, err)) < 0)
        return rc;
    for (i = 0; i < f->n; i++) {
        if ((rc = put_host(f, i, err)) < 0)
            return rc;
    }
    return commit_all(f, err);
}
