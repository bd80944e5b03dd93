/* A repository to try things in: the commits of another one, and its own
 * branches from then on. */
#ifndef HF_INVENTORY_SHADOW_H
#define HF_INVENTORY_SHADOW_H

#include "inventory/repo.h"

/*
 * Makes a bare repository in `dir`, which must not be one yet, with every
 * branch where it stands in `of`. Objects are read there and never written;
 * `of` outlives it. It has no remote, and its own name for who commits.
 */
int hf_repo_shadow(struct hf_repo *of, const char *dir, struct hf_err *err);

#endif
