/* A copy of a host says what is known of it, and changes as the host would. */
#include "tests/unit/sim/host.h"

#include <stdio.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"

#define HOTPATCH "KB5120228"
#define BASELINE "KB5099536"
#define ORDINARY "KB5120233"

static const char *const none[] = {NULL};

#define ROW(m, t, k, b, day)                                                   \
    {                                                                          \
        .product = "ws2025", .month = m, .type = HF_RELEASE_##t, .kb = k,      \
        .build = "26100." b, .cves = none, .released = INT64_C(day) * 86400000 \
    }

/* clang-format off */
static const struct hf_release rows[] = {
    {.product = "linux", .kernel = "6.1.0-99-amd64", .patch = "fix_1",
     .cves = none},
    {.product = "linux", .kernel = "6.1.0-99-amd64", .patch = "fix_2",
     .replaces = "*", .cves = none},
    ROW("2026-06", UNPLANNED_BASELINE, "KB5094125", "32995", 20613),
    ROW("2026-07", BASELINE, BASELINE, "33158", 20648),
    ROW("2026-08", HOTPATCH, HOTPATCH, "33222", 20676),
    ROW("2026-08", UPDATE, ORDINARY, "33296", 20676),
};
static const struct hf_product products[] = {
    {.id = "linux", .complete_until = "2099-01"},
    {.id = "ws2025", .complete_until = "2099-01"},
};
/* clang-format on */
static const struct hf_catalogue catalogue = {
    .releases = rows,
    .releases_len = HF_COUNT(rows),
    .products = products,
    .products_len = HF_COUNT(products),
};

static void
set(struct hf_facts *f, const char *key, const char *value)
{
    hf_facts_set(f, key, value, "said by the host", 1);
}

/* Facts of a host that no table of the simulation knows. */
static void
know_windows(struct hf_facts *f)
{
    struct host h;

    host_start_windows(&h, "ws2025", HF_SIM_WELL, 1);
    host_probe(&h);
    hf_facts_copy(f, &h.reply.values);
    host_stop(&h);
    set(f, "os.ubr", "33158");
    set(f, "updates", BASELINE " KB5043080");
    set(f, "history", BASELINE ":1:2:0x00000000@1784081400");
    set(f, "machine.id", "11111111-2222-3333-4444-555555555555");
    set(f, "software", "Contoso Backup 4.2");
    set(f, "others", "wsus");
    set(f, "others.wsus", "approves updates: http://wsus.example.org");
    hf_facts_set_unknown(f, "arc.status", "needs elevation: no", "azcm", 1);
}

static void
know_linux(struct hf_facts *f)
{
    struct host h;

    host_start(&h, HF_SIM_WELL, 2);
    host_probe(&h);
    hf_facts_copy(f, &h.reply.values);
    host_stop(&h);
    set(f, "kernel.release", "6.1.0-99-amd64");
    set(f, "kernel.version", "#1 SMP Contoso");
    set(f, "boot.next", "6.1.0-100-amd64");
    set(f, "patches", "fix_1");
    set(f, "taint", "45056");
    set(f, "others", "kpatch");
    set(f, "others.kpatch", "loads patches at boot");
}

static void
assert_same_but_volatile(const struct hf_facts *said,
                         const struct hf_facts *known)
{
    assert_int_equal(said->len, known->len);
    for (size_t i = 0; i < known->len; i++) {
        const struct hf_fact *k = &known->v[i];
        const struct hf_fact *s = hf_facts_find(said, k->key);

        if (!s)
            fail_msg("it does not say '%s'", k->key);
        if (hf_fact_is_volatile(k->key))
            continue;
        if (!s->value != !k->value || strcmp(s->value ? s->value : s->why,
                                             k->value ? k->value : k->why) != 0)
            fail_msg("%s is '%s', not '%s'", k->key,
                     s->value ? s->value : s->why, k->value);
    }
}

static void
a_copy_of_a_windows_host_says_what_is_known(void **state)
{
    struct hf_facts known = {0};
    struct host h;

    (void)state;
    know_windows(&known);
    hf_facts_set(&known, "offered", HOTPATCH, NULL, 1);
    hf_facts_set(&known, "offered.how", HOTPATCH ":system:no:734003200", NULL,
                 1);
    host_start_copy(&h, &known, &catalogue, HF_SIM_WELL);
    host_probe(&h);
    assert_same_but_volatile(&h.reply.values, &known);
    host_stop(&h);
    hf_facts_release(&known);
}

