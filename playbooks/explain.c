/* A playbook in words that an approver can read. */
#include <string.h>

#include "backend/base/time.h"
#include "playbooks/playbook.h"

static const char *
span(char out[HF_TIME_LEN], int64_t ms)
{
    return ms ? hf_span_format(out, ms) : "no time";
}

static void
put_size(struct hf_buf *out, struct hf_size size)
{
    if (size.count)
        hf_buf_printf(out, "%d", size.count);
    else if (size.percent)
        hf_buf_printf(out, "%d%%", size.percent);
    else
        hf_buf_puts(out, "all the rest");
}

static const char *
verb_of(int kind)
{
    static const char *const verbs[HF_PLAYBOOK_KIND_COUNT] = {
        [HF_PLAYBOOK_ROLLOUT] = "Patches",
        [HF_PLAYBOOK_CHECK] = "Asks, and changes nothing on,",
        [HF_PLAYBOOK_VERIFY] = "Proves anew, and changes nothing on,",
        [HF_PLAYBOOK_REBOOT] = "Restarts",
        [HF_PLAYBOOK_ROLLBACK] = "Takes a release back on",
    };

    return verbs[kind];
}

static void
explain_what(struct hf_buf *out, const struct hf_playbook *pb)
{
    hf_buf_printf(out, "%s: %s\n", pb->name, pb->title ? pb->title : pb->name);
    hf_buf_printf(out, "  %s %s", verb_of(pb->kind),
                  pb->targets.select ? "the hosts that match:" : "every host");
    hf_buf_printf(out, " %s\n", pb->targets.select ? pb->targets.select : "");
    if (pb->targets.min || pb->targets.max)
        hf_buf_printf(
            out, "  Refuses to be planned with fewer than %d%s hosts\n",
            pb->targets.min, pb->targets.max ? " or more than allowed" : "");
    if (pb->targets.max)
        hf_buf_printf(out, "  At most %d hosts\n", pb->targets.max);
    if (pb->note)
        hf_buf_printf(out, "  %s\n", pb->note);
}

static void
explain_change(struct hf_buf *out, const struct hf_playbook *pb)
{
    const struct hf_playbook_change *c = &pb->change;
    const char *const rows[][2] = {
        {"id", c->id},         {"type", c->type},   {"reason", c->reason},
        {"impact", c->impact}, {"tests", c->tests}, {"backout", c->backout},
    };
    int any = c->approvals > 0;

    for (size_t i = 0; i < HF_COUNT(rows); i++)
        any |= rows[i][1] != NULL;
    if (!any)
        return;
    hf_buf_puts(out, "\nCHANGE\n");
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        if (rows[i][1])
            hf_buf_printf(out, "  %-8s %s\n", rows[i][0], rows[i][1]);
    }
    if (c->approvals)
        hf_buf_printf(out, "  needs %d approval%s\n", c->approvals,
                      c->approvals == 1 ? "" : "s");
}

static void
explain_patch(struct hf_buf *out, const struct hf_playbook *pb)
{
    static const char *const otherwise[HF_OTHERWISE_COUNT] = {
        "are left out, with the reason",
        "make the plan be refused",
        "get the month's ordinary update, with a restart",
    };

    if (pb->kind != HF_PLAYBOOK_ROLLOUT)
        return;
    hf_buf_puts(out, "\nRELEASE\n  ");
    if (pb->patch.kbs) {
        hf_buf_puts(out, "exactly");
        for (size_t i = 0; pb->patch.kbs[i]; i++)
            hf_buf_printf(out, " %s", pb->patch.kbs[i]);
    } else {
        hf_buf_printf(out, "the newest one of %s",
                      pb->patch.month ? pb->patch.month : "each product");
    }
    hf_buf_printf(out, "; %s\n",
                  pb->patch.expect_restart
                      ? "it may need a restart"
                      : "one that needs a restart is not applied");
    hf_buf_printf(out, "  Hosts that cannot take it %s.\n",
                  otherwise[pb->patch.if_ineligible]);
    hf_buf_printf(out, "  Hosts that it would push off the track %s.\n",
                  otherwise[pb->patch.if_leaves_track]);
}

