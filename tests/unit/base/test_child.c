/* Child processes: output, input, deadlines, and what they inherit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "backend/base/child.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"

static int
run_shell(struct hf_child *c, const char *script, struct hf_err *err)
{
    const char *argv[] = {"sh", "-c", script, NULL};
    int rc;

    c->argv = argv;
    if (c->timeout_ms == 0)
        c->timeout_ms = 20000;
    if (c->max_output == 0)
        c->max_output = 1 << 20;
    rc = hf_child_run(c, err);
    c->argv = NULL;
    return rc;
}

static void
child_release(struct hf_child *c)
{
    hf_buf_release(&c->out);
    hf_buf_release(&c->err);
}

static void
keeps_both_streams_and_the_exit_status(void **state)
{
    struct hf_child c = {0};
    struct hf_err err;

    (void)state;
    assert_int_equal(run_shell(&c, "echo out; echo err >&2; exit 3", &err),
                     HF_OK);
    assert_string_equal(hf_buf_str(&c.out), "out\n");
    assert_string_equal(hf_buf_str(&c.err), "err\n");
    assert_int_equal(c.status, 3);
    assert_int_equal(run_shell(&c, "kill -9 $$", &err), HF_OK);
    assert_int_equal(c.status, 137);
    assert_string_equal(hf_buf_str(&c.out), "");
    child_release(&c);
}

static void
feeds_more_than_a_pipe_holds(void **state)
{
    size_t len = 1 << 20;
    char *input = hf_xmalloc(len);
    struct hf_child c = {
        .input = input, .input_len = len, .max_output = 2 << 20};
    struct hf_err err;

    (void)state;
    for (size_t i = 0; i < len; i++)
        input[i] = (char)(i * 7 + i / 251);
    assert_int_equal(run_shell(&c, "cat", &err), HF_OK);
    assert_int_equal(c.out.len, len);
    assert_memory_equal(c.out.data, input, len);
    child_release(&c);
    free(input);
}

static void
a_child_that_does_not_read_is_no_harm(void **state)
{
    size_t len = 1 << 20;
    char *input = hf_xcalloc(len, 1);
    struct hf_child c = {.input = input, .input_len = len};
    struct hf_err err;
    sigset_t pending;

    (void)state;
    signal(SIGPIPE, SIG_DFL);
    assert_int_equal(run_shell(&c, "exec <&-; echo done", &err), HF_OK);
    assert_string_equal(hf_buf_str(&c.out), "done\n");
    sigpending(&pending);
    assert_false(sigismember(&pending, SIGPIPE));
    child_release(&c);
    free(input);
}

static void
standard_input_is_empty_without_input(void **state)
{
    struct hf_child c = {0};
    struct hf_err err;

    (void)state;
    assert_int_equal(run_shell(&c, "wc -c", &err), HF_OK);
    assert_int_equal(atoi(hf_buf_str(&c.out)), 0);
    child_release(&c);
    c = (struct hf_child){.input = "", .input_len = 0};
    assert_int_equal(run_shell(&c, "wc -c", &err), HF_OK);
    assert_int_equal(atoi(hf_buf_str(&c.out)), 0);
    child_release(&c);
}

static void
drops_what_is_over_the_limit(void **state)
{
    struct hf_child c = {.max_output = 10};
    struct hf_err err;

    (void)state;
    assert_int_equal(
        run_shell(&c, "head -c 1000000 /dev/zero | tr '\\0' x; echo e >&2",
                  &err),
        HF_OK);
    assert_string_equal(hf_buf_str(&c.out), "xxxxxxxxxx");
    assert_string_equal(hf_buf_str(&c.err), "e\n");
    assert_int_equal(c.status, 0);
    child_release(&c);
}

static void
says_when_there_is_no_such_program(void **state)
{
    static const char *const argv[] = {"hotfleet-no-such-program", NULL};
    struct hf_child c = {.argv = argv, .timeout_ms = 1000};
    struct hf_err err;

    (void)state;
    assert_int_equal(hf_child_run(&c, &err), HF_ENOTFOUND);
    assert_true(
        hf_has_prefix(err.text, "cannot run 'hotfleet-no-such-program': "));
    c = (struct hf_child){.cwd = "/nowhere"};
    assert_int_equal(run_shell(&c, "true", &err), HF_ENOTFOUND);
    assert_non_null(strstr(err.text, "in '/nowhere'"));
}

static void
ends_a_child_that_takes_too_long(void **state)
{
    struct hf_child c = {.timeout_ms = 100};
    int64_t start = hf_mono();
    struct hf_err err;

    (void)state;
    assert_int_equal(run_shell(&c, "echo started; sleep 60; echo no", &err),
                     HF_ETIMEOUT);
    assert_string_equal(err.text, "'sh' did not end within 100 ms");
    assert_string_equal(hf_buf_str(&c.out), "started\n");
    assert_int_equal(c.status, 128 + SIGTERM);
    assert_true(hf_mono() - start < 10000);
    child_release(&c);
}

static void
kills_a_child_that_ignores_the_first_signal(void **state)
{
    struct hf_child c = {.timeout_ms = 200};
    int64_t start = hf_mono();
    struct hf_err err;

    (void)state;
    assert_int_equal(
        run_shell(&c, "trap '' TERM; while :; do sleep 1; done", &err),
        HF_ETIMEOUT);
    assert_int_equal(c.status, 128 + SIGKILL);
    assert_true(hf_mono() - start >= 2000);
    assert_true(hf_mono() - start < 20000);
    child_release(&c);
}

static void
an_endless_writer_meets_its_deadline(void **state)
{
    struct hf_child c = {.timeout_ms = 200, .max_output = 100};
    struct hf_err err;

    (void)state;
    assert_int_equal(run_shell(&c, "yes", &err), HF_ETIMEOUT);
    assert_int_equal(c.out.len, 100);
    child_release(&c);
}

static void
does_not_wait_for_those_it_left_behind(void **state)
{
    struct hf_child c = {0};
    int64_t start = hf_mono();
    struct hf_err err;

    (void)state;
    assert_int_equal(run_shell(&c, "sleep 5 & echo gone", &err), HF_OK);
    assert_string_equal(hf_buf_str(&c.out), "gone\n");
    assert_true(hf_mono() - start < 4000);
    child_release(&c);
}

static void
a_child_may_close_its_streams_and_go_on(void **state)
{
    struct hf_child c = {0};
    struct hf_err err;

    (void)state;
    assert_int_equal(
        run_shell(&c, "echo a; exec >&- 2>&-; sleep 0.2; exit 4", &err), HF_OK);
    assert_string_equal(hf_buf_str(&c.out), "a\n");
    assert_int_equal(c.status, 4);
    child_release(&c);
}

static void
gets_the_folder_and_the_variables_asked_for(void **state)
{
    static const char *const env[] = {"HF_ONE=1", "HOME=/elsewhere", NULL};
    struct hf_child c = {.env = env, .cwd = "/"};
    struct hf_err err;

    (void)state;
    setenv("HF_TWO", "2", 1);
    assert_int_equal(
        run_shell(
            &c, "echo $HF_ONE $HF_TWO $HOME; pwd; env | grep -c ^HOME=", &err),
        HF_OK);
    assert_string_equal(hf_buf_str(&c.out), "1 2 /elsewhere\n/\n1\n");
    child_release(&c);
}

static void
inherits_three_descriptors_and_default_signals(void **state)
{
    struct hf_child c = {0};
    struct hf_err err;
    sigset_t mask, old;

    (void)state;
    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &mask, &old);
    signal(SIGPIPE, SIG_IGN);
    assert_int_equal(run_shell(&c,
                               "ls /proc/self/fd | wc -l;"
                               "grep -E 'SigBlk|SigIgn' /proc/self/status",
                               &err),
                     HF_OK);
    signal(SIGPIPE, SIG_DFL);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    /* 0, 1, 2 and the folder that ls reads; libc keeps 32 and 33 ignored */
    assert_true(hf_has_prefix(hf_buf_str(&c.out),
                              "4\nSigBlk:\t0000000000000000\nSigIgn:\t"));
    assert_true(hf_has_suffix(hf_buf_str(&c.out), "0000000\n"));
    child_release(&c);
}

