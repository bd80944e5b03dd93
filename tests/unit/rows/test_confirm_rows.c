/* What a person reads before hosts are changed, and the same as a command. */
#include "tests/unit/rows/golden.h"

#include "tui/rows/confirm.h"

struct bench {
    struct hf_state states[HOSTS];
    struct hf_forecasts f;
};

static void
add_forecast(struct bench *b, size_t host, enum hf_outcome skip,
             enum hf_restart restart)
{
    struct hf_forecast *f = HF_PUSH(&b->f.v, &b->f.len, &b->f.cap);
    struct hf_order *o = &f->order;

    f->state = &b->states[host];
    f->skip = skip;
    if (skip != HF_OUTCOME_COUNT) {
        snprintf(f->why, sizeof(f->why), "held: year end");
        return;
    }
    b->f.to_do++;
    b->f.restarts += restart == HF_RESTART_YES;
    snprintf(o->level_from, HF_WHY_LEN, "6.1.0-56-amd64 + hotfleet_fix_1");
    snprintf(o->level_to, HF_WHY_LEN, "6.1.0-56-amd64 + hotfleet_fix_2");
    o->price = (struct hf_price){.possible = 1, .restart = restart};
    hf_strs_add(&o->price.cves, "CVE-2026-0001");
    hf_strs_add(&o->price.cves, "CVE-2026-0002");
    o->undo = (struct hf_price){
        .possible = host != 1, .restart = HF_RESTART_NO, .minutes = 2};
}

static int
setup(void **state)
{
    struct bench *b = HF_NEW(struct bench);

    fill_states(b->states);
    add_forecast(b, 0, HF_OUTCOME_COUNT, HF_RESTART_NO);
    add_forecast(b, 1, HF_OUTCOME_COUNT, HF_RESTART_YES);
    add_forecast(b, 2, HF_OUTCOME_SKIPPED, HF_RESTART_NO);
    *state = b;
    return 0;
}

static int
teardown(void **state)
{
    struct bench *b = *state;

    hf_forecasts_release(&b->f);
    free(b);
    return 0;
}

static void
add_form(struct hf_buf *out, struct bench *b, enum hf_action action,
         const struct hf_look *look)
{
    struct hf_doc doc = {0};
    struct hf_line line = {0};

    hf_confirm_summary(&doc, &b->f, action, look);
    add_doc(out, &doc);
    for (size_t i = 0; i < b->f.len; i++) {
        hf_confirm_host(&line, &b->f.v[i], look);
        add_line(out, &line);
    }
    hf_line_release(&line);
    hf_doc_release(&doc);
}

static void
restarts_come_first_then_price_and_way_back(void **state)
{
    struct bench *b = *state;
    struct hf_buf out = {0};

    add_form(&out, b, HF_ACTION_APPLY, &narrow);
    add_form(&out, b, HF_ACTION_APPLY, &wide);
    add_form(&out, b, HF_ACTION_ROLLBACK, &ascii);
    compare("confirm", &out);
}

/* On a narrow screen the builds stay, what explains them goes: first of where
 * the host comes from. */
static void
windows_levels_lose_what_explains_them_first(void **state)
{
    struct bench *b = *state;
    struct hf_forecast *f = &b->f.v[0];
    struct hf_look look = {.utc = 1, .now = NOW};
    struct hf_line line = {0};
    struct hf_buf out = {0};

    snprintf(f->order.level_from, HF_WHY_LEN,
             "26100.34360 (KB91100010, baseline 2026-10)");
    snprintf(f->order.level_to, HF_WHY_LEN,
             "26100.34500 (KB91000011, hotpatch 2026-11)");
    for (look.cols = 70; look.cols < 170; look.cols += 40) {
        hf_confirm_host(&line, f, &look);
        add_line(&out, &line);
    }
    hf_line_release(&line);
    compare("confirm_windows", &out);
}

static void
what_is_not_known_is_not_none(void **state)
{
    struct bench *b = *state;
    struct hf_doc doc = {0};

    b->f.restarts = 0;
    b->f.v[1].order.price.restart = HF_RESTART_UNKNOWN;
    hf_confirm_summary(&doc, &b->f, HF_ACTION_APPLY, &narrow);
    assert_string_equal(hf_buf_str(&doc.v[0].line.text),
                        "  restarts  not known for 1 host");
    hf_doc_release(&doc);
}

static void
expect_command(const struct hf_ask *ask, const struct hf_forecasts *f,
               const char *wanted)
{
    struct hf_buf out = {0};

    hf_confirm_command(&out, ask, f);
    assert_string_equal(hf_buf_str(&out), wanted);
    hf_buf_release(&out);
}

static void
the_command_survives_a_shell(void **state)
{
    static const char *const names[] = {"app-2", "app-10"};
    struct bench *b = *state;
    struct hf_ask ask = {.action = HF_ACTION_APPLY,
                         .hosts = names,
                         .hosts_len = 2,
                         .change = "CHG 1; rm -rf /",
                         .reason = "it's late",
                         .go_on = 1};

    expect_command(&ask, &b->f,
                   "hotfleet apply 'name:app-2 or name:app-10' --change 'CHG "
                   "1; rm -rf /' --reason 'it'\\''s late' --continue "
                   "--expect-hosts 2");
    ask = (struct hf_ask){.action = HF_ACTION_ROLLBACK,
                          .selector = "ring:canary & !held & age:>2d"};
    expect_command(&ask, &b->f,
                   "hotfleet rollback 'ring:canary and not held and older:2d' "
                   "--expect-hosts 2");
}

static int
summary_has(const struct bench *b, const char *wanted)
{
    const struct hf_look look = {.cols = 80, .now = NOW};
    struct hf_doc doc = {0};
    struct hf_buf text = {0};
    int has;

    hf_confirm_summary(&doc, &b->f, HF_ACTION_REBOOT, &look);
    add_doc(&text, &doc);
    has = strstr(hf_buf_str(&text), wanted) != NULL;
    hf_buf_release(&text);
    hf_doc_release(&doc);
    return has;
}

static void
why_hosts_are_left_out_is_told_where_there_is_room(void **state)
{
    struct bench *b = *state;

    assert_true(summary_has(b, "left out  1: held: year end"));
    for (size_t i = 3; i < 5; i++) {
        add_forecast(b, 2, HF_OUTCOME_SKIPPED, HF_RESTART_NO);
        (void)snprintf(b->f.v[i].why, sizeof(b->f.v[i].why), "reason %zu", i);
    }
    assert_false(summary_has(b, "held: year end")); /* the list has them */
    b->f.to_do = 0;
    assert_true(summary_has(b, "left out  1: held: year end"));
    assert_true(summary_has(b, "1: reason 3"));
    assert_true(summary_has(b, "1 for other reasons"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            restarts_come_first_then_price_and_way_back, setup, teardown),
        cmocka_unit_test_setup_teardown(
            windows_levels_lose_what_explains_them_first, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_not_known_is_not_none, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(the_command_survives_a_shell, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(
            why_hosts_are_left_out_is_told_where_there_is_room, setup,
            teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
