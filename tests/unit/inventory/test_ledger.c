/* The ledger's writer: batches, refusals, locks, full disks, other writers. */
#include <signal.h>
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

static char *
lock_path(const struct fixture *f)
{
    return hf_path_join(f->fleet, ".git/refs/heads/ledger.lock");
}

static void
names_a_lock_that_was_left_and_its_age(void **state)
{
    struct fixture *f = *state;
    char *lock = lock_path(f), *commit;
    struct hf_ledger_ack ack;

    open_ledger(f);
    assert_int_equal(hf_file_write(lock, "", 0, 0600, &f->err), HF_OK);
    add(f, new_evidence("web-01", RUN, "verified"));
    wait_error(f, &ack);
    assert_int_equal(ack.error.code, HF_ELOCKED);
    assert_int_equal(ack.seq, 0);
    assert_string_equal(ack.commit, "");
    assert_non_null(strstr(ack.error.text, "ledger.lock' is there since"));
    assert_non_null(strstr(ack.error.hint, "rm '"));
    assert_true(hf_path_exists(lock)); /* it is not ours to remove */

    assert_int_equal(unlink(lock), 0);
    commit = commit_now(f);
    expect_git(f->fleet, "rev-parse ledger", commit);
    free(commit);
    free(lock);
}

static void
waits_for_a_lock_that_is_let_go(void **state)
{
    struct fixture *f = *state;
    char *lock = lock_path(f), *commit;
    pid_t pid;

    open_ledger(f);
    assert_int_equal(hf_file_write(lock, "", 0, 0600, &f->err), HF_OK);
    add(f, new_evidence("web-01", RUN, "verified"));
    hf_ledger_flush(f->ledger);
    if ((pid = fork()) == 0) {
        usleep(200000); /* somebody at work */
        unlink(lock);
        _exit(0);
    }
    commit = commit_now(f);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    free(commit);
    free(lock);
}

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

/* ---- other writers ---- */

/* One process that records `n` hosts in `commits` commits. */
static void
write_as_another(const struct fixture *f, const char *name, int n)
{
    struct fixture mine = {.fleet = f->fleet, .options = f->options};
    char host[32];

    mine.acks = hf_queue_new(free);
    open_ledger(&mine);
    for (int i = 0; i < n; i++) {
        snprintf(host, sizeof(host), "%s-%d", name, i);
        add(&mine, new_evidence(host, RUN, "verified"));
        free(commit_now(&mine));
    }
    close_ledger(&mine);
    _exit(0);
}

static void
expect_hosts(const struct fixture *f, const char *const *names, int n)
{
    char *list = git_out(f->fleet, NULL, "ls-tree -r --name-only ledger");
    char part[64];

    for (; *names; names++)
        for (int i = 0; i < n; i++) {
            snprintf(part, sizeof(part), "/%s-%d/", *names, i);
            if (!strstr(list, part))
                fail_msg("%s is lost", part);
        }
    free(list);
}

static void
loses_nothing_to_another_writer(void **state)
{
    static const char *const names[] = {"ann", "bob", NULL};
    struct fixture *f = *state;
    pid_t pids[2];
    int status;

    f->options.batch_ms = 5;
    for (int i = 0; i < 2; i++)
        if ((pids[i] = fork()) == 0)
            write_as_another(f, names[i], 40);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_int_equal(status, 0);
    }
    expect_hosts(f, names, 40);
    expect_git(f->fleet, "rev-list --count ledger", "81");
    expect_sound(f->fleet);
}

static void
loses_nothing_while_git_packs(void **state)
{
    static const char *const names[] = {"ann", NULL};
    struct fixture *f = *state;
    pid_t pid;
    int status, gone = 0;

    f->options.batch_ms = 5;
    open_ledger(f);
    close_ledger(f);
    if ((pid = fork()) == 0)
        write_as_another(f, "ann", 60);
    while (!gone) {
        git_do(f->fleet, "gc -q");
        gone = waitpid(pid, &status, WNOHANG) == pid;
    }
    assert_int_equal(status, 0);
    expect_hosts(f, names, 60);
    expect_sound(f->fleet);
}

/* Records for ever; tells the parent of each commit. */
static void
write_until_killed(const struct fixture *f, const char *name, int tell)
{
    struct fixture mine = {.fleet = f->fleet, .options = f->options};
    char host[32];

    mine.acks = hf_queue_new(free);
    open_ledger(&mine);
    for (int i = 0;; i++) {
        snprintf(host, sizeof(host), "%s-%d", name, i);
        add(&mine, new_evidence(host, RUN, "verified"));
        free(commit_now(&mine));
        if (hf_write_all(tell, &i, sizeof(i)) < 0)
            _exit(1);
    }
}

/* The number of commits that a writer killed at some moment had told of. */
static int
count_until_killed(const struct fixture *f, const char *name, int n)
{
    int ends[2], number, last = -1;
    pid_t pid;

    assert_int_equal(pipe(ends), 0);
    if ((pid = fork()) == 0) {
        close(ends[0]);
        write_until_killed(f, name, ends[1]);
    }
    close(ends[1]);
    while (read(ends[0], &number, sizeof(number)) == sizeof(number)) {
        last = number;
        if (last + 1 == n)
            kill(pid, SIGKILL);
    }
    close(ends[0]);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    return last + 1;
}

static void
survives_the_death_of_a_writer(void **state)
{
    struct fixture *f = *state;
    const char *names[2] = {NULL, NULL};
    char name[16], *lock = lock_path(f);

    f->options.batch_ms = 5;
    for (int round = 0; round < 8; round++) {
        int n;

        snprintf(name, sizeof(name), "round%d", round);
        names[0] = name;
        n = count_until_killed(f, name, 1 + round * 3 % 7);
        assert_true(n > 0);
        expect_hosts(f, names, n);
        expect_sound(f->fleet);
        unlink(lock); /* as the error would tell a person to */
    }
    free(lock);
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
        TEST(commits_what_was_added_and_says_so),
        TEST(commits_by_itself_when_the_batch_time_is_over),
        TEST(puts_a_batch_into_one_commit_and_one_pack),
        TEST(keeps_the_last_record_of_a_path),
        TEST(keeps_what_earlier_commits_hold),
        TEST(takes_any_name_without_leaving_its_folder),
        TEST(names_a_lock_that_was_left_and_its_age),
        TEST(waits_for_a_lock_that_is_let_go),
        TEST(keeps_records_while_the_repository_is_away),
        TEST(says_at_the_end_what_could_not_be_recorded),
        TEST(keeps_records_while_the_disk_is_full),
        TEST(loses_nothing_to_another_writer),
        TEST(loses_nothing_while_git_packs),
        TEST(survives_the_death_of_a_writer),
    };

    RUN_TESTS(tests);
}
