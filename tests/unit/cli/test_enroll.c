/* What is believed of a host key, and why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "backend/base/mem.h"
#include "tests/support/scratch.h"
#include "tui/cli/enroll.h"

#define KEY        \
    "ssh-ed25519 " \
    "AAAAC3NzaC1lZDI1NTE5AAAAIDgDD2hPVYfBSeBYvpxfHgfnYpVUyBxGgHAJsmWTpZDm"
#define OTHER      \
    "ssh-ed25519 " \
    "AAAAC3NzaC1lZDI1NTE5AAAAIFXrCuVbAZI5Wlqn6Fl3y4pSbjGv8jzmHyL4m9hhmFvG"
#define PRINT "SHA256:abcdefghijabcdefghijabcdefghijabcdefghijabc"
#define OTHER_PRINT "SHA256:ABCDEFGHIJABCDEFGHIJABCDEFGHIJABCDEFGHIJABC"

static struct hf_host host = {
    .name = "web-01", .address = "192.0.2.7", .port = 2222};
static char key[] = KEY, print[] = PRINT;
static struct hf_scanned shown = {
    .host = &host, .key = key, .fingerprint = print};

/* The judgement with a file of this text; NULL: without one. */
static enum hf_enroll_status
judge(const char *pinned, const char *text)
{
    struct hf_enroll_source *source = NULL;
    struct hf_err err = HF_ERR_INIT;
    char *dir = scratch_new(), *path = hf_path_join(dir, "keys");
    enum hf_enroll_status status;

    host.hostkey = pinned;
    if (text && (hf_file_write(path, text, strlen(text), 0600, &err) < 0 ||
                 hf_enroll_source_load(&source, path, &err) < 0))
        fail_msg("%s", err.text);
    status = hf_enroll_judge(&shown, source);
    hf_enroll_source_free(source);
    free(path);
    scratch_free(dir);
    return status;
}

static void
without_a_file_a_key_is_new_the_same_or_another(void **state)
{
    (void)state;
    assert_int_equal(judge(NULL, NULL), HF_ENROLL_NEW);
    assert_int_equal(judge(KEY, NULL), HF_ENROLL_PINNED);
    assert_int_equal(judge(OTHER, NULL), HF_ENROLL_CHANGED);
}

static void
known_hosts_confirms_or_contradicts(void **state)
{
    (void)state;
    assert_int_equal(judge(NULL, "[192.0.2.7]:2222 " KEY "\n"),
                     HF_ENROLL_CONFIRMED);
    assert_int_equal(judge(OTHER, "[192.0.2.7]:2222 " KEY "\n"),
                     HF_ENROLL_CONFIRMED);
    assert_int_equal(judge(KEY, "[192.0.2.7]:2222 " KEY "\n"),
                     HF_ENROLL_PINNED);
    assert_int_equal(judge(NULL, "[192.0.2.7]:2222 " OTHER "\n"),
                     HF_ENROLL_MISMATCH);
    assert_int_equal(judge(KEY, "@revoked [192.0.2.7]:2222 " KEY "\n"),
                     HF_ENROLL_REVOKED);
    assert_int_equal(judge(NULL, "192.0.2.8 " KEY "\n"), HF_ENROLL_UNLISTED);
}

static void
fingerprints_do_it_too(void **state)
{
    (void)state;
    assert_int_equal(judge(NULL, "web-01 " PRINT "\n"), HF_ENROLL_CONFIRMED);
    assert_int_equal(judge(NULL, "256 " PRINT " WEB-01 (ED25519)\n"),
                     HF_ENROLL_CONFIRMED);
    assert_int_equal(judge(NULL, "web-01 " OTHER_PRINT "\n"),
                     HF_ENROLL_MISMATCH);
    /* several keys of one host: one of them is enough */
    assert_int_equal(judge(NULL, "web-01 " OTHER_PRINT "\nweb-01 " PRINT "\n"),
                     HF_ENROLL_CONFIRMED);
    /* the same address with another port is another host */
    assert_int_equal(judge(NULL, "192.0.2.7 " PRINT "\n"), HF_ENROLL_UNLISTED);
    assert_int_equal(judge(NULL, "# web-01 " PRINT "\n"), HF_ENROLL_UNLISTED);
    assert_int_equal(judge(NULL, ""), HF_ENROLL_UNLISTED);
}

static void
name_and_address_must_agree(void **state)
{
    (void)state;
    assert_int_equal(
        judge(NULL, "web-01 " PRINT "\n[192.0.2.7]:2222 " OTHER "\n"),
        HF_ENROLL_MISMATCH);
}

static void
who_showed_nothing_was_not_reached(void **state)
{
    struct hf_scanned silent = {.host = &host};

    (void)state;
    assert_int_equal(hf_enroll_judge(&silent, NULL), HF_ENROLL_UNREACHED);
}

static void
every_status_has_a_name(void **state)
{
    (void)state;
    for (int i = 0; i < HF_ENROLL_STATUS_COUNT; i++) {
        assert_non_null(hf_enroll_rows[i].name);
        assert_false(hf_enroll_rows[i].pin && hf_enroll_rows[i].bad);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_file_a_key_is_new_the_same_or_another),
        cmocka_unit_test(known_hosts_confirms_or_contradicts),
        cmocka_unit_test(fingerprints_do_it_too),
        cmocka_unit_test(name_and_address_must_agree),
        cmocka_unit_test(who_showed_nothing_was_not_reached),
        cmocka_unit_test(every_status_has_a_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
