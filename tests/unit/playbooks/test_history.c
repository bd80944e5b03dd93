/* The past, as the ledger tells it: whole, in order, the same from git and
 * from the file that spares reading git again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/base/file.h"
#include "backend/base/json.h"
#include "backend/base/mem.h"
#include "inventory/ledger.h"
#include "playbooks/history.h"
#include "tests/unit/playbooks/bed.h"

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

/* A file of the index; the caller's. */
static char *
index_file(struct bed *b, const char *name)
{
    char *dir = bed_state_dir(b), *path = hf_path_join(dir, name);

    free(dir);
    return path;
}

static void
forget_files(struct bed *b)
{
    char *all = index_file(b, "history"), *news = index_file(b, "history.news");

    (void)unlink(all);
    (void)unlink(news);
    free(all);
    free(news);
}

/* What another process is told. */
static char *
told_anew(struct bed *b)
{
    struct hf_history *h;
    char *text;

    bed_close(b);
    bed_open(b);
    h = open_history(b);
    text = told(h);
    hf_history_free(h);
    return text;
}

/* What is kept and what git says are the same, now and again. */
static void
check_told(struct bed *b)
{
    char *grown = told_anew(b), *kept = told_anew(b), *anew;

    forget_files(b);
    anew = told_anew(b);
    assert_string_equal(grown, anew);
    assert_string_equal(kept, anew);
    free(grown);
    free(kept);
    free(anew);
}

static struct hf_buf
contents(const char *path)
{
    struct hf_err err = HF_ERR_INIT;
    struct hf_buf out = {0};

    assert_int_equal(hf_file_read(&out, path, 1 << 24, &err), HF_OK);
    return out;
}

static void
replace(const char *path, const struct hf_buf *with, size_t len)
{
    struct hf_err err = HF_ERR_INIT;

    assert_int_equal(hf_file_write(path, hf_buf_str(with), len, 0600, &err),
                     HF_OK);
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

    bed_open(b);
    act(b, HF_ACTION_ROLLBACK); /* more, behind what the file holds */
    check_told(b);
    h = open_history(b);
    assert_int_equal(count_runs(h, bed_well(b, 0)), 2);
    hf_history_free(h);
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
        free(told_anew(b));
        h = open_history(b);
        assert_int_equal(hf_history_len(h), len);
        assert_int_equal(hf_history_damaged(h), 1);
        hf_history_free(h);
    }
    bed_close(b);
}

/* ---- the index ---- */

/* So many runs on hosts of which the fleet knows nothing, in one batch. */
static void
add_runs(struct bed *b, size_t n)
{
    const struct hf_ledger_options o = {.branch = "ledger"};
    static unsigned number;
    struct hf_ledger *l = NULL;

    assert_int_equal(hf_ledger_open(&l, b->fleet, &o, NULL, &b->err), HF_OK);
    for (size_t i = 0; i < n; i++) {
        struct hf_ledger_record *r = HF_NEW(struct hf_ledger_record);
        cJSON *doc = cJSON_CreateObject();
        char host[32], run[40];

        number++;
        (void)snprintf(host, sizeof(host), "other-%u", number % 7);
        (void)snprintf(run, sizeof(run), "20261101T000000Z-%06x", number);
        hf_json_add_str(doc, "run", run);
        hf_json_add_str(doc, "action", "apply");
        hf_json_add_str(doc, "outcome", "verified");
        hf_json_add_time(doc, "ended", 1790000000000 + number * 37 % 100);
        r->path = hf_ledger_evidence_path(host, run);
        r->content = hf_json_print(doc);
        r->subject = hf_xstrdup("test");
        hf_ledger_add(l, r);
        cJSON_Delete(doc);
    }
    assert_int_equal(hf_ledger_close(l, 60000, &b->err), HF_OK);
}

static void
news_are_kept_beside_the_rest(void **state)
{
    struct bed *b = *state;
    struct hf_buf all, is;
    char *path, *news;

    bed_open(b);
    path = index_file(b, "history");
    news = index_file(b, "history.news");
    add_runs(b, 900);
    free(told_anew(b));
    all = contents(path);
    for (int i = 0; i < 20; i++) { /* more openings than shelves are kept */
        add_runs(b, 1);
        free(told_anew(b));
    }
    is = contents(path);
    assert_int_equal(is.len, all.len);
    assert_memory_equal(is.data, all.data, all.len);
    hf_buf_release(&is);
    assert_true(hf_path_exists(news));
    check_told(b);
    add_runs(b, 100); /* now they are much */
    free(told_anew(b));
    is = contents(path);
    assert_true(is.len > all.len);
    check_told(b);
    hf_buf_release(&is);
    hf_buf_release(&all);
    free(path);
    free(news);
    bed_close(b);
}

