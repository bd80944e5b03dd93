/* The restart budget: its bounds, its leases, and the record that is kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "backend/base/mem.h"
#include "backend/model/restarts.h"

#define MINUTE ((int64_t)60 * 1000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define T0 ((int64_t)1795420800000) /* 2026-11-23T08:00:00Z */

static int
ask(struct hf_restarts *r, struct hf_restart_rule rule, const char *host,
    int64_t now, char why[HF_WHY_LEN])
{
    char run[] = "20261123T080000Z-4f9a1c", who[] = "Ann";
    char *name = hf_xstrdup(host);
    struct hf_restart_claim claim = {.run = run,
                                     .host = name,
                                     .operator_ = who,
                                     .at_once = 1,
                                     .restarts = 1,
                                     .at = now,
                                     .until = now + 3 * HOUR};
    int64_t until;
    int got = hf_restarts_claim(r, &rule, &claim, now, &until, why);

    free(name);
    return got;
}

static void
allows_n_at_once_and_not_one_more(void **state)
{
    const struct hf_restart_rule rule = {.at_once = 2};
    struct hf_restarts r = {0};
    char why[HF_WHY_LEN];

    (void)state;
    assert_true(ask(&r, rule, "web-01", T0, why));
    assert_true(ask(&r, rule, "web-02", T0, why));
    assert_false(ask(&r, rule, "web-03", T0, why));
    assert_non_null(strstr(why, "2 of 2 at once"));
    assert_non_null(strstr(why, "web-01"));
    assert_true(
        hf_restarts_give_back(&r, "20261123T080000Z-4f9a1c", "web-01", 0));
    assert_true(ask(&r, rule, "web-03", T0, why));
    hf_restarts_release(&r);
}

static void
a_claim_that_is_there_costs_nothing_more(void **state)
{
    const struct hf_restart_rule rule = {.at_once = 1, .per_day = 1};
    struct hf_restarts r = {0};
    char why[HF_WHY_LEN];
    int down, day;

    (void)state;
    assert_true(ask(&r, rule, "web-01", T0, why));
    assert_true(ask(&r, rule, "web-01", T0 + MINUTE, why));
    hf_restarts_count(&r, T0 + MINUTE, &down, &day);
    assert_int_equal(down, 1);
    assert_int_equal(day, 1);
    hf_restarts_release(&r);
}

static void
a_lease_of_a_dead_process_ends_by_itself(void **state)
{
    const struct hf_restart_rule rule = {.at_once = 1};
    struct hf_restarts r = {0};
    char why[HF_WHY_LEN];

    (void)state;
    assert_true(ask(&r, rule, "web-01", T0, why));
    assert_false(ask(&r, rule, "web-02", T0 + 3 * HOUR - 1, why));
    assert_true(ask(&r, rule, "web-02", T0 + 3 * HOUR, why));
    hf_restarts_release(&r);
}

static void
the_day_says_when_there_is_more(void **state)
{
    const struct hf_restart_rule rule = {.per_day = 1};
    struct hf_restarts r = {0};
    char why[HF_WHY_LEN];

    (void)state;
    assert_true(ask(&r, rule, "web-01", T0 + MINUTE, why));
    assert_true(
        hf_restarts_give_back(&r, "20261123T080000Z-4f9a1c", "web-01", 0));
    assert_false(ask(&r, rule, "web-02", T0 + HOUR, why));
    assert_non_null(strstr(why, "1 of 1 a day"));
    assert_non_null(strstr(why, "2026-11-24"));
    assert_true(ask(&r, rule, "web-02", T0 + HOUR + DAY, why));
    hf_restarts_release(&r);
}

static void
what_was_not_used_is_given_back_to_the_day(void **state)
{
    const struct hf_restart_rule rule = {.per_day = 1};
    struct hf_restarts r = {0};
    char why[HF_WHY_LEN];

    (void)state;
    assert_true(ask(&r, rule, "web-01", T0, why));
    assert_true(
        hf_restarts_give_back(&r, "20261123T080000Z-4f9a1c", "web-01", 1));
    assert_false(
        hf_restarts_give_back(&r, "20261123T080000Z-4f9a1c", "web-01", 1));
    assert_true(ask(&r, rule, "web-02", T0, why));
    hf_restarts_release(&r);
}

