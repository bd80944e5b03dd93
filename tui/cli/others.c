/* Hosts on which hotfleet is not the only one who patches. */
#include "tui/cli/others.h"

#include <string.h>

#include "backend/checks/check.h"

static const char *
others_of(const struct hf_state *st)
{
    const char *others = hf_facts_get(&hf_state_record(st)->facts, "others");

    return others && strcmp(others, "none") != 0 ? others : NULL;
}

void
hf_cli_print_others(const struct hf_state *const *states, size_t n,
                    const char *title)
{
    size_t found = 0;

    for (size_t i = 0; i < n; i++) {
        const char *others = others_of(states[i]);

        if (others && !found++)
            (void)printf("\n%s\n", title);
        if (others)
            (void)printf("  %s: %s\n", states[i]->host->name, others);
        hf_state_fold(states[i]);
    }
    if (found && hf_check_others.remedy)
        (void)printf("to enforce it: %s\n", hf_check_others.remedy);
}

void
hf_cli_add_others(cJSON *doc, const struct hf_state *const *states, size_t n)
{
    cJSON *arr = hf_json_add_arr(doc, "not_enforced");

    for (size_t i = 0; i < n; i++) {
        const char *others = others_of(states[i]);
        cJSON *obj;

        if (others) {
            obj = cJSON_CreateObject();
            hf_json_add_str(obj, "name", states[i]->host->name);
            hf_json_add_str(obj, "others", others);
            cJSON_AddItemToArray(arr, obj);
        }
        hf_state_fold(states[i]);
    }
}
