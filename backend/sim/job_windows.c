/* The job of a simulated Windows host: the update agent as it behaves, with
 * what can go wrong there, and the keys that the real job leaves. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/checks/read.h"
#include "backend/sim/answers.h"
#include "backend/sim/windows.h"

/* Parts of the job's time. */
#define SEARCH 5
#define DOWNLOAD 3
#define INSTALL 2

static const char *
param(const struct hf_sim_node *n, const char *name)
{
    const char *value = hf_params_get(&n->job->params, name);

    return value ? value : "";
}

static void
set(struct hf_sim_node *n, const char *key, const char *value)
{
    hf_facts_set(&n->job->result, key, value, NULL, 0);
}

static void
set_code(struct hf_sim_node *n, uint32_t hresult)
{
    char text[16];

    (void)snprintf(text, sizeof(text), "0x%08X", hresult);
    set(n, "hresult", text);
}

/* ---- ways to fail ---- */

/* What the agent answers hosts with this fault, and when. */
struct refusal {
    enum hf_sim_fault fault;
    const char *code;
    uint32_t hresult; /* 0: none */
    const char *text;
};

#define NOT_OFFERED                                                            \
    "is not offered to this host: not approved, deferred, or the host is not " \
    "eligible"

/* clang-format off */
static const struct refusal at_search[] = {
    {HF_SIM_AGENT_DENIES, "search", 0x80240044,
     "the search for updates failed: access is denied (80240044)"},
    {HF_SIM_NOT_ENROLLED, "not-offered", 0, NOT_OFFERED},
    {HF_SIM_POLICY_OFF, "not-offered", 0, NOT_OFFERED},
    {HF_SIM_WELL, NULL, 0, NULL},
};
static const struct refusal at_install[] = {
    {HF_SIM_NO_DISK, "install", 0x80070070,
     "the installation failed with result 4, 0x80070070"},
    {HF_SIM_INSTALL_FAILS, "install", 0x800F0922,
     "the installation failed with result 4"},
    {HF_SIM_SERVICING, "busy", 0x80240009,
     "the update agent was busy for 10 minutes"},
    {HF_SIM_RESTART_DUE, "restart-pending", 0,
     "an earlier update waits for a restart"},
    {HF_SIM_WELL, NULL, 0, NULL},
};
/* clang-format on */

/* 1 when the job ended so. */
static int
refused(struct hf_sim_node *n, int64_t at, const struct refusal *rows)
{
    struct hf_buf text = {0};

    while (rows->code && rows->fault != n->fault)
        rows++;
    if (!rows->code)
        return 0;
    if (rows->hresult)
        set_code(n, n->arg ? (uint32_t)n->arg : rows->hresult);
    if (strcmp(rows->code, "not-offered") == 0)
        hf_buf_printf(&text, "%s ", param(n, "KBS"));
    hf_buf_puts(&text, rows->text);
    hf_sim_job_leave(n, at, "failed", rows->code, hf_buf_str(&text));
    hf_buf_release(&text);
    return 1;
}

/* ---- apply ---- */

/* The host is at `level` now, and lists it. */
static void
arrive(struct hf_sim_node *n, int64_t at, const struct hf_sim_level *level)
{
    struct hf_sim_windows *w = n->windows;

    w->ubr = level->ubr;
    hf_strs_add(&w->kbs, level->kb);
    hf_sim_windows_record(w, level->kb, 1, 0, hf_sim_node_clock(n, at));
}

/* The revision behind the dot of the order's BUILD. */
static int
wanted_ubr(const struct hf_sim_node *n)
{
    const char *dot = strchr(param(n, "BUILD"), '.');

    return dot ? atoi(dot + 1) : 0;
}

/* As the real update agent has it: of the planned one it is told by its KB,
 * whose level the order names. */
static void
install(struct hf_sim_node *n, int64_t at)
{
    struct hf_sim_windows *w = n->windows;
    struct hf_sim_level planned = {.ubr = wanted_ubr(n)};
    struct hf_sim_line line;

    (void)snprintf(planned.kb, sizeof(planned.kb), "%.11s", param(n, "KB"));
    hf_sim_windows_line(&line, w);
    if (n->fault == HF_SIM_FALLBACK) {
        arrive(n, at,
               line.v[line.ordinary].ubr > planned.ubr
                   ? &line.v[line.ordinary]
                   : &(struct hf_sim_level){.ubr = planned.ubr + 1,
                                            .kb = "KB99999999"});
        w->next_ubr = w->ubr;
    } else if (n->fault == HF_SIM_LIE) {
        hf_sim_windows_record(w, planned.kb, 1, 0, hf_sim_node_clock(n, at));
    } else {
        arrive(n, at, &planned);
    }
}

