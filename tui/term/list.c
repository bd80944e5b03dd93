/* Cursor and window of a list; see list.h. */
#include "tui/term/list.h"

#include <limits.h>

#include "backend/base/mem.h"
#include "tui/term/key.h"

/* clang-format off */
const struct hf_motion hf_motions[] = {
    {{HF_KEY_DOWN, 'j'}, 1, 0, "down"},
    {{HF_KEY_UP, 'k'}, -1, 0, "up"},
    {{HF_KEY_PGDN, HF_KEY_CTRL('f')}, 0, 2, "a page down"},
    {{HF_KEY_PGUP, HF_KEY_CTRL('b')}, 0, -2, "a page up"},
    {{HF_KEY_CTRL('d')}, 0, 1, "half a page down"},
    {{HF_KEY_CTRL('u')}, 0, -1, "half a page up"},
    {{HF_KEY_HOME, 'g'}, -LONG_MAX, 0, "to the top"},
    {{HF_KEY_END, 'G'}, LONG_MAX, 0, "to the end"},
    {{0}},
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

static const struct hf_motion *
find_motion(int code)
{
    for (const struct hf_motion *m = hf_motions; m->help; m++) {
        for (size_t i = 0; i < HF_COUNT(m->keys); i++) {
            if (code && m->keys[i] == code)
                return m;
        }
    }
    return NULL;
}

int
hf_list_key(struct hf_list *l, int code)
{
    const struct hf_motion *m = find_motion(code);
    long half = l->height > 1 ? (long)l->height / 2 : 1;

    if (!m)
        return 0;
    hf_list_move(l, m->half_pages ? m->half_pages * half : m->rows);
    return 1;
}
