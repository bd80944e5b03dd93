/* Jobs on simulated Windows hosts, and what happens there some time later. */
#include "tests/unit/sim/host.h"

#include <stdio.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"

#define MINUTE_MS 60000

/* ---- jobs ---- */

static void
assert_level(struct host *h, size_t level)
{
    struct hf_sim_line line = host_line(h);
    char ubr[24];

    (void)snprintf(ubr, sizeof(ubr), "%d", line.v[level].ubr);
    host_probe(h);
    assert_says(h, "os.ubr", ubr);
}

/* Until the job is over, however long its log. */
static void
apply(struct host *h, const char *run)
{
    struct hf_sim_line line = host_line(h);

    host_windows_job(h, run, "apply", line.v[line.newest].kb);
    host_poll_after(h, run, 3 * JOB_MS);
}

static void
an_apply_brings_the_newest_level_without_a_restart(void **state)
{
    struct hf_sim_line line;
    char boot[64];
    struct host h;

    (void)state;
    host_start_windows(&h, "ws2025", HF_SIM_WELL, 1);
    line = host_line(&h);
    assert_level(&h, line.base);
    (void)snprintf(boot, sizeof(boot), "%s", host_says(&h, "boot.id"));
    host_windows_job(&h, RUN_A, "apply", line.v[line.newest].kb);
    host_poll_after(&h, RUN_A, JOB_MS / 4);
    assert_says(&h, "job.state", "running");
    assert_level(&h, line.base);
    host_poll_after(&h, RUN_A, 2 * JOB_MS);
    assert_says(&h, "job.state", "ended");
    assert_says(&h, "result.outcome", "ok");
    assert_says(&h, "result.done", line.v[line.newest].kb);
    assert_says(&h, "result.restart", "no");
    assert_non_null(strstr(host_says(&h, "log"), "installing KB"));
    assert_level(&h, line.newest);
    assert_says(&h, "boot.id", boot);
    assert_true(
        hf_has_prefix(host_says(&h, "updates"), line.v[line.newest].kb));
    assert_true(
        hf_has_prefix(host_says(&h, "history"), line.v[line.newest].kb));
    assert_says(&h, "offered", "none");
    host_stop(&h);
}

static void
a_rollback_restarts_into_the_baseline(void **state)
{
    struct hf_sim_line line;
    char boot[64];
    struct host h;

    (void)state;
    host_start_windows(&h, "w11-25h2", HF_SIM_WELL, 0);
    line = host_line(&h);
    assert_level(&h, line.newest);
    (void)snprintf(boot, sizeof(boot), "%s", host_says(&h, "boot.id"));
    host_windows_job(&h, RUN_A, "rollback", line.v[line.newest].kb);
    host_poll_after(&h, RUN_A, JOB_MS);
    assert_says(&h, "result.outcome", "ok");
    assert_says(&h, "result.restart_in", "0");
    assert_level(&h, line.newest);
    assert_says(&h, "restart.pending", "yes");
    h.now += 5 * JOB_MS;
    assert_level(&h, line.base);
    assert_string_not_equal(host_says(&h, "boot.id"), boot);
    assert_says(&h, "restart.pending", "no");
    assert_null(strstr(host_says(&h, "updates"), line.v[line.newest].kb));
    host_stop(&h);
}

/* Whatever baselines there were when the host was made. */
static void
a_rollback_goes_back_to_the_baseline_that_came_last(void **state)
{
    struct hf_sim_windows *w;
    struct host h;

    (void)state;
    host_start_windows(&h, "ws2025", HF_SIM_WELL, 0);
    w = h.node.windows;
    w->next_ubr = w->ubr + 100;
    hf_sim_node_reboot(&h.node, h.now);
    w->ubr += 50; /* a hotpatch on top of it */
    assert_int_equal(hf_sim_windows_below(w), w->ubr - 50);
    host_stop(&h);
}

static void
two_restarts_in_a_moment_are_two_starts(void **state)
{
    char boot[64];
    struct host h;

    (void)state;
    host_start_windows(&h, "ws2025", HF_SIM_WELL, 0);
    hf_sim_node_reboot(&h.node, h.now);
    host_probe(&h);
    (void)snprintf(boot, sizeof(boot), "%s", host_says(&h, "boot.id"));
    hf_sim_node_reboot(&h.node, h.now + 1000);
    host_probe(&h);
    assert_false(hf_boot_same(boot, host_says(&h, "boot.id")));
    host_stop(&h);
}

