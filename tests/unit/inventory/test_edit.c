/* Edits: the commit, the work tree that follows, and every refusal. */
#include "bed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backend/base/mem.h"
#include "inventory/edit.h"

#define WEB "hosts/web-01.json"

/* An edit of WEB as it is committed now. */
static int
edit_web(struct bed *b, const char *text, char commit[41])
{
    struct hf_edit e = {0};
    struct hf_repo *repo = b->repo ? b->repo : bed_open(b);
    char base[41];
    int rc;

    assert_int_equal(hf_repo_blob(repo, NULL, WEB, base, &b->err), HF_OK);
    hf_edit_write(&e, WEB, base, text, strlen(text));
    hf_edit_say(&e, "hold web-01");
    hf_edit_say(&e, "%s", "");
    hf_edit_say(&e, "reason\x1b[2J");
    rc = hf_edit_commit(repo, &e, commit, &b->err);
    hf_edit_release(&e);
    return rc;
}

static void
commits_and_takes_the_work_tree_along(void **state)
{
    struct bed *b = *state;
    char commit[41];

    assert_int_equal(edit_web(b, "new\n", commit), HF_OK);
    assert_string_equal(bed_git(b, "rev-parse", "main", NULL), commit);
    assert_string_equal(bed_git(b, "status", "--porcelain", NULL), "");
    assert_string_equal(bed_git(b, "diff-files", NULL), "");
    assert_string_equal(bed_read(b, WEB), "new\n");
    assert_string_equal(bed_git(b, "log", "-1", "--format=%an <%ae>|%B", NULL),
                        "Ada Admin <ada@example.org>|hold web-01\n\n"
                        "reason\\x1b[2J\n");
    assert_string_equal(bed_git(b, "reflog", "-1", "--format=%gs", NULL),
                        "commit: hold web-01");
    assert_string_equal(bed_git(b, "fsck", "--strict", "--no-dangling", NULL),
                        "");
}

static void
outlives_the_admins_next_commit(void **state)
{
    struct bed *b = *state;
    char commit[41];

    bed_write(b, "hosts/web-02.json", "{}");
    bed_git(b, "add", "hosts/web-02.json", NULL); /* staged before */
    assert_int_equal(edit_web(b, "new\n", commit), HF_OK);
    bed_git(b, "commit", "-q", "-am", "admin", NULL);
    assert_string_equal(bed_git(b, "show", "HEAD:" WEB, NULL), "new");
    assert_string_equal(bed_git(b, "diff", "--stat", "HEAD~1", NULL),
                        " hosts/web-02.json | 1 +\n"
                        " 1 file changed, 1 insertion(+)");
}

static void
leaves_other_uncommitted_work_alone(void **state)
{
    struct bed *b = *state;
    char commit[41];

    bed_write(b, "hotfleet.json", "half done");
    bed_write(b, "README.md", "new");
    assert_int_equal(edit_web(b, "new\n", commit), HF_OK);
    assert_string_equal(bed_git(b, "status", "--porcelain", NULL),
                        " M hotfleet.json\n?? README.md");
}

static void
adds_and_deletes_files_in_folders(void **state)
{
    struct bed *b = *state;
    struct hf_edit e = {0};
    char commit[41], base[41];

    bed_open(b);
    hf_edit_write(&e, "hosts/a/b/c.json", NULL, "{}", 2);
    hf_edit_say(&e, "add");
    assert_int_equal(hf_edit_commit(b->repo, &e, commit, &b->err), HF_OK);
    hf_edit_release(&e);
    assert_string_equal(bed_read(b, "hosts/a/b/c.json"), "{}");
    assert_string_equal(bed_git(b, "status", "--porcelain", NULL), "");

    hf_repo_blob(b->repo, NULL, "hosts/a/b/c.json", base, &b->err);
    hf_edit_delete(&e, "hosts/a/b/c.json", base);
    hf_edit_say(&e, "delete");
    assert_int_equal(hf_edit_commit(b->repo, &e, commit, &b->err), HF_OK);
    hf_edit_release(&e);
    assert_int_equal(bed_sh(b, "test ! -e hosts/a && test -e hosts"), 0);
    assert_string_equal(bed_git(b, "status", "--porcelain", NULL), "");
    assert_string_equal(bed_git(b, "ls-files", NULL), WEB "\nhotfleet.json");
}