/* Some bytes: each one is looked at by the tests of the file. */
static void
a_damaged_file_is_read_anew(void **state)
{
    static const char *const names[] = {"history", "history.news"};
    struct bed *b = *state;

    bed_open(b);
    for (size_t i = 0; i < HF_COUNT(names); i++) {
        char *path = index_file(b, names[i]), *wanted, *is;
        struct hf_buf file;

        free(told_anew(b));
        add_runs(b, 1);
        wanted = told_anew(b);
        file = contents(path);
        file.data[file.len / 2] ^= 1;
        replace(path, &file, file.len);
        is = told_anew(b);
        assert_string_equal(is, wanted);
        free(is);
        replace(path, &file, file.len / 3);
        is = told_anew(b);
        assert_string_equal(is, wanted);
        free(is);
        free(wanted);
        hf_buf_release(&file);
        free(path);
    }
    bed_close(b);
}

/* Two processes saved in turns: news that do not go on from the rest that is
 * there, and a rest that is older than its news were. */
static void
files_that_do_not_belong_together_do_no_harm(void **state)
{
    struct bed *b = *state;
    char *path, *news;
    struct hf_buf old_all, old_news;

    bed_open(b);
    path = index_file(b, "history");
    news = index_file(b, "history.news");
    add_runs(b, 1);
    free(told_anew(b));
    old_all = contents(path);
    old_news = contents(news);
    add_runs(b, 200);
    free(told_anew(b));
    replace(news, &old_news, old_news.len);
    check_told(b);
    add_runs(b, 1);
    free(told_anew(b));
    replace(path, &old_all, old_all.len);
    check_told(b);
    hf_buf_release(&old_all);
    hf_buf_release(&old_news);
    free(path);
    free(news);
    bed_close(b);
}

/* Of the rest, then of the news alone. */
static void
another_past_is_read_anew(void **state)
{
    static const char *const back[] = {"update-ref refs/heads/ledger ledger~9",
                                       "update-ref refs/heads/ledger ledger~1"};
    struct bed *b = *state;

    bed_open(b);
    for (size_t i = 0; i < HF_COUNT(back); i++) {
        for (int k = 0; k < 5; k++)
            add_runs(b, 1);
        free(told_anew(b));
        add_runs(b, 1);
        free(told_anew(b));
        (void)bed_git(b, back[i]);
        check_told(b);
        add_runs(b, 2);
        check_told(b);
    }
    bed_close(b);
}

static void
a_session_reads_one_commit_once(void **state)
{
    struct bed *b = *state;
    struct hf_history *h, *again, *more;

    bed_open(b);
    h = open_history(b);
    again = open_history(b);
    assert_ptr_equal(h, again);
    hf_history_free(again);
    add_runs(b, 1);
    more = open_history(b);
    assert_int_equal(hf_history_len(more), hf_history_len(h) + 1);
    hf_history_free(h);
    bed_close(b);
    assert_true(hf_history_len(more) > 0); /* whoever has it keeps it */
    hf_history_free(more);
}

static void
who_only_reads_saves_nothing(void **state)
{
    struct bed *b = *state;
    char *path, *kept, *is;
    struct hf_history *h;

    bed_open(b);
    path = index_file(b, "history");
    kept = told_anew(b);
    bed_close(b);
    forget_files(b);
    bed_open_read_only(b);
    h = open_history(b);
    is = told(h);
    assert_string_equal(is, kept);
    assert_false(hf_path_exists(path));
    hf_history_free(h);
    bed_close(b);
    free(path);
    free(kept);
    free(is);
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
        cmocka_unit_test(news_are_kept_beside_the_rest),
        cmocka_unit_test(a_damaged_file_is_read_anew),
        cmocka_unit_test(files_that_do_not_belong_together_do_no_harm),
        cmocka_unit_test(another_past_is_read_anew),
        cmocka_unit_test(a_session_reads_one_commit_once),
        cmocka_unit_test(who_only_reads_saves_nothing),
    };

    return cmocka_run_group_tests_name("history", tests, bed_set_up,
                                       bed_tear_down);
}
