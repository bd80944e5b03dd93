/* The keys of a playbook. */
#include "playbooks/playbook_fields.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/names.h"
#include "backend/model/host.h"
#include "backend/model/selector.h"
#include "inventory/formats.h"
#include "playbooks/playbook.h"

#define MINUTE ((int64_t)60 * 1000)
#define HOUR (60 * MINUTE)
#define MOST_HOSTS 1000000

static const char *
size_problem(const char *text)
{
    struct hf_size size;

    return hf_size_parse(&size, text);
}

static const char *
share_problem(const char *text)
{
    return strcmp(text, "rest") == 0 ? "is not a number or a percentage"
                                     : size_problem(text);
}

#define PATTERN_SIZE "^([1-9][0-9]*%?|rest)$"

static const char *const presence_words[] = {"always", "intermittent", NULL};
static const char *const versus_words[] = {"before", "control", NULL};
static const char *const expect_words[] = {"hotpatch", "restart", NULL};

/* clang-format off */
#define AT(member) offsetof(struct hf_playbook_change, member)
static const struct hf_field approvals_fields[] = {
    {.key = "need", .type = HF_FIELD_INT, .offset = 0, .min = 0, .max = 20,
     .help = "How many people must approve the plan"},
    {0},
};
static const struct hf_object object_approvals = {
    .name = "approvals", .help = "Who must say yes before it may run",
    .fields = approvals_fields, .size = sizeof(int),
};
static const struct hf_field change_fields[] = {
    {.key = "id", .type = HF_FIELD_TEXT, .offset = AT(id), .max = 200,
     .help = "Number of the change request"},
    {.key = "type", .type = HF_FIELD_TEXT, .offset = AT(type), .max = 100,
     .help = "Standard, normal, emergency ..."},
    {.key = "reason", .type = HF_FIELD_TEXT, .flags = HF_FIELD_FREE,
     .offset = AT(reason), .max = 1000, .help = "Why"},
    {.key = "impact", .type = HF_FIELD_TEXT, .flags = HF_FIELD_FREE,
     .offset = AT(impact), .max = 2000, .help = "What users may notice"},
    {.key = "tests", .type = HF_FIELD_TEXT, .flags = HF_FIELD_FREE,
     .offset = AT(tests), .max = 2000, .help = "What was tested before"},
    {.key = "backout", .type = HF_FIELD_TEXT, .flags = HF_FIELD_FREE,
     .offset = AT(backout), .max = 2000, .help = "How it is taken back"},
    {.key = "approvals", .type = HF_FIELD_OBJECT, .offset = AT(approvals),
     .of = &object_approvals, .help = "Who must say yes before it may run"},
    {0},
};
#undef AT
static const struct hf_object object_change = {
    .name = "change", .help = "The change that this belongs to",
    .fields = change_fields, .size = sizeof(struct hf_playbook_change),
};

#define AT(member) offsetof(struct hf_playbook_patch, member)
static const struct hf_field patch_fields[] = {
    {.key = "month", .type = HF_FIELD_TEXT, .offset = AT(month),
     .problem = hf_month_problem, .pattern = HF_PATTERN_MONTH,
     .help = "Releases of this month; the newest ones unless stated"},
    {.key = "kbs", .type = HF_FIELD_TEXTS, .offset = AT(kbs), .max = 50,
     .problem = hf_kb_problem, .pattern = HF_PATTERN_KB,
     .help = "Exactly these"},
    {.key = "expect", .type = HF_FIELD_ENUM, .offset = AT(expect_restart),
     .names = expect_words,
     .help = "What the plan may hold: hotpatches only, or also releases that "
             "need a restart"},
    {.key = "if_ineligible", .type = HF_FIELD_ENUM,
     .offset = AT(if_ineligible), .names = hf_otherwise_names,
     .help = "For hosts that cannot take it: leave out, refuse the plan, or the "
             "month's ordinary update with a restart"},
    {.key = "if_leaves_track", .type = HF_FIELD_ENUM,
     .offset = AT(if_leaves_track), .names = hf_otherwise_names,
     .help = "For hosts that it would push off the hotpatch track"},
    {0},
};
#undef AT
static const struct hf_object object_patch = {
    .name = "patch", .help = "What is to be put in effect",
    .fields = patch_fields, .size = sizeof(struct hf_playbook_patch),
};

