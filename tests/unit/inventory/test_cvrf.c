/* Monthly security documents: what is read from them, and their oddities. */
#include "bed.h"

#include <stdlib.h>
#include <string.h>

#include "cvrf_fixture.h"
#include "inventory/cvrf.h"

struct fixture {
    struct hf_cvrf doc;
    struct hf_problems problems;
    struct hf_err err;
};

static int
setup(void **state)
{
    *state = HF_NEW(struct fixture);
    return 0;
}

static int
teardown(void **state)
{
    struct fixture *f = *state;

    hf_cvrf_release(&f->doc);
    hf_problems_release(&f->problems);
    free(f);
    return 0;
}

static int
parse(struct fixture *f, const char *text)
{
    return hf_cvrf_parse(&f->doc, "2026-Feb.json", text, strlen(text),
                         &f->problems, &f->err);
}

static const struct hf_cvrf_row *
row(const struct fixture *f, const char *product, const char *kb)
{
    for (size_t i = 0; i < f->doc.len; i++)
        if (strcmp(f->doc.v[i].product, product) == 0 &&
            strcmp(f->doc.v[i].kb, kb) == 0)
            return &f->doc.v[i];
    fail_msg("no %s of %s", kb, product);
    return NULL;
}

#define FEBRUARY(fixes) \
    MONTH("2026-Feb", "2026-02-10", VULN("CVE-2026-1000", "No", "7.8", fixes))

static void
reads_updates_and_what_they_close(void **state)
{
    struct fixture *f = *state;
    const struct hf_cvrf_row *r;

    assert_int_equal(
        parse(
            f,
            MONTH(
                "2026-Feb", "2026-02-10",
                VULN(
                    "CVE-2026-1000", "Yes", "7.8",
                    FIX("\"5075942\"", IDS_2025, HOTPATCH, "10.0.26100.32313",
                        "\"5070000\"") "," FIX("\"5075899\"", IDS_2025, UPDATE,
                                               "10.0.26100.32370",
                                               "null")) "," VULN("CVE-2026-"
                                                                 "1001",
                                                                 "No", "10.0",
                                                                 FIX("\"5075899"
                                                                     "\"",
                                                                     IDS_2025,
                                                                     UPDATE,
                                                                     "10.0."
                                                                     "26100."
                                                                     "32370",
                                                                     "null")))),
        HF_OK);
    assert_string_equal(f->doc.month, "2026-02");
    assert_int_equal(f->doc.len, 2);
    r = row(f, "ws2025", "KB5075942");
    assert_string_equal(r->build, "26100.32313");
    assert_true(r->hotpatch);
    assert_int_equal(r->cves.len, 1);
    assert_string_equal(r->supersedes.v[0], "KB5070000");
    r = row(f, "ws2025", "KB5075899");
    assert_false(r->hotpatch);
    assert_int_equal(r->cves.len, 2);
    assert_int_equal(f->doc.cves_len, 2);
    assert_true(f->doc.cves[0].exploited);
    assert_int_equal(f->doc.cves[0].severity, HF_SEVERITY_IMPORTANT);
    assert_string_equal(f->doc.cves[0].score, "7.8");
    assert_false(f->doc.cves[1].exploited);
    assert_string_equal(f->doc.cves[1].score, "10.0");
    assert_int_equal(f->problems.len, 0);
}

/* clang-format off */
static const struct { const char *text; int warned; } spellings[] = {
    {FEBRUARY(FIX("\"5075942\"", IDS_2025, "SecurityHotpatchUpdate",
                  "10.0.26100.32313", "null")), 0},
    {FEBRUARY(FIX("\"5075942\"", IDS_2025, "AzureHotpatch",
                  "10.0.26100.32313", "null")), 0},
    {FEBRUARY(FIX("\"5075942\"", IDS_2025, "Azure Hotpatch",
                  "10.0.26100.32313", "null")), 0},
    {FEBRUARY(FIX("\"5075942\"", IDS_2025, "Arc Hotpatch, second edition",
                  "10.0.26100.32313", "null")), 1},
};
/* clang-format on */

