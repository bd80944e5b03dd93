/* The log of a rollout: files in the state folder, copies in the ledger. */
#include "playbooks/rollout_log.h"

#include <dirent.h>
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
#include "playbooks/session_priv.h"

#define MOST_BYTES (256u << 20)

struct rollout_log {
    struct hf_session *s;
    char run[HF_RUN_ID_LEN];
    char *dir;
    int fd, lock;
    uint64_t seq;        /* of the last event */
    uint64_t given;      /* up to here the ledger was given */
    struct hf_buf fresh; /* the lines after that */
};

static char *
in_dir(const struct rollout_log *l, const char *name)
{
    return hf_path_join(l->dir, name);
}

/* "$state/rollouts/<run>/<name>" */
static char *
file_of(const struct hf_session *s, const char *run, const char *name)
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

/* The parts that the ledger has, in order. */
static int
read_parts(struct hf_buf *out, struct hf_session *s, const char *run,
           struct hf_err *err)
{
    char *folder = hf_ledger_run_path(run, "log"), tip[41] = "";
    struct hf_strs files = {0};
    int rc;

    if ((rc = states_ledger_tip(s, tip, err)) < 0 || !tip[0])
        goto out;
    rc = hf_repo_list(s->repo, tip, folder, &files, err);
    for (size_t i = 0; rc == HF_OK && i < files.len; i++) {
        char *path = hf_path_join(folder, files.v[i]);

        rc = hf_repo_read(s->repo, tip, path, out, err);
        free(path);
    }
out:
    hf_strs_release(&files);
    free(folder);
    return rc;
}

