/*
 * Rollouts from outside: what is said to one that somebody else carries out,
 * which there are, and how far they have come.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend/base/file.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "playbooks/rollout.h"
#include "playbooks/rollout_log.h"
#include "playbooks/session_priv.h"

/* ---- saying ---- */

/* Into the inbox, when the run has a log on this machine: its process looks
 * there twice a second. */
static int
say_here(struct hf_session *s, const char *run, const char *id,
         const char *text, struct hf_err *err)
{
    char *dir = hf_xasprintf("%s/rollouts/%s/inbox", s->state_dir, run);
    char *path = hf_path_join(dir, id);
    int rc = HF_OK;

    if (hf_path_exists(dir))
        rc = hf_file_write(path, text, strlen(text), 0600, err);
    free(path);
    free(dir);
    return rc;
}

static void
say_everywhere(struct hf_session *s, const char *run, const char *id,
               char *text, const struct hf_rollout_event *e)
{
    struct hf_ledger_record *r = HF_NEW(struct hf_ledger_record);
    char *file = hf_xasprintf("%s.json", id);

    r->seq = s->recorded;
    r->path = rollout_ledger_path(run, "said", file);
    r->content = text;
    r->subject =
        hf_xasprintf("run %s: %s", run, hf_rollout_kind_names[e->kind]);
    r->run = hf_xstrdup(run);
    r->action = hf_xstrdup(hf_rollout_kind_names[e->kind]);
    r->operator_ = hf_xstrdup(s->operator_);
    hf_ledger_add(s->ledger, r);
    free(file);
}

int
hf_rollout_unstarted(const struct hf_plan *plan, const struct hf_rollout *r,
                     const char *host, struct hf_err *err)
{
    int at = hf_plan_find(plan, host);
    const struct hf_slot *slot = at < 0 ? NULL : hf_rollout_slot(r, at);

    if (!slot)
        return hf_fail(err, HF_ENOTFOUND, "the run has no host '%s'", host);
    if (slot->state != HF_SLOT_IN_FLIGHT && slot->state != HF_SLOT_ENDED)
        return at;
    (void)hf_fail(err, HF_EREFUSED, "host '%s' has begun: it is %s", host,
                  slot->state == HF_SLOT_ENDED ? hf_outcome_names[slot->outcome]
                                               : "in flight");
    return hf_hint(err, "what was done to it can be taken back: hotfleet "
                        "rollback");
}

int
hf_rollout_say(struct hf_session *s, const char *run,
               struct hf_rollout_event *e, struct hf_err *err)
{
    char id[HF_RUN_ID_LEN], *text;
    struct hf_plan *plan = NULL;
    cJSON *doc;
    int rc;

    if (s->o.read_only)
        return hf_fail(err, HF_EDENIED, "read-only: nothing is said to runs");
    if ((rc = rollout_log_plan(&plan, s, run, err)) < 0 ||
        (rc = ledger_ensure(s, err)) < 0)
        goto out;
    hf_run_id_new(id);
    e->at = hf_now();
    hf_say(e->who, sizeof(e->who), "%s", s->operator_);
    doc = hf_rollout_event_to_json(e, plan);
    text = hf_json_print(doc);
    cJSON_Delete(doc);
    if ((rc = say_here(s, run, id, text, err)) == HF_OK)
        say_everywhere(s, run, id, text, e);
    else
        free(text);
out:
    hf_plan_free(plan);
    return rc;
}

/* ---- which there are ---- */

static int
compare_newest(const void *a, const void *b)
{
    return strcmp(*(char *const *)b, *(char *const *)a);
}

static int
add_recorded(void *ctx, const char *run, cJSON *doc, cJSON *end)
{
    struct hf_strs *out = ctx;

    if (hf_json_str(doc, "plan") && !end && !hf_strs_has(out, run))
        hf_strs_add(out, run);
    return 0;
}

int
hf_rollout_list(struct hf_strs *out, struct hf_session *s, struct hf_err *err)
{
    char *path = hf_xasprintf("%s/rollouts", s->state_dir ? s->state_dir : "");
    DIR *dir = s->state_dir ? opendir(path) : NULL;
    struct dirent *entry;
    int rc;

    while (dir && (entry = readdir(dir)) != NULL) {
        if (hf_run_id_valid(entry->d_name))
            hf_strs_add(out, entry->d_name);
    }
    if (dir)
        (void)closedir(dir);
    free(path);
    rc = hf_ledger_runs(s->repo, s->fleet->ledger_branch, 200, add_recorded,
                        out, err);
    if (rc == HF_ENOTFOUND)
        rc = HF_OK; /* there is no ledger yet */
    if (out->len)
        qsort(out->v, out->len, sizeof(*out->v), compare_newest);
    return rc;
}

