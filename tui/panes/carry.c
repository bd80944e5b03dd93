/* The run of a plan that this console carries out; see carry.h. */
#include "tui/panes/carry.h"

#include <string.h>

#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tui/panes/rings_pane.h"
#include "tui/panes/run_control.h"
#include "tui/panes/run_pane.h"

#define HEAR_MS 500 /* while it stands still: is something said to it? */

/* ---- what is told ---- */

static void
on_event(void *ctx, const struct hf_rollout_event *e)
{
    struct hf_ui *ui = ctx;

    if (ui->conduct) /* else it is just being read back */
        hf_run_pane_event(ui, hf_conduct_run_id(ui->conduct), e);
    ui->moved = 1;
}

static void
on_host(void *ctx, const struct hf_event *e)
{
    struct hf_ui *ui = ctx;

    if (ui->conduct)
        hf_run_pane_host_event(ui, hf_conduct_run_id(ui->conduct), e);
    ui->moved = 1;
}

static void
on_reload(void *ctx)
{
    hf_ui_reload(ctx);
}

/* The session's last run is about to be replaced: its texts are kept. */
static struct hf_conduct_options
options(struct hf_ui *ui)
{
    hf_progress_keep(&ui->progress);
    return (struct hf_conduct_options){.on_event = on_event,
                                       .on_host = on_host,
                                       .reload = on_reload,
                                       .ctx = ui};
}

/* ---- beginning and ending ---- */

static int
began(struct hf_ui *ui, int rc, const struct hf_err *err)
{
    if (rc < 0) {
        hf_ui_fail(ui, err);
        return rc;
    }
    ui->conduct_idle = 0;
    ui->interrupts = 0;
    hf_rings_pane_carried(ui);
    return HF_OK;
}

int
hf_carry_can(struct hf_ui *ui)
{
    return hf_ui_can(ui, HF_NEED_WRITE | HF_NEED_IDLE);
}

/* One that soaks or waits for a person gives way: anybody can go on with it. */
static void
make_way(struct hf_ui *ui)
{
    char run[HF_RUN_ID_LEN];

    if (!ui->conduct)
        return;
    hf_say(run, sizeof(run), "%s", hf_conduct_run_id(ui->conduct));
    hf_carry_drop(ui);
    hf_ui_say(ui, HF_TONE_WARN,
              "run %s stands still until somebody goes on with it: c, or "
              "hotfleet run %s",
              run, run);
}

int
hf_carry_begin(struct hf_ui *ui, const struct hf_plan *plan)
{
    const struct hf_conduct_options o = options(ui);
    struct hf_err err = HF_ERR_INIT;

    if (!hf_carry_can(ui))
        return HF_ELOCKED;
    make_way(ui);
    return began(ui, hf_conduct_new(&ui->conduct, ui->session, plan, &o, &err),
                 &err);
}

int
hf_carry_resume(struct hf_ui *ui, const char *run)
{
    const struct hf_conduct_options o = options(ui);
    struct hf_err err = HF_ERR_INIT;

    if (!hf_carry_can(ui))
        return HF_ELOCKED;
    make_way(ui);
    return began(
        ui, hf_conduct_resume(&ui->conduct, ui->session, run, &o, &err), &err);
}

void
hf_carry_drop(struct hf_ui *ui)
{
    struct hf_conduct *c = ui->conduct;

    ui->conduct = NULL;
    ui->conduct_idle = 0;
    hf_rings_pane_carried(ui);
    hf_conduct_free(c);
}

int
hf_carry_has(const struct hf_ui *ui, const char *run)
{
    return ui->conduct && strcmp(hf_conduct_run_id(ui->conduct), run) == 0;
}

int
hf_carry_acts(const struct hf_ui *ui)
{
    return ui->conduct && !ui->conduct_idle;
}

/* ---- pumping ---- */

static void
ended(struct hf_ui *ui)
{
    struct hf_rollout_view v;

    hf_rollout_view(hf_conduct_rollout(ui->conduct), &v);
    ui->exit_status = v.exit;
    if (hf_conduct_blocked(ui->conduct))
        hf_ui_say(ui, HF_TONE_BAD, "run %s cannot go on: %s",
                  hf_conduct_run_id(ui->conduct),
                  hf_conduct_trouble(ui->conduct));
    else
        hf_ui_say(ui, v.exit ? HF_TONE_WARN : HF_TONE_GOOD,
                  "run %s is over, exit %d", hf_conduct_run_id(ui->conduct),
                  v.exit);
    hf_carry_drop(ui);
    hf_ui_recalc(ui);
    ui->leaving |= ui->leave_when_over;
}

/* Told when it begins to be in the way. */
static void
tell_trouble(struct hf_ui *ui)
{
    const char *trouble = hf_conduct_trouble(ui->conduct);

    if (strcmp(trouble, ui->conduct_trouble) == 0)
        return;
    hf_say(ui->conduct_trouble, sizeof(ui->conduct_trouble), "%s", trouble);
    if (*trouble)
        hf_ui_say(ui, HF_TONE_WARN, "run %s waits: %s",
                  hf_conduct_run_id(ui->conduct), trouble);
}

/* A halted run that takes itself back does so by another run, which is gone on
 * with at once. */
static void
follow_undo(struct hf_ui *ui)
{
    struct hf_rollout_view v;

    hf_rollout_view(hf_conduct_rollout(ui->conduct), &v);
    if (!v.taken_back_by[0] || ui->leave_when_over ||
        hf_rollout_is_over(ui->session, v.taken_back_by))
        return;
    if (hf_carry_resume(ui, v.taken_back_by) == HF_OK)
        hf_ui_say(ui, HF_TONE_WARN,
                  "the run was halted and is taken back by run %s",
                  v.taken_back_by);
}

int64_t
hf_carry_pump(struct hf_ui *ui)
{
    int64_t wait = hf_conduct_pump(ui->conduct);
    int idle = wait == HF_CONDUCT_IDLE;

    if (wait == HF_RUN_OVER) {
        ended(ui);
        return 0;
    }
    ui->moved |= idle != ui->conduct_idle;
    ui->conduct_idle = idle;
    tell_trouble(ui);
    if (idle)
        follow_undo(ui);
    if (idle && ui->leave_when_over)
        ui->leaving = 1;
    return idle ? HEAR_MS : wait;
}

/* ---- saying ---- */

int
hf_carry_say(struct hf_ui *ui, const char *run, struct hf_rollout_event *e,
             struct hf_err *err)
{
    if (hf_carry_has(ui, run))
        return hf_conduct_say(ui->conduct, e, err);
    return hf_rollout_say(ui->session, run, e, err);
}

void
hf_carry_pause(struct hf_ui *ui, const char *why)
{
    struct hf_rollout_event e = hf_rollout_event_of(HF_ROLLOUT_PAUSED);
    struct hf_err err = HF_ERR_INIT;

    hf_say(e.why, sizeof(e.why), "%s", why);
    if (ui->conduct && hf_conduct_say(ui->conduct, &e, &err) < 0)
        hf_ui_fail(ui, &err);
}
