/*
 * Samples of gates: the hosts that the ring has changed are read again and
 * judged by the criteria of their drivers, those signals that the gate names.
 * Control hosts tell whether something happens to unpatched ones, too.
 */
#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"
#include "backend/checks/check.h"
#include "playbooks/conduct.h"

static void on_sample_event(void *ctx, const struct hf_event *e);

static int
was_changed(const struct hf_slot *slot)
{
    return slot->state == HF_SLOT_ENDED && slot->outcome == HF_OUTCOME_VERIFIED;
}

static const char **
hosts_of_sample(const struct hf_conduct *c, const struct sample *s, size_t *n)
{
    const struct hf_plan_ring *ring = &c->plan->rings[s->ring];
    const char **names =
        hf_xcalloc(ring->len + c->plan->controls_len + 1, sizeof(const char *));

    *n = 0;
    for (size_t i = ring->first; i < ring->first + ring->len; i++) {
        if (was_changed(hf_rollout_slot(c->r, (int)i)) &&
            hf_fleet_find(c->s->fleet, c->plan->hosts[i].name))
            names[(*n)++] = c->plan->hosts[i].name;
    }
    if (!c->plan->playbook.gates[s->gate].versus_control)
        return names;
    for (size_t i = 0; i < c->plan->controls_len; i++) {
        if (c->plan->controls[i].ring == s->ring)
            names[(*n)++] = c->plan->controls[i].name;
    }
    return names;
}

static void
sample_says(struct hf_conduct *c, enum hf_sample verdict, const char *why)
{
    struct hf_rollout_event e = conduct_event(HF_ROLLOUT_SAMPLE_ENDED);

    e.ring = c->sample.ring;
    e.gate = c->sample.gate;
    e.sample = (int)verdict;
    hf_say(e.why, sizeof(e.why), "%s", why);
    (void)conduct_take(c, &e);
}

int
conduct_sample_begin(struct hf_conduct *c)
{
    struct hf_ask ask = {.action = HF_ACTION_VERIFY,
                         .parallel = c->plan->playbook.limits.parallel,
                         .go_on = 1,
                         .run = c->run,
                         .sample = 1};
    struct hf_err err = HF_ERR_INIT;
    struct hf_rollout_view v;
    const char **names;

    conduct_pin(c);
    hf_rollout_view(c->r, &v);
    c->sample = (struct sample){.gate = c->samples.v[0], .ring = v.ring};
    memmove(c->samples.v, c->samples.v + 1,
            --c->samples.len * sizeof(*c->samples.v));
    names = hosts_of_sample(c, &c->sample, &ask.hosts_len);
    ask.hosts = names;
    if (!ask.hosts_len)
        sample_says(c, HF_SAMPLE_PASS, "no host to look at");
    else if (hf_session_start(c->s, &ask, on_sample_event, c, &err) < 0)
        sample_says(c, HF_SAMPLE_UNCLEAR, err.text);
    else
        c->stint = STINT_SAMPLING;
    free(names);
    return c->stint == STINT_SAMPLING;
}

/* ---- what one host says ---- */

static const struct hf_run_host *
run_host(const struct hf_conduct *c, const char *name)
{
    size_t n = hf_run_hosts_len(c->s->run);

    for (size_t i = 0; i < n; i++) {
        const struct hf_run_host *h = hf_run_host(c->s->run, i);

        if (strcmp(h->host->name, name) == 0)
            return h;
    }
    return NULL;
}

static void
say_first(char why[HF_WHY_LEN], const char *host, const char *title,
          const char *found)
{
    if (!why[0])
        hf_say(why, HF_WHY_LEN, "%.60s: %s: %s", host, title, found);
}

static void
say(struct sample *s, const char *host, const char *title, const char *found)
{
    say_first(s->why, host, title, found);
}

/* Criteria of a patch are not all that a gate may ask for: what need not hold
 * for a patch to be in effect is looked at here only. */
static const struct hf_check *const beside[] = {&hf_criterion_ports, NULL};

static void
judge_list(struct sample *s, const struct hf_gate *gate, const char *host,
           const struct hf_findings *list, unsigned *heard)
{
    for (size_t i = 0; i < list->len; i++) {
        const struct hf_finding *f = &list->v[i];

        *heard |= f->signals;
        if (!(gate->signals & (f->signals | HF_SIGNAL_CRITERIA)))
            continue;
        if (f->verdict == HF_VERDICT_BLOCK) {
            s->signals_bad++;
            say(s, host, f->title, f->found);
        } else if (f->verdict == HF_VERDICT_UNKNOWN) {
            s->signals_unclear++;
            say(s, host, f->title, f->found);
        }
    }
}

