/* What a selector matches, and how it is spelled again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/model/selector.h"

#define HOUR (INT64_C(3600) * 1000)
#define DAY (24 * HOUR)
#define NOW INT64_C(1795400000000)

static const struct hf_pair attributes[] = {{"owner", "ops"}, {"Role", "web"}};
static const struct hf_pair domains[] = {{"cluster", "sql-a"}};
static const char *const tags[] = {"edge", "pci", NULL};
static const struct hf_host web = {
    .name = "web-03",
    .address = "fe80::1",
    .ring = "canary",
    .site = "New York",
    .platform = "livepatch",
    .tags = tags,
    .attributes = {attributes, 2},
    .domains = {domains, 1},
};

/* A host of the ring canary, asked three days ago, behind by one patch. */
static void
setup(struct hf_state *st)
{
    static struct hf_finding findings[] = {
        {.name = "lockdown", .verdict = HF_VERDICT_UNKNOWN},
        {.name = "space", .verdict = HF_VERDICT_PASS},
        {.name = "others", .verdict = HF_VERDICT_WARN},
    };
    struct hf_record *r;

    hf_state_init(st, &web);
    r = hf_state_change(st);
    hf_facts_set(&r->facts, "kernel.release", "6.1.0-56-amd64", NULL,
                 NOW - DAY);
    hf_facts_set(&r->facts, "os.id", "debian", NULL, NOW - 3 * DAY);
    hf_facts_set_unknown(&r->facts, "lockdown", "needs elevation", NULL,
                         NOW - DAY);
    st->findings = (struct hf_findings){findings, 3, 3};
    st->status.coverage = HF_COVERAGE_COVERED;
    st->status.patch = HF_PATCH_BEHIND;
    st->status.reboot = HF_REBOOT_NONE;
    st->status.flags = HF_FLAG_STALE | HF_FLAG_JOB_RUNNING;
    st->status.level = "6.1.0 + fix_2";
    snprintf(r->recent.outcome, sizeof(r->recent.outcome), "verified");
}

/* Its findings are static. */
static void
cleanup(struct hf_state *st)
{
    st->findings = (struct hf_findings){0};
    hf_state_release(st);
}

static int
matches_state(const struct hf_state *st, const char *text)
{
    struct hf_err err = HF_ERR_INIT;
    struct hf_selector *s = NULL;
    int matched;

    if (hf_selector_parse(&s, text, &err) < 0)
        fail_msg("%s", err.text);
    matched = hf_selector_match(s, st, NOW);
    hf_selector_free(s);
    return matched;
}

static void
expect_all(const char *const *texts, size_t n, int wanted)
{
    struct hf_state st;

    setup(&st);
    for (size_t i = 0; i < n; i++) {
        if (matches_state(&st, texts[i]) != wanted)
            fail_msg("'%s' should %smatch", texts[i], wanted ? "" : "not ");
    }
    cleanup(&st);
}

static void
every_field_finds_its_value(void **state)
{
    static const char *const texts[] = {
        "",
        "  ",
        "web-03",
        "WEB-03",
        "web-0*",
        "Web-0?",
        "/^web/",
        "name:/^web-[0-9]+$/",
        "name:/^[a-z]+-[0-9]{1,3}$/",
        "name:/^[[:alpha:]]+[]*-][+0-9]+$/",
        "name:/^(web|db|app|mail|dns)-(0[0-9]|1[0-9]+|2+3+4+)$/",
        "\"web-03\"",
        "ring:canary",
        "ring:CANARY",
        "Ring:can*",
        "site:\"new york\"",
        "site:'New York'",
        "site:/york/",
        "platform:livepatch",
        "address:fe80::1",
        "tag:edge",
        "tag:pci",
        "role:web",
        "role:edge",
        "attr.owner:ops",
        "attr.OWNER:ops",
        "domain.cluster:sql-?",
        "coverage:covered",
        "patch:behind",
        "patch:Behind",
        "patch:/^be/",
        "reboot:none",
        "stale",
        "STALE",
        "flag:job-running",
        "job-running",
        "flag:st*",
        "check:lockdown",
        "check:others",
        "check.lockdown:unknown",
        "check.SPACE:pass",
        "check.others:w*",
        "level:*fix_2",
        "outcome:verified",
        "kernel:6.1.0-*",
        "fact.os.id:debian",
        "fact.lockdown:unknown",
        "fact.absent:unknown",
    };

    (void)state;
    expect_all(texts, HF_COUNT(texts), 1);
}

static void
no_field_finds_what_is_not_there(void **state)
{
    static const char *const texts[] = {
        "web-3",
        "web",
        "/^eb/",
        "\"web-0*\"",
        "ring:broad",
        "product:*",
        "tag:edg",
        "role:ops",
        "attr.role2:web",
        "domain.rack:*",
        "patch:current",
        "held",
        "check:space",
        "check:absent",
        "check.space:block",
        "check.absent:*",
        "outcome:failed",
        "fact.os.id:unknown",
        "run:*Z-*",
    };

    (void)state;
    expect_all(texts, HF_COUNT(texts), 0);
}

