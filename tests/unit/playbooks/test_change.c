/* Sessions that change hosts, and what stays of it: applied, taken back,
 * failed, restarted, proven later; another machine; two at once. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/base/file.h"
#include "backend/base/time.h"
#include "tests/unit/playbooks/bed.h"

static int
check(struct bed *b, const char *host)
{
    struct hf_ask ask = bed_ask(HF_ACTION_CHECK, host, NULL);

    return bed_run(b, &ask);
}

static int
act(struct bed *b, enum hf_action action, const char *host)
{
    struct hf_ask ask = bed_ask(action, host, NULL);

    return bed_run(b, &ask);
}

/* A fleet of which one host, behind by a patch, was asked. */
static const char *
begin(struct bed *b)
{
    const char *host;

    bed_new(b, 1);
    host = bed_well(b, 0);
    bed_open(b);
    assert_int_equal(check(b, host), 0);
    return host;
}

static void
reopen(struct bed *b)
{
    bed_settle(b);
    bed_close(b);
    bed_open(b);
}

static enum hf_patch
patch_of(const struct bed *b, const char *host)
{
    return bed_state(b, host)->status.patch;
}

static size_t
index_of(const struct bed *b, const char *host)
{
    const struct hf_sim_host *hosts;
    size_t n;

    hosts = hf_sim_fleet_hosts(b->sim, &n);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(hosts[i].name, host) == 0)
            return i;
    }
    fail_msg("no host '%s'", host);
    return 0;
}

/* ---- the good way ---- */

static void
applied_taken_back_and_applied_again(void **state)
{
    struct hf_ask ask;
    struct bed b;
    const char *h;

    (void)state;
    h = begin(&b);
    assert_int_equal(patch_of(&b, h), HF_PATCH_BEHIND);
    assert_int_equal(act(&b, HF_ACTION_APPLY, h), 0);
    assert_int_equal(patch_of(&b, h), HF_PATCH_CURRENT);
    reopen(&b);
    assert_int_equal(patch_of(&b, h), HF_PATCH_CURRENT);
    assert_int_equal(act(&b, HF_ACTION_VERIFY, h), 0);
    assert_int_equal(act(&b, HF_ACTION_ROLLBACK, h), 0);
    reopen(&b);
    assert_int_equal(patch_of(&b, h), HF_PATCH_ROLLED_BACK);
    assert_int_equal(act(&b, HF_ACTION_APPLY, h), 2);
    assert_int_equal(bed_outcome(&b, h), HF_OUTCOME_SKIPPED);
    ask = bed_ask(HF_ACTION_APPLY, h, NULL);
    ask.again = 1;
    assert_int_equal(bed_run(&b, &ask), 0);
    assert_int_equal(patch_of(&b, h), HF_PATCH_CURRENT);
    assert_false(bed_state(&b, h)->status.flags & HF_FLAG_PATCHED_ELSEWHERE);
    bed_free(&b);
}

/* A check between a change and its verification must not become "before". */
static void
a_change_keeps_what_was_before_it(void **state)
{
    const struct hf_facts *kept;
    struct bed b;
    const char *h;

    (void)state;
    h = begin(&b);
    assert_int_equal(bed_record(&b, h)->baseline.len, 0);
    assert_int_equal(act(&b, HF_ACTION_APPLY, h), 0);
    reopen(&b);
    assert_int_equal(check(&b, h), 0);
    kept = &bed_record(&b, h)->baseline;
    assert_string_not_equal(hf_facts_get(kept, "patches"),
                            hf_facts_get(&bed_record(&b, h)->facts, "patches"));
    assert_string_equal(hf_facts_get(kept, "boot.id"),
                        hf_facts_get(&bed_record(&b, h)->facts, "boot.id"));
    assert_int_equal(act(&b, HF_ACTION_VERIFY, h), 0);
    hf_sim_reboot(hf_sim_fleet_sim(b.sim), index_of(&b, h));
    assert_int_equal(check(&b, h), 0);
    assert_int_equal(act(&b, HF_ACTION_VERIFY, h), 2);
    bed_free(&b);
}

