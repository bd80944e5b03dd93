/*
 * hotfleet pause, resume, abort, skip, ring approve: what people say to a run,
 * wherever it is carried out. Stopping never asks; going on does.
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "backend/base/time.h"
#include "playbooks/rollout.h"
#include "tui/cli/rollout_report.h"
#include "tui/cli/runner.h"
#include "tui/cli/verb.h"

#define HEARD_MS 5000
#define LOOK_MS 50

static struct hf_rollout_event
said(struct hf_cli *cli, enum hf_rollout_kind kind)
{
    struct hf_rollout_event e = hf_rollout_event_of(kind);

    (void)snprintf(e.why, sizeof(e.why), "%s",
                   cli->opt[HF_OPT_REASON] ? cli->opt[HF_OPT_REASON] : "");
    return e;
}

/* A process that carries a run out listens twice a second. Bounded: it may be
 * in the middle of something, and hears it then. */
static int
is_heard(struct hf_cli *cli, const char *run)
{
    int64_t until = hf_mono() + HEARD_MS;
    struct hf_rollout_around around;

    for (;;) {
        hf_rollout_around(&around, cli->session, run);
        if (!around.carried_out || !around.unheard)
            return around.carried_out;
        if (hf_mono() >= until)
            return 0;
        (void)poll(NULL, 0, LOOK_MS);
    }
}

/* What is not heard yet is not done yet. */
static void
tell(struct hf_cli *cli, const char *run, enum hf_rollout_kind kind)
{
    if (cli->opt[HF_OPT_JSON])
        return;
    if (is_heard(cli, run))
        (void)printf("run %s: %s\n", run, hf_rollout_kind_names[kind]);
    else
        (void)printf("run %s: %s is said, but not heard yet (to carry the run "
                     "out here: hotfleet run %s)\n",
                     run, hf_rollout_kind_names[kind], run);
}

/* To every run that is not over; to all before the first answer is awaited. */
static int
say_to_all(struct hf_cli *cli, enum hf_rollout_kind kind, cJSON *told,
           struct hf_err *err)
{
    struct hf_strs runs = {0};
    int rc = hf_rollout_list(&runs, cli->session, err);
    const cJSON *run;

    for (size_t i = 0; i < runs.len && rc == HF_OK; i++) {
        struct hf_rollout_event e = said(cli, kind);

        if (hf_rollout_is_over(cli->session, runs.v[i]))
            continue;
        if ((rc = hf_rollout_say(cli->session, runs.v[i], &e, err)) == HF_OK)
            hf_json_push_str(told, runs.v[i]);
    }
    cJSON_ArrayForEach(run, told) tell(cli, run->valuestring, kind);
    if (rc == HF_OK && !told->child && !cli->opt[HF_OPT_JSON])
        (void)puts("every run of a plan is over: nobody to tell");
    hf_strs_release(&runs);
    return rc;
}

/* To the run that is named. */
static int
say(struct hf_cli *cli, struct hf_rollout_event *e, struct hf_err *err)
{
    const char *run = cli->argv[0];
    int rc = hf_rollout_say(cli->session, run, e, err);

    if (rc == HF_OK)
        tell(cli, run, e->kind);
    return rc;
}

static int
finish(struct hf_cli *cli, cJSON *doc, int rc, const struct hf_err *err)
{
    if (rc < 0) {
        cJSON_Delete(doc);
        return hf_cli_fail(cli, err);
    }
    hf_runner_settle(cli);
    if (cli->opt[HF_OPT_JSON])
        return hf_cli_print_doc(doc, HF_EXIT_OK);
    cJSON_Delete(doc);
    return HF_EXIT_OK;
}

static int
say_to(struct hf_cli *cli, enum hf_rollout_kind kind)
{
    cJSON *doc = hf_cli_doc(cli, "said"), *told;
    struct hf_rollout_event e = said(cli, kind);
    struct hf_err err = HF_ERR_INIT;
    int rc;

    hf_json_add_str(doc, "what", hf_rollout_kind_names[kind]);
    told = hf_json_add_arr(doc, "runs");
    if (cli->opt[HF_OPT_ALL]) {
        rc = say_to_all(cli, kind, told, &err);
    } else if (!cli->argc) {
        rc = hf_fail(&err, HF_EUSAGE, "say which run, or --all");
        (void)hf_hint(&err, "hotfleet runs names them");
    } else {
        rc = say(cli, &e, &err);
        hf_json_push_str(told, cli->argv[0]);
    }
    return finish(cli, doc, rc, &err);
}

static int
run_pause(struct hf_cli *cli)
{
    return say_to(cli, HF_ROLLOUT_PAUSED);
}

static int
run_abort(struct hf_cli *cli)
{
    return say_to(cli, HF_ROLLOUT_ABORT);
}

