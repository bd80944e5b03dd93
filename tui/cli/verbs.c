/* The verbs, in the order in which help shows them. */
#include <string.h>

#include "tui/cli/verb.h"

/* clang-format off */
#define VERBS(X)                        \
    X(today)                            \
    X(hosts)                            \
    X(show)                             \
    X(why)                              \
    X(check)                            \
    X(schedule)                         \
    X(runs)                             \
    X(audit)                            \
    X(plan)                             \
    X(run)                              \
    X(pause)                            \
    X(resume)                           \
    X(abort)                            \
    X(approve_ring)                     \
    X(skip)                             \
    X(retry)                            \
    X(report_exposure)                  \
    X(report_reboots)                   \
    X(report_rollback)                  \
    X(report_compliance)                \
    X(report_savings)                   \
    X(report_memory)                    \
    X(report_quarter)                   \
    X(report_coverage)                  \
    X(apply)                            \
    X(verify)                           \
    X(rollback)                         \
    X(reboot)                           \
    X(call_off)                         \
    X(stage)                            \
    X(init)                             \
    X(lint)                             \
    X(import)                           \
    X(enroll)                           \
    X(hold)                             \
    X(unhold)                           \
    X(ring_move)                        \
    X(block)                            \
    X(unblock)                          \
    X(exception_add)                    \
    X(exception_end)                    \
    X(exception_list)                   \
    X(window_add)                       \
    X(window_end)                       \
    X(catalogue_list)                   \
    X(catalogue_add)                    \
    X(catalogue_import)                 \
    X(demo)                             \
    X(rehearse)                         \
    X(playbook_list)                    \
    X(playbook_explain)                 \
    X(help)                             \
    X(version)
/* clang-format on */

#define DECLARE(name) extern const struct hf_verb hf_verb_##name;
VERBS(DECLARE)

#define ROW(name) &hf_verb_##name,
const struct hf_verb *const hf_verbs[] = {VERBS(ROW) NULL};

/* 1 when `name` ("catalogue add") is the first `*words` of argv. */
static int
is_named(const char *name, int argc, char **argv, int *words)
{
    size_t len;

    for (*words = 0; *name && *words < argc; (*words)++) {
        len = strcspn(name, " ");
        if (strlen(argv[*words]) != len ||
            strncmp(argv[*words], name, len) != 0)
            return 0;
        name += len + (name[len] == ' ');
    }
    return *name == '\0';
}

const struct hf_verb *
hf_verb_find(int argc, char **argv, int *words)
{
    for (size_t i = 0; hf_verbs[i]; i++) {
        if (is_named(hf_verbs[i]->name, argc, argv, words))
            return hf_verbs[i];
    }
    return NULL;
}
