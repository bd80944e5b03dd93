/*
 * A playbook, parsed and with every default filled in: what is to be done to
 * which hosts, in which order, within which limits, and what must hold before
 * it goes on. Plain data: playbooks/ reads it from JSON, a plan freezes it.
 */
#ifndef HF_MODEL_PLAYBOOK_H
#define HF_MODEL_PLAYBOOK_H

#include <stddef.h>
#include <stdint.h>

#include "backend/base/mem.h"
#include "backend/model/action.h"

enum hf_playbook_kind {
    HF_PLAYBOOK_ROLLOUT, /* apply, ring by ring */
    HF_PLAYBOOK_CHECK,
    HF_PLAYBOOK_VERIFY,
    HF_PLAYBOOK_REBOOT, /* the quarterly baseline */
    HF_PLAYBOOK_ROLLBACK,
    HF_PLAYBOOK_KIND_COUNT
};
extern const char *const hf_playbook_kind_names[HF_PLAYBOOK_KIND_COUNT + 1];
/* What a playbook of that kind does to one host. */
enum hf_action hf_playbook_action(enum hf_playbook_kind kind);

/* For hosts that cannot take the hotpatch, or would leave the track by it. */
enum hf_otherwise {
    HF_OTHERWISE_SKIP, /* left out, counted */
    HF_OTHERWISE_STOP, /* the plan is refused */
    HF_OTHERWISE_RESTART_UPDATE,
    HF_OTHERWISE_COUNT
};
extern const char *const hf_otherwise_names[HF_OTHERWISE_COUNT + 1];

enum hf_on_exceed { HF_ON_EXCEED_HALT, HF_ON_EXCEED_ABORT, HF_ON_EXCEED_COUNT };
extern const char *const hf_on_exceed_names[HF_ON_EXCEED_COUNT + 1];

/* What a budget counts, see hf_budget_of. */
enum hf_budget_kind {
    HF_BUDGET_FAILED,
    HF_BUDGET_UNVERIFIED,
    HF_BUDGET_UNREACHABLE, /* refused logins, too */
    HF_BUDGET_KIND_COUNT
};
extern const char *const hf_budget_names[HF_BUDGET_KIND_COUNT + 1];

enum hf_budget_scope {
    HF_SCOPE_BATCH,
    HF_SCOPE_RING,
    HF_SCOPE_RUN,
    HF_SCOPE_COUNT
};
extern const char *const hf_scope_names[HF_SCOPE_COUNT + 1];

#define HF_BUDGET_OPEN (-1) /* no bound of its own in that scope */

struct hf_budget {
    /* How many are allowed; the next one exceeds. */
    int allowed[HF_BUDGET_KIND_COUNT][HF_SCOPE_COUNT];
    int on_exceed; /* enum hf_on_exceed */
};

/* "5", "10%" or "rest". */
struct hf_size {
    int count;   /* > 0, or 0 */
    int percent; /* 1..100, or 0; both 0: all that is left */
};
/* NULL when right, else what is wrong with the text. */
const char *hf_size_parse(struct hf_size *out, const char *text);
/* Of n hosts: ceil(n * p / 100), at least 1 when n > 0, never above n. */
size_t hf_size_of(struct hf_size size, size_t n);

/* Which signals a gate reads; bits. */
enum hf_signal {
    HF_SIGNAL_CRITERIA = 1 << 0, /* what verification judges, read anew */
    HF_SIGNAL_SERVICES = 1 << 1, /* ran before, run now */
    HF_SIGNAL_PORTS = 1 << 2,    /* listened before, listen now */
    HF_SIGNAL_ERRORS = 1 << 3,   /* patch machinery, crashes */
    HF_SIGNAL_MEMORY = 1 << 4,   /* growth since the change */
    HF_SIGNAL_HEALTH = 1 << 5,   /* the host's own checks */
    HF_SIGNAL_COMMAND = 1 << 6,  /* an executable of the fleet */
};
#define HF_SIGNAL_COUNT 7
extern const char *const hf_signal_names[HF_SIGNAL_COUNT + 1]; /* bit order */

enum hf_gate_kind { HF_GATE_SAMPLES, HF_GATE_SIGNOFF, HF_GATE_KIND_COUNT };
extern const char *const hf_gate_kind_names[HF_GATE_KIND_COUNT + 1];
enum hf_gate_mode {
    HF_GATE_ENFORCE,
    HF_GATE_WATCH, /* told, never in the way */
    HF_GATE_MODE_COUNT
};
extern const char *const hf_gate_mode_names[HF_GATE_MODE_COUNT + 1];
/* "unclear" always waits for a person. */
enum hf_sample {
    HF_SAMPLE_PASS,
    HF_SAMPLE_FAIL,
    HF_SAMPLE_UNCLEAR,
    HF_SAMPLE_COUNT
};
extern const char *const hf_sample_names[HF_SAMPLE_COUNT + 1];

/* Samples begin `delay` after the batch's last host, one each `every`; it
 * passes with `count` good ones and fails with more than `fail_after` bad. In
 * the soak it goes on at the same pace until the soak is over. */
