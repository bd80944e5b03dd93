/* What each commit of the ledger brought about hosts: all of it at once, by
 * several threads, is what it was commit by commit. */
#include "inventory/ledger_past.h"

#include "tests/unit/inventory/ledger_fixture.h"

#define COMMITS 30
#define HOSTS 40 /* more documents than one thread takes at a time */

/* Documents, a line each: "<commit> <its time> <host> <run> <text>". */
struct past {
    struct hf_strs lines;
};

static void *
make_line(const struct hf_ledger_change *c)
{
    assert_int_equal(strlen(c->text), c->len);
    return hf_xasprintf("%s %lld %s %s %s", c->commit, (long long)c->at,
                        c->host, c->run ? c->run : "-", c->text);
}

static void
take_line(void *ctx, const void *made)
{
    hf_strs_add(&((struct past *)ctx)->lines, made);
}

static int
read_past(struct fixture *f, struct past *p, const char *since,
          const char *until)
{
    const struct hf_ledger_reading how = {
        .make = make_line, .take = take_line, .drop = free, .ctx = p};
    struct hf_repo *repo;
    int rc;

    assert_int_equal(hf_repo_open(&repo, f->fleet, &f->err), 0);
    rc = hf_ledger_each_change(repo, since, until, &how, &f->err);
    hf_repo_free(repo);
    return rc;
}

static void
name_host(char out[32], int i)
{
    snprintf(out, 32, i % 7 ? "web-%02d" : ".odd name %02d", i);
}

/* ---- a ledger, written by git ---- */

static void
write_file(FILE *to, char *path, const char *text)
{
    fprintf(to, "M 100644 inline \"%s\"\ndata %zu\n%s\n", path, strlen(text),
            text);
    free(path);
}

static char *
run_of(int commit)
{
    return hf_xasprintf("2026%02d01T000000Z-%06d", 1 + commit / 10, commit);
}

static void
write_commit(FILE *to, int commit)
{
    char *run = run_of(commit);

    fprintf(to,
            "commit refs/heads/ledger\ncommitter a <a@example.org> %d +0000\n"
            "data 1\nx\n",
            1790000000 + commit);
    for (int i = 0; i < HOSTS; i++) {
        char host[32], text[64];

        name_host(host, i);
        snprintf(text, sizeof(text), "%d of %d", commit, i);
        if ((commit + i) % 3 == 0)
            write_file(to, hf_ledger_facts_path(host), text);
        if ((commit + i) % 2 == 0)
            write_file(to, hf_ledger_evidence_path(host, run), text);
    }
    write_file(to, hf_ledger_run_path(run, "run.json"), "{}");
    fprintf(to, "M 100644 inline hosts/README\ndata 1\n%d\n", commit % 10);
    if (commit == COMMITS / 2) { /* once taken away, it is told all the same */
        char *path = hf_ledger_facts_path("web-01");

        fprintf(to, "D %s\n", path);
        free(path);
    }
    free(run);
}

static void
write_ledger(struct fixture *f)
{
    char *command = hf_xasprintf("git -C '%s' fast-import --quiet", f->fleet);
    FILE *to = popen(command, "w");

    assert_non_null(to);
    for (int i = 0; i < COMMITS; i++)
        write_commit(to, i);
    assert_int_equal(pclose(to), 0);
    free(command);
}

/* The commits, oldest first. */
static struct hf_strs
commits_of(struct fixture *f)
{
    char *all = git_out(f->fleet, NULL, "log --reverse --format=%H ledger");
    char *rest = all, *line;
    struct hf_strs out = {0};

    while ((line = strsep(&rest, "\n")))
        hf_strs_add(&out, line);
    free(all);
    assert_int_equal(out.len, COMMITS);
    return out;
}

/* What write_commit() wrote about hosts. */
static void
expect_commit(struct past *p, const char *id, int commit)
{
    char *run = run_of(commit);
    long long at = (1790000000LL + commit) * 1000;

    for (int i = 0; i < HOSTS; i++) {
        char host[32];

        name_host(host, i);
        if ((commit + i) % 3 == 0 && !(commit == COMMITS / 2 && i == 1))
            hf_strs_addf(&p->lines, "%s %lld %s - %d of %d", id, at, host,
                         commit, i);
        if ((commit + i) % 2 == 0)
            hf_strs_addf(&p->lines, "%s %lld %s %s %d of %d", id, at, host, run,
                         commit, i);
    }
    free(run);
}