static void
an_order_for_another_level_does_nothing(void **state)
{
    struct host h;

    (void)state;
    host_start_windows(&h, "ws2025", HF_SIM_WELL, 1);
    host_windows_job(&h, RUN_A, "apply", "KB90000000");
    h.node.windows->ubr++;
    host_poll_after(&h, RUN_A, 3 * JOB_MS);
    assert_says(&h, "result.outcome", "failed");
    assert_says(&h, "result.code", "level");
    host_stop(&h);
}

/* Where each fault leaves a host that lacked the newest level. */
static void
jobs_end_as_their_faults_say(void **state)
{
    enum { BASE, NEWEST, ORDINARY };
    /* clang-format off */
    static const struct { enum hf_sim_fault fault; const char *job, *outcome,
                          *code; int level; const char *pending; } rows[] = {
        {HF_SIM_WELL, "ended", "ok", "", NEWEST, "no"},
        {HF_SIM_FALLBACK, "ended", "ok", "", ORDINARY, "yes"},
        {HF_SIM_AGENT_DENIES, "ended", "failed", "search", BASE, "no"},
        {HF_SIM_NOT_ENROLLED, "ended", "failed", "not-offered", BASE, "no"},
        {HF_SIM_INSTALL_FAILS, "ended", "failed", "install", BASE, "no"},
        {HF_SIM_NO_DISK, "ended", "failed", "install", BASE, "no"},
        {HF_SIM_SERVICING, "ended", "failed", "busy", BASE, "no"},
        {HF_SIM_RESTART_DUE, "ended", "failed", "restart-pending", BASE,
         "yes"},
        {HF_SIM_JOB_DIES, "died", "", "", BASE, "no"},
        {HF_SIM_RESULT_LOCKED, "ended",
         "?cannot: the file is in use by another process (80070020)", "",
         NEWEST, "no"},
        {HF_SIM_RESTART_MID, "rebooted", "", "", BASE, "no"},
        {HF_SIM_LIE, "ended", "ok", "", BASE, "no"},
        {HF_SIM_CRASH, "ended", "ok", "", NEWEST, "no"},
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        const char *name = hf_sim_faults[rows[i].fault].name;
        struct hf_sim_line line;
        struct host h;

        host_start_windows(&h, "ws2025", rows[i].fault, 1);
        line = host_line(&h);
        apply(&h, RUN_A);
        if (strcmp(host_says(&h, "job.state"), rows[i].job) != 0 ||
            strcmp(host_says(&h, "result.outcome"), rows[i].outcome) != 0 ||
            strcmp(host_says(&h, "result.code"), rows[i].code) != 0)
            fail_msg("%s: %s, %s, %s", name, host_says(&h, "job.state"),
                     host_says(&h, "result.outcome"),
                     host_says(&h, "result.code"));
        assert_level(&h, rows[i].level == BASE     ? line.base
                         : rows[i].level == NEWEST ? line.newest
                                                   : line.ordinary);
        assert_says(&h, "restart.pending", rows[i].pending);
        host_stop(&h);
    }
}

static void
an_install_fails_with_the_code_that_was_asked_for(void **state)
{
    struct host h;

    (void)state;
    host_start_windows(&h, "ws2025", HF_SIM_INSTALL_FAILS, 1);
    h.node.arg = 0x80073712;
    apply(&h, RUN_A);
    assert_says(&h, "result.hresult", "0x80073712");
    host_stop(&h);
}

/* ---- later on ---- */

/* Of a host that was patched `minutes` ago. */
static void
patched_ago(struct host *h, enum hf_sim_fault fault, int64_t minutes)
{
    host_start_windows(h, "ws2025", fault, 1);
    apply(h, RUN_A);
    assert_says(h, "job.state", "ended");
    h->now += minutes * MINUTE_MS;
    host_ask(h, HF_SCRIPT_PROBE, "HEALTH", "1", "HEALTH_1_KEY", "web",
             "HEALTH_1_UNIT", "W3SVC", NULL);
}

static void
a_service_dies_some_time_after_patching(void **state)
{
    struct host h;

    (void)state;
    patched_ago(&h, HF_SIM_SICK, 9);
    assert_says(&h, "health.web", "yes");
    assert_says(&h, "events.service", "0");
    host_stop(&h);
    patched_ago(&h, HF_SIM_SICK, 11);
    assert_says(&h, "health.web", "no");
    assert_says(&h, "events.service", "3");
    assert_null(strstr(host_says(&h, "services"), "W3SVC"));
    host_stop(&h);
}

