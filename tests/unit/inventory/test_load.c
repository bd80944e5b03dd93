/* Loading a fleet: what is read, and what every problem says. */
#include "bed.h"

#include <stdio.h>
#include <string.h>

#include "backend/base/mem.h"

#define KEY        \
    "ssh-ed25519 " \
    "AAAAC3NzaC1lZDI1NTE5AAAAIDgDD2hPVYfBSeBYvpxfHgfnYpVUyBxGgHAJsmWTpZDm"

static void
reads_every_key_of_a_host(void **state)
{
    struct bed *b = *state;
    const struct hf_host *h;

    bed_write(b, "hosts/deep/er/db.json",
              "{\"$schema\": \"x\", \"name\": \"db-07\", \"address\": \"::1\","
              "\"port\": 2222, \"user\": \"ops\", \"identity\": \"~/k\","
              "\"access\": {\"act\": {\"user\": \"root\"}},"
              "\"hostkey\": \"" KEY "\", \"platform\": \"livepatch\","
              "\"product\": \"linux\", \"ring\": \"EARLY\","
              "\"site\": \"Bonn 1\", \"timezone\": \"Europe/Berlin\","
              "\"domains\": {\"cluster\": \"sql-a\"},"
              "\"tags\": [\"db\", \"prod\"],"
              "\"attributes\": {\"owner\": \"dba\"}, \"hold\": \"year end\","
              "\"health\": [{\"name\": \"sql\", \"port\": 5432}],"
              "\"note\": \"a\\nb\"}");
    bed_commit(b, "a host with everything");
    assert_int_equal(bed_load(b), HF_OK);
    assert_int_equal(b->problems.len, 0);

    h = hf_fleet_find(b->fleet, "DB-07");
    assert_non_null(h);
    assert_string_equal(h->address, "::1");
    assert_int_equal(h->port, 2222);
    assert_string_equal(h->check.user, "ops");
    assert_string_equal(h->act.user, "root");
    assert_string_equal(h->act.identity, "~/k");
    assert_string_equal(h->hostkey, KEY);
    assert_string_equal(h->platform, "livepatch");
    assert_string_equal(h->product, "linux");
    assert_string_equal(h->ring, "early");
    assert_string_equal(h->site, "Bonn 1");
    assert_string_equal(hf_pairs_get(&h->domains, "cluster"), "sql-a");
    assert_string_equal(hf_pairs_get(&h->attributes, "owner"), "dba");
    assert_string_equal(h->tags[1], "prod");
    assert_null(h->tags[2]);
    assert_string_equal(h->hold, "year end");
    assert_int_equal(h->health_len, 1);
    assert_int_equal(h->health[0].port, 5432);
    assert_string_equal(h->note, "a\\nb");
    assert_string_equal(h->path, "hosts/deep/er/db.json");
    assert_string_equal(
        h->blob, bed_git(b, "rev-parse", "HEAD:hosts/deep/er/db.json", NULL));
}

