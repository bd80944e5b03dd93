/* Moving journals away when nothing in them is open. */
#include "tests/unit/engine/journal_fixture.h"

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
begin_and_end_of_a_part_are_for_nobody_to_record(void **state)
{
    struct fixture *f = *state;
    struct hf_event e;

    add_run(f, 1, 1);
    open_journal(f);
    hf_event_init(&e, HF_EVENT_RUN_ENDED, RUN, "");
    e.data = cJSON_CreateObject();
    hf_json_add_bool(e.data, "part", 1);
    (void)hf_journal_append(f->journal, &e);
    hf_event_release(&e);
    hf_journal_close(f->journal);
    f->journal = NULL;
    assert_int_equal(hf_journal_rotate(f->dir, 5, &f->err), HF_OK);
    assert_false(is_there(f, "journal.jsonl"));
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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(moves_a_settled_journal_away_and_goes_on_counting),
        TEST(leaves_a_journal_with_an_open_intent),
        TEST(leaves_a_journal_that_the_ledger_does_not_hold),
        TEST(begin_and_end_of_a_part_are_for_nobody_to_record),
        TEST(leaves_a_journal_that_it_cannot_read),
        TEST(keeps_the_newest_of_those_moved_away),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
