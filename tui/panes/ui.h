/*
 * The console's inside: one screen ("base"), panes above it (menus, forms,
 * help, typed lines), and what they share. Panes and keys are const tables;
 * tabs, digits, verbs, help and the bottom line read them: a new screen is one
 * file and one line in hf_panes. One thread; nothing here blocks.
 */
#ifndef HF_PANES_UI_H
#define HF_PANES_UI_H

#include "playbooks/session.h"
#include "tui/rows/fleet_view.h"
#include "tui/rows/progress.h"
#include "tui/term/list.h"
#include "tui/term/screen.h"

struct hf_conduct;
struct hf_ui;

/* What a key handler's answer asks of the loop. */
enum {
    HF_UNUSED = 0,       /* not mine: ask the next table */
    HF_HANDLED = 1 << 0, /* done; draw again */
    HF_RECALC = 1 << 1,  /* and what screens show has moved */
};

/* What must be given for a key or verb; else it is refused with the reason. */
enum {
    HF_NEED_WRITE = 1 << 0,     /* not read-only */
    HF_NEED_RUN = 1 << 1,       /* a run under way */
    HF_NEED_IDLE = 1 << 2,      /* none under way */
    HF_NEED_TARGETS = 1 << 3,   /* at least one host */
    HF_KEY_EVERYWHERE = 1 << 8, /* works above forms and menus, too */
};

/* A table of these ends with a row without `help`. */
struct hf_key_row {
    int keys[4];      /* key codes; a key of the F row is shown at the bottom */
    const char *foot; /* at most 5 letters, or NULL */
    const char *help;
    unsigned needs;
    unsigned (*run)(struct hf_ui *ui, int key);
};

/* A part of the screen. */
struct hf_area {
    int y, rows, cols;
};

/* Hosts that an action is for. */
struct hf_targets {
    struct hf_strs names;
    struct hf_strs hidden; /* marked, but not shown by the filter */
    char *selector;        /* when they were chosen by one */
    char *title;           /* "3 marked hosts" */
};
void hf_targets_release(struct hf_targets *t);

struct hf_pane {
    const char *name;  /* "fleet": for the verb line */
    const char *title; /* "Fleet" */
    const char *help;
    char digit; /* of a screen; 0: a pane above one */
    int fills;  /* a pane above one that hides it */
    const struct hf_key_row *keys;
    /* All of these may be NULL. */
    /* What the pane keeps while the console lives: see hf_ui_kept. */
    void *(*make)(void);
    void (*unmake)(void *kept);
    void (*open)(struct hf_ui *ui);
    void (*close)(struct hf_ui *ui);
    void (*recalc)(struct hf_ui *ui); /* states or run moved */
    /* The fleet was read again: what was borrowed from the former snapshot is
     * gone already, and let go of. `recalc` follows, at the latest when the
     * pane is shown. */
    void (*forget)(struct hf_ui *ui);
    void (*draw)(struct hf_ui *ui, const struct hf_area *area);
    /* Of a screen: what takes longer than a picture may, a piece of some
     * milliseconds between two keys; 1: there is more. */
    int (*work)(struct hf_ui *ui);
    /* Behind the pane's title: what is shown. */
    void (*subtitle)(struct hf_ui *ui, struct hf_line *out);
    /* The list that arrows and pages move. */
    struct hf_list *(*list)(struct hf_ui *ui);
    /* Keys of no table: text. */
    unsigned (*key)(struct hf_ui *ui, const struct hf_key *key);
    void (*targets)(struct hf_ui *ui, struct hf_targets *out);
    /* For the second line from below, instead of the last message. */
    void (*footnote)(struct hf_ui *ui, struct hf_line *out);
};
extern const struct hf_pane hf_pane_today, hf_pane_fleet, hf_pane_eligibility,
    hf_pane_matrix, hf_pane_host, hf_pane_rings, hf_pane_runs, hf_pane_run,
    hf_pane_replay, hf_pane_help, hf_pane_menu, hf_pane_prompt, hf_pane_confirm,
    hf_pane_value, hf_pane_reboots, hf_pane_rollback;
