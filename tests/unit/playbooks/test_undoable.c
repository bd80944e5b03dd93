/* What can be taken back: by whom it was put in, and what keeps it. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "inventory/hold.h"
#include "playbooks/undo_look.h"
#include "tests/unit/playbooks/bed.h"

struct seen {
    struct hf_undo_past past;
    struct hf_undoables u;
    const struct hf_state **states;
    size_t n;
};

static int
set_up(void **state)
{
    static struct bed b;

    bed_new(&b, 1);
    bed_open(&b);
    bed_check(&b, 16);
    *state = &b;
    return 0;
}

static int
tear_down(void **state)
{
    bed_close(*state);
    bed_free(*state);
    return 0;
}

static void
look(struct seen *s, struct bed *b)
{
    const struct hf_state *states = hf_session_states(b->s, &s->n);

    s->states = hf_xcalloc(s->n + 1, sizeof(*s->states));
    for (size_t i = 0; i < s->n; i++)
        s->states[i] = &states[i];
    assert_int_equal(hf_undo_past_read(&s->past, b->s, &b->err), HF_OK);
    hf_undoables_init(&s->u, hf_session_fleet(b->s), s->states, s->n, &s->past,
                      hf_now());
    assert_int_equal(hf_undoables_look(&s->u, s->n - 1), 1);
    assert_int_equal(hf_undoables_look(&s->u, 100), 0);
}

static void
forget(struct seen *s)
{
    hf_undoables_release(&s->u);
    hf_undo_past_release(&s->past);
    free(s->states);
}

static size_t
place(const struct seen *s, const char *host)
{
    size_t i = 0;

    while (i < s->n && strcmp(s->states[i]->host->name, host) != 0)
        i++;
    assert_true(i < s->n);
    return i;
}

static void
what_a_run_put_in_can_be_taken_back(void **state)
{
    struct bed *b = *state;
    const char *host = bed_well(b, 0);
    struct hf_ask ask = bed_ask(HF_ACTION_APPLY, host, NULL);
    const struct hf_undo_cost *cost;
    struct seen s;
    size_t at;
    uint32_t run;

    assert_int_equal(bed_run(b, &ask), 0);
    bed_settle(b);
    look(&s, b);
    at = place(&s, host);
    run = hf_undoables_run(&s.u, at);
    cost = hf_undoables_cost(&s.u, at);
    assert_int_equal(s.u.v[at].state, HF_UNDOABLE_YES);
    assert_string_equal(hf_undoables_why(&s.u, at), "");
    assert_non_null(cost);
    assert_int_equal(cost->restart, HF_RESTART_NO);
    assert_string_equal(cost->from, bed_state(b, host)->status.level);
    assert_true(run != HF_UNDO_NONE);
    assert_string_equal(s.past.runs[run].id, hf_session_run_id(b->s));
    assert_string_equal(s.past.runs[run].what, "apply");
    assert_false(s.past.runs[run].of_plan);
    forget(&s);
}

static void
what_was_taken_back_is_of_no_run_any_more(void **state)
{
    struct bed *b = *state;
    const char *host = bed_well(b, 0);
    struct hf_ask ask = bed_ask(HF_ACTION_APPLY, host, NULL);
    struct seen s;

    assert_int_equal(bed_run(b, &ask), 0);
    ask = bed_ask(HF_ACTION_ROLLBACK, host, NULL);
    assert_int_equal(bed_run(b, &ask), 0);
    bed_settle(b);
    look(&s, b);
    assert_int_equal(hf_undoables_run(&s.u, place(&s, host)), HF_UNDO_NONE);
    forget(&s);
}

static void
a_hold_keeps_it_and_the_price_is_told(void **state)
{
    struct bed *b = *state;
    const char *host = bed_well(b, 0);
    struct hf_problems problems = {0};
    struct hf_ask ask = bed_ask(HF_ACTION_APPLY, host, NULL);
    const struct hf_host *held;
    char commit[41];
    struct seen s;
    size_t at;

    assert_int_equal(bed_run(b, &ask), 0);
    bed_settle(b);
    held = hf_fleet_find(hf_session_fleet(b->s), host);
    assert_int_equal(
        hf_hold(hf_session_repo(b->s), &held, 1, "month end", commit, &b->err),
        HF_OK);
    assert_int_equal(hf_session_reload(b->s, &problems, &b->err), 1);
    hf_problems_release(&problems);
    look(&s, b);
    at = place(&s, host);
    assert_int_equal(s.u.v[at].state, HF_UNDOABLE_BLOCKED);
    assert_string_equal(hf_undoables_why(&s.u, at), "held: month end");
    assert_non_null(hf_undoables_cost(&s.u, at));
    forget(&s);
}

static void
hosts_that_stand_alike_share_their_price(void **state)
{
    struct bed *b = *state;
    struct seen s;
    size_t can = 0;

    look(&s, b);
    for (size_t i = 0; i < s.n; i++)
        can += s.u.v[i].cost != HF_UNDO_NONE;
    assert_true(s.u.costs_len < can);
    forget(&s);
}

/* ---- in pieces, beside a screen ---- */

