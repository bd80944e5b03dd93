/* Who is excused, and until when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "backend/base/time.h"
#include "backend/model/exception.h"

#define DAY (24 * (int64_t)3600 * 1000)
#define NOW (1800000000 * (int64_t)1000)

static const char *const no_tags[] = {NULL};
static const char *const db_only[] = {"DB-01", "gone", NULL};
static const char *const broad[] = {"broad", NULL};

struct bench {
    struct hf_fleet *fleet;
    struct hf_host hosts[3];
    struct hf_exception exceptions[2];
};

static void
start(struct bench *b)
{
    static const char *const names[] = {"db-01", "web-01", "web-02"};

    memset(b, 0, sizeof(*b));
    for (size_t i = 0; i < 3; i++)
        b->hosts[i] = (struct hf_host){
            .name = names[i], .ring = i ? "broad" : "canary", .tags = no_tags};
    b->exceptions[0] = (struct hf_exception){.id = "short",
                                             .owner = "ann",
                                             .ticket = "CHG-1",
                                             .reason = "year end",
                                             .scope = {.hosts = db_only},
                                             .until = NOW + DAY};
    b->exceptions[1] = b->exceptions[0];
    b->exceptions[1].id = "long";
    b->exceptions[1].until = NOW + 30 * DAY;
    b->fleet = HF_NEW(struct hf_fleet);
    b->fleet->arena = hf_arena_new();
    b->fleet->hosts = b->hosts;
    b->fleet->hosts_len = 3;
    b->fleet->exceptions = b->exceptions;
    b->fleet->exceptions_len = 2;
    hf_exceptions_bind(b->fleet);
}

static void
stop(struct bench *b)
{
    hf_fleet_free(b->fleet);
}

static const char *
excuse_of(const struct bench *b, size_t host, int64_t now)
{
    const struct hf_exception *e =
        hf_exception_of(b->fleet, &b->hosts[host], now);

    return e ? e->id : "none";
}

static void
only_the_hosts_it_names_are_excused(void **state)
{
    struct bench b;

    (void)state;
    start(&b);
    assert_string_equal(excuse_of(&b, 0, NOW), "long");
    assert_string_equal(excuse_of(&b, 1, NOW), "none");
    b.exceptions[1].scope =
        (struct hf_scope){.rings = broad, .select = "name:web-0*"};
    hf_exceptions_bind(b.fleet);
    assert_string_equal(excuse_of(&b, 0, NOW), "short");
    assert_string_equal(excuse_of(&b, 1, NOW), "long");
    assert_string_equal(excuse_of(&b, 2, NOW), "long");
    stop(&b);
}

static void
it_ends_by_itself(void **state)
{
    struct bench b;

    (void)state;
    start(&b);
    assert_string_equal(excuse_of(&b, 0, NOW + 30 * DAY), "long");
    assert_string_equal(excuse_of(&b, 0, NOW + 30 * DAY + 1), "none");
    assert_false(hf_exception_is_over(&b.exceptions[0], NOW + DAY));
    assert_true(hf_exception_is_over(&b.exceptions[0], NOW + DAY + 1));
    stop(&b);
}

static void
its_end_is_told_a_week_before(void **state)
{
    struct bench b;
    const struct hf_exception *e = &b.exceptions[1];

    (void)state;
    start(&b);
    assert_false(hf_exception_ends_soon(e, e->until - HF_EXCEPTION_WARNING));
    assert_true(hf_exception_ends_soon(e, e->until - HF_EXCEPTION_WARNING + 1));
    assert_true(hf_exception_ends_soon(e, e->until));
    assert_false(hf_exception_ends_soon(e, e->until + 1));
    stop(&b);
}

static void
a_sentence_names_day_ticket_owner_and_reason(void **state)
{
    struct bench b;
    char why[HF_WHY_LEN];

    (void)state;
    start(&b);
    assert_int_equal(hf_time_parse(&b.exceptions[0].until, "2026-12-31"), 0);
    hf_exception_say(why, &b.exceptions[0]);
    assert_string_equal(why,
                        "excepted until 2026-12-31 (CHG-1, ann): year end");
    stop(&b);
}

static void
is_found_by_its_id_without_regard_to_case(void **state)
{
    struct bench b;

    (void)state;
    start(&b);
    assert_ptr_equal(hf_exception_find(b.fleet, "LONG"), &b.exceptions[1]);
    assert_null(hf_exception_find(b.fleet, "longer"));
    stop(&b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_hosts_it_names_are_excused),
        cmocka_unit_test(it_ends_by_itself),
        cmocka_unit_test(its_end_is_told_a_week_before),
        cmocka_unit_test(a_sentence_names_day_ticket_owner_and_reason),
        cmocka_unit_test(is_found_by_its_id_without_regard_to_case),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
