/* Full screen: opening, closing, drawing; see screen.h. Keys are read in
 * screen_keys.c. */
#include "tui/term/screen.h"

#include <langinfo.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "tui/term/restore.h"
#include "tui/term/screen_priv.h"

#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"

/* ---- opening and closing ---- */

/* Asked of terminfo before curses starts: newterm takes "dumb", too. */
static int
can_place_cursor(struct hf_err *err)
{
    const char *term = getenv("TERM");
    int known, can;
    char *cup;

    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return hf_fail(err, HF_EUNSUPPORTED, "the console needs a terminal");
    if (!term || !*term)
        return hf_fail(err, HF_EUNSUPPORTED, "TERM is not set");
    if (setupterm(term, STDOUT_FILENO, &known) == ERR)
        return hf_fail(err, HF_EUNSUPPORTED, "terminal '%.60s' is not known",
                       term);
    cup = tigetstr("cup");
    can = cup && cup != (char *)-1;
    (void)del_curterm(cur_term); /* curses sets up its own */
    if (!can)
        return hf_fail(err, HF_EUNSUPPORTED,
                       "terminal '%.60s' cannot place its cursor", term);
    return HF_OK;
}

static const char *
capability(const char *name)
{
    const char *text = tigetstr(name);

    return text && text != (const char *)-1 ? text : "";
}

/* The Linux console's fonts lack most symbols. */
static int
shows_ascii_only(void)
{
    const char *term = getenv("TERM");

    return strcmp(nl_langinfo(CODESET), "UTF-8") != 0 ||
           (term && strcmp(term, "linux") == 0);
}

static void
tell(const char *bytes)
{
    (void)fputs(bytes, stdout);
    (void)fflush(stdout);
}

static void
setup(struct hf_screen *s, const struct hf_screen_options *o)
{
    (void)set_term(s->curses);
    (void)cbreak();
    (void)noecho();
    (void)nonl();
    (void)intrflush(stdscr, FALSE);
    (void)keypad(stdscr, TRUE);
    (void)nodelay(stdscr, TRUE);
    (void)set_escdelay(25);
    (void)curs_set(0);
    hf_theme_setup(o->no_color);
    s->ascii = o->ascii || shows_ascii_only();
    screen_define_keys();
    hf_restore_bytes(capability("rmcup"), capability("cnorm"),
                     capability("rmkx"));
    tell(PASTE_ON);
}

int
hf_screen_open(struct hf_screen **out, const struct hf_screen_options *o,
               struct hf_err *err)
{
    struct hf_screen *s;

    *out = NULL;
    if (can_place_cursor(err) < 0)
        return hf_hint(err, "hotfleet today and hotfleet hosts print plain "
                            "text");
    s = HF_NEW(struct hf_screen);
    hf_restore_arm();
    s->curses = newterm(NULL, stdout, stdin);
    if (!s->curses) {
        hf_restore_disarm();
        free(s);
        return hf_fail(err, HF_EUNSUPPORTED, "curses cannot start here");
    }
    setup(s, o);
    *out = s;
    return HF_OK;
}

static void
screen_free(struct hf_screen *s)
{
    hf_restore_disarm();
    hf_buf_release(&s->paste);
    free(s->wide);
    free(s);
}

void
hf_screen_close(struct hf_screen *s)
{
    if (!s)
        return;
    tell(PASTE_OFF);
    (void)endwin();
    delscreen(s->curses);
    screen_free(s);
}

void
hf_screen_forget(struct hf_screen *s)
{
    if (s)
        screen_free(s);
}

void
hf_screen_leave(struct hf_screen *s)
{
    (void)s;
    tell(PASTE_OFF);
    (void)endwin();
}

void
hf_screen_enter(struct hf_screen *s)
{
    tell(PASTE_ON);
    hf_screen_resize(s);
    hf_screen_repaint(s);
}

void
hf_screen_resize(struct hf_screen *s)
{
    struct winsize ws;

    (void)s;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) < 0 || !ws.ws_row || !ws.ws_col)
        return;
    (void)resizeterm(ws.ws_row, ws.ws_col);
}

void
hf_screen_repaint(struct hf_screen *s)
{
    (void)s;
    (void)clearok(curscr, TRUE);
}

int
hf_screen_rows(const struct hf_screen *s)
{
    (void)s;
    return LINES;
}

int
hf_screen_cols(const struct hf_screen *s)
{
    (void)s;
    return COLS;
}

int
hf_screen_is_ascii(const struct hf_screen *s)
{
    return s->ascii;
}

int
hf_screen_is_gone(const struct hf_screen *s)
{
    struct pollfd tty = {.fd = STDIN_FILENO};

    (void)s;
    return poll(&tty, 1, 0) > 0 &&
           (tty.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

/* ---- drawing ---- */

void
hf_screen_begin(struct hf_screen *s)
{
    (void)erase();
    s->cursor_y = s->cursor_x = -1;
}

void
hf_screen_show(struct hf_screen *s)
{
    int on = s->cursor_y >= 0 && s->cursor_y < LINES && s->cursor_x < COLS;

    (void)curs_set(on);
    if (on)
        (void)move(s->cursor_y, s->cursor_x);
    (void)wnoutrefresh(stdscr);
    (void)doupdate();
}

void
hf_screen_cursor(struct hf_screen *s, int y, int x)
{
    s->cursor_y = y;
    s->cursor_x = x;
}

static void
use_style(enum hf_style style)
{
    short pair;
    attr_t attrs = hf_theme_attrs(style, &pair);

    (void)attr_set(attrs, pair, NULL);
}

/* The text as wide characters that fit; returns their columns. */
static int
widen(struct hf_screen *s, const char *text, size_t len, int cols, size_t *n)
{
    int used = 0;

    *n = 0;
    if (s->wide_cap < len + 1) {
        s->wide = hf_xrealloc(s->wide, len + 1, sizeof(*s->wide));
        s->wide_cap = len + 1;
    }
    for (size_t i = 0, step; i < len; i += step) {
        uint32_t cp = 0;
        int width;

        step = hf_utf8_decode(text + i, len - i, &cp);
        if (step == 0 || cp < 0x20 || cp == 0x7f || (s->ascii && cp > 0x7f))
            cp = '?';
        step = step ? step : 1;
        width = hf_cp_width(cp);
        if (used + width > cols)
            break;
        s->wide[(*n)++] = (wchar_t)cp;
        used += width;
    }
    return used;
}

int
hf_screen_put(struct hf_screen *s, int y, int x, enum hf_style style,
              const char *text, size_t len, int cols)
{
    size_t n;
    int used;

    if (y < 0 || y >= LINES || x < 0 || x >= COLS || cols <= 0)
        return 0;
    cols = cols < COLS - x ? cols : COLS - x;
    used = widen(s, text, len, cols, &n);
    use_style(style);
    (void)mvaddnwstr(y, x, s->wide, (int)n);
    return used;
}

void
hf_screen_fill(struct hf_screen *s, int y, int x, enum hf_style style, int cols)
{
    (void)s;
    if (y < 0 || y >= LINES || x < 0 || x >= COLS || cols <= 0)
        return;
    use_style(style);
    (void)mvhline(y, x, ' ', cols < COLS - x ? cols : COLS - x);
}
