/* Who else may patch hosts, in spite of a hold, a block or a freeze. */
#ifndef HF_CLI_OTHERS_H
#define HF_CLI_OTHERS_H

#include "tui/cli/verb.h"

/* Prints `title`, the hosts on which somebody else may install (of very many
 * the first), and what would enforce it; nothing when there are none. */
void hf_cli_print_others(const struct hf_state *const *states, size_t n,
                         const char *title);
/* The same as "not_enforced": [{name, others}]. */
void
hf_cli_add_others(cJSON *doc, const struct hf_state *const *states, size_t n);

/* Those of `states` that a freeze names from `from` on and before `to`, into
 * `out` (room for all of them); how many. */
size_t hf_cli_frozen(const struct hf_state **out, const struct hf_calendar *cal,
                     const struct hf_state *const *states, size_t n,
                     int64_t from, int64_t to);
#define HF_CLI_FREEZE_TITLE \
    "hotfleet obeys the freezes; others may install or restart in them:"

#endif
