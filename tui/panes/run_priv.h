/* One run on its screen, for the files that make it. */
#ifndef HF_PANES_RUN_PRIV_H
#define HF_PANES_RUN_PRIV_H

#include "tui/panes/run_pane.h"
#include "tui/rows/replay.h"
#include "tui/rows/runs.h"

struct hf_run_pane {
    char id[HF_RUN_ID_LEN];
    struct hf_replay replay;  /* of a run of a plan */
    struct hf_run_rows facts; /* one row: the run as its documents tell */
    struct hf_progress own;
    struct hf_tail tail;
    struct hf_list list, log;
    int in_log; /* where the keys go */
    int at_end; /* of the log: it follows */
    int old;    /* events have come: groups are to be made anew */
    uint64_t stamp;
    int64_t looked;
    /* Evidence that is still to be read, host by host. */
    struct hf_strs names;
    struct hf_progress_host *read;
    size_t read_len;
    char why[HF_WHY_LEN]; /* it cannot be read */
};

struct hf_run_pane *run_mine(const struct hf_ui *ui);

/* ---- run_source.c: where it comes from ---- */
/* Reads the run of that id: a plan's from its events, else what the ledger
 * has of it. */
void run_read(struct hf_ui *ui);
int run_is_of_plan(const struct hf_run_pane *p);
/* Others carry it out: is there more? */
void run_look_again(struct hf_ui *ui);
/* Many hosts of the past take their time: a picture at a time. */
void run_read_more(struct hf_ui *ui);
void run_drop_reading(struct hf_run_pane *p);

#endif
