/* A stand-in for a livepatch module: a relocatable ELF file that says what it
 * is for and holds no code. No kernel would load it. */
#ifndef HF_SIM_MODULE_H
#define HF_SIM_MODULE_H

#include "backend/base/buf.h"

/* Appends the file. */
void hf_sim_module(struct hf_buf *out, const char *name, const char *version,
                   const char *kernel);

#endif
