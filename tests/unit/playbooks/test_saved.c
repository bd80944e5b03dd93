/* What evidence saves: months add up, whatever is taken back later. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "inventory/ledger.h"
#include "playbooks/savings.h"
#include "tests/unit/playbooks/bed.h"

#define DAYS 300
#define RUNS 40

/* A run on a host: what is not stated is that of a proven hotpatch. */
struct act {
    const char *action, *outcome, *from, *to, *price, *boot;
    int day; /* since the first of the DAYS */
};

static cJSON *
boot_json(const char *boot, int64_t at)
{
    struct hf_facts facts = {0};
    cJSON *doc;

    hf_facts_set(&facts, "boot.id", boot, NULL, at);
    doc = hf_facts_to_json(&facts);
    hf_facts_release(&facts);
    return doc;
}

static int64_t
first_day(void)
{
    return hf_now() - DAYS * HF_DAY_MS;
}

static void
tell(const struct bed *b, const char *host, const struct act *a)
{
    static unsigned number;
    int64_t at = first_day() + a->day * HF_DAY_MS;
    cJSON *doc = cJSON_CreateObject();
    char run[40], *path;

    (void)snprintf(run, sizeof(run), "20261101T000000Z-%06x", ++number);
    hf_json_add_str(doc, "run", run);
    hf_json_add_str(doc, "action", a->action ? a->action : "apply");
    hf_json_add_str(doc, "outcome", a->outcome ? a->outcome : "verified");
    hf_json_add_str(doc, "from", a->from);
    hf_json_add_str(doc, "to", a->to);
    hf_json_add_time(doc, "ended", at);
    hf_json_add_str(hf_json_add_obj(doc, "price"), "restart",
                    a->price ? a->price : "no");
    cJSON_AddItemToObject(doc, "before", boot_json("boot-1", at));
    cJSON_AddItemToObject(doc, "after",
                          boot_json(a->boot ? a->boot : "boot-1", at));
    path = hf_ledger_evidence_path(host, run);
    bed_ledger_write(b, path, doc);
    free(path);
}

static void
count(struct hf_savings *out, struct bed *b, const char *host, int from)
{
    const struct hf_state *one;

    bed_open(b);
    one = bed_state(b, host);
    if (hf_savings_make(out, b->s, &one, 1, first_day() + from * HF_DAY_MS,
                        hf_now(), &b->err) < 0)
        fail_msg("%s", b->err.text);
    bed_close(b);
}

/* The n-th host's name, for each test one of its own. */
static const char *
name_of(struct bed *b, size_t n)
{
    static char name[256];

    bed_open(b);
    (void)snprintf(name, sizeof(name), "%s",
                   hf_session_fleet(b->s)->hosts[n].name);
    bed_close(b);
    return name;
}

static const struct hf_saved *
month(const struct hf_savings *s, int day)
{
    char at[HF_TIME_LEN];

    hf_time_format(at, first_day() + day * HF_DAY_MS);
    for (size_t i = 0; i < s->months_len; i++) {
        if (strncmp(s->months[i].month, at, 7) == 0)
            return &s->months[i].saved;
    }
    fail_msg("no month of day %d", day);
    return NULL;
}

static void
assert_adds_up(const struct hf_savings *s)
{
    struct hf_saved sum = {0};
    size_t avoided = 0;

    for (size_t i = 0; i < s->months_len; i++) {
        const struct hf_saved *m = &s->months[i].saved;

        assert_true(m->taken_back <= m->hotpatches);
        avoided += hf_saved_avoided(m);
        sum.hotpatches += m->hotpatches;
        sum.unproven += m->unproven;
        sum.taken_back += m->taken_back;
        sum.fallbacks += m->fallbacks;
        sum.restarts += m->restarts;
        sum.rollbacks += m->rollbacks;
    }
    assert_int_equal(avoided, hf_saved_avoided(&s->all));
    assert_memory_equal(&sum, &s->all, sizeof(sum));
}

