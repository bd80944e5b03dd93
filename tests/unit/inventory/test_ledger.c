/* The ledger's writer: batches, refusals, full disks. */
#include <sys/wait.h>

#include "tests/unit/inventory/ledger_fixture.h"

/* ---- the branch ---- */

static void
makes_a_branch_that_shares_nothing_with_the_inventory(void **state)
{
    struct fixture *f = *state;

    open_ledger(f);
    close_ledger(f);
    expect_git(f->fleet, "log --format=%s%n%an ledger",
               "begin the ledger\nAnn");
    assert_int_equal(git_status(f->fleet, "merge-base main ledger"), 1);
    expect_git(f->fleet, "status --porcelain", "");
}

static void
leaves_a_branch_alone_that_is_there(void **state)
{
    struct fixture *f = *state;

    open_ledger(f);
    close_ledger(f);
    open_ledger(f);
    close_ledger(f);
    expect_git(f->fleet, "rev-list --count ledger", "1");
}

static void
starts_from_the_branch_of_the_remote(void **state)
{
    struct fixture *f = *state;
    char *tip;

    open_ledger(f);
    close_ledger(f);
    tip = git_out(f->fleet, NULL, "rev-parse ledger");
    git_do(f->dir, "clone -q fleet clone");
    free(f->fleet);
    f->fleet = hf_path_join(f->dir, "clone");
    git_do(f->fleet, "config user.name Bob");
    git_do(f->fleet, "config user.email bob@example.org");
    f->options.remote = "origin";
    open_ledger(f);
    close_ledger(f);
    expect_git(f->fleet, "rev-parse ledger", tip);
    free(tip);
}

static void
works_in_a_bare_repository(void **state)
{
    struct fixture *f = *state;

    git_do(f->dir, "clone -q --bare fleet bare.git");
    free(f->fleet);
    f->fleet = hf_path_join(f->dir, "bare.git");
    git_do(f->fleet, "config user.name Bob");
    git_do(f->fleet, "config user.email bob@example.org");
    open_ledger(f);
    add(f, new_evidence("web-01", RUN, "verified"));
    close_ledger(f);
    expect_git(f->fleet, "rev-list --count ledger", "2");
}

/* ---- refusals ---- */

static void
refuses_without_an_identity_and_names_the_two_commands(void **state)
{
    struct fixture *f = *state;

    git_do(f->fleet, "config --unset user.email");
    refuse_ledger(f, HF_EINVALID, "who you are");
    assert_non_null(strstr(f->err.hint, "user.name"));
    assert_non_null(strstr(f->err.hint, "user.email"));
    assert_int_equal(git_status(f->fleet, "rev-parse -q --verify ledger"), 1);
}

static void
refuses_a_ledger_that_is_checked_out(void **state)
{
    struct fixture *f = *state;

    open_ledger(f);
    close_ledger(f);
    git_do(f->fleet, "switch -q ledger");
    refuse_ledger(f, HF_EDENIED, "checked out");
}

static void
refuses_a_ledger_that_another_work_tree_has(void **state)
{
    struct fixture *f = *state;

    open_ledger(f);
    close_ledger(f);
    git_do(f->fleet, "worktree add -q ../other ledger");
    refuse_ledger(f, HF_EDENIED, "checked out");
}

static void
refuses_names_that_git_would_take_for_something_else(void **state)
{
    struct fixture *f = *state;

    f->options.branch = "-f";
    refuse_ledger(f, HF_EINVALID, "no name for a branch");
    f->options.branch = "a..b";
    refuse_ledger(f, HF_EINVALID, "no name for a branch");
    f->options.branch = "ledger";
    f->options.remote = "origin";
    refuse_ledger(f, HF_EINVALID, "not set up");
    f->options.remote = "--upload-pack=touch";
    refuse_ledger(f, HF_EINVALID, "not set up");
}

static void
refuses_a_repository_that_it_may_not_write(void **state)
{
    struct fixture *f = *state;
    char *disk = hf_path_join(f->dir, "disk");

    if (scratch_small_disk(disk, "4m") < 0) {
        print_message("skip %s: no right to mount a small disk\n", __func__);
        free(disk);
        skip();
    }
    free(f->fleet);
    f->fleet = hf_path_join(disk, "fleet");
    git_new_fleet(f->fleet);
    assert_int_equal(mount(NULL, disk, NULL, MS_REMOUNT | MS_RDONLY, NULL), 0);
    refuse_ledger(f, HF_EDENIED, "no right to write");
    assert_int_equal(umount(disk), 0);
    free(disk);
}

