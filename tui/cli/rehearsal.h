/*
 * A rehearsal: the real playbook on simulated copies of this fleet's hosts, as
 * they were when they were last asked, in a repository of its own, in which
 * time without events is skipped. Nothing here can reach a real host, and
 * nothing is written outside of a temporary folder.
 */
#ifndef HF_CLI_REHEARSAL_H
#define HF_CLI_REHEARSAL_H

#include "backend/sim/sim.h"
#include "inventory/load.h"
#include "playbooks/rollout.h"
#include "tui/cli/verb.h"

/* One copy and the host that it stands for. */
struct hf_copy {
    const char *name; /* the plan's */
    struct hf_facts facts;
    char why[HF_WHY_LEN]; /* how it ended */
};

struct hf_rehearsal {
    struct hf_cli *cli;
    char *dir;              /* all that is written */
    struct hf_repo *real;   /* whose commits are read */
    struct hf_fleet *fleet; /* whose catalogue the copies know */
    struct hf_plan *plan;
    struct hf_copy *copies;    /* the plan's hosts, then its control hosts */
    struct hf_sim_host *hosts; /* the same for the simulation */
    size_t len;
    struct hf_strs never; /* hosts without facts: no copy can be made */
    char *identity;
    struct hf_sim *sim;
};

/* Opens a session on a shadow of the fleet as cli->session. */
int hf_rehearsal_open(struct hf_rehearsal *r, struct hf_cli *cli,
                      struct hf_err *err);
/* The plan of that playbook, or the plan, and a copy of each of its hosts. */
int
hf_rehearsal_plan(struct hf_rehearsal *r, const char *name, struct hf_err *err);
/* What --fail and --faults ask for. HF_EUSAGE. */
int hf_rehearsal_ail(struct hf_rehearsal *r, struct hf_err *err);
/* The copies come to life. */
int hf_rehearsal_start(struct hf_rehearsal *r, struct hf_err *err);
/* Ends the session, too, and removes everything. */
void hf_rehearsal_close(struct hf_rehearsal *r);

/* ---- what is told ---- */

/* A thing of note: a gate or a stop. */
struct hf_rehearsal_note {
    enum hf_rollout_kind kind;
    int64_t at;
    int ring, gate;
    char why[HF_WHY_LEN];
};
struct hf_rehearsal_ring {
    int64_t began, soak, ended; /* ms; 0: did not happen */
    size_t samples[HF_SAMPLE_COUNT];
};
struct hf_rehearsal_story {
    struct hf_rehearsal_ring *rings; /* of the plan */
    struct hf_rehearsal_note *notes;
    size_t len, cap;
};

void hf_rehearsal_told(struct hf_rehearsal *r, struct hf_rehearsal_story *s,
                       const struct hf_rollout_event *e);
/* Above everything else that is printed. */
void hf_rehearsal_header(const struct hf_rehearsal *r);
/* As text or as JSON; returns the status. */
int hf_rehearsal_report(const struct hf_rehearsal *r,
                        const struct hf_rehearsal_story *s,
                        const struct hf_conduct *c, int status);

#endif
