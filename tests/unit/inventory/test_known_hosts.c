/* known_hosts as OpenSSH writes it: who is meant, and does the key agree. */
#include "bed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/child.h"
#include "backend/base/file.h"
#include "inventory/hostkeys.h"

#define ED         \
    "ssh-ed25519 " \
    "AAAAC3NzaC1lZDI1NTE5AAAAIDgDD2hPVYfBSeBYvpxfHgfnYpVUyBxGgHAJsmWTpZDm"
#define OTHER      \
    "ssh-ed25519 " \
    "AAAAC3NzaC1lZDI1NTE5AAAAIDgDD2hPVYfBSeBYvpxfHgfnYpVUyBxGgHAJsmWTpZDn"

static enum hf_known
look_up(const char *text, const char *name, int port, const char *key)
{
    struct hf_known_hosts *known = hf_known_hosts_parse(text, strlen(text));
    enum hf_known result = hf_known_hosts_check(known, name, port, key);

    hf_known_hosts_free(known);
    return result;
}

static void
compares_names_ports_and_keys(void **state)
{
    (void)state;
    assert_int_equal(look_up("web-01 " ED "\n", "web-01", 22, ED),
                     HF_KNOWN_SAME);
    assert_int_equal(look_up("web-01 " ED " comment", "WEB-01", 22, ED),
                     HF_KNOWN_SAME);
    assert_int_equal(look_up("a,web-01,10.0.0.1 " ED, "10.0.0.1", 22, ED),
                     HF_KNOWN_SAME);
    assert_int_equal(look_up("web-01 " ED, "web-02", 22, ED), HF_KNOWN_NO);
    assert_int_equal(look_up("web-01 " ED, "web-01", 2222, ED), HF_KNOWN_NO);
    assert_int_equal(look_up("[web-01]:2222 " ED, "web-01", 2222, ED),
                     HF_KNOWN_SAME);
    assert_int_equal(look_up("[web-01]:2222 " ED, "w", 2222, ED), HF_KNOWN_NO);
    assert_int_equal(look_up("web-01 " OTHER, "web-01", 22, ED),
                     HF_KNOWN_OTHER);
    assert_int_equal(look_up("web-01 " OTHER "\nweb-01 " ED, "web-01", 22, ED),
                     HF_KNOWN_SAME);
}

static void
understands_patterns(void **state)
{
    (void)state;
    assert_int_equal(
        look_up("*.example.org,!db.* " ED, "web.example.org", 22, ED),
        HF_KNOWN_SAME);
    assert_int_equal(
        look_up("*.example.org,!db.* " ED, "db.example.org", 22, ED),
        HF_KNOWN_NO);
    assert_int_equal(look_up("web-0? " ED, "web-01", 22, ED), HF_KNOWN_SAME);
}

static void
stops_at_a_revoked_key(void **state)
{
    (void)state;
    assert_int_equal(look_up("web-01 " ED "\n@revoked * " ED, "web-01", 22, ED),
                     HF_KNOWN_REVOKED);
    assert_int_equal(look_up("@revoked * " OTHER, "web-01", 22, ED),
                     HF_KNOWN_NO);
    assert_int_equal(look_up("@cert-authority * " ED, "web-01", 22, ED),
                     HF_KNOWN_NO);
}

static void
passes_over_what_is_no_entry(void **state)
{
    static const char text[] = "# comment\n\n   \nweb-01\nweb-01 ssh-dss AAAA\n"
                               "@odd x " ED "\n|1|x|y " ED "\n"
                               "|2|x " ED "\r\nweb-02 " ED "\r\n";
    struct hf_known_hosts *known = hf_known_hosts_parse(text, strlen(text));

    (void)state;
    assert_int_equal(hf_known_hosts_check(known, "web-02", 22, ED),
                     HF_KNOWN_SAME);
    hf_known_hosts_free(known);
}

/* ssh-keygen hashes the names and prints the fingerprint. */
static void
agrees_with_ssh_keygen(void **state)
{
    const char *const argv[] = {
        "sh", "-c",
        "set -e; d=$(mktemp -d); cd $d; "
        "printf 'web-01 " ED "\\n[web-01]:2222 " ED "\\n' > k; "
        "ssh-keygen -q -H -f k >/dev/null 2>&1; cat k; "
        "ssh-keygen -lf k | head -1 | cut -d' ' -f2; rm -rf $d",
        NULL};
    struct hf_child child = {
        .argv = argv, .timeout_ms = 20000, .max_output = 65536};
    char fingerprint[HF_FINGERPRINT_LEN];
    struct hf_err err = HF_ERR_INIT;
    const char *text;

    (void)state;
    if (hf_child_run(&child, &err) < 0 || child.status != 0)
        skip();
    text = hf_buf_str(&child.out);
    assert_non_null(strstr(text, "|1|"));
    assert_int_equal(look_up(text, "web-01", 22, ED), HF_KNOWN_SAME);
    assert_int_equal(look_up(text, "web-01", 2222, ED), HF_KNOWN_SAME);
    assert_int_equal(look_up(text, "web-01", 2223, ED), HF_KNOWN_NO);
    assert_int_equal(look_up(text, "web-01", 22, OTHER), HF_KNOWN_OTHER);
    assert_int_equal(hf_hostkeys_fingerprint(fingerprint, ED, &err), HF_OK);
    assert_non_null(strstr(text, fingerprint));
    hf_buf_release(&child.out);
    hf_buf_release(&child.err);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compares_names_ports_and_keys),
        cmocka_unit_test(understands_patterns),
        cmocka_unit_test(stops_at_a_revoked_key),
        cmocka_unit_test(passes_over_what_is_no_entry),
        cmocka_unit_test(agrees_with_ssh_keygen),
    };

    return cmocka_run_group_tests_name("known_hosts", tests, NULL, NULL);
}
