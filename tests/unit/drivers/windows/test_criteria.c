/* What proves an action on a Windows host, and what disproves it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tests/unit/drivers/windows/bed.h"

struct bed_criteria {
    struct hf_facts before, after;
    struct hf_order order;
    const char *day;
};

/* A host that was to take the hotpatch of 2025-12, which ended well. */
static void
set_up(struct bed_criteria *b)
{
    *b = (struct bed_criteria){.day = "2025-12-15"};
    b->order.action = HF_ACTION_APPLY;
    hf_params_set(&b->order.params, "BUILD", "26100.7392");
    hf_params_set(&b->order.params, "KB", "KB5072014");
    hf_params_set(&b->order.params, "KBS", "KB5072014");
    facts_of(&b->before, "6899", "KB5066835");
    facts_of(&b->after, "7392", "KB5066835 KB5072014");
    hf_facts_set(&b->after, "history",
                 "KB5072014:1:2:0x00000000@1765800000 "
                 "KB5066835:1:4:0x80240022@1765700000",
                 NULL, 1);
}

static void
release(struct bed_criteria *b)
{
    hf_facts_release(&b->before);
    hf_facts_release(&b->after);
    hf_order_release(&b->order);
}

static void
expect(const struct bed_criteria *b, const struct hf_check *row,
       enum hf_verdict verdict, const char *word)
{
    struct hf_finding found = {0};
    struct hf_check_in in = {.facts = &b->after,
                             .before = &b->before,
                             .catalogue = &catalogue,
                             .order = &b->order};

    assert_int_equal(hf_time_parse(&in.now, b->day), 0);
    row->run(&in, &found);
    if (found.verdict != verdict || !strstr(found.found, word))
        fail_msg("%s: %s, '%s', not '%s'", row->name,
                 hf_verdict_names[found.verdict], found.found, word);
    free(found.expected);
    free(found.found);
    free(found.source);
}

static void
set(struct hf_facts *facts, const char *key, const char *value)
{
    hf_facts_set(facts, key, value, NULL, 1);
}

static void
a_hotpatch_in_effect_passes(void **state)
{
    struct bed_criteria b;

    (void)state;
    set_up(&b);
    expect(&b, &hf_criterion_line, HF_VERDICT_PASS, "hotpatched to 2025-12");
    expect(&b, &hf_criterion_level, HF_VERDICT_PASS, "lists KB5072014");
    expect(&b, &hf_criterion_history, HF_VERDICT_PASS, "0x00000000");
    release(&b);
}

static void
a_fallback_is_called_so(void **state)
{
    struct bed_criteria b;

    (void)state;
    set_up(&b);
    set(&b.after, "os.ubr", "7462");
    expect(&b, &hf_criterion_line, HF_VERDICT_BLOCK, "fell back: 26100.7462");
    expect(&b, &hf_criterion_level, HF_VERDICT_BLOCK, "26100.7462");
    set(&b.after, "os.ubr", "7171");
    expect(&b, &hf_criterion_line, HF_VERDICT_BLOCK, "2026-01-13");
    set(&b.after, "os.ubr", "7392");
    set(&b.after, "updates", "KB5072014 KB5070881");
    expect(&b, &hf_criterion_line, HF_VERDICT_BLOCK, "KB5070881 is of the");
    release(&b);
}

static void
installed_is_no_proof(void **state)
{
    struct bed_criteria b;

    (void)state;
    set_up(&b);
    set(&b.after, "os.ubr", "6899");
    expect(&b, &hf_criterion_history, HF_VERDICT_PASS, "2,");
    expect(&b, &hf_criterion_level, HF_VERDICT_BLOCK, "26100.6899");
    release(&b);
}