/* All of them, screens in the order of their digits; NULL-terminated. */
extern const struct hf_pane *const hf_panes[];
extern const struct hf_key_row hf_keys_global[];

#define HF_UI_DEPTH 8
#define HF_UI_PANES 24

struct hf_ui {
    struct hf_session *session;
    struct hf_screen *screen;
    struct hf_look look;
    int64_t mono;
    const struct hf_pane *base;
    const struct hf_pane *before[HF_UI_DEPTH]; /* screens, for Esc */
    size_t before_len;
    const struct hf_pane *above[HF_UI_DEPTH];
    size_t above_len;
    char message[1200];
    enum hf_tone message_tone;
    /* What screens share. */
    const struct hf_product *oldest; /* see hf_oldest_product */
    struct hf_fleet_view view;
    struct hf_list fleet_list;
    struct hf_progress progress;
    struct hf_tail tail;
    struct hf_targets asked; /* whom the open question is about */
    char asked_run[HF_RUN_ID_LEN];
    void *kept[HF_UI_PANES]; /* see hf_ui_kept */
    /* The run. */
    int live; /* one is under way */
    enum hf_action action;
    int64_t began;              /* monotonic ms */
    int64_t took;               /* ms, of the last one */
    char run_id[HF_RUN_ID_LEN]; /* of a single verb's run, live or the last */
    int run_exit;               /* of the last one */
    int moved;                  /* its events moved something */
    int recovering;             /* it settles what an earlier process left */
    int interrupts;             /* Ctrl-C since it began */
    /* The run of a plan that is carried out here; see carry.h. */
    struct hf_conduct *conduct; /* or NULL */
    int conduct_idle;           /* it stands still: the session is free */
    char conduct_trouble[256];
    int lively; /* a pane moves by itself: the next picture comes at once */
    /* The way out. */
    int leave_when_over; /* as soon as the run has ended */
    int leaving;         /* now */
    int exit_status;
};

/* ---- the whole (ui.c, frame.c) ---- */

void hf_ui_init(struct hf_ui *ui, struct hf_session *session,
                struct hf_screen *screen);
void hf_ui_release(struct hf_ui *ui);
void hf_ui_draw(struct hf_ui *ui);
/* What the screen in view has to work out; 1: there is more. */
int hf_ui_work(struct hf_ui *ui);
/* The last message goes away, then the key does what it does. */
void hf_ui_key(struct hf_ui *ui, const struct hf_key *key);
/* The states moved: what is in view calculates anew. */
void hf_ui_recalc(struct hf_ui *ui);

/* What the pane made for itself; NULL when it keeps nothing. */
void *hf_ui_kept(const struct hf_ui *ui, const struct hf_pane *pane);

/* Goes to a screen; Esc comes back. */
void hf_ui_go(struct hf_ui *ui, const struct hf_pane *pane);
void hf_ui_back(struct hf_ui *ui);
/* Puts a pane above; takes the topmost away. */
void hf_ui_push(struct hf_ui *ui, const struct hf_pane *pane);
void hf_ui_pop(struct hf_ui *ui);
const struct hf_pane *hf_ui_top(const struct hf_ui *ui);

void hf_ui_say(struct hf_ui *ui, enum hf_tone tone, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* The error with its next step. */
void hf_ui_fail(struct hf_ui *ui, const struct hf_err *err);
/* The hosts that the open question is about and that are still there, `n` of
 * them; the array is the caller's. */
const struct hf_host **hf_ui_asked_hosts(const struct hf_ui *ui, size_t *n);
/* 1, or 0 after saying why not. */
int hf_ui_can(struct hf_ui *ui, unsigned needs);
/* The hosts that the screen's keys act on. */
void hf_ui_targets(struct hf_ui *ui, struct hf_targets *out);

#endif
