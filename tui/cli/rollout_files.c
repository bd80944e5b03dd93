/* Files about a rollout: what they rest on, and where they go. */
#include "tui/cli/rollout_files.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/file.h"
#include "backend/base/text.h"
#include "backend/base/time.h"

#define OTHERS_READ 0644 /* exporters run as somebody else */

/* ---- what the log tells ---- */

static void
gather(void *ctx, const struct hf_rollout_event *e)
{
    struct hf_rollout_tale *tale;

    if (e->host < 0)
        return;
    tale = &((struct hf_rollout_tale *)ctx)[e->host];
    if (e->kind == HF_ROLLOUT_HOST_STARTED) {
        tale->started = e->at;
    } else if (e->kind == HF_ROLLOUT_HOST_ENDED ||
               e->kind == HF_ROLLOUT_HOST_LEFT_OUT ||
               e->kind == HF_ROLLOUT_SKIPPED) {
        free(tale->why);
        tale->why = e->why[0] ? hf_xstrdup(e->why) : NULL;
    }
}

struct hf_rollout_tale *
hf_rollout_tales(struct hf_cli *cli, const char *run,
                 const struct hf_plan *plan, const struct hf_rollout *r)
{
    struct hf_rollout_tale *tales =
        hf_xcalloc(plan->hosts_len + 1, sizeof(*tales));
    struct hf_err err = HF_ERR_INIT;

    if (hf_rollout_each(cli->session, run, plan, gather, tales, &err) < 0)
        hf_cli_complain(&err);
    for (size_t i = 0; i < plan->hosts_len; i++)
        hf_rollout_beside(&tales[i].beside, cli->session, run, &plan->hosts[i],
                          hf_rollout_slot(r, (int)i));
    return tales;
}

void
hf_rollout_tales_free(struct hf_rollout_tale *tales, const struct hf_plan *plan)
{
    for (size_t i = 0; tales && i < plan->hosts_len; i++) {
        free(tales[i].why);
        hf_rollout_beside_release(&tales[i].beside);
    }
    free(tales);
}

/* ---- files ---- */

static struct hf_rollout_sheet
sheet_of(const struct hf_conduct *c)
{
    return (struct hf_rollout_sheet){.run = hf_conduct_run_id(c),
                                     .plan = hf_conduct_plan(c),
                                     .rollout = hf_conduct_rollout(c),
                                     .at = hf_now()};
}

static void
write_file(const char *path, const struct hf_buf *text)
{
    struct hf_err err = HF_ERR_INIT;

    if (hf_file_write(path, text->data, text->len, OTHERS_READ, &err) < 0)
        hf_cli_complain(&err);
}

void
hf_rollout_write_prometheus(struct hf_cli *cli, const struct hf_conduct *c)
{
    struct hf_rollout_sheet sheet = sheet_of(c);
    struct hf_buf text = {0};

    if (!cli->opt[HF_OPT_PROMETHEUS])
        return;
    hf_rollout_prometheus(&text, &sheet);
    write_file(cli->opt[HF_OPT_PROMETHEUS], &text);
    hf_buf_release(&text);
}

static void
write_junit(struct hf_cli *cli, const struct hf_conduct *c)
{
    struct hf_rollout_sheet sheet = sheet_of(c);
    struct hf_rollout_tale *tales =
        hf_rollout_tales(cli, sheet.run, sheet.plan, sheet.rollout);
    struct hf_buf text = {0};

    sheet.tales = tales;
    hf_rollout_junit(&text, &sheet);
    write_file(cli->opt[HF_OPT_JUNIT], &text);
    hf_rollout_tales_free(tales, sheet.plan);
    hf_buf_release(&text);
}

void
hf_rollout_write_files(struct hf_cli *cli, const struct hf_conduct *c)
{
    hf_rollout_write_prometheus(cli, c);
    if (cli->opt[HF_OPT_JUNIT])
        write_junit(cli, c);
}
