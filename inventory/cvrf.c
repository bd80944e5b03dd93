/* From a monthly security document to rows, product by product. */
#include "inventory/cvrf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "backend/base/text.h"
#include "backend/base/time.h"
#include "inventory/cvrf_text.h"
#include "inventory/formats.h"

/* Type of a threat and of a remediation. */
enum { THREAT_EXPLOIT = 1, THREAT_SEVERITY = 3, FIX = 2, KNOWN_ISSUE = 5 };

/* clang-format off */
/* Names as the documents have them; one that ends in a blank is a beginning.
 * The family is the first number of its builds. */
static const struct product { const char *name, *id, *family; } products[] = {
    {"Windows Server 2022", "ws2022-azure", "20348"},
    {"Windows Server 2025", "ws2025", "26100"},
    {"Windows 11 Version 24H2 ", "w11-24h2", "26100"},
    {"Windows 11 Version 25H2 ", "w11-25h2", "26200"},
    {"Windows 11 Version 26H2 ", "w11-26h2", "26300"},
};
/* clang-format on */

/* ---- members ---- */

/* The text behind {"Value": "text"}, or NULL. */
static const char *
value_of(const cJSON *obj, const char *key)
{
    return hf_json_str(hf_json_get(obj, key), "Value");
}

/* ---- products ---- */

/* The ids that a document uses for our products. */
struct known_ids {
    struct known_id {
        const char *id;
        const struct product *product;
    } * v;
    size_t len, cap;
};

static const struct product *
product_named(const char *name)
{
    static const char core[] = " (Server Core installation)";
    size_t len = strlen(name);

    if (hf_has_suffix(name, core))
        len -= strlen(core);
    for (size_t i = 0; i < HF_COUNT(products); i++) {
        const char *known = products[i].name;
        size_t n = strlen(known);

        if (known[n - 1] == ' ' ? len > n && strncasecmp(known, name, n) == 0
                                : len == n && strncasecmp(known, name, n) == 0)
            return &products[i];
    }
    return NULL;
}

static void
read_products(struct known_ids *ids, const cJSON *doc)
{
    const cJSON *list =
        hf_json_get(hf_json_get(doc, "ProductTree"), "FullProductName");
    const cJSON *each;

    cJSON_ArrayForEach(each, list)
    {
        const char *id = hf_json_str(each, "ProductID");
        const char *name = hf_json_str(each, "Value");
        const struct product *product = name ? product_named(name) : NULL;

        if (id && product)
            *HF_PUSH(&ids->v, &ids->len, &ids->cap) =
                (struct known_id){id, product};
    }
}

static const struct product *
product_of(const struct known_ids *ids, const cJSON *id)
{
    const char *text = cJSON_GetStringValue(id);

    for (size_t i = 0; text && i < ids->len; i++)
        if (strcmp(ids->v[i].id, text) == 0)
            return ids->v[i].product;
    return NULL;
}

/* ---- vulnerabilities ---- */

struct reader {
    struct hf_cvrf *out;
    const char *file;
    struct hf_problems *problems;
    struct known_ids ids;
    struct hf_words odd; /* subtypes and builds that were warned of */
};

static int
concerns_us(const struct reader *r, const cJSON *ids)
{
    const cJSON *id;

    cJSON_ArrayForEach(id, ids) if (product_of(&r->ids, id)) return 1;
    return cJSON_GetArraySize(ids) == 0;
}

static int
says_yes(const char *status, const char *what)
{
    const char *at = status ? strstr(status, what) : NULL;

    return at && hf_has_prefix(at + strlen(what), ":Yes");
}

static void
read_threats(struct hf_cve *cve, const struct reader *r, const cJSON *vuln)
{
    const cJSON *threat;

    cJSON_ArrayForEach(threat, hf_json_get(vuln, "Threats"))
    {
        const char *text = value_of(threat, "Description");
        int64_t type = hf_json_int(threat, "Type", -1);

        if (!text || !concerns_us(r, hf_json_get(threat, "ProductID")))
            continue;
        if (type == THREAT_EXPLOIT) {
            cve->exploited |= says_yes(text, "Exploited");
            cve->disclosed |= says_yes(text, "Publicly Disclosed");
        }
        for (int s = 0; type == THREAT_SEVERITY && s < HF_SEVERITY_COUNT; s++)
            if (strcasecmp(text, hf_severity_names[s]) == 0 &&
                s > (int)cve->severity)
                cve->severity = (enum hf_severity)s;
    }
}

static const char *
read_score(const struct reader *r, const cJSON *vuln)
{
    double best = 0;
    const cJSON *set, *score;
    char text[16];

    cJSON_ArrayForEach(set, hf_json_get(vuln, "CVSSScoreSets"))
    {
        score = hf_json_get(set, "BaseScore");
        if (cJSON_IsNumber(score) && score->valuedouble > best &&
            score->valuedouble <= 10 &&
            concerns_us(r, hf_json_get(set, "ProductID")))
            best = score->valuedouble;
    }
    snprintf(text, sizeof(text), "%.1f", best);
    return best > 0 ? hf_arena_intern(r->out->arena, text) : NULL;
}

