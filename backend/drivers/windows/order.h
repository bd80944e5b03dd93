/*
 * The orders of the Windows driver, by topic: order.c what comes without a
 * restart, order_restart.c what cannot. Private to this folder.
 */
#ifndef HF_DRIVERS_WINDOWS_ORDER_H
#define HF_DRIVERS_WINDOWS_ORDER_H

#include "backend/drivers/windows/windows.h"

#define WINDOWS_DOWNLOAD_MINUTES 5 /* of the guesses below; a guess, too */

/* Rows of the hotpatch line behind `from`, up to `last`: what they close. */
void windows_add_cves(struct hf_strs *to, const struct hf_release *from,
                      const struct hf_release *last);
void windows_set_guards(struct hf_order *out, const struct windows_track *t);
/* The price of removing `row`, which stands on the baseline of `t`. */
void
windows_price_undo(struct hf_price *out, const struct windows_track *t,
                   const struct hf_release *row, const struct hf_judge_in *in);
void windows_order_rollback(struct hf_order *out, const struct hf_judge_in *in,
                            const struct windows_track *t);
/* The baseline that is due; for hosts that hotpatches do not help, the newest
 * update of any kind. */
void
windows_order_restart_update(struct hf_order *out, const struct hf_judge_in *in,
                             const struct windows_track *t);
void windows_order_reboot(struct hf_order *out, const struct hf_judge_in *in,
                          const struct windows_track *t);

#endif
