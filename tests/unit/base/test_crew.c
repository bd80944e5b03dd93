/* Jobs on several threads, taken in their order. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "backend/base/crew.h"
#include "backend/base/mem.h"

#define JOBS 500
#define NONE SIZE_MAX

struct bench {
    size_t made[JOBS];
    size_t taken;
    size_t bad_work, bad_take; /* which job fails */
    int bad_begin;
    pthread_t by[JOBS];
};

static void *
begin(void *ctx, struct hf_err *err)
{
    const struct bench *b = ctx;

    if (!b->bad_begin)
        return hf_xmalloc(1);
    hf_fail(err, HF_EDENIED, "no tools");
    return NULL;
}

static int
work(void *ctx, void *own, size_t job, struct hf_err *err)
{
    struct bench *b = ctx;

    (void)own;
    if (job == b->bad_work)
        return hf_fail(err, HF_EIO, "job %zu", job);
    b->made[job] = job + 1;
    return HF_OK;
}

static int
take(void *ctx, size_t job, struct hf_err *err)
{
    struct bench *b = ctx;

    assert_int_equal(job, b->taken);
    assert_int_equal(b->made[job], job + 1);
    if (job == b->bad_take)
        return hf_fail(err, HF_EINVALID, "take %zu", job);
    b->taken++;
    return HF_OK;
}

static int
run(struct bench *b, size_t n, struct hf_err *err)
{
    const struct hf_crew crew = {
        .begin = begin, .end = free, .work = work, .take = take, .ctx = b};

    return hf_crew_run(&crew, n, err);
}

static void
takes_every_job_in_order(void **state)
{
    static const size_t sizes[] = {0, 1, 2, HF_CREW_AHEAD, JOBS};

    (void)state;
    for (size_t i = 0; i < HF_COUNT(sizes); i++) {
        struct bench b = {.bad_work = NONE, .bad_take = NONE};
        struct hf_err err = HF_ERR_INIT;

        assert_int_equal(run(&b, sizes[i], &err), HF_OK);
        assert_int_equal(b.taken, sizes[i]);
    }
}

static void
a_job_that_fails_ends_it(void **state)
{
    struct bench b = {.bad_work = 123, .bad_take = NONE};
    struct hf_err err = HF_ERR_INIT;

    (void)state;
    assert_int_equal(run(&b, JOBS, &err), HF_EIO);
    assert_string_equal(err.text, "job 123");
    assert_true(b.taken <= 123);
}

static void
a_result_that_cannot_be_taken_ends_it(void **state)
{
    struct bench b = {.bad_work = NONE, .bad_take = 40};
    struct hf_err err = HF_ERR_INIT;

    (void)state;
    assert_int_equal(run(&b, JOBS, &err), HF_EINVALID);
    assert_int_equal(b.taken, 40);
}

static void
a_thread_that_cannot_begin_ends_it(void **state)
{
    struct bench b = {.bad_work = NONE, .bad_take = NONE, .bad_begin = 1};
    struct hf_err err = HF_ERR_INIT;

    (void)state;
    assert_int_equal(run(&b, JOBS, &err), HF_EDENIED);
    assert_string_equal(err.text, "no tools");
}

/* Nothing of its own, and nothing is taken; a single job is for nobody else. */
static int
mark(void *ctx, void *own, size_t job, struct hf_err *err)
{
    struct bench *b = ctx;

    (void)err;
    assert_null(own);
    b->made[job] = job + 1;
    b->by[job] = pthread_self();
    return HF_OK;
}

static void
what_is_only_done_needs_no_more_than_the_work(void **state)
{
    struct bench b = {0};
    const struct hf_crew crew = {.work = mark, .ctx = &b};
    struct hf_err err = HF_ERR_INIT;

    (void)state;
    assert_int_equal(hf_crew_run(&crew, JOBS, &err), HF_OK);
    for (size_t i = 0; i < JOBS; i++)
        assert_int_equal(b.made[i], i + 1);
    assert_int_equal(hf_crew_run(&crew, 1, &err), HF_OK);
    assert_true(pthread_equal(b.by[0], pthread_self()));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_every_job_in_order),
        cmocka_unit_test(a_job_that_fails_ends_it),
        cmocka_unit_test(a_result_that_cannot_be_taken_ends_it),
        cmocka_unit_test(a_thread_that_cannot_begin_ends_it),
        cmocka_unit_test(what_is_only_done_needs_no_more_than_the_work),
    };

    return cmocka_run_group_tests_name("crew", tests, NULL, NULL);
}
