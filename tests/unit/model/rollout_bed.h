/*
 * A rollout played on paper: plans made up from a seed, a clock that jumps,
 * hosts that end as dice say, and rules that must hold whatever happens.
 */
#ifndef HF_TEST_ROLLOUT_BED_H
#define HF_TEST_ROLLOUT_BED_H

#include "backend/model/rollout.h"

#define MINUTE ((int64_t)60 * 1000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/* A plan of `rings` rings with `hosts` hosts each, in batches of `batch`; all
 * defaults, no gates. The caller changes what it wants before it is run. */
struct hf_plan *bed_plan(size_t rings, size_t hosts, size_t batch);
/* One made up from dice, with gates, domains, budgets, sleepers. */
struct hf_plan *bed_random_plan(unsigned *seed);
/* The rings, to be changed before the plan is run. */
struct hf_playbook_ring *bed_rings(struct hf_plan *plan);
/* Gives the first ring this gate, as "health". */
void bed_gate(struct hf_plan *plan, struct hf_gate gate);
unsigned bed_dice(unsigned *seed, unsigned sides);

/* What takes a run back here. */
#define BED_UNDO_RUN "20261123T060000Z-77aa01"

struct bed {
    const struct hf_plan *plan;
    struct hf_rollout *r;
    int64_t now;
    unsigned seed;
    struct hf_rollout_event *log; /* all that was applied */
    size_t log_len, log_cap;
    /* what the dice may do, in percent */
    unsigned fail, unverified, unreachable, bad_sample, unclear, bad_hook;
    int bad_rehearsal; /* every one */
    int asks_twice;    /* what is next, which says the same both times */
    /* Answers admission; NULL: yes. */
    enum hf_admit (*admit)(struct bed *b, int host, int64_t *until,
                           int *outcome);
    int (*outcome)(struct bed *b, int host); /* NULL: by the dice */
    /* what is under way */
    int *in_flight;
    size_t in_flight_len, in_flight_cap;
    struct hf_rollout_event *asked; /* hooks, samples, rehearsals, undos */
    size_t asked_len, asked_cap;
    int *tries; /* by host */
    int stops;  /* halts and pauses so far */
    int resume; /* a person resumes after each of them, so many times */
};

void bed_init(struct bed *b, const struct hf_plan *plan, unsigned seed);
void bed_release(struct bed *b);
/* One that happens now, about nothing in particular. */
struct hf_rollout_event
bed_event(const struct bed *b, enum hf_rollout_kind kind);
enum hf_rollout_state bed_state(const struct bed *b);
/* Applies and keeps. */
void bed_apply(struct bed *b, const struct hf_rollout_event *e);
/* One step: what is next is done; else something under way ends; else the
 * clock goes to what is due. 0 when it is over or stuck. */
int bed_step(struct bed *b);
/* Until it is over or stuck: bounded. */
void bed_play(struct bed *b);
size_t bed_count(const struct bed *b, enum hf_rollout_kind kind);
/* Place in the log of the n-th event of a kind (from 0), or -1. */
int bed_find(const struct bed *b, enum hf_rollout_kind kind, size_t n);

#endif