static void
judge_findings(struct sample *s, const struct hf_gate *gate,
               const struct hf_state *st, const struct hf_run_host *h)
{
    unsigned heard = HF_SIGNAL_CRITERIA | HF_SIGNAL_MEMORY | HF_SIGNAL_COMMAND;
    const struct hf_check_in in = {.host = h->host,
                                   .facts = &h->after,
                                   .before = &hf_state_record(st)->baseline};
    struct hf_findings more = {0};

    judge_list(s, gate, h->host->name, &h->criteria, &heard);
    if (gate->signals & HF_SIGNAL_PORTS) {
        hf_checks_run(&more, beside, &in);
        judge_list(s, gate, h->host->name, &more, &heard);
        hf_findings_release(&more);
    }
    for (int i = 0; i < HF_SIGNAL_COUNT; i++) {
        if (gate->signals & ~heard & 1u << i) {
            s->signals_unclear++;
            say(s, h->host->name, hf_signal_names[i],
                "nothing on this platform tells of it");
        }
    }
}

static int64_t
memory_used(const struct hf_facts *f)
{
    int64_t total, unused;

    if (hf_facts_int(f, "memory.total", &total) < 0 ||
        hf_facts_int(f, "memory.free", &unused) < 0)
        return -1;
    return total - unused;
}

static void
judge_memory(struct sample *s, const struct hf_gate *gate,
             const struct hf_state *st, const struct hf_run_host *h)
{
    int64_t before = memory_used(&hf_state_record(st)->baseline);
    int64_t now = memory_used(&h->after);

    if (!(gate->signals & HF_SIGNAL_MEMORY))
        return;
    if (before <= 0 || now < 0) {
        s->signals_unclear++;
        say(s, h->host->name, "memory", "not known");
    } else if ((now - before) * 100 > before * gate->memory_percent) {
        s->signals_bad++;
        say(s, h->host->name, "memory", "grew beyond what the gate allows");
    }
}

static int
is_control(const struct hf_conduct *c, const char *name)
{
    return hf_plan_find(c->plan, name) < 0;
}

/* A control host that changed, or is unwell itself, proves nothing about the
 * patch. */
static void
judge_control(struct sample *s, const struct hf_state *st,
              const struct hf_run_host *h)
{
    const struct hf_finding *health = hf_findings_find(&h->criteria, "health");

    if (st->status.flags & HF_FLAG_PATCHED_ELSEWHERE)
        say_first(s->controls, h->host->name, "control host",
                  "was patched by somebody else");
    else if (!h->after.len)
        say_first(s->controls, h->host->name, "control host", h->why);
    else if (health && health->verdict == HF_VERDICT_BLOCK)
        say_first(s->controls, h->host->name, "control host is unwell, too",
                  health->found);
}

static void
sample_host(struct hf_conduct *c, const struct hf_event *e)
{
    const struct hf_gate *gate = &c->plan->playbook.gates[c->sample.gate];
    const struct hf_run_host *h = run_host(c, e->host);
    const struct hf_state *st = hf_session_state(c->s, e->host);
    struct sample *s = &c->sample;

    if (!h || !st)
        return;
    if (is_control(c, e->host)) {
        judge_control(s, st, h);
        return;
    }
    if (h->outcome == HF_OUTCOME_UNREACHABLE) {
        s->signals_bad++; /* it was there when it was patched */
        say(s, h->host->name, "not reached", h->why);
    } else if (!h->after.len) {
        s->signals_unclear++;
        say(s, h->host->name, "could not be read", h->why);
    } else {
        judge_findings(s, gate, st, h);
        judge_memory(s, gate, st, h);
    }
}

/* What is bad may have another reason than the patch where control hosts do
 * not tell. */
static enum hf_sample
verdict_of(const struct sample *s)
{
    if (s->signals_bad && !s->controls[0])
        return HF_SAMPLE_FAIL;
    if (s->signals_bad || s->signals_unclear || s->controls[0])
        return HF_SAMPLE_UNCLEAR;
    return HF_SAMPLE_PASS;
}

static void
on_sample_event(void *ctx, const struct hf_event *e)
{
    struct hf_conduct *c = ctx;

    if (e->kind == HF_EVENT_HOST_OUTCOME)
        sample_host(c, e);
}

void
conduct_sample_end(struct hf_conduct *c)
{
    struct sample *s = &c->sample;
    const struct hf_gate *gate = &c->plan->playbook.gates[s->gate];
    struct hf_rollout_event of = conduct_event(HF_ROLLOUT_SAMPLE_ENDED);

    of.ring = s->ring;
    of.gate = s->gate;
    of.sample = (int)verdict_of(s);
    hf_say(of.why, sizeof(of.why), "%s", s->controls[0] ? s->controls : s->why);
    if (gate->command && of.sample == HF_SAMPLE_PASS)
        conduct_gate_command(c, &of);
    else
        (void)conduct_take(c, &of);
}
