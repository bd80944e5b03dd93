/* A large fleet is opened from a snapshot: it says what the ledger says, or it
 * is passed over. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend/base/file.h"
#include "backend/base/sha256.h"
#include "tests/unit/playbooks/bed.h"

#define HOSTS 210 /* enough to be worth it */

static char *
snapshot_path(const struct bed *b)
{
    char *dir = bed_state_dir(b), *path = hf_path_join(dir, "snapshot");

    free(dir);
    return path;
}

/* All that is recorded of all hosts. */
static void
print_states(const struct bed *b, char hex[HF_SHA256_HEX])
{
    const struct hf_state *states;
    struct hf_buf all = {0};
    size_t n;

    states = hf_session_states(b->s, &n);
    assert_int_equal(n, HOSTS);
    for (size_t i = 0; i < n; i++) {
        const struct hf_state *st = &states[i];
        const struct hf_record *r = hf_state_record(st);
        cJSON *facts = hf_facts_to_json(&r->facts);
        char *text = hf_json_print(facts);

        hf_buf_printf(&all, "%s %s %s %s %s %s %s %s %lld %s %s %lld %u %s\n",
                      st->host->name, r->recent.run, r->recent.action,
                      r->recent.outcome, r->recent.level, r->recent.boot_id,
                      r->recent.why, r->recent.machine_id,
                      (long long)r->recent.at, st->net, r->net_why,
                      (long long)r->net_at, st->status.flags, text);
        free(text);
        cJSON_Delete(facts);
    }
    hf_sha256_hex(hex, all.data, all.len);
    hf_buf_release(&all);
}

/* Some hosts are known, one of them was changed; read from the ledger. */
static void
start(struct bed *b, char hex[HF_SHA256_HEX])
{
    struct hf_ask ask;

    bed_new_large(b, HOSTS);
    bed_open(b);
    ask = bed_ask(HF_ACTION_CHECK, bed_well(b, 0), bed_well(b, 1), NULL);
    assert_int_equal(bed_run(b, &ask), 0);
    ask = bed_ask(HF_ACTION_APPLY, bed_well(b, 1), NULL);
    assert_int_equal(bed_run(b, &ask), 0);
    bed_settle(b);
    bed_close(b);
    bed_open(b);
    print_states(b, hex);
    bed_close(b);
}

static ino_t
inode_of(const char *path)
{
    struct stat st;

    assert_int_equal(stat(path, &st), 0);
    return st.st_ino;
}

static void
a_snapshot_says_what_the_ledger_says(void **state)
{
    char ledger[HF_SHA256_HEX], snapshot[HF_SHA256_HEX], *path;
    struct bed b;
    ino_t made;

    (void)state;
    start(&b, ledger);
    path = snapshot_path(&b);
    made = inode_of(path);
    bed_open(&b);
    print_states(&b, snapshot);
    assert_string_equal(ledger, snapshot);
    assert_int_equal(made, inode_of(path)); /* it was used, not made anew */
    assert_int_equal(bed_state(&b, bed_well(&b, 1))->status.patch,
                     HF_PATCH_CURRENT);
    free(path);
    bed_free(&b);
}

static void
a_run_over_hosts_from_a_snapshot_works(void **state)
{
    char ledger[HF_SHA256_HEX];
    struct hf_ask ask;
    struct bed b;

    (void)state;
    start(&b, ledger);
    bed_open(&b);
    ask = bed_ask(HF_ACTION_ROLLBACK, bed_well(&b, 1), NULL);
    assert_int_equal(bed_run(&b, &ask), 0);
    bed_settle(&b);
    bed_close(&b);
    /* The ledger has moved: the old snapshot counts no longer. */
    bed_open(&b);
    assert_int_equal(bed_state(&b, bed_well(&b, 1))->status.patch,
                     HF_PATCH_ROLLED_BACK);
    bed_free(&b);
}

static void
a_broken_snapshot_is_passed_over(void **state)
{
    char ledger[HF_SHA256_HEX], again[HF_SHA256_HEX], *path;
    struct hf_buf whole = {0};
    struct bed b;

    (void)state;
    start(&b, ledger);
    path = snapshot_path(&b);
    assert_int_equal(hf_file_read(&whole, path, 1u << 24, &b.err), 0);
    for (size_t i = 0; i < 12; i++) {
        struct hf_buf broken = {0};

        hf_buf_add(&broken, whole.data, whole.len);
        if (i < 6) /* cut short */
            broken.len = whole.len * i / 6;
        else /* a length that lies, somewhere */
            memset(broken.data + whole.len * (i - 6) / 6, 0xfe, 9);
        assert_int_equal(
            hf_file_write(path, hf_buf_str(&broken), broken.len, 0600, &b.err),
            0);
        hf_buf_release(&broken);
        bed_open(&b);
        print_states(&b, again);
        assert_string_equal(ledger, again);
        bed_close(&b);
    }
    hf_buf_release(&whole);
    free(path);
    bed_free(&b);
}

static void
a_commit_of_the_inventory_makes_it_anew(void **state)
{
    char ledger[HF_SHA256_HEX], *path;
    struct bed b;
    ino_t made;

    (void)state;
    start(&b, ledger);
    path = snapshot_path(&b);
    made = inode_of(path);
    bed_edit(&b, bed_well(&b, 0), "site", "elsewhere");
    bed_open(&b);
    assert_int_not_equal(made, inode_of(path));
    assert_true(bed_record(&b, bed_well(&b, 0))->facts.len > 0);
    free(path);
    bed_free(&b);
}

static void
read_only_uses_it_and_makes_none(void **state)
{
    char ledger[HF_SHA256_HEX], again[HF_SHA256_HEX], *path;
    struct bed b;

    (void)state;
    start(&b, ledger);
    path = snapshot_path(&b);
    bed_open_read_only(&b);
    print_states(&b, again);
    assert_string_equal(ledger, again);
    bed_close(&b);
    assert_int_equal(unlink(path), 0);
    bed_open_read_only(&b);
    bed_close(&b);
    assert_false(hf_path_exists(path));
    free(path);
    bed_free(&b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_snapshot_says_what_the_ledger_says),
        cmocka_unit_test(a_run_over_hosts_from_a_snapshot_works),
        cmocka_unit_test(a_broken_snapshot_is_passed_over),
        cmocka_unit_test(a_commit_of_the_inventory_makes_it_anew),
        cmocka_unit_test(read_only_uses_it_and_makes_none),
    };

    return cmocka_run_group_tests_name("snapshot", tests, NULL, NULL);
}
