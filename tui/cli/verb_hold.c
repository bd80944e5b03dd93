/*
 * hotfleet hold, unhold, ring move: one key of the chosen host files, in one
 * commit. What a hold cannot keep away is said with it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "inventory/hold.h"
#include "tui/cli/cve.h"
#include "tui/cli/others.h"
#include "tui/cli/verb.h"

struct edit {
    struct hf_cli *cli;
    const struct hf_state **states;
    const struct hf_host **hosts;
    size_t n;
    char *selector;
    char *reason; /* of --reason, without blanks around it, or NULL */
    char commit[41];
};

static void
edit_release(struct edit *e)
{
    free(e->states);
    free(e->hosts);
    free(e->selector);
    free(e->reason);
}

static int
choose(struct edit *e, int first, struct hf_err *err)
{
    int rc = hf_cli_select(e->cli, first, &e->states, &e->n, &e->selector, err);

    if (rc < 0)
        return rc;
    e->hosts = hf_xcalloc(e->n, sizeof(struct hf_host *));
    for (size_t i = 0; i < e->n; i++)
        e->hosts[i] = e->states[i]->host;
    return HF_OK;
}

/* Is another reason there, which somebody else may have given? */
static int
would_overwrite(const struct edit *e)
{
    for (size_t i = 0; e->reason && i < e->n; i++) {
        const char *now = e->hosts[i]->hold;

        if (now && strcmp(now, e->reason) != 0)
            return 1;
    }
    return 0;
}

/* One host is what was typed; several are shown, and asked about. */
static int
confirm(struct edit *e, const char *what, struct hf_err *err)
{
    if (e->n == 1 && !e->cli->opt[HF_OPT_EXPECT] && !would_overwrite(e))
        return HF_OK;
    for (size_t i = 0; !e->cli->opt[HF_OPT_JSON] && i < e->n; i++)
        (void)printf("  %s%s%s\n", e->hosts[i]->name,
                     e->hosts[i]->hold ? "  held: " : "",
                     e->hosts[i]->hold ? e->hosts[i]->hold : "");
    (void)fflush(stdout);
    return hf_cli_consent(e->cli, what, e->n, err);
}

/* ---- the verbs ---- */

static cJSON *
edit_doc(const struct edit *e, const char *verb)
{
    cJSON *doc = hf_cli_doc(e->cli, verb);
    cJSON *arr = hf_json_add_arr(doc, "hosts");

    for (size_t i = 0; i < e->n; i++)
        hf_json_push_str(arr, e->hosts[i]->name);
    hf_json_add_str(doc, "reason", e->cli->opt[HF_OPT_REASON]);
    hf_cli_add_written(e->cli, doc, e->commit);
    return doc;
}

static void
say_done(const struct edit *e, const char *verb, const char *tail)
{
    char done[128];

    (void)snprintf(done, sizeof(done), "%s %zu host%s%s", verb, e->n,
                   hf_plural(e->n), tail);
    hf_cli_say_written(e->cli, e->commit, done);
}

static int
run_hold(struct hf_cli *cli)
{
    struct edit e = {.cli = cli};
    struct hf_err err = HF_ERR_INIT;
    int status = HF_EXIT_OK;
    cJSON *doc;

    if (hf_cli_reason(cli, "a hold", &e.reason, &err) < 0 ||
        choose(&e, 0, &err) < 0 || confirm(&e, "hold", &err) < 0 ||
        hf_hold(hf_session_repo(cli->session), e.hosts, e.n, e.reason, e.commit,
                &err) < 0) {
        status = hf_cli_fail(cli, &err);
    } else if (cli->opt[HF_OPT_JSON]) {
        doc = edit_doc(&e, "hold");
        hf_cli_add_others(doc, e.states, e.n);
        hf_cli_add_left_open_by(doc, cli, e.states, e.n);
        (void)hf_cli_print_doc(doc, status);
    } else {
        say_done(&e, "held", "");
        hf_cli_print_left_open(cli, e.states, e.n, "this hold");
        hf_cli_print_others(
            e.states, e.n, "hotfleet leaves held hosts alone; others may not:");
    }
    edit_release(&e);
    return status;
}

