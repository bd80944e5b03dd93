/*
 * The terminal in full screen: the only door to curses. One per process, for
 * one thread.
 */
#ifndef HF_TERM_SCREEN_H
#define HF_TERM_SCREEN_H

#include <stddef.h>

#include "backend/base/err.h"
#include "tui/term/key.h"
#include "tui/term/theme.h"

struct hf_screen;

struct hf_screen_options {
    int ascii; /* forced; else what locale and terminal can show */
    int no_color;
};

/* HF_EUNSUPPORTED: no terminal on standard input and output, or one that
 * cannot place its cursor (TERM unset, unknown, dumb). */
int hf_screen_open(struct hf_screen **out, const struct hf_screen_options *o,
                   struct hf_err *err);
/* Gives the terminal back. */
void hf_screen_close(struct hf_screen *s);
/* As close, for a terminal that is gone: writes nothing. */
void hf_screen_forget(struct hf_screen *s);

/* Leaves full screen for a while (before stopping), and comes back. */
void hf_screen_leave(struct hf_screen *s);
void hf_screen_enter(struct hf_screen *s);
/* Asks the terminal for its size anew (after SIGWINCH). */
void hf_screen_resize(struct hf_screen *s);
/* Paints everything again with the next hf_screen_show. */
void hf_screen_repaint(struct hf_screen *s);

int hf_screen_rows(const struct hf_screen *s);
int hf_screen_cols(const struct hf_screen *s);
int hf_screen_is_ascii(const struct hf_screen *s);

/* Starts an empty picture; shows it. */
void hf_screen_begin(struct hf_screen *s);
void hf_screen_show(struct hf_screen *s);
/* Puts at most `len` bytes of text into at most `cols` columns, never past
 * the edge; returns the columns used. */
int hf_screen_put(struct hf_screen *s, int y, int x, enum hf_style style,
                  const char *text, size_t len, int cols);
/* `cols` blanks in a style. */
void hf_screen_fill(struct hf_screen *s, int y, int x, enum hf_style style,
                    int cols);
/* Where the cursor blinks in this picture; without it, it is hidden. */
void hf_screen_cursor(struct hf_screen *s, int y, int x);

/* 1 and the key, or 0 when none waits. Never blocks for long. */
int hf_screen_key(struct hf_screen *s, struct hf_key *out);
/* Forgets keys that were typed ahead. */
void hf_screen_flush(struct hf_screen *s);
/* 1 when nobody is behind the terminal any more. */
int hf_screen_is_gone(const struct hf_screen *s);

#endif