static void
add_cve(struct reader *r, const char *id, const cJSON *vuln)
{
    struct hf_cvrf *out = r->out;
    struct hf_cve *cve;

    for (size_t i = 0; i < out->cves_len; i++)
        if (strcmp(out->cves[i].id, id) == 0)
            return;
    cve = HF_PUSH(&out->cves, &out->cves_len, &out->cves_cap);
    cve->id = hf_arena_intern(out->arena, id);
    cve->score = read_score(r, vuln);
    read_threats(cve, r, vuln);
}

/* ---- remediations ---- */

static void __attribute__((format(printf, 3, 4)))
warn_once(struct reader *r, const char *what, const char *fmt, ...)
{
    char text[512];
    va_list ap;

    if (!hf_words_add(&r->odd, r->out->arena, what))
        return;
    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    hf_problem_warn(r->problems, r->file, 0, 0, "", "%s", text);
}

enum kind { KIND_NONE, KIND_ORDINARY, KIND_HOTPATCH };

/* A subtype with "hotpatch" in it is one, however it is called. */
static enum kind
kind_of(struct reader *r, const char *subtype, const char *kb)
{
    static const char *const hotpatches[] = {"securityhotpatchupdate",
                                             "azurehotpatch", "hotpatch", NULL};
    char word[48], *safe;

    hf_cvrf_subtype(word, subtype);
    if (strstr(word, "hotpatch")) {
        for (size_t i = 0; hotpatches[i]; i++)
            if (strcmp(word, hotpatches[i]) == 0)
                return KIND_HOTPATCH;
        safe = hf_sanitised(subtype);
        warn_once(r, word,
                  "'%s' (%s) is an unknown subtype: taken for a hotpatch", safe,
                  kb);
        free(safe);
        return KIND_HOTPATCH;
    }
    return strcmp(word, "securityupdate") == 0 ||
                   strcmp(word, "securityonly") == 0
               ? KIND_ORDINARY
               : KIND_NONE;
}

static struct hf_cvrf_row *
row_of(struct hf_cvrf *out, const char *product, const char *kb,
       const char *build, int hotpatch)
{
    struct hf_cvrf_row *row;

    for (size_t i = 0; i < out->len; i++) {
        row = &out->v[i];
        if (strcmp(row->product, product) == 0 && strcmp(row->kb, kb) == 0 &&
            strcmp(row->build, build) == 0)
            return row;
    }
    row = HF_PUSH(&out->v, &out->len, &out->cap);
    row->product = product;
    row->kb = hf_arena_intern(out->arena, kb);
    row->build = hf_arena_intern(out->arena, build);
    row->hotpatch = hotpatch;
    return row;
}

/* A separate fix may stand under 25H2 with 24H2's build: both versions have
 * the same revisions. The build of its own line, and 1 when it was moved. */
static int
own_build(char build[32], const struct product *product)
{
    size_t n = strlen(product->family);
    char revision[32];

    if (strncmp(build, product->family, n) == 0 && build[n] == '.')
        return 0;
    snprintf(revision, sizeof(revision), "%s", strchr(build, '.'));
    snprintf(build, 32, "%s%.20s", product->family, revision);
    return 1;
}

static int
same_sources(const struct product *product, const char *build)
{
    size_t n = strlen(product->family);

    return (strncmp(build, product->family, n) == 0 && build[n] == '.') ||
           (hf_has_prefix(build, "26") && hf_has_prefix(product->id, "w11-"));
}

static void
add_superseded(struct reader *r, struct hf_cvrf_row *row, const char *list)
{
    char kb[16], number[16];

    while (list && *list) {
        size_t n = strcspn(list, "0123456789"), digits;

        list += n;
        digits = strspn(list, "0123456789");
        snprintf(number, sizeof(number), "%.*s", (int)(digits % 15), list);
        hf_cvrf_kb(kb, number);
        if (kb[0] && strcmp(kb, row->kb) != 0)
            (void)hf_words_add(&row->supersedes, r->out->arena, kb);
        list += digits;
    }
}

/* 1 when a row took it. */
static int
add_fix(struct reader *r, const cJSON *fix, const struct product *product,
        enum kind kind, const char *kb, const char *fixed, const char *cve)
{
    struct hf_cvrf_row *row;
    char build[32];
    int moved;

    snprintf(build, sizeof(build), "%s", fixed);
    if (!same_sources(product, build)) {
        warn_once(r, kb, "%s: build %s is none of %s; left out", kb, build,
                  product->id);
        return 0;
    }
    moved = own_build(build, product);
    row = row_of(r->out, product->id, kb, build, kind == KIND_HOTPATCH);
    row->moved |= moved;
    add_superseded(r, row, hf_json_str(fix, "Supercedence"));
    if (hf_words_add(&row->cves, r->out->arena, cve) &&
        row->hotpatch != (kind == KIND_HOTPATCH))
        warn_once(r, kb, "%s is a hotpatch and an ordinary update in one", kb);
    return 1;
}

