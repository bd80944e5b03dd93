/* Checks against hosts: counts, what a number stands for, and the matrix. */
#include "tests/unit/rows/golden.h"

#include "backend/model/selector.h"
#include "tui/rows/matrix.h"

/* What each host's checks say, in the driver's order; empty: never judged. */
static const char *const said[HOSTS] = {"pppp", "bpwp", "pppp", "bup",
                                        "",     "ppw",  "bbpp"};
static const char *const ids[HOSTS] = {"ws2025", "ws2025", "ws2025", "linux",
                                       NULL,     "linux",  "ws2025"};

static const struct hf_finding ws2025[] = {
    {.name = "vbs",
     .title = "Virtualization-based security",
     .remedy = "set EnableVirtualizationBasedSecurity to 1",
     .who = "an administrator of the host",
     .needs_restart = 1},
    {.name = "arc", .title = "Azure Arc agent", .remedy = "connect the host"},
    {.name = "enrolment", .title = "Licence and enrolment"},
    {.name = "space", .title = "Free space on the system drive"},
};
static const struct hf_finding on_linux[] = {
    {.name = "lockdown", .title = "Kernel lockdown"},
    {.name = "forced", .title = "Forced patches", .remedy = "restart"},
    {.name = "space", .title = "Free space for the job folder"},
};

struct bench {
    struct hf_state states[HOSTS];
    struct hf_eligibility e;
    struct hf_matrix m;
};

static enum hf_verdict
verdict_of(char letter)
{
    return letter == 'b'   ? HF_VERDICT_BLOCK
           : letter == 'u' ? HF_VERDICT_UNKNOWN
           : letter == 'w' ? HF_VERDICT_WARN
                           : HF_VERDICT_PASS;
}

static void
fill_findings(struct hf_state *st, size_t i)
{
    const struct hf_finding *from =
        ids[i] && strcmp(ids[i], "linux") == 0 ? on_linux : ws2025;

    st->status.product = ids[i];
    st->has_findings = 1;
    for (size_t k = 0; said[i][k]; k++) {
        struct hf_finding *f =
            HF_PUSH(&st->findings.v, &st->findings.len, &st->findings.cap);

        *f = from[k];
        f->verdict = verdict_of(said[i][k]);
    }
}

static int
setup(void **state)
{
    struct bench *b = HF_NEW(struct bench);

    fill_states(b->states);
    for (size_t i = 0; i < HOSTS; i++)
        fill_findings(&b->states[i], i);
    hf_eligibility_make(&b->e, &fleet, b->states, HOSTS);
    *state = b;
    return 0;
}

static int
teardown(void **state)
{
    struct bench *b = *state;

    for (size_t i = 0; i < HOSTS; i++)
        hf_findings_release(&b->states[i].findings);
    hf_matrix_release(&b->m);
    hf_eligibility_release(&b->e);
    free(b);
    return 0;
}

static void
add_list(struct hf_buf *out, const struct hf_eligibility *e, int column,
         const struct hf_look *look)
{
    struct hf_line line = {0};

    hf_eligibility_heads(&line, look);
    add_line(out, &line);
    for (size_t i = 0; i < hf_eligibility_rows(e); i++) {
        hf_eligibility_line(&line, e, i, column, look);
        add_line(out, &line);
    }
    hf_line_release(&line);
}

static void
checks_that_stop_hosts_come_first(void **state)
{
    struct bench *b = *state;
    struct hf_buf out = {0};

    add_list(&out, &b->e, -1, &narrow);
    add_list(&out, &b->e, 0, &ascii);
    add_list(&out, &b->e, 3, &wide);
    b->e.all = 1;
    add_list(&out, &b->e, -1, &narrow);
    b->e.all = 0;
    b->e.by = HF_BY_RING;
    hf_eligibility_make(&b->e, &fleet, b->states, HOSTS);
    add_list(&out, &b->e, -1, &narrow);
    b->e.by = HF_BY_NOTHING;
    hf_eligibility_make(&b->e, &fleet, b->states, HOSTS);
    add_list(&out, &b->e, -1, &narrow);
    compare("eligibility", &out);
}

/* The selector that a number leads to matches as many hosts as it says. */
static void
expect_count(const struct bench *b, const struct hf_eligibility_row *row,
             enum hf_verdict verdict, size_t wanted)
{
    char *text = hf_eligibility_selector(&b->e, row, verdict);
    struct hf_err err = HF_ERR_INIT;
    struct hf_selector *s;
    size_t n = 0;

    assert_int_equal(hf_selector_parse(&s, text ? text : "", &err), 0);
    for (size_t i = 0; i < HOSTS; i++)
        n += (size_t)hf_selector_match(s, &b->states[i], NOW);
    if (n != wanted)
        fail_msg("'%s': %zu hosts, not %zu", text, n, wanted);
    hf_selector_free(s);
    free(text);
}

