/* The git command as a child. */
#include "inventory/git_child.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "inventory/git.h"

#define ARGS_MAX 24
#define OUTPUT_MAX (64u << 20)
#define SAID_MAX 400

/* Whether the administrator has said how ssh is to be run. */
static int
has_own_ssh(struct hf_repo *repo)
{
    git_config *config = NULL;
    git_buf value = {0};
    int found;

    if (getenv("GIT_SSH_COMMAND") || getenv("GIT_SSH"))
        return 1;
    found = git_repository_config_snapshot(&config, hf_repo_git(repo)) == 0 &&
            git_config_get_string_buf(&value, config, "core.sshcommand") == 0;
    git_buf_dispose(&value);
    git_config_free(config);
    return found;
}

/* What a person needs of git's complaints: no advice, no addresses. */
static void
add_said(struct hf_buf *out, char *text)
{
    static const char *const skipped[] = {"hint: ", "To ", "From "};
    char *rest = text, *line;

    while ((line = strsep(&rest, "\n")) && out->len < SAID_MAX) {
        int skip = !*line;

        for (size_t i = 0; i < HF_COUNT(skipped); i++)
            skip = skip || hf_has_prefix(line, skipped[i]);
        if (!skip)
            hf_buf_printf(out, "%s%s", out->len ? "; " : "", line);
    }
}

static int
fail_said(struct hf_child *c, const char *const *args, struct hf_err *err)
{
    const char *verb = strcmp(args[0], "-c") == 0 ? args[2] : args[0];
    struct hf_buf said = {0};
    char *text = hf_buf_take(&c->err);
    int rc;

    add_said(&said, text);
    rc = said.len ? hf_fail(err, HF_ERR, "git %s: %s", verb, said.data)
                  : hf_fail(err, HF_ERR, "git %s ended with status %d", verb,
                            c->status);
    free(text);
    hf_buf_release(&said);
    return rc;
}

int
hf_git_run(struct hf_repo *repo, const char *const *args, int64_t timeout_ms,
           struct hf_buf *out, struct hf_err *err)
{
    const char *env[] = {"GIT_TERMINAL_PROMPT=0", "LC_ALL=C",
                         "GIT_SSH_COMMAND=ssh -oBatchMode=yes "
                         "-oConnectTimeout=10",
                         NULL};
    const char *argv[ARGS_MAX] = {"git", "--git-dir", hf_repo_path(repo)};
    struct hf_child c = {.argv = argv,
                         .env = env,
                         .cwd = hf_repo_dir(repo), /* for relative remotes */
                         .timeout_ms = timeout_ms,
                         .max_output = OUTPUT_MAX};
    int rc;

    assert(args[0]);
    for (size_t i = 0; args[i] && i + 4 < ARGS_MAX; i++)
        argv[i + 3] = args[i];
    if (has_own_ssh(repo))
        env[2] = NULL;
    rc = hf_child_run(&c, err);
    if (rc == HF_ENOTFOUND)
        hf_hint(err, "apt install git");
    if (rc == HF_OK && c.status != 0)
        rc = fail_said(&c, args, err);
    if (rc == HF_OK && out) {
        *out = c.out;
        c.out = (struct hf_buf){0};
    }
    hf_buf_release(&c.out);
    hf_buf_release(&c.err);
    return rc;
}

int
hf_git_temp_file(char **path, const void *data, size_t len, struct hf_err *err)
{
    const char *tmp = getenv("TMPDIR");
    char *name = hf_path_join(tmp && *tmp ? tmp : "/tmp", "hotfleet-XXXXXX");
    int fd = mkostemp(name, O_CLOEXEC);
    int failed = fd < 0 || hf_write_all(fd, data, len) < 0 ? errno : 0;

    if (fd >= 0)
        close(fd);
    if (!failed) {
        *path = name;
        return HF_OK;
    }
    hf_fail_errno(err, failed, "cannot write '%s'", name);
    if (fd >= 0)
        unlink(name);
    free(name);
    *path = NULL;
    return err->code;
}
