/*
 * The dispatcher: finds the verb, parses its options from the tables, opens
 * the fleet, explains refusals.
 */
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "tui/cli/help.h"
#include "tui/cli/verb.h"

static void
look_at_terminal(struct hf_cli *cli)
{
    const char *none = getenv("NO_COLOR");
    const char *charset = getenv("LC_ALL");
    struct winsize ws;

    cli->tty_in = isatty(STDIN_FILENO);
    cli->tty_out = isatty(STDOUT_FILENO);
    cli->tty_err = isatty(STDERR_FILENO);
    cli->color = cli->tty_out && !(none && *none);
    if (cli->tty_out && ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0)
        cli->columns = ws.ws_col;
    cli->ascii = charset && strcmp(charset, "C") == 0;
}

/* ---- options ---- */

struct option_set {
    struct option rows[HF_OPT_COUNT + 1];
    char letters[2 * HF_OPT_COUNT + 3];
};

/* Options of no verb yet (bare "hotfleet -C dir") are those of a fleet. */
static void
make_options(struct option_set *set, const struct hf_verb *verb)
{
    unsigned long takes =
        verb ? verb->options : HF_OPTS_FLEET | HF_OPT_BIT(HF_OPT_ASCII);
    size_t n = 0, at = 0;

    memset(set, 0, sizeof(*set));
    set->letters[at++] = '+';
    set->letters[at++] = ':';
    for (int i = 0; i < HF_OPT_COUNT; i++) {
        const struct hf_opt_row *row = &hf_opt_rows[i];

        if (i != HF_OPT_HELP && !(takes & HF_OPT_BIT(i)))
            continue;
        set->rows[n++] = (struct option){
            row->name, row->arg ? required_argument : no_argument, NULL,
            256 + i};
        if (row->letter) {
            set->letters[at++] = row->letter;
            if (row->arg)
                set->letters[at++] = ':';
        }
    }
    if (verb)
        set->letters[0] = ':',
        memmove(set->letters + 1, set->letters + 2, sizeof(set->letters) - 2);
}

static int
option_index(int c)
{
    if (c >= 256)
        return c - 256;
    for (int i = 0; i < HF_OPT_COUNT; i++) {
        if (hf_opt_rows[i].letter == c)
            return i;
    }
    return -1;
}

static int
bad_option(const struct hf_verb *verb, char **argv, int c, struct hf_err *err)
{
    const char *names[HF_OPT_COUNT + 1] = {NULL}, *word = argv[optind - 1];
    const char *near = NULL;
    size_t n = 0;

    for (int i = 0; verb && i < HF_OPT_COUNT; i++) {
        if (verb->options & HF_OPT_BIT(i))
            names[n++] = hf_opt_rows[i].name;
    }
    if (c == ':')
        (void)hf_fail(err, HF_EUSAGE, "option '%s' wants a value", word);
    else
        (void)hf_fail(err, HF_EUSAGE, "%s%s has no option '%s'",
                      verb ? "verb " : "hotfleet", verb ? verb->name : "",
                      word);
    if (hf_has_prefix(word, "--"))
        near = hf_text_nearest(word + 2, names);
    if (near)
        return hf_hint(err, "did you mean --%s?", near);
    return hf_hint(err, "see: hotfleet %s%s--help", verb ? verb->name : "",
                   verb ? " " : "");
}

static int
parse_options(struct hf_cli *cli, int argc, char **argv, struct hf_err *err)
{
    struct option_set set;
    int c;

    make_options(&set, cli->verb);
    opterr = 0;
    while ((c = getopt_long(argc, argv, set.letters, set.rows, NULL)) != -1) {
        int i = option_index(c);

        if (c == '?' || c == ':' || i < 0)
            return bad_option(cli->verb, argv, c, err);
        cli->opt[i] = hf_opt_rows[i].arg ? optarg : "";
        if (i == HF_OPT_CVE)
            hf_strs_add(&cli->cves, optarg);
    }
    return HF_OK;
}

static int
check_args(struct hf_cli *cli, struct hf_err *err)
{
    const struct hf_verb *v = cli->verb;

    if (cli->argc >= v->min_args &&
        (v->max_args < 0 || cli->argc <= v->max_args))
        return HF_OK;
    (void)hf_fail(err, HF_EUSAGE, "%s arguments",
                  cli->argc < v->min_args ? "missing" : "too many");
    return hf_hint(err, "usage: hotfleet %s %s", v->name, v->args);
}

/* ---- what a verb needs ---- */

static struct hf_secret *
ask_passphrase(void *ctx, const char *identity)
{
    struct hf_secret *s = hf_secret_new();
    struct hf_err err = HF_ERR_INIT;
    char *prompt = hf_xasprintf("passphrase for '%s': ", identity);
    int rc = hf_secret_ask(s, prompt, &err);

    (void)ctx;
    free(prompt);
    if (rc == HF_OK)
        return s;
    hf_secret_free(s);
    return NULL;
}

