/* Every fault of a simulated host shows as it is promised. */
#include "tests/unit/sim/host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/sim/answers.h"

#define NEW "hotfleet_fix_2"
#define OLD "hotfleet_fix_1"

static void
a_stuck_transition_names_its_blocker_and_is_reversed(void **state)
{
    struct host h;

    (void)state;
    host_start(&h, HF_SIM_STUCK, 1);
    host_begin_apply(&h, RUN_A);
    host_poll_after(&h, RUN_A, 2 * JOB_MS);
    assert_says(&h, "job.state", "running");
    host_probe(&h);
    assert_says(&h, "transition", NEW);
    assert_non_null(strstr(host_says(&h, "transition.blockers"), "nfsd"));
    host_poll_after(&h, RUN_A, 2 * JOB_MS);
    assert_says(&h, "result.outcome", "stuck");
    assert_says(&h, "result.reversed", NEW);
    assert_non_null(strstr(host_says(&h, "result.blockers"), "nfsd"));
    host_probe(&h);
    assert_says(&h, "patches", OLD);
    assert_says(&h, "transition", "none");
    host_stop(&h);
}

static void
a_refused_module_leaves_the_old_level(void **state)
{
    struct host h;

    (void)state;
    host_start(&h, HF_SIM_LOAD_REFUSED, 1);
    host_begin_apply(&h, RUN_A);
    host_poll_after(&h, RUN_A, 2 * JOB_MS);
    assert_says(&h, "result.outcome", "failed");
    assert_says(&h, "result.code", "load");
    assert_non_null(
        strstr(host_says(&h, "result.tool"), "Invalid module format"));
    host_probe(&h);
    assert_says(&h, "patches", OLD);
    host_stop(&h);
}

static void
a_liar_says_ok_without_the_patch(void **state)
{
    struct host h;

    (void)state;
    host_start(&h, HF_SIM_LIE, 1);
    host_begin_apply(&h, RUN_A);
    host_poll_after(&h, RUN_A, 2 * JOB_MS);
    assert_says(&h, "result.outcome", "ok");
    host_probe(&h);
    assert_string_not_equal(host_says(&h, "patches"), NEW);
    host_stop(&h);
}

static void
a_crash_restarts_the_host_right_after_patching(void **state)
{
    struct host h;

    (void)state;
    host_start(&h, HF_SIM_CRASH, 1);
    host_begin_apply(&h, RUN_A);
    h.now += JOB_MS + 1;
    assert_int_equal(hf_sim_node_door(&h.node, h.now), HF_SIM_DOOR_SHUT);
    host_ask(&h, HF_SCRIPT_POLL, "RUN", RUN_A, NULL);
    assert_true(h.answer.cut);
    h.now += JOB_MS;
    assert_int_equal(hf_sim_node_door(&h.node, h.now), HF_SIM_DOOR_OPEN);
    host_poll_after(&h, RUN_A, 0);
    assert_says(&h, "job.state", "rebooted");
    host_probe(&h);
    assert_says(&h, "patches", "none");
    host_stop(&h);
}

static void
a_dropped_connection_comes_back(void **state)
{
    struct host h;

    (void)state;
    host_start(&h, HF_SIM_DROP, 1);
    host_begin_apply(&h, RUN_A);
    h.now += JOB_MS / 2;
    assert_true(host_ask(&h, HF_SCRIPT_POLL, "RUN", RUN_A, NULL) < 0);
    assert_true(h.answer.cut);
    host_poll_after(&h, RUN_A, JOB_MS);
    assert_false(h.answer.cut);
    assert_says(&h, "result.outcome", "ok");
    host_stop(&h);
}

static void
a_login_without_rights_says_so(void **state)
{
    const struct hf_dialect *d = &hf_dialect_sh;
    struct host h;

    (void)state;
    host_start(&h, HF_SIM_NO_SUDO, 0);
    assert_int_equal(host_ask_as(&h, "ops", d->command, HF_SCRIPT_PROBE), 0);
    assert_says(&h, "login.elevated", "no");
    assert_says(&h, "klog.errors", "?needs elevation");
    assert_true(host_ask_as(&h, "ops", d->command_elevated, HF_SCRIPT_PROBE) <
                0);
    assert_string_equal(hf_buf_str(&h.answer.err),
                        "sudo: a password is required\n");
    assert_int_equal(h.answer.status, 1);
    host_stop(&h);
}

static void
root_needs_no_sudo(void **state)
{
    struct host h;

    (void)state;
    host_start(&h, HF_SIM_WELL, 0);
    assert_int_equal(
        host_ask_as(&h, "root", hf_dialect_sh.command, HF_SCRIPT_PROBE), 0);
    assert_says(&h, "login.uid", "0");
    assert_says(&h, "klog.errors", "0");
    host_stop(&h);
}

/* ---- what the facts and the door show ---- */

