/* Blocked releases: their files, and the commits that block and unblock. */
#include "bed.h"

#include <stdlib.h>
#include <string.h>

#include "inventory/block.h"
#include "inventory/lint.h"

#define FILE "blocks/fix_2.json"

static const struct hf_fleet *
fleet(struct bed *b)
{
    if (bed_load(b) != HF_OK)
        fail_msg("%s", b->err.text);
    return b->fleet;
}

static int
block(struct bed *b, const char *release, const char *reason)
{
    const struct hf_block wanted = {
        .release = release, .reason = reason, .run = "20261123T060000Z-77aa01"};
    char commit[41];
    int rc;

    setenv("HOTFLEET_CLOCK", "2026-11-23T01:23:45Z", 1);
    rc = hf_block_add(b->repo, fleet(b), &wanted, commit, &b->err);
    unsetenv("HOTFLEET_CLOCK");
    return rc;
}

static void
a_block_is_one_readable_file_and_commit(void **state)
{
    struct bed *b = *state;

    assert_int_equal(block(b, "fix_2", "oops \"under\" load"), HF_OK);
    assert_string_equal(bed_read(b, FILE),
                        "{\n"
                        "  \"release\": \"fix_2\",\n"
                        "  \"reason\": \"oops \\\"under\\\" load\",\n"
                        "  \"by\": \"Ada Admin\",\n"
                        "  \"since\": \"2026-11-23T01:23:45Z\",\n"
                        "  \"run\": \"20261123T060000Z-77aa01\"\n"
                        "}\n");
    assert_string_equal(bed_git(b, "log", "-1", "--format=%B", NULL),
                        "block fix_2: oops \"under\" load\n\n"
                        "Action: block\nRelease: fix_2\n"
                        "Run: 20261123T060000Z-77aa01\n");
    assert_int_equal(fleet(b)->blocks_len, 1);
    assert_non_null(hf_block_of(fleet(b), "fix_2", NULL, 0));
    assert_null(hf_block_of(fleet(b), "fix_1", NULL, 0));
}

static void
blocking_twice_writes_nothing_and_ones_own_may_be_put_otherwise(void **state)
{
    struct bed *b = *state;

    assert_int_equal(block(b, "fix_2", "r"), HF_OK);
    assert_int_equal(block(b, "fix_2", "r"), HF_OK);
    assert_string_equal(bed_git(b, "rev-list", "--count", "HEAD", NULL), "2");
    assert_int_equal(block(b, "fix_2", "worse"), HF_OK);
    assert_int_equal(fleet(b)->blocks_len, 1);
    assert_string_equal(b->fleet->blocks[0].reason, "worse");
}

/* Bob's block, as he wrote and committed it by hand. */
static const char bobs[] = "{\"release\": \"fix_2\", \"by\": \"Bob\", "
                           "\"since\": \"2026-11-20\", "
                           "\"reason\": \"eats disks\"}\n";

static void
bob_blocks(struct bed *b)
{
    bed_write(b, FILE, bobs);
    bed_commit(b, "fix_2 eats disks");
}

static void
expect_refusal(struct bed *b, int rc, int wanted, const char *text)
{
    assert_int_equal(rc, wanted);
    if (!strstr(b->err.text, text))
        fail_msg("'%s' lacks '%s'", b->err.text, text);
}

static void
what_somebody_else_decided_is_not_overwritten(void **state)
{
    struct bed *b = *state;

    bob_blocks(b);
    assert_int_equal(block(b, "fix_2", "eats disks"), HF_OK);
    expect_refusal(b, block(b, "fix_2", "worse"), HF_EEXISTS,
                   "'fix_2' is blocked already by Bob since 2026-11-20: eats "
                   "disks");
    assert_non_null(strstr(b->err.hint, "hotfleet unblock fix_2"));
    assert_string_equal(bed_read(b, FILE), bobs);
    bed_write(b, FILE,
              "{\"release\": \"fix_2\", \"by\": \"Ada Admin\", "
              "\"reason\": \"r\", \"note\": \"ask the vendor\"}\n");
    bed_commit(b, "mine, with a note");
    expect_refusal(b, block(b, "fix_2", "worse"), HF_EEXISTS, "by Ada Admin");
}

static void
one_that_is_over_may_be_replaced_by_anybody(void **state)
{
    struct bed *b = *state;

    bed_write(b, FILE,
              "{\"release\": \"fix_2\", \"by\": \"Bob\", "
              "\"reason\": \"r\", \"until\": \"2020-01-31\"}\n");
    bed_commit(b, "old");
    assert_int_equal(block(b, "fix_2", "again"), HF_OK);
    assert_string_equal(fleet(b)->blocks[0].reason, "again");
    assert_string_equal(b->fleet->blocks[0].by, "Ada Admin");
}

/* Read, then changed by Bob, then written. */
static void
a_commit_in_between_is_named_and_stays(void **state)
{
    struct bed *b = *state;
    const struct hf_block wanted = {.release = "fix_2", .reason = "r"};
    const struct hf_fleet *before = fleet(b);
    char commit[41];

    bob_blocks(b);
    expect_refusal(b, hf_block_add(b->repo, before, &wanted, commit, &b->err),
                   HF_EMOVED, "fix_2 eats disks");
    assert_string_equal(commit, "");
    assert_string_equal(bed_read(b, FILE), bobs);
    before = fleet(b);
    bed_write(b, FILE, "{\"release\": \"fix_2\", \"reason\": \"more\"}\n");
    bed_commit(b, "eats tapes, too");
    expect_refusal(
        b,
        hf_block_end(b->repo, before, "fix_2", NULL, "mended", commit, &b->err),
        HF_EMOVED, "eats tapes, too");
    assert_int_equal(fleet(b)->blocks_len, 1);
}

