/* The list of hosts: groups, filter, order, marks, and how rows look. */
#include "tests/unit/rows/golden.h"

#include "tui/rows/fleet_view.h"

struct bench {
    struct hf_state states[HOSTS];
    struct hf_fleet_view view;
};

static int
setup(void **state)
{
    struct bench *b = HF_NEW(struct bench);

    fill_states(b->states);
    hf_fleet_view_init(&b->view);
    hf_fleet_view_set(&b->view, &fleet, b->states, HOSTS, NULL, NULL);
    hf_fleet_view_recalc(&b->view, NOW);
    *state = b;
    return 0;
}

static int
teardown(void **state)
{
    struct bench *b = *state;

    hf_fleet_view_release(&b->view);
    free(b);
    return 0;
}

static void
add_view(struct hf_buf *out, struct hf_fleet_view *v,
         const struct hf_look *look)
{
    struct hf_line line = {0};

    hf_fleet_view_heads(&line, v, look);
    add_line(out, &line);
    for (size_t row = 0; row < v->len; row++) {
        hf_fleet_view_line(&line, v, row, look);
        add_line(out, &line);
    }
    hf_line_release(&line);
}

/* The rows as "behind: app-10 db-1; ...": what the order is. */
static void
expect_order(struct hf_fleet_view *v, const char *wanted)
{
    struct hf_buf got = {0};

    for (size_t i = 0; i < v->len; i++) {
        const struct hf_fleet_item *item = &v->items[i];

        if (item->host == HF_VIEW_NO_HOST)
            hf_buf_printf(&got, "%s%s:", got.len ? "; " : "",
                          hf_fleet_view_group_name(v, item->group));
        else
            hf_buf_printf(&got, "%s%s", got.len ? " " : "",
                          v->states[item->host].host->name);
    }
    assert_string_equal(hf_buf_str(&got), wanted);
    hf_buf_release(&got);
}

static void
rows_look_as_on_a_narrow_a_wide_and_an_ascii_screen(void **state)
{
    struct bench *b = *state;
    struct hf_buf out = {0};

    hf_fleet_view_mark(&b->view, 1);
    b->view.folded = UINT64_C(1) << 6;
    hf_fleet_view_arrange(&b->view);
    add_view(&out, &b->view, &narrow);
    add_view(&out, &b->view, &ascii);
    add_view(&out, &b->view, &wide);
    compare("fleet", &out);
}

static void
tiny_screens_show_at_least_names(void **state)
{
    struct bench *b = *state;
    struct hf_buf out = {0};

    for (size_t cols = 1; cols < 60; cols += 9) {
        struct hf_look look = narrow;

        look.cols = cols;
        hf_buf_printf(&out, "%zu columns\n", cols);
        add_view(&out, &b->view, &look);
    }
    compare("fleet_tiny", &out);
}

static void
what_needs_a_person_is_on_top(void **state)
{
    struct bench *b = *state;

    expect_order(&b->view, "failed: db-2; unverified: web-2; behind: app-10 "
                           "db-1; unknown: mail web-1; current: app-2");
}

static void
groups_follow_what_they_are_asked_for(void **state)
{
    struct bench *b = *state;

    b->view.group_by = HF_GROUP_RING;
    hf_fleet_view_arrange(&b->view);
    expect_order(&b->view, "canary: app-2 app-10; broad: db-1 db-2 web-1 "
                           "web-2; no ring: mail");
    b->view.group_by = HF_GROUP_COVERAGE;
    hf_fleet_view_arrange(&b->view);
    expect_order(&b->view,
                 "ineligible: db-2; restart-due: db-1; uncovered: web-1; "
                 "unknown: mail; covered: app-2 app-10 web-2");
    b->view.group_by = HF_GROUP_NONE;
    hf_fleet_view_arrange(&b->view);
    expect_order(&b->view, "app-2 app-10 db-1 db-2 mail web-1 web-2");
}

static void
sorts_by_every_column_both_ways(void **state)
{
    struct bench *b = *state;
    struct hf_buf out = {0};

    b->view.group_by = HF_GROUP_NONE;
    for (int i = 0; i < HF_COLUMN_COUNT; i++) {
        b->view.sort = (enum hf_column_id)i;
        for (b->view.descending = 0; b->view.descending < 2;
             b->view.descending++) {
            hf_fleet_view_recalc(&b->view, NOW);
            hf_buf_printf(&out, "%-9s", hf_columns[i].name);
            for (size_t row = 0; row < b->view.len; row++)
                hf_buf_printf(&out, " %s",
                              b->states[b->view.items[row].host].host->name);
            hf_buf_putc(&out, '\n');
        }
        b->view.descending = 0;
    }
    compare("fleet_sorted", &out);
}

