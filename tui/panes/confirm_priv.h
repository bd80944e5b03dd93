/* The form's inside, for its own files. */
#ifndef HF_PANES_CONFIRM_PRIV_H
#define HF_PANES_CONFIRM_PRIV_H

#include "tui/panes/ui.h"
#include "tui/term/input.h"

/* More hosts than this want their number typed. */
#define CONFIRM_LARGE 10

enum confirm_field {
    CONFIRM_CHANGE,
    CONFIRM_REASON,
    CONFIRM_COUNT, /* the number of hosts, typed */
    CONFIRM_GO_ON,
    CONFIRM_AGAIN,
    CONFIRM_OLD, /* although the catalogue is overdue */
    CONFIRM_HIDDEN,
    CONFIRM_NO,
    CONFIRM_YES,
    CONFIRM_FIELDS
};

enum confirm_kind { CONFIRM_TEXT, CONFIRM_SWITCH, CONFIRM_BUTTON };

struct hf_confirm {
    enum hf_action action;
    struct hf_targets targets; /* frozen when the form opened */
    struct hf_forecasts forecasts;
    struct hf_input text[CONFIRM_COUNT + 1];
    int on[CONFIRM_FIELDS];
    enum confirm_field focus;
    struct hf_list list;   /* of hosts */
    int stale;             /* the catalogue was found overdue */
    struct hf_err refusal; /* code 0: nothing speaks against it */
    int64_t opened;
};

struct confirm_row {
    enum confirm_kind kind;
    const char *label;
    int (*shown)(const struct hf_ui *ui, const struct hf_confirm *c);
};
extern const struct confirm_row confirm_rows[CONFIRM_FIELDS];

struct hf_confirm *confirm_mine(const struct hf_ui *ui);
/* The fields as a question to the session; `names` is the caller's array for
 * all hosts and borrowed by the ask. */
void confirm_ask(struct hf_ask *ask, const struct hf_confirm *c,
                 const char ***names);
void confirm_draw(struct hf_ui *ui, const struct hf_area *area);

#endif
