/*
 * The Reboots screen: the quarter as a table, and the hosts in groups, the
 * most urgent first; all of them, or those that restart in one week, or this
 * month.
 */
#ifndef HF_ROWS_REBOOTS_VIEW_H
#define HF_ROWS_REBOOTS_VIEW_H

#include "backend/model/schedule.h"
#include "tui/rows/quarter.h"
#include "tui/rows/reboots.h"

#define HF_REBOOTS_HEAD UINT32_MAX
#define HF_REBOOTS_QUARTERS 4 /* how far one can look */
#define HF_REBOOTS_KB_LEN 16

struct hf_reboots_item {
    uint32_t host; /* HF_REBOOTS_HEAD: the group's head */
    uint32_t group;
};

/* {0} is empty. */
struct hf_reboots_view {
    const struct hf_fleet *fleet;
    const struct hf_state *states;
    struct hf_dues dues; /* the i-th is of states[i] */
    struct hf_quarter quarter;
    struct hf_schedule schedule; /* of the quarter */
    struct hf_heat heat;
    size_t counts[HF_DUE_GROUP_COUNT]; /* of the hosts that are listed */
    size_t restarted; /* hosts: by themselves, outside a window */
    struct hf_due_month month;
    struct hf_reboots_item *items;
    size_t len;
    /* The reader's choice; a new making keeps it. */
    int offset;      /* quarters from now */
    int week;        /* of the quarter; -1: all hosts */
    int this_month;  /* only its hosts; then week is -1 */
    unsigned folded; /* bits 1 << group */
    int skip_baseline;
    char kb[HF_REBOOTS_KB_LEN]; /* what-if; empty: none */
    struct hf_arena *arena;     /* of a clock, without a calendar */
};

void hf_reboots_view_release(struct hf_reboots_view *v);
/* Looks at the fleet anew; it must outlive the view. */
void
hf_reboots_view_make(struct hf_reboots_view *v, const struct hf_fleet *fleet,
                     const struct hf_state *states, size_t n, int64_t now);
/* After a change of offset or quarter.by: the same hosts. */
void hf_reboots_view_quarter(struct hf_reboots_view *v);
/* The freezes of the quarter; of a chosen week its restart windows, too. */
void
hf_reboots_view_periods(struct hf_line *out, const struct hf_reboots_view *v);
/* After a change of week, this_month or folded: the same hosts. */
void hf_reboots_view_list(struct hf_reboots_view *v);
/* A week on, or back: over the end of the quarter into the next one; before
 * the first one all hosts are shown. 1: the quarter changed. */
int hf_reboots_view_week(struct hf_reboots_view *v, int by);

/* The row of a host, else of its group's head, else 0. */
size_t hf_reboots_view_find(const struct hf_reboots_view *v, uint32_t host,
                            uint32_t group);
/* Names of the hosts of a row: one, or the group's. */
void hf_reboots_view_hosts(struct hf_strs *out, const struct hf_reboots_view *v,
                           size_t row);

/* Heads and rows of the list. */
void hf_reboots_heads(struct hf_line *out, const struct hf_look *look);
void hf_reboots_line(struct hf_line *out, const struct hf_reboots_view *v,
                     size_t row, const struct hf_look *look);
/* When a host restarts, why, what would move that and what stands in the way;
 * of a head what its group means. */
void hf_reboots_detail(struct hf_doc *out, const struct hf_reboots_view *v,
                       size_t row, const struct hf_look *look);
/* What a group means. */
const char *hf_reboots_means(enum hf_due_group group);
/* Why a host restarts; what a group means. */
void hf_reboots_note(struct hf_line *out, const struct hf_reboots_view *v,
                     size_t row);

#endif
