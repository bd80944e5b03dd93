/*
 * A plan: a playbook with the exact hosts, their rings and batches, who is
 * left out and why, what it will cost, and a hash over all of it. Once made it
 * never changes; a run carries it out.
 */
#ifndef HF_MODEL_PLAN_H
#define HF_MODEL_PLAN_H

#include "backend/model/playbook.h"

struct hf_plan_host {
    const char *name;
    const char *settings;        /* SHA-256 of its effective settings, hex */
    const char *product;         /* or NULL */
    const char *from, *to;       /* levels */
    const char *const *releases; /* that are put in or taken out, by name;
                                    NULL-terminated */
    /* By recorded facts; what the hash does not cover: KBs that go along with
     * an update that restarts, and those that stay behind. NULL-terminated. */
    const char *const *along, *const *stays;
    const char *offers_why; /* why `stays` is not known, or NULL */
    const char *note;       /* what else it costs there, or NULL */
    uint8_t staged;         /* downloaded already */
    uint16_t ring, batch;
    uint8_t restart_update; /* the group of those that are restarted */
    uint8_t intermittent;
    uint8_t restart, undo_restart; /* enum hf_restart */
    uint16_t minutes, undo_minutes;
    /* For each of limits.per_domain: index of the value, or -1. */
    const int32_t *domains;
};

/* A host of the targets that is not to be changed. */
struct hf_plan_left_out {
    const char *name;
    const char *ring; /* or NULL */
    int outcome;      /* enum hf_outcome: skipped, ineligible, already ... */
    const char *why;
};

struct hf_plan_control {
    const char *name;
    uint16_t ring;
};

/* What later rings hold and earlier ones do not. */
struct hf_plan_gap {
    const char *what;  /* "role", "product" ... */
    const char *value; /* "sap" */
    const char *ring;  /* first ring that holds it */
    size_t hosts;      /* there */
};

struct hf_plan_ring {
    size_t first, len; /* hosts of the ring: a span of hf_plan.hosts */
    size_t batches;
};

/* A plan that goes on from a run. */
enum hf_plan_after {
    HF_PLAN_ALONE,
    HF_PLAN_RETRY,     /* of some of its hosts */
    HF_PLAN_SUPERSEDE, /* takes its place, with newer releases */
    HF_PLAN_UNDO,      /* takes back what it, or anybody, did */
    HF_PLAN_AFTER_COUNT
};
extern const char *const hf_plan_after_names[HF_PLAN_AFTER_COUNT + 1];

struct hf_plan_origin {
    int how;             /* enum hf_plan_after */
    const char *run;     /* NULL: alone, or of no run in particular */
    const char *of;      /* which of its hosts: "failed+unreachable", or NULL */
    const char *release; /* undo: that one only, or NULL */
};

/* What it costs beside restarts. */
struct hf_plan_price {
    const char *const *cves; /* closed; in a rollback: open again */
    size_t exploited;        /* of these */
    const char *const *notes;
};

struct hf_plan {
    char id[40];     /* run-like id of the plan */
    char hash[65];   /* over the canonical form without hash and created */
    int64_t created; /* ms */
    const char *operator_;
    const char *change; /* id of the change, or NULL */
    struct hf_plan_origin origin;
    const char *fleet;
    char inventory[41], playbook_blob[41];
    char catalogue[65]; /* hash of the rows it rests on */
    char calendar[65];  /* and of the calendar; "" without one */
    int simulated;
    struct hf_playbook playbook;
    const char *const *releases; /* "ws2025 KB5078766", NULL-terminated */
    struct hf_plan_ring *rings;  /* as many as the playbook has */
    struct hf_plan_host *hosts;  /* by ring, batch, order of starting */
    size_t hosts_len;
    struct hf_plan_left_out *left_out;
    size_t left_out_len;
    struct hf_plan_control *controls;
    size_t controls_len;
    struct hf_plan_price price;
    struct hf_plan_gap *gaps;
    size_t gaps_len;
    size_t domain_values;   /* how many, over all limits */
    uint32_t *by_name;      /* see hf_plan_index */
    struct hf_arena *arena; /* owns all of it */
};

/* What documents call the group of hosts with restart_update. */
#define HF_GROUP_RESTART_UPDATE "restart-update"
/* What is done to that host of the plan. */
enum hf_action hf_plan_action(const struct hf_plan *plan, int host);

void hf_plan_free(struct hf_plan *plan);
/* To be called once, when the hosts are complete and in their order. */
void hf_plan_index(struct hf_plan *plan);
/* Place of a host in plan->hosts, or -1. */
int hf_plan_find(const struct hf_plan *plan, const char *name);

/* How long after its restart window opened the host waits: less than `spread`
 * (ms), at random by the plan's hash and its name, so that anybody can compute
 * it again. */
int64_t
hf_plan_spread(const struct hf_plan *plan, const char *host, int64_t spread);

/* Position of a name in a pool for percent rings: the first 8 bytes of
 * SHA-256(pool "\n" name), big endian. */
uint64_t hf_plan_order(const char *pool, const char *name);

#endif
