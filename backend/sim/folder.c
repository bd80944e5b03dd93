/* The job folder as the scripts of either dialect handle it: taken, filled,
 * started, asked about, put away. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/sim/answers.h"

#define LOG_PIECE 16384
#define LETTERS_DIGITS \
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

const char *const hf_sim_job_state_names[] = {"none",  "begun", "running",
                                              "ended", "died",  "rebooted"};

enum hf_sim_job_state
hf_sim_job_state(const struct hf_sim_node *n, const struct hf_sim_job *job)
{
    if (!job)
        return HF_SIM_JOB_NONE;
    if (job->ended)
        return HF_SIM_JOB_ENDED;
    if (strcmp(job->boot, n->boot_id) != 0)
        return HF_SIM_JOB_REBOOTED;
    if (job->died)
        return HF_SIM_JOB_DIED;
    return job->started ? HF_SIM_JOB_RUNNING : HF_SIM_JOB_BEGUN;
}

void
hf_sim_job_free(struct hf_sim_job *job)
{
    size_t i;

    if (!job)
        return;
    for (i = 0; i < job->files_len; i++) {
        free(job->files[i].name);
        free(job->files[i].release);
    }
    free(job->files);
    hf_strs_release(&job->names);
    hf_strs_release(&job->done);
    hf_strs_release(&job->already);
    hf_strs_release(&job->reversed);
    hf_buf_release(&job->log);
    free(job->run);
    free(job->operator_);
    free(job->action);
    hf_params_release(&job->params);
    hf_facts_release(&job->result);
    free(job);
}

struct hf_sim_file *
hf_sim_job_file(const struct hf_sim_job *job, const char *name)
{
    size_t i;

    for (i = 0; i < job->files_len; i++) {
        if (strcmp(job->files[i].name, name) == 0)
            return &job->files[i];
    }
    return NULL;
}

static int
refuse(struct hf_sim_reply *r, int status, const char *why)
{
    hf_sim_reply_set(r, "error", why, NULL);
    return status;
}

/* Made of `chars` only, and the first one of letters and digits. */
static int
is_word(const char *text, const char *chars)
{
    return text[0] && !strchr(".-", text[0]) &&
           strspn(text, chars) == strlen(text);
}

static int
is_run(const char *text)
{
    return is_word(text, LETTERS_DIGITS "-");
}

static void
put_text(struct hf_sim_reply *r, const struct hf_sim_node *n, const char *key,
         const char *value)
{
    if (value[0])
        hf_sim_reply_set(r, key, value, n->platform->state);
    else
        hf_sim_reply_unknown(r, key, "absent", n->platform->state);
}

void
hf_sim_job_put(struct hf_sim_reply *r, const struct hf_sim_node *n,
               const struct hf_sim_job *job, int64_t now)
{
    enum hf_sim_job_state state = hf_sim_job_state(n, job);
    int64_t beat;

    hf_sim_reply_set(r, "job.state", hf_sim_job_state_names[state],
                     n->platform->job_dir);
    if (!job)
        return;
    put_text(r, n, "job.run", job->run);
    put_text(r, n, "job.operator", job->operator_);
    put_text(r, n, "job.action", job->action);
    hf_sim_reply_int(r, "job.since", job->since, n->platform->state);
    put_text(r, n, "job.boot", job->boot);
    if (job->started && state != HF_SIM_JOB_REBOOTED) {
        beat = job->ended || job->died ? job->end : now;
        hf_sim_reply_int(r, "job.heartbeat", (now - beat) / 1000,
                         n->platform->heartbeat);
    } else {
        hf_sim_reply_unknown(r, "job.heartbeat", "absent",
                             n->platform->heartbeat);
    }
}

/* 0, or why the folder is not this run's: already told. */
static int
need_ours(struct hf_sim_node *n, struct hf_sim_reply *r, const char *run)
{
    struct hf_buf why = {0};

    if (!is_run(run))
        return refuse(r, 2, "RUN is missing or malformed");
    if (!n->job)
        return refuse(r, 3, "there is no job folder");
    if (strcmp(n->job->run, run) == 0)
        return 0;
    hf_buf_printf(&why, "the job folder belongs to run '%s'", n->job->run);
    (void)refuse(r, 3, hf_buf_str(&why));
    hf_buf_release(&why);
    return 3;
}

/* ---- begin ---- */

static const char *
stale(const struct hf_sim_node *n)
{
    switch (hf_sim_job_state(n, n->job)) {
    case HF_SIM_JOB_REBOOTED:
        return "boot";
    case HF_SIM_JOB_ENDED:
        return "done";
    case HF_SIM_JOB_DIED:
        return "died";
    default:
        return "no";
    }
}

