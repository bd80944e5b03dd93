/* The table of stages, and what they have in common. */
#include "backend/ssh/stages.h"

#include <stddef.h>
#include <stdlib.h>
#include <sys/epoll.h>

#include "backend/base/time.h"
#include "backend/ssh/session.h"
#include "backend/ssh/worker.h"

struct stage {
    void (*step)(struct hf_link *link);
    void (*late)(struct hf_link *link); /* NULL: outcome and text below */
    size_t limit; /* its deadline: offset in struct hf_net_limits */
    enum hf_net_outcome outcome; /* when it is late or the connection cut */
    const char *late_text;       /* followed by "within 5 s" */
    const char *cut_text;        /* followed by libssh's reason */
};

#define LIMIT(member) offsetof(struct hf_net_limits, member)

// clang-format off
static const struct stage stages[HF_STAGE_COUNT] = {
    [HF_STAGE_RESOLVE] = {
        .limit = LIMIT(resolve), .outcome = HF_NET_UNRESOLVED,
        .late_text = "the name was not found",
    },
    [HF_STAGE_TCP] = {
        .step = hf_step_tcp, .late = hf_late_tcp, .limit = LIMIT(connect),
    },
    [HF_STAGE_KEX] = {
        .step = hf_step_kex, .late = hf_late_kex, .limit = LIMIT(kex),
    },
    [HF_STAGE_AUTH] = {
        .step = hf_step_auth, .limit = LIMIT(auth),
        .outcome = HF_NET_FAILED,
        .late_text = "the login was not answered",
    },
    [HF_STAGE_OPEN] = {
        .step = hf_step_open, .limit = LIMIT(start),
        .outcome = HF_NET_FAILED,
        .late_text = "the host did not open a session",
        .cut_text = "cut before the command was sent",
    },
    [HF_STAGE_EXEC] = {
        .step = hf_step_exec, .limit = LIMIT(start),
        .outcome = HF_NET_TIMEOUT,
        .late_text = "it is not known whether the command runs: the host did "
                     "not confirm it",
        .cut_text = "cut when the command had been sent; it is not known "
                    "whether it ran",
    },
    [HF_STAGE_IO] = {
        .step = hf_step_io, .late = hf_late_io,
        .cut_text = "cut while the command ran; it is not known how it ended",
    },
    [HF_STAGE_IDLE] = {.step = hf_step_idle},
};
// clang-format on

static int64_t
limit_of(const struct hf_link *link)
{
    const char *limits = (const char *)&hf_link_run(link)->limits;

    return *(const int64_t *)(const void *)(limits + stages[link->stage].limit);
}

void
hf_link_enter(struct hf_link *link, enum hf_stage stage)
{
    struct hf_worker *w = link->worker;
    int64_t at;

    link->stage = stage;
    if (stage == HF_STAGE_IO)
        at = hf_io_deadline(hf_link_run(link));
    else
        at = w->now + limit_of(link);
    hf_timers_arm(&w->timers, &link->timer, at);
}

void
hf_link_wake(struct hf_link *link)
{
    if (stages[link->stage].step)
        stages[link->stage].step(link);
}

void
hf_link_late(struct hf_link *link)
{
    const struct stage *stage = &stages[link->stage];
    struct hf_err err = HF_ERR_INIT;
    char span[HF_TIME_LEN];

    if (stage->late) {
        stage->late(link);
        return;
    }
    hf_fail(&err, hf_net_code(stage->outcome), "%s within %s", stage->late_text,
            hf_span_format(span, limit_of(link)));
    hf_link_fail(link, stage->outcome, &err);
}

void
hf_link_listen(struct hf_link *link, int more_to_write)
{
    uint32_t events = EPOLLIN;

    if (more_to_write || ssh_get_status(link->session) & SSH_WRITE_PENDING)
        events |= EPOLLOUT;
    (void)hf_worker_watch(link->worker, link, events);
}

void
hf_link_cut(struct hf_link *link)
{
    const struct stage *stage = &stages[link->stage];
    enum hf_net_outcome outcome = stage->outcome;
    struct hf_err err = HF_ERR_INIT;
    char *why = hf_libssh_why(link->session);

    if (link->stage >= HF_STAGE_EXEC)
        outcome = HF_NET_LOST;
    hf_fail(&err, hf_net_code(outcome), "%s: %s", stage->cut_text, why);
    free(why);
    hf_link_fail(link, outcome, &err);
}
