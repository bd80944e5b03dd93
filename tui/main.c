/* hotfleet: one program, console and command line. */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>

#include "tui/cli/verb.h"
#include "tui/console.h"
#include "tui/keys.h"

/* A terminal that cannot show the console still gets the first screen. */
static int
show_today(struct hf_cli *cli, const struct hf_err *why)
{
    char *words[] = {(char[]){"today"}, NULL};
    const struct hf_verb *verb;
    int n;

    (void)fprintf(stderr, "hotfleet: %s: no console here, plain text\n",
                  why->text);
    verb = hf_verb_find(1, words, &n);
    cli->verb = verb;
    return verb->run(cli);
}

static int
run_console(struct hf_cli *cli, struct hf_session *session)
{
    struct hf_console_options o = {.ascii = cli->ascii ||
                                            cli->opt[HF_OPT_ASCII] != NULL,
                                   .no_color = !cli->color};
    struct hf_err err = HF_ERR_INIT;
    int rc = hf_console_run(session, &o, &err);

    if (rc == HF_EUNSUPPORTED)
        return show_today(cli, &err);
    return rc < 0 ? hf_cli_fail(cli, &err) : rc;
}

static const struct hf_cli_console console = {.run = run_console,
                                              .keys = hf_keys_print};

int
main(int argc, char **argv)
{
    (void)setlocale(LC_ALL, "");
    (void)signal(SIGPIPE, SIG_IGN);
    /* Keys and passphrases pass through this process: no core dumps. */
    (void)prctl(PR_SET_DUMPABLE, 0);
    return hf_cli_main(argc, argv, &console);
}
