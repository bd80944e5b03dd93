/* Which commit made a file what it is. */
#include "bed.h"

#include <stdio.h>

#include "inventory/origin.h"

#define WEB "hosts/web-01.json"

static void
finds_the_commit_that_git_log_finds(void **state)
{
    struct bed *b = *state;
    char id[41];

    bed_host(b, "web-02", "");
    bed_commit(b, "another file");
    assert_int_equal(hf_repo_origin(bed_open(b), NULL, WEB, id, &b->err),
                     HF_OK);
    assert_string_equal(
        id, bed_git(b, "log", "-1", "--format=%H", "--", WEB, NULL));
    bed_host(b, "web-01", ", \"note\": \"moved\"");
    bed_commit(b, "this file");
    assert_int_equal(hf_repo_origin(bed_open(b), NULL, WEB, id, &b->err),
                     HF_OK);
    assert_string_equal(id, bed_git(b, "rev-parse", "HEAD", NULL));
}

static void
looks_from_the_commit_that_was_asked_for(void **state)
{
    struct bed *b = *state;
    char id[41], before[41];

    snprintf(before, sizeof(before), "%s",
             bed_git(b, "rev-parse", "HEAD", NULL));
    bed_host(b, "web-01", ", \"note\": \"later\"");
    bed_commit(b, "later");
    assert_int_equal(hf_repo_origin(bed_open(b), before, WEB, id, &b->err),
                     HF_OK);
    assert_string_equal(id, before);
}

static void
finds_a_change_that_came_by_a_merge(void **state)
{
    struct bed *b = *state;
    char id[41], side[41];

    bed_git(b, "switch", "-q", "-c", "side", NULL);
    bed_host(b, "web-01", ", \"note\": \"side\"");
    bed_commit(b, "on the side");
    snprintf(side, sizeof(side), "%s", bed_git(b, "rev-parse", "HEAD", NULL));
    bed_git(b, "switch", "-q", "main", NULL);
    bed_host(b, "web-02", "");
    bed_commit(b, "meanwhile");
    bed_git(b, "merge", "-q", "--no-edit", "side", NULL);
    assert_int_equal(hf_repo_origin(bed_open(b), NULL, WEB, id, &b->err),
                     HF_OK);
    assert_string_equal(id, side);
}

static void
says_when_there_is_no_such_file(void **state)
{
    struct bed *b = *state;
    char id[41];

    assert_int_equal(
        hf_repo_origin(bed_open(b), NULL, "hosts/none.json", id, &b->err),
        HF_ENOTFOUND);
    assert_string_equal(id, "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(finds_the_commit_that_git_log_finds,
                                        bed_setup_fleet, bed_teardown),
        cmocka_unit_test_setup_teardown(
            looks_from_the_commit_that_was_asked_for, bed_setup_fleet,
            bed_teardown),
        cmocka_unit_test_setup_teardown(finds_a_change_that_came_by_a_merge,
                                        bed_setup_fleet, bed_teardown),
        cmocka_unit_test_setup_teardown(says_when_there_is_no_such_file,
                                        bed_setup_fleet, bed_teardown),
    };

    return cmocka_run_group_tests(tests, bed_group_setup, NULL);
}
