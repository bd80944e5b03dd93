/* Which restart a host is forced into next, and what would move it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "backend/model/outlook.h"
#include "tests/support/at.h"

#define DAY ((int64_t)24 * 60 * 60 * 1000)

/* ---- a product ---- */

#define ROW(m, t, k, b)                                                 \
    {                                                                   \
        .product = "ws2025", .month = m, .type = t, .kb = k, .build = b \
    }

static struct hf_release rows[] = {
    ROW("2026-07", HF_RELEASE_BASELINE, "KB1", "26100.100"),
    ROW("2026-08", HF_RELEASE_HOTPATCH, "KB2", "26100.110"),
    ROW("2026-08", HF_RELEASE_UPDATE, "KB3", "26100.111"),
    ROW("2026-10", HF_RELEASE_BASELINE, "KB4", "26100.200"),
    ROW("2026-11", HF_RELEASE_HOTPATCH, "KB5", "26100.210"),
    ROW("2026-11", HF_RELEASE_UPDATE, "KB6", "26100.211"),
};
enum { JULY, AUGUST, AUGUST_UPDATE, OCTOBER, NOVEMBER, NOVEMBER_UPDATE };

static struct hf_product products[] = {{.id = "ws2025"}};
static const struct hf_catalogue catalogue = {.releases = rows,
                                              .releases_len = HF_COUNT(rows),
                                              .products = products,
                                              .products_len = 1};

static struct hf_standing host;

static int
set_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++)
        rows[i].released = hf_release_day(rows[i].month, 0);
    products[0] = (struct hf_product){.id = "ws2025"};
    host = hf_standing_none;
    host.product = "ws2025";
    host.coverage = HF_COVERAGE_COVERED;
    host.patch = HF_PATCH_CURRENT;
    host.reboot = HF_REBOOT_NONE;
    host.level = "26100.210 (KB5, hotpatch 2026-11)";
    return 0;
}

static void
first(struct hf_forced *f, const struct hf_calendar *cal,
      const struct hf_what_if *what_if, const char *now)
{
    struct hf_outlook o;

    hf_outlook_init(&o, &catalogue, cal, what_if, at(now));
    hf_outlook_first(f, &o, &host);
}

#define expect(f, force_, sure_, day)                            \
    do {                                                         \
        char text_[HF_TIME_LEN];                                 \
                                                                 \
        assert_string_equal(hf_force_names[(f)->force], force_); \
        assert_string_equal(hf_sure_names[(f)->sure], sure_);    \
        hf_time_format(text_, (f)->at);                          \
        text_[10] = '\0';                                        \
        assert_string_equal(text_, day);                         \
    } while (0)

/* ---- single reasons ---- */

static void
a_covered_host_restarts_at_the_next_baseline(void **state)
{
    struct hf_forced f;

    (void)state;
    first(&f, NULL, NULL, "2026-11-20");
    expect(&f, "baseline", "by-rule", "2027-01-12");
    assert_int_equal(f.by, at("2027-02-09T18:00:00Z"));
    assert_string_equal(f.month, "2027-01");
}

static void
an_unplanned_baseline_that_is_announced_comes_first(void **state)
{
    static const char *const december[] = {"2026-12", NULL};
    const struct hf_baselines said = {.product = "ws2025",
                                      .unplanned = december};
    const struct hf_calendar cal = {.baselines = &said, .baselines_len = 1};
    struct hf_forced f;

    (void)state;
    first(&f, &cal, NULL, "2026-11-20");
    expect(&f, "unplanned-baseline", "announced", "2026-12-08");
}

static void
a_baseline_that_is_out_is_due_since_its_day(void **state)
{
    struct hf_forced f;

    (void)state;
    host.coverage = HF_COVERAGE_RESTART_DUE;
    rows[OCTOBER].type = HF_RELEASE_UNPLANNED_BASELINE;
    first(&f, NULL, NULL, "2026-11-20");
    rows[OCTOBER].type = HF_RELEASE_BASELINE;
    expect(&f, "unplanned-baseline", "published", "2026-10-13");
    assert_ptr_equal(f.row, &rows[OCTOBER]);
    assert_int_equal(f.by, at("2026-11-10T18:00:00Z"));
}

