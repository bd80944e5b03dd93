/*
 * The form about a plan: its rings, hosts in order, who is left out and why,
 * price and worst case. It is made when the form opens and when something was
 * typed, and does not move under the reader; a yes makes it once more and
 * begins only what was shown.
 */
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "tui/panes/carry.h"
#include "tui/panes/confirm_priv.h"
#include "tui/panes/rings_pane.h"
#include "tui/rows/confirm.h"
#include "tui/rows/plan.h"

static struct hf_plan_ask
typed(const struct hf_confirm *c)
{
    return (struct hf_plan_ask){
        .change = confirm_text(c, CONFIRM_CHANGE),
        .reason = confirm_text(c, CONFIRM_REASON),
        .old_catalogue = c->on[CONFIRM_OLD],
    };
}

/* The first problem of a playbook becomes the hint. */
static int
make(struct hf_plan **out, struct hf_ui *ui, struct hf_confirm *c)
{
    const struct hf_plan_ask ask = typed(c);
    struct hf_problems problems = {0};
    int rc;

    *out = NULL;
    rc = c->maker->make(out, ui, &c->from, &ask, &problems, &c->refusal);
    if (rc < 0 && problems.len && !c->refusal.hint[0])
        (void)hf_hint(&c->refusal, "line %zu: %s", problems.v[0].line,
                      problems.v[0].text);
    hf_problems_release(&problems);
    return rc;
}

static void
take(struct hf_ui *ui, struct hf_confirm *c, struct hf_plan *plan)
{
    hf_plan_free(c->plan);
    c->plan = plan;
    c->to_do = plan->hosts_len;
    hf_doc_release(&c->doc);
    hf_plan_rows(&c->doc, plan, &ui->look);
}

/* When it cannot be made any more, what was shown last stays. */
static void
plan_look(struct hf_ui *ui, struct hf_confirm *c)
{
    struct hf_plan *plan;

    if (make(&plan, ui, c) == HF_OK)
        take(ui, c, plan);
}

static void
plan_summary(struct hf_doc *out, const struct hf_confirm *c,
             const struct hf_look *look)
{
    if (c->plan)
        hf_plan_summary(out, c->plan, look);
    else
        hf_doc_text(out, "  ", HF_TONE_STRONG, c->from.name, look->cols);
}

static void
plan_command(struct hf_buf *out, const struct hf_confirm *c)
{
    c->maker->command(out, &c->from);
    hf_confirm_option(out, "change", confirm_text(c, CONFIRM_CHANGE));
    hf_confirm_option(out, "reason", confirm_text(c, CONFIRM_REASON));
    if (c->on[CONFIRM_OLD])
        hf_buf_puts(out, " --old-catalogue");
    if (c->on[CONFIRM_NO_BLOCK])
        hf_buf_puts(out, " --no-block");
    hf_buf_printf(out, " --expect-hosts %zu", c->to_do);
}

/* 0 when what would be planned now is what was read. */
static int
still_holds(const struct hf_confirm *c, const struct hf_plan *now,
            struct hf_err *err)
{
    if (strcmp(c->plan->hash, now->hash) == 0)
        return HF_OK;
    (void)hf_fail(err, HF_EMOVED,
                  "the plan has moved since it was shown; this is the new one");
    return hf_hint(err, "read it, then press Yes again");
}

static int
prepare(struct hf_ui *ui, struct hf_confirm *c)
{
    const struct hf_plan_ask ask = typed(c);

    if (!c->maker->prepare || c->on[CONFIRM_NO_BLOCK])
        return HF_OK;
    return c->maker->prepare(ui, c->plan, &ask, &c->refusal);
}

static int
plan_begin(struct hf_ui *ui, struct hf_confirm *c)
{
    struct hf_plan *now;
    int rc;

    if (!hf_carry_can(ui))
        return HF_ELOCKED;
    if ((rc = make(&now, ui, c)) < 0)
        return rc;
    rc = still_holds(c, now, &c->refusal);
    take(ui, c, now);
    if (rc < 0 || (rc = prepare(ui, c)) < 0 ||
        (rc = hf_plan_record(ui->session, c->plan, &c->refusal)) < 0 ||
        (c->maker->recorded &&
         (rc = c->maker->recorded(ui, c->plan, &c->refusal)) < 0))
        return rc;
    return hf_carry_begin(ui, c->plan);
}

static void
plan_show(struct hf_ui *ui)
{
    hf_rings_pane_show(ui, hf_conduct_run_id(ui->conduct));
    if (!ui->message[0])
        hf_ui_say(ui, HF_TONE_BUSY, "run %s is carried out here",
                  hf_conduct_run_id(ui->conduct));
}

const struct confirm_subject confirm_plan = {
    .fields = 1u << CONFIRM_CHANGE | 1u << CONFIRM_REASON |
              1u << CONFIRM_COUNT | 1u << CONFIRM_OLD | 1u << CONFIRM_NO_BLOCK,
    .needs = HF_NEED_IDLE | HF_NEED_WRITE,
    .look = plan_look,
    .summary = plan_summary,
    .list = "Plan",
    .command = plan_command,
    .begin = plan_begin,
    .show = plan_show,
};

void
hf_confirm_plan(struct hf_ui *ui, const struct hf_plan_maker *maker,
                const char *name, const char *part)
{
    struct hf_confirm *c = confirm_mine(ui);
    struct hf_plan_source from = {hf_xstrdup(name), hf_xstrdup(part)};

    confirm_clear(c);
    c->subject = &confirm_plan;
    c->word = maker->word;
    c->maker = maker;
    c->from = from;
    confirm_open(ui);
}
