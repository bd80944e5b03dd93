/*
 * The catalogue: known releases, until when it is complete, and what that
 * means for a level.
 */
#ifndef HF_MODEL_RELEASE_H
#define HF_MODEL_RELEASE_H

#include <stddef.h>
#include <stdint.h>

enum hf_release_type {
    HF_RELEASE_HOTPATCH, /* no restart */
    HF_RELEASE_BASELINE,
    HF_RELEASE_UNPLANNED_BASELINE,
    HF_RELEASE_OOB,
    HF_RELEASE_UPDATE,    /* ordinary cumulative update */
    HF_RELEASE_COMPANION, /* separate fix at the build of a hotpatch: no level
                             of its own; whether it restarts is unconfirmed */
    HF_RELEASE_TYPE_COUNT
};
extern const char *const hf_release_type_names[HF_RELEASE_TYPE_COUNT + 1];

/* Windows: what taking a release does to the host's track. */
enum hf_release_line {
    HF_LINE_BY_TYPE,  /* not stated */
    HF_LINE_HOTPATCH, /* no restart; the track goes on */
    HF_LINE_KEPT,     /* a restart; hotpatches go on from it */
    HF_LINE_RESTART,  /* a restart; off the track until the next baseline */
    HF_LINE_COUNT
};
extern const char *const hf_release_line_names[HF_LINE_COUNT + 1];

/* Strings live in the fleet's arena or the shipped table; absent = NULL. */
struct hf_release {
    const char *product; /* "linux", "ws2025", ... */
    enum hf_release_type type;
    enum hf_release_line line;  /* as stated; see hf_release_line */
    const char *month;          /* "2026-08" */
    const char *kb, *build;     /* Windows */
    const char *kernel, *patch; /* Linux: release, module name */
    const char *version;
    const char *sha256, *file;     /* Linux: module in the patch store */
    const char *replaces;          /* Linux: name of the patch it retires,
                                      "*" = all (atomic replace) */
    const char *const *supersedes; /* Windows: KBs; NULL-terminated */
    const char *const *cves;       /* NULL-terminated, never NULL */
    int64_t released;              /* ms or 0 */
    int64_t covered_until;         /* ms or 0 = not stated */
    int known_issues;              /* its publisher lists some */
    const char *incident;          /* what went wrong with it, or NULL */
    const char *note, *source, *certainty;
};

enum hf_severity {
    HF_SEVERITY_UNKNOWN, /* not stated */
    HF_SEVERITY_LOW,
    HF_SEVERITY_MODERATE,
    HF_SEVERITY_IMPORTANT,
    HF_SEVERITY_CRITICAL,
    HF_SEVERITY_COUNT
};
extern const char *const hf_severity_names[HF_SEVERITY_COUNT + 1];

/* What is known of a vulnerability, once for all releases that close it. */
struct hf_cve {
    const char *id; /* "CVE-2026-21519" */
    enum hf_severity severity;
    const char *score; /* CVSS base score "7.8", or NULL: not stated */
    int exploited;     /* known to be used in attacks */
    int disclosed;     /* known to the public before its fix */
};

struct hf_product {
    const char *id; /* "linux" */
    const char *title;
    const char *complete_until; /* "2026-08", or NULL: not stated */
    const char *ends; /* the last month in which hotpatches come, or NULL */
    const char *ends_certainty; /* how sure that is not, or NULL */
};

struct hf_catalogue {
    const struct hf_release *releases; /* by product, kernel, release date */
    size_t releases_len;
    const struct hf_product *products;
    size_t products_len;
    const struct hf_cve *cves; /* by id */
    size_t cves_len;
    char hash[65]; /* SHA-256 over the canonical form of all rows */
};

/* The order of hf_catalogue.releases, for qsort: product, kernel, date of
 * release, patch, build (by its numbers), KB. */
int hf_release_compare(const void *a, const void *b);

/* As stated, else by type: an out-of-band release about which nothing is said
 * is taken for one that leaves the track, and so is what is no level at all.
 * Never HF_LINE_BY_TYPE. */
enum hf_release_line hf_release_line(const struct hf_release *row);

/* Product ids that may appear (the catalogue is by these), NULL-terminated. */
extern const char *const hf_product_ids[];

/* The first row of that KB number or patch name; borrowed, or NULL. */
const struct hf_release *
hf_catalogue_release(const struct hf_catalogue *c, const char *name);
/* Borrowed, or NULL when only its number is known. */
const struct hf_cve *
hf_catalogue_cve(const struct hf_catalogue *c, const char *id);
/* How many of the row's CVEs are known to be exploited. */
size_t hf_release_exploited(const struct hf_catalogue *c,
                            const struct hf_release *row);

const struct hf_product *
hf_catalogue_product(const struct hf_catalogue *c, const char *id);
/*
 * When the product's rows stop being trustworthy: Windows, the second Tuesday
 * after the complete month (10:00 Pacific is not modelled: 18:00 UTC); Linux,
 * the end of the month after it. 0 when complete_until is not stated.
 */
int64_t hf_product_overdue_at(const struct hf_product *p);

/* 18:00 UTC on the second Tuesday, `months` after the month "2026-08"; 0 when
 * the text is no month. */
int64_t hf_release_day(const char *month, int months);

/* The rows of a product, which stand together (Windows: by date of release):
 * how many there are. Borrowed. */
size_t hf_catalogue_rows(const struct hf_catalogue *c, const char *product,
                         const struct hf_release **rows);

/* Rows of one Linux kernel, in the order in which they must be loaded, that
 * are not retired by a later row: the newest level. Writes at most `max`
 * pointers, returns how many there are. */
size_t
hf_catalogue_kernel_target(const struct hf_catalogue *c, const char *kernel,
                           const struct hf_release **out, size_t max);
/* All rows of one Linux kernel, oldest first; NULL and none when there are
 * none. */
const struct hf_release *
hf_catalogue_kernel_rows(const struct hf_catalogue *c, const char *kernel,
                         size_t *len);
/* 1: `later` names `row` as one that it replaces, replaces all, or is the same
 * patch again. */
int hf_release_retires(const struct hf_release *later,
                       const struct hf_release *row);
/* The row of a patch for a kernel, or NULL. */
const struct hf_release *
hf_catalogue_kernel_row(const struct hf_catalogue *c, const char *kernel,
                        const char *patch);
/* 1 when the kernel has any row. */
int hf_catalogue_knows_kernel(const struct hf_catalogue *c, const char *kernel);

#endif