static void
what_the_history_says_is_weighed(void **state)
{
    static const struct {
        const char *entry;
        enum hf_verdict verdict;
        const char *word;
    } rows_of_history[] = {
        {"KB5072014:1:2:0x00240006@1", HF_VERDICT_PASS, "0x00240006"},
        {"KB5072014:1:2:0x00240005@1", HF_VERDICT_BLOCK, "restart is needed"},
        {"KB5072014:1:3:0x00000000@1", HF_VERDICT_WARN, "3,"},
        {"KB5072014:1:4:0x80240034@1", HF_VERDICT_BLOCK, "0x80240034"},
        {"KB5072014:2:2:0x00000000@1", HF_VERDICT_WARN, "removal"},
        {"KB50720140:1:2:0x00000000@1", HF_VERDICT_WARN, "no entry"},
        {"none", HF_VERDICT_WARN, "no entry"},
    };
    struct bed_criteria b;

    (void)state;
    set_up(&b);
    for (size_t i = 0; i < HF_COUNT(rows_of_history); i++) {
        set(&b.after, "history", rows_of_history[i].entry);
        expect(&b, &hf_criterion_history, rows_of_history[i].verdict,
               rows_of_history[i].word);
    }
    hf_facts_set_unknown(&b.after, "history", "needs elevation", NULL, 1);
    expect(&b, &hf_criterion_history, HF_VERDICT_UNKNOWN, "needs elevation");
    release(&b);
}

static void
a_build_of_two_updates_needs_its_kb(void **state)
{
    struct bed_criteria b;

    (void)state;
    set_up(&b);
    hf_params_set(&b.order.params, "BUILD", "26100.6905");
    hf_params_set(&b.order.params, "KB", "KB5070893");
    set(&b.after, "os.ubr", "6905");
    set(&b.after, "updates", "KB5066835");
    expect(&b, &hf_criterion_level, HF_VERDICT_UNKNOWN, "another update");
    set(&b.after, "updates", "KB5066835 KB5070893");
    expect(&b, &hf_criterion_level, HF_VERDICT_PASS, "KB5070893");
    release(&b);
}

static void
a_rollback_is_judged_after_its_restart(void **state)
{
    struct bed_criteria b;

    (void)state;
    set_up(&b);
    hf_params_release(&b.order.params);
    b.order.action = HF_ACTION_ROLLBACK;
    hf_params_set(&b.order.params, "REMOVE", "26100.7392");
    hf_params_set(&b.order.params, "FROM", "26100.7392");
    hf_params_set(&b.order.params, "KB", "KB5072014");
    expect(&b, &hf_criterion_level, HF_VERDICT_BLOCK, "still there");
    set(&b.after, "os.ubr", "6899");
    expect(&b, &hf_criterion_level, HF_VERDICT_WARN, "still lists");
    set(&b.after, "updates", "KB5066835");
    expect(&b, &hf_criterion_level, HF_VERDICT_PASS, "26100.6899");
    set(&b.after, "os.ubr", "7462");
    expect(&b, &hf_criterion_level, HF_VERDICT_BLOCK, "something else");
    release(&b);
}

static void
a_restart_keeps_the_level(void **state)
{
    struct bed_criteria b;

    (void)state;
    set_up(&b);
    hf_params_release(&b.order.params);
    b.order.action = HF_ACTION_REBOOT;
    hf_params_set(&b.order.params, "FROM", "26100.7392");
    expect(&b, &hf_criterion_level, HF_VERDICT_PASS, "26100.7392");
    set(&b.after, "os.ubr", "7462");
    expect(&b, &hf_criterion_level, HF_VERDICT_WARN, "nothing waited");
    set(&b.before, "restart.pending", "yes");
    expect(&b, &hf_criterion_level, HF_VERDICT_PASS, "what waited");
    set(&b.after, "os.ubr", "7092");
    expect(&b, &hf_criterion_level, HF_VERDICT_BLOCK, "taken back");
    release(&b);
}

static void
all_quiet(struct hf_facts *facts)
{
    static const char *const kinds[] = {"hotpatch", "bugcheck",  "power",
                                        "update",   "servicing", "crash",
                                        "service",  "hang"};
    char key[64];

    for (size_t i = 0; i < HF_COUNT(kinds); i++) {
        (void)snprintf(key, sizeof(key), "events.%s", kinds[i]);
        set(facts, key, "0");
        (void)snprintf(key, sizeof(key), "events.%s.last", kinds[i]);
        set(facts, key, "none");
    }
}

