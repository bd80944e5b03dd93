/* Which starts of a host nobody of ours ordered and no window allowed, and
 * what is said of them. */
#include <stdio.h>

#include "backend/base/text.h"
#include "backend/drivers/restarted.h"
#include "tests/unit/model/calendar_bed.h"

/* Of a host that was last touched on the 1st, and started since. */
struct start {
    const char *when, *cause, *by, *why; /* NULL: the host does not say */
    const char *action, *outcome;        /* of the last run */
    int host;
};

static struct hf_record
record_of(const struct start *s)
{
    struct hf_record r = {.recent = {.run = "20261201T000000Z-aaaaaa",
                                     .action = "apply",
                                     .outcome = "verified",
                                     .boot_id = "one",
                                     .machine_id = "m",
                                     .at = at("2026-12-01")}};

    hf_say(r.recent.action, sizeof(r.recent.action), "%s",
           s->action ? s->action : "apply");
    hf_say(r.recent.outcome, sizeof(r.recent.outcome), "%s",
           s->outcome ? s->outcome : "verified");
    hf_facts_set(&r.facts, "boot.id", "two", NULL, 0);
    hf_facts_set(&r.facts, "machine.id", "m", NULL, 0);
    if (s->when) {
        char epoch[32];

        (void)snprintf(epoch, sizeof(epoch), "%lld",
                       (long long)at(s->when) / 1000);
        hf_facts_set(&r.facts, "boot.time", epoch, NULL, 0);
    }
    if (s->cause)
        hf_facts_set(&r.facts, "boot.cause", s->cause, NULL, 0);
    else
        hf_facts_set_unknown(&r.facts, "boot.cause", "absent: no journal", NULL,
                             0);
    if (s->by)
        hf_facts_set(&r.facts, "boot.by", s->by, NULL, 0);
    if (s->why)
        hf_facts_set(&r.facts, "boot.why", s->why, NULL, 0);
    return r;
}

static int
asked_at(const struct start *s, const char *now)
{
    struct hf_record r = record_of(s);
    int is = hf_restarted(NULL, &r, &hosts[s->host], fleet.calendar, at(now));

    hf_record_release(&r);
    return is;
}

static void
says(const struct start *s, const char *wanted)
{
    struct hf_record r = record_of(s);
    struct hf_restarted it;
    struct hf_buf text = {0};

    assert_true(hf_restarted(&it, &r, &hosts[s->host], fleet.calendar,
                             at("2026-12-20")));
    hf_restarted_say(&text, &it, &hosts[s->host], fleet.calendar);
    assert_string_equal(hf_buf_str(&text), wanted);
    hf_buf_release(&text);
    hf_record_release(&r);
}

/* Restarts are allowed in patch nights: from 2026-12-12 22:00 for 4 h. */
static int
windows(void **state)
{
    static struct hf_rule rules[2];

    (void)state;
    rules[0] = patch_night();
    rules[0].kind = HF_RULE_RESTART;
    rules[1] = year_end();
    use(rules, 2);
    return 0;
}

static void
a_start_in_a_restart_window_is_no_news(void **state)
{
    struct start s = {.host = NOWHERE};

    (void)state;
    s.when = "2026-12-12T21:59:00Z";
    assert_true(asked_at(&s, "2026-12-13"));
    s.when = "2026-12-12T22:00:00Z";
    assert_false(asked_at(&s, "2026-12-13"));
    s.when = "2026-12-13T01:59:00Z";
    assert_false(asked_at(&s, "2026-12-13T03:00:00Z"));
    s.when = "2026-12-13T02:59:00Z"; /* what stopped in it took its time */
    assert_false(asked_at(&s, "2026-12-13T03:00:00Z"));
    s.when = "2026-12-13T03:01:00Z";
    assert_true(asked_at(&s, "2026-12-13T04:00:00Z"));
    s.host = BERLIN; /* an hour earlier, by its clock */
    s.when = "2026-12-12T21:00:00Z";
    assert_false(asked_at(&s, "2026-12-13"));
}

