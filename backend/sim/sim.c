/* The simulator as its users see it: hosts and their server. */
#include "backend/sim/sim.h"

#include <stdlib.h>

#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "backend/sim/clock.h"
#include "backend/sim/node.h"
#include "backend/sim/server.h"

#define JOB_MS 1500

struct hf_sim {
    struct hf_sim_node *nodes;
    size_t nodes_len;
    struct hf_sim_clock clock;
    struct hf_sim_server *server;
};

int
hf_sim_new(struct hf_sim **out, const struct hf_sim_options *options,
           struct hf_err *err)
{
    struct hf_sim *sim = HF_NEW(struct hf_sim);
    struct hf_sim_server_options o = {.login_key = options->login_key,
                                      .port = options->port};
    int64_t job_ms = options->job_ms > 0 ? options->job_ms : JOB_MS;
    int rate = options->rate > 1 && !options->ahead ? options->rate : 1;
    size_t i;
    int rc;

    *out = NULL;
    sim->clock =
        (struct hf_sim_clock){.rate = rate,
                              .wire = options->wire > 0 ? options->wire : rate,
                              .began = hf_mono(),
                              .ahead = options->ahead,
                              .ctx = options->ctx};
    sim->nodes_len = options->hosts_len;
    sim->nodes = hf_xcalloc(sim->nodes_len, sizeof(*sim->nodes));
    for (i = 0; i < sim->nodes_len; i++)
        hf_sim_node_init(&sim->nodes[i], &options->hosts[i], options->reply_ms,
                         job_ms, hf_sim_clock_now(&sim->clock));
    for (i = 0; i < sim->nodes_len; i++) {
        if (options->hosts[i].facts)
            hf_sim_node_copy(&sim->nodes[i], options->hosts[i].facts,
                             options->catalogue);
    }
    o.clock = &sim->clock;
    o.nodes = sim->nodes;
    o.nodes_len = sim->nodes_len;
    if ((rc = hf_sim_server_new(&sim->server, &o, err)) < 0) {
        hf_sim_free(sim);
        return rc;
    }
    *out = sim;
    return HF_OK;
}

void
hf_sim_free(struct hf_sim *sim)
{
    size_t i;

    if (!sim)
        return;
    hf_sim_server_free(sim->server);
    for (i = 0; i < sim->nodes_len; i++)
        hf_sim_node_release(&sim->nodes[i]);
    free(sim->nodes);
    free(sim);
}

int
hf_sim_port(const struct hf_sim *sim)
{
    return hf_sim_server_port(sim->server);
}

const char *
hf_sim_hostkey(const struct hf_sim *sim, size_t host)
{
    return hf_sim_server_hostkey(sim->server, host);
}

unsigned
hf_sim_jobs(const struct hf_sim *sim, size_t host)
{
    return __atomic_load_n(&sim->nodes[host].jobs, __ATOMIC_RELAXED);
}

void
hf_sim_advance(struct hf_sim *sim, int64_t ms)
{
    hf_sim_clock_advance(&sim->clock, ms);
}

int64_t
hf_sim_ahead(const struct hf_sim *sim)
{
    return hf_sim_clock_ahead(&sim->clock);
}

/* ---- orders ---- */

static void
reboot(struct hf_sim_node *n, void *ctx, int64_t now)
{
    (void)ctx;
    hf_sim_node_reboot(n, now);
}

void
hf_sim_reboot(struct hf_sim *sim, size_t host)
{
    hf_sim_server_order(sim->server, host, 1, reboot, NULL);
}

static void
ail(struct hf_sim_node *n, void *ctx, int64_t now)
{
    (void)now;
    hf_sim_node_ail(n, ctx);
}

void
hf_sim_ail(struct hf_sim *sim, size_t host, enum hf_sim_fault fault,
           int64_t arg)
{
    struct hf_sim_host like = {.fault = fault, .fault_arg = arg};

    hf_sim_server_order(sim->server, host, 1, ail, &like);
}

static void
look(struct hf_sim_node *n, void *ctx, int64_t now)
{
    hf_sim_node_look(n, ctx, now);
}

void
hf_sim_look(struct hf_sim *sim, size_t host, struct hf_sim_truth *out)
{
    hf_sim_server_order(sim->server, host, 0, look, out);
}
