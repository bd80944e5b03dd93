/* Of which releases the fixes are in effect, and what is open then. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "backend/drivers/windows/windows.h"

#define DAY INT64_C(86400000)
#define CVES(...) ((const char *const[]){__VA_ARGS__, NULL})
#define ROW(m, t, k, b, day, ...)                                             \
    {                                                                         \
        .product = "ws2025", .month = m, .type = HF_RELEASE_##t, .kb = k,     \
        .build = "26100." b, .released = (day)*DAY, .cves = CVES(__VA_ARGS__) \
    }

/* clang-format off */
static const struct hf_release rows[] = {
    ROW("2025-10", BASELINE, "KB5100010", "6899", 20375, "CVE-2025-1001"),
    ROW("2025-10", OOB, "KB5100019", "6950", 20385, "CVE-2025-1009"),
    ROW("2025-11", HOTPATCH, "KB5110001", "7092", 20403, "CVE-2025-1101"),
    ROW("2025-11", UPDATE, "KB5110002", "7171", 20403, "CVE-2025-1101"),
    ROW("2025-12", HOTPATCH, "KB5120001", "7392", 20431, "CVE-2025-1201"),
    ROW("2025-12", COMPANION, "KB5120003", "7392", 20431, "CVE-2025-1299"),
    ROW("2025-12", UPDATE, "KB5120002", "7462", 20431, "CVE-2025-1201",
        "CVE-2025-1299"),
    ROW("2026-01", BASELINE, "KB5130010", "32230", 20466, "CVE-2026-1001"),
    ROW("2026-02", HOTPATCH, "KB5140001", "32313", 20494, "CVE-2026-1002"),
    ROW("2026-02", UPDATE, "KB5140002", "32370", 20494, "CVE-2026-1002"),
    ROW("2026-03", HOTPATCH, "KB5150001", "32440", 20522, "CVE-2026-1003"),
    ROW("2026-03", UPDATE, "KB5150002", "32460", 20522, "CVE-2026-1003"),
};
/* clang-format on */

static const struct hf_cve known[] = {
    {"CVE-2025-1299", HF_SEVERITY_IMPORTANT, "7.8", 0, 1},
    {"CVE-2026-1001", HF_SEVERITY_CRITICAL, "9.8", 0, 0},
    {"CVE-2026-1002", HF_SEVERITY_IMPORTANT, "10.0", 1, 0},
};

static const struct hf_catalogue catalogue = {
    .releases = rows,
    .releases_len = HF_COUNT(rows),
    .cves = known,
    .cves_len = HF_COUNT(known),
};

static void
look(struct hf_fixes *out, const char *ubr, const char *kbs, int64_t now)
{
    struct hf_facts facts = {0};
    struct hf_judge_in in = {
        .facts = &facts, .catalogue = &catalogue, .now = now};

    hf_facts_set(&facts, "os.build", "26100", NULL, 1);
    hf_facts_set(&facts, "os.type", "3", NULL, 1);
    hf_facts_set(&facts, "os.sku", "8", NULL, 1);
    hf_facts_set(&facts, "os.ubr", ubr, NULL, 1);
    if (kbs)
        hf_facts_set(&facts, "updates", kbs, NULL, 1);
    windows_fixes(out, &in);
    hf_facts_release(&facts);
}

/* The open CVEs, with blanks between; "unknown: why". */
static char *
open_at(const char *ubr, const char *kbs, int64_t now)
{
    struct hf_fixes fixes = {0};
    struct hf_exposure x;
    struct hf_buf out = {0};
    const struct hf_exposure_set *set;

    hf_exposure_init(&x, &catalogue);
    look(&fixes, ubr, kbs, now);
    hf_exposure_add(&x, &fixes);
    if ((set = hf_exposure_of(&x, 0)) == NULL)
        hf_buf_printf(&out, "unknown: %s", fixes.why);
    for (size_t i = 0; set && i < x.ids_len; i++) {
        if (hf_exposure_is_open(set->open, i))
            hf_buf_printf(&out, "%s%s", out.len ? " " : "", x.ids[i] + 4);
    }
    hf_exposure_release(&x);
    hf_fixes_release(&fixes);
    return hf_buf_take(&out);
}

