/*
 * A host's way along the releases of its product: from the baseline that it
 * builds on to the next planned one. For pictures; what it means for the host
 * stands in hf_status.
 */
#ifndef HF_MODEL_TRACK_H
#define HF_MODEL_TRACK_H

#include "backend/model/release.h"

enum hf_stop_flag {
    HF_STOP_TAKEN = 1 << 0,   /* its fixes are in effect on the host */
    HF_STOP_HERE = 1 << 1,    /* the host stands here */
    HF_STOP_ASIDE = 1 << 2,   /* beside the track: an ordinary update */
    HF_STOP_PLANNED = 1 << 3, /* its day is to come */
    HF_STOP_MISSING = 1 << 4, /* its day has passed, no row tells of it */
};

struct hf_stop {
    char month[8];                /* "2026-08"; empty: not known */
    enum hf_release_type type;    /* of the row; else as the plan has it */
    const struct hf_release *row; /* borrowed from the catalogue, or NULL */
    int64_t day;                  /* ms: released, or planned; 0: not known */
    unsigned flags;               /* enum hf_stop_flag */
    size_t left_out;              /* releases before it that are not listed */
};

/* {0} is empty: the platform has no track, or nothing is known of it. */
struct hf_track {
    const char *title; /* of the product: borrowed, static */
    char build[32];    /* "26100.33222" */
    struct hf_stop *v; /* in order of time */
    size_t len, cap;
    size_t restart; /* the stop that next restarts the host; len: none */
};

void hf_track_release(struct hf_track *t);

#endif
