/* Hold, unhold, ring move, and pinned keys, as commits. */
#include "bed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "inventory/hold.h"
#include "inventory/hostkeys.h"

#define WEB "hosts/web-01.json"
#define KEY        \
    "ssh-ed25519 " \
    "AAAAC3NzaC1lZDI1NTE5AAAAIDgDD2hPVYfBSeBYvpxfHgfnYpVUyBxGgHAJsmWTpZDm"

/* All hosts of the fleet as it is committed now. */
static const struct hf_host **
hosts(struct bed *b)
{
    static const struct hf_host *all[16];

    if (bed_load(b) != HF_OK)
        fail_msg("%s", b->err.text);
    for (size_t i = 0; i < b->fleet->hosts_len; i++)
        all[i] = &b->fleet->hosts[i];
    return all;
}

static void
holds_with_reason_person_and_time(void **state)
{
    struct bed *b = *state;
    const struct hf_host **all = hosts(b);
    char commit[41];

    setenv("HOTFLEET_CLOCK", "2026-11-23T01:23:45Z", 1);
    assert_int_equal(hf_hold(b->repo, all, 1, "year \"end\"", commit, &b->err),
                     HF_OK);
    unsetenv("HOTFLEET_CLOCK");
    assert_string_equal(bed_read(b, WEB),
                        "{\n"
                        "  \"name\": \"web-01\",\n"
                        "  \"address\": \"web-01.example.org\",\n"
                        "  \"ring\": \"canary\",\n"
                        "  \"hold\": {\"reason\": \"year \\\"end\\\"\", "
                        "\"by\": \"Ada Admin\", "
                        "\"since\": \"2026-11-23T01:23:45Z\"}\n"
                        "}\n");
    assert_string_equal(bed_git(b, "log", "-1", "--format=%s", NULL),
                        "hold web-01: year \"end\"");
    assert_string_equal(hosts(b)[0]->hold, "year \"end\"");
}

static void
unholds_to_the_very_same_file(void **state)
{
    struct bed *b = *state;
    char commit[41], blob[41];

    snprintf(blob, sizeof(blob), "%s",
             bed_git(b, "rev-parse", "HEAD:" WEB, NULL));
    assert_int_equal(hf_hold(b->repo, hosts(b), 1, "r", commit, &b->err),
                     HF_OK);
    assert_int_equal(hf_unhold(b->repo, hosts(b), 1, NULL, commit, &b->err),
                     HF_OK);
    assert_string_equal(bed_git(b, "rev-parse", "HEAD:" WEB, NULL), blob);
    assert_string_equal(bed_git(b, "log", "-1", "--format=%s", NULL),
                        "unhold web-01");
}

static void
does_nothing_twice(void **state)
{
    struct bed *b = *state;
    const struct hf_host **all = hosts(b);
    char commit[41];

    assert_int_equal(hf_unhold(b->repo, all, 1, NULL, commit, &b->err), HF_OK);
    assert_string_equal(commit, "");
    assert_int_equal(hf_hold(b->repo, all, 1, "r", commit, &b->err), HF_OK);
    assert_int_equal(hf_hold(b->repo, hosts(b), 1, "r", commit, &b->err),
                     HF_OK);
    assert_string_equal(commit, "");
    assert_string_equal(bed_git(b, "rev-list", "--count", "HEAD", NULL), "2");
}

static void
names_all_hosts_in_one_commit(void **state)
{
    struct bed *b = *state;
    char commit[41];

    bed_host(b, "web-02", "");
    bed_host(b, "web-03", ", \"hold\": \"r\"");
    bed_commit(b, "more");
    assert_int_equal(hf_hold(b->repo, hosts(b), 3, "r", commit, &b->err),
                     HF_OK);
    assert_string_equal(bed_git(b, "log", "-1", "--format=%B", NULL),
                        "hold 2 hosts: r\n\nweb-01\nweb-02\n\nAction: hold\n");
}

