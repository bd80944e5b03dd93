/* Today: what needs a person, from states alone. */
#include "tests/unit/rows/golden.h"

#include "tui/rows/today.h"

/* The line of that text, or NULL. */
static const struct hf_today_line *
find(const struct hf_today *t, const char *text)
{
    for (size_t i = 0; i < t->len; i++) {
        if (strstr(t->v[i].text, text))
            return &t->v[i];
    }
    return NULL;
}

static void
a_fleet_that_nobody_asked_needs_somebody(void **state)
{
    char web[] = "web-01", name[] = "small", key[] = "ssh-ed25519 AAAA";
    struct hf_host host = {.name = web, .hostkey = key};
    struct hf_state st = {.host = &host};
    struct hf_fleet of = {.name = name, .hosts = &host, .hosts_len = 1};
    struct hf_today_in in = {
        .fleet = &of, .states = &st, .states_len = 1, .now = NOW};
    const struct hf_today_line *line;
    struct hf_today today;

    (void)state;
    hf_today_make(&today, &in);
    line = find(&today, "1 host never asked");
    assert_non_null(line);
    assert_int_equal(line->section, HF_TODAY_NEEDS);
    assert_string_equal(line->next, "hotfleet check");
    assert_int_equal(today.needs, 1);
    assert_null(find(&today, "1 hosts"));
    hf_today_release(&today);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fleet_that_nobody_asked_needs_somebody),
    };

    return cmocka_run_group_tests_name("today", tests, NULL, NULL);
}
