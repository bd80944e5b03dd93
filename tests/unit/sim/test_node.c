/* A simulated host behaves as a real one through a job's whole life. */
#include "tests/unit/sim/host.h"

#include <stdio.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/sim/answers.h"

#define NEW "hotfleet_fix_2"
#define OLD "hotfleet_fix_1"

static void
put_away(struct host *h, const char *run)
{
    assert_int_equal(host_ask(h, HF_SCRIPT_END, "RUN", run, NULL), 0);
    assert_says(h, "ended", "yes");
}

/* ---- a good life ---- */

static void
the_driver_claims_its_facts(void **state)
{
    struct host h;

    (void)state;
    host_start(&h, HF_SIM_WELL, 0);
    host_probe(&h);
    assert_true(hf_driver_claim(&h.reply.values) ==
                hf_driver_find("livepatch"));
    assert_says(&h, "patches", NEW);
    assert_says(&h, "login.elevated", "yes");
    assert_says(&h, "login.uid", "1000");
    host_stop(&h);
}

static void
the_moment_of_its_start_stays(void **state)
{
    struct host h;
    char first[32];

    (void)state;
    host_start(&h, HF_SIM_WELL, 0);
    host_probe(&h);
    (void)snprintf(first, sizeof(first), "%s",
                   hf_facts_get(&h.reply.values, "boot.time"));
    h.now += 1500;
    host_probe(&h);
    assert_says(&h, "boot.time", first);
    host_stop(&h);
}

static void
hosts_behind_run_an_older_patch_or_none(void **state)
{
    struct host h;

    (void)state;
    host_start(&h, HF_SIM_WELL, 1);
    host_probe(&h);
    assert_says(&h, "patches", OLD);
    host_stop(&h);
    host_start(&h, HF_SIM_WELL, 2);
    host_probe(&h);
    assert_says(&h, "patches", "none");
    assert_says(&h, "taint", "0");
    host_stop(&h);
}

static void
an_apply_replaces_the_old_patch(void **state)
{
    struct host h;

    (void)state;
    host_start(&h, HF_SIM_WELL, 1);
    host_begin_apply(&h, RUN_A);
    host_poll_after(&h, RUN_A, JOB_MS * 3 / 4);
    assert_says(&h, "job.state", "running");
    assert_says(&h, "job.heartbeat", "0");
    host_probe(&h);
    assert_says(&h, "transition", NEW);
    assert_says(&h, "patches", OLD);
    host_poll_after(&h, RUN_A, JOB_MS);
    assert_says(&h, "job.state", "ended");
    assert_says(&h, "result.outcome", "ok");
    assert_says(&h, "result.done", NEW);
    assert_non_null(strstr(host_says(&h, "log"), "loading " NEW));
    put_away(&h, RUN_A);
    host_probe(&h);
    assert_says(&h, "patches", NEW);
    assert_says(&h, "modules.leftover", OLD);
    assert_says(&h, "taint", "45056");
    assert_says(&h, "job.state", "none");
    host_stop(&h);
}

static void
the_result_can_be_read_after_it_was_put_away(void **state)
{
    struct host h;

    (void)state;
    host_start(&h, HF_SIM_WELL, 1);
    host_begin_apply(&h, RUN_A);
    host_poll_after(&h, RUN_A, 2 * JOB_MS);
    put_away(&h, RUN_A);
    host_poll_after(&h, RUN_A, 1);
    assert_says(&h, "job.state", "ended");
    assert_says(&h, "result.outcome", "ok");
    put_away(&h, RUN_A);
    host_stop(&h);
}

static void
a_rollback_takes_the_patch_out(void **state)
{
    struct host h;

    (void)state;
    host_start(&h, HF_SIM_WELL, 0);
    host_begin_rollback(&h, RUN_A, NEW);
    host_poll_after(&h, RUN_A, 2 * JOB_MS);
    assert_says(&h, "result.outcome", "ok");
    assert_says(&h, "result.done", NEW);
    host_probe(&h);
    assert_says(&h, "patches", "none");
    assert_says(&h, "taint", "45056");
    host_stop(&h);
}

static void
a_second_apply_has_nothing_to_do(void **state)
{
    struct host h;

    (void)state;
    host_start(&h, HF_SIM_WELL, 0);
    host_begin_apply(&h, RUN_A);
    host_poll_after(&h, RUN_A, 2 * JOB_MS);
    assert_says(&h, "result.outcome", "ok");
    assert_says(&h, "result.done", "none");
    assert_says(&h, "result.already", NEW);
    host_stop(&h);
}

