/*
 * Accepts for all simulated hosts and drives their connections. Hosts are
 * told apart by the address that the client connected to.
 */
#include "backend/sim/server.h"

#include <errno.h>
#include <libssh/libssh.h>
#include <libssh/server.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "backend/base/log.h"
#include "backend/base/mem.h"
#include "backend/base/queue.h"
#include "backend/base/thread.h"
#include "backend/base/time.h"
#include "backend/sim/conn.h"
#include "backend/sim/doors.h"
#include "backend/sim/hostkeys.h"
#include "backend/sim/listen.h"

#define EVENTS 256

/* Something that another thread wants done on the server's. */
struct order {
    int stop;
    size_t host;
    hf_sim_order_fn *fn;
    void *ctx;
    int cut; /* its connections are cut */
    sem_t done;
};

/* A connection to a host that takes its time to say hello. */
struct late {
    struct hf_timer timer; /* first: a timer is its connection */
    int fd;
    size_t host;
};

struct hf_sim_server {
    struct hf_sim_node *nodes;
    size_t nodes_len;
    struct hf_sim_doors doors;
    struct hf_sim_hostkeys keys;
    ssh_key login;
    int epoll;
    struct hf_sim_listeners listeners;
    int accepting; /* 0: out of file descriptors, for a moment */
    struct hf_queue *orders;
    const struct hf_sim_clock *clock;
    struct hf_timers timers;
    struct hf_timers late; /* of struct late */
    LIST_HEAD(, hf_sim_conn) conns, graves;
    pthread_t thread;
    int running;
};

/* ---- keys ---- */

/* The bind that a host shows its key by, or NULL. */
static ssh_bind
bind_of(struct hf_sim_server *s, size_t host)
{
    const struct hf_sim_node *n = &s->nodes[host];

    return hf_sim_hostkeys_bind(
        &s->keys, n->fault == HF_SIM_CHANGED_KEY ? s->nodes_len : host,
        hf_sim_node_banner(n));
}

/* ---- connections ---- */

/* Takes it off the list; freed when the round of events is over, which may
 * still hold one for it. */
static void
conn_bury(struct hf_sim_server *s, struct hf_sim_conn *c)
{
    c->dead = c->buried = 1;
    LIST_REMOVE(c, line);
    LIST_INSERT_HEAD(&s->graves, c, line);
}

static void
dig(struct hf_sim_server *s)
{
    struct hf_sim_conn *c;

    while ((c = LIST_FIRST(&s->graves))) {
        LIST_REMOVE(c, line);
        hf_sim_conn_free(c);
    }
}

/* A closed socket stays in an epoll set while a child that is not yet another
 * program holds it as well: one that may be closed is taken out first. */
static void
conn_unwatch(struct hf_sim_server *s, struct hf_sim_conn *c)
{
    (void)epoll_ctl(s->epoll, EPOLL_CTL_DEL, c->fd, NULL);
}

/* Serves one that is not watched, then listens for what it wants now. The
 * descriptor of a dead one may be closed already, and its number another's;
 * libssh must not even be asked what a closed one wants. */
static void
conn_begin(struct hf_sim_server *s, struct hf_sim_conn *c)
{
    struct epoll_event ev = {.data.ptr = c};

    hf_sim_conn_serve(c);
    if (!c->dead) {
        ev.events = hf_sim_conn_wants(c);
        if (epoll_ctl(s->epoll, EPOLL_CTL_ADD, c->fd, &ev) == 0)
            return;
    }
    conn_bury(s, c);
}

static void
conn_go_on(struct hf_sim_server *s, struct hf_sim_conn *c)
{
    if (c->buried)
        return;
    conn_unwatch(s, c);
    conn_begin(s, c);
}

/* Ends a connection as a host does on which nothing listens: with a reset. */
static void
shut_door(int fd)
{
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};

    (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    close(fd);
}

/* `bind` NULL: nothing is ever said. */
static void
welcome(struct hf_sim_server *s, int fd, size_t host, ssh_bind bind)
{
    struct hf_err err = HF_ERR_INIT;
    struct hf_sim_conn *c = NULL;

    if (hf_sim_conn_new(&c, &s->nodes[host], fd, bind, s->login, &s->timers,
                        s->clock, &err) < 0) {
        hf_log(HF_LOG_WARN, "simulated fleet: %s", err.text);
        return;
    }
    LIST_INSERT_HEAD(&s->conns, c, line);
    conn_begin(s, c);
}

static void
open_door(struct hf_sim_server *s, int fd, size_t host)
{
    ssh_bind bind = bind_of(s, host);

    if (bind)
        welcome(s, fd, host, bind);
    else
        shut_door(fd);
}

