/* Help made from the tables of verbs, options, selectors and exit codes. */
#ifndef HF_CLI_HELP_H
#define HF_CLI_HELP_H

#include <stdio.h>

#include "tui/cli/verb.h"

/* Each returns HF_EXIT_OK. */
int hf_help_overview(FILE *to);
/* The verbs that begin with that word ("catalogue"): how many there are. */
int hf_help_family(FILE *to, const char *word);
int hf_help_verb(FILE *to, const struct hf_verb *verb);

#endif