static int
read_fix(struct reader *r, const cJSON *fix, const char *cve)
{
    char kb[16], build[32];
    const struct product *product;
    const cJSON *id;
    enum kind kind;
    int taken = 0;

    hf_cvrf_kb(kb, value_of(fix, "Description"));
    hf_cvrf_build(build, hf_json_str(fix, "FixedBuild"));
    if (!kb[0] || !build[0])
        return 0;
    cJSON_ArrayForEach(id, hf_json_get(fix, "ProductID"))
    {
        if (!(product = product_of(&r->ids, id)))
            continue;
        kind = kind_of(r, hf_json_str(fix, "SubType"), kb);
        if (kind != KIND_NONE)
            taken |= add_fix(r, fix, product, kind, kb, build, cve);
    }
    return taken;
}

static void
read_vulnerability(struct reader *r, const cJSON *vuln)
{
    const char *cve = hf_json_str(vuln, "CVE");
    const cJSON *fix;
    int taken = 0;

    if (!cve || hf_cve_problem(cve))
        return;
    cJSON_ArrayForEach(fix, hf_json_get(vuln, "Remediations"))
    {
        if (hf_json_int(fix, "Type", -1) == FIX)
            taken |= read_fix(r, fix, cve);
    }
    if (taken)
        add_cve(r, cve, vuln);
}

/* Known issues stand beside the fixes, by KB. */
static void
mark_known_issues(struct hf_cvrf *out, const cJSON *vuln)
{
    const cJSON *each;
    char kb[16];

    cJSON_ArrayForEach(each, hf_json_get(vuln, "Remediations"))
    {
        if (hf_json_int(each, "Type", -1) != KNOWN_ISSUE)
            continue;
        hf_cvrf_kb(kb, value_of(each, "Description"));
        for (size_t i = 0; i < out->len; i++)
            out->v[i].known_issues |= strcmp(out->v[i].kb, kb) == 0;
    }
}

/* ---- the document ---- */

static int64_t
read_day(const cJSON *tracking)
{
    const char *text = hf_json_str(tracking, "InitialReleaseDate");
    char day[16];
    int64_t at;

    snprintf(day, sizeof(day), "%.10s", text ? text : "");
    return hf_time_parse(&at, day) == 0 ? at : 0;
}

static int
read_head(struct hf_cvrf *out, const char *file, const cJSON *doc,
          struct hf_err *err)
{
    const cJSON *tracking = hf_json_get(doc, "DocumentTracking");
    const cJSON *id = hf_json_get(tracking, "Identification");
    const char *text = value_of(id, "ID");
    char *safe;

    if (!text && hf_json_get(doc, "error")) {
        (void)hf_fail(err, HF_EINVALID, "'%s' is an answer about an error",
                      file);
        return hf_hint(err, "is the month published? the documents come out "
                            "on the second Tuesday");
    }
    if (!text || !hf_cvrf_month(out->month, text)) {
        safe = hf_sanitised(text ? text : "");
        (void)hf_fail(err, HF_EINVALID,
                      "'%s' is no monthly security document: its "
                      "DocumentTracking.Identification.ID is '%s'",
                      file, safe);
        free(safe);
        return hf_hint(err, "wanted is a document such as 2026-Feb");
    }
    out->id = hf_arena_strdup(out->arena, text);
    out->released = read_day(tracking);
    return HF_OK;
}

int
hf_cvrf_read(struct hf_cvrf *out, const char *file, const cJSON *doc,
             struct hf_problems *problems, struct hf_err *err)
{
    struct reader r = {.out = out, .file = file, .problems = problems};
    const cJSON *vuln, *list = hf_json_get(doc, "Vulnerability");
    int rc;

    *out = (struct hf_cvrf){.arena = hf_arena_new()};
    if ((rc = read_head(out, file, doc, err)) < 0)
        return rc;
    read_products(&r.ids, doc);
    cJSON_ArrayForEach(vuln, list) read_vulnerability(&r, vuln);
    cJSON_ArrayForEach(vuln, list) mark_known_issues(out, vuln);
    free(r.ids.v);
    free(r.odd.v);
    if (out->len)
        return HF_OK;
    (void)hf_fail(err, HF_EINVALID,
                  "'%s': the document of %s has no update of a product that "
                  "takes hotpatches",
                  file, out->month);
    return hf_hint(err, "%s",
                   cJSON_GetArraySize(list)
                       ? "was it cut down to other products?"
                       : "it is empty: is the month published?");
}

int
hf_cvrf_parse(struct hf_cvrf *out, const char *file, const char *text,
              size_t len, struct hf_problems *problems, struct hf_err *err)
{
    cJSON *doc;
    int rc;

    *out = (struct hf_cvrf){0};
    if ((rc = hf_feed_parse(&doc, file, text, len, err)) < 0)
        return rc;
    rc = hf_cvrf_read(out, file, doc, problems, err);
    cJSON_Delete(doc);
    return rc;
}

void
hf_cvrf_release(struct hf_cvrf *doc)
{
    for (size_t i = 0; i < doc->len; i++) {
        free(doc->v[i].cves.v);
        free(doc->v[i].supersedes.v);
    }
    free(doc->v);
    free(doc->cves);
    hf_arena_free(doc->arena);
    *doc = (struct hf_cvrf){0};
}
