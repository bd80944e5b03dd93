/* The fleet's exceptions as files, and the commits that change them. */
#include "bed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inventory/exception.h"
#include "inventory/lint.h"

#define FILE_OF "exceptions/books.json"
#define HEAD                                                          \
    "{\"id\": \"books\", \"owner\": \"dba\", \"ticket\": \"CHG-1\", " \
    "\"reason\": \"year end\", \"control\": \"no way in\", "
#define FOR "\"for\": {\"hosts\": [\"web-01\"]}, "
#define UNTIL "\"until\": \"2027-01-31\"}"

static const struct hf_exception_text full = {
    .owner = "dba",
    .ticket = "CHG-1",
    .reason = "year end",
    .control = "no way in",
    .until = "2027-01-31",
};

static void
write_file(struct bed *b, const char *text)
{
    bed_write(b, FILE_OF, text);
    bed_commit(b, "exception");
}

static void
a_file_excuses_its_hosts_until_its_day_is_over(void **state)
{
    struct bed *b = *state;
    const struct hf_exception *e;

    bed_host(b, "web-02", "");
    write_file(b, HEAD FOR UNTIL);
    assert_int_equal(bed_load(b), HF_OK);
    assert_string_equal(bed_problems(b), "");
    assert_null(b->fleet->unenforced);
    assert_int_equal(b->fleet->exceptions_len, 1);
    e = &b->fleet->exceptions[0];
    assert_string_equal(e->control, "no way in");
    assert_string_equal(e->path, FILE_OF);
    assert_int_equal(e->until % 86400000, 86399000);
    assert_ptr_equal(hf_exception_of(b->fleet, &b->fleet->hosts[0], e->until),
                     e);
    assert_null(hf_exception_of(b->fleet, &b->fleet->hosts[1], e->until));
}

static void
what_it_must_not_lack_is_named(void **state)
{
    struct bed *b = *state;

    write_file(b, HEAD FOR "\"note\": \"for ever\"}");
    assert_problem(b, FILE_OF ":1:1: $: 'until' is missing");
    write_file(b, HEAD UNTIL);
    assert_problem(b, FILE_OF ":1:1: $: 'for' is missing");
    write_file(b, HEAD "\"for\": {}, " UNTIL);
    assert_problem(b, FILE_OF ":1:1: $: wants hosts, rings, sites or select "
                              "in 'for'");
    write_file(b, HEAD "\"for\": {\"select\": \"patch:behind\"}, " UNTIL);
    assert_int_equal(bed_load(b), HF_EINVALID);
    assert_non_null(strstr(bed_problems(b), "$.for.select: 'patch' depends on "
                                            "what a host was found to be"));
    write_file(b, HEAD "\"for\": {\"rings\": [\"canari\"]}, " UNTIL);
    assert_int_equal(bed_load(b), HF_EINVALID);
    assert_non_null(strstr(bed_problems(b), "did you mean 'canary'?"));
    assert_null(b->fleet);
}

static void
two_of_one_id_are_refused(void **state)
{
    struct bed *b = *state;

    bed_write(b, "exceptions/a.json", HEAD FOR UNTIL);
    write_file(b, HEAD FOR UNTIL);
    assert_problem(b, FILE_OF ":1:8: $.id: 'books' is already in "
                              "'exceptions/a.json'");
}

static void
lint_tells_of_ends_and_of_hosts_that_are_gone(void **state)
{
    struct bed *b = *state;

    setenv("HOTFLEET_CLOCK", "2027-01-25T00:00:00Z", 1);
    write_file(b, HEAD "\"for\": {\"hosts\": [\"web-09\"]}, " UNTIL);
    assert_int_equal(bed_load(b), HF_OK);
    hf_lint_fleet(b->fleet, &b->problems);
    assert_non_null(strstr(bed_problems(b), "ends with 2027-01-31: its hosts "
                                            "are patched again then"));
    assert_non_null(strstr(bed_problems(b), "the fleet has no host 'web-09'"));
    assert_non_null(strstr(bed_problems(b), "names no host"));
    setenv("HOTFLEET_CLOCK", "2026-01-25T00:00:00Z", 1);
    assert_int_equal(bed_load(b), HF_OK);
    hf_lint_fleet(b->fleet, &b->problems);
    assert_non_null(strstr(bed_problems(b), "ends with 2027-01-31, in more "
                                            "than a year"));
    setenv("HOTFLEET_CLOCK", "2027-02-01T00:00:00Z", 1);
    assert_int_equal(bed_load(b), HF_OK);
    hf_lint_fleet(b->fleet, &b->problems);
    unsetenv("HOTFLEET_CLOCK");
    assert_non_null(strstr(bed_problems(b), "ended with 2027-01-31: renew or "
                                            "end it"));
}

