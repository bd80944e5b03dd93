/* Keys of the screen: from curses' numbers to ours, and pasted text. */
#include <poll.h>
#include <stdint.h>
#include <unistd.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "tui/term/screen_priv.h"

#define PASTE_MAX 4096
#define PASTE_WAIT_MS 200

enum { PASTE_BEGIN = KEY_MAX - 2, PASTE_END = KEY_MAX - 1 };

/* clang-format off */
static const struct {
    wint_t curses;
    int code;
} map[] = {
    {KEY_UP, HF_KEY_UP},
    {KEY_DOWN, HF_KEY_DOWN},
    {KEY_LEFT, HF_KEY_LEFT},
    {KEY_RIGHT, HF_KEY_RIGHT},
    {KEY_PPAGE, HF_KEY_PGUP},
    {KEY_NPAGE, HF_KEY_PGDN},
    {KEY_HOME, HF_KEY_HOME},
    {KEY_END, HF_KEY_END},
    {KEY_BTAB, HF_KEY_BACKTAB},
    {KEY_BACKSPACE, HF_KEY_BACKSPACE},
    {KEY_DC, HF_KEY_DELETE},
    {KEY_ENTER, HF_KEY_ENTER},
};
/* clang-format on */

void
screen_define_keys(void)
{
    (void)define_key("\033[200~", PASTE_BEGIN);
    (void)define_key("\033[201~", PASTE_END);
}

static int
from_curses(wint_t c)
{
    for (size_t i = 0; i < HF_COUNT(map); i++) {
        if (map[i].curses == c)
            return map[i].code;
    }
    if (c > KEY_F0 && c <= KEY_F(12))
        return HF_KEY_F((int)(c - KEY_F0));
    return HF_KEY_OTHER;
}

static int
from_character(wint_t c)
{
    if (c == '\r' || c == '\n')
        return HF_KEY_ENTER;
    if (c == 0x1b)
        return HF_KEY_ESC;
    if (c == 0x7f || c == 0x08)
        return HF_KEY_BACKSPACE;
    return c < 0x110000 ? (int)c : HF_KEY_OTHER;
}

/* The next character of a paste; 0 at its end or when nothing comes. */
static wint_t
paste_next(void)
{
    struct pollfd tty = {.fd = STDIN_FILENO, .events = POLLIN};
    wint_t c;
    int kind;

    while ((kind = get_wch(&c)) == ERR) {
        if (poll(&tty, 1, PASTE_WAIT_MS) <= 0 ||
            (tty.revents & (POLLHUP | POLLERR)))
            return 0;
    }
    if (kind == KEY_CODE_YES)
        return c == PASTE_END ? 0 : ' ';
    return c == '\r' || c == '\n' || c == '\t' || c == 0 ? ' ' : c;
}

/* Everything up to the end mark is text, whatever it looks like. */
static void
read_paste(struct hf_screen *s, struct hf_key *out)
{
    struct hf_buf raw = {0};
    char utf8[4];
    wint_t c;

    while ((c = paste_next()) != 0) {
        if (raw.len < PASTE_MAX)
            hf_buf_add(&raw, utf8, hf_utf8_encode((uint32_t)c, utf8));
    }
    hf_buf_clear(&s->paste);
    hf_sanitise(&s->paste, hf_buf_str(&raw), raw.len, PASTE_MAX + 4, 0);
    hf_buf_release(&raw);
    out->code = HF_KEY_PASTE;
    out->text = hf_buf_str(&s->paste);
}

int
hf_screen_key(struct hf_screen *s, struct hf_key *out)
{
    wint_t c;
    int kind;

    *out = (struct hf_key){0};
    do /* resizing is told by a signal, not by a key */
        kind = get_wch(&c);
    while (kind == KEY_CODE_YES && c == KEY_RESIZE);
    if (kind == ERR)
        return 0;
    if (kind != KEY_CODE_YES)
        out->code = from_character(c);
    else if (c == PASTE_BEGIN)
        read_paste(s, out);
    else
        out->code = from_curses(c);
    return 1;
}

void
hf_screen_flush(struct hf_screen *s)
{
    (void)s;
    (void)flushinp();
}