static void
reads_every_key_of_the_fleet(void **state)
{
    struct bed *b = *state;
    const struct hf_fleet *f;

    bed_write(b, "hooks/change", "#!/bin/sh\n");
    assert_int_equal(bed_sh(b, "chmod +x hooks/change"), 0);
    bed_write(b, "hotfleet.json",
              "{\"name\": \"prod\", \"note\": \"n\","
              "\"defaults\": {\"user\": \"u\", \"identity\": \"/k\","
              " \"port\": 22022, \"platform\": \"livepatch\","
              " \"access\": {\"check\": {\"user\": \"reader\"}}},"
              "\"rings\": [{\"name\": \"canary\", \"soak\": \"90m\"},"
              " {\"name\": \"broad\", \"note\": \"rest\"}],"
              "\"ledger\": {\"branch\": \"log\", \"remote\": \"origin\","
              " \"sign\": true}, \"stale_after\": \"2d\", \"parallel\": 40,"
              "\"adhoc\": {\"max_hosts\": 5, \"parallel\": 2,"
              " \"rings\": [\"canary\"]},"
              "\"change\": {\"required\": true, \"pattern\": \"CHG[0-9]+\","
              " \"hook\": \"change\"}, \"simulated\": true}");
    bed_commit(b, "settings");
    assert_int_equal(bed_load(b), HF_OK);
    assert_int_equal(b->problems.len, 0);

    f = b->fleet;
    assert_string_equal(f->name, "prod");
    assert_int_equal(f->rings_len, 2);
    assert_int_equal(f->rings[0].soak_ms, 90 * 60 * 1000);
    assert_int_equal(f->rings[1].soak_ms, 24 * 60 * 60 * 1000);
    assert_string_equal(f->ledger_branch, "log");
    assert_string_equal(f->ledger_remote, "origin");
    assert_true(f->ledger_sign && f->simulated && f->change.required);
    assert_int_equal(f->stale_after, 2 * 24 * 60 * 60 * 1000);
    assert_int_equal(f->parallel, 40);
    assert_int_equal(f->adhoc.max_hosts, 5);
    assert_string_equal(f->adhoc.rings[0], "canary");
    assert_string_equal(f->change.pattern, "CHG[0-9]+");
    assert_string_equal(f->hosts[0].check.user, "reader");
    assert_string_equal(f->hosts[0].act.user, "u");
    assert_string_equal(f->hosts[0].act.identity, "/k");
    assert_int_equal(f->hosts[0].port, 22022);
    assert_string_equal(f->hosts[0].platform, "livepatch");
}

static void
says_where_it_stands(void **state)
{
    struct bed *b = *state;

    assert_int_equal(bed_load(b), HF_OK);
    assert_string_equal(b->fleet->branch, "main");
    assert_string_equal(b->fleet->commit,
                        bed_git(b, "rev-parse", "HEAD", NULL));
    assert_string_equal(b->fleet->root_commit, b->fleet->commit);
    assert_false(b->fleet->dirty);
    assert_false(b->fleet->bare);
    assert_string_equal(b->fleet->ledger_branch, "ledger");
    assert_int_equal(b->fleet->parallel, 10);
    assert_non_null(b->fleet->hosts[0].check.user); /* whoever runs this */

    bed_write(b, "hosts/new.json", "not committed, so not read");
    assert_int_equal(bed_load(b), HF_OK);
    assert_true(b->fleet->dirty);
    assert_int_equal(b->fleet->hosts_len, 1);
}

static void
reads_an_older_commit(void **state)
{
    struct bed *b = *state;
    char old[41];

    snprintf(old, sizeof(old), "%s", bed_git(b, "rev-parse", "HEAD", NULL));
    bed_host(b, "web-02", "");
    bed_commit(b, "more");
    bed_open(b);
    assert_int_equal(
        hf_fleet_load(&b->fleet, b->repo, old, &b->problems, &b->err), HF_OK);
    assert_int_equal(b->fleet->hosts_len, 1);
    assert_string_equal(b->fleet->commit, old);
}

static void
keeps_ledger_and_inventory_apart(void **state)
{
    struct bed *b = *state;

    bed_write(b, "hotfleet.json",
              "{\"name\": \"a\", \"rings\": [{\"name\": \"canary\"}],"
              " \"ledger\": {\"branch\": \"main\"}}");
    bed_commit(b, "mixed up");
    assert_problem(b, "hotfleet.json:1:67: $.ledger.branch: 'main' is the "
                      "branch of the inventory itself");
}

static void
sorts_hosts_naturally(void **state)
{
    struct bed *b = *state;

    bed_host(b, "web-10", "");
    bed_host(b, "web-9", "");
    bed_commit(b, "more");
    assert_int_equal(bed_load(b), HF_OK);
    assert_string_equal(b->fleet->hosts[0].name, "web-01");
    assert_string_equal(b->fleet->hosts[1].name, "web-9");
    assert_string_equal(b->fleet->hosts[2].name, "web-10");
}

