/* What verbs say after a commit to the inventory. */
#include <stdio.h>
#include <stdlib.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tui/cli/verb.h"

#define SHORT_ID 10

/* "git revert 1a2b3c4d5e", with -C when git would not find the fleet here. */
static char *
undo_command(const struct hf_cli *cli, const char *commit)
{
    const char *dir = hf_cli_dir(cli);
    struct hf_buf line = {0};

    hf_buf_puts(&line, "git ");
    if (dir[0] != '.' || dir[1]) {
        hf_buf_puts(&line, "-C ");
        hf_shell_quote(&line, dir);
        hf_buf_putc(&line, ' ');
    }
    hf_buf_printf(&line, "revert %.*s", SHORT_ID, commit);
    return hf_buf_take(&line);
}

void
hf_cli_say_written(struct hf_cli *cli, const char *commit, const char *done)
{
    char *undo;

    if (!commit[0]) {
        (void)puts("nothing to write: it is so already");
        return;
    }
    undo = undo_command(cli, commit);
    (void)printf("%s: commit %.*s\nundo: %s\n", done, SHORT_ID, commit, undo);
    free(undo);
}

void
hf_cli_add_written(struct hf_cli *cli, cJSON *doc, const char *commit)
{
    cJSON *obj;
    char *undo;

    if (!commit[0])
        return;
    undo = undo_command(cli, commit);
    obj = hf_json_add_obj(doc, "written");
    hf_json_add_str(obj, "commit", commit);
    hf_json_add_str(obj, "undo", undo);
    free(undo);
}

/* ---- a host as a selector ---- */

static int
selects_only(struct hf_cli *cli, const char *text, const char *host)
{
    size_t len, others = 0, itself = 0;
    const struct hf_state *states = hf_session_states(cli->session, &len);
    struct hf_selector *sel = NULL;
    struct hf_err err = HF_ERR_INIT;

    if (hf_selector_parse(&sel, text, &err) < 0)
        return 0;
    for (size_t i = 0; i < len; i++) {
        if (!hf_selector_match(sel, &states[i], hf_now()))
            continue;
        if (hf_text_casecmp(states[i].host->name, host) == 0)
            itself++;
        else
            others++;
    }
    hf_selector_free(sel);
    return itself == 1 && !others;
}

char *
hf_cli_word(struct hf_cli *cli, const char *host)
{
    return selects_only(cli, host, host) ? hf_xstrdup(host)
                                         : hf_xasprintf("name:%s", host);
}
