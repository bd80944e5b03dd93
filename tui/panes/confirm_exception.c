/* The forms about an exception: hosts that are excused until a day, and its
 * end. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/model/exception.h"
#include "inventory/exception.h"
#include "tui/panes/confirm_priv.h"
#include "tui/panes/excepts.h"
#include "tui/rows/confirm.h"
#include "tui/rows/others.h"

/* ---- a new one ---- */

static void
add_look(struct hf_ui *ui, struct hf_confirm *c)
{
    struct hf_buf text = {0};
    size_t n;
    const struct hf_state **states = confirm_states(ui, &n);

    confirm_anew(c);
    c->to_do = n;
    hf_buf_printf(&text,
                  "%zu host%s: left as they are until a day, then patched "
                  "again by %s",
                  n, hf_plural(n), n == 1 ? "itself" : "themselves");
    confirm_tell(ui, "  except    ", HF_TONE_STRONG, &text);
    hf_left_open(&text, hf_session_fleet(ui->session), states, n, ui->look.now);
    confirm_tell(ui, "  leaves    ", HF_TONE_WARN, &text);
    confirm_list(ui, states, n);
    hf_others_rows(&c->doc, states, n, "Others may patch them all the same",
                   &ui->look);
    free(states);
}

static void
add_command(struct hf_buf *out, const struct hf_confirm *c)
{
    const char *id = confirm_text(c, CONFIRM_NAME);
    size_t n;
    const char **names = confirm_names(c, &n);
    char *whom = hf_confirm_selector(c->targets.selector, names, n);

    hf_buf_puts(out, "hotfleet exception add ");
    hf_shell_quote(out, id ? id : "ID");
    hf_buf_puts(out, " ");
    hf_shell_quote(out, whom);
    hf_confirm_option(out, "owner", confirm_text(c, CONFIRM_OWNER));
    hf_confirm_option(out, "ticket", confirm_text(c, CONFIRM_TICKET));
    hf_confirm_option(out, "reason", confirm_text(c, CONFIRM_REASON));
    hf_confirm_option(out, "control", confirm_text(c, CONFIRM_CONTROL));
    hf_confirm_option(out, "until", confirm_text(c, CONFIRM_UNTIL));
    hf_buf_printf(out, " --expect-hosts %zu", n);
    free(whom);
    free(names);
}

/* The cursor goes to the first field that is missing. */
static int
need_all(struct hf_confirm *c)
{
    for (enum confirm_field f = 0; f < CONFIRM_COUNT; f++) {
        if (!(c->subject->fields & 1u << f) || confirm_text(c, f))
            continue;
        c->focus = f;
        return hf_fail(&c->refusal, HF_EUSAGE,
                       "an exception wants all of it: type '%s'",
                       confirm_rows[f].label);
    }
    return HF_OK;
}

static int
write_exception(struct hf_ui *ui, struct hf_confirm *c)
{
    const struct hf_exception_text text = {
        .owner = confirm_text(c, CONFIRM_OWNER),
        .ticket = confirm_text(c, CONFIRM_TICKET),
        .reason = confirm_text(c, CONFIRM_REASON),
        .control = confirm_text(c, CONFIRM_CONTROL),
        .until = confirm_text(c, CONFIRM_UNTIL),
    };
    size_t n;
    const struct hf_state **states = confirm_states(ui, &n);
    const struct hf_host **hosts = hf_xcalloc(n + 1, sizeof(*hosts));
    int rc;

    for (size_t i = 0; i < n; i++)
        hosts[i] = states[i]->host;
    rc = hf_exception_add(
        hf_session_repo(ui->session), hf_session_fleet(ui->session),
        confirm_text(c, CONFIRM_NAME), hosts, n, &text, c->commit, &c->refusal);
    free(hosts);
    free(states);
    return rc;
}

static int
add_begin(struct hf_ui *ui, struct hf_confirm *c)
{
    int rc = need_all(c);

    return rc < 0 ? rc : confirm_wrote(ui, write_exception(ui, c));
}

static void
add_show(struct hf_ui *ui)
{
    const struct hf_confirm *c = confirm_mine(ui);

    confirm_say_written(ui, "exception %.100s until %.20s, %zu host%s",
                        confirm_text(c, CONFIRM_NAME),
                        confirm_text(c, CONFIRM_UNTIL), c->to_do,
                        hf_plural(c->to_do));
}