#define AT(member) offsetof(struct hf_playbook_targets, member)
static const struct hf_field expect_fields[] = {
    {.key = "min", .type = HF_FIELD_INT, .offset = 0, .min = 0,
     .max = MOST_HOSTS, .help = "At least so many"},
    {.key = "max", .type = HF_FIELD_INT, .offset = sizeof(int), .min = 1,
     .max = MOST_HOSTS, .help = "At most so many"},
    {0},
};
static const struct hf_object object_expect = {
    .name = "expect_hosts",
    .help = "The plan is refused when it has fewer or more hosts",
    .fields = expect_fields, .size = 2 * sizeof(int),
};
static const struct hf_field targets_fields[] = {
    {.key = "select", .type = HF_FIELD_TEXT, .offset = AT(select),
     .max = 2000, .help = "Selector: which hosts; all of them unless stated"},
    {.key = "expect_hosts", .type = HF_FIELD_OBJECT, .offset = AT(min),
     .of = &object_expect,
     .help = "The plan is refused when it has fewer or more hosts"},
    {0},
};
#undef AT
static const struct hf_object object_targets = {
    .name = "targets", .help = "Which hosts",
    .fields = targets_fields, .size = sizeof(struct hf_playbook_targets),
};

#define AT(member) offsetof(struct hf_playbook_windows, member)
static const struct hf_field windows_fields[] = {
    {.key = "allow", .type = HF_FIELD_TEXTS, .offset = AT(allow), .max = 50,
     .help = "Names of windows in calendar.json that count; all unless "
             "stated"},
    {.key = "stop_starting_before_end", .type = HF_FIELD_SPAN,
     .offset = AT(stop_before_end),
     .help = "No host is started so shortly before its window ends, nor "
             "when what is left is less than it took before"},
    {0},
};
#undef AT
static const struct hf_object object_windows = {
    .name = "windows", .help = "When hosts may be changed",
    .fields = windows_fields, .size = sizeof(struct hf_playbook_windows),
};

#define AT(member) offsetof(struct hf_domain_limit, member)
static const struct hf_field domain_fields[] = {
    {.key = "domain", .type = HF_FIELD_TEXT, .flags = HF_FIELD_REQUIRED,
     .offset = AT(domain), .problem = hf_host_name_problem,
     .help = "Key in the hosts' domains: cluster, rack ..."},
    {.key = "at_most", .type = HF_FIELD_INT, .flags = HF_FIELD_REQUIRED,
     .offset = AT(at_most), .min = 1, .max = 1000,
     .help = "Hosts of one value at the same time"},
    {0},
};
#undef AT
static const struct hf_object object_domain = {
    .name = "domain_limit", .help = "Bound per failure domain",
    .fields = domain_fields, .size = sizeof(struct hf_domain_limit),
};

#define AT(member) offsetof(struct hf_playbook_limits, member)
static const struct hf_field limits_fields[] = {
    {.key = "parallel", .type = HF_FIELD_INT, .offset = AT(parallel),
     .min = 1, .max = 5000, .help = "Hosts at the same time; 10 unless stated"},
    {.key = "ramp", .type = HF_FIELD_INT, .offset = AT(ramp), .min = 0,
     .max = 5000, .help = "So many at first, doubling with each good host; 0: "
                          "no ramp"},
    {.key = "per_domain", .type = HF_FIELD_LIST, .offset = AT(per_domain),
     .of = &object_domain, .max = 8, .help = "Bounds per failure domain"},
    {.key = "host_time", .type = HF_FIELD_SPAN, .offset = AT(host_time),
     .help = "How long one host may take; 2h unless stated"},
    {.key = "run_time", .type = HF_FIELD_SPAN, .offset = AT(run_time),
     .help = "How long all of it may take; not bounded unless stated"},
    {.key = "restart_time", .type = HF_FIELD_SPAN, .offset = AT(restart_time),
     .help = "How long a restart may take; 1h unless stated"},
    {.key = "retries", .type = HF_FIELD_INT, .offset = AT(retries), .min = 0,
     .max = 20, .help = "How often an unreachable host is tried again"},
    {.key = "retry_after", .type = HF_FIELD_SPAN, .offset = AT(retry_after),
     .help = "Pause before that; 5m unless stated"},
    {0},
};
#undef AT
static const struct hf_object object_limits = {
    .name = "limits", .help = "How much at once, and for how long",
    .fields = limits_fields, .size = sizeof(struct hf_playbook_limits),
};