static int
is_restart_update(const struct hf_sim_node *n)
{
    return strcmp(param(n, "ACTION"), "restart-update") == 0;
}

/* What the order lets go along, as far as it is offered. */
static void
install_along(struct hf_sim_node *n, int64_t at)
{
    struct hf_sim_windows *w = n->windows;
    struct hf_strs offers = {0}, also = {0}, along = {0}, missed = {0};

    hf_sim_windows_offers(&offers, w);
    hf_fact_words(&also, param(n, "ALSO"));
    for (size_t i = 0; i < also.len; i++) {
        const char *kb = also.v[i];
        int there = hf_strs_has(&offers, kb);

        hf_strs_add(there ? &along : &missed, kb);
        if (!there)
            continue;
        hf_strs_add(&w->kbs, kb);
        hf_sim_windows_record(w, kb, 1, 0, hf_sim_node_clock(n, at));
    }
    hf_sim_job_names(&n->job->result, "along", &along);
    hf_sim_job_names(&n->job->result, "missed", &missed);
    hf_strs_release(&offers);
    hf_strs_release(&also);
    hf_strs_release(&along);
    hf_strs_release(&missed);
}

/* What is offered beside what is meant. */
static void
set_others(struct hf_sim_node *n)
{
    struct hf_strs offers = {0}, others = {0}, meant = {0};

    hf_sim_windows_offers(&offers, n->windows);
    hf_fact_words(&meant, param(n, "KBS"));
    hf_fact_words(&meant, param(n, "ALSO"));
    for (size_t i = 0; i < offers.len; i++) {
        if (!hf_strs_has(&meant, offers.v[i]))
            hf_strs_add(&others, offers.v[i]);
    }
    hf_sim_job_names(&n->job->result, "other", &others);
    hf_strs_release(&offers);
    hf_strs_release(&others);
    hf_strs_release(&meant);
}

/* What needs a restart is in effect after it. */
static void
install_for_restart(struct hf_sim_node *n, int64_t at)
{
    struct hf_sim_windows *w = n->windows;
    char kb[12];

    (void)snprintf(kb, sizeof(kb), "%.11s", param(n, "KB"));
    if (n->fault != HF_SIM_LIE) {
        w->next_ubr = wanted_ubr(n);
        hf_strs_add(&w->kbs, kb);
    }
    hf_sim_windows_record(w, kb, 1, 0, hf_sim_node_clock(n, at));
    hf_strs_add(&n->job->done, kb);
    hf_sim_job_names(&n->job->result, "done", &n->job->done);
    set(n, "restart", "yes");
    set_code(n, 0);
    if (param(n, "ALSO")[0])
        install_along(n, at);
    hf_sim_job_restart(n, at);
}

/* The job that cannot install ends here. */
static void
leave_staged(struct hf_sim_node *n, int64_t at)
{
    struct hf_sim_windows *w = n->windows;
    char text[80];

    if (n->fault != HF_SIM_LIE && !hf_strs_has(&w->staged, param(n, "KBS")))
        hf_strs_add(&w->staged, param(n, "KBS"));
    set(n, "staged", param(n, "KBS"));
    (void)snprintf(text, sizeof(text), "%.12s:%d", param(n, "KBS"),
                   HF_SIM_BYTES);
    set(n, "sizes", text);
    set_code(n, 0);
    (void)snprintf(text, sizeof(text), "downloaded, not installed: %.40s",
                   param(n, "KBS"));
    hf_sim_job_leave(n, at, "ok", "", text);
}

static void
step_installed(struct hf_sim_node *n, int64_t at)
{
    char text[64];

    if (n->fault == HF_SIM_JOB_DIES) {
        n->job->died = 1;
        n->job->end = at;
        return;
    }
    if (n->fault == HF_SIM_RESTART_MID) {
        hf_sim_node_restart(n, at, HF_SIM_START_CRASH);
        return;
    }
    if (is_restart_update(n)) {
        install_for_restart(n, at);
        return;
    }
    install(n, at);
    hf_strs_add(&n->job->done, param(n, "KB"));
    hf_sim_job_names(&n->job->result, "done", &n->job->done);
    set(n, "restart", n->windows->next_ubr ? "yes" : "no");
    set_code(n, 0);
    if (n->windows->next_ubr)
        hf_sim_job_say(n, at, "the update agent asks for a restart");
    (void)snprintf(text, sizeof(text), "installed: %.40s", param(n, "KB"));
    hf_sim_job_leave(n, at, "ok", "", text);
    if (n->fault == HF_SIM_CRASH)
        hf_sim_node_restart(n, at, HF_SIM_START_CRASH);
}

