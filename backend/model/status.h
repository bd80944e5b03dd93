/*
 * Where a host stands: three separate axes, flags, and the words for them.
 */
#ifndef HF_MODEL_STATUS_H
#define HF_MODEL_STATUS_H

#include <stdint.h>

/* Will hotpatches keep coming? */
enum hf_coverage {
    HF_COVERAGE_UNKNOWN,
    HF_COVERAGE_COVERED,     /* until status.covered_until */
    HF_COVERAGE_RESTART_DUE, /* a new baseline is needed, by that date */
    HF_COVERAGE_OFF_TRACK,   /* restart updates until the next baseline */
    HF_COVERAGE_UNCOVERED,   /* nothing is published for what it runs */
    HF_COVERAGE_INELIGIBLE,  /* a check blocks */
    HF_COVERAGE_COUNT
};

/* Is the newest one in effect? */
enum hf_patch {
    HF_PATCH_UNKNOWN,
    HF_PATCH_CURRENT,
    HF_PATCH_BEHIND,
    HF_PATCH_IN_TRANSITION,
    HF_PATCH_APPLYING,
    HF_PATCH_FAILED,
    HF_PATCH_ROLLED_BACK,
    HF_PATCH_UNVERIFIED,
    HF_PATCH_COUNT
};

enum hf_reboot {
    HF_REBOOT_UNKNOWN,
    HF_REBOOT_NONE,
    HF_REBOOT_PENDING,   /* since status.reboot_at */
    HF_REBOOT_SCHEDULED, /* at status.reboot_at */
    HF_REBOOT_OVERDUE,
    HF_REBOOT_REBOOTING,
    HF_REBOOT_COUNT
};

enum hf_flag {
    HF_FLAG_HELD = 1 << 0,
    HF_FLAG_EXCEPTED = 1 << 1,
    HF_FLAG_KNOWN_ISSUE = 1 << 2,
    HF_FLAG_FROZEN = 1 << 3,
    HF_FLAG_JOB_RUNNING = 1 << 4,
    HF_FLAG_STALE = 1 << 5, /* facts older than the fleet's limit, or none */
    HF_FLAG_UNREACHABLE = 1 << 6,
    HF_FLAG_PATCHED_ELSEWHERE = 1 << 7,
    HF_FLAG_IDENTITY_CHANGED = 1 << 8,
    HF_FLAG_RESTARTED = 1 << 9, /* by itself, and outside a restart window */
};
#define HF_FLAG_COUNT 10

/* Stable words ("covered", "restart-due", ...), NULL-terminated tables in
 * enum order; flags in bit order. */
extern const char *const hf_coverage_names[HF_COVERAGE_COUNT + 1];
extern const char *const hf_patch_names[HF_PATCH_COUNT + 1];
extern const char *const hf_reboot_names[HF_REBOOT_COUNT + 1];
extern const char *const hf_flag_names[HF_FLAG_COUNT + 1];

enum hf_survives { HF_SURVIVES_UNKNOWN, HF_SURVIVES_YES, HF_SURVIVES_NO };

/* Is the update downloaded that the host must restart for? */
enum hf_staged {
    HF_STAGED_UNKNOWN,
    HF_STAGED_NO,
    HF_STAGED_YES,
    HF_STAGED_COUNT
};
extern const char *const hf_staged_names[HF_STAGED_COUNT + 1];

#define HF_WHY_LEN 160

/* What a driver says of a host. A plain value: copy it freely. */
struct hf_status {
    enum hf_coverage coverage;
    enum hf_patch patch;
    enum hf_reboot reboot;
    unsigned flags;                /* enum hf_flag */
    const char *product;           /* catalogue id: static; NULL = unknown */
    int64_t covered_until;         /* ms; 0 = open-ended or unknown; when
                                      coverage is unknown: until when it was
                                      known */
    int64_t reboot_at;             /* ms; 0 = not known */
    int64_t restart_within;        /* ms: it restarts by itself so long after
                                      an update that needs it; 0: not set */
    int64_t seen;                  /* ms, newest fact; 0 = never */
    enum hf_survives survives;     /* is the level kept over a restart */
    enum hf_staged staged;         /* unknown, too, when no update is due */
    char survives_by[64];          /* "kpatch.service", or why not */
    char level[HF_WHY_LEN];        /* what runs: "6.1.0-56-amd64 + fix_2" */
    char target[HF_WHY_LEN];       /* the newest known level, or empty */
    char coverage_why[HF_WHY_LEN]; /* one sentence each; may be empty */
    char patch_why[HF_WHY_LEN];
    char reboot_why[HF_WHY_LEN];
    char restarted_why[HF_WHY_LEN]; /* when and by whom, with that flag */
};

/* The same as it is kept for every host of a fleet: no longer than its texts
 * are. They are never NULL; {0} is none: begin with hf_standing_none. */
struct hf_standing {
    enum hf_coverage coverage;
    enum hf_patch patch;
    enum hf_reboot reboot;
    unsigned flags;
    const char *product;
    int64_t covered_until;
    int64_t reboot_at;
    int64_t restart_within;
    int64_t seen;
    enum hf_survives survives;
    enum hf_staged staged;
    const char *survives_by, *level, *target;
    const char *coverage_why, *patch_why, *reboot_why, *restarted_why;
    char *texts; /* the block they stand in */
};
extern const struct hf_standing hf_standing_none;

/* `to` is replaced: release it when you are done. */
void hf_standing_set(struct hf_standing *to, const struct hf_status *from);
/* Back to hf_standing_none. */
void hf_standing_release(struct hf_standing *s);

#endif
