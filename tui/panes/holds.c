/* Holding hosts; see holds.h. */
#include "tui/panes/holds.h"

#include <stdlib.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "inventory/hold.h"
#include "tui/panes/menu.h"
#include "tui/panes/prompt.h"
#include "tui/panes/run_control.h"

static int
write_holds(struct hf_ui *ui, const char *reason, int hold, char commit[41],
            struct hf_err *err)
{
    struct hf_repo *repo = hf_session_repo(ui->session);
    size_t n;
    const struct hf_host **hosts = hf_ui_asked_hosts(ui, &n);
    int rc;

    rc = hold ? hf_hold(repo, hosts, n, reason, commit, err)
              : hf_unhold(repo, hosts, n, NULL, commit, err);
    free(hosts);
    return rc;
}

static unsigned
change(struct hf_ui *ui, const char *reason, int hold)
{
    struct hf_err err = HF_ERR_INIT;
    char commit[41] = "";

    if (!hf_ui_can(ui, HF_NEED_IDLE | HF_NEED_WRITE))
        return HF_HANDLED;
    if (write_holds(ui, reason, hold, commit, &err) < 0) {
        hf_ui_fail(ui, &err);
        return HF_HANDLED;
    }
    hf_ui_reload(ui);
    hf_ui_say(ui, HF_TONE_GOOD,
              commit[0] ? "%s %zu host%s: commit %.10s"
                        : "%s %zu host%s: nothing to change",
              hold ? "held" : "released", ui->asked.names.len,
              hf_plural(ui->asked.names.len), commit);
    return HF_HANDLED | HF_RECALC;
}

static unsigned
take_reason(struct hf_ui *ui, const char *text)
{
    if (!*text) {
        hf_ui_say(ui, HF_TONE_WARN, "a hold wants a reason: nothing was held");
        return HF_HANDLED;
    }
    return change(ui, text, 1);
}

static unsigned
do_unhold(struct hf_ui *ui, size_t item)
{
    (void)item;
    return change(ui, NULL, 0);
}

void
hf_holds_ask(struct hf_ui *ui, struct hf_targets *t, int hold)
{
    hf_targets_release(&ui->asked);
    ui->asked = *t;
    *t = (struct hf_targets){0};
    if (hold) {
        hf_prompt_question(ui, "why hold ", ui->asked.title, take_reason);
        return;
    }
    hf_menu_start(ui, "Take the hold away?",
                  "%s. This is a commit in the fleet repository; the hosts "
                  "may be patched again.",
                  ui->asked.title);
    hf_menu_add(ui, 'n', "no", "", NULL);
    hf_menu_add(ui, 'y', "yes, take it away", "", do_unhold);
    hf_menu_open(ui, 1);
}