static void
it_is_told_for_a_month(void **state)
{
    struct start s = {.when = "2026-12-05", .host = NOWHERE};

    (void)state;
    assert_true(asked_at(&s, "2026-12-05T00:01:00Z"));
    assert_true(asked_at(&s, "2027-01-04T23:00:00Z"));
    assert_false(asked_at(&s, "2027-01-05T00:00:00Z"));
    s.when = NULL; /* then only a run ends it */
    assert_true(asked_at(&s, "2030-01-01"));
}

static void
a_restart_that_a_run_ordered_is_no_news(void **state)
{
    struct start s = {.when = "2026-12-05", .host = NOWHERE};

    (void)state;
    s.why = "hotfleet 20261201T000000Z-aaaaaa: quarterly";
    assert_false(asked_at(&s, "2026-12-06"));
    s.why = "hotfleet 20261202T000000Z-bbbbbb: quarterly"; /* of whom? */
    assert_true(asked_at(&s, "2026-12-06"));
    s.why = NULL;
    s.action = "reboot"; /* it did not see the end: that is told already */
    s.outcome = "unverified";
    assert_false(asked_at(&s, "2026-12-06"));
    s.action = "apply"; /* restarts nothing */
    assert_true(asked_at(&s, "2026-12-06"));
}

static void
what_is_no_start_since_then_is_none(void **state)
{
    struct start s = {.when = "2026-11-30", .host = NOWHERE};
    struct hf_record r;

    (void)state;
    assert_false(asked_at(&s, "2026-12-06")); /* a clock was set */
    s.when = "2026-12-05";
    r = record_of(&s);
    memcpy(r.recent.boot_id, "two", 4);
    assert_false(
        hf_restarted(NULL, &r, &hosts[NOWHERE], NULL, at("2026-12-06")));
    memcpy(r.recent.boot_id, "one", 4);
    assert_true(
        hf_restarted(NULL, &r, &hosts[NOWHERE], NULL, at("2026-12-06")));
    memcpy(r.recent.machine_id, "n", 2); /* another machine answers */
    assert_false(
        hf_restarted(NULL, &r, &hosts[NOWHERE], NULL, at("2026-12-06")));
    r.recent.machine_id[0] = r.recent.boot_id[0] = '\0'; /* never seen */
    assert_false(
        hf_restarted(NULL, &r, &hosts[NOWHERE], NULL, at("2026-12-06")));
    hf_record_release(&r);
}

static void
it_says_who_and_why_as_far_as_the_host_tells(void **state)
{
    struct start s = {.when = "2026-12-19", .host = BERLIN};

    (void)state;
    says(&s, "2026-12-19 01:00 CET, outside its restart windows: why is not "
             "known (absent: no journal)");
    s.cause = "unclean";
    says(&s, "2026-12-19 01:00 CET, outside its restart windows: it went down "
             "without being shut down (power, reset, hang)");
    s.cause = "crash";
    s.why = "Kernel panic";
    says(&s, "2026-12-19 01:00 CET, outside its restart windows: it crashed: "
             "Kernel panic");
    s.cause = "ordered";
    s.by = "alice";
    s.why = "/sbin/reboot";
    says(&s, "2026-12-19 01:00 CET, outside its restart windows: ordered by "
             "alice: /sbin/reboot");
    s.when = s.by = s.why = NULL;
    says(&s, "nobody knows when, outside its restart windows: ordered");
    s.when = "2026-12-19";
    use(NULL, 0);
    says(&s, "2026-12-19 01:00 CET, and no restart window names it: ordered");
    fleet.calendar = NULL;
    says(&s, "2026-12-19T00:00:00Z, and no restart window names it: ordered");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_start_in_a_restart_window_is_no_news, windows),
        cmocka_unit_test_setup(it_is_told_for_a_month, windows),
        cmocka_unit_test_setup(a_restart_that_a_run_ordered_is_no_news,
                               windows),
        cmocka_unit_test_setup(what_is_no_start_since_then_is_none, windows),
        cmocka_unit_test_setup(it_says_who_and_why_as_far_as_the_host_tells,
                               windows),
    };

    return cmocka_run_group_tests_name("restarted", tests, set_up, tear_down);
}
