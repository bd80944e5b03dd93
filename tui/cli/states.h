/* Hosts as a table or as JSON, the same for every verb that lists them. */
#ifndef HF_CLI_STATES_H
#define HF_CLI_STATES_H

#include "tui/cli/verb.h"

void hf_states_print_table(struct hf_cli *cli,
                           const struct hf_state *const *states, size_t n);
/* The checks that do not pass on some of these hosts, and on how many. */
void hf_states_print_checks(struct hf_cli *cli,
                            const struct hf_state *const *states, size_t n);
/* Prints the verb's document with "hosts"; returns status. */
int hf_states_print_json(struct hf_cli *cli, const char *verb,
                         const struct hf_state *const *states, size_t n,
                         int status);
/* "held job-running"; "" when none is set. */
void hf_states_flags(struct hf_buf *out, unsigned flags);

#endif
