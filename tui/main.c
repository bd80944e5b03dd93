/* hotfleet: one program, console and command line. */
#include <locale.h>
#include <signal.h>
#include <sys/prctl.h>

#include "tui/cli/verb.h"

int
main(int argc, char **argv)
{
    (void)setlocale(LC_ALL, "");
    (void)signal(SIGPIPE, SIG_IGN);
    /* Keys and passphrases pass through this process: no core dumps. */
    (void)prctl(PR_SET_DUMPABLE, 0);
    return hf_cli_main(argc, argv, NULL);
}
