/*
 * The delayed restart of a simulated host: ordered by a job, waited for,
 * called off.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/checks/read.h"
#include "backend/sim/answers.h"

#define HOUR_MS (INT64_C(3600) * 1000)

static int
is_off(const struct hf_sim_node *n, const char *run)
{
    return strcmp(n->off_run, run) == 0;
}

int
hf_sim_job_in_use(struct hf_sim_node *n, int64_t at)
{
    const char *names = hf_params_get(&n->job->params, "UNLESS_RUNNING");
    struct hf_strs all = {0};
    int used;

    hf_fact_words(&all, names ? names : "");
    used = hf_strs_has(&all, HF_SIM_PROCESS);
    hf_strs_release(&all);
    if (used)
        hf_sim_job_leave(n, at, "failed", "in-use",
                         "in use: '" HF_SIM_PROCESS "' runs");
    return used;
}

void
hf_sim_job_restart(struct hf_sim_node *n, int64_t at)
{
    if (is_off(n, n->job->run)) {
        hf_sim_job_leave(n, at, "failed", "called-off",
                         "the restart was called off");
        return;
    }
    n->restart_at = at + n->job_ms;
    hf_say(n->restart_run, sizeof(n->restart_run), "%s", n->job->run);
    hf_facts_set(&n->job->result, "restart_in", "0", NULL, 0);
    hf_sim_job_leave(n, at, "ok", "", "restarts in 0 s");
}

void
hf_sim_restart_go_on(struct hf_sim_node *n, int64_t now)
{
    if (!n->restart_at || n->restart_at > now)
        return;
    hf_sim_node_restart(n, n->restart_at, HF_SIM_START_RUN);
    n->restart_at = 0;
}

/* ---- as the probe tells of it ---- */

/* Who ended the run before the last start, as the host's log would say. */
static void
put_start(struct hf_sim_reply *r, const struct hf_sim_node *n)
{
    /* clang-format off */
    static const struct { const char *cause, *by, *why; } starts[] = {
        [HF_SIM_START_SOMEBODY] = {"ordered", "somebody", "simulated"},
        [HF_SIM_START_RUN] = {"ordered", "root", NULL},
        [HF_SIM_START_CRASH] = {"crash", NULL, "panic, simulated"},
    };
    /* clang-format on */
    const char *by = starts[n->start].by, *why = starts[n->start].why;
    char text[sizeof("hotfleet ") + HF_RUN_ID_LEN];

    if (n->start == HF_SIM_START_OLD) {
        hf_sim_reply_unknown(r, "boot.cause",
                             "absent: the log does not reach back so far",
                             n->platform->boot_log);
        return;
    }
    (void)snprintf(text, sizeof(text), "hotfleet %s", n->restart_run);
    hf_sim_reply_set(r, "boot.cause", starts[n->start].cause,
                     n->platform->boot_log);
    if (by)
        hf_sim_reply_set(r, "boot.by", by, n->platform->boot_log);
    hf_sim_reply_set(r, "boot.why", why ? why : text, n->platform->boot_log);
}

void
hf_sim_restart_put(struct hf_sim_reply *r, const struct hf_sim_node *n)
{
    put_start(r, n);
    if (n->restart_at)
        hf_sim_reply_int(r, "restart.scheduled",
                         hf_sim_node_clock(n, n->restart_at) / 1000,
                         n->platform->ordered);
    if (!n->off_run[0])
        return;
    hf_sim_reply_set(r, "restart.calledoff", n->off_run,
                     n->platform->called_off);
    hf_sim_reply_set(r, "restart.calledoff.by", n->off_by,
                     n->platform->called_off);
}

/* The job at work will order one. */
static int
will_restart(const struct hf_sim_node *n)
{
    return hf_sim_job_state(n, n->job) == HF_SIM_JOB_RUNNING &&
           (strcmp(n->job->action, "reboot") == 0 ||
            (n->windows && strcmp(n->job->action, "rollback") == 0));
}

/* One that was carried out just now came too late. */
static const char *
none_left(const struct hf_sim_node *n, int64_t now)
{
    return n->restart_run[0] && !is_off(n, n->restart_run) &&
                   now - n->booted < HOUR_MS
               ? "late"
               : "none";
}

int
hf_sim_call_off(struct hf_sim_node *n, struct hf_sim_reply *r,
                const struct hf_sim_ask *ask, const struct hf_sim_caller *who,
                int64_t now)
{
    const char *run = will_restart(n) ? n->job->run : n->restart_run;

    (void)who;
    if (!will_restart(n) && !n->restart_at) {
        hf_sim_reply_set(r, "off", none_left(n, now), n->platform->ordered);
    } else {
        hf_say(n->off_run, sizeof(n->off_run), "%s", run);
        free(n->off_by);
        n->off_by = hf_xstrdup(hf_sim_ask_get(ask, "OPERATOR"));
        n->restart_at = 0;
        hf_sim_reply_set(r, "off", "yes", n->platform->ordered);
    }
    if (run[0])
        hf_sim_reply_set(r, "off.run", run, n->platform->ordered);
    return 0;
}
