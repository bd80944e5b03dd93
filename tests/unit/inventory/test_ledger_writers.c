/* Several writers of one ledger, git's own packing beside them, and writers
 * that are killed. */
#include <signal.h>
#include <sys/wait.h>

#include "tests/unit/inventory/ledger_fixture.h"

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
    git_do(f->fleet, "config gc.auto 0"); /* one that we see is enough */
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
    char name[16],
        *lock = hf_path_join(f->fleet, ".git/refs/heads/ledger.lock");

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

static void
write_file(const char *path, const char *text)
{
    struct hf_err err = HF_ERR_INIT;

    assert_int_equal(hf_file_write(path, text, strlen(text), 0600, &err),
                     HF_OK);
}

/* The files that hold packs, the caller's. */
static char *
list_keeps(const struct fixture *f)
{
    const char *argv[] = {"find", ".git/objects/pack", "-name", "*.keep", NULL};

    return run_in(f->fleet, argv, NULL);
}

static void
lets_go_of_packs_that_a_killed_writer_held(void **state)
{
    struct fixture *f = *state;
    char *folder = hf_path_join(f->fleet, ".git/objects/pack");
    char *ours = hf_path_join(folder, "pack-0.keep");
    char *young = hf_path_join(folder, "pack-1.keep");
    char *others = hf_path_join(folder, "pack-2.keep"), *left;
    const char *age[] = {"touch", "-d", "2 hours ago", ours, others, NULL};

    open_ledger(f);
    close_ledger(f);
    left = list_keeps(f);
    assert_string_equal(left, ""); /* none stays of a batch that went well */
    free(left);
    write_file(ours, "hotfleet is writing\n");
    write_file(young, "hotfleet is writing\n");
    write_file(others, "precious\n");
    free(run_in(f->fleet, age, NULL));
    open_ledger(f);
    close_ledger(f);
    assert_false(hf_path_exists(ours));
    assert_true(hf_path_exists(young));
    assert_true(hf_path_exists(others));
    free(folder);
    free(ours);
    free(young);
    free(others);
}

static void
has_git_pack_what_many_batches_left(void **state)
{
    struct fixture *f = *state;
    char host[16], *count;

    git_do(f->fleet, "config gc.autoDetach false");
    open_ledger(f);
    for (int i = 0; i < 60; i++) {
        snprintf(host, sizeof(host), "web-%02d", i);
        add(f, new_evidence(host, RUN, "verified"));
        free(commit_now(f));
    }
    close_ledger(f);
    count = git_out(f->fleet, NULL, "count-objects -v");
    assert_null(strstr(count, "packs: 6"));
    expect_git(f->fleet, "rev-list --count ledger", "61");
    expect_sound(f->fleet);
    free(count);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(loses_nothing_to_another_writer),
        TEST(loses_nothing_while_git_packs),
        TEST(survives_the_death_of_a_writer),
        TEST(lets_go_of_packs_that_a_killed_writer_held),
        TEST(has_git_pack_what_many_batches_left),
    };

    RUN_TESTS(tests);
}