/* A newer release wants a decision: to go on is not one. */
static int
check_superseded(struct hf_cli *cli, int finish, struct hf_err *err)
{
    const char *run = cli->argv[0];
    struct hf_plan *plan = NULL;
    struct hf_rollout *r = NULL;
    struct hf_rollout_view v;
    int rc = hf_rollout_read(&plan, &r, cli->session, run, err);

    if (rc < 0)
        return rc;
    hf_rollout_view(r, &v);
    if (v.superseded && !finish) {
        rc = hf_fail(err, HF_ESTALE, "run %s is %s", run, v.waits_for);
        (void)hf_hint(err,
                      "hotfleet resume %s --finish with what was planned, "
                      "hotfleet abort %s, or hotfleet plan --supersede %s",
                      run, run, run);
    } else if (!v.superseded && finish) {
        rc = hf_fail(err, HF_EUSAGE,
                     "run %s does not stand still for a newer "
                     "release: --finish says nothing",
                     run);
    }
    hf_rollout_free(r);
    hf_plan_free(plan);
    return rc;
}

static int
run_resume(struct hf_cli *cli)
{
    int finish = cli->opt[HF_OPT_FINISH] != NULL;
    struct hf_err err = HF_ERR_INIT;

    if (!cli->opt[HF_OPT_YES] && !cli->tty_in)
        (void)hf_fail(&err, HF_EUSAGE, "without a terminal resume wants --yes");
    else
        (void)check_superseded(cli, finish, &err);
    if (err.code < 0)
        return hf_cli_fail(cli, &err);
    if (!cli->opt[HF_OPT_YES] &&
        !hf_cli_ask(cli, "let run %s go on%s?", cli->argv[0],
                    finish ? " with the older releases" : ""))
        return HF_EXIT_OK;
    return say_to(cli, finish ? HF_ROLLOUT_FINISH : HF_ROLLOUT_RESUMED);
}

/* ---- hosts that are not to be started ---- */

/* All of them, or none. */
static int
skip(struct hf_cli *cli, const struct hf_plan *plan, const struct hf_rollout *r,
     struct hf_err *err)
{
    struct hf_rollout_event e = said(cli, HF_ROLLOUT_SKIPPED);
    struct hf_rollout_view v;
    int rc = HF_OK;

    hf_rollout_view(r, &v);
    if (v.state == HF_ROLLOUT_IS_OVER)
        return hf_fail(err, HF_EREFUSED, "run %s is over", cli->argv[0]);
    for (int i = 1; i < cli->argc && rc >= 0; i++)
        rc = hf_rollout_unstarted(plan, r, cli->argv[i], err);
    for (int i = 1; i < cli->argc && rc >= 0; i++) {
        e.host = hf_plan_find(plan, cli->argv[i]);
        e.ring = plan->hosts[e.host].ring;
        rc = hf_rollout_say(cli->session, cli->argv[0], &e, err);
        if (rc == HF_OK && !cli->opt[HF_OPT_JSON])
            (void)printf("run %s: %s is skipped\n", cli->argv[0], cli->argv[i]);
    }
    return rc;
}

static int
run_skip(struct hf_cli *cli)
{
    cJSON *doc = hf_cli_doc(cli, "said"), *hosts;
    struct hf_plan *plan = NULL;
    struct hf_rollout *r = NULL;
    struct hf_err err = HF_ERR_INIT;
    int rc;

    hf_json_add_str(doc, "what", hf_rollout_kind_names[HF_ROLLOUT_SKIPPED]);
    hf_json_push_str(hf_json_add_arr(doc, "runs"), cli->argv[0]);
    hosts = hf_json_add_arr(doc, "hosts");
    for (int i = 1; i < cli->argc; i++)
        hf_json_push_str(hosts, cli->argv[i]);
    if (!cli->opt[HF_OPT_REASON] || !*cli->opt[HF_OPT_REASON])
        rc = hf_fail(&err, HF_EUSAGE, "say why: --reason \"...\"");
    else if ((rc = hf_rollout_read(&plan, &r, cli->session, cli->argv[0],
                                   &err)) == HF_OK)
        rc = skip(cli, plan, r, &err);
    hf_rollout_free(r);
    hf_plan_free(plan);
    return finish(cli, doc, rc, &err);
}

/* ---- a ring that waits for a person ---- */

static int
ring_index(const struct hf_plan *plan, const char *name, struct hf_err *err)
{
    for (size_t i = 0; i < plan->playbook.rings_len; i++) {
        if (strcmp(plan->playbook.rings[i].name, name) == 0)
            return (int)i;
    }
    return hf_fail(err, HF_ENOTFOUND, "the run has no ring '%s'", name);
}

static int
is_at(const struct hf_rollout *r, int ring)
{
    struct hf_rollout_view v;

    hf_rollout_view(r, &v);
    return v.began && v.ring == ring && !v.wants_approval;
}

/* A ring that has begun waits for no approval any more: what its gates want
 * is somebody's yes. */
static int
sign_off(struct hf_cli *cli, const struct hf_plan *plan, int ring,
         struct hf_err *err)
{
    const struct hf_playbook_ring *of = &plan->playbook.rings[ring];
    int rc = HF_OK;

