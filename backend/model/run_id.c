/* Names of runs: the time and some random digits. */
#include "backend/model/event.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "backend/base/sha256.h"
#include "backend/base/time.h"

#define RANDOM_BYTES 3

void
hf_run_id_new(char out[HF_RUN_ID_LEN])
{
    time_t seconds = (time_t)(hf_now() / 1000);
    char when[20], random[2 * RANDOM_BYTES + 1];
    struct tm utc;

    gmtime_r(&seconds, &utc);
    strftime(when, sizeof(when), "%Y%m%dT%H%M%SZ", &utc);
    hf_random_hex(random, RANDOM_BYTES);
    snprintf(out, HF_RUN_ID_LEN, "%s-%s", when, random);
}

int
hf_run_id_valid(const char *s)
{
    static const char shape[] = "ddddddddTddddddZ-xxxxxx";

    if (!s || strlen(s) != sizeof(shape) - 1)
        return 0;
    for (size_t i = 0; shape[i]; i++) {
        const char *allowed = shape[i] == 'd'   ? "0123456789"
                              : shape[i] == 'x' ? "0123456789abcdef"
                                                : NULL;

        if (allowed ? !strchr(allowed, s[i]) : s[i] != shape[i])
            return 0;
    }
    return 1;
}
