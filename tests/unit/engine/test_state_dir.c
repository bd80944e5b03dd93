/* The state folder: its name, its owner and modes, and who works in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "backend/base/text.h"
#include "backend/engine/journal.h"
#include "tests/support/scratch.h"

#define ROOT_COMMIT "0123456789abcdef0123456789abcdef01234567"

static int
set_up(void **state)
{
    *state = scratch_new();
    setenv("XDG_STATE_HOME", *state, 1);
    return 0;
}

static int
tear_down(void **state)
{
    scratch_free(*state);
    return 0;
}

/* The folder of the fleet "prod", the caller's. */
static char *
make(void)
{
    struct hf_err err = HF_ERR_INIT;
    char *dir;

    if (hf_state_dir(&dir, "prod", ROOT_COMMIT, "/srv/fleet", &err) < 0)
        fail_msg("%s", err.text);
    return dir;
}

static void
refuse(int code, const char *word)
{
    struct hf_err err = HF_ERR_INIT;
    char *dir;

    assert_int_equal(
        hf_state_dir(&dir, "prod", ROOT_COMMIT, "/srv/fleet", &err), code);
    assert_null(dir);
    if (!strstr(err.text, word))
        fail_msg("'%s' does not say '%s'", err.text, word);
}

static void
names_the_folder_after_fleet_and_repository(void **state)
{
    char *dir = make(), *expected;
    struct stat st;

    /* the second part starts the hash of "/srv/fleet" */
    expected =
        hf_xasprintf("%s/hotfleet/prod-0123456789ab-", (const char *)*state);
    assert_true(hf_has_prefix(dir, expected));
    assert_int_equal(strlen(dir), strlen(expected) + 8);
    assert_int_equal(stat(dir, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
    free(expected);
    free(dir);
}

static void
tells_two_clones_of_one_fleet_apart(void **state)
{
    struct hf_err err = HF_ERR_INIT;
    char *a = make(), *b;

    (void)state;
    assert_int_equal(hf_state_dir(&b, "prod", ROOT_COMMIT, "/srv/other", &err),
                     HF_OK);
    assert_string_not_equal(a, b);
    free(a);
    free(b);
}

static void
keeps_a_strange_fleet_name_inside_the_folder(void **state)
{
    struct hf_err err = HF_ERR_INIT;
    char *dir;

    assert_int_equal(
        hf_state_dir(&dir, "../../etc\n", ROOT_COMMIT, "/srv/fleet", &err),
        HF_OK);
    assert_true(hf_has_prefix(dir, *state));
    assert_non_null(strstr(dir, "/hotfleet/..%2F..%2Fetc%0A-"));
    free(dir);
}

static void
falls_back_to_the_home_folder(void **state)
{
    char *expected =
        hf_xasprintf("%s/.local/state/hotfleet/prod-", (const char *)*state);
    char *dir;

    unsetenv("XDG_STATE_HOME");
    setenv("HOME", *state, 1);
    dir = make();
    assert_true(hf_has_prefix(dir, expected));
    free(expected);
    free(dir);
}

static void
says_so_when_there_is_no_place(void **state)
{
    (void)state;
    setenv("XDG_STATE_HOME", "relative/does/not/count", 1);
    unsetenv("HOME");
    refuse(HF_ENOTFOUND, "XDG_STATE_HOME");
}

static void
refuses_a_folder_that_others_may_write(void **state)
{
    char *dir = make();

    (void)state;
    assert_int_equal(chmod(dir, 0770), 0);
    refuse(HF_EDENIED, "0770");
    free(dir);
}

static void
refuses_a_link_in_place_of_the_folder(void **state)
{
    char *dir = make();

    assert_int_equal(rmdir(dir), 0);
    assert_int_equal(symlink(*state, dir), 0);
    refuse(HF_EDENIED, "is not a folder itself");
    free(dir);
}

static void
refuses_a_folder_of_somebody_else(void **state)
{
    char *dir = make();

    (void)state;
    if (chown(dir, 65534, 65534) < 0) {
        print_message("skip %s: no right to give files away\n", __func__);
        free(dir);
        skip();
    }
    refuse(HF_EDENIED, "belongs to uid 65534");
    free(dir);
}

static void
says_who_works_in_it(void **state)
{
    struct hf_err err = HF_ERR_INIT;
    char *dir = make();
    char process[64];
    int first, second;

    (void)state;
    assert_int_equal(hf_state_lock(&first, dir, "ann\033[2J", &err), HF_OK);
    assert_int_equal(hf_state_lock(&second, dir, "bob", &err), HF_ELOCKED);
    assert_int_equal(second, -1);
    snprintf(process, sizeof(process), "process %ld of ann", (long)getpid());
    assert_non_null(strstr(err.text, process));
    assert_null(strchr(err.text, '\033'));

    assert_int_equal(hf_state_lock_say(first, "R1", "ann"), 0);
    assert_int_equal(hf_state_lock(&second, dir, "bob", &err), HF_ELOCKED);
    snprintf(process, sizeof(process),
             "run R1 of ann is under way in process %ld since", (long)getpid());
    assert_non_null(strstr(err.text, process));

    close(first);
    assert_int_equal(hf_state_lock(&second, dir, "bob", &err), HF_OK);
    close(second);
    free(dir);
}

static void
can_be_asked_without_taking_it(void **state)
{
    struct hf_err err = HF_ERR_INIT;
    char *dir = make(), *path = hf_path_join(dir, "lock");
    char who[HF_HOLDER_LEN];
    int fd;

    (void)state;
    assert_false(hf_state_holder(who, dir));
    assert_false(hf_path_exists(path));
    assert_int_equal(hf_state_lock(&fd, dir, "ann", &err), HF_OK);
    assert_true(hf_state_holder(who, dir));
    assert_non_null(strstr(who, " of ann is at work since "));
    close(fd);
    /* What stands in the file is old news then. */
    assert_false(hf_state_holder(who, dir));
    assert_string_equal(who, "");
    free(path);
    free(dir);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_the_folder_after_fleet_and_repository),
        TEST(tells_two_clones_of_one_fleet_apart),
        TEST(keeps_a_strange_fleet_name_inside_the_folder),
        TEST(falls_back_to_the_home_folder),
        TEST(says_so_when_there_is_no_place),
        TEST(refuses_a_folder_that_others_may_write),
        TEST(refuses_a_link_in_place_of_the_folder),
        TEST(refuses_a_folder_of_somebody_else),
        TEST(says_who_works_in_it),
        TEST(can_be_asked_without_taking_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
