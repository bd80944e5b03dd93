/* A run in groups, its counts, and the log's tail. */
#include "tests/unit/rows/golden.h"

#include "tui/rows/progress.h"

#define RUN_HOSTS 9

struct bench {
    struct hf_run_host hosts[RUN_HOSTS];
    const struct hf_run_host *list[RUN_HOSTS];
    struct hf_progress p;
};

static const struct {
    enum hf_phase phase;
    enum hf_outcome outcome;
    const char *why, *hint;
} ends[RUN_HOSTS] = {
    {HF_PHASE_DONE, HF_OUTCOME_VERIFIED, "fix_2 is in effect", ""},
    {HF_PHASE_DONE, HF_OUTCOME_FAILED, "the kernel refused fix_2",
     "sign the module"},
    {HF_PHASE_WORKING, HF_OUTCOME_CHECKED, "loading fix_2", ""},
    {HF_PHASE_DONE, HF_OUTCOME_FAILED, "the kernel refused fix_2", ""},
    {HF_PHASE_DONE, HF_OUTCOME_UNREACHABLE, "10.0.0.1 port 22 refuses", ""},
    {HF_PHASE_WAITING, HF_OUTCOME_CHECKED, "", ""},
    {HF_PHASE_PROBING, HF_OUTCOME_CHECKED, "", ""},
    {HF_PHASE_DONE, HF_OUTCOME_SKIPPED, "held: year end", ""},
    {HF_PHASE_DONE, HF_OUTCOME_UNREACHABLE, "10.0.0.9 port 2222 refuses", ""},
};

static int
setup(void **state)
{
    struct bench *b = HF_NEW(struct bench);

    for (size_t i = 0; i < RUN_HOSTS; i++) {
        struct hf_run_host *h = &b->hosts[i];

        h->host = &hosts[i % HOSTS];
        h->phase = ends[i].phase;
        h->outcome = ends[i].outcome;
        snprintf(h->why, sizeof(h->why), "%s", ends[i].why);
        snprintf(h->hint, sizeof(h->hint), "%s", ends[i].hint);
        h->phase_since = 1000;
        h->started = NOW;
        h->ended = NOW + 1500;
        b->list[i] = h;
    }
    hf_progress_take(&b->p, b->list, RUN_HOSTS);
    *state = b;
    return 0;
}

static int
teardown(void **state)
{
    struct bench *b = *state;

    hf_progress_release(&b->p);
    free(b);
    return 0;
}

static void
add_run(struct hf_buf *out, const struct hf_progress *p,
        const struct hf_look *look)
{
    struct hf_line line = {0};

    hf_progress_bar(&line, p, look);
    add_line(out, &line);
    hf_line_clear(&line);
    hf_progress_counts(&line, p, look);
    add_line(out, &line);
    for (size_t i = 0; i < p->len; i++) {
        hf_progress_line(&line, p, i, 5000, look);
        add_line(out, &line);
    }
    hf_line_release(&line);
}

static void
errors_are_folded_into_groups_by_their_reason(void **state)
{
    struct bench *b = *state;
    struct hf_buf out = {0};

    add_run(&out, &b->p, &narrow);
    add_run(&out, &b->p, &ascii);
    add_run(&out, &b->p, &wide);
    compare("progress", &out);
}

static size_t
find_row(const struct hf_progress *p, const char *name)
{
    for (size_t i = 0; i < p->len; i++) {
        if (p->items[i].host != SIZE_MAX &&
            strcmp(p->hosts[p->items[i].host].name, name) == 0)
            return i;
    }
    return SIZE_MAX;
}

static void
folds_stay_while_the_run_goes_on(void **state)
{
    struct bench *b = *state;

    assert_int_not_equal(find_row(&b->p, "db-1"), SIZE_MAX);
    hf_progress_fold(&b->p, find_row(&b->p, "db-1"));
    assert_int_equal(find_row(&b->p, "db-1"), SIZE_MAX);
    b->hosts[2].phase = HF_PHASE_DONE;
    b->hosts[2].outcome = HF_OUTCOME_VERIFIED;
    hf_progress_take(&b->p, b->list, RUN_HOSTS);
    assert_int_equal(find_row(&b->p, "db-1"), SIZE_MAX);
    assert_int_equal(b->p.done, 7);
    hf_progress_fold(&b->p, 1000); /* no such row */
}

static void
what_is_kept_outlives_the_run(void **state)
{
    struct bench *b = *state;
    struct hf_buf before = {0}, after = {0};

    add_run(&before, &b->p, &narrow);
    hf_progress_keep(&b->p);
    hf_progress_keep(&b->p);
    memset(b->hosts, 'x', sizeof(b->hosts));
    add_run(&after, &b->p, &narrow);
    assert_string_equal(hf_buf_str(&before), hf_buf_str(&after));
    hf_buf_release(&before);
    hf_buf_release(&after);
}

/* ---- the log ---- */

static void
tell(struct hf_tail *t, enum hf_event_kind kind, const char *json, int said)
{
    struct hf_event e;

    hf_event_init(&e, kind, "run", "web-1");
    e.at = NOW;
    e.data = cJSON_Parse(json);
    assert_int_equal(hf_tail_event(t, &e), said);
    hf_event_release(&e);
}

static void
the_log_says_what_is_for_people_and_nothing_harmful(void **state)
{
    struct hf_tail *t = HF_NEW(struct hf_tail);
    struct hf_line line = {0};
    struct hf_buf out = {0};

    (void)state;
    tell(t, HF_EVENT_HOST_STEP, "{\"step\":\"uploading\"}", 1);
    tell(t, HF_EVENT_HOST_LOG, "{\"text\":\"one\\ntwo \\u001b[31m\\n\"}", 1);
    tell(t, HF_EVENT_HOST_OUTCOME,
         "{\"outcome\":\"failed\",\"why\":\"refused\"}", 1);
    tell(t, HF_EVENT_HOLD, "{\"why\":\"a host failed\"}", 1);
    tell(t, HF_EVENT_HOST_FACTS, "{}", 0);
    assert_int_equal(t->len, 5);
    for (size_t i = t->len; i-- > 0;) {
        hf_tail_line_make(&line, hf_tail_get(t, i), &narrow);
        add_line(&out, &line);
    }
    assert_null(hf_tail_get(t, t->len));
    hf_line_release(&line);
    hf_tail_release(t);
    free(t);
    compare("tail", &out);
}

static void
the_log_keeps_the_newest(void **state)
{
    struct hf_tail *t = HF_NEW(struct hf_tail);
    char json[40];

    (void)state;
    for (int i = 0; i < HF_TAIL_LEN + 10; i++) {
        snprintf(json, sizeof(json), "{\"text\":\"line %d\"}", i);
        tell(t, HF_EVENT_HOST_LOG, json, 1);
    }
    assert_int_equal(t->len, HF_TAIL_LEN);
    assert_string_equal(hf_tail_get(t, 0)->text, "line 1009");
    assert_string_equal(hf_tail_get(t, HF_TAIL_LEN - 1)->text, "line 10");
    hf_tail_release(t);
    free(t);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(errors_are_folded_into_groups_by_their_reason),
        T(folds_stay_while_the_run_goes_on),
        T(what_is_kept_outlives_the_run),
        cmocka_unit_test(the_log_says_what_is_for_people_and_nothing_harmful),
        cmocka_unit_test(the_log_keeps_the_newest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