    for (size_t i = 0; i < of->gates_len && rc == HF_OK; i++) {
        const struct hf_gate *gate = &plan->playbook.gates[of->gates[i]];
        struct hf_rollout_event e = said(cli, HF_ROLLOUT_SIGNED_OFF);

        if (gate->kind != HF_GATE_SIGNOFF)
            continue;
        e.ring = ring;
        e.gate = of->gates[i];
        e.until = hf_now() + gate->valid_for;
        rc = say(cli, &e, err);
    }
    return rc;
}

static int
run_approve(struct hf_cli *cli)
{
    cJSON *doc = hf_cli_doc(cli, "said");
    struct hf_rollout_event e = said(cli, HF_ROLLOUT_APPROVED);
    struct hf_plan *plan = NULL;
    struct hf_rollout *r = NULL;
    struct hf_err err = HF_ERR_INIT;
    int rc;

    hf_json_add_str(doc, "what", hf_rollout_kind_names[e.kind]);
    hf_json_push_str(hf_json_add_arr(doc, "runs"), cli->argv[0]);
    if ((rc = hf_rollout_read(&plan, &r, cli->session, cli->argv[0], &err)) ==
            HF_OK &&
        (rc = e.ring = ring_index(plan, cli->argv[1], &err)) >= 0)
        rc = say(cli, &e, &err);
    if (rc == HF_OK && is_at(r, e.ring))
        rc = sign_off(cli, plan, e.ring, &err);
    hf_rollout_free(r);
    hf_plan_free(plan);
    return finish(cli, doc, rc, &err);
}

#define OPTIONS HF_OPTS_FLEET, HF_OPT_REASON

const struct hf_verb hf_verb_pause = {
    .name = "pause",
    .group = "act",
    .args = "RUN | --all",
    .summary = "start no further host in a run, at once",
    .help = "Never asks. Hosts under way are finished and verified. It reaches "
            "a process here within a second, and one elsewhere with its next "
            "look into the ledger.",
    .examples = "  hotfleet pause --all --reason \"network trouble\"\n"
                "  hotfleet pause 20261123T060000Z-77aa01\n",
    .options = HF_OPTS(OPTIONS, HF_OPT_ALL),
    .flags = HF_VERB_NEEDS_FLEET | HF_VERB_WRITES,
    .max_args = 1,
    .run = run_pause,
};

const struct hf_verb hf_verb_resume = {
    .name = "resume",
    .group = "act",
    .args = "RUN",
    .summary = "let a paused or halted run go on",
    .help =
        "What was spent of its budgets is accepted: the very next failure "
        "halts it again. A gate that failed is judged anew. One that is paused "
        "because a newer release is out wants --finish to go on with what was "
        "planned. Then 'run RUN' carries it on, where nothing does so already.",
    .examples = "  hotfleet resume 20261123T060000Z-77aa01 --reason \"fixed\" "
                "--yes\n",
    .options = HF_OPTS(OPTIONS, HF_OPT_YES, HF_OPT_FINISH),
    .flags = HF_VERB_NEEDS_FLEET | HF_VERB_WRITES,
    .min_args = 1,
    .max_args = 1,
    .run = run_resume,
};

const struct hf_verb hf_verb_abort = {
    .name = "abort",
    .group = "act",
    .args = "RUN | --all",
    .summary = "end a run: hosts under way finish, no other starts",
    .help = "Never asks. What was patched stays patched.",
    .examples = "  hotfleet abort 20261123T060000Z-77aa01 --reason \"wrong "
                "release\"\n",
    .options = HF_OPTS(OPTIONS, HF_OPT_ALL),
    .flags = HF_VERB_NEEDS_FLEET | HF_VERB_WRITES,
    .max_args = 1,
    .run = run_abort,
};

const struct hf_verb hf_verb_skip = {
    .name = "skip",
    .group = "act",
    .args = "RUN HOST...",
    .summary = "leave hosts out of a run that have not been started",
    .help = "These hosts end as skipped, with the reason, in report, JUnit and "
            "ledger. A host that has begun is not left out any more. A hold "
            "keeps a host out of every run; this is about one.",
    .examples = "  hotfleet skip 20261123T060000Z-77aa01 web-07 db-02 "
                "--reason \"audit in progress\"\n",
    .options = HF_OPTS(OPTIONS),
    .flags = HF_VERB_NEEDS_FLEET | HF_VERB_WRITES,
    .min_args = 2,
    .max_args = -1,
    .run = run_skip,
};

const struct hf_verb hf_verb_approve_ring = {
    .name = "ring approve",
    .group = "act",
    .args = "RUN RING",
    .summary = "let a ring begin that waits for a person",
    .help = "In a ring that has begun it signs off the gates that want a "
            "person's yes. Recorded with who said so; not a signature.",
    .examples = "  hotfleet ring approve 20261123T060000Z-77aa01 broad\n",
    .options = HF_OPTS(OPTIONS),
    .flags = HF_VERB_NEEDS_FLEET | HF_VERB_WRITES,
    .min_args = 2,
    .max_args = 2,
    .run = run_approve,
};
