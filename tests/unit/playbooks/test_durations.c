/* How long runs took before: of the host itself, else of all. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "inventory/ledger.h"
#include "playbooks/conduct.h"
#include "playbooks/durations.h"
#include "tests/unit/playbooks/bed.h"

#define MINUTE ((int64_t)60 * 1000)

static int
set_up(void **state)
{
    static struct bed b;

    bed_new(&b, 1);
    bed_open(&b);
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

/* A record of the ledger: on the n-th day of the month, so many minutes. */
static void
record_as(struct bed *b, const char *host, const char *action,
          const char *restart, const char *outcome, int day, int minutes,
          int staged)
{
    char *run = hf_xasprintf("202601%02dT000000Z-%06x", day, (unsigned)minutes);
    char *path = hf_ledger_evidence_path(host, run);
    char *started = hf_xasprintf("2026-01-%02dT00:00:00Z", day);
    char ended[HF_TIME_LEN];
    cJSON *doc = cJSON_CreateObject();
    int64_t at;

    assert_int_equal(hf_time_parse(&at, started), 0);
    hf_json_add_str(doc, "run", run);
    hf_json_add_str(doc, "action", action);
    hf_json_add_str(doc, "outcome", outcome);
    hf_json_add_str(doc, "started", started);
    hf_json_add_str(doc, "ended", hf_time_format(ended, at + minutes * MINUTE));
    hf_json_add_str(hf_json_add_obj(doc, "price"), "restart", restart);
    hf_json_add_bool(doc, "staged", staged);
    bed_ledger_write(b, path, doc);
    free(started);
    free(path);
    free(run);
}

static void
record(struct bed *b, const char *host, const char *action, const char *restart,
       const char *outcome, int day, int minutes)
{
    record_as(b, host, action, restart, outcome, day, minutes, 0);
}

static struct hf_durations *
open_durations(struct bed *b)
{
    struct hf_durations *d = NULL;

    if (hf_durations_open(&d, b->s, &b->err) < 0)
        fail_msg("%s", b->err.text);
    return d;
}

static int64_t
need(const struct hf_durations *d, const char *host, enum hf_restart restart)
{
    const struct hf_duration_of of = {.action = HF_ACTION_APPLY,
                                      .restart = restart};

    return hf_durations_need(d, host, &of) / MINUTE;
}

static int64_t
mean(const struct hf_durations *d, enum hf_action action,
     enum hf_restart restart)
{
    const struct hf_duration_of of = {.action = action, .restart = restart};

    return hf_durations_mean(d, &of) / MINUTE;
}

static void
without_a_past_nothing_is_known(void **state)
{
    struct hf_durations *d = open_durations(*state);

    assert_int_equal(need(d, "a", HF_RESTART_NO), 0);
    assert_int_equal(mean(d, HF_ACTION_APPLY, HF_RESTART_NO), 0);
    hf_durations_free(d);
}

/* The median of the last five on the host; what failed or cost a restart does
 * not count for what costs none. */
static void
a_host_takes_what_it_took(void **state)
{
    static const int took[] = {90, 10, 12, 300, 14, 16}; /* the first is old */
    struct bed *b = *state;
    struct hf_durations *d;

    for (int i = 0; i < (int)HF_COUNT(took); i++)
        record(b, "a", "apply", "no", "verified", 1 + i, took[i]);
    record(b, "a", "apply", "no", "failed", 9, 999);
    record(b, "a", "apply", "yes", "verified", 10, 45);
    record(b, "a", "rollback", "no", "verified", 11, 77);
    record(b, "a-b", "apply", "no", "verified", 12, 2);
    d = open_durations(b);
    assert_int_equal(need(d, "a", HF_RESTART_NO), 14);
    assert_int_equal(need(d, "a", HF_RESTART_YES), 45);
    assert_int_equal(need(d, "a-b", HF_RESTART_NO), 2);
    hf_durations_free(d);
}

static void
others_tell_of_a_host_that_has_no_past(void **state)
{
    struct hf_durations *d = open_durations(*state);

    assert_int_equal(need(d, "new", HF_RESTART_NO), 300);
    assert_int_equal(need(d, "new", HF_RESTART_YES), 45);
    assert_int_equal(need(d, "new", HF_RESTART_UNKNOWN), 0);
    assert_int_equal(mean(d, HF_ACTION_ROLLBACK, HF_RESTART_NO), 77);
    hf_durations_free(d);
}

/* A baseline that lies ready takes the host less; the other way counts where
 * nothing else is known. */
static void
what_was_staged_is_measured_by_what_was_staged(void **state)
{
    struct hf_duration_of of = {.action = HF_ACTION_RESTART_UPDATE,
                                .restart = HF_RESTART_YES};
    struct bed *b = *state;
    struct hf_durations *d;

    record(b, "s", "restart-update", "yes", "verified", 13, 60);
    record(b, "s", "restart-update", "yes", "verified", 14, 62);
    record_as(b, "s", "restart-update", "yes", "verified", 15, 20, 1);
    record(b, "slow", "restart-update", "yes", "verified", 16, 80);
    d = open_durations(b);
    assert_int_equal(hf_durations_need(d, "s", &of) / MINUTE, 62);
    assert_int_equal(hf_durations_mean(d, &of) / MINUTE, (60 + 62 + 80) / 3);
    of.staged = 1;
    assert_int_equal(hf_durations_need(d, "s", &of) / MINUTE, 20);
    assert_int_equal(hf_durations_mean(d, &of) / MINUTE, 20);
    /* it never had it staged, others had */
    assert_int_equal(hf_durations_need(d, "slow", &of) / MINUTE, 80);
    assert_int_equal(hf_durations_need(d, "new", &of) / MINUTE, 20);
    of.action = HF_ACTION_ROLLBACK;
    of.restart = HF_RESTART_NO;
    assert_int_equal(hf_durations_mean(d, &of) / MINUTE, 77);
    hf_durations_free(d);
}

/* The playbook's time, or twice what the slowest of the hosts that restart is
 * known to take. */
static void
a_restart_is_waited_for_twice_as_long_as_it_took(void **state)
{
    struct hf_plan_host hosts[] = {
        {.name = "quick", .restart = HF_RESTART_YES, .minutes = 4},
        {.name = "slow", .restart = HF_RESTART_YES, .minutes = 25},
        {.name = "stays", .restart = HF_RESTART_NO, .minutes = 90},
    };
    struct hf_plan plan = {.playbook.kind = HF_PLAYBOOK_ROLLOUT,
                           .playbook.limits.restart_time = 60 * MINUTE,
                           .hosts = hosts,
                           .hosts_len = HF_COUNT(hosts)};
    const struct hf_conduct c = {.plan = &plan};

    (void)state;
    assert_int_equal(conduct_restart_time(&c) / MINUTE, 60);
    plan.playbook.limits.restart_time = 30 * MINUTE;
    assert_int_equal(conduct_restart_time(&c) / MINUTE, 50);
    hosts[1].restart = HF_RESTART_NO;
    assert_int_equal(conduct_restart_time(&c) / MINUTE, 30);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_past_nothing_is_known),
        cmocka_unit_test(a_host_takes_what_it_took),
        cmocka_unit_test(others_tell_of_a_host_that_has_no_past),
        cmocka_unit_test(what_was_staged_is_measured_by_what_was_staged),
        cmocka_unit_test(a_restart_is_waited_for_twice_as_long_as_it_took),
    };

    return cmocka_run_group_tests_name("durations", tests, set_up, tear_down);
}
