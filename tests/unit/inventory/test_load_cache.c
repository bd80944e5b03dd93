/* A large fleet is loaded from what was decoded before: the same fleet, the
 * same problems, or the cache is passed over. */
#include "bed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"

#define HOSTS 210 /* enough to be worth it */

static char *
path_of(void *ctx, const struct hf_fleet *fleet)
{
    const struct bed *b = ctx;

    assert_string_equal(fleet->name, "demo");
    return hf_path_join(b->root, "hosts");
}

static ino_t
inode_of(struct bed *b)
{
    char *path = hf_path_join(b->root, "hosts");
    struct stat st = {0};

    (void)stat(path, &st);
    free(path);
    return st.st_ino;
}

/* Hosts that have of everything something. */
static void
many_hosts(struct bed *b)
{
    bed_write(b, "hotfleet.json",
              "{\"name\": \"demo\", \"rings\": [{\"name\": \"canary\"},"
              "{\"name\": \"early\"}, {\"name\": \"broad\"}]}");
    for (int i = 0; i < HOSTS; i++) {
        char *path = hf_xasprintf("hosts/%d/h-%d.json", i % 7, i);
        char *text = hf_xasprintf(
            "{\"name\": \"h-%d\", \"address\": \"10.0.0.%d\", "
            "\"ring\": \"%s\"%s%s%s%s%s}",
            i, i, i % 2 ? "CANARY" : "broad",
            i % 3 ? "" : ", \"tags\": [\"db\", \"x\"], \"port\": 2222",
            i % 4 ? "" : ", \"domains\": {\"cluster\": \"a\", \"rack\": \"7\"}",
            i % 5 ? ""
                  : ", \"health\": [{\"name\": \"sql\", \"port\": 5432},"
                    " {\"name\": \"web\", \"unit\": \"nginx.service\"}]",
            i % 6 ? ""
                  : ", \"hold\": {\"reason\": \"year end\", "
                    "\"since\": \"2026-11-01\"}, \"tags\": []",
            i % 7 ? ""
                  : ", \"user\": \"ops\", \"platform\": \"livepatch\", "
                    "\"product\": \"linux\", \"note\": \"a\\nb\"");

        if (i % 6 == 0 && i % 3 == 0) { /* tags once */
            free(text);
            text = hf_xasprintf("{\"name\": \"h-%d\", \"address\": \"::1\", "
                                "\"tags\": [], \"attributes\": {\"n\": \"%d\"},"
                                "\"access\": {\"act\": {\"user\": \"root\"}}}",
                                i, i);
        }
        bed_write(b, path, text);
        free(text);
        free(path);
    }
    bed_commit(b, "many hosts");
}

static const char *
word(const char *text)
{
    return text ? text : "(none)";
}

static void
print_pairs(struct hf_buf *out, const struct hf_pairs *p)
{
    for (size_t i = 0; i < p->len; i++)
        hf_buf_printf(out, " %s=%s", p->v[i].key, p->v[i].value);
}

static void
print_host(struct hf_buf *out, const struct hf_host *h)
{
    const char *const texts[] = {
        h->name,     h->address,      h->check.user, h->check.identity,
        h->act.user, h->act.identity, h->hostkey,    h->platform,
        h->product,  h->ring,         h->site,       h->timezone,
        h->jump,     h->note,         h->hold,       h->path,
        h->blob,
    };

    for (size_t i = 0; i < HF_COUNT(texts); i++)
        hf_buf_printf(out, " %s", word(texts[i]));
    hf_buf_printf(out, " %d", h->port);
    print_pairs(out, &h->domains);
    print_pairs(out, &h->attributes);
    for (size_t i = 0; h->tags[i]; i++)
        hf_buf_printf(out, " #%s", h->tags[i]);
    for (size_t i = 0; i < h->health_len; i++)
        hf_buf_printf(out, " %s:%s:%d", h->health[i].name,
                      word(h->health[i].unit), h->health[i].port);
    hf_buf_putc(out, '\n');
}

