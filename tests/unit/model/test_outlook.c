/* Which restart a host is forced into next, and what would move it. */
#include "tests/unit/model/outlook_bed.h"

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

static void
says_when(const struct hf_forced *f, const char *words)
{
    struct hf_buf text = {0};

    hf_forced_say_when(&text, f, &host);
    if (strncmp(hf_buf_str(&text), words, strlen(words)) != 0)
        fail_msg("'%s' does not begin '%s'", hf_buf_str(&text), words);
    hf_buf_release(&text);
}

static void
the_days_are_said_before_the_reason(void **state)
{
    struct hf_forced f;

    (void)state;
    first(&f, NULL, NULL, "2026-11-20");
    f.at = at("2027-01-12T18:00:00Z");
    f.by = at("2027-02-09T18:00:00Z");
    says_when(&f, "from 2027-01-12, by 2027-02-09: planned baseline");
    f.by = at("2027-01-12T23:59:59Z");
    says_when(&f, "on 2027-01-12: planned baseline");
    f.by = 0;
    says_when(&f, "from 2027-01-12: planned baseline");
    f.at = 0;
    says_when(&f, "planned baseline");
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

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, set_up)
    const struct CMUnitTest tests[] = {
        TEST(a_covered_host_restarts_at_the_next_baseline),
        TEST(an_unplanned_baseline_that_is_announced_comes_first),
        TEST(a_baseline_that_is_out_is_due_since_its_day),
        TEST(the_days_are_said_before_the_reason),
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
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
