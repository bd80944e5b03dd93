/* Windows and freezes as commits to calendar.json. */
#include "bed.h"

#include <stdlib.h>
#include <string.h>

#include "backend/model/calendar.h"
#include "inventory/window.h"

#define FILE_OF "calendar.json"

static const struct hf_window_text freeze = {
    .name = "outage",
    .kind = "freeze",
    .from = "2026-12-18",
    .to = "2026-12-20",
    .reason = "network works",
};
static const struct hf_window_text night = {
    .name = "file night",
    .kind = "restart",
    .select = "ring:canary",
    .weekly = "saturday, sunday",
    .at = "22:00",
    .length = "4h",
};

static void
load(struct bed *b)
{
    if (bed_load(b) != HF_OK)
        fail_msg("%s", bed_problems(b));
}

/* The fleet is what was loaded last. */
static int
add(struct bed *b, const struct hf_window_text *text)
{
    char commit[41];

    return hf_window_add(b->repo, b->fleet, text, commit, &b->err);
}

static int
end(struct bed *b, const char *name, const char *kind)
{
    char commit[41];

    return hf_window_end(b->repo, b->fleet, name, kind, "over", commit,
                         &b->err);
}

static void
the_first_rule_makes_the_file(void **state)
{
    struct bed *b = *state;

    load(b);
    assert_int_equal(add(b, &freeze), HF_OK);
    assert_string_equal(
        bed_read(b, FILE_OF),
        "{\n"
        "  \"$schema\": \"schemas/calendar.schema.json\",\n"
        "  \"freezes\": [{\"name\": \"outage\", \"from\": \"2026-12-18\","
        " \"to\": \"2026-12-20\", \"reason\": \"network works\"}]\n"
        "}\n");
    assert_string_equal(bed_git(b, "log", "-1", "--format=%B", NULL),
                        "freeze 'outage' for every host: network works\n\n"
                        "Action: window-add\nWindow: outage\nKind: freeze\n");
    load(b);
    assert_int_equal(b->fleet->calendar->rules_len, 1);
    assert_int_equal(add(b, &freeze), HF_EEXISTS);
    assert_string_equal(b->err.text, "there is a freeze 'outage' already");
}

static void
what_a_person_wrote_stays_as_it_is(void **state)
{
    static const char before[] =
        "{\n\t\"note\": \"mine\",\n\t\"windows\": [\n"
        "\t\t{\"name\": \"a\", \"kind\": \"change\",\n"
        "\t\t \"weekly\": [\"day\"], \"at\": \"01:00\", \"length\": \"1h\"}\n"
        "\t],\n\t\"freezes\": []\n}\n";
    struct bed *b = *state;

    bed_write(b, FILE_OF, before);
    bed_commit(b, "by hand");
    load(b);
    assert_int_equal(add(b, &night), HF_OK);
    assert_non_null(
        strstr(bed_read(b, FILE_OF),
               "\"length\": \"1h\"},\n\t\t{\"name\": \"file night\", \"kind\":"
               " \"restart\", \"weekly\": [\"saturday\", \"sunday\"], \"at\":"
               " \"22:00\", \"length\": \"4h\", \"for\": {\"select\":"
               " \"ring:canary\"}}\n\t],\n"));
    load(b);
    assert_int_equal(add(b, &freeze), HF_OK);
    load(b);
    assert_int_equal(end(b, "outage", NULL), HF_OK);
    load(b);
    assert_int_equal(end(b, "file night", "restart"), HF_OK);
    assert_string_equal(bed_read(b, FILE_OF), before);
    assert_string_equal(bed_git(b, "log", "-1", "--format=%B", NULL),
                        "end restart window 'file night': over\n\n"
                        "Action: window-end\nWindow: file night\n"
                        "Kind: restart\n");
}

static void
what_would_make_the_calendar_wrong_is_refused(void **state)
{
    static const struct {
        struct hf_window_text text;
        const char *says;
    } rows[] = {
        {{.name = "x", .kind = "restart", .weekly = "saturday"},
         "wants 'at' and 'length'"},
        {{.name = "x",
          .kind = "restart",
          .weekly = "satturday",
          .at = "22:00",
          .length = "4h"},
         "satturday"},
        {{.name = "x",
          .kind = "change",
          .from = "2026-12-20",
          .to = "2026-12-18"},
         "ends before it begins"},
        {{.name = "x",
          .kind = "freeze",
          .from = "2026-12-18T10:00",
          .to = "2026-12-18T10:00"},
         "is empty"},
        {{.name = "x",
          .kind = "restart",
          .weekly = "day",
          .at = "22:00",
          .length = "25h"},
         "overlaps itself"},
        {{.name = "x", .kind = "freeze"}, "wants one of"},
        {{.name = "x",
          .kind = "freeze",
          .select = "patch:behind",
          .from = "2026-12-18",
          .to = "2026-12-19"},
         "'patch' depends on what a host was found to be"},
        {{.name = "x",
          .kind = "freeze",
          .select = "ring:",
          .from = "2026-12-18",
          .to = "2026-12-19"},
         ""},
    };
    struct bed *b = *state;

    load(b);
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        assert_true(add(b, &rows[i].text) < 0);
        if (!strstr(b->err.text, rows[i].says))
            fail_msg("row %zu says: %s", i, b->err.text);
    }
    assert_string_equal(bed_git(b, "rev-list", "--count", "HEAD", NULL), "1");
}

