/*
 * What the tests of the journal share: a folder, a journal in it, and waiting
 * for acknowledgements.
 */
#ifndef TESTS_UNIT_ENGINE_JOURNAL_FIXTURE_H
#define TESTS_UNIT_ENGINE_JOURNAL_FIXTURE_H

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "backend/base/json.h"
#include "backend/engine/journal.h"
#include "tests/support/scratch.h"

#define RUN "20261123T012345Z-4f9a1c"
#define WAIT_MS 20000

struct fixture {
    char *dir;
    struct hf_queue *acks;
    struct hf_journal *journal;
    struct hf_err err;
};

static inline int
set_up(void **state)
{
    struct fixture *f = HF_NEW(struct fixture);

    f->dir = scratch_new();
    f->acks = hf_queue_new(free);
    *state = f;
    return 0;
}

static inline int
tear_down(void **state)
{
    struct fixture *f = *state;

    hf_journal_close(f->journal);
    hf_queue_free(f->acks);
    scratch_free(f->dir);
    free(f);
    return 0;
}

static inline void
open_journal(struct fixture *f)
{
    if (hf_journal_open(&f->journal, f->dir, f->acks, &f->err) < 0)
        fail_msg("%s", f->err.text);
}

static inline void
reopen(struct fixture *f)
{
    hf_journal_close(f->journal);
    f->journal = NULL;
    open_journal(f);
}

static inline uint64_t
append(struct hf_journal *j, enum hf_event_kind kind, const char *host,
       int64_t number)
{
    struct hf_event e;
    uint64_t seq;

    hf_event_init(&e, kind, RUN, host);
    e.data = cJSON_CreateObject();
    hf_json_add_int(e.data, "seq", number);
    seq = hf_journal_append(j, &e);
    hf_event_release(&e);
    return seq;
}

/* The next acknowledgement, the caller's; waits for it. */
static inline struct hf_journal_ack *
next_ack(struct hf_queue *q)
{
    struct pollfd fd = {.fd = hf_queue_fd(q), .events = POLLIN};

    if (poll(&fd, 1, WAIT_MS) != 1)
        fail_msg("no acknowledgement");
    return hf_queue_pop(q);
}

/* Waits until `seq` is acknowledged. */
static inline void
wait_acked(struct hf_queue *q, uint64_t seq)
{
    uint64_t acked = 0;

    while (acked < seq) {
        struct hf_journal_ack *ack = next_ack(q);

        assert_int_equal(ack->error.code, HF_OK);
        assert_true(ack->seq > acked);
        acked = ack->seq;
        free(ack);
    }
}

struct seen {
    uint64_t n, last;
    int ordered;
};

static inline int
count_event(void *ctx, struct hf_event *e)
{
    struct seen *seen = ctx;

    seen->ordered = seen->ordered && e->seq == seen->last + 1;
    seen->last = e->seq;
    seen->n++;
    return 0;
}

static inline struct seen
read_back(struct fixture *f, size_t expect_bad)
{
    struct seen seen = {.ordered = 1};
    size_t bad;

    assert_int_equal(hf_journal_read(f->dir, count_event, &seen, &bad, &f->err),
                     HF_OK);
    assert_int_equal(bad, expect_bad);
    return seen;
}

static inline char *
journal_path(const struct fixture *f)
{
    return hf_path_join(f->dir, "journal.jsonl");
}

static inline void
add_raw(const struct fixture *f, const char *text)
{
    char *path = journal_path(f);
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT, 0600);

    assert_true(fd >= 0);
    assert_int_equal(hf_write_all(fd, text, strlen(text)), 0);
    close(fd);
    free(path);
}

static inline char *
read_text(const struct fixture *f, const char *name)
{
    struct hf_buf text = {0};
    struct hf_err err = HF_ERR_INIT;
    char *path = hf_path_join(f->dir, name);

    assert_int_equal(hf_file_read(&text, path, 1 << 20, &err), HF_OK);
    free(path);
    return hf_buf_take(&text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
