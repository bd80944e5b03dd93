/* Names, links and texts that somebody made to fool us. */
#include "bed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "inventory/tree.h"

/* A commit whose folder hosts/ has one entry of this name and mode, made with
 * git's plumbing, which checks little. */
static void
commit_entry(struct bed *b, const char *mode, const char *name)
{
    char *command = hf_xasprintf(
        "set -e; export GIT_INDEX_FILE=../trick; "
        "blob=$(git rev-parse HEAD:hosts/web-01.json); "
        "tree=$(printf '%s %s %%s\\t%s\\000' $(case %s in 160000) git "
        "rev-parse "
        "HEAD;; 04*) git rev-parse HEAD^{tree};; *) echo $blob;; esac) | "
        "git mktree -z --missing); "
        "fleet=$(git rev-parse HEAD:hotfleet.json); "
        "top=$(printf '040000 tree %%s\\thosts\\000100644 blob "
        "%%s\\thotfleet.json\\000' $tree $fleet | git mktree -z); "
        "git update-ref refs/heads/main "
        "$(git commit-tree -m trick -p HEAD $top)",
        mode,
        strcmp(mode, "160000") == 0   ? "commit"
        : strncmp(mode, "04", 2) == 0 ? "tree"
                                      : "blob",
        name, mode);

    assert_int_equal(bed_sh(b, command), 0);
    free(command);
}

/* clang-format off */
static const struct { const char *mode, *name, *problem; } tricks[] = {
    {"100644", ".git",
     "hosts/.git: the name is a name of git's own\n"},
    {"100644", ".GIT",
     "hosts/.GIT: the name is a name of git's own\n"},
    {"100644", "git~1",
     "hosts/git~1: the name is a name of git's own\n"},
    {"100644", "..", "hosts/..: the name leads out of its folder\n"},
    {"040000", "..", "hosts/..: the name leads out of its folder\n"},
    {"100644", "a\\033[2J.json",
     "hosts/a\\x1b[2J.json: the name holds characters that are not shown\n"},
    {"100644", "a\\342\\200\\256.json",
     "hosts/a\\u202e.json: the name holds characters that are not shown\n"},
    {"100644", "a\\377.json",
     "hosts/a\\xff.json: the name is not valid UTF-8\n"},
    {"100644", "-rf.json", "hosts/-rf.json: the name starts with '-'\n"},
    {"100644", "a\\\\b.json",
     "hosts/a\\b.json: the name holds one of '/', '\\' and ':'\n"},
    {"100644", "c:x.json",
     "hosts/c:x.json: the name holds one of '/', '\\' and ':'\n"},
    {"120000", "l.json",
     "hosts/l.json: is a symbolic link: only plain files are read\n"},
    {"160000", "sub", "hosts/sub: is a submodule: only plain files are "
     "read\n"},
};
/* clang-format on */

static void
refuses_tricks_with_names(void **state)
{
    struct bed *b = *state;
    char start[41];

    snprintf(start, sizeof(start), "%s", bed_git(b, "rev-parse", "HEAD", NULL));
    for (size_t i = 0; i < HF_COUNT(tricks); i++) {
        bed_git(b, "update-ref", "refs/heads/main", start, NULL);
        commit_entry(b, tricks[i].mode, tricks[i].name);
        if (bed_load(b) != HF_EINVALID)
            fail_msg("%s was taken: %s", tricks[i].name, b->err.text);
        assert_string_equal(bed_problems(b), tricks[i].problem);
    }
}

static void
refuses_folders_without_end(void **state)
{
    struct bed *b = *state;
    struct hf_buf path = {0};

    hf_buf_puts(&path, "hosts");
    for (int i = 0; i < 40; i++)
        hf_buf_puts(&path, "/d");
    hf_buf_puts(&path, "/x.json");
    bed_write(b, hf_buf_str(&path), "{}");
    hf_buf_release(&path);
    bed_commit(b, "deep");
    assert_int_equal(bed_load(b), HF_EINVALID);
    assert_non_null(strstr(bed_problems(b), "/d: is nested too deeply\n"));
}

static void
finds_names_that_differ_only_in_case(void **state)
{
    struct bed *b = *state;

    bed_write(b, "hosts/b/x.json",
              "{\"name\": \"WEB-01\",\n \"address\": \"h\"}");
    bed_commit(b, "twin");
    assert_int_equal(bed_load(b), HF_EINVALID);
    /* either of the two may be named */
    assert_non_null(strstr(bed_problems(b), ": $.name: host '"));
    assert_non_null(strstr(bed_problems(b),
                           "(names that differ only in case are the same)"));
    assert_int_equal(b->problems.len, 1);
    bed_write(b, "hosts/b/x.json",
              "{\n \"address\": \"h\",\n \"name\": \"web-01\"}");
    bed_commit(b, "same");
    assert_problem(b, "hosts/web-01.json:2:11: $.name: host 'web-01' is also "
                      "in 'hosts/b/x.json'");
}

