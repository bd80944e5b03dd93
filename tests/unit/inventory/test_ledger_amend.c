/* One shared file of the ledger, changed by compare and swap: here, and
 * between clones that share a remote. */
#include <glob.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "inventory/ledger_amend.h"
#include "tests/unit/inventory/ledger_fixture.h"

#define PATH "restarts.json"
#define MS 60000

/* A counter; at `most` it stays as it is. */
struct counter {
    int most, got;
};

static int
count_up(void *ctx, const char *text, size_t len, struct hf_buf *out,
         struct hf_err *err)
{
    struct counter *c = ctx;
    int n = len ? atoi(text) : 0;

    (void)err;
    c->got = n < c->most;
    if (c->got)
        hf_buf_printf(out, "%d\n", n + 1);
    return HF_OK;
}

static int
amend(const char *dir, const struct hf_ledger_options *o, struct counter *c,
      struct hf_err *err)
{
    const struct hf_amendment a = {PATH, count_up, c, "one more\n"};

    return hf_ledger_amend(dir, o, &a, MS, err);
}

static void
more(struct fixture *f, int want)
{
    struct counter c = {.most = 100};
    char text[16];

    if (amend(f->fleet, &f->options, &c, &f->err) < 0)
        fail_msg("%s", f->err.text);
    snprintf(text, sizeof(text), "%d", want);
    expect_git(f->fleet, "show ledger:" PATH, text);
}

static void
changes_the_file_that_is_there(void **state)
{
    more(*state, 1);
    more(*state, 2);
}

static void
what_is_to_stay_makes_no_commit(void **state)
{
    struct fixture *f = *state;
    struct counter c = {.most = 0};

    assert_int_equal(amend(f->fleet, &f->options, &c, &f->err), HF_OK);
    assert_false(c.got);
    expect_git(f->fleet, "rev-list --count ledger", "1"); /* its beginning */
}

#define THREADS 4
#define TIMES 5
#define ROOM 12

struct racer {
    struct fixture *f;
    int got;
    pthread_t thread;
};

static void *
race(void *arg)
{
    struct racer *r = arg;

    for (int i = 0; i < TIMES; i++) {
        struct hf_err err = HF_ERR_INIT;
        struct counter c = {.most = ROOM};

        if (amend(r->f->fleet, &r->f->options, &c, &err) == HF_OK)
            r->got += c.got;
    }
    return NULL;
}

