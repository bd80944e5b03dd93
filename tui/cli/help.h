/* Help made from the tables of verbs, options, selectors and exit codes. */
#ifndef HF_CLI_HELP_H
#define HF_CLI_HELP_H

#include <stdio.h>

#include "tui/cli/verb.h"

/* Each returns HF_EXIT_OK. */
int hf_help_overview(FILE *to);
int hf_help_verb(FILE *to, const struct hf_verb *verb);

#endif
