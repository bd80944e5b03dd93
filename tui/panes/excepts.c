/* Excusing hosts; see excepts.h. */
#include "tui/panes/excepts.h"

#include <stdlib.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "inventory/exception.h"
#include "tui/panes/prompt.h"
#include "tui/panes/run_control.h"

/* In the order in which they are asked; the first one says of whom. */
enum { ID, OWNER, TICKET, REASON, CONTROL, UNTIL, QUESTIONS };
static const char *const questions[QUESTIONS] = {
    [ID] = "exception's name, ",
    [OWNER] = "owner: who answers for it",
    [TICKET] = "ticket: where it was agreed",
    [REASON] = "reason: why they cannot be patched",
    [CONTROL] = "control: what protects them so long",
    [UNTIL] = "until which day (2027-01-31)",
};

static int
write_exception(struct hf_ui *ui, char commit[41], struct hf_err *err)
{
    char *const *said = ui->answers.v;
    const struct hf_exception_text text = {.owner = said[OWNER],
                                           .ticket = said[TICKET],
                                           .reason = said[REASON],
                                           .control = said[CONTROL],
                                           .until = said[UNTIL]};
    const struct hf_fleet *fleet = hf_session_fleet(ui->session);
    size_t n;
    const struct hf_host **hosts = hf_ui_asked_hosts(ui, &n);
    int rc;

    rc = hf_exception_add(hf_session_repo(ui->session), fleet, said[ID], hosts,
                          n, &text, commit, err);
    free(hosts);
    return rc;
}

static unsigned
add(struct hf_ui *ui)
{
    struct hf_err err = HF_ERR_INIT;
    char commit[41];

    if (!hf_ui_can(ui, HF_NEED_IDLE | HF_NEED_WRITE))
        return HF_HANDLED;
    if (write_exception(ui, commit, &err) < 0) {
        hf_ui_fail(ui, &err);
        return HF_HANDLED;
    }
    hf_ui_reload(ui);
    hf_ui_say(ui, HF_TONE_GOOD,
              "exception %s until %s, %zu host%s: commit "
              "%.10s",
              ui->answers.v[ID], ui->answers.v[UNTIL], ui->asked.names.len,
              hf_plural(ui->asked.names.len), commit);
    return HF_HANDLED | HF_RECALC;
}

static unsigned take_answer(struct hf_ui *ui, const char *text);

static void
ask_next(struct hf_ui *ui)
{
    size_t next = ui->answers.len;

    hf_prompt_question(ui, questions[next], next == ID ? ui->asked.title : NULL,
                       take_answer);
}

static unsigned
take_answer(struct hf_ui *ui, const char *text)
{
    if (!*text) {
        hf_ui_say(ui, HF_TONE_WARN,
                  "an exception wants all of it: nothing was written");
        return HF_HANDLED;
    }
    hf_strs_add(&ui->answers, text);
    if (ui->answers.len == QUESTIONS)
        return add(ui);
    ask_next(ui);
    return HF_HANDLED;
}

void
hf_excepts_ask(struct hf_ui *ui, struct hf_targets *t)
{
    hf_targets_release(&ui->asked);
    ui->asked = *t;
    *t = (struct hf_targets){0};
    hf_strs_release(&ui->answers);
    ask_next(ui);
}
