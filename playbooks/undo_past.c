/* What the ledger tells of taking things back; see undo_past.h. */
#include "playbooks/undo_past.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/names.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "playbooks/past.h"

/* A host, and the run that was the last to put something in. */
struct put_in {
    char run[HF_RUN_ID_LEN];
    uint32_t host;
};

struct reading {
    struct hf_session *s;
    const struct hf_fleet *fleet;
    struct put_in *v;
    size_t len, cap;
};

void
hf_undo_past_release(struct hf_undo_past *p)
{
    for (size_t i = 0; i < p->runs_len; i++)
        free(p->runs[i].what);
    free(p->runs);
    free(p->of);
    hf_durations_free(p->durations);
    *p = (struct hf_undo_past){0};
}

/* ---- which run ---- */

/* A run that failed may have put it in all the same. */
static void
take_run(char last[HF_RUN_ID_LEN], const struct hf_recent *r)
{
    int action = hf_name_index(hf_action_names, r->action);
    int verified =
        strcmp(r->outcome, hf_outcome_names[HF_OUTCOME_VERIFIED]) == 0;

    if (action == HF_ACTION_APPLY)
        hf_say(last, HF_RUN_ID_LEN, "%s", r->run);
    else if ((action == HF_ACTION_ROLLBACK ||
              action == HF_ACTION_RESTART_UPDATE) &&
             verified)
        last[0] = '\0';
}

static void
add_host(struct reading *r, const char *name, const char *run)
{
    const struct hf_host *host = *run ? hf_fleet_find(r->fleet, name) : NULL;
    struct put_in *p;

    if (!host)
        return;
    p = HF_PUSH(&r->v, &r->len, &r->cap);
    hf_say(p->run, sizeof(p->run), "%s", run);
    p->host = (uint32_t)(host - r->fleet->hosts);
}

/* Moments of one host stand together, in the order of time. */
static void
read_hosts(struct reading *r, const struct hf_history *h)
{
    char host[256] = "", last[HF_RUN_ID_LEN] = "";
    struct hf_moment m;

    for (size_t i = 0; i < hf_history_len(h); i++) {
        hf_history_peek(h, i, &m);
        if (!m.is_run)
            continue;
        if (strcmp(host, m.host) != 0) {
            add_host(r, host, last);
            hf_say(host, sizeof(host), "%s", m.host);
            last[0] = '\0';
        }
        hf_history_get(h, i, &m);
        take_run(last, &m.record.recent);
        hf_record_release(&m.record);
    }
    add_host(r, host, last);
}

/* ---- what the runs were ---- */

static int
by_run(const void *a, const void *b)
{
    return strcmp(((const struct put_in *)a)->run,
                  ((const struct put_in *)b)->run);
}

static void
add_run(struct hf_undo_past *out, struct hf_session *s, const char *id)
{
    struct hf_undo_run *run =
        HF_PUSH(&out->runs, &out->runs_len, &out->runs_cap);
    cJSON *doc = NULL, *end = NULL;
    struct hf_err ignored = HF_ERR_INIT; /* then it is a single verb's */
    const char *playbook, *at;

    (void)hf_past_run(&doc, &end, s, id, &ignored);
    playbook = hf_json_str(doc, "playbook");
    at = hf_json_str(doc, "at");
    hf_say(run->id, sizeof(run->id), "%s", id);
    run->of_plan = playbook != NULL;
    run->what =
        hf_sanitised(playbook ? playbook : hf_action_names[HF_ACTION_APPLY]);
    if (!at || hf_time_parse(&run->at, at) < 0)
        run->at = 0;
    cJSON_Delete(doc);
    cJSON_Delete(end);
}

static void
sort_out(struct hf_undo_past *out, struct reading *r)
{
    out->hosts = r->fleet->hosts_len;
    out->of = hf_xcalloc(out->hosts + 1, sizeof(*out->of));
    for (size_t i = 0; i < out->hosts; i++)
        out->of[i] = HF_UNDO_NONE;
    if (r->len)
        qsort(r->v, r->len, sizeof(*r->v), by_run);
    for (size_t i = 0; i < r->len; i++) {
        if (!i || strcmp(r->v[i - 1].run, r->v[i].run) != 0)
            add_run(out, r->s, r->v[i].run);
        out->of[r->v[i].host] = (uint32_t)(out->runs_len - 1);
    }
}

int
hf_undo_past_read(struct hf_undo_past *out, struct hf_session *s,
                  struct hf_err *err)
{
    struct reading r = {.s = s, .fleet = hf_session_fleet(s)};
    struct hf_history *h = NULL;
    int rc = hf_history_open(&h, s, err);

    *out = (struct hf_undo_past){0};
    if (rc < 0)
        return rc;
    out->durations = hf_durations_of(h);
    read_hosts(&r, h);
    hf_history_free(h);
    sort_out(out, &r);
    free(r.v);
    return HF_OK;
}
