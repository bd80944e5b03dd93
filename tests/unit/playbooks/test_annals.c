/* The past in the order of hosts and times, in memory and in its file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "playbooks/annals.h"
#include "tests/support/scratch.h"

#define COMMIT "0123456789012345678901234567890123456789"
#define LATER "9876543210987654321098765432109876543210"

/* ---- moments ---- */

struct told {
    const char *host;
    int64_t at;
    const char *run; /* NULL: facts */
    const char *value;
};

/* Not in their order; what is told twice is told otherwise then. */
static const struct told story[] = {
    {"web-2", 30, NULL, "a"},    {"web-1", 20, "run-1", "b"},
    {"web-1", 10, NULL, "c"},    {"web-1", 20, "run-0", "d"},
    {"web-1", 20, NULL, "e"},    {"web-2", 30, NULL, "told again"},
    {"db", 5, "run-1", "f"},     {"web-1", 40, "run-2", "g"},
    {"web-1", 20, "run-1", "x"}, {"web-2", 25, "run-1", "h"},
    {"app", 7, NULL, "i"},       {"web-1", 15, "run-3", "j"},
};

static void
add(struct annals_maker *m, const struct told *t)
{
    struct shelf_item item = {.net = ""};

    hf_facts_set(&item.record.facts, "boot.id", t->value, NULL, t->at);
    hf_facts_set(&item.record.facts, "memory.pool", t->value, NULL, 1);
    hf_facts_set(&item.record.baseline, "boot.id", "before", NULL, t->at);
    item.record.recent.at = t->at;
    memcpy(item.record.recent.level, t->value, strlen(t->value));
    annals_add(m, t->host, t->at, t->run, &item);
    hf_record_release(&item.record);
}

static struct annals *
tell(size_t first, size_t end)
{
    struct annals_maker *m = annals_maker_new();

    for (size_t i = first; i < end; i++)
        add(m, &story[i]);
    return annals_make(m);
}

/* All of it, a line each; the caller's. */
static char *
written(const struct annals *a)
{
    struct hf_buf out = {0};

    for (size_t i = 0; i < a->len; i++) {
        const struct hf_glance *g = &a->rows[i];
        const struct shelf *s = annals_shelf(a, i);
        size_t host = annals_whose(a, i);

        assert_in_range(i, a->hosts[host].first, a->hosts[host + 1].first - 1);
        hf_buf_printf(&out, "%s %d %d %s %s %s %s %s\n", annals_host(a, host),
                      (int)g->at, g->is_run, shelf_name(s, g->record),
                      shelf_level(s, g->record),
                      shelf_fact(s, g->record, 0, "boot.id"),
                      shelf_fact(s, g->record, 0, "memory.pool"),
                      shelf_fact(s, g->record, 1, "boot.id"));
        assert_null(shelf_fact(s, g->record, 0, "boot"));
        assert_null(shelf_fact(s, g->record, 1, "memory.pool"));
    }
    hf_buf_printf(&out, "%zu", a->damaged);
    return hf_buf_take(&out);
}

static void
says(struct annals *a, const char *wanted)
{
    char *text = written(a);

    assert_string_equal(text, wanted);
    free(text);
    annals_free(a);
}

static const char all[] = "app 7 0  i i i before\n"
                          "db 5 1 run-1 f f f before\n"
                          "web-1 10 0  c c c before\n"
                          "web-1 15 1 run-3 j j j before\n"
                          "web-1 20 0  e e e before\n"
                          "web-1 20 1 run-0 d d d before\n"
                          "web-1 20 1 run-1 b b b before\n"
                          "web-1 40 1 run-2 g g g before\n"
                          "web-2 25 1 run-1 h h h before\n"
                          "web-2 30 0  a a a before\n"
                          "0";

static void
are_by_host_and_time_and_the_first_of_two_counts(void **state)
{
    (void)state;
    says(tell(0, HF_COUNT(story)), all);
    says(tell(0, 0), "0");
}

static void
joined_wherever_they_are_cut_they_are_the_same(void **state)
{
    (void)state;
    for (size_t cut = 0; cut <= HF_COUNT(story); cut++) {
        for (size_t more = cut; more <= HF_COUNT(story); more++) {
            struct annals *a = annals_join(tell(0, cut), tell(cut, more));

            if (more % 2)
                annals_pack(a);
            says(annals_join(a, tell(more, HF_COUNT(story))), all);
        }
    }
}

static void
what_is_told_again_takes_no_row_and_no_name(void **state)
{
    struct annals *a = tell(0, HF_COUNT(story));
    size_t names = a->names_len;

    (void)state;
    a = annals_join(a, tell(0, HF_COUNT(story)));
    assert_true(a->names_len <= names);
    says(a, all);
}

