/* The journal: numbers, acknowledgements, torn lines, crashes, a full disk. */
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>

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

static int
set_up(void **state)
{
    struct fixture *f = HF_NEW(struct fixture);

    f->dir = scratch_new();
    f->acks = hf_queue_new(free);
    *state = f;
    return 0;
}

static int
tear_down(void **state)
{
    struct fixture *f = *state;

    hf_journal_close(f->journal);
    hf_queue_free(f->acks);
    scratch_free(f->dir);
    free(f);
    return 0;
}

static void
open_journal(struct fixture *f)
{
    if (hf_journal_open(&f->journal, f->dir, f->acks, &f->err) < 0)
        fail_msg("%s", f->err.text);
}

static void
reopen(struct fixture *f)
{
    hf_journal_close(f->journal);
    f->journal = NULL;
    open_journal(f);
}

static uint64_t
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
static struct hf_journal_ack *
next_ack(struct hf_queue *q)
{
    struct pollfd fd = {.fd = hf_queue_fd(q), .events = POLLIN};

    if (poll(&fd, 1, WAIT_MS) != 1)
        fail_msg("no acknowledgement");
    return hf_queue_pop(q);
}

/* Waits until `seq` is acknowledged. */
static void
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

static int
count_event(void *ctx, struct hf_event *e)
{
    struct seen *seen = ctx;

    seen->ordered = seen->ordered && e->seq == seen->last + 1;
    seen->last = e->seq;
    seen->n++;
    return 0;
}

static struct seen
read_back(struct fixture *f, size_t expect_bad)
{
    struct seen seen = {.ordered = 1};
    size_t bad;

    assert_int_equal(hf_journal_read(f->dir, count_event, &seen, &bad, &f->err),
                     HF_OK);
    assert_int_equal(bad, expect_bad);
    return seen;
}

static char *
journal_path(const struct fixture *f)
{
    return hf_path_join(f->dir, "journal.jsonl");
}

static void
add_raw(const struct fixture *f, const char *text)
{
    char *path = journal_path(f);
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT, 0600);

    assert_true(fd >= 0);
    assert_int_equal(hf_write_all(fd, text, strlen(text)), 0);
    close(fd);
    free(path);
}

static char *
read_text(const struct fixture *f, const char *name)
{
    struct hf_buf text = {0};
    struct hf_err err = HF_ERR_INIT;
    char *path = hf_path_join(f->dir, name);

    assert_int_equal(hf_file_read(&text, path, 1 << 20, &err), HF_OK);
    free(path);
    return hf_buf_take(&text);
}

/* ---- writing ---- */

static void
numbers_events_and_reads_them_back_in_order(void **state)
{
    struct fixture *f = *state;
    struct seen seen;

    open_journal(f);
    for (int i = 1; i <= 100; i++)
        assert_int_equal(append(f->journal, HF_EVENT_HOST_STEP, "web-1", i), i);
    assert_int_equal(hf_journal_sync(f->journal, &f->err), HF_OK);
    seen = read_back(f, 0);
    assert_int_equal(seen.n, 100);
    assert_true(seen.ordered);
}

static void
acknowledges_an_intent_when_it_is_on_disk(void **state)
{
    struct fixture *f = *state;
    uint64_t seq;

    open_journal(f);
    append(f->journal, HF_EVENT_HOST_STEP, "web-1", 0);
    seq = append(f->journal, HF_EVENT_HOST_INTENT, "web-1", 0);
    wait_acked(f->acks, seq);
    assert_int_equal(read_back(f, 0).last, seq);
}

static void
says_nothing_of_events_that_nobody_waits_for(void **state)
{
    struct fixture *f = *state;

    open_journal(f);
    append(f->journal, HF_EVENT_HOST_STEP, "web-1", 0);
    assert_int_equal(hf_journal_sync(f->journal, &f->err), HF_OK);
    assert_null(hf_queue_pop(f->acks));
}

static void
goes_on_with_the_numbers_after_a_restart(void **state)
{
    struct fixture *f = *state;

    open_journal(f);
    append(f->journal, HF_EVENT_HOST_STEP, "web-1", 0);
    append(f->journal, HF_EVENT_HOST_STEP, "web-1", 0);
    reopen(f);
    assert_int_equal(append(f->journal, HF_EVENT_HOST_STEP, "web-1", 0), 3);
}

