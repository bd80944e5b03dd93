/* One run of the past, told by its evidence. */
#ifndef HF_CLI_RUNS_H
#define HF_CLI_RUNS_H

#include "tui/cli/verb.h"

/* Of a plan or of a single verb, as text or as a document; the exit status. */
int hf_runs_tell(struct hf_cli *cli, const char *run);

#endif
