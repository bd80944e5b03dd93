/* The epoll loop, and the mail that reaches it. */
#include "backend/ssh/worker.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "backend/base/mem.h"
#include "backend/base/thread.h"
#include "backend/base/time.h"
#include "backend/ssh/session.h"

#define EVENTS_PER_TURN 64
#define MAILBOX_EVENT UINT64_MAX

struct hf_link *
hf_worker_find(const struct hf_worker *w, uint32_t id)
{
    size_t slot = id / (uint32_t)w->options.count;

    return slot < w->links_len ? w->links[slot] : NULL;
}

void
hf_worker_forget(struct hf_worker *w, struct hf_link *link)
{
    w->links[link->id / (uint32_t)w->options.count] = NULL;
    TAILQ_INSERT_TAIL(&w->dead, link, line);
}

static void
bury(struct hf_worker *w)
{
    struct hf_link *link;

    while ((link = TAILQ_FIRST(&w->dead))) {
        TAILQ_REMOVE(&w->dead, link, line);
        hf_link_free(link);
    }
}

void
hf_worker_post(struct hf_worker *w, struct hf_result *result)
{
    hf_queue_push(w->options.results, result);
}

/* ---- epoll ---- */

/* Link and attempt: an event for a socket that has been closed since is
 * recognised by its old attempt. */
static uint64_t
event_tag(const struct hf_link *link)
{
    return (uint64_t)link->id << 32 | link->attempt;
}

int
hf_worker_watch(struct hf_worker *w, struct hf_link *link, uint32_t events)
{
    struct epoll_event ev = {.events = events, .data.u64 = event_tag(link)};
    int op = link->events ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;

    if (link->events == events)
        return 0;
    if (epoll_ctl(w->epoll, op, link->fd, &ev) < 0)
        return -1;
    link->events = events;
    return 0;
}

void
hf_worker_unwatch(struct hf_worker *w, struct hf_link *link)
{
    if (link->events && link->fd >= 0)
        (void)epoll_ctl(w->epoll, EPOLL_CTL_DEL, link->fd, NULL);
    link->events = 0;
}

static void
read_mail(struct hf_worker *w)
{
    struct hf_mail *mail;

    while ((mail = hf_queue_pop(w->mailbox)))
        mail->take(w, mail);
}

static void
wake(struct hf_worker *w, uint64_t tag)
{
    struct hf_link *link = hf_worker_find(w, (uint32_t)(tag >> 32));

    if (link && link->attempt == (unsigned)tag)
        hf_link_wake(link);
}

static void
ring_timers(struct hf_worker *w)
{
    struct hf_timer *timer;

    while ((timer = hf_timers_due(&w->timers, w->now)))
        hf_link_late((void *)((char *)timer - offsetof(struct hf_link, timer)));
}

static int
wait_ms(const struct hf_worker *w)
{
    int64_t until = hf_timers_next(&w->timers);
    int64_t admission = hf_worker_next_admission(w);

    if (admission < until)
        until = admission;
    if (until == INT64_MAX)
        return -1;
    if (until <= w->now)
        return 0;
    return until - w->now < 60000 ? (int)(until - w->now) : 60000;
}

static void
turn(struct hf_worker *w)
{
    struct epoll_event events[EVENTS_PER_TURN];
    int n = epoll_wait(w->epoll, events, EVENTS_PER_TURN, wait_ms(w));

    w->now = hf_mono();
    for (int i = 0; i < n; i++) {
        if (events[i].data.u64 == MAILBOX_EVENT)
            read_mail(w);
        else
            wake(w, events[i].data.u64);
    }
    ring_timers(w);
    hf_worker_admit(w);
    bury(w);
}

static void *
worker_thread(void *arg)
{
    struct hf_worker *w = arg;

    hf_libssh_quiet_thread();
    w->now = hf_mono();
    while (!w->stop)
        turn(w);
    for (size_t i = 0; i < w->links_len; i++) {
        if (w->links[i])
            hf_link_shutdown(w->links[i]);
    }
    bury(w);
    return NULL;
}

/* ---- mail ---- */

struct note {
    struct hf_mail mail;
    uint32_t id;
    struct hf_link *link;  /* open */
    struct hf_errand *run; /* submit */
};

static void
note_drop(struct hf_mail *mail)
{
    struct note *note = (struct note *)mail;

    hf_link_free(note->link);
    hf_errand_free(note->run);
    free(note);
}

