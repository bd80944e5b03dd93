/* Signed commits of the inventory: real keys, real git verify-commit. */
#include "bed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "inventory/edit.h"
#include "inventory/init.h"

#define WEB "hosts/web-01.json"

/* A key that git signs with and believes, beside the repository. */
static void
use_key(struct bed *b)
{
    assert_int_equal(
        bed_sh(b, "ssh-keygen -q -t ed25519 -N '' -C ada -f ../key && "
                  "echo \"ada@example.org $(cat ../key.pub)\" >../signers && "
                  "git config gpg.ssh.allowedSignersFile \"$PWD/../signers\" "
                  "&& git config user.signingkey \"$PWD/../key.pub\" && "
                  "git config gpg.format ssh"),
        0);
}

static void
demand(struct bed *b)
{
    bed_git(b, "config", "commit.gpgsign", "true", NULL);
}

/* An edit of one file and, with `more`, of so many new ones. */
static int
edit(struct bed *b, size_t more)
{
    struct hf_repo *repo = bed_open(b);
    struct hf_edit e = {0};
    char commit[41], base[41], path[64];
    int rc;

    assert_int_equal(hf_repo_blob(repo, NULL, WEB, base, &b->err), HF_OK);
    hf_edit_write(&e, WEB, base, "new\n", 4);
    for (size_t i = 0; i < more; i++) {
        (void)snprintf(path, sizeof(path), "hosts/more-%zu.json", i);
        hf_edit_write(&e, path, NULL, "{}", 2);
    }
    hf_edit_say(&e, "hold web-01");
    rc = hf_edit_commit(repo, &e, commit, &b->err);
    hf_edit_release(&e);
    return rc;
}

/* Refused with these words, and everything is as it was. */
static void
refuse_edit(struct bed *b, const char *words)
{
    char tip[64];

    (void)snprintf(tip, sizeof(tip), "%s",
                   bed_git(b, "rev-parse", "main", NULL));
    assert_int_equal(edit(b, 0), HF_EDENIED);
    if (!strstr(b->err.text, words))
        fail_msg("%s", b->err.text);
    assert_non_null(strstr(b->err.hint, "user.signingkey"));
    assert_string_equal(bed_git(b, "rev-parse", "main", NULL), tip);
    assert_string_equal(bed_git(b, "status", "--porcelain", NULL), "");
    assert_int_equal(bed_sh(b, "test ! -e .git/index.lock"), 0);
}

/* ---- edits ---- */

static void
an_edit_is_signed_as_git_would_sign_it(void **state)
{
    struct bed *b = *state;

    use_key(b);
    demand(b);
    assert_int_equal(edit(b, 0), HF_OK);
    bed_git(b, "verify-commit", "HEAD", NULL);
    assert_string_equal(bed_git(b, "log", "-1", "--format=%an <%ae>|%s", NULL),
                        "Ada Admin <ada@example.org>|hold web-01");
    assert_string_equal(bed_git(b, "status", "--porcelain", NULL), "");
    assert_string_equal(bed_git(b, "fsck", "--strict", "--no-dangling", NULL),
                        "");
}

static void
an_edit_of_many_files_is_signed(void **state)
{
    struct bed *b = *state;

    use_key(b);
    demand(b);
    assert_int_equal(edit(b, 150), HF_OK);
    bed_git(b, "verify-commit", "HEAD", NULL);
    assert_string_equal(bed_git(b, "status", "--porcelain", NULL), "");
}

static void
a_key_alone_signs_nothing(void **state)
{
    struct bed *b = *state;

    use_key(b);
    assert_int_equal(edit(b, 0), HF_OK);
    assert_int_not_equal(bed_sh(b, "git verify-commit HEAD 2>/dev/null"), 0);
}

