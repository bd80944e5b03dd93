/* Forced restarts against restart windows. */
#include "backend/model/due.h"
#include "tests/unit/model/calendar_bed.h"

static struct hf_state states[HF_COUNT(hosts)];

static struct hf_rule
restart_night(void)
{
    struct hf_rule rule = patch_night();

    rule.name = "restart night";
    rule.kind = HF_RULE_RESTART;
    return rule;
}

/* Covered Server 2025 hosts, one for each of the bed. */
static int
set_up_dues(void **state)
{
    for (size_t i = 0; i < HF_COUNT(hosts); i++) {
        hf_state_init(&states[i], &hosts[i]);
        states[i].status.product = "ws2025";
        states[i].status.coverage = HF_COVERAGE_COVERED;
        states[i].status.patch = HF_PATCH_CURRENT;
        states[i].status.reboot = HF_REBOOT_NONE;
    }
    fleet.calendar = NULL;
    return set_up(state);
}

static struct hf_due
due_at(int host, const char *now)
{
    struct hf_due due;
    struct hf_dues d;

    hf_dues_init(&d, &fleet, NULL, at(now), at(now) + 366 * HF_DAY_MS);
    due = *hf_dues_add(&d, &states[host]);
    hf_dues_release(&d);
    due.steps = NULL;
    return due;
}

#define expect_group(host, now, group_)                        \
    do {                                                       \
        struct hf_due due_ = due_at(host, now);                \
                                                               \
        assert_string_equal(hf_due_names[due_.group], group_); \
    } while (0)

/* ---- groups ---- */

static void
without_a_restart_window_the_planning_is_wrong(void **state)
{
    const struct hf_rule rule = patch_night();
    struct hf_buf text = {0};
    struct hf_dues d;

    (void)state;
    expect_group(BERLIN, "2026-11-23", "no-window");
    use(&rule, 1);
    expect_group(BERLIN, "2026-11-23", "no-window");
    hf_dues_init(&d, &fleet, NULL, at("2026-11-23"), at("2027-11-23"));
    hf_due_say_window(&text, &d, hf_dues_add(&d, &states[BERLIN]),
                      &hosts[BERLIN]);
    assert_string_equal(hf_buf_str(&text), "no restart window names it");
    hf_buf_release(&text);
    hf_dues_release(&d);
}

static void
a_baseline_to_come_is_forecast_with_its_window(void **state)
{
    const struct hf_rule rule = restart_night();
    struct hf_due due;

    (void)state;
    use(&rule, 1);
    due = due_at(BERLIN, "2026-11-23");
    assert_int_equal(due.group, HF_DUE_FORECAST);
    assert_int_equal(due.forced.at, at("2027-01-12T18:00:00Z"));
    assert_int_equal(due.window.from, at("2027-01-16T21:00:00Z"));
}

static void
what_is_due_waits_for_its_window_and_is_overdue_behind_it(void **state)
{
    const struct hf_rule rule = restart_night();

    (void)state;
    use(&rule, 1);
    states[BERLIN].status.reboot = HF_REBOOT_PENDING;
    states[BERLIN].status.reboot_at = at("2026-12-01");
    expect_group(BERLIN, "2026-12-05", "due");
    expect_group(BERLIN, "2026-12-12T21:00:00Z", "due"); /* it is open */
    expect_group(BERLIN, "2026-12-13T01:00:00Z", "overdue");
    states[BERLIN].status.reboot = HF_REBOOT_SCHEDULED;
    states[BERLIN].status.reboot_at = at("2026-12-14");
    expect_group(BERLIN, "2026-12-13T01:00:00Z", "scheduled");
}

/* Cover is unknown since the baseline of October, which came on the 13th; the
 * hotpatch of November needs it. */
