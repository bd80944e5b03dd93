/* A run once more: the fold of the first events is the run as it was then. */
#include "tests/unit/rows/small_plan.h"

#include "tui/rows/replay.h"
#include "tui/rows/story.h"

#define RUN "20261123T011320Z-aaaaaa"

/* What happened, in order: the first ring ends with a failure, a person is
 * asked, the run is halted. */
static const struct {
    enum hf_rollout_kind kind;
    int ring, batch, gate, host, outcome, sample;
    const char *why, *who;
} story[] = {
    {HF_ROLLOUT_RUN_BEGAN, -1, -1, -1, -1, 0, 0, "", ""},
    {HF_ROLLOUT_RING_BEGAN, 0, -1, -1, -1, 0, 0, "", ""},
    {HF_ROLLOUT_BATCH_BEGAN, 0, 0, -1, -1, 0, 0, "", ""},
    {HF_ROLLOUT_HOST_STARTED, 0, 0, -1, 0, 0, 0, "", ""},
    {HF_ROLLOUT_HOST_STARTED, 0, 0, -1, 1, 0, 0, "", ""},
    {HF_ROLLOUT_HOST_ENDED, 0, 0, -1, 0, HF_OUTCOME_VERIFIED, 0, "fix_2", ""},
    {HF_ROLLOUT_HOST_ENDED, 0, 0, -1, 1, HF_OUTCOME_FAILED, 0,
     "the kernel refused fix_2", ""},
    {HF_ROLLOUT_BATCH_ENDED, 0, 0, -1, -1, 0, 0, "", ""},
    {HF_ROLLOUT_SAMPLE_TAKEN, 0, 0, 0, -1, 0, 0, "", ""},
    {HF_ROLLOUT_SAMPLE_ENDED, 0, 0, 0, -1, 0, HF_SAMPLE_FAIL,
     "app-2: a service is down", ""},
    {HF_ROLLOUT_GATE_FAILED, 0, 0, 0, -1, 0, 0, "1 sample failed", ""},
    {HF_ROLLOUT_HALTED, 0, 0, 0, -1, 0, 0, "gate 'well' failed", ""},
    {HF_ROLLOUT_RESUMED, -1, -1, -1, -1, 0, 0, "it was the disk", "Ann"},
};

static struct hf_rollout_event
told(size_t i)
{
    struct hf_rollout_event e = hf_rollout_event_of(story[i].kind);

    e.at = NOW - HOUR + (int64_t)i * MINUTE;
    e.ring = story[i].ring;
    e.batch = story[i].batch;
    e.gate = story[i].gate;
    e.host = story[i].host;
    e.outcome = story[i].outcome;
    e.sample = story[i].sample;
    hf_say(e.why, sizeof(e.why), "%s", story[i].why);
    hf_say(e.who, sizeof(e.who), "%s", story[i].who);
    return e;
}

static int
setup(void **state)
{
    struct hf_replay *r = HF_NEW(struct hf_replay);

    hf_replay_init(r, RUN, make_plan());
    for (size_t i = 0; i < HF_COUNT(story); i++) {
        struct hf_rollout_event e = told(i);

        hf_replay_take(r, &e);
    }
    *state = r;
    return 0;
}

static int
teardown(void **state)
{
    hf_replay_release(*state);
    free(*state);
    return 0;
}

/* ---- prefixes ---- */

static void
show(struct hf_buf *out, struct hf_replay *r, const struct hf_look *look)
{
    struct hf_look then = *look;
    struct hf_line line = {0};
    struct hf_rings rows = {0};

    then.now = hf_replay_time(r);
    hf_replay_place(&line, r, look);
    add_line(out, &line);
    hf_line_clear(&line);
    hf_replay_event(&line, r);
    add_line(out, &line);
    hf_rings_make(&rows, &r->run, 1, 0, &then);
    add_doc(out, &rows.doc);
    hf_buf_puts(out, "----\n");
    hf_rings_release(&rows);
    hf_line_release(&line);
}

static void
each_moment_is_shown_as_it_was(void **state)
{
    struct hf_replay *r = *state;
    struct hf_buf out = {0};

    hf_replay_to(r, 0);
    show(&out, r, &narrow);
    hf_replay_to(r, 5);
    show(&out, r, &narrow);
    hf_replay_to(r, 12);
    show(&out, r, &narrow);
    show(&out, r, &ascii);
    compare("replay", &out);
}