/* ---- commits ---- */

static const struct hf_host *
first_host(struct bed *b)
{
    if (bed_load(b) != HF_OK)
        fail_msg("%s", b->err.text);
    return &b->fleet->hosts[0];
}

static int
add(struct bed *b, const struct hf_exception_text *text)
{
    const struct hf_host *host = first_host(b);
    char commit[41];

    return hf_exception_add(b->repo, b->fleet, "books", &host, 1, text, commit,
                            &b->err);
}

static void
adding_one_is_a_commit_with_trailers(void **state)
{
    struct bed *b = *state;

    setenv("HOTFLEET_CLOCK", "2026-11-23T01:23:45Z", 1);
    assert_int_equal(add(b, &full), HF_OK);
    assert_string_equal(bed_read(b, FILE_OF),
                        "{\n"
                        "  \"$schema\": \"../schemas/exception.schema.json\",\n"
                        "  \"id\": \"books\",\n"
                        "  \"for\": {\"hosts\": [\"web-01\"]},\n"
                        "  \"owner\": \"dba\",\n"
                        "  \"ticket\": \"CHG-1\",\n"
                        "  \"reason\": \"year end\",\n"
                        "  \"control\": \"no way in\",\n"
                        "  \"until\": \"2027-01-31\",\n"
                        "  \"by\": \"Ada Admin\",\n"
                        "  \"since\": \"2026-11-23T01:23:45Z\"\n"
                        "}\n");
    assert_string_equal(bed_git(b, "log", "-1", "--format=%B", NULL),
                        "except web-01 until 2027-01-31: year end\n\n"
                        "Action: exception-add\nException: books\n"
                        "Owner: dba\nTicket: CHG-1\nUntil: 2027-01-31\n");
    assert_string_equal(bed_git(b, "log", "-1",
                                "--format=%(trailers:key=Ticket,valueonly)",
                                NULL),
                        "CHG-1\n");
    assert_int_equal(add(b, &full), HF_EEXISTS);
    assert_string_equal(hf_exception_of(b->fleet, first_host(b), 0)->id,
                        "books");
    unsetenv("HOTFLEET_CLOCK");
}

static void
one_without_end_or_of_the_past_is_refused(void **state)
{
    struct bed *b = *state;
    struct hf_exception_text text = full;

    text.until = NULL;
    assert_int_equal(add(b, &text), HF_EINVALID);
    assert_string_equal(b->err.text, "an exception wants 'until'");
    text.until = "2020-01-31";
    assert_int_equal(add(b, &text), HF_EINVALID);
    assert_string_equal(b->err.text, "it would have ended with 2020-01-31");
    text.until = "soon";
    assert_int_equal(add(b, &text), HF_EINVALID);
    assert_non_null(strstr(b->err.text, "$.until"));
    text = full;
    text.control = "  ";
    assert_int_equal(add(b, &text), HF_EINVALID);
    assert_string_equal(b->err.text, "an exception wants 'control'");
    assert_string_equal(bed_git(b, "rev-list", "--count", "HEAD", NULL), "1");
}