static void
a_host_crashes_some_time_after_patching_once(void **state)
{
    char boot[64];
    struct host h;

    (void)state;
    patched_ago(&h, HF_SIM_CRASH_LATER, 29);
    (void)snprintf(boot, sizeof(boot), "%s", host_says(&h, "boot.id"));
    h.now += 2 * MINUTE_MS;
    host_probe(&h);
    assert_string_not_equal(host_says(&h, "boot.id"), boot);
    (void)snprintf(boot, sizeof(boot), "%s", host_says(&h, "boot.id"));
    h.now += 100 * MINUTE_MS;
    host_probe(&h);
    assert_says(&h, "boot.id", boot);
    host_stop(&h);
}

static void
memory_fills_up_after_patching(void **state)
{
    int64_t before, after;
    struct host h;

    (void)state;
    patched_ago(&h, HF_SIM_MEMORY, 1);
    assert_int_equal(hf_facts_int(&h.reply.values, "memory.free", &before), 0);
    h.now += 10 * MINUTE_MS;
    host_probe(&h);
    assert_int_equal(hf_facts_int(&h.reply.values, "memory.free", &after), 0);
    assert_int_equal(before - after, INT64_C(10) * (32 << 20));
    host_stop(&h);
}

static void
a_pending_restart_appears(void **state)
{
    struct host h;

    (void)state;
    patched_ago(&h, HF_SIM_RESTART_APPEARS, 9);
    assert_says(&h, "restart.pending", "no");
    host_stop(&h);
    patched_ago(&h, HF_SIM_RESTART_APPEARS, 11);
    assert_says(&h, "restart.pending", "yes");
    host_stop(&h);
}

static void
a_wrong_clock_is_wrong_by_three_hours(void **state)
{
    int64_t clock;
    struct host h;

    (void)state;
    host_start_windows(&h, "ws2025", HF_SIM_CLOCK, 1);
    h.now = hf_mono();
    host_probe(&h);
    assert_int_equal(hf_facts_int(&h.reply.values, "clock", &clock), 0);
    assert_in_range(clock - hf_now() / 1000, 10790, 10810);
    host_stop(&h);
}

/* While its job takes the hotpatch out, and then in the minute before it. */
static void
a_restart_can_be_called_off(void **state)
{
    struct hf_sim_line line;
    struct host h;

    (void)state;
    for (int early = 0; early < 2; early++) {
        host_start_windows(&h, "ws2025", HF_SIM_WELL, 0);
        line = host_line(&h);
        host_windows_job(&h, RUN_A, "rollback", line.v[line.newest].kb);
        host_poll_after(&h, RUN_A, early ? 0 : JOB_MS / 2);
        assert_says(&h, "job.state", early ? "running" : "ended");
        assert_int_equal(
            host_ask(&h, HF_SCRIPT_CALL_OFF, "OPERATOR", "ben", NULL), 0);
        assert_says(&h, "off", "yes");
        assert_says(&h, "off.run", RUN_A);
        host_poll_after(&h, RUN_A, 3 * JOB_MS);
        assert_says(&h, "result.code", early ? "called-off" : "");
        host_probe(&h);
        assert_says(&h, "restart.calledoff", RUN_A);
        assert_says(&h, "restart.calledoff.by", "ben");
        assert_says(&h, "restart.pending", "yes");
        assert_int_equal(h.node.boots, 0);
        (void)host_ask(&h, HF_SCRIPT_CALL_OFF, "OPERATOR", "ben", NULL);
        assert_says(&h, "off", "none");
        host_stop(&h);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_apply_brings_the_newest_level_without_a_restart),
        cmocka_unit_test(a_rollback_restarts_into_the_baseline),
        cmocka_unit_test(a_rollback_goes_back_to_the_baseline_that_came_last),
        cmocka_unit_test(a_restart_can_be_called_off),
        cmocka_unit_test(two_restarts_in_a_moment_are_two_starts),
        cmocka_unit_test(an_order_for_another_level_does_nothing),
        cmocka_unit_test(jobs_end_as_their_faults_say),
        cmocka_unit_test(an_install_fails_with_the_code_that_was_asked_for),
        cmocka_unit_test(a_service_dies_some_time_after_patching),
        cmocka_unit_test(a_host_crashes_some_time_after_patching_once),
        cmocka_unit_test(memory_fills_up_after_patching),
        cmocka_unit_test(a_pending_restart_appears),
        cmocka_unit_test(a_wrong_clock_is_wrong_by_three_hours),
    };

    return cmocka_run_group_tests_name("sim_windows_jobs", tests, NULL, NULL);
}
