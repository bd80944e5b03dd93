/*
 * Reading facts that are times or lists. For the rows of this folder.
 */
#ifndef HF_CHECKS_READ_H
#define HF_CHECKS_READ_H

#include "backend/base/buf.h"
#include "backend/model/action.h"

/* Actions for hf_check.spares: what only reads is never stopped, a restart
 * only where the host cannot be told to. */
enum {
    HF_SPARES_READING = 1u << HF_ACTION_CHECK | 1u << HF_ACTION_VERIFY,
    HF_SPARES_RESTART = HF_SPARES_READING | 1u << HF_ACTION_REBOOT,
    /* ... what installs anything, with a restart or without ... */
    HF_SPARES_REMOVAL = HF_SPARES_RESTART | 1u << HF_ACTION_ROLLBACK,
    /* ... and hotpatches alone: a host that cannot take them takes ordinary
     * updates, and downloads them before. */
    HF_SPARES_UNDO = HF_SPARES_REMOVAL | 1u << HF_ACTION_RESTART_UPDATE |
                     1u << HF_ACTION_STAGE,
    HF_SPARES_ALL = HF_SPARES_UNDO | 1u << HF_ACTION_APPLY,
};

/* Seconds since 1970, or RFC 3339, to ms. 0 or -1. */
int hf_fact_time(int64_t *out, const char *value);
/* The words of a list separated by spaces; "none" and "" have no words. */
void hf_fact_words(struct hf_strs *out, const char *value);

#endif