static void
step_downloaded(struct hf_sim_node *n, int64_t at)
{
    if (strcmp(param(n, "ACTION"), "stage") == 0) {
        leave_staged(n, at);
        return;
    }
    if ((n->fault != HF_SIM_RESTART_DUE || n->windows->next_ubr) &&
        refused(n, at, at_install))
        return;
    hf_sim_job_say(n, at, "installing %s (simulated)", param(n, "KB"));
    hf_sim_job_then(n, at, n->job_ms / INSTALL, step_installed);
}

/* Nobody offers it hotpatches; ordinary updates come as ever. */
static int
is_unenrolled(const struct hf_sim_node *n)
{
    return is_restart_update(n) &&
           (n->fault == HF_SIM_NOT_ENROLLED || n->fault == HF_SIM_POLICY_OFF);
}

static void
step_found(struct hf_sim_node *n, int64_t at)
{
    if (!is_unenrolled(n) && refused(n, at, at_search))
        return;
    set(n, "behavior", "0");
    hf_sim_job_say(n, at, "downloading %s (simulated)", param(n, "KB"));
    hf_sim_job_then(n, at, n->job_ms / DOWNLOAD, step_downloaded);
}

static void
apply(struct hf_sim_node *n, int64_t at)
{
    if (!param(n, "KBS")[0]) {
        hf_sim_job_leave(n, at, "failed", "parameter",
                         "KBS is missing or malformed");
        return;
    }
    set(n, "done", "none");
    set(n, "restart", "no");
    set_others(n);
    set(n, "already", "none");
    hf_sim_job_say(n, at, "searching for %s", param(n, "KBS"));
    hf_sim_job_then(n, at, n->job_ms / SEARCH, step_found);
}

/* ---- any ---- */

static int
is_from(struct hf_sim_node *n, int64_t at)
{
    char build[32], text[160];

    (void)snprintf(build, sizeof(build), "%s.%d", n->windows->build,
                   n->windows->ubr);
    set(n, "before", build);
    if (strcmp(build, param(n, "FROM")) == 0)
        return 1;
    (void)snprintf(text, sizeof(text),
                   "the host is at %s, the order was made for '%.64s'", build,
                   param(n, "FROM"));
    hf_sim_job_leave(n, at, "failed", "level", text);
    return 0;
}

/* ---- rollback and restart ---- */

static void
step_removed(struct hf_sim_node *n, int64_t at)
{
    struct hf_sim_windows *w = n->windows;

    w->next_ubr = hf_sim_windows_below(w);
    (void)snprintf(w->leaving, sizeof(w->leaving), "%.11s", param(n, "KB"));
    hf_sim_windows_record(w, w->leaving, 2, 0, hf_sim_node_clock(n, at));
    hf_strs_add(&n->job->done, w->leaving);
    hf_sim_job_names(&n->job->result, "done", &n->job->done);
    set(n, "restart", "yes");
    set_code(n, 0);
    hf_sim_job_restart(n, at);
}

static void
rollback(struct hf_sim_node *n, int64_t at)
{
    char text[80];

    set(n, "done", "none");
    if (!hf_strs_has(&n->windows->kbs, param(n, "KB")) ||
        !hf_sim_windows_below(n->windows)) {
        (void)snprintf(text, sizeof(text),
                       "no installed package is named after %.12s or %.24s",
                       param(n, "KB"), param(n, "REMOVE"));
        hf_sim_job_leave(n, at, "failed", "package", text);
        return;
    }
    hf_sim_job_say(n, at, "removing %s (simulated)", param(n, "KB"));
    hf_sim_job_then(n, at, n->job_ms / INSTALL, step_removed);
}

static void
reboot(struct hf_sim_node *n, int64_t at)
{
    hf_sim_job_then(n, at, n->job_ms / INSTALL, hf_sim_job_restart);
}

/* clang-format off */
static const struct {
    const char *name;
    void (*begin)(struct hf_sim_node *n, int64_t at);
} actions[] = {
    {"apply", apply},
    {"rollback", rollback},
    {"reboot", reboot},
    {"restart-update", apply},
    {"stage", apply},
};
/* clang-format on */

void
hf_sim_job_windows(struct hf_sim_node *n, int64_t at)
{
    const char *action = param(n, "ACTION");
    char text[80];

    hf_sim_job_say(n, at, "job %s: %s", n->job->run, action);
    for (size_t i = 0; i < HF_COUNT(actions); i++) {
        if (strcmp(actions[i].name, action) != 0)
            continue;
        if (is_from(n, at) && !hf_sim_job_in_use(n, at))
            actions[i].begin(n, at);
        return;
    }
    (void)snprintf(text, sizeof(text), "ACTION is '%.40s'", action);
    hf_sim_job_leave(n, at, "failed", "parameter", text);
}
