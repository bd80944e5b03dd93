/* A rollout in Prometheus' text format, for the node exporter's folder of text
 * files (text format 0.0.4). */
#include <stdlib.h>

#include "backend/base/text.h"
#include "tui/cli/rollout_files.h"

struct page {
    struct hf_buf *out;
    const struct hf_rollout_sheet *s;
};

static void
put_label(struct hf_buf *out, const char *name, const char *value)
{
    hf_buf_printf(out, "%s=\"", name);
    for (const char *p = value; *p; p++) {
        if (*p == '\\' || *p == '"')
            hf_buf_putc(out, '\\');
        if (*p == '\n')
            hf_buf_puts(out, "\\n");
        else
            hf_buf_putc(out, *p);
    }
    hf_buf_puts(out, "\"");
}

static void
put_head(struct page *p, const char *name, const char *help)
{
    hf_buf_printf(p->out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

/* Pairs of label and value, ended by NULL, come behind those of the run. */
static void
put_value(struct page *p, const char *name, const char *const *labels,
          int64_t value)
{
    hf_buf_printf(p->out, "%s{", name);
    put_label(p->out, "fleet", p->s->plan->fleet);
    hf_buf_putc(p->out, ',');
    put_label(p->out, "playbook", p->s->plan->playbook.name);
    hf_buf_putc(p->out, ',');
    put_label(p->out, "run", p->s->run);
    for (; labels && labels[0]; labels += 2) {
        hf_buf_putc(p->out, ',');
        put_label(p->out, labels[0], labels[1]);
    }
    hf_buf_printf(p->out, "} %lld\n", (long long)value);
}

static void
put_info(struct page *p)
{
    const struct hf_plan *plan = p->s->plan;
    const char *const labels[] = {
        "plan",      plan->id,
        "change",    plan->change ? plan->change : "",
        "simulated", plan->simulated ? "true" : "false",
        NULL};

    put_head(p, "hotfleet_run_info", "The run that this file is about.");
    put_value(p, "hotfleet_run_info", labels, 1);
}

static void
put_state(struct page *p)
{
    struct hf_rollout_view v;

    hf_rollout_view(p->s->rollout, &v);
    put_head(p, "hotfleet_run_state", "1 for the state that the run is in.");
    for (int i = 0; i < HF_ROLLOUT_STATE_COUNT; i++) {
        const char *const labels[] = {"state", hf_rollout_state_names[i], NULL};

        put_value(p, "hotfleet_run_state", labels, (int)v.state == i);
    }
    if (v.state == HF_ROLLOUT_IS_OVER) {
        put_head(p, "hotfleet_run_exit_code", "How the run ended.");
        put_value(p, "hotfleet_run_exit_code", NULL, v.exit);
    }
}

static void
put_ring_hosts(struct page *p, const char *ring,
               const struct hf_rollout_counts *n)
{
    const struct {
        const char *outcome;
        size_t n;
    } open[] = {{"waiting", n->waiting},
                {"under-way", n->in_flight},
                {"asleep", n->asleep}};

    for (size_t i = 0; i < HF_COUNT(open); i++) {
        const char *const labels[] = {"ring", ring, "outcome", open[i].outcome,
                                      NULL};

        put_value(p, "hotfleet_run_hosts", labels, (int64_t)open[i].n);
    }
    for (int i = 0; i < HF_OUTCOME_COUNT; i++) {
        const char *const labels[] = {"ring", ring, "outcome",
                                      hf_outcome_names[i], NULL};

        put_value(p, "hotfleet_run_hosts", labels, (int64_t)n->by_outcome[i]);
    }
}

static void
put_hosts(struct page *p)
{
    const struct hf_playbook *pb = &p->s->plan->playbook;
    struct hf_rollout_counts n;

    put_head(p, "hotfleet_run_hosts", "Hosts of the plan by ring and outcome.");
    for (size_t i = 0; i < pb->rings_len; i++) {
        hf_rollout_counts(p->s->rollout, (int)i, &n);
        put_ring_hosts(p, pb->rings[i].name, &n);
    }
}

/* One row for each bound of the run and of its rings; `spent`: what was used
 * of it, else what is allowed. */
static void
put_budget(struct page *p, const char *name, const char *help, int spent)
{
    const struct hf_playbook *pb = &p->s->plan->playbook;
    int used, allowed;

    put_head(p, name, help);
    for (int kind = 0; kind < HF_BUDGET_KIND_COUNT; kind++) {
        for (size_t i = 0; i <= pb->rings_len; i++) { /* the last: the run */
            int whole = i == pb->rings_len;
            const char *const labels[] = {
                "kind",  hf_budget_names[kind],
                "scope", hf_scope_names[whole ? HF_SCOPE_RUN : HF_SCOPE_RING],
                "ring",  whole ? "" : pb->rings[i].name,
                NULL};

            hf_rollout_budget(
                p->s->rollout, whole ? 0 : (int)i, (enum hf_budget_kind)kind,
                whole ? HF_SCOPE_RUN : HF_SCOPE_RING, &used, &allowed);
            if (allowed != HF_BUDGET_OPEN)
                put_value(p, name, labels, spent ? used : allowed);
        }
    }
}

static void
put_times(struct page *p)
{
    struct hf_rollout_view v;

    hf_rollout_view(p->s->rollout, &v);
    const struct {
        const char *name, *help;
        int64_t at;
    } times[] = {
        {"hotfleet_run_began_timestamp_seconds", "When the run began.",
         v.began},
        {"hotfleet_run_ended_timestamp_seconds", "When the run ended.",
         v.ended},
        {"hotfleet_run_soak_until_timestamp_seconds",
         "Until when the ring is watched.", v.soak_until},
        {"hotfleet_run_written_timestamp_seconds",
         "When this file was written.", p->s->at},
    };

    for (size_t i = 0; i < HF_COUNT(times); i++) {
        if (!times[i].at)
            continue;
        put_head(p, times[i].name, times[i].help);
        put_value(p, times[i].name, NULL, times[i].at / 1000);
    }
}

void
hf_rollout_prometheus(struct hf_buf *out, const struct hf_rollout_sheet *s)
{
    struct page p = {out, s};

    put_info(&p);
    put_state(&p);
    put_hosts(&p);
    put_budget(&p, "hotfleet_run_budget_spent",
               "Hosts that ended badly, of what the playbook allows.", 1);
    put_budget(&p, "hotfleet_run_budget_allowed",
               "Hosts that may end badly before the run halts.", 0);
    put_times(&p);
}
