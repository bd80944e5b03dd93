/* What a link may be called and pinned to; names of outcomes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/names.h"
#include "backend/ssh/hostkey.h"
#include "backend/ssh/resolve.h"
#include "backend/ssh/transport.h"

#define KEY \
    "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"

static void
parses_a_host_key_into_one_spelling(void **state)
{
    static const char *const same[] = {
        "ssh-ed25519 " KEY,
        "ssh-ed25519 " KEY " root@web-1",
        "ssh-ed25519\t " KEY "\n",
    };
    struct hf_err err;
    char *text, *print;

    (void)state;
    for (size_t i = 0; i < HF_COUNT(same); i++) {
        assert_int_equal(hf_hostkey_parse(&text, same[i], &err), HF_OK);
        assert_string_equal(text, "ssh-ed25519 " KEY);
        free(text);
    }
    /* as ssh-keygen -l prints it */
    print = hf_hostkey_fingerprint("ssh-ed25519 " KEY);
    assert_string_equal(print,
                        "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU");
    free(print);
}

static void
refuses_what_is_not_a_host_key(void **state)
{
    static const char *const bad[] = {
        "",
        "ssh-ed25519",
        "ssh-ed25519 ",
        KEY,
        "ssh-rsa " KEY, /* another type inside */
        "ssh-ed25519 AAAA" KEY,
        "ssh-ed25519 " KEY "AAAA",
        "ssh-dss " KEY,
        "ssh-ed25519-cert-v01@openssh.com " KEY,
        "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU",
    };
    struct hf_err err;
    char *text;

    (void)state;
    for (size_t i = 0; i < HF_COUNT(bad); i++) {
        assert_int_equal(hf_hostkey_parse(&text, bad[i], &err), HF_EINVALID);
        assert_null(text);
    }
}

static void
asks_a_host_for_its_pinned_type_first(void **state)
{
    static const char *const pinned[] = {"ssh-ed25519", "ecdsa-sha2-nistp256",
                                         "ecdsa-sha2-nistp384",
                                         "ecdsa-sha2-nistp521", "rsa-sha2-512"};

    (void)state;
    for (size_t i = 0; i < HF_COUNT(pinned); i++) {
        const char *key = i < 4 ? pinned[i] : "ssh-rsa";
        const char *asked = hf_hostkey_algorithms(key);

        assert_int_equal(strncmp(asked, pinned[i], strlen(pinned[i])), 0);
        for (size_t k = 0; k < HF_COUNT(pinned); k++)
            assert_non_null(strstr(asked, pinned[k]));
    }
    assert_null(hf_hostkey_algorithms("ssh-dss AAAA"));
    assert_non_null(strstr(hf_hostkey_algorithms(NULL), "ssh-ed25519,"));
}

static void
reads_numbers_without_a_lookup(void **state)
{
    static const struct {
        const char *host, *text;
    } rows[] = {
        {"192.0.2.7", "192.0.2.7:22"},
        {"2001:db8::1", "[2001:db8::1]:22"},
        {"localhost", NULL},
        {"", NULL},
    };
    char text[HF_ADDRESS_TEXT];

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        struct addrinfo *found = hf_resolve_number(rows[i].host, 22);

        assert_int_equal(found != NULL, rows[i].text != NULL);
        if (!found)
            continue;
        assert_string_equal(hf_address_text(text, found), rows[i].text);
        freeaddrinfo(found);
    }
}

static void
names_every_outcome(void **state)
{
    (void)state;
    for (int i = 0; i < HF_NET_COUNT; i++) {
        assert_non_null(hf_net_outcome_names[i]);
        assert_int_equal(
            hf_name_index(hf_net_outcome_names, hf_net_outcome_names[i]), i);
    }
    assert_null(hf_net_outcome_names[HF_NET_COUNT]);
}

static void
prints_the_version_of_libssh(void **state)
{
    char *text = hf_ssh_versions();

    (void)state;
    assert_int_equal(strncmp(text, "libssh 0.", 9), 0);
    free(text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parses_a_host_key_into_one_spelling),
        cmocka_unit_test(refuses_what_is_not_a_host_key),
        cmocka_unit_test(asks_a_host_for_its_pinned_type_first),
        cmocka_unit_test(reads_numbers_without_a_lookup),
        cmocka_unit_test(names_every_outcome),
        cmocka_unit_test(prints_the_version_of_libssh),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