static void
says_when_no_descriptor_is_left(void **state)
{
    int first = open("/dev/null", O_RDONLY | O_CLOEXEC);
    struct rlimit old, few;
    struct hf_err err;

    (void)state;
    close(first);
    getrlimit(RLIMIT_NOFILE, &old);
    for (int left = 0; left < 5; left++) {
        struct hf_child c = {0};
        int after;

        few = old;
        few.rlim_cur = (rlim_t)(first + left);
        setrlimit(RLIMIT_NOFILE, &few);
        assert_int_equal(run_shell(&c, "true", &err), HF_EIO);
        setrlimit(RLIMIT_NOFILE, &old);
        assert_string_equal(err.text, "cannot run 'sh': Too many open files");
        after = open("/dev/null", O_RDONLY | O_CLOEXEC);
        assert_int_equal(after, first);
        close(after);
        child_release(&c);
    }
}

static void
leaves_no_descriptor_open(void **state)
{
    struct hf_err err;
    int before = open("/dev/null", O_RDONLY | O_CLOEXEC), after;

    (void)state;
    close(before);
    for (int i = 0; i < 20; i++) {
        struct hf_child c = {.input = "x", .input_len = 1};

        assert_int_equal(run_shell(&c, "cat", &err), HF_OK);
        child_release(&c);
    }
    after = open("/dev/null", O_RDONLY | O_CLOEXEC);
    assert_int_equal(before, after);
    close(after);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_both_streams_and_the_exit_status),
        cmocka_unit_test(feeds_more_than_a_pipe_holds),
        cmocka_unit_test(a_child_that_does_not_read_is_no_harm),
        cmocka_unit_test(standard_input_is_empty_without_input),
        cmocka_unit_test(drops_what_is_over_the_limit),
        cmocka_unit_test(says_when_there_is_no_such_program),
        cmocka_unit_test(ends_a_child_that_takes_too_long),
        cmocka_unit_test(kills_a_child_that_ignores_the_first_signal),
        cmocka_unit_test(an_endless_writer_meets_its_deadline),
        cmocka_unit_test(does_not_wait_for_those_it_left_behind),
        cmocka_unit_test(a_child_may_close_its_streams_and_go_on),
        cmocka_unit_test(gets_the_folder_and_the_variables_asked_for),
        cmocka_unit_test(inherits_three_descriptors_and_default_signals),
        cmocka_unit_test(says_when_no_descriptor_is_left),
        cmocka_unit_test(leaves_no_descriptor_open),
    };

    closefrom(3); /* what our starter left open is not ours to count */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