static void
explain_batches(struct hf_buf *out, const struct hf_playbook_ring *ring)
{
    if (ring->batches_len == 1 && !ring->batches[0].count &&
        !ring->batches[0].percent) {
        hf_buf_puts(out, "in one batch");
        return;
    }
    hf_buf_puts(out, "in batches of ");
    for (size_t i = 0; i < ring->batches_len; i++) {
        hf_buf_puts(out, i ? ", then " : "");
        put_size(out, ring->batches[i]);
    }
}

static void
explain_ring(struct hf_buf *out, const struct hf_playbook *pb, size_t i)
{
    const struct hf_playbook_ring *ring = &pb->rings[i];
    char text[HF_TIME_LEN];

    hf_buf_printf(out, "  %zu %-12s ", i + 1, ring->name);
    if (ring->select)
        hf_buf_puts(out, ring->select);
    else
        put_size(out, ring->size);
    hf_buf_puts(out, "; ");
    explain_batches(out, ring);
    hf_buf_printf(out, "; then %s of watching\n", span(text, ring->soak));
    if (ring->approve)
        hf_buf_puts(out, "    waits for a person before it begins\n");
    if (ring->has_control) {
        hf_buf_puts(out, "    leaves ");
        put_size(out, ring->control);
        hf_buf_puts(out, " of its hosts unpatched, to compare with\n");
    }
    for (size_t g = 0; g < ring->gates_len; g++)
        hf_buf_printf(out, "    gate %s\n", pb->gates[ring->gates[g]].name);
    if (ring->intermittent)
        hf_buf_printf(out,
                      "    hosts may sleep; those not seen are tried again "
                      "for %s\n",
                      span(text, ring->catch_up));
}

static void
explain_gate(struct hf_buf *out, const struct hf_gate *g)
{
    char delay[HF_TIME_LEN], every[HF_TIME_LEN];

    hf_buf_printf(out, "  %s: ", g->name);
    if (g->kind == HF_GATE_SIGNOFF) {
        hf_buf_printf(out, "%s says yes before the ring ends\n",
                      g->who ? g->who : "somebody");
        return;
    }
    for (int i = 0, n = 0; i < HF_SIGNAL_COUNT; i++) {
        if (g->signals & 1u << i)
            hf_buf_printf(out, "%s%s", n++ ? ", " : "", hf_signal_names[i]);
    }
    if (g->command)
        hf_buf_printf(out, " (%s)", g->command);
    hf_buf_printf(out,
                  "; first sample %s after a batch, then every %s\n"
                  "    passes with %d good samples, fails with %d bad one%s",
                  g->delay ? span(delay, g->delay) : "right",
                  span(every, g->every), g->count, g->fail_after + 1,
                  g->fail_after ? "s" : "");
    hf_buf_printf(out, "; unclear ones wait for a person%s%s\n",
                  g->versus_control ? "; compared with control hosts" : "",
                  g->mode == HF_GATE_WATCH ? "; only told, stops nothing" : "");
}

static void
explain_also(struct hf_buf *out, const struct hf_also *also)
{
    if (!also->kbs && !also->classifications)
        return;
    hf_buf_puts(out, "  with an update that restarts goes along, if offered:");
    for (size_t i = 0; also->kbs && also->kbs[i]; i++)
        hf_buf_printf(out, " %s", also->kbs[i]);
    for (size_t i = 0; also->classifications && also->classifications[i]; i++)
        hf_buf_printf(out, " %s", also->classifications[i]);
    hf_buf_puts(out, "\n  all else that is offered stays behind\n");
}