/* ---- batches ---- */

static void
commits_what_was_added_and_says_so(void **state)
{
    struct fixture *f = *state;
    char *path = hf_ledger_evidence_path("web-01", RUN);
    char *show = hf_xasprintf("show ledger:%s", path), *commit;

    open_ledger(f);
    add(f, new_evidence("web-01", RUN, "verified"));
    commit = commit_now(f);
    expect_git(f->fleet, "rev-parse ledger", commit);
    expect_git(f->fleet, show,
               "{\"host\": \"web-01\", \"run\": \"" RUN
               "\", \"outcome\": \"verified\"}");
    expect_git(f->fleet, "log -1 --format=%s ledger", "apply web-01: verified");
    expect_git(f->fleet,
               "log -1 --format=%(trailers:key=Run,key=Change) ledger",
               "Run: " RUN "\nChange: CHG001\n");
    expect_sound(f->fleet);
    free(commit);
    free(show);
    free(path);
}

static void
commits_by_itself_when_the_batch_time_is_over(void **state)
{
    struct fixture *f = *state;
    struct hf_ledger_ack *ack;

    open_ledger(f);
    add(f, new_evidence("web-01", RUN, "verified"));
    ack = next_ack(f);
    assert_int_equal(ack->error.code, HF_OK);
    assert_int_equal(ack->seq, 1);
    assert_int_equal(ack->pushed, 0);
    free(ack);
}

static void
puts_a_batch_into_one_commit_and_one_pack(void **state)
{
    struct fixture *f = *state;
    char host[16], *count;

    f->options.batch_ms = 60000;
    open_ledger(f);
    for (int i = 0; i < 500; i++) {
        snprintf(host, sizeof(host), "web-%03d", i);
        add(f, new_evidence(host, RUN, i % 100 ? "verified" : "failed"));
    }
    close_ledger(f);
    expect_git(f->fleet, "rev-list --count ledger", "2");
    expect_git(f->fleet, "log -1 --format=%s ledger",
               "apply 500 hosts: 495 verified, 5 failed");
    count = git_out(f->fleet, NULL, "count-objects -v");
    assert_non_null(strstr(count, "packs: 2\n")); /* the first commit's, too */
    free(count);
    expect_sound(f->fleet);
}

static void
keeps_the_last_record_of_a_path(void **state)
{
    struct fixture *f = *state;
    char *path = hf_ledger_facts_path("web-01");
    char *show = hf_xasprintf("show ledger:%s", path);

    f->options.batch_ms = 60000;
    open_ledger(f);
    add(f, new_facts("web-01", "old"));
    add(f, new_facts("web-02", "other"));
    add(f, new_facts("web-01", "new"));
    close_ledger(f);
    expect_git(f->fleet, show, "{\"kernel\": \"new\"}");
    expect_git(f->fleet, "log -1 --format=%s ledger", "facts of 2 hosts");
    free(show);
    free(path);
}

static void
keeps_what_earlier_commits_hold(void **state)
{
    struct fixture *f = *state;
    char *first, *second;

    open_ledger(f);
    add(f, new_evidence("web-01", RUN, "verified"));
    first = commit_now(f);
    add(f, new_evidence("web-02", RUN, "verified"));
    second = commit_now(f);
    assert_string_not_equal(first, second);
    first = (free(first), git_out(f->fleet, NULL, "ls-tree -r ledger"));
    assert_non_null(strstr(first, "/web-01/"));
    assert_non_null(strstr(first, "/web-02/"));
    free(first);
    free(second);
}

static void
takes_any_name_without_leaving_its_folder(void **state)
{
    static const char *const names[] = {"../../x",     ".git",      "a/b",
                                        "\xc3\xa4-01", "new\nline", ".."};
    struct fixture *f = *state;

    open_ledger(f);
    for (size_t i = 0; i < HF_COUNT(names); i++)
        add(f, new_facts(names[i], "k"));
    close_ledger(f);
    expect_sound(f->fleet);
}

