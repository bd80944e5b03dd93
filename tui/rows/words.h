/*
 * How the states are shown: a symbol and a tone for every word of every axis.
 * The word itself always stands beside the symbol.
 */
#ifndef HF_ROWS_WORDS_H
#define HF_ROWS_WORDS_H

#include "backend/model/action.h"
#include "backend/model/state.h"
#include "tui/rows/line.h"

struct hf_word {
    const char *symbol; /* one column */
    const char *ascii;  /* the same where only ASCII can be shown */
    enum hf_tone tone;
    int rank; /* what needs a person first has the lowest */
};

extern const struct hf_word hf_patch_words[HF_PATCH_COUNT];
extern const struct hf_word hf_coverage_words[HF_COVERAGE_COUNT];
extern const struct hf_word hf_reboot_words[HF_REBOOT_COUNT];
/* Outcomes below this rank are trouble: they need a person. */
#define HF_RANK_FINE 6
extern const struct hf_word hf_outcome_words[HF_OUTCOME_COUNT];
extern const struct hf_word hf_verdict_words[HF_VERDICT_COUNT];

/* What a run calls a contact that ended so ("hostkey": refused). */
enum hf_outcome hf_contact_outcome(const char *net);
const char *hf_word_symbol(const struct hf_word *w, int ascii);
/* Before a group's head: shut or open. */
const char *hf_fold_sign(int folded, int ascii);
/* "held job-running", with blanks between. */
void hf_flags_text(struct hf_buf *out, unsigned flags);

#endif