static const struct hf_field allowed_fields[] = {
    {.key = "batch", .type = HF_FIELD_INT,
     .offset = HF_SCOPE_BATCH * sizeof(int), .min = 0, .max = MOST_HOSTS,
     .help = "In one batch"},
    {.key = "ring", .type = HF_FIELD_INT,
     .offset = HF_SCOPE_RING * sizeof(int), .min = 0, .max = MOST_HOSTS,
     .help = "In one ring"},
    {.key = "run", .type = HF_FIELD_INT,
     .offset = HF_SCOPE_RUN * sizeof(int), .min = 0, .max = MOST_HOSTS,
     .help = "In the whole run; 0 unless stated"},
    {0},
};
static const struct hf_object object_allowed = {
    .name = "allowed", .help = "How many are allowed; the next one is too many",
    .fields = allowed_fields, .size = HF_SCOPE_COUNT * sizeof(int),
};
#define AT(member) offsetof(struct hf_budget, member)
static const struct hf_field budget_fields[] = {
    {.key = "failed", .type = HF_FIELD_OBJECT,
     .offset = AT(allowed[HF_BUDGET_FAILED]), .of = &object_allowed,
     .help = "Hosts that failed"},
    {.key = "unverified", .type = HF_FIELD_OBJECT,
     .offset = AT(allowed[HF_BUDGET_UNVERIFIED]), .of = &object_allowed,
     .help = "Hosts of which nothing could be proven"},
    {.key = "unreachable", .type = HF_FIELD_OBJECT,
     .offset = AT(allowed[HF_BUDGET_UNREACHABLE]), .of = &object_allowed,
     .help = "Hosts that were not reached, or refused the login"},
    {.key = "on_exceed", .type = HF_FIELD_ENUM, .offset = AT(on_exceed),
     .names = hf_on_exceed_names,
     .help = "Halt and wait for a person, or abort"},
    {0},
};
#undef AT
static const struct hf_object object_budget = {
    .name = "budget", .help = "How many hosts may end badly",
    .fields = budget_fields, .size = sizeof(struct hf_budget),
};

#define AT(member) offsetof(struct ring_doc, member)
static const struct hf_field ring_fields[] = {
    {.key = "name", .type = HF_FIELD_TEXT, .flags = HF_FIELD_REQUIRED,
     .offset = AT(name), .problem = hf_host_name_problem, .help = "Its name"},
    {.key = "select", .type = HF_FIELD_TEXT, .offset = AT(select),
     .max = 2000, .help = "Selector: which of the targets"},
    {.key = "size", .type = HF_FIELD_TEXT, .offset = AT(size),
     .problem = size_problem, .pattern = PATTERN_SIZE,
     .help = "Or a share of the targets: \"5\", \"10%\", \"rest\"; the same "
             "hosts every time"},
    {.key = "batches", .type = HF_FIELD_TEXTS, .offset = AT(batches),
     .max = 50, .problem = size_problem, .pattern = PATTERN_SIZE,
     .help = "Sizes of its batches in order, the last one repeats; one batch "
             "unless stated"},
    {.key = "soak", .type = HF_FIELD_SPAN, .offset = AT(soak),
     .help = "How long to wait and watch afterwards; 24h unless stated"},
    {.key = "control", .type = HF_FIELD_TEXT, .offset = AT(control),
     .problem = share_problem, .pattern = "^[1-9][0-9]*%?$",
     .help = "Share of it that is left unpatched to compare with"},
    {.key = "gates", .type = HF_FIELD_TEXTS, .offset = AT(gates), .max = 20,
     .problem = hf_host_name_problem, .help = "Names of gates that must pass"},
    {.key = "approve", .type = HF_FIELD_BOOL, .offset = AT(approve),
     .help = "A person lets it begin"},
    {.key = "presence", .type = HF_FIELD_ENUM, .offset = AT(intermittent),
     .names = presence_words,
     .help = "intermittent: hosts that sleep; not seen is no failure"},
    {.key = "catch_up", .type = HF_FIELD_SPAN, .offset = AT(catch_up),
     .help = "How long after the ring sleepers are still patched"},
    {0},
};
#undef AT
static const struct ring_doc ring_defaults = {.soak = 24 * HOUR};
static const struct hf_object object_ring = {
    .name = "ring", .help = "Hosts that are changed before the next ring",
    .fields = ring_fields, .size = sizeof(struct ring_doc),
    .defaults = &ring_defaults,
};

