/* What is ordered on a Windows host, at what price, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "backend/base/time.h"
#include "tests/unit/drivers/windows/bed.h"

static struct hf_order
ordered(enum hf_action action, const char *day, const char *ubr,
        const char *kbs)
{
    static const struct hf_findings none = {0};
    struct hf_facts facts = {0};
    struct hf_judge_in in = {
        .facts = &facts, .findings = &none, .catalogue = &catalogue};
    struct hf_order order;

    assert_int_equal(hf_time_parse(&in.now, day), 0);
    facts_of(&facts, ubr, kbs);
    windows_order(&order, action, &in);
    hf_facts_release(&facts);
    return order;
}

static void
expect_param(const struct hf_order *order, const char *name, const char *value)
{
    const char *found = hf_params_get(&order->params, name);

    assert_non_null(found);
    assert_string_equal(found, value);
}

static void
expect_refusal(struct hf_order order, const char *word)
{
    assert_int_equal(order.price.possible, 0);
    assert_int_equal(order.nothing, 0);
    if (!strstr(order.price.why, word))
        fail_msg("'%s' does not say '%s'", order.price.why, word);
    assert_null(hf_params_get(&order.params, "KBS"));
    hf_order_release(&order);
}

static void
the_newest_hotpatch_is_all_that_is_installed(void **state)
{
    struct hf_order o =
        ordered(HF_ACTION_APPLY, "2025-12-15", "6899", "KB5066835");

    (void)state;
    assert_int_equal(o.price.possible, 1);
    expect_param(&o, "ACTION", "apply");
    expect_param(&o, "KBS", "KB5072014");
    expect_param(&o, "BUILD", "26100.7392");
    expect_param(&o, "FROM", "26100.6899");
    expect_param(&o, "PRODUCT", "ws2025");
    assert_string_equal(o.level_to, "26100.7392 (KB5072014, hotpatch 2025-12)");
    assert_int_equal(o.undo.restart, HF_RESTART_YES);
    assert_non_null(strstr(o.undo.note, "2026-01-13"));
    hf_order_release(&o);
}

static void
a_current_host_has_nothing_to_do(void **state)
{
    struct hf_order o =
        ordered(HF_ACTION_APPLY, "2025-12-15", "7392", "KB5072014");

    (void)state;
    assert_int_equal(o.nothing, 1);
    assert_null(hf_params_get(&o.params, "KBS"));
    hf_order_release(&o);
}

static void
what_needs_a_restart_is_not_applied(void **state)
{
    (void)state;
    expect_refusal(ordered(HF_ACTION_APPLY, "2026-01-20", "7392", "KB5072014"),
                   "baseline KB5073379 (2026-01) needs a restart");
    expect_refusal(ordered(HF_ACTION_APPLY, "2025-11-15", "6905", "KB5070881"),
                   "KB5070881 took it off");
    expect_refusal(ordered(HF_ACTION_APPLY, "2025-10-30", "6899", "KB5066835"),
                   "KB5070893 (oob 2025-10) needs a restart");
    expect_refusal(ordered(HF_ACTION_APPLY, "2025-11-15", "9999", NULL),
                   "newer than the catalogue");
}

static void
a_rollback_costs_a_restart_and_the_track(void **state)
{
    struct hf_order o =
        ordered(HF_ACTION_ROLLBACK, "2025-12-15", "7392", "KB5072014");

    (void)state;
    assert_int_equal(o.price.possible, 1);
    assert_int_equal(o.price.restart, HF_RESTART_YES);
    assert_true(o.price.minutes > 0);
    assert_non_null(strstr(o.price.note, "2026-01-13"));
    expect_param(&o, "KB", "KB5072014");
    expect_param(&o, "REMOVE", "26100.7392");
    assert_string_equal(o.level_to, "26100.6899 (KB5066835, baseline 2025-10)");
    hf_order_release(&o);
}

static void
a_restart_says_what_comes_with_it(void **state)
{
    struct hf_order o =
        ordered(HF_ACTION_REBOOT, "2025-12-15", "7392", "KB5072014");

    (void)state;
    assert_int_equal(o.price.possible, 1);
    assert_int_equal(o.price.restart, HF_RESTART_YES);
    assert_int_equal(o.undo.possible, 0);
    expect_param(&o, "DELAY_S", "60");
    assert_int_equal(o.restart_in, 60000);
    assert_int_equal(o.covers, 0); /* whether one is pending is not known */
    hf_order_release(&o);
}