static void
send_note(struct hf_worker *w,
          void (*take)(struct hf_worker *, struct hf_mail *), uint32_t id,
          struct hf_link *link, struct hf_errand *run)
{
    struct note *note = HF_NEW(struct note);

    note->mail.take = take;
    note->mail.drop = note_drop;
    note->id = id;
    note->link = link;
    note->run = run;
    hf_queue_push(w->mailbox, &note->mail);
}

static void
take_open(struct hf_worker *w, struct hf_mail *mail)
{
    struct note *note = (struct note *)mail;
    size_t slot = note->id / (uint32_t)w->options.count;

    while (w->links_len <= slot)
        *HF_PUSH(&w->links, &w->links_len, &w->links_cap) = NULL;
    w->links[slot] = note->link;
    note->link->worker = w;
    free(note);
}

static void
take_submit(struct hf_worker *w, struct hf_mail *mail)
{
    struct note *note = (struct note *)mail;
    struct hf_link *link = hf_worker_find(w, note->id);
    struct hf_err err = HF_ERR_INIT;

    if (link && !link->closing) {
        hf_link_submit(link, note->run);
        note->run = NULL;
    } else {
        hf_fail(&err, HF_ECANCELLED, "the connection has been closed");
        hf_worker_post(
            w, hf_errand_result(note->run, note->id, HF_NET_CANCELLED, &err));
    }
    note->link = NULL;
    note_drop(mail);
}

static void
take_cancel(struct hf_worker *w, struct hf_mail *mail)
{
    struct hf_link *link = hf_worker_find(w, ((struct note *)mail)->id);

    if (link)
        hf_link_cancel(link);
    note_drop(mail);
}

static void
take_close(struct hf_worker *w, struct hf_mail *mail)
{
    struct hf_link *link = hf_worker_find(w, ((struct note *)mail)->id);

    if (link && !link->closing)
        hf_link_close(link);
    note_drop(mail);
}

static void
take_stop(struct hf_worker *w, struct hf_mail *mail)
{
    w->stop = 1;
    note_drop(mail);
}

void
hf_worker_open(struct hf_worker *w, struct hf_link *link)
{
    send_note(w, take_open, link->id, link, NULL);
}

void
hf_worker_submit(struct hf_worker *w, uint32_t link, struct hf_errand *run)
{
    send_note(w, take_submit, link, NULL, run);
}

void
hf_worker_cancel(struct hf_worker *w, uint32_t link)
{
    send_note(w, take_cancel, link, NULL, NULL);
}

void
hf_worker_close(struct hf_worker *w, uint32_t link)
{
    send_note(w, take_close, link, NULL, NULL);
}

/* ---- life ---- */

static void
mail_free(void *item)
{
    struct hf_mail *mail = item;

    mail->drop(mail);
}

static int
set_up(struct hf_worker *w, struct hf_err *err)
{
    struct epoll_event ev = {.events = EPOLLIN, .data.u64 = MAILBOX_EVENT};

    if (!(w->mailbox = hf_queue_new(mail_free)) ||
        (w->epoll = epoll_create1(EPOLL_CLOEXEC)) < 0 ||
        epoll_ctl(w->epoll, EPOLL_CTL_ADD, hf_queue_fd(w->mailbox), &ev) < 0)
        return hf_fail_errno(err, errno, "cannot watch connections");
    return hf_thread_spawn(&w->thread, "ssh-worker", worker_thread, w, err);
}

int
hf_worker_new(struct hf_worker **out, const struct hf_worker_options *o,
              struct hf_err *err)
{
    struct hf_worker *w = HF_NEW(struct hf_worker);
    int rc;

    *out = NULL;
    w->options = *o;
    w->epoll = -1;
    w->seed = (unsigned)hf_mono() + (unsigned)o->index;
    TAILQ_INIT(&w->waiting);
    TAILQ_INIT(&w->idle);
    TAILQ_INIT(&w->ramping);
    TAILQ_INIT(&w->dead);
    if ((rc = set_up(w, err)) < 0) {
        hf_worker_free(w);
        return rc;
    }
    *out = w;
    return HF_OK;
}

void
hf_worker_stop(struct hf_worker *w)
{
    send_note(w, take_stop, 0, NULL, NULL);
    pthread_join(w->thread, NULL);
}

void
hf_worker_free(struct hf_worker *w)
{
    if (!w)
        return;
    hf_queue_free(w->mailbox);
    if (w->epoll >= 0)
        close(w->epoll);
    hf_timers_release(&w->timers);
    free(w->links);
    free(w);
}
