/* Defaults of struct hf_net_limits. */
#include "backend/ssh/limits.h"

static void
fill_ms(int64_t *ms, int64_t value)
{
    if (*ms <= 0)
        *ms = value;
}

static void
fill_size(size_t *size, size_t value)
{
    if (*size == 0)
        *size = value;
}

void
hf_limits_fill(struct hf_net_limits *limits)
{
    fill_ms(&limits->resolve, 5000);
    fill_ms(&limits->connect, 8000);
    fill_ms(&limits->kex, 10000);
    fill_ms(&limits->auth, 15000);
    fill_ms(&limits->start, 10000);
    fill_ms(&limits->idle, 60000);
    fill_ms(&limits->total, 120000);
    fill_size(&limits->keep_out, 256u << 10);
    fill_size(&limits->keep_err, 16u << 10);
    fill_size(&limits->hard_out, 8u << 20);
}