/* The result, all hosts, all problems; the caller's. */
static char *
load(struct bed *b, const struct hf_load_cache *cache)
{
    struct hf_problems problems = {0};
    struct hf_err err = HF_ERR_INIT;
    struct hf_fleet *fleet = NULL;
    struct hf_buf out = {0};
    int rc = cache ? hf_fleet_load_cached(&fleet, bed_open(b), cache, &problems,
                                          &err)
                   : hf_fleet_load(&fleet, bed_open(b), NULL, &problems, &err);

    hf_buf_printf(&out, "%d %s\n", rc, err.text);
    for (size_t i = 0; fleet && i < fleet->hosts_len; i++)
        print_host(&out, &fleet->hosts[i]);
    for (size_t i = 0; i < problems.len; i++)
        hf_problem_format(&out, &problems.v[i]);
    hf_fleet_free(fleet);
    hf_problems_release(&problems);
    return hf_buf_take(&out);
}

static void
assert_same(struct bed *b)
{
    const struct hf_load_cache cache = {.path = path_of, .ctx = b};
    char *plain = load(b, NULL);

    for (int i = 0; i < 2; i++) {
        char *cached = load(b, &cache);

        assert_string_equal(cached, plain);
        free(cached);
    }
    free(plain);
}

static void
says_what_the_files_say_whatever_is_committed(void **state)
{
    /* clang-format off */
    static const char *const changes[] = {
        "sed -i 's/10.0.0.11\"/web.example\"/' hosts/*/h-11.json",
        "rm hosts/3/h-10.json",
        "mv hosts/3/h-17.json hosts/h-17.json",
        "cp hosts/h-17.json hosts/twin.json",
        "rm hosts/twin.json; echo '{\"name\":' >hosts/bad.json",
        "rm hosts/bad.json; sed -i 's/\"canary\"/\"first\"/' hotfleet.json",
        ("sed -i 's/\"first\"/\"canary\"/; s/{/{\"defaults\": "
            "{\"port\": 2022, \"user\": \"all\"},/' hotfleet.json"),
        "sed -i 's/\"10.0/\"10.1/' hosts/*/h-*.json",
        "rm -r hosts/1 hosts/2",
    };
    /* clang-format on */
    struct bed *b = *state;

    many_hosts(b);
    assert_same(b);
    assert_int_not_equal(inode_of(b), 0);
    for (size_t i = 0; i < HF_COUNT(changes); i++) {
        assert_int_equal(bed_sh(b, changes[i]), 0);
        bed_commit(b, "change");
        assert_same(b);
    }
}

static void
is_made_anew_when_much_has_changed(void **state)
{
    struct bed *b = *state;
    ino_t made;

    many_hosts(b);
    assert_same(b);
    made = inode_of(b);
    assert_int_equal(bed_sh(b, "sed -i 's/10.0/10.1/' hosts/1/h-1.json"), 0);
    bed_commit(b, "one");
    assert_same(b);
    assert_int_equal(made, inode_of(b));
    assert_int_equal(bed_sh(b, "sed -i 's/10.0/10.1/' hosts/2/h-*.json"), 0);
    bed_commit(b, "many");
    assert_same(b);
    assert_int_not_equal(made, inode_of(b));
}

static void
damage_is_passed_over(void **state)
{
    struct bed *b = *state;
    struct hf_buf whole = {0};
    char *path;

    many_hosts(b);
    assert_same(b);
    path = hf_path_join(b->root, "hosts");
    assert_int_equal(hf_file_read(&whole, path, 1u << 24, &b->err), 0);
    for (size_t i = 0; i < 12; i++) {
        struct hf_buf broken = {0};
        ino_t was;

        hf_buf_add(&broken, whole.data, whole.len);
        if (i < 4)
            broken.len = whole.len * i / 4;
        else
            broken.data[whole.len * (i - 4) / 8] ^= 4;
        assert_int_equal(
            hf_file_write(path, hf_buf_str(&broken), broken.len, 0600, &b->err),
            0);
        hf_buf_release(&broken);
        was = inode_of(b);
        assert_same(b);
        assert_int_not_equal(was, inode_of(b));
    }
    hf_buf_release(&whole);
    free(path);
}

static void
nothing_is_written_for_who_may_only_read(void **state)
{
    struct bed *b = *state;
    const struct hf_load_cache cache = {
        .path = path_of, .read_only = 1, .ctx = b};

    many_hosts(b);
    free(load(b, &cache));
    assert_int_equal(inode_of(b), 0);
}

#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, bed_setup_fleet, bed_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(says_what_the_files_say_whatever_is_committed),
        TEST(is_made_anew_when_much_has_changed),
        TEST(damage_is_passed_over),
        TEST(nothing_is_written_for_who_may_only_read),
    };

    return cmocka_run_group_tests_name("load_cache", tests, bed_group_setup,
                                       NULL);
}
