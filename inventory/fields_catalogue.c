/* The keys of catalogue/<product>.json. */
#include <stdio.h>
#include <string.h>

#include "inventory/documents.h"
#include "inventory/formats.h"

/* clang-format off */
#define AT(member) offsetof(struct hf_release, member)
#define COMMON_FIELDS                                                         \
    {.key = "released", .type = HF_FIELD_DATE, .offset = AT(released),        \
     .help = "When it came out"},                                             \
    {.key = "cves", .type = HF_FIELD_TEXTS, .flags = HF_FIELD_INTERN,         \
     .offset = AT(cves), .max = 1000, .problem = hf_cve_problem,              \
     .pattern = HF_PATTERN_CVE, .help = "CVE numbers that it closes"},        \
    {.key = "covered_until", .type = HF_FIELD_DATE, .flags = HF_FIELD_UNTIL,  \
     .offset = AT(covered_until),                                             \
     .help = "Until when patches without restart are published for it"},      \
    {.key = "known_issues", .type = HF_FIELD_BOOL, .offset = AT(known_issues),\
     .help = "Whether its publisher lists known issues of it"},               \
    {.key = "incident", .type = HF_FIELD_TEXT, .flags = HF_FIELD_FREE,         \
     .offset = AT(incident), .max = 4096,                                     \
     .help = "What went wrong with it; shown on hosts that it concerns"},     \
    {.key = "note", .type = HF_FIELD_TEXT, .flags = HF_FIELD_FREE,            \
     .offset = AT(note), .max = 4096, .help = "For people"},                  \
    {.key = "source", .type = HF_FIELD_TEXT, .offset = AT(source),            \
     .help = "Where this row is known from"},                                 \
    {.key = "certainty", .type = HF_FIELD_TEXT, .offset = AT(certainty),      \
     .help = "How sure that is"}

static const struct hf_field linux_fields[] = {
    {.key = "kernel", .type = HF_FIELD_TEXT,
     .flags = HF_FIELD_REQUIRED | HF_FIELD_INTERN, .offset = AT(kernel),
     .max = 64, .problem = hf_kernel_problem, .pattern = HF_PATTERN_KERNEL,
     .help = "Kernel release, as uname -r prints it"},
    {.key = "patch", .type = HF_FIELD_TEXT, .flags = HF_FIELD_REQUIRED,
     .offset = AT(patch), .max = 55, .problem = hf_module_problem,
     .pattern = HF_PATTERN_MODULE, .help = "Name of the livepatch module"},
    {.key = "version", .type = HF_FIELD_TEXT, .offset = AT(version),
     .max = 128, .help = "Its version"},
    {.key = "sha256", .type = HF_FIELD_TEXT, .offset = AT(sha256),
     .problem = hf_sha256_problem, .pattern = HF_PATTERN_SHA256,
     .help = "SHA-256 of the module; absent when somebody else installs it"},
    {.key = "file", .type = HF_FIELD_TEXT, .offset = AT(file), .max = 255,
     .help = "patches/<sha256>.ko in this repository"},
    {.key = "replaces", .type = HF_FIELD_TEXT, .offset = AT(replaces),
     .problem = hf_replaces_problem, .pattern = HF_PATTERN_REPLACES,
     .help = "The patch that it retires; * for all (atomic replace)"},
    COMMON_FIELDS,
    {0},
};

static const struct hf_field windows_fields[] = {
    {.key = "month", .type = HF_FIELD_TEXT, .flags = HF_FIELD_REQUIRED,
     .offset = AT(month), .problem = hf_month_problem,
     .pattern = HF_PATTERN_MONTH, .help = "Month of the release"},
    {.key = "type", .type = HF_FIELD_ENUM, .flags = HF_FIELD_REQUIRED,
     .offset = AT(type), .names = hf_release_type_names,
     .help = "baseline and update need a restart, hotpatch does not; companion "
             "is a separate fix at a hotpatch's build"},
    {.key = "line", .type = HF_FIELD_ENUM, .offset = AT(line),
     .names = hf_release_line_names,
     .help = "For oob: hotpatch needs no restart; kept needs one, and "
             "hotpatches go on; restart leaves the hotpatch track"},
    {.key = "kb", .type = HF_FIELD_TEXT, .flags = HF_FIELD_REQUIRED,
     .offset = AT(kb), .problem = hf_kb_problem, .pattern = HF_PATTERN_KB,
     .help = "KB number"},
    {.key = "build", .type = HF_FIELD_TEXT, .flags = HF_FIELD_REQUIRED,
     .offset = AT(build), .problem = hf_build_problem,
     .pattern = HF_PATTERN_BUILD, .help = "Build and revision"},
    {.key = "supersedes", .type = HF_FIELD_TEXTS, .offset = AT(supersedes),
     .problem = hf_kb_problem, .pattern = HF_PATTERN_KB,
     .help = "KB numbers that it makes unnecessary"},
    COMMON_FIELDS,
    {0},
};
#undef AT

