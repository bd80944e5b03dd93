/* Styles as attributes and colours; see theme.h. */
#include "tui/term/theme.h"

#include <curses.h>

/*
 * The 256-colour shades have a middling lightness: they keep a contrast of
 * about 4 to 1 on white and on black. `bare` is for terminals of no colour.
 */
struct shade {
    short many, few; /* of 256, of 8; -1: the terminal's own */
    unsigned attrs, bare;
};

/* clang-format off */
static const struct shade shades[HF_STYLE_COUNT] = {
    [HF_STYLE_PLAIN]  = {-1, -1, A_NORMAL, A_NORMAL},
    [HF_STYLE_DIM]    = {243, -1, A_NORMAL, A_NORMAL},
    [HF_STYLE_STRONG] = {-1, -1, A_BOLD, A_BOLD},
    [HF_STYLE_HEAD]   = {243, -1, A_BOLD, A_BOLD},
    [HF_STYLE_GOOD]   = {28, COLOR_GREEN, A_NORMAL, A_NORMAL},
    [HF_STYLE_BUSY]   = {31, COLOR_CYAN, A_NORMAL, A_NORMAL},
    [HF_STYLE_WARN]   = {130, COLOR_YELLOW, A_NORMAL, A_NORMAL},
    [HF_STYLE_BAD]    = {160, COLOR_RED, A_BOLD, A_BOLD},
    [HF_STYLE_CURSOR] = {-1, -1, A_REVERSE, A_REVERSE},
    [HF_STYLE_LABEL]  = {-1, -1, A_REVERSE, A_REVERSE},
    [HF_STYLE_FIELD]  = {-1, -1, A_UNDERLINE, A_UNDERLINE},
};
/* clang-format on */

static int colours;

void
hf_theme_setup(int no_color)
{
    colours = 0;
    if (no_color || !has_colors() || start_color() == ERR ||
        use_default_colors() == ERR)
        return;
    colours = COLORS >= 256 ? 256 : 8;
    for (int i = 0; i < HF_STYLE_COUNT; i++) {
        short fg = colours == 256 ? shades[i].many : shades[i].few;

        (void)init_pair((short)(i + 1), fg, -1);
    }
}

unsigned
hf_theme_attrs(enum hf_style style, short *pair)
{
    *pair = colours ? (short)(style + 1) : 0;
    return colours ? shades[style].attrs : shades[style].bare;
}
