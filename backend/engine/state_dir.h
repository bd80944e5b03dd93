/*
 * Folders that hold what must not be read or changed by others.
 */
#ifndef HF_ENGINE_STATE_DIR_H
#define HF_ENGINE_STATE_DIR_H

#include "backend/base/err.h"

/* Makes `path` and what is missing above it, mode 0700. HF_EDENIED when it is
 * there but belongs to somebody else, may be written by others, or is not a
 * folder itself. */
int hf_private_dir(const char *path, struct hf_err *err);

#endif
