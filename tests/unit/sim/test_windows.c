/* A simulated Windows host speaks as a real one, and each reason against it is
 * judged as one. */
#include "tests/unit/sim/host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/sim/answers.h"

/* ---- what it says ---- */

static void
every_product_is_told_by_its_facts(void **state)
{
    const struct hf_driver *d = hf_driver_find("windows");
    struct host h;

    (void)state;
    for (const struct hf_sim_product *p = hf_sim_products; p->id; p++) {
        host_start_windows(&h, p->id, HF_SIM_WELL, 0);
        host_probe(&h);
        assert_ptr_equal(hf_driver_claim(&h.reply.values), d);
        assert_string_equal(d->product_of(&h.reply.values), p->id);
        assert_ptr_equal(hf_driver_by_banner(hf_sim_node_banner(&h.node)), d);
        host_stop(&h);
    }
}

/* Keys that depend on what a host has at the moment. */
static int
depends(const char *key)
{
    static const char *const some[] = {"health.", "others.", "job.", "clock"};

    for (size_t i = 0; i < HF_COUNT(some); i++) {
        if (hf_has_prefix(key, some[i]))
            return 1;
    }
    return 0;
}

/* The real probe's answer, as the PowerShell bed recorded it: lines "key
 * value", then an empty one. */
static void
it_answers_what_the_real_probe_answers(void **state)
{
    char *path = hf_path_join(getenv("HOTFLEET_SOURCE"),
                              "tests/powershell/golden/ws2025-current.txt");
    struct hf_buf text = {0};
    struct host h;
    size_t keys = 0;
    char *line, *rest = NULL;

    (void)state;
    host_start_windows(&h, "ws2025", HF_SIM_WELL, 0);
    host_probe(&h);
    if (hf_file_read(&text, path, 1u << 20, &h.err) < 0)
        fail_msg("%s", h.err.text);
    *strstr(text.data, "\n\n") = '\0';
    for (line = strtok_r(text.data, "\n", &rest); line;
         line = strtok_r(NULL, "\n", &rest)) {
        line[strcspn(line, " ?")] = '\0'; /* "key? why": unknown */
        if (depends(line))
            continue;
        keys++;
        if (!hf_facts_find(&h.reply.values, line))
            fail_msg("the simulated host lacks '%s'", line);
    }
    for (size_t i = 0; i < h.reply.values.len; i++)
        keys -= !depends(h.reply.values.v[i].key);
    assert_int_equal(keys, 0);
    hf_buf_release(&text);
    free(path);
    host_stop(&h);
}

static void
text_that_is_no_script_is_refused(void **state)
{
    const char *command = hf_dialect_powershell.command;
    struct hf_sim_answer answer = {0};
    struct hf_sim_request request = {.user = "ops",
                                     .command = command,
                                     .input = "Remove-Item C:\\ -Recurse\n",
                                     .input_len = 25};
    struct host h;

    (void)state;
    host_start_windows(&h, "ws2025", HF_SIM_WELL, 0);
    assert_true(hf_sim_node_reads(&h.node, command));
    assert_false(hf_sim_node_reads(&h.node, hf_dialect_sh.command));
    hf_sim_node_answer(&h.node, &answer, &request, h.now);
    assert_int_equal(answer.status, 2);
    assert_int_equal(answer.out.len, 0);
    hf_buf_release(&answer.err);
    host_stop(&h);
}

/* ---- what the driver makes of it ---- */

/* The line of a product as the catalogue holds it. */
struct book {
    struct hf_release rows[HF_SIM_LEVELS];
    char builds[HF_SIM_LEVELS][32];
    struct hf_sim_line line;
    struct hf_product product;
    struct hf_catalogue catalogue;
};

static void
book_of(struct book *b, const struct host *h)
{
    static const char *const none[] = {NULL};
    const struct hf_sim_product *p = h->node.windows->product;

    *b = (struct book){.line = host_line(h)};
    for (size_t i = 0; i < b->line.len; i++) {
        const struct hf_sim_level *l = &b->line.v[i];

        (void)snprintf(b->builds[i], sizeof(b->builds[i]), "%s.%d", p->build,
                       l->ubr);
        b->rows[i] = (struct hf_release){.product = p->id,
                                         .type = l->type,
                                         .line = l->line,
                                         .month = l->month,
                                         .kb = l->kb,
                                         .build = b->builds[i],
                                         .cves = none,
                                         .released = l->released};
    }
    b->product = (struct hf_product){
        .id = p->id, .title = p->title, .complete_until = "2099-12"};
    b->catalogue = (struct hf_catalogue){.releases = b->rows,
                                         .releases_len = b->line.len,
                                         .products = &b->product,
                                         .products_len = 1};
}