static void
of_many_at_once_each_counts_and_none_too_many(void **state)
{
    struct fixture *f = *state;
    struct racer racers[THREADS];
    int got = 0;

    more(f, 1);
    for (int i = 0; i < THREADS; i++) {
        racers[i] = (struct racer){.f = f};
        assert_int_equal(
            pthread_create(&racers[i].thread, NULL, race, &racers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(racers[i].thread, NULL);
        got += racers[i].got;
    }
    assert_int_equal(got, ROOM - 1);
    expect_git(f->fleet, "show ledger:" PATH, "12");
}

/* ---- with a remote ---- */

static void
use_remote(struct fixture *f)
{
    git_do(f->dir, "clone -q --bare fleet remote.git");
    git_do(f->fleet, "remote add origin ../remote.git");
    f->options.remote = "origin";
}

static struct fixture
clone_of(struct fixture *f)
{
    struct fixture other = {.dir = f->dir, .options = f->options};

    git_do(f->dir, "clone -q remote.git other");
    other.fleet = hf_path_join(f->dir, "other");
    git_do(other.fleet, "config user.name Bob");
    git_do(other.fleet, "config user.email bob@example.org");
    return other;
}

/* What keeps a new pack from others' cleaning goes when the branch has it. */
static void
expect_no_keep(const char *fleet)
{
    char *pattern = hf_xasprintf("%s/.git/objects/pack/*.keep", fleet);
    glob_t found;

    assert_int_equal(glob(pattern, 0, NULL, &found), GLOB_NOMATCH);
    globfree(&found);
    free(pattern);
}

static void
clones_count_together(void **state)
{
    struct fixture *f = *state, other;
    char *remote = hf_path_join(f->dir, "remote.git");

    use_remote(f);
    more(f, 1);
    other = clone_of(f);
    more(&other, 2);
    more(f, 3); /* by what it had, it would be 2 */
    more(f, 4);
    more(&other, 5);
    expect_git(remote, "show ledger:" PATH, "5");
    expect_git(remote, "rev-list --count ledger", "6");
    expect_no_keep(f->fleet);
    expect_no_keep(other.fleet);
    free(other.fleet);
    free(remote);
}

static void
a_no_is_never_said_by_what_is_old(void **state)
{
    struct fixture *f = *state, other;
    const struct hf_amendment reset = {PATH, count_up,
                                       &(struct counter){100, 0}, "one more\n"};
    struct counter c = {.most = 1};

    use_remote(f);
    more(f, 1);
    other = clone_of(f);
    more(&other, 2);
    /* here it still reads 1, which is no room for this counter ... */
    assert_int_equal(amend(f->fleet, &f->options, &c, &f->err), HF_OK);
    assert_false(c.got);
    /* ... and it was asked again with what the other one wrote */
    expect_git(f->fleet, "show ledger:" PATH, "2");
    assert_int_equal(
        hf_ledger_amend(f->fleet, &f->options, &reset, MS, &f->err), HF_OK);
    expect_git(f->fleet, "show ledger:" PATH, "3");
    free(other.fleet);
}

/* Between reading and writing another clone pushes, and another thread of ours
 * takes that over: the branch here is not behind any more, the draft is. */
struct overtaken {
    struct counter c;
    struct fixture *f, *other;
};

static int
count_up_late(void *ctx, const char *text, size_t len, struct hf_buf *out,
              struct hf_err *err)
{
    struct overtaken *o = ctx;
    struct counter looks = {.most = 0};

    if (o->other) {
        more(o->other, 2);
        o->other = NULL;
        assert_int_equal(amend(o->f->fleet, &o->f->options, &looks, err),
                         HF_OK);
    }
    return count_up(&o->c, text, len, out, err);
}

static void
is_made_anew_when_another_thread_took_over_what_was_pushed(void **state)
{
    struct fixture *f = *state, other;
    struct overtaken o = {.c = {.most = 100}, .f = f, .other = &other};
    const struct hf_amendment a = {PATH, count_up_late, &o, "one more\n"};

    use_remote(f);
    more(f, 1);
    other = clone_of(f);
    if (hf_ledger_amend(f->fleet, &f->options, &a, MS, &f->err) < 0)
        fail_msg("%s", f->err.text);
    expect_git(f->fleet, "show ledger:" PATH, "3");
    free(other.fleet);
}

/* A record that is committed here and was not pushed yet. */
static void
add_unpushed(struct fixture *f)
{
    f->options.remote = NULL;
    open_ledger(f);
    add(f, new_evidence("web-01", RUN, "verified"));
    close_ledger(f);
    f->options.remote = "origin";
}

static void
records_that_wait_are_not_lost(void **state)
{
    struct fixture *f = *state, other;
    char *files;

    use_remote(f);
    more(f, 1);
    other = clone_of(f);
    add_unpushed(f);
    more(&other, 2);
    more(f, 3);
    files = git_out(f->fleet, NULL, "ls-tree -r --name-only ledger");
    assert_non_null(strstr(files, "/web-01/"));
    free(files);
    free(other.fleet);
}

static void
write_script(const char *dir, const char *name, const char *text)
{
    char *path = hf_path_join(dir, name);
    struct hf_err err = HF_ERR_INIT;

    if (hf_file_write(path, text, strlen(text), 0755, &err) < 0)
        fail_msg("%s", err.text);
    free(path);
}

/* The branch's own pusher brings the record while the draft on top of it is
 * being pushed: the remote refuses the draft, and has nothing that it lacks. */
static void
is_pushed_again_when_our_own_pusher_was_quicker(void **state)
{
    struct fixture *f = *state;
    char *remote = hf_path_join(f->dir, "remote.git");

    use_remote(f);
    more(f, 1);
    add_unpushed(f);
    write_script(remote, "hooks/update",
                 "#!/bin/sh\n[ ! -e quicker ] || exit 0\n"
                 ": >quicker\nexec git update-ref \"$1\" \"$3^\"\n");
    more(f, 2);
    expect_git(remote, "show ledger:" PATH, "2");
    expect_git(remote, "rev-list --count ledger", "4");
    free(remote);
}

/* What was to be fetched is there, and git says no: it came by another fetch
 * while this one was at it. */
static void
is_fetched_again_when_another_thread_was_quicker(void **state)
{
    struct fixture *f = *state, other;
    char *path = hf_xstrdup(getenv("PATH"));
    char *quicker = hf_xasprintf("%s:%s", f->dir, path);

    use_remote(f);
    more(f, 1);
    other = clone_of(f);
    more(&other, 2);
    write_script(
        f->dir, "git",
        "#!/bin/sh\nPATH=${PATH#*:}\ncase \" $* \" in *' fetch '*)\n"
        "[ -e \"$0.once\" ] || { : >\"$0.once\"; git \"$@\"; exit 1; }\n"
        "esac\nexec git \"$@\"\n");
    setenv("PATH", quicker, 1);
    more(f, 3);
    setenv("PATH", path, 1);
    free(other.fleet);
    free(quicker);
    free(path);
}

static void
a_remote_out_of_reach_is_no_yes(void **state)
{
    struct fixture *f = *state;
    struct counter c = {.most = 100};

    use_remote(f);
    more(f, 1);
    git_do(f->fleet, "remote set-url origin ../gone.git");
    assert_true(amend(f->fleet, &f->options, &c, &f->err) < 0);
    assert_true(f->err.text[0] != '\0');
    expect_git(f->fleet, "show ledger:" PATH, "1");
}

static void
what_was_alone_is_not_put_over_what_is_shared(void **state)
{
    struct fixture *f = *state, other;
    struct hf_ledger_options alone = f->options;

    use_remote(f);
    more(f, 1);
    other = clone_of(f);
    more(&other, 2);
    more(&other, 3);
    f->options = alone; /* somebody took the remote out of the settings */
    more(f, 2);
    f->options.remote = "origin";
    more(f, 4);
    free(other.fleet);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(changes_the_file_that_is_there),
        TEST(what_is_to_stay_makes_no_commit),
        TEST(of_many_at_once_each_counts_and_none_too_many),
        TEST(clones_count_together),
        TEST(a_no_is_never_said_by_what_is_old),
        TEST(is_made_anew_when_another_thread_took_over_what_was_pushed),
        TEST(records_that_wait_are_not_lost),
        TEST(is_pushed_again_when_our_own_pusher_was_quicker),
        TEST(is_fetched_again_when_another_thread_was_quicker),
        TEST(a_remote_out_of_reach_is_no_yes),
        TEST(what_was_alone_is_not_put_over_what_is_shared),
    };

    RUN_TESTS(tests);
}
