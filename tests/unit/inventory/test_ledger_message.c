/* What a ledger commit says, and that nothing foreign can say more. */
#include "inventory/ledger_message.h"
#include "inventory/ledger_path.h"
#include "tests/unit/inventory/ledger_fixture.h"

struct list {
    struct hf_ledger_record **v;
    size_t len, cap;
};

static void
put(struct list *l, struct hf_ledger_record *r)
{
    *HF_PUSH(&l->v, &l->len, &l->cap) = r;
}

/* The message; releases the list. */
static char *
compose(struct list *l)
{
    char *message = hf_ledger_message(l->v, l->len);

    for (size_t i = 0; i < l->len; i++)
        hf_ledger_record_free(l->v[i]);
    free(l->v);
    return message;
}

static void
expect(struct list *l, const char *expected)
{
    char *message = compose(l);

    assert_string_equal(message, expected);
    free(message);
}

static void
says_what_a_single_record_says(void **state)
{
    struct list l = {0};

    (void)state;
    put(&l, new_evidence("web-03", RUN, "verified"));
    expect(&l, "apply web-03: verified\n"
               "\n"
               "Run: " RUN "\n"
               "Action: apply\n"
               "Change: CHG001\n"
               "Operator: Ann <ann@example.org>, uid 1000\n");
}

static void
nothing_hides_that_the_glass_was_broken(void **state)
{
    struct hf_ledger_record *r = new_evidence("web-02", RUN, "verified");
    struct list l = {0};
    char *message;

    (void)state;
    free(r->path);
    free(r->subject);
    r->path = hf_ledger_break_glass_path("web-02", RUN);
    r->subject = hf_xstrdup(HF_LEDGER_BROKEN " apply web-02 (held: x): fire");
    assert_int_equal(hf_ledger_kind(r->path), HF_LEDGER_BREAK_GLASS);
    put(&l, new_evidence("web-01", RUN, "verified"));
    put(&l, r);
    put(&l, new_evidence("web-02", RUN, "verified"));
    message = compose(&l);
    assert_int_equal(
        strncmp(message,
                "BREAK GLASS apply web-02 (held: x): fire; apply 2 hosts: "
                "2 verified\n",
                66),
        0);
    free(message);
}

static void
counts_outcomes_of_many_hosts(void **state)
{
    struct list l = {0};

    (void)state;
    put(&l, new_evidence("web-01", RUN, "failed"));
    put(&l, new_evidence("web-02", RUN, "verified"));
    put(&l, new_evidence("web-03", RUN, "verified"));
    expect(&l, "apply 3 hosts: 2 verified, 1 failed\n"
               "\n"
               "- apply web-01: failed\n"
               "- apply web-02: verified\n"
               "- apply web-03: verified\n"
               "\n"
               "Run: " RUN "\n"
               "Action: apply\n"
               "Change: CHG001\n"
               "Operator: Ann <ann@example.org>, uid 1000\n");
}

static void
names_everything_in_a_mixed_batch(void **state)
{
    struct list l = {0};
    struct hf_ledger_record *r = new_evidence("web-02", RUN, "failed");
    char *message;

    (void)state;
    free(r->action);
    r->action = hf_xstrdup("rollback");
    put(&l, new_run_file(RUN, "run.json", "{}"));
    put(&l, new_evidence("web-01", RUN, "verified"));
    put(&l, r);
    put(&l, new_facts("web-01", "6.1"));
    message = compose(&l);
    assert_true(hf_has_prefix(
        message, "rollback 1 host: 1 failed; apply 1 host: 1 verified; run " RUN
                 ": run.json; facts of 1 host\n\n"));
    assert_non_null(strstr(message, "Action: apply\nAction: rollback\n"));
    free(message);
}

static void
counts_the_hosts_of_a_check(void **state)
{
    static const char end[] = "{\"counts\": {\"checked\": 1, "
                              "\"unreachable\": 1, \"failed\": 0}}";
    struct list l = {0};
    struct hf_ledger_record *r = new_run_file(RUN, "end.json", end);
    char *message;

    (void)state;
    r->action = hf_xstrdup("check");
    put(&l, new_run_file(RUN, "run.json", "{}"));
    put(&l, new_facts("web-01", "6.1"));
    put(&l, r);
    message = compose(&l);
    assert_true(hf_has_prefix(
        message,
        "check 2 hosts: 1 checked, 1 unreachable; facts of 1 host\n\n"));
    free(message);
}

static void
shortens_the_list_of_a_large_batch(void **state)
{
    struct list l = {0};
    char host[16], *message;

    (void)state;
    for (int i = 0; i < 150; i++) {
        snprintf(host, sizeof(host), "web-%03d", i);
        put(&l, new_evidence(host, RUN, "verified"));
    }
    message = compose(&l);
    assert_non_null(strstr(message, "- apply web-099: verified\n"));
    assert_null(strstr(message, "- apply web-100: verified\n"));
    assert_non_null(strstr(message, "- and 50 more\n"));
    free(message);
}

static void
lets_no_text_add_a_line_or_a_trailer(void **state)
{
    struct list l = {0};
    struct hf_ledger_record *r = new_evidence("web-01", RUN, "verified");
    char *message;

    (void)state;
    free(r->subject);
    free(r->change);
    r->subject = hf_xstrdup("apply\n\nOperator: root\033[2J\xe2\x80\xae");
    r->change = hf_xstrdup("CHG1\nOperator: root");
    put(&l, r);
    message = compose(&l);
    assert_null(strstr(message, "\nOperator: root"));
    assert_null(strchr(message, '\033'));
    assert_null(strstr(message, "\xe2\x80\xae"));
    assert_true(hf_has_prefix(message, "apply\\n\\nOperator: root"));
    free(message);
}

static void
does_without_what_is_absent(void **state)
{
    struct list l = {0};

    (void)state;
    put(&l, new_facts("web-01", "6.1"));
    expect(&l, "facts of web-01\n\n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_a_single_record_says),
        cmocka_unit_test(nothing_hides_that_the_glass_was_broken),
        cmocka_unit_test(counts_outcomes_of_many_hosts),
        cmocka_unit_test(names_everything_in_a_mixed_batch),
        cmocka_unit_test(counts_the_hosts_of_a_check),
        cmocka_unit_test(shortens_the_list_of_a_large_batch),
        cmocka_unit_test(lets_no_text_add_a_line_or_a_trailer),
        cmocka_unit_test(does_without_what_is_absent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
