/* Reading the ledger: facts, one host's past, runs, and damage. */
#include <time.h>

#include "backend/base/json.h"
#include "backend/base/time.h"
#include "inventory/repo.h"
#include "tests/unit/inventory/ledger_fixture.h"

/* What callbacks saw: "a b c". */
struct seen {
    struct hf_buf text;
    int stop_after; /* 0: never */
    int n;
};

static int
see(struct seen *s, const char *text)
{
    hf_buf_printf(&s->text, "%s%s", s->n ? " " : "", text);
    return ++s->n == s->stop_after;
}

static int
see_facts(void *ctx, const char *host, const char *text, size_t len)
{
    assert_int_equal(strlen(text), len);
    return see(ctx, host);
}

static int
see_doc(void *ctx, const char *run, cJSON *doc)
{
    assert_string_equal(hf_json_str(doc, "run"), run);
    return see(ctx, run);
}

static int
see_run(void *ctx, const char *run, cJSON *doc, cJSON *end)
{
    char *text = hf_xasprintf("%s%s", run, end ? "(ended)" : "");
    int stop;

    assert_non_null(doc);
    stop = see(ctx, text);
    free(text);
    return stop;
}

static struct hf_repo *
open_repo(struct fixture *f)
{
    struct hf_repo *repo;

    if (hf_repo_open(&repo, f->fleet, &f->err) < 0)
        fail_msg("%s", f->err.text);
    return repo;
}

static void
expect_seen(struct seen *s, const char *expected)
{
    assert_string_equal(hf_buf_str(&s->text), expected);
    hf_buf_release(&s->text);
    *s = (struct seen){0};
}

static void
write_history(struct fixture *f)
{
    open_ledger(f);
    add(f, new_evidence("web-01", "20260102T000000Z-000001", "verified"));
    add(f, new_evidence("web-01", "20261102T000000Z-000002", "failed"));
    add(f, new_evidence("web-01", "20261103T000000Z-000003", "verified"));
    add(f, new_evidence("web-02", "20261104T000000Z-000004", "verified"));
    add(f, new_facts("web-01", "6.1"));
    close_ledger(f);
}

/* ---- facts ---- */

static void
gives_the_facts_of_every_host(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {0};
    struct hf_repo *repo;

    write_history(f);
    open_ledger(f);
    add(f, new_facts("\xc3\xa4-01", "6.1"));
    add(f, new_facts("..", "6.1"));
    close_ledger(f);
    repo = open_repo(f);
    assert_int_equal(
        hf_ledger_each_facts(repo, "ledger", NULL, see_facts, &seen, &f->err),
        HF_OK);
    assert_int_equal(seen.n, 3);
    assert_non_null(strstr(seen.text.data, "web-01"));
    assert_non_null(strstr(seen.text.data, "\xc3\xa4-01"));
    assert_non_null(strstr(seen.text.data, ".."));
    hf_buf_release(&seen.text);

    seen = (struct seen){.stop_after = 1};
    assert_int_equal(
        hf_ledger_each_facts(repo, "ledger", NULL, see_facts, &seen, &f->err),
        HF_OK);
    assert_int_equal(seen.n, 1);
    hf_buf_release(&seen.text);
    hf_repo_free(repo);
}

static void
gives_the_facts_that_moved_since_a_commit(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {0};
    struct hf_repo *repo;
    char *since;

    write_history(f);
    open_ledger(f);
    add(f, new_facts("web-02", "6.1"));
    add(f, new_facts("web-03", "6.1"));
    close_ledger(f);
    since = git_out(f->fleet, NULL, "rev-parse ledger");
    since[40] = '\0';
    open_ledger(f);
    add(f, new_facts("web-02", "6.2"));
    add(f, new_evidence("web-03", "20261105T000000Z-000005", "verified"));
    add(f, new_facts("web-04", "6.1"));
    close_ledger(f);
    repo = open_repo(f);
    assert_int_equal(
        hf_ledger_each_facts(repo, "ledger", since, see_facts, &seen, &f->err),
        HF_OK);
    assert_int_equal(seen.n, 2); /* web-03 ran, and stayed as it was */
    assert_non_null(strstr(seen.text.data, "web-02"));
    assert_non_null(strstr(seen.text.data, "web-04"));
    hf_buf_release(&seen.text);
    assert_int_equal(
        hf_ledger_each_facts(repo, "ledger",
                             "0123456789012345678901234567890123456789",
                             see_facts, &seen, &f->err),
        HF_ENOTFOUND);
    hf_repo_free(repo);
    free(since);
}

/* ---- one host ---- */