static void
a_number_stands_for_the_hosts_of_its_selector(void **state)
{
    struct bench *b = *state;
    struct hf_eligibility_row row;

    for (int by = 0; by < HF_ELIGIBILITY_BY_COUNT; by++) {
        b->e.by = (enum hf_eligibility_by)by;
        hf_eligibility_make(&b->e, &fleet, b->states, HOSTS);
        b->e.all = 1;
        for (size_t i = 0; hf_eligibility_row(&row, &b->e, i) == 0; i++) {
            if (!row.check)
                expect_count(b, &row, HF_VERDICT_PASS, row.group->hosts);
            for (int v = 0; row.check && v < HF_VERDICT_COUNT; v++)
                expect_count(b, &row, (enum hf_verdict)v, row.check->by[v]);
        }
    }
}

static void
a_selector_is_spelled_for_people(void **state)
{
    struct bench *b = *state;
    struct hf_eligibility_row row;
    char *text;

    assert_int_equal(hf_eligibility_row(&row, &b->e, 1), 0);
    text = hf_eligibility_selector(&b->e, &row, HF_VERDICT_BLOCK);
    assert_string_equal(text, "check.vbs:block and product:ws2025");
    free(text);
}

static void
the_cursor_finds_its_check_again(void **state)
{
    struct bench *b = *state;
    struct hf_eligibility_row row;
    size_t at = hf_eligibility_find(&b->e, "linux", "space");

    assert_int_equal(hf_eligibility_row(&row, &b->e, at), 0);
    assert_string_equal(row.group->key, "linux");
    assert_string_equal(row.check->name, "space");
    at = hf_eligibility_find(&b->e, "linux", "gone");
    assert_int_equal(hf_eligibility_row(&row, &b->e, at), 0);
    assert_string_equal(row.group->key, "linux");
    assert_null(row.check);
    assert_int_equal(hf_eligibility_find(&b->e, "gone", "gone"), 0);
    at = hf_eligibility_find(&b->e, "ws2025", "");
    assert_int_equal(hf_eligibility_row(&row, &b->e, at), 0);
    assert_int_equal(row.quiet, 1);
    assert_int_equal(
        hf_eligibility_row(&row, &b->e, hf_eligibility_rows(&b->e)), -1);
}

/* ---- the matrix ---- */

static void
add_matrix(struct hf_buf *out, const struct hf_matrix *m, size_t column,
           size_t cols)
{
    struct hf_look look = {.cols = cols, .utc = 1, .now = NOW};
    struct hf_line line = {0};
    struct hf_doc doc = {0};

    hf_matrix_heads(&doc, m, 6, column, &look);
    add_doc(out, &doc);
    for (size_t i = 0; i < m->len; i++) {
        hf_matrix_line(&line, m, i, column, i == 0, &look);
        add_line(out, &line);
    }
    hf_doc_release(&doc);
    hf_line_release(&line);
}

static void
the_matrix_shows_stopped_hosts_first(void **state)
{
    struct bench *b = *state;
    struct hf_eligibility_row row;
    struct hf_buf out = {0};

    assert_int_equal(hf_eligibility_row(&row, &b->e, 0), 0);
    hf_matrix_make(&b->m, &b->e, row.group);
    assert_int_equal(b->m.len, 4);
    add_matrix(&out, &b->m, 0, 80);
    add_matrix(&out, &b->m, 3, 26); /* upright names */
    add_matrix(&out, &b->m, 3, 16); /* the chosen column is in view */
    compare("matrix", &out);
}

static void
a_host_is_found_in_the_matrix(void **state)
{
    struct bench *b = *state;
    struct hf_eligibility_row row;
    const struct hf_finding *f;
    size_t at;

    assert_int_equal(hf_eligibility_row(&row, &b->e, 0), 0);
    hf_matrix_make(&b->m, &b->e, row.group);
    at = hf_matrix_find(&b->m, 1);
    assert_string_equal(b->states[b->m.hosts[at]].host->name, "app-10");
    f = hf_matrix_finding(&b->m, at, 2);
    assert_non_null(f);
    assert_string_equal(f->name, "enrolment");
    assert_int_equal(f->verdict, HF_VERDICT_WARN);
    assert_null(hf_matrix_finding(&b->m, at, 99));
    assert_null(hf_matrix_finding(&b->m, 99, 0));
}

static void
a_fleet_without_hosts_has_no_rows(void **state)
{
    struct hf_eligibility e = {0};
    struct hf_eligibility_row row;

    (void)state;
    hf_eligibility_make(&e, &fleet, NULL, 0);
    assert_int_equal(hf_eligibility_rows(&e), 0);
    assert_int_equal(hf_eligibility_row(&row, &e, 0), -1);
    hf_eligibility_release(&e);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(checks_that_stop_hosts_come_first),
        T(a_number_stands_for_the_hosts_of_its_selector),
        T(a_selector_is_spelled_for_people),
        T(the_cursor_finds_its_check_again),
        T(the_matrix_shows_stopped_hosts_first),
        T(a_host_is_found_in_the_matrix),
        cmocka_unit_test(a_fleet_without_hosts_has_no_rows),
    };

    return cmocka_run_group_tests_name("eligibility", tests, NULL, NULL);
}
