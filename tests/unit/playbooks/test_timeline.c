/* How hosts stood over time: what comes out later changes nothing about the
 * days before, and facts count from when they were read. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "playbooks/compliance.h"
#include "tests/unit/playbooks/bed.h"

/* The bed's fleet with a catalogue whose newest level came out at a time. */
struct then {
    struct hf_fleet fleet;
    struct hf_catalogue catalogue;
    struct hf_release *rows;
};

static int
set_up(void **state)
{
    static struct bed b;
    struct hf_ask ask;

    bed_new(&b, 1);
    bed_open(&b);
    ask = bed_ask(HF_ACTION_CHECK, bed_well(&b, 0), NULL);
    (void)bed_run(&b, &ask);
    bed_settle(&b);
    *state = &b;
    return 0;
}

static int
tear_down(void **state)
{
    bed_close(*state);
    bed_free(*state);
    return 0;
}

/* What would bring the host up came out at `released`, all else before. */
static void
publish(struct then *t, struct bed *b, const char *target, int64_t released)
{
    const struct hf_fleet *fleet = hf_session_fleet(b->s);
    const struct hf_catalogue *c = fleet->catalogue;
    size_t moved = 0;

    t->fleet = *fleet;
    t->catalogue = *c;
    t->rows = hf_xcalloc(c->releases_len, sizeof(*t->rows));
    memcpy(t->rows, c->releases, c->releases_len * sizeof(*t->rows));
    for (size_t i = 0; i < c->releases_len; i++) {
        const char *patch = t->rows[i].patch;

        t->rows[i].released = 0;
        if (patch && strstr(target, patch)) {
            t->rows[i].released = released;
            moved++;
        }
    }
    assert_true(moved > 0);
    t->catalogue.releases = t->rows;
    t->fleet.catalogue = &t->catalogue;
}

static struct hf_history *
open_history(struct bed *b)
{
    struct hf_history *h = NULL;

    if (hf_history_open(&h, b->s, &b->err) < 0)
        fail_msg("%s", b->err.text);
    return h;
}

static void
a_release_puts_hosts_behind_from_its_day_on(void **state)
{
    struct bed *b = *state;
    const struct hf_state *st = bed_state(b, bed_well(b, 0));
    struct hf_history *h = open_history(b);
    int64_t now = hf_now(), out = now + 3 * HF_DAY_MS;
    struct hf_timeline *t;
    struct hf_stands stands;
    struct then then;

    assert_int_equal(st->status.patch, HF_PATCH_BEHIND);
    publish(&then, b, st->status.target, out);
    t = hf_timeline_new(&then.fleet, h, &st->host, 1, now - HF_DAY_MS,
                        now + 7 * HF_DAY_MS);
    stands = hf_timeline_of(t, 0);
    assert_int_equal(stands.len, 2);
    assert_true(stands.v[0].from >= now - HF_DAY_MS && stands.v[0].from <= now);
    assert_int_equal(stands.v[0].patch, HF_PATCH_CURRENT);
    assert_int_equal(stands.v[1].from, out);
    assert_int_equal(stands.v[1].patch, HF_PATCH_BEHIND);
    assert_null(hf_timeline_at(t, 0, now - HF_DAY_MS));
    assert_ptr_equal(hf_timeline_at(t, 0, out - 1), &stands.v[0]);
    assert_ptr_equal(hf_timeline_at(t, 0, out), &stands.v[1]);
    hf_timeline_free(t);
    hf_history_free(h);
    free(then.rows);
}

/* What was there before the first day is told on the first day. */
static void
a_timeline_begins_with_what_was_known(void **state)
{
    struct bed *b = *state;
    const struct hf_state *st = bed_state(b, bed_well(b, 0));
    struct hf_history *h = open_history(b);
    int64_t from = hf_now() + HF_DAY_MS;
    struct hf_timeline *t = hf_timeline_new(
        hf_session_fleet(b->s), h, &st->host, 1, from, from + HF_DAY_MS);
    const struct hf_stand *stand = hf_timeline_at(t, 0, from);

    assert_non_null(stand);
    assert_int_equal(stand->from, from);
    assert_int_equal(stand->patch, st->status.patch);
    assert_int_equal(stand->coverage, st->status.coverage);
    assert_true(stand->asked);
    hf_timeline_free(t);
    hf_history_free(h);
}

