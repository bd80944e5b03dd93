/*
 * Two fixed locales, so that numbers and letters do not depend on the
 * environment of whoever started the program. For files of this folder.
 */
#ifndef HF_BASE_LOCALE_H
#define HF_BASE_LOCALE_H

#include <locale.h>

locale_t hf_locale_c(void);
/* A UTF-8 locale without language, or the C locale where none exists. */
locale_t hf_locale_utf8(void);

#endif
