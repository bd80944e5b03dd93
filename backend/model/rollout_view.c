/* What others see of a rollout. */
#include <string.h>

#include "backend/model/rollout_priv.h"

const char *const hf_rollout_state_names[HF_ROLLOUT_STATE_COUNT + 1] = {
    "going", "paused", "halted", "ending", "over", NULL,
};

void
hf_rollout_view(const struct hf_rollout *r, struct hf_rollout_view *out)
{
    memset(out, 0, sizeof(*out));
    out->state = r->state;
    out->ring = r->ring;
    out->batch = r->batch;
    out->soaking = r->place == PLACE_SOAK;
    out->soak_until = out->soaking ? r->soak_until : 0;
    out->wants_approval = r->place == PLACE_RING &&
                          r->pb->rings[r->ring].approve &&
                          !r->rings[r->ring].approved;
    out->superseded = r->superseded && r->state == HF_ROLLOUT_IS_PAUSED;
    out->finishing = r->finishing;
    out->exit = r->exit;
    out->began = r->began;
    out->ended = r->ended;
    if (r->undo == HOOK_DONE)
        hf_say(out->taken_back_by, sizeof(out->taken_back_by), "%s",
               r->undo_by);
    hf_say(out->waits_for, sizeof(out->waits_for), "%s",
           r->state == HF_ROLLOUT_GOING ? r->waits_for : r->why);
    hf_say(out->who, sizeof(out->who), "%s", r->who);
}

void
hf_rollout_counts(const struct hf_rollout *r, int ring,
                  struct hf_rollout_counts *out)
{
    *out = ring < 0 ? r->counts : r->rings[ring].counts;
}

const struct hf_slot *
hf_rollout_slot(const struct hf_rollout *r, int host)
{
    return &r->slots[host];
}

static int
open_event(const struct hf_rollout *r, enum hf_rollout_kind kind,
           struct hf_rollout_event *out)
{
    event_init(out, kind, 0);
    if ((size_t)r->ring < r->pb->rings_len) {
        out->ring = r->ring;
        out->batch = r->batch;
    }
    return 1;
}

/* Behind the gates: the rehearsal, then taking it back. */
static int
open_last(const struct hf_rollout *r, size_t *step,
          struct hf_rollout_event *out)
{
    if ((*step)++ == 0 && r->rehearsal == HOOK_RUNNING) {
        (void)open_event(r, HF_ROLLOUT_REHEARSAL_BEGAN, out);
        out->host = rehearsal_host(r);
        return 1;
    }
    if (r->undo != HOOK_RUNNING || *step > 2)
        return 0;
    *step = 3;
    (void)open_event(r, HF_ROLLOUT_UNDO_BEGAN, out);
    hf_say(out->by, sizeof(out->by), "%s", r->undo_by);
    return 1;
}

/* First the hosts, then the hook, then the gates. */
int
hf_rollout_open(const struct hf_rollout *r, size_t *cursor,
                struct hf_rollout_event *out)
{
    size_t hosts = r->plan->hosts_len, step;
    int more;

    for (; *cursor < hosts; (*cursor)++) {
        if (r->slots[*cursor].state != HF_SLOT_IN_FLIGHT)
            continue;
        event_init(out, HF_ROLLOUT_HOST_STARTED, r->slots[*cursor].at);
        out->host = (int)(*cursor)++;
        out->ring = r->plan->hosts[out->host].ring;
        return 1;
    }
    if (*cursor == hosts && (*cursor)++ == hosts && r->hook == HOOK_RUNNING) {
        (void)open_event(r, HF_ROLLOUT_HOOK_BEGAN, out);
        out->hook = r->hook_which;
        return 1;
    }
    for (; *cursor - hosts - 1 < r->pb->gates_len; (*cursor)++) {
        size_t gate = *cursor - hosts - 1;

        if (!r->gates[gate].asked)
            continue;
        event_init(out, HF_ROLLOUT_SAMPLE_TAKEN, 0);
        out->gate = (int)gate;
        out->ring = r->ring;
        (*cursor)++;
        return 1;
    }
    step = *cursor - hosts - 1 - r->pb->gates_len;
    more = open_last(r, &step, out);
    *cursor = hosts + 1 + r->pb->gates_len + step;
    return more;
}
