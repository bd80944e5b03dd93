/*
 * Rollouts of four weeks on simulated hosts, in the time that the work takes:
 * nobody is there, many hosts are unwell, and what is told in the end is what
 * the simulation knows.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/file.h"
#include "backend/base/time.h"
#include "playbooks/rollout.h"
#include "tests/support/scratch.h"
#include "tests/unit/playbooks/bed.h"

#define DAY_MS 86400000
#define TIMER_MS 300000 /* share/hotfleet/systemd: every five minutes */

/* A day after the release, as admins would begin. */
#define BEGIN INT64_C(1794396600000) /* 2026-11-11T11:30:00Z */

static const struct hf_net_limits patience = {
    .connect = 5000, .kex = 5000, .idle = 5000, .total = 10000};

/* Much may go wrong, and nobody comes to say that it may go on. */
#define BUDGET                                                       \
    "\"budget\": {\"failed\": {\"batch\": 999, \"ring\": 999, "      \
    "\"run\": 999}, \"unverified\": {\"ring\": 999, \"run\": 999}, " \
    "\"unreachable\": {\"run\": 999}}"
#define RINGS                                                            \
    "\"rings\": [{\"name\": \"canary\", \"size\": \"5%\", "              \
    "\"batches\": [\"1\", \"rest\"], \"soak\": \"7d\", "                 \
    "\"gates\": [\"health\"]}, {\"name\": \"pilot\", \"size\": \"20%\"," \
    "\"batches\": [\"10%\", \"50%\"], \"soak\": \"14d\", "               \
    "\"gates\": [\"health\"]}, {\"name\": \"broad\", "                   \
    "\"size\": \"rest\", \"batches\": [\"25%\"], \"soak\": \"7d\", "     \
    "\"gates\": [\"health\"]}]"
#define GATES(mode)                                                  \
    "\"gates\": [{\"name\": \"health\", \"checks\": [\"criteria\", " \
    "\"services\", \"errors\", \"health\"], \"delay\": \"5m\", "     \
    "\"every\": \"1d\", \"count\": 1, \"mode\": \"" mode "\"}]"

/* ---- a fleet, its facts, its playbook ---- */

/* From here on the clock moves by what is skipped and by nothing else. */
static void
begin_at(int64_t at)
{
    char text[HF_TIME_LEN];

    setenv("HOTFLEET_CLOCK", hf_time_format(text, at - hf_clock_ahead()), 1);
}

static void
add_playbook(const struct bed *b, const char *name, const char *text)
{
    char *path = hf_xasprintf("%s/playbooks/%s.json", b->fleet, name);
    char *dir = hf_path_join(b->fleet, "playbooks");
    struct hf_err err = HF_ERR_INIT;

    if (hf_mkdirs(dir, 0755, &err) < 0 ||
        hf_file_write(path, text, strlen(text), 0644, &err) < 0)
        fail_msg("%s", err.text);
    (void)bed_git(b, "add playbooks");
    (void)bed_git(b, "commit -q -m playbook");
    free(dir);
    free(path);
}

/* What befalls a well host between the plan's facts and its turn. */
static enum hf_sim_fault
fault_of(const struct bed *b, size_t host)
{
    static const enum hf_sim_fault later[] = {HF_SIM_DOWN, HF_SIM_NO_LOGIN,
                                              HF_SIM_LIE, HF_SIM_DROP,
                                              HF_SIM_HALF_REPLY};
    const struct hf_sim_host *hosts;
    size_t n;

    hosts = hf_sim_fleet_hosts(b->sim, &n);
    if (hosts[host].fault != HF_SIM_WELL || host % 20 != 7)
        return hosts[host].fault;
    return later[host / 20 % HF_COUNT(later)];
}

static void
let_some_ail(struct bed *b)
{
    const struct hf_sim_host *hosts;
    size_t n;

    hosts = hf_sim_fleet_hosts(b->sim, &n);
    for (size_t i = 0; i < n; i++) {
        enum hf_sim_fault fault = fault_of(b, i);

        if (hosts[i].fault != fault)
            hf_sim_ail(hf_sim_fleet_sim(b->sim), i, fault,
                       hf_sim_faults[fault].arg);
    }
}

static void
make_fleet(struct bed *b, size_t hosts, int faults_per_mille,
           const char *playbook)
{
    const struct hf_sim_options o = {.windows = hosts * 3 / 5,
                                     .faults_per_mille = faults_per_mille,
                                     .seed = 7,
                                     .wire = 1000};

    begin_at(BEGIN);
    bed_new_of(b, hosts, &o);
    b->limits = patience;
    add_playbook(b, "month", playbook);
    bed_open(b);
    bed_check(b, 200);
    bed_settle(b);
    let_some_ail(b);
}

