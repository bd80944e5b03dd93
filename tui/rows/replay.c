/* A run of a plan, event by event; see replay.h. */
#include "tui/rows/replay.h"

#include <stdlib.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "tui/rows/story.h"

void
hf_replay_init(struct hf_replay *r, const char *id, struct hf_plan *plan)
{
    *r = (struct hf_replay){0};
    hf_say(r->run.id, sizeof(r->run.id), "%s", id);
    hf_rings_run_own(&r->run, plan, hf_rollout_new(plan));
    r->run.replayed = 1;
}

void
hf_replay_release(struct hf_replay *r)
{
    hf_rings_run_release(&r->run);
    free(r->v);
    *r = (struct hf_replay){0};
}

void
hf_replay_take(void *ctx, const struct hf_rollout_event *e)
{
    struct hf_replay *r = ctx;
    int at_end = r->at == r->len;

    *HF_PUSH(&r->v, &r->len, &r->cap) = *e;
    if (at_end)
        hf_replay_to(r, r->len);
}

/* Nothing that has happened can be taken back: backwards is from the start. */
void
hf_replay_to(struct hf_replay *r, size_t at)
{
    at = at < r->len ? at : r->len;
    if (at < r->at) {
        hf_rollout_free(r->run.own_rollout);
        r->run.own_rollout = hf_rollout_new(r->run.plan);
        r->run.rollout = r->run.own_rollout;
        r->at = 0;
    }
    while (r->at < at)
        hf_rollout_apply(r->run.own_rollout, &r->v[r->at++]);
}

size_t
hf_replay_note(const struct hf_replay *r, int by)
{
    size_t at = r->at;

    while (by > 0 ? at < r->len : at > 0) {
        at = by > 0 ? at + 1 : at - 1;
        if (at && hf_story_weight(&r->v[at - 1]) != HF_STORY_STEP)
            return at;
    }
    return at;
}

/* ---- lines ---- */

int64_t
hf_replay_time(const struct hf_replay *r)
{
    return r->at ? r->v[r->at - 1].at : 0;
}

void
hf_replay_place(struct hf_line *out, const struct hf_replay *r,
                const struct hf_look *look)
{
    char at[HF_MOMENT_LEN], span[HF_TIME_LEN];

    hf_line_add(out, HF_TONE_STRONG, "event %zu of %zu", r->at, r->len);
    if (!r->at)
        return;
    hf_line_add(out, HF_TONE_DIM, "  %s, %s after it began",
                hf_moment(at, hf_replay_time(r), look),
                hf_span_format(span, hf_replay_time(r) - r->v[0].at));
}

void
hf_replay_event(struct hf_line *out, const struct hf_replay *r)
{
    struct hf_buf text = {0};

    if (!r->at) {
        hf_line_add(out, HF_TONE_DIM, "nothing has happened yet");
        return;
    }
    hf_story_subject(&text, r->run.plan, &r->v[r->at - 1]);
    hf_buf_putc(&text, ' ');
    hf_story_text(&text, &r->v[r->at - 1]);
    hf_line_add(out,
                hf_story_weight(&r->v[r->at - 1]) == HF_STORY_TROUBLE
                    ? HF_TONE_BAD
                    : HF_TONE_PLAIN,
                "%s", hf_buf_str(&text));
    hf_buf_release(&text);
}

/* ---- hosts ---- */

/* When each host was started, and the last that was said of it. */
struct seen {
    int64_t started;
    const char *why;
};

static struct seen *
look_through(const struct hf_replay *r)
{
    struct seen *seen =
        hf_xcalloc(r->run.plan->hosts_len + 1, sizeof(struct seen));

    for (size_t i = 0; i < r->at; i++) {
        const struct hf_rollout_event *e = &r->v[i];

        if (e->host < 0)
            continue;
        if (e->kind == HF_ROLLOUT_HOST_STARTED)
            seen[e->host].started = e->at;
        else if (e->why[0])
            seen[e->host].why = e->why;
    }
    return seen;
}

static enum hf_phase
phase_of(const struct hf_slot *slot)
{
    static const enum hf_phase phases[HF_SLOT_STATE_COUNT] = {
        [HF_SLOT_WAITING] = HF_PHASE_WAITING,
        [HF_SLOT_IN_FLIGHT] = HF_PHASE_WORKING,
        [HF_SLOT_AGAIN] = HF_PHASE_WAITING,
        [HF_SLOT_ASLEEP] = HF_PHASE_WAITING,
        [HF_SLOT_ENDED] = HF_PHASE_DONE,
    };

    return phases[slot->state];
}

static const char *
hint_of(const struct hf_slot *slot)
{
    static const char *const hints[HF_SLOT_STATE_COUNT] = {
        [HF_SLOT_AGAIN] = "is tried again",
        [HF_SLOT_ASLEEP] = "not seen yet; caught up later",
    };

    return hints[slot->state] ? hints[slot->state] : "";
}

void
hf_replay_hosts(struct hf_progress *out, const struct hf_replay *r)
{
    const struct hf_plan *plan = r->run.plan;
    struct hf_progress_host *hosts =
        hf_xcalloc(plan->hosts_len + 1, sizeof(struct hf_progress_host));
    struct seen *seen = look_through(r);

    for (size_t i = 0; i < plan->hosts_len; i++) {
        const struct hf_slot *slot = hf_rollout_slot(r->run.rollout, (int)i);

        hosts[i] = (struct hf_progress_host){
            .name = hf_xstrdup(plan->hosts[i].name),
            .ring = hf_xstrdup(plan->playbook.rings[plan->hosts[i].ring].name),
            .why = hf_xstrdup(seen[i].why ? seen[i].why : ""),
            .hint = hf_xstrdup(hint_of(slot)),
            .phase = phase_of(slot),
            .outcome = (enum hf_outcome)slot->outcome,
            .started = seen[i].started,
            .ended = slot->at,
        };
    }
    hf_progress_give(out, hosts, plan->hosts_len);
    free(seen);
}