static void
packs_many_files_into_one_pack(void **state)
{
    struct bed *b = *state;
    struct hf_edit e = {0};
    char commit[41], path[64];

    bed_git(b, "repack", "-adq", NULL);
    bed_open(b);
    for (int i = 0; i < 300; i++) {
        snprintf(path, sizeof(path), "hosts/%d/h.json", i);
        hf_edit_write(&e, path, NULL, path, strlen(path));
    }
    hf_edit_say(&e, "import 300 hosts");
    assert_int_equal(hf_edit_commit(b->repo, &e, commit, &b->err), HF_OK);
    hf_edit_release(&e);
    assert_string_equal(bed_git(b, "status", "--porcelain", NULL), "");
    assert_int_equal(bed_sh(b, "git count-objects -v | grep -q '^count: 0$'"),
                     0);
    assert_int_equal(bed_sh(b, "git count-objects -v | grep -q '^packs: 2$'"),
                     0);
    assert_string_equal(bed_git(b, "fsck", "--strict", "--no-dangling", NULL),
                        "");
}

static void
keeps_mode_and_line_ends(void **state)
{
    struct bed *b = *state;
    char commit[41];

    bed_write(b, ".gitattributes", "*.json text eol=crlf\n");
    assert_int_equal(bed_sh(b, "chmod +x " WEB), 0);
    bed_commit(b, "odd");
    assert_int_equal(bed_sh(b, "rm " WEB " && git checkout -q ."), 0);
    assert_int_equal(edit_web(b, "one\ntwo\n", commit), HF_OK);
    assert_string_equal(bed_read(b, WEB), "one\r\ntwo\r\n");
    assert_string_equal(bed_git(b, "status", "--porcelain", NULL), "");
    assert_int_equal(bed_sh(b, "test -x " WEB), 0);
}

static void
works_in_a_bare_repository(void **state)
{
    struct bed *b = *state;
    char commit[41];

    assert_int_equal(bed_sh(b, "git clone -q --bare . ../bare.git"), 0);
    snprintf(b->dir, sizeof(b->dir), "%s/bare.git", b->root);
    assert_int_equal(edit_web(b, "new\n", commit), HF_OK);
    assert_string_equal(bed_git(b, "show", "main:" WEB, NULL), "new");
}

/* ---- refusals ---- */

static void
assert_refused(struct bed *b, int code, const char *text)
{
    char commit[41], tip[41];

    snprintf(tip, sizeof(tip), "%s", bed_git(b, "rev-parse", "HEAD", NULL));
    assert_int_equal(edit_web(b, "new\n", commit), code);
    assert_non_null(strstr(b->err.text, text));
    assert_int_not_equal(b->err.hint[0], '\0');
    assert_string_equal(commit, "");
    assert_string_equal(bed_git(b, "rev-parse", "HEAD", NULL), tip);
    assert_int_equal(bed_sh(b, "! find . -name '.hotfleet-*' -o "
                               "-name 'index.hotfleet-*' | grep ."),
                     0);
}

static void
refuses_a_changed_work_tree_file(void **state)
{
    struct bed *b = *state;

    bed_write(b, WEB, "by hand");
    assert_refused(b, HF_EDIRTY,
                   "'" WEB "' has changes that are not committed");
    assert_string_equal(bed_read(b, WEB), "by hand");
    assert_int_equal(bed_sh(b, "test ! -e .git/index.lock"), 0);
}

static void
refuses_a_staged_change(void **state)
{
    struct bed *b = *state;

    bed_write(b, WEB, "by hand");
    bed_git(b, "add", "-A", NULL);
    assert_refused(b, HF_EDIRTY, "has changes in the index");
}

static void
refuses_a_deleted_and_an_untracked_file(void **state)
{
    struct bed *b = *state;
    struct hf_edit e = {0};
    char commit[41];

    assert_int_equal(bed_sh(b, "rm " WEB), 0);
    assert_refused(b, HF_EDIRTY, "was deleted in the work tree");

    bed_write(b, "hosts/new.json", "mine");
    hf_edit_write(&e, "hosts/new.json", NULL, "{}", 2);
    assert_int_equal(hf_edit_commit(b->repo, &e, commit, &b->err), HF_EDIRTY);
    assert_string_equal(b->err.text, "'hosts/new.json' is in the work tree, "
                                     "but not committed");
    assert_string_equal(bed_read(b, "hosts/new.json"), "mine");
    hf_edit_release(&e);
}

static void
never_writes_through_a_link(void **state)
{
    struct bed *b = *state;
    struct hf_edit e = {0};
    char commit[41];

    bed_open(b);
    assert_int_equal(bed_sh(b, "mkdir ../out && ln -s ../out trap"), 0);
    hf_edit_write(&e, "trap/x.json", NULL, "{}", 2);
    hf_edit_say(&e, "x");
    assert_int_not_equal(hf_edit_commit(b->repo, &e, commit, &b->err), HF_OK);
    assert_int_equal(bed_sh(b, "test -z \"$(ls ../out)\""), 0);
    hf_edit_release(&e);
}

