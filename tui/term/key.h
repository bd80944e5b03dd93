/*
 * Keys as the rest of the program sees them: characters are their code point,
 * everything else has a number beyond Unicode.
 */
#ifndef HF_TERM_KEY_H
#define HF_TERM_KEY_H

#include <stddef.h>

enum hf_key_code {
    HF_KEY_NONE = 0,
    HF_KEY_TAB = '\t',
    HF_KEY_SPACE = ' ',
    HF_KEY_ENTER = 0x110000,
    HF_KEY_ESC,
    HF_KEY_UP,
    HF_KEY_DOWN,
    HF_KEY_LEFT,
    HF_KEY_RIGHT,
    HF_KEY_PGUP,
    HF_KEY_PGDN,
    HF_KEY_HOME,
    HF_KEY_END,
    HF_KEY_BACKTAB,
    HF_KEY_BACKSPACE,
    HF_KEY_DELETE,
    HF_KEY_PASTE,         /* text was pasted: see hf_key.text */
    HF_KEY_OTHER,         /* a key that means nothing here */
    HF_KEY_F0 = 0x110100, /* + n: F1 to F12 */
};
#define HF_KEY_F(n) (HF_KEY_F0 + (n))
#define HF_KEY_CTRL(c) ((c)&0x1f)

struct hf_key {
    int code;
    const char *text; /* HF_KEY_PASTE: one line, sanitised; borrowed until the
                         next key is read */
};

/* 1 when the key is a character that can stand in a text. */
int hf_key_is_text(int code);
/* "PgDn", "Space", "^L", "F5", "j"; valid until the next call. */
const char *hf_key_name(int code);

#endif
