/* Signed ledger commits: real keys, real ssh-keygen, real git verify-commit. */
#include <signal.h>
#include <sys/wait.h>

#include "backend/base/time.h"
#include "tests/unit/inventory/ledger_fixture.h"

/* A new key at <dir>/<name>; its file's path, the caller's. */
static char *
new_key(const struct fixture *f, const char *name, const char *passphrase)
{
    char *path = hf_path_join(f->dir, name);
    const char *argv[] = {"ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase,
                          "-C",         name, "-f", path,      NULL};

    free(run_in(f->dir, argv, NULL));
    return path;
}

static void
use_key(const struct fixture *f, const char *key)
{
    const char *argv[] = {"git", "config", "user.signingkey", key, NULL};

    git_do(f->fleet, "config gpg.format ssh");
    free(run_in(f->fleet, argv, NULL));
}

/* The public half, one line, the caller's. */
static char *
public_key(const char *path)
{
    struct hf_err err = HF_ERR_INIT;
    struct hf_buf text = {0};
    char *file = hf_xasprintf("%s.pub", path);

    assert_int_equal(hf_file_read(&text, file, 4096, &err), HF_OK);
    free(file);
    text.data[strcspn(text.data, "\n")] = '\0';
    return hf_buf_take(&text);
}

/* A list of who may sign, with that key; its path, the caller's. */
static char *
write_signers(const struct fixture *f, const char *path, const char *key)
{
    struct hf_err err = HF_ERR_INIT;
    char *half = public_key(key);
    char *text = hf_xasprintf("ann@example.org %s\n", half);
    char *file = hf_path_join(f->dir, path);

    assert_int_equal(hf_file_write(file, text, strlen(text), 0600, &err),
                     HF_OK);
    free(text);
    free(half);
    return file;
}

static void
trust_key(const struct fixture *f, const char *key)
{
    char *file = write_signers(f, "signers", key);
    char *words = hf_xasprintf("config gpg.ssh.allowedSignersFile %s", file);

    git_do(f->fleet, words);
    free(words);
    free(file);
}

static void
record_one(struct fixture *f)
{
    open_ledger(f);
    add(f, new_evidence("web-01", RUN, "verified"));
    close_ledger(f);
}

/* ---- writing ---- */

static void
signs_every_commit_so_that_git_accepts_it(void **state)
{
    struct fixture *f = *state;
    char *key = new_key(f, "key", ""), *half = hf_xasprintf("%s.pub", key);

    use_key(f, half); /* ssh-keygen finds the private half beside it */
    trust_key(f, key);
    record_one(f);
    expect_git(f->fleet, "rev-list --count ledger", "2");
    git_do(f->fleet, "verify-commit ledger ledger~1");
    free(half);
    free(key);
}

static void
leaves_commits_unsigned_without_a_key(void **state)
{
    struct fixture *f = *state;

    record_one(f);
    assert_int_equal(git_status(f->fleet, "verify-commit ledger"), 1);
}

static void
refuses_when_signing_is_demanded_and_there_is_no_key(void **state)
{
    struct fixture *f = *state;

    f->options.sign = 1;
    refuse_ledger(f, HF_EDENIED, "demands signed");
    assert_non_null(strstr(f->err.hint, "user.signingkey"));
    assert_int_equal(git_status(f->fleet, "rev-parse -q --verify ledger"), 1);
}

static void
refuses_a_key_that_is_not_there(void **state)
{
    struct fixture *f = *state;

    use_key(f, "/nowhere/key");
    refuse_ledger(f, HF_EDENIED, "/nowhere/key");
}

static void
refuses_a_locked_key_without_asking_anybody(void **state)
{
    struct fixture *f = *state;
    char *key = new_key(f, "key", "a passphrase");
    int64_t start = hf_mono();

    use_key(f, key);
    refuse_ledger(f, HF_EDENIED, "cannot sign");
    assert_non_null(strstr(f->err.hint, "ssh-add"));
    assert_true(hf_mono() - start < 20000);
    free(key);
}

