/* One host as a document, the header, the words, and lines themselves. */
#include "tests/unit/rows/golden.h"

#include "backend/base/text.h"
#include "tui/rows/header.h"
#include "tui/rows/host.h"
#include "tui/rows/words.h"

static void
fill_host(struct hf_state *st)
{
    static struct hf_finding findings[] = {
        {.name = "space",
         .title = "Free space for the job folder",
         .verdict = HF_VERDICT_PASS,
         .found = (char *)"8192 MiB free",
         .source = (char *)"df /var/lib",
         .at = NOW - HOUR},
        {.name = "lockdown",
         .title = "Kernel lockdown",
         .verdict = HF_VERDICT_BLOCK,
         .expected = (char *)"none, or a signed module",
         .found = (char *)"integrity",
         .source = (char *)"/sys/kernel/security/lockdown",
         .at = NOW - 2 * DAY,
         .remedy = "sign the module, or start the kernel without lockdown",
         .who = "root on the host",
         .needs_restart = 1},
        {.name = "forced",
         .title = "Forced patches",
         .verdict = HF_VERDICT_UNKNOWN,
         .expected = (char *)"no patch was forced",
         .found = (char *)"unknown: needs elevation"},
    };
    struct hf_standing *s = &st->status;
    struct hf_record *r = hf_state_change(st);

    st->findings = (struct hf_findings){findings, 3, 3};
    hf_facts_set(&r->facts, "kernel.release", "6.1.0-53", "uname -r",
                 NOW - HOUR);
    hf_facts_set_unknown(&r->facts, "klp.forced", "needs elevation",
                         "/sys/kernel/livepatch", NOW - 2 * DAY);
    s->covered_until = NOW + 30 * DAY;
    s->reboot_at = NOW - 9 * DAY;
    s->patch_why = "fix_2 is not in effect";
    s->target = "6.1.0-56 + fix_2";
    s->survives = HF_SURVIVES_NO;
    s->survives_by = "nobody loads it again";
    snprintf(r->net_why, HF_WHY_LEN, "connection refused");
    snprintf(st->net, sizeof(st->net), "unreachable");
}

static cJSON *
evidence(void)
{
    cJSON *doc = cJSON_Parse("{\"action\":\"apply\",\"outcome\":\"failed\","
                             "\"ended\":\"2026-11-20T10:00:00Z\","
                             "\"why\":\"the kernel refused fix_2\","
                             "\"change\":\"CHG001\",\"operator\":\"ann\"}");

    assert_non_null(doc);
    return doc;
}

static void
add_host(struct hf_buf *out, const struct hf_state *st,
         const struct hf_look *look)
{
    static const struct hf_track none = {0};
    struct hf_doc doc = {0};
    cJSON *record = evidence();

    hf_host_status_rows(&doc, st, &fleet, &none, look);
    hf_host_check_rows(&doc, &st->findings, "Checks", look);
    hf_host_fact_rows(&doc, &hf_state_record(st)->facts, look);
    hf_host_history_row(&doc, "20261120T095900Z-abcdef", record, look);
    add_doc(out, &doc);
    hf_doc_release(&doc);
    cJSON_Delete(record);
}

static void
a_host_tells_why_it_stands_where_it_stands(void **state)
{
    struct hf_state states[HOSTS];
    struct hf_buf out = {0};

    (void)state;
    fill_states(states);
    fill_host(&states[2]);
    add_host(&out, &states[2], &narrow);
    add_host(&out, &states[2], &ascii);
    add_host(&out, &states[2], &wide);
    add_host(&out, &states[4], &narrow);          /* never asked */
    states[2].findings = (struct hf_findings){0}; /* static */
    hf_state_release(&states[2]);
    compare("host", &out);
}

static void
the_header_says_whose_fleet_and_with_which_bounds(void **state)
{
    static const struct hf_product old = {"linux", "Linux", "2026-08"};
    static const struct hf_product fresh = {"linux", "Linux", "2026-11"};
    struct hf_fleet f = fleet;
    struct hf_header_in in = {.fleet = &f, .oldest = &fresh};
    struct hf_line line = {0};
    struct hf_buf out = {0};

    (void)state;
    for (int i = 0; i < 3; i++) {
        hf_header_line(&line, &in, i == 2 ? &ascii : &narrow);
        add_line(&out, &line);
        hf_line_clear(&line);
        hf_header_clock(&line, &in, &narrow, narrow.cols);
        add_line(&out, &line);
        f.dirty = f.simulated = in.read_only = 1;
        in.oldest = i == 0 ? &old : NULL;
        in.ledger_note = i == 0 ? "not yet pushed" : "";
        f.ledger_remote = "origin";
    }
    hf_line_release(&line);
    compare("header", &out);
}