/* Most hosts say what they run; the inventory need not. */
static void
a_product_is_what_the_facts_say_before_the_inventory(void **state)
{
    static const struct hf_host host = {.name = "a", .product = "ws2022-azure"};
    struct hf_state st = {.host = &host};
    struct hf_err err = HF_ERR_INIT;
    struct hf_selector *sel;

    (void)state;
    assert_int_equal(hf_selector_parse(&sel, "product:ws2025", &err), HF_OK);
    assert_false(hf_selector_match(sel, &st, 1));
    st.status.product = "ws2025";
    assert_true(hf_selector_match(sel, &st, 1));
    hf_selector_free(sel);
}

static void
not_binds_before_and_before_or(void **state)
{
    static const char *const yes[] = {
        "ring:canary stale",
        "ring:canary & stale",
        "ring:canary && stale",
        "ring:canary and stale",
        "ring:canary AND stale",
        "ring:broad | stale",
        "ring:broad || stale",
        "ring:broad or stale",
        "!held",
        "not held",
        "not not stale",
        "not(held)",
        "ring:canary&!held",
        "held & held | stale",
        "stale | held & held",
        "ring:canary & (role:db | tag:pci) & !held",
        "not held and stale",
        "((stale))",
    };
    static const char *const no[] = {
        "ring:canary held",    "(held | stale) & held", "held & (held | stale)",
        "not (held or stale)", "not held and held",     "!stale",
    };

    (void)state;
    expect_all(yes, HF_COUNT(yes), 1);
    expect_all(no, HF_COUNT(no), 0);
}

static void
age_looks_at_the_oldest_fact(void **state)
{
    static const char *const yes[] = {"age:>2d", "older:2d",  "older:71h",
                                      "age:<4d", "newer:73h", "not older:3d"};
    static const char *const no[] = {"age:>3d", "older:3d", "newer:72h",
                                     "age:<2d", "older:1w"};

    (void)state;
    expect_all(yes, HF_COUNT(yes), 1);
    expect_all(no, HF_COUNT(no), 0);
}

static void
facts_read_anew_are_as_old_as_they_were_when_asked(void **state)
{
    static const struct {
        const char *text;
        int64_t oldest;
        int matches;
    } rows[] = {
        {"older:2d", NOW - 3 * DAY, 1},
        {"older:2d", NOW - DAY, 0},
        {"newer:2d", NOW - 3 * DAY, 0},
        {"newer:2d", NOW - DAY, 1},
        {"older:2d and os", 0, 0},
        {"older:2d", 0, 1},
        {"older:2d fact.os.id:debian", 0, 1},
    };

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        struct hf_err err = HF_ERR_INIT;
        struct hf_selector *s = NULL;
        struct hf_state st;

        setup(&st);
        if (hf_selector_parse(&s, rows[i].text, &err) < 0)
            fail_msg("%s", err.text);
        if (hf_selector_match_aged(s, &st, rows[i].oldest, NOW) !=
            rows[i].matches)
            fail_msg("row %zu, '%s'", i, rows[i].text);
        hf_selector_free(s);
        cleanup(&st);
    }
}

static void
a_host_never_asked_is_older_than_everything(void **state)
{
    struct hf_state st = {.host = &web};

    (void)state;
    assert_true(matches_state(&st, "older:1000w"));
    assert_false(matches_state(&st, "newer:1000w"));
    assert_true(matches_state(&st, "fact.os.id:unknown"));
    assert_true(matches_state(&st, "patch:unknown coverage:unknown"));
    assert_false(matches_state(&st, "check:*"));
}

static void
a_hold_counts_before_anybody_judged(void **state)
{
    static const char *const none[] = {NULL};
    struct hf_host host = {.name = "db", .hold = "year end", .tags = none};
    struct hf_state st = {.host = &host};

    (void)state;
    assert_true(matches_state(&st, "held"));
    assert_false(matches_state(&st, "stale"));
    assert_false(matches_state(&st, "tag:*"));
}

static void
letters_beyond_ascii_have_no_case_either(void **state)
{
    static const char *const none[] = {NULL};
    struct hf_host host = {.name = "M\xc3\x9cnchen", .tags = none};
    struct hf_state st = {.host = &host};

    (void)state;
    assert_true(matches_state(&st, "m\xc3\xbcnchen"));
    assert_true(matches_state(&st, "m\xc3\xbc*"));
    assert_true(matches_state(&st, "m?nchen"));
    assert_true(matches_state(&st, "/^m\xc3\xbcn/"));
    assert_true(matches_state(&st, "/^m.n/"));
}