const struct confirm_subject confirm_exception = {
    .fields = 1u << CONFIRM_NAME | 1u << CONFIRM_OWNER | 1u << CONFIRM_TICKET |
              1u << CONFIRM_REASON | 1u << CONFIRM_CONTROL |
              1u << CONFIRM_UNTIL | 1u << CONFIRM_COUNT | 1u << CONFIRM_HIDDEN,
    .needs = HF_NEED_IDLE | HF_NEED_WRITE,
    .follows = 1,
    .look = add_look,
    .list = "Hosts",
    .command = add_command,
    .begin = add_begin,
    .show = add_show,
};

/* ---- its end ---- */

static const struct hf_exception *
exception_of(const struct hf_ui *ui, const struct hf_confirm *c)
{
    return hf_exception_find(hf_session_fleet(ui->session), c->from.name);
}

static int
as_seen(struct hf_ui *ui, const struct hf_exception *e)
{
    struct hf_strs now = {0};
    char *line = e ? hf_xasprintf("%s %s", e->path, e->blob)
                   : hf_xasprintf("exceptions/%s.json gone",
                                  confirm_mine(ui)->from.name);

    hf_strs_add(&now, line);
    free(line);
    return confirm_as_seen(ui, &now);
}

static void
tell_end(struct hf_ui *ui, const struct hf_exception *e)
{
    const struct hf_fleet *fleet = hf_session_fleet(ui->session);
    struct hf_buf text = {0};
    char why[HF_WHY_LEN];
    size_t len, n = 0;
    const struct hf_state *states = hf_session_states(ui->session, &len);
    const struct hf_state **excused = hf_xcalloc(len + 1, sizeof(*excused));

    for (size_t i = 0; i < len; i++) {
        if (hf_exception_of(fleet, states[i].host, ui->look.now) == e)
            excused[n++] = &states[i];
    }
    hf_exception_say(why, e);
    hf_buf_printf(&text, "%s: %s", e->id, why);
    confirm_tell(ui, "  end       ", HF_TONE_STRONG, &text);
    hf_buf_printf(&text, "%zu host%s may be patched again", n, hf_plural(n));
    confirm_tell(ui, "  then      ", HF_TONE_PLAIN, &text);
    confirm_list(ui, excused, n);
    free(excused);
}

static void
end_look(struct hf_ui *ui, struct hf_confirm *c)
{
    const struct hf_exception *e = exception_of(ui, c);

    confirm_anew(c);
    c->to_do = 1; /* whoever is excused by it now */
    if (!c->seen.len)
        (void)as_seen(ui, e);
    if (e)
        tell_end(ui, e);
    else
        (void)hf_fail(&c->refusal, HF_ENOTFOUND, "there is no exception '%s'",
                      c->from.name);
}

static void
end_command(struct hf_buf *out, const struct hf_confirm *c)
{
    hf_buf_puts(out, "hotfleet exception end ");
    hf_shell_quote(out, c->from.name);
    hf_confirm_option(out, "reason", confirm_text(c, CONFIRM_REASON));
}

static int
end_begin(struct hf_ui *ui, struct hf_confirm *c)
{
    const struct hf_exception *e = exception_of(ui, c);
    int rc = as_seen(ui, e);

    if (rc < 0)
        return rc;
    return confirm_wrote(ui, hf_exception_end(hf_session_repo(ui->session), e,
                                              confirm_text(c, CONFIRM_REASON),
                                              c->commit, &c->refusal));
}

static void
end_show(struct hf_ui *ui)
{
    confirm_say_written(ui, "ended exception %.100s",
                        confirm_mine(ui)->from.name);
}

const struct confirm_subject confirm_exception_end = {
    .fields = 1u << CONFIRM_REASON,
    .needs = HF_NEED_IDLE | HF_NEED_WRITE,
    .follows = 1,
    .look = end_look,
    .list = "Hosts",
    .command = end_command,
    .begin = end_begin,
    .show = end_show,
};

/* ---- opening them ---- */

void
hf_excepts_ask(struct hf_ui *ui, struct hf_targets *t)
{
    (void)confirm_edit(ui, &confirm_exception, "except", NULL, t);
    confirm_open(ui);
}

void
hf_excepts_end(struct hf_ui *ui, const char *id)
{
    if (!*id) {
        hf_ui_say(ui, HF_TONE_WARN,
                  "say which: exception end ID (hotfleet exception list)");
        return;
    }
    (void)confirm_edit(ui, &confirm_exception_end, "end", id, NULL);
    confirm_open(ui);
}