static void
the_record_is_read_as_it_was_written(void **state)
{
    const struct hf_restart_rule rule = {.at_once = 9};
    struct hf_restarts r = {0}, again = {0};
    struct hf_err err = HF_ERR_INIT;
    char why[HF_WHY_LEN], *text, *text2;

    (void)state;
    assert_true(ask(&r, rule, "web-01", T0, why));
    assert_true(ask(&r, rule, "", T0 + HOUR, why));
    text = hf_restarts_format(&r);
    assert_int_equal(hf_restarts_parse(&again, text, strlen(text), &err), 0);
    text2 = hf_restarts_format(&again);
    assert_string_equal(text, text2);
    free(text);
    free(text2);
    hf_restarts_release(&r);
    hf_restarts_release(&again);
}

static void
refuses_a_record_that_it_does_not_understand(void **state)
{
    static const char *const broken[] = {
        "{}",
        "[]",
        "{\"schema\": \"hotfleet.restarts/2\"}",
        "{\"schema\": \"hotfleet.restarts/1\", \"claims\": [{\"run\": \"x\"}]}",
        "{\"schema\": \"hotfleet.restarts/1\", \"hours\": [{\"at\": \"now\", "
        "\"restarts\": 1}]}",
        "{\"schema\": \"hotfleet.restarts/1\", \"hours\": [{\"at\": "
        "\"2026-11-23T08:00:00Z\", \"restarts\": -1}]}",
    };

    (void)state;
    for (size_t i = 0; i < HF_COUNT(broken); i++) {
        struct hf_err err = HF_ERR_INIT;
        struct hf_restarts r;

        assert_int_equal(
            hf_restarts_parse(&r, broken[i], strlen(broken[i]), &err),
            HF_EINVALID);
        assert_int_equal(r.claims_len, 0);
    }
}

/* ---- any order of asking and giving back, against a plain list ---- */

#define ROUNDS 400
#define STEPS 200

static uint32_t seed;

static int
any(int n)
{
    seed = seed * 1664525u + 1013904223u;
    return (int)((seed >> 8) % (uint32_t)n);
}

struct plain {
    int64_t at[STEPS], until[STEPS];
    size_t len;
};

static int
down_at(const struct plain *p, int64_t now)
{
    int n = 0;

    for (size_t i = 0; i < p->len; i++)
        n += p->at[i] <= now && p->until[i] > now;
    return n;
}

static int
in_day_before(const struct plain *p, int64_t now)
{
    int n = 0;

    for (size_t i = 0; i < p->len; i++)
        n += p->at[i] > now - DAY && p->at[i] <= now;
    return n;
}

static void
no_order_of_claims_exceeds_a_bound(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        const struct hf_restart_rule rule = {.at_once = 1 + any(4),
                                             .per_day = 1 + any(12)};
        struct hf_restarts r = {0};
        struct plain all = {.len = 0};
        int64_t now = T0;

        seed = (uint32_t)round * 7919u + 1;
        for (int step = 0; step < STEPS; step++) {
            char host[16], why[HF_WHY_LEN];

            now += any(3) ? MINUTE : any(90) * MINUTE;
            snprintf(host, sizeof(host), "web-%03d", step);
            if (ask(&r, rule, host, now, why)) {
                all.at[all.len] = now;
                all.until[all.len++] = now + 3 * HOUR;
            } else {
                assert_true(why[0] != '\0');
            }
            assert_true(down_at(&all, now) <= rule.at_once);
            assert_true(in_day_before(&all, now) <= rule.per_day);
            for (size_t i = 0; i < r.claims_len && any(2); i++) {
                int n = atoi(r.claims[i].host + 4);

                for (size_t k = 0; k < all.len; k++) {
                    if (all.at[k] == r.claims[i].at && n >= 0)
                        all.until[k] = now;
                }
                assert_true(hf_restarts_give_back(&r, r.claims[i].run,
                                                  r.claims[i].host, 0));
            }
        }
        hf_restarts_release(&r);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(allows_n_at_once_and_not_one_more),
        cmocka_unit_test(a_claim_that_is_there_costs_nothing_more),
        cmocka_unit_test(a_lease_of_a_dead_process_ends_by_itself),
        cmocka_unit_test(the_day_says_when_there_is_more),
        cmocka_unit_test(what_was_not_used_is_given_back_to_the_day),
        cmocka_unit_test(the_record_is_read_as_it_was_written),
        cmocka_unit_test(refuses_a_record_that_it_does_not_understand),
        cmocka_unit_test(no_order_of_claims_exceeds_a_bound),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
