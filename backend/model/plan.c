/* Plans: their life, and the order of hosts in percent rings. */
#include "backend/model/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/sha256.h"

const char *const hf_plan_after_names[HF_PLAN_AFTER_COUNT + 1] = {
    "alone", "retry", "supersede", "rollback", NULL,
};

void
hf_plan_free(struct hf_plan *plan)
{
    if (!plan)
        return;
    hf_arena_free(plan->arena);
    free(plan);
}

static int
compare_names(const void *a, const void *b, void *ctx)
{
    const struct hf_plan *plan = ctx;

    return strcmp(plan->hosts[*(const uint32_t *)a].name,
                  plan->hosts[*(const uint32_t *)b].name);
}

void
hf_plan_index(struct hf_plan *plan)
{
    size_t n = plan->hosts_len;

    plan->by_name =
        hf_arena_alloc(plan->arena, (n + 1) * sizeof(*plan->by_name));
    for (size_t i = 0; i < n; i++)
        plan->by_name[i] = (uint32_t)i;
    qsort_r(plan->by_name, n, sizeof(*plan->by_name), compare_names, plan);
}

int
hf_plan_find(const struct hf_plan *plan, const char *name)
{
    size_t low = 0, high = plan->hosts_len;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        uint32_t host = plan->by_name[mid];
        int order = strcmp(plan->hosts[host].name, name);

        if (order == 0)
            return (int)host;
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return -1;
}

uint64_t
hf_plan_order(const char *pool, const char *name)
{
    char *text = hf_xasprintf("%s\n%s", pool, name);
    unsigned char digest[32];
    uint64_t order = 0;

    hf_sha256(digest, text, strlen(text));
    for (int i = 0; i < 8; i++)
        order = order << 8 | digest[i];
    free(text);
    return order;
}

enum hf_action
hf_plan_action(const struct hf_plan *plan, int host)
{
    return plan->hosts[host].restart_update
               ? HF_ACTION_RESTART_UPDATE
               : hf_playbook_action((enum hf_playbook_kind)plan->playbook.kind);
}

int64_t
hf_plan_spread(const struct hf_plan *plan, const char *host, int64_t spread)
{
    if (spread <= 0)
        return 0;
    return (int64_t)(hf_plan_order(plan->hash, host) % (uint64_t)spread);
}
