/*
 * Checks: rows that look at facts and yield a finding. This folder holds the
 * checks that platforms share; a driver owns the rows of its platform.
 */
#ifndef HF_CHECKS_CHECK_H
#define HF_CHECKS_CHECK_H

#include "backend/model/action.h"
#include "backend/model/playbook.h"
#include "backend/model/state.h"

/* What a check may look at. */
struct hf_check_in {
    const struct hf_host *host;
    const struct hf_facts *facts;
    const struct hf_catalogue *catalogue;
    const struct hf_fleet *fleet; /* for rows about its files; else NULL */
    const char *product;          /* catalogue id, or NULL: not known */
    /* For criteria only: the facts before, and what was ordered. */
    const struct hf_facts *before;
    int unchanged; /* no run has changed the host: there is no `before` */
    const struct hf_order *order;
    const struct hf_standing *status; /* by these facts; NULL: not judged */
    int64_t now;
};

struct hf_check {
    const char *name;   /* stable: "lockdown"; used by check:NAME */
    const char *title;  /* "Kernel lockdown and module signatures" */
    const char *help;   /* why it matters, one sentence */
    const char *remedy; /* what to do when it does not pass; where the fact
                           could not be read, how to read it stands instead */
    const char *who;    /* who can do that: "root on the host", ... */
    int needs_restart;  /* of the remedy */
    int settles;        /* of a criterion: soon after a start it may pass by
                           itself; what else fails, fails for good */
    unsigned spares;    /* actions (1 << enum hf_action) that a block or
                           unknown of this row does not stop */
    unsigned signals;   /* criteria: enum hf_signal of gates that it is */
    /* Fills verdict, expected, found, source, at through the helpers below;
     * `out` already carries the row's constants. */
    void (*run)(const struct hf_check_in *in, struct hf_finding *out);
};

/* Runs a NULL-terminated table of rows, in order. */
void hf_checks_run(struct hf_findings *out, const struct hf_check *const *rows,
                   const struct hf_check_in *in);

/* Helpers for rows. Each sets the verdict and returns. */
void hf_finding_set(struct hf_finding *f, enum hf_verdict v,
                    const char *expected, const char *found_fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* Takes source and time from the fact; when it is absent or unknown, sets
 * UNKNOWN with the reason and returns NULL, else returns the value. */
const char *hf_finding_need(struct hf_finding *f, const struct hf_facts *facts,
                            const char *key, const char *expected);

/* For criteria that compare and have no fact from before: WARN on a host that
 * no run has changed, else UNKNOWN. The text says what was found, and is
 * continued. */
void hf_finding_no_baseline(struct hf_finding *f, const struct hf_check_in *in,
                            const char *expected, const char *found_fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* The facts from before a run that criteria look at: kept with the host until
 * the next run changes it, so that it can be verified later. NULL-terminated;
 * a name that ends in a dot stands for everything below it. */
extern const char *const hf_baseline_keys[];
/* Those of `facts`; what `to` held before is released. */
void hf_baseline_take(struct hf_facts *to, const struct hf_facts *facts);

/* Shared rows. */
extern const struct hf_check
    hf_check_elevation;                      /* root or password-less sudo */
extern const struct hf_check hf_check_space; /* free bytes for the job folder */
extern const struct hf_check hf_check_restart; /* pending restart */
extern const struct hf_check hf_check_job;   /* nobody else's job is running */
extern const struct hf_check hf_check_clock; /* clock difference */
extern const struct hf_check hf_check_identity;    /* machine id as recorded */
extern const struct hf_check hf_check_others;      /* who else patches here */
extern const struct hf_check hf_check_known_issue; /* rules of the fleet */
/* Shared criteria. */
extern const struct hf_check hf_criterion_boot_id; /* same boot id */
extern const struct hf_check hf_criterion_restart; /* no new pending restart */
/* After a restart that was ordered, in place of the two above. */
extern const struct hf_check hf_criterion_restarted;   /* another boot id */
extern const struct hf_check hf_criterion_settled;     /* no pending restart */
extern const struct hf_check hf_criterion_covered;     /* covered again */
extern const struct hf_check hf_criterion_unscheduled; /* none is ordered */
extern const struct hf_check hf_criterion_health;      /* own health checks */
extern const struct hf_check hf_criterion_ports;       /* none was lost */
extern const struct hf_check hf_criterion_units; /* no newly failed unit */
/* After a restart was called off, on every platform; NULL-terminated. */
extern const struct hf_check *const hf_call_off_criteria[];

#endif