static void
judge(struct hf_state *st, struct book *b, const struct host *h)
{
    static const struct hf_host inventory = {.name = "web-01",
                                             .platform = "windows"};
    struct hf_fleet fleet = {.catalogue = &b->catalogue};

    book_of(b, h);
    hf_state_init(st, &inventory);
    hf_facts_copy(&hf_state_change(st)->facts, &h->reply.values);
    hf_judge(st, &fleet, hf_now());
}

static void
levels_are_judged_as_they_are_made(void **state)
{
    struct hf_state st;
    struct book b;
    struct host h;

    (void)state;
    for (const struct hf_sim_product *p = hf_sim_products; p->id; p++) {
        for (int behind = 0; behind < 2; behind++) {
            host_start_windows(&h, p->id, HF_SIM_WELL, behind);
            host_probe(&h);
            judge(&st, &b, &h);
            assert_int_equal(st.status.coverage, HF_COVERAGE_COVERED);
            assert_int_equal(st.status.patch,
                             behind ? HF_PATCH_BEHIND : HF_PATCH_CURRENT);
            assert_int_equal(st.status.reboot, HF_REBOOT_NONE);
            hf_state_release(&st);
            host_stop(&h);
        }
    }
}

/* The only rows that say something else than on a well host. */
static void
assert_only(const struct hf_findings *sick, const struct hf_findings *well,
            const char *fault, const char *check)
{
    size_t found = 0;

    for (size_t i = 0; i < sick->len; i++) {
        const struct hf_finding *f = &sick->v[i];
        const struct hf_finding *usual = hf_findings_find(well, f->name);

        if (f->verdict == usual->verdict && strcmp(f->found, usual->found) == 0)
            continue;
        if (!strstr(check, f->name))
            fail_msg("%s: %s: %s", fault, f->name, f->found);
        found++;
    }
    if (!found)
        fail_msg("%s does not show in '%s'", fault, check);
}

static void
each_reason_stands_alone(void **state)
{
    /* clang-format off */
    static const struct { enum hf_sim_fault fault; const char *checks;
                          enum hf_coverage coverage; } rows[] = {
        {HF_SIM_VBS_OFF, "vbs", HF_COVERAGE_INELIGIBLE},
        {HF_SIM_VBS_IDLE, "vbs", HF_COVERAGE_INELIGIBLE},
        {HF_SIM_NO_SECUREBOOT, "secureboot", HF_COVERAGE_COVERED},
        {HF_SIM_BIOS, "vbs secureboot", HF_COVERAGE_INELIGIBLE},
        {HF_SIM_NOT_ENROLLED, "enrolment", HF_COVERAGE_COVERED},
        {HF_SIM_POLICY_OFF, "enrolment", HF_COVERAGE_INELIGIBLE},
        {HF_SIM_EDITION, "edition enrolment", HF_COVERAGE_INELIGIBLE},
        {HF_SIM_OLD_BUILD, "build track enrolment offers incidents updates", HF_COVERAGE_INELIGIBLE},
        {HF_SIM_ARC_LOST, "arc", HF_COVERAGE_INELIGIBLE},
        {HF_SIM_NO_ARC, "arc enrolment", HF_COVERAGE_INELIGIBLE},
        {HF_SIM_CHPE, "chpe", HF_COVERAGE_INELIGIBLE},
        {HF_SIM_MONITOR_OFF, "monitor", HF_COVERAGE_COVERED},
        {HF_SIM_SERVICING, "servicing", HF_COVERAGE_COVERED},
        {HF_SIM_NO_DISK, "space", HF_COVERAGE_COVERED},
        {HF_SIM_NO_SUDO, "elevation", HF_COVERAGE_COVERED},
        {HF_SIM_RESTART_DUE, "restart servicing offers", HF_COVERAGE_COVERED},
        {HF_SIM_OLD_BASELINE, "build track enrolment offers incidents",
         HF_COVERAGE_RESTART_DUE},
        {HF_SIM_OFF_TRACK, "build track enrolment offers incidents", HF_COVERAGE_OFF_TRACK},
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        const struct hf_sim_fault_row *row = &hf_sim_faults[rows[i].fault];
        const char *product = row->product ? row->product : "ws2025";
        struct hf_state sick, well;
        struct book a, b;
        struct host h, usual;

        host_start_windows(&h, product, rows[i].fault, 1);
        host_start_windows(&usual, product, HF_SIM_WELL, 1);
        host_probe(&h);
        host_probe(&usual);
        judge(&sick, &a, &h);
        judge(&well, &b, &usual);
        assert_only(hf_state_findings(&sick), hf_state_findings(&well),
                    row->name, rows[i].checks);
        if (sick.status.coverage != rows[i].coverage)
            fail_msg("%s: %s", row->name,
                     hf_coverage_names[sick.status.coverage]);
        hf_state_release(&sick);
        hf_state_release(&well);
        host_stop(&h);
        host_stop(&usual);
    }
}

