/* An iCalendar file that is accepted has times in order, bounded in number,
 * and titles that may be shown; one that is refused says why on one line. */
#include <string.h>

#include "backend/base/text.h"
#include "inventory/ics.h"
#include "tests/fuzz/fuzz.h"

#define UNTIL 1893456000000 /* 2030 */

static void
check_occasions(const struct hf_ics *ics)
{
    PROMISE(ics->len <= HF_ICS_MAX_OCCASIONS);
    for (size_t i = 0; i < ics->len; i++) {
        const struct hf_occasion *o = &ics->v[i];

        PROMISE(o->to > o->from);
        PROMISE(i == 0 || o[-1].from <= o->from);
        PROMISE(!o->title || (hf_utf8_valid(o->title, strlen(o->title)) &&
                              !strpbrk(o->title, "\n\r\t\x1b")));
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hf_err err = HF_ERR_INIT;
    struct hf_arena *arena;
    struct hf_ics ics;
    char *text;

    if (size > 16384)
        return 0;
    arena = hf_arena_new();
    text = hf_xcalloc(size + 1, 1);
    if (size)
        memcpy(text, data, size);
    if (hf_ics_read(&ics, arena, text, size, UNTIL, &err) == HF_OK)
        check_occasions(&ics);
    else
        PROMISE(err.text[0] && !strpbrk(err.text, "\n\r\t\x1b") &&
                hf_utf8_valid(err.text, strlen(err.text)));
    free(text);
    hf_arena_free(arena);
    return 0;
}
