/* Playbooks: their words, their defaults, sizes. */
#include "backend/model/playbook.h"

#include <stdlib.h>
#include <string.h>

#define MINUTE ((int64_t)60 * 1000)
#define HOUR (60 * MINUTE)

/* clang-format off */
const char *const hf_playbook_kind_names[HF_PLAYBOOK_KIND_COUNT + 1] = {
    "rollout", "check", "verify", "reboot", "rollback", NULL,
};
const char *const hf_otherwise_names[HF_OTHERWISE_COUNT + 1] = {
    "skip", "stop", "restart-update", NULL,
};
const char *const hf_on_exceed_names[HF_ON_EXCEED_COUNT + 1] = {
    "halt", "abort", NULL,
};
const char *const hf_budget_names[HF_BUDGET_KIND_COUNT + 1] = {
    "failed", "unverified", "unreachable", NULL,
};
const char *const hf_scope_names[HF_SCOPE_COUNT + 1] = {
    "batch", "ring", "run", NULL,
};
const char *const hf_signal_names[HF_SIGNAL_COUNT + 1] = {
    "criteria", "services", "ports", "errors", "memory", "health", "command",
    NULL,
};
const char *const hf_gate_kind_names[HF_GATE_KIND_COUNT + 1] = {
    "samples", "signoff", NULL,
};
const char *const hf_gate_mode_names[HF_GATE_MODE_COUNT + 1] = {
    "enforce", "watch", NULL,
};
const char *const hf_sample_names[HF_SAMPLE_COUNT + 1] = {
    "pass", "fail", "unclear", NULL,
};
const char *const hf_hook_names[HF_HOOK_COUNT + 1] = {
    "before_run", "before_ring", "before_batch", "before_host", "after_host",
    "after_batch", "after_ring", "after_run", "on_halt", "on_finish", NULL,
};
const char *const hf_restart_policy_names[HF_RESTART_POLICY_COUNT + 1] = {
    "never", "if-needed", "always", NULL,
};
const char *const hf_undo_names[HF_UNDO_COUNT + 1] = {
    "never", "gate-failed", "halted", NULL,
};

const struct hf_playbook hf_playbook_defaults = {
    .patch = {.if_ineligible = HF_OTHERWISE_SKIP,
              .if_leaves_track = HF_OTHERWISE_SKIP},
    .limits = {.parallel = 10, .ramp = 1, .host_time = 2 * HOUR,
               .restart_time = HOUR, .retry_after = 5 * MINUTE},
    .budget = {.allowed = {
        [HF_BUDGET_FAILED] = {HF_BUDGET_OPEN, HF_BUDGET_OPEN, 0},
        [HF_BUDGET_UNVERIFIED] = {HF_BUDGET_OPEN, HF_BUDGET_OPEN, 0},
        [HF_BUDGET_UNREACHABLE] = {HF_BUDGET_OPEN, HF_BUDGET_OPEN, 0}},
        .on_exceed = HF_ON_EXCEED_HALT},
    .reboot = {.policy = HF_RESTART_NEVER},
    .undo = {.when = HF_UNDO_NEVER, .scope = HF_SCOPE_RING},
    .hooks = {
        [HF_HOOK_BEFORE_RUN] = {.timeout = MINUTE},
        [HF_HOOK_BEFORE_RING] = {.timeout = MINUTE},
        [HF_HOOK_BEFORE_BATCH] = {.timeout = MINUTE},
        [HF_HOOK_BEFORE_HOST] = {.timeout = MINUTE},
        [HF_HOOK_AFTER_HOST] = {.timeout = MINUTE},
        [HF_HOOK_AFTER_BATCH] = {.timeout = MINUTE},
        [HF_HOOK_AFTER_RING] = {.timeout = MINUTE},
        [HF_HOOK_AFTER_RUN] = {.timeout = MINUTE},
        [HF_HOOK_ON_HALT] = {.timeout = MINUTE},
        [HF_HOOK_ON_FINISH] = {.timeout = MINUTE}},
};
/* clang-format on */

enum hf_action
hf_playbook_action(enum hf_playbook_kind kind)
{
    static const enum hf_action actions[HF_PLAYBOOK_KIND_COUNT] = {
        [HF_PLAYBOOK_ROLLOUT] = HF_ACTION_APPLY,
        [HF_PLAYBOOK_CHECK] = HF_ACTION_CHECK,
        [HF_PLAYBOOK_VERIFY] = HF_ACTION_VERIFY,
        [HF_PLAYBOOK_REBOOT] = HF_ACTION_REBOOT,
        [HF_PLAYBOOK_ROLLBACK] = HF_ACTION_ROLLBACK,
    };

    return actions[kind];
}

const char *
hf_size_parse(struct hf_size *out, const char *text)
{
    char *end;
    long n;

    *out = (struct hf_size){0};
    if (strcmp(text, "rest") == 0)
        return NULL;
    n = strtol(text, &end, 10);
    if (end == text || text[0] == '+' || text[0] == ' ')
        return "is not a number, a percentage or \"rest\"";
    if (strcmp(end, "%") == 0) {
        out->percent = (int)n;
        return n >= 1 && n <= 100 ? NULL : "is not between 1% and 100%";
    }
    if (*end)
        return "is not a number, a percentage or \"rest\"";
    out->count = (int)n;
    return n >= 1 && n <= 1000000 ? NULL : "is not between 1 and 1000000";
}

size_t
hf_size_of(struct hf_size size, size_t n)
{
    size_t want = n;

    if (size.count)
        want = (size_t)size.count;
    else if (size.percent)
        want = (n * (size_t)size.percent + 99) / 100;
    return want < n ? want : n;
}
