/* The ledger and its remote: pushing, others' pushes, a remote that is away,
 * says no, or hangs. */
#include <signal.h>
#include <sys/wait.h>

#include "backend/base/time.h"
#include "tests/unit/inventory/ledger_fixture.h"

/* A bare remote and a clone of it as the fleet. */
static int
set_up_remote(void **state)
{
    struct fixture *f;

    set_up(state);
    f = *state;
    git_do(f->dir, "clone -q --bare fleet remote.git");
    git_do(f->fleet, "remote add origin ../remote.git");
    f->options.remote = "origin";
    return 0;
}

/* Another operator's clone of the remote; close with other_end. */
static struct fixture
other_start(const struct fixture *f, const char *name)
{
    struct fixture other = {.dir = f->dir, .options = f->options};
    char *words = hf_xasprintf("clone -q remote.git %s", name);

    git_do(f->dir, words);
    other.fleet = hf_path_join(f->dir, name);
    git_do(other.fleet, "config user.name Bob");
    git_do(other.fleet, "config user.email bob@example.org");
    other.acks = hf_queue_new(free);
    free(words);
    return other;
}

static void
other_end(struct fixture *other)
{
    hf_queue_free(other->acks);
    free(other->fleet);
}

static char *
remote_of(const struct fixture *f)
{
    return hf_path_join(f->dir, "remote.git");
}

static int
remote_holds(const struct fixture *f, const char *part)
{
    char *remote = remote_of(f);
    char *list = git_out(remote, NULL, "ls-tree -r --name-only ledger");
    int holds = strstr(list, part) != NULL;

    free(list);
    free(remote);
    return holds;
}

/* The next acknowledgement of a push that has all records, or of a failure. */
static struct hf_ledger_ack
wait_push(struct fixture *f)
{
    struct hf_ledger_ack out = {0};

    for (;;) {
        struct hf_ledger_ack *ack = next_ack(f);

        out = *ack;
        free(ack);
        if ((out.pushed == 1 && out.seq >= f->seq) || out.error.code < 0)
            return out;
    }
}

static void
pushes_what_it_committed(void **state)
{
    struct fixture *f = *state;
    struct hf_ledger_ack *first, second;
    char *remote = remote_of(f);

    open_ledger(f);
    assert_int_equal(wait_push(f).pushed, 1); /* the new branch itself */
    add(f, new_evidence("web-01", RUN, "verified"));
    first = next_ack(f);
    assert_int_equal(first->seq, 1);
    assert_int_equal(first->pushed, -1);
    assert_int_equal(first->error.code, HF_OK);
    second = wait_push(f);
    assert_int_equal(second.pushed, 1);
    assert_int_equal(second.seq, 1);
    assert_string_equal(second.commit, first->commit);
    expect_git(remote, "rev-parse ledger", second.commit);
    free(first);
    free(remote);
}

static void
puts_its_commits_onto_those_of_others(void **state)
{
    struct fixture *f = *state, other;
    struct hf_ledger_ack ack;
    char *remote = remote_of(f);

    open_ledger(f);
    add(f, new_evidence("web-01", RUN, "verified"));
    close_ledger(f);
    other = other_start(f, "other");
    open_ledger(&other);
    add(&other, new_evidence("web-02", RUN, "failed"));
    close_ledger(&other);
    assert_true(remote_holds(f, "/web-02/"));

    open_ledger(f);
    add(f, new_evidence("web-03", RUN, "verified"));
    ack = wait_push(f);
    assert_int_equal(ack.error.code, HF_OK);
    for (int i = 1; i <= 3; i++) {
        char part[16];

        snprintf(part, sizeof(part), "/web-%02d/", i);
        assert_true(remote_holds(f, part));
    }
    expect_git(remote, "rev-list --min-parents=2 --count ledger", "0");
    expect_git(remote, "log --format=%an:%s ledger",
               "Ann:apply web-03: verified\n"
               "Bob:apply web-02: failed\n"
               "Ann:apply web-01: verified\n"
               "Ann:begin the ledger");
    expect_git(remote, "rev-parse ledger", ack.commit);
    expect_git(f->fleet, "rev-parse ledger", ack.commit);
    expect_sound(f->fleet);
    expect_sound(remote);
    other_end(&other);
    free(remote);
}

