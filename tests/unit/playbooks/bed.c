/* See bed.h. */
#include "tests/unit/playbooks/bed.h"

#include <dirent.h>
#include <poll.h>
#include <string.h>

#include "backend/base/sha256.h"
#include "backend/base/time.h"
#include "backend/sim/kernel.h"
#include "tests/support/git.h"

#define PATIENCE_MS 60000
#define JOB_MS 30
#define REPLY_MS 20 /* of slow ones: no two answers in one pump */
#define ASKED_MOST 60

/* ---- fleet and sessions ---- */

void
bed_new_of(struct bed *b, size_t hosts, const struct hf_sim_options *o)
{
    char *state;

    *b = (struct bed){.dir = scratch_new()};
    setenv("HOME", b->dir, 1);
    setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("SSH_AUTH_SOCK");
    state = hf_path_join(b->dir, "state");
    setenv("XDG_STATE_HOME", state, 1);
    free(state);
    b->fleet = hf_path_join(b->dir, "fleet");
    if (hf_sim_fleet_new(&b->sim, b->fleet, hosts, o, &b->err) < 0)
        fail_msg("%s", b->err.text);
}

static void
make(struct bed *b, size_t hosts, int all_well, int64_t job_ms,
     int64_t reply_ms)
{
    struct hf_sim_options o = {
        .job_ms = job_ms, .reply_ms = reply_ms, .all_well = all_well};

    unsetenv("HOTFLEET_CLOCK");
    bed_new_of(b, hosts, &o);
}

void
bed_new(struct bed *b, int all_well)
{
    make(b, BED_HOSTS, all_well, JOB_MS, 0);
}

void
bed_new_slow(struct bed *b, int64_t job_ms)
{
    make(b, BED_HOSTS, 1, job_ms, REPLY_MS);
}

void
bed_new_large(struct bed *b, size_t hosts)
{
    make(b, hosts, 1, JOB_MS, 0);
}

static void
forget_events(struct bed *b)
{
    for (size_t i = 0; i < b->events_len; i++)
        hf_event_release(&b->events[i]);
    free(b->events);
    b->events = NULL;
    b->events_len = b->events_cap = 0;
}

void
bed_free(struct bed *b)
{
    bed_close(b);
    hf_sim_fleet_free(b->sim);
    forget_events(b);
    free(b->fleet);
    scratch_free(b->dir);
}

int
bed_set_up(void **state)
{
    static struct bed b;

    bed_new(&b, 1);
    *state = &b;
    return 0;
}

int
bed_tear_down(void **state)
{
    bed_free(*state);
    return 0;
}

static struct hf_session *
open_session(struct bed *b, int read_only)
{
    struct hf_session_options o = {
        .dir = b->fleet, .read_only = read_only, .limits = b->limits};
    struct hf_problems problems = {0};
    struct hf_session *s;

    if (hf_session_open(&s, &o, &problems, &b->err) < 0)
        fail_msg("%s", b->err.text);
    hf_problems_release(&problems);
    return s;
}

void
bed_open(struct bed *b)
{
    b->s = open_session(b, 0);
}

void
bed_open_read_only(struct bed *b)
{
    b->s = open_session(b, 1);
}

void
bed_close(struct bed *b)
{
    hf_session_free(b->s);
    b->s = NULL;
}

struct hf_session *
bed_another(struct bed *b)
{
    return open_session(b, 0);
}

/* ---- hosts ---- */

static int
has_older_patch(const struct hf_sim_host *h)
{
    const struct hf_sim_kernel *k = hf_sim_kernel_find(h->kernel);

    return k && k->patches[1].name && h->behind == 1;
}

const char *
bed_host(const struct bed *b, enum hf_sim_fault fault)
{
    const struct hf_sim_host *hosts;
    size_t n;

    hosts = hf_sim_fleet_hosts(b->sim, &n);
    for (size_t i = 0; i < n; i++) {
        if (hosts[i].fault == fault)
            return hosts[i].name;
    }
    fail_msg("no host is %s", hf_sim_faults[fault].name);
    return NULL;
}

const char *
bed_well(const struct bed *b, size_t at)
{
    const struct hf_sim_host *hosts;
    size_t n;

    hosts = hf_sim_fleet_hosts(b->sim, &n);
    for (size_t i = 0; i < n; i++) {
        if (hosts[i].fault == HF_SIM_WELL && has_older_patch(&hosts[i]) &&
            i != 10 && at-- == 0)
            return hosts[i].name;
    }
    fail_msg("too few well hosts");
    return NULL;
}

