/*
 * Rollouts whose process is killed at every line that it writes: at each one
 * of the rollout's log, and at each first line of a kind that the journal gets
 * about a host. One of thirty hosts, and one that takes itself back. Each
 * process is this program again; the hosts live on in the test.
 */
#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backend/base/file.h"
#include "playbooks/rollout.h"
#include "tests/unit/playbooks/bed.h"

#define HOSTS 30
#define LEAST 30 /* in the rollout */
#define UNDONE 4 /* hosts of the one that takes itself back */
#define MOST_DEATHS 400
#define PARALLEL "4"

/* ---- one process: goes on, and dies at the first line that is new ---- */

struct life {
    struct hf_session *s;
    struct hf_conduct *c;
    const char *seen_path;
    char *seen; /* lines of the journal at which others died */
};

static void
on_line(void *ctx, const struct hf_rollout_event *e)
{
    (void)ctx;
    if (e->kind != HF_ROLLOUT_ENDED)
        (void)kill(getpid(), SIGKILL);
}

static void
on_host(void *ctx, const struct hf_event *e)
{
    struct life *l = ctx;
    char *line;
    FILE *to;

    if (!(hf_event_rows[e->kind].flags & HF_EVENT_JOURNALLED) || !e->host[0])
        return;
    line = hf_xasprintf("%s %s\n", e->host, hf_event_rows[e->kind].name);
    if (!strstr(l->seen, line) && (to = fopen(l->seen_path, "a")) != NULL) {
        (void)fputs(line, to);
        (void)fclose(to);
        (void)kill(getpid(), SIGKILL);
    }
    free(line);
}

static int
begin(struct life *l, const char *run, struct hf_err *err)
{
    const struct hf_conduct_options o = {
        .on_event = on_line, .on_host = on_host, .ctx = l};
    const struct hf_plan_ask ask = {.playbook = "deaths"};
    struct hf_problems problems = {0};
    struct hf_plan *plan = NULL;
    int rc;

    if (*run)
        return hf_conduct_resume(&l->c, l->s, run, &o, err);
    if ((rc = hf_plan_make(&plan, l->s, &ask, &problems, err)) == HF_OK)
        rc = hf_conduct_new(&l->c, l->s, plan, &o, err);
    hf_plan_free(plan);
    hf_problems_release(&problems);
    return rc;
}

