/* Windows and freezes gathered over hosts. */
#include "tests/unit/model/calendar_bed.h"

#include "backend/model/schedule.h"

static struct hf_schedule schedule;

static void
make(const char *from, const char *to)
{
    const struct hf_host *all[HF_COUNT(hosts)];

    for (size_t i = 0; i < HF_COUNT(hosts); i++)
        all[i] = &hosts[i];
    hf_schedule_make(&schedule, fleet.calendar, all, HF_COUNT(hosts), at(from),
                     at(to));
}

static void
hosts_on_one_clock_share_a_row(void **state)
{
    struct hf_rule rule = patch_night();

    (void)state;
    use(&rule, 1);
    make("2026-12-01", "2027-01-01");
    assert_int_equal(schedule.len, 3);
    assert_string_equal(hf_zone_name(schedule.v[0].zone), "Asia/Kolkata");
    assert_int_equal(schedule.v[0].hosts, 1);
    assert_string_equal(hf_zone_name(schedule.v[1].zone), "Europe/Berlin");
    assert_int_equal(schedule.v[1].hosts, 2);
    assert_string_equal(hf_zone_name(schedule.v[2].zone), "UTC");
    assert_int_equal(schedule.any_time, 0);
    assert_int_equal(schedule.never, HF_COUNT(hosts));
    hf_schedule_release(&schedule);
}

static void
what_a_freeze_leaves_of_a_window_is_told(void **state)
{
    static const struct {
        const char *from, *to;
        int frozen, all;
    } rows[] = {
        {"2026-12-12T20:00:00Z", "2026-12-12T22:00:00Z", 0, 0},
        {"2026-12-12T20:00:00Z", "2026-12-12T23:00:00Z", 1, 0},
        {"2026-12-12T23:00:00Z", "2026-12-12T23:30:00Z", 1, 0},
        {"2026-12-12T22:00:00Z", "2026-12-13T02:00:00Z", 1, 1},
        {"2026-12-13T02:00:00Z", "2026-12-13T03:00:00Z", 0, 0},
    };
    struct hf_rule rules[] = {patch_night(), year_end()};

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        rules[1].from = at(rows[i].from);
        rules[1].to = at(rows[i].to);
        rules[1].zone = zone("UTC");
        rules[0].zone = zone("UTC");
        use(rules, 2);
        make("2026-12-12", "2026-12-14");
        assert_int_equal(schedule.len, 2);
        for (size_t j = 0; j < 2; j++) {
            if (schedule.v[j].period.rule->kind == HF_RULE_FREEZE)
                continue;
            assert_int_equal(schedule.v[j].frozen != NULL, rows[i].frozen);
            assert_int_equal(schedule.v[j].frozen_all, rows[i].all);
            assert_int_equal(schedule.v[j].hosts, HF_COUNT(hosts));
        }
        hf_schedule_release(&schedule);
    }
}

static void
without_a_calendar_everybody_is_free(void **state)
{
    (void)state;
    fleet.calendar = NULL;
    make("2026-12-01", "2027-01-01");
    assert_int_equal(schedule.len, 0);
    assert_int_equal(schedule.any_time, HF_COUNT(hosts));
    assert_int_equal(schedule.never, HF_COUNT(hosts));
    hf_schedule_release(&schedule);
}

/* Whoever imports an export twice has each entry once. */
static void
a_row_keeps_its_id(void **state)
{
    struct hf_rule rule = patch_night();
    char first[33], again[33], other[33];

    (void)state;
    use(&rule, 1);
    make("2026-12-01", "2027-01-01");
    hf_schedule_id(first, &schedule.v[0]);
    hf_schedule_id(other, &schedule.v[1]);
    hf_schedule_release(&schedule);
    make("2026-11-01", "2026-12-20");
    hf_schedule_id(again, &schedule.v[3]);
    hf_schedule_release(&schedule);
    assert_string_equal(first, again);
    assert_string_not_equal(first, other);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hosts_on_one_clock_share_a_row),
        cmocka_unit_test(what_a_freeze_leaves_of_a_window_is_told),
        cmocka_unit_test(without_a_calendar_everybody_is_free),
        cmocka_unit_test(a_row_keeps_its_id),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
