/* Runs of plans, looked at from outside; see rollouts.h. */
#include "tui/panes/rollouts.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"

void
hf_rollouts_release(struct hf_rollouts *r)
{
    for (size_t i = 0; i < r->len; i++)
        hf_rings_run_release(&r->v[i]);
    free(r->v);
    *r = (struct hf_rollouts){0};
}

/* ---- looking ---- */

static void
read_run(struct hf_rings_run *run, struct hf_session *s)
{
    struct hf_err err = HF_ERR_INIT;

    hf_rings_run_release(run);
    run->asked = 0;
    if (hf_rollout_read(&run->plan, &run->rollout, s, run->id, &err) < 0)
        hf_say(run->why, sizeof(run->why), "%s", err.text);
}

/* 1 when there was something new. */
static int
look_at(struct hf_rings_run *run, struct hf_session *s, int fresh)
{
    struct hf_rollout_around before = run->around;

    hf_rollout_around(&run->around, s, run->id);
    if (fresh || run->around.stamp != before.stamp)
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
    struct hf_rollouts now = {.stamp = r->stamp, .looked = 1};

    for (size_t i = 0; i < ids->len; i++) {
        struct hf_rings_run *was = find(r, ids->v[i]);
        struct hf_rings_run *run = HF_PUSH(&now.v, &now.len, &now.cap);

        *run = was ? *was : (struct hf_rings_run){0};
        if (was)
            *was = (struct hf_rings_run){0};
        hf_say(run->id, sizeof(run->id), "%s", ids->v[i]);
        (void)look_at(run, s, !was);
    }
    hf_rollouts_release(r);
    *r = now;
}

int
hf_rollouts_look(struct hf_rollouts *r, struct hf_session *s,
                 struct hf_err *err)
{
    uint64_t stamp = hf_rollouts_stamp(s);
    struct hf_strs ids = {0};
    int moved = 0, rc = HF_OK;

    if (r->looked && stamp == r->stamp) {
        for (size_t i = 0; i < r->len; i++)
            moved |= look_at(&r->v[i], s, 0);
        return moved;
    }
    if ((rc = hf_rollout_list(&ids, s, err)) == HF_OK) {
        r->stamp = stamp;
        arrange(r, s, &ids);
        rc = 1;
    }
    hf_strs_release(&ids);
    return rc;
}

/* ---- saying ---- */

int
hf_rollouts_say(struct hf_session *s, const char *run,
                enum hf_rollout_kind kind, int ring, struct hf_err *err)
{
    struct hf_rollout_event e = {.kind = kind,
                                 .ring = ring,
                                 .batch = -1,
                                 .gate = -1,
                                 .hook = -1,
                                 .host = -1};

    return hf_rollout_say(s, run, &e, err);
}

static int
can_be_paused(const struct hf_rings_run *run)
{
    struct hf_rollout_view v = {.state = HF_ROLLOUT_GOING};

    if (run->rollout) /* else nobody knows: it is told, too */
        hf_rollout_view(run->rollout, &v);
    return v.state == HF_ROLLOUT_GOING;
}

int
hf_rollouts_pause_all(struct hf_rollouts *r, struct hf_session *s,
                      struct hf_err *err)
{
    int told = 0, failed = 0, rc = hf_rollouts_look(r, s, err);

    if (rc < 0)
        return rc;
    for (size_t i = 0; i < r->len; i++) {
        if (!can_be_paused(&r->v[i]))
            continue;
        rc = hf_rollouts_say(s, r->v[i].id, HF_ROLLOUT_PAUSED, -1, err);
        failed = rc < 0 ? rc : failed;
        told++;
    }
    return failed ? failed : told;
}
