/* What the ledger tells of taking things back; see undo_past.h. */
#include "playbooks/undo_past.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "playbooks/past.h"

/* A host, and the run that was the last to put something in. */
struct put_in {
    char run[HF_RUN_ID_LEN];
    const char *host;
};

struct reading {
    struct hf_arena *arena;
    struct put_in *v;
    size_t len, cap;
};

void
hf_undo_past_release(struct hf_undo_past *p)
{
    for (size_t i = 0; i < p->runs_len; i++)
        free(p->runs[i].what);
    free(p->runs);
    free(p->put);
    free(p->of);
    hf_arena_free(p->arena);
    *p = (struct hf_undo_past){0};
}

/* ---- which run ---- */

#define NO_RUN SIZE_MAX

/* A run that failed may have put it in all the same. */
static size_t
last_put_in(const struct hf_history *h, struct hf_chapter of)
{
    size_t last = NO_RUN;

    for (size_t i = of.first; i < of.end; i++) {
        const struct hf_glance *g = hf_history_glance(h, i);

        if (!g->is_run)
            continue;
        if (g->action == HF_ACTION_APPLY)
            last = i;
        else if ((g->action == HF_ACTION_ROLLBACK ||
                  g->action == HF_ACTION_RESTART_UPDATE) &&
                 g->outcome == HF_OUTCOME_VERIFIED)
            last = NO_RUN;
    }
    return last;
}

static void
read_hosts(struct reading *r, const struct hf_history *h)
{
    for (size_t k = 0; k < hf_history_hosts(h); k++) {
        struct hf_chapter of = hf_history_host(h, k);
        size_t run = last_put_in(h, of);
        struct put_in *p;

        if (run == NO_RUN)
            continue;
        p = HF_PUSH(&r->v, &r->len, &r->cap);
        hf_say(p->run, sizeof(p->run), "%s", hf_history_run(h, run));
        p->host = hf_arena_strdup(r->arena, of.host);
    }
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
sort_out(struct hf_undo_past *out, struct reading *r, struct hf_session *s)
{
    if (r->len)
        qsort(r->v, r->len, sizeof(*r->v), by_run);
    out->put = hf_xcalloc(r->len + 1, sizeof(*out->put));
    out->put_len = r->len;
    for (size_t i = 0; i < r->len; i++) {
        if (!i || strcmp(r->v[i - 1].run, r->v[i].run) != 0)
            add_run(out, s, r->v[i].run);
        out->put[i] =
            (struct hf_undo_put){r->v[i].host, (uint32_t)(out->runs_len - 1)};
    }
}

static void
read_took(struct hf_undo_past *out, const struct hf_history *h)
{
    struct hf_durations *all = hf_durations_of(h);
    struct hf_duration_of of = {.action = HF_ACTION_ROLLBACK};

    for (size_t i = 0; i < HF_COUNT(out->took); i++) {
        of.restart = (enum hf_restart)i;
        out->took[i] = hf_durations_mean(all, &of);
    }
    hf_durations_free(all);
}

int
hf_undo_past_load(struct hf_undo_past *out, struct hf_session *s,
                  struct hf_err *err)
{
    struct reading r = {0};
    struct hf_history *h = NULL;
    int rc = hf_history_open(&h, s, err);

    *out = (struct hf_undo_past){0};
    if (rc < 0)
        return rc;
    out->arena = r.arena = hf_arena_new();
    hf_say(out->commit, sizeof(out->commit), "%s", hf_history_commit(h));
    read_took(out, h);
    read_hosts(&r, h);
    hf_history_free(h);
    sort_out(out, &r, s);
    free(r.v);
    return HF_OK;
}

/* ---- whose they are in a fleet ---- */

void
hf_undo_past_meet(struct hf_undo_past *p, const struct hf_fleet *fleet)
{
    free(p->of);
    p->of = NULL;
    p->placed = 0;
    p->hosts = fleet ? fleet->hosts_len : 0;
    if (!fleet)
        return;
    p->of = hf_xcalloc(p->hosts + 1, sizeof(*p->of));
    for (size_t i = 0; i < p->hosts; i++)
        p->of[i] = HF_UNDO_NONE;
}

int
hf_undo_past_place(struct hf_undo_past *p, const struct hf_fleet *fleet,
                   size_t n)
{
    for (; n && p->placed < p->put_len; n--) {
        const struct hf_undo_put *put = &p->put[p->placed++];
        const struct hf_host *host = hf_fleet_find(fleet, put->host);

        if (host)
            p->of[host - fleet->hosts] = put->run;
    }
    return p->placed < p->put_len;
}

int
hf_undo_past_read(struct hf_undo_past *out, struct hf_session *s,
                  struct hf_err *err)
{
    const struct hf_fleet *fleet = hf_session_fleet(s);
    int rc = hf_undo_past_load(out, s, err);

    if (rc < 0)
        return rc;
    hf_undo_past_meet(out, fleet);
    (void)hf_undo_past_place(out, fleet, SIZE_MAX);
    return HF_OK;
}
