/*
 * What live patches cost in memory: what hosts told before and after each
 * patch, and over the whole time, by product, with those that stand out. From
 * recorded facts; what a host did not tell stays unknown and is counted so.
 */
#ifndef HF_PLAYBOOKS_MEMORY_H
#define HF_PLAYBOOKS_MEMORY_H

#include "playbooks/history.h"

enum hf_memory_kind {
    HF_MEMORY_COMMITTED, /* what programs were promised */
    HF_MEMORY_MODULES,   /* of the kernel's modules, of drivers */
    HF_MEMORY_PATCHES,   /* of these the live patches; Linux */
    HF_MEMORY_POOL,      /* the kernel's nonpaged pool; Windows */
    HF_MEMORY_KINDS
};

struct hf_memory_row {
    const char *name, *title; /* "committed", "committed memory" */
    const char *fact;
    int64_t least; /* bytes: no outlier grows by less over the median */
};
extern const struct hf_memory_row hf_memory_rows[HF_MEMORY_KINDS];

#define HF_MEMORY_UNKNOWN INT64_MIN
struct hf_memory {
    int64_t v[HF_MEMORY_KINDS]; /* bytes or HF_MEMORY_UNKNOWN */
};

/* A host before and after one patch, or at both ends of the time. */
struct hf_memory_change {
    const struct hf_host *host;
    const char *product; /* catalogue id, NULL: unknown */
    char run[40];        /* "": over the time */
    enum hf_past_boot boot;
    int64_t from, at; /* ms: of a patch both are the end of its run */
    struct hf_memory before, after;
    unsigned outlier; /* 1 << enum hf_memory_kind */
};
/* HF_MEMORY_UNKNOWN when either end is. */
int64_t
hf_memory_growth(const struct hf_memory_change *c, enum hf_memory_kind kind);
/* Between two ends of one boot: what is said of growth counts these alone,
 * since memory begins anew with a restart. */
int hf_memory_compares(const struct hf_memory_change *c);

struct hf_memory_spread {
    size_t known; /* so many are compared */
    int64_t median, most;
    /* Who grows by more stands out: the median and five times the median
     * distance from it, at least hf_memory_rows[].least; with fewer than
     * HF_MEMORY_ENOUGH known nobody does, and it is HF_MEMORY_UNKNOWN. */
    int64_t limit;
    size_t outliers;
};
#define HF_MEMORY_ENOUGH 5

struct hf_memory_changes {
    struct hf_memory_change *v; /* by host, of one host by time */
    size_t len, cap;
};

/* Of one product, or of hosts whose product is not known. */
struct hf_memory_line {
    const char *product; /* NULL: unknown */
    size_t hosts;
    size_t told[HF_MEMORY_KINDS];    /* hosts whose newest facts tell it */
    int64_t median[HF_MEMORY_KINDS]; /* of these; or HF_MEMORY_UNKNOWN */
    size_t patches;                  /* put into effect by runs */
    size_t restarted; /* of these: with a restart, or the boot id is unknown */
    struct hf_memory_spread over_patch[HF_MEMORY_KINDS];
    struct hf_memory_spread over_time[HF_MEMORY_KINDS];
    struct hf_memory *days; /* mean of the hosts that had told it by then */
};

struct hf_memory_report {
    int64_t from, until;
    size_t days;                  /* see hf_memory_day */
    struct hf_memory_line *lines; /* in the order of their first host */
    size_t len, cap;
    struct hf_memory_changes patches, hosts;
    size_t damaged;
    char commit[41]; /* of the ledger */
};

/* Of these hosts, over `days` days until now; names are borrowed from the
 * session's fleet. Errors: of hf_history_open. */
int hf_memory_make(struct hf_memory_report *out, struct hf_session *s,
                   const struct hf_state *const *states, size_t n, int days,
                   int64_t now, struct hf_err *err);
void hf_memory_release(struct hf_memory_report *r);
/* When its value is taken: at the ends of days (UTC) from `from` on, the last
 * one now. */
int64_t hf_memory_day(const struct hf_memory_report *r, size_t day);
/* The line that a change is of. */
const struct hf_memory_line *
hf_memory_line_of(const struct hf_memory_report *r,
                  const struct hf_memory_change *c);

#endif