static void
take(struct hf_sim_node *n, const struct hf_sim_ask *ask, int64_t now)
{
    struct hf_sim_job *job = HF_NEW(struct hf_sim_job);

    job->run = hf_xstrdup(hf_sim_ask_get(ask, "RUN"));
    job->operator_ = hf_xstrdup(hf_sim_ask_get(ask, "OPERATOR"));
    job->action = hf_xstrdup(hf_sim_ask_get(ask, "ACTION"));
    memcpy(job->boot, n->boot_id, sizeof(job->boot));
    job->since = hf_sim_node_clock(n, now) / 1000;
    n->job = job;
}

int
hf_sim_begin(struct hf_sim_node *n, struct hf_sim_reply *r,
             const struct hf_sim_ask *ask, const struct hf_sim_caller *who,
             int64_t now)
{
    const char *run = hf_sim_ask_get(ask, "RUN");
    int ours;

    if (!is_run(run))
        return refuse(r, 2, "RUN is missing or malformed");
    if (!who->root || (n->fault == HF_SIM_NO_DISK && !n->windows))
        return refuse(r, 1,
                      "cannot make the job folder: needs elevation, or the "
                      "disk is full");
    hf_sim_reply_set(r, "attached", n->job ? "yes" : "no", NULL);
    if (!n->job)
        take(n, ask, now);
    hf_sim_job_put(r, n, n->job, now);
    hf_sim_reply_set(r, "stale", stale(n), NULL);
    ours = strcmp(n->job->run, run) == 0;
    hf_sim_reply_set(r, "locked", ours ? "no" : "yes", n->platform->job_dir);
    return ours ? 0 : 3;
}

/* ---- upload ---- */

/* The kernel that a module says it is made for, or NULL. */
static char *
module_release(const char *data, size_t len)
{
    static const char key[] = "vermagic=";
    const char *at = memmem(data, len, key, sizeof(key) - 1);
    const char *end;

    if (!at)
        return NULL;
    at += sizeof(key) - 1;
    for (end = at; end < data + len && *end && *end != ' '; end++)
        ;
    return hf_xstrndup(at, (size_t)(end - at));
}

int
hf_sim_receive(struct hf_sim_node *n, struct hf_sim_reply *r,
               const struct hf_sim_upload *u)
{
    struct hf_sim_file *f;
    char found[HF_SHA256_HEX];

    if (!is_word(u->name, LETTERS_DIGITS "._-"))
        return refuse(r, 1, "malformed name");
    if (!n->job)
        return refuse(r, 1, "there is no job folder");
    if (n->job->started)
        return refuse(r, 1, "the job was started already");
    if (strcmp(hf_sha256_hex(found, u->data, u->len), u->sha256) != 0)
        return refuse(r, 1, "checksum differs");
    f = hf_sim_job_file(n->job, u->name);
    if (!f) {
        f = HF_PUSH(&n->job->files, &n->job->files_len, &n->job->files_cap);
        f->name = hf_xstrdup(u->name);
    }
    memcpy(f->sha256, found, sizeof(f->sha256));
    free(f->release);
    f->release = module_release(u->data, u->len);
    hf_sim_reply_set(r, "upload.name", u->name, NULL);
    hf_sim_reply_int(r, "upload.bytes", (int64_t)u->len, NULL);
    return 0;
}

/* ---- start ---- */

static int
check_body(struct hf_sim_node *n, struct hf_sim_reply *r, const char *sha256)
{
    const struct hf_sim_file *body =
        hf_sim_job_file(n->job, n->platform->dialect->body);

    if (!sha256[0])
        return refuse(r, 2, "BODY is missing or malformed");
    if (!body)
        return refuse(r, 1, "cannot read the job's body: it was not uploaded");
    if (strcmp(body->sha256, sha256) != 0)
        return refuse(r, 1, "the job's body is not the file that was sent");
    return 0;
}

int
hf_sim_start(struct hf_sim_node *n, struct hf_sim_reply *r,
             const struct hf_sim_ask *ask, const struct hf_sim_caller *who,
             int64_t now)
{
    enum hf_sim_job_state state = hf_sim_job_state(n, n->job);
    size_t i;
    int status;

    (void)who;
    if ((status = need_ours(n, r, hf_sim_ask_get(ask, "RUN"))))
        return status;
    if (state != HF_SIM_JOB_BEGUN) {
        hf_sim_reply_set(r, "job.started", "before", NULL);
        hf_sim_reply_set(r, "job.state", hf_sim_job_state_names[state], NULL);
        return 0;
    }
    if ((status = check_body(n, r, hf_sim_ask_get(ask, "BODY"))))
        return status;
    for (i = 0; i < ask->values.len; i++)
        hf_params_set(&n->job->params, ask->values.v[i].name,
                      ask->values.v[i].value);
    hf_sim_job_start(n, now);
    hf_sim_reply_set(r, "job.started", "now", NULL);
    hf_sim_reply_set(r, "job.how", n->platform->job_how, NULL);
    hf_sim_reply_set(r, "job.state", "running", NULL);
    return 0;
}

