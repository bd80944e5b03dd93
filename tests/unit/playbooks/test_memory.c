/* Memory before and after patches and over the time: who stands out, what is
 * not compared, and that unknown stays unknown. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "inventory/ledger.h"
#include "playbooks/memory.h"
#include "tests/unit/playbooks/bed.h"

#define MIB (INT64_C(1) << 20)
#define BOOT_A "5e0b5b7e-0000-4000-8000-00000000000a"
#define BOOT_B "5e0b5b7e-0000-4000-8000-00000000000b"

static cJSON *
facts_json(const char *boot, int64_t committed, int64_t at)
{
    struct hf_facts facts = {0};
    char text[32];
    cJSON *doc;

    (void)snprintf(text, sizeof(text), "%lld", (long long)committed);
    hf_facts_set(&facts, "boot.id", boot, NULL, at);
    if (committed)
        hf_facts_set(&facts, "memory.committed", text, NULL, at);
    doc = hf_facts_to_json(&facts);
    hf_facts_release(&facts);
    return doc;
}

/* What the host told then; committed 0: nothing of memory. */
static void
tell(const struct bed *b, const char *host, const char *boot, int64_t committed,
     int64_t at)
{
    cJSON *doc = cJSON_CreateObject();
    char *path = hf_ledger_facts_path(host);

    cJSON_AddItemToObject(doc, "facts", facts_json(boot, committed, at));
    bed_ledger_write(b, path, doc);
    free(path);
}

/* A patch that went in, with so much more memory after it. */
static void
patch(const struct bed *b, const char *host, int number, int64_t grown,
      const char *boot_after)
{
    cJSON *doc = cJSON_CreateObject();
    int64_t at = hf_now() - HF_DAY_MS + number;
    char run[40], *path;

    (void)snprintf(run, sizeof(run), "20261101T000000Z-%06x", number);
    hf_json_add_str(doc, "run", run);
    hf_json_add_str(doc, "action", "apply");
    hf_json_add_str(doc, "outcome", "verified");
    hf_json_add_time(doc, "ended", at);
    cJSON_AddItemToObject(doc, "before", facts_json(BOOT_A, 900 * MIB, at));
    cJSON_AddItemToObject(doc, "after",
                          facts_json(boot_after, 900 * MIB + grown, at));
    path = hf_ledger_evidence_path(host, run);
    bed_ledger_write(b, path, doc);
    free(path);
}

/* Of the first `n` hosts of the fleet. */
static void
make(struct hf_memory_report *out, struct bed *b, size_t n)
{
    const struct hf_state *all, *some[BED_HOSTS];
    size_t len;

    all = hf_session_states(b->s, &len);
    assert_true(n <= len);
    for (size_t i = 0; i < n; i++)
        some[i] = &all[i];
    if (hf_memory_make(out, b->s, some, n, 5, hf_now(), &b->err) < 0)
        fail_msg("%s", b->err.text);
}

static const char *
name_of(struct bed *b, size_t i)
{
    return hf_session_fleet(b->s)->hosts[i].name;
}

static void
without_a_ledger_nothing_is_known(void **state)
{
    struct bed *b = *state;
    struct hf_memory_report r;

    bed_open(b);
    make(&r, b, 2);
    assert_int_equal(r.len, 1);
    assert_int_equal(r.lines[0].hosts, 2);
    assert_int_equal(r.lines[0].told[HF_MEMORY_COMMITTED], 0);
    assert_true(r.lines[0].median[HF_MEMORY_COMMITTED] == HF_MEMORY_UNKNOWN);
    assert_true(r.lines[0].days[0].v[HF_MEMORY_COMMITTED] == HF_MEMORY_UNKNOWN);
    assert_int_equal(r.patches.len + r.hosts.len, 0);
    hf_memory_release(&r);
    bed_close(b);
}

static void
with_few_patches_nobody_stands_out(void **state)
{
    struct bed *b = *state;
    struct hf_memory_report r;
    const struct hf_memory_spread *s;

    bed_open(b);
    for (int i = 0; i < HF_MEMORY_ENOUGH - 1; i++)
        patch(b, name_of(b, (size_t)i), i, i == 3 ? 900 * MIB : i * MIB,
              BOOT_A);
    make(&r, b, 8);
    s = &r.lines[0].over_patch[HF_MEMORY_COMMITTED];
    assert_int_equal(s->known, HF_MEMORY_ENOUGH - 1);
    assert_int_equal(s->median, MIB); /* the lower of two in the middle */
    assert_int_equal(s->most, 900 * MIB);
    assert_true(s->limit == HF_MEMORY_UNKNOWN);
    assert_int_equal(s->outliers, 0);
    hf_memory_release(&r);
    bed_close(b);
}

/* 0, 1, 2, 4, 5, 40 and 900 MiB: the median is 4, the median distance from it
 * 3; 64 MiB over the median is more than five times that. */
