/* Sparklines and bars. */
#include "tui/rows/plot.h"

#include "backend/base/mem.h"

static const char *const steps[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
static const char *const plain[] = {"_", ".", "-", "=", "^"};

static const char *
step_of(int64_t value, int64_t low, int64_t high, int ascii)
{
    const char *const *set = ascii ? plain : steps;
    int64_t n = ascii ? (int64_t)HF_COUNT(plain) : (int64_t)HF_COUNT(steps);
    int64_t at = high > low ? (value - low) * n / (high - low) : 0;

    return set[at < 0 ? 0 : at >= n ? n - 1 : at];
}

/* Of values[from..to). */
static int64_t
mean(const int64_t *values, size_t from, size_t to)
{
    int64_t sum = 0, known = 0;

    for (size_t i = from; i < to; i++) {
        if (values[i] == HF_PLOT_NONE)
            continue;
        sum += values[i];
        known++;
    }
    return known ? sum / known : HF_PLOT_NONE;
}

void
hf_plot_spark(struct hf_buf *out, const int64_t *values, size_t n, int64_t low,
              int64_t high, size_t columns, int ascii)
{
    size_t cells = n < columns ? n : columns;

    for (size_t c = 0; c < cells; c++) {
        int64_t value = mean(values, c * n / cells, (c + 1) * n / cells);

        hf_buf_puts(out, value == HF_PLOT_NONE
                             ? " "
                             : step_of(value, low, high, ascii));
    }
}

void
hf_plot_bar(struct hf_buf *out, int64_t value, int64_t high, size_t columns,
            int ascii)
{
    int64_t cells = high > 0 ? value * (int64_t)columns / high : 0;

    if (value > 0 && cells < 1)
        cells = 1;
    for (int64_t i = 0; i < cells && i < (int64_t)columns; i++)
        hf_buf_puts(out, ascii ? "#" : "█");
}
