/* Two fixed locales, made once and kept for ever. */
#include "backend/base/locale.h"

#include <pthread.h>
#include <stdlib.h>

#include "backend/base/mem.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static locale_t plain, utf8;

static void
make_locales(void)
{
    static const char *const names[] = {"C.UTF-8", "C.utf8", "en_US.UTF-8"};

    plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!plain)
        abort();
    for (size_t i = 0; i < HF_COUNT(names) && !utf8; i++)
        utf8 = newlocale(LC_CTYPE_MASK, names[i], (locale_t)0);
    if (!utf8)
        utf8 = plain;
}

locale_t
hf_locale_c(void)
{
    pthread_once(&once, make_locales);
    return plain;
}

locale_t
hf_locale_utf8(void)
{
    pthread_once(&once, make_locales);
    return utf8;
}