static void
is_spelled_so_that_no_shell_takes_it_apart(void **state)
{
    /* clang-format off */
    static const struct { const char *text, *spelled; } rows[] = {
        {"", ""},
        {"ring:canary & (role:web|tag:db) & !held",
            "ring:canary and (role:web or tag:db) and not held"},
        {"age:>2d", "older:2d"},
        {"age:<90s", "newer:90s"},
        {"OLDER:2d", "older:2d"},
        {"a b c", "a and b and c"},
        {"a (b c)", "a and b and c"},
        {"(a | b) | c", "a or b or c"},
        {"a | b c", "a or b and c"},
        {"!(a b)", "not (a and b)"},
        {"!!a", "not not a"},
        {"name:web-0*", "web-0*"},
        {"\"web-0*\"", "name:\"web-0*\""},
        {"name:held", "name:held"},
        {"name:behind", "name:behind"},
        {"name:and", "name:and"},
        {"Held", "held"},
        {"FLAG:Held", "held"},
        {"flag:h*", "flag:h*"},
        {"patch:BEHIND", "patch:behind"},
        {"site:'New York'", "site:\"New York\""},
        {"site:\"a\\\"b\\\\c\"", "site:\"a\\\"b\\\\c\""},
        {"site:\"\"", "site:\"\""},
        {"attr.user:CORP\\x", "attr.user:CORP\\x"},
        {"fact.path:\"/etc\"", "fact.path:\"/etc\""},
        {"fact.path:/^\\/etc\\.d/", "fact.path:/^\\/etc\\.d/"},
        {"/a b|(c)/", "name:/a b|(c)/"},
        {"web[!0]", "name:web[!0]"},
        {"Attr.Owner:x", "attr.Owner:x"},
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        struct hf_err err = HF_ERR_INIT;
        struct hf_selector *s = NULL;
        struct hf_buf out = {0};

        if (hf_selector_parse(&s, rows[i].text, &err) < 0)
            fail_msg("%s", err.text);
        hf_selector_format(&out, s);
        assert_string_equal(hf_buf_str(&out), rows[i].spelled);
        hf_selector_free(s);

        assert_int_equal(hf_selector_parse(&s, rows[i].spelled, &err), HF_OK);
        hf_buf_clear(&out);
        hf_selector_format(&out, s);
        assert_string_equal(hf_buf_str(&out), rows[i].spelled);
        hf_selector_free(s);
        hf_buf_release(&out);
    }
}

static void
takes_a_list_of_ten_thousand_hosts(void **state)
{
    struct hf_err err = HF_ERR_INIT;
    struct hf_selector *s = NULL;
    struct hf_buf text = {0}, out = {0};
    struct hf_state st = {.host = &web};

    (void)state;
    for (int i = 0; i < 10000; i++)
        hf_buf_printf(&text, "%shost-%d", i ? " or " : "", i);
    hf_buf_puts(&text, " or web-03");
    assert_int_equal(hf_selector_parse(&s, hf_buf_str(&text), &err), HF_OK);
    assert_true(hf_selector_match(s, &st, NOW));
    hf_selector_format(&out, s);
    assert_string_equal(hf_buf_str(&out), hf_buf_str(&text));
    hf_selector_free(s);
    hf_buf_release(&text);
    hf_buf_release(&out);
}

/* Rules of a calendar hold for hosts that were never asked. */
static void
tells_whether_the_inventory_alone_decides(void **state)
{
    static const struct {
        const char *text, *asks;
    } rows[] = {
        {"", NULL},
        {"web-0* and not tag:pci", NULL},
        {"ring:canary or (attr.owner:ops and domain.cluster:sql-a)", NULL},
        {"role:web and address:10.*", NULL},
        {"ring:canary and patch:behind", "patch"},
        {"not held", "flag"},
        {"older:2d", "older"},
        {"ring:canary or product:ws2025", "product"},
    };
    struct hf_selector *s;
    struct hf_err err = HF_ERR_INIT;

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        assert_int_equal(hf_selector_parse(&s, rows[i].text, &err), HF_OK);
        if (rows[i].asks)
            assert_string_equal(hf_selector_asks_facts(s), rows[i].asks);
        else
            assert_null(hf_selector_asks_facts(s));
        hf_selector_free(s);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_finds_its_value),
        cmocka_unit_test(no_field_finds_what_is_not_there),
        cmocka_unit_test(a_product_is_what_the_facts_say_before_the_inventory),
        cmocka_unit_test(not_binds_before_and_before_or),
        cmocka_unit_test(age_looks_at_the_oldest_fact),
        cmocka_unit_test(facts_read_anew_are_as_old_as_they_were_when_asked),
        cmocka_unit_test(a_host_never_asked_is_older_than_everything),
        cmocka_unit_test(a_hold_counts_before_anybody_judged),
        cmocka_unit_test(letters_beyond_ascii_have_no_case_either),
        cmocka_unit_test(is_spelled_so_that_no_shell_takes_it_apart),
        cmocka_unit_test(tells_whether_the_inventory_alone_decides),
        cmocka_unit_test(takes_a_list_of_ten_thousand_hosts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
