/* What imports say of the licence, beside what the host shows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "backend/drivers/windows/windows.h"
#include "backend/model/entitlement.h"

#define TAKEN (INT64_C(20777) * 86400000) /* 2026-11-20 */

static const struct hf_catalogue nothing = {0};
static const struct hf_host host = {.name = "sql-01"};

/* A client whose policy allows hotpatches (1), or does not (0). */
static struct hf_finding
find(const struct hf_entitlements *sources, size_t n, const char *policy)
{
    const struct hf_fleet fleet = {
        .catalogue = &nothing, .entitlements = sources, .entitlements_len = n};
    struct hf_facts facts = {0};
    struct hf_finding f = {0};
    const struct hf_check_in in = {.host = &host,
                                   .facts = &facts,
                                   .catalogue = &nothing,
                                   .fleet = &fleet,
                                   .now = TAKEN};

    hf_facts_set(&facts, "os.build", "26100", "x", 1);
    hf_facts_set(&facts, "os.type", "1", "x", 1);
    hf_facts_set(&facts, "os.sku", "4", "x", 1);
    hf_facts_set(&facts, "enrol.package", "none", "x", 1);
    hf_facts_set(&facts, "enrol.policy", policy, "x", 1);
    hf_check_entitlement.run(&in, &f);
    hf_facts_release(&facts);
    return f;
}

static void
expect(const struct hf_entitlements *sources, size_t n, const char *policy,
       enum hf_verdict verdict, const char *words)
{
    struct hf_finding f = find(sources, n, policy);

    if (f.verdict != verdict || !strstr(f.found, words))
        fail_msg("%s: %s", hf_verdict_names[f.verdict], f.found);
    free(f.expected);
    free(f.found);
    free(f.source);
}

static void
both_sides_are_told_where_they_differ(void **state)
{
    static const struct hf_pair yes = {"SQL-01", "Enabled"};
    static const struct hf_pair no = {"sql-01", "Disabled"};
    static const struct hf_pair other = {"sql-02", "Disabled"};
    const struct hf_entitlements patch = {"autopatch", TAKEN, {&yes, 1}, 0, 0};
    const struct hf_entitlements both[] = {patch,
                                           {"arc", TAKEN, {&no, 1}, 0, 0}};
    const struct hf_entitlements strange = {"arc", TAKEN, {&other, 1}, 0, 0};

    (void)state;
    expect(&patch, 1, "1", HF_VERDICT_PASS,
           "autopatch says Enabled (2026-11-20)");
    expect(&patch, 1, "0", HF_VERDICT_WARN,
           "autopatch says Enabled (2026-11-20), the host: the policy "
           "AllowRebootlessUpdates is 0");
    expect(both, 2, "1", HF_VERDICT_WARN,
           "autopatch says Enabled (2026-11-20); arc says Disabled");
    expect(&strange, 1, "1", HF_VERDICT_PASS, "no import tells of this host");
    expect(NULL, 0, "1", HF_VERDICT_PASS, "no import tells of this host");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_sides_are_told_where_they_differ),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
