/* Cursor and window of a list; see list.h. */
#include "tui/term/list.h"

#include <limits.h>

#include "backend/base/mem.h"
#include "tui/term/key.h"

/* How far a key goes: rows, pages (of half the height each) or to an end. */
struct motion {
    int code;
    long rows, half_pages;
};

/* clang-format off */
static const struct motion motions[] = {
    {'j', 1, 0}, {HF_KEY_DOWN, 1, 0},
    {'k', -1, 0}, {HF_KEY_UP, -1, 0},
    {HF_KEY_PGDN, 0, 2}, {HF_KEY_CTRL('f'), 0, 2}, {HF_KEY_CTRL('d'), 0, 1},
    {HF_KEY_PGUP, 0, -2}, {HF_KEY_CTRL('b'), 0, -2}, {HF_KEY_CTRL('u'), 0, -1},
    {'G', LONG_MAX, 0}, {HF_KEY_END, LONG_MAX, 0},
    {'g', -LONG_MAX, 0}, {HF_KEY_HOME, -LONG_MAX, 0},
};
/* clang-format on */

static void
keep_in_view(struct hf_list *l)
{
    if (l->cursor < l->top)
        l->top = l->cursor;
    if (l->height && l->cursor >= l->top + l->height)
        l->top = l->cursor - l->height + 1;
    /* No empty rows below the last one while others are above. */
    if (l->top + l->height > l->len)
        l->top = l->len > l->height ? l->len - l->height : 0;
}

void
hf_list_fit(struct hf_list *l, size_t len, size_t height)
{
    l->len = len;
    l->height = height;
    if (l->cursor >= len)
        l->cursor = len ? len - 1 : 0;
    keep_in_view(l);
}

void
hf_list_to(struct hf_list *l, size_t row)
{
    l->cursor = row < l->len ? row : l->len ? l->len - 1 : 0;
    keep_in_view(l);
}

static size_t
step(size_t at, long by, size_t last)
{
    if (by < 0)
        return (size_t)-by > at ? 0 : at - (size_t)-by;
    return (size_t)by > last - at ? last : at + (size_t)by;
}

static void
scroll(struct hf_list *l, long by)
{
    size_t last = l->len > l->height ? l->len - l->height : 0;

    l->top = step(l->top < last ? l->top : last, by, last);
    l->cursor = l->top;
}

void
hf_list_move(struct hf_list *l, long by)
{
    if (l->scrolls)
        scroll(l, by);
    else if (l->len)
        hf_list_to(l, step(l->cursor, by, l->len - 1));
}

int
hf_list_key(struct hf_list *l, int code)
{
    for (size_t i = 0; i < HF_COUNT(motions); i++) {
        const struct motion *m = &motions[i];
        long half = l->height > 1 ? (long)l->height / 2 : 1;

        if (m->code != code)
            continue;
        hf_list_move(l, m->half_pages ? m->half_pages * half : m->rows);
        return 1;
    }
    return 0;
}