static void
behind_the_last_day_it_is_overdue_whatever_the_windows(void **state)
{
    struct hf_rule rule = restart_night();

    (void)state;
    rule.months = 1 << 11; /* December */
    use(&rule, 1);
    states[BERLIN].status.coverage = HF_COVERAGE_UNKNOWN;
    states[BERLIN].status.covered_until = at("2026-10-13T18:00:00Z");
    expect_group(BERLIN, "2026-11-05", "no-window");
    expect_group(BERLIN, "2026-11-23", "overdue");
    states[BERLIN].status.coverage = HF_COVERAGE_COVERED;
    expect_group(BERLIN, "2026-11-23", "no-window");
    states[BERLIN].status.reboot = HF_REBOOT_OVERDUE;
    states[BERLIN].status.reboot_at = at("2026-11-01");
    expect_group(BERLIN, "2026-11-23", "overdue");
}

static void
a_window_that_comes_too_late_is_none(void **state)
{
    struct hf_rule rule = restart_night();
    struct hf_due due;

    (void)state;
    rule.months = 1 << 2; /* March: hotpatches need January's by February */
    use(&rule, 1);
    due = due_at(BERLIN, "2026-11-23");
    assert_int_equal(due.group, HF_DUE_NO_WINDOW);
    assert_true(due.too_late);
}

/* The last day has the kernel's patches no more. */
static void
what_ends_on_a_day_wants_a_window_before_it(void **state)
{
    struct hf_rule rule = restart_night();
    struct hf_due due;

    (void)state;
    use(&rule, 1);
    states[BERLIN].status.product = "linux";
    states[BERLIN].status.covered_until = at("2027-06-20");
    due = due_at(BERLIN, "2026-11-23");
    assert_int_equal(due.group, HF_DUE_FORECAST);
    assert_int_equal(due.window.from, at("2027-06-12T20:00:00Z"));
    rule.months = 1 << 2; /* March only: better than none */
    use(&rule, 1);
    due = due_at(BERLIN, "2026-11-23");
    assert_int_equal(due.group, HF_DUE_FORECAST);
    assert_int_equal(due.window.from, at("2027-03-13T21:00:00Z"));
    rule.months = 1 << 0 | 1 << 2; /* of two the later one */
    use(&rule, 1);
    due = due_at(BERLIN, "2026-11-23");
    assert_int_equal(due.window.from, at("2027-03-13T21:00:00Z"));
    expect_group(BERLIN, "2027-04-01", "no-window");
    expect_group(BERLIN, "2027-06-20T12:00:00Z", "overdue");
}

static void
who_cannot_be_told_is_in_no_other_group(void **state)
{
    const struct hf_rule rule = restart_night();

    (void)state;
    use(&rule, 1);
    states[DB].status.coverage = HF_COVERAGE_UNKNOWN;
    expect_group(DB, "2026-11-23", "unknown");
}

/* Nobody has let a window pass for what is only supposed. */
static void
a_kb_that_is_supposed_waits_for_the_next_window(void **state)
{
    static const struct hf_release row = {.product = "ws2025",
                                          .type = HF_RELEASE_UPDATE,
                                          .month = "2026-11",
                                          .kb = "KB6",
                                          .build = "26100.211"};
    static const struct hf_catalogue catalogue = {.releases = &row,
                                                  .releases_len = 1};
    const struct hf_what_if what_if = {.kb = "KB6"};
    const struct hf_rule rule = restart_night();
    const struct hf_due *due;
    struct hf_dues d;

    (void)state;
    use(&rule, 1);
    fleet.catalogue = &catalogue;
    hf_dues_init(&d, &fleet, &what_if, at("2026-11-23"), at("2027-11-23"));
    due = hf_dues_add(&d, &states[BERLIN]);
    assert_int_equal(due->forced.force, HF_FORCE_CHOSEN);
    assert_string_equal(hf_due_names[due->group], "due");
    hf_dues_release(&d);
    fleet.catalogue = NULL;
}

/* ---- many ---- */