/* Only what is out can lie ready; of what is to come nobody knows. */
static void
what_is_downloaded_already_is_said(void **state)
{
    struct hf_buf text = {0};
    struct hf_forced f;

    (void)state;
    host.staged = HF_STAGED_YES;
    first(&f, NULL, NULL, "2026-11-20");
    assert_int_equal(hf_forced_staged(&f, &host), HF_STAGED_UNKNOWN);
    host.coverage = HF_COVERAGE_RESTART_DUE;
    first(&f, NULL, NULL, "2026-11-20");
    assert_int_equal(hf_forced_staged(&f, &host), HF_STAGED_YES);
    hf_forced_say(&text, &f, &host);
    assert_string_equal(hf_buf_str(&text),
                        "KB4, planned baseline of 2026-10 (published); "
                        "downloaded already");
    hf_buf_clear(&text);
    host.staged = HF_STAGED_NO;
    hf_forced_say(&text, &f, &host);
    assert_null(strstr(hf_buf_str(&text), "downloaded"));
    hf_buf_release(&text);
    host.staged = HF_STAGED_YES;
    host.reboot = HF_REBOOT_PENDING;
    host.reboot_at = at("2026-08-01");
    first(&f, NULL, NULL, "2026-11-20");
    assert_int_equal(hf_forced_staged(&f, &host), HF_STAGED_UNKNOWN);
}

static void
off_the_track_every_update_restarts_until_the_next_baseline(void **state)
{
    struct hf_forced f, next;
    struct hf_outlook o;

    (void)state;
    host.coverage = HF_COVERAGE_OFF_TRACK;
    hf_outlook_init(&o, &catalogue, NULL, NULL, at("2026-11-20"));
    hf_outlook_first(&f, &o, &host);
    expect(&f, "update", "by-rule", "2026-12-08");
    assert_true(hf_outlook_next(&next, &o, &host, &f));
    expect(&next, "baseline", "by-rule", "2027-01-12");
    assert_true(hf_outlook_next(&f, &o, &host, &next));
    expect(&f, "baseline", "by-rule", "2027-04-13");
    /* One that is behind has its restart due already. */
    host.patch = HF_PATCH_BEHIND;
    hf_outlook_first(&f, &o, &host);
    expect(&f, "update", "published", "2026-11-10");
    assert_ptr_equal(f.row, &rows[NOVEMBER_UPDATE]);
    /* What takes no hotpatches at all never comes back. */
    host.coverage = HF_COVERAGE_INELIGIBLE;
    first(&f, NULL, NULL, "2027-01-20");
    hf_outlook_next(&next, &o, &host, &f);
    expect(&next, "update", "by-rule", "2026-12-08");
}

static void
what_the_host_says_itself_is_read_not_guessed(void **state)
{
    struct hf_forced f;

    (void)state;
    host.reboot = HF_REBOOT_PENDING;
    host.reboot_at = at("2026-11-15");
    first(&f, NULL, NULL, "2026-11-20");
    expect(&f, "pending", "read", "2026-11-15");
    host.reboot_at = 0;
    first(&f, NULL, NULL, "2026-11-20");
    expect(&f, "pending", "read", "2026-11-20");
    host.reboot = HF_REBOOT_SCHEDULED;
    host.reboot_at = at("2026-11-22");
    first(&f, NULL, NULL, "2026-11-20");
    expect(&f, "scheduled", "read", "2026-11-22");
}

/* A host whose clock runs ahead says that it waits since next year. */
static void
a_pending_restart_never_lies_in_the_future(void **state)
{
    struct hf_forced f;

    (void)state;
    host.reboot = HF_REBOOT_PENDING;
    host.reboot_at = at("2027-06-01");
    first(&f, NULL, NULL, "2026-11-20");
    expect(&f, "pending", "read", "2026-11-20");
}

static void
a_deadline_of_the_host_says_the_latest_day(void **state)
{
    struct hf_forced f;

    (void)state;
    host.restart_within = 7 * DAY;
    first(&f, NULL, NULL, "2026-11-20");
    expect(&f, "baseline", "by-rule", "2027-01-12");
    assert_int_equal(f.by, f.at + 7 * DAY);
    assert_true(f.flags & HF_FORCED_DEADLINE);
    host.restart_within = 90 * DAY;
    first(&f, NULL, NULL, "2026-11-20");
    assert_false(f.flags & HF_FORCED_DEADLINE);
}

