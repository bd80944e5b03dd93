/* Importing: what is taken, what is changed, and what is never copied. */
#include "bed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "inventory/csv.h"
#include "inventory/import.h"
#include "inventory/lint.h"

#define CANARY "s3cr3t-canary"

struct import {
    struct hf_import plan;
    char commit[41];
};

/* Reads a source against the fleet as committed, and commits the plan. */
static int
import(struct bed *b, struct import *i, enum hf_import_kind kind,
       const char *text)
{
    int rc;

    hf_import_release(&i->plan);
    memset(i, 0, sizeof(*i));
    if (bed_load(b) != HF_OK)
        fail_msg("%s", b->err.text);
    rc = hf_import_read(&i->plan, kind, b->repo, b->fleet, "source", text,
                        strlen(text), &b->err);
    if (rc == HF_OK)
        rc = hf_import_commit(b->repo, &i->plan, i->commit, &b->err);
    return rc;
}

static const char *
joined(const struct hf_strs *list)
{
    static struct hf_buf text;

    hf_buf_clear(&text);
    for (size_t i = 0; i < list->len; i++)
        hf_buf_printf(&text, "%s%s", i ? "; " : "", list->v[i]);
    return hf_buf_str(&text);
}

static const char *
problems(const struct import *i)
{
    static struct hf_buf text;

    hf_buf_clear(&text);
    for (size_t j = 0; j < i->plan.problems.len; j++) {
        hf_problem_format(&text, &i->plan.problems.v[j]);
        hf_buf_putc(&text, '\n');
    }
    return hf_buf_str(&text);
}

/* ---- Ansible ---- */

#define ANSIBLE                                                              \
    "{\"_meta\": {\"hostvars\": {"                                           \
    "\"db\": {\"ansible_host\": \"10.0.0.2\", \"ansible_port\": \"2222\","   \
    " \"ansible_user\": \"ops\", \"ansible_ssh_private_key_file\": \"~/k\"," \
    " \"ansible_password\": \"" CANARY "\", \"api_token\": \"" CANARY "\","  \
    " \"become\": {\"__ansible_vault\": \"" CANARY "\"},"                    \
    " \"hotfleet_site\": \"bonn\", \"other\": [1, 2]},"                      \
    "\"web\": {}}},"                                                         \
    "\"all\": {\"children\": [\"ungrouped\", \"prod\", \"early\"]},"         \
    "\"early\": {\"hosts\": [\"db\"]},"                                      \
    "\"prod\": {\"children\": [\"sql\"], \"hosts\": [\"web\"]},"             \
    "\"sql\": {\"hosts\": [\"db\"], \"children\": [\"prod\"]}}"

static void
takes_hosts_groups_and_settings_from_ansible(void **state)
{
    struct bed *b = *state;
    struct import i = {0};

    assert_int_equal(import(b, &i, HF_IMPORT_ANSIBLE, ANSIBLE), HF_OK);
    assert_string_equal(joined(&i.plan.added), "db; web");
    assert_string_equal(joined(&i.plan.missing), "web-01");
    assert_string_equal(joined(&i.plan.dropped),
                        "db: ansible_password; db: api_token; db: become");
    assert_string_equal(problems(&i), "");
    assert_string_equal(bed_read(b, "hosts/early/bonn/db.json"),
                        "{\n"
                        "  \"name\": \"db\",\n"
                        "  \"address\": \"10.0.0.2\",\n"
                        "  \"port\": 2222,\n"
                        "  \"user\": \"ops\",\n"
                        "  \"identity\": \"~/k\",\n"
                        "  \"ring\": \"early\",\n"
                        "  \"site\": \"bonn\",\n"
                        "  \"tags\": [\"prod\", \"sql\"]\n"
                        "}\n");
    assert_string_equal(bed_read(b, "hosts/unassigned/web.json"),
                        "{\n"
                        "  \"name\": \"web\",\n"
                        "  \"address\": \"web\",\n"
                        "  \"tags\": [\"prod\", \"sql\"]\n"
                        "}\n");
    assert_string_equal(bed_git(b, "log", "-1", "--format=%B", NULL),
                        "import 2 hosts from source (ansible)\n\n"
                        "2 added, 0 changed, 0 unchanged, 0 left out\n"
                        "3 secrets of the source were not copied\n");
    assert_int_equal(bed_sh(b, "git log -p | grep -q " CANARY), 1);
    hf_import_release(&i.plan);
}

static void
finds_nothing_to_do_the_second_time(void **state)
{
    struct bed *b = *state;
    struct import i = {0};

    assert_int_equal(import(b, &i, HF_IMPORT_ANSIBLE, ANSIBLE), HF_OK);
    assert_int_equal(import(b, &i, HF_IMPORT_ANSIBLE, ANSIBLE), HF_OK);
    assert_string_equal(joined(&i.plan.unchanged), "db; web");
    assert_string_equal(i.commit, "");
    assert_int_equal(bed_load(b), HF_OK);
    assert_string_equal(bed_problems(b), "");
    hf_import_release(&i.plan);
}