static void
explain_limits(struct hf_buf *out, const struct hf_playbook *pb)
{
    const struct hf_playbook_limits *l = &pb->limits;
    char text[HF_TIME_LEN];

    hf_buf_puts(out, "\nLIMITS\n");
    hf_buf_printf(out, "  at most %d hosts at once", l->parallel);
    if (l->ramp)
        hf_buf_printf(out, ", %d at first, doubling with each good one",
                      l->ramp);
    hf_buf_putc(out, '\n');
    for (size_t i = 0; i < l->per_domain_len; i++)
        hf_buf_printf(out, "  at most %d of one %s at once\n",
                      l->per_domain[i].at_most, l->per_domain[i].domain);
    hf_buf_printf(out, "  a host may take %s", span(text, l->host_time));
    hf_buf_printf(out, ", a restart %s", span(text, l->restart_time));
    if (l->run_time)
        hf_buf_printf(out, ", the whole run %s", span(text, l->run_time));
    hf_buf_printf(out, "\n  unreachable hosts are tried again %d time%s\n",
                  l->retries, l->retries == 1 ? "" : "s");
    if (pb->windows.stop_before_end)
        hf_buf_printf(out, "  none is started in the last %s of its window\n",
                      span(text, pb->windows.stop_before_end));
    hf_buf_printf(out, "  restarts: %s\n",
                  hf_restart_policy_names[pb->reboot.policy]);
    if (pb->reboot.spread)
        hf_buf_printf(out, "  spread over %s of each restart window\n",
                      span(text, pb->reboot.spread));
    for (size_t i = 0;
         pb->reboot.unless_running && pb->reboot.unless_running[i]; i++)
        hf_buf_printf(out, "  not while '%s' runs\n",
                      pb->reboot.unless_running[i]);
    if (pb->reboot.unless_logged_on)
        hf_buf_printf(out, "  not while somebody is logged on\n");
    explain_also(out, &pb->reboot.also);
}

static void
explain_budget(struct hf_buf *out, const struct hf_budget *b)
{
    hf_buf_printf(out, "\nBUDGET (one more than this %ss the run)\n",
                  hf_on_exceed_names[b->on_exceed]);
    for (int kind = 0; kind < HF_BUDGET_KIND_COUNT; kind++) {
        hf_buf_printf(out, "  %-12s", hf_budget_names[kind]);
        for (int scope = 0, n = 0; scope < HF_SCOPE_COUNT; scope++) {
            if (b->allowed[kind][scope] != HF_BUDGET_OPEN)
                hf_buf_printf(out, "%s %d a %s", n++ ? "," : "",
                              b->allowed[kind][scope], hf_scope_names[scope]);
        }
        hf_buf_putc(out, '\n');
    }
}

static void
explain_rest(struct hf_buf *out, const struct hf_playbook *pb)
{
    const struct hf_playbook_undo *u = &pb->undo;

    hf_buf_puts(out, "\nTAKING IT BACK\n");
    if (u->when == HF_UNDO_NEVER)
        hf_buf_puts(out, "  only a person does\n");
    else
        hf_buf_printf(out,
                      "  by itself when %s: the %s%s; the release is blocked\n",
                      u->when == HF_UNDO_HALTED ? "it halted" : "a gate failed",
                      hf_scope_names[u->scope],
                      u->restart_allowed ? ", also with restarts"
                                         : "; with restarts a plan waits");
    if (u->when != HF_UNDO_NEVER && u->max_hosts)
        hf_buf_printf(out, "  more than %d hosts wait for a person\n",
                      u->max_hosts);
    if (u->rehearse_on)
        hf_buf_printf(out, "  rehearsed on %s before the first ring\n",
                      u->rehearse_on);
    for (int i = 0, n = 0; i < HF_HOOK_COUNT; i++) {
        if (!pb->hooks[i].run)
            continue;
        hf_buf_printf(out, "%s  %-12s %s%s\n", n++ ? "" : "\nHOOKS\n",
                      hf_hook_names[i], pb->hooks[i].run,
                      pb->hooks[i].ignore_failures ? ", a failure is ignored"
                                                   : "");
    }
}

void
hf_playbook_explain(struct hf_buf *out, const struct hf_playbook *pb)
{
    explain_what(out, pb);
    explain_change(out, pb);
    explain_patch(out, pb);
    hf_buf_puts(out, "\nRINGS\n");
    for (size_t i = 0; i < pb->rings_len; i++)
        explain_ring(out, pb, i);
    if (pb->gates_len)
        hf_buf_puts(out, "\nGATES\n");
    for (size_t i = 0; i < pb->gates_len; i++)
        explain_gate(out, &pb->gates[i]);
    explain_limits(out, pb);
    explain_budget(out, &pb->budget);
    explain_rest(out, pb);
}
