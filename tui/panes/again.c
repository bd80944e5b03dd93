/* What can be planned from a run; see again.h. */
#include "tui/panes/again.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "playbooks/retry.h"
#include "playbooks/rollout.h"
#include "playbooks/undo.h"
#include "tui/panes/carry.h"
#include "tui/panes/confirm.h"
#include "tui/panes/menu.h"

/* ---- doing again ---- */

static int
make_retry(struct hf_plan **out, struct hf_ui *ui,
           const struct hf_plan_source *from, const struct hf_plan_ask *typed,
           struct hf_problems *problems, struct hf_err *err)
{
    struct hf_retry of = {0};
    unsigned groups;
    int rc;

    if ((rc = hf_retry_parse(&groups, from->part, err)) == HF_OK &&
        (rc = hf_retry_read(&of, ui->session, from->name, err)) == HF_OK)
        rc = hf_retry_plan(out, ui->session, &of, groups, typed, problems, err);
    hf_retry_release(&of);
    return rc;
}

static void
command_of_retry(struct hf_buf *out, const struct hf_plan_source *from)
{
    hf_buf_printf(out, "hotfleet retry %s %s", from->name, from->part);
}

static const struct hf_plan_maker retrying = {
    .word = "retry",
    .make = make_retry,
    .command = command_of_retry,
};

/* Groups of hosts as they are offered. */
static const char *const offers[] = {"failed", "failed+notstarted",
                                     "unreachable", "unverified", "all"};

static size_t
count_hosts(const struct hf_retry *r, const char *words)
{
    struct hf_err ignored = HF_ERR_INIT;
    unsigned groups = 0;
    size_t n = 0;

    (void)hf_retry_parse(&groups, words, &ignored);
    for (int i = 0; i < HF_RETRY_GROUP_COUNT; i++)
        n += groups & (1u << i) ? r->hosts[i].len : 0;
    return n;
}

static unsigned
choose_retry(struct hf_ui *ui, size_t item)
{
    hf_confirm_plan(ui, &retrying, ui->asked_run, offers[item]);
    return HF_HANDLED;
}

unsigned
hf_again_retry(struct hf_ui *ui, const char *run)
{
    struct hf_retry of = {0};
    struct hf_err err = HF_ERR_INIT;
    char help[40];

    if (hf_retry_read(&of, ui->session, run, &err) < 0) {
        hf_ui_fail(ui, &err);
        hf_retry_release(&of);
        return HF_HANDLED;
    }
    hf_say(ui->asked_run, sizeof(ui->asked_run), "%s", run);
    hf_menu_start(ui, "Do again",
                  "Hosts of run %s that did not end well. Shows the plan "
                  "first; hosts that ended as wanted are let be.",
                  run);
    for (size_t i = 0; i < HF_COUNT(offers); i++) {
        size_t n = count_hosts(&of, offers[i]);

        hf_say(help, sizeof(help), "%zu host%s", n, hf_plural(n));
        hf_menu_add(ui, '1' + (int)i, offers[i], help, choose_retry);
    }
    hf_menu_open(ui, 0);
    hf_retry_release(&of);
    return HF_HANDLED;
}

unsigned
hf_again_retry_verb(struct hf_ui *ui, const char *args)
{
    size_t n = strcspn(args, " ");
    const char *groups = args + n + strspn(args + n, " ");
    char *run = hf_xstrndup(args, n);

    if (!*run)
        hf_ui_say(ui, HF_TONE_WARN, "say which run: retry RUN failed");
    else if (*groups)
        hf_confirm_plan(ui, &retrying, run, groups);
    else
        (void)hf_again_retry(ui, run);
    free(run);
    return HF_HANDLED;
}

/* ---- what is newer ---- */

static int
make_newer(struct hf_plan **out, struct hf_ui *ui,
           const struct hf_plan_source *from, const struct hf_plan_ask *typed,
           struct hf_problems *problems, struct hf_err *err)
{
    return hf_supersede_plan(out, ui->session, from->name, typed, problems,
                             err);
}

static void
command_of_newer(struct hf_buf *out, const struct hf_plan_source *from)
{
    hf_buf_printf(out, "hotfleet plan --supersede %s", from->name);
}

/* Carried out here, it could not hear that it ends. */
static int
end_older(struct hf_ui *ui, const struct hf_plan *plan, struct hf_err *err)
{
    if (hf_carry_has(ui, plan->origin.run))
        hf_carry_drop(ui);
    return hf_supersede_end(ui->session, plan, err);
}