static void
the_ledger_has_run_evidence_facts_and_end(void **state)
{
    char *path, *facts;
    struct bed b;
    const char *h;
    cJSON *doc;

    (void)state;
    h = begin(&b);
    assert_int_equal(act(&b, HF_ACTION_APPLY, h), 0);
    bed_settle(&b);
    path = hf_ledger_evidence_path(h, hf_session_run_id(b.s));
    doc = bed_ledger_file(&b, path);
    assert_string_equal(hf_json_str(doc, "outcome"), "verified");
    assert_string_equal(hf_json_str(doc, "schema"), "hotfleet.evidence/1");
    cJSON_Delete(doc);
    free(path);
    path = hf_ledger_run_path(hf_session_run_id(b.s), "run.json");
    doc = bed_ledger_file(&b, path);
    assert_string_equal(hf_json_str(doc, "action"), "apply");
    assert_int_equal(cJSON_GetArraySize(hf_json_get(doc, "hosts")), 1);
    cJSON_Delete(doc);
    free(path);
    path = hf_ledger_run_path(hf_session_run_id(b.s), "end.json");
    doc = bed_ledger_file(&b, path);
    assert_int_equal(hf_json_int(doc, "exit", -1), 0);
    assert_int_equal(hf_json_int(hf_json_get(doc, "counts"), "verified", 0), 1);
    cJSON_Delete(doc);
    free(path);
    facts = hf_ledger_facts_path(h);
    doc = bed_ledger_file(&b, facts);
    assert_string_equal(hf_json_str(hf_json_get(doc, "recent"), "outcome"),
                        "verified");
    assert_non_null(hf_json_str(hf_json_get(doc, "identity"), "machine_id"));
    cJSON_Delete(doc);
    free(facts);
    assert_non_null(
        strstr(bed_git(&b, "log -1 --format=%B ledger"), "Change: CHG1"));
    bed_free(&b);
}

/* ---- the less good ways ---- */

static void
a_failure_is_remembered(void **state)
{
    static const enum hf_sim_fault faults[] = {HF_SIM_LOAD_REFUSED, HF_SIM_LIE,
                                               HF_SIM_STUCK};
    struct bed b;

    (void)state;
    bed_new(&b, 0);
    bed_open(&b);
    for (size_t i = 0; i < HF_COUNT(faults); i++) {
        const char *h = bed_host(&b, faults[i]);

        assert_int_equal(check(&b, h), 0);
        assert_int_equal(act(&b, HF_ACTION_APPLY, h), 2);
        assert_int_equal(bed_outcome(&b, h), HF_OUTCOME_FAILED);
        reopen(&b);
        assert_int_equal(patch_of(&b, h), HF_PATCH_FAILED);
        assert_true(bed_state(&b, h)->status.patch_why[0]);
        /* It failed; nobody else patched the host. */
        assert_false(bed_state(&b, h)->status.flags &
                     HF_FLAG_PATCHED_ELSEWHERE);
        /* What failed is not proven by looking once more. */
        assert_int_equal(act(&b, HF_ACTION_VERIFY, h), 2);
    }
    bed_free(&b);
}

static void
a_restart_in_the_middle_is_a_failure_and_the_host_is_behind(void **state)
{
    struct bed b;
    const char *h;

    (void)state;
    bed_new(&b, 0);
    bed_open(&b);
    h = bed_host(&b, HF_SIM_CRASH);
    assert_int_equal(check(&b, h), 0);
    assert_int_equal(act(&b, HF_ACTION_APPLY, h), 2);
    assert_int_equal(bed_outcome(&b, h), HF_OUTCOME_FAILED);
    assert_non_null(strstr(bed_why(&b, h), "restart"));
    bed_free(&b);
}

static void
a_cut_connection_in_the_middle_still_ends_verified(void **state)
{
    struct bed b;
    const char *h;

    (void)state;
    bed_new(&b, 0);
    bed_open(&b);
    h = bed_host(&b, HF_SIM_DROP);
    assert_int_equal(check(&b, h), 0);
    assert_int_equal(act(&b, HF_ACTION_APPLY, h), 0);
    assert_int_equal(bed_outcome(&b, h), HF_OUTCOME_VERIFIED);
    bed_free(&b);
}

static void
after_a_restart_the_host_is_behind_and_may_be_patched_again(void **state)
{
    struct bed b;
    const char *h;

    (void)state;
    h = begin(&b);
    assert_int_equal(act(&b, HF_ACTION_APPLY, h), 0);
    assert_int_equal(act(&b, HF_ACTION_ROLLBACK, h), 0);
    hf_sim_reboot(hf_sim_fleet_sim(b.sim), index_of(&b, h));
    assert_int_equal(check(&b, h), 0);
    assert_int_equal(patch_of(&b, h), HF_PATCH_BEHIND);
    assert_int_equal(act(&b, HF_ACTION_APPLY, h), 0);
    bed_free(&b);
}