/* ---- trouble ---- */

static void
keeps_records_while_the_repository_is_away(void **state)
{
    struct fixture *f = *state;
    char *away = hf_path_join(f->dir, "away"), *commit;
    struct hf_ledger_ack ack;

    open_ledger(f);
    assert_int_equal(rename(f->fleet, away), 0);
    add(f, new_evidence("web-01", RUN, "verified"));
    wait_error(f, &ack);
    assert_int_equal(ack.seq, 0);
    add(f, new_evidence("web-02", RUN, "verified"));
    assert_int_equal(rename(away, f->fleet), 0);
    commit = commit_now(f);
    expect_git(f->fleet, "log -1 --format=%s ledger",
               "apply 2 hosts: 2 verified");
    free(commit);
    free(away);
}

static void
says_at_the_end_what_could_not_be_recorded(void **state)
{
    struct fixture *f = *state;
    char *away = hf_path_join(f->dir, "away");

    open_ledger(f);
    assert_int_equal(rename(f->fleet, away), 0);
    add(f, new_evidence("web-01", RUN, "verified"));
    assert_int_equal(hf_ledger_close(f->ledger, 100, &f->err), HF_ENOTFOUND);
    f->ledger = NULL;
    free(away);
}

static char *
filler_path(const char *disk)
{
    return hf_path_join(disk, "filler");
}

/* Takes all the room there is. */
static void
fill_disk(const char *disk)
{
    char *path = filler_path(disk);
    char block[4096] = {0};
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    setvbuf(file, NULL, _IONBF, 0);
    while (fwrite(block, sizeof(block), 1, file) == 1)
        ;
    fclose(file);
    free(path);
}

static void
keeps_records_while_the_disk_is_full(void **state)
{
    struct fixture *f = *state;
    char *disk = hf_path_join(f->dir, "disk"), *filler, *commit;
    struct hf_ledger_ack ack;
    char host[16];

    if (scratch_small_disk(disk, "4m") < 0) {
        print_message("skip %s: no right to mount a small disk\n", __func__);
        free(disk);
        skip();
    }
    free(f->fleet);
    f->fleet = hf_path_join(disk, "fleet");
    git_new_fleet(f->fleet);
    open_ledger(f);
    fill_disk(disk);
    for (int i = 0; i < 300; i++) {
        snprintf(host, sizeof(host), "web-%03d", i);
        add(f, new_evidence(host, RUN, "verified"));
    }
    wait_error(f, &ack);
    assert_int_equal(ack.error.code, HF_ENOSPACE);
    assert_int_equal(ack.seq, 0);
    expect_git(f->fleet, "rev-list --count ledger", "1");

    filler = filler_path(disk);
    assert_int_equal(unlink(filler), 0);
    commit = commit_now(f);
    expect_git(f->fleet, "log -1 --format=%s ledger",
               "apply 300 hosts: 300 verified");
    expect_sound(f->fleet);
    close_ledger(f);
    assert_int_equal(umount(disk), 0);
    free(commit);
    free(filler);
    free(disk);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(makes_a_branch_that_shares_nothing_with_the_inventory),
        TEST(leaves_a_branch_alone_that_is_there),
        TEST(starts_from_the_branch_of_the_remote),
        TEST(works_in_a_bare_repository),
        TEST(refuses_without_an_identity_and_names_the_two_commands),
        TEST(refuses_a_ledger_that_is_checked_out),
        TEST(refuses_a_ledger_that_another_work_tree_has),
        TEST(refuses_names_that_git_would_take_for_something_else),
        TEST(refuses_a_repository_that_it_may_not_write),
        TEST(commits_what_was_added_and_says_so),
        TEST(commits_by_itself_when_the_batch_time_is_over),
        TEST(puts_a_batch_into_one_commit_and_one_pack),
        TEST(keeps_the_last_record_of_a_path),
        TEST(keeps_what_earlier_commits_hold),
        TEST(takes_any_name_without_leaving_its_folder),
        TEST(keeps_records_while_the_repository_is_away),
        TEST(says_at_the_end_what_could_not_be_recorded),
        TEST(keeps_records_while_the_disk_is_full),
    };

    RUN_TESTS(tests);
}
