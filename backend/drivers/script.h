/*
 * Scripts as constants: the text of a file in this folder, embedded at build
 * time with its SHA-256, which every record names.
 */
#ifndef HF_DRIVERS_SCRIPT_H
#define HF_DRIVERS_SCRIPT_H

#include <stddef.h>

struct hf_script {
    const char *name; /* "livepatch/probe.sh" */
    const char *text;
    size_t len;
    const char *sha256;
};

/* Every embedded script, for the lists in records and tests. */
extern const struct hf_script *const hf_scripts[]; /* NULL-terminated */

#endif