#define is_open(ubr, kbs, day, want)               \
    do {                                           \
        char *got = open_at(ubr, kbs, (day)*DAY);  \
                                                   \
        assert_string_equal(got ? got : "", want); \
        free(got);                                 \
    } while (0)

static void
a_hotpatch_has_those_before_it_and_its_baseline(void **state)
{
    (void)state;
    is_open("7092", "KB5110001", 20410, "2025-1009");
    is_open("6899", "KB5100010", 20410, "2025-1009 2025-1101");
    is_open("32440", "KB5150001", 20600, "");
    is_open("32313", "KB5140001", 20600, "2026-1003");
}

/* Seen in December 2025: the hotpatch closes one CVE less. */
static void
what_only_the_update_closes_is_open_on_hotpatched_hosts(void **state)
{
    (void)state;
    is_open("7392", "KB5120001", 20440, "2025-1009 2025-1299");
    is_open("7462", "KB5120002", 20440, "");
    is_open("7392", "KB5120001 KB5120003", 20440, "2025-1009");
    is_open("32230", "KB5130010", 20470, "");
}

static void
an_update_has_all_months_before_it(void **state)
{
    (void)state;
    is_open("7171", "KB5110002", 20410, "");
    is_open("7171", "KB5110002", 20480, "2025-1201 2025-1299 2026-1001");
}

static void
an_out_of_band_fix_counts_when_it_is_listed(void **state)
{
    (void)state;
    is_open("6950", "KB5100010 KB5100019", 20400, "");
    is_open("7092", "KB5110001 KB5100019", 20410, "");
}

static void
a_build_of_no_release_has_the_update_below_it(void **state)
{
    (void)state;
    is_open("7200", NULL, 20440, "2025-1201 2025-1299");
    is_open("32400", NULL, 20600, "2026-1003");
}

static void
what_is_not_out_yet_is_not_open(void **state)
{
    (void)state;
    is_open("7092", "KB5110001", 20403, "2025-1009");
}

static void
an_unknown_level_is_unknown_and_not_closed(void **state)
{
    (void)state;
    is_open("40000", NULL, 20600,
            "unknown: 26100.40000 is newer than the catalogue");
    is_open("100", NULL, 20600,
            "2025-1001 2025-1009 2025-1101 2025-1201 "
            "2025-1299 2026-1001 2026-1002 2026-1003");
}

/* ---- whatever way a host goes, nothing reopens ---- */

#define MONTHS 24
#define PER_MONTH 5

/* Two years by chance: each month a baseline, or a hotpatch beside an update
 * that closes as much or more. */
struct line {
    struct hf_catalogue c;
    struct hf_release rows[MONTHS * 3];
    size_t month_of[MONTHS * 3];
    char texts[MONTHS * 3][3][16]; /* month, KB, build */
    const char *cves[MONTHS * 3][PER_MONTH + 1];
    char ids[MONTHS * PER_MONTH][24];
    unsigned seed;
};

static unsigned
chance(struct line *l, unsigned below)
{
    l->seed = l->seed * 1103515245u + 12345u;
    return (l->seed >> 16) % below;
}

static void
add_release(struct line *l, enum hf_release_type type, size_t month,
            size_t revision, size_t cves)
{
    size_t n = l->c.releases_len++;
    struct hf_release *r = &l->rows[n];

    (void)snprintf(l->texts[n][0], 16, "%04zu-%02zu", 2025 + month / 12 % 9,
                   month % 12 + 1);
    (void)snprintf(l->texts[n][1], 16, "KB51%05zu", n);
    (void)snprintf(l->texts[n][2], 16, "26100.%zu", revision);
    for (size_t i = 0; i < cves; i++)
        l->cves[n][i] = l->ids[month * PER_MONTH + i];
    l->month_of[n] = month;
    *r = (struct hf_release){.product = "ws2025",
                             .type = type,
                             .month = l->texts[n][0],
                             .kb = l->texts[n][1],
                             .build = l->texts[n][2],
                             .released = (20100 + (int64_t)month * 30) * DAY,
                             .cves = l->cves[n]};
}

