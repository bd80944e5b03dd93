/* The fleet's rules about known issues, as files. */
#include "bed.h"

#include <string.h>

#include "backend/model/known_issue.h"
#include "inventory/lint.h"

#define HEAD(id)                                                    \
    "{\"id\": \"" id "\", \"title\": \"Backup loses its filter\", " \
    "\"effect\": \"block\", \"source\": \"https://example.org/1\", "
#define UNTIL "\"until\": \"2027-01-31\"}"

static void
issue(struct bed *b, const char *text)
{
    bed_write(b, "known-issues/backup.json", text);
    bed_commit(b, "issue");
}

static void
a_rule_is_read_and_nothing_is_left_unenforced(void **state)
{
    struct bed *b = *state;
    const struct hf_issue *i;

    issue(b, HEAD("backup") "\"software\": {\"name\": \"Contoso*\", \"from\": "
                            "\"4.0\", \"below\": \"4.3\"}, \"products\": "
                            "[\"ws2025\"], " UNTIL);
    assert_int_equal(bed_load(b), HF_OK);
    assert_string_equal(bed_problems(b), "");
    assert_null(b->fleet->unenforced);
    assert_int_equal(b->fleet->issues_len, 1);
    i = &b->fleet->issues[0];
    assert_string_equal(i->id, "backup");
    assert_string_equal(i->software.below, "4.3");
    assert_string_equal(i->products[0], "ws2025");
    assert_string_equal(i->path, "known-issues/backup.json");
    assert_int_equal(i->until % 86400000, 86399000);
}

static void
what_a_rule_must_not_lack_is_named(void **state)
{
    struct bed *b = *state;

    issue(b, HEAD("backup") UNTIL);
    assert_problem(b, "known-issues/backup.json:1:1: $: has no condition: it "
                      "would concern every host");
    issue(b, HEAD("backup") "\"model\": \"HP*\"}");
    assert_problem(b, "known-issues/backup.json:1:1: $: 'until' is "
                      "missing");
    issue(b, HEAD("backup") "\"build\": {}, " UNTIL);
    assert_int_equal(bed_load(b), HF_EINVALID);
    assert_non_null(strstr(bed_problems(b), "wants 'from' or 'below'"));
    issue(b, HEAD("backup") "\"build\": {\"from\": \"26100.1\", \"below\": "
                            "\"26200.2\"}, " UNTIL);
    assert_int_equal(bed_load(b), HF_EINVALID);
    assert_non_null(strstr(bed_problems(b), "of one line"));
    issue(b, HEAD("backup") "\"kernel\": {\"from\": \"6.2\", \"below\": "
                            "\"6.1\"}, " UNTIL);
    assert_int_equal(bed_load(b), HF_EINVALID);
    assert_non_null(strstr(bed_problems(b), "lower version"));
    issue(b, HEAD("backup") "\"products\": [\"ws2026\"], " UNTIL);
    assert_int_equal(bed_load(b), HF_EINVALID);
    assert_non_null(strstr(bed_problems(b), "no product of the catalogue"));
}

static void
two_rules_of_one_id_are_refused(void **state)
{
    struct bed *b = *state;

    bed_write(b, "known-issues/a.json",
              HEAD("backup") "\"model\": \"HP*\", " UNTIL);
    issue(b, HEAD("BACKUP") "\"model\": \"HP*\", " UNTIL);
    assert_problem(b, "known-issues/backup.json:1:8: $.id: 'BACKUP' is already "
                      "in 'known-issues/a.json'");
}

static void
lint_tells_of_rules_that_are_over(void **state)
{
    struct bed *b = *state;

    issue(b, HEAD("backup") "\"model\": \"HP*\", \"until\": \"2020-01-31\"}");
    assert_int_equal(bed_load(b), HF_OK);
    hf_lint_fleet(b->fleet, &b->problems);
    assert_non_null(strstr(bed_problems(b), "ended with 2020-01-31"));
}

int
main(void)
{
#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, bed_setup_fleet, bed_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_rule_is_read_and_nothing_is_left_unenforced),
        TEST(what_a_rule_must_not_lack_is_named),
        TEST(two_rules_of_one_id_are_refused),
        TEST(lint_tells_of_rules_that_are_over),
    };

    return cmocka_run_group_tests(tests, bed_group_setup, NULL);
}
