/* Sessions that look: check, what stays of it for the next process,
 * read-only, reloading. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/file.h"
#include "tests/unit/playbooks/bed.h"

/* ---- check ---- */

/* clang-format off */
static const struct { enum hf_sim_fault fault; enum hf_outcome outcome; }
unwell[] = {
    {HF_SIM_WELL, HF_OUTCOME_CHECKED},
    {HF_SIM_SLOW, HF_OUTCOME_CHECKED},
    {HF_SIM_DROP, HF_OUTCOME_CHECKED},
    {HF_SIM_OLD_KERNEL, HF_OUTCOME_CHECKED},
    {HF_SIM_NO_SUDO, HF_OUTCOME_CHECKED},
    {HF_SIM_DOWN, HF_OUTCOME_UNREACHABLE},
    {HF_SIM_SILENT, HF_OUTCOME_UNREACHABLE},
    {HF_SIM_NO_LOGIN, HF_OUTCOME_REFUSED},
    {HF_SIM_CHANGED_KEY, HF_OUTCOME_REFUSED},
    {HF_SIM_POISON, HF_OUTCOME_UNVERIFIED},
};
/* clang-format on */

static int
check_all(struct bed *b)
{
    const char *names[BED_HOSTS];
    struct hf_ask ask = {.action = HF_ACTION_CHECK,
                         .hosts = names,
                         .hosts_len = BED_HOSTS,
                         .parallel = BED_HOSTS};
    const struct hf_sim_host *hosts;
    size_t n;

    hosts = hf_sim_fleet_hosts(b->sim, &n);
    for (size_t i = 0; i < n; i++)
        names[i] = hosts[i].name;
    return bed_run(b, &ask);
}

static void
a_check_of_a_fleet_that_is_partly_unwell(void **state)
{
    struct bed b;

    (void)state;
    bed_new(&b, 0);
    bed_open(&b);
    assert_int_equal(check_all(&b), 4);
    for (size_t i = 0; i < HF_COUNT(unwell); i++) {
        const char *name = bed_host(&b, unwell[i].fault);

        if (bed_outcome(&b, name) != unwell[i].outcome)
            fail_msg("%s: %s, %s", hf_sim_faults[unwell[i].fault].name,
                     hf_outcome_names[bed_outcome(&b, name)],
                     bed_why(&b, name));
    }
    bed_settle(&b);
    /* No host was acted on: no evidence. */
    assert_int_equal(bed_ledger_count(&b, "run.json"), 1);
    assert_int_equal(bed_ledger_count(&b, "end.json"), 1);
    assert_int_equal(bed_ledger_count(&b, ".json"),
                     bed_ledger_count(&b, "facts.json") + 2);
    bed_free(&b);
}

static void
who_cannot_be_reached_is_known_in_the_next_process_too(void **state)
{
    struct bed b;

    (void)state;
    bed_new(&b, 0);
    bed_open(&b);
    (void)check_all(&b);
    bed_settle(&b);
    bed_close(&b);
    bed_open(&b);
    for (size_t i = 0; i < HF_COUNT(unwell); i++) {
        const struct hf_state *st =
            bed_state(&b, bed_host(&b, unwell[i].fault));
        int away = unwell[i].outcome != HF_OUTCOME_CHECKED;

        assert_int_equal(!!(st->status.flags & HF_FLAG_UNREACHABLE), away);
        assert_int_equal(hf_state_record(st)->net_why[0] != '\0', away);
        assert_int_equal(hf_state_record(st)->facts.len > 0, !away);
    }
    assert_string_equal(bed_state(&b, bed_host(&b, HF_SIM_CHANGED_KEY))->net,
                        "hostkey");
    /* It was asked, and what it said was no answer. */
    assert_string_equal(bed_state(&b, bed_host(&b, HF_SIM_POISON))->net,
                        "bad-reply");
    bed_free(&b);
}

static void
facts_that_did_not_move_are_not_written_again(void **state)
{
    struct hf_ask ask;
    struct bed b;
    char tree[64];

    (void)state;
    bed_new(&b, 1);
    bed_open(&b);
    ask = bed_ask(HF_ACTION_CHECK, bed_well(&b, 0), NULL);
    assert_int_equal(bed_run(&b, &ask), 0);
    bed_settle(&b);
    (void)snprintf(tree, sizeof(tree), "%s",
                   bed_git(&b, "rev-parse ledger:hosts"));
    assert_int_equal(bed_run(&b, &ask), 0);
    bed_settle(&b);
    assert_string_equal(tree, bed_git(&b, "rev-parse ledger:hosts"));
    bed_free(&b);
}