static void
what_is_not_committed_yet_stays(void **state)
{
    struct bed *b = *state;

    bed_write(b, FILE, bobs);
    expect_refusal(b, block(b, "fix_2", "r"), HF_EDIRTY, FILE);
    assert_string_equal(bed_read(b, FILE), bobs);
    assert_string_equal(bed_git(b, "rev-list", "--count", "HEAD", NULL), "1");
    /* elsewhere it is in nobody's way, and not committed along */
    assert_int_equal(block(b, "fix_3", "r"), HF_OK);
    assert_string_equal(bed_git(b, "show", "--format=", "--name-only", NULL),
                        "blocks/fix_3.json");
    assert_string_equal(bed_read(b, FILE), bobs);
}

static void
unblocking_takes_the_file_out(void **state)
{
    struct bed *b = *state;
    char commit[41];

    assert_int_equal(block(b, "fix_2", "r"), HF_OK);
    assert_int_equal(hf_block_end(b->repo, fleet(b), "fix_2", NULL, "mended",
                                  commit, &b->err),
                     HF_OK);
    assert_int_equal(fleet(b)->blocks_len, 0);
    assert_string_equal(bed_git(b, "log", "-1", "--format=%s", NULL),
                        "unblock fix_2: mended");
    assert_int_equal(hf_block_end(b->repo, fleet(b), "fix_2", NULL, "mended",
                                  commit, &b->err),
                     HF_ENOTFOUND);
}

static void
a_block_needs_a_reason_and_the_name_of_a_release(void **state)
{
    struct bed *b = *state;

    assert_int_equal(block(b, "fix_2", ""), HF_EUSAGE);
    assert_int_equal(block(b, "../x", "r"), HF_EUSAGE);
    assert_string_equal(bed_git(b, "rev-list", "--count", "HEAD", NULL), "1");
}

static void
for_one_kernel_it_leaves_the_others_alone(void **state)
{
    struct bed *b = *state;
    struct hf_facts here = {0}, there = {0};

    bed_write(b, FILE,
              "{\"release\": \"fix_2\", \"reason\": \"r\", "
              "\"kernel\": \"6.1.0-1\"}");
    bed_commit(b, "block");
    hf_facts_set(&here, "kernel.release", "6.1.0-1", "test", 1);
    hf_facts_set(&there, "kernel.release", "6.1.0-2", "test", 1);
    assert_non_null(hf_block_of(fleet(b), "fix_2", &here, 0));
    assert_null(hf_block_of(fleet(b), "fix_2", &there, 0));
    assert_non_null(hf_block_of(fleet(b), "fix_2", NULL, 0));
    hf_facts_release(&here);
    hf_facts_release(&there);
}

static void
what_is_wrong_with_a_file_is_named(void **state)
{
    struct bed *b = *state;

    bed_write(b, FILE, "{\"release\": \"fix_2\"}");
    bed_commit(b, "no reason");
    assert_problem(b, FILE ":1:1: $: 'reason' is missing");
    bed_write(b, FILE,
              "{\"release\": \"KB5078766\", \"reason\": \"r\", "
              "\"kernel\": \"6.1.0-1\"}");
    bed_commit(b, "a kernel of Windows");
    assert_problem(b, FILE ":1:1: $: wants 'kernel' for livepatch modules "
                           "only");
    bed_write(b, FILE, "{\"release\": \"fix_2\", \"reason\": \"r\"}");
    bed_write(b, "blocks/a.json",
              "{\"release\": \"fix_2\", \"reason\": \"r\"}");
    bed_commit(b, "twice");
    assert_problem(b, FILE ":1:13: $.release: 'fix_2' is already blocked by "
                           "'blocks/a.json'");
}

static void
one_that_is_over_blocks_nothing_and_lint_says_so(void **state)
{
    struct bed *b = *state;
    int64_t last = INT64_C(1580515199000); /* 2020-01-31T23:59:59Z */

    bed_write(b, FILE,
              "{\"release\": \"fix_2\", \"reason\": \"r\", "
              "\"until\": \"2020-01-31\"}");
    bed_commit(b, "old");
    assert_non_null(hf_block_of(fleet(b), "fix_2", NULL, last));
    assert_null(hf_block_of(b->fleet, "fix_2", NULL, last + 1));
    hf_lint_fleet(b->fleet, &b->problems);
    assert_non_null(strstr(bed_problems(b), "the block ended with 2020-01-31"));
    assert_non_null(
        strstr(bed_problems(b), "the catalogue knows no release 'fix_2'"));
}

static int
setup(void **state)
{
    if (bed_setup_fleet(state) < 0)
        return -1;
    bed_open(*state);
    return 0;
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, bed_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_block_is_one_readable_file_and_commit),
        TEST(blocking_twice_writes_nothing_and_ones_own_may_be_put_otherwise),
        TEST(what_somebody_else_decided_is_not_overwritten),
        TEST(one_that_is_over_may_be_replaced_by_anybody),
        TEST(a_commit_in_between_is_named_and_stays),
        TEST(what_is_not_committed_yet_stays),
        TEST(unblocking_takes_the_file_out),
        TEST(a_block_needs_a_reason_and_the_name_of_a_release),
        TEST(for_one_kernel_it_leaves_the_others_alone),
        TEST(what_is_wrong_with_a_file_is_named),
        TEST(one_that_is_over_blocks_nothing_and_lint_says_so),
    };

    return cmocka_run_group_tests(tests, bed_group_setup, NULL);
}
