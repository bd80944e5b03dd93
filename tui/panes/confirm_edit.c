/*
 * Forms about edits of the fleet's files: one commit each. What was read in the
 * form is what is written, or nothing is: somebody else's commit to the same
 * thing meanwhile is shown, and asked about anew.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "inventory/origin.h"
#include "tui/panes/confirm_priv.h"
#include "tui/panes/run_control.h"

/* ---- opening ---- */

struct hf_confirm *
confirm_edit(struct hf_ui *ui, const struct confirm_subject *subject,
             const char *word, const char *name, struct hf_targets *t)
{
    struct hf_confirm *c = confirm_mine(ui);
    char *copy = hf_xstrdup(name);

    confirm_clear(c);
    c->subject = subject;
    c->word = word;
    c->from.name = copy;
    if (t) {
        c->targets = *t;
        *t = (struct hf_targets){0};
    }
    return c;
}

/* ---- what would happen ---- */

void
confirm_anew(struct hf_confirm *c)
{
    hf_doc_release(&c->told);
    hf_doc_release(&c->doc);
}

void
confirm_tell(struct hf_ui *ui, const char *label, enum hf_tone tone,
             struct hf_buf *text)
{
    hf_doc_text(&confirm_mine(ui)->told, label, tone, hf_buf_str(text),
                ui->look.cols);
    hf_buf_release(text);
}

const struct hf_state **
confirm_states(const struct hf_ui *ui, size_t *n)
{
    size_t len;
    const char **names = confirm_names(confirm_mine(ui), &len);
    const struct hf_state **states = hf_xcalloc(len + 1, sizeof(*states));

    *n = 0;
    for (size_t i = 0; i < len; i++) {
        states[*n] = hf_session_state(ui->session, names[i]);
        *n += states[*n] != NULL;
    }
    free(names);
    return states;
}

void
confirm_list(struct hf_ui *ui, const struct hf_state *const *states, size_t n)
{
    struct hf_doc *d = &confirm_mine(ui)->doc;

    for (size_t i = 0; i < n; i++) {
        const struct hf_host *h = states[i]->host;
        struct hf_line *line = &hf_doc_add(d)->line;

        hf_line_add(line, HF_TONE_PLAIN, "  %-20s ", h->name);
        hf_line_add(line, HF_TONE_DIM, "%-12s %s", h->ring ? h->ring : "-",
                    h->site ? h->site : "");
    }
}

/* ---- yes ---- */

/* The path of the first thing that is not as it was, the caller's; NULL: all
 * are. */
static char *
moved_path(const struct hf_strs *seen, const struct hf_strs *now)
{
    const char *at = NULL;

    for (size_t i = 0; !at && (i < seen->len || i < now->len); i++) {
        const char *a = i < seen->len ? seen->v[i] : "";
        const char *b = i < now->len ? now->v[i] : "";

        if (strcmp(a, b) != 0)
            at = *a ? a : b;
    }
    return at ? hf_xstrndup(at, strcspn(at, " ")) : NULL;
}

static int
fail_moved(struct hf_ui *ui, const char *path)
{
    struct hf_err *refusal = &confirm_mine(ui)->refusal;
    struct hf_err ignored = HF_ERR_INIT;
    struct hf_origin by;

    if (hf_repo_changed_by(hf_session_repo(ui->session), path, &by, &ignored) <
        0)
        (void)hf_fail(refusal, HF_EMOVED, "'%s' has changed", path);
    else
        (void)hf_fail(refusal, HF_EMOVED, "'%s' has changed: %.10s of %s, %s",
                      path, by.id, by.author, by.subject);
    return hf_hint(refusal, "read this anew, then Yes again");
}

int
confirm_as_seen(struct hf_ui *ui, struct hf_strs *now)
{
    struct hf_confirm *c = confirm_mine(ui);
    char *path = moved_path(&c->seen, now);
    int rc = HF_OK;

    if (path && c->seen.len)
        rc = fail_moved(ui, path);
    hf_strs_release(&c->seen);
    c->seen = *now;
    *now = (struct hf_strs){0};
    free(path);
    return rc;
}

int
confirm_wrote(struct hf_ui *ui, int rc)
{
    struct hf_confirm *c = confirm_mine(ui);
    struct hf_err err = c->refusal;

    if (rc != HF_EMOVED)
        return rc;
    hf_ui_reload(ui); /* which looks anew */
    c->refusal = err;
    return rc;
}

void
confirm_say_written(struct hf_ui *ui, const char *fmt, ...)
{
    const char *commit = confirm_mine(ui)->commit;
    char text[400];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    hf_ui_reload(ui);
    hf_ui_say(ui, HF_TONE_GOOD, commit[0] ? "%s: commit %.10s" : "%s already%s",
              text, commit);
}
