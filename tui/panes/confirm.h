/*
 * The form before hosts are changed: who, at what price, the change id, the
 * same as a command. Its host list is frozen; the default answer is no.
 */
#ifndef HF_PANES_CONFIRM_H
#define HF_PANES_CONFIRM_H

#include "playbooks/plan.h"
#include "tui/panes/ui.h"

/* An action on hosts; takes the targets. */
void
hf_confirm_open(struct hf_ui *ui, enum hf_action action, struct hf_targets *t);

/* What a plan is made from: a playbook by its name; or a run by its id, and of
 * it a ring or groups of hosts; or a release by its name. */
struct hf_plan_source {
    char *name, *part; /* part: NULL, all of it */
};

/* How a plan is made. */
struct hf_plan_maker {
    const char *word; /* of the button: "run" */
    /* `typed`: change, reason, old_catalogue. The plan is the caller's. */
    int (*make)(struct hf_plan **out, struct hf_ui *ui,
                const struct hf_plan_source *from,
                const struct hf_plan_ask *typed, struct hf_problems *problems,
                struct hf_err *err);
    /* The command line up to its options: "hotfleet run monthly". */
    void (*command)(struct hf_buf *out, const struct hf_plan_source *from);
    /* What must be done before a host is begun, or NULL; see `blocks`. */
    int (*prepare)(struct hf_ui *ui, const struct hf_plan *plan,
                   const struct hf_plan_ask *typed, struct hf_err *err);
    /* What follows from the plan once it is recorded, or NULL. */
    int (*recorded)(struct hf_ui *ui, const struct hf_plan *plan,
                    struct hf_err *err);
    int blocks; /* it blocks releases, unless the form says not to */
};
/* A plan; yes records it and carries it out in this console. */
void hf_confirm_plan(struct hf_ui *ui, const struct hf_plan_maker *maker,
                     const char *name, const char *part);

#endif
