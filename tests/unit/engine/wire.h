/*
 * Runs without a network: the transport's functions, answered by simulated
 * hosts in this very process, with a fault at any request. Link this instead
 * of the transport.
 */
#ifndef HF_TEST_ENGINE_WIRE_H
#define HF_TEST_ENGINE_WIRE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "backend/drivers/driver.h"
#include "backend/engine/run.h"
#include "backend/model/event.h"
#include "backend/sim/node.h"

#define WIRE_RUN "20261123T012345Z-4f9a1c"
#define WIRE_OTHER "20261101T000000Z-000001"

/* What becomes of a request. */
enum wire_how {
    WIRE_WELL,
    WIRE_UNREACHABLE, /* no connection: the command never began */
    WIRE_HOSTKEY,
    WIRE_DENIED,
    WIRE_LOST_BEFORE, /* cut; the host has done nothing */
    WIRE_LOST_AFTER,  /* cut; the host has done it */
    WIRE_TIMEOUT,     /* our deadline; the host has done it */
    WIRE_FLOOD,       /* endless output */
    WIRE_GARBAGE,     /* done, and the answer is none */
    WIRE_HALF,        /* done, and half of the answer arrived */
    WIRE_EMPTY,       /* done, killed by a signal, nothing said */
    WIRE_HOW_COUNT
};
extern const char *const wire_how_names[WIRE_HOW_COUNT + 1];

/* Requests `first` to `first + count - 1` of a host, counted from 1. */
struct wire_fault {
    unsigned first, count;
    enum wire_how how;
};

struct wire_host {
    struct hf_sim_node node;
    struct wire_fault fault;
    unsigned requests;
    unsigned asked[HF_DRIVER_SCRIPT_COUNT + 1]; /* [..COUNT]: uploads */
    unsigned jobs_begun;                        /* the job was detached */
    int elevated;                               /* a request came with rights */
    const char *last_user; /* of the last connection; borrowed */
};

struct wire {
    char *dir; /* of the journal */
    struct wire_host *hosts;
    size_t n;
    struct hf_host *specs; /* the fleet's */
    struct hf_fleet fleet;
    struct hf_catalogue catalogue;
    struct hf_release releases[8];
    struct hf_product product;
    struct hf_state *recorded; /* NULL: nothing is recorded */
    struct hf_transport *transport;
    struct hf_queue *results, *acks;
    struct hf_journal *journal;
    /* Told of every request before it is answered; may be NULL. */
    void (*on_request)(struct wire *w, enum hf_driver_script script);
    struct hf_event *events; /* of all runs, in order; data are copies */
    size_t events_len, events_cap;
    struct hf_err err;
};

/* `n` hosts "h1", "h2", ... with their fault, behind by one patch. */
void wire_start(struct wire *w, size_t n, enum hf_sim_fault fault);
void wire_stop(struct wire *w);
/* Options of a run on it: fast, with a journal. */
void
wire_options(struct wire *w, struct hf_run_options *o, enum hf_action action);
/* All hosts of the wire. */
struct hf_run *wire_run(struct wire *w, const struct hf_run_options *o);
/* One answer arrives, if any is under way; pumps, waits for more. 0 when the
 * run is over. */
int wire_pump(struct wire *w, struct hf_run *r);
/* Pumps until it is over, at most half a minute. */
void wire_finish(struct wire *w, struct hf_run *r);
/* Pumps until `kind` was told of a host, or it is over: 1, 0. */
int wire_until(struct wire *w, struct hf_run *r, enum hf_event_kind kind);
/* A run `id` that is killed (let go) once its first host has made so many
 * requests; what it did not journal is lost. 1 when it came so far. */
int wire_kill(struct wire *w, const char *id, enum hf_action action,
              unsigned requests);
/* All of it in one: run, finish; the outcome of the first host. */
enum hf_outcome wire_act(struct wire *w, enum hf_action action);

/* The newest such event, or NULL. */
const struct hf_event *
wire_event(const struct wire *w, enum hf_event_kind kind);
size_t wire_count(const struct wire *w, enum hf_event_kind kind);
/* Is the newest patch in effect? */
int wire_is_patched(const struct wire_host *h);

/* ---- wire_transport.c, for wire.c ---- */
struct hf_transport *wire_transport_new(struct wire *w);
/* Every connection must have been closed. */
void wire_transport_free(struct hf_transport *t);
/* Results that have not arrived yet. */
struct hf_queue *wire_transport_under_way(struct hf_transport *t);

#endif