#define AT(member) offsetof(struct gate_doc, member)
static const struct hf_field gate_fields[] = {
    {.key = "name", .type = HF_FIELD_TEXT, .flags = HF_FIELD_REQUIRED,
     .offset = AT(gate.name), .problem = hf_host_name_problem,
     .help = "What rings call it"},
    {.key = "kind", .type = HF_FIELD_ENUM, .offset = AT(gate.kind),
     .names = hf_gate_kind_names,
     .help = "Samples of the hosts, or somebody's yes"},
    {.key = "checks", .type = HF_FIELD_TEXTS, .offset = AT(checks), .max = 20,
     .help = "Signals to sample: criteria, services, ports, errors, memory, "
             "health, command"},
    {.key = "command", .type = HF_FIELD_TEXT, .offset = AT(gate.command),
     .max = 200, .problem = hf_hook_problem, .pattern = HF_PATTERN_HOOK,
     .help = "Executable in hooks/ that judges, for the signal command"},
    {.key = "delay", .type = HF_FIELD_SPAN, .offset = AT(gate.delay),
     .help = "Wait after a batch before the first sample"},
    {.key = "every", .type = HF_FIELD_SPAN, .offset = AT(gate.every),
     .help = "Time between samples; 5m unless stated"},
    {.key = "timeout", .type = HF_FIELD_SPAN, .offset = AT(gate.timeout),
     .help = "Time for one sample; 1m unless stated"},
    {.key = "count", .type = HF_FIELD_INT, .offset = AT(gate.count), .min = 1,
     .max = 10000, .help = "Good samples it takes to pass; 3 unless stated"},
    {.key = "fail_after", .type = HF_FIELD_INT, .offset = AT(gate.fail_after),
     .min = 0, .max = 10000,
     .help = "Bad samples that are allowed; the next one fails it; 0 unless "
             "stated"},
    {.key = "versus", .type = HF_FIELD_ENUM,
     .offset = AT(gate.versus_control), .names = versus_words,
     .help = "Compare with the host before, or with control hosts of the ring"},
    {.key = "memory_percent", .type = HF_FIELD_INT,
     .offset = AT(gate.memory_percent), .min = 1, .max = 1000,
     .help = "Growth of memory that fails a sample; 50 unless stated"},
    {.key = "mode", .type = HF_FIELD_ENUM, .offset = AT(gate.mode),
     .names = hf_gate_mode_names,
     .help = "watch: told, never in the way"},
    {.key = "who", .type = HF_FIELD_TEXT, .flags = HF_FIELD_FREE,
     .offset = AT(gate.who), .max = 200,
     .help = "signoff: whose yes is wanted"},
    {.key = "valid_for", .type = HF_FIELD_SPAN, .offset = AT(gate.valid_for),
     .help = "signoff: how long a yes counts; 72h unless stated"},
    {0},
};
#undef AT
static const struct gate_doc gate_defaults = {
    .gate = {.every = 5 * MINUTE, .timeout = MINUTE, .count = 3,
             .memory_percent = 50, .valid_for = 72 * HOUR},
};
static const struct hf_object object_gate = {
    .name = "gate", .help = "A health judgement that must pass",
    .fields = gate_fields, .size = sizeof(struct gate_doc),
    .defaults = &gate_defaults,
};

/* As hosts list them, without folder and arguments. */
static const char *
process_problem(const char *name)
{
    if (!*name || strlen(name) > 63 ||
        name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                          "0123456789._-")])
        return "wants the name of a process: letters, digits, '.', '_' and '-'";
    return NULL;
}

/* Kinds of updates that may come by the way: none that makes another Windows
 * of it, nor drivers. */
static const char *const also_kinds[] = {
    "critical-updates", "definition-updates", "feature-packs",
    "security-updates", "service-packs", "tools", "update-rollups", "updates",
    NULL,
};

static const char *
also_kind_problem(const char *kind)
{
    return hf_name_index(also_kinds, kind) < 0
               ? "wants a classification: critical-updates, "
                 "definition-updates, feature-packs, security-updates, "
                 "service-packs, tools, update-rollups or updates"
               : NULL;
}

#define AT(member) offsetof(struct hf_also, member)
static const struct hf_field also_fields[] = {
    {.key = "kbs", .type = HF_FIELD_TEXTS, .offset = AT(kbs), .max = 50,
     .problem = hf_kb_problem, .pattern = HF_PATTERN_KB,
     .help = "These, where they are offered"},
    {.key = "classifications", .type = HF_FIELD_TEXTS,
     .offset = AT(classifications), .max = 8, .problem = also_kind_problem,
     .pattern = "^[a-z]+(-[a-z]+)?$",
     .help = "All that is offered of these classifications, but no other level "
             "of Windows and nothing optional"},
    {0},
};
#undef AT
static const struct hf_object object_also = {
    .name = "also", .help = "What else is installed with the update that "
                            "restarts a Windows host; all else stays behind",
    .fields = also_fields, .size = sizeof(struct hf_also),
};