/* Somebody else began the run, and this machine has no log of it. */
static int
take_over(struct rollout_log *l, struct hf_err *err)
{
    char *file = in_dir(l, "log.jsonl");
    struct hf_buf all = {0};
    int rc = HF_OK;

    if (!hf_path_exists(file) &&
        (rc = read_parts(&all, l->s, l->run, err)) == HF_OK && all.len)
        rc = hf_file_write(file, all.data, all.len, 0600, err);
    hf_buf_release(&all);
    free(file);
    return rc;
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

/* A line that was cut short by a crash is no event. */
static int
count_lines(struct rollout_log *l, struct hf_err *err)
{
    char *path = in_dir(l, "log.jsonl");
    struct hf_buf text = {0};
    size_t whole = 0;
    int rc = HF_OK;

    if (hf_path_exists(path))
        rc = hf_file_read(&text, path, MOST_BYTES, err);
    for (size_t i = 0; rc == HF_OK && i < text.len; i++) {
        if (text.data[i] == '\n') {
            l->seq++;
            whole = i + 1;
        }
    }
    l->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (rc == HF_OK && (l->fd < 0 || ftruncate(l->fd, (off_t)whole) < 0))
        rc = hf_fail_errno(err, errno, "cannot write '%s'", path);
    hf_buf_release(&text);
    free(path);
    return rc;
}

int
rollout_log_open(struct rollout_log **out, struct hf_session *s,
                 const char *run, struct hf_err *err)
{
    struct rollout_log *l = HF_NEW(struct rollout_log);
    int rc;

    *out = NULL;
    l->s = s;
    l->fd = l->lock = -1;
    hf_say(l->run, sizeof(l->run), "%s", run);
    l->dir = hf_xasprintf("%s/rollouts/%s", s->state_dir, run);
    if ((rc = make_dirs(l, err)) < 0 || (rc = take_lock(l, err)) < 0 ||
        (rc = take_over(l, err)) < 0 || (rc = count_lines(l, err)) < 0) {
        rollout_log_close(l);
        return rc;
    }
    l->given = l->seq; /* see rollout_log_record */
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

/* ---- events ---- */

static int
read_line(struct hf_rollout_event *out, const char *line, size_t len,
          const struct hf_plan *plan, struct hf_err *err)
{
    cJSON *doc = NULL;
    int rc = hf_json_parse(&doc, line, len, err);

    if (rc == HF_OK)
        rc = hf_rollout_event_from_json(out, doc, plan, err);
    cJSON_Delete(doc);
    return rc;
}

static int
each_line(const struct hf_buf *text, const struct hf_plan *plan,
          void (*fn)(void *ctx, const struct hf_rollout_event *e), void *ctx,
          struct hf_err *err)
{
    size_t at = 0, line = 0;
    int rc = HF_OK;

    while (rc == HF_OK && at < text->len) {
        const char *start = text->data + at;
        const char *end = memchr(start, '\n', text->len - at);
        struct hf_rollout_event e;

        if (!end)
            break; /* cut short by a crash: no event */
        line++;
        rc = read_line(&e, start, (size_t)(end - start), plan, err);
        if (rc == HF_OK)
            fn(ctx, &e);
        else
            (void)hf_wrap(err, "the run's log, line %zu", line);
        at = (size_t)(end + 1 - text->data);
    }
    return rc;
}

int
rollout_log_each(struct rollout_log *l, const struct hf_plan *plan,
                 void (*fn)(void *ctx, const struct hf_rollout_event *e),
                 void *ctx, struct hf_err *err)
{
    return rollout_log_read(l->s, l->run, plan, fn, ctx, err);
}

int
rollout_log_read(struct hf_session *s, const char *run,
                 const struct hf_plan *plan,
                 void (*fn)(void *ctx, const struct hf_rollout_event *e),
                 void *ctx, struct hf_err *err)
{
    char *path = file_of(s, run, "log.jsonl");
    struct hf_buf text = {0};
    int rc;

    rc = hf_path_exists(path) ? hf_file_read(&text, path, MOST_BYTES, err)
                              : read_parts(&text, s, run, err);
    if (rc == HF_OK)
        rc = each_line(&text, plan, fn, ctx, err);
    hf_buf_release(&text);
    free(path);
    return rc;
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

static int
read_plan_text(struct hf_buf *out, struct hf_session *s, const char *run,
               struct hf_err *err)
{
    char *path = file_of(s, run, "plan.json"), tip[41] = "";
    char *recorded = hf_ledger_run_path(run, "plan.json");
    int rc;

    if (hf_path_exists(path))
        rc = hf_file_read(out, path, MOST_BYTES, err);
    else if ((rc = states_ledger_tip(s, tip, err)) == HF_OK)
        rc = tip[0] ? hf_repo_read(s->repo, tip, recorded, out, err)
                    : HF_ENOTFOUND;
    if (rc == HF_ENOTFOUND)
        (void)hf_fail(err, rc, "no run of a plan '%s'", run);
    free(recorded);
    free(path);
    return rc;
}

int
rollout_log_plan(struct hf_plan **out, struct hf_session *s, const char *run,
                 struct hf_err *err)
{
    struct hf_buf text = {0};
    cJSON *doc = NULL;
    int rc;

    *out = NULL;
    if (!hf_run_id_valid(run))
        return hf_fail(err, HF_ENOTFOUND, "'%s' is no run", run);
    if ((rc = read_plan_text(&text, s, run, err)) == HF_OK &&
        (rc = hf_json_parse(&doc, hf_buf_str(&text), text.len, err)) == HF_OK)
        rc = hf_plan_from_json(out, doc, err);
    cJSON_Delete(doc);
    hf_buf_release(&text);
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

void
rollout_log_record(struct rollout_log *l, const struct hf_plan *plan,
                   const char *subject)
{
    struct hf_ledger_record *r;
    char *file;

    if (!l->s->ledger || l->given == l->seq || !l->fresh.len)
        return;
    r = HF_NEW(struct hf_ledger_record);
    file = hf_xasprintf("%08llu.jsonl", (unsigned long long)l->given + 1);
    r->seq = l->s->recorded;
    r->path = rollout_ledger_path(l->run, "log", file);
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
    free(file);
    hf_buf_clear(&l->fresh);
    l->given = l->seq;
}

/* ---- what people say ---- */

/* The first name in the inbox: names begin with their time. */
static char *
first_in_inbox(const struct rollout_log *l)
{
    char *path = in_dir(l, "inbox"), *first = NULL;
    DIR *dir = opendir(path);
    struct dirent *entry;

    while (dir && (entry = readdir(dir)) != NULL) {
        if (!hf_run_id_valid(entry->d_name))
            continue;
        if (!first || strcmp(entry->d_name, first) < 0) {
            free(first);
            first = hf_xstrdup(entry->d_name);
        }
    }
    if (dir)
        (void)closedir(dir);
    free(path);
    return first;
}

static char *
name_of(const struct rollout_log *l, const char *folder, const char *id)
{
    return hf_xasprintf("%s/%s/%s", l->dir, folder, id);
}

/* Words that cannot be understood are put away like the others. */
static int
hear(struct rollout_log *l, const struct hf_plan *plan, const char *id,
     struct hf_rollout_event *out)
{
    char *from = name_of(l, "inbox", id), *to = name_of(l, "heard", id);
    struct hf_err err = HF_ERR_INIT;
    struct hf_buf text = {0};
    int rc = hf_file_read(&text, from, 1 << 16, &err);

    if (rc == HF_OK)
        rc = read_line(out, hf_buf_str(&text), text.len, plan, &err);
    (void)rename(from, to);
    hf_buf_release(&text);
    free(from);
    free(to);
    return rc == HF_OK;
}

/* What was said elsewhere comes through the ledger into the inbox. */
static void
fetch_said(struct rollout_log *l)
{
    char *folder = ledger_path(l, "said"), tip[41] = "";
    struct hf_err ignored = HF_ERR_INIT;
    struct hf_strs files = {0};

    if (states_ledger_tip(l->s, tip, &ignored) < 0 || !tip[0] ||
        hf_repo_list(l->s->repo, tip, folder, &files, &ignored) < 0)
        goto out;
    hf_strs_sort(&files);
    for (size_t i = 0; i < files.len; i++) {
        char *id = hf_xstrndup(files.v[i], strcspn(files.v[i], "."));
        char *heard = name_of(l, "heard", id), *inbox = name_of(l, "inbox", id);
        char *path = hf_path_join(folder, files.v[i]);
        struct hf_buf text = {0};

        if (hf_run_id_valid(id) && !hf_path_exists(heard) &&
            !hf_path_exists(inbox) &&
            hf_repo_read(l->s->repo, tip, path, &text, &ignored) == HF_OK)
            (void)hf_file_write(inbox, text.data, text.len, 0600, &ignored);
        hf_buf_release(&text);
        free(path);
        free(heard);
        free(inbox);
        free(id);
    }
out:
    hf_strs_release(&files);
    free(folder);
}

int
rollout_log_heard(struct rollout_log *l, const struct hf_plan *plan, int far,
                  struct hf_rollout_event *out)
{
    char *id;
    int rc = 0;

    if (far)
        fetch_said(l);
    while (!rc && (id = first_in_inbox(l)) != NULL) {
        rc = hear(l, plan, id, out);
        free(id);
    }
    return rc;
}
