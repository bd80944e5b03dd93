/* The journal when its writer is killed, and when the disk is full. */
#include <signal.h>
#include <sys/wait.h>

#include "tests/unit/engine/journal_fixture.h"

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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(loses_nothing_that_was_acknowledged_to_kill_9),
        TEST(writes_nothing_more_once_the_disk_is_full),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
