/*
 * One thread with one epoll loop over many links. It alone touches them; the
 * world talks to it through its mailbox.
 */
#ifndef HF_SSH_WORKER_H
#define HF_SSH_WORKER_H

#include <stdint.h>

#include "backend/base/queue.h"
#include "backend/ssh/link.h"
#include "backend/ssh/pool.h"
#include "backend/ssh/transport.h"

struct hf_agents;

struct hf_worker_options {
    int index, count;         /* link id % count == index: that link is ours */
    int max_open;             /* connections */
    int ramp;                 /* of them, not yet logged in */
    const char *kex;          /* borrowed */
    struct hf_queue *results; /* borrowed */
    struct hf_pool *resolver; /* borrowed */
    struct hf_agents *agents; /* borrowed */
};

struct hf_worker {
    struct hf_worker_options options;
    struct hf_queue *mailbox;
    pthread_t thread;
    int epoll;
    int stop;
    int64_t now; /* hf_mono() of this turn of the loop */
    struct hf_timers timers;
    struct hf_link **links; /* by id / count; NULL: closed */
    size_t links_len, links_cap;
    struct hf_links waiting, idle, ramping, dead;
    int open, ramped;   /* places taken */
    int64_t next_start; /* pause within a burst of connects */
    unsigned started, seed;
};

/* HF_ERR when descriptors or the thread cannot be had. */
int hf_worker_new(struct hf_worker **out, const struct hf_worker_options *o,
                  struct hf_err *err);
/* Cancels everything and waits for the thread; the mailbox stays. */
void hf_worker_stop(struct hf_worker *w);
void hf_worker_free(struct hf_worker *w); /* after hf_worker_stop */

/* From any thread. */
void hf_worker_open(struct hf_worker *w, struct hf_link *link); /* takes it */
void
hf_worker_submit(struct hf_worker *w, uint32_t link, struct hf_errand *run);
void hf_worker_cancel(struct hf_worker *w, uint32_t link);
void hf_worker_close(struct hf_worker *w, uint32_t link);

/* For links, on the worker's thread. */
struct hf_link *hf_worker_find(const struct hf_worker *w, uint32_t id);
void hf_worker_want_place(struct hf_worker *w, struct hf_link *link);
void hf_worker_give_place(struct hf_worker *w, struct hf_link *link);
void hf_worker_ramp_done(struct hf_worker *w, struct hf_link *link);
void hf_worker_idle(struct hf_worker *w, struct hf_link *link);
void hf_worker_leave_line(struct hf_worker *w, struct hf_link *link);
void hf_worker_forget(struct hf_worker *w, struct hf_link *link);
/* Connects those that wait, as far as there are places. */
void hf_worker_admit(struct hf_worker *w);
/* When to try that again though nothing happens, or INT64_MAX. */
int64_t hf_worker_next_admission(const struct hf_worker *w);
/* Epoll for link->fd; the first call after a new fd adds it. 0 or -1. */
int hf_worker_watch(struct hf_worker *w, struct hf_link *link, uint32_t events);
void hf_worker_unwatch(struct hf_worker *w, struct hf_link *link);
void hf_worker_post(struct hf_worker *w, struct hf_result *result);

#endif
