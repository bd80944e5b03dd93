/* Columns of the list of hosts; see columns.h. */
#include "tui/rows/columns.h"

#include <stdio.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"

/* ---- cells ---- */

static void
word_cell(struct hf_line *out, const struct hf_word *w, const char *name,
          size_t cols, const struct hf_look *look)
{
    char text[64];

    (void)snprintf(text, sizeof(text), "%s %s", hf_word_symbol(w, look->ascii),
                   name);
    hf_line_cell(out, w->tone, text, cols, look->ascii);
}

static void
coverage_cell(struct hf_line *out, const struct hf_state *st, size_t cols,
              const struct hf_look *look)
{
    enum hf_coverage c = st->status.coverage;

    word_cell(out, &hf_coverage_words[c], hf_coverage_names[c], cols, look);
}

static void
patch_cell(struct hf_line *out, const struct hf_state *st, size_t cols,
           const struct hf_look *look)
{
    enum hf_patch p = st->status.patch;

    word_cell(out, &hf_patch_words[p], hf_patch_names[p], cols, look);
}

static void
reboot_cell(struct hf_line *out, const struct hf_state *st, size_t cols,
            const struct hf_look *look)
{
    enum hf_reboot r = st->status.reboot;

    word_cell(out, &hf_reboot_words[r], hf_reboot_names[r], cols, look);
}

static void
flags_cell(struct hf_line *out, const struct hf_state *st, size_t cols,
           const struct hf_look *look)
{
    struct hf_buf text = {0};

    hf_flags_text(&text, st->status.flags);
    hf_line_cell(out, HF_TONE_PLAIN, hf_buf_str(&text), cols, look->ascii);
    hf_buf_release(&text);
}

static void
age_cell(struct hf_line *out, const struct hf_state *st, size_t cols,
         const struct hf_look *look)
{
    int stale = (st->status.flags & HF_FLAG_STALE) != 0;
    char text[HF_TIME_LEN];

    hf_line_cell(out, stale ? HF_TONE_WARN : HF_TONE_DIM,
                 hf_age_format(text, look->now, st->status.seen), cols,
                 look->ascii);
}

static void
name_cell(struct hf_line *out, const struct hf_state *st, size_t cols,
          const struct hf_look *look)
{
    hf_line_cell(out, HF_TONE_PLAIN, st->host->name, cols, look->ascii);
}

static const char *
ring_text(const struct hf_state *st)
{
    return st->host->ring ? st->host->ring : "-";
}

/* As hotfleet.json lists them: in that order they are patched. */
static int
ring_place(const struct hf_fleet *fleet, const struct hf_state *st)
{
    const struct hf_ring *ring =
        st->host->ring ? hf_fleet_ring(fleet, st->host->ring) : NULL;

    return ring ? (int)(ring - fleet->rings) : -1;
}

static const char *
site_text(const struct hf_state *st)
{
    return st->host->site ? st->host->site : "-";
}

static const char *
address_text(const struct hf_state *st)
{
    return st->host->address;
}

static const char *
level_text(const struct hf_state *st)
{
    return st->status.level;
}

static const char *
target_text(const struct hf_state *st)
{
    return st->status.target;
}

static void
ring_cell(struct hf_line *out, const struct hf_state *st, size_t cols,
          const struct hf_look *look)
{
    hf_line_cell(out, HF_TONE_PLAIN, ring_text(st), cols, look->ascii);
}

static void
site_cell(struct hf_line *out, const struct hf_state *st, size_t cols,
          const struct hf_look *look)
{
    hf_line_cell(out, HF_TONE_PLAIN, site_text(st), cols, look->ascii);
}

static void
address_cell(struct hf_line *out, const struct hf_state *st, size_t cols,
             const struct hf_look *look)
{
    hf_line_cell(out, HF_TONE_DIM, address_text(st), cols, look->ascii);
}

static void
level_cell(struct hf_line *out, const struct hf_state *st, size_t cols,
           const struct hf_look *look)
{
    hf_line_cell(out, HF_TONE_PLAIN, level_text(st), cols, look->ascii);
}

static void
target_cell(struct hf_line *out, const struct hf_state *st, size_t cols,
            const struct hf_look *look)
{
    hf_line_cell(out, HF_TONE_DIM, target_text(st), cols, look->ascii);
}

static void
last_cell(struct hf_line *out, const struct hf_state *st, size_t cols,
          const struct hf_look *look)
{
    const struct hf_recent *r = &hf_state_record(st)->recent;
    char text[64], age[HF_TIME_LEN];

    (void)snprintf(text, sizeof(text), "%s %s %s", r->action, r->outcome,
                   hf_age_format(age, look->now, r->at));
    hf_line_cell(out, HF_TONE_DIM, r->run[0] ? text : "-", cols, look->ascii);
}

/* ---- order ---- */