static void
wait_for_work(const struct life *l, int64_t ms)
{
    struct pollfd polls[HF_SESSION_FDS + 1];
    int fds[HF_SESSION_FDS];
    size_t n = hf_session_fds(l->s, fds);

    for (size_t i = 0; i < n; i++)
        polls[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
    polls[n++] = (struct pollfd){.fd = hf_conduct_fd(l->c), .events = POLLIN};
    (void)poll(polls, n, ms < 0 || ms > 100 ? 100 : (int)ms);
}

/* Over, or halted: a person's now. */
static int
has_stopped(const struct life *l, int64_t wait)
{
    struct hf_rollout_view v;

    hf_rollout_view(hf_conduct_rollout(l->c), &v);
    return wait == HF_RUN_OVER ||
           (wait == HF_CONDUCT_IDLE && v.state == HF_ROLLOUT_IS_HALTED);
}

static int
live(char **argv)
{
    const struct hf_session_options o = {.dir = argv[2]};
    struct life l = {.seen_path = argv[4]};
    struct hf_problems problems = {0};
    struct hf_err err = HF_ERR_INIT;
    struct hf_buf seen = {0};
    int64_t wait;

    if (hf_file_read(&seen, l.seen_path, 1u << 20, &err) < 0 ||
        hf_session_open(&l.s, &o, &problems, &err) < 0)
        goto out;
    l.seen = hf_buf_take(&seen);
    if (begin(&l, argv[3], &err) < 0)
        goto out;
    while (wait = hf_conduct_pump(l.c), !has_stopped(&l, wait))
        wait_for_work(&l, wait);
    hf_conduct_free(l.c);
out:
    if (err.code < 0)
        (void)fprintf(stderr, "%s\n", err.text);
    hf_session_free(l.s);
    hf_problems_release(&problems);
    free(l.seen);
    return err.code < 0;
}

/* ---- the test ---- */

/* The run that has a log, or "". */
static void
find_run(const struct bed *b, char run[HF_RUN_ID_LEN])
{
    char *state = bed_state_dir(b), *dir = hf_path_join(state, "rollouts");
    DIR *d = opendir(dir);
    struct dirent *e;

    run[0] = '\0';
    while (d && (e = readdir(d))) {
        if (hf_run_id_valid(e->d_name))
            (void)snprintf(run, HF_RUN_ID_LEN, "%s", e->d_name);
    }
    if (d)
        closedir(d);
    free(dir);
    free(state);
}

/*
 * Processes are begun by one that was there before the hosts were: what a fork
 * holds of their connections, until it is another program, would stay in the
 * server's epoll.
 */
struct order {
    char home[256], fleet[256], run[HF_RUN_ID_LEN], seen[256];
};
static struct {
    int orders, ends;
    pid_t pid;
} midwife;

static int
bear(const struct order *o)
{
    char state[300];
    int status = -1;
    pid_t pid = fork();

    if (pid == 0) {
        (void)snprintf(state, sizeof(state), "%s/state", o->home);
        (void)setenv("HOME", o->home, 1);
        (void)setenv("XDG_STATE_HOME", state, 1);
        (void)setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
        (void)unsetenv("SSH_AUTH_SOCK");
        execl("/proc/self/exe", "test_deaths", "--live", o->fleet, o->run,
              o->seen, (char *)NULL);
        _exit(127);
    }
    (void)waitpid(pid, &status, 0);
    return status;
}

static void
call_midwife(void)
{
    int orders[2], ends[2], status;
    struct order o;

    if (pipe(orders) < 0 || pipe(ends) < 0 || (midwife.pid = fork()) < 0)
        abort();
    midwife.orders = orders[1];
    midwife.ends = ends[0];
    if (midwife.pid) {
        (void)close(orders[0]);
        (void)close(ends[1]);
        return;
    }
    (void)close(orders[1]);
    while (read(orders[0], &o, sizeof(o)) == sizeof(o)) {
        status = bear(&o);
        if (write(ends[1], &status, sizeof(status)) != sizeof(status))
            break;
    }
    _exit(0);
}

/* 1: it was killed; 0: it came to the end. */
static int
live_once(const struct bed *b, const char *run, const char *seen)
{
    struct order o;
    int status;

    memset(&o, 0, sizeof(o));
    (void)snprintf(o.home, sizeof(o.home), "%s", b->dir);
    (void)snprintf(o.fleet, sizeof(o.fleet), "%s", b->fleet);
    (void)snprintf(o.run, sizeof(o.run), "%s", run);
    (void)snprintf(o.seen, sizeof(o.seen), "%s", seen);
    assert_int_equal(write(midwife.orders, &o, sizeof(o)), sizeof(o));
    assert_int_equal(read(midwife.ends, &status, sizeof(status)),
                     sizeof(status));
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
        return 1;
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    return 0;
}

/* What git was about when it was killed is for people to remove. */
static void
unlock(const struct bed *b)
{
    char *lock = hf_path_join(b->fleet, ".git/refs/heads/ledger.lock");

    (void)unlink(lock);
    free(lock);
}

/* `wanted` jobs on each host of the run's plan, none on others. */
static void
check_jobs(const struct bed *b, const struct hf_plan *plan, unsigned wanted)
{
    const struct hf_sim_host *hosts;
    size_t n;

    hosts = hf_sim_fleet_hosts(b->sim, &n);
    for (size_t i = 0; i < n; i++) {
        unsigned jobs = hf_sim_jobs(hf_sim_fleet_sim(b->sim), i);
        unsigned want = hf_plan_find(plan, hosts[i].name) < 0 ? 0 : wanted;

        if (jobs != want)
            fail_msg("%s: %u jobs instead of %u", hosts[i].name, jobs, want);
    }
}

static void
check_end(struct bed *b, const char *run, size_t deaths)
{
    struct hf_rollout_counts counts;
    struct hf_rollout_view v;
    struct hf_plan *plan = NULL;
    struct hf_rollout *r = NULL;

    bed_open(b);
    if (hf_rollout_read(&plan, &r, b->s, run, &b->err) < 0)
        fail_msg("%s", b->err.text);
    hf_rollout_view(r, &v);
    assert_int_equal(v.state, HF_ROLLOUT_IS_OVER);
    hf_rollout_counts(r, -1, &counts);
    assert_true(counts.hosts >= LEAST);
    assert_int_equal(counts.by_outcome[HF_OUTCOME_VERIFIED], counts.hosts);
    /* Begun and ended, in the log and in the journal. */
    assert_true(deaths >= 4 * counts.hosts);
    check_jobs(b, plan, 1);
    hf_rollout_free(r);
    hf_plan_free(plan);
}

static void
write_file(struct bed *b, const char *folder, const char *name,
           const char *text)
{
    char *dir = hf_path_join(b->fleet, folder), *path = hf_path_join(dir, name);

    assert_int_equal(hf_mkdirs(dir, 0755, &b->err), HF_OK);
    assert_int_equal(hf_file_write(path, text, strlen(text), 0755, &b->err),
                     HF_OK);
    free(path);
    free(dir);
}

/* A fleet of `n` hosts that lack a patch, with that playbook, checked once. */
static void
begin_bed(struct bed *b, size_t n, const char *playbook)
{
    static const struct hf_sim_host like = {.kernel = "6.1.0-53-amd64",
                                            .behind = 1};
    static const char rollback[] =
        "{\"kind\": \"rollback\", \"rings\": [{\"name\": \"all\", "
        "\"size\": \"rest\", \"soak\": \"0s\"}]}";
    struct hf_sim_host hosts[HOSTS];
    const struct hf_sim_options o = {
        .hosts = hosts, .hosts_len = n, .job_ms = 10};

    for (size_t i = 0; i < n; i++) {
        hosts[i] = like;
        (void)snprintf(hosts[i].name, sizeof(hosts[i].name), "web-%02zu", i);
    }
    unsetenv("HOTFLEET_CLOCK");
    bed_new_of(b, n, &o);
    write_file(b, "playbooks", "deaths.json", playbook);
    write_file(b, "playbooks", "rollback-release.json", rollback);
    write_file(b, "hooks", "judge", "#!/bin/sh\necho no\nexit 1\n");
    (void)bed_git(b, "add playbooks hooks");
    (void)bed_git(b, "commit -q -m playbook");
    bed_open(b);
    bed_check(b, 20);
    bed_settle(b);
    bed_close(b);
}

/* Lives and deaths of a run ("": it is begun) until it stops: how many. */
static size_t
live_on(struct bed *b, char run[HF_RUN_ID_LEN])
{
    char *seen = hf_path_join(b->dir, "seen");
    size_t deaths = 0;

    assert_int_equal(hf_file_write(seen, "", 0, 0644, &b->err), HF_OK);
    while (live_once(b, run, seen)) {
        assert_true(++deaths < MOST_DEATHS);
        unlock(b);
        if (!*run)
            find_run(b, run);
    }
    free(seen);
    return deaths;
}

static void
killed_at_every_line_it_ends_as_if_never_killed(void **state)
{
    static const char playbook[] =
        "{\"kind\": \"rollout\", \"targets\": {\"select\": \"patch:behind\"}, "
        "\"limits\": {\"parallel\": " PARALLEL ", \"ramp\": 0}, "
        "\"rings\": [{\"name\": \"first\", \"size\": \"20%\", "
        "\"soak\": \"0s\"}, {\"name\": \"rest\", \"size\": \"rest\", "
        "\"batches\": [\"50%\"], \"soak\": \"0s\"}]}";
    char run[HF_RUN_ID_LEN] = "";
    size_t deaths;
    struct bed b;

    (void)state;
    begin_bed(&b, HOSTS, playbook);
    deaths = live_on(&b, run);
    check_end(&b, run, deaths);
    bed_free(&b);
}

/* The run that takes that one back. */
static void
find_undo(struct bed *b, const char *run, char back[HF_RUN_ID_LEN])
{
    struct hf_rollout_view v;
    struct hf_plan *plan = NULL;
    struct hf_rollout *r = NULL;

    bed_open(b);
    if (hf_rollout_read(&plan, &r, b->s, run, &b->err) < 0)
        fail_msg("%s", b->err.text);
    hf_rollout_view(r, &v);
    if (v.state != HF_ROLLOUT_IS_HALTED || !v.taken_back_by[0])
        fail_msg("%s", v.waits_for);
    (void)snprintf(back, HF_RUN_ID_LEN, "%s", v.taken_back_by);
    hf_rollout_free(r);
    hf_plan_free(plan);
    bed_close(b);
}

static void
check_undone(struct bed *b, const char *back)
{
    struct hf_rollout_counts counts;
    struct hf_rollout_view v;
    struct hf_plan *plan = NULL;
    struct hf_rollout *r = NULL;
    const char *blocks;

    bed_open(b);
    if (hf_rollout_read(&plan, &r, b->s, back, &b->err) < 0)
        fail_msg("%s", b->err.text);
    hf_rollout_view(r, &v);
    hf_rollout_counts(r, -1, &counts);
    assert_int_equal(v.state, HF_ROLLOUT_IS_OVER);
    assert_int_equal(counts.hosts, UNDONE);
    assert_int_equal(counts.by_outcome[HF_OUTCOME_VERIFIED], UNDONE);
    check_jobs(b, plan, 2); /* put in once, taken out once */
    hf_rollout_free(r);
    hf_plan_free(plan);
    blocks = bed_git(b, "log --format=%s --grep=^block");
    blocks = strstr(blocks, "block hotfleet_fix_");
    assert_non_null(blocks);
    assert_null(strstr(blocks + 1, "block hotfleet_fix_"));
}

static void
killed_at_every_line_it_is_taken_back_once(void **state)
{
    static const char playbook[] =
        "{\"kind\": \"rollout\", \"targets\": {\"select\": \"patch:behind\"}, "
        "\"limits\": {\"parallel\": " PARALLEL ", \"ramp\": 0}, "
        "\"rings\": [{\"name\": \"all\", \"size\": \"rest\", "
        "\"soak\": \"0s\", \"gates\": [\"judge\"]}], "
        "\"gates\": [{\"name\": \"judge\", \"checks\": [\"command\"], "
        "\"command\": \"judge\", \"delay\": \"0s\", \"every\": \"1s\", "
        "\"count\": 1}], \"rollback\": {\"when\": \"gate-failed\"}}";
    char run[HF_RUN_ID_LEN] = "", back[HF_RUN_ID_LEN];
    struct bed b;

    (void)state;
    begin_bed(&b, UNDONE, playbook);
    (void)live_on(&b, run);
    find_undo(&b, run, back);
    (void)live_on(&b, back);
    check_undone(&b, back);
    bed_free(&b);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_at_every_line_it_ends_as_if_never_killed),
        cmocka_unit_test(killed_at_every_line_it_is_taken_back_once),
    };

    if (argc == 5 && strcmp(argv[1], "--live") == 0)
        return live(argv);
    call_midwife();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
