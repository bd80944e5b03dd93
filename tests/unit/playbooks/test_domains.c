/*
 * Failure domains: before a host of a cluster starts, the others of it are
 * read when nobody knows anything new of them. The clock is moved by hand.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/file.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "playbooks/rollout.h"
#include "tests/unit/playbooks/bed.h"

#define HOSTS 18
#define FIRST 3   /* of its cluster ... */
#define SECOND 17 /* ... and the other one */
#define MINUTE ((int64_t)60000)

struct play {
    struct bed b;
    struct hf_conduct *c;
};

static void
add_playbook(const struct play *p, const char *select)
{
    char *dir = hf_path_join(p->b.fleet, "playbooks");
    char *path = hf_path_join(dir, "domains.json");
    char *text = hf_xasprintf(
        "{\"kind\": \"rollout\", \"targets\": {\"select\": \"%s\"}, "
        "\"limits\": {\"per_domain\": [{\"domain\": \"cluster\", "
        "\"at_most\": 1}]}, \"rings\": [{\"name\": \"all\", "
        "\"size\": \"rest\", \"soak\": \"0s\"}]}",
        select);
    struct hf_err err = HF_ERR_INIT;

    assert_int_equal(hf_mkdirs(dir, 0755, &err), HF_OK);
    assert_int_equal(hf_file_write(path, text, strlen(text), 0644, &err),
                     HF_OK);
    (void)bed_git(&p->b, "add playbooks");
    (void)bed_git(&p->b, "commit -q -m playbook");
    free(text);
    free(path);
    free(dir);
}

/* All hosts were read, and the plan of those that the selector names is begun
 * when that was so many minutes ago. */
static void
begin(struct play *p, const char *select, int64_t minutes)
{
    static const struct hf_sim_host like = {.kernel = "6.1.0-53-amd64",
                                            .behind = 1};
    struct hf_sim_host hosts[HOSTS];
    const struct hf_sim_options o = {
        .hosts = hosts, .hosts_len = HOSTS, .job_ms = 10};
    const struct hf_plan_ask ask = {.playbook = "domains"};
    struct hf_problems problems = {0};
    struct hf_plan *plan = NULL;

    for (size_t i = 0; i < HOSTS; i++) {
        hosts[i] = like;
        (void)snprintf(hosts[i].name, sizeof(hosts[i].name), "web-%02zu", i);
    }
    unsetenv("HOTFLEET_CLOCK");
    bed_new_of(&p->b, HOSTS, &o);
    add_playbook(p, select);
    bed_open(&p->b);
    bed_check(&p->b, HOSTS);
    assert_int_equal(hf_plan_make(&plan, p->b.s, &ask, &problems, &p->b.err),
                     HF_OK);
    hf_clock_skip(minutes * MINUTE);
    assert_int_equal(hf_conduct_new(&p->c, p->b.s, plan, NULL, &p->b.err),
                     HF_OK);
    hf_plan_free(plan);
    hf_problems_release(&problems);
}

static void
end(struct play *p)
{
    hf_conduct_free(p->c);
    bed_free(&p->b);
}

static void
ail(struct play *p, size_t host, enum hf_sim_fault fault)
{
    hf_sim_ail(hf_sim_fleet_sim(p->b.sim), host, fault,
               hf_sim_faults[fault].arg);
}

static unsigned
jobs(const struct play *p, size_t host)
{
    return hf_sim_jobs(hf_sim_fleet_sim(p->b.sim), host);
}

/* The age of what is known of it. */
static int64_t
age(const struct play *p, const char *host)
{
    return hf_now() - bed_state(&p->b, host)->newest;
}

/* Until nothing is under way: what it waits for. */
static const char *
go_on(struct play *p)
{
    static struct hf_rollout_view v;

    (void)hf_conduct_hurry(p->c, NULL, NULL);
    hf_rollout_view(hf_conduct_rollout(p->c), &v);
    return v.state == HF_ROLLOUT_IS_OVER ? "over" : v.waits_for;
}

static void
a_member_that_nobody_asked_lately_is_read_before_a_host_starts(void **state)
{
    struct play p = {0};

    (void)state;
    begin(&p, "name:web-03", 6);
    assert_string_equal(go_on(&p), "over");
    assert_int_equal(jobs(&p, FIRST), 1);
    assert_int_equal(jobs(&p, SECOND), 0);
    assert_in_range(age(&p, "web-17"), 0, 5 * MINUTE);
    assert_true(age(&p, "web-04") > 5 * MINUTE); /* of no cluster */
    end(&p);
}

