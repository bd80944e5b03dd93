/*
 * hotfleet exception add, list, end: hosts that are excused until a day. Each
 * change is one commit.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "inventory/exception.h"
#include "tui/cli/cve.h"
#include "tui/cli/others.h"
#include "tui/cli/table.h"
#include "tui/cli/verb.h"

static const struct hf_exception *
find(struct hf_cli *cli, const char *id, struct hf_err *err)
{
    const struct hf_fleet *f = hf_session_fleet(cli->session);
    const struct hf_exception *e = hf_exception_find(f, id);
    const char **ids, *near;

    if (e)
        return e;
    ids = hf_xcalloc(f->exceptions_len + 1, sizeof(*ids));
    for (size_t i = 0; i < f->exceptions_len; i++)
        ids[i] = f->exceptions[i].id;
    near = hf_text_nearest(id, ids);
    (void)hf_fail(err, HF_ENOTFOUND, "no exception '%s'", id);
    (void)hf_hint(err,
                  near ? "did you mean '%s'?" : "see: hotfleet exception list",
                  near);
    free(ids);
    return NULL;
}

/* ---- add ---- */

struct hosts {
    const struct hf_state **states;
    const struct hf_host **v;
    size_t n;
    char *selector;
};

static void
hosts_release(struct hosts *h)
{
    free(h->states);
    free(h->v);
    free(h->selector);
}

/* What was asked for, in words of the option table. */
static struct hf_exception_text
text_of(const struct hf_cli *cli)
{
    return (struct hf_exception_text){
        .owner = cli->opt[HF_OPT_OWNER],
        .ticket = cli->opt[HF_OPT_TICKET],
        .reason = cli->opt[HF_OPT_REASON],
        .control = cli->opt[HF_OPT_CONTROL],
        .until = cli->opt[HF_OPT_ENDS],
    };
}

static int
choose(struct hf_cli *cli, struct hosts *h, struct hf_err *err)
{
    int rc = hf_cli_select(cli, 1, &h->states, &h->n, &h->selector, err);

    if (rc < 0)
        return rc;
    h->v = hf_xcalloc(h->n, sizeof(struct hf_host *));
    for (size_t i = 0; i < h->n; i++)
        h->v[i] = h->states[i]->host;
    if (h->n == 1 && !cli->opt[HF_OPT_EXPECT])
        return HF_OK;
    for (size_t i = 0; !cli->opt[HF_OPT_JSON] && i < h->n; i++)
        (void)printf("  %s\n", h->v[i]->name);
    (void)fflush(stdout);
    return hf_cli_consent(cli, "except", h->n, err);
}

static int
add(struct hf_cli *cli, struct hosts *h, char commit[41], struct hf_err *err)
{
    const struct hf_exception_text text = text_of(cli);
    int rc;

    if (cli->argc < 2) {
        (void)hf_fail(err, HF_EUSAGE, "which hosts does '%s' except",
                      cli->argv[0]);
        return hf_hint(err, "name them, or renew a known one with --again");
    }
    if ((rc = choose(cli, h, err)) < 0)
        return rc;
    rc = hf_exception_add(hf_session_repo(cli->session),
                          hf_session_fleet(cli->session), cli->argv[0], h->v,
                          h->n, &text, commit, err);
    if (rc == HF_EEXISTS)
        (void)hf_hint(err, "renew it: --again --until DATE");
    return rc;
}

static int
renew(struct hf_cli *cli, char commit[41], struct hf_err *err)
{
    const struct hf_exception_text text = text_of(cli);
    const struct hf_exception *e = find(cli, cli->argv[0], err);

    if (!e)
        return err->code;
    if (cli->argc > 1)
        return hf_fail(err, HF_EUSAGE,
                       "'%s' keeps its hosts when it is renewed", e->id);
    return hf_exception_renew(hf_session_repo(cli->session), e, &text, commit,
                              err);
}

static cJSON *
edit_doc(struct hf_cli *cli, const char *verb, const char *commit)
{
    cJSON *doc = hf_cli_doc(cli, verb);

    hf_json_add_str(doc, "id", cli->argv[0]);
    hf_json_add_str(doc, "until", cli->opt[HF_OPT_ENDS]);
    hf_json_add_str(doc, "reason", cli->opt[HF_OPT_REASON]);
    hf_cli_add_written(cli, doc, commit);
    return doc;
}

