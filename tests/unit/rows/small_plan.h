/* A plan of two rings and seven hosts, with a gate and a sign-off. */
#ifndef TESTS_UNIT_ROWS_SMALL_PLAN_H
#define TESTS_UNIT_ROWS_SMALL_PLAN_H

#include "backend/base/text.h"
#include "tests/unit/rows/golden.h"
#include "tui/rows/rings.h"

static const int gates_of_first[] = {0, 1};
static const struct hf_gate gates[] = {
    {.name = "well", .count = 3, .fail_after = 1, .every = HOUR},
    {.name = "owner", .kind = HF_GATE_SIGNOFF, .who = "the app's owner"},
};
static const struct hf_playbook_ring plan_rings[] = {
    {.name = "canary", .gates = gates_of_first, .gates_len = 2, .soak = DAY},
    {.name = "broad", .approve = 1},
};
static const char *const releases[] = {"ws2025 KB5078766", NULL};

static inline struct hf_plan *
make_plan(void)
{
    struct hf_plan *plan = HF_NEW(struct hf_plan);
    static const char *const names[] = {"app-1", "app-2", "db-1", "db-2",
                                        "web-1", "web-2", "web-3"};

    plan->arena = hf_arena_new();
    plan->playbook = hf_playbook_defaults;
    plan->playbook.name = "monthly-hotpatch";
    plan->playbook.rings = plan_rings;
    plan->playbook.rings_len = HF_COUNT(plan_rings);
    plan->playbook.gates = gates;
    plan->playbook.gates_len = HF_COUNT(gates);
    plan->playbook.limits.ramp = 0;
    plan->playbook.budget.allowed[HF_BUDGET_FAILED][HF_SCOPE_RUN] = 2;
    plan->playbook.budget.allowed[HF_BUDGET_FAILED][HF_SCOPE_RING] = 1;
    plan->playbook.budget.allowed[HF_BUDGET_UNREACHABLE][HF_SCOPE_RUN] =
        HF_BUDGET_OPEN;
    plan->playbook.budget.allowed[HF_BUDGET_UNREACHABLE][HF_SCOPE_RING] =
        HF_BUDGET_OPEN;
    plan->playbook.budget.allowed[HF_BUDGET_UNREACHABLE][HF_SCOPE_BATCH] =
        HF_BUDGET_OPEN;
    plan->change = "CHG001";
    plan->releases = releases;
    memset(plan->hash, 'a', sizeof(plan->hash) - 1);
    plan->hosts_len = HF_COUNT(names);
    plan->hosts =
        hf_arena_alloc(plan->arena, HF_COUNT(names) * sizeof(*plan->hosts));
    plan->rings = hf_arena_alloc(plan->arena, 2 * sizeof(*plan->rings));
    plan->rings[0] = (struct hf_plan_ring){0, 4, 2};
    plan->rings[1] = (struct hf_plan_ring){4, 3, 2};
    for (size_t i = 0; i < HF_COUNT(names); i++) {
        plan->hosts[i].name = names[i];
        plan->hosts[i].ring = i >= 4;
        plan->hosts[i].batch = i == 2 || i == 3 || i == 6;
    }
    hf_plan_index(plan);
    return plan;
}

#endif
