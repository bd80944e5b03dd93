/* The public face: hands links and requests to the workers. */
#include "backend/ssh/transport.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "backend/base/mem.h"
#include "backend/ssh/agent.h"
#include "backend/ssh/hostkey.h"
#include "backend/ssh/keys.h"
#include "backend/ssh/session.h"
#include "backend/ssh/spec.h"
#include "backend/ssh/worker.h"

#define RESOLVER_THREADS 16
#define RAMP_DEFAULT 64
#define FILES_RESERVED 64 /* for everything that is not a connection */
#define FILES_MIN 8

const char *const hf_net_outcome_names[HF_NET_COUNT + 1] = {
    [HF_NET_DONE] = "done",
    [HF_NET_UNRESOLVED] = "unresolved",
    [HF_NET_UNREACHABLE] = "unreachable",
    [HF_NET_HOSTKEY] = "hostkey",
    [HF_NET_DENIED] = "denied",
    [HF_NET_FAILED] = "failed",
    [HF_NET_LOST] = "lost",
    [HF_NET_TIMEOUT] = "timeout",
    [HF_NET_OVERFLOW] = "overflow",
    [HF_NET_CANCELLED] = "cancelled",
    [HF_NET_BAD_REPLY] = "bad-reply",
};

struct hf_transport {
    struct hf_worker *workers[HF_WORKERS_MAX];
    int count;
    struct hf_pool *resolver;
    struct hf_agents *agents;
    char *kex;
    struct hf_passphrases passphrases;
    pthread_mutex_t lock; /* the members below */
    uint32_t next;
    struct hf_keyring keys;
};

void
hf_result_free(struct hf_result *r)
{
    if (!r)
        return;
    hf_buf_release(&r->out);
    hf_buf_release(&r->err);
    free(r->hostkey);
    free(r->fingerprint);
    free(r->banner);
    free(r->login_key);
    free(r);
}

/* Raises the file limit as far as it goes; how many connections fit. */
static int
connection_limit(int wanted, int *out, struct hf_err *err)
{
    struct rlimit files = {0};
    int64_t fit;

    (void)getrlimit(RLIMIT_NOFILE, &files);
    if (files.rlim_cur < files.rlim_max) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files);
        (void)getrlimit(RLIMIT_NOFILE, &files);
    }
    fit = files.rlim_cur > 1u << 20 ? 1 << 20 : (int64_t)files.rlim_cur;
    fit -= FILES_RESERVED;
    if (fit < FILES_MIN || fit < wanted) {
        hf_fail(err, HF_ELIMIT,
                "at most %lld files may be open: too few for %d connections",
                (long long)files.rlim_cur, wanted > 0 ? wanted : FILES_MIN);
        return hf_hint(err, "raise the hard limit ('ulimit -Hn')");
    }
    *out = wanted > 0 ? wanted : (int)fit;
    return HF_OK;
}

static int
worker_count(int wanted)
{
    if (wanted <= 0)
        wanted = sysconf(_SC_NPROCESSORS_ONLN) > 1 ? 2 : 1;
    return wanted < HF_WORKERS_MAX ? wanted : HF_WORKERS_MAX;
}

/* A share of `whole` that is never 0. */
static int
share(int whole, int parts)
{
    return whole < parts ? 1 : whole / parts;
}

static int
start_workers(struct hf_transport *t, const struct hf_transport_options *o,
              struct hf_queue *results, int max_open, struct hf_err *err)
{
    int count = worker_count(o->workers);
    struct hf_worker_options w = {
        .count = count,
        .max_open = share(max_open, count),
        .ramp = share(o->ramp > 0 ? o->ramp : RAMP_DEFAULT, count),
        .kex = t->kex,
        .results = results,
        .resolver = t->resolver,
        .agents = t->agents,
    };
    int rc;

    for (; t->count < count; t->count++) {
        w.index = t->count;
        if ((rc = hf_worker_new(&t->workers[t->count], &w, err)) < 0)
            return rc;
    }
    return HF_OK;
}

int
hf_transport_new(struct hf_transport **out,
                 const struct hf_transport_options *options,
                 struct hf_queue *results, struct hf_err *err)
{
    struct hf_transport *t = HF_NEW(struct hf_transport);
    int max_open = 0, rc;

    *out = NULL;
    pthread_mutex_init(&t->lock, NULL);
    t->passphrases.ask = options->passphrase;
    t->passphrases.ctx = options->ctx;
    t->kex = hf_xstrdup(options->kex);
    (void)signal(SIGPIPE, SIG_IGN);
    if (ssh_init() != SSH_OK)
        rc = hf_fail(err, HF_ERR, "libssh does not start");
    else if ((rc = connection_limit(options->max_open, &max_open, err)) == 0 &&
             (rc = hf_pool_new(&t->resolver, RESOLVER_THREADS, err)) == 0 &&
             (rc = hf_agents_new(&t->agents, options->agent_sock, err)) == 0)
        rc = start_workers(t, options, results, max_open, err);
    if (rc < 0) {
        hf_transport_free(t);
        return rc;
    }
    *out = t;
    return HF_OK;
}

void
hf_transport_free(struct hf_transport *t)
{
    if (!t)
        return;
    for (int i = 0; i < t->count; i++)
        hf_worker_stop(t->workers[i]);
    hf_pool_free(t->resolver, 0); /* getaddrinfo cannot be interrupted */
    hf_agents_free(t->agents);
    for (int i = 0; i < t->count; i++)
        hf_worker_free(t->workers[i]); /* with mail of the two above */
    hf_keyring_release(&t->keys);
    pthread_mutex_destroy(&t->lock);
    free(t->kex);
    free(t);
}

static struct hf_worker *
worker_of(const struct hf_transport *t, uint32_t link)
{
    return t->workers[link % (uint32_t)t->count];
}

int
hf_transport_open(struct hf_transport *t, uint32_t *link,
                  const struct hf_link_spec *spec, struct hf_err *err)
{
    struct hf_identity *identity = NULL;
    char *hostkey = NULL;
    int rc;

    *link = 0;
    hf_libssh_quiet_thread();
    if ((rc = hf_spec_check(spec, err)) < 0 ||
        (spec->hostkey &&
         (rc = hf_hostkey_parse(&hostkey, spec->hostkey, err)) < 0))
        return rc;
    pthread_mutex_lock(&t->lock);
    if (spec->identity)
        rc = hf_keyring_get(&identity, &t->keys, spec->identity, t->count,
                            &t->passphrases, err);
    if (rc == HF_OK)
        *link = ++t->next;
    pthread_mutex_unlock(&t->lock);
    if (rc < 0) {
        free(hostkey);
        return rc;
    }
    hf_worker_open(worker_of(t, *link),
                   hf_link_new(*link, spec, hostkey, identity));
    return HF_OK;
}

void
hf_transport_submit(struct hf_transport *t, uint32_t link,
                    struct hf_request *request)
{
    hf_worker_submit(worker_of(t, link), link, hf_errand_new(request));
}

void
hf_transport_cancel(struct hf_transport *t, uint32_t link)
{
    hf_worker_cancel(worker_of(t, link), link);
}

void
hf_transport_close(struct hf_transport *t, uint32_t link)
{
    hf_worker_close(worker_of(t, link), link);
}
