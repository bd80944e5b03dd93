/* Problems of hotfleet.json, of the catalogue and of other files. */
#include "bed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "inventory/fields.h"

struct sample {
    const char *text, *problem;
};

/* clang-format off */
#define AT(column) "hotfleet.json:1:" #column ": "
static const struct sample settings[] = {
    {"{}", AT(1) "$: 'name' is missing\n"},
    {"{\"name\": \"a b\"}",
     AT(10) "$.name: 'a b' holds a character other than letters, digits, "
     "'.', '_' and '-'\n"},
    {"{\"name\": \"a\", \"ring\": []}",
     AT(15) "$.ring: unknown key 'ring' (did you mean 'rings'?)\n"},
    {"{\"name\": \"a\", \"rings\": [{\"name\": \"x\"}, {\"name\": \"X\"}]}",
     AT(49) "$.rings[1].name: ring 'X' is listed twice\n"},
    {"{\"name\": \"a\", \"rings\": [{\"name\": \"x\", \"soak\": \"1 day\"}]}",
     AT(47) "$.rings[0].soak: wants a span such as \"90s\", \"24h\" or "
     "\"7d\", found '1 day'\n"},
    {"{\"name\": \"a\", \"rings\": {}}",
     AT(24) "$.rings: wants a list of objects, found an object\n"},
    {"{\"name\": \"a\", \"parallel\": 0}",
     AT(27) "$.parallel: wants a whole number from 1 to 5000, found 0\n"},
    {"{\"name\": \"a\", \"simulated\": \"yes\"}",
     AT(28) "$.simulated: wants true or false, found text\n"},
    {"{\"name\": \"a\", \"ledger\": {\"branch\": \"a..b\"}}",
     AT(36) "$.ledger.branch: 'a..b' is no name for a git branch\n"},
    {"{\"name\": \"a\", \"ledger\": {\"remote\": \"--upload-pack=x\"}}",
     AT(36) "$.ledger.remote: '--upload-pack=x' is no name of a git "
     "remote\n"},
    {"{\"name\": \"a\", \"change\": {\"pattern\": \"CHG[\"}}",
     AT(37) "$.change.pattern: 'CHG[' is no POSIX extended regular "
     "expression\n"},
    {"{\"name\": \"a\", \"change\": {\"hook\": \"../x\"}}",
     AT(34) "$.change.hook: '../x' is no plain file name: hooks are files in "
     "hooks/\n"},
    {"{\"name\": \"a\", \"change\": {\"hook\": \"x\"}}",
     AT(34) "$.change.hook: there is no file 'hooks/x'\n"},
    {"{\"name\": \"a\", \"change\": {\"hook\": \"plain\"}}",
     AT(34) "$.change.hook: 'hooks/plain' is not executable\n"},
    {"{\"name\": \"a\", \"adhoc\": {\"rings\": [\"x\"]}}",
     AT(35) "$.adhoc.rings[0]: ring 'x' is not in 'rings'\n"},
    {"{\"name\": \"a\", \"defaults\": {\"access\": {\"check\": {\"user\": "
     "\"-x\"}}}}",
     AT(57) "$.defaults.access.check.user: '-x' starts with '-'\n"},
};
#undef AT