#define AT(member) offsetof(struct hf_playbook_reboot, member)
static const struct hf_field reboot_fields[] = {
    {.key = "policy", .type = HF_FIELD_ENUM, .offset = AT(policy),
     .names = hf_restart_policy_names,
     .help = "Whether hosts may be restarted; never unless stated"},
    {.key = "spread", .type = HF_FIELD_SPAN, .offset = AT(spread),
     .help = "Hosts are spread over so much of their restart window, at "
             "random, the same way each time; not unless stated"},
    {.key = "unless_running", .type = HF_FIELD_TEXTS,
     .offset = AT(unless_running), .max = 20, .problem = process_problem,
     .help = "Names of processes: while one of them runs, the host is left as "
             "it is"},
    {.key = "unless_logged_on", .type = HF_FIELD_BOOL,
     .offset = AT(unless_logged_on),
     .help = "The same while somebody is logged on"},
    {.key = "also", .type = HF_FIELD_OBJECT, .offset = AT(also),
     .of = &object_also,
     .help = "What else is installed with the update that restarts a Windows "
             "host; all else stays behind"},
    {0},
};
#undef AT
static const struct hf_object object_reboot = {
    .name = "reboot", .help = "Restarts", .fields = reboot_fields,
    .size = sizeof(struct hf_playbook_reboot),
};

#define AT(member) offsetof(struct hf_playbook_undo, member)
static const char *const undo_restart_words[] = {"refused", "allowed", NULL};
static const struct hf_field undo_fields[] = {
    {.key = "when", .type = HF_FIELD_ENUM, .offset = AT(when),
     .names = hf_undo_names, .help = "When it is taken back by itself"},
    {.key = "scope", .type = HF_FIELD_ENUM, .offset = AT(scope),
     .names = hf_scope_names,
     .help = "What is taken back: the batch, the ring, the run"},
    {.key = "restart", .type = HF_FIELD_ENUM, .offset = AT(restart_allowed),
     .names = undo_restart_words,
     .help = "Also when it restarts hosts; else a plan waits for a person"},
    {.key = "max_hosts", .type = HF_FIELD_INT, .offset = AT(max_hosts),
     .min = 1, .max = MOST_HOSTS, .help = "More of them wait for a person"},
    {.key = "rehearse_on", .type = HF_FIELD_TEXT, .offset = AT(rehearse_on),
     .problem = hf_host_name_problem,
     .help = "Host on which it is tried before"},
    {0},
};
#undef AT
static const struct hf_object object_undo = {
    .name = "rollback", .help = "How it is taken back",
    .fields = undo_fields, .size = sizeof(struct hf_playbook_undo),
};

static const char *const on_fail_words[] = {"stop", "ignore", NULL};
#define AT(member) offsetof(struct hf_hook, member)
static const struct hf_field hook_fields[] = {
    {.key = "run", .type = HF_FIELD_TEXT, .flags = HF_FIELD_REQUIRED,
     .offset = AT(run), .max = 200, .problem = hf_hook_problem,
     .pattern = HF_PATTERN_HOOK, .help = "Executable in hooks/"},
    {.key = "timeout", .type = HF_FIELD_SPAN, .offset = AT(timeout),
     .help = "How long it may take; 1m unless stated"},
    {.key = "on_fail", .type = HF_FIELD_ENUM, .offset = AT(ignore_failures),
     .names = on_fail_words, .help = "Stop the run, or go on"},
    {0},
};
#undef AT
static const struct hf_object object_hook = {
    .name = "hook", .help = "An executable of the fleet, JSON on its standard "
                            "input",
    .fields = hook_fields, .size = sizeof(struct hf_hook),
};
#define HOOK(name, at, text)                                       \
    {.key = (name), .type = HF_FIELD_OBJECT, .flags = HF_FIELD_SHORT, \
     .offset = (at) * sizeof(struct hf_hook), .of = &object_hook, \
     .help = (text)}
