/* Facts that are times or lists. */
#include "backend/checks/read.h"

#include <string.h>

#include "backend/base/text.h"
#include "backend/base/time.h"

int
hf_fact_time(int64_t *out, const char *value)
{
    int64_t seconds;

    if (hf_parse_int(&seconds, value, 0, INT64_MAX / 1000) < 0)
        return hf_time_parse(out, value);
    *out = seconds * 1000;
    return 0;
}

void
hf_fact_words(struct hf_strs *out, const char *value)
{
    if (strcmp(value, "none") == 0)
        return;
    while (*(value += strspn(value, " "))) {
        size_t len = strcspn(value, " ");

        hf_strs_addn(out, value, len);
        value += len;
    }
}