static void
two_of_one_name_want_their_kind(void **state)
{
    struct hf_window_text same = night;
    struct bed *b = *state;

    same.name = "outage";
    load(b);
    assert_int_equal(end(b, "outage", NULL), HF_ENOTFOUND);
    assert_int_equal(add(b, &freeze), HF_OK);
    load(b);
    assert_int_equal(add(b, &same), HF_OK);
    load(b);
    assert_int_equal(end(b, "outage", NULL), HF_EUSAGE);
    assert_string_equal(b->err.text, "2 rules are called 'outage'");
    assert_int_equal(end(b, "outage", "change"), HF_ENOTFOUND);
    assert_int_equal(end(b, "outage", "freeze"), HF_OK);
    load(b);
    assert_int_equal(b->fleet->calendar->rules_len, 1);
    assert_int_equal(b->fleet->calendar->rules[0].kind, HF_RULE_RESTART);
}

/* Not in the subject, which is read in lists. */
static void
a_long_selector_stands_below_the_subject(void **state)
{
    struct hf_window_text many = night;
    struct bed *b = *state;

    many.select = "name:web-01 or name:web-02 or name:web-03 or name:web-04 "
                  "or name:web-05";
    load(b);
    assert_int_equal(add(b, &many), HF_OK);
    assert_string_equal(bed_git(b, "log", "-1", "--format=%s%n%b", NULL),
                        "restart window 'file night'\n"
                        "for name:web-01 or name:web-02 or name:web-03 or "
                        "name:web-04 or name:web-05\n\n"
                        "Action: window-add\nWindow: file night\n"
                        "Kind: restart\n");
}

/* Also the first one: both were to make the file. */
static void
the_later_of_two_operators_is_told_of_the_first(void **state)
{
    struct bed *b = *state;

    load(b);
    bed_write(b, FILE_OF, "{}\n");
    bed_commit(b, "a calendar");
    assert_int_equal(add(b, &freeze), HF_EMOVED);
    assert_non_null(strstr(b->err.text, "Ada Admin, a calendar"));
    load(b);
    bed_write(b, FILE_OF, "{\"timezone\": \"Europe/Berlin\"}\n");
    bed_commit(b, "our clock");
    assert_int_equal(add(b, &night), HF_EMOVED);
    assert_non_null(strstr(b->err.text, "was changed by somebody else: "));
    assert_non_null(strstr(b->err.text, "Ada Admin, our clock"));
    assert_non_null(strstr(b->err.hint, "see git show "));
}

static void
what_is_not_committed_is_not_run_over(void **state)
{
    static const char mine[] = "{\"timezone\": \"Europe/Berlin\"}\n";
    struct bed *b = *state;

    bed_write(b, FILE_OF, "{}\n");
    bed_commit(b, "a calendar");
    load(b);
    bed_write(b, FILE_OF, mine);
    assert_int_equal(add(b, &freeze), HF_EDIRTY);
    assert_non_null(strstr(b->err.text, "changes that are not committed"));
    assert_string_equal(bed_read(b, FILE_OF), mine);
}

static void
judging_a_rule_writes_nothing(void **state)
{
    struct hf_arena *arena = hf_arena_new();
    struct hf_window_text text = night;
    struct bed *b = *state;
    struct hf_rule rule;

    load(b);
    assert_int_equal(
        hf_window_check(&rule, arena, b->repo, b->fleet, &text, &b->err),
        HF_OK);
    assert_int_equal(rule.kind, HF_RULE_RESTART);
    assert_int_equal(rule.weekdays, 1u << 5 | 1u << 6);
    text.weekly = "caturday";
    assert_int_equal(
        hf_window_check(&rule, arena, b->repo, b->fleet, &text, &b->err),
        HF_EINVALID);
    assert_string_equal(bed_git(b, "rev-list", "--count", "HEAD", NULL), "1");
    hf_arena_free(arena);
}

int
main(void)
{
#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, bed_setup_fleet, bed_teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_first_rule_makes_the_file),
        TEST(what_a_person_wrote_stays_as_it_is),
        TEST(what_would_make_the_calendar_wrong_is_refused),
        TEST(a_long_selector_stands_below_the_subject),
        TEST(two_of_one_name_want_their_kind),
        TEST(the_later_of_two_operators_is_told_of_the_first),
        TEST(what_is_not_committed_is_not_run_over),
        TEST(judging_a_rule_writes_nothing),
    };

    return cmocka_run_group_tests(tests, bed_group_setup, NULL);
}
