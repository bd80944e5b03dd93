/*
 * How hosts stood over time: recorded facts of then, judged by what was
 * published then. A release that came later changes nothing about the days
 * before it.
 */
#ifndef HF_PLAYBOOKS_TIMELINE_H
#define HF_PLAYBOOKS_TIMELINE_H

#include "playbooks/history.h"

/* From `from` on, until the next one of the host. */
struct hf_stand {
    int64_t from;
    int asked; /* it had told something */
    enum hf_coverage coverage;
    enum hf_patch patch;
    unsigned flags;      /* those that the recorded facts tell */
    const char *product; /* catalogue id, or NULL: unknown */
};

/* Of one host; borrowed from the timeline. The first stand begins at or
 * before the timeline; without one nothing was ever recorded. */
struct hf_stands {
    const struct hf_stand *v;
    size_t len;
};

struct hf_timeline;

/* Of `hosts` between two times. The history may go. */
struct hf_timeline *
hf_timeline_new(const struct hf_fleet *fleet, const struct hf_history *history,
                const struct hf_host *const *hosts, size_t n, int64_t from,
                int64_t until);
void hf_timeline_free(struct hf_timeline *t);

/* Of the host at `i` of those asked for. */
struct hf_stands hf_timeline_of(const struct hf_timeline *t, size_t i);
/* The stand at a time; NULL: nothing was recorded until then. */
const struct hf_stand *
hf_timeline_at(const struct hf_timeline *t, size_t i, int64_t at);

#endif
