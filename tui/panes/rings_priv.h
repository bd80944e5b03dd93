/* Screen 3's inside, for its own files. */
#ifndef HF_PANES_RINGS_PRIV_H
#define HF_PANES_RINGS_PRIV_H

#include "tui/panes/rollouts.h"
#include "tui/panes/ui.h"

struct hf_rings_pane {
    struct hf_rollouts runs;
    struct hf_rings rows;
    struct hf_list list;
    char chosen[HF_RUN_ID_LEN]; /* shown in full; "": the first that goes on */
    char asked[HF_RUN_ID_LEN];  /* whom the open question is about */
    int asked_ring;
    int moved;            /* the cursor was: else it stays on the first row */
    size_t cols;          /* for which the rows were made */
    int64_t looked;       /* monotonic ms */
    int64_t made;         /* wall clock: times left run down */
    char why[HF_WHY_LEN]; /* runs cannot be listed */
};

struct hf_rings_pane *rings_mine(const struct hf_ui *ui);
/* Reads what moved. */
void rings_look(struct hf_ui *ui);
/* The run of the row under the cursor, else the one in full; NULL. */
const struct hf_rings_run *rings_current(const struct hf_ui *ui);

/* ---- rings_keys.c: what people say to runs ---- */
unsigned rings_key_pause(struct hf_ui *ui, int key);
unsigned rings_key_resume(struct hf_ui *ui, int key);
unsigned rings_key_approve(struct hf_ui *ui, int key);
unsigned rings_key_abort(struct hf_ui *ui, int key);
unsigned rings_key_skip(struct hf_ui *ui, int key);
unsigned rings_key_carry(struct hf_ui *ui, int key);

#endif
