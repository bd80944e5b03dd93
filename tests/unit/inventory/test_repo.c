/* Opening repositories that are not as they should be. */
#include "bed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backend/base/mem.h"

static int
open_at(struct bed *b, const char *dir)
{
    hf_repo_free(b->repo);
    b->repo = NULL;
    b->err = (struct hf_err)HF_ERR_INIT;
    return hf_repo_open(&b->repo, dir, &b->err);
}

static void
finds_the_repository_from_a_folder_in_it(void **state)
{
    struct bed *b = *state;
    char dir[128], commit[41], path[128];

    snprintf(dir, sizeof(dir), "%s/hosts", b->dir);
    assert_int_equal(open_at(b, dir), HF_OK);
    assert_string_equal(hf_repo_dir(b->repo), b->dir);
    snprintf(path, sizeof(path), "%s/.git", b->dir);
    assert_string_equal(hf_repo_path(b->repo), path);
    assert_string_equal(hf_repo_branch(b->repo), "main");
    assert_int_equal(hf_repo_head(b->repo, commit, &b->err), HF_OK);
    assert_string_equal(commit, bed_git(b, "rev-parse", "HEAD", NULL));
}

static void
names_the_first_commit_of_the_history(void **state)
{
    struct bed *b = *state;
    char first[41], commit[41];

    snprintf(first, sizeof(first), "%s", bed_git(b, "rev-parse", "HEAD", NULL));
    bed_commit(b, "two");
    bed_git(b, "checkout", "-q", "-b", "side", "HEAD~1", NULL);
    bed_commit(b, "three");
    bed_git(b, "checkout", "-q", "main", NULL);
    bed_git(b, "merge", "-q", "--no-edit", "side", NULL);
    assert_int_equal(hf_repo_root_commit(bed_open(b), commit, &b->err), HF_OK);
    assert_string_equal(commit, first);

    assert_int_equal(bed_sh(b, "git clone -q --depth 1 file://$PWD ../shallow"),
                     0);
    snprintf(b->dir, sizeof(b->dir), "%s/shallow", b->root);
    assert_int_equal(hf_repo_root_commit(bed_open(b), commit, &b->err),
                     HF_EUNSUPPORTED);
    assert_string_equal(b->err.hint, "git fetch --unshallow");
    assert_int_equal(bed_load(b), HF_OK); /* lint in a pipeline still works */
    assert_string_equal(b->fleet->root_commit, "");
}

static void
reads_files_of_a_commit(void **state)
{
    struct bed *b = *state;
    struct hf_buf text = {0};
    char blob[41];

    bed_write(b, "hotfleet.json", "{\"name\": \"later\"}");
    bed_open(b);
    assert_int_equal(
        hf_repo_read(b->repo, NULL, "hosts/web-01.json", &text, &b->err),
        HF_OK);
    assert_non_null(strstr(hf_buf_str(&text), "web-01.example.org"));
    assert_int_equal(hf_repo_read(b->repo, NULL, "nowhere", &text, &b->err),
                     HF_ENOTFOUND);
    assert_string_equal(b->err.text,
                        "no file 'nowhere' in the checked-out commit");
    assert_int_equal(hf_repo_read(b->repo, NULL, "hosts", &text, &b->err),
                     HF_EINVALID);
    assert_string_equal(b->err.text, "'hosts' is not a plain file");
    assert_int_equal(hf_repo_blob(b->repo, NULL, "nowhere", blob, &b->err),
                     HF_ENOTFOUND);
    assert_string_equal(blob, "");
    hf_buf_release(&text);
}

static void
lists_what_is_not_committed(void **state)
{
    struct bed *b = *state;
    struct hf_strs paths = {0};

    bed_write(b, "hosts/web-01.json", "changed");
    bed_write(b, "new.json", "new");
    assert_int_equal(hf_repo_dirty(bed_open(b), &paths, &b->err), HF_OK);
    assert_int_equal(paths.len, 2);
    assert_string_equal(paths.v[0], "hosts/web-01.json");
    assert_string_equal(paths.v[1], "new.json");
    hf_strs_release(&paths);
}

/* ---- refusals ---- */

static void
refuses_a_folder_without_repository(void **state)
{
    struct bed *b = *state;

    assert_int_equal(open_at(b, b->root), HF_ENOTFOUND);
    assert_non_null(strstr(b->err.text, "is not in a git repository"));
    assert_non_null(strstr(b->err.hint, "hotfleet init"));
    assert_int_equal(open_at(b, "/nonexistent"), HF_ENOTFOUND);
}

static void
refuses_a_branch_without_commit(void **state)
{
    struct bed *b = *state;

    assert_int_equal(open_at(b, b->dir), HF_ENOTFOUND);
    assert_non_null(strstr(b->err.text, "branch 'main' of '"));
    assert_non_null(strstr(b->err.text, "has no commit yet"));
    assert_non_null(strstr(b->err.hint, "hotfleet init"));
}

static void
refuses_sha256_objects(void **state)
{
    struct bed *b = *state;

    if (bed_sh(b, "git init -q --object-format=sha256 ../big") != 0)
        skip();
    snprintf(b->dir, sizeof(b->dir), "%s/big", b->root);
    assert_int_equal(open_at(b, b->dir), HF_EUNSUPPORTED);
    assert_non_null(strstr(b->err.text, "SHA-256"));
    assert_string_equal(b->err.hint,
                        "make it with: git init --object-format=sha1");
}