/* ---- texts ---- */

static void
lists_all_problems_of_all_files(void **state)
{
    struct bed *b = *state;

    bed_write(b, "hosts/a.json", "{\"name\": \"a\"}");
    bed_write(b, "hosts/b.json", "{");
    bed_write(b, "hosts/c.json",
              "{\"name\": \"c\", \"address\": \"h\","
              " \"port\": 0, \"tag\": 1}");
    bed_commit(b, "three");
    assert_int_equal(bed_load(b), HF_EINVALID);
    assert_string_equal(
        bed_problems(b),
        "hosts/a.json:1:1: $: 'address' is missing\n"
        "hosts/b.json:1:2: $: wants a name in double quotes, found "
        "the end of the text\n"
        "hosts/c.json:1:39: $.port: wants a whole number from 1 to 65535, "
        "found 0\n"
        "hosts/c.json:1:42: $.tag: unknown key 'tag' (did you mean "
        "'tags'?)\n");
    assert_string_equal(b->err.text,
                        "hosts/a.json:1:1: $: 'address' is missing, and 3 "
                        "more");
    assert_string_equal(b->err.hint, "hotfleet lint lists all problems");
}

/* clang-format off */
static const struct { const char *text; size_t len; const char *part; }
texts[] = {
    {"\xef\xbb\xbf{}", 5, "hosts/x.json:1:1: "},
    {"{\"name\": \"a\xff\"}", 13, "UTF-8"},
    {"{\"name\": \"a\\u0000b\"}", 20, "hosts/x.json:1:12: $.name: "},
    {"{\"port\": 01}", 12, "$.port"},
    {"{\"port\": 1.}", 12, "$.port"},
    {"{\"port\": 1e400}", 15, "$.port"},
    {"{\"port\": 9007199254740993}", 26, "$.port"},
    {"{\"name\": \"a\tb\"}", 15, "$.name"},
    {"{\"note\": \"\\ud800\"}", 18, "$.note"},
    {"{} {}", 5, "hosts/x.json:1:4: "},
    {"", 0, "hosts/x.json:1:1: "},
    {"<html>", 6, "hosts/x.json:1:1: "},
    {"{\"name\": \"a\", // c\n}", 20, "JSON has no comments"},
    {"{\"name\": \"a\"}\0{}", 16, "hosts/x.json:1:14: "},
};
/* clang-format on */

static void
refuses_what_a_lax_parser_would_take(void **state)
{
    struct bed *b = *state;

    for (size_t i = 0; i < HF_COUNT(texts); i++) {
        bed_writen(b, "hosts/x.json", texts[i].text, texts[i].len);
        bed_commit(b, "text");
        assert_int_equal(bed_load(b), HF_EINVALID);
        if (!strstr(bed_problems(b), texts[i].part))
            fail_msg("'%s': %s", texts[i].text, bed_problems(b));
    }
}

static void
refuses_deep_and_huge_files(void **state)
{
    struct bed *b = *state;
    struct hf_buf text = {0};

    hf_buf_puts(&text, "{\"note\": ");
    for (int i = 0; i < 100; i++)
        hf_buf_putc(&text, '[');
    bed_write(b, "hosts/x.json", hf_buf_str(&text));
    bed_commit(b, "deep");
    assert_int_equal(bed_load(b), HF_EINVALID);
    assert_non_null(strstr(bed_problems(b), "deep"));

    hf_buf_clear(&text);
    hf_buf_puts(&text, "{\"note\": \"");
    while (text.len <= HF_JSON_MAX_BYTES)
        hf_buf_puts(&text, "0123456789abcdef0123456789abcdef");
    hf_buf_puts(&text, "\"}");
    bed_write(b, "hosts/x.json", hf_buf_str(&text));
    bed_commit(b, "huge");
    assert_problem(b, "hosts/x.json: is 4194316 bytes long, at most 4194304 "
                      "are allowed");
    hf_buf_release(&text);
}

#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, bed_setup_fleet, bed_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(refuses_tricks_with_names),
        TEST(refuses_folders_without_end),
        TEST(finds_names_that_differ_only_in_case),
        TEST(lists_all_problems_of_all_files),
        TEST(refuses_what_a_lax_parser_would_take),
        TEST(refuses_deep_and_huge_files),
    };

    return cmocka_run_group_tests_name("tree", tests, bed_group_setup, NULL);
}