#define AT(column) "catalogue/x.json:1:" #column ": "
#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
static const struct sample catalogues[] = {
    {"{}", AT(1) "$: 'product' is missing\n"},
    {"{\"product\": \"lnux\"}",
     AT(13) "$.product: wants one of 'linux', 'ws2022-azure', 'ws2025', "
     "'w11-24h2', 'w11-25h2', 'w11-26h2', found 'lnux' (did you mean "
     "'linux'?)\n"},
    {"{\"product\": \"linux\", \"complete_until\": \"2026-13\"}",
     AT(40) "$.complete_until: '2026-13' is no month such as 2026-08\n"},
    {"{\"product\": \"linux\", \"releases\": [{\"kernel\": \"6.1\"}]}",
     AT(35) "$.releases[0]: 'patch' is missing\n"},
    {"{\"releases\": [{\"kernel\": \"6 1\", \"patch\": \"a-b\"}], "
     "\"product\": \"linux\"}",
     AT(26) "$.releases[0].kernel: '6 1' is no kernel release such as "
     "6.1.0-56-amd64\n"
     AT(42) "$.releases[0].patch: 'a-b' is no module name (the kernel writes "
     "'_' instead of '-')\n"},
    {"{\"product\": \"linux\", \"releases\": [{\"kernel\": \"6\", \"patch\": "
     "\"a\", \"kb\": \"KB1\"}]}",
     AT(65) "$.releases[0].kb: unknown key 'kb'\n"},
    {"{\"product\": \"linux\", \"releases\": [{\"kernel\": \"6\", \"patch\": "
     "\"a\", \"cves\": [\"CVE-1\"], \"sha256\": \"AB\"}]}",
     AT(74) "$.releases[0].cves[0]: 'CVE-1' is no CVE number such as "
     "CVE-2026-1234\n"
     AT(94) "$.releases[0].sha256: 'AB' is no SHA-256 (64 hexadecimal digits "
     "in lower case)\n"},
    {"{\"product\": \"linux\", \"releases\": [{\"kernel\": \"6\", \"patch\": "
     "\"a\", \"file\": \"patches/x.ko\"}]}",
     AT(35) "$.releases[0]: has a 'file' but no 'sha256'\n"},
    {"{\"product\": \"linux\", \"releases\": [{\"kernel\": \"6\", \"patch\": "
     "\"a\", \"sha256\": \"" SHA "\", \"file\": \"../x.ko\"}]}",
     AT(35) "$.releases[0]: wants 'file' to be \"patches/<sha256>.ko\"\n"},
    {"{\"product\": \"linux\", \"releases\": [{\"kernel\": \"6\", \"patch\": "
     "\"a\", \"sha256\": \"" SHA "\", \"file\": \"patches/" SHA ".ko\"}]}",
     AT(151) "$.releases[0].file: the repository holds no file 'patches/" SHA
     ".ko'\n"},
    {"{\"product\": \"linux\", \"releases\": [{\"kernel\": \"6\", \"patch\": "
     "\"a\"}, {\"kernel\": \"6\", \"patch\": \"a\"}]}",
     AT(66) "$.releases[1]: repeats entry 0: patch 'a' for kernel '6'\n"},
    {"{\"product\": \"ws2025\", \"releases\": [{\"month\": \"2026-08\", "
     "\"type\": \"hotfix\", \"kb\": \"5066835\", \"build\": \"26100\"}]}",
     AT(65) "$.releases[0].type: wants one of 'hotpatch', 'baseline', "
     "'unplanned-baseline', 'oob', 'update', 'companion', found 'hotfix'\n"
     AT(81) "$.releases[0].kb: '5066835' is no KB number such as "
     "KB5066835\n"
     AT(101) "$.releases[0].build: '26100' is no build such as 26100.4652\n"},
};
/* clang-format on */

static void
checks_the_settings(void **state)
{
    struct bed *b = *state;

    bed_write(b, "hooks/plain", "");
    assert_int_equal(bed_sh(b, "git rm -q -r hosts"), 0);
    for (size_t i = 0; i < HF_COUNT(settings); i++) {
        bed_write(b, "hotfleet.json", settings[i].text);
        bed_commit(b, "settings");
        assert_int_equal(bed_load(b), HF_EINVALID);
        assert_string_equal(bed_problems(b), settings[i].problem);
    }
}

static void
checks_the_catalogue(void **state)
{
    struct bed *b = *state;

    for (size_t i = 0; i < HF_COUNT(catalogues); i++) {
        bed_write(b, "catalogue/x.json", catalogues[i].text);
        bed_commit(b, "catalogue");
        assert_int_equal(bed_load(b), HF_EINVALID);
        assert_string_equal(bed_problems(b), catalogues[i].problem);
    }
}

static void
needs_its_settings(void **state)
{
    struct bed *b = *state;

    bed_git(b, "rm", "-q", "hotfleet.json", NULL);
    bed_git(b, "commit", "-q", "-m", "gone", NULL);
    assert_int_equal(bed_load(b), HF_ENOTFOUND);
    assert_non_null(strstr(b->err.text, "holds no hotfleet.json"));
    assert_non_null(strstr(b->err.hint, "hotfleet init"));
}