/* Until nothing is left to be done; how often there was something to take. */
static size_t
look_on(struct hf_undo_look *l)
{
    size_t taken = 0;

    while (hf_undo_look_is_looking(l) || hf_undo_look_is_reading(l)) {
        if (hf_undo_look_on(l, 1)) {
            assert_non_null(hf_undo_look_take(l));
            taken++;
        }
    }
    return taken;
}

static void
apply_to(struct bed *b, const char *host)
{
    struct hf_ask ask = bed_ask(HF_ACTION_APPLY, host, NULL);

    assert_int_equal(bed_run(b, &ask), 0);
    bed_settle(b);
}

static void
pieces_find_what_is_found_at_once(void **state)
{
    struct bed *b = *state;
    const char *host = bed_well(b, 0);
    struct hf_undo_look *l = hf_undo_look_new();
    const struct hf_undoables *u;
    struct seen s;

    apply_to(b, host);
    assert_int_equal(hf_undo_look_on(l, 1), 0);
    hf_undo_look_begin(l, b->s, hf_now());
    assert_int_equal(hf_undo_look_at(l), 0);
    assert_true(look_on(l) >= 1);
    assert_true(hf_undo_look_at(l) > 0);
    assert_string_equal(hf_undo_look_trouble(l), "");
    u = hf_undo_look_take(l);
    look(&s, b);
    assert_int_equal(u->n, s.n);
    for (size_t i = 0; i < s.n; i++) {
        assert_int_equal(u->v[i].state, s.u.v[i].state);
        assert_string_equal(hf_undoables_why(u, i), hf_undoables_why(&s.u, i));
        assert_int_equal(hf_undoables_run(u, i), hf_undoables_run(&s.u, i));
    }
    assert_true(hf_undoables_run(u, place(&s, host)) != HF_UNDO_NONE);
    forget(&s);
    hf_undo_look_free(l);
}

/* After a reload hosts stand elsewhere; the ledger is as it was. */
static void
the_past_is_kept_when_the_fleet_is_read_again(void **state)
{
    struct bed *b = *state;
    const char *host = bed_well(b, 0);
    struct hf_undo_look *l = hf_undo_look_new();
    const struct hf_undoables *u;
    struct seen s;

    apply_to(b, host);
    hf_undo_look_begin(l, b->s, hf_now());
    (void)look_on(l);
    hf_undo_look_forget(l);
    assert_null(hf_undo_look_take(l));
    assert_int_equal(hf_undo_look_at(l), 0);
    hf_undo_look_begin(l, b->s, hf_now());
    assert_true(look_on(l) >= 1);
    u = hf_undo_look_take(l);
    look(&s, b);
    assert_string_equal(u->past->runs[hf_undoables_run(u, place(&s, host))].id,
                        hf_session_run_id(b->s));
    forget(&s);
    hf_undo_look_free(l);
}

static void
what_the_ledger_got_since_is_read_anew(void **state)
{
    struct bed *b = *state;
    const char *host = bed_well(b, 0);
    struct hf_undo_look *l = hf_undo_look_new();
    const struct hf_undoables *u;
    struct seen s;

    hf_undo_look_begin(l, b->s, hf_now());
    (void)look_on(l);
    apply_to(b, host);
    hf_undo_look_begin(l, b->s, hf_now());
    (void)look_on(l);
    u = hf_undo_look_take(l);
    look(&s, b);
    assert_true(hf_undoables_run(u, place(&s, host)) != HF_UNDO_NONE);
    forget(&s);
    hf_undo_look_free(l);
}

/* The reading goes on for nobody, and frees itself. */
static void
who_leaves_does_not_wait_for_the_ledger(void **state)
{
    struct bed *b = *state;
    struct hf_undo_look *l = hf_undo_look_new();

    hf_undo_look_begin(l, b->s, hf_now());
    hf_undo_look_free(l);
    l = hf_undo_look_new();
    hf_undo_look_begin(l, b->s, hf_now());
    hf_undo_look_forget(l);
    hf_undo_look_begin(l, b->s, hf_now());
    assert_true(look_on(l) >= 1);
    hf_undo_look_free(l);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(what_a_run_put_in_can_be_taken_back),
        T(what_was_taken_back_is_of_no_run_any_more),
        T(a_hold_keeps_it_and_the_price_is_told),
        T(hosts_that_stand_alike_share_their_price),
        T(pieces_find_what_is_found_at_once),
        T(the_past_is_kept_when_the_fleet_is_read_again),
        T(what_the_ledger_got_since_is_read_anew),
        T(who_leaves_does_not_wait_for_the_ledger),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
