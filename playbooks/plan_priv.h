/* What the files about plans share. Private to playbooks/plan*.c. */
#ifndef HF_PLAYBOOKS_PLAN_PRIV_H
#define HF_PLAYBOOKS_PLAN_PRIV_H

#include "backend/model/host.h"
#include "playbooks/durations.h"
#include "playbooks/plan.h"

/* ---- plan_make.c ---- */

/* A host of the targets on its way into the plan. */
struct plan_candidate {
    const struct hf_forecast *f;
    uint64_t order; /* in percent rings */
    int ring;       /* -1: none yet */
    int control;
    int restart_update; /* of the group that is restarted with its update */
    const char *no;     /* why nothing is to be done, beside the forecast */
};

/* Gathered while hosts are filled in. */
struct plan_price {
    struct hf_strs seen, cves, notes;
};

struct plan_making {
    struct hf_session *s;
    const struct hf_fleet *fleet;
    const struct hf_plan_ask *ask;
    struct hf_plan *plan;
    struct hf_playbook *pb;
    struct hf_forecasts forecasts, updates; /* updates: with a restart */
    struct plan_candidate *v;
    size_t len;
    int64_t now;
    struct plan_price price;
    struct hf_durations *durations; /* of rollbacks, or NULL */
};

/* In the plan's arena; NULL for nothing. */
const char *plan_keep(struct plan_making *m, const char *text);

/* ---- plan_after.c: what is taken over from the run before ---- */

/* Those of ask.only that the fleet has; an array of the caller's. */
const char **plan_named_targets(const struct plan_making *m, size_t *n);
/* The others are left out. */
void plan_leave_out_gone(struct plan_making *m);
/* Rings that hosts had, where the playbook has them still. */
void plan_keep_rings(struct plan_making *m);
/* Its control hosts of that ring, which nobody has changed. */
void plan_keep_controls(struct plan_making *m, int ring);

/* HF_EREFUSED: the rollback cannot be rehearsed where the playbook wants. */
int plan_check_rehearsal(struct plan_making *m, struct hf_err *err);
/* What is taken back need not soak. HF_EINVALID: another kind of playbook. */
int plan_no_soak(struct plan_making *m, struct hf_err *err);
/* NULL, or why this is not what is to be taken back: one of the releases that
 * the run put in, or the one that was named. */
const char *plan_not_meant(const struct plan_making *m, const char *host,
                           const struct hf_order *o, char why[HF_WHY_LEN]);

/* What hf_plan_origin_json wrote. */
int plan_origin_read(struct hf_plan_origin *out, struct hf_arena *arena,
                     const cJSON *doc, struct hf_err *err);

/* ---- plan_rings.c ---- */

/* Gives each candidate its ring, and sorts them in the order of names' hashes.
 * HF_EINVALID: a selector. */
int plan_fill_rings(struct plan_making *m, struct hf_err *err);
/* Of the n hosts of a ring that are to be changed, in order: the last ones are
 * left as they are, to compare with. How many stay to be changed. */
size_t plan_fill_controls(struct plan_making *m, int ring,
                          struct plan_candidate **in, size_t n);

/* ---- plan_restarts.c ---- */

/* Lets those hosts take an update with a restart that are to. HF_EREFUSED: the
 * playbook says "stop" of one that cannot take the hotpatch. */
int plan_fill_restarts(struct plan_making *m, struct hf_err *err);
/* That group comes last, in its order; *others come before it. */
void plan_group_restarts(struct plan_candidate **v, size_t n, size_t *others);

/* ---- plan_price.c ---- */

void plan_add_price(struct plan_making *m, const struct hf_order *o);
/* What was gathered goes into the plan. */
void plan_fill_price(struct plan_making *m);
void plan_price_release(struct plan_price *p);
cJSON *plan_price_json(const struct hf_plan_price *p); /* caller's */
void plan_price_read(struct hf_plan_price *out, struct hf_arena *arena,
                     const cJSON *doc);
/* How long rollbacks took, where the ledger has any. */
void plan_measure_past(struct plan_making *m);
/* As measured, else as the driver says. */
int plan_minutes(const struct plan_making *m, const struct hf_order *o);

/* ---- plan_parts.c ---- */

/* SHA-256 over a host's effective settings: what reaches or changes it, not
 * its notes, holds and file. In the arena. */
const char *plan_settings(struct hf_arena *arena, const struct hf_host *h);
/* Number of the host's value in that domain among `values`, which grows; -1:
 * it is in none. */
int32_t plan_domain_value(struct hf_strs *values, const char *domain,
                          const struct hf_host *h);
/* NULL-terminated, in the arena. */
const char *const *
plan_keep_names(struct hf_arena *arena, const struct hf_strs *names);
/* As a list of texts in a document, and back. */
void plan_texts_add(cJSON *doc, const char *key, const char *const *texts);
const char *const *
plan_texts_read(struct hf_arena *arena, const cJSON *doc, const char *key);
/* "expected": what the facts tell of each host, outside of the hash. */
void plan_expected_add(cJSON *doc, const struct hf_plan *plan);
/* Into the hosts of an indexed plan. */
void plan_expected_read(struct hf_plan *plan, const cJSON *doc);
/* What its hosts would get, by product. */
void plan_fill_releases(struct hf_plan *plan);
/* What later rings hold that earlier ones do not. */
void plan_fill_gaps(struct hf_plan *plan, struct hf_session *s);
/* HF_EREFUSED when the playbook requires representation and there is a gap. */
int plan_check_gaps(const struct hf_plan *plan, struct hf_err *err);

#endif
