/*
 * The catalogue while it is being extended: its rows, what was learned of
 * them, and what must be written. For catalogue_*.c only.
 */
#ifndef HF_INVENTORY_CATALOGUE_DRAFT_H
#define HF_INVENTORY_CATALOGUE_DRAFT_H

#include "inventory/cvrf.h"

struct hf_draft_row {
    struct hf_release r; /* its lists are in the members below */
    struct hf_words cves, supersedes;
    int added, changed; /* since the draft was opened */
};

struct hf_draft_cve {
    struct hf_cve c;
    int added, changed;
};

struct hf_draft_product {
    const char *id;
    const char *complete_until; /* or NULL */
    int changed;
};

struct hf_draft {
    struct hf_arena *arena;
    struct hf_draft_row **rows; /* of the arena, in no order */
    size_t rows_len, rows_cap;
    struct hf_draft_cve *cves; /* by id */
    size_t cves_len, cves_cap;
    struct hf_draft_product *products;
    size_t products_len, products_cap;
};

void
hf_draft_open(struct hf_draft *draft, const struct hf_catalogue *catalogue);
void hf_draft_release(struct hf_draft *draft);

/* The row of a KB, or the first of a build; NULL: there is none. */
struct hf_draft_row *
hf_draft_kb(const struct hf_draft *draft, const char *product, const char *kb);
struct hf_draft_row *hf_draft_build(const struct hf_draft *draft,
                                    const char *product, const char *build);
/* Of a kernel and patch. */
struct hf_draft_row *hf_draft_patch(const struct hf_draft *draft,
                                    const char *kernel, const char *patch);
/* A new row; copies texts, lists are left to hf_draft_learn. */
struct hf_draft_row *
hf_draft_add(struct hf_draft *draft, const struct hf_release *row);
/* Adds what the lists (NULL-terminated, or NULL) hold beyond the row's. */
void hf_draft_learn(struct hf_draft *draft, struct hf_draft_row *row,
                    const char *const *cves, const char *const *supersedes,
                    int known_issues);
/* What is known of a CVE only ever grows: the graver statement stays. */
void hf_draft_learn_cve(struct hf_draft *draft, const struct hf_cve *cve);
struct hf_draft_product *
hf_draft_product(struct hf_draft *draft, const char *product);

/*
 * Takes a month's document in: rows of updates that the draft lacks, and CVEs
 * for those that it has. What disagrees with a row of the draft is left out,
 * and a warning names both. `file` is for the warnings.
 */
void hf_draft_take_month(struct hf_draft *draft, const struct hf_cvrf *doc,
                         const char *file, struct hf_problems *problems);
/* The same with one of our own catalogue files. */
struct hf_catalogue_doc;
void hf_draft_take_catalogue(struct hf_draft *draft,
                             const struct hf_catalogue_doc *doc,
                             const char *file, struct hf_problems *problems);

/* "KB5075942 (ws2025, hotpatch 2026-02, 26100.32313)". */
void hf_draft_name(struct hf_buf *out, const struct hf_release *row);

#endif
