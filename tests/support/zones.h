/* Moments and time zones for a whole test program: set_up and tear_down are
 * its group's. */
#ifndef TESTS_SUPPORT_ZONES_H
#define TESTS_SUPPORT_ZONES_H

#include "backend/base/mem.h"
#include "backend/base/zone.h"
#include "tests/support/at.h"

static struct hf_arena *arena; /* of the zones, and of what a test likes */

static inline int
set_up(void **state)
{
    (void)state;
    arena = hf_arena_new();
    return 0;
}

static inline int
tear_down(void **state)
{
    (void)state;
    hf_arena_free(arena);
    return 0;
}

static inline const struct hf_zone *
zone(const char *name)
{
    const struct hf_zone *z = NULL;
    struct hf_err err = HF_ERR_INIT;

    if (hf_zone_load(&z, arena, name, &err) < 0)
        fail_msg("%s", err.text);
    return z;
}

#endif
