/*
 * Blocks: releases that nothing may put on a host any more, until somebody
 * ends the block. Files blocks/<release>.json of the fleet.
 */
#ifndef HF_MODEL_BLOCK_H
#define HF_MODEL_BLOCK_H

#include "backend/model/action.h"
#include "backend/model/facts.h"
#include "backend/model/host.h"

/* Strings live in the fleet's arena; absent ones are NULL. */
struct hf_block {
    const char *release; /* KB number, or name of a livepatch module */
    const char *kernel;  /* Linux: only for this one; NULL: for all */
    const char *reason, *by;
    const char *run; /* the run after which it was blocked */
    int64_t since;   /* ms or 0 */
    int64_t until;   /* ms; 0: until it is ended */
    const char *note;
    const char *path; /* its file */
    char blob[41];    /* object id of that file */
};

/* Not over yet. */
int hf_block_holds(const struct hf_block *b, int64_t now);
/* The block that holds for this release on a host with these facts (NULL: on
 * any host), or NULL. An unknown kernel is taken for the blocked one. */
const struct hf_block *
hf_block_of(const struct hf_fleet *fleet, const char *release,
            const struct hf_facts *facts, int64_t now);
/* The same for the first of several releases. */
const struct hf_block *
hf_block_among(const struct hf_fleet *fleet, const struct hf_strs *releases,
               const struct hf_facts *facts, int64_t now);
/* By what its file says; NULL `kernel`: the one for all kernels. */
const struct hf_block *hf_block_named(const struct hf_fleet *fleet,
                                      const char *release, const char *kernel);

#endif