static void
who_grows_more_than_the_others_stands_out(void **state)
{
    static const int grown[] = {4, 5, 40};
    struct bed *b = *state;
    struct hf_memory_report r;
    const struct hf_memory_spread *s;
    size_t odd = 0;

    bed_open(b);
    for (int i = 0; i < 3; i++)
        patch(b, name_of(b, (size_t)i + 4), 16 + i, grown[i] * MIB, BOOT_A);
    make(&r, b, 8);
    s = &r.lines[0].over_patch[HF_MEMORY_COMMITTED];
    assert_int_equal(s->known, 7);
    assert_int_equal(s->median, 4 * MIB);
    assert_int_equal(s->limit, 68 * MIB);
    assert_int_equal(s->outliers, 1);
    for (size_t i = 0; i < r.patches.len; i++) {
        const struct hf_memory_change *c = &r.patches.v[i];

        if (!c->outlier)
            continue;
        odd++;
        assert_string_equal(c->host->name, name_of(b, 3));
        assert_int_equal(c->outlier, 1 << HF_MEMORY_COMMITTED);
        assert_int_equal(hf_memory_growth(c, HF_MEMORY_COMMITTED), 900 * MIB);
        assert_true(hf_memory_growth(c, HF_MEMORY_POOL) == HF_MEMORY_UNKNOWN);
    }
    assert_int_equal(odd, 1);
    hf_memory_release(&r);
    bed_close(b);
}

static void
a_patch_with_a_restart_is_not_compared(void **state)
{
    struct bed *b = *state;
    struct hf_memory_report r;

    bed_open(b);
    patch(b, name_of(b, 0), 32, -500 * MIB, BOOT_B);
    make(&r, b, 8);
    assert_int_equal(r.lines[0].patches, 8);
    assert_int_equal(r.lines[0].restarted, 1);
    assert_int_equal(r.lines[0].over_patch[HF_MEMORY_COMMITTED].known, 7);
    hf_memory_release(&r);
    bed_close(b);
}

static const struct hf_memory_change *
host_change(const struct hf_memory_report *r, const char *host)
{
    for (size_t i = 0; i < r->hosts.len; i++) {
        if (strcmp(r->hosts.v[i].host->name, host) == 0)
            return &r->hosts.v[i];
    }
    fail_msg("nothing is told of '%s'", host);
    return NULL;
}

static void
over_the_time_a_host_is_seen_from_its_last_restart_on(void **state)
{
    struct bed *b = *state;
    const struct hf_memory_change *c;
    struct hf_memory_report r;
    int64_t now = hf_now(), at = now - now % HF_DAY_MS - 3 * HF_DAY_MS + 1;
    char host[256];

    bed_open(b);
    (void)snprintf(host, sizeof(host), "%s", name_of(b, 0));
    bed_close(b);
    tell(b, host, BOOT_A, 900 * MIB, at);
    tell(b, host, BOOT_B, 100 * MIB, at + HF_DAY_MS);
    tell(b, host, BOOT_B, 130 * MIB, at + 2 * HF_DAY_MS);
    bed_open(b);
    make(&r, b, 1);
    c = host_change(&r, host);
    assert_true(hf_memory_compares(c));
    assert_int_equal(c->from, at + HF_DAY_MS);
    assert_int_equal(hf_memory_growth(c, HF_MEMORY_COMMITTED), 30 * MIB);
    assert_int_equal(r.lines[0].told[HF_MEMORY_COMMITTED], 1);
    assert_int_equal(r.lines[0].median[HF_MEMORY_COMMITTED], 130 * MIB);
    for (size_t d = 0; d < r.days; d++) {
        static const int64_t mean[] = {0, 0, 900, 100, 130};
        int64_t end = hf_memory_day(&r, d);
        size_t told = (size_t)((end - at + HF_DAY_MS) / HF_DAY_MS) + 1;
        int64_t found = r.lines[0].days[d].v[HF_MEMORY_COMMITTED];

        if (end < at)
            assert_true(found == HF_MEMORY_UNKNOWN);
        else
            assert_int_equal(found, mean[told < 5 ? told : 4] * MIB);
    }
    hf_memory_release(&r);
    bed_close(b);
}

static void
what_is_told_no_more_is_unknown(void **state)
{
    struct bed *b = *state;
    struct hf_memory_report r;
    char host[256];

    bed_open(b);
    (void)snprintf(host, sizeof(host), "%s", name_of(b, 0));
    bed_close(b);
    tell(b, host, BOOT_B, 0, hf_now() - 1000);
    bed_open(b);
    make(&r, b, 1);
    assert_int_equal(r.lines[0].told[HF_MEMORY_COMMITTED], 0);
    assert_true(r.lines[0].days[r.days - 1].v[HF_MEMORY_COMMITTED] ==
                HF_MEMORY_UNKNOWN);
    hf_memory_release(&r);
    bed_close(b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_ledger_nothing_is_known),
        cmocka_unit_test(with_few_patches_nobody_stands_out),
        cmocka_unit_test(who_grows_more_than_the_others_stands_out),
        cmocka_unit_test(a_patch_with_a_restart_is_not_compared),
        cmocka_unit_test(over_the_time_a_host_is_seen_from_its_last_restart_on),
        cmocka_unit_test(what_is_told_no_more_is_unknown),
    };

    return cmocka_run_group_tests_name("memory", tests, bed_set_up,
                                       bed_tear_down);
}
