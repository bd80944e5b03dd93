/* The verbs, in the order in which help shows them. */
#include <string.h>

#include "tui/cli/verb.h"

/* clang-format off */
#define VERBS(X)                                                               \
    X(today) X(hosts) X(show) X(check) X(runs) X(audit)                        \
    X(apply) X(verify) X(rollback)                                             \
    X(demo) X(help) X(version)
/* clang-format on */

#define DECLARE(name) extern const struct hf_verb hf_verb_##name;
VERBS(DECLARE)

#define ROW(name) &hf_verb_##name,
const struct hf_verb *const hf_verbs[] = {VERBS(ROW) NULL};

const struct hf_verb *
hf_verb_find(const char *name)
{
    for (size_t i = 0; hf_verbs[i]; i++) {
        if (strcmp(hf_verbs[i]->name, name) == 0)
            return hf_verbs[i];
    }
    return NULL;
}