static int
open_session(struct hf_cli *cli, struct hf_err *err)
{
    struct hf_session_options o = {.dir = cli->opt[HF_OPT_DIR],
                                   .read_only =
                                       cli->opt[HF_OPT_READ_ONLY] != NULL,
                                   .passphrase = ask_passphrase};

    return hf_session_open(&cli->session, &o, &cli->problems, err);
}

/* A "&" that the shell took for itself leaves half a command behind, in the
 * background: never change hosts from there without being told to. */
static int
refuse_background(const struct hf_cli *cli, struct hf_err *err)
{
    pid_t owner;

    if (!(cli->verb->flags & HF_VERB_CHANGES) || cli->opt[HF_OPT_YES] ||
        cli->opt[HF_OPT_DRY_RUN] || !cli->tty_in)
        return HF_OK;
    owner = tcgetpgrp(STDIN_FILENO);
    if (owner < 0 || owner == getpgrp())
        return HF_OK;
    (void)hf_fail(err, HF_EUSAGE,
                  "'%s' was started in the background: was a selector with "
                  "'&' left unquoted?",
                  cli->verb->name);
    return hf_hint(err, "write 'and' instead of '&', or add --yes");
}

static int
check_needs(struct hf_cli *cli, struct hf_err *err)
{
    const struct hf_verb *v = cli->verb;

    if ((v->flags & HF_VERB_WRITES) && cli->opt[HF_OPT_READ_ONLY])
        return hf_fail(err, HF_EUSAGE, "read-only: '%s' writes", v->name);
    return refuse_background(cli, err);
}

static int
run_verb(struct hf_cli *cli)
{
    struct hf_err err = HF_ERR_INIT;
    int status;

    if (check_args(cli, &err) < 0 || check_needs(cli, &err) < 0)
        return hf_cli_fail(cli, &err);
    if (cli->verb->flags & HF_VERB_NEEDS_FLEET) {
        if (open_session(cli, &err) < 0) {
            hf_cli_problems(cli);
            return hf_cli_fail(cli, &err);
        }
    }
    status = cli->verb->run(cli);
    hf_session_free(cli->session);
    cli->session = NULL;
    return status;
}

static int
run_console(struct hf_cli *cli)
{
    struct hf_err err = HF_ERR_INIT;
    int status;

    if (!cli->tty_in || !cli->tty_out || !cli->console) {
        (void)hf_fail(&err, HF_EUSAGE, "the console needs a terminal");
        (void)hf_hint(&err, "try: hotfleet today, or hotfleet --help");
        return hf_cli_fail(cli, &err);
    }
    if (open_session(cli, &err) < 0) {
        hf_cli_problems(cli);
        return hf_cli_fail(cli, &err);
    }
    status = cli->console(cli, cli->session);
    hf_session_free(cli->session);
    return status;
}

static int
unknown_verb(struct hf_cli *cli, const char *word)
{
    const char *names[64] = {NULL}, *near;
    struct hf_err err = HF_ERR_INIT;

    for (size_t i = 0; hf_verbs[i] && i < 63; i++)
        names[i] = hf_verbs[i]->name;
    near = hf_text_nearest(word, names);
    (void)hf_fail(&err, HF_EUSAGE, "no verb '%s'", word);
    (void)hf_hint(&err, near ? "did you mean '%s'?" : "see: hotfleet help",
                  near);
    return hf_cli_fail(cli, &err);
}

static int
dispatch(struct hf_cli *cli, int argc, char **argv)
{
    struct hf_err err = HF_ERR_INIT;

    /* Options before the verb ("hotfleet -C dir check"), then the verb's. */
    if (parse_options(cli, argc, argv, &err) < 0)
        return hf_cli_fail(cli, &err);
    argc -= optind;
    argv += optind;
    if (cli->opt[HF_OPT_HELP] && !argc)
        return hf_help_overview(stdout);
    if (!argc)
        return run_console(cli);
    cli->verb = hf_verb_find(argv[0]);
    if (!cli->verb)
        return unknown_verb(cli, argv[0]);
    optind = 0;
    if (parse_options(cli, argc, argv, &err) < 0)
        return hf_cli_fail(cli, &err);
    cli->argc = argc - optind;
    cli->argv = argv + optind;
    if (cli->opt[HF_OPT_HELP])
        return hf_help_verb(stdout, cli->verb);
    cli->ascii |= cli->opt[HF_OPT_ASCII] != NULL;
    return run_verb(cli);
}

int
hf_cli_main(int argc, char **argv,
            int (*console)(struct hf_cli *cli, struct hf_session *s))
{
    struct hf_cli cli = {.console = console};
    int status;

    look_at_terminal(&cli);
    status = dispatch(&cli, argc, argv);
    hf_problems_release(&cli.problems);
    hf_strs_release(&cli.cves);
    if (fflush(stdout) != 0 && status == HF_EXIT_OK)
        status = HF_EXIT_FAILED; /* a full disk or a closed pipe */
    return status;
}