static void
refuses_what_everybody_may_write(void **state)
{
    struct bed *b = *state;

    assert_int_equal(bed_sh(b, "chmod o+w .git/refs"), 0);
    assert_int_equal(open_at(b, b->dir), HF_EDENIED);
    assert_non_null(strstr(b->err.text, "everybody may write to '"));
    assert_non_null(strstr(b->err.text, "/.git/refs' (mode 0757)"));
    assert_non_null(strstr(b->err.hint, "chmod -R o-w"));
}

static void
refuses_what_a_group_may_write_unless_it_is_meant_to(void **state)
{
    struct bed *b = *state;

    if (bed_sh(b, "chgrp daemon .git && chmod g+w .git") != 0)
        skip();
    assert_int_equal(open_at(b, b->dir), HF_EDENIED);
    assert_non_null(strstr(b->err.text, "a whole group may write to '"));
    bed_git(b, "config", "core.sharedRepository", "group", NULL);
    assert_int_equal(open_at(b, b->dir), HF_OK);
    bed_git(b, "config", "core.sharedRepository", "0660", NULL);
    assert_int_equal(open_at(b, b->dir), HF_OK);
}

static void
refuses_another_owners_repository(void **state)
{
    struct bed *b = *state;

    if (geteuid() != 0 || bed_sh(b, "chown -R nobody .") != 0)
        skip();
    assert_int_equal(open_at(b, b->dir), HF_EDENIED);
    assert_non_null(strstr(b->err.text, "belongs to another user"));
    assert_non_null(strstr(b->err.hint, "safe.directory"));
}

static void
fails_closed_on_damaged_objects(void **state)
{
    static const char *const damages[] = {
        "rm -f %s",
        "chmod u+w %s && : > %s",
        "chmod u+w %s && printf xyz | dd of=%s bs=1 seek=9 conv=notrunc",
    };
    struct bed *b = *state;
    char id[41], object[128], command[512];

    snprintf(id, sizeof(id), "%s",
             bed_git(b, "rev-parse", "HEAD:hosts/web-01.json", NULL));
    snprintf(object, sizeof(object), ".git/objects/%.2s/%s", id, id + 2);
    snprintf(command, sizeof(command), "cp %s ../kept", object);
    assert_int_equal(bed_sh(b, command), 0);
    for (size_t i = 0; i < HF_COUNT(damages); i++) {
        snprintf(command, sizeof(command), damages[i], object, object);
        assert_int_equal(bed_sh(b, command), 0);
        assert_int_equal(bed_load(b), HF_EIO);
        assert_null(b->fleet);
        assert_non_null(strstr(b->err.text, "cannot read 'hosts/web-01.json'"));
        snprintf(command, sizeof(command), "cp -f ../kept %s", object);
        assert_int_equal(bed_sh(b, command), 0);
        assert_int_equal(bed_load(b), HF_OK);
    }
}

static void
fails_closed_on_a_missing_folder(void **state)
{
    struct bed *b = *state;
    char id[41], command[128];

    snprintf(id, sizeof(id), "%s", bed_git(b, "rev-parse", "HEAD:hosts", NULL));
    snprintf(command, sizeof(command), "rm -f .git/objects/%.2s/%s", id,
             id + 2);
    assert_int_equal(bed_sh(b, command), 0);
    assert_int_equal(bed_load(b), HF_EIO);
    assert_non_null(strstr(b->err.text, "cannot read 'hosts'"));
}

static void
loads_beside_a_detached_head_and_a_bare_repository(void **state)
{
    struct bed *b = *state;

    bed_git(b, "checkout", "-q", "--detach", NULL);
    assert_int_equal(bed_load(b), HF_OK);
    assert_null(b->fleet->branch);
    bed_git(b, "checkout", "-q", "main", NULL);
    assert_int_equal(bed_sh(b, "git clone -q --bare . ../bare.git"), 0);
    snprintf(b->dir, sizeof(b->dir), "%s/bare.git", b->root);
    assert_int_equal(bed_load(b), HF_OK);
    assert_true(b->fleet->bare);
    assert_string_equal(b->fleet->branch, "main");
    assert_int_equal(b->fleet->hosts_len, 1);
}

#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, bed_setup_fleet, bed_teardown)
#define EMPTY_TEST(name) \
    cmocka_unit_test_setup_teardown(name, bed_setup, bed_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(finds_the_repository_from_a_folder_in_it),
        TEST(names_the_first_commit_of_the_history),
        TEST(reads_files_of_a_commit),
        TEST(lists_what_is_not_committed),
        EMPTY_TEST(refuses_a_folder_without_repository),
        EMPTY_TEST(refuses_a_branch_without_commit),
        EMPTY_TEST(refuses_sha256_objects),
        TEST(refuses_what_everybody_may_write),
        TEST(refuses_what_a_group_may_write_unless_it_is_meant_to),
        TEST(refuses_another_owners_repository),
        TEST(fails_closed_on_damaged_objects),
        TEST(fails_closed_on_a_missing_folder),
        TEST(loads_beside_a_detached_head_and_a_bare_repository),
    };

    return cmocka_run_group_tests_name("repo", tests, bed_group_setup, NULL);
}
