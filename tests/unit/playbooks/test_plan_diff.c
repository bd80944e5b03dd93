/* In what two plans differ: each kind of change, and what it makes stale. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "playbooks/plan.h"
#include "playbooks/playbook.h"

static const char playbook[] =
    "{\"kind\": \"rollout\", \"rings\": [{\"name\": \"one\", \"size\": \"1\"},"
    " {\"name\": \"two\", \"size\": \"rest\"}]}";

struct made {
    struct hf_plan plan;
    struct hf_plan_host hosts[2];
    struct hf_plan_left_out left_out[1];
    struct hf_plan_control controls[1];
    const char *releases[2];
};

/* web-01 in ring one, web-02 in ring two, db-01 held. */
static void
make(struct made *m)
{
    struct hf_problems problems = {0};
    struct hf_err err = HF_ERR_INIT;

    memset(m, 0, sizeof(*m));
    m->plan.arena = hf_arena_new();
    assert_int_equal(hf_playbook_parse(&m->plan.playbook, m->plan.arena, "p",
                                       playbook, strlen(playbook), NULL, NULL,
                                       &problems, &err),
                     HF_OK);
    m->hosts[0] = (struct hf_plan_host){
        .name = "web-01", .settings = "s1", .from = "a", .to = "b"};
    m->hosts[1] = (struct hf_plan_host){
        .name = "web-02", .settings = "s2", .from = "a", .to = "b", .ring = 1};
    m->left_out[0] =
        (struct hf_plan_left_out){"db-01", NULL, HF_OUTCOME_SKIPPED, "held: x"};
    m->releases[0] = "linux b";
    m->plan.releases = m->releases;
    m->plan.hosts = m->hosts;
    m->plan.hosts_len = 2;
    m->plan.left_out = m->left_out;
    m->plan.left_out_len = 1;
    m->plan.controls = m->controls;
    hf_plan_index(&m->plan);
}

static void
release(struct made *m)
{
    hf_arena_free(m->plan.arena);
}

/* "kind what was is" of the n-th change. */
static const char *
nth(const struct hf_plan_changes *c, size_t n)
{
    static char text[256];

    assert_true(n < c->len);
    (void)snprintf(text, sizeof(text), "%s %s %s %s",
                   hf_plan_change_rows[c->v[n].kind].name, c->v[n].what,
                   c->v[n].was ? c->v[n].was : "-",
                   c->v[n].is ? c->v[n].is : "-");
    return text;
}

static void
plans_that_are_the_same_do_not_differ(void **state)
{
    struct hf_plan_changes changes = {0};
    struct made a, b;

    (void)state;
    make(&a);
    make(&b);
    hf_plan_compare(&changes, &a.plan, &b.plan);
    assert_int_equal(changes.len, 0);
    hf_plan_changes_release(&changes);
    release(&a);
    release(&b);
}

static void
each_price_of_a_host_is_told(void **state)
{
    struct hf_plan_changes changes = {0};
    struct made a, b;

    (void)state;
    make(&a);
    make(&b);
    b.hosts[1].restart = HF_RESTART_YES;
    b.hosts[1].minutes = 7;
    b.hosts[1].undo_restart = HF_RESTART_UNKNOWN;
    hf_plan_compare(&changes, &a.plan, &b.plan);
    assert_int_equal(changes.len, 3);
    assert_string_equal(nth(&changes, 0), "restart web-02 no yes");
    assert_string_equal(nth(&changes, 1), "minutes web-02 0 7");
    assert_string_equal(nth(&changes, 2), "undo web-02 no unknown");
    hf_plan_changes_release(&changes);
    release(&a);
    release(&b);
}

static void
only_what_decides_makes_a_plan_stale(void **state)
{
    struct hf_plan_moves moves = {0};
    struct made a, b;

    (void)state;
    make(&a);
    make(&b);
    b.hosts[0].minutes = 7;
    b.hosts[0].from = NULL;
    b.left_out[0].why = "held: y";
    hf_plan_diff(&moves, &a.plan, &b.plan);
    assert_int_equal(moves.stale.len, 0);
    assert_int_equal(moves.harmless.len, 1);
    assert_string_equal(moves.harmless.v[0], "web-01: runs (none) now, not a");
    b.hosts[0].restart = HF_RESTART_YES;
    hf_plan_diff(&moves, &a.plan, &b.plan);
    assert_string_equal(moves.stale.v[0], "web-01: restart yes, not no");
    hf_plan_moves_release(&moves);
    release(&a);
    release(&b);
}

/* From the plan into the controls, and from those left out into the plan. */
static void
hosts_change_places(void **state)
{
    struct hf_plan_changes changes = {0};
    struct made a, b;

    (void)state;
    make(&a);
    make(&b);
    b.controls[0] = (struct hf_plan_control){"web-02", 1};
    b.plan.controls_len = 1;
    b.hosts[1].name = "db-01";
    b.plan.left_out_len = 0;
    hf_plan_index(&b.plan);
    hf_plan_compare(&changes, &a.plan, &b.plan);
    assert_int_equal(changes.len, 2);
    assert_string_equal(nth(&changes, 0),
                        "host-gone web-02 two control host of its ring");
    assert_string_equal(nth(&changes, 1), "host-new db-01 held: x two");
    hf_plan_changes_release(&changes);
    release(&a);
    release(&b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plans_that_are_the_same_do_not_differ),
        cmocka_unit_test(each_price_of_a_host_is_told),
        cmocka_unit_test(only_what_decides_makes_a_plan_stale),
        cmocka_unit_test(hosts_change_places),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