/* ---- problems of one host file ---- */

struct sample {
    const char *text, *problem;
};

/* clang-format off */
#define START "{\"name\": \"x\", \"address\": \"h\""
#define AT(column) "hosts/x.json:1:" #column ": "
static const struct sample host_samples[] = {
    {"{\n  \"name\": \"x\",\n  \"adress\": \"h\"\n}",
     "hosts/x.json:1:1: $: 'address' is missing\n"
     "hosts/x.json:3:3: $.adress: unknown key 'adress' "
     "(did you mean 'address'?)\n"},
    {"{}", AT(1) "$: 'name' is missing\n" AT(1) "$: 'address' is missing\n"},
    {"[]", AT(1) "$: wants an object, found a list\n"},
    {"7", AT(1) "$: wants an object, found 7\n"},
    {"{\"name\": 7, \"address\": null}",
     AT(10) "$.name: wants text, found 7\n"
     AT(24) "$.address: wants text, found null\n"},
    {"{\"name\": \"\", \"address\": \"-oProxyCommand=x\"}",
     AT(10) "$.name: is empty\n"
     AT(25) "$.address: '-oProxyCommand=x' holds a part that starts or ends "
     "with '-'\n"},
    {"{\"name\": \"../x\", \"address\": \"h\"}",
     AT(10) "$.name: '../x' does not start with a letter or digit\n"},
    {"{\"name\": \"a/b\", \"address\": \"h\"}",
     AT(10) "$.name: 'a/b' holds a character other than letters, digits, "
     "'.', '_' and '-'\n"},
    {"{\"name\": \"a\\u001b[2J\", \"address\": \"h\"}",
     AT(10) "$.name: 'a\\x1b[2J' holds characters that are not shown\n"},
    {"{\"name\": \"a\\nb\", \"address\": \"h\"}",
     AT(10) "$.name: 'a\\nb' holds characters that are not shown\n"},
    {START ", \"port\": 70000}",
     AT(39) "$.port: wants a whole number from 1 to 65535, found 70000\n"},
    {START ", \"port\": 22.5}",
     AT(39) "$.port: wants a whole number from 1 to 65535, found 22.5\n"},
    {START ", \"port\": \"22\"}",
     AT(39) "$.port: wants a whole number from 1 to 65535, found text\n"},
    {START ", \"user\": \"$(id)\"}",
     AT(39) "$.user: '$(id)' holds a character other than letters, digits and "
     "._-@\\$+\n"},
    {START ", \"identity\": \"id_rsa\"}",
     AT(43) "$.identity: 'id_rsa' is no full path: start it with '/' or "
     "'~/'\n"},
    {START ", \"platform\": \"livepach\"}",
     AT(43) "$.platform: wants one of 'auto', 'windows', 'kpatch', 'suse', "
     "'canonical', 'ksplice', 'kernelcare', 'amazon', 'syscare', 'livepatch', "
     "found 'livepach' (did you mean 'livepatch'?)\n"},
    {START ", \"product\": \"ws2019\"}",
     AT(42) "$.product: wants one of 'linux', 'ws2022-azure', 'ws2025', "
     "'w11-24h2', 'w11-25h2', 'w11-26h2', found 'ws2019' (did you mean "
     "'ws2025'?)\n"},
    {START ", \"ring\": \"canarry\"}",
     AT(39) "$.ring: ring 'canarry' is not in hotfleet.json (did you mean "
     "'canary'?)\n"},
    {START ", \"tags\": [\"ok\", 5, \"two words\"]}",
     AT(46) "$.tags[1]: wants text, found 5\n"
     AT(49) "$.tags[2]: 'two words' holds a space or one of \"'()&|!,\n"},
    {START ", \"tags\": \"db\"}", AT(39) "$.tags: wants a list of text, found "
     "text\n"},
    {START ", \"domains\": {\"a b\": \"x\", \"cluster\": 1}}",
     AT(43) "$.domains[\"a b\"]: 'a b' holds a character other than letters, "
     "digits, '.', '_' and '-'\n"
     AT(66) "$.domains.cluster: wants text, found 1\n"},
    {START ", \"hold\": true}", AT(39) "$.hold: wants an object, found "
     "true\n"},
    {START ", \"hold\": \"\"}", AT(39) "$.hold: is empty\n"},
    {START ", \"hold\": {\"by\": \"me\"}}", AT(39) "$.hold: 'reason' is "
     "missing\n"},
    {START ", \"hold\": {\"reason\": \"r\", \"since\": \"soon\"}}",
     AT(64) "$.hold.since: wants a date such as \"2026-11-23\", found "
     "'soon'\n"},
    {START ", \"health\": [{\"name\": \"a\"}]}",
     AT(42) "$.health[0]: wants exactly one of 'unit' and 'port'\n"},
    {START ", \"health\": [{\"name\": \"a\", \"unit\": \"a b\"}]}",
     AT(64) "$.health[0].unit: 'a b' is no name of a systemd unit\n"},
    {START ", \"hostkey\": \"ssh-ed25519 AAAA\"}",
     AT(42) "$.hostkey: 'ssh-ed25519 AAAA' is a damaged key (cut off, or "
     "changed by an editor?)\n"},
    {START ", \"hostkey\": \"AAAA\"}",
     AT(42) "$.hostkey: 'AAAA' is no host key of the form \"ssh-ed25519 "
     "AAAA...\"\n"},
    {START ", \"timezone\": \"../etc\"}",
     AT(43) "$.timezone: '../etc' is no time zone such as Europe/Berlin\n"},
    {START ", \"access\": {\"acts\": {}}}",
     AT(42) "$.access.acts: unknown key 'acts' (did you mean 'act'?)\n"},
    {START ", \"note\": 5}", AT(39) "$.note: wants text, found 5\n"},
    /* what cJSON would let through */
    {START ", \"name\": \"y\"}",
     AT(31) "$.name: the key 'name' is there twice, first on line 1\n"},
    {"{\"n\\u0061me\": \"x\", \"name\": \"y\", \"address\": \"h\"}",
     AT(20) "$.name: the key 'name' is there twice, first on line 1\n"},
};
/* clang-format on */

