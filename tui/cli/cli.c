/*
 * The dispatcher: finds the verb, parses its options from the tables, opens
 * the fleet, explains refusals.
 */
#include <getopt.h>
#include <langinfo.h>
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
    struct winsize ws;

    cli->tty_in = isatty(STDIN_FILENO);
    cli->tty_out = isatty(STDOUT_FILENO);
    cli->tty_err = isatty(STDERR_FILENO);
    cli->color = cli->tty_out && !(none && *none);
    if (cli->tty_out && ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0)
        cli->columns = ws.ws_col;
    cli->ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

/* ---- options ---- */

struct option_set {
    struct option rows[HF_OPT_COUNT + 1];
    char letters[2 * HF_OPT_COUNT + 3];
};

static void
make_options(struct option_set *set, const struct hf_verb *verb)
{
    size_t n = 0, at = 0;

    memset(set, 0, sizeof(*set));
    set->letters[at++] = '+';
    set->letters[at++] = ':';
    for (int i = 0; i < HF_OPT_COUNT; i++) {
        const struct hf_opt_row *row = &hf_opt_rows[i];

        if (!hf_verb_takes(verb, (enum hf_opt)i))
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

static const char *
nearest_option(const struct hf_verb *verb, const char *word)
{
    const char *names[HF_OPT_COUNT + 1] = {NULL}, *near;
    char *name = hf_xstrndup(word, strcspn(word, "="));
    size_t n = 0;

    for (int i = 0; i < HF_OPT_COUNT; i++) {
        if (hf_verb_takes(verb, (enum hf_opt)i))
            names[n++] = hf_opt_rows[i].name;
    }
    near = hf_text_nearest(name, names);
    free(name);
    return near;
}

static int
bad_option(const struct hf_verb *verb, char **argv, int c, struct hf_err *err)
{
    char letter[3] = {'-', (char)optopt, '\0'};
    const char *word = optopt && optopt < 256 ? letter : argv[optind - 1];
    const char *near = NULL;

    if (c == ':')
        (void)hf_fail(err, HF_EUSAGE, "option '%s' wants a value", word);
    else if (optopt >= 256) /* known, so it is the value that is wrong */
        (void)hf_fail(err, HF_EUSAGE, "option '--%s' takes no value",
                      hf_opt_rows[optopt - 256].name);
    else
        (void)hf_fail(err, HF_EUSAGE, "%s%s has no option '%s'",
                      verb ? "verb " : "hotfleet", verb ? verb->name : "",
                      word);
    if (c == '?' && !optopt)
        near = nearest_option(verb, word + 2);
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
        if (hf_opt_rows[i].arg)
            hf_strs_add(&cli->all[i], optarg);
    }
    return HF_OK;
}

/* "hotfleet --json version": said before the verb, which does not take it. */
static int
check_options(const struct hf_cli *cli, struct hf_err *err)
{
    for (int i = 0; i < HF_OPT_COUNT; i++) {
        if (!cli->opt[i] || hf_verb_takes(cli->verb, (enum hf_opt)i))
            continue;
        (void)hf_fail(err, HF_EUSAGE, "verb %s has no option '--%s'",
                      cli->verb->name, hf_opt_rows[i].name);
        return hf_hint(err, "see: hotfleet %s --help", cli->verb->name);
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
    if (cli->argc < v->min_args)
        (void)hf_fail(err, HF_EUSAGE, "missing arguments");
    else
        (void)hf_fail(err, HF_EUSAGE,
                      "too many arguments: verb %s does not "
                      "take '%s'",
                      v->name, cli->argv[v->max_args]);
    return hf_hint(err, "usage: hotfleet %s%s%s", v->name, *v->args ? " " : "",
                   v->args);
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

static int
fail_to_open(struct hf_cli *cli, struct hf_err *err)
{
    if (cli->problems.len > 1) /* a single one is the error itself */
        hf_cli_problems(cli);
    if (cli->problems.len > HF_CLI_PROBLEMS_SHOWN)
        (void)hf_hint(err, "hotfleet lint lists all %zu problems",
                      cli->problems.len);
    return hf_cli_fail(cli, err);
}

/* A "&" that the shell took for itself leaves half a selector behind, in the
 * background: a verb that may ask never starts there without being told to. */
static int
refuse_background(const struct hf_cli *cli, struct hf_err *err)
{
    pid_t owner;

    if (!hf_verb_takes(cli->verb, HF_OPT_YES) || cli->opt[HF_OPT_YES] ||
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

    if ((v->flags & HF_VERB_WRITES) && cli->opt[HF_OPT_READ_ONLY]) {
        (void)hf_fail(err, HF_EUSAGE, "read-only: '%s' writes", v->name);
        return hf_hint(err, "leave --read-only out if that is wanted");
    }
    return refuse_background(cli, err);
}

static int
run_verb(struct hf_cli *cli)
{
    struct hf_err err = HF_ERR_INIT;
    int status;

    if (check_options(cli, &err) < 0 || check_args(cli, &err) < 0 ||
        check_needs(cli, &err) < 0)
        return hf_cli_fail(cli, &err);
    if (cli->verb->flags & HF_VERB_NEEDS_FLEET) {
        if (open_session(cli, &err) < 0)
            return fail_to_open(cli, &err);
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

    if (!cli->tty_in || !cli->tty_out) {
        (void)hf_fail(&err, HF_EUSAGE, "the console needs a terminal");
        (void)hf_hint(&err, "try: hotfleet today, or hotfleet --help");
        return hf_cli_fail(cli, &err);
    }
    if (open_session(cli, &err) < 0)
        return fail_to_open(cli, &err);
    status = cli->console->run(cli, cli->session);
    hf_session_free(cli->session);
    return status;
}

/* Verbs that users of such programs look for, and what does that here. */
/* clang-format off */
static const struct { const char *name, *instead; } absent[] = {
    {"approve", "hotfleet ring approve RUN RING, for a ring that waits"},
};
/* clang-format on */

static int
say_absent(const char *word, struct hf_err *err)
{
    for (size_t i = 0; i < HF_COUNT(absent); i++) {
        if (strcmp(absent[i].name, word) != 0)
            continue;
        (void)hf_fail(err, HF_EUSAGE, "'%s' is not in this version", word);
        return hf_hint(err, "there is: %s", absent[i].instead);
    }
    return HF_OK;
}

/* "catalogue --help" */
static int
wants_help(int argc, char **argv)
{
    return argc > 1 &&
           (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0);
}

/* The verb nearest to `both` words, else to `word`, else the first of two words
 * that is nearest to it ("report"). Either may be NULL. NULL: none is near. To
 * be freed. */
static char *
near_verb(const char *word, const char *both)
{
    const char *names[HF_VERBS_MAX + 1] = {NULL}, *near;
    char *firsts[HF_VERBS_MAX + 1] = {NULL}, *found = NULL;

    for (size_t i = 0; hf_verbs[i] && i < HF_VERBS_MAX; i++) {
        names[i] = hf_verbs[i]->name;
        firsts[i] = hf_xstrndup(names[i], strcspn(names[i], " "));
    }
    if ((both && (near = hf_text_nearest(both, names))) ||
        (word && (near = hf_text_nearest(word, names))) ||
        (word && (near = hf_text_nearest(word, (const char *const *)firsts))))
        found = hf_xstrdup(near);
    for (size_t i = 0; firsts[i]; i++)
        free(firsts[i]);
    return found;
}

/* "catalogue" alone, with a second word that is none, or a word that is no
 * verb. */
static int
unknown_verb(struct hf_cli *cli, const char *word, const char *second)
{
    struct hf_err err = HF_ERR_INIT;
    struct hf_buf kids = {0};
    size_t len = strlen(word);
    char *both =
        second && second[0] != '-' ? hf_xasprintf("%s %s", word, second) : NULL;
    char *near;

    for (size_t i = 0; hf_verbs[i]; i++) {
        const char *name = hf_verbs[i]->name;

        if (hf_has_prefix(name, word) && name[len] == ' ')
            hf_buf_printf(&kids, "%s%s", kids.len ? ", " : "", name);
    }
    near = near_verb(kids.len ? NULL : word, both);
    if (kids.len && both) {
        (void)hf_fail(&err, HF_EUSAGE, "no verb '%s'", both);
        (void)hf_hint(&err, near ? "did you mean '%s'?" : "one of: %s",
                      near ? near : hf_buf_str(&kids));
    } else if (kids.len) {
        (void)hf_fail(&err, HF_EUSAGE, "'%s' wants a second word", word);
        (void)hf_hint(&err, "one of: %s", hf_buf_str(&kids));
    } else if (say_absent(word, &err) == HF_OK) {
        (void)hf_fail(&err, HF_EUSAGE, "no verb '%s'", word);
        (void)hf_hint(&err, near ? "did you mean '%s'?" : "see: hotfleet help",
                      near);
    }
    hf_buf_release(&kids);
    free(both);
    free(near);
    return hf_cli_fail(cli, &err);
}

/* Finds the verb and drops its words but the last, which getopt passes over
 * as the program's name. */
static int
take_verb(struct hf_cli *cli, int *argc, char ***argv)
{
    int words;

    cli->verb = hf_verb_find(*argc, *argv, &words);
    if (!cli->verb)
        return 0;
    *argc -= words - 1;
    *argv += words - 1;
    return 1;
}

static int
dispatch(struct hf_cli *cli, int argc, char **argv)
{
    static char version[] = "version";
    struct hf_err err = HF_ERR_INIT;

    if (argc > 1 && strcmp(argv[1], "--version") == 0)
        argv[1] = version;
    /* Options before the verb ("hotfleet -C dir check"), then the verb's. */
    if (parse_options(cli, argc, argv, &err) < 0)
        return hf_cli_fail(cli, &err);
    argc -= optind;
    argv += optind;
    if (cli->opt[HF_OPT_HELP] && !argc)
        return hf_help_overview(stdout);
    if (!argc)
        return run_console(cli);
    if (wants_help(argc, argv) && hf_help_family(stdout, argv[0]))
        return HF_EXIT_OK;
    if (!take_verb(cli, &argc, &argv))
        return unknown_verb(cli, argv[0], argc > 1 ? argv[1] : NULL);
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
hf_cli_main(int argc, char **argv, const struct hf_cli_console *console)
{
    struct hf_cli cli = {.console = console};
    int status;

    look_at_terminal(&cli);
    status = dispatch(&cli, argc, argv);
    hf_problems_release(&cli.problems);
    for (int i = 0; i < HF_OPT_COUNT; i++)
        hf_strs_release(&cli.all[i]);
    if ((fflush(stdout) != 0 || ferror(stdout)) && status == HF_EXIT_OK)
        status = HF_EXIT_FAILED; /* a full disk or a closed pipe */
    return status;
}
