/* Facts in words. See fact.h. */
#include "tui/rows/fact.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/checks/read.h"

#define YEAR_9999 INT64_C(253402300799) /* its last second */

void
hf_bytes_show(struct hf_buf *out, int64_t bytes)
{
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    double size = (double)bytes;
    size_t unit = 0;

    while ((size >= 1024 || size <= -1024) && unit + 1 < HF_COUNT(units)) {
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

/* Kernel taint flags, as an oops prints them: bit 0 first. */
static void
show_taint(struct hf_buf *out, int64_t bits)
{
    static const char letters[] = "PFSRMBUDAWCIOELKXTN";

    hf_buf_printf(out, "%" PRId64, bits);
    for (size_t i = 0; letters[i]; i++) {
        if (bits & (INT64_C(1) << i))
            hf_buf_printf(out, " %c", letters[i]);
    }
}

/* What docs/protocol.md says of the keys that all platforms have. */
/* clang-format off */
static const struct {
    const char *keys; /* a pattern */
    int64_t most;     /* a larger number is no such thing */
    void (*show)(struct hf_buf *out, int64_t number);
} numbers[] = {
    {"memory.*", INT64_MAX, hf_bytes_show},
    {"space.bytes", INT64_MAX, hf_bytes_show},
    {"boot.time", YEAR_9999, show_moment},
    {"clock", YEAR_9999, show_moment},
    {"job.since", YEAR_9999, show_moment},
    {"restart.since", YEAR_9999, show_moment},
    {"restart.scheduled", YEAR_9999, show_moment},
    {"job.heartbeat", YEAR_9999, show_span},
    {"events.*.last", YEAR_9999, show_moment},
    {"uptime", YEAR_9999, show_span},
    {"taint", INT64_MAX, show_taint},
};
/* clang-format on */

/* A word "KB5068966:1:2:0x00000000@1762905600" of the update history. */
static void
show_update(struct hf_buf *out, const char *word)
{
    char kb[24], code[24];
    int operation, result, end = 0;
    int64_t at;

    if (sscanf(word, "%23[^:]:%d:%d:%23[^@]@%" SCNd64 "%n", kb, &operation,
               &result, code, &at, &end) != 5 ||
        word[end] || at < 0 || at > YEAR_9999) {
        hf_buf_puts(out, word);
        return;
    }
    if (result == 2)
        hf_buf_printf(out, "%s %s ", kb,
                      operation == 2 ? "taken out" : "installed");
    else
        hf_buf_printf(out, "%s %s result %d %s ", kb,
                      operation == 2 ? "removal" : "install", result, code);
    show_moment(out, at);
}

static void
show_history(struct hf_buf *out, const char *value)
{
    struct hf_strs words = {0};

    hf_fact_words(&words, value);
    if (!words.len)
        hf_buf_puts(out, value);
    for (size_t i = 0; i < words.len; i++) {
        hf_buf_puts(out, i ? ", " : "");
        show_update(out, words.v[i]);
    }
    hf_strs_release(&words);
}

void
hf_fact_show(struct hf_buf *out, const struct hf_fact *f)
{
    int64_t number;

    if (!f->value) {
        hf_buf_printf(out, "unknown: %s", f->why);
        return;
    }
    if (strcmp(f->key, "history") == 0) {
        show_history(out, f->value);
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