static void
hosts_that_stand_alike_share_an_answer(void **state)
{
    const struct hf_rule rule = restart_night();
    struct hf_dues d;

    (void)state;
    use(&rule, 1);
    states[DB].status.reboot = HF_REBOOT_PENDING;
    hf_dues_init(&d, &fleet, NULL, at("2026-11-23"), at("2027-11-23"));
    for (size_t i = 0; i < HF_COUNT(hosts); i++)
        (void)hf_dues_add(&d, &states[i]);
    assert_int_equal(d.n, HF_COUNT(hosts));
    assert_true(d.len < d.n + 1 && d.len >= 2);
    assert_int_equal(hf_dues_of(&d, DB)->forced.force, HF_FORCE_PENDING);
    assert_int_equal(hf_dues_of(&d, BERLIN)->forced.force, HF_FORCE_BASELINE);
    assert_true(hf_due_compare(hf_dues_of(&d, DB), hf_dues_of(&d, BERLIN)) < 0);
    hf_dues_release(&d);
}

/* Against asking for each alone, over states of all kinds. */
static void
an_answer_that_is_shared_is_the_one_for_each(void **state)
{
    const struct hf_rule rules[] = {restart_night(), year_end()};
    struct hf_state many[400];
    struct hf_dues d;
    unsigned seed = 7;

    (void)state;
    use(rules, HF_COUNT(rules));
    hf_dues_init(&d, &fleet, NULL, at("2026-11-23"), at("2027-11-23"));
    for (size_t i = 0; i < HF_COUNT(many); i++) {
        struct hf_standing *s = &many[i].status;

        hf_state_init(&many[i], &hosts[i % HF_COUNT(hosts)]);
        seed = seed * 1103515245u + 12345u;
        s->product = seed >> 16 & 1 ? "ws2025" : "linux";
        s->coverage = (enum hf_coverage)((seed >> 17) % HF_COVERAGE_COUNT);
        s->reboot = (enum hf_reboot)((seed >> 20) % HF_REBOOT_COUNT);
        s->covered_until = seed >> 24 & 1 ? at("2027-01-15") : 0;
        (void)hf_dues_add(&d, &many[i]);
    }
    assert_true(d.len < HF_COUNT(many));
    for (size_t i = 0; i < HF_COUNT(many); i++) {
        const struct hf_due *shared = hf_dues_of(&d, i), *alone;
        struct hf_dues one;

        hf_dues_init(&one, &fleet, NULL, at("2026-11-23"), at("2027-11-23"));
        alone = hf_dues_add(&one, &many[i]);
        assert_int_equal(shared->group, alone->group);
        assert_int_equal(shared->forced.at, alone->forced.at);
        assert_int_equal(shared->window.from, alone->window.from);
        assert_int_equal(shared->steps_len, alone->steps_len);
        for (size_t j = 0; j < alone->steps_len; j++) {
            assert_int_equal(shared->steps[j].at, alone->steps[j].at);
            assert_int_equal(shared->steps[j].opens, alone->steps[j].opens);
        }
        hf_dues_release(&one);
    }
    hf_dues_release(&d);
}

static void
a_year_has_four_restarts(void **state)
{
    const struct hf_rule rule = restart_night();
    const struct hf_due *due;
    struct hf_dues d;

    (void)state;
    use(&rule, 1);
    hf_dues_init(&d, &fleet, NULL, at("2026-11-23"), at("2027-11-23"));
    due = hf_dues_add(&d, &states[BERLIN]);
    assert_int_equal(due->steps_len, 4);
    assert_int_equal(due->steps[3].at, at("2027-10-12T18:00:00Z"));
    assert_int_equal(due->steps[3].opens, at("2027-10-16T20:00:00Z"));
    hf_dues_release(&d);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_dues, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(without_a_restart_window_the_planning_is_wrong),
        TEST(a_baseline_to_come_is_forecast_with_its_window),
        TEST(what_is_due_waits_for_its_window_and_is_overdue_behind_it),
        TEST(behind_the_last_day_it_is_overdue_whatever_the_windows),
        TEST(a_window_that_comes_too_late_is_none),
        TEST(what_ends_on_a_day_wants_a_window_before_it),
        TEST(who_cannot_be_told_is_in_no_other_group),
        TEST(a_kb_that_is_supposed_waits_for_the_next_window),
        TEST(hosts_that_stand_alike_share_an_answer),
        TEST(an_answer_that_is_shared_is_the_one_for_each),
        TEST(a_year_has_four_restarts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