static void
new_errors_are_told_from_old_ones(void **state)
{
    struct bed_criteria b;

    (void)state;
    set_up(&b);
    all_quiet(&b.before);
    all_quiet(&b.after);
    expect(&b, &hf_criterion_errors, HF_VERDICT_PASS, "none");
    set(&b.before, "events.crash", "2");
    set(&b.before, "events.crash.last", "1000");
    set(&b.after, "events.crash", "1");
    set(&b.after, "events.crash.last", "1000");
    expect(&b, &hf_criterion_errors, HF_VERDICT_PASS, "none");
    set(&b.after, "events.crash.last", "2000"); /* an old one dropped out */
    expect(&b, &hf_criterion_errors, HF_VERDICT_BLOCK, "new: crash");
    b.order.restart_in = 1;
    expect(&b, &hf_criterion_errors, HF_VERDICT_WARN, "new: crash");
    set(&b.after, "events.power.last", "2000");
    expect(&b, &hf_criterion_errors, HF_VERDICT_BLOCK, "unclean restart");
    b.order.restart_in = 0;
    set(&b.after, "events.power.last", "none");
    set(&b.after, "events.crash.last", "1000");
    hf_facts_set_unknown(&b.after, "events.hotpatch", "needs elevation", NULL,
                         1);
    hf_facts_set_unknown(&b.after, "events.hotpatch.last", "needs elevation",
                         NULL, 1);
    expect(&b, &hf_criterion_errors, HF_VERDICT_UNKNOWN, "hotpatch error");
    release(&b);
}

static void
counts_do_where_times_are_missing(void **state)
{
    static const char *const kinds[] = {"events.hotpatch",  "events.bugcheck",
                                        "events.power",     "events.update",
                                        "events.servicing", "events.crash",
                                        "events.service",   "events.hang"};
    struct bed_criteria b;

    (void)state;
    set_up(&b);
    for (size_t i = 0; i < HF_COUNT(kinds); i++) {
        set(&b.before, kinds[i], "1");
        set(&b.after, kinds[i], "1");
    }
    expect(&b, &hf_criterion_errors, HF_VERDICT_PASS, "none");
    set(&b.after, "events.hang", "2");
    expect(&b, &hf_criterion_errors, HF_VERDICT_WARN, "hang");
    set(&b.after, "events.hotpatch", "2");
    expect(&b, &hf_criterion_errors, HF_VERDICT_BLOCK, "hotpatch error");
    release(&b);
}

static void
services_that_are_lost_are_named(void **state)
{
    struct bed_criteria b;

    (void)state;
    set_up(&b);
    set(&b.after, "services", "sshd W3SVC");
    expect(&b, &hf_criterion_services, HF_VERDICT_UNKNOWN, "no baseline");
    set(&b.before, "services.auto", "sshd W3SVC sppsvc CDPUserSvc_4f3a2");
    expect(&b, &hf_criterion_services, HF_VERDICT_PASS, "4 that start");
    set(&b.before, "services.auto", "sshd TermService W3SVC");
    expect(&b, &hf_criterion_services, HF_VERDICT_BLOCK,
           "no longer: TermService");
    release(&b);
}

static void
servicing_at_work_settles_nothing(void **state)
{
    struct bed_criteria b;

    (void)state;
    set_up(&b);
    set(&b.after, "servicing", "2");
    expect(&b, &hf_criterion_quiet, HF_VERDICT_UNKNOWN, "at work");
    set(&b.after, "servicing", "0");
    expect(&b, &hf_criterion_quiet, HF_VERDICT_PASS, "idle");
    release(&b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hotpatch_in_effect_passes),
        cmocka_unit_test(a_fallback_is_called_so),
        cmocka_unit_test(installed_is_no_proof),
        cmocka_unit_test(what_the_history_says_is_weighed),
        cmocka_unit_test(a_build_of_two_updates_needs_its_kb),
        cmocka_unit_test(a_rollback_is_judged_after_its_restart),
        cmocka_unit_test(a_restart_keeps_the_level),
        cmocka_unit_test(new_errors_are_told_from_old_ones),
        cmocka_unit_test(counts_do_where_times_are_missing),
        cmocka_unit_test(services_that_are_lost_are_named),
        cmocka_unit_test(servicing_at_work_settles_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
