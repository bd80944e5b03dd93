/* The journal: numbers, acknowledgements, torn and broken lines. */
#include "tests/unit/engine/journal_fixture.h"

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
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
