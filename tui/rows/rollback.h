/*
 * What can be taken back, in groups: by release, by run, by ring, or host by
 * host; what each group comes to. Pure: no curses, no files.
 */
#ifndef HF_ROWS_ROLLBACK_H
#define HF_ROWS_ROLLBACK_H

#include "playbooks/undoable.h"
#include "tui/rows/line.h"

enum hf_rollback_by {
    HF_ROLLBACK_RELEASE,
    HF_ROLLBACK_RUN,
    HF_ROLLBACK_RING,
    HF_ROLLBACK_HOST, /* one group, without a head */
    HF_ROLLBACK_BY_COUNT
};
extern const char *const hf_rollback_by_names[HF_ROLLBACK_BY_COUNT + 1];

/* Hosts of one release, run or ring; those on which nothing of ours is in
 * effect are in none. Sums are over those that can be taken back now; when
 * there are none, over those that a rule keeps from it. */
struct hf_rollback_group {
    const char *name; /* borrowed; NULL: of no release, run, ring */
    const struct hf_undo_run *run; /* by run, or NULL */
    size_t hosts;
    size_t by[HF_UNDOABLE_COUNT];
    size_t restarts, maybe_restarts; /* hosts that restart; that may do so */
    int minutes;                     /* the most that one host takes */
    int learned;                     /* so it was measured */
    size_t off_track;                /* hosts */
    int64_t off_until;               /* the last day of them, 0: not known */
    size_t waiting;                /* hosts that wait for a window; it opens: */
    int64_t opens;                 /* the first of them */
    struct hf_exposure_group lost; /* CVEs that are open again */
    const struct hf_undo_cost *cost; /* of one of these; NULL: no price */
    int one_cost;                    /* it is that of all of them */
    uint32_t release;                /* the only one of its hosts, among
                                        hf_undoables.releases, or HF_UNDO_NONE */
    int many;                        /* it has several releases */
};

/* Of all hosts that were looked at; by release, the newest release first and
 * also blocked ones that no host runs; by run, the newest first; by ring as in
 * the fleet. What is in none of them comes last. */
struct hf_rollback_groups {
    enum hf_rollback_by by;
    struct hf_rollback_group *v;
    size_t len, cap;
    uint32_t *of; /* by host: its group, HF_UNDO_NONE: in none */
    size_t left;  /* hosts in none */
};
void
hf_rollback_groups_make(struct hf_rollback_groups *out,
                        const struct hf_undoables *u, enum hf_rollback_by by);
void hf_rollback_groups_release(struct hf_rollback_groups *g);

/* A group of one host, whether it can be taken back or not: what it would
 * cost. It borrows, and is not released. */
void hf_rollback_group_one(struct hf_rollback_group *out,
                           const struct hf_undoables *u, size_t host);

/* Why hosts cannot be taken back, by how many: the most first. */
struct hf_rollback_reason {
    uint32_t why; /* among hf_undoables.whys */
    size_t hosts;
};
/* Of one group; `g` NULL: of all hosts that have anything to take back. The
 * caller's. */
struct hf_rollback_reason *
hf_rollback_reasons(size_t *n, const struct hf_undoables *u,
                    const struct hf_rollback_groups *g, uint32_t group);

/* The block that holds for one of the releases, joined by blanks, of whatever
 * kernel; or NULL. */
const struct hf_block *hf_rollback_block(const struct hf_fleet *fleet,
                                         const char *releases, int64_t now);
/* "of no known run", "what cannot be taken back". */
const char *hf_rollback_group_title(const struct hf_rollback_groups *g,
                                    const struct hf_rollback_group *group);
/* The same as a command, without options that are said later: "hotfleet
 * rollback --release KB5078766"; empty: there is nothing to take back. */
void hf_rollback_command(struct hf_buf *out, enum hf_rollback_by by,
                         const struct hf_rollback_group *group);

#endif