static void
a_filter_narrows_and_a_broken_one_leaves_the_former(void **state)
{
    struct bench *b = *state;
    struct hf_err err = HF_ERR_INIT;

    assert_int_equal(hf_fleet_view_filter(&b->view, "ring:canary", &err), 0);
    hf_fleet_view_recalc(&b->view, NOW);
    assert_int_equal(b->view.matches, 2);
    assert_int_equal(hf_fleet_view_filter(&b->view, "ring:", &err),
                     HF_EINVALID);
    assert_string_equal(b->view.filter, "ring:canary");
    assert_int_equal(hf_fleet_view_filter(&b->view, "", &err), 0);
    assert_null(b->view.filter);
    hf_fleet_view_recalc(&b->view, NOW);
    assert_int_equal(b->view.matches, HOSTS);
}

static void
recall_record(const struct hf_recall *r, const struct hf_state *st,
              struct hf_record *out)
{
    (void)r;
    (void)st;
    (void)out;
}

static void
recall_findings(const struct hf_recall *r, const struct hf_state *st,
                struct hf_findings *out)
{
    (void)r;
    (void)st;
    (void)out;
}

static void
findings_are_kept_while_their_filter_stands(void **state)
{
    static const struct hf_recall recall = {recall_record, recall_findings};
    struct bench *b = *state;
    struct hf_err err = HF_ERR_INIT;

    for (size_t i = 0; i < HOSTS; i++)
        b->states[i].recall = &recall;
    assert_int_equal(hf_fleet_view_filter(&b->view, "check:forced", &err), 0);
    hf_fleet_view_recalc(&b->view, NOW);
    assert_true(b->states[0].has_findings);
    assert_int_equal(hf_fleet_view_filter(&b->view, NULL, &err), 0);
    hf_fleet_view_recalc(&b->view, NOW);
    for (size_t i = 0; i < HOSTS; i++)
        assert_false(b->states[i].has_findings);
}

static void
a_count_acts_as_a_filter(void **state)
{
    struct bench *b = *state;

    b->view.only = (int)b->view.items[4].group; /* behind */
    hf_fleet_view_arrange(&b->view);
    expect_order(&b->view, "failed:; unverified:; behind: app-10 db-1; "
                           "unknown:; current:");
    assert_false(hf_fleet_view_shows(&b->view, 0));
    assert_true(hf_fleet_view_shows(&b->view, 1));
}

static void
marks_outlive_a_filter_and_a_new_snapshot(void **state)
{
    struct bench *b = *state;
    struct hf_err err = HF_ERR_INIT;
    struct hf_strs marked = {0};
    struct hf_fleet smaller = fleet;

    hf_fleet_view_mark(&b->view, hf_fleet_view_find(&b->view, 0, 0));
    hf_fleet_view_mark(&b->view, hf_fleet_view_find(&b->view, 6, 0));
    assert_int_equal(hf_fleet_view_filter(&b->view, "ring:canary", &err), 0);
    hf_fleet_view_recalc(&b->view, NOW);
    assert_int_equal(b->view.marks, 2);
    assert_false(hf_fleet_view_shows(&b->view, 6));

    hf_fleet_view_names(&marked, &b->view, b->view.marked);
    smaller.hosts_len = 3; /* web-2 has left the fleet */
    hf_fleet_view_set(&b->view, &smaller, b->states, 3, &marked, NULL);
    assert_int_equal(b->view.marks, 1);
    assert_int_equal(b->view.marked[0], 1);
    hf_strs_release(&marked);
}

static void
a_mark_on_a_group_marks_all_of_it_and_takes_all_away(void **state)
{
    struct bench *b = *state;
    size_t head = 4;

    assert_int_equal(b->view.items[head].host, HF_VIEW_NO_HOST);
    hf_fleet_view_mark(&b->view, head + 1);
    hf_fleet_view_mark(&b->view, head);
    assert_int_equal(b->view.marks, 2);
    hf_fleet_view_mark(&b->view, head);
    assert_int_equal(b->view.marks, 0);
}

static void
a_subset_shows_just_its_hosts(void **state)
{
    struct bench *b = *state;
    struct hf_strs names = {0};

    hf_strs_add(&names, "mail");
    hf_strs_add(&names, "gone");
    hf_fleet_view_subset(&b->view, "2 hosts", &names);
    hf_fleet_view_recalc(&b->view, NOW);
    expect_order(&b->view, "unknown: mail");
    hf_fleet_view_subset(&b->view, NULL, NULL);
    hf_fleet_view_recalc(&b->view, NOW);
    assert_int_equal(b->view.matches, HOSTS);
    hf_strs_release(&names);
}

