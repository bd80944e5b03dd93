/*
 * Plans: made from a session and a playbook, written to the ledger, read back.
 * One document, docs/schemas/plan.schema.json.
 */
#ifndef HF_PLAYBOOKS_PLAN_H
#define HF_PLAYBOOKS_PLAN_H

#include "backend/model/plan.h"
#include "playbooks/session.h"

struct hf_plan_ask {
    const char *playbook;
    const char *change, *reason; /* may be NULL; else over the playbook's */
    int old_catalogue;           /* although overdue; needs a reason */
    /* Exactly these hosts, whatever the playbook selects; NULL: its targets.
     * They keep the rings that they had in `after`, and its control hosts. */
    const char *const *only;
    size_t only_len;
    const struct hf_plan *after; /* of the run that this goes on from */
    struct hf_plan_origin origin;
    int unbounded; /* for comparing: expect_hosts does not count */
};

/*
 * From recorded facts; contacts nobody. HF_EINVALID: the playbook, see the
 * problems, or hosts outside its expectations; HF_EREFUSED: it demands what
 * cannot be enforced, or would change what it says must not be; HF_ESTALE: the
 * catalogue. A plan without hosts is a plan. The caller's.
 */
int hf_plan_make(struct hf_plan **out, struct hf_session *s,
                 const struct hf_plan_ask *ask, struct hf_problems *problems,
                 struct hf_err *err);

/* What is offered beside updates that restart, over all hosts: what goes along
 * comes first, then by KB. */
struct hf_plan_beside {
    const char *kb; /* the plan's */
    int along;      /* else it stays behind */
    size_t hosts;
};
struct hf_plan_offers {
    struct hf_plan_beside *v; /* to be freed */
    size_t len, cap;
    size_t staged;   /* hosts where the update is downloaded already */
    size_t unknown;  /* hosts of which it is not known what stays */
    const char *why; /* of one of these, or NULL */
};
void hf_plan_offers(struct hf_plan_offers *out, const struct hf_plan *plan);
/* For who sums up something else: one host more that has `kb`, borrowed; and
 * the order when all are counted. */
void
hf_plan_offers_count(struct hf_plan_offers *out, const char *kb, int along);
void hf_plan_offers_sort(struct hf_plan_offers *out);

/* The whole document, the caller's. */
cJSON *hf_plan_to_json(const struct hf_plan *plan);
/* HF_EINVALID names what is wrong with it, also a hash that does not fit. */
int
hf_plan_from_json(struct hf_plan **out, const cJSON *doc, struct hf_err *err);
/* {how, run, hosts} of one that is not alone; the caller's. */
cJSON *hf_plan_origin_json(const struct hf_plan_origin *o);
/* "retry of run 20261123T...: failed"; the same holds. */
void hf_plan_origin_say(struct hf_buf *out, const struct hf_plan_origin *o);
/* Fills plan->hash: SHA-256 of the RFC 8785 form of what decides. */
void hf_plan_seal(struct hf_plan *plan);

/* Gives it to the ledger, as plans/<yyyy-mm>/<id>.json; hf_session_settle
 * waits until it is there. */
int hf_plan_record(struct hf_session *s, const struct hf_plan *plan,
                   struct hf_err *err);
/* By id or by the beginning of its hash. HF_ENOTFOUND. */
int hf_plan_find_recorded(struct hf_plan **out, struct hf_session *s,
                          const char *id, struct hf_err *err);

/* One thing that is not the same in two plans. */
enum hf_plan_change_kind {
    HF_PLAN_CHANGE_PLAYBOOK, /* what: the member */
    HF_PLAN_CHANGE_RELEASE_GONE,
    HF_PLAN_CHANGE_RELEASE_NEW,
    HF_PLAN_CHANGE_CALENDAR,
    HF_PLAN_CHANGE_CATALOGUE,
    HF_PLAN_CHANGE_RING, /* from here on, what: the host */
    HF_PLAN_CHANGE_FROM,
    HF_PLAN_CHANGE_TO,
    HF_PLAN_CHANGE_SETTINGS,
    HF_PLAN_CHANGE_RESTART,
    HF_PLAN_CHANGE_MINUTES,
    HF_PLAN_CHANGE_UNDO,
    HF_PLAN_CHANGE_HOST_GONE, /* was: its ring; is: why it is left out */
    HF_PLAN_CHANGE_HOST_NEW,  /* was: why it was left out; is: its ring */
    HF_PLAN_CHANGE_LEFT_OUT,  /* why, or NULL */
    HF_PLAN_CHANGE_COUNT
};
enum {
    HF_PLAN_CHANGE_STALE = 1 << 0, /* the older plan must not be carried out */
    HF_PLAN_CHANGE_TOLD = 1 << 1,  /* by --fresh */
};
struct hf_plan_change_row {
    const char *name; /* "host-gone" */
    unsigned flags;
    const char *sentence; /* a format of what, is, was: texts, in this order */
};
extern const struct hf_plan_change_row
    hf_plan_change_rows[HF_PLAN_CHANGE_COUNT];

struct hf_plan_change {
    enum hf_plan_change_kind kind;
    char *what, *was, *is; /* NULL: nothing is to be said */
};
struct hf_plan_changes {
    struct hf_plan_change *v;
    size_t len, cap;
};
/* Everything in which they differ, the caller's. */
void hf_plan_compare(struct hf_plan_changes *out, const struct hf_plan *old,
                     const struct hf_plan *now);
void hf_plan_changes_release(struct hf_plan_changes *c);

/* What moved between two plans of a playbook, a line each. */
struct hf_plan_moves {
    struct hf_strs stale;    /* the older one must not be carried out */
    struct hf_strs harmless; /* hosts that are gone or new ... */
};
void hf_plan_moves_release(struct hf_plan_moves *m);
void hf_plan_diff(struct hf_plan_moves *out, const struct hf_plan *old,
                  const struct hf_plan *now);
/* What would be planned now in its place; expect_hosts does not count. */
int hf_plan_now(struct hf_plan **out, struct hf_session *s,
                const struct hf_plan *plan, struct hf_problems *problems,
                struct hf_err *err);
/* What moved between the two. */
int hf_plan_moved(struct hf_plan_moves *out, struct hf_session *s,
                  const struct hf_plan *plan, struct hf_problems *problems,
                  struct hf_err *err);

#endif
