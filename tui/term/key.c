/* Names of keys; see key.h. */
#include "tui/term/key.h"

#include <stdint.h>
#include <stdio.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"

/* clang-format off */
static const struct {
    int code;
    const char *name;
} names[] = {
    {HF_KEY_TAB, "Tab"},
    {HF_KEY_SPACE, "Space"},
    {HF_KEY_ENTER, "Enter"},
    {HF_KEY_ESC, "Esc"},
    {HF_KEY_UP, "Up"},
    {HF_KEY_DOWN, "Down"},
    {HF_KEY_LEFT, "Left"},
    {HF_KEY_RIGHT, "Right"},
    {HF_KEY_PGUP, "PgUp"},
    {HF_KEY_PGDN, "PgDn"},
    {HF_KEY_HOME, "Home"},
    {HF_KEY_END, "End"},
    {HF_KEY_BACKTAB, "S-Tab"},
    {HF_KEY_BACKSPACE, "Bksp"},
    {HF_KEY_DELETE, "Del"},
};
/* clang-format on */

int
hf_key_is_text(int code)
{
    return code >= 0x20 && code != 0x7f && code < 0x110000 &&
           !hf_cp_hidden((uint32_t)code);
}

const char *
hf_key_name(int code)
{
    static char out[16];
    size_t n;

    for (size_t i = 0; i < HF_COUNT(names); i++) {
        if (names[i].code == code)
            return names[i].name;
    }
    if (code > HF_KEY_F0 && code <= HF_KEY_F(12)) {
        (void)snprintf(out, sizeof(out), "F%d", code - HF_KEY_F0);
    } else if (code > 0 && code < 0x20) {
        (void)snprintf(out, sizeof(out), "^%c", code + 0x40);
    } else if (hf_key_is_text(code)) {
        n = hf_utf8_encode((uint32_t)code, out);
        out[n] = '\0';
    } else {
        return "?";
    }
    return out;
}
