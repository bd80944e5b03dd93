/* The form's inside, for its own files. */
#ifndef HF_PANES_CONFIRM_PRIV_H
#define HF_PANES_CONFIRM_PRIV_H

#include "backend/model/calendar.h"
#include "tui/panes/confirm.h"
#include "tui/term/input.h"

/* More hosts than this want their number typed. */
#define CONFIRM_LARGE 10

/* In the order in which they stand: typed ones, switches, buttons. */
enum confirm_field {
    CONFIRM_NAME,
    CONFIRM_MONTHLY,
    CONFIRM_WEEKLY,
    CONFIRM_AT,
    CONFIRM_LENGTH,
    CONFIRM_FROM,
    CONFIRM_TO,
    CONFIRM_OWNER,
    CONFIRM_TICKET,
    CONFIRM_CHANGE,
    CONFIRM_REASON,
    CONFIRM_CONTROL,
    CONFIRM_UNTIL,
    CONFIRM_COUNT, /* the number of hosts, typed */
    CONFIRM_TEXTS,
    CONFIRM_GO_ON = CONFIRM_TEXTS,
    CONFIRM_AGAIN,
    CONFIRM_OLD, /* although the catalogue is overdue */
    CONFIRM_NO_BLOCK,
    CONFIRM_HIDDEN,
    CONFIRM_EVERY, /* host of the fleet */
    CONFIRM_NO,
    CONFIRM_YES,
    CONFIRM_FIELDS
};

enum confirm_kind { CONFIRM_TEXT, CONFIRM_SWITCH, CONFIRM_BUTTON };

struct hf_confirm;

/* What is asked about: hosts and an action, a plan, an edit of the fleet's
 * files. */
struct confirm_subject {
    unsigned fields; /* those it has, as bits 1 << CONFIRM_x; buttons aside */
    unsigned needs;  /* what must be given for a yes: HF_NEED_x */
    int follows;     /* states that move are looked at while it is open */
    /* Finds out what would happen, and writes `to_do`, `told`, `doc`; what
     * speaks against it is the refusal. */
    void (*look)(struct hf_ui *ui, struct hf_confirm *c);
    /* NULL: `told`. */
    void (*summary)(struct hf_doc *out, const struct hf_confirm *c,
                    const struct hf_look *look);
    const char *list; /* what the rows below the summary are */
    /* NULL, both: `doc`. */
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
extern const struct confirm_subject confirm_hosts, confirm_plan, confirm_block,
    confirm_move, confirm_window, confirm_window_end, confirm_exception,
    confirm_exception_end;

struct hf_confirm {
    const struct confirm_subject *subject;
    const char *word; /* on the button: "apply" */
    size_t to_do;     /* hosts that would change */
    struct hf_doc told, doc;
    /* confirm_hosts */
    enum hf_action action;
    struct hf_targets targets; /* frozen when the form opened; edits, too */
    struct hf_forecasts forecasts;
    /* confirm_plan */
    const struct hf_plan_maker *maker;
    struct hf_plan_source from;
    struct hf_plan *plan;
    /* edits; `from.name` is the releases, the ring, the rule, the exception */
    int ends;               /* what is named is to end */
    char *kernel;           /* of the block that is to; or NULL */
    enum hf_rule_kind kind; /* of a window */
    struct hf_strs seen;    /* what it was shown to change: confirm_as_seen */
    char commit[41];        /* that was made */
    /* several */
    struct hf_input text[CONFIRM_TEXTS];
    int on[CONFIRM_FIELDS];
    enum confirm_field focus;
    struct hf_list list;   /* of hosts */
    int stale;             /* the catalogue was found overdue */
    struct hf_err refusal; /* code 0: nothing speaks against it */
    int refused;           /* it is the answer to a yes */
    int64_t opened;
};

struct confirm_row {
    enum confirm_kind kind;
    const char *label;
    const char *note; /* behind a typed one: an example */
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
/* The hosts asked about, with the hidden ones where they are included: an array
 * of the caller's, names borrowed. */
const char **confirm_names(const struct hf_confirm *c, size_t *n);

/* ---- confirm_edit.c: what edits of the fleet's files share ---- */

/* The form, made ready for confirm_open: an edit of `name` (copied, or NULL);
 * takes the targets, which may be NULL. */
struct hf_confirm *
confirm_edit(struct hf_ui *ui, const struct confirm_subject *subject,
             const char *word, const char *name, struct hf_targets *t);
/* Empties what a look writes. */
void confirm_anew(struct hf_confirm *c);
/* A line of the summary; `label` of 12 columns. Releases the text. */
void confirm_tell(struct hf_ui *ui, const char *label, enum hf_tone tone,
                  struct hf_buf *text);
/* Those that are still there, `n` of them; the array is the caller's. */
const struct hf_state **confirm_states(const struct hf_ui *ui, size_t *n);
/* A list of names below the summary. */
void
confirm_list(struct hf_ui *ui, const struct hf_state *const *states, size_t n);
/* HF_EMOVED, in c->refusal, when what the reader saw is not so any more:
 * `now` has a text for each thing that would be changed, of which each begins
 * with the path of its file. Takes `now`; the first call is what is seen. */
int confirm_as_seen(struct hf_ui *ui, struct hf_strs *now);
/* After an edit: when somebody was first, the form shows how it is now, and the
 * error stays on it. Returns rc. */
int confirm_wrote(struct hf_ui *ui, int rc);
/* The fleet is read again, and the commit said behind what was done. */
void confirm_say_written(struct hf_ui *ui, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* ---- confirm_draw.c ---- */
void confirm_draw(struct hf_ui *ui, const struct hf_area *area);

#endif
