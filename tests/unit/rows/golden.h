/*
 * Lines compared with a golden file beside the test; UPDATE_GOLDEN=1 writes
 * it anew. And a small fleet whose hosts stand everywhere a host can stand.
 */
#ifndef TESTS_UNIT_ROWS_GOLDEN_H
#define TESTS_UNIT_ROWS_GOLDEN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/model/host.h"
#include "backend/model/state.h"
#include "tui/rows/line.h"

#define MINUTE (INT64_C(60) * 1000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define NOW INT64_C(1795400000000) /* 2026-11-23 02:13:20 UTC */

static const struct hf_look narrow = {.cols = 80, .utc = 1, .now = NOW};
static const struct hf_look ascii = {
    .cols = 80, .ascii = 1, .utc = 1, .now = NOW};
static const struct hf_look wide = {.cols = 160, .utc = 1, .now = NOW};

static inline void
add_line(struct hf_buf *out, const struct hf_line *line)
{
    size_t end = line->text.len;

    while (end > 0 && line->text.data[end - 1] == ' ')
        end--;
    hf_buf_add(out, hf_buf_str(&line->text), end);
    hf_buf_putc(out, '\n');
}

static inline void
add_doc(struct hf_buf *out, const struct hf_doc *doc)
{
    for (size_t i = 0; i < doc->len; i++)
        add_line(out, &doc->v[i].line);
}

/* Releases `text`. */
static inline void
compare(const char *name, struct hf_buf *text)
{
    char *path = hf_xasprintf("golden/%s.txt", name);
    struct hf_buf wanted = {0};
    struct hf_err err = HF_ERR_INIT;

    if (getenv("UPDATE_GOLDEN")) {
        assert_int_equal(
            hf_file_write(path, hf_buf_str(text), text->len, 0644, &err), 0);
    } else if (hf_file_read(&wanted, path, 1 << 20, &err) < 0) {
        fail_msg("%s", err.text);
    } else if (strcmp(hf_buf_str(&wanted), hf_buf_str(text)) != 0) {
        fail_msg("%s: wanted\n%s\ngot\n%s", path, hf_buf_str(&wanted),
                 hf_buf_str(text));
    }
    hf_buf_release(&wanted);
    hf_buf_release(text);
    free(path);
}

/* ---- the fleet ---- */

static const char *const no_tags[] = {NULL};

#define HOST(n, r, h)                                                 \
    {                                                                 \
        .name = n, .address = "10.0.0.1", .port = 22, .ring = r,      \
        .site = "fra", .tags = no_tags, .hold = h, .platform = "auto" \
    }

static const struct hf_ring rings[] = {{.name = "canary"}, {.name = "broad"}};
static const struct hf_host hosts[] = {
    HOST("app-2", "canary", NULL),     HOST("app-10", "canary", NULL),
    HOST("db-1", "broad", "year end"), HOST("db-2", "broad", NULL),
    HOST("mail", NULL, NULL),          HOST("web-1", "broad", NULL),
    HOST("web-2", "broad", NULL),
};
#define HOSTS HF_COUNT(hosts)

static const struct hf_fleet fleet = {
    .name = "test",
    .branch = "main",
    .commit = "0123456789abcdef0123456789abcdef01234567",
    .rings = rings,
    .rings_len = 2,
    .hosts = hosts,
    .hosts_len = HOSTS,
    .stale_after = DAY,
};

struct standing {
    enum hf_coverage coverage;
    enum hf_patch patch;
    enum hf_reboot reboot;
    unsigned flags;
    int64_t age;
    const char *level;
};

static const struct standing standings[HOSTS] = {
    {HF_COVERAGE_COVERED, HF_PATCH_CURRENT, HF_REBOOT_NONE, 0, MINUTE,
     "6.1.0-56 + fix_2"},
    {HF_COVERAGE_COVERED, HF_PATCH_BEHIND, HF_REBOOT_NONE, 0, 3 * HOUR,
     "6.1.0-56 + fix_1"},
    {HF_COVERAGE_RESTART_DUE, HF_PATCH_BEHIND, HF_REBOOT_PENDING, HF_FLAG_HELD,
     5 * HOUR, "6.1.0-53"},
    {HF_COVERAGE_INELIGIBLE, HF_PATCH_FAILED, HF_REBOOT_NONE,
     HF_FLAG_JOB_RUNNING, 2 * DAY, "6.1.0-56"},
    {HF_COVERAGE_UNKNOWN, HF_PATCH_UNKNOWN, HF_REBOOT_UNKNOWN,
     HF_FLAG_STALE | HF_FLAG_UNREACHABLE, 0, ""},
    {HF_COVERAGE_UNCOVERED, HF_PATCH_UNKNOWN, HF_REBOOT_NONE, 0, HOUR,
     "5.10.0-9"},
    {HF_COVERAGE_COVERED, HF_PATCH_UNVERIFIED, HF_REBOOT_NONE,
     HF_FLAG_PATCHED_ELSEWHERE, 10 * MINUTE, "6.1.0-56 + fix_2"},
};

static inline void
fill_states(struct hf_state states[HOSTS])
{
    for (size_t i = 0; i < HOSTS; i++) {
        const struct standing *s = &standings[i];

        hf_state_init(&states[i], &hosts[i]);
        states[i].status.coverage = s->coverage;
        states[i].status.patch = s->patch;
        states[i].status.reboot = s->reboot;
        states[i].status.flags = s->flags;
        states[i].status.seen = s->age ? NOW - s->age : 0;
        states[i].status.level = s->level;
    }
}

#endif