static void
what_was_read_in_the_last_minutes_is_not_read_again(void **state)
{
    struct play p = {0};

    (void)state;
    begin(&p, "name:web-03", 3);
    assert_string_equal(go_on(&p), "over");
    assert_int_equal(jobs(&p, FIRST), 1);
    assert_true(age(&p, "web-17") >= 3 * MINUTE);
    end(&p);
}

static void
a_member_that_went_away_since_keeps_the_host_from_starting(void **state)
{
    struct play p = {0};

    (void)state;
    begin(&p, "name:web-03", 6);
    ail(&p, SECOND, HF_SIM_DOWN);
    assert_non_null(strstr(go_on(&p), "web-17 of its failure domain"));
    assert_int_equal(jobs(&p, FIRST), 0);
    /* It is there again, and is asked again after a while. */
    ail(&p, SECOND, HF_SIM_WELL);
    hf_clock_skip(6 * MINUTE);
    assert_string_equal(go_on(&p), "over");
    assert_int_equal(jobs(&p, FIRST), 1);
    end(&p);
}

static void
one_whose_health_checks_fail_keeps_the_other_from_starting(void **state)
{
    struct play p = {0};
    struct hf_ask apply = bed_ask(HF_ACTION_APPLY, "web-17", NULL);

    (void)state;
    begin(&p, "name:web-03", 0);
    assert_int_equal(bed_run(&p.b, &apply), 0);
    ail(&p, SECOND, HF_SIM_SICK); /* which shows ten minutes after that */
    hf_clock_skip(90 * MINUTE);
    assert_non_null(strstr(go_on(&p), "health of web-17"));
    assert_int_equal(jobs(&p, FIRST), 0);
    end(&p);
}

static void
one_that_tells_nothing_of_itself_keeps_the_other_from_starting(void **state)
{
    struct play p = {0};

    (void)state;
    begin(&p, "name:web-03", 6);
    ail(&p, SECOND, HF_SIM_POISON);
    for (int i = 0; i < 8; i++) { /* each look gets another poison */
        assert_non_null(strstr(go_on(&p), "web-17 of its failure domain"));
        hf_clock_skip(6 * MINUTE);
    }
    assert_int_equal(jobs(&p, FIRST), 0);
    end(&p);
}

/* A job says that it is done, and nothing proves it. */
static void
leave_unproven(struct play *p, const char *host, size_t i)
{
    struct hf_ask apply = bed_ask(HF_ACTION_APPLY, host, NULL);

    ail(p, i, HF_SIM_LIE);
    (void)bed_run(&p->b, &apply);
    ail(p, i, HF_SIM_WELL);
}

static void
two_that_are_not_proven_wait_until_a_person_verifies_one(void **state)
{
    struct hf_ask again = bed_ask(HF_ACTION_APPLY, "web-17", NULL);
    struct play p = {0};

    (void)state;
    begin(&p, "name:web-03 or name:web-17", 0);
    leave_unproven(&p, "web-03", FIRST);
    leave_unproven(&p, "web-17", SECOND);
    assert_non_null(strstr(go_on(&p), "hotfleet verify web-"));
    assert_non_null(strstr(go_on(&p), "hotfleet skip"));
    again.again = 1;
    assert_int_equal(bed_run(&p.b, &again), 0);
    hf_clock_skip(6 * MINUTE); /* web-03 may begin, and then the other one */
    (void)go_on(&p);
    hf_clock_skip(6 * MINUTE);
    assert_string_equal(go_on(&p), "over");
    end(&p);
}

static void
the_hosts_of_a_whole_cluster_are_patched_one_after_the_other(void **state)
{
    struct play p = {0};

    (void)state;
    begin(&p, "patch:behind", 6);
    assert_string_equal(go_on(&p), "over");
    for (size_t i = 0; i < HOSTS; i++)
        assert_int_equal(jobs(&p, i), 1);
    end(&p);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_member_that_nobody_asked_lately_is_read_before_a_host_starts),
        cmocka_unit_test(what_was_read_in_the_last_minutes_is_not_read_again),
        cmocka_unit_test(
            a_member_that_went_away_since_keeps_the_host_from_starting),
        cmocka_unit_test(
            one_whose_health_checks_fail_keeps_the_other_from_starting),
        cmocka_unit_test(
            one_that_tells_nothing_of_itself_keeps_the_other_from_starting),
        cmocka_unit_test(
            two_that_are_not_proven_wait_until_a_person_verifies_one),
        cmocka_unit_test(
            the_hosts_of_a_whole_cluster_are_patched_one_after_the_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
