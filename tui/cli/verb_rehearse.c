/* hotfleet rehearse: how a playbook would go, on copies of the hosts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tui/cli/rehearsal.h"
#include "tui/cli/rollout_report.h"
#include "tui/cli/signals.h"

#define LONGEST ((int64_t)366 * 86400000) /* ms: some waits never end */

struct rehearsing {
    struct hf_rehearsal r;
    struct hf_rehearsal_story story;
    struct hf_progress *progress;
    struct hf_signals *signals;
    struct hf_conduct *c;
    int interrupted;
};

static void
on_event(void *ctx, const struct hf_rollout_event *e)
{
    struct rehearsing *k = ctx;

    hf_rehearsal_told(&k->r, &k->story, e);
    hf_progress_event(k->progress, k->r.plan, e);
}

/* ---- what people would say ---- */

static int
say(struct rehearsing *k, struct hf_rollout_event *e)
{
    struct hf_err err = HF_ERR_INIT;

    hf_say(e->why, sizeof(e->why), "taken as given in a rehearsal");
    if (hf_conduct_say(k->c, e, &err) == HF_OK)
        return 1;
    hf_cli_complain(&err);
    return 0;
}

/* Whatever the ring wants a yes for. 1: something was said. */
static int
say_yes(struct rehearsing *k, const struct hf_rollout_view *v)
{
    const struct hf_playbook *pb = &k->r.plan->playbook;
    struct hf_rollout_event e = hf_rollout_event_of(HF_ROLLOUT_APPROVED);
    int said = 0;

    e.ring = v->ring;
    if (v->wants_approval)
        return say(k, &e);
    if ((size_t)v->ring >= pb->rings_len)
        return 0;
    e.kind = HF_ROLLOUT_SIGNED_OFF;
    for (size_t i = 0; i < pb->rings[v->ring].gates_len; i++) {
        e.gate = pb->rings[v->ring].gates[i];
        e.until = hf_now() + pb->gates[e.gate].valid_for;
        if (pb->gates[e.gate].kind == HF_GATE_SIGNOFF)
            said += say(k, &e);
    }
    return said;
}

/* ---- from one due moment to the next ---- */

static int
go_on(void *ctx)
{
    struct rehearsing *k = ctx;

    hf_progress_draw(k->progress, k->c);
    k->interrupted += hf_signals_take(k->signals);
    return !k->interrupted;
}

/* 1: there is more to come. */
static int
skip_ahead(struct rehearsing *k, int64_t began)
{
    int64_t now = hf_now(), due = hf_conduct_due(k->c);
    struct hf_rollout_view v;

    hf_rollout_view(hf_conduct_rollout(k->c), &v);
    if (v.state != HF_ROLLOUT_GOING || hf_conduct_blocked(k->c) ||
        now - began > LONGEST)
        return 0;
    if (!due)
        return say_yes(k, &v);
    hf_clock_skip(due > now ? due - now : 1);
    return 1;
}

static int
status_of(const struct rehearsing *k)
{
    struct hf_rollout_view v;

    hf_rollout_view(hf_conduct_rollout(k->c), &v);
    if (k->interrupted)
        return HF_EXIT_INTERRUPTED;
    return v.state == HF_ROLLOUT_IS_OVER ? v.exit : HF_EXIT_HALTED;
}

static int
carry_out(struct rehearsing *k, struct hf_err *err)
{
    struct hf_session *s = k->r.cli->session;
    const struct hf_conduct_options o = {.on_event = on_event, .ctx = k};
    int64_t began = hf_now();
    int rc, status;

    if ((rc = hf_conduct_new(&k->c, s, k->r.plan, &o, err)) < 0)
        return rc;
    k->signals = hf_signals_new();
    k->progress = hf_progress_new(k->r.cli);
    while (hf_conduct_hurry(k->c, go_on, k) == HF_CONDUCT_IDLE &&
           skip_ahead(k, began))
        ;
    hf_progress_free(k->progress);
    k->progress = NULL;
    hf_signals_free(k->signals);
    if (hf_conduct_trouble(k->c)[0])
        (void)fprintf(stderr, "hotfleet: %s\n", hf_conduct_trouble(k->c));
    status = hf_rehearsal_report(&k->r, &k->story, k->c, status_of(k));
    hf_conduct_let_go(k->c);
    hf_conduct_free(k->c);
    return status;
}

static int
rehearse(struct rehearsing *k, struct hf_cli *cli, struct hf_err *err)
{
    int rc;

    if ((rc = hf_rehearsal_open(&k->r, cli, err)) < 0 ||
        (rc = hf_rehearsal_plan(&k->r, cli->argv[0], err)) < 0 ||
        (rc = hf_rehearsal_ail(&k->r, err)) < 0 ||
        (rc = hf_rehearsal_start(&k->r, err)) < 0)
        return rc;
    k->story.rings =
        hf_xcalloc(k->r.plan->playbook.rings_len + 1, sizeof(*k->story.rings));
    hf_rehearsal_header(&k->r);
    return carry_out(k, err);
}

static int
run_rehearse(struct hf_cli *cli)
{
    struct rehearsing k = {0};
    struct hf_err err = HF_ERR_INIT;
    int status = rehearse(&k, cli, &err);

    if (status < 0) {
        hf_cli_problems(cli);
        status = hf_cli_fail(cli, &err);
    }
    hf_rehearsal_close(&k.r);
    free(k.story.rings);
    free(k.story.notes);
    return status;
}

const struct hf_verb hf_verb_rehearse = {
    .name = "rehearse",
    .group = "learn",
    .args = "PLAYBOOK | PLAN",
    .summary = "how a playbook would go, on simulated copies of your hosts",
    .help = "Carries the playbook out, for real, on copies of the hosts as "
            "they were last seen, in a repository that is thrown away; days of "
            "watching pass in seconds. Tells when each ring ends, which gate "
            "fails, what is left of the budgets and what restarts. Hooks are "
            "not run, and approvals are taken as given. It exits as 'run' "
            "would. A fault is given to the hosts of a selector, to a share of "
            "all, or to one; what there is: docs/simulation.md.",
    .examples = "  hotfleet rehearse monthly-hotpatch\n"
                "  hotfleet rehearse monthly-hotpatch --fail 5% --seed 7\n"
                "  hotfleet rehearse monthly-hotpatch --fail web-01,web-02\n"
                "  hotfleet rehearse monthly-hotpatch --faults "
                "'sick=ring:canary,slow=10%,down' --json\n",
    .options =
        HF_OPTS(HF_OPTS_FLEET, HF_OPT_CHANGE, HF_OPT_REASON,
                HF_OPT_OLD_CATALOGUE, HF_OPT_FAIL, HF_OPT_AIL, HF_OPT_SEED),
    .min_args = 1,
    .max_args = 1,
    .run = run_rehearse,
};