static void
who_was_never_asked_has_no_past(void **state)
{
    struct bed *b = *state;
    const struct hf_state *st = bed_state(b, bed_well(b, 1));
    struct hf_history *h = open_history(b);
    int64_t now = hf_now();
    struct hf_timeline *t = hf_timeline_new(hf_session_fleet(b->s), h,
                                            &st->host, 1, now - HF_DAY_MS, now);

    assert_int_equal(hf_timeline_of(t, 0).len, 0);
    assert_null(hf_timeline_at(t, 0, now));
    hf_timeline_free(t);
    hf_history_free(h);
}

/* Nobody was covered on the day of the goal: that is no goal missed. */
static void
a_goal_without_covered_hosts_is_not_judged(void **state)
{
    struct bed *b = *state;
    const struct hf_state *st = bed_state(b, bed_well(b, 0));
    struct hf_history *h = open_history(b);
    int64_t now = hf_now(), out = now + HF_DAY_MS;

    for (int covered = 0; covered < 2; covered++) {
        struct hf_compliance c;
        struct then then;

        publish(&then, b, st->status.target, out);
        then.fleet.goal = (struct hf_goal_rule){.percent = 95, .days = 2};
        for (size_t i = 0; !covered && i < then.catalogue.releases_len; i++)
            then.rows[i].covered_until = now;
        for (int days = 1; days < 5; days++) {
            hf_compliance_count(&c, &then.fleet, h, &st, 1, 10,
                                out + days * HF_DAY_MS);
            assert_int_equal(c.goals_len, 1);
            assert_int_equal(c.goals[0].tally.covered, covered);
            assert_int_equal(c.goals[0].state, days < 2  ? HF_GOAL_RUNNING
                                               : covered ? HF_GOAL_MISSED
                                                         : HF_GOAL_NOTHING);
            hf_compliance_release(&c);
        }
        free(then.rows);
    }
    hf_history_free(h);
}

/* Whoever cannot be counted as current is not, for one reason each. */
static void
each_host_counts_once(void **state)
{
    /* clang-format off */
    static const struct {
        enum hf_coverage coverage;
        enum hf_patch patch;
        unsigned flags;
        enum hf_counted as;
    } rows[] = {
        {HF_COVERAGE_COVERED, HF_PATCH_CURRENT, 0, HF_COUNTED_CURRENT},
        {HF_COVERAGE_OFF_TRACK, HF_PATCH_CURRENT, 0, HF_COUNTED_CURRENT},
        {HF_COVERAGE_COVERED, HF_PATCH_CURRENT, HF_FLAG_EXCEPTED,
         HF_COUNTED_EXCEPTED},
        {HF_COVERAGE_INELIGIBLE, HF_PATCH_CURRENT, HF_FLAG_UNREACHABLE,
         HF_COUNTED_UNREACHABLE},
        {HF_COVERAGE_INELIGIBLE, HF_PATCH_CURRENT, 0, HF_COUNTED_INELIGIBLE},
        {HF_COVERAGE_COVERED, HF_PATCH_UNVERIFIED, 0, HF_COUNTED_UNVERIFIED},
        {HF_COVERAGE_COVERED, HF_PATCH_ROLLED_BACK, 0, HF_COUNTED_BEHIND},
        {HF_COVERAGE_COVERED, HF_PATCH_FAILED, 0, HF_COUNTED_BEHIND},
        {HF_COVERAGE_UNKNOWN, HF_PATCH_UNKNOWN, 0, HF_COUNTED_UNKNOWN},
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++)
        assert_int_equal(
            hf_counted_as(rows[i].coverage, rows[i].patch, rows[i].flags),
            rows[i].as);
    assert_int_equal(hf_permille(1, 3), 333);
    assert_int_equal(hf_permille(999, 1000), 999);
    assert_int_equal(hf_permille(0, 0), -1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_release_puts_hosts_behind_from_its_day_on),
        cmocka_unit_test(a_timeline_begins_with_what_was_known),
        cmocka_unit_test(who_was_never_asked_has_no_past),
        cmocka_unit_test(a_goal_without_covered_hosts_is_not_judged),
        cmocka_unit_test(each_host_counts_once),
    };

    return cmocka_run_group_tests_name("timeline", tests, set_up, tear_down);
}