static void
changes_only_what_the_source_says(void **state)
{
    struct bed *b = *state;
    struct import i = {0};

    bed_write(b, "hosts/web-01.json",
              "{ \"tags\": [\"mine\"],\n  \"note\": \"kept\","
              " \"name\": \"web-01\", \"address\": \"old\" }\n");
    bed_commit(b, "by hand");
    assert_int_equal(
        import(b, &i, HF_IMPORT_ANSIBLE,
               "{\"_meta\": {\"hostvars\": {\"WEB-01\": {\"ansible_host\":"
               " \"10.0.0.9\"}}}, \"prod\": {\"hosts\": [\"WEB-01\"]}}"),
        HF_OK);
    assert_string_equal(joined(&i.plan.changed), "web-01: address, tags");
    assert_string_equal(bed_read(b, "hosts/web-01.json"),
                        "{ \"tags\": [\"mine\", \"prod\"],\n"
                        "  \"note\": \"kept\", \"name\": \"web-01\","
                        " \"address\": \"10.0.0.9\" }\n");
    hf_import_release(&i.plan);
}

static void
leaves_out_what_it_cannot_know(void **state)
{
    struct bed *b = *state;
    struct import i = {0};

    assert_int_equal(import(b, &i, HF_IMPORT_ANSIBLE,
                            "{\"_meta\": {\"hostvars\": {"
                            "\"a b\": {}, \"-x\": {}, \"../up\": {},"
                            "\"t\": {\"ansible_host\": \"{{ ip }}\"},"
                            "\"l\": {\"ansible_connection\": \"local\"},"
                            "\"w\": {\"ansible_connection\": \"winrm\","
                            " \"ansible_port\": 5986},"
                            "\"r\": {\"hotfleet_ring\": \"nope\"},"
                            "\"k\": {\"ansible_private_key_file\": \"keys/x\","
                            " \"ansible_user\": \"{{ me }}\"},"
                            "\"W\": {}}}}"),
                     HF_OK);
    assert_string_equal(joined(&i.plan.added), "k; W");
    assert_string_equal(
        problems(&i),
        "source: warning: host 'k': 'ansible_private_key_file' is no full "
        "path: not taken\n"
        "source: warning: host 'k': 'ansible_user' is a template: not taken\n"
        "source: host 'l' is left out: its connection is 'local', not SSH\n"
        "source: host 't' is left out: 'ansible_host' is a template: its "
        "value is not known here\n"
        "source: warning: host 'w': Ansible uses WinRM; hotfleet needs "
        "OpenSSH on it, port not taken\n"
        "source: host 'w' is left out: the source names it twice\n"
        "source: host 'r' is left out: ring 'nope' is not in hotfleet.json\n"
        "source: host '-x' is left out: $.name: '-x' does not start with a "
        "letter or digit\n"
        "source: host '../up' is left out: $.name: '../up' does not start "
        "with a letter or digit\n"
        "source: host 'a b' is left out: $.name: 'a b' holds a character "
        "other than letters, digits, '.', '_' and '-'\n");
    hf_import_release(&i.plan);
}

static void
refuses_a_source_that_is_none(void **state)
{
    static const char *const sources[] = {
        "",
        "[]",
        "<html>",
        "{\"_meta\": ",
        "{}",
        "{\"a\\u0000\": {}}",
        "{\"\xff\": {}}",
    };
    struct bed *b = *state;
    struct import i = {0};

    for (size_t j = 0; j < HF_COUNT(sources); j++)
        assert_int_equal(import(b, &i, HF_IMPORT_ANSIBLE, sources[j]),
                         HF_EINVALID);
    assert_int_equal(import(b, &i, HF_IMPORT_CSV, "a,b\n1,2\n"), HF_EINVALID);
    assert_non_null(strstr(b->err.text, "no column 'name'"));
    assert_int_equal(import(b, &i, HF_IMPORT_CSV, ""), HF_EINVALID);
    assert_string_equal(bed_git(b, "rev-list", "--count", "HEAD", NULL), "1");
    hf_import_release(&i.plan);
}

static void
imports_thousands_as_one_pack(void **state)
{
    struct bed *b = *state;
    struct import i = {0};
    struct hf_buf text = {0};

    hf_buf_puts(&text, "name,address,ring\n");
    for (int n = 0; n < 1200; n++)
        hf_buf_printf(&text, "n%d,10.1.%d.%d,%s\n", n, n / 250, n % 250,
                      n < 100 ? "canary" : "broad");
    bed_git(b, "repack", "-adq", NULL);
    assert_int_equal(import(b, &i, HF_IMPORT_CSV, hf_buf_str(&text)), HF_OK);
    assert_int_equal(i.plan.added.len, 1200);
    assert_string_equal(bed_git(b, "status", "--porcelain", NULL), "");
    assert_int_equal(bed_sh(b, "git count-objects -v | grep -q '^packs: 2$'"),
                     0);
    /* many hosts in one ring are spread over folders, few are not */
    assert_int_equal(bed_sh(b, "test -e hosts/canary/n7.json"), 0);
    assert_int_equal(bed_sh(b, "test $(ls hosts/broad | wc -l) -gt 100"), 0);
    assert_int_equal(bed_load(b), HF_OK);
    assert_int_equal(b->fleet->hosts_len, 1201);
    hf_buf_release(&text);
    hf_import_release(&i.plan);
}