static void
greet_later(struct hf_sim_server *s, int fd, size_t host)
{
    struct late *l = HF_NEW(struct late);

    l->fd = fd;
    l->host = host;
    hf_timers_arm(&s->late, &l->timer,
                  hf_mono() +
                      hf_sim_node_door_ms(&s->nodes[host]) / s->clock->wire);
}

static void
greet(struct hf_sim_server *s, int fd)
{
    int64_t host = hf_sim_doors_find(&s->doors, fd);

    switch (host < 0 ? HF_SIM_DOOR_SHUT
                     : hf_sim_node_door(&s->nodes[host],
                                        hf_sim_clock_now(s->clock))) {
    case HF_SIM_DOOR_OPEN:
        open_door(s, fd, (size_t)host);
        break;
    case HF_SIM_DOOR_LATE:
        greet_later(s, fd, (size_t)host);
        break;
    case HF_SIM_DOOR_MUTE:
        welcome(s, fd, (size_t)host, NULL);
        break;
    case HF_SIM_DOOR_SHUT:
        shut_door(fd);
    }
}

/* Those whose time has come by `now`; at the end all of them, cut. */
static void
greet_late(struct hf_sim_server *s, int64_t now, int cut)
{
    struct late *l;

    while ((l = (struct late *)hf_timers_due(&s->late, now))) {
        if (cut)
            shut_door(l->fd);
        else
            open_door(s, l->fd, l->host);
        free(l);
    }
}

/* ---- accepting ---- */

static void
watch_listeners(struct hf_sim_server *s, int op)
{
    for (size_t i = 0; i < s->listeners.len; i++) {
        struct epoll_event ev = {.events = EPOLLIN,
                                 .data.ptr = &s->listeners.fd[i]};

        (void)epoll_ctl(s->epoll, op, s->listeners.fd[i], &ev);
    }
}

/* Out of descriptors: the loop tries again in a moment. */
static void
pause_accepting(struct hf_sim_server *s)
{
    watch_listeners(s, EPOLL_CTL_DEL);
    s->accepting = 0;
}

static void
resume_accepting(struct hf_sim_server *s)
{
    if (s->accepting)
        return;
    s->accepting = 1;
    watch_listeners(s, EPOLL_CTL_ADD);
}

/* A burst of thousands must not starve those already connected. */
static void
accept_some(struct hf_sim_server *s, int listener)
{
    for (int i = 0; i < 64; i++) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            greet(s, fd);
            continue;
        }
        if (errno == EMFILE || errno == ENFILE)
            pause_accepting(s);
        if (errno != ECONNABORTED && errno != EINTR)
            return;
    }
}

/* ---- the loop ---- */

/* A host's connections, or all. */
static void
cut(struct hf_sim_server *s, const struct hf_sim_node *node)
{
    struct hf_sim_conn *c, *next;

    for (c = LIST_FIRST(&s->conns); c; c = next) {
        next = LIST_NEXT(c, line);
        if (node && c->node != node)
            continue;
        conn_unwatch(s, c);
        conn_bury(s, c);
    }
    dig(s);
}

static void
carry_out(struct hf_sim_server *s, const struct order *o)
{
    struct hf_sim_node *node = &s->nodes[o->host];

    o->fn(node, o->ctx, hf_sim_clock_now(s->clock));
    if (o->cut)
        cut(s, node);
}

/* 0 when the server is to stop. */
static int
take_orders(struct hf_sim_server *s)
{
    struct order *o;
    int go_on = 1;

    while ((o = hf_queue_pop(s->orders))) {
        if (o->stop)
            go_on = 0;
        else
            carry_out(s, o);
        sem_post(&o->done);
    }
    return go_on;
}

static void
answer_due(struct hf_sim_server *s)
{
    struct hf_timer *timer;
    int64_t now = hf_mono();

    while ((timer = hf_timers_due(&s->timers, now)))
        conn_go_on(s, hf_sim_conn_due(timer));
}

/* Which listener an event is of, or -1: listeners and the orders' queue are
 * told apart from connections by their pointers. */
static int
listener_of(const struct hf_sim_server *s, const void *ptr)
{
    const int *fd = ptr;
    uintptr_t at = (uintptr_t)fd, from = (uintptr_t)s->listeners.fd;

    if (at < from || at >= from + s->listeners.len * sizeof(*fd))
        return -1;
    return *fd;
}

static void
take_event(struct hf_sim_server *s, void *ptr)
{
    int listener = listener_of(s, ptr);

    if (listener >= 0)
        accept_some(s, listener);
    else if (ptr != s->orders)
        conn_go_on(s, ptr);
}