static void
a_host_named_twice_is_asked_once(void **state)
{
    struct hf_ask ask;
    struct bed b;

    (void)state;
    bed_new(&b, 1);
    bed_open(&b);
    ask = bed_ask(HF_ACTION_CHECK, bed_well(&b, 0), bed_well(&b, 1),
                  bed_well(&b, 0), NULL);
    assert_int_equal(bed_run(&b, &ask), 0);
    assert_int_equal(hf_run_hosts_len(hf_session_run(b.s)), 2);
    ask = bed_ask(HF_ACTION_CHECK, "nobody", NULL);
    assert_int_equal(bed_start(&b, &ask), HF_ENOTFOUND);
    bed_free(&b);
}

/* A swapped address shows another host's key: nobody is mistaken. */
static void
a_host_that_moved_onto_anothers_address_is_refused(void **state)
{
    struct hf_ask ask;
    struct bed b;

    (void)state;
    bed_new(&b, 1);
    bed_edit(&b, "web-01", "address", "127.20.0.2"); /* app-01's */
    bed_open(&b);
    ask = bed_ask(HF_ACTION_CHECK, "web-01", NULL);
    assert_int_equal(bed_run(&b, &ask), 4);
    assert_int_equal(bed_outcome(&b, "web-01"), HF_OUTCOME_REFUSED);
    bed_free(&b);
}

/* ---- the fds ---- */

