/* The keys of hotfleet.json. */
#include "backend/model/break_glass.h"
#include "inventory/documents.h"
#include "inventory/formats.h"

static const char *
glass_problem(const char *name)
{
    return hf_glass_bit(name) ? NULL
                              : "is none of hold, exception, known-issue, "
                                "block, calendar";
}

#define HOUR_MS ((int64_t)60 * 60 * 1000)

/* clang-format off */
#define AT(member) offsetof(struct hf_ring, member)
static const struct hf_field ring_fields[] = {
    {.key = "name", .type = HF_FIELD_TEXT, .flags = HF_FIELD_REQUIRED,
     .offset = AT(name), .problem = hf_host_name_problem,
     .help = "What hosts and selectors call it"},
    {.key = "note", .type = HF_FIELD_TEXT, .flags = HF_FIELD_FREE,
     .offset = AT(note), .max = 4096, .help = "For people"},
    {.key = "soak", .type = HF_FIELD_SPAN, .offset = AT(soak_ms),
     .help = "How long to wait and watch before the next ring; 24h unless "
             "stated"},
    {0},
};
#undef AT

static const struct hf_ring ring_defaults = {.soak_ms = 24 * HOUR_MS};

static const struct hf_object object_ring = {
    .name = "ring", .help = "Hosts that are patched together, in this order",
    .fields = ring_fields, .size = sizeof(struct hf_ring),
    .defaults = &ring_defaults,
};

#define AT(member) offsetof(struct hf_defaults_doc, member)
static const struct hf_field defaults_fields[] = {
    {.key = "user", .type = HF_FIELD_TEXT, .offset = AT(login.user),
     .problem = hf_user_problem,
     .help = "Account to log in with; without it, that of the person who "
             "runs hotfleet"},
    {.key = "identity", .type = HF_FIELD_TEXT, .offset = AT(login.identity),
     .problem = hf_keyfile_problem, .pattern = HF_PATTERN_KEYFILE,
     .help = "Private key file; without it the agent is asked"},
    {.key = "port", .type = HF_FIELD_INT, .offset = AT(port), .min = 1,
     .max = 65535, .help = "SSH port, 22 unless stated"},
    {.key = "platform", .type = HF_FIELD_CHOICE, .offset = AT(platform),
     .names = hf_platform_names,
     .help = "How hosts are patched; auto asks each"},
    {.key = "access", .type = HF_FIELD_OBJECT, .offset = AT(access),
     .of = &hf_object_access,
     .help = "Separate accounts for reading and for acting"},
    {0},
};
#undef AT

static const struct hf_defaults_doc defaults_defaults = {
    .port = 22, .platform = "auto",
};

static const struct hf_object object_defaults = {
    .name = "defaults", .help = "For hosts that do not say otherwise",
    .fields = defaults_fields, .size = sizeof(struct hf_defaults_doc),
    .defaults = &defaults_defaults,
};

#define AT(member) offsetof(struct hf_ledger_doc, member)
static const struct hf_field ledger_fields[] = {
    {.key = "branch", .type = HF_FIELD_TEXT, .offset = AT(branch), .max = 200,
     .problem = hf_branch_problem,
     .help = "Branch that records what happened; \"ledger\" unless stated"},
    {.key = "remote", .type = HF_FIELD_TEXT, .offset = AT(remote), .max = 200,
     .problem = hf_remote_problem,
     .help = "Remote to push it to; without one it stays local"},
    {.key = "sign", .type = HF_FIELD_BOOL, .offset = AT(sign),
     .help = "Refuse to record without an SSH signature"},
    {0},
};
#undef AT

static const struct hf_ledger_doc ledger_defaults = {.branch = "ledger"};

static const struct hf_object object_ledger = {
    .name = "ledger", .help = "Where the record of all runs is kept",
    .fields = ledger_fields, .size = sizeof(struct hf_ledger_doc),
    .defaults = &ledger_defaults,
};

#define AT(member) offsetof(struct hf_adhoc_rule, member)
static const struct hf_field adhoc_fields[] = {
    {.key = "max_hosts", .type = HF_FIELD_INT, .offset = AT(max_hosts),
     .min = 1, .max = 1000000, .help = "At most so many hosts at once"},
    {.key = "parallel", .type = HF_FIELD_INT, .offset = AT(parallel),
     .min = 1, .max = 5000, .help = "At most so many at the same time"},
    {.key = "rings", .type = HF_FIELD_TEXTS, .offset = AT(rings), .max = 100,
     .problem = hf_host_name_problem, .help = "Only hosts of these rings"},
    {0},
};
#undef AT

