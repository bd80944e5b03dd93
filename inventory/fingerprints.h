/*
 * Fingerprints of host keys that somebody obtained elsewhere: lines with a
 * host and "SHA256:...", in any order of words, such as the output of
 * ssh-keygen -lf. What known_hosts says is hostkeys.h.
 */
#ifndef HF_INVENTORY_FINGERPRINTS_H
#define HF_INVENTORY_FINGERPRINTS_H

#include "inventory/hostkeys.h"

/*
 * Looks for lines about `name` (the host's name or address; another port than
 * 22 as "[name]:port"). HF_KNOWN_SAME: one has this fingerprint;
 * HF_KNOWN_OTHER: there are some, none has; HF_KNOWN_NO: there are none.
 */
enum hf_known
hf_fingerprints_check(const char *text, size_t len, const char *name, int port,
                      const char *fingerprint);

#endif
