/* Real repositories in throwaway folders. */
#include "bed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/base/child.h"
#include "backend/base/file.h"
#include "backend/base/mem.h"

#define MAX_ARGS 16

int
bed_group_setup(void **state)
{
    static char home[] = "/tmp/hf-home-XXXXXX";

    (void)state;
    if (!mkdtemp(home))
        return -1;
    setenv("HOME", home, 1);
    unsetenv("XDG_CONFIG_HOME");
    setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
    setenv("GIT_AUTHOR_NAME", "Ada Admin", 1);
    setenv("GIT_AUTHOR_EMAIL", "ada@example.org", 1);
    setenv("GIT_COMMITTER_NAME", "Ada Admin", 1);
    setenv("GIT_COMMITTER_EMAIL", "ada@example.org", 1);
    return rmdir(home); /* git needs no home that exists */
}

int
bed_setup(void **state)
{
    struct bed *b = HF_NEW(struct bed);

    snprintf(b->root, sizeof(b->root), "/tmp/hf-bed-XXXXXX");
    if (!mkdtemp(b->root))
        return -1;
    snprintf(b->dir, sizeof(b->dir), "%s/fleet", b->root);
    if (hf_mkdirs(b->dir, 0755, &b->err) < 0)
        return -1;
    bed_git(b, "init", "-q", "-b", "main", NULL);
    *state = b;
    return 0;
}

int
bed_setup_fleet(void **state)
{
    struct bed *b;

    if (bed_setup(state) < 0)
        return -1;
    b = *state;
    bed_write(b, "hotfleet.json",
              "{\n"
              "  \"name\": \"test\",\n"
              "  \"rings\": [{\"name\": \"canary\"}, {\"name\": \"early\"},\n"
              "            {\"name\": \"broad\"}]\n"
              "}\n");
    bed_host(b, "web-01", ",\n  \"ring\": \"canary\"");
    bed_commit(b, "start");
    return 0;
}

static void
forget_load(struct bed *b)
{
    hf_fleet_free(b->fleet);
    b->fleet = NULL;
    hf_repo_free(b->repo);
    b->repo = NULL;
    hf_problems_release(&b->problems);
    b->err = (struct hf_err)HF_ERR_INIT;
}

int
bed_teardown(void **state)
{
    struct bed *b = *state;
    struct hf_err err = HF_ERR_INIT;

    forget_load(b);
    hf_rmtree(b->root, &err);
    free(b);
    return 0;
}

void
bed_writen(struct bed *b, const char *path, const void *data, size_t len)
{
    struct hf_err err = HF_ERR_INIT;
    char *full = hf_path_join(b->dir, path), *slash = strrchr(full, '/');

    *slash = '\0';
    assert_int_equal(hf_mkdirs(full, 0755, &err), HF_OK);
    *slash = '/';
    assert_int_equal(hf_file_write(full, data, len, 0644, &err), HF_OK);
    free(full);
}

void
bed_write(struct bed *b, const char *path, const char *text)
{
    bed_writen(b, path, text, strlen(text));
}

const char *
bed_read(struct bed *b, const char *path)
{
    static struct hf_buf text;
    struct hf_err err = HF_ERR_INIT;
    char *full = hf_path_join(b->dir, path);

    assert_int_equal(hf_file_read(&text, full, 1 << 20, &err), HF_OK);
    free(full);
    return hf_buf_str(&text);
}

static void
run(struct hf_child *child)
{
    static struct hf_err err;

    child->timeout_ms = 30000;
    child->max_output = 1 << 20;
    if (hf_child_run(child, &err) < 0)
        fail_msg("%s: %s", child->argv[0], err.text);
}

const char *
bed_git(struct bed *b, ...)
{
    static char output[65536];
    const char *argv[MAX_ARGS] = {"git", "-c", "gc.auto=0"};
    struct hf_child child = {.argv = argv, .cwd = b->dir};
    va_list ap;
    int n = 3;

    va_start(ap, b);
    do {
        argv[n] = va_arg(ap, const char *);
    } while (argv[n] && ++n < MAX_ARGS - 1);
    va_end(ap);
    run(&child);
    if (child.status != 0)
        fail_msg("git %s: %s", argv[3], hf_buf_str(&child.err));
    snprintf(output, sizeof(output), "%s", hf_buf_str(&child.out));
    if (output[0] && output[strlen(output) - 1] == '\n')
        output[strlen(output) - 1] = '\0';
    hf_buf_release(&child.out);
    hf_buf_release(&child.err);
    return output;
}

int
bed_sh(struct bed *b, const char *command)
{
    const char *argv[] = {"sh", "-c", command, NULL};
    struct hf_child child = {.argv = argv, .cwd = b->dir};

    run(&child);
    hf_buf_release(&child.out);
    hf_buf_release(&child.err);
    return child.status;
}

void
bed_commit(struct bed *b, const char *message)
{
    bed_git(b, "add", "-A", NULL);
    bed_git(b, "commit", "-q", "--allow-empty", "-m", message, NULL);
}

void
bed_host(struct bed *b, const char *name, const char *more)
{
    char *path = hf_xasprintf("hosts/%s.json", name);
    char *text = hf_xasprintf("{\n"
                              "  \"name\": \"%s\",\n"
                              "  \"address\": \"%s.example.org\"%s\n"
                              "}\n",
                              name, name, more);

    bed_write(b, path, text);
    free(text);
    free(path);
}

struct hf_repo *
bed_open(struct bed *b)
{
    forget_load(b);
    if (hf_repo_open(&b->repo, b->dir, &b->err) < 0)
        fail_msg("open: %s", b->err.text);
    return b->repo;
}

int
bed_load(struct bed *b)
{
    bed_open(b);
    return hf_fleet_load(&b->fleet, b->repo, NULL, &b->problems, &b->err);
}

const char *
bed_problems(struct bed *b)
{
    static struct hf_buf lines;

    hf_buf_clear(&lines);
    for (size_t i = 0; i < b->problems.len; i++) {
        hf_problem_format(&lines, &b->problems.v[i]);
        hf_buf_putc(&lines, '\n');
    }
    return hf_buf_str(&lines);
}

/* libgit2 1.5 forgets what it compared the extensions of a repository with;
 * only those of format 1 (SHA-256) have any. */
const char *__lsan_default_suppressions(void);

const char *
__lsan_default_suppressions(void)
{
    return "leak:libpcre2";
}
