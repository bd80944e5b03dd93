/*
 * The list of hosts: which are shown, in which groups and order, which are
 * marked, and each row as a line. Pure; made for 100,000 hosts: index arrays,
 * sort keys computed once, lines made for visible rows only.
 */
#ifndef HF_ROWS_FLEET_VIEW_H
#define HF_ROWS_FLEET_VIEW_H

#include "backend/model/host.h"
#include "backend/model/selector.h"
#include "tui/rows/columns.h"

enum hf_group_by {
    HF_GROUP_PATCH,
    HF_GROUP_COVERAGE,
    HF_GROUP_RING,
    HF_GROUP_NONE,
    HF_GROUP_BY_COUNT
};
extern const char *const hf_group_by_names[HF_GROUP_BY_COUNT + 1];

#define HF_VIEW_GROUPS 64 /* rings beyond share the last group */
#define HF_VIEW_NO_HOST UINT32_MAX
#define HF_VIEW_NO_GROUP UINT32_MAX

struct hf_fleet_item {
    uint32_t host; /* index of the state; HF_VIEW_NO_HOST: a group's head */
    uint32_t group;
};

struct hf_fleet_view {
    /* What is looked at; borrowed. */
    const struct hf_fleet *fleet;
    const struct hf_state *states;
    size_t n;
    /* What is chosen. */
    char *filter; /* selector text, or NULL */
    struct hf_selector *selector;
    char *subset_of;       /* "3 hosts failed ...", or NULL: all hosts */
    unsigned char *subset; /* n flags */
    enum hf_group_by group_by;
    int only;        /* just this group; -1: all */
    uint64_t folded; /* bits of groups */
    enum hf_column_id sort;
    int descending;
    unsigned columns;      /* bits of hf_column_id */
    unsigned char *marked; /* n flags */
    size_t marks;
    /* What comes out of it. */
    unsigned char *match; /* filter and subset: n flags */
    size_t matches;
    uint32_t *keys;  /* of the sort column */
    uint64_t *order; /* scratch */
    size_t counts[HF_VIEW_GROUPS];
    struct hf_fleet_item *items;
    size_t len;
    size_t name_cols;
};

void hf_fleet_view_init(struct hf_fleet_view *v);
void hf_fleet_view_release(struct hf_fleet_view *v);
/* Looks at another snapshot, in which these hosts are marked, and those the
 * subset (both by name, as hf_fleet_view_names gave them; NULL: none). */
void
hf_fleet_view_set(struct hf_fleet_view *v, const struct hf_fleet *fleet,
                  const struct hf_state *states, size_t n,
                  const struct hf_strs *marked, const struct hf_strs *subset);
/* The names of hosts that have a flag (marked, subset). */
void hf_fleet_view_names(struct hf_strs *out, const struct hf_fleet_view *v,
                         const unsigned char *flags);
/* HF_EINVALID: the text is no selector; the former filter stays. */
int hf_fleet_view_filter(struct hf_fleet_view *v, const char *text,
                         struct hf_err *err);
/* Only these hosts (by name); NULL takes the bound away. */
void hf_fleet_view_subset(struct hf_fleet_view *v, const char *title,
                          const struct hf_strs *hosts);

/* The states moved or the filter did: everything anew. */
void hf_fleet_view_recalc(struct hf_fleet_view *v, int64_t now);
/* Sort, groups, folds or marks moved. */
void hf_fleet_view_arrange(struct hf_fleet_view *v);

/* The row of a host or of a group's head; SIZE_MAX when it is not shown. */
size_t hf_fleet_view_find(const struct hf_fleet_view *v, uint32_t host,
                          uint32_t group);
uint32_t hf_fleet_view_index(const struct hf_fleet_view *v, const char *name);
/* Marks a host, or all matching ones of a group, or takes the marks away
 * when all have one. */
void hf_fleet_view_mark(struct hf_fleet_view *v, size_t row);
void hf_fleet_view_unmark_all(struct hf_fleet_view *v);
/* Is the host among those shown (also when its group is folded)? */
int hf_fleet_view_shows(const struct hf_fleet_view *v, uint32_t host);

/* Which group a host is in; its name, borrowed. */
uint32_t hf_fleet_view_group(const struct hf_fleet_view *v, uint32_t host);
const char *
hf_fleet_view_group_name(const struct hf_fleet_view *v, uint32_t group);
/* The selector of exactly the matching hosts of a group (HF_VIEW_NO_GROUP: of
 * all groups in view), in shell-safe spelling. NULL when they were not chosen
 * by words: they are a subset, or no filter bounds them. Caller's. */
char *hf_fleet_view_selector(const struct hf_fleet_view *v, uint32_t group);
void hf_fleet_view_heads(struct hf_line *out, const struct hf_fleet_view *v,
                         const struct hf_look *look);
void hf_fleet_view_line(struct hf_line *out, const struct hf_fleet_view *v,
                        size_t row, const struct hf_look *look);

#endif
