/*
 * Microsoft's monthly security documents: CVRF as JSON, as the service
 * returns it (GET /cvrf/v3.0/cvrf/2026-Feb, Accept: application/json). Read
 * for the products that take hotpatches; all else in them is passed over.
 *
 * What the documents do not say is not made up here: whether a product may
 * take a hotpatch, which month a release is of, and whether it restarts
 * (RestartRequired is "Yes" for nearly everything).
 */
#ifndef HF_INVENTORY_CVRF_H
#define HF_INVENTORY_CVRF_H

#include "backend/model/release.h"
#include "inventory/feed.h"

/* An update of one product. */
struct hf_cvrf_row {
    const char *product; /* catalogue id */
    const char *kb, *build;
    int hotpatch;     /* by its subtype; else an ordinary update */
    int known_issues; /* the document lists some */
    int moved;        /* it named the build of another version's line */
    struct hf_words cves, supersedes;
};

struct hf_cvrf {
    struct hf_arena *arena;
    const char *id;   /* "2026-Feb" */
    char month[8];    /* "2026-02" */
    int64_t released; /* midnight UTC of the day; 0: not said */
    struct hf_cvrf_row *v;
    size_t len, cap;
    struct hf_cve *cves; /* of those rows, each once */
    size_t cves_len, cves_cap;
};

/*
 * Reads one document. Oddities in it become warnings of `problems`, under
 * `file`. HF_EINVALID: it is none; the hint says what it is instead (a page
 * of a proxy, the XML form, a month that is not published). HF_ELIMIT: more
 * than HF_FEED_MAX bytes. `out` is to be released in any case.
 */
int hf_cvrf_parse(struct hf_cvrf *out, const char *file, const char *text,
                  size_t len, struct hf_problems *problems, struct hf_err *err);
/* The same from a parsed document. */
int hf_cvrf_read(struct hf_cvrf *out, const char *file, const cJSON *doc,
                 struct hf_problems *problems, struct hf_err *err);
void hf_cvrf_release(struct hf_cvrf *doc);

#endif