static void
a_hotpatch_is_one_however_it_is_spelled(void **state)
{
    struct fixture *f = *state;

    for (size_t i = 0; i < HF_COUNT(spellings); i++) {
        assert_int_equal(parse(f, spellings[i].text), HF_OK);
        assert_true(row(f, "ws2025", "KB5075942")->hotpatch);
        assert_int_equal(f->problems.len, spellings[i].warned);
        hf_cvrf_release(&f->doc);
    }
    assert_non_null(strstr(f->problems.v[0].text, "unknown subtype"));
}

/* clang-format off */
#define SAYS(restart) \
    FEBRUARY(FIX_RESTART("\"5075942\"", IDS_2025, HOTPATCH, \
                         "10.0.26100.32313", "null", restart) "," \
             FIX_RESTART("\"5075899\"", IDS_2025, UPDATE, \
                         "10.0.26100.32370", "null", restart))
static const char *const restarts[] = {
    SAYS("{\"Value\":\"Yes\"}"), SAYS("{\"Value\":\"No\"}"),
    SAYS("{\"Value\":null}"), SAYS("null"), SAYS("[]")};
/* clang-format on */

/* "Yes" stands beside most hotpatches: what it says is never believed. */
static void
what_it_says_of_restarts_changes_nothing(void **state)
{
    struct fixture *f = *state;

    for (size_t i = 0; i < HF_COUNT(restarts); i++) {
        assert_int_equal(parse(f, restarts[i]), HF_OK);
        assert_int_equal(f->doc.len, 2);
        assert_true(row(f, "ws2025", "KB5075942")->hotpatch);
        assert_false(row(f, "ws2025", "KB5075899")->hotpatch);
        assert_int_equal(f->problems.len, 0);
        hf_cvrf_release(&f->doc);
    }
}

/* Without the Core rows, and without an edition that is none of ours. */
static void
products_are_told_by_their_whole_name(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(
        parse(f, FEBRUARY(FIX(
                     "\"5075943\"", "\"11924\"", HOTPATCH, "10.0.20348.4711",
                     "null") "," FIX("\"5075897\"", "\"12086\"", UPDATE,
                                     "10.0.25398.2149",
                                     "null") "," FIX("\"5075111\"", "\"9000\"",
                                                     UPDATE, "10.0.20348.1",
                                                     "null"))),
        HF_OK);
    assert_int_equal(f->doc.len, 1);
    assert_string_equal(f->doc.v[0].product, "ws2022-azure");
}

static void
one_kb_has_a_build_for_each_product(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(
        parse(f, FEBRUARY(FIX("\"5072014\"", IDS_24H2 "," IDS_2025, HOTPATCH,
                              "10.0.26100.7392",
                              "null") "," FIX("\"5072014\"", IDS_25H2, HOTPATCH,
                                              "10.0.26200.7392", "null"))),
        HF_OK);
    assert_int_equal(f->doc.len, 3);
    assert_string_equal(row(f, "w11-24h2", "KB5072014")->build, "26100.7392");
    assert_string_equal(row(f, "w11-25h2", "KB5072014")->build, "26200.7392");
    assert_string_equal(row(f, "ws2025", "KB5072014")->build, "26100.7392");
}

/* Seen in 2025-12: a fix for 25H2 under the number of 24H2. */
static void
a_build_of_another_version_is_moved_to_its_own_line(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(
        parse(f, FEBRUARY(FIX("\"5074204\"", IDS_25H2, "Security Only",
                              "10.0.26100.7392", "null"))),
        HF_OK);
    assert_string_equal(f->doc.v[0].build, "26200.7392");
    assert_true(f->doc.v[0].moved);
}

static void
a_build_of_another_product_is_left_out(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(
        parse(f,
              FEBRUARY(FIX("\"5075942\"", IDS_2025, HOTPATCH, "10.0.20348.4711",
                           "null") "," FIX("\"5075899\"", IDS_2025, UPDATE,
                                           "10.0.26100.32370", "null"))),
        HF_OK);
    assert_int_equal(f->doc.len, 1);
    assert_non_null(strstr(f->problems.v[0].text, "none of ws2025"));
}