static void
refuses_a_detached_head_and_the_ledger(void **state)
{
    struct bed *b = *state;

    bed_git(b, "checkout", "-q", "--detach", NULL);
    assert_refused(b, HF_EINVALID, "is detached");
    bed_git(b, "checkout", "-q", "--orphan", "ledger", NULL);
    bed_git(b, "rm", "-q", "--cached", "hotfleet.json", NULL);
    bed_git(b, "commit", "-q", "-m", "ledger", NULL);
    assert_refused(b, HF_EINVALID,
                   "'ledger' holds no hotfleet.json: it is not the inventory");
}

static void
refuses_during_a_merge(void **state)
{
    struct bed *b = *state;

    bed_git(b, "branch", "other", NULL);
    bed_host(b, "web-02", "");
    bed_commit(b, "two");
    bed_git(b, "checkout", "-q", "other", NULL);
    bed_host(b, "web-03", "");
    bed_commit(b, "three");
    bed_git(b, "merge", "-q", "--no-commit", "--no-ff", "main", NULL);
    assert_refused(b, HF_EDIRTY, "a merge or rebase is under way");
}

static void
refuses_without_an_identity(void **state)
{
    struct bed *b = *state;
    char commit[41];

    unsetenv("GIT_AUTHOR_NAME");
    assert_int_equal(edit_web(b, "new\n", commit), HF_EINVALID);
    setenv("GIT_AUTHOR_NAME", "Ada Admin", 1);
    assert_string_equal(b->err.text, "git does not know who you are");
    assert_string_equal(b->err.hint,
                        "git config --global user.name \"Your Name\" ; "
                        "git config --global user.email you@example.org");
    bed_git(b, "config", "user.name", "Local", NULL);
    unsetenv("GIT_AUTHOR_NAME");
    bed_open(b);
    assert_int_equal(edit_web(b, "new\n", commit), HF_OK);
    setenv("GIT_AUTHOR_NAME", "Ada Admin", 1);
}

static void
notices_that_somebody_else_changed_the_file(void **state)
{
    struct bed *b = *state;
    struct hf_edit e = {0};
    char commit[41], base[41];

    bed_open(b);
    hf_repo_blob(b->repo, NULL, WEB, base, &b->err);
    hf_edit_write(&e, WEB, base, "ours", 4);
    bed_write(b, WEB, "theirs");
    bed_commit(b, "theirs");
    assert_int_equal(hf_edit_commit(b->repo, &e, commit, &b->err), HF_EMOVED);
    assert_non_null(
        strstr(b->err.text, "'" WEB "' was changed by somebody else: "));
    assert_string_equal(bed_read(b, WEB), "theirs");
    hf_edit_release(&e);
}

static void
names_a_stale_lock_and_its_age(void **state)
{
    struct bed *b = *state;

    assert_int_equal(bed_sh(b, "touch -d '3 hours ago' .git/index.lock"), 0);
    assert_refused(b, HF_ELOCKED, "/.git/index.lock' is there since 3h");
    assert_int_equal(bed_sh(b, "rm .git/index.lock && touch -d '2 days ago' "
                               ".git/refs/heads/main.lock"),
                     0);
    assert_refused(b, HF_ELOCKED, "/refs/heads/main.lock' is there since 2d");
    assert_int_equal(bed_sh(b, "test -e .git/refs/heads/main.lock && "
                               "test ! -e .git/index.lock"),
                     0);
}

/* ---- others at the same time ---- */

/* Commits `n` files of its own, one by one; the exit status of a child. */
static int
write_alone(const char *dir, int who, int n)
{
    struct hf_err err = HF_ERR_INIT;
    struct hf_repo *repo = NULL;
    char path[64], commit[41];
    int rc = hf_repo_open(&repo, dir, &err);

    for (int i = 0; i < n && rc == HF_OK; i++) {
        struct hf_edit e = {0};

        snprintf(path, sizeof(path), "hosts/%d/%d.json", who, i);
        hf_edit_write(&e, path, NULL, "{}", 2);
        hf_edit_say(&e, "writer %d", who);
        rc = hf_edit_commit(repo, &e, commit, &err);
        hf_edit_release(&e);
    }
    hf_repo_free(repo);
    return rc == HF_OK ? 0 : 1;
}

static void
loses_nothing_beside_other_writers(void **state)
{
    enum { WRITERS = 3, COMMITS = 8 };
    struct bed *b = *state;
    pid_t pids[WRITERS];
    int status;

    for (int i = 0; i < WRITERS; i++) {
        if ((pids[i] = fork()) == 0)
            _exit(write_alone(b->dir, i, COMMITS));
        assert_true(pids[i] > 0);
    }
    for (int i = 0; i < WRITERS; i++) {
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_int_equal(status, 0);
    }
    assert_string_equal(bed_git(b, "rev-list", "--count", "main", NULL), "25");
    assert_int_equal(bed_sh(b, "test $(git ls-files hosts | wc -l) = 25"), 0);
    assert_string_equal(bed_git(b, "status", "--porcelain", NULL), "");
    assert_string_equal(bed_git(b, "fsck", "--strict", "--no-dangling", NULL),
                        "");
}

