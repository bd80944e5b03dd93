/* Rules about known issues: whom they concern. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "backend/base/mem.h"
#include "backend/model/known_issue.h"
#include "backend/model/status.h"

#define NOW 1000

static const char *const servers[] = {"ws2025", NULL};
static const struct hf_pair arm = {"arch", "arm64"};

static void
facts_of(struct hf_facts *facts)
{
    hf_facts_set(facts, "software",
                 "7-Zip 23.01 (x64); Contoso Backup 4.2.1; Nameless", "x", 1);
    hf_facts_set(facts, "os.build", "26100", "x", 1);
    hf_facts_set(facts, "os.ubr", "33158", "x", 1);
    hf_facts_set(facts, "model", "VMware, Inc. VMware7,1", "x", 1);
    hf_facts_set(facts, "arch", "x64", "x", 1);
    hf_facts_set(facts, "kernel.release", "6.1.0-56-amd64", "x", 1);
    hf_facts_set_unknown(facts, "drivers", "denied", "x", 1);
}

/* clang-format off */
static const struct {
    const char *what;
    struct hf_issue issue;
    enum hf_issue_answer answer;
    const char *why;
} rules[] = {
    {"software by name", {.software = {"Contoso*", NULL, NULL}},
     HF_ISSUE_YES, "Contoso Backup 4.2.1"},
    {"without regard to case", {.software = {"contoso backup", NULL, NULL}},
     HF_ISSUE_YES, "Contoso Backup 4.2.1"},
    {"a whole name", {.software = {"Contoso", NULL, NULL}}, HF_ISSUE_NO, ""},
    {"from", {.software = {"Contoso*", "4.2", NULL}}, HF_ISSUE_YES, "4.2.1"},
    {"from above", {.software = {"Contoso*", "4.10", NULL}}, HF_ISSUE_NO, ""},
    {"below is without", {.software = {"Contoso*", NULL, "4.2.1"}},
     HF_ISSUE_NO, ""},
    {"below", {.software = {"Contoso*", "4", "4.2.2"}}, HF_ISSUE_YES, "4.2.1"},
    {"no version", {.software = {"Nameless", "1", NULL}},
     HF_ISSUE_UNKNOWN, "version of Nameless is not known"},
    {"no version asked", {.software = {"Nameless", NULL, NULL}},
     HF_ISSUE_YES, "Nameless"},
    {"unknown list", {.driver = {"cnt*", NULL, NULL}},
     HF_ISSUE_UNKNOWN, "drivers: denied"},
    {"unknown, but another condition fails",
     {.driver = {"cnt*", NULL, NULL}, .model = "HP*"}, HF_ISSUE_NO, ""},
    {"build", {.build = {NULL, "26100.33000", "26100.33200"}},
     HF_ISSUE_YES, "build 26100.33158"},
    {"build below", {.build = {NULL, NULL, "26100.33158"}}, HF_ISSUE_NO, ""},
    {"another line is not lower", {.build = {NULL, NULL, "26200.9999"}},
     HF_ISSUE_NO, ""},
    {"kernel", {.kernel = {NULL, "6.1.0-50", "6.1.0-57"}},
     HF_ISSUE_YES, "kernel 6.1.0-56-amd64"},
    {"kernel below", {.kernel = {NULL, "6.1.0-57", NULL}}, HF_ISSUE_NO, ""},
    {"model", {.model = "VMware*"}, HF_ISSUE_YES, "model is VMware"},
    {"fact", {.facts = {&arm, 1}}, HF_ISSUE_NO, ""},
    {"product", {.products = servers, .model = "VM*"}, HF_ISSUE_YES, "model"},
    {"over", {.model = "VMware*", .until = NOW - 1}, HF_ISSUE_NO, ""},
    {"the last day counts", {.model = "VMware*", .until = NOW},
     HF_ISSUE_YES, "model"},
};
/* clang-format on */

static void
every_condition_must_hold(void **state)
{
    struct hf_facts facts = {0};
    char why[HF_WHY_LEN];

    (void)state;
    facts_of(&facts);
    for (size_t i = 0; i < HF_COUNT(rules); i++) {
        enum hf_issue_answer answer =
            hf_issue_match(why, &rules[i].issue, &facts, "ws2025", NOW);

        if (answer != rules[i].answer || !strstr(why, rules[i].why))
            fail_msg("%s: %d, '%s'", rules[i].what, (int)answer, why);
    }
    hf_facts_release(&facts);
}

static void
another_product_is_not_concerned(void **state)
{
    const struct hf_issue issue = {.products = servers};
    const struct hf_facts none = {0};
    char why[HF_WHY_LEN];

    (void)state;
    assert_int_equal(hf_issue_match(why, &issue, &none, "w11-24h2", NOW),
                     HF_ISSUE_NO);
    assert_int_equal(hf_issue_match(why, &issue, &none, NULL, NOW),
                     HF_ISSUE_UNKNOWN);
}

static void
versions_are_compared_by_their_numbers(void **state)
{
    (void)state;
    assert_int_equal(hf_version_compare("4.2", "4.2.0"), 0);
    assert_true(hf_version_compare("4.9", "4.10") < 0);
    assert_true(hf_version_compare("10", "9.9.9") > 0);
    assert_true(hf_version_compare("6.1.0-9", "6.1.0-56") < 0);
    assert_int_equal(hf_version_compare("", ""), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_condition_must_hold),
        cmocka_unit_test(another_product_is_not_concerned),
        cmocka_unit_test(versions_are_compared_by_their_numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
