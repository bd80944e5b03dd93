/* See publish.h. */
#include "tests/contract/year/publish.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/file.h"
#include "backend/base/json.h"
#include "backend/base/mem.h"
#include "backend/base/sha256.h"
#include "backend/sim/kernel.h"
#include "backend/sim/level.h"
#include "backend/sim/module.h"

#define SOURCE "made up for the simulation"

/* clang-format off */
/* How far the build lies above that of the month's hotpatch. */
static const int above[HF_RELEASE_TYPE_COUNT] = {
    [HF_RELEASE_OOB] = 40,
    [HF_RELEASE_UPDATE] = 70,
    [HF_RELEASE_UNPLANNED_BASELINE] = 90,
};
/* clang-format on */

/* ---- files of the fleet ---- */

static cJSON *
read_doc(const struct bed *b, const char *name)
{
    char *path = hf_path_join(b->fleet, name);
    struct hf_err err = HF_ERR_INIT;
    struct hf_buf text = {0};
    cJSON *doc = NULL;

    if (!hf_path_exists(path))
        doc = cJSON_CreateObject();
    else if (hf_file_read(&text, path, 16u << 20, &err) < 0 ||
             hf_json_parse(&doc, hf_buf_str(&text), text.len, &err) < 0)
        fail_msg("%s", err.text);
    hf_buf_release(&text);
    free(path);
    return doc;
}

static void
write_file(const struct bed *b, const char *name, const void *data, size_t len)
{
    char *path = hf_path_join(b->fleet, name), *dir = hf_xstrdup(path);
    struct hf_err err = HF_ERR_INIT;

    *strrchr(dir, '/') = '\0';
    if (hf_mkdirs(dir, 0755, &err) < 0 ||
        hf_file_write(path, data, len, 0644, &err) < 0)
        fail_msg("%s", err.text);
    free(dir);
    free(path);
}

/* Takes the document. */
static void
write_doc(const struct bed *b, const char *name, cJSON *doc)
{
    char *text = hf_json_print_pretty(doc);

    write_file(b, name, text, strlen(text));
    free(text);
    cJSON_Delete(doc);
}

void
publish_commit(const struct bed *b, const char *about)
{
    char *words = hf_xasprintf("commit -q -m %s", about);

    (void)bed_git(b, "add -A");
    (void)bed_git(b, words);
    free(words);
}

/* What is known until a month is known until the newest one. */
static void
complete_until(cJSON *doc, const char *day)
{
    char month[8];

    (void)snprintf(month, sizeof(month), "%.7s", day);
    cJSON_DeleteItemFromObject(doc, "complete_until");
    hf_json_add_str(doc, "complete_until", month);
}

/* ---- CVEs ---- */

/* "CVE-2026-80811": of a month and a day, the nth. */
static void
cve_id(char out[24], const char *day, int nth)
{
    (void)snprintf(out, 24, "CVE-%.4s-%.2s%.2s%d", day, day + 5, day + 8, nth);
}

/* What is known of them; worse in some months than in others. */
static void
describe(const struct bed *b, const char *day, int cves, int exploited)
{
    static const enum hf_severity severities[] = {
        HF_SEVERITY_CRITICAL, HF_SEVERITY_IMPORTANT, HF_SEVERITY_MODERATE};
    static const char *const scores[] = {"9.8", "7.5", "5.1"};
    cJSON *doc = read_doc(b, "catalogue/cves.json"), *all;

    all = cJSON_GetObjectItem(doc, "cves");
    if (!all)
        all = hf_json_add_arr(doc, "cves");
    for (int i = 0; i < cves; i++) {
        size_t worse = (size_t)(day[6] - '0' + i) % HF_COUNT(severities);
        cJSON *one = cJSON_CreateObject();
        char id[24];

        cve_id(id, day, i);
        hf_json_add_str(one, "id", id);
        hf_json_add_str(one, "severity", hf_severity_names[severities[worse]]);
        hf_json_add_str(one, "score", scores[worse]);
        if (exploited && i == 0)
            hf_json_add_bool(one, "exploited", 1);
        cJSON_AddItemToArray(all, one);
    }
    write_doc(b, "catalogue/cves.json", doc);
}

