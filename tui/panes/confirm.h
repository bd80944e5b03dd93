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

/* Where a plan comes from. */
struct hf_plan_maker {
    const char *word; /* of the button: "run" */
    /* From the thing of that name and what was typed; the caller's. */
    int (*make)(struct hf_plan **out, struct hf_ui *ui, const char *name,
                const struct hf_plan_ask *typed, struct hf_err *err);
    /* The command line up to its options: "hotfleet run monthly". */
    void (*command)(struct hf_buf *out, const char *name);
};
/* A plan; yes records it and carries it out in this console. */
void hf_confirm_plan(struct hf_ui *ui, const struct hf_plan_maker *maker,
                     const char *name);

#endif