static const struct hf_object object_adhoc = {
    .name = "adhoc", .help = "Bounds for single verbs; above them a plan is "
                             "needed",
    .fields = adhoc_fields, .size = sizeof(struct hf_adhoc_rule),
};

#define AT(member) offsetof(struct hf_change_rule, member)
static const struct hf_field change_fields[] = {
    {.key = "required", .type = HF_FIELD_BOOL, .offset = AT(required),
     .help = "Changing verbs must name a change"},
    {.key = "pattern", .type = HF_FIELD_TEXT, .offset = AT(pattern),
     .problem = hf_regex_problem,
     .help = "What its id must look like (POSIX extended, the whole id)"},
    {.key = "hook", .type = HF_FIELD_TEXT, .offset = AT(hook), .max = 200,
     .problem = hf_hook_problem, .pattern = HF_PATTERN_HOOK,
     .help = "Executable in hooks/ that says whether the change may start"},
    {0},
};
#undef AT

static const struct hf_object object_change = {
    .name = "change", .help = "What a changing verb must be given",
    .fields = change_fields, .size = sizeof(struct hf_change_rule),
};

#define AT(member) offsetof(struct hf_restart_rule, member)
static const struct hf_field restarts_fields[] = {
    {.key = "at_once", .type = HF_FIELD_INT, .offset = AT(at_once), .min = 1,
     .max = 100000, .help = "Hosts that are down for it at the same time"},
    {.key = "per_day", .type = HF_FIELD_INT, .offset = AT(per_day), .min = 1,
     .max = 1000000, .help = "Hosts that restart within any 24 hours"},
    {0},
};
#undef AT

static const struct hf_object object_restarts = {
    .name = "restarts", .help = "Restart budget over all runs of everybody; "
                                "not bounded unless stated",
    .fields = restarts_fields, .size = sizeof(struct hf_restart_rule),
};

#define AT(member) offsetof(struct hf_goal_rule, member)
static const struct hf_field goal_fields[] = {
    {.key = "percent", .type = HF_FIELD_INT, .flags = HF_FIELD_REQUIRED,
     .offset = AT(percent), .min = 1, .max = 100,
     .help = "So many of 100 covered hosts have the release in effect"},
    {.key = "days", .type = HF_FIELD_INT, .flags = HF_FIELD_REQUIRED,
     .offset = AT(days), .min = 1, .max = 365,
     .help = "So many days after it came out"},
    {0},
};
#undef AT

static const struct hf_object object_goal = {
    .name = "goal", .help = "What reports hold against what was reached",
    .fields = goal_fields, .size = sizeof(struct hf_goal_rule),
};

#define AT(member) offsetof(struct hf_costs, member)
static const struct hf_field costs_fields[] = {
    {.key = "currency", .type = HF_FIELD_TEXT, .offset = AT(currency),
     .max = 8, .help = "Of all amounts, which are whole numbers of it; USD "
                       "unless stated"},
    {.key = "restart_low", .type = HF_FIELD_INT, .offset = AT(restart_low),
     .min = 0, .max = 10000000,
     .help = "What one restart of a host costs at least; 300 unless stated"},
    {.key = "restart_high", .type = HF_FIELD_INT, .offset = AT(restart_high),
     .min = 0, .max = 10000000,
     .help = "What one restart of a host costs at most; 500 unless stated"},
    {.key = "restart_minutes", .type = HF_FIELD_INT,
     .offset = AT(restart_minutes), .min = 0, .max = 10000,
     .help = "Minutes that people spend on one restart"},
    {.key = "rollback", .type = HF_FIELD_INT, .offset = AT(rollback),
     .min = 0, .max = 10000000, .help = "What taking back one patch costs"},
    {.key = "fallback", .type = HF_FIELD_INT, .offset = AT(fallback),
     .min = 0, .max = 10000000,
     .help = "What a hotpatch costs that became an update with restart, "
             "beside the restart"},
    {.key = "licence_month", .type = HF_FIELD_INT,
     .offset = AT(licence_month), .min = 0, .max = 100000000,
     .help = "What hotpatching costs this fleet a month, as billed"},
    {.key = "cores", .type = HF_FIELD_INT, .offset = AT(cores),
     .min = 0, .max = 10000000,
     .help = "Cores that hotpatching is paid for; unless licence_month is "
             "stated"},
    {.key = "licence_core_cents", .type = HF_FIELD_INT,
     .offset = AT(licence_core_cents), .min = 0, .max = 1000000,
     .help = "What hotpatching costs for a core and month, in hundredths: 150 "
             "is 1.50"},
    {0},
};
#undef AT