/* ---- CSV ---- */

static void
reads_tables_as_spreadsheets_write_them(void **state)
{
    struct bed *b = *state;
    struct import i = {0};

    assert_int_equal(
        import(b, &i, HF_IMPORT_CSV,
               "\xef\xbb\xbf"
               "Hostname;IP Address;Tags;attr.owner;Root Password;Rack;"
               "Description\r\n"
               "db;10.0.0.2;sql,prod;\"O\"\"Neil\";" CANARY
               ";7;\"two\r\nlines\"\r\n"
               ";;;;;;\r\n"
               "web;10.0.0.3;canary;;;;\r\n"),
        HF_OK);
    assert_string_equal(joined(&i.plan.added), "db; web");
    assert_string_equal(joined(&i.plan.dropped), "column 'root_password'");
    assert_string_equal(problems(&i), "source:1:1: warning: column 'rack' is "
                                      "not used\n");
    assert_int_equal(bed_load(b), HF_OK);
    assert_string_equal(
        hf_pairs_get(&hf_fleet_find(b->fleet, "db")->attributes, "owner"),
        "O\"Neil");
    assert_string_equal(hf_fleet_find(b->fleet, "db")->note, "two\\r\\nlines");
    assert_string_equal(hf_fleet_find(b->fleet, "web")->ring, "canary");
    assert_int_equal(bed_sh(b, "git log -p | grep -q " CANARY), 1);
    hf_import_release(&i.plan);
}

static void
names_the_line_of_a_bad_row(void **state)
{
    struct bed *b = *state;
    struct import i = {0};

    assert_int_equal(import(b, &i, HF_IMPORT_CSV,
                            "name,port\na,22\n\"b\n\",x\nc,1,2\n,5\n"
                            "d,99999\n"),
                     HF_OK);
    assert_string_equal(joined(&i.plan.added), "a");
    assert_string_equal(
        problems(&i),
        "source:5:1: a host is left out: the row has 3 cells, the header 2\n"
        "source:6:1: a host is left out: it has no name\n"
        "source:3:1: host 'b' is left out: $.port: wants a whole number from "
        "1 to 65535, found text\n"
        "source:7:1: host 'd' is left out: $.port: wants a whole number from "
        "1 to 65535, found 99999\n");
    assert_int_equal(import(b, &i, HF_IMPORT_CSV, "name\n\"a\n"), HF_EINVALID);
    assert_string_equal(b->err.text, "'source', line 2: a quote is not "
                                     "closed, or text follows it");
    hf_import_release(&i.plan);
}

/* ---- ssh-config ---- */

static void
takes_hosts_from_an_ssh_config(void **state)
{
    struct bed *b = *state;
    struct import i = {0};

    assert_int_equal(import(b, &i, HF_IMPORT_SSH_CONFIG,
                            "User first\n"
                            "Host db web-* !web-9\n"
                            "  HostName=10.0.0.2\n"
                            "  Port 2222\n"
                            "Host web-9 *.example.org\n"
                            "\tHostName \"10.0.0.9\"\n"
                            "Match host x\n"
                            "  User evil\n"
                            "Host *\n"
                            "  User last\n"
                            "  IdentityFile ~/.ssh/id\n"
                            "  ProxyJump none\n"),
                     HF_OK);
    assert_string_equal(joined(&i.plan.added), "db; web-9");
    assert_string_equal(problems(&i), "source:7:1: warning: Match blocks are "
                                      "not read\n");
    assert_string_equal(bed_read(b, "hosts/unassigned/db.json"),
                        "{\n"
                        "  \"name\": \"db\",\n"
                        "  \"address\": \"10.0.0.2\",\n"
                        "  \"port\": 2222,\n"
                        "  \"user\": \"first\",\n"
                        "  \"identity\": \"~/.ssh/id\"\n"
                        "}\n");
    assert_int_equal(bed_load(b), HF_OK);
    assert_string_equal(hf_fleet_find(b->fleet, "web-9")->address, "10.0.0.9");
    hf_import_release(&i.plan);
}

#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, bed_setup_fleet, bed_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(takes_hosts_groups_and_settings_from_ansible),
        TEST(finds_nothing_to_do_the_second_time),
        TEST(changes_only_what_the_source_says),
        TEST(leaves_out_what_it_cannot_know),
        TEST(refuses_a_source_that_is_none),
        TEST(imports_thousands_as_one_pack),
        TEST(reads_tables_as_spreadsheets_write_them),
        TEST(names_the_line_of_a_bad_row),
        TEST(takes_hosts_from_an_ssh_config),
    };

    return cmocka_run_group_tests_name("import", tests, bed_group_setup, NULL);
}
