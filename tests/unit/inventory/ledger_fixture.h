/*
 * What the tests of the ledger share: a fleet repository, a ledger on it,
 * records of hosts, and waiting for acknowledgements.
 */
#ifndef TESTS_UNIT_INVENTORY_LEDGER_FIXTURE_H
#define TESTS_UNIT_INVENTORY_LEDGER_FIXTURE_H

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "inventory/ledger.h"
#include "tests/support/git.h"

#define RUN "20261123T012345Z-4f9a1c"
#define ACK_MS 60000
#define CLOSE_MS 60000

struct fixture {
    char *dir;   /* scratch */
    char *fleet; /* repository in it */
    struct hf_ledger_options options;
    struct hf_queue *acks;
    struct hf_ledger *ledger;
    uint64_t seq;
    struct hf_err err;
};

static inline int
set_up(void **state)
{
    struct fixture *f = HF_NEW(struct fixture);

    f->dir = scratch_new();
    f->fleet = hf_path_join(f->dir, "fleet");
    git_new_fleet(f->fleet);
    f->options.branch = "ledger";
    f->options.batch_ms = 50;
    f->acks = hf_queue_new(free);
    *state = f;
    return 0;
}

static inline int
tear_down(void **state)
{
    struct fixture *f = *state;
    struct hf_err err = HF_ERR_INIT;

    hf_ledger_close(f->ledger, 0, &err);
    hf_queue_free(f->acks);
    scratch_free(f->dir);
    free(f->fleet);
    free(f);
    return 0;
}

static inline void
open_ledger(struct fixture *f)
{
    if (hf_ledger_open(&f->ledger, f->fleet, &f->options, f->acks, &f->err) < 0)
        fail_msg("%s", f->err.text);
}

/* Opening must fail with this code and say this word. */
static inline void
refuse_ledger(struct fixture *f, int code, const char *word)
{
    assert_int_equal(
        hf_ledger_open(&f->ledger, f->fleet, &f->options, f->acks, &f->err),
        code);
    assert_null(f->ledger);
    if (!strstr(f->err.text, word))
        fail_msg("'%s' does not say '%s'", f->err.text, word);
}

/* Closes it and forgets what it had still to say. */
static inline void
close_ledger(struct fixture *f)
{
    void *ack;

    if (hf_ledger_close(f->ledger, CLOSE_MS, &f->err) < 0)
        fail_msg("%s", f->err.text);
    f->ledger = NULL;
    while ((ack = hf_queue_pop(f->acks)))
        free(ack);
}

/* The record of one host's run, the caller's. */
static inline struct hf_ledger_record *
new_evidence(const char *host, const char *run, const char *outcome)
{
    struct hf_ledger_record *r = HF_NEW(struct hf_ledger_record);

    r->path = hf_ledger_evidence_path(host, run);
    r->content = hf_xasprintf(
        "{\"host\": \"%s\", \"run\": \"%s\", \"outcome\": \"%s\"}\n", host, run,
        outcome);
    r->subject = hf_xasprintf("apply %s: %s", host, outcome);
    r->run = hf_xstrdup(run);
    r->action = hf_xstrdup("apply");
    r->change = hf_xstrdup("CHG001");
    r->operator_ = hf_xstrdup("Ann <ann@example.org>, uid 1000");
    return r;
}

static inline struct hf_ledger_record *
new_facts(const char *host, const char *kernel)
{
    struct hf_ledger_record *r = HF_NEW(struct hf_ledger_record);

    r->path = hf_ledger_facts_path(host);
    r->content = hf_xasprintf("{\"kernel\": \"%s\"}\n", kernel);
    r->subject = hf_xasprintf("facts of %s", host);
    return r;
}

static inline struct hf_ledger_record *
new_run_file(const char *run, const char *file, const char *content)
{
    struct hf_ledger_record *r = HF_NEW(struct hf_ledger_record);

    r->path = hf_ledger_run_path(run, file);
    r->content = hf_xstrdup(content);
    r->subject = hf_xasprintf("run %s: %s", run, file);
    r->run = hf_xstrdup(run);
    return r;
}

static inline void
add(struct fixture *f, struct hf_ledger_record *r)
{
    r->seq = ++f->seq;
    hf_ledger_add(f->ledger, r);
}

/* The next acknowledgement, the caller's; waits for it. */
static inline struct hf_ledger_ack *
next_ack(struct fixture *f)
{
    struct pollfd fd = {.fd = hf_queue_fd(f->acks), .events = POLLIN};

    if (poll(&fd, 1, ACK_MS) != 1)
        fail_msg("no acknowledgement");
    return hf_queue_pop(f->acks);
}

/* Flushes; returns the commit that holds everything added, the caller's. */
static inline char *
commit_now(struct fixture *f)
{
    char *commit = NULL;

    hf_ledger_flush(f->ledger);
    while (!commit) {
        struct hf_ledger_ack *ack = next_ack(f);

        if (ack->error.code < 0)
            fail_msg("%s", ack->error.text);
        if (ack->seq >= f->seq)
            commit = hf_xstrdup(ack->commit);
        free(ack);
    }
    return commit;
}

/* The next acknowledgement that is an error. */
static inline void
wait_error(struct fixture *f, struct hf_ledger_ack *out)
{
    int failed = 0;

    while (!failed) {
        struct hf_ledger_ack *ack = next_ack(f);

        *out = *ack;
        failed = ack->error.code < 0;
        free(ack);
    }
}

static inline void
expect_git(const char *dir, const char *words, const char *expected)
{
    char *out = git_out(dir, NULL, words);

    assert_string_equal(out, expected);
    free(out);
}

static inline int
git_status(const char *dir, const char *words)
{
    int status;

    free(git_out(dir, &status, words));
    return status;
}

static inline void
expect_sound(const char *dir)
{
    int status;
    char *out = git_out(dir, &status, "fsck --strict --no-dangling");

    if (status != 0)
        fail_msg("fsck: %s", out);
    free(out);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* Runs a program's tests with an empty home. */
#define RUN_TESTS(tests)                                    \
    char *home = git_empty_home();                          \
    int failed = cmocka_run_group_tests(tests, NULL, NULL); \
                                                            \
    scratch_free(home);                                     \
    return failed

#endif