/* file and sha256 say the same thing, so they must agree. */
static const char *
linux_problem(const void *object)
{
    const struct hf_release *row = object;
    char file[96];

    if (!row->file)
        return NULL;
    if (!row->sha256)
        return "has a 'file' but no 'sha256'";
    snprintf(file, sizeof(file), "patches/%s.ko", row->sha256);
    return strcmp(file, row->file) == 0
               ? NULL
               : "wants 'file' to be \"patches/<sha256>.ko\"";
}

/* Every other type says so itself. */
static const char *
windows_problem(const void *object)
{
    const struct hf_release *row = object;

    return row->line && row->type != HF_RELEASE_OOB
               ? "wants 'line' for releases of type 'oob' only"
               : NULL;
}

static const struct hf_release linux_defaults = {.type = HF_RELEASE_HOTPATCH};

static const struct hf_object object_linux = {
    .name = "linux_release", .help = "A livepatch module for one kernel",
    .fields = linux_fields, .size = sizeof(struct hf_release),
    .defaults = &linux_defaults, .problem = linux_problem,
};

static const struct hf_object object_windows = {
    .name = "windows_release", .help = "One release of a Windows product",
    .fields = windows_fields, .size = sizeof(struct hf_release),
    .problem = windows_problem,
};

static int
is_windows(const void *owner)
{
    const struct hf_catalogue_doc *doc = owner;

    return doc->product && strcmp(doc->product, "linux") != 0;
}

#define AT(member) offsetof(struct hf_catalogue_doc, member)
static const struct hf_field catalogue_fields[] = {
    {.key = "product", .type = HF_FIELD_CHOICE, .flags = HF_FIELD_REQUIRED,
     .offset = AT(product), .names = hf_product_ids,
     .help = "The product that the releases are for"},
    {.key = "title", .type = HF_FIELD_TEXT, .offset = AT(title), .max = 128,
     .help = "Its name for people"},
    {.key = "complete_until", .type = HF_FIELD_TEXT,
     .offset = AT(complete_until), .problem = hf_month_problem,
     .pattern = HF_PATTERN_MONTH,
     .help = "The last month in which no release is missing here; later on, "
             "hosts are shown as unknown, not as current"},
    {.key = "ends", .type = HF_FIELD_TEXT, .offset = AT(ends),
     .problem = hf_month_problem, .pattern = HF_PATTERN_MONTH,
     .help = "The last month in which hotpatches are made for it; afterwards "
             "each update restarts"},
    {.key = "ends_certainty", .type = HF_FIELD_TEXT,
     .offset = AT(ends_certainty), .max = 200, .help = "How sure that is"},
    {.key = "releases", .type = HF_FIELD_LIST, .offset = AT(releases),
     .max = 100000, .of = &object_linux, .or_of = &object_windows,
     .is_other = is_windows, .help = "The releases, in any order"},
    {0},
};
#undef AT

#define AT(member) offsetof(struct hf_cve, member)
static const struct hf_field cve_fields[] = {
    {.key = "id", .type = HF_FIELD_TEXT, .flags = HF_FIELD_REQUIRED,
     .offset = AT(id), .problem = hf_cve_problem, .pattern = HF_PATTERN_CVE,
     .help = "CVE number"},
    {.key = "severity", .type = HF_FIELD_ENUM, .offset = AT(severity),
     .names = hf_severity_names, .help = "As its publisher rates it"},
    {.key = "score", .type = HF_FIELD_TEXT, .flags = HF_FIELD_INTERN,
     .offset = AT(score), .problem = hf_score_problem,
     .pattern = HF_PATTERN_SCORE, .help = "CVSS base score"},
    {.key = "exploited", .type = HF_FIELD_BOOL, .offset = AT(exploited),
     .help = "Whether it is known to be used in attacks"},
    {.key = "disclosed", .type = HF_FIELD_BOOL, .offset = AT(disclosed),
     .help = "Whether it was known to the public before its fix"},
    {0},
};
#undef AT

static const struct hf_object object_cve = {
    .name = "cve", .help = "What is known of one vulnerability",
    .fields = cve_fields, .size = sizeof(struct hf_cve),
};

static const struct hf_field cves_fields[] = {
    {.key = "cves", .type = HF_FIELD_LIST,
     .offset = offsetof(struct hf_cves_doc, cves), .max = 100000,
     .of = &object_cve, .help = "The vulnerabilities, each once"},
    {0},
};
/* clang-format on */

const struct hf_object hf_object_cves = {
    .name = "cves",
    .help = "What is known of the CVEs that releases name",
    .fields = cves_fields,
    .size = sizeof(struct hf_cves_doc),
};

const struct hf_object hf_object_catalogue = {
    .name = "catalogue",
    .help = "Known releases of one product",
    .fields = catalogue_fields,
    .size = sizeof(struct hf_catalogue_doc),
};
