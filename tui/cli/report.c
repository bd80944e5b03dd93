/* What reports share; see report.h. */
#include "tui/cli/report.h"

#include <stdlib.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tui/cli/report_html.h"

static int
print_json(const struct hf_report *r, const struct hf_report_kind *kind)
{
    char schema[64];
    cJSON *doc;

    (void)snprintf(schema, sizeof(schema), "report-%s", kind->name);
    doc = hf_cli_doc(r->cli, schema);
    hf_json_add_str(doc, "selector", r->selector);
    kind->json(r, doc);
    return hf_cli_print_doc(doc, HF_EXIT_OK);
}

static int
print_csv(const struct hf_report *r, const struct hf_report_kind *kind)
{
    struct hf_table *t = kind->csv(r);

    hf_table_print_csv(t, stdout);
    hf_table_free(t);
    return HF_EXIT_OK;
}

static int
print_page(const struct hf_report *r, const struct hf_report_kind *kind)
{
    char at[HF_TIME_LEN], *head = hf_cli_header_line(r->cli);
    char *note =
        hf_xasprintf("%s; as of %.16s UTC", head, hf_time_format(at, r->now));
    char *title =
        hf_xasprintf("hotfleet: %s%s%s", kind->name, r->selector ? ", " : "",
                     r->selector ? r->selector : "");
    struct hf_html *page = hf_html_new(title, note);
    char *text;

    kind->page(r, page);
    text = hf_html_take(page);
    (void)fputs(text, stdout);
    free(text);
    free(title);
    free(note);
    free(head);
    return HF_EXIT_OK;
}

static int
print_text(const struct hf_report *r, const struct hf_report_kind *kind)
{
    hf_cli_header(r->cli);
    kind->text(r);
    return HF_EXIT_OK;
}

int
hf_report_run(struct hf_cli *cli, const struct hf_report_kind *kind)
{
    struct hf_report r = {.cli = cli, .now = hf_now()};
    struct hf_err err = HF_ERR_INIT;
    int status;

    if (hf_cli_select(cli, 0, &r.states, &r.n, &r.selector, &err) < 0 ||
        kind->make(&r, &err) < 0)
        status = hf_cli_fail(cli, &err);
    else
        status = cli->opt[HF_OPT_JSON]   ? print_json(&r, kind)
                 : cli->opt[HF_OPT_CSV]  ? print_csv(&r, kind)
                 : cli->opt[HF_OPT_HTML] ? print_page(&r, kind)
                                         : print_text(&r, kind);
    kind->release(&r);
    free(r.states);
    free(r.selector);
    return status;
}

void
hf_report_table(const struct hf_report *r, struct hf_table *t)
{
    hf_table_print(t, stdout, r->cli->columns, r->cli->ascii);
    hf_table_free(t);
}

void
hf_report_rows(const struct hf_report *r, struct hf_table *t)
{
    if (hf_table_rows(t)) {
        hf_report_table(r, t);
        return;
    }
    (void)puts("nothing yet");
    hf_table_free(t);
}