static int
run_add(struct hf_cli *cli)
{
    struct hosts h = {0};
    struct hf_err err = HF_ERR_INIT;
    char commit[41] = "", done[160];
    int status = HF_EXIT_OK, rc;
    cJSON *doc, *list;

    rc = cli->opt[HF_OPT_AGAIN] ? renew(cli, commit, &err)
                                : add(cli, &h, commit, &err);
    if (rc < 0) {
        status = hf_cli_fail(cli, &err);
    } else if (cli->opt[HF_OPT_JSON]) {
        doc = edit_doc(cli, "exception-add", commit);
        list = hf_json_add_arr(doc, "hosts");
        for (size_t i = 0; i < h.n; i++)
            hf_json_push_str(list, h.v[i]->name);
        hf_cli_add_others(doc, h.states, h.n);
        if (h.n)
            hf_cli_add_left_open_by(doc, cli, h.states, h.n);
        status = hf_cli_print_doc(doc, status);
    } else {
        (void)snprintf(done, sizeof(done), "exception %.80s until %.20s",
                       cli->argv[0], cli->opt[HF_OPT_ENDS]);
        hf_cli_say_written(cli, commit, done);
        if (h.n)
            hf_cli_print_left_open(cli, h.states, h.n, "this exception");
        hf_cli_print_others(
            h.states, h.n,
            "hotfleet leaves excepted hosts alone; others may not:");
    }
    hosts_release(&h);
    return status;
}

/* ---- end ---- */

static int
run_end(struct hf_cli *cli)
{
    struct hf_err err = HF_ERR_INIT;
    const struct hf_exception *e = find(cli, cli->argv[0], &err);
    char commit[41] = "", done[128];

    if (!e || hf_exception_end(hf_session_repo(cli->session), e,
                               cli->opt[HF_OPT_REASON], commit, &err) < 0)
        return hf_cli_fail(cli, &err);
    if (cli->opt[HF_OPT_JSON])
        return hf_cli_print_doc(edit_doc(cli, "exception-end", commit),
                                HF_EXIT_OK);
    (void)snprintf(done, sizeof(done), "ended exception %.80s", e->id);
    hf_cli_say_written(cli, commit, done);
    return HF_EXIT_OK;
}

/* ---- list ---- */

/* "holds", "ends in 3d", "over": in one word for programs. */
static const char *
standing(const struct hf_exception *e, int64_t now)
{
    if (hf_exception_is_over(e, now))
        return "over";
    return hf_exception_ends_soon(e, now) ? "ends-soon" : "holds";
}

static size_t
count_hosts(const struct hf_fleet *f, const struct hf_exception *e)
{
    size_t n = 0;

    for (size_t i = 0; i < f->excuses_len; i++)
        n += f->excuses[i].exception == e;
    return n;
}

/* What is open on all hosts of the fleet; the caller's to release. */
static void
look(struct hf_exposure_report *r, struct hf_cli *cli, int64_t now)
{
    size_t n;
    const struct hf_state *states = hf_session_states(cli->session, &n);
    const struct hf_state **all = hf_xcalloc(n + 1, sizeof(*all));

    for (size_t i = 0; i < n; i++)
        all[i] = &states[i];
    hf_exposure_report_make(r, hf_session_fleet(cli->session), all, n, now);
    free(all);
}

static void
print_list(struct hf_cli *cli, const struct hf_fleet *f,
           const struct hf_exposure_report *r, int64_t now)
{
    static const char *const heads[] = {
        "EXCEPTION", "UNTIL",  "STANDING", "HOSTS",  "OPEN CVES",
        "EXPLOITED", "TICKET", "OWNER",    "REASON", NULL};
    struct hf_table *t = hf_table_new(heads);
    char day[HF_TIME_LEN];

    for (size_t i = 0; i < f->exceptions_len; i++) {
        const struct hf_exception *e = &f->exceptions[i];
        const struct hf_exposed *line = hf_exposure_report_exception(r, e);

        hf_table_cell(t, e->id);
        hf_table_cellf(t, "%.10s", hf_time_format(day, e->until));
        hf_table_cell(t, standing(e, now));
        hf_table_cellf(t, "%zu", count_hosts(f, e));
        hf_table_cellf(t, "%zu", line ? line->group.count.open : 0);
        hf_table_cellf(t, "%zu", line ? line->group.count.exploited : 0);
        hf_table_cell(t, e->ticket);
        hf_table_cell(t, e->owner);
        hf_table_cell(t, e->reason);
    }
    hf_table_print(t, stdout, cli->columns, cli->ascii);
    hf_table_free(t);
}

