/*
 * The detached job of a simulated host: it goes on as time does, whoever
 * looks, and leaves a log and a result as the real one does.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "backend/base/time.h"
#include "backend/sim/answers.h"

void
hf_sim_job_say(struct hf_sim_node *n, int64_t at, const char *fmt, ...)
{
    char line[512], moment[HF_TIME_LEN];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(line, sizeof(line), fmt, ap);
    va_end(ap);
    /* only the time of day: 2026-11-23T01:23:45... */
    (void)hf_time_format(moment, hf_sim_node_clock(n, at));
    hf_buf_printf(&n->job->log, "%.8sZ %s\n", moment + 11, line);
}

void
hf_sim_job_then(struct hf_sim_node *n, int64_t at, int64_t wait,
                void (*step)(struct hf_sim_node *n, int64_t at))
{
    n->job->due = at + wait;
    n->job->step = step;
}

int
hf_sim_job_applies(const struct hf_sim_job *job)
{
    const char *action = hf_params_get(&job->params, "ACTION");

    return action && strcmp(action, "apply") == 0;
}

void
hf_sim_job_names(struct hf_facts *f, const char *key,
                 const struct hf_strs *names)
{
    struct hf_buf text = {0};

    for (size_t i = 0; i < names->len; i++)
        hf_buf_printf(&text, "%s%s", i ? " " : "", names->v[i]);
    hf_facts_set(f, key, text.len ? hf_buf_str(&text) : "none", NULL, 0);
    hf_buf_release(&text);
}

void
hf_sim_job_leave(struct hf_sim_node *n, int64_t at, const char *outcome,
                 const char *code, const char *text)
{
    struct hf_sim_job *job = n->job;
    char seconds[24];

    hf_sim_job_say(n, at, "%s: %s", outcome, text);
    (void)snprintf(seconds, sizeof(seconds), "%lld",
                   (long long)((at - job->begin) / 1000));
    hf_facts_set(&job->result, "outcome", outcome, NULL, 0);
    hf_facts_set(&job->result, "code", code, NULL, 0);
    hf_facts_set(&job->result, "text", text, NULL, 0);
    hf_facts_set(&job->result, "seconds", seconds, NULL, 0);
    if (job->done.len && hf_sim_job_applies(job))
        n->patched = at;
    job->end = at;
    job->ended = 1;
    job->step = NULL;
}

void
hf_sim_job_start(struct hf_sim_node *n, int64_t now)
{
    (void)__atomic_add_fetch(&n->jobs, 1, __ATOMIC_RELAXED);
    n->job->started = 1;
    n->job->begin = now;
    hf_sim_job_then(n, now, 0, n->platform->job);
}

void
hf_sim_job_go_on(struct hf_sim_node *n, int64_t now)
{
    while (hf_sim_job_state(n, n->job) == HF_SIM_JOB_RUNNING &&
           n->job->due <= now)
        n->job->step(n, n->job->due);
    hf_sim_restart_go_on(n, now);
}