static void
live_patches_of_a_kernel_end_on_a_day(void **state)
{
    struct hf_forced f, next;
    struct hf_outlook o;

    (void)state;
    host.product = "linux";
    host.covered_until = at("2027-03-01");
    hf_outlook_init(&o, &catalogue, NULL, NULL, at("2026-11-20"));
    hf_outlook_first(&f, &o, &host);
    expect(&f, "support-ends", "published", "2027-03-01");
    assert_false(hf_outlook_next(&next, &o, &host, &f));
    host.reboot = HF_REBOOT_PENDING;
    hf_outlook_first(&f, &o, &host);
    assert_int_equal(f.force, HF_FORCE_PENDING);
    assert_true(hf_outlook_next(&next, &o, &host, &f));
    expect(&next, "support-ends", "published", "2027-03-01");
    host.coverage = HF_COVERAGE_RESTART_DUE;
    host.reboot = HF_REBOOT_NONE;
    hf_outlook_init(&o, &catalogue, NULL, NULL, at("2027-03-20"));
    hf_outlook_first(&f, &o, &host);
    expect(&f, "support-ends", "published", "2027-03-01");
}

static void
after_the_programme_every_update_restarts(void **state)
{
    struct hf_forced f, next;
    struct hf_outlook o;

    (void)state;
    products[0].ends = "2027-02";
    products[0].ends_certainty = "unconfirmed";
    hf_outlook_init(&o, &catalogue, NULL, NULL, at("2026-11-20"));
    hf_outlook_first(&f, &o, &host);
    expect(&f, "baseline", "by-rule", "2027-01-12");
    assert_true(hf_outlook_next(&next, &o, &host, &f));
    expect(&next, "programme-ends", "unconfirmed", "2027-03-09");
    assert_true(hf_outlook_next(&f, &o, &host, &next));
    expect(&f, "baseline", "by-rule", "2027-04-13");
    assert_true(hf_outlook_next(&next, &o, &host, &f));
    expect(&next, "update", "by-rule", "2027-05-11");
}

static void
what_cannot_be_told_is_unknown(void **state)
{
    struct hf_buf text = {0};
    struct hf_forced f, next;
    struct hf_outlook o;

    (void)state;
    host.coverage = HF_COVERAGE_UNKNOWN;
    host.coverage_why = "the catalogue has no release of 2026-09";
    hf_outlook_init(&o, &catalogue, NULL, NULL, at("2026-11-20"));
    hf_outlook_first(&f, &o, &host);
    assert_int_equal(f.force, HF_FORCE_UNKNOWN);
    assert_int_equal(f.sure, HF_SURE_UNKNOWN);
    assert_int_equal(f.at, 0);
    assert_false(hf_outlook_next(&next, &o, &host, &f));
    hf_forced_say(&text, &f, &host);
    assert_string_equal(hf_buf_str(&text), "not known: the catalogue has no "
                                           "release of 2026-09");
    hf_buf_release(&text);
    /* A baseline that the catalogue lacks is no secret: its day has passed. */
    host.covered_until = at("2026-10-13T18:00:00Z");
    rows[OCTOBER].type = HF_RELEASE_HOTPATCH;
    first(&f, NULL, NULL, "2026-11-20");
    rows[OCTOBER].type = HF_RELEASE_BASELINE;
    assert_true(f.at <= at("2027-01-12T18:00:00Z"));
    host.coverage = HF_COVERAGE_COVERED;
    host.reboot = HF_REBOOT_UNKNOWN;
    first(&f, NULL, NULL, "2026-11-20");
    assert_true(f.flags & HF_FORCED_EARLIER);
    host.product = NULL;
    first(&f, NULL, NULL, "2026-11-20");
    assert_int_equal(f.force, HF_FORCE_UNKNOWN);
}

/* ---- what if ---- */

