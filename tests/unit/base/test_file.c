/* Whole files, folders and paths. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"

static char dir[] = "/tmp/hotfleet-file-XXXXXX";

static int
make_dir(void **state)
{
    (void)state;
    return mkdtemp(dir) ? 0 : -1;
}

static int
remove_dir(void **state)
{
    struct hf_err err;

    (void)state;
    return hf_rmtree(dir, &err);
}

static size_t
entries_of(const char *path)
{
    DIR *d = opendir(path);
    size_t n = 0;

    assert_non_null(d);
    while (readdir(d))
        n++;
    closedir(d);
    return n - 2;
}

static void
reads_what_was_written(void **state)
{
    char *path = hf_path_join(dir, "plain");
    struct hf_buf text = {0};
    struct hf_err err;
    struct stat st;

    (void)state;
    assert_int_equal(hf_file_write(path, "a\0b", 3, 0640, &err), HF_OK);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0640);
    hf_buf_puts(&text, "replaced");
    assert_int_equal(hf_file_read(&text, path, 3, &err), HF_OK);
    assert_int_equal(text.len, 3);
    assert_memory_equal(text.data, "a\0b", 4);
    assert_int_equal(hf_file_write(path, "", 0, 0600, &err), HF_OK);
    assert_int_equal(hf_file_read(&text, path, 0, &err), HF_OK);
    assert_int_equal(text.len, 0);
    hf_buf_release(&text);
    remove(path);
    free(path);
}

static void
refuses_a_file_beyond_the_limit(void **state)
{
    char *path = hf_path_join(dir, "large");
    struct hf_buf text = {0};
    struct hf_err err;

    (void)state;
    assert_int_equal(hf_file_write(path, "abcd", 4, 0600, &err), HF_OK);
    assert_int_equal(hf_file_read(&text, path, 3, &err), HF_ELIMIT);
    assert_non_null(strstr(err.text, "larger than 3 bytes"));
    assert_int_equal(text.len, 0);
    assert_int_equal(hf_file_read(&text, "/dev/zero", 100000, &err), HF_ELIMIT);
    hf_buf_release(&text);
    remove(path);
    free(path);
}

static void
says_why_a_file_cannot_be_read(void **state)
{
    struct hf_buf text = {0};
    struct hf_err err;

    (void)state;
    assert_int_equal(hf_file_read(&text, "/nowhere/x", 10, &err), HF_ENOTFOUND);
    assert_string_equal(err.text,
                        "cannot open '/nowhere/x': No such file or directory");
    assert_int_equal(hf_file_read(&text, dir, 10, &err), HF_EIO);
    assert_non_null(strstr(err.text, "cannot read"));
    hf_buf_release(&text);
}

static void
a_failed_write_leaves_the_old_file_and_nothing_else(void **state)
{
    char *path = hf_path_join(dir, "taken");
    struct hf_err err;

    (void)state;
    assert_int_equal(mkdir(path, 0700), 0);
    assert_true(hf_file_write(path, "x", 1, 0600, &err) < 0);
    assert_non_null(strstr(err.text, "cannot write"));
    assert_int_equal(entries_of(dir), 1);
    assert_int_equal(rmdir(path), 0);
    free(path);
    assert_int_equal(hf_file_write("/nowhere/x", "x", 1, 0600, &err),
                     HF_ENOTFOUND);
}

static void
a_write_that_breaks_off_leaves_the_old_file(void **state)
{
    char *path = hf_path_join(dir, "half");
    struct hf_buf text = {0};
    struct rlimit old, small;
    struct hf_err err;
    char large[8192] = "";

    (void)state;
    assert_int_equal(hf_file_write(path, "old", 3, 0600, &err), HF_OK);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old);
    small = old;
    small.rlim_cur = 4096;
    setrlimit(RLIMIT_FSIZE, &small);
    assert_int_equal(hf_file_write(path, large, sizeof(large), 0600, &err),
                     HF_EIO);
    setrlimit(RLIMIT_FSIZE, &old);
    assert_int_equal(hf_file_read(&text, path, 100, &err), HF_OK);
    assert_string_equal(hf_buf_str(&text), "old");
    assert_int_equal(entries_of(dir), 1);
    hf_buf_release(&text);
    remove(path);
    free(path);
}

static void
a_full_disk_is_told_apart(void **state)
{
    int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

    (void)state;
    if (fd < 0)
        skip();
    assert_int_equal(hf_write_all(fd, "x", 1), -1);
    assert_int_equal(errno, ENOSPC);
    close(fd);
}

static void *
keep_writing(void *path)
{
    static char text[2][60000];
    struct hf_err err;

    memset(text[0], 'a', sizeof(text[0]));
    memset(text[1], 'b', sizeof(text[1]));
    for (int i = 0; i < 40; i++)
        hf_file_write(path, text[i % 2], sizeof(text[0]), 0600, &err);
    return NULL;
}

static void
a_reader_sees_the_old_file_or_the_new_one(void **state)
{
    char *path = hf_path_join(dir, "swap");
    struct hf_buf text = {0};
    struct hf_err err;
    pthread_t writer;

    (void)state;
    assert_int_equal(hf_file_write(path, "a", 1, 0600, &err), HF_OK);
    assert_int_equal(pthread_create(&writer, NULL, keep_writing, path), 0);
    for (int i = 0; i < 200; i++) {
        assert_int_equal(hf_file_read(&text, path, 1 << 20, &err), HF_OK);
        assert_true(text.len == 1 || text.len == 60000);
        assert_int_equal(text.data[0], text.data[text.len - 1]);
    }
    pthread_join(writer, NULL);
    assert_int_equal(entries_of(dir), 1);
    remove(path);
    hf_buf_release(&text);
    free(path);
}

static void
makes_every_missing_folder(void **state)
{
    char *path = hf_path_join(dir, "a/b//c/");
    char *file = hf_path_join(dir, "a/file");
    struct hf_err err;
    struct stat st;

    (void)state;
    assert_int_equal(hf_mkdirs(path, 0700, &err), HF_OK);
    assert_int_equal(hf_mkdirs(path, 0700, &err), HF_OK);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_int_equal(hf_file_write(file, "", 0, 0600, &err), HF_OK);
    assert_int_equal(hf_mkdirs(file, 0700, &err), HF_EEXISTS);
    assert_non_null(strstr(err.text, "is not a folder"));
    assert_int_equal(hf_fsync_dir(path, &err), HF_OK);
    assert_int_equal(hf_fsync_dir("/nowhere", &err), HF_ENOTFOUND);
    free(path);
    free(file);
    path = hf_path_join(dir, "a");
    assert_true(hf_path_exists(path));
    assert_int_equal(hf_rmtree(path, &err), HF_OK);
    assert_false(hf_path_exists(path));
    free(path);
}

static void
removing_a_folder_follows_no_link(void **state)
{
    char *kept = hf_path_join(dir, "kept");
    char *file = hf_path_join(kept, "file");
    char *tree = hf_path_join(dir, "tree");
    char *link = hf_path_join(tree, "link");
    struct hf_err err;

    (void)state;
    assert_int_equal(hf_mkdirs(kept, 0700, &err), HF_OK);
    assert_int_equal(hf_file_write(file, "", 0, 0600, &err), HF_OK);
    assert_int_equal(hf_mkdirs(tree, 0700, &err), HF_OK);
    assert_int_equal(symlink(kept, link), 0);
    assert_int_equal(hf_rmtree(tree, &err), HF_OK);
    assert_false(hf_path_exists(tree));
    assert_true(hf_path_exists(file));
    assert_int_equal(hf_rmtree(tree, &err), HF_OK);
    assert_int_equal(hf_rmtree(kept, &err), HF_OK);
    free(kept);
    free(file);
    free(tree);
    free(link);
}

static void
joins_with_one_slash(void **state)
{
    static const char *const rows[][3] = {
        {"a", "b", "a/b"},     {"a/", "b", "a/b"},        {"a", "/b", "a/b"},
        {"a//", "//b", "a/b"}, {"/", "b", "/b"},          {"", "b", "b"},
        {"/", "/b", "/b"},     {"a/b", "c/d", "a/b/c/d"},
    };

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        char *path = hf_path_join(rows[i][0], rows[i][1]);

        assert_string_equal(path, rows[i][2]);
        free(path);
    }
}

static void
expands_the_home_folder_only(void **state)
{
    static const char *const rows[][2] = {
        {"~", "/users/x"}, {"~/a", "/users/x/a"}, {"~bob/a", "~bob/a"},
        {"a/~", "a/~"},    {"/a", "/a"},          {"", ""},
    };
    const char *old = getenv("HOME");
    char *home = hf_xstrdup(old);

    (void)state;
    setenv("HOME", "/users/x", 1);
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        char *path = hf_path_expand(rows[i][0]);

        assert_string_equal(path, rows[i][1]);
        free(path);
    }
    unsetenv("HOME");
    {
        char *path = hf_path_expand("~/a");

        assert_string_equal(path, "~/a");
        free(path);
    }
    if (home)
        setenv("HOME", home, 1);
    free(home);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_was_written),
        cmocka_unit_test(refuses_a_file_beyond_the_limit),
        cmocka_unit_test(says_why_a_file_cannot_be_read),
        cmocka_unit_test(a_failed_write_leaves_the_old_file_and_nothing_else),
        cmocka_unit_test(a_write_that_breaks_off_leaves_the_old_file),
        cmocka_unit_test(a_full_disk_is_told_apart),
        cmocka_unit_test(a_reader_sees_the_old_file_or_the_new_one),
        cmocka_unit_test(makes_every_missing_folder),
        cmocka_unit_test(removing_a_folder_follows_no_link),
        cmocka_unit_test(joins_with_one_slash),
        cmocka_unit_test(expands_the_home_folder_only),
    };

    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
