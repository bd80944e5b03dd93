/* The hosts' time: this process's, or one that runs ahead of it. */
#ifndef HF_SIM_CLOCK_H
#define HF_SIM_CLOCK_H

#include <stdint.h>

struct hf_sim_clock {
    int rate;                    /* at least 1 */
    int wire;                    /* waits on the wire are shorter by this */
    int64_t began;               /* hf_mono() */
    int64_t advanced;            /* ms; changed by any thread */
    int64_t (*ahead)(void *ctx); /* instead of all that; or NULL */
    void *ctx;
};

/* ms by which it is ahead of this process's. */
int64_t hf_sim_clock_ahead(const struct hf_sim_clock *c);
/* The same moment on the hosts as hf_pace() counts it, plus what they are
 * ahead. */
int64_t hf_sim_clock_now(const struct hf_sim_clock *c);
void hf_sim_clock_advance(struct hf_sim_clock *c, int64_t ms);

#endif
