/* Reading the log of a rollout, and its plan: here, or in the ledger. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/file.h"
#include "backend/base/text.h"
#include "playbooks/plan.h"
#include "playbooks/rollout.h"
#include "playbooks/rollout_log_priv.h"

/* ---- lines ---- */

/* A line that was cut short by a crash is no event. */
int
rollout_log_here(struct hf_buf *out, struct hf_session *s, const char *run,
                 struct hf_err *err)
{
    char *path = rollout_log_file(s, run, "log.jsonl");
    int rc = HF_OK;

    if (hf_path_exists(path))
        rc = hf_file_read(out, path, ROLLOUT_LOG_MOST, err);
    while (out->len && out->data[out->len - 1] != '\n')
        out->data[--out->len] = '\0';
    free(path);
    return rc;
}

/* In parts, in order of their first events. */
int
rollout_log_there(struct hf_buf *out, struct hf_session *s, const char *run,
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

int
rollout_log_begins(const struct hf_buf *all, const struct hf_buf *with)
{
    return all->len >= with->len &&
           (!with->len || memcmp(all->data, with->data, with->len) == 0);
}

uint64_t
rollout_log_count(const struct hf_buf *lines)
{
    uint64_t n = 0;

    for (size_t i = 0; i < lines->len; i++)
        n += lines->data[i] == '\n';
    return n;
}

/* ---- events ---- */

int
rollout_log_line(struct hf_rollout_event *out, const char *line, size_t len,
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
        rc = rollout_log_line(&e, start, (size_t)(end - start), plan, err);
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

/* Whoever carries it out here knows most. Else somebody may have gone on with
 * it elsewhere, and the ledger has more. */
static int
read_all(struct hf_buf *out, struct hf_session *s, const char *run,
         struct hf_err *err)
{
    struct hf_rollout_around around;
    struct hf_buf there = {0};
    int rc = rollout_log_here(out, s, run, err);

    hf_rollout_around(&around, s, run);
    if (rc < 0 || (out->len && around.carried_out))
        return rc;
    if ((rc = rollout_log_there(&there, s, run, err)) == HF_OK &&
        !rollout_log_begins(out, &there)) {
        hf_buf_clear(out);
        hf_buf_add(out, there.data, there.len);
    }
    hf_buf_release(&there);
    return rc;
}

int
rollout_log_read(struct hf_session *s, const char *run,
                 const struct hf_plan *plan,
                 void (*fn)(void *ctx, const struct hf_rollout_event *e),
                 void *ctx, struct hf_err *err)
{
    struct hf_buf text = {0};
    int rc = read_all(&text, s, run, err);

    if (rc == HF_OK)
        rc = each_line(&text, plan, fn, ctx, err);
    hf_buf_release(&text);
    return rc;
}

/* ---- the plan ---- */

static int
read_plan_text(struct hf_buf *out, struct hf_session *s, const char *run,
               struct hf_err *err)
{
    char *path = rollout_log_file(s, run, "plan.json"), tip[41] = "";
    char *recorded = hf_ledger_run_path(run, "plan.json");
    int rc;

    if (hf_path_exists(path))
        rc = hf_file_read(out, path, ROLLOUT_LOG_MOST, err);
    else if ((rc = states_ledger_tip(s, tip, err)) == HF_OK)
        rc = tip[0] ? hf_repo_read(s->repo, tip, recorded, out, err)
                    : HF_ENOTFOUND;
    if (rc == HF_ENOTFOUND) {
        (void)hf_fail(err, rc, "no run of a plan '%s'", run);
        (void)hf_hint(err, "hotfleet runs names them");
    }
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
    if (!hf_run_id_valid(run)) {
        (void)hf_fail(err, HF_ENOTFOUND, "'%s' is no run", run);
        return hf_hint(err, "hotfleet runs names them");
    }
    if ((rc = read_plan_text(&text, s, run, err)) == HF_OK &&
        (rc = hf_json_parse(&doc, hf_buf_str(&text), text.len, err)) == HF_OK)
        rc = hf_plan_from_json(out, doc, err);
    cJSON_Delete(doc);
    hf_buf_release(&text);
    return rc;
}