static void
an_empty_fleet_has_no_rows(void **state)
{
    struct hf_fleet none = fleet;
    struct hf_fleet_view v;

    (void)state;
    none.hosts_len = 0;
    hf_fleet_view_init(&v);
    hf_fleet_view_set(&v, &none, NULL, 0, NULL, NULL);
    hf_fleet_view_recalc(&v, NOW);
    assert_int_equal(v.len, 0);
    hf_fleet_view_mark(&v, 0);
    hf_fleet_view_release(&v);
}

/* NULL is "". */
static void
expect_selector(const struct hf_fleet_view *v, uint32_t group,
                const char *wanted)
{
    char *got = hf_fleet_view_selector(v, group);

    assert_string_equal(got ? got : "", wanted);
    free(got);
}

static void
what_is_in_view_is_said_as_a_selector(void **state)
{
    struct bench *b = *state;
    struct hf_err err = HF_ERR_INIT;
    struct hf_strs two = {0};
    uint32_t behind = hf_fleet_view_group(&b->view, 1);

    expect_selector(&b->view, HF_VIEW_NO_GROUP, "");
    expect_selector(&b->view, behind, "patch:behind");
    assert_int_equal(hf_fleet_view_filter(&b->view, "ring:canary | held", &err),
                     0);
    expect_selector(&b->view, HF_VIEW_NO_GROUP, "ring:canary or held");
    expect_selector(&b->view, behind, "(ring:canary or held) and patch:behind");
    assert_int_equal(
        hf_fleet_view_filter(&b->view, "patch:behind and ring:canary", &err),
        0);
    hf_fleet_view_recalc(&b->view, NOW);
    expect_selector(&b->view, behind, "patch:behind and ring:canary");
    assert_int_equal(hf_fleet_view_filter(&b->view, "ring:canary | held", &err),
                     0);
    hf_fleet_view_recalc(&b->view, NOW);
    b->view.only = (int)behind;
    expect_selector(&b->view, HF_VIEW_NO_GROUP,
                    "(ring:canary or held) and patch:behind");
    b->view.only = -1;
    b->view.group_by = HF_GROUP_RING;
    assert_int_equal(hf_fleet_view_filter(&b->view, NULL, &err), 0);
    expect_selector(&b->view, 0, "ring:canary");
    expect_selector(&b->view, hf_fleet_view_group(&b->view, 4), "not ring:*");
    b->view.group_by = HF_GROUP_NONE;
    expect_selector(&b->view, 0, "");
    hf_strs_add(&two, "app-2");
    hf_fleet_view_subset(&b->view, "one", &two);
    expect_selector(&b->view, HF_VIEW_NO_GROUP, "");
    hf_strs_release(&two);
}

/* The words mean what the list shows. */
static void
that_selector_chooses_the_same_hosts(void **state)
{
    struct bench *b = *state;
    struct hf_err err = HF_ERR_INIT;

    for (int by = 0; by < HF_GROUP_NONE; by++) {
        b->view.group_by = (enum hf_group_by)by;
        for (uint32_t i = 0; i < b->view.n; i++) {
            uint32_t group = hf_fleet_view_group(&b->view, i);
            char *text = hf_fleet_view_selector(&b->view, group);
            struct hf_selector *s;

            assert_int_equal(hf_selector_parse(&s, text, &err), 0);
            for (uint32_t k = 0; k < b->view.n; k++)
                assert_int_equal(hf_selector_match(s, &b->states[k], NOW),
                                 hf_fleet_view_group(&b->view, k) == group);
            hf_selector_free(s);
            free(text);
        }
    }
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(rows_look_as_on_a_narrow_a_wide_and_an_ascii_screen),
        T(tiny_screens_show_at_least_names),
        T(what_needs_a_person_is_on_top),
        T(groups_follow_what_they_are_asked_for),
        T(sorts_by_every_column_both_ways),
        T(a_filter_narrows_and_a_broken_one_leaves_the_former),
        T(findings_are_kept_while_their_filter_stands),
        T(a_count_acts_as_a_filter),
        T(marks_outlive_a_filter_and_a_new_snapshot),
        T(a_mark_on_a_group_marks_all_of_it_and_takes_all_away),
        T(a_subset_shows_just_its_hosts),
        T(what_is_in_view_is_said_as_a_selector),
        T(that_selector_chooses_the_same_hosts),
        cmocka_unit_test(an_empty_fleet_has_no_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