static struct hf_plan *
make_plan(struct bed *b)
{
    const struct hf_plan_ask ask = {.playbook = "month", .change = "CHG1"};
    struct hf_problems problems = {0};
    struct hf_plan *plan = NULL;

    if (hf_plan_make(&plan, b->s, &ask, &problems, &b->err) < 0)
        fail_msg("%s", b->err.text);
    hf_problems_release(&problems);
    return plan;
}

/* ---- a month without people ---- */

struct month {
    size_t bad_samples;
    int64_t began, ended;
};

static void
watch(void *ctx, const struct hf_rollout_event *e)
{
    struct month *m = ctx;

    if (!m->began)
        m->began = e->at;
    m->ended = e->at;
    m->bad_samples +=
        e->kind == HF_ROLLOUT_SAMPLE_ENDED && e->sample == HF_SAMPLE_FAIL;
}

/* A process that stays. */
static void
to_the_end(struct hf_conduct *c)
{
    int64_t wait;

    while ((wait = hf_conduct_hurry(c, NULL, NULL)) == HF_CONDUCT_IDLE) {
        if (hf_conduct_blocked(c) || !hf_conduct_due(c))
            fail_msg("it waits: %s", hf_conduct_trouble(c));
        hf_clock_skip(hf_conduct_due(c) - hf_now());
    }
    assert_int_equal(wait, HF_RUN_OVER);
}

static size_t
index_of(const struct bed *b, const char *name)
{
    const struct hf_sim_host *hosts;
    size_t n;

    hosts = hf_sim_fleet_hosts(b->sim, &n);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(hosts[i].name, name) == 0)
            return i;
    }
    fail_msg("no host '%s'", name);
    return 0;
}

/* What is in effect is what the plan says, after which there may be words. */
static int
is_at(const struct hf_sim_truth *truth, const char *level)
{
    size_t len = strlen(truth->level);

    return strncmp(level, truth->level, len) == 0 &&
           (level[len] == '\0' || strncmp(level + len, " (", 2) == 0);
}

/* Who restarts unasked later on is no longer what was verified. */
static int
restarts_later(enum hf_sim_fault fault)
{
    return fault == HF_SIM_CRASH_LATER || fault == HF_SIM_REBOOTS;
}

static void
compare_host(const struct bed *b, const struct hf_plan_host *h, int outcome)
{
    size_t i = index_of(b, h->name);
    enum hf_sim_fault fault = fault_of(b, i);
    const char *name = hf_sim_faults[fault].name;
    const char *said = hf_outcome_names[outcome];
    struct hf_sim_truth truth;

    hf_sim_look(hf_sim_fleet_sim(b->sim), i, &truth);
    if (outcome == HF_OUTCOME_VERIFIED &&
        (truth.jobs != 1 ||
         (!restarts_later(fault) && (truth.restarts || !is_at(&truth, h->to)))))
        fail_msg("%s (%s) is said to be verified: %u jobs, %u restarts, %s",
                 h->name, name, truth.jobs, truth.restarts, truth.level);
    if (outcome != HF_OUTCOME_VERIFIED && fault == HF_SIM_WELL)
        fail_msg("%s is well and said to be %s", h->name, said);
    if ((outcome == HF_OUTCOME_UNREACHABLE || outcome == HF_OUTCOME_REFUSED ||
         outcome == HF_OUTCOME_INELIGIBLE || outcome == HF_OUTCOME_SKIPPED) &&
        truth.jobs)
        fail_msg("%s (%s) is said to be %s: %u jobs", h->name, name, said,
                 truth.jobs);
    if (outcome == HF_OUTCOME_FAILED && !truth.jobs)
        fail_msg("%s (%s) is said to have failed, and nothing was begun",
                 h->name, name);
}

