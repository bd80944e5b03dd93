/* The log of a rollout: files in the state folder, copies in the ledger. */
#include "playbooks/rollout_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "backend/base/file.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "playbooks/plan.h"
#include "playbooks/rollout_log_priv.h"

static char *
in_dir(const struct rollout_log *l, const char *name)
{
    return hf_path_join(l->dir, name);
}

char *
rollout_log_file(const struct hf_session *s, const char *run, const char *name)
{
    return hf_xasprintf("%s/rollouts/%s/%s", s->state_dir, run, name);
}

char *
rollout_ledger_path(const char *run, const char *folder, const char *file)
{
    char *dir = hf_ledger_run_path(run, folder);
    char *path = hf_path_join(dir, file);

    free(dir);
    return path;
}

/* A file of the run in the ledger. */
static char *
ledger_path(const struct rollout_log *l, const char *file)
{
    return hf_ledger_run_path(l->run, file);
}

/* ---- opening ---- */

static int
take_lock(struct rollout_log *l, struct hf_err *err)
{
    char *path = in_dir(l, "lock");

    l->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    free(path);
    if (l->lock < 0)
        return hf_fail_errno(err, errno, "cannot lock run %s", l->run);
    if (flock(l->lock, LOCK_EX | LOCK_NB) == 0)
        return HF_OK;
    (void)hf_fail(err, HF_ELOCKED, "run %s is carried out by another process",
                  l->run);
    return hf_hint(err, "pause, resume and abort reach it from here, too");
}

static int
make_dirs(struct rollout_log *l, struct hf_err *err)
{
    static const char *const dirs[] = {"inbox", "heard"};
    int rc = HF_OK;

    for (size_t i = 0; i < HF_COUNT(dirs) && rc == HF_OK; i++) {
        char *path = in_dir(l, dirs[i]);

        rc = hf_mkdirs(path, 0700, err);
        free(path);
    }
    return rc;
}

/* What this machine alone knows is put aside, where people find it. */
static int
put_aside(struct rollout_log *l, struct hf_err *err)
{
    char *from = in_dir(l, "log.jsonl"), id[HF_RUN_ID_LEN], *name, *to;
    int rc = HF_OK;

    hf_run_id_new(id);
    name = hf_xasprintf("aside.%s.jsonl", id);
    to = in_dir(l, name);
    if (rename(from, to) < 0)
        rc = hf_fail_errno(err, errno, "cannot put '%s' aside", from);
    free(to);
    free(name);
    free(from);
    return rc;
}

/* Both went on from the same events, in two ways. */
static int
refuse_two_stories(const struct rollout_log *l, struct hf_err *err)
{
    (void)hf_fail(err, HF_ELOCKED,
                  "run %s was gone on with elsewhere: the ledger tells of it, "
                  "and the log of this machine differs",
                  l->run);
    return hf_hint(err,
                   "hotfleet run --takeover %s believes the ledger; the "
                   "log of this machine is put aside",
                   l->run);
}

/* The log here and the one of the ledger become one: whichever has all of the
 * other, and more. */
static int
agree(struct rollout_log *l, enum rollout_log_trust trust, struct hf_err *err)
{
    struct hf_buf here = {0}, there = {0};
    char *path = in_dir(l, "log.jsonl");
    int rc;

    if ((rc = rollout_log_here(&here, l->s, l->run, err)) < 0 ||
        (rc = rollout_log_there(&there, l->s, l->run, err)) < 0)
        goto out;
    l->given = rollout_log_count(&there);
    if (rollout_log_begins(&here, &there)) {
        if (here.len > there.len)
            hf_buf_add(&l->fresh, here.data + there.len, here.len - there.len);
        l->seq = rollout_log_count(&here);
        goto out;
    }
    l->seq = l->given;
    if (!rollout_log_begins(&there, &here) &&
        (rc = trust == ROLLOUT_LOG_BOTH ? refuse_two_stories(l, err)
                                        : put_aside(l, err)) < 0)
        goto out;
    rc = hf_file_write(path, there.data, there.len, 0600, err);
out:
    hf_buf_release(&here);
    hf_buf_release(&there);
    free(path);
    return rc;
}

/* Behind the last whole line. */
static int
open_file(struct rollout_log *l, struct hf_err *err)
{
    char *path = in_dir(l, "log.jsonl");
    struct hf_buf text = {0};
    int rc = rollout_log_here(&text, l->s, l->run, err);

    l->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (rc == HF_OK && (l->fd < 0 || ftruncate(l->fd, (off_t)text.len) < 0))
        rc = hf_fail_errno(err, errno, "cannot write '%s'", path);
    hf_buf_release(&text);
    free(path);
    return rc;
}

int
rollout_log_open(struct rollout_log **out, struct hf_session *s,
                 const char *run, enum rollout_log_trust trust,
                 struct hf_err *err)
{
    struct rollout_log *l = HF_NEW(struct rollout_log);
    int rc;