static void
without_a_key_an_edit_is_refused(void **state)
{
    struct bed *b = *state;

    demand(b);
    bed_git(b, "config", "gpg.format", "ssh", NULL);
    refuse_edit(b, "commit.gpgsign demands signed commits");
    bed_git(b, "config", "gpg.format", "x509", NULL);
    bed_git(b, "config", "user.signingkey", "ADA", NULL);
    refuse_edit(b, "commit.gpgsign demands signed commits");
}

static void
an_edit_is_signed_with_openpgp_as_git_would_by_itself(void **state)
{
    struct bed *b = *state;
    char home[256];

    if (bed_sh(b, "command -v gpg >/dev/null") != 0) {
        print_message("skip %s: no gpg\n", __func__);
        skip();
    }
    (void)snprintf(home, sizeof(home), "%s/gpg", b->root);
    assert_int_equal(mkdir(home, 0700), 0);
    setenv("GNUPGHOME", home, 1);
    assert_int_equal(
        bed_sh(b, "gpg -q --batch --passphrase '' --quick-gen-key "
                  "'Ada Admin <ada@example.org>' ed25519 sign 2>/dev/null"),
        0);
    demand(b);
    assert_int_equal(edit(b, 0), HF_OK); /* by whoever commits */
    bed_git(b, "verify-commit", "HEAD", NULL);
    bed_git(b, "config", "user.signingkey", "nobody@example.org", NULL);
    refuse_edit(b, "cannot sign with 'nobody@example.org'");
    assert_int_equal(bed_sh(b, "gpgconf --kill all"), 0);
    unsetenv("GNUPGHOME");
}

static void
a_key_that_does_not_sign_changes_nothing(void **state)
{
    struct bed *b = *state;

    use_key(b);
    demand(b);
    assert_int_equal(bed_sh(b, "rm ../key"), 0);
    refuse_edit(b, "cannot sign with");
}

/* ---- the first commit ---- */

static void
the_first_commit_is_signed(void **state)
{
    struct bed *b = *state;

    use_key(b);
    demand(b);
    assert_int_equal(hf_init(b->dir, "prod", NULL, &b->err), HF_OK);
    bed_git(b, "verify-commit", "HEAD", NULL);
    assert_string_equal(bed_git(b, "symbolic-ref", "HEAD", NULL),
                        "refs/heads/main");
    assert_string_equal(bed_git(b, "reflog", "--format=%gs", NULL),
                        "commit (initial): start fleet prod");
    assert_string_equal(bed_git(b, "status", "--porcelain", NULL), "");
}

static void
a_key_that_does_not_sign_starts_no_fleet(void **state)
{
    struct bed *b = *state;

    use_key(b);
    demand(b);
    assert_int_equal(bed_sh(b, "mv ../key ../away"), 0);
    assert_int_equal(hf_init(b->dir, "prod", NULL, &b->err), HF_EDENIED);
    assert_non_null(strstr(b->err.text, "cannot sign with"));
    assert_int_equal(bed_sh(b, "test \"$(ls -A)\" = .git"), 0);
    /* Mended, the same folder will do. */
    assert_int_equal(bed_sh(b, "mv ../away ../key"), 0);
    assert_int_equal(hf_init(b->dir, "prod", NULL, &b->err), HF_OK);
}

#define FLEET(name) \
    cmocka_unit_test_setup_teardown(name, bed_setup_fleet, bed_teardown)
#define EMPTY(name) \
    cmocka_unit_test_setup_teardown(name, bed_setup, bed_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        FLEET(an_edit_is_signed_as_git_would_sign_it),
        FLEET(an_edit_of_many_files_is_signed),
        FLEET(a_key_alone_signs_nothing),
        FLEET(without_a_key_an_edit_is_refused),
        FLEET(an_edit_is_signed_with_openpgp_as_git_would_by_itself),
        FLEET(a_key_that_does_not_sign_changes_nothing),
        EMPTY(the_first_commit_is_signed),
        EMPTY(a_key_that_does_not_sign_starts_no_fleet),
    };

    return cmocka_run_group_tests_name("signing", tests, bed_group_setup, NULL);
}