/* As somebody else reads it, from the ledger. */
static void
compare_all(struct bed *b, const char *run, size_t *sick)
{
    struct hf_session *other = bed_another(b);
    struct hf_plan *plan = NULL;
    struct hf_rollout *r = NULL;
    struct hf_rollout_counts n;
    char *path = hf_xasprintf("runs/%.4s-%.2s/%s/end.json", run, run + 4, run);
    cJSON *end = bed_ledger_file(b, path), *counts;

    if (hf_rollout_read(&plan, &r, other, run, &b->err) < 0)
        fail_msg("%s", b->err.text);
    for (size_t i = 0; i < plan->hosts_len; i++) {
        const struct hf_slot *slot = hf_rollout_slot(r, (int)i);
        size_t k = index_of(b, plan->hosts[i].name);

        assert_int_equal(slot->state, HF_SLOT_ENDED);
        compare_host(b, &plan->hosts[i], slot->outcome);
        *sick += fault_of(b, k) == HF_SIM_SICK &&
                 slot->outcome == HF_OUTCOME_VERIFIED;
    }
    hf_rollout_counts(r, -1, &n);
    assert_non_null(end);
    counts = cJSON_GetObjectItem(end, "counts");
    for (int i = 0; i < HF_OUTCOME_COUNT; i++)
        assert_int_equal(hf_json_int(counts, hf_outcome_names[i], 0),
                         n.by_outcome[i]);
    assert_true(n.by_outcome[HF_OUTCOME_VERIFIED] > plan->hosts_len / 2);
    assert_true(n.by_outcome[HF_OUTCOME_UNREACHABLE] > 0);
    assert_true(n.by_outcome[HF_OUTCOME_REFUSED] > 0);
    assert_true(n.by_outcome[HF_OUTCOME_FAILED] +
                    n.by_outcome[HF_OUTCOME_UNVERIFIED] >
                0);
    cJSON_Delete(end);
    free(path);
    hf_rollout_free(r);
    hf_plan_free(plan);
    hf_session_free(other);
}

/* A process that comes later records what the last one could not: of the parts
 * of a run there is nothing to record. */
static void
look_in(struct bed *b)
{
    struct hf_ask ask = bed_ask(HF_ACTION_CHECK, bed_well(b, 0), NULL);

    bed_open(b);
    (void)bed_run(b, &ask);
    bed_settle(b);
    bed_close(b);
}

static void
a_month_without_people_ends_and_tells_the_truth(void **state)
{
    struct month m = {0};
    const struct hf_conduct_options o = {.on_event = watch, .ctx = &m};
    struct hf_conduct *c = NULL;
    struct hf_plan *plan;
    char run[HF_RUN_ID_LEN];
    size_t sick = 0;
    struct bed b;

    (void)state;
    make_fleet(&b, MONTH_HOSTS, 50,
               "{\"extends\": \"monthly-hotpatch\", " BUDGET ", " RINGS
               ", " GATES("watch") "}");
    plan = make_plan(&b);
    if (hf_conduct_new(&c, b.s, plan, &o, &b.err) < 0)
        fail_msg("%s", b.err.text);
    (void)snprintf(run, sizeof(run), "%s", hf_conduct_run_id(c));
    to_the_end(c);
    hf_conduct_free(c);
    hf_plan_free(plan);
    bed_settle(&b);
    bed_close(&b);
    assert_true(m.ended - m.began >= INT64_C(28) * DAY_MS);
    look_in(&b);
    compare_all(&b, run, &sick);
    assert_true(!sick || m.bad_samples > 0);
    bed_free(&b);
}

/* ---- the same by a timer ---- */

#define TICK_HOSTS 40

/* Each tick is a process of its own; those that find nothing due are left
 * out, for they do nothing. */
static void
tick_to_the_end(struct bed *b, const char *run)
{
    const struct hf_conduct_options o = {0};
    struct hf_conduct *c = NULL;
    int64_t wait, due = 0;

    do {
        hf_clock_skip((due - hf_now() + TIMER_MS - 1) / TIMER_MS * TIMER_MS);
        bed_open(b);
        if (hf_conduct_resume(&c, b->s, run, &o, &b->err) < 0)
            fail_msg("%s", b->err.text);
        wait = hf_conduct_hurry(c, NULL, NULL);
        due = hf_conduct_due(c);
        if (wait == HF_CONDUCT_IDLE && (hf_conduct_blocked(c) || !due))
            fail_msg("it waits: %s", hf_conduct_trouble(c));
        hf_conduct_free(c);
        bed_settle(b);
        bed_close(b);
    } while (wait == HF_CONDUCT_IDLE);
    assert_int_equal(wait, HF_RUN_OVER);
}

struct story {
    FILE *to;
    const struct hf_plan *plan;
};

