/*
 * Windows and freezes of calendar.json as commits: one rule more, one less.
 * The rest of the file stays as its authors wrote it.
 */
#ifndef HF_INVENTORY_WINDOW_H
#define HF_INVENTORY_WINDOW_H

#include "backend/model/calendar.h"
#include "backend/model/host.h"
#include "inventory/repo.h"

/* As the file has them; absent ones are NULL. */
struct hf_window_text {
    const char *name;
    const char *kind;   /* of hf_rule_kind_names */
    const char *select; /* whom it names; NULL: every host */
    const char *monthly;
    const char *weekly; /* "saturday,sunday" */
    const char *at, *length, *from, *to;
    const char *reason;
};

/*
 * Whether it could be added, which changes nothing: the rule as it would be,
 * without a clock of its own, in `arena`. HF_EEXISTS, HF_EINVALID as below.
 */
int hf_window_check(struct hf_rule *rule, struct hf_arena *arena,
                    struct hf_repo *repo, const struct hf_fleet *fleet,
                    const struct hf_window_text *text, struct hf_err *err);
/*
 * The fleet was loaded from `repo`; a file that moved since is HF_EMOVED.
 * HF_EEXISTS: there is one of that kind and name; HF_EINVALID: the calendar
 * would be wrong, and why. See hf_edit_commit for the other errors.
 */
int hf_window_add(struct hf_repo *repo, const struct hf_fleet *fleet,
                  const struct hf_window_text *text, char commit[41],
                  struct hf_err *err);
/* `kind` NULL: of whatever kind; HF_EUSAGE when two have the name, and
 * HF_ENOTFOUND. `reason` may be NULL. */
int hf_window_end(struct hf_repo *repo, const struct hf_fleet *fleet,
                  const char *name, const char *kind, const char *reason,
                  char commit[41], struct hf_err *err);

#endif
