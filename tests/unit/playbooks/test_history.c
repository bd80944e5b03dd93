/* The past, as the ledger tells it: whole, in order, the same from git and
 * from the file that spares reading git again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "playbooks/history.h"
#include "tests/unit/playbooks/bed.h"

static int
set_up(void **state)
{
    static struct bed b;

    bed_new(&b, 1);
    *state = &b;
    return 0;
}

static int
tear_down(void **state)
{
    bed_free(*state);
    return 0;
}

static struct hf_history *
open_history(struct bed *b)
{
    struct hf_history *h = NULL;

    if (hf_history_open(&h, b->s, &b->err) < 0)
        fail_msg("%s", b->err.text);
    return h;
}

/* All of it, a line each. */
static char *
told(const struct hf_history *h)
{
    struct hf_buf out = {0};
    struct hf_moment m;

    for (size_t i = 0; i < hf_history_len(h); i++) {
        hf_history_get(h, i, &m);
        hf_buf_printf(&out, "%s %lld %d %s %s %s %s %zu %zu\n", m.host,
                      (long long)m.at, m.is_run, m.net, m.record.recent.run,
                      m.record.recent.action, m.record.recent.outcome,
                      m.record.facts.len, m.record.baseline.len);
        hf_record_release(&m.record);
    }
    hf_buf_printf(&out, "%s %zu\n", hf_history_commit(h),
                  hf_history_damaged(h));
    return hf_buf_take(&out);
}

static size_t
count_runs(const struct hf_history *h, const char *host)
{
    size_t n = 0;

    for (size_t k = 0; k < hf_history_hosts(h); k++) {
        struct hf_chapter of = hf_history_host(h, k);

        for (size_t i = of.first; i < of.end; i++)
            n += hf_history_glance(h, i)->is_run && strcmp(of.host, host) == 0;
    }
    return n;
}

static void
check_all(struct bed *b)
{
    struct hf_ask ask = bed_ask(HF_ACTION_CHECK, bed_well(b, 0), NULL);

    (void)bed_run(b, &ask);
    bed_settle(b);
}

static void
act(struct bed *b, enum hf_action action)
{
    struct hf_ask ask = bed_ask(action, bed_well(b, 0), NULL);

    assert_int_equal(bed_run(b, &ask), 0);
    bed_settle(b);
}

static void
forget_file(struct bed *b)
{
    char *dir = bed_state_dir(b), *path = hf_path_join(dir, "history");

    assert_int_equal(unlink(path), 0);
    free(path);
    free(dir);
}

static void
without_a_ledger_there_is_no_past(void **state)
{
    struct bed *b = *state;
    struct hf_history *h;

    bed_open(b);
    h = open_history(b);
    assert_int_equal(hf_history_len(h), 0);
    assert_string_equal(hf_history_commit(h), "");
    hf_history_free(h);
    bed_close(b);
}

static void
a_run_is_told_with_what_was_before_and_after(void **state)
{
    struct bed *b = *state;
    struct hf_history *h;
    struct hf_moment m = {0};
    size_t i;

    bed_open(b);
    check_all(b);
    act(b, HF_ACTION_APPLY);
    h = open_history(b);
    assert_int_equal(count_runs(h, bed_well(b, 0)), 1);
    for (i = 0; !hf_history_glance(h, i)->is_run;)
        i++;
    hf_history_get(h, i, &m);
    assert_string_equal(m.record.recent.action, "apply");
    assert_string_equal(m.record.recent.outcome, "verified");
    assert_true(m.at > 0 && m.at == m.record.recent.at);
    assert_string_equal(hf_facts_get(&m.record.facts, "boot.id"),
                        hf_facts_get(&m.record.baseline, "boot.id"));
    assert_string_equal(hf_facts_get(&m.record.facts, HF_PAST_RESTART), "no");
    hf_record_release(&m.record);
    hf_history_free(h);
    bed_close(b);
}

static void
the_file_says_what_git_says(void **state)
{
    struct bed *b = *state;
    struct hf_history *h;
    char *grown, *kept, *anew;

    bed_open(b);
    act(b, HF_ACTION_ROLLBACK); /* more, behind what the file holds */
    h = open_history(b);
    grown = told(h);
    hf_history_free(h);
    h = open_history(b);
    kept = told(h);
    hf_history_free(h);
    forget_file(b);
    h = open_history(b);
    anew = told(h);
    assert_int_equal(count_runs(h, bed_well(b, 0)), 2);
    hf_history_free(h);
    assert_string_equal(grown, anew);
    assert_string_equal(kept, anew);
    free(grown);
    free(kept);
    free(anew);
    bed_close(b);
}

static void
moments_of_a_host_are_in_the_order_of_time(void **state)
{
    struct bed *b = *state;
    struct hf_moment m, before = {.host = ""};
    struct hf_history *h;

    bed_open(b);
    h = open_history(b);
    assert_true(hf_history_len(h) > 2);
    for (size_t i = 0; i < hf_history_len(h); i++) {
        hf_history_get(h, i, &m);
        hf_record_release(&m.record);
        assert_true(strcmp(before.host, m.host) <= 0);
        if (strcmp(before.host, m.host) == 0)
            assert_true(before.at <= m.at);
        before = m;
    }
    hf_history_free(h);
    bed_close(b);
}

/* It is counted, and hides nothing else; also when it is read from the
 * file. */
static void
a_broken_record_is_counted(void **state)
{
    struct bed *b = *state;
    struct hf_history *h;
    size_t len;

    bed_open(b);
    h = open_history(b);
    len = hf_history_len(h);
    hf_history_free(h);
    bed_ledger_write(b, "hosts/00/odd/2026-11/20261101T000000Z-000000.json",
                     cJSON_CreateString("no record"));
    for (int again = 0; again < 2; again++) {
        h = open_history(b);
        assert_int_equal(hf_history_len(h), len);
        assert_int_equal(hf_history_damaged(h), 1);
        hf_history_free(h);
    }
    bed_close(b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_ledger_there_is_no_past),
        cmocka_unit_test(a_run_is_told_with_what_was_before_and_after),
        cmocka_unit_test(the_file_says_what_git_says),
        cmocka_unit_test(moments_of_a_host_are_in_the_order_of_time),
        cmocka_unit_test(a_broken_record_is_counted),
    };

    return cmocka_run_group_tests_name("history", tests, set_up, tear_down);
}
