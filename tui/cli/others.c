/* Hosts on which hotfleet is not the only one who patches. */
#include "tui/cli/others.h"

#include "backend/checks/check.h"
#include "backend/model/calendar.h"

#define SHOWN 40 /* --json has them all */

void
hf_cli_print_others(const struct hf_state *const *states, size_t n,
                    const char *title)
{
    size_t found = 0;

    for (size_t i = 0; i < n; i++) {
        const char *others = hf_state_others(states[i]);

        if (others && !found++)
            (void)printf("\n%s\n", title);
        if (others && found <= SHOWN)
            (void)printf("  %s: %s\n", states[i]->host->name, others);
        hf_state_fold(states[i]);
    }
    if (found > SHOWN)
        (void)printf("  and %zu more: --json names them all\n", found - SHOWN);
    if (found && hf_check_others.remedy)
        (void)printf("to enforce it: %s\n", hf_check_others.remedy);
}

void
hf_cli_add_others(cJSON *doc, const struct hf_state *const *states, size_t n)
{
    cJSON *arr = hf_json_add_arr(doc, "not_enforced");

    for (size_t i = 0; i < n; i++) {
        const char *others = hf_state_others(states[i]);
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

size_t
hf_cli_frozen(const struct hf_state **out, const struct hf_calendar *cal,
              const struct hf_state *const *states, size_t n, int64_t from,
              int64_t to)
{
    struct hf_period freeze;
    size_t found = 0;

    for (size_t i = 0; cal && i < n; i++) {
        if (hf_calendar_freeze(cal, states[i]->host, from, &freeze) ||
            freeze.from < to)
            out[found++] = states[i];
    }
    return found;
}
