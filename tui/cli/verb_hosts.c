/* hotfleet hosts, hotfleet show: what is recorded. Contacts nobody. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "tui/cli/states.h"
#include "tui/cli/verb.h"
#include "tui/rows/fact.h"
#include "tui/rows/words.h"

/* A new fleet: nothing was asked for, and nothing is missing. */
static int
is_empty(const struct hf_cli *cli)
{
    return !cli->argc && !hf_session_fleet(cli->session)->hosts_len;
}

static int
report_empty(struct hf_cli *cli)
{
    if (cli->opt[HF_OPT_JSON])
        return hf_states_print_json(cli, "hosts", NULL, 0, HF_EXIT_OK);
    hf_cli_header(cli);
    (void)puts("no hosts yet: write hosts/NAME.json and commit it, or "
               "hotfleet import --help");
    return HF_EXIT_OK;
}

static int
run_hosts(struct hf_cli *cli)
{
    const struct hf_state **states = NULL;
    struct hf_err err = HF_ERR_INIT;
    char *text = NULL;
    size_t n;
    int status = HF_EXIT_OK;

    if (is_empty(cli))
        return report_empty(cli);
    if (hf_cli_select(cli, 0, &states, &n, &text, &err) < 0)
        status = hf_cli_fail(cli, &err);
    else if (cli->opt[HF_OPT_JSON])
        status = hf_states_print_json(cli, "hosts", states, n, HF_EXIT_OK);
    else
        hf_states_print_table(cli, states, n);
    free(states);
    free(text);
    return status;
}

const struct hf_verb hf_verb_hosts = {
    .name = "hosts",
    .group = "look",
    .args = "[SELECTOR]",
    .summary = "hosts and what is recorded of them",
    .help = "Shows recorded facts; contacts no host. To ask them: hotfleet "
            "check.",
    .examples = "  hotfleet hosts\n"
                "  hotfleet hosts 'ring:canary and not held'\n"
                "  hotfleet hosts patch:behind --json | jq '.hosts[].name'\n",
    .options = HF_OPTS(HF_OPTS_FLEET),
    .flags = HF_VERB_NEEDS_FLEET,
    .max_args = -1,
    .run = run_hosts,
};

/* ---- show ---- */

static void
print_line(const char *label, const char *value)
{
    if (value && *value)
        (void)printf("  %-12s %s\n", label, value);
}

static void
print_axis(const char *label, const char *state, const char *why)
{
    (void)printf("  %-12s %s%s%s\n", label, state, *why ? " - " : "", why);
}

static void
print_inventory(const struct hf_host *h)
{
    (void)printf("%s\n", h->name);
    (void)printf("  %-12s %s port %d, file %s\n", "address", h->address,
                 h->port, h->path);
    print_line("ring", h->ring ? h->ring : "(none)");
    print_line("site", h->site);
    print_line("host key", h->hostkey ? h->hostkey : "not pinned");
    print_line("held", h->hold);
    print_line("note", h->note);
}

static void
print_status(const struct hf_state *st)
{
    const struct hf_standing *s = &st->status;
    struct hf_buf flags = {0};
    char seen[HF_TIME_LEN];

    print_axis("coverage", hf_coverage_names[s->coverage], s->coverage_why);
    print_axis("patch", hf_patch_names[s->patch], s->patch_why);
    print_axis("reboot", hf_reboot_names[s->reboot], s->reboot_why);
    hf_states_flags(&flags, s->flags);
    print_line("flags", hf_buf_str(&flags));
    print_line("restarted", s->restarted_why);
    print_line("level", s->level);
    print_line("newest", s->target);
    print_line("survives", s->survives_by);
    print_line("facts of", s->seen ? hf_time_format(seen, s->seen) : "never");
    if (st->net[0] && strcmp(st->net, "done") != 0)
        print_axis("contact", hf_outcome_names[hf_contact_outcome(st->net)],
                   hf_state_record(st)->net_why);
    hf_buf_release(&flags);
}

static void
print_checks(const struct hf_findings *all)
{
    if (all->len)
        (void)puts("\nchecks");
    for (size_t i = 0; i < all->len; i++) {
        const struct hf_finding *f = &all->v[i];

        (void)printf("  %-8s %-14s %s\n", hf_verdict_names[f->verdict], f->name,
                     f->found ? f->found : "");
        if (f->verdict != HF_VERDICT_PASS && f->remedy)
            (void)printf("  %-8s %-14s remedy: %s%s%s%s\n", "", "", f->remedy,
                         f->who ? " (" : "", f->who ? f->who : "",
                         f->who ? ")" : "");
    }
}

static void
print_facts(const struct hf_facts *facts)
{
    struct hf_buf text = {0};

    if (facts->len)
        (void)puts("\nfacts");
    for (size_t i = 0; i < facts->len; i++) {
        hf_buf_clear(&text);
        hf_fact_show(&text, &facts->v[i]);
        (void)printf("  %-24s %s\n", facts->v[i].key, hf_buf_str(&text));
    }
    hf_buf_release(&text);
}

static int
run_show(struct hf_cli *cli)
{
    const struct hf_state *st = hf_cli_host(cli, cli->argv[0]);

    if (!st)
        return HF_EXIT_USAGE;
    if (cli->opt[HF_OPT_JSON])
        return hf_states_print_json(cli, "show", &st, 1, HF_EXIT_OK);
    print_inventory(st->host);
    print_status(st);
    print_checks(hf_state_findings(st));
    print_facts(&hf_state_record(st)->facts);
    return HF_EXIT_OK;
}

const struct hf_verb hf_verb_show = {
    .name = "show",
    .group = "look",
    .args = "HOST",
    .summary = "everything recorded of one host",
    .examples = "  hotfleet show web-03\n  hotfleet show web-03 --json\n",
    .options = HF_OPTS(HF_OPTS_FLEET),
    .flags = HF_VERB_NEEDS_FLEET,
    .min_args = 1,
    .max_args = 1,
    .run = run_show,
};
