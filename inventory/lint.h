/*
 * Everything that is wrong or odd about a fleet, for people who mend it.
 */
#ifndef HF_INVENTORY_LINT_H
#define HF_INVENTORY_LINT_H

#include "backend/base/json.h"
#include "backend/model/host.h"
#include "inventory/repo.h"

/*
 * Loads `commit` (NULL: HEAD), adds all problems, and warnings about what is
 * allowed but likely a slip: a host without ring or host key, one that is
 * reached over a jump host, a folder named like another ring, one address
 * twice, rings without hosts. HF_OK also with warnings; HF_EINVALID when there
 * are errors. *fleet (when not NULL) is the sound part, the caller's.
 */
int hf_lint(struct hf_fleet **fleet, struct hf_repo *repo, const char *commit,
            struct hf_problems *problems, struct hf_err *err);

/* The warnings alone; those about the calendar: rules that name nobody,
 * windows that lie over each other. */
void hf_lint_fleet(const struct hf_fleet *fleet, struct hf_problems *problems);
void
hf_lint_calendar(const struct hf_fleet *fleet, struct hf_problems *problems);

#endif
