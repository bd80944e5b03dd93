/* Who else may patch hosts, in spite of a hold or a block. */
#ifndef HF_CLI_OTHERS_H
#define HF_CLI_OTHERS_H

#include "tui/cli/verb.h"

/* Prints `title`, the hosts on which somebody else may install, and what would
 * enforce it; nothing when there are none. */
void hf_cli_print_others(const struct hf_state *const *states, size_t n,
                         const char *title);
/* The same as "not_enforced": [{name, others}]. */
void
hf_cli_add_others(cJSON *doc, const struct hf_state *const *states, size_t n);

#endif
