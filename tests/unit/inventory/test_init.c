/* A new fleet: what is in it, and where none is made. */
#include "bed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "inventory/init.h"
#include "inventory/lint.h"

/* A folder that is not there yet, as the bed's repository. */
static int
setup(void **state)
{
    struct bed *b;

    if (bed_setup(state) < 0)
        return -1;
    b = *state;
    snprintf(b->dir, sizeof(b->dir), "%s/new", b->root);
    return 0;
}

static void
makes_a_fleet_that_lints_clean(void **state)
{
    struct bed *b = *state;

    assert_int_equal(hf_init(b->dir, NULL, NULL, &b->err), HF_OK);
    bed_open(b);
    assert_int_equal(hf_lint(&b->fleet, b->repo, NULL, &b->problems, &b->err),
                     HF_OK);
    assert_string_equal(bed_problems(b), "");
    assert_string_equal(b->fleet->name, "new");
    assert_string_equal(b->fleet->branch, "main");
    assert_int_equal(b->fleet->rings_len, 3);
    assert_int_equal(b->fleet->hosts_len, 0);
    assert_false(b->fleet->dirty);
    assert_string_equal(bed_git(b, "status", "--porcelain", NULL), "");
    assert_string_equal(bed_git(b, "log", "--format=%an|%s", NULL),
                        "Ada Admin|start fleet new");
    assert_string_equal(bed_git(b, "fsck", "--strict", NULL), "");
    assert_non_null(strstr(bed_read(b, "README.md"), "\"address\""));
    assert_non_null(
        strstr(bed_read(b, "schemas/host.schema.json"), "\"hostkey\""));
}

static void
write_more(struct hf_buf *out, const char *fleet)
{
    hf_buf_printf(out, "of %s\n", fleet);
}

static void
files_of_levels_above_are_in_the_same_commit(void **state)
{
    static const struct hf_starter more[] = {
        {"schemas/more.schema.json", write_more},
        {0},
    };
    struct bed *b = *state;

    assert_int_equal(hf_init(b->dir, NULL, more, &b->err), HF_OK);
    assert_string_equal(bed_read(b, "schemas/more.schema.json"), "of new\n");
    assert_string_equal(bed_git(b, "status", "--porcelain", NULL), "");
    assert_string_equal(bed_git(b, "rev-list", "--count", "HEAD", NULL), "1");
}

static void
takes_an_empty_folder_and_an_empty_repository(void **state)
{
    struct bed *b = *state;

    assert_int_equal(bed_sh(b, "true"), 0);
    snprintf(b->dir, sizeof(b->dir), "%s/fleet", b->root); /* git init'ed */
    assert_int_equal(hf_init(b->dir, "prod", NULL, &b->err), HF_OK);
    assert_int_equal(bed_load(b), HF_OK);
    assert_string_equal(b->fleet->name, "prod");
    assert_int_equal(bed_sh(b, "mkdir ../empty"), 0);
    snprintf(b->dir, sizeof(b->dir), "%s/empty", b->root);
    assert_int_equal(hf_init(b->dir, NULL, NULL, &b->err), HF_OK);
    assert_int_equal(bed_load(b), HF_OK);
}

static void
refuses_a_folder_in_use(void **state)
{
    struct bed *b = *state;

    snprintf(b->dir, sizeof(b->dir), "%s/fleet", b->root);
    bed_write(b, "notes.txt", "mine");
    assert_int_equal(hf_init(b->dir, NULL, NULL, &b->err), HF_EEXISTS);
    assert_non_null(strstr(b->err.text, "is not empty"));
    assert_int_equal(bed_sh(b, "rm notes.txt && git commit -q --allow-empty "
                               "-m x"),
                     0);
    assert_int_equal(hf_init(b->dir, NULL, NULL, &b->err), HF_EEXISTS);
    assert_non_null(strstr(b->err.text, "has commits already"));
}