/* A host that cannot be asked was not changed: what was known of it stays. */
static void
an_unreached_host_keeps_what_is_known_of_it(void **state)
{
    struct hf_recent before;
    struct bed b;
    const char *h;

    (void)state;
    h = begin(&b);
    assert_int_equal(act(&b, HF_ACTION_APPLY, h), 0);
    before = bed_record(&b, h)->recent;
    bed_settle(&b);
    bed_close(&b);
    bed_edit(&b, h, "address", "127.255.255.254"); /* nobody listens */
    bed_open(&b);
    assert_int_equal(act(&b, HF_ACTION_ROLLBACK, h), 4);
    assert_int_equal(bed_outcome(&b, h), HF_OUTCOME_UNREACHABLE);
    assert_string_equal(bed_record(&b, h)->recent.run, before.run);
    assert_int_equal(patch_of(&b, h), HF_PATCH_CURRENT);
    assert_true(bed_state(&b, h)->status.flags & HF_FLAG_UNREACHABLE);
    bed_free(&b);
}

static void
record_identity(const struct bed *b, const char *host, const char *key,
                const char *value)
{
    char *path = hf_ledger_facts_path(host);
    cJSON *doc = bed_ledger_file(b, path), *identity;

    identity = cJSON_GetObjectItemCaseSensitive(doc, "identity");
    assert_non_null(identity);
    cJSON_DeleteItemFromObject(identity, key);
    hf_json_add_str(identity, key, value);
    bed_ledger_write(b, path, doc);
    free(path);
}

static void
another_machine_under_a_known_name_is_not_touched_until_adopted(void **state)
{
    struct bed b;
    const char *h;

    (void)state;
    h = begin(&b);
    bed_settle(&b);
    bed_close(&b);
    record_identity(&b, h, "machine_id", "feedbeef");
    bed_open(&b);
    assert_true(bed_state(&b, h)->status.flags & HF_FLAG_IDENTITY_CHANGED);
    /* Looking at it does not make it the right one. */
    assert_int_equal(check(&b, h), 0);
    assert_int_equal(act(&b, HF_ACTION_APPLY, h), 2);
    assert_int_equal(bed_outcome(&b, h), HF_OUTCOME_INELIGIBLE);
    assert_non_null(strstr(bed_why(&b, h), "identity-changed"));
    reopen(&b);
    assert_true(bed_state(&b, h)->status.flags & HF_FLAG_IDENTITY_CHANGED);
    assert_int_equal(hf_session_adopt(b.s, &h, 1, &b.err), 0);
    reopen(&b);
    assert_false(bed_state(&b, h)->status.flags & HF_FLAG_IDENTITY_CHANGED);
    assert_int_equal(act(&b, HF_ACTION_APPLY, h), 0);
    bed_free(&b);
}

static void
who_pins_another_key_means_another_machine(void **state)
{
    struct bed b;
    const char *h;

    (void)state;
    h = begin(&b);
    bed_settle(&b);
    bed_close(&b);
    record_identity(&b, h, "machine_id", "feedbeef");
    record_identity(&b, h, "hostkey", "ssh-ed25519 AAAAold");
    bed_open(&b);
    assert_false(bed_state(&b, h)->status.flags & HF_FLAG_IDENTITY_CHANGED);
    assert_int_equal(act(&b, HF_ACTION_APPLY, h), 0);
    bed_free(&b);
}

/* ---- how they were chosen ---- */

/* As if the host had last been asked three days ago. */
static void
let_facts_age(struct bed *b, const char *host)
{
    char *path = hf_ledger_facts_path(host), *dir = bed_state_dir(b);
    char *seen = hf_path_join(dir, "seen"), at[HF_TIME_LEN];
    cJSON *doc, *fact;

    bed_settle(b);
    bed_close(b);
    doc = bed_ledger_file(b, path);
    (void)hf_time_format(at, hf_now() - INT64_C(3) * 24 * 3600 * 1000);
    cJSON_ArrayForEach(fact, hf_json_get(doc, "facts")) assert_non_null(
        cJSON_SetValuestring(cJSON_GetObjectItemCaseSensitive(fact, "at"), at));
    bed_ledger_write(b, path, doc);
    assert_int_equal(unlink(seen), 0);
    free(seen);
    free(dir);
    free(path);
    bed_open(b);
}

