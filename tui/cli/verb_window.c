/*
 * hotfleet window add, end: windows and freezes of calendar.json, a commit
 * each. Other edits of the calendar are made by hand.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/names.h"
#include "backend/base/text.h"
#include "backend/model/calendar_text.h"
#include "inventory/window.h"
#include "tui/cli/others.h"
#include "tui/cli/verb.h"

struct adding {
    struct hf_cli *cli;
    const struct hf_state **states;
    size_t n;
    char *selector; /* NULL: every host */
    enum hf_rule_kind kind;
    char commit[41];
};

static int
read_kind(struct adding *a, struct hf_err *err)
{
    const char *text = a->cli->opt[HF_OPT_KIND];
    int kind = text ? hf_name_index(hf_rule_kind_names, text) : -1;

    if (kind < 0) {
        if (text)
            (void)hf_fail(err, HF_EUSAGE, "there is no kind '%s'", text);
        else
            (void)hf_fail(err, HF_EUSAGE, "of which kind is '%s'",
                          a->cli->argv[0]);
        return hf_hint(err, "--kind change, restart or freeze");
    }
    a->kind = (enum hf_rule_kind)kind;
    return HF_OK;
}

/* What would be written: the rule in words, then its hosts. */
static void
print_rule(const struct adding *a, const struct hf_rule *rule)
{
    struct hf_buf text = {0};

    hf_rule_describe(&text, rule);
    (void)printf("%s '%s': %s\n", hf_rule_kind_titles[rule->kind],
                 a->cli->argv[0], hf_buf_str(&text));
    for (size_t i = 0; i < a->n; i++)
        (void)printf("  %s\n", a->states[i]->host->name);
    (void)fflush(stdout);
    hf_buf_release(&text);
}

/* Asks, unless it is for one host; what cannot be is not asked about. */
static int
consent(struct adding *a, const struct hf_window_text *text, struct hf_err *err)
{
    struct hf_cli *cli = a->cli;
    struct hf_arena *arena = hf_arena_new();
    struct hf_rule rule;
    int rc = hf_window_check(&rule, arena, hf_session_repo(cli->session),
                             hf_session_fleet(cli->session), text, err);

    if (rc == HF_OK && (a->n > 1 || cli->opt[HF_OPT_EXPECT])) {
        if (!cli->opt[HF_OPT_JSON])
            print_rule(a, &rule);
        rc = hf_cli_consent(cli, "add it for", a->n, err);
    }
    hf_arena_free(arena);
    return rc;
}

static int
add(struct adding *a, struct hf_err *err)
{
    struct hf_cli *cli = a->cli;
    struct hf_window_text text = {
        .name = cli->argv[0],
        .monthly = cli->opt[HF_OPT_MONTHLY],
        .weekly = cli->opt[HF_OPT_WEEKLY],
        .at = cli->opt[HF_OPT_AT],
        .length = cli->opt[HF_OPT_LENGTH],
        .from = cli->opt[HF_OPT_BEGINS],
        .to = cli->opt[HF_OPT_STOPS],
        .reason = cli->opt[HF_OPT_REASON],
    };
    int rc;

    if ((rc = read_kind(a, err)) < 0 ||
        (rc = hf_cli_select(cli, 1, &a->states, &a->n, &a->selector, err)) < 0)
        return rc;
    text.kind = hf_rule_kind_names[a->kind];
    text.select = a->selector;
    if ((rc = consent(a, &text, err)) < 0)
        return rc;
    return hf_window_add(hf_session_repo(cli->session),
                         hf_session_fleet(cli->session), &text, a->commit, err);
}

static void
print_json(const struct adding *a)
{
    cJSON *doc = hf_cli_doc(a->cli, "window-add"), *hosts;

    hf_json_add_str(doc, "name", a->cli->argv[0]);
    hf_json_add_str(doc, "kind", hf_rule_kind_names[a->kind]);
    hf_json_add_str(doc, "reason", a->cli->opt[HF_OPT_REASON]);
    hosts = hf_json_add_arr(doc, "hosts");
    for (size_t i = 0; i < a->n; i++)
        hf_json_push_str(hosts, a->states[i]->host->name);
    if (a->kind == HF_RULE_FREEZE)
        hf_cli_add_others(doc, a->states, a->n);
    hf_cli_add_written(a->cli, doc, a->commit);
    (void)hf_cli_print_doc(doc, HF_EXIT_OK);
}