static void
makes_nothing_without_an_identity_or_a_good_name(void **state)
{
    struct bed *b = *state;

    unsetenv("GIT_AUTHOR_EMAIL");
    assert_int_equal(hf_init(b->dir, NULL, NULL, &b->err), HF_EINVALID);
    setenv("GIT_AUTHOR_EMAIL", "ada@example.org", 1);
    assert_string_equal(b->err.text, "git does not know who you are");
    assert_int_equal(hf_init(b->dir, "a b", NULL, &b->err), HF_EINVALID);
    snprintf(b->dir, sizeof(b->dir), "%s", b->root);
    assert_int_equal(bed_sh(b, "test ! -e new"), 0);
}

/* ---- lint ---- */

static void
warns_of_likely_slips(void **state)
{
    struct bed *b = *state;

    bed_write(b, "hosts/early/a.json",
              "{\"name\": \"a\", \"address\": \"10.0.0.1\","
              " \"jump\": \"bastion\", \"ring\": \"canary\","
              " \"product\": \"linux\"}");
    bed_write(b, "hosts/b.json",
              "{\"name\": \"b\", \"address\": "
              "\"10.0.0.1\"}");
    bed_commit(b, "slips");
    bed_open(b);
    assert_int_equal(hf_lint(NULL, b->repo, NULL, &b->problems, &b->err),
                     HF_OK);
    assert_string_equal(
        bed_problems(b),
        "hosts/early/a.json: warning: the host has no pinned key: nothing "
        "connects to it (hotfleet enroll a)\n"
        "hosts/early/a.json: warning: $.jump: this version connects directly "
        "only: it refuses the host\n"
        "hosts/early/a.json: warning: $.product: its catalogue does not say "
        "until when it is complete: the host is never shown as current\n"
        "hosts/early/a.json: warning: $.ring: the folder 'early' is named "
        "like a ring, but the host is in ring 'canary'\n"
        "hosts/b.json: warning: the host is in no ring: no rollout reaches "
        "it\n"
        "hosts/b.json: warning: the host has no pinned key: nothing connects "
        "to it (hotfleet enroll b)\n"
        "hosts/web-01.json: warning: the host has no pinned key: nothing "
        "connects to it (hotfleet enroll web-01)\n"
        "hosts/b.json: warning: $.address: '10.0.0.1', port 22, is also the "
        "address of 'a'\n"
        "hotfleet.json: warning: $.rings[1]: no host is in ring 'early'\n"
        "hotfleet.json: warning: $.rings[2]: no host is in ring 'broad'\n");
    assert_int_equal(b->problems.errors, 0);
}

static void
lists_errors_and_warnings_together(void **state)
{
    struct bed *b = *state;

    bed_write(b, "hosts/a.json", "{\"name\": \"a\"}");
    bed_commit(b, "broken");
    bed_open(b);
    assert_int_equal(hf_lint(&b->fleet, b->repo, NULL, &b->problems, &b->err),
                     HF_EINVALID);
    assert_int_equal(b->problems.errors, 1);
    assert_true(b->problems.len > 1);
    assert_int_equal(b->fleet->hosts_len, 1); /* the sound one */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(makes_a_fleet_that_lints_clean, setup,
                                        bed_teardown),
        cmocka_unit_test_setup_teardown(
            takes_an_empty_folder_and_an_empty_repository, bed_setup,
            bed_teardown),
        cmocka_unit_test_setup_teardown(
            files_of_levels_above_are_in_the_same_commit, setup, bed_teardown),
        cmocka_unit_test_setup_teardown(refuses_a_folder_in_use, setup,
                                        bed_teardown),
        cmocka_unit_test_setup_teardown(
            makes_nothing_without_an_identity_or_a_good_name, setup,
            bed_teardown),
        cmocka_unit_test_setup_teardown(warns_of_likely_slips, bed_setup_fleet,
                                        bed_teardown),
        cmocka_unit_test_setup_teardown(lists_errors_and_warnings_together,
                                        bed_setup_fleet, bed_teardown),
    };

    return cmocka_run_group_tests_name("init", tests, bed_group_setup, NULL);
}
