/* A repository to try things in: the same commits, its own branches. */
#include "bed.h"

#include <stdio.h>
#include <stdlib.h>

#include "backend/base/mem.h"
#include "inventory/shadow.h"

/* Beside the fleet. */
static struct hf_repo *
shadow(struct bed *b)
{
    struct hf_repo *out = NULL;
    char dir[160];

    snprintf(dir, sizeof(dir), "%s/shadow.git", b->root);
    if (hf_repo_shadow(bed_open(b), dir, &b->err) < 0 ||
        hf_repo_open(&out, dir, &b->err) < 0)
        fail_msg("%s", b->err.text);
    return out;
}

static void
has_every_branch_and_file(void **state)
{
    struct bed *b = *state;
    struct hf_buf text = {0};
    struct hf_repo *s;
    char head[41];

    bed_commit(b, "two");
    bed_git(b, "branch", "ledger", "HEAD~1", NULL);
    s = shadow(b);
    assert_true(hf_repo_is_bare(s));
    assert_string_equal(hf_repo_branch(s), "main");
    assert_int_equal(hf_repo_head(s, head, &b->err), HF_OK);
    assert_string_equal(head, bed_git(b, "rev-parse", "HEAD", NULL));
    assert_int_equal(hf_repo_read(s, NULL, "hotfleet.json", &text, &b->err),
                     HF_OK);
    assert_true(text.len > 0);
    assert_int_equal(bed_sh(b, "test $(git -C ../shadow.git rev-parse ledger) "
                               "= $(git rev-parse ledger)"),
                     0);
    hf_buf_release(&text);
    hf_repo_free(s);
}

static void
keeps_its_own_commits(void **state)
{
    struct bed *b = *state;
    char before[1024];

    snprintf(before, sizeof(before), "%s", bed_git(b, "for-each-ref", NULL));
    hf_repo_free(shadow(b));
    assert_int_equal(
        bed_sh(b, "cd ../shadow.git && git update-ref refs/heads/main "
                  "$(git commit-tree -m new -p main 'main^{tree}')"),
        0);
    assert_string_equal(bed_git(b, "for-each-ref", NULL), before);
    assert_int_equal(bed_sh(b, "git cat-file -e $(git -C ../shadow.git "
                               "rev-parse main) 2>/dev/null"),
                     1);
    assert_int_equal(bed_sh(b, "test -z \"$(git -C ../shadow.git remote)\""),
                     0);
}

static void
stays_where_a_detached_head_is(void **state)
{
    struct bed *b = *state;
    struct hf_repo *s;
    char head[41];

    bed_commit(b, "two");
    bed_git(b, "checkout", "-q", "--detach", "HEAD~1", NULL);
    s = shadow(b);
    assert_null(hf_repo_branch(s));
    assert_int_equal(hf_repo_head(s, head, &b->err), HF_OK);
    assert_string_equal(head, bed_git(b, "rev-parse", "HEAD", NULL));
    hf_repo_free(s);
}

#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, bed_setup_fleet, bed_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(has_every_branch_and_file),
        TEST(keeps_its_own_commits),
        TEST(stays_where_a_detached_head_is),
    };

    return cmocka_run_group_tests_name("shadow", tests, bed_group_setup, NULL);
}