static const struct hf_plan_maker superseding = {
    .word = "supersede",
    .make = make_newer,
    .command = command_of_newer,
    .recorded = end_older,
};

unsigned
hf_again_supersede(struct hf_ui *ui, const char *run)
{
    hf_confirm_plan(ui, &superseding, run, NULL);
    return HF_HANDLED;
}

/* ---- taking back ---- */

static int
make_undo(struct hf_plan **out, struct hf_ui *ui,
          const struct hf_plan_source *from, const struct hf_plan_ask *typed,
          struct hf_problems *problems, struct hf_err *err)
{
    int of_run = hf_run_id_valid(from->name);
    const struct hf_undo what = {.run = of_run ? from->name : NULL,
                                 .release = of_run ? NULL : from->name,
                                 .ring = from->part};

    return hf_undo_plan(out, ui->session, &what, typed, problems, err);
}

static void
command_of_undo(struct hf_buf *out, const struct hf_plan_source *from)
{
    hf_buf_puts(out, hf_run_id_valid(from->name)
                         ? "hotfleet rollback --run "
                         : "hotfleet rollback --release ");
    hf_shell_quote(out, from->name);
    if (!from->part)
        return;
    hf_buf_puts(out, " --ring ");
    hf_shell_quote(out, from->part);
}

static int
block(struct hf_ui *ui, const struct hf_plan *plan,
      const struct hf_plan_ask *typed, struct hf_err *err)
{
    struct hf_strs blocked = {0};
    int rc = hf_undo_block(&blocked, ui->session, plan, typed->reason, err);

    hf_strs_release(&blocked);
    return rc;
}

static const struct hf_plan_maker undoing = {
    .word = "rollback",
    .make = make_undo,
    .command = command_of_undo,
    .prepare = block,
    .blocks = 1,
};

/* The first item is the whole run, then come its rings. */
static unsigned
choose_undo(struct hf_ui *ui, size_t item)
{
    struct hf_plan *plan = NULL;
    struct hf_err err = HF_ERR_INIT;
    const char *ring = NULL;

    if (hf_rollout_plan(&plan, ui->session, ui->asked_run, &err) < 0) {
        hf_ui_fail(ui, &err);
        return HF_HANDLED;
    }
    if (item > 0 && item <= plan->playbook.rings_len)
        ring = plan->playbook.rings[item - 1].name;
    hf_confirm_plan(ui, &undoing, ui->asked_run, ring);
    hf_plan_free(plan);
    return HF_HANDLED;
}

unsigned
hf_again_undo(struct hf_ui *ui, const char *run)
{
    struct hf_plan *plan = NULL;
    struct hf_err err = HF_ERR_INIT;
    char help[40];

    if (hf_rollout_plan(&plan, ui->session, run, &err) < 0) {
        hf_ui_fail(ui, &err);
        return HF_HANDLED;
    }
    hf_say(ui->asked_run, sizeof(ui->asked_run), "%s", run);
    hf_menu_start(ui, "Take back",
                  "What run %s put in. Shows the plan and its price first; "
                  "windows, holds and budgets hold as ever.",
                  run);
    hf_menu_add(ui, '1', "all of it", plan->playbook.name, choose_undo);
    for (size_t i = 0; i < plan->playbook.rings_len; i++) {
        hf_say(help, sizeof(help), "its ring of %zu host%s", plan->rings[i].len,
               hf_plural(plan->rings[i].len));
        hf_menu_add(ui, i < 8 ? '2' + (int)i : 0, plan->playbook.rings[i].name,
                    help, choose_undo);
    }
    hf_menu_open(ui, 0);
    hf_plan_free(plan);
    return HF_HANDLED;
}

unsigned
hf_again_undo_release(struct hf_ui *ui, const char *release)
{
    hf_confirm_plan(ui, &undoing, release, NULL);
    return HF_HANDLED;
}

unsigned
hf_again_undo_verb(struct hf_ui *ui, const char *args)
{
    static const char release[] = "--release ";

    if (hf_run_id_valid(args))
        return hf_again_undo(ui, args);
    if (strncmp(args, release, strlen(release)) != 0)
        return HF_UNUSED;
    return hf_again_undo_release(ui, args + strlen(release));
}
