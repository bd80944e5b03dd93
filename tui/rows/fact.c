/* Facts in words. See fact.h. */
#include "tui/rows/fact.h"

#include <fnmatch.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"

#define YEAR_9999 INT64_C(253402300799) /* its last second */

static void
show_bytes(struct hf_buf *out, int64_t bytes)
{
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    double size = (double)bytes;
    size_t unit = 0;

    while (size >= 1024 && unit + 1 < HF_COUNT(units)) {
        size /= 1024;
        unit++;
    }
    hf_buf_printf(out, unit ? "%.1f %s" : "%.0f %s", size, units[unit]);
}

static void
show_moment(struct hf_buf *out, int64_t seconds)
{
    char text[HF_TIME_LEN];

    hf_buf_puts(out, hf_time_format(text, seconds * 1000));
}

static void
show_span(struct hf_buf *out, int64_t seconds)
{
    char text[HF_TIME_LEN];

    hf_buf_puts(out, hf_span_format(text, seconds * 1000));
}

/* What docs/protocol.md says of the keys that all platforms have. */
/* clang-format off */
static const struct {
    const char *keys; /* a pattern */
    int64_t most;     /* a larger number is no such thing */
    void (*show)(struct hf_buf *out, int64_t number);
} numbers[] = {
    {"memory.*", INT64_MAX, show_bytes},
    {"space.bytes", INT64_MAX, show_bytes},
    {"boot.time", YEAR_9999, show_moment},
    {"clock", YEAR_9999, show_moment},
    {"job.since", YEAR_9999, show_moment},
    {"restart.since", YEAR_9999, show_moment},
    {"restart.scheduled", YEAR_9999, show_moment},
    {"job.heartbeat", YEAR_9999, show_span},
    {"uptime", YEAR_9999, show_span},
};
/* clang-format on */

void
hf_fact_show(struct hf_buf *out, const struct hf_fact *f)
{
    int64_t number;

    if (!f->value) {
        hf_buf_printf(out, "unknown: %s", f->why);
        return;
    }
    for (size_t i = 0; i < HF_COUNT(numbers); i++) {
        if (fnmatch(numbers[i].keys, f->key, 0) == 0 &&
            hf_parse_int(&number, f->value, 0, numbers[i].most) == 0) {
            numbers[i].show(out, number);
            return;
        }
    }
    hf_buf_puts(out, f->value);
}
