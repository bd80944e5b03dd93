/* A rollout on simulated hosts, in no more time than the work takes. */
#include <poll.h>

#include "backend/base/time.h"
#include "playbooks/conduct.h"

static void
wait_for_answers(const struct hf_conduct *c, int64_t ms)
{
    struct pollfd polls[HF_SESSION_FDS + 1];
    int fds[HF_SESSION_FDS];
    size_t n = hf_session_fds(c->s, fds);

    for (size_t i = 0; i < n; i++)
        polls[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
    polls[n++] = (struct pollfd){.fd = hf_conduct_fd(c), .events = POLLIN};
    (void)poll(polls, n, (int)ms);
}

/* ms that can be skipped, to what comes next on the hosts or in the rollout;
 * -1: an answer is waited for. */
static int64_t
lull(const struct hf_conduct *c)
{
    int64_t due = c->due ? c->due - hf_now() : 0, ms;

    if (c->hooks_running || c->restarts.running)
        return -1;
    if (c->stint == STINT_NONE)
        return due > 0 ? due : 0;
    ms = hf_run_lull(c->s->run);
    return due > 0 && due < ms ? due : ms;
}

int64_t
hf_conduct_hurry(struct hf_conduct *c, int (*go_on)(void *ctx), void *ctx)
{
    int64_t wait, ms;

    while ((wait = hf_conduct_pump(c)) >= 0) {
        if (go_on && !go_on(ctx))
            return 0;
        if (wait == 0)
            continue;
        if ((ms = lull(c)) < 0)
            wait_for_answers(c, wait);
        else
            hf_clock_skip(ms);
    }
    return wait;
}