static void
what_could_not_be_read_adds_up(void **state)
{
    struct annals_maker *m = annals_maker_new(), *n = annals_maker_new();

    (void)state;
    annals_add_damaged(m);
    annals_add_damaged(n);
    annals_add_damaged(n);
    says(annals_join(annals_make(m), annals_make(n)), "3");
}

/* ---- the file ---- */

struct place {
    char *dir, *path;
};

static int
set_up(void **state)
{
    static struct place p;

    p.dir = scratch_new();
    p.path = hf_path_join(p.dir, "annals");
    *state = &p;
    return 0;
}

static int
tear_down(void **state)
{
    struct place *p = *state;

    scratch_free(p->dir);
    free(p->path);
    return 0;
}

static void
save(const struct place *p, struct annals *a, const char *to)
{
    annals_save(a, p->path, COMMIT, to);
    annals_free(a);
}

static int
loads(const struct place *p, const char *from)
{
    char to[41];
    struct annals *a = annals_load(p->path, from, to);

    annals_free(a);
    return a != NULL;
}

static void
a_file_holds_what_was_saved_and_goes_on(void **state)
{
    const struct place *p = *state;
    char to[41];
    struct annals *a;

    save(p, annals_join(tell(0, 4), tell(4, 7)), LATER);
    assert_non_null(a = annals_load(p->path, COMMIT, to));
    assert_string_equal(to, LATER);
    says(annals_join(a, tell(7, HF_COUNT(story))), all);
    assert_non_null(a = annals_load(p->path, COMMIT, to));
    annals_pack(a);
    says(annals_join(a, tell(7, HF_COUNT(story))), all);
}

static void
a_file_that_goes_on_from_elsewhere_is_none(void **state)
{
    const struct place *p = *state;

    save(p, tell(0, 4), LATER);
    assert_true(loads(p, COMMIT));
    assert_false(loads(p, LATER));
    assert_false(loads(p, ""));
    assert_int_equal(unlink(p->path), 0);
    assert_false(loads(p, COMMIT));
}

static void
a_file_of_which_any_byte_is_another_or_missing_is_none(void **state)
{
    const struct place *p = *state;
    struct hf_err err = HF_ERR_INIT;
    struct hf_buf whole = {0};
    int fd;

    save(p, annals_join(tell(0, 6), tell(6, HF_COUNT(story))), LATER);
    assert_int_equal(hf_file_read(&whole, p->path, 1 << 20, &err), HF_OK);
    assert_true((fd = open(p->path, O_RDWR | O_CLOEXEC)) >= 0);
    for (size_t i = 0; i < whole.len; i++) {
        char other = (char)(whole.data[i] ^ 1 << i % 8);

        assert_int_equal(pwrite(fd, &other, 1, (off_t)i), 1);
        if (loads(p, COMMIT))
            fail_msg("byte %zu does not count", i);
        assert_int_equal(pwrite(fd, &whole.data[i], 1, (off_t)i), 1);
    }
    assert_true(loads(p, COMMIT));
    for (size_t len = whole.len; len-- > 0;) {
        assert_int_equal(ftruncate(fd, (off_t)len), 0);
        assert_false(loads(p, COMMIT));
    }
    (void)close(fd);
    hf_buf_release(&whole);
}

/* Each saves what it knows, over and over: who reads finds one or the other. */
static void
two_processes_that_save_at_once_leave_one_whole_file(void **state)
{
    const struct place *p = *state;
    const size_t ends[] = {5, HF_COUNT(story)};
    const char *const to[] = {COMMIT, LATER};
    char *texts[2];
    pid_t children[2];
    int status;

    save(p, tell(0, ends[0]), to[0]);
    for (size_t i = 0; i < 2; i++) {
        struct annals *a = tell(0, ends[i]);

        texts[i] = written(a);
        assert_true((children[i] = fork()) >= 0);
        for (int n = 0; children[i] == 0 && n < 100; n++)
            annals_save(a, p->path, COMMIT, to[i]);
        if (children[i] == 0)
            _exit(0);
        annals_free(a);
    }
    for (int n = 0; n < 100; n++) {
        char is[41];
        struct annals *a = annals_load(p->path, COMMIT, is);

        assert_non_null(a);
        says(a, texts[strcmp(is, LATER) == 0]);
    }
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
        free(texts[i]);
    }
}

#define FILE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(are_by_host_and_time_and_the_first_of_two_counts),
        cmocka_unit_test(joined_wherever_they_are_cut_they_are_the_same),
        cmocka_unit_test(what_is_told_again_takes_no_row_and_no_name),
        cmocka_unit_test(what_could_not_be_read_adds_up),
        FILE_TEST(a_file_holds_what_was_saved_and_goes_on),
        FILE_TEST(a_file_that_goes_on_from_elsewhere_is_none),
        FILE_TEST(a_file_of_which_any_byte_is_another_or_missing_is_none),
        FILE_TEST(two_processes_that_save_at_once_leave_one_whole_file),
    };

    return cmocka_run_group_tests_name("annals", tests, NULL, NULL);
}
