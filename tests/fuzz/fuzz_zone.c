/* A zone file that is accepted answers for every moment, and a local time that
 * it finds shows itself again. */
#include <stdlib.h>

#include "backend/base/zone.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int64_t moments[] = {
        0, 1795397025000, -1, 4102444800000, -62135596800000, 253402300799000};
    struct hf_arena *arena = hf_arena_new();
    struct hf_err err = HF_ERR_INIT;
    const struct hf_zone *zone;

    if (hf_zone_parse(&zone, arena, "fuzz", data, size, &err) == HF_OK) {
        for (size_t i = 0; i < HF_COUNT(moments); i++) {
            int64_t local = hf_zone_local(zone, moments[i]), at;
            char text[HF_ZONE_TIME_LEN];

            if (hf_zone_moment(zone, local, 0, &at) != HF_LOCAL_SKIPPED)
                PROMISE(hf_zone_local(zone, at) == local);
            (void)hf_zone_format(text, zone, at);
        }
    } else {
        PROMISE(!zone && err.text[0]);
    }
    hf_arena_free(arena);
    return 0;
}