static struct line *
make_line(unsigned seed)
{
    struct line *l = HF_NEW(struct line);

    l->seed = seed;
    l->c.releases = l->rows;
    for (size_t i = 0; i < HF_COUNT(l->ids); i++)
        (void)snprintf(l->ids[i], sizeof(l->ids[i]), "CVE-2025-%04zu", i);
    for (size_t m = 0; m < MONTHS; m++) {
        size_t low = 1000 + m * 100, cves = chance(l, PER_MONTH + 1);

        if (m % 3 == 0) {
            add_release(l, HF_RELEASE_BASELINE, m, low + 50, cves);
            continue;
        }
        add_release(l, HF_RELEASE_HOTPATCH, m, low,
                    cves ? cves - chance(l, 2) : 0);
        add_release(l, HF_RELEASE_UPDATE, m, low + 50, cves);
    }
    return l;
}

/* Hotpatches build on the baseline of their quarter; whoever took an update
 * waits for the next baseline. */
static int
may_follow(const struct line *l, size_t from, size_t to)
{
    if (to <= from || (l->rows[to].type == HF_RELEASE_HOTPATCH &&
                       l->month_of[from] / 3 != l->month_of[to] / 3))
        return 0;
    return l->rows[to].type != HF_RELEASE_HOTPATCH ||
           l->rows[from].type != HF_RELEASE_UPDATE;
}

static void
add_level(struct hf_exposure *x, const struct line *l, size_t row)
{
    struct hf_facts facts = {0};
    struct hf_fixes fixes = {0};
    struct hf_judge_in in = {
        .facts = &facts, .catalogue = &l->c, .now = 30000 * DAY};

    hf_facts_set(&facts, "os.build", "26100", NULL, 1);
    hf_facts_set(&facts, "os.type", "3", NULL, 1);
    hf_facts_set(&facts, "os.sku", "8", NULL, 1);
    hf_facts_set(&facts, "os.ubr", strchr(l->rows[row].build, '.') + 1, NULL,
                 1);
    hf_facts_set(&facts, "updates", l->rows[row].kb, NULL, 1);
    windows_fixes(&fixes, &in);
    hf_exposure_add(x, &fixes);
    hf_fixes_release(&fixes);
    hf_facts_release(&facts);
}

static void
exposure_never_grows_under_patching(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 50; seed++) {
        struct line *l = make_line(seed);
        struct hf_exposure x;
        size_t steps = 0;

        hf_exposure_init(&x, &l->c);
        for (size_t i = 0; i < l->c.releases_len; i++)
            add_level(&x, l, i);
        for (size_t i = 0; i < x.len * x.len; i++) {
            const struct hf_exposure_set *a = hf_exposure_of(&x, i / x.len);
            const struct hf_exposure_set *b = hf_exposure_of(&x, i % x.len);

            if (!may_follow(l, i / x.len, i % x.len))
                continue;
            steps++;
            for (size_t w = 0; w < x.words; w++)
                if (b->open[w] & ~a->open[w])
                    fail_msg("seed %u: %s to %s opens something", seed,
                             l->rows[i / x.len].build,
                             l->rows[i % x.len].build);
        }
        assert_true(steps > 400);
        hf_exposure_release(&x);
        free(l);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hotpatch_has_those_before_it_and_its_baseline),
        cmocka_unit_test(
            what_only_the_update_closes_is_open_on_hotpatched_hosts),
        cmocka_unit_test(an_update_has_all_months_before_it),
        cmocka_unit_test(an_out_of_band_fix_counts_when_it_is_listed),
        cmocka_unit_test(a_build_of_no_release_has_the_update_below_it),
        cmocka_unit_test(what_is_not_out_yet_is_not_open),
        cmocka_unit_test(an_unknown_level_is_unknown_and_not_closed),
        cmocka_unit_test(exposure_never_grows_under_patching),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
