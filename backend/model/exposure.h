/*
 * Which CVEs are open on which hosts: everything that the releases of a
 * host's product close, without what is in effect on it. Hosts on the same
 * level share one set, so that a host costs four bytes.
 *
 * What the catalogue does not know is not in here: a month whose security
 * document was not imported closes nothing and leaves nothing open. See
 * hf_exposure_gaps.
 */
#ifndef HF_MODEL_EXPOSURE_H
#define HF_MODEL_EXPOSURE_H

#include "backend/base/buf.h"
#include "backend/model/release.h"
#include "backend/model/status.h"

/* Of which releases the fixes are in effect on a host. {0} is empty; a driver
 * fills it, and keeps the room of `taken` from host to host. */
struct hf_fixes {
    /* Of its product (or kernel), those that are out, as the catalogue has
     * them: borrowed. NULL: nothing is known of the host's level. */
    const struct hf_release *rows;
    size_t len;
    unsigned char *taken; /* one byte a row */
    size_t cap;
    char why[HF_WHY_LEN]; /* not known: why */
};
void hf_fixes_release(struct hf_fixes *f);
/* These rows, of which none is taken yet. */
void
hf_fixes_start(struct hf_fixes *f, const struct hf_release *rows, size_t len);

struct hf_exposure_count {
    size_t closed, open; /* CVEs */
    size_t exploited;    /* of the open ones: used in attacks */
    size_t severity[HF_SEVERITY_COUNT];
    const struct hf_cve *worst; /* open, with the highest score; or NULL */
};

/* {0} is none. Begin with hf_exposure_init. */
struct hf_exposure {
    const struct hf_catalogue *catalogue;
    const char **ids; /* of all CVEs of all rows, sorted: borrowed texts */
    size_t ids_len;
    struct hf_exposure_set *sets;
    size_t sets_len, sets_cap;
    uint32_t *of; /* by host, in the order of hf_exposure_add: see below */
    size_t len, cap;
    uint64_t *rows;  /* which CVEs each row of the catalogue closes */
    size_t words;    /* of 64 CVEs, in each such set */
    uint32_t *slots; /* sets by their content */
    size_t slots_len;
};
#define HF_EXPOSURE_UNKNOWN UINT32_MAX /* in `of`; else an index of `sets` */

struct hf_exposure_set {
    const struct hf_release *rows; /* see hf_fixes */
    size_t len;
    unsigned char *taken;
    uint64_t *open; /* a bit for each of `ids` */
    struct hf_exposure_count count;
    size_t hosts;
};

/* The catalogue must outlive it. */
void hf_exposure_init(struct hf_exposure *x, const struct hf_catalogue *c);
void hf_exposure_release(struct hf_exposure *x);
/* The next host. */
void hf_exposure_add(struct hf_exposure *x, const struct hf_fixes *fixes);
/* The set of the i-th host; NULL: unknown. */
const struct hf_exposure_set *
hf_exposure_of(const struct hf_exposure *x, size_t host);

/* What is open on any of several hosts. {0} is nothing. */
struct hf_exposure_group {
    size_t hosts, unknown; /* in it; of these unknown */
    size_t exposed;        /* hosts with anything open */
    size_t attacked;       /* hosts with an exploited one open */
    uint64_t *open;
    struct hf_exposure_count count; /* `closed` is not set */
};
void hf_exposure_group_add(struct hf_exposure_group *g,
                           const struct hf_exposure *x, size_t host);
/* Counts, when all are in it. */
void hf_exposure_group_count(struct hf_exposure_group *g,
                             const struct hf_exposure *x);
void hf_exposure_group_release(struct hf_exposure_group *g);

/* Its number among `ids`; SIZE_MAX: no release of the catalogue closes it. */
size_t hf_exposure_cve(const struct hf_exposure *x, const char *id);
int hf_exposure_is_open(const uint64_t *open, size_t cve);
/* 1 when a release that is taken in this set closes it. */
int hf_exposure_closes(const struct hf_exposure *x,
                       const struct hf_exposure_set *set, size_t cve);
/* What is known of the i-th of `ids`; NULL: only its number. */
const struct hf_cve *hf_exposure_about(const struct hf_exposure *x, size_t cve);

/* "2026-03, 2026-04": months whose fixes a host of that product lacks, and of
 * which the catalogue names no CVE: there is more open than is counted. */
void hf_exposure_gaps(struct hf_buf *out, const struct hf_exposure *x,
                      const char *product);

/* The hotpatch of a month, and the cumulative update or baseline beside it. */
struct hf_month_difference {
    const char *product, *month;
    const struct hf_release *hotpatch, *update;
    struct hf_strs left_open; /* closed by the update alone */
    struct hf_strs companion; /* KBs that close these on hotpatched hosts */
};
/* Of every month in which both are known with their CVEs and differ; caller's
 * (hf_month_differences_free). */
struct hf_month_difference *
hf_month_differences(const struct hf_catalogue *c, size_t *n);
void hf_month_differences_free(struct hf_month_difference *v, size_t n);

#endif