/* After a run nothing keeps a polling loop awake. */
static void
an_idle_session_is_quiet(void **state)
{
    struct pollfd polls[HF_SESSION_FDS];
    int fds[HF_SESSION_FDS];
    struct hf_ask ask;
    struct bed b;
    size_t n;

    (void)state;
    bed_new(&b, 1);
    bed_open(&b);
    ask = bed_ask(HF_ACTION_CHECK, bed_well(&b, 0), NULL);
    assert_int_equal(bed_run(&b, &ask), 0);
    ask = bed_ask(HF_ACTION_APPLY, bed_well(&b, 0), NULL);
    assert_int_equal(bed_run(&b, &ask), 0);
    n = hf_session_fds(b.s, fds);
    for (int quiet = 0; quiet < 3;) {
        for (size_t i = 0; i < n; i++)
            polls[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
        assert_int_equal(hf_session_pump(b.s), -1);
        quiet = poll(polls, n, 1500) == 0 ? quiet + 1 : 0;
    }
    bed_free(&b);
}

/* ---- read-only ---- */

static void
read_only_writes_nothing(void **state)
{
    char before[65], after[65];
    const char *name;
    struct hf_ask ask;
    struct bed b;

    (void)state;
    bed_new(&b, 1);
    name = bed_well(&b, 0);
    for (int with_past = 0; with_past < 2; with_past++) {
        bed_print(&b, before);
        bed_open_read_only(&b);
        assert_true(hf_session_read_only(b.s));
        ask = bed_ask(HF_ACTION_CHECK, name, NULL);
        assert_int_equal(bed_run(&b, &ask), 0);
        assert_true(bed_record(&b, name)->facts.len > 0);
        ask = bed_ask(HF_ACTION_VERIFY, name, NULL);
        (void)bed_run(&b, &ask);
        ask = bed_ask(HF_ACTION_APPLY, name, NULL);
        assert_int_equal(bed_start(&b, &ask), HF_EDENIED);
        assert_int_equal(hf_session_adopt(b.s, &name, 1, &b.err), HF_EDENIED);
        bed_settle(&b);
        bed_close(&b);
        bed_print(&b, after);
        assert_string_equal(before, after);
        /* Now with something recorded. */
        bed_open(&b);
        ask = bed_ask(HF_ACTION_CHECK, name, NULL);
        assert_int_equal(bed_run(&b, &ask), 0);
        bed_close(&b);
    }
    bed_free(&b);
}

/* ---- reloading ---- */

static int
reload(struct bed *b)
{
    struct hf_problems problems = {0};
    int rc = hf_session_reload(b->s, &problems, &b->err);

    hf_problems_release(&problems);
    return rc;
}

static void
a_commit_of_others_is_seen(void **state)
{
    struct bed b;

    (void)state;
    bed_new(&b, 1);
    bed_open(&b);
    assert_int_equal(reload(&b), 0);
    bed_configure(&b, "\"adhoc\": {\"max_hosts\": 3}");
    assert_int_equal(reload(&b), 1);
    assert_int_equal(hf_session_fleet(b.s)->adhoc.max_hosts, 3);
    assert_int_equal(reload(&b), 0);
    bed_free(&b);
}

/* What happened is nowhere but in memory then. */
static void
nothing_is_read_anew_before_the_ledger_has_what_happened(void **state)
{
    struct hf_ask ask;
    const char *name;
    struct bed b;
    char *lock;

    (void)state;
    bed_new(&b, 1);
    bed_open(&b);
    name = bed_well(&b, 0);
    ask = bed_ask(HF_ACTION_CHECK, name, NULL);
    assert_int_equal(bed_run(&b, &ask), 0);
    bed_settle(&b);
    lock = hf_path_join(b.fleet, ".git/refs/heads/ledger.lock");
    assert_int_equal(hf_file_write(lock, "", 0, 0644, &b.err), HF_OK);
    ask = bed_ask(HF_ACTION_APPLY, name, NULL);
    assert_int_equal(bed_run(&b, &ask), 0);
    assert_true(bed_record(&b, name)->baseline.len > 0);
    bed_configure(&b, "\"adhoc\": {\"max_hosts\": 3}");
    assert_int_equal(reload(&b), 0);
    assert_true(bed_record(&b, name)->baseline.len > 0);
    assert_int_equal(remove(lock), 0);
    assert_int_equal(reload(&b), 1);
    assert_true(bed_record(&b, name)->baseline.len > 0);
    assert_int_equal(hf_session_fleet(b.s)->adhoc.max_hosts, 3);
    free(lock);
    bed_free(&b);
}

static void
a_broken_commit_leaves_the_old_fleet(void **state)
{
    struct hf_ask ask;
    struct bed b;

    (void)state;
    bed_new(&b, 1);
    bed_open(&b);
    ask = bed_ask(HF_ACTION_CHECK, bed_well(&b, 0), NULL);
    assert_int_equal(bed_run(&b, &ask), 0);
    bed_configure(&b, "\"nonsense\": 1");
    assert_int_equal(reload(&b), HF_EINVALID);
    assert_int_equal(hf_session_fleet(b.s)->hosts_len, BED_HOSTS);
    assert_true(bed_record(&b, bed_well(&b, 0))->facts.len > 0);
    bed_free(&b);
}

static void
what_others_record_is_seen_and_our_own_is_no_news(void **state)
{
    struct hf_session *mine;
    const char *name;
    struct hf_ask ask;
    struct bed b;

    (void)state;
    bed_new(&b, 1);
    name = bed_well(&b, 0);
    bed_open(&b);
    mine = b.s;
    b.s = bed_another(&b);
    ask = bed_ask(HF_ACTION_CHECK, name, NULL);
    assert_int_equal(bed_run(&b, &ask), 0);
    bed_settle(&b);
    assert_int_equal(reload(&b), 0);
    bed_close(&b);
    b.s = mine;
    assert_int_equal(bed_record(&b, name)->facts.len, 0);
    assert_int_equal(reload(&b), 1);
    assert_true(bed_record(&b, name)->facts.len > 0);
    assert_int_equal(reload(&b), 0);
    bed_free(&b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_check_of_a_fleet_that_is_partly_unwell),
        cmocka_unit_test(
            who_cannot_be_reached_is_known_in_the_next_process_too),
        cmocka_unit_test(facts_that_did_not_move_are_not_written_again),
        cmocka_unit_test(a_host_named_twice_is_asked_once),
        cmocka_unit_test(a_host_that_moved_onto_anothers_address_is_refused),
        cmocka_unit_test(an_idle_session_is_quiet),
        cmocka_unit_test(read_only_writes_nothing),
        cmocka_unit_test(a_commit_of_others_is_seen),
        cmocka_unit_test(
            nothing_is_read_anew_before_the_ledger_has_what_happened),
        cmocka_unit_test(a_broken_commit_leaves_the_old_fleet),
        cmocka_unit_test(what_others_record_is_seen_and_our_own_is_no_news),
    };

    return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