static void
constrained_language_is_all_that_such_a_host_says(void **state)
{
    struct host h;

    (void)state;
    host_start_windows(&h, "ws2025", HF_SIM_CONSTRAINED, 1);
    host_probe(&h);
    assert_int_equal(h.reply.values.len, 1);
    assert_says(&h, "ps.language", "ConstrainedLanguage");
    host_stop(&h);
}

/* ---- the calendar, and chance ---- */

/* Whatever the day, there is a hotpatch to take on a baseline that is out. */
static void
every_day_has_a_hotpatch_on_the_newest_baseline(void **state)
{
    const int64_t day = INT64_C(86400000);
    const int64_t start = INT64_C(1795392000000); /* 2026-11-23 */

    (void)state;
    for (int64_t now = start; now < start + 800 * day; now += day) {
        struct hf_sim_line line;

        hf_sim_line(&line, &hf_sim_products[0], now);
        assert_true(line.base < line.newest);
        assert_true(line.v[line.newest].released <= now);
        assert_int_equal(line.v[line.newest].type, HF_RELEASE_HOTPATCH);
        assert_int_equal(line.v[line.base].type, HF_RELEASE_BASELINE);
        assert_true(line.v[line.old].ubr < line.v[line.base].ubr);
        for (size_t i = 1; i < line.len; i++)
            assert_true(line.v[i - 1].ubr < line.v[i].ubr);
    }
}

static void
chance_is_the_same_for_the_same_seed(void **state)
{
    enum { N = 4000 };
    struct hf_sim_host *a = hf_xcalloc(N, sizeof(*a));
    struct hf_sim_host *b = hf_xcalloc(N, sizeof(*b));
    size_t unwell = 0, differ = 0;

    (void)state;
    for (size_t i = 0; i < N; i++) {
        (void)snprintf(a[i].name, sizeof(a[i].name), "h-%zu", i);
        if (i % 2)
            (void)snprintf(a[i].product, sizeof(a[i].product), "ws2025");
        b[N - 1 - i] = a[i];
    }
    hf_sim_afflict(a, N, 50, 7);
    hf_sim_afflict(b, N, 50, 7);
    for (size_t i = 0; i < N; i++) {
        const struct hf_sim_fault_row *row = &hf_sim_faults[a[i].fault];

        assert_int_equal(a[i].fault, b[N - 1 - i].fault);
        assert_true(row->on & (i % 2 ? HF_SIM_ON_WINDOWS : HF_SIM_ON_LINUX));
        assert_true(!row->product || strcmp(row->product, "ws2025") == 0);
        unwell += a[i].fault != HF_SIM_WELL;
        b[N - 1 - i].fault = HF_SIM_WELL;
    }
    assert_in_range(unwell, N / 20 - 50, N / 20 + 50);
    hf_sim_afflict(b, N, 50, 8);
    for (size_t i = 0; i < N; i++)
        differ += a[i].fault != b[N - 1 - i].fault;
    assert_true(differ > N / 20);
    free(a);
    free(b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_product_is_told_by_its_facts),
        cmocka_unit_test(it_answers_what_the_real_probe_answers),
        cmocka_unit_test(text_that_is_no_script_is_refused),
        cmocka_unit_test(levels_are_judged_as_they_are_made),
        cmocka_unit_test(each_reason_stands_alone),
        cmocka_unit_test(constrained_language_is_all_that_such_a_host_says),
        cmocka_unit_test(every_day_has_a_hotpatch_on_the_newest_baseline),
        cmocka_unit_test(chance_is_the_same_for_the_same_seed),
    };

    return cmocka_run_group_tests_name("sim_windows", tests, NULL, NULL);
}