/* What a prefix folds to, in a few numbers. */
static void
expect_same(const struct hf_rollout *a, const struct hf_rollout *b)
{
    struct hf_rollout_counts x, y;
    struct hf_rollout_view v, w;

    hf_rollout_counts(a, -1, &x);
    hf_rollout_counts(b, -1, &y);
    assert_memory_equal(&x, &y, sizeof(x));
    hf_rollout_view(a, &v);
    hf_rollout_view(b, &w);
    assert_int_equal(v.state, w.state);
    assert_int_equal(v.ring, w.ring);
    assert_string_equal(v.waits_for, w.waits_for);
}

static void
back_and_forth_lead_to_the_same_moment(void **state)
{
    struct hf_replay *r = *state;

    for (size_t at = 0; at <= r->len; at++) {
        struct hf_rollout *fold = hf_rollout_new(r->run.plan);

        for (size_t i = 0; i < at; i++)
            hf_rollout_apply(fold, &r->v[i]);
        hf_replay_to(r, r->len);
        hf_replay_to(r, at);
        assert_int_equal(r->at, at);
        expect_same(r->run.rollout, fold);
        hf_rollout_free(fold);
    }
    hf_replay_to(r, SIZE_MAX);
    assert_int_equal(r->at, r->len);
}

static void
who_stands_at_the_end_goes_with_it(void **state)
{
    struct hf_replay *r = *state;
    struct hf_rollout_event e = told(0);

    hf_replay_take(r, &e);
    assert_int_equal(r->at, r->len);
    hf_replay_to(r, 3);
    hf_replay_take(r, &e);
    assert_int_equal(r->at, 3);
}

static void
events_of_note_are_stops_on_the_way(void **state)
{
    static const size_t stops[] = {1, 2, 7, 11, 12, 13};
    struct hf_replay *r = *state;

    hf_replay_to(r, 0);
    for (size_t i = 0; i < HF_COUNT(stops); i++) {
        hf_replay_to(r, hf_replay_note(r, 1));
        assert_int_equal(r->at, stops[i]);
    }
    assert_int_equal(hf_replay_note(r, 1), r->len);
    for (size_t i = HF_COUNT(stops) - 1; i-- > 0;) {
        hf_replay_to(r, hf_replay_note(r, -1));
        assert_int_equal(r->at, stops[i]);
    }
    hf_replay_to(r, hf_replay_note(r, -1));
    assert_int_equal(r->at, 0);
}

/* ---- hosts and log ---- */

static void
hosts_stand_in_groups_with_the_reasons_of_their_ends(void **state)
{
    struct hf_replay *r = *state;
    struct hf_progress p = {0};
    struct hf_buf out = {0};
    struct hf_line line = {0};

    for (size_t at = 6; at <= 7; at++) {
        hf_replay_to(r, at);
        hf_replay_hosts(&p, r);
        for (size_t i = 0; i < p.len; i++) {
            hf_progress_line(&line, &p, i, 0, &narrow);
            add_line(&out, &line);
        }
        hf_buf_puts(&out, "----\n");
    }
    hf_line_release(&line);
    hf_progress_release(&p);
    compare("replay_hosts", &out);
}

static void
the_log_tells_every_event(void **state)
{
    struct hf_replay *r = *state;
    struct hf_tail *tail = HF_NEW(struct hf_tail);
    struct hf_buf out = {0};
    struct hf_line line = {0};

    for (size_t i = 0; i < r->len; i++)
        hf_story_tail(tail, r->run.plan, &r->v[i]);
    assert_int_equal(tail->len, r->len);
    for (size_t i = tail->len; i-- > 0;) {
        hf_tail_line_make(&line, hf_tail_get(tail, i), &narrow);
        add_line(&out, &line);
    }
    hf_line_release(&line);
    hf_tail_release(tail);
    free(tail);
    compare("replay_log", &out);
}

/* Every kind has words, whatever it is about. */
static void
every_kind_of_event_has_words(void **state)
{
    const struct hf_replay *r = *state;

    for (int kind = 0; kind < HF_ROLLOUT_KIND_COUNT; kind++) {
        struct hf_rollout_event e =
            hf_rollout_event_of((enum hf_rollout_kind)kind);
        struct hf_buf subject = {0}, text = {0};

        hf_story_subject(&subject, r->run.plan, &e);
        hf_story_text(&text, &e);
        assert_true(subject.len > 0);
        assert_true(text.len > 0);
        hf_buf_release(&subject);
        hf_buf_release(&text);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_moment_is_shown_as_it_was),
        TEST(back_and_forth_lead_to_the_same_moment),
        TEST(who_stands_at_the_end_goes_with_it),
        TEST(events_of_note_are_stops_on_the_way),
        TEST(hosts_stand_in_groups_with_the_reasons_of_their_ends),
        TEST(the_log_tells_every_event),
        TEST(every_kind_of_event_has_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