static void
expect_clock(const char *note, size_t cols, const char *wanted)
{
    struct hf_header_in in = {.fleet = &fleet, .ledger_note = note};
    struct hf_line line = {0};

    hf_header_clock(&line, &in, &narrow, cols);
    assert_string_equal(hf_buf_str(&line.text), wanted);
    hf_line_release(&line);
}

static void
where_room_is_short_a_lagging_ledger_goes_before_the_clock(void **state)
{
    (void)state;
    expect_clock("", 32, "ledger local only  02:13:20 UTC ");
    expect_clock("", 31, "02:13:20 UTC ");
    expect_clock("", 12, "");
    expect_clock("not yet pushed", 26, "ledger lags  02:13:20 UTC ");
    expect_clock("not yet pushed", 25, "ledger lags  ");
    expect_clock("not yet pushed", 12, "");
}

/* Without colours the symbol and word must do, so each has both. */
static void
every_word_has_a_symbol_of_one_column(void **state)
{
    const struct {
        const struct hf_word *v;
        size_t n;
    } tables[] = {
        {hf_patch_words, HF_PATCH_COUNT},
        {hf_coverage_words, HF_COVERAGE_COUNT},
        {hf_reboot_words, HF_REBOOT_COUNT},
        {hf_outcome_words, HF_OUTCOME_COUNT},
        {hf_verdict_words, HF_VERDICT_COUNT},
    };

    (void)state;
    for (size_t t = 0; t < HF_COUNT(tables); t++) {
        for (size_t i = 0; i < tables[t].n; i++) {
            const struct hf_word *w = &tables[t].v[i];

            assert_int_equal(hf_text_width(w->symbol), 1);
            assert_int_equal(strlen(w->ascii), 1);
            assert_true(w->rank >= 0 && (size_t)w->rank < tables[t].n);
            for (size_t j = 0; j < i; j++)
                assert_int_not_equal(tables[t].v[j].rank, w->rank);
        }
    }
}

static void
text_is_broken_between_words(void **state)
{
    struct hf_doc doc = {0};
    struct hf_buf out = {0};

    (void)state;
    hf_doc_text(&doc, "  why  ", HF_TONE_PLAIN,
                "one two three four five six\nseven "
                "averylongwordthatdoesnotfitintoone end",
                24);
    hf_doc_text(&doc, "", HF_TONE_PLAIN, "", 24);
    add_doc(&out, &doc);
    hf_doc_release(&doc);
    compare("wrapped", &out);
}

static void
headings_are_found_forwards_and_backwards(void **state)
{
    struct hf_doc doc = {0};

    (void)state;
    hf_doc_head(&doc, "one");
    (void)hf_doc_add(&doc);
    hf_doc_head(&doc, "two");
    assert_int_equal(doc.len, 4);
    assert_int_equal(hf_doc_next_head(&doc, 0, 1), 3);
    assert_int_equal(hf_doc_next_head(&doc, 3, 1), 3);
    assert_int_equal(hf_doc_next_head(&doc, 3, -1), 0);
    assert_int_equal(hf_doc_next_head(&doc, 0, -1), 0);
    hf_doc_release(&doc);
}

static void
a_moment_carries_its_zone(void **state)
{
    struct hf_look mine = {.cols = 80, .now = NOW};
    char out[HF_MOMENT_LEN];

    (void)state;
    assert_string_equal(hf_moment(out, NOW, &narrow),
                        "2026-11-23 02:13:20 UTC");
    assert_string_equal(hf_moment_clock(out, NOW, &mine), "02:13:20 UTC");
    assert_string_equal(hf_moment(out, 0, &narrow), "-");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_host_tells_why_it_stands_where_it_stands),
        cmocka_unit_test(the_header_says_whose_fleet_and_with_which_bounds),
        cmocka_unit_test(
            where_room_is_short_a_lagging_ledger_goes_before_the_clock),
        cmocka_unit_test(every_word_has_a_symbol_of_one_column),
        cmocka_unit_test(text_is_broken_between_words),
        cmocka_unit_test(headings_are_found_forwards_and_backwards),
        cmocka_unit_test(a_moment_carries_its_zone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