/* Reading them again just before the start must not make them young. */
static void
hosts_chosen_by_the_age_of_their_facts_stay_chosen(void **state)
{
    static const struct {
        const char *selector;
        enum hf_outcome outcome;
    } rows[] = {
        {"older:2d and patch:behind", HF_OUTCOME_VERIFIED},
        {"stale", HF_OUTCOME_VERIFIED},
        {"not newer:1h", HF_OUTCOME_VERIFIED},
        {"newer:2d", HF_OUTCOME_SKIPPED},
        {"older:2d and patch:current", HF_OUTCOME_SKIPPED},
    };
    struct bed b;

    (void)state;
    bed_new(&b, 1);
    bed_open(&b);
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        const char *h = bed_well(&b, i);
        struct hf_ask ask = bed_ask(HF_ACTION_APPLY, h, NULL);

        assert_int_equal(check(&b, h), 0);
        let_facts_age(&b, h);
        ask.selector = rows[i].selector;
        (void)bed_run(&b, &ask);
        if (bed_outcome(&b, h) != rows[i].outcome)
            fail_msg("%s: %s, %s", rows[i].selector,
                     hf_outcome_names[bed_outcome(&b, h)], bed_why(&b, h));
    }
    bed_free(&b);
}

/* ---- two at once ---- */

static void
two_sessions_cannot_change_the_fleet_at_the_same_time(void **state)
{
    struct hf_session *first;
    struct hf_ask ask;
    struct bed b;

    (void)state;
    bed_new(&b, 1);
    bed_open(&b);
    assert_int_equal(check(&b, bed_well(&b, 0)), 0);
    assert_int_equal(check(&b, bed_well(&b, 1)), 0);
    bed_settle(&b);
    ask = bed_ask(HF_ACTION_APPLY, bed_well(&b, 0), NULL);
    assert_int_equal(bed_start(&b, &ask), 0);
    bed_until(&b, HF_EVENT_HOST_INTENT);
    first = b.s;
    b.s = bed_another(&b);
    ask = bed_ask(HF_ACTION_APPLY, bed_well(&b, 1), NULL);
    assert_int_equal(bed_start(&b, &ask), HF_ELOCKED);
    assert_non_null(strstr(b.err.text, " in process "));
    assert_non_null(strstr(b.err.text, "hotfleet demo"));
    /* Looking is never locked out. */
    assert_int_equal(check(&b, bed_well(&b, 1)), 0);
    bed_close(&b);
    b.s = first;
    assert_int_equal(bed_finish(&b), 0);
    bed_settle(&b);
    /* The first still lives, and has let go. */
    b.s = bed_another(&b);
    assert_int_equal(act(&b, HF_ACTION_APPLY, bed_well(&b, 1)), 0);
    bed_close(&b);
    b.s = first;
    bed_free(&b);
}

/* Another account has another state folder; the host is the lock then. */
static void
from_another_account_the_host_itself_is_the_lock(void **state)
{
    char *elsewhere;
    struct hf_session *first;
    struct hf_ask ask;
    struct bed b;
    const char *h;

    (void)state;
    bed_new_slow(&b, 3000);
    h = bed_well(&b, 0);
    bed_open(&b);
    assert_int_equal(check(&b, h), 0);
    bed_settle(&b);
    ask = bed_ask(HF_ACTION_APPLY, h, NULL);
    assert_int_equal(bed_start(&b, &ask), 0);
    bed_until_step(&b, HF_PHASE_WORKING);
    first = b.s;
    elsewhere = hf_path_join(b.dir, "elsewhere");
    setenv("XDG_STATE_HOME", elsewhere, 1);
    b.s = bed_another(&b);
    assert_int_equal(act(&b, HF_ACTION_APPLY, h), 8);
    assert_int_equal(bed_outcome(&b, h), HF_OUTCOME_LOCKED);
    bed_close(&b);
    b.s = first;
    assert_int_equal(bed_finish(&b), 0);
    free(elsewhere);
    bed_free(&b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(applied_taken_back_and_applied_again),
        cmocka_unit_test(a_change_keeps_what_was_before_it),
        cmocka_unit_test(the_ledger_has_run_evidence_facts_and_end),
        cmocka_unit_test(a_failure_is_remembered),
        cmocka_unit_test(
            a_restart_in_the_middle_is_a_failure_and_the_host_is_behind),
        cmocka_unit_test(a_cut_connection_in_the_middle_still_ends_verified),
        cmocka_unit_test(
            after_a_restart_the_host_is_behind_and_may_be_patched_again),
        cmocka_unit_test(an_unreached_host_keeps_what_is_known_of_it),
        cmocka_unit_test(
            another_machine_under_a_known_name_is_not_touched_until_adopted),
        cmocka_unit_test(who_pins_another_key_means_another_machine),
        cmocka_unit_test(hosts_chosen_by_the_age_of_their_facts_stay_chosen),
        cmocka_unit_test(two_sessions_cannot_change_the_fleet_at_the_same_time),
        cmocka_unit_test(from_another_account_the_host_itself_is_the_lock),
    };

    return cmocka_run_group_tests_name("change", tests, NULL, NULL);
}
