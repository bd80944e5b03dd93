/* A plan as a person reads it before it is carried out. */
#include "tests/unit/rows/small_plan.h"

#include "tui/rows/plan.h"

static struct hf_plan_left_out left_out[] = {
    {"db-9", "broad", HF_OUTCOME_SKIPPED, "held: year end"},
    {"app-9", "canary", HF_OUTCOME_INELIGIBLE, "lockdown: integrity"},
    {"db-8", "broad", HF_OUTCOME_SKIPPED, "held: year end"},
};
static const char *const cves[] = {"CVE-2026-1", "CVE-2026-2", "CVE-2026-3",
                                   "CVE-2026-4", NULL};
static const char *const notes[] = {"goes back to the kernel's own code", NULL};
static struct hf_plan_gap gaps[] = {{"role", "sap", "broad", 3}};

static void
show(struct hf_buf *out, const struct hf_plan *plan, const struct hf_look *look)
{
    struct hf_doc doc = {0};

    hf_plan_summary(&doc, plan, look);
    hf_plan_rows(&doc, plan, look);
    add_doc(out, &doc);
    hf_buf_puts(out, "----\n");
    hf_doc_release(&doc);
}

static void
a_plan_leads_with_restarts_and_says_who_is_left_out_and_why(void **state)
{
    struct hf_plan *plan = make_plan();
    struct hf_buf out = {0};

    (void)state;
    plan->left_out = left_out;
    plan->left_out_len = HF_COUNT(left_out);
    plan->gaps = gaps;
    plan->gaps_len = HF_COUNT(gaps);
    for (size_t i = 0; i < plan->hosts_len; i++) {
        plan->hosts[i].from = "26100.1742";
        plan->hosts[i].to = "26100.1876";
        plan->hosts[i].restart = i == 2 ? HF_RESTART_YES : HF_RESTART_NO;
        plan->hosts[i].undo_restart = HF_RESTART_YES;
        plan->hosts[i].minutes = (uint16_t)i;
    }
    plan->playbook.undo.when = HF_UNDO_HALTED;
    plan->price.cves = cves;
    plan->price.exploited = 1;
    show(&out, plan, &narrow);
    show(&out, plan, &ascii);
    show(&out, plan, &wide);
    hf_plan_free(plan);
    compare("plan", &out);
}

static void
taking_back_says_whose_work_and_what_opens_again(void **state)
{
    struct hf_plan *plan = make_plan();
    struct hf_buf out = {0};

    (void)state;
    plan->playbook.kind = HF_PLAYBOOK_ROLLBACK;
    plan->origin = (struct hf_plan_origin){.how = HF_PLAN_UNDO,
                                           .run = "20261123T011320Z-aaaaaa"};
    plan->price = (struct hf_plan_price){cves, 2, notes};
    show(&out, plan, &narrow);
    hf_plan_free(plan);
    compare("plan_undo", &out);
}

static void
a_plan_without_hosts_is_a_plan(void **state)
{
    struct hf_plan *plan = make_plan();
    struct hf_doc doc = {0};

    (void)state;
    plan->hosts_len = 0;
    plan->rings[0].len = plan->rings[1].len = 0;
    hf_plan_summary(&doc, plan, &narrow);
    hf_plan_rows(&doc, plan, &narrow);
    assert_non_null(strstr(hf_buf_str(&doc.v[0].line.text), "restarts  none"));
    assert_non_null(strstr(hf_buf_str(&doc.v[1].line.text), "0 hosts"));
    hf_doc_release(&doc);
    hf_plan_free(plan);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_plan_leads_with_restarts_and_says_who_is_left_out_and_why),
        cmocka_unit_test(taking_back_says_whose_work_and_what_opens_again),
        cmocka_unit_test(a_plan_without_hosts_is_a_plan),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