static void
puts_the_fleets_rows_over_the_shipped_ones(void **state)
{
    struct bed *b = *state;
    const struct hf_catalogue *c;
    char hash[65];
    size_t shipped;

    assert_int_equal(bed_load(b), HF_OK);
    c = b->fleet->catalogue;
    shipped = c->releases_len;
    assert_false(hf_catalogue_knows_kernel(c, "6.1"));
    assert_string_equal(hf_catalogue_product(c, "linux")->title,
                        "Linux kernel live patches");
    snprintf(hash, sizeof(hash), "%s", c->hash);

    bed_write(b, "catalogue/linux.json",
              "{\"product\": \"linux\", \"complete_until\": \"2026-08\","
              " \"releases\": ["
              "{\"kernel\": \"6.1\", \"patch\": \"b\","
              " \"released\": \"2026-08-02\","
              " \"covered_until\": \"2026-12-31\","
              " \"cves\": [\"CVE-2026-1234\"]},"
              "{\"kernel\": \"6.1\", \"patch\": \"z\","
              " \"released\": \"2026-08-01\"}]}");
    bed_commit(b, "rows");
    assert_int_equal(bed_load(b), HF_OK);
    c = b->fleet->catalogue;
    assert_int_equal(c->releases_len, shipped + 2);
    assert_string_equal(c->releases[0].patch, "z"); /* the older one */
    assert_string_equal(c->releases[1].product, "linux");
    assert_string_equal(c->releases[1].cves[0], "CVE-2026-1234");
    assert_null(c->releases[0].cves[0]);
    assert_int_equal(c->releases[1].covered_until, 1798761599000);
    assert_string_equal(hf_catalogue_product(c, "linux")->complete_until,
                        "2026-08");
    assert_string_not_equal(c->hash, hash);
}

static void
does_not_hash_notes(void **state)
{
    struct bed *b = *state;
    char hash[65];

    bed_write(b, "catalogue/l.json",
              "{\"product\": \"linux\", \"releases\": [{\"kernel\": \"6\","
              " \"patch\": \"a\", \"note\": \"teh\"}]}");
    bed_commit(b, "rows");
    assert_int_equal(bed_load(b), HF_OK);
    snprintf(hash, sizeof(hash), "%s", b->fleet->catalogue->hash);
    bed_write(b, "catalogue/l.json",
              "{\"product\": \"linux\",\n \"releases\": [{\"patch\": \"a\","
              " \"kernel\": \"6\", \"note\": \"the\"}]}");
    bed_commit(b, "typo");
    assert_int_equal(bed_load(b), HF_OK);
    assert_string_equal(b->fleet->catalogue->hash, hash);
}

static void
refuses_a_product_in_two_files(void **state)
{
    struct bed *b = *state;

    bed_write(b, "catalogue/a.json", "{\"product\": \"linux\"}");
    bed_write(b, "catalogue/b.json", "{\"product\": \"linux\"}");
    bed_commit(b, "two");
    assert_problem(b, "catalogue/b.json:1:13: $.product: product 'linux' is "
                      "already in 'catalogue/a.json'");
}

/* Nobody may believe that a freeze holds which is not read. */
static void
names_files_that_are_not_used(void **state)
{
    struct bed *b = *state;

    bed_write(b, "allowed_signers", "");
    bed_write(b, "hosts/.gitkeep", "");
    bed_write(b, "hosts/list.txt", "");
    bed_write(b, "hotflet.json", "{}");
    bed_write(b, "host/x.json", "{}");
    bed_write(b, "docs/x.json", "{}");
    bed_write(b, "README.md", "");
    bed_commit(b, "more");
    assert_int_equal(bed_load(b), HF_OK);
    assert_null(b->fleet->unenforced);
    assert_string_equal(
        bed_problems(b),
        "hosts/list.txt: warning: is not read: host files end in .json\n"
        "allowed_signers: warning: is not used by this version of "
        "hotfleet\n"
        "host: warning: is not used by hotfleet (did you mean 'hosts'?)\n"
        "hotflet.json: warning: is not used by hotfleet (did you mean "
        "'hotfleet.json'?)\n");
}

#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, bed_setup_fleet, bed_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(checks_the_settings),
        TEST(checks_the_catalogue),
        TEST(needs_its_settings),
        TEST(puts_the_fleets_rows_over_the_shipped_ones),
        TEST(does_not_hash_notes),
        TEST(refuses_a_product_in_two_files),
        TEST(names_files_that_are_not_used),
    };

    return cmocka_run_group_tests_name("settings", tests, bed_group_setup,
                                       NULL);
}