#define COSTS_DEFAULTS                                             \
    {                                                              \
        .currency = "USD", .restart_low = 300, .restart_high = 500, \
        .restart_minutes = -1, .rollback = -1, .fallback = -1,     \
        .licence_month = -1, .cores = -1, .licence_core_cents = -1, \
    }
static const struct hf_costs costs_defaults = COSTS_DEFAULTS;

static const struct hf_object object_costs = {
    .name = "costs", .help = "What reports reckon with",
    .fields = costs_fields, .size = sizeof(struct hf_costs),
    .defaults = &costs_defaults,
};

#define AT(member) offsetof(struct hf_fleet_doc, member)
static const struct hf_field fleet_fields[] = {
    {.key = "name", .type = HF_FIELD_TEXT, .flags = HF_FIELD_REQUIRED,
     .offset = AT(name), .max = 64, .problem = hf_host_name_problem,
     .help = "The fleet's name: letters, digits, '.', '_' and '-'"},
    {.key = "note", .type = HF_FIELD_TEXT, .flags = HF_FIELD_FREE,
     .offset = AT(note), .max = 4096, .help = "For people"},
    {.key = "defaults", .type = HF_FIELD_OBJECT, .offset = AT(defaults),
     .of = &object_defaults, .help = "For hosts that do not say otherwise"},
    {.key = "rings", .type = HF_FIELD_LIST, .offset = AT(rings), .max = 100,
     .of = &object_ring, .help = "The rings, in the order of a rollout"},
    {.key = "ledger", .type = HF_FIELD_OBJECT, .offset = AT(ledger),
     .of = &object_ledger, .help = "Where the record of all runs is kept"},
    {.key = "stale_after", .type = HF_FIELD_SPAN, .offset = AT(stale_after),
     .help = "Older facts are marked stale; 24h unless stated"},
    {.key = "parallel", .type = HF_FIELD_INT, .offset = AT(parallel),
     .min = 1, .max = 5000,
     .help = "Hosts that are changed at the same time; 10 unless stated"},
    {.key = "adhoc", .type = HF_FIELD_OBJECT, .offset = AT(adhoc),
     .of = &object_adhoc, .help = "Bounds for single verbs"},
    {.key = "break_glass", .type = HF_FIELD_TEXTS, .offset = AT(break_glass),
     .max = HF_GLASS_COUNT, .problem = glass_problem,
     .pattern = "^(hold|exception|known-issue|block|calendar)$",
     .help = "Rules that an emergency may override with --break-glass; none "
             "unless stated"},
    {.key = "change", .type = HF_FIELD_OBJECT, .offset = AT(change),
     .of = &object_change, .help = "What a changing verb must be given"},
    {.key = "restarts", .type = HF_FIELD_OBJECT, .offset = AT(restarts),
     .of = &object_restarts,
     .help = "Restart budget over all runs of everybody; not bounded unless "
             "stated"},
    {.key = "goal", .type = HF_FIELD_OBJECT, .offset = AT(goal),
     .of = &object_goal, .help = "When a release is to be in effect"},
    {.key = "costs", .type = HF_FIELD_OBJECT, .offset = AT(costs),
     .of = &object_costs, .help = "What restarts and patching cost here"},
    {.key = "simulated", .type = HF_FIELD_BOOL, .offset = AT(simulated),
     .help = "These hosts are simulated: every screen says so"},
    {0},
};
#undef AT

static const struct hf_fleet_doc fleet_defaults = {
    .defaults = {.port = 22, .platform = "auto"},
    .ledger = {.branch = "ledger"},
    .stale_after = 24 * HOUR_MS,
    .parallel = 10,
    .costs = COSTS_DEFAULTS,
};
/* clang-format on */

const struct hf_object hf_object_fleet = {
    .name = "fleet",
    .help = "Settings of the whole fleet",
    .fields = fleet_fields,
    .size = sizeof(struct hf_fleet_doc),
    .defaults = &fleet_defaults,
};