static void
add_cves(cJSON *row, const char *day, int from, int until)
{
    cJSON *cves = hf_json_add_arr(row, "cves");
    char id[24];

    for (int i = from; i < until; i++) {
        cve_id(id, day, i);
        hf_json_push_str(cves, id);
    }
}

/* ---- Windows ---- */

/* Months since January 2026, from when on the simulation counts builds. */
static int
month_number(const char *day)
{
    return (atoi(day) - 2026) * 12 + atoi(day + 5) - 1;
}

static void
add_row(cJSON *releases, const struct hf_sim_product *p, const char *day,
        enum hf_release_type type, int cves)
{
    cJSON *row = cJSON_CreateObject();
    int month = month_number(day);
    char text[24];

    (void)snprintf(text, sizeof(text), "%.7s", day);
    hf_json_add_str(row, "month", text);
    hf_json_add_str(row, "type", hf_release_type_names[type]);
    (void)snprintf(text, sizeof(text), "KB9%d%d%03d%.2s", p->kb, (int)type,
                   month / 12, day + 5);
    hf_json_add_str(row, "kb", text);
    (void)snprintf(text, sizeof(text), "%s.%d", p->build,
                   p->ubr + HF_SIM_UBR_MONTH * month + above[type]);
    hf_json_add_str(row, "build", text);
    hf_json_add_str(row, "released", day);
    if (type == HF_RELEASE_OOB)
        hf_json_add_str(row, "line", hf_release_line_names[HF_LINE_HOTPATCH]);
    add_cves(row, day, 0, cves);
    hf_json_add_str(row, "source", SOURCE);
    cJSON_AddItemToArray(releases, row);
}

void
publish_windows(const struct bed *b, const struct publish_windows *w)
{
    cJSON *linux_;

    for (const struct hf_sim_product *p = hf_sim_products; p->id; p++) {
        char *name = hf_xasprintf("catalogue/%s.json", p->id);
        cJSON *doc = read_doc(b, name);
        cJSON *releases = cJSON_GetObjectItem(doc, "releases");

        complete_until(doc, w->day);
        if (!w->servers || strncmp(p->id, "ws", 2) == 0)
            add_row(releases, p, w->day, w->type, 2);
        if (w->type == HF_RELEASE_HOTPATCH)
            add_row(releases, p, w->day, HF_RELEASE_UPDATE, 3);
        write_doc(b, name, doc);
        free(name);
    }
    describe(b, w->day, 3, w->exploited);
    linux_ = read_doc(b, "catalogue/linux.json");
    complete_until(linux_, w->day);
    write_doc(b, "catalogue/linux.json", linux_);
    publish_commit(b, "catalogue");
}

/* ---- Linux ---- */

static void
add_patch(const struct bed *b, cJSON *releases, const char *kernel,
          const char *day, const char *patch)
{
    cJSON *row = cJSON_CreateObject();
    char sha256[HF_SHA256_HEX], *file;
    struct hf_buf module = {0};

    hf_sim_module(&module, patch, "1", kernel);
    hf_sha256_hex(sha256, module.data, module.len);
    file = hf_xasprintf("patches/%s.ko", sha256);
    write_file(b, file, module.data, module.len);
    hf_json_add_str(row, "kernel", kernel);
    hf_json_add_str(row, "patch", patch);
    hf_json_add_str(row, "version", "1");
    hf_json_add_str(row, "sha256", sha256);
    hf_json_add_str(row, "file", file);
    hf_json_add_str(row, "replaces", "*");
    add_cves(row, day, 3, 4);
    hf_json_add_str(row, "released", day);
    hf_json_add_str(row, "covered_until", "2027-12-31");
    hf_json_add_str(row, "source", SOURCE);
    cJSON_AddItemToArray(releases, row);
    hf_buf_release(&module);
    free(file);
}

void
publish_linux(const struct bed *b, const char *day, const char *patch)
{
    cJSON *doc = read_doc(b, "catalogue/linux.json");
    cJSON *releases = cJSON_GetObjectItem(doc, "releases");

    complete_until(doc, day);
    for (const struct hf_sim_kernel *k = hf_sim_kernels; k->release; k++) {
        if (k->patches[0].name)
            add_patch(b, releases, k->release, day, patch);
    }
    write_doc(b, "catalogue/linux.json", doc);
    publish_commit(b, "catalogue");
}