/* How long the loop may sleep, in ms. */
static int
patience(const struct hf_sim_server *s)
{
    int64_t next = hf_timers_next(&s->timers), now = hf_mono();
    int64_t late = hf_timers_next(&s->late);
    int most = s->accepting ? 60000 : 100;

    if (late < next)
        next = late;
    if (next <= now)
        return 0;
    return next - now < most ? (int)(next - now) : most;
}

static void *
serve(void *arg)
{
    struct hf_sim_server *s = arg;
    struct epoll_event events[EVENTS];

    do {
        int i, n = epoll_wait(s->epoll, events, EVENTS, patience(s));

        resume_accepting(s);
        for (i = 0; i < n; i++)
            take_event(s, events[i].data.ptr);
        answer_due(s);
        greet_late(s, hf_mono(), 0);
        dig(s);
    } while (take_orders(s));
    greet_late(s, INT64_MAX - 1, 1);
    cut(s, NULL); /* here, where no signal can come of it */
    return NULL;
}

static int
start_thread(struct hf_sim_server *s, struct hf_err *err)
{
    struct epoll_event ev = {.events = EPOLLIN};
    int rc;

    s->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (s->epoll < 0)
        return hf_fail_errno(err, errno, "cannot watch simulated hosts");
    ev.data.ptr = s->orders;
    if (epoll_ctl(s->epoll, EPOLL_CTL_ADD, hf_queue_fd(s->orders), &ev) < 0)
        return hf_fail_errno(err, errno, "cannot watch simulated hosts");
    resume_accepting(s);
    /* it gets no signals, so that no dead connection's SIGPIPE can hurt */
    if ((rc = hf_thread_spawn(&s->thread, "hf-sim", serve, s, err)) < 0)
        return rc;
    s->running = 1;
    return HF_OK;
}

static int
start_listening(struct hf_sim_server *s, int port, struct hf_err *err)
{
    uint32_t *addresses = hf_xcalloc(s->nodes_len, sizeof(*addresses));
    int rc;

    for (size_t i = 0; i < s->nodes_len; i++)
        addresses[i] = s->doors.v[i].address;
    rc = hf_sim_listen(&s->listeners, addresses, s->nodes_len, port, err);
    free(addresses);
    return rc;
}

int
hf_sim_server_new(struct hf_sim_server **out,
                  const struct hf_sim_server_options *options,
                  struct hf_err *err)
{
    struct hf_sim_server *s = HF_NEW(struct hf_sim_server);
    int rc;

    *out = NULL;
    ssh_init();
    s->epoll = -1;
    s->nodes = options->nodes;
    s->nodes_len = options->nodes_len;
    s->clock = options->clock;
    s->orders = hf_queue_new(NULL);
    if ((rc = hf_sim_doors_init(&s->doors, s->nodes, s->nodes_len, err)) < 0 ||
        (rc = hf_sim_login_key(&s->login, options->login_key, err)) < 0)
        goto out;
    if ((rc = hf_sim_hostkeys_init(&s->keys, s->nodes_len, err)) < 0 ||
        (rc = start_listening(s, options->port, err)) < 0 ||
        (rc = start_thread(s, err)) < 0)
        goto out;
    *out = s;
    s = NULL;
out:
    hf_sim_server_free(s);
    return rc;
}

static void
give_order(struct hf_sim_server *s, struct order *o)
{
    sem_init(&o->done, 0, 0);
    hf_queue_push(s->orders, o);
    while (sem_wait(&o->done) < 0)
        ;
    sem_destroy(&o->done);
}

void
hf_sim_server_order(struct hf_sim_server *s, size_t host, int cut,
                    hf_sim_order_fn *fn, void *ctx)
{
    give_order(s,
               &(struct order){.host = host, .cut = cut, .fn = fn, .ctx = ctx});
}

void
hf_sim_server_free(struct hf_sim_server *s)
{
    if (!s)
        return;
    if (s->running) {
        give_order(s, &(struct order){.stop = 1});
        pthread_join(s->thread, NULL);
    }
    hf_sim_hostkeys_release(&s->keys);
    ssh_key_free(s->login);
    hf_sim_listeners_release(&s->listeners);
    if (s->epoll >= 0)
        close(s->epoll);
    hf_timers_release(&s->timers);
    hf_timers_release(&s->late);
    hf_queue_free(s->orders);
    hf_sim_doors_release(&s->doors);
    free(s);
}

int
hf_sim_server_port(const struct hf_sim_server *s)
{
    return s->listeners.port;
}

const char *
hf_sim_server_hostkey(struct hf_sim_server *s, size_t host)
{
    return hf_sim_hostkeys_line(&s->keys, host);
}