    *out = NULL;
    l->s = s;
    l->fd = l->lock = -1;
    hf_say(l->run, sizeof(l->run), "%s", run);
    l->dir = hf_xasprintf("%s/rollouts/%s", s->state_dir, run);
    if ((rc = make_dirs(l, err)) < 0 || (rc = take_lock(l, err)) < 0 ||
        (rc = agree(l, trust, err)) < 0 || (rc = open_file(l, err)) < 0) {
        rollout_log_close(l);
        return rc;
    }
    *out = l;
    return HF_OK;
}

void
rollout_log_close(struct rollout_log *l)
{
    if (!l)
        return;
    if (l->fd >= 0)
        (void)close(l->fd);
    if (l->lock >= 0)
        (void)close(l->lock);
    hf_buf_release(&l->fresh);
    free(l->dir);
    free(l);
}

/* ---- the plan ---- */

int
rollout_log_keep_plan(struct rollout_log *l, const struct hf_plan *plan,
                      struct hf_err *err)
{
    struct hf_ledger_record *r = HF_NEW(struct hf_ledger_record);
    cJSON *doc = hf_plan_to_json(plan);
    char *path = in_dir(l, "plan.json");
    int rc;

    r->seq = l->s->recorded;
    r->path = ledger_path(l, "plan.json");
    r->content = hf_json_print_pretty(doc);
    r->subject = hf_xasprintf("run %s of plan %s", l->run, plan->id);
    r->run = hf_xstrdup(l->run);
    r->plan = hf_xstrdup(plan->hash);
    r->change = hf_xstrdup(plan->change);
    r->operator_ = hf_xstrdup(l->s->operator_);
    rc = hf_file_write(path, r->content, strlen(r->content), 0600, err);
    if (rc == HF_OK)
        hf_ledger_add(l->s->ledger, r);
    else
        hf_ledger_record_free(r);
    cJSON_Delete(doc);
    free(path);
    return rc;
}

/* ---- appending ---- */

/* What happens on a host is synced to the journal before it happens. */
static int
is_of_host(const struct hf_rollout_event *e)
{
    return e->kind == HF_ROLLOUT_HOST_STARTED ||
           e->kind == HF_ROLLOUT_HOST_ENDED;
}

int
rollout_log_add(struct rollout_log *l, const struct hf_plan *plan,
                const struct hf_rollout_event *e, struct hf_err *err)
{
    cJSON *doc = hf_rollout_event_to_json(e, plan);
    char *line = hf_json_print(doc);
    size_t before = l->fresh.len;
    int rc = HF_OK;

    hf_buf_puts(&l->fresh, line);
    hf_buf_putc(&l->fresh, '\n');
    if (hf_write_all(l->fd, l->fresh.data + before, l->fresh.len - before) <
            0 ||
        (!is_of_host(e) && fdatasync(l->fd) < 0)) {
        rc =
            hf_fail_errno(err, errno, "cannot write the log of run %s", l->run);
        l->fresh.data[l->fresh.len = before] = '\0';
    } else {
        l->seq++;
    }
    free(line);
    cJSON_Delete(doc);
    return rc;
}

/* Whether the ledger has a part where ours would begin: somebody else went on
 * from the same events. */
static int
is_taken_over(const struct rollout_log *l, const char *path)
{
    struct hf_err ignored = HF_ERR_INIT;
    struct hf_buf theirs = {0};
    char tip[41] = "";
    int taken = states_ledger_tip(l->s, tip, &ignored) == HF_OK && tip[0] &&
                hf_repo_read(l->s->repo, tip, path, &theirs, &ignored) == HF_OK;

    hf_buf_release(&theirs);
    return taken;
}

static void
give(struct rollout_log *l, const struct hf_plan *plan, char *path,
     const char *subject)
{
    struct hf_ledger_record *r = HF_NEW(struct hf_ledger_record);

    r->seq = l->s->recorded;
    r->path = path;
    r->content = hf_xstrdup(hf_buf_str(&l->fresh));
    r->subject = hf_xstrdup(subject);
    r->run = hf_xstrdup(l->run);
    r->action = hf_xstrdup(hf_action_names[hf_playbook_action(
        (enum hf_playbook_kind)plan->playbook.kind)]);
    r->change = hf_xstrdup(plan->change);
    r->operator_ = hf_xstrdup(l->s->operator_);
    r->inventory = hf_xstrdup(plan->inventory);
    r->plan = hf_xstrdup(plan->hash);
    hf_ledger_add(l->s->ledger, r);
    hf_buf_clear(&l->fresh);
    l->given = l->seq;
}

int
rollout_log_record(struct rollout_log *l, const struct hf_plan *plan,
                   const char *subject, struct hf_err *err)
{
    char *file, *path;

    if (!l->s->ledger || l->given == l->seq || !l->fresh.len)
        return HF_OK;
    file = hf_xasprintf("%08llu.jsonl", (unsigned long long)l->given + 1);
    path = rollout_ledger_path(l->run, "log", file);
    free(file);
    if (!is_taken_over(l, path)) {
        give(l, plan, path, subject);
        return HF_OK;
    }
    free(path);
    (void)hf_fail(err, HF_ELOCKED,
                  "run %s was taken over by somebody else: this process lets "
                  "go of it",
                  l->run);
    return hf_hint(err, "the ledger tells how it goes on");
}