const struct hf_state *
bed_state(const struct bed *b, const char *host)
{
    const struct hf_state *st = hf_session_state(b->s, host);

    assert_non_null(st);
    return st;
}

const struct hf_record *
bed_record(const struct bed *b, const char *host)
{
    return hf_state_record(bed_state(b, host));
}

/* ---- runs ---- */

struct hf_ask
bed_ask(enum hf_action action, ...)
{
    static const char *names[ASKED_MOST];
    struct hf_ask ask = {.action = action,
                         .hosts = names,
                         .change = "CHG1",
                         .reason = "test",
                         .parallel = 40};
    const char *name;
    va_list ap;

    va_start(ap, action);
    while ((name = va_arg(ap, const char *)) && ask.hosts_len < ASKED_MOST)
        names[ask.hosts_len++] = name;
    va_end(ap);
    return ask;
}

static void
keep_event(void *ctx, const struct hf_event *e)
{
    struct bed *b = ctx;
    struct hf_event *to = HF_PUSH(&b->events, &b->events_len, &b->events_cap);

    *to = *e;
    to->data = cJSON_Duplicate(e->data, 1);
}

int
bed_start(struct bed *b, const struct hf_ask *ask)
{
    forget_events(b);
    return hf_session_start(b->s, ask, keep_event, b, &b->err);
}