static void
renewal_changes_what_is_given_and_keeps_the_rest(void **state)
{
    struct bed *b = *state;
    const struct hf_exception_text later = {.until = "2028-02-29",
                                            .ticket = "CHG-2"};
    const struct hf_exception_text endless = {.reason = "still"};
    char commit[41];

    write_file(b, HEAD FOR "\"note\": \"by hand\", " UNTIL);
    (void)first_host(b);
    assert_int_equal(hf_exception_renew(b->repo, &b->fleet->exceptions[0],
                                        &endless, commit, &b->err),
                     HF_EINVALID);
    assert_int_equal(hf_exception_renew(b->repo, &b->fleet->exceptions[0],
                                        &later, commit, &b->err),
                     HF_OK);
    assert_string_equal(bed_git(b, "log", "-1", "--format=%s", NULL),
                        "renew exception books until 2028-02-29");
    (void)first_host(b);
    assert_string_equal(b->fleet->exceptions[0].ticket, "CHG-2");
    assert_string_equal(b->fleet->exceptions[0].owner, "dba");
    assert_string_equal(b->fleet->exceptions[0].note, "by hand");
}

static void
ending_one_takes_its_file_away(void **state)
{
    struct bed *b = *state;
    char commit[41];

    write_file(b, HEAD FOR UNTIL);
    (void)first_host(b);
    assert_int_equal(hf_exception_end(b->repo, &b->fleet->exceptions[0],
                                      "open again", commit, &b->err),
                     HF_OK);
    assert_string_equal(bed_git(b, "log", "-1", "--format=%s", NULL),
                        "end exception books: open again");
    (void)first_host(b);
    assert_int_equal(b->fleet->exceptions_len, 0);
}

static void
the_later_of_two_operators_is_told_of_the_first(void **state)
{
    struct bed *b = *state;
    const struct hf_exception_text later = {.until = "2028-02-29"};
    char commit[41], want[64];

    write_file(b, HEAD FOR UNTIL);
    (void)first_host(b);
    write_file(b, HEAD FOR "\"until\": \"2027-06-30\"}");
    assert_int_equal(hf_exception_renew(b->repo, &b->fleet->exceptions[0],
                                        &later, commit, &b->err),
                     HF_EMOVED);
    snprintf(want, sizeof(want), "see git show %.10s",
             bed_git(b, "rev-parse", "HEAD", NULL));
    assert_non_null(strstr(b->err.text, "was changed by somebody else: "));
    assert_non_null(strstr(b->err.text, " of Ada Admin, exception"));
    assert_non_null(strstr(b->err.hint, want));
    bed_git(b, "rm", "-q", FILE_OF, NULL);
    bed_commit(b, "nobody needs it");
    assert_int_equal(hf_exception_renew(b->repo, &b->fleet->exceptions[0],
                                        &later, commit, &b->err),
                     HF_EMOVED);
    assert_non_null(strstr(b->err.text, "Ada Admin, nobody needs it"));
}

/* Neither has seen the other's file. */
static void
two_who_add_the_same_one_are_told_of_it(void **state)
{
    struct bed *b = *state;
    const struct hf_host *host = first_host(b);
    char commit[41];

    write_file(b, HEAD FOR UNTIL);
    assert_int_equal(hf_exception_add(b->repo, b->fleet, "books", &host, 1,
                                      &full, commit, &b->err),
                     HF_EMOVED);
    assert_non_null(strstr(b->err.text, FILE_OF));
    assert_non_null(strstr(b->err.text, " of Ada Admin, exception"));
    assert_string_equal(commit, "");
}

int
main(void)
{
#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, bed_setup_fleet, bed_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_file_excuses_its_hosts_until_its_day_is_over),
        TEST(what_it_must_not_lack_is_named),
        TEST(two_of_one_id_are_refused),
        TEST(lint_tells_of_ends_and_of_hosts_that_are_gone),
        TEST(adding_one_is_a_commit_with_trailers),
        TEST(one_without_end_or_of_the_past_is_refused),
        TEST(renewal_changes_what_is_given_and_keeps_the_rest),
        TEST(ending_one_takes_its_file_away),
        TEST(the_later_of_two_operators_is_told_of_the_first),
        TEST(two_who_add_the_same_one_are_told_of_it),
    };

    return cmocka_run_group_tests(tests, bed_group_setup, NULL);
}