static uint32_t
coverage_rank(const struct hf_state *st)
{
    return (uint32_t)hf_coverage_words[st->status.coverage].rank;
}

static uint32_t
patch_rank(const struct hf_state *st)
{
    return (uint32_t)hf_patch_words[st->status.patch].rank;
}

static uint32_t
reboot_rank(const struct hf_state *st)
{
    return (uint32_t)hf_reboot_words[st->status.reboot].rank;
}

/* Hosts with flags first, the most unusual flag on top. */
static uint32_t
flags_rank(const struct hf_state *st)
{
    return ~(uint32_t)st->status.flags;
}

/* In minutes since 1970, the oldest first; never asked is oldest. */
static uint32_t
age_rank(const struct hf_state *st)
{
    return (uint32_t)(st->status.seen / 60000);
}

/* The newest first. */
static uint32_t
last_rank(const struct hf_state *st)
{
    return ~(uint32_t)(st->last_at / 1000);
}

/* clang-format off */
const struct hf_column hf_columns[HF_COLUMN_COUNT] = {
    [HF_COLUMN_NAME] = {"name", "HOST", "the host's name", 8, 32, 0, 1,
                        name_cell, NULL, NULL},
    [HF_COLUMN_RING] = {"ring", "RING", "its ring", 8, 12, 6, 1,
                        ring_cell, NULL, ring_text, ring_place},
    [HF_COLUMN_COVERAGE] = {"coverage", "COVERAGE",
                            "will hotpatches keep coming", 13, 13, 2, 1,
                            coverage_cell, coverage_rank, NULL},
    [HF_COLUMN_PATCH] = {"patch", "PATCH", "is the newest one in effect",
                         15, 15, 1, 1, patch_cell, patch_rank, NULL},
    [HF_COLUMN_REBOOT] = {"reboot", "REBOOT", "does a restart wait", 11, 11,
                          4, 1, reboot_cell, reboot_rank, NULL},
    [HF_COLUMN_FLAGS] = {"flags", "FLAGS", "held, stale, unreachable ...", 8,
                         22, 5, 1, flags_cell, flags_rank, NULL},
    [HF_COLUMN_LEVEL] = {"level", "LEVEL", "what runs now", 16, 60, 7, 1,
                         level_cell, NULL, level_text},
    [HF_COLUMN_TARGET] = {"target", "TARGET", "the newest known level", 16,
                          60, 8, 0, target_cell, NULL, target_text},
    [HF_COLUMN_SITE] = {"site", "SITE", "where it stands", 6, 14, 9, 0,
                        site_cell, NULL, site_text},
    [HF_COLUMN_ADDRESS] = {"address", "ADDRESS", "where it is reached", 9, 24,
                           10, 0, address_cell, NULL, address_text},
    [HF_COLUMN_LAST] = {"last", "LAST RUN", "what was last done to it", 16,
                        24, 11, 0, last_cell, last_rank, NULL},
    [HF_COLUMN_AGE] = {"age", "FACTS", "how old its facts are", 5, 5, 3, 1,
                       age_cell, age_rank, NULL},
};
/* clang-format on */

/* ---- widths ---- */

static size_t
total(const size_t widths[HF_COLUMN_COUNT])
{
    size_t sum = 0;

    for (int i = 0; i < HF_COLUMN_COUNT; i++)
        sum += widths[i] ? widths[i] + 1 : 0;
    return sum ? sum - 1 : 0;
}

static int
next_to_drop(const size_t widths[HF_COLUMN_COUNT])
{
    int worst = -1;

    for (int i = 0; i < HF_COLUMN_COUNT; i++) {
        if (widths[i] && hf_columns[i].drop > 0 &&
            (worst < 0 || hf_columns[i].drop > hf_columns[worst].drop))
            worst = i;
    }
    return worst;
}

void
hf_columns_fit(size_t widths[HF_COLUMN_COUNT], unsigned chosen, size_t cols,
               size_t name_cols)
{
    size_t want, have;
    int drop;

    for (int i = 0; i < HF_COLUMN_COUNT; i++)
        widths[i] = chosen & 1u << i ? hf_columns[i].min : 0;
    if (widths[HF_COLUMN_NAME])
        widths[HF_COLUMN_NAME] = name_cols < 8    ? 8
                                 : name_cols > 32 ? 32
                                                  : name_cols;
    while (total(widths) > cols && (drop = next_to_drop(widths)) >= 0)
        widths[drop] = 0;
    if (total(widths) > cols)
        widths[HF_COLUMN_NAME] = cols;
    /* What is left goes to those that can use it; levels are long. */
    for (int i = HF_COLUMN_COUNT - 1; i > HF_COLUMN_NAME; i--) {
        have = total(widths);
        if (!widths[i] || have >= cols)
            continue;
        want = hf_columns[i].max - widths[i];
        widths[i] += want < cols - have ? want : cols - have;
    }
}
