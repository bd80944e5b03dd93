/*
 * Extending the fleet's catalogue from files of others: Microsoft's monthly
 * security documents (cvrf.h), and catalogues of our own form. A plan says
 * what would change; committing it is one commit.
 */
#ifndef HF_INVENTORY_CATALOGUE_IMPORT_H
#define HF_INVENTORY_CATALOGUE_IMPORT_H

#include "backend/base/json.h"
#include "backend/model/host.h"
#include "inventory/edit.h"
#include "inventory/feed.h"
#include "inventory/repo.h"

/* {0} is empty. */
struct hf_catalogue_plan {
    struct hf_strs added;    /* "KB5075942 (ws2025, hotpatch ...), 29 CVEs" */
    struct hf_strs changed;  /* the same: known rows of which more is known */
    struct hf_strs complete; /* "ws2025: complete until 2026-09" */
    size_t cves_added, cves_changed;
    struct hf_problems problems; /* warnings: oddities, disagreements */
    struct hf_edit edit;
};

void hf_catalogue_plan_release(struct hf_catalogue_plan *plan);

/*
 * Reads all files, older months first, and compares them with the catalogue
 * of `fleet`, as loaded from `repo`. What is known already is left as it is:
 * reading a file twice plans nothing. HF_EINVALID, HF_ELIMIT: one of the
 * files cannot be used, which is named; then nothing is planned.
 */
int hf_catalogue_import_read(struct hf_catalogue_plan *plan,
                             struct hf_repo *repo, const struct hf_fleet *fleet,
                             const struct hf_feed *files, size_t n,
                             struct hf_err *err);
/* One commit. Nothing to do: HF_OK with an empty `commit`. */
int hf_catalogue_import_commit(struct hf_repo *repo,
                               const struct hf_catalogue_plan *plan,
                               char commit[41], struct hf_err *err);

#endif