static void
names_file_line_column_and_path(void **state)
{
    struct bed *b = *state;

    for (size_t i = 0; i < HF_COUNT(host_samples); i++) {
        bed_write(b, "hosts/x.json", host_samples[i].text);
        bed_commit(b, "sample");
        assert_int_equal(bed_load(b), HF_EINVALID);
        assert_null(b->fleet);
        assert_string_equal(bed_problems(b), host_samples[i].problem);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_every_key_of_a_host,
                                        bed_setup_fleet, bed_teardown),
        cmocka_unit_test_setup_teardown(reads_every_key_of_the_fleet,
                                        bed_setup_fleet, bed_teardown),
        cmocka_unit_test_setup_teardown(says_where_it_stands, bed_setup_fleet,
                                        bed_teardown),
        cmocka_unit_test_setup_teardown(reads_an_older_commit, bed_setup_fleet,
                                        bed_teardown),
        cmocka_unit_test_setup_teardown(keeps_ledger_and_inventory_apart,
                                        bed_setup_fleet, bed_teardown),
        cmocka_unit_test_setup_teardown(sorts_hosts_naturally, bed_setup_fleet,
                                        bed_teardown),
        cmocka_unit_test_setup_teardown(names_file_line_column_and_path,
                                        bed_setup_fleet, bed_teardown),
    };

    return cmocka_run_group_tests_name("load", tests, bed_group_setup, NULL);
}