static void
lets_one_process_write_at_a_time(void **state)
{
    struct fixture *f = *state;
    struct hf_journal *second = NULL;

    open_journal(f);
    assert_int_equal(hf_journal_open(&second, f->dir, NULL, &f->err),
                     HF_ELOCKED);
    assert_null(second);
    assert_non_null(strstr(f->err.text, "journal.jsonl"));
}

static void
keeps_the_file_from_others(void **state)
{
    struct fixture *f = *state;
    char *path = journal_path(f);
    struct stat st;

    open_journal(f);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    free(path);
}

/* ---- torn and broken lines ---- */

static void
cuts_off_a_half_line_and_keeps_it_aside(void **state)
{
    struct fixture *f = *state;
    char *torn;

    open_journal(f);
    append(f->journal, HF_EVENT_HOST_STEP, "web-1", 0);
    hf_journal_close(f->journal);
    add_raw(f, "{\"v\":1,\"seq\":2,\"at");
    assert_int_equal(read_back(f, 0).n, 1);

    open_journal(f);
    assert_int_equal(append(f->journal, HF_EVENT_HOST_STEP, "web-1", 0), 2);
    assert_int_equal(hf_journal_sync(f->journal, &f->err), HF_OK);
    assert_int_equal(read_back(f, 0).n, 2);
    torn = read_text(f, "journal.torn");
    assert_string_equal(torn, "{\"v\":1,\"seq\":2,\"at\n");
    free(torn);
}

static void
cuts_off_a_half_line_longer_than_any_buffer(void **state)
{
    struct fixture *f = *state;
    char *longest = hf_xcalloc(1, 300001);

    memset(longest, 'x', 300000);
    open_journal(f);
    append(f->journal, HF_EVENT_HOST_STEP, "web-1", 0);
    hf_journal_close(f->journal);
    add_raw(f, longest);
    open_journal(f);
    assert_int_equal(read_back(f, 0).n, 1);
    reopen(f);
    assert_int_equal(append(f->journal, HF_EVENT_HOST_STEP, "web-1", 0), 2);
    free(longest);
}

static void
opens_a_file_that_is_one_half_line(void **state)
{
    struct fixture *f = *state;

    add_raw(f, "{\"v\":1");
    open_journal(f);
    assert_int_equal(append(f->journal, HF_EVENT_HOST_STEP, "web-1", 0), 1);
}

static void
counts_broken_lines_and_gives_no_number_twice(void **state)
{
    struct fixture *f = *state;

    open_journal(f);
    append(f->journal, HF_EVENT_HOST_STEP, "web-1", 0);
    hf_journal_close(f->journal);
    add_raw(f, "{\"v\":1,\"seq\":2,\"at\n\x01\x02\n");
    open_journal(f);
    assert_int_equal(append(f->journal, HF_EVENT_HOST_STEP, "web-1", 0), 4);
    assert_int_equal(hf_journal_sync(f->journal, &f->err), HF_OK);
    assert_int_equal(read_back(f, 2).n, 2);
}

static int
stop_at_once(void *ctx, struct hf_event *e)
{
    (void)e;
    return ++*(int *)ctx;
}

static void
stops_reading_when_it_is_told_to(void **state)
{
    struct fixture *f = *state;
    size_t bad;
    int calls = 0;

    open_journal(f);
    append(f->journal, HF_EVENT_HOST_STEP, "web-1", 0);
    append(f->journal, HF_EVENT_HOST_STEP, "web-1", 0);
    assert_int_equal(hf_journal_sync(f->journal, &f->err), HF_OK);
    assert_int_equal(
        hf_journal_read(f->dir, stop_at_once, &calls, &bad, &f->err), HF_OK);
    assert_int_equal(calls, 1);
}

static void
reads_a_missing_journal_as_an_empty_one(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(read_back(f, 0).n, 0);
}

/* ---- crashes ---- */

