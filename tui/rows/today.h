/*
 * The Today screen as lines: what needs me now, from states alone. The same
 * lines serve the console and `hotfleet today`. Pure: no curses, no files.
 */
#ifndef HF_ROWS_TODAY_H
#define HF_ROWS_TODAY_H

#include "backend/base/buf.h"
#include "backend/model/selector.h"
#include "backend/model/state.h"
#include "playbooks/savings.h"
#include "tui/rows/rings.h"

enum hf_today_section {
    HF_TODAY_FLEET,     /* fleet, commit, clock, age of catalogue and facts */
    HF_TODAY_MONTH,     /* what is new, by product */
    HF_TODAY_EFFECT,    /* in effect n of N */
    HF_TODAY_RINGS,     /* a line per ring */
    HF_TODAY_NEEDS,     /* what a person must do now */
    HF_TODAY_NEXT,      /* the next 24 h: windows, freezes, runs */
    HF_TODAY_RESTART,   /* restart due, by date */
    HF_TODAY_ELSEWHERE, /* patched by others */
    HF_TODAY_UNCOUNTED, /* not counted, and why */
    HF_TODAY_SECTION_COUNT
};
extern const char *const hf_today_titles[HF_TODAY_SECTION_COUNT + 1];

struct hf_today_line {
    enum hf_today_section section;
    char *text;
    char *next;           /* the command that deals with it, or NULL */
    char *selector;       /* that means the same hosts, or NULL */
    struct hf_strs hosts; /* those behind the line; may be empty */
    size_t part, whole;   /* for a bar; whole 0: none */
    int urgent;           /* wants to be seen */
    const struct hf_release *release; /* borrowed from the fleet, or NULL */
    size_t exploited;                 /* of its CVEs */
};

struct hf_today {
    struct hf_today_line *v;
    size_t len, cap;
    size_t needs; /* lines in HF_TODAY_NEEDS */
};

struct hf_today_in {
    const struct hf_fleet *fleet;
    const struct hf_state *states;
    size_t states_len;
    const char *operator_;   /* or NULL */
    size_t open_intents;     /* left by a killed process */
    const char *elsewhere;   /* what another process is about, or NULL */
    const char *ledger_note; /* "" or why it lags */
    int read_only;
    const struct hf_rings_run *runs; /* of plans, as they stand */
    size_t runs_len;
    /* Of this month, by evidence; NULL: not reckoned. */
    const struct hf_saved *saved;
    int64_t now;
};

void hf_today_make(struct hf_today *out, const struct hf_today_in *in);
void hf_today_release(struct hf_today *t);

#endif