static void
gives_one_hosts_past_newest_first(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {0};
    struct hf_repo *repo;

    write_history(f);
    repo = open_repo(f);
    assert_int_equal(hf_ledger_host_history(repo, "ledger", "web-01", 0,
                                            see_doc, &seen, &f->err),
                     HF_OK);
    expect_seen(&seen, "20261103T000000Z-000003 20261102T000000Z-000002 "
                       "20260102T000000Z-000001");
    assert_int_equal(hf_ledger_host_history(repo, "ledger", "web-01", 2,
                                            see_doc, &seen, &f->err),
                     HF_OK);
    expect_seen(&seen, "20261103T000000Z-000003 20261102T000000Z-000002");
    seen.stop_after = 1;
    assert_int_equal(hf_ledger_host_history(repo, "ledger", "web-01", 0,
                                            see_doc, &seen, &f->err),
                     HF_OK);
    expect_seen(&seen, "20261103T000000Z-000003");
    assert_int_equal(hf_ledger_host_history(repo, "ledger", "unknown", 0,
                                            see_doc, &seen, &f->err),
                     HF_OK);
    expect_seen(&seen, "");
    hf_repo_free(repo);
}

static void
sees_what_was_written_after_it_was_opened(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {0};
    struct hf_repo *repo = open_repo(f);

    assert_int_equal(hf_ledger_host_history(repo, "ledger", "web-02", 0,
                                            see_doc, &seen, &f->err),
                     HF_ENOTFOUND);
    assert_non_null(strstr(f->err.text, "no ledger"));
    write_history(f);
    assert_int_equal(hf_ledger_host_history(repo, "ledger", "web-02", 0,
                                            see_doc, &seen, &f->err),
                     HF_OK);
    expect_seen(&seen, "20261104T000000Z-000004");
    hf_repo_free(repo);
}

static void
reads_the_ledger_of_the_remote_when_there_is_no_other(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {0};
    struct hf_repo *repo;

    write_history(f);
    git_do(f->dir, "clone -q fleet clone");
    free(f->fleet);
    f->fleet = hf_path_join(f->dir, "clone");
    repo = open_repo(f);
    assert_int_equal(hf_ledger_host_history(repo, "ledger", "web-02", 0,
                                            see_doc, &seen, &f->err),
                     HF_OK);
    expect_seen(&seen, "20261104T000000Z-000004");
    hf_repo_free(repo);
}

/* How long it takes among many runs is printed, not judged. */
static void
finds_one_host_among_many_runs(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {0};
    struct hf_repo *repo;
    struct timespec before, after;
    char run[40], host[16];

    open_ledger(f);
    for (int i = 0; i < 3000; i++) {
        snprintf(run, sizeof(run), "202611%02dT%06dZ-%06x", 1 + i / 150, i, i);
        snprintf(host, sizeof(host), "web-%02d", i % 100);
        add(f, new_evidence(host, run, "verified"));
        add(f, new_run_file(run, "run.json", "{}"));
    }
    close_ledger(f);
    repo = open_repo(f);
    clock_gettime(CLOCK_MONOTONIC, &before);
    assert_int_equal(hf_ledger_host_history(repo, "ledger", "web-42", 0,
                                            see_doc, &seen, &f->err),
                     HF_OK);
    clock_gettime(CLOCK_MONOTONIC, &after);
    assert_int_equal(seen.n, 30);
    print_message("one host among 3000 runs: %.2f ms\n",
                  (double)(after.tv_sec - before.tv_sec) * 1e3 +
                      (double)(after.tv_nsec - before.tv_nsec) / 1e6);
    hf_buf_release(&seen.text);
    hf_repo_free(repo);
}

/* ---- runs and commits ---- */

static void
gives_runs_newest_first_and_whether_they_ended(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {0};
    struct hf_repo *repo;

    open_ledger(f);
    add(f, new_run_file("20261102T000000Z-000001", "run.json", "{}"));
    add(f, new_run_file("20261102T000000Z-000001", "end.json", "{}"));
    add(f, new_run_file("20261203T000000Z-000002", "run.json", "{}"));
    close_ledger(f);
    repo = open_repo(f);
    assert_int_equal(hf_ledger_runs(repo, "ledger", 0, see_run, &seen, &f->err),
                     HF_OK);
    expect_seen(&seen,
                "20261203T000000Z-000002 20261102T000000Z-000001(ended)");
    assert_int_equal(hf_ledger_runs(repo, "ledger", 1, see_run, &seen, &f->err),
                     HF_OK);
    expect_seen(&seen, "20261203T000000Z-000002");
    hf_repo_free(repo);
}