static void
tell_event(void *ctx, const struct hf_rollout_event *e)
{
    const struct story *s = ctx;

    (void)fprintf(
        s->to, "%s ring %d batch %d gate %d %s %s sample %d exit %d\n",
        hf_rollout_kind_names[e->kind], e->ring, e->batch, e->gate,
        e->host < 0 ? "-" : s->plan->hosts[e->host].name,
        e->kind == HF_ROLLOUT_HOST_ENDED ? hf_outcome_names[e->outcome] : "-",
        e->sample, e->exit);
}

/* A file of the ledger; what a process chose by itself is masked. */
static void
tell_path(const struct story *s, const struct bed *b, const char *path,
          const char *run)
{
    const char *at = strstr(path, run);
    cJSON *doc;

    if (strstr(path, "/log/"))
        return; /* how the log is cut is up to each process */
    if (!at) {
        (void)fprintf(s->to, "%s\n", path);
        return;
    }
    (void)fprintf(s->to, "%.*sRUN%s\n", (int)(at - path), path,
                  at + strlen(run));
    if (strncmp(path, "hosts/", 6) != 0)
        return;
    doc = bed_ledger_file(b, path);
    (void)fprintf(s->to, "  %s %s: %s -> %s\n", hf_json_str(doc, "action"),
                  hf_json_str(doc, "outcome"), hf_json_str(doc, "from"),
                  hf_json_str(doc, "to"));
    cJSON_Delete(doc);
}

/* Everything that the ledger says of the run, without times and ids. */
static void
tell_ledger(struct bed *b, const char *run, const char *file)
{
    struct hf_session *other = bed_another(b);
    struct hf_plan *plan = NULL;
    struct hf_rollout *r = NULL;
    struct story s = {.to = fopen(file, "w")};
    char *paths, *rest, *path;

    assert_non_null(s.to);
    if (hf_rollout_read(&plan, &r, other, run, &b->err) < 0)
        fail_msg("%s", b->err.text);
    s.plan = plan;
    if (hf_rollout_each(other, run, plan, tell_event, &s, &b->err) < 0)
        fail_msg("%s", b->err.text);
    paths = hf_xstrdup(bed_git(b, "ls-tree -r --name-only ledger"));
    for (rest = paths; (path = strsep(&rest, "\n")) != NULL;) {
        if (strncmp(path, "runs/", 5) != 0 || strstr(path, run))
            tell_path(&s, b, path, run);
    }
    assert_int_equal(fclose(s.to), 0);
    free(paths);
    hf_rollout_free(r);
    hf_plan_free(plan);
    hf_session_free(other);
}

static void
month_of(const char *file, int tick)
{
    const struct hf_conduct_options o = {0};
    struct hf_conduct *c = NULL;
    struct hf_plan *plan;
    char run[HF_RUN_ID_LEN];
    struct bed b;

    make_fleet(&b, TICK_HOSTS, 150,
               "{\"extends\": \"monthly-hotpatch\", "
               "\"limits\": {\"parallel\": 1}, " BUDGET ", " RINGS
               ", " GATES("watch") "}");
    plan = make_plan(&b);
    if (hf_conduct_new(&c, b.s, plan, &o, &b.err) < 0)
        fail_msg("%s", b.err.text);
    (void)snprintf(run, sizeof(run), "%s", hf_conduct_run_id(c));
    if (!tick)
        to_the_end(c);
    hf_conduct_free(c);
    hf_plan_free(plan);
    bed_settle(&b);
    bed_close(&b);
    if (tick)
        tick_to_the_end(&b, run);
    tell_ledger(&b, run, file);
    bed_free(&b);
}

static char *
read_all(const char *path)
{
    struct hf_err err = HF_ERR_INIT;
    struct hf_buf text = {0};

    if (hf_file_read(&text, path, 16u << 20, &err) < 0)
        fail_msg("%s", err.text);
    return hf_buf_take(&text);
}

static void
ticks_of_a_timer_leave_the_ledger_that_one_process_leaves(void **state)
{
    char *dir = scratch_new(), *one, *other;
    char *stay = hf_path_join(dir, "stay"), *ticks = hf_path_join(dir, "ticks");

    (void)state;
    month_of(stay, 0);
    month_of(ticks, 1);
    one = read_all(stay);
    other = read_all(ticks);
    assert_true(strlen(one) > 2000);
    assert_string_equal(one, other);
    free(one);
    free(other);
    free(stay);
    free(ticks);
    scratch_free(dir);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_month_without_people_ends_and_tells_the_truth),
        cmocka_unit_test(
            ticks_of_a_timer_leave_the_ledger_that_one_process_leaves),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