/* In a bare repository nothing but the ref itself keeps writers apart. */
static void
retries_when_the_branch_moves(void **state)
{
    enum { WRITERS = 4, COMMITS = 10 };
    struct bed *b = *state;
    pid_t pids[WRITERS];
    int status;

    assert_int_equal(bed_sh(b, "git clone -q --bare . ../bare.git"), 0);
    snprintf(b->dir, sizeof(b->dir), "%s/bare.git", b->root);
    for (int i = 0; i < WRITERS; i++) {
        if ((pids[i] = fork()) == 0)
            _exit(write_alone(b->dir, i, COMMITS));
        assert_true(pids[i] > 0);
    }
    for (int i = 0; i < WRITERS; i++) {
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_int_equal(status, 0);
    }
    assert_string_equal(bed_git(b, "rev-list", "--count", "main", NULL), "41");
    assert_string_equal(bed_git(b, "fsck", "--strict", "--no-dangling", NULL),
                        "");
}

/* ---- refused by the system ---- */

static void
changes_nothing_on_a_full_disk(void **state)
{
    struct bed *b = *state;
    char commit[41], old[256];
    char *big = hf_xmalloc(8 << 20);

    if (bed_sh(b,
               "mkdir ../small && mount -t tmpfs -o size=2m none ../small") !=
        0)
        skip();
    assert_int_equal(bed_sh(b, "cp -a . ../small/fleet"), 0);
    snprintf(old, sizeof(old), "%s", b->dir);
    snprintf(b->dir, sizeof(b->dir), "%s/small/fleet", b->root);
    for (size_t i = 0; i < 8 << 20; i++) /* does not compress */
        big[i] = (char)('!' + (i * 2654435761u >> 13) % 90);
    big[(8 << 20) - 1] = '\0';
    assert_int_equal(edit_web(b, big, commit), HF_ENOSPACE);
    assert_string_equal(bed_git(b, "status", "--porcelain", NULL), "");
    assert_string_equal(bed_git(b, "rev-list", "--count", "main", NULL), "1");
    assert_int_equal(bed_sh(b, "test ! -e .git/index.lock"), 0);
    bed_git(b, "fsck", NULL);
    hf_repo_free(b->repo);
    b->repo = NULL;
    snprintf(b->dir, sizeof(b->dir), "%s", old);
    assert_int_equal(bed_sh(b, "umount ../small"), 0);
    free(big);
}

static void
changes_nothing_in_a_read_only_repository(void **state)
{
    struct bed *b = *state;
    char commit[41];

    if (bed_sh(b, "mkdir ../ro && mount --bind . ../ro && "
                  "mount -o remount,ro,bind ../ro") != 0)
        skip();
    snprintf(b->dir, sizeof(b->dir), "%s/ro", b->root);
    assert_int_equal(edit_web(b, "new\n", commit), HF_EDENIED);
    assert_non_null(strstr(b->err.text, "Read-only file system"));
    hf_repo_free(b->repo);
    b->repo = NULL;
    snprintf(b->dir, sizeof(b->dir), "%s/fleet", b->root);
    assert_int_equal(bed_sh(b, "umount ../ro"), 0);
    assert_string_equal(bed_git(b, "status", "--porcelain", NULL), "");
}

#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, bed_setup_fleet, bed_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(commits_and_takes_the_work_tree_along),
        TEST(outlives_the_admins_next_commit),
        TEST(leaves_other_uncommitted_work_alone),
        TEST(adds_and_deletes_files_in_folders),
        TEST(packs_many_files_into_one_pack),
        TEST(keeps_mode_and_line_ends),
        TEST(works_in_a_bare_repository),
        TEST(refuses_a_changed_work_tree_file),
        TEST(refuses_a_staged_change),
        TEST(refuses_a_deleted_and_an_untracked_file),
        TEST(never_writes_through_a_link),
        TEST(refuses_a_detached_head_and_the_ledger),
        TEST(refuses_during_a_merge),
        TEST(refuses_without_an_identity),
        TEST(notices_that_somebody_else_changed_the_file),
        TEST(names_a_stale_lock_and_its_age),
        TEST(loses_nothing_beside_other_writers),
        TEST(retries_when_the_branch_moves),
        TEST(changes_nothing_on_a_full_disk),
        TEST(changes_nothing_in_a_read_only_repository),
    };

    return cmocka_run_group_tests_name("edit", tests, bed_group_setup, NULL);
}
