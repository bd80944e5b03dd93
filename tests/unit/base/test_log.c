/* The program's own log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "backend/base/file.h"
#include "backend/base/json.h"
#include "backend/base/log.h"
#include "backend/base/mem.h"

#define THREADS 4
#define LINES 200

static char dir[] = "/tmp/hotfleet-log-XXXXXX";
static char *path;

static int
make_dir(void **state)
{
    (void)state;
    if (!mkdtemp(dir))
        return -1;
    path = hf_path_join(dir, "log");
    return 0;
}

static int
remove_dir(void **state)
{
    struct hf_err err;

    (void)state;
    free(path);
    return hf_rmtree(dir, &err);
}

static void
read_log(struct hf_buf *out)
{
    struct hf_err err;

    assert_int_equal(hf_file_read(out, path, 1 << 20, &err), HF_OK);
}

static void
writes_one_object_for_each_line(void **state)
{
    struct hf_buf text = {0};
    struct hf_err err;
    struct stat st;

    (void)state;
    hf_log(HF_LOG_ERROR, "before it is open");
    setenv("HOTFLEET_CLOCK", "2026-11-23T01:23:45Z", 1);
    assert_int_equal(hf_log_open(path, HF_LOG_INFO, &err), HF_OK);
    hf_log(HF_LOG_WARN, "host said %s", "\x1b[31m\n\"red\"");
    hf_log(HF_LOG_DEBUG, "not at this level");
    hf_log_close();
    hf_log(HF_LOG_ERROR, "after it was closed");
    unsetenv("HOTFLEET_CLOCK");
    read_log(&text);
    assert_string_equal(hf_buf_str(&text),
                        "{\"at\":\"2026-11-23T01:23:45Z\",\"level\":\"warn\","
                        "\"text\":\"host said \\\\x1b[31m\\\\n"
                        "\\\"red\\\"\"}\n");
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    hf_buf_release(&text);
}

static void *
write_lines(void *arg)
{
    for (int i = 0; i < LINES; i++)
        hf_log(HF_LOG_INFO, "thread %d line %d", *(int *)arg, i);
    return NULL;
}

static void
keeps_lines_whole_between_threads(void **state)
{
    int ids[THREADS] = {0, 1, 2, 3};
    pthread_t threads[THREADS];
    struct hf_buf text = {0};
    struct hf_err err;
    char *line, *rest;
    int count = 0;

    (void)state;
    remove(path);
    assert_int_equal(hf_log_open(path, HF_LOG_DEBUG, &err), HF_OK);
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, write_lines, &ids[i]);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    hf_log_close();
    read_log(&text);
    for (line = strtok_r(text.data, "\n", &rest); line;
         line = strtok_r(NULL, "\n", &rest)) {
        cJSON *doc;

        assert_int_equal(hf_json_parse(&doc, line, strlen(line), &err), 0);
        cJSON_Delete(doc);
        count++;
    }
    assert_int_equal(count, THREADS * LINES);
    hf_buf_release(&text);
}

static void
says_which_file_cannot_be_opened(void **state)
{
    struct hf_err err;

    (void)state;
    assert_int_equal(hf_log_open("/nowhere/log", HF_LOG_INFO, &err),
                     HF_ENOTFOUND);
    assert_non_null(strstr(err.text, "'/nowhere/log'"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_one_object_for_each_line),
        cmocka_unit_test(keeps_lines_whole_between_threads),
        cmocka_unit_test(says_which_file_cannot_be_opened),
    };

    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