static void
joins_a_ledger_that_was_begun_elsewhere(void **state)
{
    struct fixture *f = *state, other = other_start(f, "other");
    char *remote = remote_of(f);

    open_ledger(&other); /* neither knows of the other's */
    add(&other, new_evidence("web-02", RUN, "verified"));
    close_ledger(&other);
    open_ledger(f);
    add(f, new_evidence("web-01", RUN, "verified"));
    close_ledger(f);
    assert_true(remote_holds(f, "/web-01/"));
    assert_true(remote_holds(f, "/web-02/"));
    expect_git(remote, "rev-list --max-parents=0 --count ledger", "1");
    other_end(&other);
    free(remote);
}

static struct hf_ledger_record *
facts_at(const char *host, const char *at)
{
    struct hf_ledger_record *r = new_facts(host, "6.1");

    free(r->content);
    r->content =
        hf_xasprintf("{\"facts\": {\"kernel\": {\"at\": \"%s\"}}}", at);
    return r;
}

static void
keeps_the_newer_facts_of_a_host(void **state)
{
    struct fixture *f = *state, other;
    char *remote = remote_of(f);
    char *path = hf_ledger_facts_path("web-01");
    char *show = hf_xasprintf("show ledger:%s", path);

    open_ledger(f);
    close_ledger(f);
    other = other_start(f, "other");
    open_ledger(&other);
    add(&other, facts_at("web-01", "2026-11-23T10:00:00Z"));
    close_ledger(&other);

    open_ledger(f);
    add(f, facts_at("web-01", "2026-11-23T09:00:00Z"));
    add(f, facts_at("web-02", "2026-11-23T09:00:00Z"));
    close_ledger(f);
    expect_git(remote, show,
               "{\"facts\": {\"kernel\": {\"at\": \"2026-11-23T10:00:00Z\"}}}");
    assert_true(remote_holds(f, "/web-02/"));
    other_end(&other);
    free(remote);
    free(show);
    free(path);
}

/* ---- a remote that does not take it ---- */

static void
keeps_commits_while_the_remote_is_away(void **state)
{
    struct fixture *f = *state;
    char *remote = remote_of(f), *away = hf_path_join(f->dir, "away");
    struct hf_ledger_ack ack;

    open_ledger(f);
    close_ledger(f);
    assert_int_equal(rename(remote, away), 0);
    open_ledger(f);
    add(f, new_evidence("web-01", RUN, "verified"));
    do
        ack = wait_push(f);
    while (ack.seq < 1);
    assert_int_equal(ack.pushed, -1);
    assert_int_equal(strlen(ack.commit), 40);
    assert_non_null(strstr(ack.error.text, "git push:"));
    close_ledger(f); /* committed: that is enough */

    assert_int_equal(rename(away, remote), 0);
    f->seq = 0;
    open_ledger(f); /* pushes what the last one could not */
    assert_int_equal(wait_push(f).pushed, 1);
    assert_true(remote_holds(f, "/web-01/"));
    free(remote);
    free(away);
}

static void
write_script(const char *path, const char *text)
{
    struct hf_err err = HF_ERR_INIT;

    assert_int_equal(hf_file_write(path, text, strlen(text), 0700, &err),
                     HF_OK);
}

static void
passes_on_why_the_remote_says_no(void **state)
{
    struct fixture *f = *state;
    char *remote = remote_of(f);
    char *hook = hf_path_join(remote, "hooks/pre-receive");
    struct hf_ledger_ack ack;

    write_script(hook, "#!/bin/sh\necho 'no room for \033[31mledgers'\n"
                       "exit 1\n");
    open_ledger(f);
    add(f, new_evidence("web-01", RUN, "verified"));
    ack = wait_push(f);
    assert_int_equal(ack.pushed, -1);
    assert_non_null(strstr(ack.error.text, "no room for"));
    assert_null(strchr(ack.error.text, '\033'));
    assert_int_equal(git_status(remote, "rev-parse -q --verify ledger"), 1);
    close_ledger(f);
    free(hook);
    free(remote);
}