static void
refuses_a_hold_without_reason_or_with_a_huge_one(void **state)
{
    struct bed *b = *state;
    char commit[41], *huge = hf_xmalloc(601);

    assert_int_equal(hf_hold(b->repo, hosts(b), 1, "", commit, &b->err),
                     HF_EUSAGE);
    memset(huge, 'x', 600);
    huge[600] = '\0';
    assert_int_equal(hf_hold(b->repo, hosts(b), 1, huge, commit, &b->err),
                     HF_EINVALID);
    assert_string_equal(bed_git(b, "rev-list", "--count", "HEAD", NULL), "1");
    free(huge);
}

static void
refuses_a_host_that_changed_since_it_was_loaded(void **state)
{
    struct bed *b = *state;
    const struct hf_host **all = hosts(b);
    char commit[41];

    bed_host(b, "web-01", ", \"ring\": \"early\"");
    bed_commit(b, "somebody else");
    assert_int_equal(hf_hold(b->repo, all, 1, "r", commit, &b->err), HF_EMOVED);
    assert_int_equal(
        hf_ring_move(b->repo, b->fleet, all, 1, "broad", commit, &b->err),
        HF_EMOVED);
    assert_non_null(
        strstr(b->err.text, "'" WEB "' was changed by somebody else: "));
    assert_non_null(strstr(b->err.text, " of Ada Admin, somebody else"));
}

static void
moves_between_rings_by_key_not_by_path(void **state)
{
    struct bed *b = *state;
    const struct hf_host **all = hosts(b);
    char commit[41];

    assert_int_equal(
        hf_ring_move(b->repo, b->fleet, all, 1, "BROAD", commit, &b->err),
        HF_OK);
    assert_string_equal(hosts(b)[0]->ring, "broad");
    assert_string_equal(b->fleet->hosts[0].path, WEB);
    assert_string_equal(bed_git(b, "log", "-1", "--format=%B", NULL),
                        "move web-01 to ring broad\n\nAction: ring-move\n"
                        "Ring: broad\n");
    assert_int_equal(
        hf_ring_move(b->repo, b->fleet, hosts(b), 1, "x", commit, &b->err),
        HF_ENOTFOUND);
    assert_string_equal(b->err.text, "the fleet has no ring 'x'");
}

static void
pins_keys_and_says_how(void **state)
{
    struct bed *b = *state;
    struct hf_pin pin = {.host = hosts(b)[0], .key = KEY};
    char commit[41];

    assert_int_equal(hf_hostkeys_pin(b->repo, &pin, 1,
                                     "compared with known_hosts", commit,
                                     &b->err),
                     HF_OK);
    assert_string_equal(
        bed_git(b, "log", "-1", "--format=%B", NULL),
        "pin host key of web-01\n\ncompared with known_hosts\n\n"
        "web-01 ssh-ed25519 "
        "SHA256:TRmc3xHpBCHL2AnMfqEeLSvmWM+i8ckWKpzPIONnOqk\n");
    assert_string_equal(hosts(b)[0]->hostkey, KEY);
    pin.host = &b->fleet->hosts[0];
    assert_int_equal(hf_hostkeys_pin(b->repo, &pin, 1, "x", commit, &b->err),
                     HF_OK);
    assert_string_equal(commit, "");
    pin.key = "ssh-ed25519 AAAA";
    assert_int_equal(hf_hostkeys_pin(b->repo, &pin, 1, "x", commit, &b->err),
                     HF_EINVALID);
    assert_non_null(strstr(b->err.text, "host 'web-01': "));
}

/* The group's beds are opened by hosts(); repo is set before each use. */
static int
setup(void **state)
{
    if (bed_setup_fleet(state) < 0)
        return -1;
    bed_open(*state);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, bed_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(holds_with_reason_person_and_time),
        TEST(unholds_to_the_very_same_file),
        TEST(does_nothing_twice),
        TEST(names_all_hosts_in_one_commit),
        TEST(refuses_a_hold_without_reason_or_with_a_huge_one),
        TEST(refuses_a_host_that_changed_since_it_was_loaded),
        TEST(moves_between_rings_by_key_not_by_path),
        TEST(pins_keys_and_says_how),
    };

    return cmocka_run_group_tests_name("hold", tests, bed_group_setup, NULL);
}