static void
what_is_taken_back_later_is_taken_off_where_it_was_counted(void **state)
{
    static const struct act acts[] = {
        {.from = "A", .to = "B", .day = 10},
        {.from = "B", .to = "C", .day = 50},
        {.action = "rollback", .from = "C", .to = "B", .day = 100},
    };
    struct bed *b = *state;
    const char *host = name_of(b, 0);
    struct hf_savings s;

    for (size_t i = 0; i < HF_COUNT(acts); i++)
        tell(b, host, &acts[i]);
    count(&s, b, host, 0);
    assert_int_equal(hf_saved_avoided(&s.all), 1);
    assert_int_equal(hf_saved_avoided(month(&s, 10)), 1);
    assert_int_equal(hf_saved_avoided(month(&s, 50)), 0);
    assert_int_equal(month(&s, 50)->taken_back, 1);
    assert_int_equal(month(&s, 100)->taken_back, 0);
    assert_int_equal(month(&s, 100)->rollbacks, 1);
    assert_adds_up(&s);
    hf_savings_release(&s);

    count(&s, b, host, 80); /* it was not counted in that time */
    assert_int_equal(s.all.taken_back, 0);
    assert_int_equal(s.all.rollbacks, 1);
    hf_savings_release(&s);
}

/* What was never counted cannot be taken off in the place of what was. */
static void
taking_back_what_failed_leaves_the_earlier_one_counted(void **state)
{
    static const struct act acts[] = {
        {.from = "A", .to = "B", .day = 10},
        {.outcome = "failed", .from = "B", .to = "C", .day = 50},
        {.action = "rollback", .from = "C", .to = "B", .day = 51},
        {.from = "B", .to = "D", .price = "yes", .boot = "boot-9", .day = 60},
        {.action = "rollback", .from = "D", .to = "B", .day = 61},
    };
    struct bed *b = *state;
    const char *host = name_of(b, 1);
    struct hf_savings s;

    for (size_t i = 0; i < HF_COUNT(acts); i++)
        tell(b, host, &acts[i]);
    count(&s, b, host, 0);
    assert_int_equal(s.all.hotpatches, 1);
    assert_int_equal(s.all.taken_back, 0);
    assert_int_equal(s.all.rollbacks, 2);
    assert_int_equal(hf_saved_avoided(&s.all), 1);
    assert_adds_up(&s);
    hf_savings_release(&s);
}

static unsigned
roll(unsigned sides)
{
    static unsigned seed = 20261123;

    seed = seed * 1103515245u + 12345u;
    return (seed >> 16) % sides;
}

static void
whatever_happens_months_add_up(void **state)
{
    static const char *const actions[] = {"apply", "apply", "rollback",
                                          "reboot"};
    static const char *const outcomes[] = {"verified", "verified", "verified",
                                           "unverified", "failed"};
    static const char *const levels[] = {"A", "B", "C", "D"};
    static const char *const prices[] = {"no", "unknown", "yes"};
    static const char *const boots[] = {"boot-1", "boot-1", "boot-7", ""};
    struct bed *b = *state;
    const char *host = name_of(b, 2);
    struct hf_savings s;

    for (int i = 0; i < RUNS; i++) {
        const struct act a = {.action = actions[roll(4)],
                              .outcome = outcomes[roll(5)],
                              .from = levels[roll(4)],
                              .to = levels[roll(4)],
                              .price = prices[roll(3)],
                              .boot = boots[roll(4)],
                              .day = i * DAYS / RUNS};

        tell(b, host, &a);
    }
    for (int from = 0; from < DAYS; from += 37) {
        count(&s, b, host, from);
        assert_adds_up(&s);
        hf_savings_release(&s);
    }
    count(&s, b, host, 0);
    assert_true(s.all.taken_back > 0 && s.all.hotpatches > s.all.taken_back);
    hf_savings_release(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            what_is_taken_back_later_is_taken_off_where_it_was_counted),
        cmocka_unit_test(
            taking_back_what_failed_leaves_the_earlier_one_counted),
        cmocka_unit_test(whatever_happens_months_add_up),
    };

    return cmocka_run_group_tests_name("saved", tests, bed_set_up,
                                       bed_tear_down);
}
