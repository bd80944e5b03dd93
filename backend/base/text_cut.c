/* Text into a fixed place: harmless, and never ending in half a character. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "backend/base/text.h"

void
hf_text_cut(char *out, size_t size, const char *text)
{
    static const char dots[] = "...";
    struct hf_buf safe = {0};
    size_t len = strlen(text);

    hf_sanitise(&safe, text, len, len, 0);
    if (safe.len < size) {
        memcpy(out, hf_buf_str(&safe), safe.len + 1);
    } else {
        size_t cut = size - sizeof(dots);

        while (cut > 0 && ((unsigned char)safe.data[cut] & 0xc0) == 0x80)
            cut--;
        memcpy(out, safe.data, cut);
        memcpy(out + cut, dots, sizeof(dots));
    }
    hf_buf_release(&safe);
}

void
hf_say(char *out, size_t size, const char *fmt, ...)
{
    char line[2048];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(line, sizeof(line), fmt, ap);
    va_end(ap);
    hf_text_cut(out, size, line);
}