static void
assert_same(const struct past *a, const struct past *b)
{
    assert_int_equal(a->lines.len, b->lines.len);
    for (size_t i = 0; i < a->lines.len; i++)
        assert_string_equal(a->lines.v[i], b->lines.v[i]);
}

/* ---- the tests ---- */

static void
tells_every_document_of_every_commit(void **state)
{
    struct fixture *f = *state;
    struct past told = {0}, expected = {0};
    struct hf_strs commits;

    write_ledger(f);
    commits = commits_of(f);
    for (int i = 0; i < COMMITS; i++)
        expect_commit(&expected, commits.v[i], i);
    assert_int_equal(read_past(f, &told, NULL, commits.v[COMMITS - 1]), HF_OK);
    hf_strs_sort(&told.lines);
    hf_strs_sort(&expected.lines);
    assert_same(&told, &expected);
    hf_strs_release(&told.lines);
    hf_strs_release(&expected.lines);
    hf_strs_release(&commits);
}

static void
all_at_once_is_commit_by_commit(void **state)
{
    struct fixture *f = *state;
    struct past once = {0}, again = {0}, steps = {0};
    const char *since = NULL;
    struct hf_strs commits;

    write_ledger(f);
    commits = commits_of(f);
    assert_int_equal(read_past(f, &once, NULL, commits.v[COMMITS - 1]), HF_OK);
    assert_int_equal(read_past(f, &again, NULL, commits.v[COMMITS - 1]), HF_OK);
    for (int i = 0; i < COMMITS; i++) {
        assert_int_equal(read_past(f, &steps, since, commits.v[i]), HF_OK);
        since = commits.v[i];
    }
    assert_same(&once, &again);
    assert_same(&once, &steps);
    assert_int_equal(read_past(f, &steps, since, since), HF_OK);
    assert_same(&once, &steps);
    hf_strs_release(&once.lines);
    hf_strs_release(&again.lines);
    hf_strs_release(&steps.lines);
    hf_strs_release(&commits);
}

static void
a_commit_that_is_gone_is_not_found(void **state)
{
    static const char gone[] = "0123456789012345678901234567890123456789";
    struct fixture *f = *state;
    struct past told = {0};
    struct hf_strs commits;

    write_ledger(f);
    commits = commits_of(f);
    assert_int_equal(read_past(f, &told, gone, commits.v[0]), HF_ENOTFOUND);
    assert_int_equal(read_past(f, &told, commits.v[5], commits.v[0]),
                     HF_ENOTFOUND);
    assert_int_equal(told.lines.len, 0);
    hf_strs_release(&commits);
}

static void
a_document_that_is_missing_is_damage(void **state)
{
    struct fixture *f = *state;
    struct past told = {0};
    char *object, *id, *words;

    open_ledger(f);
    add(f, new_facts("web-01", "6.1"));
    add(f, new_evidence("web-02", RUN, "verified"));
    close_ledger(f);
    words = hf_xasprintf("cd '%s/.git' && mkdir aside && "
                         "mv objects/pack/* aside && for p in aside/*.pack; do "
                         "git unpack-objects -q < \"$p\"; done",
                         f->fleet);
    assert_int_equal(system(words), 0);
    free(words);
    object = hf_ledger_facts_path("web-01");
    words = hf_xasprintf("rev-parse ledger:%s", object);
    id = git_out(f->fleet, NULL, words);
    free(object);
    object = hf_xasprintf("%s/.git/objects/%.2s/%s", f->fleet, id, id + 2);
    assert_int_equal(unlink(object), 0);
    free(id);
    id = git_out(f->fleet, NULL, "rev-parse ledger");
    assert_int_equal(read_past(f, &told, NULL, id), HF_EIO);
    assert_non_null(strstr(f->err.text, "web-01"));
    hf_strs_release(&told.lines);
    free(words);
    free(object);
    free(id);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tells_every_document_of_every_commit),
        TEST(all_at_once_is_commit_by_commit),
        TEST(a_commit_that_is_gone_is_not_found),
        TEST(a_document_that_is_missing_is_damage),
    };

    RUN_TESTS(tests);
}
