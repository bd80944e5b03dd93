/* The texts of a monthly document: KB numbers, builds, subtypes, months. */
#include "inventory/cvrf_text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "inventory/formats.h"

/* clang-format off */
static const char *const months[] = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun",
    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
};
/* clang-format on */

void
hf_cvrf_kb(char out[16], const char *text)
{
    snprintf(out, 16, "KB%.12s", text ? text : "");
    if (hf_kb_problem(out))
        out[0] = '\0';
}

void
hf_cvrf_build(char out[32], const char *text)
{
    static const char start[] = "10.0.";

    out[0] = '\0';
    if (!text || !hf_has_prefix(text, start) || strlen(text) > 24)
        return;
    snprintf(out, 32, "%s", text + strlen(start));
    if (hf_build_problem(out))
        out[0] = '\0';
}

void
hf_cvrf_subtype(char out[48], const char *text)
{
    size_t n = 0;

    for (; text && *text && n < 47; text++)
        if (isalpha((unsigned char)*text))
            out[n++] = (char)tolower((unsigned char)*text);
    out[n] = '\0';
}

int
hf_cvrf_month(char out[8], const char *id)
{
    for (size_t i = 0; id && i < HF_COUNT(months); i++) {
        if (strlen(id) < 8 || strspn(id, "0123456789") != 4 || id[4] != '-' ||
            strncasecmp(id + 5, months[i], 3) != 0 ||
            isalpha((unsigned char)id[8]))
            continue;
        snprintf(out, 8, "%.4s-%02zu", id, i + 1);
        return 1;
    }
    return 0;
}