static void
a_baseline_that_is_due_comes_with_its_restart(void **state)
{
    struct hf_order o =
        ordered(HF_ACTION_RESTART_UPDATE, "2026-01-20", "7392", "KB5072014");

    (void)state;
    assert_int_equal(o.price.possible, 1);
    assert_int_equal(o.price.restart, HF_RESTART_YES);
    assert_int_equal(o.undo.possible, 0);
    expect_param(&o, "ACTION", "restart-update");
    expect_param(&o, "KBS", "KB5073379");
    expect_param(&o, "FROM", "26100.7392");
    expect_param(&o, "DELAY_S", "60");
    assert_int_equal(o.restart_in, 60000);
    assert_non_null(strstr(o.level_to, "baseline 2026-01"));
    assert_int_equal(o.covers, 1);
    hf_order_release(&o);
}

static void
a_covered_host_needs_no_update_with_a_restart(void **state)
{
    struct hf_order o =
        ordered(HF_ACTION_RESTART_UPDATE, "2025-12-15", "7392", "KB5072014");

    (void)state;
    assert_int_equal(o.nothing, 1);
    assert_null(hf_params_get(&o.params, "KBS"));
    hf_order_release(&o);
}

/* The last scan found the baseline, two others, a preview, and a level of
 * Windows that no catalogue has. */
static struct hf_order
offered(enum hf_action action, const struct hf_also *also, const char *how)
{
    static const struct hf_findings none = {0};
    struct hf_facts facts = {0};
    struct hf_judge_in in = {.facts = &facts,
                             .findings = &none,
                             .catalogue = &catalogue,
                             .also = also};
    struct hf_order order;

    assert_int_equal(hf_time_parse(&in.now, "2026-01-20"), 0);
    facts_of(&facts, "7392", "KB5072014");
    if (how)
        hf_facts_set(&facts, "offered.how", how, "agent", 1);
    else
        hf_facts_set_unknown(&facts, "offered.how", "denied", "agent", 1);
    windows_order(&order, action, &in);
    hf_facts_release(&facts);
    return order;
}

#define OFFERS                                                \
    "KB5073379:system:no:1048577 KB5066131:updates:no:10 "    \
    "KB890830:update-rollups:no:10 KB5066999:optional:no:10 " \
    "KB5079999:system:no:10 KB5070881:security-updates:no:10 bad"

static void
only_what_is_named_goes_along(void **state)
{
    static const char *const kbs[] = {"KB890830", "KB5079999", "KB5070881",
                                      NULL};
    static const char *const kinds[] = {"updates", "security-updates", NULL};
    const struct hf_also also = {.kbs = kbs, .classifications = kinds};
    struct hf_order o = offered(HF_ACTION_RESTART_UPDATE, &also, OFFERS);

    (void)state;
    expect_param(&o, "ALSO", "KB5066131 KB890830");
    assert_int_equal(o.along.len, 2);
    assert_int_equal(o.stays.len, 3); /* other levels, and the preview */
    assert_true(hf_strs_has(&o.stays, "KB5079999"));
    assert_true(hf_strs_has(&o.stays, "KB5070881"));
    hf_order_release(&o);
    o = offered(HF_ACTION_RESTART_UPDATE, NULL, OFFERS);
    assert_null(hf_params_get(&o.params, "ALSO"));
    assert_int_equal(o.stays.len, 5);
    hf_order_release(&o);
    o = offered(HF_ACTION_RESTART_UPDATE, &also, NULL);
    assert_string_equal(o.offers_why, "denied");
    hf_order_release(&o);
}

static enum hf_staged
staged(const char *ubr, const char *kb, const char *how)
{
    static const struct hf_findings none = {0};
    struct hf_facts facts = {0};
    struct hf_judge_in in = {
        .facts = &facts, .findings = &none, .catalogue = &catalogue};
    struct hf_status status;

    assert_int_equal(hf_time_parse(&in.now, "2026-01-20"), 0);
    facts_of(&facts, ubr, kb);
    if (how)
        hf_facts_set(&facts, "offered.how", how, "agent", 1);
    else
        hf_facts_set_unknown(&facts, "offered.how", "denied", "agent", 1);
    windows_judge(&status, &in);
    hf_facts_release(&facts);
    return status.staged;
}

/* Of the baseline that is due; other downloads tell nothing of it. */
static void
whether_the_baseline_is_downloaded_stands_in_the_status(void **state)
{
    (void)state;
    assert_int_equal(staged("7392", "KB5072014", "KB5073379:system:yes:10"),
                     HF_STAGED_YES);
    assert_int_equal(staged("7392", "KB5072014", OFFERS), HF_STAGED_NO);
    assert_int_equal(staged("7392", "KB5072014", "KB5066131:updates:yes:10"),
                     HF_STAGED_UNKNOWN);
    assert_int_equal(staged("7392", "KB5072014", NULL), HF_STAGED_UNKNOWN);
}

