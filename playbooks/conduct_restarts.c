/*
 * The fleet's restart budget in a rollout: a host that restarts is claimed
 * for before it starts, on a thread of its own, and given back when it has
 * ended. One claim is in hand at a time; what is given back waits for nobody.
 */
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"
#include "backend/base/thread.h"
#include "backend/base/time.h"
#include "playbooks/conduct.h"

#define MINUTE ((int64_t)60 * 1000)
#define SOON 200           /* ms: the claim is being made */
#define LATER 10000        /* ms: no room just now */
#define LOOK_AGAIN 2000    /* ms between claims when there is no room ... */
#define LOOK_FAR 10000     /* ... and when a remote is asked */
#define LEASE_SPARE 600000 /* ms that a lease outlives host and restart */

/* ---- how long ---- */

int64_t
conduct_restart_time(const struct hf_conduct *c)
{
    int64_t most = c->plan->playbook.limits.restart_time, minutes;

    for (size_t i = 0; i < c->plan->hosts_len; i++) {
        minutes = c->plan->hosts[i].minutes;
        if (conduct_may_restart(c, (int)i) && 2 * minutes * MINUTE > most)
            most = 2 * minutes * MINUTE;
    }
    return most;
}

/* ---- calls on threads ---- */

struct ride {
    struct restart_call *call;
    struct hf_queue *ended;
};

static void *
run_ride(void *arg)
{
    struct ride *ride = arg;

    restart_call_make(ride->call);
    hf_queue_push(ride->ended, ride->call);
    free(ride);
    return NULL;
}

/* Takes the call; its answer comes through the queue. */
static void
start_call(struct hf_conduct *c, struct restart_call *call)
{
    struct ride *ride = HF_NEW(struct ride);
    pthread_t thread;

    c->restarts.running++;
    *ride = (struct ride){call, c->restarts.ended};
    if (hf_thread_spawn(&thread, "restarts", run_ride, ride, &call->err) ==
        HF_OK) {
        (void)pthread_detach(thread);
        return;
    }
    call->rc = call->err.code;
    hf_say(call->why, sizeof(call->why), "%s", call->err.text);
    hf_queue_push(c->restarts.ended, call);
    free(ride);
}

static struct restart_call *
new_call(struct hf_conduct *c, int host)
{
    const struct hf_playbook_limits *l = &c->plan->playbook.limits;

    return restart_call_new(
        c->s, session_newest_seen(c->s), c->run, c->plan->hosts[host].name,
        hf_now(), l->host_time + conduct_restart_time(c) + LEASE_SPARE);
}

static void
give_back(struct hf_conduct *c, int host, int unused)
{
    struct restart_call *call = new_call(c, host);

    c->restarts.held[host] = 0;
    if (c->restarts.host == host)
        c->restarts.host = -1;
    call->give_back = 1;
    call->unused = unused;
    start_call(c, call);
}

/* ---- asking ---- */

static enum hf_admit
wait_for(int64_t now, int64_t ms, const char *text, int64_t *until,
         char why[HF_WHY_LEN])
{
    *until = now + ms;
    hf_say(why, HF_WHY_LEN, "%s", text);
    return HF_ADMIT_LATER;
}

enum hf_admit
conduct_restarts_admit(struct hf_conduct *c, int host, int64_t now,
                       int64_t *until, char why[HF_WHY_LEN])
{
    struct conduct_restarts *r = &c->restarts;

    if (!hf_restarts_bounded(&session_newest_seen(c->s)->restarts) ||
        r->held[host])
        return HF_ADMIT_YES;
    if (r->host >= 0)
        return wait_for(now, SOON, "restart budget: being claimed", until, why);
    if (r->not_before > hf_pace())
        return wait_for(now, LATER, r->why, until, why);
    r->host = host;
    start_call(c, new_call(c, host));
    return wait_for(now, SOON, "restart budget: being claimed", until, why);
}