/* Ends what a script started, by the id that it wrote down. */
static void
end_by_file(const char *path)
{
    struct hf_buf text = {0};
    struct hf_err err = HF_ERR_INIT;
    int64_t pid;

    assert_int_equal(hf_file_read(&text, path, 32, &err), HF_OK);
    text.data[strcspn(text.data, "\n")] = '\0';
    assert_int_equal(hf_parse_int(&pid, text.data, 2, INT32_MAX), 0);
    kill((pid_t)pid, SIGKILL);
    hf_buf_release(&text);
}

static void
does_not_wait_for_a_remote_that_hangs(void **state)
{
    struct fixture *f = *state;
    char *ssh = hf_path_join(f->dir, "ssh"), *pid = hf_path_join(f->dir, "pid");
    char *words = hf_xasprintf("config core.sshCommand %s", ssh);
    char *script = hf_xasprintf("#!/bin/sh\n"
                                "echo $$ >'%s.new' && mv '%s.new' '%s'\n"
                                "exec sleep 1000\n",
                                pid, pid, pid);
    int64_t start = hf_mono();

    write_script(ssh, script);
    git_do(f->fleet, words);
    git_do(f->fleet, "remote set-url origin ssh://nowhere.invalid/x");
    open_ledger(f);
    while (!hf_path_exists(pid) && hf_mono() - start < ACK_MS)
        usleep(10000);
    start = hf_mono();
    add(f, new_evidence("web-01", RUN, "verified"));
    free(commit_now(f));
    assert_int_equal(hf_ledger_close(f->ledger, 500, &f->err), HF_OK);
    f->ledger = NULL;
    assert_true(hf_mono() - start < 20000);
    end_by_file(pid);
    free(script);
    free(words);
    free(pid);
    free(ssh);
}

/* ---- both at once ---- */

static void
push_as_another(const struct fixture *f, const char *name, int n)
{
    struct fixture mine = other_start(f, name);
    char host[32];

    open_ledger(&mine);
    for (int i = 0; i < n; i++) {
        snprintf(host, sizeof(host), "%s-%d", name, i);
        add(&mine, new_evidence(host, RUN, "verified"));
        free(commit_now(&mine));
    }
    while (wait_push(&mine).pushed != 1)
        ; /* too late in every round: it tries again */
    close_ledger(&mine);
    _exit(0);
}

static void
loses_nothing_when_two_clones_push(void **state)
{
    static const char *const names[] = {"ann", "bob"};
    struct fixture *f = *state;
    char *remote = remote_of(f), part[32];
    pid_t pids[2];
    int status;

    open_ledger(f);
    close_ledger(f);
    for (int i = 0; i < 2; i++)
        if ((pids[i] = fork()) == 0)
            push_as_another(f, names[i], 10);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_int_equal(status, 0);
    }
    for (int i = 0; i < 2; i++)
        for (int k = 0; k < 10; k++) {
            snprintf(part, sizeof(part), "/%s-%d/", names[i], k);
            if (!remote_holds(f, part))
                fail_msg("%s is lost", part);
        }
    expect_sound(remote);
    free(remote);
}

#define REMOTE_TEST(name) \
    cmocka_unit_test_setup_teardown(name, set_up_remote, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        REMOTE_TEST(pushes_what_it_committed),
        REMOTE_TEST(puts_its_commits_onto_those_of_others),
        REMOTE_TEST(joins_a_ledger_that_was_begun_elsewhere),
        REMOTE_TEST(keeps_the_newer_facts_of_a_host),
        REMOTE_TEST(keeps_commits_while_the_remote_is_away),
        REMOTE_TEST(passes_on_why_the_remote_says_no),
        REMOTE_TEST(does_not_wait_for_a_remote_that_hangs),
        REMOTE_TEST(loses_nothing_when_two_clones_push),
    };

    RUN_TESTS(tests);
}