struct hf_gate {
    const char *name;
    int kind, mode; /* enum hf_gate_kind, hf_gate_mode */
    unsigned signals;
    const char *command;           /* in hooks/, for HF_SIGNAL_COMMAND */
    int64_t delay, every, timeout; /* ms */
    int count, fail_after;
    int versus_control;
    int memory_percent; /* HF_SIGNAL_MEMORY: growth that fails */
    const char *who;    /* signoff: whose yes is wanted, in words */
    int64_t valid_for;  /* signoff: ms until it ends */
};

struct hf_playbook_ring {
    const char *name;
    const char *select;            /* or NULL */
    struct hf_size size;           /* of the pool, with `select` NULL */
    const struct hf_size *batches; /* in order; the last one repeats */
    size_t batches_len;
    int64_t soak; /* ms */
    struct hf_size control;
    int has_control;
    const int *gates; /* indices into hf_playbook.gates */
    size_t gates_len;
    int approve;      /* a person lets it begin */
    int intermittent; /* presence of all its hosts */
    int64_t catch_up; /* ms after the ring ended in which sleepers are still
                         patched; 0: not */
};

enum hf_hook_at {
    HF_HOOK_BEFORE_RUN,
    HF_HOOK_BEFORE_RING,
    HF_HOOK_BEFORE_BATCH,
    HF_HOOK_BEFORE_HOST,
    HF_HOOK_AFTER_HOST,
    HF_HOOK_AFTER_BATCH,
    HF_HOOK_AFTER_RING,
    HF_HOOK_AFTER_RUN,
    HF_HOOK_ON_HALT,
    HF_HOOK_ON_FINISH,
    HF_HOOK_COUNT
};
extern const char *const hf_hook_names[HF_HOOK_COUNT + 1];

struct hf_hook {
    const char *run;     /* name in hooks/; NULL: none here */
    const char *blob;    /* object id, once planned */
    int64_t timeout;     /* ms */
    int ignore_failures; /* else it fails closed */
};

struct hf_domain_limit {
    const char *domain; /* "cluster" */
    int at_most;        /* hosts of one value in flight */
};

enum hf_restart_policy {
    HF_RESTART_NEVER, /* a host that would need one is left out */
    HF_RESTART_NEEDED,
    HF_RESTART_ALWAYS, /* kind reboot: also hosts that wait for none */
    HF_RESTART_POLICY_COUNT
};
extern const char *const hf_restart_policy_names[HF_RESTART_POLICY_COUNT + 1];

enum hf_undo_when {
    HF_UNDO_NEVER,
    HF_UNDO_GATE_FAILED,
    HF_UNDO_HALTED, /* gate or budget */
    HF_UNDO_COUNT
};
extern const char *const hf_undo_names[HF_UNDO_COUNT + 1];

struct hf_playbook_change {
    const char *id, *type, *reason, *impact, *tests, *backout;
    int approvals; /* how many are needed; 0: none */
};

struct hf_playbook_patch {
    const char *month;                  /* "2026-11"; NULL: the newest */
    const char *const *kbs;             /* or exactly these; NULL-terminated */
    int expect_restart;                 /* 0: a hotpatch is expected */
    int if_ineligible, if_leaves_track; /* enum hf_otherwise */
};

struct hf_playbook_targets {
    const char *select;
    int min, max; /* expected hosts; max 0: not bounded */
};

struct hf_playbook_windows {
    const char *const *allow; /* names of windows; NULL: all of them */
    int64_t stop_before_end;  /* ms */
};

struct hf_playbook_limits {
    int parallel;
    int ramp; /* in flight at first, doubling with each good host until
                 `parallel`; 0: no ramp */
    const struct hf_domain_limit *per_domain;
    size_t per_domain_len;
    int64_t host_time, run_time, restart_time; /* ms; 0 run_time: none */
    int retries;                               /* for unreachable hosts */
    int64_t retry_after;
};

struct hf_playbook_undo {
    int when;                /* enum hf_undo_when */
    int scope;               /* enum hf_budget_scope */
    int restart_allowed;     /* automatic even when it restarts hosts */
    int max_hosts;           /* more wait for a person; 0: no bound */
    const char *rehearse_on; /* host name, or NULL */
};

struct hf_playbook_reboot {
    int policy;     /* enum hf_restart_policy */
    int64_t spread; /* ms: over so much of a window hosts are spread; 0: not */
    /* Hosts are left as they are while one of these processes runs, or
     * somebody is logged on. NULL-terminated, or NULL. */
    const char *const *unless_running;
    int unless_logged_on;
    struct hf_also also; /* than the update that is due */
};

struct hf_playbook {
    const char *name, *title, *note;
    int kind; /* enum hf_playbook_kind */
    struct hf_playbook_change change;
    struct hf_playbook_patch patch;
    struct hf_playbook_targets targets;
    struct hf_playbook_windows windows;
    struct hf_playbook_limits limits;
    struct hf_budget budget;
    const struct hf_playbook_ring *rings;
    size_t rings_len;
    const struct hf_gate *gates;
    size_t gates_len;
    const char *const *represent; /* what earlier rings must hold, too */
    struct hf_playbook_reboot reboot;
    struct hf_playbook_undo undo;
    struct hf_hook hooks[HF_HOOK_COUNT];
};

/* Every default in one place; docs/playbooks.md is checked
 * against it. */
extern const struct hf_playbook hf_playbook_defaults;

#endif
