/* The quarterly review: restarts that no run made, and what runs left. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "inventory/ledger.h"
#include "playbooks/review.h"
#include "tests/unit/playbooks/bed.h"

#define HOUR_MS (INT64_C(3600) * 1000)

/* NULL: which boot it is could not be read. */
static cJSON *
facts_json(const char *boot, int64_t at)
{
    struct hf_facts facts = {0};
    cJSON *doc;

    if (boot)
        hf_facts_set(&facts, "boot.id", boot, NULL, at);
    doc = hf_facts_to_json(&facts);
    hf_facts_release(&facts);
    return doc;
}

static void
tell(const struct bed *b, const char *host, const char *boot, int64_t at)
{
    cJSON *doc = cJSON_CreateObject();
    char *path = hf_ledger_facts_path(host);

    cJSON_AddItemToObject(doc, "facts", facts_json(boot, at));
    bed_ledger_write(b, path, doc);
    free(path);
}

/* A run that ended then. */
static cJSON *
run_json(const char *action, const char *outcome, const char *before,
         const char *after, int64_t at)
{
    cJSON *doc = cJSON_CreateObject();

    hf_json_add_str(doc, "action", action);
    hf_json_add_str(doc, "outcome", outcome);
    hf_json_add_str(doc, "why", "as it ended");
    hf_json_add_time(doc, "ended", at);
    cJSON_AddItemToObject(doc, "before", facts_json(before, at));
    cJSON_AddItemToObject(doc, "after", facts_json(after, at));
    return doc;
}

static void
end_run(const struct bed *b, const char *host, cJSON *doc)
{
    static unsigned number;
    char run[40], *path;

    (void)snprintf(run, sizeof(run), "20261101T000000Z-%06x", ++number);
    hf_json_add_str(doc, "run", run);
    path = hf_ledger_evidence_path(host, run);
    bed_ledger_write(b, path, doc);
    free(path);
}

/* The i-th host's name; valid until the next call. */
static const char *
name_of(struct bed *b, size_t i)
{
    static char name[256];

    bed_open(b);
    (void)snprintf(name, sizeof(name), "%s",
                   hf_session_fleet(b->s)->hosts[i].name);
    bed_close(b);
    return name;
}

/* Of one host, over five days. */
static void
make(struct hf_review *out, struct bed *b, size_t host)
{
    const struct hf_state *all, *one[1];
    size_t len;

    bed_open(b);
    all = hf_session_states(b->s, &len);
    one[0] = &all[host];
    if (hf_review_make(out, b->s, one, 1, 5, hf_now(), &b->err) < 0)
        fail_msg("%s", b->err.text);
}

static void
done(struct hf_review *q, struct bed *b)
{
    hf_review_release(q);
    bed_close(b);
}

static void
a_restart_that_no_run_made_is_noted_when_it_was_seen(void **state)
{
    struct bed *b = *state;
    const char *host = name_of(b, 0);
    int64_t at = hf_now() - 10 * HOUR_MS;
    struct hf_review q;

    tell(b, host, "boot-1000", at);
    tell(b, host, "boot-1001", at + HOUR_MS); /* the clock was set */
    tell(b, host, "boot-9000", at + 2 * HOUR_MS);
    make(&q, b, 0);
    assert_int_equal(q.noted[HF_NOTED_RESTART], 1);
    assert_int_equal(q.notes_len, 1);
    assert_int_equal(q.notes[0].at, at + 2 * HOUR_MS);
    assert_string_equal(q.notes[0].run, "");
    done(&q, b);
    make(&q, b, 1); /* others did not restart */
    assert_int_equal(q.notes_len, 0);
    done(&q, b);
}

static void
one_from_before_the_time_is_not_noted(void **state)
{
    struct bed *b = *state;
    const char *host = name_of(b, 2);
    int64_t at = hf_now() - 20 * HF_DAY_MS;
    struct hf_review q;

    tell(b, host, "boot-1000", at);
    tell(b, host, "boot-9000", at + HOUR_MS);
    make(&q, b, 2);
    assert_int_equal(q.notes_len, 0);
    done(&q, b);
}

/* Facts are read before the run ends, so their moment comes first. */
static void
runs_lead_from_one_boot_to_another(void **state)
{
    struct bed *b = *state;
    const char *host = name_of(b, 3);
    int64_t at = hf_now() - 10 * HOUR_MS;
    struct hf_review q;

    tell(b, host, "boot-1000", at);
    end_run(
        b, host,
        run_json("reboot", "verified", "boot-1000", "boot-5000", at + HOUR_MS));
    tell(b, host, "boot-9000", at + 2 * HOUR_MS - 1);
    end_run(b, host,
            run_json("rollback", "verified", "boot-5000", "boot-9000",
                     at + 2 * HOUR_MS));
    make(&q, b, 3);
    assert_int_equal(q.noted[HF_NOTED_RESTART], 0);
    assert_int_equal(q.noted[HF_NOTED_ROLLBACK], 1);
    assert_int_equal(q.savings.all.restarts, 2);
    done(&q, b);
}

static void
a_run_that_lost_the_host_is_not_told_from_a_restart_of_its_own(void **state)
{
    struct bed *b = *state;
    const char *host = name_of(b, 4);
    int64_t at = hf_now() - 10 * HOUR_MS;
    struct hf_review q;

    tell(b, host, "boot-1000", at);
    end_run(b, host,
            run_json("apply", "unverified", "boot-1000", NULL, at + HOUR_MS));
    tell(b, host, "boot-5000", at + 2 * HOUR_MS);
    make(&q, b, 4);
    assert_int_equal(q.noted[HF_NOTED_RESTART], 0);
    assert_int_equal(q.noted[HF_NOTED_UNVERIFIED], 1);
    done(&q, b);

    tell(b, host, "boot-9000", at + 3 * HOUR_MS); /* but this one is */
    make(&q, b, 4);
    assert_int_equal(q.noted[HF_NOTED_RESTART], 1);
    done(&q, b);
}

static void
a_run_may_be_several_things_at_once(void **state)
{
    struct bed *b = *state;
    const char *host = name_of(b, 5);
    cJSON *doc = run_json("apply", "failed", "boot-1000", "boot-1000",
                          hf_now() - HOUR_MS);
    struct hf_review q;

    hf_json_add_str(doc, "broken_glass", "hold: it is held");
    end_run(b, host, doc);
    make(&q, b, 5);
    assert_int_equal(q.notes_len, 2);
    assert_int_equal(q.noted[HF_NOTED_FAILED], 1);
    assert_int_equal(q.noted[HF_NOTED_GLASS], 1);
    assert_int_equal(q.notes[0].kind, HF_NOTED_FAILED);
    assert_string_equal(q.notes[0].why, "as it ended");
    assert_string_equal(q.notes[1].why, "hold: it is held");
    done(&q, b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_restart_that_no_run_made_is_noted_when_it_was_seen),
        cmocka_unit_test(one_from_before_the_time_is_not_noted),
        cmocka_unit_test(runs_lead_from_one_boot_to_another),
        cmocka_unit_test(
            a_run_that_lost_the_host_is_not_told_from_a_restart_of_its_own),
        cmocka_unit_test(a_run_may_be_several_things_at_once),
    };

    return cmocka_run_group_tests_name("review", tests, bed_set_up,
                                       bed_tear_down);
}