/* ---- how far ---- */

static void
apply_event(void *ctx, const struct hf_rollout_event *e)
{
    hf_rollout_apply(ctx, e);
}

int
hf_rollout_each(struct hf_session *s, const char *run,
                const struct hf_plan *plan,
                void (*fn)(void *ctx, const struct hf_rollout_event *e),
                void *ctx, struct hf_err *err)
{
    return rollout_log_read(s, run, plan, fn, ctx, err);
}

int
hf_rollout_plan(struct hf_plan **out, struct hf_session *s, const char *run,
                struct hf_err *err)
{
    return rollout_log_plan(out, s, run, err);
}

int
hf_rollout_read(struct hf_plan **plan, struct hf_rollout **r,
                struct hf_session *s, const char *run, struct hf_err *err)
{
    int rc;

    *plan = NULL;
    *r = NULL;
    if ((rc = rollout_log_plan(plan, s, run, err)) < 0)
        return rc;
    *r = hf_rollout_new(*plan);
    rc = rollout_log_read(s, run, *plan, apply_event, *r, err);
    if (rc == HF_OK)
        return rc;
    hf_rollout_free(*r);
    hf_plan_free(*plan);
    *r = NULL;
    *plan = NULL;
    return rc;
}

/* ---- without reading ---- */

static uint64_t
mix(uint64_t stamp, uint64_t more)
{
    return (stamp ^ more) * UINT64_C(0x100000001b3); /* as FNV-1a does */
}

/* 1 when the file is there. */
static int
mix_file(uint64_t *stamp, const char *path)
{
    struct stat st;

    if (stat(path, &st) < 0)
        return 0;
    *stamp = mix(*stamp, (uint64_t)st.st_size);
    *stamp = mix(*stamp, (uint64_t)st.st_mtim.tv_sec);
    *stamp = mix(*stamp, (uint64_t)st.st_mtim.tv_nsec);
    return 1;
}

static void
mix_ledger(uint64_t *stamp, struct hf_session *s)
{
    struct hf_err ignored = HF_ERR_INIT;
    char tip[41] = "";

    (void)states_ledger_tip(s, tip, &ignored);
    for (const char *c = tip; *c; c++)
        *stamp = mix(*stamp, (unsigned char)*c);
}

/* Whoever carries it out has the lock. */
static int
is_locked(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    int locked = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) < 0;

    if (fd >= 0)
        (void)close(fd);
    return locked;
}

static size_t
count_said(const char *path)
{
    DIR *dir = opendir(path);
    struct dirent *entry;
    size_t n = 0;

    while (dir && (entry = readdir(dir)) != NULL)
        n += (size_t)hf_run_id_valid(entry->d_name);
    if (dir)
        (void)closedir(dir);
    return n;
}

void
hf_rollout_around(struct hf_rollout_around *out, struct hf_session *s,
                  const char *run)
{
    char *dir =
        hf_xasprintf("%s/rollouts/%s", s->state_dir ? s->state_dir : "", run);
    char *log = hf_path_join(dir, "log.jsonl"),
         *lock = hf_path_join(dir, "lock"), *inbox = hf_path_join(dir, "inbox");

    *out = (struct hf_rollout_around){.carried_out = is_locked(lock),
                                      .unheard = count_said(inbox)};
    if (!mix_file(&out->stamp, log))
        mix_ledger(&out->stamp, s);
    free(inbox);
    free(lock);
    free(log);
    free(dir);
}

uint64_t
hf_rollouts_stamp(struct hf_session *s)
{
    char *dir = hf_xasprintf("%s/rollouts", s->state_dir ? s->state_dir : "");
    uint64_t stamp = 0;

    (void)mix_file(&stamp, dir);
    mix_ledger(&stamp, s);
    free(dir);
    return stamp;
}

int
hf_rollout_is_over(struct hf_session *s, const char *run)
{
    struct hf_rollout_view v = {.state = HF_ROLLOUT_IS_OVER};
    struct hf_rollout *r = NULL;
    struct hf_plan *plan = NULL;
    struct hf_err err = HF_ERR_INIT;

    if (hf_rollout_read(&plan, &r, s, run, &err) == HF_OK)
        hf_rollout_view(r, &v);
    hf_rollout_free(r);
    hf_plan_free(plan);
    return v.state == HF_ROLLOUT_IS_OVER;
}