static void
a_skipped_baseline_comes_with_the_next_hotpatch(void **state)
{
    const struct hf_what_if skip = {.skip_baseline = 1};
    struct hf_forced f, next;
    struct hf_outlook o;

    (void)state;
    hf_outlook_init(&o, &catalogue, NULL, &skip, at("2026-11-20"));
    hf_outlook_first(&f, &o, &host);
    expect(&f, "baseline", "by-rule", "2027-02-09");
    assert_true(f.flags & HF_FORCED_SKIPPED);
    assert_true(hf_outlook_next(&next, &o, &host, &f));
    expect(&next, "baseline", "by-rule", "2027-04-13");
    assert_false(next.flags & HF_FORCED_SKIPPED);
    /* One that is due now, while its month lasts. */
    host.coverage = HF_COVERAGE_RESTART_DUE;
    first(&f, NULL, &skip, "2026-10-20");
    expect(&f, "baseline", "published", "2026-11-10");
    first(&f, NULL, &skip, "2026-11-20");
    expect(&f, "baseline", "published", "2026-10-13");
}

static void
a_kb_installed_now_restarts_who_does_not_have_it(void **state)
{
    struct hf_what_if kb = {.kb = "KB6"};
    struct hf_forced f, next;
    struct hf_outlook o;

    (void)state;
    host.level = "26100.200 (KB4, baseline 2026-10)";
    hf_outlook_init(&o, &catalogue, NULL, &kb, at("2026-11-20"));
    assert_true(hf_outlook_knows_kb(&o));
    hf_outlook_first(&f, &o, &host);
    expect(&f, "chosen", "read", "2026-11-20");
    /* It leaves the track. */
    assert_true(hf_outlook_next(&next, &o, &host, &f));
    expect(&next, "update", "by-rule", "2026-12-08");
    kb.kb = "KB5"; /* a hotpatch */
    first(&f, NULL, &kb, "2026-11-20");
    expect(&f, "baseline", "by-rule", "2027-01-12");
    kb.kb = "KB4"; /* is there */
    first(&f, NULL, &kb, "2026-11-20");
    expect(&f, "baseline", "by-rule", "2027-01-12");
    host.level = "26100.110 (KB2, hotpatch 2026-08)";
    host.coverage = HF_COVERAGE_RESTART_DUE;
    hf_outlook_init(&o, &catalogue, NULL, &kb, at("2026-11-20"));
    hf_outlook_first(&f, &o, &host);
    assert_int_equal(f.force, HF_FORCE_BASELINE); /* due before now */
    assert_true(hf_outlook_next(&next, &o, &host, &f));
    expect(&next, "baseline", "by-rule", "2027-01-12");
    kb.kb = "KB9";
    hf_outlook_init(&o, &catalogue, NULL, &kb, at("2026-11-20"));
    assert_false(hf_outlook_knows_kb(&o));
}

/* ---- never later than a force that is known ---- */

static uint64_t seed = 20261123;

static unsigned
roll(unsigned sides)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(seed >> 33) % sides;
}

/* The first release day behind `t`. */
static int64_t
release_day_after(int64_t t)
{
    int64_t day = 0;

    for (int i = 0; day <= t; i++)
        day = hf_release_day("2026-07", i);
    return day;
}

static int64_t
earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* By where the host stands: a baseline that is out, planned or not; off the
 * track any month's update; the end of the programme. */
static int64_t
known_by_cover(int64_t now)
{
    int64_t found = INT64_MAX, ends;

    switch (host.coverage) {
    case HF_COVERAGE_RESTART_DUE:
        for (size_t i = 0; i < HF_COUNT(rows); i++) {
            if ((rows[i].type == HF_RELEASE_BASELINE ||
                 rows[i].type == HF_RELEASE_UNPLANNED_BASELINE) &&
                rows[i].released <= now)
                found = rows[i].released; /* the newest of them */
        }
        return found;
    case HF_COVERAGE_COVERED:
        if (!products[0].ends)
            return found;
        ends = hf_release_day(products[0].ends, 1);
        return ends > now ? ends : release_day_after(now);
    case HF_COVERAGE_UNKNOWN:
        return found;
    default:
        return release_day_after(now);
    }
}

/* What is known to force a restart of the host, told without the outlook: the
 * earliest day, or INT64_MAX. */