static cJSON *
exception_json(const struct hf_fleet *f, const struct hf_exception *e,
               const struct hf_exposure_report *r, int64_t now)
{
    const struct hf_exposed *line = hf_exposure_report_exception(r, e);
    cJSON *obj = cJSON_CreateObject(), *hosts;

    hf_json_add_str(obj, "id", e->id);
    hf_json_add_str(obj, "standing", standing(e, now));
    hf_json_add_time(obj, "until", e->until);
    hf_json_add_str(obj, "owner", e->owner);
    hf_json_add_str(obj, "ticket", e->ticket);
    hf_json_add_str(obj, "reason", e->reason);
    hf_json_add_str(obj, "control", e->control);
    hf_json_add_str(obj, "by", e->by);
    if (e->since)
        hf_json_add_time(obj, "since", e->since);
    hf_json_add_str(obj, "file", e->path);
    if (line)
        hf_cli_add_left_open(obj, &line->group);
    hosts = hf_json_add_arr(obj, "hosts");
    for (size_t i = 0; i < f->excuses_len; i++) {
        if (f->excuses[i].exception == e)
            hf_json_push_str(hosts, f->excuses[i].host->name);
    }
    return obj;
}

static cJSON *
list_doc(struct hf_cli *cli, const struct hf_fleet *f,
         const struct hf_exposure_report *r, int64_t now)
{
    cJSON *doc = hf_cli_doc(cli, "exception-list");
    cJSON *list = hf_json_add_arr(doc, "exceptions");

    for (size_t i = 0; i < f->exceptions_len; i++)
        cJSON_AddItemToArray(list,
                             exception_json(f, &f->exceptions[i], r, now));
    return doc;
}

static int
run_list(struct hf_cli *cli)
{
    const struct hf_fleet *f = hf_session_fleet(cli->session);
    struct hf_exposure_report r;
    int64_t now = hf_now();

    look(&r, cli, now);
    if (cli->opt[HF_OPT_JSON]) {
        (void)hf_cli_print_doc(list_doc(cli, f, &r, now), HF_EXIT_OK);
    } else {
        hf_cli_header(cli);
        if (f->exceptions_len)
            print_list(cli, f, &r, now);
        else
            (void)puts("no exceptions: nobody is excused");
    }
    hf_exposure_report_release(&r);
    return HF_EXIT_OK;
}

const struct hf_verb hf_verb_exception_add = {
    .name = "exception add",
    .group = "keep",
    .args = "ID [HOST|SELECTOR]",
    .summary = "excuse hosts from patching until a day",
    .help = "An exception keeps hosts as they are, as a hold does, and has an "
            "owner, a ticket, a reason, a control that protects the hosts "
            "meanwhile, and an end: with that day it is over by itself. It "
            "names the hosts that match now. --again renews it: what is given "
            "takes the place of what is there. One commit each.",
    .examples =
        "  hotfleet exception add sql-year-end 'role:sql' --owner dba-team \\\n"
        "      --ticket CHG-1042 --reason 'books are closed' \\\n"
        "      --control 'reached from the jump host only' --until "
        "2027-01-15\n"
        "  hotfleet exception add sql-year-end --again --until 2027-02-15 "
        "--ticket CHG-1077\n",
    .options = HF_OPTS(HF_OPTS_FLEET, HF_OPT_YES, HF_OPT_EXPECT, HF_OPT_OWNER,
                       HF_OPT_TICKET, HF_OPT_REASON, HF_OPT_CONTROL,
                       HF_OPT_ENDS, HF_OPT_AGAIN),
    .flags = HF_VERB_NEEDS_FLEET | HF_VERB_WRITES | HF_VERB_NAMES_HOSTS,
    .again = "renew an exception that is there",
    .min_args = 1,
    .max_args = -1,
    .run = run_add,
};

const struct hf_verb hf_verb_exception_end = {
    .name = "exception end",
    .group = "keep",
    .args = "ID",
    .summary = "end an exception before its day",
    .help = "One commit that takes its file away; what it was stays in the "
            "history.",
    .examples = "  hotfleet exception end sql-year-end --reason 'books are "
                "open again'\n",
    .options = HF_OPTS(HF_OPTS_FLEET, HF_OPT_REASON),
    .flags = HF_VERB_NEEDS_FLEET | HF_VERB_WRITES,
    .min_args = 1,
    .max_args = 1,
    .run = run_end,
};

const struct hf_verb hf_verb_exception_list = {
    .name = "exception list",
    .group = "keep",
    .args = "",
    .summary = "who is excused until when, and by whom",
    .help = "Also those that are over: renew or end them.",
    .examples = "  hotfleet exception list\n"
                "  hotfleet exception list --json | jq "
                "'.exceptions[] | select(.standing == \"ends-soon\")'\n",
    .options = HF_OPTS(HF_OPTS_FLEET),
    .flags = HF_VERB_NEEDS_FLEET,
    .run = run_list,
};
