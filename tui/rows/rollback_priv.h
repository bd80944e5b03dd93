/* What the Rollback screen's lines share. Private to tui/rows. */
#ifndef HF_ROWS_ROLLBACK_PRIV_H
#define HF_ROWS_ROLLBACK_PRIV_H

#include "tui/rows/rollback_view.h"

/* The day until which hosts are off the hotpatch track: "2027-01-12", "not
 * known", or "-" when none of them leaves it. */
void rollback_say_day(char out[HF_TIME_LEN], const struct hf_rollback_group *g);
/* The row's group; of a host `one`, which is filled. */
const struct hf_rollback_group *
rollback_group_of(struct hf_rollback_group *one,
                  const struct hf_rollback_view *v, size_t row);

/* Of that group, or the host's name. */
const char *rollback_title(const struct hf_rollback_view *v, size_t row);

#endif
