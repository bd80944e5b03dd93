/*
 * The form about a block: one switch for the whole fleet. It changes no host,
 * so that it can be thrown while a run is under way.
 */
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "inventory/block.h"
#include "tui/panes/blocks.h"
#include "tui/panes/confirm_priv.h"
#include "tui/rows/block.h"
#include "tui/rows/confirm.h"
#include "tui/rows/rollback.h"

/* The block that is to end; NULL: one is to be made. */
static const struct hf_block *
block_of(const struct hf_ui *ui, const struct hf_confirm *c)
{
    return c->ends ? hf_rollback_block(hf_session_fleet(ui->session),
                                       c->from.name, ui->look.now)
                   : NULL;
}

static void
split(struct hf_strs *out, const char *releases)
{
    while (*releases) {
        size_t n = strcspn(releases, " ");

        if (n)
            hf_strs_addn(out, releases, n);
        releases += n + (releases[n] == ' ');
    }
}

/* ---- what would happen ---- */

/* A slip of the keyboard would block nothing, and nobody would notice. */
static void
check_known(struct hf_ui *ui, struct hf_confirm *c,
            const struct hf_strs *releases)
{
    const struct hf_fleet *fleet = hf_session_fleet(ui->session);

    for (size_t i = 0; i < releases->len && !c->refusal.code; i++) {
        if (!hf_catalogue_release(fleet->catalogue, releases->v[i]))
            (void)hf_fail(&c->refusal, HF_ENOTFOUND,
                          "the catalogue knows no release '%s'",
                          releases->v[i]);
    }
}

static void
block_look(struct hf_ui *ui, struct hf_confirm *c)
{
    struct hf_strs releases = {0};
    struct hf_block_reach reach;
    const struct hf_block *was = block_of(ui, c);

    free(c->kernel);
    c->kernel = hf_xstrdup(was ? was->kernel : NULL);
    split(&releases, c->from.name);
    confirm_anew(c);
    c->to_do = 1; /* one switch */
    hf_block_reach_make(&reach, ui->session, &releases, c->kernel);
    hf_block_summary(&c->told, c->from.name, was, &reach, &ui->look);
    hf_block_rows(&c->doc, &reach, &ui->look);
    hf_block_reach_release(&reach);
    if (c->ends && !was)
        (void)hf_fail(&c->refusal, HF_ENOTFOUND, "'%s' is not blocked",
                      c->from.name);
    else if (!c->ends)
        check_known(ui, c, &releases);
    hf_strs_release(&releases);
}

static void
block_command(struct hf_buf *out, const struct hf_confirm *c)
{
    struct hf_strs releases = {0};

    split(&releases, c->from.name);
    for (size_t i = 0; i < releases.len; i++) {
        hf_buf_printf(out, "%shotfleet %s ", i ? " && " : "", c->word);
        hf_shell_quote(out, releases.v[i]);
        hf_confirm_option(out, "kernel", c->kernel);
        hf_confirm_option(out, "reason", confirm_text(c, CONFIRM_REASON));
    }
    hf_strs_release(&releases);
}

/* ---- yes ---- */

/* A commit for each of them. */
static int
write_blocks(struct hf_ui *ui, struct hf_confirm *c, const char *reason)
{
    struct hf_repo *repo = hf_session_repo(ui->session);
    const struct hf_fleet *fleet = hf_session_fleet(ui->session);
    const struct hf_block *was = block_of(ui, c);
    struct hf_strs releases = {0};
    int rc = HF_OK;

    split(&releases, c->from.name);
    for (size_t i = 0; i < releases.len && rc == HF_OK; i++) {
        const struct hf_block wanted = {.release = releases.v[i],
                                        .reason = reason};

        if (!c->ends)
            rc = hf_block_add(repo, fleet, &wanted, c->commit, &c->refusal);
        else if (was && strcmp(was->release, releases.v[i]) == 0)
            rc = hf_block_end(repo, fleet, was->release, was->kernel, reason,
                              c->commit, &c->refusal);
    }
    hf_strs_release(&releases);
    return rc;
}

static int
block_begin(struct hf_ui *ui, struct hf_confirm *c)
{
    const char *reason = confirm_text(c, CONFIRM_REASON);

    if (!reason) {
        c->focus = CONFIRM_REASON;
        return hf_fail(&c->refusal, HF_EUSAGE, "type a reason: it is recorded");
    }
    return write_blocks(ui, c, reason);
}

static void
block_show(struct hf_ui *ui)
{
    const struct hf_confirm *c = confirm_mine(ui);

    confirm_say_written(ui, "%sed %.200s", c->word, c->from.name);
}

const struct confirm_subject confirm_block = {
    .fields = 1u << CONFIRM_REASON,
    .needs = HF_NEED_WRITE,
    .look = block_look,
    .list = "Hosts",
    .command = block_command,
    .begin = block_begin,
    .show = block_show,
};

/* ---- opening it ---- */

static void
ask(struct hf_ui *ui, const char *releases, int ends)
{
    struct hf_confirm *c = confirm_edit(
        ui, &confirm_block, ends ? "unblock" : "block", releases, NULL);

    c->ends = ends;
    confirm_open(ui);
}

void
hf_blocks_ask(struct hf_ui *ui, const char *releases)
{
    ask(ui, releases,
        hf_rollback_block(hf_session_fleet(ui->session), releases,
                          ui->look.now) != NULL);
}

static unsigned
ask_typed(struct hf_ui *ui, const char *args, int ends)
{
    if (*args && !strchr(args, ' '))
        ask(ui, args, ends);
    else
        hf_ui_say(ui, HF_TONE_WARN,
                  "say which release: %s KB5078766, or a patch's name",
                  ends ? "unblock" : "block");
    return HF_HANDLED;
}

unsigned
hf_blocks_verb(struct hf_ui *ui, const char *args)
{
    return ask_typed(ui, args, 0);
}

unsigned
hf_blocks_end_verb(struct hf_ui *ui, const char *args)
{
    return ask_typed(ui, args, 1);
}
