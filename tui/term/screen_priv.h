/* The screen's inside, for its own files. */
#ifndef HF_TERM_SCREEN_PRIV_H
#define HF_TERM_SCREEN_PRIV_H

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <term.h>

#include "backend/base/buf.h"
#include "tui/term/screen.h"

struct hf_screen {
    SCREEN *curses;
    int ascii;
    int cursor_y, cursor_x; /* -1: hidden */
    wchar_t *wide;          /* scratch for drawing */
    size_t wide_cap;
    struct hf_buf paste; /* the last pasted text */
};

/* Teaches curses where a paste begins and ends. */
void screen_define_keys(void);

#endif
