/* Time on simulated hosts. */
#include "backend/sim/clock.h"

#include "backend/base/time.h"

int64_t
hf_sim_clock_ahead(const struct hf_sim_clock *c)
{
    if (c->ahead)
        return c->ahead(c->ctx);
    return __atomic_load_n(&c->advanced, __ATOMIC_RELAXED) +
           (c->rate - 1) * (hf_mono() - c->began);
}

int64_t
hf_sim_clock_now(const struct hf_sim_clock *c)
{
    return hf_pace() + hf_sim_clock_ahead(c);
}

void
hf_sim_clock_advance(struct hf_sim_clock *c, int64_t ms)
{
    (void)__atomic_add_fetch(&c->advanced, ms, __ATOMIC_RELAXED);
}