static void
say_done(const struct adding *a)
{
    char done[160];

    (void)snprintf(done, sizeof(done), "%s '%.100s' for %zu host%s",
                   hf_rule_kind_titles[a->kind], a->cli->argv[0], a->n,
                   hf_plural(a->n));
    hf_cli_say_written(a->cli, a->commit, done);
    (void)printf("%s; to see it: hotfleet schedule\n",
                 hf_rule_kind_means[a->kind]);
    if (a->kind == HF_RULE_FREEZE)
        hf_cli_print_others(a->states, a->n,
                            "hotfleet obeys the freeze; others may install or "
                            "restart in it:");
}

static int
run_add(struct hf_cli *cli)
{
    struct adding a = {.cli = cli};
    struct hf_err err = HF_ERR_INIT;
    int status = HF_EXIT_OK;

    if (add(&a, &err) < 0)
        status = hf_cli_fail(cli, &err);
    else if (cli->opt[HF_OPT_JSON])
        print_json(&a);
    else
        say_done(&a);
    free(a.states);
    free(a.selector);
    return status;
}

static int
run_end(struct hf_cli *cli)
{
    struct hf_err err = HF_ERR_INIT;
    char commit[41], done[160];
    cJSON *doc;

    if (hf_window_end(hf_session_repo(cli->session),
                      hf_session_fleet(cli->session), cli->argv[0],
                      cli->opt[HF_OPT_KIND], cli->opt[HF_OPT_REASON], commit,
                      &err) < 0)
        return hf_cli_fail(cli, &err);
    if (cli->opt[HF_OPT_JSON]) {
        doc = hf_cli_doc(cli, "window-end");
        hf_json_add_str(doc, "name", cli->argv[0]);
        hf_json_add_str(doc, "reason", cli->opt[HF_OPT_REASON]);
        hf_cli_add_written(cli, doc, commit);
        return hf_cli_print_doc(doc, HF_EXIT_OK);
    }
    (void)snprintf(done, sizeof(done), "ended '%.100s'", cli->argv[0]);
    hf_cli_say_written(cli, commit, done);
    return HF_EXIT_OK;
}

const struct hf_verb hf_verb_window_add = {
    .name = "window add",
    .group = "keep",
    .args = "NAME [HOST|SELECTOR]",
    .summary = "a window or a freeze more in calendar.json",
    .help = "One commit: a rule for the hosts that match whenever it is asked, "
            "or for every host. It is by the clock of each host. A freeze "
            "binds runs under way, too, at the moment each host would start; a "
            "first change window means that its hosts are changed in windows "
            "alone from then on.",
    .examples =
        "  hotfleet window add outage --kind freeze --from 2026-12-18 "
        "--to 2026-12-20 \\\n      --reason 'network works'\n"
        "  hotfleet window add 'file night' tag:file --kind restart \\\n"
        "      --monthly 'third saturday' --at 22:00 --length 4h\n",
    .options = HF_OPTS(HF_OPTS_FLEET, HF_OPT_YES, HF_OPT_EXPECT, HF_OPT_KIND,
                       HF_OPT_MONTHLY, HF_OPT_WEEKLY, HF_OPT_AT, HF_OPT_LENGTH,
                       HF_OPT_BEGINS, HF_OPT_STOPS, HF_OPT_REASON),
    .flags = HF_VERB_NEEDS_FLEET | HF_VERB_WRITES | HF_VERB_NAMES_HOSTS,
    .min_args = 1,
    .max_args = -1,
    .run = run_add,
};

const struct hf_verb hf_verb_window_end = {
    .name = "window end",
    .group = "keep",
    .args = "NAME",
    .summary = "take a window or a freeze out of calendar.json",
    .help =
        "One commit. Hosts that no restart window names are never restarted, "
        "and those that no change window names may be changed at any time.",
    .examples = "  hotfleet window end outage --reason 'the network is back'\n",
    .options = HF_OPTS(HF_OPTS_FLEET, HF_OPT_KIND, HF_OPT_REASON),
    .flags = HF_VERB_NEEDS_FLEET | HF_VERB_WRITES,
    .min_args = 1,
    .max_args = 1,
    .run = run_end,
};
