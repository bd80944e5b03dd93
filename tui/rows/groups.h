/* How the list of hosts is grouped: one row per way. For this folder. */
#ifndef HF_ROWS_GROUPS_H
#define HF_ROWS_GROUPS_H

#include "tui/rows/fleet_view.h"

struct hf_grouping {
    /* Which group a host is in, below HF_VIEW_GROUPS; the list shows them in
     * this order. */
    uint32_t (*of)(const struct hf_fleet *fleet, const struct hf_state *st);
    const char *(*name)(const struct hf_fleet *fleet, uint32_t group);
    /* Symbol and tone, or NULL. */
    const struct hf_word *(*word)(uint32_t group);
    /* The field of which the group's name is the value: "patch"; NULL: all
     * hosts are one group. */
    const char *field;
};
extern const struct hf_grouping hf_groupings[HF_GROUP_BY_COUNT];

#endif