static const struct hf_field hooks_fields[] = {
    HOOK("before_run", HF_HOOK_BEFORE_RUN, "Before anything"),
    HOOK("before_ring", HF_HOOK_BEFORE_RING, "Before each ring"),
    HOOK("before_batch", HF_HOOK_BEFORE_BATCH, "Before each batch"),
    HOOK("before_host", HF_HOOK_BEFORE_HOST, "Before each host"),
    HOOK("after_host", HF_HOOK_AFTER_HOST, "After each host, however it ended"),
    HOOK("after_batch", HF_HOOK_AFTER_BATCH, "After each batch"),
    HOOK("after_ring", HF_HOOK_AFTER_RING, "After each ring"),
    HOOK("after_run", HF_HOOK_AFTER_RUN, "When every ring is through"),
    HOOK("on_halt", HF_HOOK_ON_HALT, "When it halted or paused by itself"),
    HOOK("on_finish", HF_HOOK_ON_FINISH, "At the end, however it ended"),
    {0},
};
static const struct hf_object object_hooks = {
    .name = "hooks", .help = "Executables of the fleet at certain moments",
    .fields = hooks_fields, .size = HF_HOOK_COUNT * sizeof(struct hf_hook),
};

#define AT(member) offsetof(struct playbook_doc, member)
static const struct hf_field playbook_fields[] = {
    {.key = "kind", .type = HF_FIELD_ENUM, .offset = AT(pb.kind),
     .names = hf_playbook_kind_names, .help = "rollout unless stated"},
    {.key = "title", .type = HF_FIELD_TEXT, .flags = HF_FIELD_FREE,
     .offset = AT(pb.title), .max = 200, .help = "For people"},
    {.key = "note", .type = HF_FIELD_TEXT, .flags = HF_FIELD_FREE,
     .offset = AT(pb.note), .max = 4096, .help = "For people"},
    {.key = "extends", .type = HF_FIELD_TEXT, .offset = AT(extends),
     .problem = hf_host_name_problem,
     .help = "Another playbook that holds what this one does not say"},
    {.key = "change", .type = HF_FIELD_OBJECT, .offset = AT(pb.change),
     .of = &object_change, .help = "The change that this belongs to"},
    {.key = "patch", .type = HF_FIELD_OBJECT, .offset = AT(pb.patch),
     .of = &object_patch, .help = "What is to be put in effect"},
    {.key = "targets", .type = HF_FIELD_OBJECT, .offset = AT(pb.targets),
     .of = &object_targets, .help = "Which hosts"},
    {.key = "windows", .type = HF_FIELD_OBJECT, .offset = AT(pb.windows),
     .of = &object_windows, .help = "When hosts may be changed"},
    {.key = "limits", .type = HF_FIELD_OBJECT, .offset = AT(pb.limits),
     .of = &object_limits, .help = "How much at once, and for how long"},
    {.key = "budget", .type = HF_FIELD_OBJECT, .offset = AT(pb.budget),
     .of = &object_budget, .help = "How many hosts may end badly"},
    {.key = "rings", .type = HF_FIELD_LIST, .offset = AT(rings),
     .of = &object_ring, .max = 50, .help = "In this order"},
    {.key = "gates", .type = HF_FIELD_LIST, .offset = AT(gates),
     .of = &object_gate, .max = 20, .help = "What rings may demand"},
    {.key = "require_representation", .type = HF_FIELD_TEXTS,
     .offset = AT(pb.represent), .max = 20,
     .help = "Refuse a plan whose later rings hold a value of these that "
             "earlier ones lack: product, role, attr.KEY ..."},
    {.key = "reboot", .type = HF_FIELD_OBJECT,
     .offset = AT(pb.reboot), .of = &object_reboot,
     .help = "Restarts"},
    {.key = "rollback", .type = HF_FIELD_OBJECT, .offset = AT(pb.undo),
     .of = &object_undo, .help = "How it is taken back"},
    {.key = "hooks", .type = HF_FIELD_OBJECT, .offset = AT(pb.hooks),
     .of = &object_hooks, .help = "Executables of the fleet at certain "
                                  "moments"},
    {0},
};
#undef AT
/* clang-format on */

const struct hf_object object_playbook = {
    .name = "playbook",
    .help = "What is to be done to which hosts, in which order, and what must "
            "hold before it goes on",
    .fields = playbook_fields,
    .size = sizeof(struct playbook_doc),
};
const struct hf_object *const hf_playbook_object = &object_playbook;

static void
write_schema(struct hf_buf *out, const char *fleet)
{
    char *text = hf_schema_text(hf_playbook_object, HF_SCHEMA_PLAYBOOK);

    (void)fleet;
    hf_buf_puts(out, text);
    free(text);
}

const struct hf_starter hf_playbook_starter[] = {
    {"schemas/playbook.schema.json", write_schema},
    {0},
};
