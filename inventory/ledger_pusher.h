/*
 * Pushing beside the writer: a remote that is slow or hangs holds up neither
 * commits nor the end of the program.
 */
#ifndef HF_INVENTORY_LEDGER_PUSHER_H
#define HF_INVENTORY_LEDGER_PUSHER_H

#include "inventory/ledger.h"

struct hf_pusher;

/* Starts the thread; acknowledgements go to `acks` (may be NULL). */
int hf_pusher_start(struct hf_pusher **out, const char *dir,
                    const struct hf_ledger_options *options,
                    struct hf_queue *acks, struct hf_err *err);
/* There is something to push: `commit`, with all records up to `seq`. */
void hf_pusher_wake(struct hf_pusher *p, uint64_t seq, const char *commit);
/* Tries once more what is not yet pushed, and leaves when that is done or
 * hf_mono() reaches `until`. A push under way then is left to itself. */
void hf_pusher_stop(struct hf_pusher *p, int64_t until);

#endif
