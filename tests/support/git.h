/*
 * Real git for test programs: commands, and a small fleet repository. A
 * command that fails ends the program unless it was asked for its status.
 */
#ifndef TESTS_SUPPORT_GIT_H
#define TESTS_SUPPORT_GIT_H

#include <stdarg.h>

#include "backend/base/child.h"
#include "backend/base/text.h"
#include "tests/support/scratch.h"

#ifndef GIT_TEST_MS
#define GIT_TEST_MS 60000
#endif

/* Runs argv in `dir`; what it wrote (caller's) and its exit status. */
static inline char *
run_in(const char *dir, const char *const *argv, int *status)
{
    struct hf_child c = {.argv = argv,
                         .cwd = dir,
                         .timeout_ms = GIT_TEST_MS,
                         .max_output = 16u << 20};
    struct hf_err err = HF_ERR_INIT;

    if (hf_child_run(&c, &err) < 0) {
        fprintf(stderr, "%s\n", err.text);
        abort();
    }
    if (c.status != 0 && !status) {
        fprintf(stderr, "%s %s: status %d: %s\n", argv[0], argv[1], c.status,
                hf_buf_str(&c.err));
        abort();
    }
    if (status)
        *status = c.status;
    hf_buf_release(&c.err);
    return hf_buf_take(&c.out);
}

/* "git -C dir log -1": words separated by single blanks; what it wrote
 * without the last newline, the caller's. */
static inline char *
git_out(const char *dir, int *status, const char *words)
{
    char *copy = hf_xstrdup(words), *rest = copy, *word, *out;
    const char *argv[32] = {"git"};
    size_t n = 1;

    while ((word = strsep(&rest, " ")) && n < 31)
        argv[n++] = word;
    out = run_in(dir, argv, status);
    free(copy);
    if (hf_has_suffix(out, "\n"))
        out[strlen(out) - 1] = '\0';
    return out;
}

/* The same for its effect alone. */
static inline void
git_do(const char *dir, const char *words)
{
    free(git_out(dir, NULL, words));
}

/* An empty home, so that nobody's own configuration counts. Once, before
 * anything else; remove it with scratch_free. */
static inline char *
git_empty_home(void)
{
    char *home = scratch_new();

    setenv("HOME", home, 1);
    setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("SSH_AUTH_SOCK");
    unsetenv("GIT_AUTHOR_NAME");
    unsetenv("GIT_AUTHOR_EMAIL");
    return home;
}

/* A repository at `dir` with one commit on main, by Ann. */
static inline void
git_new_fleet(const char *dir)
{
    char *file = hf_path_join(dir, "hotfleet.json");
    struct hf_err err = HF_ERR_INIT;

    if (hf_mkdirs(dir, 0700, &err) < 0 ||
        hf_file_write(file, "{\"name\": \"test\"}\n", 17, 0600, &err) < 0)
        abort();
    git_do(dir, "init -q -b main");
    git_do(dir, "config user.name Ann");
    git_do(dir, "config user.email ann@example.org");
    git_do(dir, "add hotfleet.json");
    git_do(dir, "commit -q -m start");
    free(file);
}

#endif