/* An agent that holds `key`; the caller ends it by its id. */
static pid_t
start_agent(const struct fixture *f, const char *key)
{
    const char *add[] = {"ssh-add", "-q", key, NULL};
    char *socket = hf_path_join(f->dir, "agent");
    int64_t give_up = hf_mono() + 20000;
    pid_t pid = fork();

    if (pid == 0) {
        execlp("ssh-agent", "ssh-agent", "-D", "-a", socket, (char *)NULL);
        _exit(127);
    }
    while (!hf_path_exists(socket) && hf_mono() < give_up)
        usleep(10000);
    setenv("SSH_AUTH_SOCK", socket, 1);
    free(run_in(f->dir, add, NULL));
    free(socket);
    return pid;
}

static void
signs_with_a_key_that_only_the_agent_has(void **state)
{
    struct fixture *f = *state;
    char *key = new_key(f, "key", ""), *half = public_key(key);
    pid_t agent = start_agent(f, key);

    trust_key(f, key);
    assert_int_equal(unlink(key), 0);
    use_key(f, half); /* the key itself, not a file's name */
    record_one(f);
    git_do(f->fleet, "verify-commit ledger");
    assert_int_equal(kill(agent, SIGTERM), 0);
    assert_int_equal(waitpid(agent, NULL, 0), agent);
    unsetenv("SSH_AUTH_SOCK");
    free(half);
    free(key);
}

/* ---- reading ---- */

static int
see_signature(void *ctx, const struct hf_ledger_commit *c)
{
    hf_buf_putc(ctx, c->signature);
    return 0;
}

/* The states of all commits, newest first. */
static void
expect_signatures(struct fixture *f, const char *expected)
{
    struct hf_buf seen = {0};
    struct hf_repo *repo;

    assert_int_equal(hf_repo_open(&repo, f->fleet, &f->err), HF_OK);
    if (hf_ledger_commits(repo, "ledger", 0, 1, see_signature, &seen, &f->err) <
        0)
        fail_msg("%s", f->err.text);
    assert_string_equal(hf_buf_str(&seen), expected);
    hf_buf_release(&seen);
    hf_repo_free(repo);
}

static void
tells_good_unsigned_and_unchecked_apart(void **state)
{
    struct fixture *f = *state;
    char *key = new_key(f, "key", ""), *file;

    record_one(f);
    expect_signatures(f, "NN");
    use_key(f, key);
    record_one(f);
    expect_signatures(f, "ENN"); /* nobody says who may sign */

    file = write_signers(f, "fleet/allowed_signers", key);
    git_do(f->fleet, "add allowed_signers");
    git_do(f->fleet, "commit -q -m signers");
    expect_signatures(f, "GNN");
    free(file);
    free(key);
}

static void
shows_a_signature_of_somebody_else(void **state)
{
    struct fixture *f = *state;
    char *key = new_key(f, "key", ""), *other = new_key(f, "other", "");

    use_key(f, other);
    trust_key(f, key);
    record_one(f);
    expect_signatures(f, "UU"); /* good, by a key that nobody listed */
    free(other);
    free(key);
}

static void
shows_a_commit_that_was_changed(void **state)
{
    struct fixture *f = *state;
    char *key = new_key(f, "key", "");
    char *words;

    use_key(f, key);
    trust_key(f, key);
    record_one(f);
    words = hf_xasprintf("cd '%s' && id=$(git cat-file commit ledger | "
                         "sed 's/verified/refuted!/' | "
                         "git hash-object -t commit -w --stdin) && "
                         "git update-ref refs/heads/ledger $id",
                         f->fleet);
    assert_int_equal(system(words), 0);
    expect_signatures(f, "BG");
    free(words);
    free(key);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(signs_every_commit_so_that_git_accepts_it),
        TEST(leaves_commits_unsigned_without_a_key),
        TEST(refuses_when_signing_is_demanded_and_there_is_no_key),
        TEST(refuses_a_key_that_is_not_there),
        TEST(refuses_a_locked_key_without_asking_anybody),
        TEST(signs_with_a_key_that_only_the_agent_has),
        TEST(tells_good_unsigned_and_unchecked_apart),
        TEST(shows_a_signature_of_somebody_else),
        TEST(shows_a_commit_that_was_changed),
    };

    RUN_TESTS(tests);
}