static int
run_unhold(struct hf_cli *cli)
{
    struct edit e = {.cli = cli};
    struct hf_err err = HF_ERR_INIT;
    int status = HF_EXIT_OK;

    if (choose(&e, 0, &err) < 0 || confirm(&e, "release", &err) < 0 ||
        hf_unhold(hf_session_repo(cli->session), e.hosts, e.n,
                  cli->opt[HF_OPT_REASON], e.commit, &err) < 0)
        status = hf_cli_fail(cli, &err);
    else if (cli->opt[HF_OPT_JSON])
        (void)hf_cli_print_doc(edit_doc(&e, "unhold"), status);
    else
        say_done(&e, "released", "");
    edit_release(&e);
    return status;
}

static int
run_ring_move(struct hf_cli *cli)
{
    struct edit e = {.cli = cli};
    struct hf_err err = HF_ERR_INIT;
    const char *ring = cli->argv[0];
    int status = HF_EXIT_OK;
    char tail[96];
    cJSON *doc;

    (void)snprintf(tail, sizeof(tail), " to ring %s", ring);
    if (choose(&e, 1, &err) < 0 || confirm(&e, "move", &err) < 0 ||
        hf_ring_move(hf_session_repo(cli->session),
                     hf_session_fleet(cli->session), e.hosts, e.n, ring,
                     e.commit, &err) < 0) {
        status = hf_cli_fail(cli, &err);
    } else if (cli->opt[HF_OPT_JSON]) {
        doc = edit_doc(&e, "ring-move");
        hf_json_add_str(doc, "ring", ring);
        (void)hf_cli_print_doc(doc, status);
    } else {
        say_done(&e, "moved", tail);
    }
    edit_release(&e);
    return status;
}

#define EDIT_OPTIONS HF_OPTS_FLEET, HF_OPT_YES, HF_OPT_EXPECT

const struct hf_verb hf_verb_hold = {
    .name = "hold",
    .group = "keep",
    .args = "HOST|SELECTOR",
    .summary = "do not touch these hosts, with the reason",
    .help = "One commit to the fleet; several hosts are asked about first. "
            "Names the hosts on which somebody else patches, too: there a hold "
            "keeps only hotfleet away.",
    .examples = "  hotfleet hold db-07 --reason \"year end\"\n"
                "  hotfleet hold 'ring:finance and role:db' --reason "
                "\"audit\"\n",
    .options = HF_OPTS(EDIT_OPTIONS, HF_OPT_REASON),
    .flags = HF_VERB_NEEDS_FLEET | HF_VERB_WRITES | HF_VERB_NAMES_HOSTS,
    .min_args = 1,
    .max_args = -1,
    .run = run_hold,
};

const struct hf_verb hf_verb_unhold = {
    .name = "unhold",
    .group = "keep",
    .args = "HOST|SELECTOR",
    .summary = "end a hold",
    .help = "One commit to the fleet; several hosts are asked about first.",
    .examples = "  hotfleet unhold db-07\n"
                "  hotfleet unhold 'held and ring:finance' --reason "
                "\"audit is over\"\n",
    .options = HF_OPTS(EDIT_OPTIONS, HF_OPT_REASON),
    .flags = HF_VERB_NEEDS_FLEET | HF_VERB_WRITES | HF_VERB_NAMES_HOSTS,
    .min_args = 1,
    .max_args = -1,
    .run = run_unhold,
};

const struct hf_verb hf_verb_ring_move = {
    .name = "ring move",
    .group = "keep",
    .args = "RING HOST|SELECTOR",
    .summary = "put hosts into another ring",
    .help = "Changes the key \"ring\" of the host files in one commit; the "
            "files stay where they are. Several hosts are asked about first.",
    .examples = "  hotfleet ring move canary web-03\n"
                "  hotfleet ring move broad 'ring:canary and site:fra'\n",
    .options = HF_OPTS(EDIT_OPTIONS),
    .flags = HF_VERB_NEEDS_FLEET | HF_VERB_WRITES | HF_VERB_NAMES_HOSTS,
    .min_args = 2,
    .max_args = -1,
    .run = run_ring_move,
};
