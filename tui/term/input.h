/*
 * One line of typed text with a cursor and a history. Pure; drawing is the
 * caller's.
 */
#ifndef HF_TERM_INPUT_H
#define HF_TERM_INPUT_H

#include "backend/base/buf.h"
#include "tui/term/key.h"

#define HF_INPUT_MAX 1000 /* bytes */

struct hf_input {
    struct hf_buf text;     /* UTF-8 */
    size_t at;              /* the cursor's byte */
    struct hf_strs history; /* oldest first */
    size_t recalled;        /* steps back in the history, 0 = own text */
    char *own;              /* own text while one of the history is shown */
};

void hf_input_release(struct hf_input *in);
void hf_input_set(struct hf_input *in, const char *text);
/* Text, arrows, Home End ^A ^E ^U ^K ^W, Del, Backspace, pasted text, and Up
 * and Down through the history. 1 when the key was used. */
int hf_input_key(struct hf_input *in, const struct hf_key *key);
/* Puts text in at the cursor, in place of the `back` bytes before it. */
void hf_input_insert(struct hf_input *in, const char *text, size_t back);
/* Adds the text to the history, unless it is empty or the newest already. */
void hf_input_remember(struct hf_input *in);
/* The part of the text to show in `cols` columns; *cursor is the column of
 * the cursor in it. Borrowed from the input. */
const char *
hf_input_view(const struct hf_input *in, size_t cols, size_t *cursor);

#endif