static void
what_comes_next_is_staged_and_nothing_else(void **state)
{
    struct hf_order o = offered(HF_ACTION_STAGE, NULL, OFFERS);
    int minutes;

    (void)state;
    assert_int_equal(o.price.possible, 1);
    assert_int_equal(o.price.restart, HF_RESTART_NO);
    assert_int_equal(o.restart_in, 0);
    assert_non_null(strstr(o.price.note, "KB5073379, at most 2 MB"));
    expect_param(&o, "ACTION", "stage");
    expect_param(&o, "KBS", "KB5073379");
    expect_param(&o, "BUILD", "26100.7392");
    assert_string_equal(o.level_from, o.level_to);
    hf_order_release(&o);
    o = offered(HF_ACTION_STAGE, NULL, "KB5073379:system:yes:10");
    assert_int_equal(o.nothing, 1);
    hf_order_release(&o);
    o = offered(HF_ACTION_RESTART_UPDATE, NULL, OFFERS);
    minutes = o.price.minutes;
    hf_order_release(&o);
    o = offered(HF_ACTION_RESTART_UPDATE, NULL, "KB5073379:system:yes:10");
    assert_int_equal(o.staged, 1);
    assert_true(o.price.minutes < minutes);
    hf_order_release(&o);
    o = ordered(HF_ACTION_STAGE, "2025-12-15", "6899", "KB5066835");
    expect_param(&o, "KBS", "KB5072014");
    hf_order_release(&o);
    o = ordered(HF_ACTION_STAGE, "2025-12-15", "7392", "KB5072014");
    assert_int_equal(o.nothing, 1);
    hf_order_release(&o);
}

static void
a_verification_proves_what_the_last_run_left(void **state)
{
    static const struct hf_findings none = {0};
    struct hf_recent recent = {.action = "apply",
                               .outcome = "verified",
                               .level =
                                   "26100.7092 (KB5068966, hotpatch 2025-11)"};
    struct hf_facts facts = {0};
    struct hf_judge_in in = {.facts = &facts,
                             .findings = &none,
                             .catalogue = &catalogue,
                             .recent = &recent};
    struct hf_order o;

    (void)state;
    assert_int_equal(hf_time_parse(&in.now, "2025-12-15"), 0);
    facts_of(&facts, "7092", "KB5068966");
    windows_order(&o, HF_ACTION_VERIFY, &in);
    expect_param(&o, "BUILD", "26100.7092");
    expect_param(&o, "KB", "KB5068966");
    hf_order_release(&o);
    memcpy(recent.outcome, "failed", 7);
    windows_order(&o, HF_ACTION_VERIFY, &in);
    expect_param(&o, "BUILD", "26100.7392");
    hf_order_release(&o);
    hf_facts_set(&facts, "os.ubr", "7171", NULL, 1);
    windows_order(&o, HF_ACTION_VERIFY, &in);
    assert_int_equal(o.price.possible, 0);
    hf_order_release(&o);
    hf_facts_release(&facts);
}

static void
what_is_no_hotpatch_stays(void **state)
{
    (void)state;
    expect_refusal(
        ordered(HF_ACTION_ROLLBACK, "2025-12-15", "6899", "KB5066835"),
        "is no hotpatch");
    expect_refusal(ordered(HF_ACTION_ROLLBACK, "2025-12-15", "7092",
                           "KB5068966 KB5070881"),
                   "has an ordinary update on top");
    expect_refusal(ordered(HF_ACTION_ROLLBACK, "2025-12-15", "7171", NULL),
                   "is no release of the catalogue");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_newest_hotpatch_is_all_that_is_installed),
        cmocka_unit_test(a_current_host_has_nothing_to_do),
        cmocka_unit_test(what_needs_a_restart_is_not_applied),
        cmocka_unit_test(a_rollback_costs_a_restart_and_the_track),
        cmocka_unit_test(a_restart_says_what_comes_with_it),
        cmocka_unit_test(a_baseline_that_is_due_comes_with_its_restart),
        cmocka_unit_test(a_covered_host_needs_no_update_with_a_restart),
        cmocka_unit_test(only_what_is_named_goes_along),
        cmocka_unit_test(
            whether_the_baseline_is_downloaded_stands_in_the_status),
        cmocka_unit_test(what_comes_next_is_staged_and_nothing_else),
        cmocka_unit_test(a_verification_proves_what_the_last_run_left),
        cmocka_unit_test(what_is_no_hotpatch_stays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
