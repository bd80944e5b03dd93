/* The form's inside, for its own files. */
#ifndef HF_PANES_CONFIRM_PRIV_H
#define HF_PANES_CONFIRM_PRIV_H

#include "tui/panes/confirm.h"
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
    CONFIRM_NO_BLOCK,
    CONFIRM_HIDDEN,
    CONFIRM_NO,
    CONFIRM_YES,
    CONFIRM_FIELDS
};

enum confirm_kind { CONFIRM_TEXT, CONFIRM_SWITCH, CONFIRM_BUTTON };

struct hf_confirm;

/* What is asked about: hosts and an action, a plan, a block. */
struct confirm_subject {
    unsigned fields; /* those it has, as bits 1 << CONFIRM_x; buttons aside */
    unsigned needs;  /* what must be given for a yes: HF_NEED_x */
    int follows;     /* states that move are looked at while it is open */
    /* Finds out what would happen; what speaks against it is the refusal. */
    void (*look)(struct hf_ui *ui, struct hf_confirm *c);
    size_t (*to_do)(const struct hf_confirm *c); /* hosts that would change */
    const char *(*word)(const struct hf_confirm *c); /* "apply" */
    void (*summary)(struct hf_doc *out, const struct hf_confirm *c,
                    const struct hf_look *look);
    const char *list; /* what the rows below the summary are */
    size_t (*rows)(const struct hf_confirm *c);
    void (*row)(struct hf_line *out, const struct hf_confirm *c, size_t row,
                const struct hf_look *look);
    /* The same as a command line. */
    void (*command)(struct hf_buf *out, const struct hf_confirm *c);
    /* Begins it: 0, or an error that was told or is the refusal. */
    int (*begin)(struct hf_ui *ui, struct hf_confirm *c);
    /* Shows what has begun, when the form is gone. */
    void (*show)(struct hf_ui *ui);
};
extern const struct confirm_subject confirm_hosts, confirm_plan, confirm_block;

struct hf_confirm {
    const struct confirm_subject *subject;
    /* confirm_hosts */
    enum hf_action action;
    struct hf_targets targets; /* frozen when the form opened */
    struct hf_forecasts forecasts;
    /* confirm_plan */
    const struct hf_plan_maker *maker;
    struct hf_plan_source from;
    struct hf_plan *plan;
    /* confirm_block; `from.name` are the releases */
    struct hf_doc told; /* the summary */
    int ends;           /* a block is to end ... */
    char *kernel;       /* ... that is for this one; or NULL */
    char commit[41];    /* that was made */
    /* several */
    struct hf_doc doc; /* rows of a plan or block */
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
    /* NULL: whenever the subject has it. */
    int (*shown)(const struct hf_confirm *c);
};
extern const struct confirm_row confirm_rows[CONFIRM_FIELDS];

struct hf_confirm *confirm_mine(const struct hf_ui *ui);
/* Empties the form for another question. */
void confirm_clear(struct hf_confirm *c);
/* Looks and shows it. */
void confirm_open(struct hf_ui *ui);
int confirm_has(const struct hf_ui *ui, enum confirm_field field);
/* What was typed, or NULL. */
const char *confirm_text(const struct hf_confirm *c, enum confirm_field field);
void confirm_draw(struct hf_ui *ui, const struct hf_area *area);

#endif
