/*
 * What the parts of hotfleet why share. For verb_why.c and why_*.c only.
 */
#ifndef HF_CLI_WHY_H
#define HF_CLI_WHY_H

#include "tui/cli/verb.h"

#define HF_WHY_LINE_LEN 512

struct why_line {
    const char *topic; /* "hold" */
    char text[HF_WHY_LINE_LEN];
    const char *file;        /* where that stands, or NULL */
    char commit[41];         /* in which it came to be so, or empty */
    int stops;               /* it keeps the host from being patched */
    enum hf_outcome outcome; /* as what, when `stops`; HF_OUTCOME_COUNT: the
                                forecast says that better */
    char next[HF_WHY_LEN];   /* the next step, or empty */
};

struct why {
    struct hf_cli *cli;
    const struct hf_state *state;
    const struct hf_fleet *fleet;
    struct why_line *v;
    size_t len, cap;
    char sentence[1024];
    const char *outcome; /* "will", or why not in one word */
    char *command;       /* the next step, or NULL */
};

/* Borrowed until the next one is added. */
struct why_line *why_add(struct why *w, const char *topic, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Says in which commit `file` became what it is. */
void why_cite(const struct why *w, struct why_line *line, const char *file);

/* ---- why_calendar.c ---- */

void why_freeze(struct why *w);
void why_windows(struct why *w);
/* The next restart that it will be forced into. */
void why_restart(struct why *w);

#endif