static int64_t
known_force(const struct hf_calendar *cal, int64_t now)
{
    int64_t found = INT64_MAX, day;

    if ((host.reboot == HF_REBOOT_PENDING ||
         host.reboot == HF_REBOOT_SCHEDULED) &&
        host.reboot_at)
        found = host.reboot_at > now && host.reboot == HF_REBOOT_PENDING
                    ? now
                    : host.reboot_at;
    if (strcmp(host.product, "linux") == 0) {
        if (host.covered_until && host.covered_until < found &&
            (host.coverage == HF_COVERAGE_COVERED ||
             host.coverage == HF_COVERAGE_RESTART_DUE))
            found = host.covered_until;
        return found;
    }
    if (host.coverage == HF_COVERAGE_UNKNOWN)
        return found;
    found = earlier(found, known_by_cover(now));
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        if ((rows[i].type == HF_RELEASE_BASELINE ||
             rows[i].type == HF_RELEASE_UNPLANNED_BASELINE) &&
            rows[i].released > now)
            found = earlier(found, rows[i].released);
    }
    for (size_t i = 0; cal->baselines->unplanned[i]; i++) {
        day = hf_release_day(cal->baselines->unplanned[i], 0);
        if (day > now && day < found)
            found = day;
    }
    return found;
}

static void
roll_host(int64_t now)
{
    host.product = roll(4) ? "ws2025" : "linux";
    host.coverage = (enum hf_coverage)roll(HF_COVERAGE_COUNT);
    host.patch = (enum hf_patch)roll(HF_PATCH_COUNT);
    host.reboot = (enum hf_reboot)roll(HF_REBOOT_COUNT);
    host.reboot_at = roll(3) ? now + ((int)roll(60) - 30) * DAY : 0;
    host.covered_until = roll(3) ? now + ((int)roll(400) - 50) * DAY : 0;
    host.restart_within = roll(2) ? (1 + (int)roll(30)) * DAY : 0;
}

static void
never_later_than_a_known_force(void **state)
{
    const char *months[3] = {NULL};
    const struct hf_baselines said = {.product = "ws2025", .unplanned = months};
    const struct hf_calendar cal = {.baselines = &said, .baselines_len = 1};

    (void)state;
    for (int i = 0; i < 20000; i++) {
        int64_t now = at("2026-08-01") + (int)roll(500) * DAY, known;
        static const char *const all[] = {"2026-09", "2026-12", "2027-02"};
        struct hf_forced f, next;
        struct hf_outlook o;

        rows[OCTOBER].type =
            roll(3) ? HF_RELEASE_BASELINE : HF_RELEASE_UNPLANNED_BASELINE;
        products[0].ends = roll(3) ? NULL : all[roll(3)];
        months[0] = all[roll(3)];
        months[1] = roll(2) ? all[roll(3)] : NULL;
        roll_host(now);
        hf_outlook_init(&o, &catalogue, &cal, NULL, now);
        hf_outlook_first(&f, &o, &host);
        known = known_force(&cal, now);
        if (known != INT64_MAX && (!f.at || f.at > known))
            fail_msg("round %d: %s at %lld, known %lld", i,
                     hf_force_names[f.force], (long long)f.at,
                     (long long)known);
        assert_true((f.force == HF_FORCE_UNKNOWN) == (f.at == 0));
        assert_true(!f.by || f.by >= f.at);
        if (host.restart_within && f.at && f.force != HF_FORCE_SUPPORT)
            assert_true(f.by && f.by <= f.at + host.restart_within);
        for (int n = 0; n < 6 && hf_outlook_next(&next, &o, &host, &f); n++) {
            assert_true(next.at > f.at && next.at > now);
            f = next;
        }
    }
    rows[OCTOBER].type = HF_RELEASE_BASELINE;
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, set_up)
    const struct CMUnitTest tests[] = {
        TEST(a_covered_host_restarts_at_the_next_baseline),
        TEST(an_unplanned_baseline_that_is_announced_comes_first),
        TEST(a_baseline_that_is_out_is_due_since_its_day),
        TEST(what_is_downloaded_already_is_said),
        TEST(off_the_track_every_update_restarts_until_the_next_baseline),
        TEST(what_the_host_says_itself_is_read_not_guessed),
        TEST(a_pending_restart_never_lies_in_the_future),
        TEST(a_deadline_of_the_host_says_the_latest_day),
        TEST(live_patches_of_a_kernel_end_on_a_day),
        TEST(after_the_programme_every_update_restarts),
        TEST(what_cannot_be_told_is_unknown),
        TEST(a_skipped_baseline_comes_with_the_next_hotpatch),
        TEST(a_kb_installed_now_restarts_who_does_not_have_it),
        TEST(never_later_than_a_known_force),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