static void
a_copy_of_a_linux_host_says_what_is_known(void **state)
{
    struct hf_facts known = {0};
    struct host h;

    (void)state;
    know_linux(&known);
    host_start_copy(&h, &known, &catalogue, HF_SIM_WELL);
    host_probe(&h);
    /* facts of a patch that ran before nobody knew of it */
    assert_says(&h, "patch.fix_1.enabled", "1");
    assert_says(&h, "patches", "fix_1");
    assert_says(&h, "kernel.version", "#1 SMP Contoso");
    assert_says(&h, "others.kpatch", "loads patches at boot");
    assert_says(&h, "machine.id", hf_facts_get(&known, "machine.id"));
    assert_says(&h, "boot.id", hf_facts_get(&known, "boot.id"));
    assert_says(&h, "boot.time", hf_facts_get(&known, "boot.time"));
    host_stop(&h);
    hf_facts_release(&known);
}

static void
a_copy_takes_the_hotpatch_of_the_catalogue(void **state)
{
    struct hf_facts known = {0};
    struct host h;

    (void)state;
    know_windows(&known);
    host_start_copy(&h, &known, &catalogue, HF_SIM_WELL);
    host_windows_job(&h, RUN_A, "apply", HOTPATCH);
    host_poll_after(&h, RUN_A, 3 * JOB_MS);
    assert_says(&h, "result.outcome", "ok");
    assert_says(&h, "result.before", "26100.33158");
    host_probe(&h);
    assert_says(&h, "os.ubr", "33222");
    assert_says(&h, "updates", HOTPATCH " " BASELINE " KB5043080");
    assert_says(&h, "software", "Contoso Backup 4.2");
    host_ask(&h, HF_SCRIPT_END, "RUN", RUN_A, NULL);
    host_windows_job(&h, RUN_B, "rollback", HOTPATCH);
    host_poll_after(&h, RUN_B, 5 * JOB_MS);
    host_probe(&h);
    assert_says(&h, "os.ubr", "33158");
    host_stop(&h);
    hf_facts_release(&known);
}

static void
a_copy_falls_back_to_the_ordinary_update_of_the_catalogue(void **state)
{
    struct hf_facts known = {0};
    struct host h;

    (void)state;
    know_windows(&known);
    host_start_copy(&h, &known, &catalogue, HF_SIM_FALLBACK);
    host_windows_job(&h, RUN_A, "apply", HOTPATCH);
    host_poll_after(&h, RUN_A, 3 * JOB_MS);
    host_probe(&h);
    assert_says(&h, "os.ubr", "33296");
    assert_true(hf_has_prefix(host_says(&h, "updates"), ORDINARY));
    assert_says(&h, "restart.pending", "yes");
    host_stop(&h);
    hf_facts_release(&known);
}

static void
a_fault_of_a_copy_shows_over_what_is_known(void **state)
{
    struct hf_facts known = {0};
    struct host h;

    (void)state;
    know_windows(&known);
    host_start_copy(&h, &known, &catalogue, HF_SIM_VBS_OFF);
    host_probe(&h);
    assert_says(&h, "vbs.status", "0");
    host_stop(&h);
    hf_facts_release(&known);
}

static void
a_copy_that_restarts_boots_the_next_kernel(void **state)
{
    struct hf_facts known = {0};
    struct host h;

    (void)state;
    know_linux(&known);
    set(&known, "restart.pending", "yes");
    host_start_copy(&h, &known, &catalogue, HF_SIM_WELL);
    host_probe(&h);
    assert_says(&h, "restart.pending", "yes");
    hf_sim_node_reboot(&h.node, h.now + 1000);
    host_probe(&h);
    assert_says(&h, "kernel.release", "6.1.0-100-amd64");
    assert_says(&h, "restart.pending", "no");
    assert_says(&h, "patches", "none");
    host_stop(&h);
    hf_facts_release(&known);
}

static void
a_copy_replaces_patches_as_the_catalogue_says(void **state)
{
    struct hf_facts known = {0};
    struct host h;

    (void)state;
    know_linux(&known);
    host_start_copy(&h, &known, &catalogue, HF_SIM_WELL);
    hf_sim_node_settle(&h.node, hf_sim_node_load(&h.node, "fix_2"));
    host_probe(&h);
    assert_says(&h, "patches", "fix_2");
    assert_says(&h, "modules.leftover", "fix_1");
    host_stop(&h);
    hf_facts_release(&known);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_of_a_windows_host_says_what_is_known),
        cmocka_unit_test(a_copy_of_a_linux_host_says_what_is_known),
        cmocka_unit_test(a_copy_takes_the_hotpatch_of_the_catalogue),
        cmocka_unit_test(
            a_copy_falls_back_to_the_ordinary_update_of_the_catalogue),
        cmocka_unit_test(a_fault_of_a_copy_shows_over_what_is_known),
        cmocka_unit_test(a_copy_that_restarts_boots_the_next_kernel),
        cmocka_unit_test(a_copy_replaces_patches_as_the_catalogue_says),
    };

    return cmocka_run_group_tests_name("sim_copy", tests, NULL, NULL);
}
