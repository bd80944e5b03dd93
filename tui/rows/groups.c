/* Ways to group hosts; see groups.h. */
#include "tui/rows/groups.h"

#include <string.h>

/* clang-format off */
const char *const hf_group_by_names[HF_GROUP_BY_COUNT + 1] = {
    [HF_GROUP_PATCH] = "patch",
    [HF_GROUP_COVERAGE] = "coverage",
    [HF_GROUP_RING] = "ring",
    [HF_GROUP_NONE] = "none",
};
/* clang-format on */

/* ---- by axis: a group's number is its word's rank ---- */

static uint32_t
by_rank(const struct hf_word *words, uint32_t n, uint32_t rank)
{
    for (uint32_t i = 0; i < n; i++) {
        if ((uint32_t)words[i].rank == rank)
            return i;
    }
    return 0;
}

static uint32_t
patch_of(const struct hf_fleet *fleet, const struct hf_state *st)
{
    (void)fleet;
    return (uint32_t)hf_patch_words[st->status.patch].rank;
}

static const char *
patch_name(const struct hf_fleet *fleet, uint32_t group)
{
    (void)fleet;
    return hf_patch_names[by_rank(hf_patch_words, HF_PATCH_COUNT, group)];
}

static const struct hf_word *
patch_word(uint32_t group)
{
    return &hf_patch_words[by_rank(hf_patch_words, HF_PATCH_COUNT, group)];
}

static uint32_t
coverage_of(const struct hf_fleet *fleet, const struct hf_state *st)
{
    (void)fleet;
    return (uint32_t)hf_coverage_words[st->status.coverage].rank;
}

static const char *
coverage_name(const struct hf_fleet *fleet, uint32_t group)
{
    (void)fleet;
    return hf_coverage_names[by_rank(hf_coverage_words, HF_COVERAGE_COUNT,
                                     group)];
}

static const struct hf_word *
coverage_word(uint32_t group)
{
    return &hf_coverage_words[by_rank(hf_coverage_words, HF_COVERAGE_COUNT,
                                      group)];
}

/* ---- by ring, in the fleet's order; none is last ---- */

static uint32_t
ring_of(const struct hf_fleet *fleet, const struct hf_state *st)
{
    const char *ring = st->host->ring;
    uint32_t i = 0;

    while (i < fleet->rings_len &&
           (!ring || (fleet->rings[i].name != ring &&
                      strcmp(fleet->rings[i].name, ring) != 0)))
        i++;
    return i < HF_VIEW_GROUPS - 1 ? i : HF_VIEW_GROUPS - 1;
}

static const char *
ring_name(const struct hf_fleet *fleet, uint32_t group)
{
    return group < fleet->rings_len ? fleet->rings[group].name : "no ring";
}

static const struct hf_word *
no_word(uint32_t group)
{
    (void)group;
    return NULL;
}

/* ---- not at all ---- */

static uint32_t
one_of(const struct hf_fleet *fleet, const struct hf_state *st)
{
    (void)fleet;
    (void)st;
    return 0;
}

static const char *
one_name(const struct hf_fleet *fleet, uint32_t group)
{
    (void)fleet;
    (void)group;
    return "hosts";
}

/* clang-format off */
const struct hf_grouping hf_groupings[HF_GROUP_BY_COUNT] = {
    [HF_GROUP_PATCH] = {patch_of, patch_name, patch_word, "patch"},
    [HF_GROUP_COVERAGE] = {coverage_of, coverage_name, coverage_word,
                           "coverage"},
    [HF_GROUP_RING] = {ring_of, ring_name, no_word, "ring"},
    [HF_GROUP_NONE] = {one_of, one_name, no_word, NULL},
};
/* clang-format on */