/* Writes events for ever and tells the parent what was acknowledged. */
static void
write_until_killed(const char *dir, int tell)
{
    struct hf_queue *acks = hf_queue_new(free);
    struct hf_err err = HF_ERR_INIT;
    struct hf_journal *j;

    if (hf_journal_open(&j, dir, acks, &err) < 0)
        _exit(1);
    for (;;) {
        struct hf_journal_ack *ack;

        append(j, HF_EVENT_HOST_STEP, "web-1", 0);
        append(j, HF_EVENT_HOST_INTENT, "web-1", 0);
        while ((ack = hf_queue_pop(acks))) {
            if (ack->error.code < 0 ||
                hf_write_all(tell, &ack->seq, sizeof(ack->seq)) < 0)
                _exit(1);
            free(ack);
        }
    }
}

/* Reads `n` acknowledged numbers, kills the writer, reads what is left;
 * returns the last number that it had called safe. */
static uint64_t
kill_after(pid_t pid, int told, int n)
{
    uint64_t safe = 0, number;

    while (read(told, &number, sizeof(number)) == sizeof(number)) {
        safe = number;
        if (--n == 0)
            kill(pid, SIGKILL);
    }
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    return safe;
}

static void
loses_nothing_that_was_acknowledged_to_kill_9(void **state)
{
    struct fixture *f = *state;
    uint64_t last = 0;

    srand(1);
    for (int round = 0; round < 20; round++) {
        int ends[2];
        struct seen seen;
        uint64_t safe;
        pid_t pid;

        assert_int_equal(pipe(ends), 0);
        if ((pid = fork()) == 0) {
            close(ends[0]);
            write_until_killed(f->dir, ends[1]);
        }
        close(ends[1]);
        safe = kill_after(pid, ends[0], 1 + rand() % 40);
        close(ends[0]);

        open_journal(f); /* mends */
        hf_journal_close(f->journal);
        f->journal = NULL;
        seen = read_back(f, 0);
        assert_true(seen.ordered);
        assert_true(safe > last);
        assert_true(seen.last >= safe);
        last = seen.last;
    }
}

/* ---- a full disk ---- */

static void
writes_nothing_more_once_the_disk_is_full(void **state)
{
    struct fixture *f = *state;
    char *disk = hf_path_join(f->dir, "disk"), *inner;
    struct hf_journal_ack *ack;
    uint64_t safe = 0, tried = 0;
    struct seen seen;

    if (scratch_small_disk(disk, "256k") < 0) {
        print_message("skip %s: no right to mount a small disk\n", __func__);
        free(disk);
        skip();
    }
    inner = hf_path_join(disk, "state");
    free(f->dir);
    f->dir = inner;
    open_journal(f);
    for (;;) {
        tried = append(f->journal, HF_EVENT_HOST_INTENT, "web-1", 0);
        ack = next_ack(f->acks);
        if (ack->error.code < 0)
            break;
        safe = ack->seq;
        free(ack);
    }
    assert_int_equal(ack->error.code, HF_ENOSPACE);
    assert_int_equal(ack->seq, safe);
    assert_true(tried > safe);
    assert_non_null(strstr(ack->error.text, "journal.jsonl"));
    free(ack);

    /* later ones are refused as well, although a short one might fit */
    append(f->journal, HF_EVENT_HOST_INTENT, "w", 0);
    ack = next_ack(f->acks);
    assert_int_equal(ack->error.code, HF_ENOSPACE);
    free(ack);
    assert_int_equal(hf_journal_sync(f->journal, &f->err), HF_ENOSPACE);

    seen = read_back(f, 0);
    assert_true(seen.ordered);
    assert_int_equal(seen.last, safe);
    reopen(f); /* nothing torn was left */
    assert_int_equal(read_back(f, 0).last, safe);
    f->dir = hf_xstrndup(disk, strlen(disk) - strlen("/disk"));
    hf_journal_close(f->journal);
    f->journal = NULL;
    assert_int_equal(umount(disk), 0);
    free(inner);
    free(disk);
}

/* ---- moving away ---- */

static int
is_there(const struct fixture *f, const char *name)
{
    char *path = hf_path_join(f->dir, name);
    int there = hf_path_exists(path);

    free(path);
    return there;
}