/* What a probe shows of faults that lie in the facts. */
static void
faults_show_in_the_facts(void **state)
{
    /* clang-format off */
    static const struct { enum hf_sim_fault fault; const char *key, *value; }
    rows[] = {
        {HF_SIM_LOCKDOWN, "lockdown", "integrity"},
        {HF_SIM_LOCKDOWN, "module.sig_enforce", "yes"},
        {HF_SIM_OLD_KERNEL, "kernel.release", "5.10.0-28-amd64"},
        {HF_SIM_OLD_KERNEL, "patches", "none"},
        {HF_SIM_RESTART_DUE, "restart.pending", "yes"},
        {HF_SIM_RESTART_DUE, "boot.next", "6.1.0-57-amd64"},
        {HF_SIM_NO_DISK, "space.bytes", "12288"},
    };
    /* clang-format on */
    struct host h;
    size_t i;

    (void)state;
    for (i = 0; i < HF_COUNT(rows); i++) {
        host_start(&h, rows[i].fault, 0);
        host_probe(&h);
        assert_says(&h, rows[i].key, rows[i].value);
        host_stop(&h);
    }
}

static void
a_full_disk_refuses_the_job_folder(void **state)
{
    struct host h;

    (void)state;
    host_start(&h, HF_SIM_NO_DISK, 1);
    host_ask(&h, HF_SCRIPT_BEGIN, "RUN", RUN_A, "OPERATOR", "ann", "ACTION",
             "apply", NULL);
    assert_int_equal(h.reply.exit_status, 1);
    assert_non_null(strstr(host_says(&h, "error"), "disk is full"));
    host_stop(&h);
}

/* Only the well-formed one is believed, and it is harmless then. */
static void
poisoned_replies_are_not_believed(void **state)
{
    struct host h;
    size_t i, believed = 0;

    (void)state;
    host_start(&h, HF_SIM_POISON, 0);
    for (i = 0; i < hf_sim_poisons_len; i++) {
        const char *name = hf_sim_poisons[i].name;

        h.node.requests = (unsigned)i - 1;
        if (host_ask(&h, HF_SCRIPT_PROBE, NULL) < 0)
            continue;
        believed++;
        assert_string_equal(name, "escapes, well encoded");
        assert_null(strchr(host_says(&h, "os.name"), '\033'));
        assert_null(strstr(host_says(&h, "os.name"), "\xe2\x80\xae"));
    }
    assert_int_equal(believed, 1);
    host_stop(&h);
}

static void
faults_at_the_door(void **state)
{
    struct host h;

    (void)state;
    host_start(&h, HF_SIM_DOWN, 0);
    assert_int_equal(hf_sim_node_door(&h.node, h.now), HF_SIM_DOOR_SHUT);
    host_stop(&h);
    host_start(&h, HF_SIM_SILENT, 0);
    assert_int_equal(hf_sim_node_door(&h.node, h.now), HF_SIM_DOOR_MUTE);
    host_stop(&h);
    host_start(&h, HF_SIM_SLOW, 0);
    assert_int_equal(hf_sim_node_door(&h.node, h.now), HF_SIM_DOOR_OPEN);
    assert_true(hf_sim_node_delay(&h.node) >= 1000);
    host_stop(&h);
}

static void
every_fault_has_a_name(void **state)
{
    int i;

    (void)state;
    for (i = 0; i < HF_SIM_FAULT_COUNT; i++)
        assert_non_null(hf_sim_faults[i].name);
    assert_null(hf_sim_faults[HF_SIM_FAULT_COUNT].name);
}

static void
every_fault_stands_in_the_documents(void **state)
{
    char *path = hf_path_join(getenv("HOTFLEET_SOURCE"), "docs/simulation.md");
    struct hf_err err = HF_ERR_INIT;
    struct hf_buf text = {0};

    (void)state;
    if (hf_file_read(&text, path, 1u << 20, &err) < 0)
        fail_msg("%s", err.text);
    for (int i = HF_SIM_WELL + 1; i < HF_SIM_FAULT_COUNT; i++) {
        const struct hf_sim_fault_row *f = &hf_sim_faults[i];
        static const char *const on[] = {"", "Linux", "Windows", "both"};
        char *row =
            hf_xasprintf("| `%s` | %s | %s |\n", f->name, on[f->on], f->note);

        if (!strstr(hf_buf_str(&text), row))
            fail_msg("it lacks: %s", row);
        assert_int_equal(hf_sim_fault_find(f->name), i);
        free(row);
    }
    assert_int_equal(hf_sim_fault_find("nosuch"), -1);
    hf_buf_release(&text);
    free(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stuck_transition_names_its_blocker_and_is_reversed),
        cmocka_unit_test(a_refused_module_leaves_the_old_level),
        cmocka_unit_test(a_liar_says_ok_without_the_patch),
        cmocka_unit_test(a_crash_restarts_the_host_right_after_patching),
        cmocka_unit_test(a_dropped_connection_comes_back),
        cmocka_unit_test(a_login_without_rights_says_so),
        cmocka_unit_test(root_needs_no_sudo),
        cmocka_unit_test(faults_show_in_the_facts),
        cmocka_unit_test(a_full_disk_refuses_the_job_folder),
        cmocka_unit_test(poisoned_replies_are_not_believed),
        cmocka_unit_test(faults_at_the_door),
        cmocka_unit_test(every_fault_has_a_name),
        cmocka_unit_test(every_fault_stands_in_the_documents),
    };

    return cmocka_run_group_tests_name("sim_faults", tests, NULL, NULL);
}
