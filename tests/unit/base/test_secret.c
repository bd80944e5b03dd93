/* Passphrases: typing them, and what is left behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pty.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "backend/base/buf.h"
#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/secret.h"

static void
put(struct hf_secret *s, const char *text)
{
    struct hf_err err;

    for (; *text; text++)
        assert_int_equal(hf_secret_putc(s, *text, &err), HF_OK);
}

static void
holds_what_was_typed(void **state)
{
    struct hf_secret *s = hf_secret_new();

    (void)state;
    assert_string_equal(hf_secret_text(s), "");
    hf_secret_backspace(s);
    put(s, "a\xc3\xa9\xf0\x9f\x98\x80");
    hf_secret_backspace(s);
    assert_string_equal(hf_secret_text(s), "a\xc3\xa9");
    hf_secret_backspace(s);
    assert_string_equal(hf_secret_text(s), "a");
    hf_secret_backspace(s);
    assert_string_equal(hf_secret_text(s), "");
    hf_secret_free(s);
    hf_secret_free(NULL);
}

static void
refuses_what_is_too_long_or_zero(void **state)
{
    struct hf_secret *s = hf_secret_new();
    struct hf_err err;

    (void)state;
    assert_int_equal(hf_secret_putc(s, '\0', &err), HF_EINVALID);
    for (int i = 0; i < HF_SECRET_MAX; i++)
        assert_int_equal(hf_secret_putc(s, 'x', &err), HF_OK);
    assert_int_equal(hf_secret_putc(s, 'x', &err), HF_ELIMIT);
    assert_int_equal(strlen(hf_secret_text(s)), HF_SECRET_MAX);
    hf_secret_free(s);
}

/* The child's part: asks on its terminal and tells what came of it. */
static void
ask_and_tell(int tell)
{
    struct hf_secret *s = hf_secret_new();
    struct hf_err err = HF_ERR_INIT;
    struct termios tio;
    int rc = hf_secret_ask(s, "Passphrase: ", &err);
    char line[256];
    int n;

    tcgetattr(STDIN_FILENO, &tio);
    n = snprintf(line, sizeof(line), "%s|%s|%s", hf_code_name(rc),
                 hf_secret_text(s),
                 tio.c_lflag & ECHO && tio.c_lflag & ICANON ? "echo" : "quiet");
    hf_write_all(tell, line, (size_t)n);
    hf_secret_free(s);
    _exit(0);
}

/* Types `keys` once the prompt stands; gives what the child told, and all
 * that was to be seen on its terminal. */
static void
type(const char *keys, struct hf_buf *told, struct hf_buf *seen)
{
    char chunk[256];
    int ends[2], tty, status;
    ssize_t n;
    pid_t pid;

    assert_int_equal(pipe(ends), 0);
    pid = forkpty(&tty, NULL, NULL, NULL);
    if (pid == 0) {
        close(ends[0]);
        ask_and_tell(ends[1]);
    }
    assert_true(pid > 0);
    close(ends[1]);
    while (!strstr(hf_buf_str(seen), ": ") &&
           (n = read(tty, chunk, sizeof(chunk))) > 0)
        hf_buf_add(seen, chunk, (size_t)n);
    assert_int_equal(hf_write_all(tty, keys, strlen(keys)), 0);
    while ((n = read(ends[0], chunk, sizeof(chunk))) > 0)
        hf_buf_add(told, chunk, (size_t)n);
    while ((n = read(tty, chunk, sizeof(chunk))) > 0)
        hf_buf_add(seen, chunk, (size_t)n);
    close(ends[0]);
    close(tty);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void
asks_on_the_terminal_without_echo(void **state)
{
    static const char *const rows[][2] = {
        {"s3cret\r", "ok|s3cret|echo"},
        {"abx\x7f"
         "c\n",
         "ok|abc|echo"},
        {"wrong\x15right\r", "ok|right|echo"},
        {"\r", "ok||echo"},
        {"half\x03", "cancelled||echo"},
    };

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        struct hf_buf told = {0}, seen = {0};

        type(rows[i][0], &told, &seen);
        assert_string_equal(hf_buf_str(&told), rows[i][1]);
        assert_string_equal(hf_buf_str(&seen), "Passphrase: \r\n");
        hf_buf_release(&told);
        hf_buf_release(&seen);
    }
}

static void
says_when_there_is_no_terminal(void **state)
{
    struct hf_secret *s;
    struct hf_err err;
    int status;
    pid_t pid = fork();

    (void)state;
    if (pid == 0) {
        setsid();
        s = hf_secret_new();
        _exit(hf_secret_ask(s, "x", &err) == HF_EUNSUPPORTED ? 0 : 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds_what_was_typed),
        cmocka_unit_test(refuses_what_is_too_long_or_zero),
        cmocka_unit_test(asks_on_the_terminal_without_echo),
        cmocka_unit_test(says_when_there_is_no_terminal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
