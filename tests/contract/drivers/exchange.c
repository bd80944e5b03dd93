/*
 * One exchange with a host whose shell is given: the real encoder, the real
 * script, the real decoder. For the tests of this folder.
 *
 *   exchange SHELL run SCRIPT [NAME=VALUE ...]
 *   exchange SHELL upload NAME FILE
 *   exchange powershell ...         in the dialect of Windows hosts
 *   exchange - sha SCRIPT           the script's SHA-256
 *   exchange - text SCRIPT          the script's text
 *
 * Prints "key=value" and "key?=why" lines (newlines as "\n"), then "exit=N";
 * or "bad=..." when the reply is bad.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/child.h"
#include "backend/base/file.h"
#include "backend/base/sha256.h"
#include "backend/drivers/driver.h"

#define TIMEOUT_MS 120000
#define MAX_OUTPUT ((size_t)4 << 20)

static const struct hf_dialect *dialect = &hf_dialect_sh;

static const struct hf_script *
find_script(const char *name)
{
    for (const struct hf_script *const *s = hf_scripts; *s; s++) {
        if (strcmp((*s)->name, name) == 0)
            return *s;
    }
    fprintf(stderr, "exchange: no script '%s'\n", name);
    exit(2);
}

static void
die(const struct hf_err *err)
{
    printf("bad=%s\n", err->text);
    exit(1);
}

static void
print_value(const char *s)
{
    for (; *s; s++) {
        if (*s == '\n')
            fputs("\\n", stdout);
        else
            putchar(*s);
    }
    putchar('\n');
}

static void
print_reply(const struct hf_reply *reply)
{
    for (size_t i = 0; i < reply->values.len; i++) {
        const struct hf_fact *f = &reply->values.v[i];

        printf("%s%s=", f->key, f->value ? "" : "?");
        print_value(f->value ? f->value : f->why);
    }
    printf("exit=%d\n", reply->exit_status);
}

/* Every "/bin/sh" of the constant command becomes the shell under test. */
static char *
command_for(const char *command, const char *shell)
{
    struct hf_buf out = {0};
    const char *at;

    while ((at = strstr(command, "/bin/sh"))) {
        hf_buf_add(&out, command, (size_t)(at - command));
        hf_buf_puts(&out, shell);
        command = at + strlen("/bin/sh");
    }
    hf_buf_puts(&out, command);
    return hf_buf_take(&out);
}

/* As sshd does it: the login shell gets the command, we get the streams. */
static void
talk(const char *shell, const char *constant, const struct hf_buf *input,
     const char *nonce)
{
    struct hf_err err = HF_ERR_INIT;
    char *command = command_for(constant, shell);
    const char *const argv[] = {shell, "-c", command, NULL};
    struct hf_child child = {
        .argv = argv,
        .input = input->data,
        .input_len = input->len,
        .timeout_ms = TIMEOUT_MS,
        .max_output = MAX_OUTPUT,
    };
    struct hf_reply reply;

    if (hf_child_run(&child, &err) < 0)
        die(&err);
    if (child.err.len)
        fprintf(stderr, "%s", hf_buf_str(&child.err));
    if (getenv("EXCHANGE_RAW"))
        fprintf(stderr, "%s", hf_buf_str(&child.out));
    if (dialect->decode(&reply, hf_buf_str(&child.out), child.out.len, nonce, 1,
                        &err) < 0)
        die(&err);
    if (dialect == &hf_dialect_sh && reply.exit_status != child.status)
        printf("bad=the process ended with %d\n", child.status);
    print_reply(&reply);
    hf_reply_release(&reply);
    hf_buf_release(&child.out);
    hf_buf_release(&child.err);
    free(command);
}

static void
run_script(const char *shell, const char *name, char **pairs)
{
    struct hf_err err = HF_ERR_INIT;
    struct hf_params params = {0};
    struct hf_buf input = {0};
    char nonce[HF_NONCE_LEN];

    hf_random_hex(nonce, (HF_NONCE_LEN - 1) / 2);
    if (dialect == &hf_dialect_sh) {
        hf_params_set(&params, "ROOT", getenv("FAKE_ROOT"));
        hf_params_set(&params, "PATH", getenv("FAKE_PATH"));
    }
    for (; *pairs; pairs++) {
        char *value = strchr(*pairs, '=');

        *value++ = '\0';
        hf_params_set(&params, *pairs, value);
    }
    if (dialect->encode(&input, find_script(name), &params, nonce, &err) < 0)
        die(&err);
    talk(shell, dialect->command, &input, nonce);
    hf_params_release(&params);
    hf_buf_release(&input);
}

static void
upload(const char *shell, const char *name, const char *path)
{
    struct hf_err err = HF_ERR_INIT;
    struct hf_buf data = {0}, input = {0};
    const char *damage = getenv("EXCHANGE_CUT"); /* bytes lost on the way */
    char nonce[HF_NONCE_LEN];

    hf_random_hex(nonce, (HF_NONCE_LEN - 1) / 2);
    if (hf_file_read(&data, path, MAX_OUTPUT, &err) < 0 ||
        dialect->encode_upload(&input, name, hf_buf_str(&data), data.len, nonce,
                               &err) < 0)
        die(&err);
    if (damage)
        input.len -= (size_t)atoi(damage);
    if (dialect == &hf_dialect_sh) {
        setenv("HF_ROOT", getenv("FAKE_ROOT"), 1);
        setenv("HF_PATH", getenv("FAKE_PATH"), 1);
    }
    talk(shell, dialect->upload, &input, nonce);
    hf_buf_release(&data);
    hf_buf_release(&input);
}

int
main(int argc, char **argv)
{
    const char *shell = argc > 1 ? argv[1] : "";

    if (strcmp(shell, "powershell") == 0) {
        dialect = &hf_dialect_powershell;
        shell = "/bin/sh";
    }
    if (argc >= 4 && strcmp(argv[2], "run") == 0)
        run_script(shell, argv[3], argv + 4);
    else if (argc == 5 && strcmp(argv[2], "upload") == 0)
        upload(shell, argv[3], argv[4]);
    else if (argc == 4 && strcmp(argv[2], "sha") == 0)
        puts(find_script(argv[3])->sha256);
    else if (argc == 4 && strcmp(argv[2], "text") == 0)
        fputs(find_script(argv[3])->text, stdout);
    else
        return 2;
    return 0;
}
