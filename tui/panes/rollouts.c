/* Runs of plans, looked at from outside; see rollouts.h. */
#include "tui/panes/rollouts.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"

void
hf_rollouts_release(struct hf_rollouts *r)
{
    for (size_t i = 0; i < r->len; i++)
        hf_rings_run_release(&r->v[i]);
    free(r->v);
    *r = (struct hf_rollouts){0};
}

/* ---- looking ---- */

static int
is_carried(const struct hf_rollouts *r, const char *run)
{
    return r->carried && strcmp(hf_conduct_run_id(r->carried), run) == 0;
}

/* Who carries it out knows what it waits for, too. */
static void
lend(struct hf_rings_run *run, const struct hf_conduct *c)
{
    hf_rings_run_release(run);
    run->plan = hf_conduct_plan(c);
    run->rollout = hf_conduct_rollout(c);
}

static void
read_run(struct hf_rings_run *run, struct hf_session *s)
{
    struct hf_rollout *rollout = NULL;
    struct hf_plan *plan = NULL;
    struct hf_err err = HF_ERR_INIT;

    hf_rings_run_release(run);
    run->asked = 0;
    if (hf_rollout_read(&plan, &rollout, s, run->id, &err) < 0)
        hf_say(run->why, sizeof(run->why), "%s", err.text);
    hf_rings_run_own(run, plan, rollout);
}

/* 1 when there was something new. */
static int
look_at(const struct hf_rollouts *r, struct hf_rings_run *run,
        struct hf_session *s, int fresh)
{
    struct hf_rollout_around before = run->around;
    int lent = run->plan && !run->own_plan;

    hf_rollout_around(&run->around, s, run->id);
    fresh |= lent != is_carried(r, run->id);
    if (is_carried(r, run->id))
        lend(run, r->carried);
    else if (fresh || run->around.stamp != before.stamp)
        read_run(run, s);
    return fresh || run->around.stamp != before.stamp ||
           run->around.carried_out != before.carried_out ||
           run->around.unheard != before.unheard;
}

static struct hf_rings_run *
find(const struct hf_rollouts *r, const char *id)
{
    for (size_t i = 0; i < r->len; i++) {
        if (strcmp(r->v[i].id, id) == 0)
            return &r->v[i];
    }
    return NULL;
}

/* Those that are known already are taken over. */
static void
arrange(struct hf_rollouts *r, struct hf_session *s, const struct hf_strs *ids)
{
    struct hf_rollouts now = {
        .stamp = r->stamp, .looked = 1, .carried = r->carried};

    for (size_t i = 0; i < ids->len; i++) {
        struct hf_rings_run *was = find(r, ids->v[i]);
        struct hf_rings_run *run = HF_PUSH(&now.v, &now.len, &now.cap);

        *run = was ? *was : (struct hf_rings_run){0};
        if (was)
            *was = (struct hf_rings_run){0};
        hf_say(run->id, sizeof(run->id), "%s", ids->v[i]);
        (void)look_at(&now, run, s, !was);
    }
    hf_rollouts_release(r);
    *r = now;
}

int
hf_rollouts_look(struct hf_rollouts *r, struct hf_session *s,
                 struct hf_err *err)
{
    uint64_t stamp = hf_rollouts_stamp(s);
    int64_t began = hf_mono();
    struct hf_strs ids = {0};
    int moved = 0, rc = HF_OK;

    /* Listing many costs; it may take a hundredth of the time. */
    if (r->looked &&
        (stamp == r->stamp || began - r->listed < r->list_took * 100)) {
        for (size_t i = 0; i < r->len; i++)
            moved |= look_at(r, &r->v[i], s, 0);
        return moved;
    }
    if ((rc = hf_rollout_list(&ids, s, err)) == HF_OK) {
        r->stamp = stamp;
        arrange(r, s, &ids);
        r->listed = hf_mono();
        r->list_took = r->listed - began;
        rc = 1;
    }
    hf_strs_release(&ids);
    return rc;
}
