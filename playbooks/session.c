/*
 * Opening and reloading a fleet. What is recorded of the hosts is read in
 * states.c; acting is in act.c.
 */
#include "playbooks/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/base/crew.h"
#include "backend/base/file.h"
#include "backend/base/log.h"
#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "backend/drivers/driver.h"
#include "inventory/load.h"
#include "playbooks/session_priv.h"

#define HOSTS_FILE "hosts" /* see hf_load_cache */
#define LOG_FILE "log.jsonl"
#define HOSTS_A_JOB 1000 /* of judging */
#define WRITE_MS 1000    /* and so long when the fleet is to be read anew */
#define FREE_MS 10000    /* the ledger may take so long when nobody settled */

static const char *
session_dir(const struct hf_session_options *o)
{
    const char *env = getenv("HOTFLEET_FLEET");

    if (o->dir)
        return o->dir;
    return env && *env ? env : ".";
}

/* What nobody waits for is told there; without it the work goes on. */
static void
open_log(const struct hf_session *s)
{
    char *path = hf_path_join(s->state_dir, LOG_FILE);
    struct hf_err ignored = HF_ERR_INIT;

    (void)hf_log_open(path, HF_LOG_INFO, &ignored);
    free(path);
}

/* Once, for good. Read-only makes no folder either, and no log. */
static int
find_state_dir(struct hf_session *s, const struct hf_fleet *f,
               struct hf_err *err)
{
    int rc;

    if (s->state_dir)
        return HF_OK;
    rc = (s->o.read_only ? hf_state_path : hf_state_dir)(
        &s->state_dir, f->name, f->root_commit, hf_repo_path(s->repo), err);
    if (rc == HF_OK && !s->o.read_only)
        open_log(s);
    return rc;
}

/* A fleet whose settings have problems may lack a name. */
char *
session_cache_path(void *ctx, const struct hf_fleet *fleet)
{
    struct hf_session *s = ctx;
    struct hf_err ignored = HF_ERR_INIT;

    if (!fleet->name || find_state_dir(s, fleet, &ignored) < 0)
        return NULL;
    return hf_path_join(s->state_dir, HOSTS_FILE);
}

void
session_pretend(const struct hf_session *s, struct hf_fleet *fleet)
{
    if (!fleet || !s->o.rehearsal)
        return;
    fleet->simulated = 1;
    fleet->ledger_remote = NULL;
    fleet->ledger_sign = 0;
}

static int
load_fleet(struct hf_session *s, struct hf_problems *problems,
           struct hf_err *err)
{
    const struct hf_load_cache cache = {.path = session_cache_path,
                                        .read_only = s->o.read_only,
                                        .ctx = s,
                                        .dirty = &s->dirty};

    int rc = hf_fleet_load_cached(&s->fleet, s->repo, &cache, problems, err);

    session_pretend(s, s->fleet);
    return rc;
}

/* Takes in what went on since the fleet was loaded; `rc` is how that went. */
static int
take_dirty(struct hf_session *s, int rc, struct hf_err *err)
{
    struct hf_err other = HF_ERR_INIT;
    int dirty = 0, dirty_rc;

    if (!s->dirty)
        return rc;
    dirty_rc = hf_dirty_finish(s->dirty, &dirty, &other);
    s->dirty = NULL;
    if (s->fleet)
        s->fleet->dirty = dirty;
    if (rc < 0 || dirty_rc == HF_OK)
        return rc;
    *err = other;
    return dirty_rc;
}

/* The fleet and what is recorded of it. */
static int
load_all(struct hf_session *s, struct hf_problems *problems, struct hf_err *err)
{
    int rc;

    if ((rc = load_fleet(s, problems, err)) == HF_OK &&
        (rc = find_state_dir(s, s->fleet, err)) == HF_OK)
        rc = states_load(s, err);
    return take_dirty(s, rc, err);
}

static int
session_load(struct hf_session *s, struct hf_problems *problems,
             struct hf_err *err)
{
    int rc;

    if ((rc = hf_repo_open(&s->repo, s->dir, err)) < 0 ||
        (rc = load_all(s, problems, err)) < 0)
        return rc;
    return intents_load(s, err);
}

int
hf_session_open(struct hf_session **out,
                const struct hf_session_options *options,
                struct hf_problems *problems, struct hf_err *err)
{
    struct hf_session *s = HF_NEW(struct hf_session);
    int rc;

    *out = NULL;
    s->o = *options;
    s->lock_fd = -1;
    s->dir = hf_xstrdup(session_dir(options));
    s->results = hf_queue_new((void (*)(void *))hf_result_free);
    s->acks = hf_queue_new(free);
    s->ledger_acks = hf_queue_new(free);
    if ((rc = session_load(s, problems, err)) < 0) {
        hf_session_free(s);
        return rc;
    }
    s->operator_ = operator_describe(s->repo);
    *out = s;
    return HF_OK;
}

void
hf_session_free(struct hf_session *s)
{
    struct hf_err err = HF_ERR_INIT;

    if (!s)
        return;
    s->running = 0;
    hf_run_free(s->run);
    hf_transport_free(s->transport);
    (void)hf_session_settle(s, FREE_MS, &err);
    hf_log_close();
    intents_free(s);
    states_free(s);
    hf_history_free(s->past);
    newest_forget(s);
    hf_fleet_free(s->fleet);
    hf_repo_free(s->repo);
    hf_queue_free(s->results);
    hf_queue_free(s->acks);
    hf_queue_free(s->ledger_acks);
    hf_selector_free(s->selector);
    free(s->run_index);
    free(s->net_moved);
    free(s->agreed);
    hf_strs_release(&s->back_to);
    free(s->selector_text);
    free(s->again_on);
    free(s->change);
    free(s->reason);
    free(s->operator_);
    free(s->state_dir);
    free(s->dir);
    free(s);
}