void
conduct_restarts_refused(struct hf_conduct *c, int host)
{
    if (c->restarts.held[host])
        give_back(c, host, 1);
}

/* ---- answers ---- */

/* Whether the host may still start under what was claimed for it. */
static int
is_wanted(const struct hf_conduct *c, int host)
{
    struct hf_rollout_view v;

    hf_rollout_view(c->r, &v);
    return v.state == HF_ROLLOUT_GOING &&
           hf_rollout_slot(c->r, host)->state != HF_SLOT_ENDED;
}

static void
claimed(struct hf_conduct *c, const struct restart_call *call)
{
    struct conduct_restarts *r = &c->restarts;
    int far = session_newest_seen(c->s)->ledger_remote != NULL, host = r->host;

    if (!call->granted) {
        r->host = -1;
        r->told_by = hf_pace() + 2 * SOON;
        r->not_before = hf_pace() + (far ? LOOK_FAR : LOOK_AGAIN);
        hf_say(r->why, sizeof(r->why), "%s", call->why);
        return;
    }
    r->held[host] = 1;
    if (!is_wanted(c, host))
        give_back(c, host, 1);
}

void
conduct_restarts_take(struct hf_conduct *c)
{
    struct restart_call *call;

    while ((call = hf_queue_pop(c->restarts.ended)) != NULL) {
        c->restarts.running--;
        if (!call->give_back)
            claimed(c, call);
        else if (call->rc < 0)
            hf_say(c->trouble, sizeof(c->trouble),
                   "%s counts against the restart budget until its lease "
                   "ends: %s",
                   call->claim.host, call->err.text);
        restart_call_free(call);
    }
}

/* What was in hand when the run stopped starting hosts. */
static void
let_go(struct hf_conduct *c)
{
    for (size_t i = 0; i < c->plan->hosts_len; i++) {
        if (c->restarts.held[i] &&
            hf_rollout_slot(c->r, (int)i)->state != HF_SLOT_IN_FLIGHT)
            give_back(c, (int)i, 1);
    }
}

static int
has_restarted(int outcome)
{
    return outcome == HF_OUTCOME_VERIFIED || outcome == HF_OUTCOME_FAILED ||
           outcome == HF_OUTCOME_UNVERIFIED;
}

void
conduct_restarts_event(struct hf_conduct *c, const struct hf_rollout_event *e)
{
    switch (e->kind) {
    case HF_ROLLOUT_HOST_STARTED:
        if (c->restarts.host == e->host)
            c->restarts.host = -1;
        break;
    case HF_ROLLOUT_HOST_ENDED:
    case HF_ROLLOUT_HOST_LEFT_OUT:
    case HF_ROLLOUT_SKIPPED:
        if (e->host >= 0 && c->restarts.held[e->host])
            give_back(c, e->host,
                      e->kind != HF_ROLLOUT_HOST_ENDED ||
                          !has_restarted(e->outcome));
        break;
    case HF_ROLLOUT_HALTED:
    case HF_ROLLOUT_ABORTED:
    case HF_ROLLOUT_PAUSED:
    case HF_ROLLOUT_ABORT:
    case HF_ROLLOUT_ENDED:
        let_go(c);
        break;
    default:
        break;
    }
}

int
conduct_restarts_busy(const struct hf_conduct *c)
{
    return c->restarts.running || c->restarts.host >= 0 ||
           c->restarts.told_by > hf_pace();
}

void
conduct_restarts_take_up(struct hf_conduct *c, int host)
{
    if (hf_restarts_bounded(&session_newest_seen(c->s)->restarts) &&
        conduct_may_restart(c, host))
        c->restarts.held[host] = 1;
}

void
conduct_restarts_wait(struct hf_conduct *c)
{
    struct pollfd p = {.fd = hf_queue_fd(c->restarts.ended), .events = POLLIN};

    while (c->restarts.running) {
        (void)poll(&p, 1, 1000);
        conduct_restarts_take(c);
    }
}