/* One whole run of one host, recorded or not. */
static void
add_run(struct fixture *f, int settled, int recorded)
{
    uint64_t last;

    open_journal(f);
    append(f->journal, HF_EVENT_RUN_STARTED, "", 0);
    append(f->journal, HF_EVENT_HOST_INTENT, "web-1", 0);
    if (settled)
        append(f->journal, HF_EVENT_HOST_OUTCOME, "web-1", 0);
    last = append(f->journal, HF_EVENT_RUN_ENDED, "", 0);
    if (recorded)
        append(f->journal, HF_EVENT_RECORDED, "", (int64_t)last);
    hf_journal_close(f->journal);
    f->journal = NULL;
}

static void
moves_a_settled_journal_away_and_goes_on_counting(void **state)
{
    struct fixture *f = *state;

    add_run(f, 1, 1);
    assert_int_equal(hf_journal_rotate(f->dir, 5, &f->err), HF_OK);
    assert_false(is_there(f, "journal.jsonl"));
    assert_true(is_there(f, "journal-1.jsonl.done"));
    open_journal(f);
    assert_int_equal(append(f->journal, HF_EVENT_HOST_STEP, "web-1", 0), 6);
}

static void
leaves_a_journal_with_an_open_intent(void **state)
{
    struct fixture *f = *state;

    add_run(f, 0, 1);
    assert_int_equal(hf_journal_rotate(f->dir, 5, &f->err), HF_OK);
    assert_true(is_there(f, "journal.jsonl"));
    add_run(f, 1, 1); /* settles it */
    assert_int_equal(hf_journal_rotate(f->dir, 5, &f->err), HF_OK);
    assert_false(is_there(f, "journal.jsonl"));
}

static void
leaves_a_journal_that_the_ledger_does_not_hold(void **state)
{
    struct fixture *f = *state;

    add_run(f, 1, 0);
    assert_int_equal(hf_journal_rotate(f->dir, 5, &f->err), HF_OK);
    assert_true(is_there(f, "journal.jsonl"));
}

static void
leaves_a_journal_that_it_cannot_read(void **state)
{
    struct fixture *f = *state;

    add_run(f, 1, 1);
    add_raw(f, "not an event\n");
    assert_int_equal(hf_journal_rotate(f->dir, 5, &f->err), HF_OK);
    assert_true(is_there(f, "journal.jsonl"));
}

static void
keeps_the_newest_of_those_moved_away(void **state)
{
    struct fixture *f = *state;

    for (int i = 0; i < 4; i++) {
        add_run(f, 1, 1);
        assert_int_equal(hf_journal_rotate(f->dir, 2, &f->err), HF_OK);
    }
    assert_false(is_there(f, "journal-1.jsonl.done"));
    assert_false(is_there(f, "journal-6.jsonl.done"));
    assert_true(is_there(f, "journal-11.jsonl.done"));
    assert_true(is_there(f, "journal-16.jsonl.done"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(numbers_events_and_reads_them_back_in_order),
        TEST(acknowledges_an_intent_when_it_is_on_disk),
        TEST(says_nothing_of_events_that_nobody_waits_for),
        TEST(goes_on_with_the_numbers_after_a_restart),
        TEST(lets_one_process_write_at_a_time),
        TEST(keeps_the_file_from_others),
        TEST(cuts_off_a_half_line_and_keeps_it_aside),
        TEST(cuts_off_a_half_line_longer_than_any_buffer),
        TEST(opens_a_file_that_is_one_half_line),
        TEST(counts_broken_lines_and_gives_no_number_twice),
        TEST(stops_reading_when_it_is_told_to),
        TEST(reads_a_missing_journal_as_an_empty_one),
        TEST(loses_nothing_that_was_acknowledged_to_kill_9),
        TEST(moves_a_settled_journal_away_and_goes_on_counting),
        TEST(leaves_a_journal_with_an_open_intent),
        TEST(leaves_a_journal_that_the_ledger_does_not_hold),
        TEST(leaves_a_journal_that_it_cannot_read),
        TEST(keeps_the_newest_of_those_moved_away),
        TEST(writes_nothing_more_once_the_disk_is_full),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