static int
see_commit(void *ctx, const struct hf_ledger_commit *c)
{
    assert_int_equal(strlen(c->id), 40);
    assert_true(c->at > 0);
    assert_string_equal(c->author, "Ann <ann@example.org>");
    assert_int_equal(c->signature, '\0');
    if (c->run) {
        assert_string_equal(c->run, RUN);
        assert_string_equal(c->action, "apply");
        assert_string_equal(c->change, "CHG001");
        assert_non_null(c->operator_);
    }
    return see(ctx, c->subject);
}

static void
gives_commits_newest_first_with_their_trailers(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {0};
    struct hf_repo *repo;

    open_ledger(f);
    add(f, new_evidence("web-01", RUN, "verified"));
    close_ledger(f);
    repo = open_repo(f);
    assert_int_equal(
        hf_ledger_commits(repo, "ledger", 0, 0, see_commit, &seen, &f->err),
        HF_OK);
    expect_seen(&seen, "apply web-01: verified begin the ledger");
    assert_int_equal(
        hf_ledger_commits(repo, "ledger", 1, 0, see_commit, &seen, &f->err),
        HF_OK);
    expect_seen(&seen, "apply web-01: verified");
    hf_repo_free(repo);
}

static int
see_subject(void *ctx, const struct hf_ledger_commit *c)
{
    return see(ctx, c->subject);
}

static void
gives_commits_of_one_second_behind_their_children(void **state)
{
    struct fixture *f = *state;
    struct seen seen = {.stop_after = 9};
    struct hf_repo *repo;
    char words[64];

    assert_int_equal(setenv("GIT_COMMITTER_DATE", "1795400000 +0000", 1), 0);
    for (int i = 1; i <= 9; i++) {
        snprintf(words, sizeof(words), "commit -q --allow-empty -m c%d", i);
        git_do(f->fleet, words);
    }
    unsetenv("GIT_COMMITTER_DATE");
    repo = open_repo(f);
    assert_int_equal(
        hf_ledger_commits(repo, "main", 0, 0, see_subject, &seen, &f->err),
        HF_OK);
    expect_seen(&seen, "c9 c8 c7 c6 c5 c4 c3 c2 c1");
    hf_repo_free(repo);
}

/* ---- damage ---- */

static void
names_a_record_that_is_no_json(void **state)
{
    struct fixture *f = *state;
    struct hf_ledger_record *r = new_evidence("web-01", RUN, "verified");
    struct seen seen = {0};
    struct hf_repo *repo;

    free(r->content);
    r->content = hf_xstrdup("{\"a\": 1, \"a\": 2}");
    open_ledger(f);
    add(f, r);
    close_ledger(f);
    repo = open_repo(f);
    assert_int_equal(hf_ledger_host_history(repo, "ledger", "web-01", 0,
                                            see_doc, &seen, &f->err),
                     HF_EINVALID);
    assert_non_null(strstr(f->err.text, RUN ".json"));
    hf_repo_free(repo);
}

static void
names_what_it_cannot_read(void **state)
{
    struct fixture *f = *state;
    char *path = hf_ledger_facts_path("web-01");
    char *words = hf_xasprintf("rev-parse ledger:%s", path), *id, *object;
    struct seen seen = {0};
    struct hf_repo *repo;

    write_history(f);
    /* as loose objects, so that one can be taken away */
    git_do(f->fleet, "config gc.auto 0");
    assert_int_equal(system(NULL) != 0, 1);
    id = git_out(f->fleet, NULL, words);
    free(words);
    words = hf_xasprintf("cd '%s/.git' && mkdir aside && "
                         "mv objects/pack/* aside && for p in aside/*.pack; do "
                         "git unpack-objects -q < \"$p\"; done",
                         f->fleet);
    assert_int_equal(system(words), 0);
    object = hf_xasprintf("%s/.git/objects/%.2s/%s", f->fleet, id, id + 2);
    assert_int_equal(unlink(object), 0);
    repo = open_repo(f);
    assert_int_equal(
        hf_ledger_each_facts(repo, "ledger", NULL, see_facts, &seen, &f->err),
        HF_EIO);
    assert_non_null(strstr(f->err.text, "/web-01"));
    hf_repo_free(repo);
    free(object);
    free(words);
    free(path);
    free(id);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(gives_the_facts_of_every_host),
        TEST(gives_the_facts_that_moved_since_a_commit),
        TEST(gives_one_hosts_past_newest_first),
        TEST(sees_what_was_written_after_it_was_opened),
        TEST(reads_the_ledger_of_the_remote_when_there_is_no_other),
        TEST(finds_one_host_among_many_runs),
        TEST(gives_runs_newest_first_and_whether_they_ended),
        TEST(gives_commits_newest_first_with_their_trailers),
        TEST(gives_commits_of_one_second_behind_their_children),
        TEST(names_a_record_that_is_no_json),
        TEST(names_what_it_cannot_read),
    };

    RUN_TESTS(tests);
}
