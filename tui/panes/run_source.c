/* Where the run on its screen comes from: events of a plan, or evidence. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "playbooks/past.h"
#include "tui/panes/carry.h"
#include "tui/panes/run_priv.h"
#include "tui/rows/story.h"

#define LOOK_MS 2000 /* between two looks at a run that others carry out */
#define READ_MS 20   /* of a picture's time for evidence of the past */

int
run_is_of_plan(const struct hf_run_pane *p)
{
    return p->replay.run.plan != NULL;
}

void
run_drop_reading(struct hf_run_pane *p)
{
    struct hf_progress rest = {0};

    if (p->read)
        hf_progress_give(&rest, p->read, p->read_len);
    hf_progress_release(&rest);
    p->read = NULL;
    p->read_len = 0;
    hf_strs_release(&p->names);
}

/* ---- a run of a plan ---- */

static void
take_event(void *ctx, const struct hf_rollout_event *e)
{
    struct hf_run_pane *p = ctx;

    hf_replay_take(&p->replay, e);
    hf_story_tail(&p->tail, p->replay.run.plan, e);
    p->old = 1;
}

static int
read_plan(struct hf_ui *ui, struct hf_err *err)
{
    struct hf_run_pane *p = run_mine(ui);
    struct hf_rollout_around around;
    struct hf_plan *plan = NULL;
    int rc = hf_rollout_plan(&plan, ui->session, p->id, err);

    if (rc < 0)
        return rc;
    hf_replay_release(&p->replay);
    hf_tail_release(&p->tail);
    hf_replay_init(&p->replay, p->id, plan);
    hf_rollout_around(&around, ui->session, p->id);
    p->stamp = around.stamp;
    p->looked = hf_mono();
    return hf_rollout_each(ui->session, p->id, plan, take_event, p, err);
}

void
run_look_again(struct hf_ui *ui)
{
    struct hf_run_pane *p = run_mine(ui);
    struct hf_rollout_around around;
    struct hf_err err = HF_ERR_INIT;

    if (!run_is_of_plan(p) || hf_carry_has(ui, p->id) ||
        hf_mono() - p->looked < LOOK_MS)
        return;
    p->looked = hf_mono();
    hf_rollout_around(&around, ui->session, p->id);
    if (around.stamp != p->stamp && read_plan(ui, &err) < 0)
        hf_say(p->why, sizeof(p->why), "%s", err.text);
}

void
hf_run_pane_event(struct hf_ui *ui, const char *run,
                  const struct hf_rollout_event *e)
{
    struct hf_run_pane *p = run_mine(ui);

    if (run_is_of_plan(p) && strcmp(p->id, run) == 0)
        take_event(p, e);
}

void
hf_run_pane_host_event(struct hf_ui *ui, const char *run,
                       const struct hf_event *e)
{
    struct hf_run_pane *p = run_mine(ui);

    /* How it ended is told by the run itself. */
    if (run_is_of_plan(p) && strcmp(p->id, run) == 0 &&
        e->kind != HF_EVENT_HOST_OUTCOME)
        (void)hf_tail_event(&p->tail, e);
}

/* ---- a run of the past ---- */

static int
read_past(struct hf_ui *ui, struct hf_err *err)
{
    struct hf_run_pane *p = run_mine(ui);
    cJSON *doc = NULL, *end = NULL;
    const cJSON *name;
    int rc = hf_past_run(&doc, &end, ui->session, p->id, err);

    if (rc < 0)
        return rc;
    hf_run_rows_past(&p->facts, p->id, doc, end);
    cJSON_ArrayForEach(name, hf_json_get(doc, "hosts"))
    {
        if (cJSON_IsString(name))
            hf_strs_add(&p->names, name->valuestring);
    }
    p->read = hf_xcalloc(p->names.len + 1, sizeof(*p->read));
    cJSON_Delete(doc);
    cJSON_Delete(end);
    return HF_OK;
}

static void
read_host(struct hf_ui *ui, const char *name)
{
    struct hf_run_pane *p = run_mine(ui);
    struct hf_err ignored = HF_ERR_INIT;
    cJSON *evidence = NULL;

    (void)hf_past_evidence(&evidence, ui->session, p->id, name, &ignored);
    hf_run_past_host(&p->read[p->read_len++], name, evidence);
    hf_run_past_log(&p->tail, name, evidence);
    cJSON_Delete(evidence);
}

void
run_read_more(struct hf_ui *ui)
{
    struct hf_run_pane *p = run_mine(ui);
    int64_t began = hf_mono();

    while (p->read && p->read_len < p->names.len && hf_mono() - began < READ_MS)
        read_host(ui, p->names.v[p->read_len]);
    if (p->read && p->read_len == p->names.len) {
        hf_progress_give(&p->own, p->read, p->read_len);
        p->read = NULL;
        run_drop_reading(p);
    }
    ui->lively |= p->read != NULL;
}

void
run_read(struct hf_ui *ui)
{
    struct hf_run_pane *p = run_mine(ui);
    struct hf_err err = HF_ERR_INIT;
    int rc = read_plan(ui, &err);

    if (rc == HF_ENOTFOUND) {
        err = (struct hf_err)HF_ERR_INIT;
        rc = read_past(ui, &err);
    }
    if (rc < 0)
        hf_say(p->why, sizeof(p->why), "%s", err.text);
}
