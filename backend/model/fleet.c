/* Looking up hosts, rings and pairs in a fleet snapshot. */
#include "backend/model/host.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"

void
hf_fleet_free(struct hf_fleet *fleet)
{
    if (!fleet)
        return;
    hf_arena_free(fleet->arena);
    free(fleet);
}

/* FNV-1a over the folded characters: names that hf_text_casecmp calls equal
 * have the same hash. A byte that is no character counts as it is. */
static uint32_t
hash_name(const char *name)
{
    uint32_t hash = 2166136261u, cp;
    size_t n;

    for (; *name; name += n) {
        cp = (unsigned char)*name;
        n = cp < 0x80 ? 1 : hf_utf8_decode(name, strnlen(name, 4), &cp);
        cp = n ? hf_cp_fold(cp) : (unsigned char)*name;
        n = n ? n : 1;
        hash = (hash ^ cp) * 16777619u;
    }
    return hash;
}

/* Open addressing, at most half full; a slot holds the host's place plus 1. */
void
hf_fleet_index(struct hf_fleet *fleet)
{
    size_t size = 16;
    uint32_t *index;

    while (size < fleet->hosts_len * 2)
        size *= 2;
    index = hf_arena_alloc(fleet->arena, size * sizeof(*index));
    for (size_t i = 0; i < fleet->hosts_len; i++) {
        size_t slot = hash_name(fleet->hosts[i].name) & (size - 1);

        while (index[slot])
            slot = (slot + 1) & (size - 1);
        index[slot] = (uint32_t)i + 1;
    }
    fleet->index = index;
    fleet->index_size = size;
}

static const struct hf_host *
find_slowly(const struct hf_fleet *fleet, const char *name)
{
    for (size_t i = 0; i < fleet->hosts_len; i++) {
        if (hf_text_casecmp(fleet->hosts[i].name, name) == 0)
            return &fleet->hosts[i];
    }
    return NULL;
}

const struct hf_host *
hf_fleet_find(const struct hf_fleet *fleet, const char *name)
{
    size_t mask = fleet->index_size - 1, slot;

    if (!fleet->index)
        return find_slowly(fleet, name);
    slot = hash_name(name) & mask;
    for (; fleet->index[slot]; slot = (slot + 1) & mask) {
        const struct hf_host *host = &fleet->hosts[fleet->index[slot] - 1];

        if (hf_text_casecmp(host->name, name) == 0)
            return host;
    }
    return NULL;
}

const struct hf_ring *
hf_fleet_ring(const struct hf_fleet *fleet, const char *name)
{
    for (size_t i = 0; i < fleet->rings_len; i++) {
        if (hf_text_casecmp(fleet->rings[i].name, name) == 0)
            return &fleet->rings[i];
    }
    return NULL;
}

const char *
hf_pairs_get(const struct hf_pairs *pairs, const char *key)
{
    for (size_t i = 0; i < pairs->len; i++) {
        if (strcmp(pairs->v[i].key, key) == 0)
            return pairs->v[i].value;
    }
    return NULL;
}
