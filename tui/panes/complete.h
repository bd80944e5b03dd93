/* What may be meant by the beginning of a word, in selectors and verbs. */
#ifndef HF_PANES_COMPLETE_H
#define HF_PANES_COMPLETE_H

#include "tui/panes/ui.h"

/* Candidates for the word that ends the text (the part before the cursor);
 * `word_len` is how many bytes of it are there. `verbs`: the first word is a
 * verb, the others are a selector. */
void hf_complete(struct hf_strs *out, size_t *word_len, struct hf_ui *ui,
                 const char *text, int verbs);
/* Bytes that all candidates begin with. */
size_t hf_complete_common(const struct hf_strs *candidates);

#endif