int
session_aside(struct hf_session *out, const struct hf_session *s,
              struct hf_err *err)
{
    *out = (struct hf_session){.lock_fd = -1};
    out->o.read_only = s->o.read_only;
    out->fleet = HF_NEW(struct hf_fleet);
    out->fleet->ledger_branch = hf_xstrdup(s->fleet->ledger_branch);
    out->state_dir = hf_xstrdup(s->state_dir);
    return hf_repo_open(&out->repo, hf_repo_path(s->repo), err);
}

void
session_aside_release(struct hf_session *aside)
{
    hf_history_free(aside->past);
    hf_repo_free(aside->repo);
    if (aside->fleet)
        free((char *)aside->fleet->ledger_branch);
    free(aside->fleet);
    free(aside->state_dir);
    *aside = (struct hf_session){.lock_fd = -1};
}

/* What the ledger is still to be told is nowhere but in the states. */
static int
is_written(struct hf_session *s)
{
    if (s->ledger && !hf_ledger_wait(s->ledger, WRITE_MS))
        return 0;
    record_take_acks(s); /* our own commit is no news */
    return 1;
}

/* 1: the files moved, or the ledger by others than us. */
static int
has_moved(struct hf_session *s, struct hf_err *err)
{
    char head[41], tip[41];
    int rc;

    if ((rc = hf_repo_head(s->repo, head, err)) < 0 ||
        (rc = states_ledger_tip(s, tip, err)) < 0)
        return rc;
    return strcmp(head, s->fleet->commit) != 0 ||
           (strcmp(tip, s->ledger_tip) != 0 &&
            strcmp(tip, s->ledger_commit) != 0);
}

int
hf_session_reload(struct hf_session *s, struct hf_problems *problems,
                  struct hf_err *err)
{
    struct hf_session old;
    int rc;

    if (s->running)
        return 0; /* the run's hosts are borrowed from this snapshot */
    if ((rc = has_moved(s, err)) <= 0)
        return rc;
    if (!is_written(s))
        return 0;
    if ((rc = has_moved(s, err)) <= 0)
        return rc;
    old = *s;
    s->fleet = NULL;
    s->states = NULL;
    s->states_len = 0;
    s->recall = NULL;
    if ((rc = load_all(s, problems, err)) < 0) {
        states_free(s);
        hf_fleet_free(s->fleet);
        s->fleet = old.fleet;
        s->states = old.states;
        s->states_len = old.states_len;
        s->recall = old.recall;
        memcpy(s->ledger_tip, old.ledger_tip, sizeof(old.ledger_tip));
        return rc;
    }
    hf_run_free(s->run);
    s->run = NULL;
    states_free(&old);
    hf_fleet_free(old.fleet);
    newest_forget(s);
    return 1;
}

/* ---- looking ---- */

struct hf_repo *
hf_session_repo(struct hf_session *s)
{
    return s->repo;
}

const struct hf_fleet *
hf_session_fleet(const struct hf_session *s)
{
    return s->fleet;
}

int
hf_session_read_only(const struct hf_session *s)
{
    return s->o.read_only;
}

const struct hf_state *
hf_session_states(const struct hf_session *s, size_t *n)
{
    *n = s->states_len;
    return s->states;
}

const struct hf_state *
hf_session_state(const struct hf_session *s, const char *host)
{
    const struct hf_host *h = hf_fleet_find(s->fleet, host);

    return h ? &s->states[state_index(s, h)] : NULL;
}

struct judging {
    struct hf_session *s;
    int64_t now;
};

static int
judge_some(void *ctx, void *own, size_t job, struct hf_err *err)
{
    const struct judging *j = ctx;
    struct hf_session *s = j->s;
    size_t first = job * HOSTS_A_JOB, last = first + HOSTS_A_JOB;

    (void)own;
    (void)err;
    for (size_t i = first; i < last && i < s->states_len; i++) {
        hf_judge(&s->states[i], s->fleet, j->now);
        hf_state_fold(&s->states[i]);
    }
    return HF_OK;
}

/* Judging is pure, and nobody else looks meanwhile: several threads do it at
 * once. */
void
hf_session_judge(struct hf_session *s, int64_t now)
{
    struct judging judging = {s, now};
    const struct hf_crew crew = {.work = judge_some, .ctx = &judging};
    struct hf_err never = HF_ERR_INIT;

    recall_judged(s->recall, now);
    (void)hf_crew_run(&crew, (s->states_len + HOSTS_A_JOB - 1) / HOSTS_A_JOB,
                      &never);
}

struct hf_run *
hf_session_run(struct hf_session *s)
{
    return s->run;
}

const char *
hf_session_run_id(const struct hf_session *s)
{
    return s->run_id;
}

const char *
hf_session_operator(const struct hf_session *s)
{
    return s->operator_;
}

const char *
hf_session_ledger_note(const struct hf_session *s)
{
    return s->ledger_note;
}
