/* Hosts that are restarted: gone, back, once and no more, with what they were
 * to keep. */
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tests/unit/engine/wire.h"

#define REQUESTS 16 /* more than an undisturbed restart makes */

static const char *
why(const struct wire *w)
{
    return hf_json_str(wire_event(w, HF_EVENT_HOST_OUTCOME)->data, "why");
}

static void
expect(struct wire *w, enum hf_outcome outcome, const char *word)
{
    enum hf_outcome got = wire_act(w, HF_ACTION_REBOOT);

    if (got != outcome || !strstr(why(w), word))
        fail_msg("%s: %s", hf_outcome_names[got], why(w));
}

static void
a_restart_is_waited_for_and_proven(void **state)
{
    const cJSON *doc, *boot;
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    assert_int_equal(wire_act(&w, HF_ACTION_APPLY), HF_OUTCOME_VERIFIED);
    expect(&w, HF_OUTCOME_VERIFIED, "6.1");
    assert_int_equal(w.hosts[0].node.boots, 1);
    assert_false(wire_is_patched(&w.hosts[0]));
    doc = wire_event(&w, HF_EVENT_HOST_OUTCOME)->data;
    boot = hf_json_get(doc, "boot_id");
    assert_string_not_equal(hf_json_str(boot, "before"),
                            hf_json_str(boot, "after"));
    assert_string_equal(hf_json_str(hf_json_get(doc, "price"), "restart"),
                        "yes");
    assert_non_null(strstr(hf_json_str(hf_json_get(doc, "price"), "note"),
                           "gone until applied again: hotfleet_fix_2"));
    assert_string_equal(hf_json_str(hf_json_get(doc, "params"), "BOOT_ID"),
                        hf_json_str(boot, "after"));
    assert_null(w.hosts[0].node.job);
    wire_stop(&w);
}

static void
the_kernel_that_waited_for_it_is_expected(void **state)
{
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_RESTART_DUE);
    expect(&w, HF_OUTCOME_VERIFIED, "6.1.0-57");
    wire_stop(&w);
}

static void
call_off(struct wire *w, enum hf_driver_script script)
{
    (void)script;
    w->hosts[0].node.restart_at = 0;
}

static void
a_host_that_stays_up_did_not_restart(void **state)
{
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    w.on_request = call_off;
    expect(&w, HF_OUTCOME_FAILED, "it did not restart");
    assert_int_equal(w.hosts[0].node.boots, 0);
    wire_stop(&w);
}

static void
stay_down(struct wire *w, enum hf_driver_script script)
{
    struct hf_sim_node *n = &w->hosts[0].node;

    (void)script;
    if (n->boots)
        n->down_until = INT64_MAX;
}

static void
a_host_that_never_comes_back_is_no_success(void **state)
{
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    w.on_request = stay_down;
    expect(&w, HF_OUTCOME_UNVERIFIED, "did not come back");
    wire_stop(&w);
}

/* Seen once with its new boot id, and then with another. */
static void
restart_again(struct wire *w, enum hf_driver_script script)
{
    struct hf_sim_node *n = &w->hosts[0].node;
    static int seen;

    (void)hf_sim_node_door(n, hf_mono()); /* restarts, when that is due */
    n->down_until = 0;
    if (n->boots != 1)
        seen = 0;
    else if (script == HF_SCRIPT_PROBE && seen++)
        hf_sim_node_reboot(n, hf_mono());
}

static void
a_second_restart_is_told(void **state)
{
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    w.on_request = restart_again;
    expect(&w, HF_OUTCOME_FAILED, "more than once");
    assert_int_equal(w.hosts[0].node.boots, 2);
    wire_stop(&w);
}

/* A host whose restart is due says that it waits for one, until somebody has
 * looked twice. */
static void
wait_on(struct wire *w, enum hf_driver_script script)
{
    struct hf_sim_node *n = &w->hosts[0].node;
    static int looks;

    if (n->boots == 0)
        looks = 0;
    else if (script == HF_SCRIPT_PROBE)
        n->fault = ++looks < 4 ? HF_SIM_RESTART_DUE : HF_SIM_WELL;
}

static void
what_passes_by_itself_is_waited_for(void **state)
{
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    w.on_request = wait_on;
    expect(&w, HF_OUTCOME_VERIFIED, "6.1");
    assert_true(w.hosts[0].asked[HF_SCRIPT_PROBE] >= 5);
    wire_stop(&w);
}

static void
a_host_that_is_lost_is_not_restarted_twice(void **state)
{
    static const enum wire_how cuts[] = {WIRE_LOST_BEFORE, WIRE_LOST_AFTER,
                                         WIRE_TIMEOUT, WIRE_HALF};

    (void)state;
    for (unsigned at = 3; at <= REQUESTS; at++) {
        for (size_t i = 0; i < HF_COUNT(cuts); i++) {
            struct wire w;
            enum hf_outcome got;

            wire_start(&w, 1, HF_SIM_WELL);
            w.hosts[0].fault = (struct wire_fault){at, 1, cuts[i]};
            got = wire_act(&w, HF_ACTION_REBOOT);
            if (got != HF_OUTCOME_VERIFIED || w.hosts[0].node.boots != 1)
                fail_msg("%s at %u: %s, %u restarts: %s",
                         wire_how_names[cuts[i]], at, hf_outcome_names[got],
                         w.hosts[0].node.boots, why(&w));
            wire_stop(&w);
        }
    }
}

/* Whoever goes on finds out what became of it, and orders nothing anew. */
static void
recover(struct wire *w, unsigned at)
{
    const struct hf_event *e = wire_event(w, HF_EVENT_HOST_INTENT);
    cJSON *intent = cJSON_Duplicate(e->data, 1);
    struct hf_run_options o;
    struct hf_run *r;

    wire_options(w, &o, HF_ACTION_REBOOT);
    r = wire_run(w, &o);
    hf_run_reattach(r, 0, intent);
    wire_finish(w, r);
    if (hf_run_host(r, 0)->outcome == HF_OUTCOME_VERIFIED)
        assert_int_equal(w->hosts[0].node.boots, 1);
    else if (w->hosts[0].node.boots)
        fail_msg("killed at %u: %s", at, hf_run_host(r, 0)->why);
    assert_true(w->hosts[0].jobs_begun <= 1);
    cJSON_Delete(intent);
    hf_run_free(r);
}

static void
a_killed_console_is_settled_by_the_next(void **state)
{
    (void)state;
    for (unsigned at = 3; at <= REQUESTS; at++) {
        struct wire w;
        int killed;

        wire_start(&w, 1, HF_SIM_WELL);
        killed = wire_kill(&w, WIRE_RUN, HF_ACTION_REBOOT, at);
        if (killed && wire_event(&w, HF_EVENT_HOST_INTENT))
            recover(&w, at);
        wire_stop(&w);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_restart_is_waited_for_and_proven),
        cmocka_unit_test(the_kernel_that_waited_for_it_is_expected),
        cmocka_unit_test(a_host_that_stays_up_did_not_restart),
        cmocka_unit_test(a_host_that_never_comes_back_is_no_success),
        cmocka_unit_test(a_second_restart_is_told),
        cmocka_unit_test(what_passes_by_itself_is_waited_for),
        cmocka_unit_test(a_host_that_is_lost_is_not_restarted_twice),
        cmocka_unit_test(a_killed_console_is_settled_by_the_next),
    };

    return cmocka_run_group_tests_name("restart", tests, NULL, NULL);
}
