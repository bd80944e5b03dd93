/* Locks of the ledger that others hold, or left behind. */
#include <fcntl.h>
#include <sys/wait.h>

#include "backend/base/time.h"
#include "tests/unit/inventory/ledger_fixture.h"

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
    assert_non_null(strstr(ack.error.text, "no process holds it"));
    assert_non_null(
        strstr(ack.error.hint, "left by one that was killed: rm '"));
    assert_true(hf_path_exists(lock)); /* it is not ours to remove */

    assert_int_equal(unlink(lock), 0);
    commit = commit_now(f);
    expect_git(f->fleet, "rev-parse ledger", commit);
    free(commit);
    free(lock);
}

static void
does_not_wait_at_the_end_for_a_lock_that_was_left(void **state)
{
    struct fixture *f = *state;
    char *lock = lock_path(f);
    int64_t began = hf_mono();

    open_ledger(f);
    assert_int_equal(hf_file_write(lock, "", 0, 0600, &f->err), HF_OK);
    add(f, new_evidence("web-01", RUN, "verified"));
    assert_int_equal(hf_ledger_close(f->ledger, CLOSE_MS, &f->err), HF_ELOCKED);
    f->ledger = NULL;
    assert_in_range(hf_mono() - began, 0, CLOSE_MS / 2);
    assert_non_null(strstr(f->err.text, "no process holds it"));
    free(lock);
}

/* A process that holds the lock until it is told to let go. */
static pid_t
hold_lock(const char *lock, int *tell)
{
    int ends[2], ready[2];
    char byte = 0;
    pid_t pid;

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(pipe(ready), 0);
    if ((pid = fork()) == 0) {
        close(ends[1]);
        if (open(lock, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600) < 0 ||
            hf_write_all(ready[1], "", 1) < 0)
            _exit(1);
        (void)!read(ends[0], &byte, 1);
        unlink(lock);
        _exit(0);
    }
    close(ends[0]);
    close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    *tell = ends[1];
    return pid;
}

static void
waits_for_a_lock_that_is_held_and_names_who_holds_it(void **state)
{
    struct fixture *f = *state;
    char *lock = lock_path(f), *commit, who[64];
    struct hf_ledger_ack ack;
    pid_t pid;
    int tell;

    open_ledger(f);
    pid = hold_lock(lock, &tell);
    add(f, new_evidence("web-01", RUN, "verified"));
    wait_error(f, &ack);
    snprintf(who, sizeof(who), "process %d (", (int)pid);
    if (!strstr(ack.error.text, who))
        fail_msg("'%s' does not say '%s'", ack.error.text, who);
    close(tell);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
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
    int tell;

    open_ledger(f);
    pid = hold_lock(lock, &tell);
    add(f, new_evidence("web-01", RUN, "verified"));
    hf_ledger_flush(f->ledger);
    usleep(200000); /* somebody at work */
    close(tell);
    commit = commit_now(f);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    free(commit);
    free(lock);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_a_lock_that_was_left_and_its_age),
        TEST(does_not_wait_at_the_end_for_a_lock_that_was_left),
        TEST(waits_for_a_lock_that_is_held_and_names_who_holds_it),
        TEST(waits_for_a_lock_that_is_let_go),
    };

    RUN_TESTS(tests);
}
