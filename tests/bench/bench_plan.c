/*
 * A plan of a whole fleet, and the steps of its rollout: what planning costs,
 * what one step costs in fleets of different size, what a host costs in
 * memory. Ratios of one run are what counts; times depend on the machine.
 *
 *   bench_plan [--json] [HOSTS...]
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "backend/base/time.h"
#include "backend/model/rollout.h"
#include "playbooks/plan.h"
#include "tests/bench/recorded.h"
#include "tests/support/git.h"

#define TIMES 5 /* of which the best counts */

/* Two hosts of three are behind: the plan has fewer than the fleet. */
struct result {
    size_t fleet, hosts, steps;
    double plan_ms, step_us, plan_kib, run_kib;
};

static double
now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double
used_kib(void)
{
    struct mallinfo2 m = mallinfo2();

    return (double)(m.uordblks + m.hblkhd) / 1024;
}

/* ---- the plan ---- */

static struct hf_plan *
make_plan(struct hf_session *s)
{
    const struct hf_plan_ask ask = {.playbook = "monthly-hotpatch",
                                    .change = "BENCH"};
    struct hf_problems problems = {0};
    struct hf_err err = HF_ERR_INIT;
    struct hf_plan *plan = NULL;

    if (hf_plan_make(&plan, s, &ask, &problems, &err) < 0)
        recorded_die(&err);
    hf_problems_release(&problems);
    return plan;
}

/* The best of a few; the first unpacks what is recorded of hosts. */
static struct hf_plan *
measure_plan(struct hf_session *s, struct result *r)
{
    struct hf_plan *plan = NULL;

    for (int i = 0; i < TIMES; i++) {
        double start, took, before;

        hf_plan_free(plan);
        before = used_kib();
        start = now_ms();
        plan = make_plan(s);
        took = now_ms() - start;
        if (!r->plan_ms || took < r->plan_ms)
            r->plan_ms = took;
        r->plan_kib = (used_kib() - before) / (double)plan->hosts_len;
    }
    r->hosts = plan->hosts_len;
    return plan;
}

/* ---- its steps ---- */

static enum hf_admit
admit(void *ctx, int host, int64_t now, int64_t *until, int *outcome,
      char why[HF_WHY_LEN])
{
    (void)ctx;
    (void)host;
    (void)now;
    (void)until;
    (void)outcome;
    why[0] = '\0';
    return HF_ADMIT_YES;
}

static void
host_ends(struct hf_rollout *r, const struct hf_rollout_event *began)
{
    struct hf_rollout_event end = *began;

    end.kind = HF_ROLLOUT_HOST_ENDED;
    end.outcome = HF_OUTCOME_VERIFIED;
    hf_rollout_apply(r, &end);
}

static void
sample_ends(struct hf_rollout *r, const struct hf_rollout_event *taken)
{
    struct hf_rollout_event end = *taken;

    end.kind = HF_ROLLOUT_SAMPLE_ENDED;
    end.sample = HF_SAMPLE_PASS;
    hf_rollout_apply(r, &end);
}

/* Everything goes well, at once. */
static size_t
carry_out(struct hf_rollout *r)
{
    const struct hf_admission admission = {admit, NULL};
    struct hf_rollout_event e;
    int64_t now = 1;
    size_t steps = 0;

    for (;;) {
        while (hf_rollout_next(r, now, &admission, &e)) {
            steps++;
            hf_rollout_apply(r, &e);
            if (e.kind == HF_ROLLOUT_HOST_STARTED)
                host_ends(r, &e);
            else if (e.kind == HF_ROLLOUT_SAMPLE_TAKEN)
                sample_ends(r, &e);
        }
        if (!hf_rollout_due(r))
            return steps;
        now = hf_rollout_due(r);
    }
}

static void
measure_steps(const struct hf_plan *plan, struct result *out)
{
    for (int i = 0; i < TIMES; i++) {
        double before = used_kib(), start, each;
        struct hf_rollout *r = hf_rollout_new(plan);

        out->run_kib = (used_kib() - before) / (double)plan->hosts_len;
        start = now_ms();
        out->steps = carry_out(r);
        each = (now_ms() - start) * 1e3 / (double)out->steps;
        if (!out->step_us || each < out->step_us)
            out->step_us = each;
        hf_rollout_free(r);
    }
}

static void
measure(struct result *r)
{
    char *dir = scratch_new(), *fleet = hf_path_join(dir, "fleet");
    const struct hf_session_options o = {.dir = fleet};
    struct hf_sim_fleet *sim = recorded_fleet(fleet, r->fleet, 1);
    struct hf_problems problems = {0};
    struct hf_err err = HF_ERR_INIT;
    struct hf_session *s = NULL;
    struct hf_plan *plan;

    if (hf_session_open(&s, &o, &problems, &err) < 0)
        recorded_die(&err);
    plan = measure_plan(s, r);
    measure_steps(plan, r);
    hf_plan_free(plan);
    hf_session_free(s);
    hf_problems_release(&problems);
    hf_sim_fleet_free(sim);
    free(fleet);
    scratch_free(dir);
}

/* ---- the report ---- */

/* `before`: of the run with fewer hosts, or NULL. */
static void
print_text(const struct result *r, const struct result *before)
{
    printf("plan %zu of %zu hosts, and carry it out without hosts\n", r->hosts,
           r->fleet);
    printf("  plan                          %8.1f ms (%.2f of a second)\n",
           r->plan_ms, r->plan_ms / 1e3);
    printf("  one of %8zu steps          %8.2f us", r->steps, r->step_us);
    if (before)
        printf(" (%.2f of that of %zu hosts)", r->step_us / before->step_us,
               before->hosts);
    printf("\n  memory, plan and run          %8.2f KiB/host (%.2f of 2 KiB)\n",
           r->plan_kib + r->run_kib, (r->plan_kib + r->run_kib) / 2);
}

static void
print_json(const struct result *r, const struct result *before)
{
    cJSON *doc = cJSON_CreateObject();
    char *text;

    hf_json_add_str(doc, "bench", "plan");
    hf_json_add_int(doc, "hosts", (int64_t)r->hosts);
    cJSON_AddNumberToObject(doc, "plan_ms", r->plan_ms);
    cJSON_AddNumberToObject(doc, "step_us", r->step_us);
    if (before)
        cJSON_AddNumberToObject(doc, "step_ratio",
                                r->step_us / before->step_us);
    cJSON_AddNumberToObject(doc, "kib_each", r->plan_kib + r->run_kib);
    text = hf_json_print(doc);
    puts(text);
    free(text);
    cJSON_Delete(doc);
}

int
main(int argc, char **argv)
{
    static const char *const usual[] = {"1700", "17000", NULL};
    int json = argc > 1 && strcmp(argv[1], "--json") == 0;
    const char *const *sizes =
        argc > 1 + json ? (const char *const *)argv + 1 + json : usual;
    struct result r, before;
    char *home = git_empty_home(), *state = hf_path_join(home, "state");

    (void)setenv("XDG_STATE_HOME", state, 1);
    for (size_t i = 0; sizes[i]; i++) {
        r = (struct result){.fleet = (size_t)atoi(sizes[i])};
        measure(&r);
        (json ? print_json : print_text)(&r, i ? &before : NULL);
        (void)fflush(stdout);
        before = r;
    }
    free(state);
    scratch_free(home);
    return 0;
}
