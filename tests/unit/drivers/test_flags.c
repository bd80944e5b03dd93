/* Flags that follow from what the last run left, and from what is there now. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "backend/drivers/driver.h"

#define NOW INT64_C(1795400000000)
#define DAY ((int64_t)24 * 60 * 60 * 1000)

static const struct hf_product products[] = {{.id = "ws2025", .title = "x"}};
static const struct hf_catalogue catalogue = {.products = products,
                                              .products_len = 1};
static const struct hf_fleet fleet = {.catalogue = &catalogue};

struct bench {
    const char *outcome, *level, *boot; /* of the last run; level NULL: none */
    const char *ubr, *boot_now;
    int64_t booted;
    const char *job;
};

static unsigned
flags_of(const struct bench *b)
{
    static const struct hf_host host = {.name = "w", .platform = "windows"};
    struct hf_record *r;
    struct hf_state st;
    unsigned flags;
    char at[32];

    hf_state_init(&st, &host);
    r = hf_state_change(&st);
    snprintf(at, sizeof(at), "%lld", (long long)(b->booted / 1000));
    hf_facts_set(&r->facts, "os.build", "26100", NULL, NOW);
    hf_facts_set(&r->facts, "os.type", "3", NULL, NOW);
    hf_facts_set(&r->facts, "os.ubr", b->ubr, NULL, NOW);
    hf_facts_set(&r->facts, "boot.id", b->boot_now, NULL, NOW);
    hf_facts_set(&r->facts, "boot.time", at, NULL, NOW);
    if (b->job)
        hf_facts_set(&r->facts, "job.state", b->job, NULL, NOW);
    if (b->level) {
        snprintf(r->recent.run, sizeof(r->recent.run), "r");
        snprintf(r->recent.outcome, sizeof(r->recent.outcome), "%s",
                 b->outcome);
        snprintf(r->recent.level, sizeof(r->recent.level), "%s", b->level);
        snprintf(r->recent.boot_id, sizeof(r->recent.boot_id), "%s", b->boot);
    }
    hf_judge(&st, &fleet, NOW);
    flags = st.status.flags;
    hf_state_release(&st);
    return flags;
}

static void
expect(const struct bench *b, enum hf_flag flag, int wanted)
{
    assert_int_equal((flags_of(b) & flag) != 0, wanted);
}

static void
a_level_that_no_run_left_came_from_elsewhere(void **state)
{
    struct bench b = {.outcome = "verified",
                      .level = "26100.7092 (KB5068966, hotpatch 2025-11)",
                      .boot = "a",
                      .ubr = "7092",
                      .boot_now = "a",
                      .booted = NOW - DAY};

    (void)state;
    expect(&b, HF_FLAG_PATCHED_ELSEWHERE, 0);
    b.level = "26100.7092"; /* the catalogue has learned of it since */
    expect(&b, HF_FLAG_PATCHED_ELSEWHERE, 0);
    b.ubr = "709";
    expect(&b, HF_FLAG_PATCHED_ELSEWHERE, 1);
    b.ubr = "7392";
    expect(&b, HF_FLAG_PATCHED_ELSEWHERE, 1);
    b.outcome = "unverified"; /* nobody knows what that run left */
    expect(&b, HF_FLAG_PATCHED_ELSEWHERE, 0);
    b.level = NULL; /* never seen before */
    expect(&b, HF_FLAG_PATCHED_ELSEWHERE, 0);
}

static void
another_boot_id_than_a_run_left_is_news_for_a_month(void **state)
{
    struct bench b = {.outcome = "verified",
                      .level = "26100.7092",
                      .boot = "a",
                      .ubr = "7092",
                      .boot_now = "a",
                      .booted = NOW - DAY};

    (void)state;
    expect(&b, HF_FLAG_RESTARTED, 0);
    b.boot_now = "b";
    expect(&b, HF_FLAG_RESTARTED, 1);
    b.booted = NOW - 31 * DAY;
    expect(&b, HF_FLAG_RESTARTED, 0);
    b.booted = NOW - DAY;
    b.level = NULL;
    expect(&b, HF_FLAG_RESTARTED, 0);
}

static void
a_job_that_is_not_put_away_is_told(void **state)
{
    struct bench b = {.ubr = "7092", .boot_now = "a", .booted = NOW};

    (void)state;
    expect(&b, HF_FLAG_JOB_RUNNING, 0);
    b.job = "none";
    expect(&b, HF_FLAG_JOB_RUNNING, 0);
    b.job = "running";
    expect(&b, HF_FLAG_JOB_RUNNING, 1);
}

/* ---- hosts whose clock is off ---- */

/* Scheduled for two hours from now by the host's own clock. */
static int64_t
scheduled_by(int64_t ahead)
{
    static const struct hf_host host = {.name = "w", .platform = "livepatch"};
    struct hf_state st;
    struct hf_record *r;
    char text[32];
    int64_t at;

    hf_state_init(&st, &host);
    r = hf_state_change(&st);
    snprintf(text, sizeof(text), "%lld", (long long)(NOW + ahead) / 1000);
    hf_facts_set(&r->facts, "clock", text, NULL, NOW);
    snprintf(text, sizeof(text), "%lld",
             (long long)(NOW + ahead + DAY / 12) / 1000);
    hf_facts_set(&r->facts, "restart.scheduled", text, NULL, NOW);
    hf_judge(&st, &fleet, NOW);
    assert_int_equal(st.status.reboot, HF_REBOOT_SCHEDULED);
    at = st.status.reboot_at;
    hf_state_release(&st);
    return at;
}

static void
a_scheduled_restart_is_told_by_our_clock(void **state)
{
    (void)state;
    assert_int_equal(scheduled_by(0), NOW + DAY / 12);
    assert_int_equal(scheduled_by(DAY / 4), NOW + DAY / 12);
    assert_int_equal(scheduled_by(-30 * DAY), NOW + DAY / 12);
    /* Seconds are the time that the answer took. */
    assert_int_equal(scheduled_by(20000), NOW + 20000 + DAY / 12);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scheduled_restart_is_told_by_our_clock),
        cmocka_unit_test(a_level_that_no_run_left_came_from_elsewhere),
        cmocka_unit_test(another_boot_id_than_a_run_left_is_news_for_a_month),
        cmocka_unit_test(a_job_that_is_not_put_away_is_told),
    };

    return cmocka_run_group_tests_name("flags", tests, NULL, NULL);
}
