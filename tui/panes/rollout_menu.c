/* Which playbook is to be run; see rollout_menu.h. */
#include "tui/panes/rollout_menu.h"

#include <string.h>

#include "backend/base/mem.h"
#include "playbooks/playbook.h"
#include "tui/panes/carry.h"
#include "tui/panes/confirm.h"
#include "tui/panes/menu.h"
#include "tui/panes/rings_pane.h"

#define SHOWN_MOST 20 /* others are run by name */

/* ---- a plan from a playbook ---- */

static int
make_from_playbook(struct hf_plan **out, struct hf_ui *ui,
                   const struct hf_plan_source *from,
                   const struct hf_plan_ask *typed,
                   struct hf_problems *problems, struct hf_err *err)
{
    struct hf_plan_ask ask = *typed;

    ask.playbook = from->name;
    return hf_plan_make(out, ui->session, &ask, problems, err);
}

static void
command_of_playbook(struct hf_buf *out, const struct hf_plan_source *from)
{
    hf_buf_printf(out, "hotfleet run %s", from->name);
}

static const struct hf_plan_maker from_playbook = {
    .word = "run",
    .make = make_from_playbook,
    .command = command_of_playbook,
};

/* ---- choosing one ---- */

static int
list_names(struct hf_ui *ui, struct hf_strs *out, struct hf_err *err)
{
    struct hf_strs shipped = {0};
    int rc = hf_playbook_names(hf_session_repo(ui->session), NULL, out,
                               &shipped, err);

    for (size_t i = 0; i < shipped.len; i++) {
        if (!hf_strs_has(out, shipped.v[i]))
            hf_strs_add(out, shipped.v[i]);
    }
    hf_strs_release(&shipped);
    return rc;
}

static unsigned
choose(struct hf_ui *ui, size_t item)
{
    struct hf_err err = HF_ERR_INIT;
    struct hf_strs names = {0};

    if (list_names(ui, &names, &err) < 0)
        hf_ui_fail(ui, &err);
    else if (item < names.len)
        hf_confirm_plan(ui, &from_playbook, names.v[item], NULL);
    hf_strs_release(&names);
    return HF_HANDLED;
}

static void
add_playbook(struct hf_ui *ui, const char *name, int letter)
{
    struct hf_arena *arena = hf_arena_new();
    struct hf_problems problems = {0};
    struct hf_playbook pb;
    struct hf_err err = HF_ERR_INIT;
    char blob[41];
    int rc = hf_playbook_load(&pb, arena, hf_session_repo(ui->session), NULL,
                              name, blob, &problems, &err);

    hf_menu_add(ui, letter, name,
                rc < 0     ? "has problems: hotfleet lint"
                : pb.title ? pb.title
                           : hf_playbook_kind_names[pb.kind],
                choose);
    hf_problems_release(&problems);
    hf_arena_free(arena);
}

unsigned
hf_rollout_menu(struct hf_ui *ui, int key)
{
    struct hf_err err = HF_ERR_INIT;
    struct hf_strs names = {0};

    (void)key;
    if (list_names(ui, &names, &err) < 0) {
        hf_ui_fail(ui, &err);
        hf_strs_release(&names);
        return HF_HANDLED;
    }
    hf_menu_start(ui, "Run a playbook",
                  "Shows its plan first; nothing begins without a yes%s.",
                  names.len > SHOWN_MOST ? ". Others: :run NAME" : "");
    for (size_t i = 0; i < names.len && i < SHOWN_MOST; i++)
        add_playbook(ui, names.v[i], i < 9 ? '1' + (int)i : 0);
    hf_menu_open(ui, 0);
    hf_strs_release(&names);
    return HF_HANDLED;
}

unsigned
hf_rollout_run(struct hf_ui *ui, const char *name)
{
    if (!*name)
        return hf_rollout_menu(ui, 0);
    if (!hf_run_id_valid(name))
        hf_confirm_plan(ui, &from_playbook, name, NULL);
    else if (hf_carry_resume(ui, name) == HF_OK)
        hf_rings_pane_show(ui, name);
    return HF_HANDLED | HF_RECALC;
}
