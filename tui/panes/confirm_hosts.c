/* The form about an action on hosts: what it would do to each of them. */
#include <stdlib.h>

#include "backend/base/mem.h"
#include "tui/panes/confirm_priv.h"
#include "tui/panes/run_control.h"
#include "tui/panes/run_pane.h"
#include "tui/rows/confirm.h"

const char **
confirm_names(const struct hf_confirm *c, size_t *n)
{
    const struct hf_targets *t = &c->targets;
    const char **names =
        hf_xcalloc(t->names.len + t->hidden.len + 1, sizeof(*names));

    *n = 0;
    for (size_t i = 0; i < t->names.len; i++)
        names[(*n)++] = t->names.v[i];
    for (size_t i = 0; c->on[CONFIRM_HIDDEN] && i < t->hidden.len; i++)
        names[(*n)++] = t->hidden.v[i];
    return names;
}

/* The fields as a question to the session; `names` is the caller's array for
 * all hosts and borrowed by the ask. */
static void
make_ask(struct hf_ask *ask, const struct hf_confirm *c, const char ***names)
{
    size_t n;

    *names = confirm_names(c, &n);
    *ask = (struct hf_ask){
        .action = c->action,
        .hosts = *names,
        .hosts_len = n,
        .selector = c->targets.selector,
        .change = confirm_text(c, CONFIRM_CHANGE),
        .reason = confirm_text(c, CONFIRM_REASON),
        .go_on = c->on[CONFIRM_GO_ON],
        .again = c->on[CONFIRM_AGAIN],
        .old_catalogue = c->on[CONFIRM_OLD],
    };
}

static void
hosts_look(struct hf_ui *ui, struct hf_confirm *c)
{
    const char **names;
    struct hf_ask ask;

    make_ask(&ask, c, &names);
    hf_forecasts_release(&c->forecasts);
    (void)hf_session_forecast(ui->session, &c->forecasts, &ask, &c->refusal);
    c->to_do = c->forecasts.to_do;
    free(names);
}

static void
hosts_summary(struct hf_doc *out, const struct hf_confirm *c,
              const struct hf_look *look)
{
    hf_confirm_summary(out, &c->forecasts, c->action, look);
}

/* Hosts that are marked but hidden by the filter are a group of their own
 * behind the others, until they are included. */
static size_t
hosts_rows(const struct hf_confirm *c)
{
    size_t hidden = c->targets.hidden.len && !c->on[CONFIRM_HIDDEN]
                        ? c->targets.hidden.len + 1
                        : 0;

    return c->forecasts.len + hidden;
}

static void
hosts_row(struct hf_line *out, const struct hf_confirm *c, size_t row,
          const struct hf_look *look)
{
    size_t n = c->forecasts.len;

    if (row < n)
        hf_confirm_host(out, &c->forecasts.v[row], look);
    else if (row == n)
        hf_line_add(out, HF_TONE_WARN,
                    "  marked, but hidden by the filter: left out (%zu)",
                    c->targets.hidden.len);
    else if (row <= n + c->targets.hidden.len)
        hf_line_add(out, HF_TONE_DIM, "    %s",
                    c->targets.hidden.v[row - n - 1]);
}

static void
hosts_command(struct hf_buf *out, const struct hf_confirm *c)
{
    const char **names;
    struct hf_ask ask;

    make_ask(&ask, c, &names);
    hf_confirm_command(out, &ask, &c->forecasts);
    free(names);
}

static int
hosts_begin(struct hf_ui *ui, struct hf_confirm *c)
{
    const char **names;
    struct hf_ask ask;
    int rc;

    make_ask(&ask, c, &names);
    rc = hf_ui_start(ui, &ask);
    free(names);
    return rc;
}

const struct confirm_subject confirm_hosts = {
    .fields = 1u << CONFIRM_CHANGE | 1u << CONFIRM_REASON |
              1u << CONFIRM_COUNT | 1u << CONFIRM_GO_ON | 1u << CONFIRM_AGAIN |
              1u << CONFIRM_OLD | 1u << CONFIRM_HIDDEN,
    .needs = HF_NEED_IDLE | HF_NEED_WRITE,
    .follows = 1,
    .look = hosts_look,
    .summary = hosts_summary,
    .list = "Hosts",
    .rows = hosts_rows,
    .row = hosts_row,
    .command = hosts_command,
    .begin = hosts_begin,
    .show = hf_run_pane_show_live,
};

void
hf_confirm_open(struct hf_ui *ui, enum hf_action action, struct hf_targets *t)
{
    struct hf_confirm *c = confirm_mine(ui);

    confirm_clear(c);
    c->subject = &confirm_hosts;
    c->word = hf_action_names[action];
    c->action = action;
    c->targets = *t;
    *t = (struct hf_targets){0};
    confirm_open(ui);
}
