/* Which names, addresses and accounts are accepted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "backend/model/host.h"

static void
takes_letters_and_digits_of_any_script(void **state)
{
    static const char *const good[] = {
        "web-03",
        "0",
        "a.b_c-d",
        "m\xc3\xbcnchen",                     /* Latin, composed */
        "\xd0\xba\xd0\xb8\xd0\xb5\xd0\xb2-1", /* Cyrillic */
        "\xe6\x9d\xb1\xe4\xba\xac",           /* Han */
        "\xed\x95\x9c\xea\xb5\xad",           /* Hangul syllables */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_null(hf_host_name_problem(good[i]));
}

static void
refuses_names_that_are_no_names(void **state)
{
    static const char *const bad[] = {
        "",        "-web",          ".git",
        "_x",      "web 03",        "web/3",
        "../etc",  "web\n",         "web'$(id)'",
        "web*",    "a:b",           "a\\b",
        "web\xff", "\xc0\xaf",      "web\xe2\x80\xae",
        "a,b",     "a\xe2\x80\x8b", "\xef\xbb\xbf!",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_non_null(hf_host_name_problem(bad[i]));
}

static void
explains_a_decomposed_name(void **state)
{
    static const char *const bad[] = {
        "mu\xcc\x88nchen",                      /* u, diaeresis */
        "\xd0\xb8\xcc\x86",                     /* Cyrillic i, breve */
        "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", /* Hangul parts */
        "\xe3\x81\x8b\xe3\x82\x99",             /* kana, voicing */
        "\xe2\x84\xaa",                         /* kelvin sign */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_non_null(strstr(hf_host_name_problem(bad[i]), "NFC"));
}

static void
takes_names_up_to_253_bytes(void **state)
{
    char name[255];

    (void)state;
    memset(name, 'a', sizeof(name));
    name[253] = '\0';
    assert_null(hf_host_name_problem(name));
    name[253] = 'a';
    name[254] = '\0';
    assert_non_null(hf_host_name_problem(name));
}

static void
takes_dns_names_and_numeric_addresses(void **state)
{
    static const char *const good[] = {
        "localhost", "web-03.example.org", "web_3.example.org.", "10.1.2.3",
        "::1",       "fe80::1%eth0",       "2001:db8::7",        "3com.example",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_null(hf_address_problem(good[i]));
}

static void
refuses_what_is_no_address_and_says_why(void **state)
{
    static const struct {
        const char *address, *why;
    } rows[] = {
        {"", "empty"},
        {"10.1.2", "IPv4"},
        {"10.1.2.300", "IPv4"},
        {"web:22", "port"},
        {"[::1]", "brackets"},
        {"root@web", "user"},
        {"fe80::1%", "numeric"},
        {"fe80::1%et;h", "numeric"},
        {"10.0.0.1%eth0", "neither"},
        {"a..b", "empty part"},
        {".", "empty part"},
        {"-oProxyCommand=x", "'-'"},
        {"web-.example", "'-'"},
        {"web 1", "neither"},
        {"m\xc3\xbcnchen.de", "xn--"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *problem = hf_address_problem(rows[i].address);

        assert_non_null(problem);
        assert_non_null(strstr(problem, rows[i].why));
    }
}

static void
bounds_the_parts_of_a_dns_name(void **state)
{
    char name[80];

    (void)state;
    memset(name, 'a', sizeof(name));
    name[63] = '\0';
    assert_null(hf_address_problem(name));
    name[63] = 'a';
    name[64] = '\0';
    assert_non_null(hf_address_problem(name));
}

static void
takes_accounts_of_unix_and_windows(void **state)
{
    static const char *const good[] = {"root",        "_apt",
                                       "CORP\\admin", "ops@example.org",
                                       "svc$",        "j\xc3\xb6rg"};
    static const char *const bad[] = {"",     "-l",    "a b", "a;b",
                                      "a\nb", "$(id`", "\xff"};

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_null(hf_user_problem(good[i]));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_non_null(hf_user_problem(bad[i]));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_letters_and_digits_of_any_script),
        cmocka_unit_test(refuses_names_that_are_no_names),
        cmocka_unit_test(explains_a_decomposed_name),
        cmocka_unit_test(takes_names_up_to_253_bytes),
        cmocka_unit_test(takes_dns_names_and_numeric_addresses),
        cmocka_unit_test(refuses_what_is_no_address_and_says_why),
        cmocka_unit_test(bounds_the_parts_of_a_dns_name),
        cmocka_unit_test(takes_accounts_of_unix_and_windows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