static void
a_log_is_read_on_from_where_one_was(void **state)
{
    struct host h;
    char offset[32];

    (void)state;
    host_start(&h, HF_SIM_WELL, 1);
    host_begin_apply(&h, RUN_A);
    host_poll_after(&h, RUN_A, 2 * JOB_MS);
    (void)snprintf(offset, sizeof(offset), "%s", host_says(&h, "log.offset"));
    assert_string_equal(offset, host_says(&h, "log.size"));
    host_ask(&h, HF_SCRIPT_POLL, "RUN", RUN_A, "OFFSET", offset, NULL);
    assert_says(&h, "log", "");
    assert_says(&h, "log.offset", offset);
    host_stop(&h);
}

static void
a_restart_drops_the_patch_and_ends_the_job(void **state)
{
    struct host h;
    char boot[64];

    (void)state;
    host_start(&h, HF_SIM_WELL, 1);
    host_begin_apply(&h, RUN_A);
    host_probe(&h);
    (void)snprintf(boot, sizeof(boot), "%s", host_says(&h, "boot.id"));
    hf_sim_node_reboot(&h.node, h.now);
    host_poll_after(&h, RUN_A, 2 * JOB_MS);
    assert_says(&h, "job.state", "rebooted");
    assert_says(&h, "result.outcome", "");
    assert_string_not_equal(host_says(&h, "boot.id"), boot);
    host_probe(&h);
    assert_says(&h, "patches", "none");
    assert_says(&h, "taint", "0");
    host_stop(&h);
}

/* Keys that depend on what a host has at the moment. */
static int
depends(const char *key)
{
    static const char *const some[] = {
        "patch.",
        "memory.patch.",
        "restart.reason",
        "restart.since",
        "restart.scheduled",
        "others.",
        "health.",
        "job.",
        "boot.by",
        "boot.why",
    };
    size_t i;

    for (i = 0; i < HF_COUNT(some); i++) {
        if (strncmp(key, some[i], strlen(some[i])) == 0)
            return 1;
    }
    return 0;
}

static void
assert_has_keys_of(const struct hf_facts *a, const struct hf_facts *b,
                   const char *who)
{
    size_t i;

    for (i = 0; i < b->len; i++) {
        if (!depends(b->v[i].key) && !hf_facts_find(a, b->v[i].key))
            fail_msg("%s lacks '%s'", who, b->v[i].key);
    }
}

/* The very script, run by the shell of this machine; it only reads. */
static void
it_answers_what_the_real_probe_answers(void **state)
{
    struct host h;
    struct hf_reply real = {0};

    (void)state;
    host_start(&h, HF_SIM_WELL, 0);
    host_probe_for_real(&real);
    host_probe(&h);
    assert_has_keys_of(&h.reply.values, &real.values, "the simulated host");
    assert_has_keys_of(&real.values, &h.reply.values, "the real host");
    hf_reply_release(&real);
    host_stop(&h);
}

static void
health_checks_are_answered_by_name(void **state)
{
    struct host h;

    (void)state;
    host_start(&h, HF_SIM_WELL, 0);
    host_ask(&h, HF_SCRIPT_PROBE, "HEALTH", "2", "HEALTH_1_KEY", "web%20page",
             "HEALTH_1_PORT", "443", "HEALTH_2_KEY", "db", "HEALTH_2_UNIT",
             "postgresql.service", NULL);
    assert_says(&h, "health.web page", "yes");
    assert_says(&h, "health.db", "yes");
    host_stop(&h);
}

/* ---- the lock ---- */

static void
a_second_run_is_told_who_holds_the_host(void **state)
{
    struct host h;

    (void)state;
    host_start(&h, HF_SIM_WELL, 1);
    host_begin_apply(&h, RUN_A);
    assert_int_equal(host_ask(&h, HF_SCRIPT_BEGIN, "RUN", RUN_B, "OPERATOR",
                              "bob", "ACTION", "apply", NULL),
                     0);
    assert_int_equal(h.reply.exit_status, 3);
    assert_says(&h, "locked", "yes");
    assert_says(&h, "job.run", RUN_A);
    assert_says(&h, "job.operator", "ann");
    assert_says(&h, "stale", "no");
    host_ask(&h, HF_SCRIPT_END, "RUN", RUN_B, NULL);
    assert_int_equal(h.reply.exit_status, 3);
    assert_says(&h, "ended", "no");
    host_ask(&h, HF_SCRIPT_END, "RUN", RUN_A, NULL);
    assert_int_equal(h.reply.exit_status, 1);
    assert_says(&h, "error", "the job still runs");
    host_stop(&h);
}