/* 0 when the run is over. */
static int
pump(struct bed *b, int64_t began)
{
    struct pollfd polls[HF_SESSION_FDS];
    int fds[HF_SESSION_FDS];
    size_t n = hf_session_fds(b->s, fds);
    int64_t due = hf_session_pump(b->s);

    if (due == HF_RUN_OVER)
        return 0;
    for (size_t i = 0; i < n; i++)
        polls[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
    (void)poll(polls, n, due < 0 || due > 1000 ? 1000 : (int)due);
    if (hf_mono() - began > PATIENCE_MS)
        fail_msg("it does not come to an end");
    return 1;
}

int
bed_finish(struct bed *b)
{
    int64_t began = hf_mono();

    while (pump(b, began))
        ;
    return hf_run_exit(hf_session_run(b->s));
}

int
bed_run(struct bed *b, const struct hf_ask *ask)
{
    if (bed_start(b, ask) < 0)
        fail_msg("%s", b->err.text);
    return bed_finish(b);
}

void
bed_check(struct bed *b, int parallel)
{
    struct hf_ask ask = {.action = HF_ACTION_CHECK, .parallel = parallel};
    const struct hf_sim_host *hosts;
    const char **names;

    hosts = hf_sim_fleet_hosts(b->sim, &ask.hosts_len);
    names = hf_xcalloc(ask.hosts_len, sizeof(*names));
    for (size_t i = 0; i < ask.hosts_len; i++)
        names[i] = hosts[i].name;
    ask.hosts = names;
    (void)bed_run(b, &ask);
    free(names);
}

void
bed_until(struct bed *b, enum hf_event_kind kind)
{
    int64_t began = hf_mono();

    while (!bed_event(b, kind)) {
        if (!pump(b, began))
            fail_msg("it ended without %s", hf_event_rows[kind].name);
    }
}

void
bed_until_step(struct bed *b, enum hf_phase phase)
{
    int64_t began = hf_mono();

    for (;;) {
        const struct hf_event *e = bed_event(b, HF_EVENT_HOST_STEP);

        if (e &&
            strcmp(hf_json_str(e->data, "step"), hf_phase_names[phase]) == 0)
            return;
        if (!pump(b, began))
            fail_msg("it ended without '%s'", hf_phase_names[phase]);
    }
}

void
bed_settle(struct bed *b)
{
    if (hf_session_settle(b->s, PATIENCE_MS, &b->err) < 0)
        fail_msg("%s", b->err.text);
}

static const struct hf_run_host *
run_host(const struct bed *b, const char *host)
{
    const struct hf_run *r = hf_session_run(b->s);

    for (size_t i = 0; i < hf_run_hosts_len(r); i++) {
        if (strcmp(hf_run_host(r, i)->host->name, host) == 0)
            return hf_run_host(r, i);
    }
    fail_msg("'%s' is not in the run", host);
    return NULL;
}

enum hf_outcome
bed_outcome(const struct bed *b, const char *host)
{
    return run_host(b, host)->outcome;
}

const char *
bed_why(const struct bed *b, const char *host)
{
    return run_host(b, host)->why;
}

const struct hf_event *
bed_event(const struct bed *b, enum hf_event_kind kind)
{
    for (size_t i = b->events_len; i-- > 0;) {
        if (b->events[i].kind == kind)
            return &b->events[i];
    }
    return NULL;
}

size_t
bed_count(const struct bed *b, enum hf_event_kind kind)
{
    size_t n = 0;

    for (size_t i = 0; i < b->events_len; i++)
        n += b->events[i].kind == kind;
    return n;
}

/* ---- what is written ---- */

const char *
bed_git(const struct bed *b, const char *words)
{
    static char *out;

    free(out);
    out = git_out(b->fleet, NULL, words);
    return out;
}

cJSON *
bed_ledger_file(const struct bed *b, const char *path)
{
    char *words = hf_xasprintf("show ledger:%s", path), *text;
    struct hf_err err = HF_ERR_INIT;
    cJSON *doc = NULL;
    int status;

    text = git_out(b->fleet, &status, words);
    if (status == 0 && hf_json_parse(&doc, text, strlen(text), &err) < 0)
        fail_msg("%s: %s", path, err.text);
    free(text);
    free(words);
    return doc;
}

void
bed_ledger_write(const struct bed *b, const char *path, cJSON *doc)
{
    struct hf_ledger_options o = {.branch = "ledger"};
    struct hf_ledger_record *r = HF_NEW(struct hf_ledger_record);
    struct hf_err err = HF_ERR_INIT;
    struct hf_ledger *l = NULL;

    *r = (struct hf_ledger_record){.path = hf_xstrdup(path),
                                   .content = hf_json_print(doc),
                                   .subject = hf_xstrdup("test")};
    cJSON_Delete(doc);
    if (hf_ledger_open(&l, b->fleet, &o, NULL, &err) < 0)
        fail_msg("%s", err.text);
    hf_ledger_add(l, r);
    if (hf_ledger_close(l, PATIENCE_MS, &err) < 0)
        fail_msg("%s", err.text);
}

size_t
bed_ledger_count(const struct bed *b, const char *suffix)
{
    char *text = hf_xstrdup(bed_git(b, "ls-tree -r --name-only ledger"));
    char *save = NULL;
    size_t n = 0;

    for (char *line = strtok_r(text, "\n", &save); line;
         line = strtok_r(NULL, "\n", &save))
        n += hf_has_suffix(line, suffix);
    free(text);
    return n;
}

void
bed_configure(const struct bed *b, const char *members)
{
    char *path = hf_path_join(b->fleet, "hotfleet.json"), *text;
    struct hf_err err = HF_ERR_INIT;
    struct hf_buf old = {0};

    if (hf_file_read(&old, path, 1u << 20, &err) < 0)
        fail_msg("%s", err.text);
    text = hf_xasprintf("{ %s, %s", members, strchr(hf_buf_str(&old), '{') + 1);
    if (hf_file_write(path, text, strlen(text), 0644, &err) < 0)
        fail_msg("%s", err.text);
    (void)bed_git(b, "commit -q -a -m configure");
    hf_buf_release(&old);
    free(text);
    free(path);
}

void
bed_edit(const struct bed *b, const char *host, const char *key,
         const char *value)
{
    const char *const argv[] = {
        "sh",
        "-c",
        "f=$(find hosts -name \"$1.json\") && "
        "sed -i \"s|\\\"$2\\\": \\\"[^\\\"]*\\\"|\\\"$2\\\": "
        "\\\"$3\\\"|\" \"$f\" && git commit -q -a -m \"edit $1\"",
        "sh",
        host,
        key,
        value,
        NULL};

    free(run_in(b->fleet, argv, NULL));
}

char *
bed_state_dir(const struct bed *b)
{
    char *dir = hf_path_join(b->dir, "state/hotfleet"), *out = NULL;
    DIR *d = opendir(dir);
    struct dirent *e;

    while (d && (e = readdir(d))) {
        if (e->d_name[0] != '.')
            out = hf_path_join(dir, e->d_name);
    }
    if (d)
        closedir(d);
    free(dir);
    return out;
}

void
bed_print(const struct bed *b, char hex[65])
{
    const char *const argv[] = {
        "sh", "-c",
        "git -C fleet for-each-ref; git -C fleet count-objects -v;"
        "find state -printf '%p %y %m %s\\n' 2>/dev/null | sort;"
        "find state -type f -exec sha256sum {} + 2>/dev/null | sort",
        NULL};
    char *out = run_in(b->dir, argv, NULL);

    hf_sha256_hex(hex, out, strlen(out));
    free(out);
}
