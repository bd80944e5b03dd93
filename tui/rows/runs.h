/*
 * Runs in a list, live and past, of plans and of single verbs; and what the
 * ledger's evidence tells of their hosts. Pure: no curses, no files.
 */
#ifndef HF_ROWS_RUNS_H
#define HF_ROWS_RUNS_H

#include <cjson/cJSON.h>

#include "tui/rows/progress.h"
#include "tui/rows/rings.h"

enum hf_run_standing {
    HF_RUN_HERE,      /* this console carries it out */
    HF_RUN_ELSEWHERE, /* another process does */
    HF_RUN_LEFT,      /* nobody does, and it has not ended */
    HF_RUN_ENDED,
    HF_RUN_STANDING_COUNT
};

/* Texts are the row's own. */
struct hf_run_row {
    char id[HF_RUN_ID_LEN];
    char *what;        /* "apply", or the playbook's name */
    char *who;         /* "Ann; change CHG7; reason ..." */
    int64_t at, ended; /* ms, 0: unknown */
    enum hf_run_standing standing;
    int of_plan;
    int exit;          /* -1: unknown */
    const char *state; /* of a run of a plan: "paused"; NULL */
    size_t hosts, waiting, in_flight, unsettled;
    size_t by_outcome[HF_OUTCOME_COUNT];
};

/* {0} is empty. */
struct hf_run_rows {
    struct hf_run_row *v; /* newest first, see hf_run_rows_sort */
    size_t len, cap;
};
void hf_run_rows_release(struct hf_run_rows *r);
struct hf_run_row *
hf_run_rows_find(const struct hf_run_rows *r, const char *id);
/* A new row; valid until the next is added. */
struct hf_run_row *hf_run_rows_add(struct hf_run_rows *r, const char *id);
/* As the ledger has it: run.json, and end.json or NULL. */
void hf_run_rows_past(struct hf_run_rows *r, const char *id, const cJSON *doc,
                      const cJSON *end);
/* A run of a plan, as far as it has come; over what the ledger says. `here`:
 * this console carries it out. */
void hf_run_rows_plan(struct hf_run_rows *r, const struct hf_rings_run *run,
                      int here);
/* A host of it is left unsettled. */
void hf_run_rows_unsettled(struct hf_run_rows *r, const char *id,
                           enum hf_action action);
void hf_run_rows_sort(struct hf_run_rows *r);
void hf_run_row_line(struct hf_line *out, const struct hf_run_row *row,
                     const struct hf_look *look);

/* A host of a past run from its evidence (NULL: none was left). */
void hf_run_past_host(struct hf_progress_host *out, const char *name,
                      const cJSON *evidence);
/* What its job said, into a log. */
void
hf_run_past_log(struct hf_tail *tail, const char *name, const cJSON *evidence);

#endif
