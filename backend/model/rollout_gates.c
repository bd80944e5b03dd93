/*
 * Gates: when a sample is due, and what samples and sign-offs come to.
 */
#include <string.h>

#include "backend/model/rollout_priv.h"

static int
is_in_ring(const struct hf_rollout *r, size_t gate)
{
    const struct hf_playbook_ring *ring;

    if ((size_t)r->ring >= r->pb->rings_len)
        return 0;
    ring = &r->pb->rings[r->ring];
    for (size_t i = 0; i < ring->gates_len; i++) {
        if ((size_t)ring->gates[i] == gate)
            return 1;
    }
    return 0;
}

static int
is_sampled(const struct hf_rollout *r, size_t gate)
{
    return is_in_ring(r, gate) && r->pb->gates[gate].kind == HF_GATE_SAMPLES;
}

/* Nothing was changed in the ring: nothing to judge. */
static int
is_idle(const struct hf_rollout *r)
{
    return r->rings[r->ring].touched == 0;
}

void
gates_begin(struct hf_rollout *r, int64_t at)
{
    for (size_t i = 0; i < r->pb->gates_len; i++) {
        struct gate_run *run = &r->gates[i];
        int64_t until = run->signed_until;
        int asked = run->asked;

        memset(run, 0, sizeof(*run));
        run->signed_until = until;
        run->asked = asked;
        run->next_at = at + r->pb->gates[i].delay;
        run->passed = !is_sampled(r, i) || is_idle(r);
    }
}

void
gates_soak(struct hf_rollout *r, int64_t at)
{
    for (size_t i = 0; i < r->pb->gates_len; i++) {
        r->gates[i].fails = 0;
        r->gates[i].passed = 1;
        if (r->gates[i].next_at < at)
            r->gates[i].next_at = at + r->pb->gates[i].every;
    }
}

int
gates_passed(const struct hf_rollout *r)
{
    for (size_t i = 0; i < r->pb->gates_len; i++) {
        if (is_sampled(r, i) && !r->gates[i].passed &&
            r->pb->gates[i].mode == HF_GATE_ENFORCE)
            return 0;
    }
    return 1;
}

int
gates_asked(const struct hf_rollout *r)
{
    int n = 0;

    for (size_t i = 0; i < r->pb->gates_len; i++)
        n += is_in_ring(r, i) && r->gates[i].asked;
    return n;
}

const struct hf_gate *
gates_unsigned(const struct hf_rollout *r, int64_t now)
{
    for (size_t i = 0; i < r->pb->gates_len; i++) {
        const struct hf_gate *gate = &r->pb->gates[i];

        if (is_in_ring(r, i) && gate->kind == HF_GATE_SIGNOFF &&
            gate->mode == HF_GATE_ENFORCE && r->gates[i].signed_until <= now)
            return gate;
    }
    return NULL;
}

static int
gate_is(struct hf_rollout *r, size_t i, enum hf_rollout_kind kind, int64_t now,
        struct hf_rollout_event *out)
{
    event_init(out, kind, now);
    out->ring = r->ring;
    out->batch = r->batch;
    out->gate = (int)i;
    hf_say(out->why, sizeof(out->why), "%s", r->gates[i].why);
    return 1;
}

/* One gate: 1 with what is next about it. */
static int
look_at(struct hf_rollout *r, size_t i, int64_t now,
        struct hf_rollout_event *out)
{
    const struct hf_gate *gate = &r->pb->gates[i];
    struct gate_run *run = &r->gates[i];

    if (run->fails > gate->fail_after && !run->failed)
        return gate_is(r, i, HF_ROLLOUT_GATE_FAILED, now, out);
    if (run->passes >= gate->count && !run->passed && !run->failed) {
        (void)gate_is(r, i, HF_ROLLOUT_GATE_PASSED, now, out);
        out->why[0] = '\0';
        return 1;
    }
    if (run->asked || run->failed || (run->passed && r->place == PLACE_GATES))
        return 0;
    if (r->place == PLACE_SOAK && run->passed && now >= r->soak_until)
        return 0;
    if (now >= run->next_at)
        return gate_is(r, i, HF_ROLLOUT_SAMPLE_TAKEN, now, out);
    wait_until(r, run->next_at);
    return 0;
}

