/* Is a release blocked? */
#include "backend/model/block.h"

#include <string.h>

int
hf_block_holds(const struct hf_block *b, int64_t now)
{
    return !b->until || now <= b->until;
}

static int
is_for(const struct hf_block *b, const struct hf_facts *facts)
{
    const char *kernel =
        facts ? hf_facts_get(facts, "kernel.release") : b->kernel;

    return !b->kernel || !kernel || strcmp(b->kernel, kernel) == 0;
}

const struct hf_block *
hf_block_of(const struct hf_fleet *fleet, const char *release,
            const struct hf_facts *facts, int64_t now)
{
    for (size_t i = 0; i < fleet->blocks_len; i++) {
        const struct hf_block *b = &fleet->blocks[i];

        if (strcmp(b->release, release) == 0 && hf_block_holds(b, now) &&
            is_for(b, facts))
            return b;
    }
    return NULL;
}

const struct hf_block *
hf_block_among(const struct hf_fleet *fleet, const struct hf_strs *releases,
               const struct hf_facts *facts, int64_t now)
{
    const struct hf_block *b = NULL;

    for (size_t i = 0; !b && fleet->blocks_len && i < releases->len; i++)
        b = hf_block_of(fleet, releases->v[i], facts, now);
    return b;
}

const struct hf_block *
hf_block_named(const struct hf_fleet *fleet, const char *release,
               const char *kernel)
{
    for (size_t i = 0; i < fleet->blocks_len; i++) {
        const struct hf_block *b = &fleet->blocks[i];

        if (strcmp(b->release, release) == 0 &&
            (kernel ? b->kernel && strcmp(b->kernel, kernel) == 0
                    : b->kernel == NULL))
            return b;
    }
    return NULL;
}
