/* The queue between threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "backend/base/mem.h"
#include "backend/base/queue.h"

#define PRODUCERS 4
#define ITEMS 5000

static int
readable(const struct hf_queue *q, int timeout)
{
    struct pollfd fd = {.fd = hf_queue_fd(q), .events = POLLIN};

    return poll(&fd, 1, timeout) == 1;
}

static int *
number(int value)
{
    int *p = HF_NEW(int);

    *p = value;
    return p;
}

static void
gives_items_in_order_and_is_readable_meanwhile(void **state)
{
    struct hf_queue *q = hf_queue_new(free);

    (void)state;
    assert_null(hf_queue_pop(q));
    assert_false(readable(q, 0));
    for (int i = 0; i < 3; i++)
        hf_queue_push(q, number(i));
    for (int i = 0; i < 3; i++) {
        int *p;

        assert_true(readable(q, 0));
        p = hf_queue_pop(q);
        assert_int_equal(*p, i);
        free(p);
    }
    assert_false(readable(q, 0));
    assert_null(hf_queue_pop(q));
    hf_queue_push(q, number(9));
    assert_true(readable(q, 0));
    hf_queue_free(q);
    hf_queue_free(NULL);
}

static void
is_not_inherited_by_children(void **state)
{
    struct hf_queue *q = hf_queue_new(NULL);

    (void)state;
    assert_true(fcntl(hf_queue_fd(q), F_GETFD) & FD_CLOEXEC);
    hf_queue_free(q);
}

static void
says_when_no_descriptor_is_left(void **state)
{
    struct rlimit old, none;

    (void)state;
    getrlimit(RLIMIT_NOFILE, &old);
    none = old;
    none.rlim_cur = 0;
    setrlimit(RLIMIT_NOFILE, &none);
    assert_null(hf_queue_new(NULL));
    setrlimit(RLIMIT_NOFILE, &old);
}

struct producer {
    struct hf_queue *q;
    int first;
};

static void *
produce(void *arg)
{
    struct producer *p = arg;

    for (int i = 0; i < ITEMS; i++)
        hf_queue_push(p->q, number(p->first + i));
    return NULL;
}

static void
loses_nothing_between_threads(void **state)
{
    struct hf_queue *q = hf_queue_new(free);
    struct producer producers[PRODUCERS];
    pthread_t threads[PRODUCERS];
    int next[PRODUCERS] = {0};
    int seen = 0;

    (void)state;
    for (int i = 0; i < PRODUCERS; i++) {
        producers[i] = (struct producer){q, i * ITEMS};
        assert_int_equal(
            pthread_create(&threads[i], NULL, produce, &producers[i]), 0);
    }
    while (seen < PRODUCERS * ITEMS) {
        int *p;

        assert_true(readable(q, 10000));
        while ((p = hf_queue_pop(q))) {
            assert_int_equal(*p % ITEMS, next[*p / ITEMS]++);
            free(p);
            seen++;
        }
    }
    for (int i = 0; i < PRODUCERS; i++)
        pthread_join(threads[i], NULL);
    assert_false(readable(q, 0));
    hf_queue_free(q);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_items_in_order_and_is_readable_meanwhile),
        cmocka_unit_test(is_not_inherited_by_children),
        cmocka_unit_test(says_when_no_descriptor_is_left),
        cmocka_unit_test(loses_nothing_between_threads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