static void
the_same_run_attaches_again(void **state)
{
    struct host h;

    (void)state;
    host_start(&h, HF_SIM_WELL, 1);
    host_begin_apply(&h, RUN_A);
    host_ask(&h, HF_SCRIPT_BEGIN, "RUN", RUN_A, "OPERATOR", "ann", "ACTION",
             "apply", NULL);
    assert_int_equal(h.reply.exit_status, 0);
    assert_says(&h, "attached", "yes");
    assert_says(&h, "job.state", "running");
    host_ask(&h, HF_SCRIPT_START, "RUN", RUN_A, "BODY", "x", NULL);
    assert_says(&h, "job.started", "before");
    host_stop(&h);
}

static void
a_lock_from_before_a_restart_is_stale(void **state)
{
    struct host h;

    (void)state;
    host_start(&h, HF_SIM_WELL, 1);
    host_begin_apply(&h, RUN_A);
    hf_sim_node_reboot(&h.node, h.now);
    host_ask(&h, HF_SCRIPT_BEGIN, "RUN", RUN_B, "OPERATOR", "bob", "ACTION",
             "apply", NULL);
    assert_says(&h, "locked", "yes");
    assert_says(&h, "stale", "boot");
    put_away(&h, RUN_A);
    host_begin_apply(&h, RUN_B);
    host_stop(&h);
}

/* ---- uploads ---- */

static void
a_file_with_another_checksum_is_refused(void **state)
{
    struct host h;

    (void)state;
    host_start(&h, HF_SIM_WELL, 1);
    host_ask(&h, HF_SCRIPT_BEGIN, "RUN", RUN_A, "OPERATOR", "ann", "ACTION",
             "apply", NULL);
    assert_int_equal(host_upload(&h, "body.sh", "exit 0\n", 7), 0);
    assert_says(&h, "upload.bytes", "7");
    host_ask(&h, HF_SCRIPT_START, "RUN", RUN_A, "BODY",
             hf_driver_find("livepatch")->job->sha256, NULL);
    assert_int_equal(h.reply.exit_status, 1);
    assert_non_null(strstr(host_says(&h, "error"), "not the file"));
    host_stop(&h);
}

static void
a_module_for_another_kernel_is_refused(void **state)
{
    const struct hf_driver *d = hf_driver_find("livepatch");
    struct host h;
    char word[160];

    (void)state;
    host_start(&h, HF_SIM_WELL, 1);
    host_ask(&h, HF_SCRIPT_BEGIN, "RUN", RUN_A, "OPERATOR", "ann", "ACTION",
             "apply", NULL);
    host_upload(&h, "body.sh", d->job->text, d->job->len);
    host_upload_module(&h, "fix", "6.1.0-1-amd64", word);
    host_ask(&h, HF_SCRIPT_START, "RUN", RUN_A, "BODY", d->job->sha256,
             "ACTION", "apply", "KERNEL", h.node.release, "MODULES", word,
             NULL);
    host_poll_after(&h, RUN_A, 1);
    assert_says(&h, "result.outcome", "failed");
    assert_says(&h, "result.code", "release");
    host_stop(&h);
}

static void
anything_else_is_no_command(void **state)
{
    struct hf_sim_answer answer = {0};
    struct hf_sim_request request = {
        .user = "ops", .command = "rm -rf /", .input = ""};
    struct host h;

    (void)state;
    host_start(&h, HF_SIM_WELL, 0);
    assert_false(hf_sim_node_reads(&h.node, request.command));
    hf_sim_node_answer(&h.node, &answer, &request, h.now);
    assert_int_equal(answer.status, 127);
    hf_buf_release(&answer.err);
    host_stop(&h);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_driver_claims_its_facts),
        cmocka_unit_test(the_moment_of_its_start_stays),
        cmocka_unit_test(hosts_behind_run_an_older_patch_or_none),
        cmocka_unit_test(an_apply_replaces_the_old_patch),
        cmocka_unit_test(the_result_can_be_read_after_it_was_put_away),
        cmocka_unit_test(a_rollback_takes_the_patch_out),
        cmocka_unit_test(a_second_apply_has_nothing_to_do),
        cmocka_unit_test(a_log_is_read_on_from_where_one_was),
        cmocka_unit_test(a_restart_drops_the_patch_and_ends_the_job),
        cmocka_unit_test(it_answers_what_the_real_probe_answers),
        cmocka_unit_test(health_checks_are_answered_by_name),
        cmocka_unit_test(a_second_run_is_told_who_holds_the_host),
        cmocka_unit_test(the_same_run_attaches_again),
        cmocka_unit_test(a_lock_from_before_a_restart_is_stale),
        cmocka_unit_test(a_file_with_another_checksum_is_refused),
        cmocka_unit_test(a_module_for_another_kernel_is_refused),
        cmocka_unit_test(anything_else_is_no_command),
    };

    return cmocka_run_group_tests_name("sim_node", tests, NULL, NULL);
}