static void
known_issues_are_marked(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(
        parse(f, FEBRUARY(
                     FIX("\"5075942\"", IDS_2025, HOTPATCH, "10.0.26100.32313",
                         "null") "," FIX("\"5075899\"", IDS_2025, UPDATE,
                                         "10.0.26100.32370",
                                         "null") "," KNOWN_ISSUE("5075899",
                                                                 IDS_2025))),
        HF_OK);
    assert_false(row(f, "ws2025", "KB5075942")->known_issues);
    assert_true(row(f, "ws2025", "KB5075899")->known_issues);
}

static void
rows_without_kb_or_build_are_passed_over(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(
        parse(
            f,
            FEBRUARY(
                FIX("null", IDS_2025, UPDATE, "10.0.26100.1", "null") "," FIX(
                    "\"Release Notes\"", IDS_2025, UPDATE, "10.0.26100.1",
                    "null") "," FIX("\"5075001\"", IDS_2025, UPDATE,
                                    "4.8.4798.2",
                                    "null") "," FIX("\"5075899\"", IDS_2025,
                                                    UPDATE, "10.0.26100.32370",
                                                    "null") ",{\"Type\":2}")),
        HF_OK);
    assert_int_equal(f->doc.len, 1);
}

/* clang-format off */
static const struct { const char *text, *says, *hint; } refused[] = {
    {"", "is empty", ""},
    {"  \n<!DOCTYPE html><html>", "is a web page", "is the month published"},
    {"<?xml version=\"1.0\"?><cvrf:cvrfdoc/>", "is XML",
     "Accept: application/json"},
    {"{\"error\":{\"code\":\"404\"}}", "answer about an error",
     "is the month published"},
    {"{\"DocumentTracking\":", "end of the text", ""},
    {"[]", "no monthly security document", "2026-Feb"},
    {MONTH("2026-Foo", "2026-02-10", ""), "'2026-Foo'", "2026-Feb"},
    {MONTH("2026-Dec", "2026-12-08", ""), "no update of a product",
     "is the month published"},
    {MONTH("2026-Feb", "2026-02-10",
           VULN("CVE-2026-1000", "No", "7.8",
                FIX("\"5075111\"", "\"9000\"", UPDATE, "10.0.20348.1",
                    "null"))),
     "no update of a product", "cut down"},
};
/* clang-format on */

static void
says_what_stands_there_instead(void **state)
{
    struct fixture *f = *state;

    for (size_t i = 0; i < HF_COUNT(refused); i++) {
        assert_int_equal(parse(f, refused[i].text), HF_EINVALID);
        if (!strstr(f->err.text, refused[i].says) ||
            !strstr(f->err.hint, refused[i].hint))
            fail_msg("'%s' (%s)", f->err.text, f->err.hint);
        hf_cvrf_release(&f->doc);
    }
}

static void
a_huge_file_is_refused(void **state)
{
    struct fixture *f = *state;
    size_t len = HF_FEED_MAX + 1;
    char *text = hf_xmalloc(len);

    memset(text, '[', len);
    assert_int_equal(
        hf_cvrf_parse(&f->doc, "big.json", text, len, &f->problems, &f->err),
        HF_ELIMIT);
    assert_string_equal(f->err.text, "'big.json' is larger than 64 MiB");
    free(text);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(reads_updates_and_what_they_close),
        TEST(a_hotpatch_is_one_however_it_is_spelled),
        TEST(what_it_says_of_restarts_changes_nothing),
        TEST(products_are_told_by_their_whole_name),
        TEST(one_kb_has_a_build_for_each_product),
        TEST(a_build_of_another_version_is_moved_to_its_own_line),
        TEST(a_build_of_another_product_is_left_out),
        TEST(known_issues_are_marked),
        TEST(rows_without_kb_or_build_are_passed_over),
        TEST(says_what_stands_there_instead),
        TEST(a_huge_file_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