int
next_gate(struct hf_rollout *r, int64_t now, struct hf_rollout_event *out)
{
    if (is_idle(r))
        return 0;
    for (size_t i = 0; i < r->pb->gates_len; i++) {
        if (is_sampled(r, i) && look_at(r, i, now, out))
            return 1;
    }
    return 0;
}

/* ---- what events do ---- */

static struct gate_past *
past_of(const struct hf_rollout *r, int ring, int gate)
{
    return &r->past[(size_t)ring * r->pb->gates_len + (size_t)gate];
}

static void
sample_ended(struct hf_rollout *r, const struct hf_rollout_event *e)
{
    struct gate_run *run = &r->gates[e->gate];
    struct gate_past *past;

    if (!run->asked || e->ring != r->ring || e->sample < 0 ||
        e->sample >= HF_SAMPLE_COUNT)
        return;
    past = past_of(r, e->ring, e->gate);
    past->v[past->len++ % SAMPLES_KEPT] = (uint8_t)e->sample;
    run->asked = 0;
    run->next_at = e->at + r->pb->gates[e->gate].every;
    run->passes += e->sample == HF_SAMPLE_PASS;
    run->fails += e->sample == HF_SAMPLE_FAIL;
    if (e->sample != HF_SAMPLE_PASS)
        hf_say(run->why, sizeof(run->why), "%s", e->why);
    if (e->sample == HF_SAMPLE_UNCLEAR &&
        r->pb->gates[e->gate].mode == HF_GATE_ENFORCE)
        must_stop(r, 1, "gate '%s' is unclear: %s", r->pb->gates[e->gate].name,
                  e->why);
}

static void
signed_off(struct hf_rollout *r, const struct hf_rollout_event *e)
{
    struct hf_sign_off *s = &past_of(r, e->ring, e->gate)->signed_;

    *s = (struct hf_sign_off){.at = e->at, .until = e->until};
    hf_say(s->who, sizeof(s->who), "%s", e->who);
    r->gates[e->gate].signed_until = e->until;
}

const struct hf_sign_off *
hf_rollout_signed(const struct hf_rollout *r, int ring, int gate)
{
    return &past_of(r, ring, gate)->signed_;
}

void
gate_event(struct hf_rollout *r, const struct hf_rollout_event *e)
{
    struct gate_run *run;

    if (e->gate < 0 || (size_t)r->ring >= r->pb->rings_len)
        return;
    run = &r->gates[e->gate];
    switch (e->kind) {
    case HF_ROLLOUT_SAMPLE_TAKEN:
        run->asked = 1;
        break;
    case HF_ROLLOUT_SAMPLE_ENDED:
        sample_ended(r, e);
        break;
    case HF_ROLLOUT_GATE_PASSED:
        run->passed = 1;
        break;
    case HF_ROLLOUT_GATE_FAILED:
        run->failed = 1;
        if (r->pb->gates[e->gate].mode != HF_GATE_ENFORCE)
            break;
        r->gate_failed = 1;
        must_stop(r, 0, "gate '%s' failed: %s", r->pb->gates[e->gate].name,
                  e->why);
        break;
    default: /* signed off */
        if (e->ring == r->ring)
            signed_off(r, e);
    }
}

size_t
hf_rollout_samples(const struct hf_rollout *r, int ring, int gate, uint8_t *out,
                   size_t max)
{
    const struct gate_past *past = past_of(r, ring, gate);
    size_t n = past->len < SAMPLES_KEPT ? past->len : SAMPLES_KEPT;

    if (n > max)
        n = max;
    for (size_t i = 0; i < n; i++)
        out[i] = past->v[(past->len - n + i) % SAMPLES_KEPT];
    return n;
}