/* ---- poll ---- */

static void
put_log(struct hf_sim_reply *r, const struct hf_sim_node *n,
        const struct hf_sim_job *job, int64_t offset)
{
    size_t from = (size_t)offset;
    size_t len = job->log.len > from ? job->log.len - from : 0;
    char *piece;

    if (len > LOG_PIECE)
        len = LOG_PIECE;
    hf_sim_reply_int(r, "log.size", (int64_t)job->log.len, n->platform->log);
    hf_sim_reply_int(r, "log.offset", (int64_t)(from + len), NULL);
    if (!len)
        return;
    piece = hf_xstrndup(job->log.data + from, len);
    hf_sim_reply_set(r, "log", piece, n->platform->log);
    free(piece);
}

static void
put_result(struct hf_sim_reply *r, const struct hf_sim_node *n,
           const struct hf_sim_job *job)
{
    struct hf_buf key = {0};
    size_t i;

    if (job->ended && n->fault == HF_SIM_RESULT_LOCKED)
        hf_sim_reply_unknown(r, "result.outcome",
                             "cannot: the file is in use by another process "
                             "(80070020)",
                             NULL);
    for (i = 0;
         job->ended && n->fault != HF_SIM_RESULT_LOCKED && i < job->result.len;
         i++) {
        const struct hf_fact *f = &job->result.v[i];

        hf_buf_clear(&key);
        hf_buf_printf(&key, "result.%s", f->key);
        if (f->value)
            hf_sim_reply_set(r, hf_buf_str(&key), f->value, f->source);
        else
            hf_sim_reply_unknown(r, hf_buf_str(&key), f->why, f->source);
    }
    hf_buf_release(&key);
}

static const struct hf_sim_job *
find_job(const struct hf_sim_node *n, const char *run)
{
    size_t i;

    if (n->job && strcmp(n->job->run, run) == 0)
        return n->job;
    for (i = n->done_len; i-- > 0;) {
        if (strcmp(n->done[i]->run, run) == 0)
            return n->done[i];
    }
    return n->job;
}

int
hf_sim_poll(struct hf_sim_node *n, struct hf_sim_reply *r,
            const struct hf_sim_ask *ask, const struct hf_sim_caller *who,
            int64_t now)
{
    const char *run = hf_sim_ask_get(ask, "RUN");
    const char *seen = hf_sim_ask_get(ask, "OFFSET");
    const struct hf_sim_job *job;
    int64_t offset = 0;

    (void)who;
    if (!is_run(run))
        return refuse(r, 2, "RUN is missing or malformed");
    hf_sim_reply_set(r, "boot.id", n->boot_id, n->platform->boot_id);
    job = find_job(n, run);
    hf_sim_job_put(r, n, job, now);
    if (!job)
        return 0;
    if (strcmp(job->run, run) != 0)
        return need_ours(n, r, run);
    if (seen[0] && hf_parse_int(&offset, seen, 0, INT32_MAX) < 0)
        return refuse(r, 2, "OFFSET is malformed");
    put_log(r, n, job, offset);
    put_result(r, n, job);
    return 0;
}

/* ---- end ---- */

int
hf_sim_end(struct hf_sim_node *n, struct hf_sim_reply *r,
           const struct hf_sim_ask *ask, const struct hf_sim_caller *who,
           int64_t now)
{
    const char *run = hf_sim_ask_get(ask, "RUN");
    int status = 0;

    (void)who;
    (void)now;
    if (run[0] && !is_run(run))
        return refuse(r, 2, "RUN is malformed");
    if (n->job && (status = need_ours(n, r, run)) == 0 &&
        hf_sim_job_state(n, n->job) == HF_SIM_JOB_RUNNING)
        status = refuse(r, 1, "the job still runs");
    hf_sim_reply_set(r, "ended", status ? "no" : "yes", n->platform->done_dir);
    if (status)
        return status;
    if (n->job) {
        *HF_PUSH(&n->done, &n->done_len, &n->done_cap) = n->job;
        n->job = NULL;
    }
    hf_sim_reply_int(r, "purged", 0, n->platform->done_dir);
    return 0;
}
