/* Writes the frame of a reply: begin, counted lines, end. */
#ifndef HF_SIM_REPLY_H
#define HF_SIM_REPLY_H

#include <stdint.h>

#include "backend/base/buf.h"

struct hf_sim_reply {
    struct hf_buf *out; /* borrowed */
    const char *nonce;  /* borrowed */
    unsigned lines;
};

void hf_sim_reply_begin(struct hf_sim_reply *r, struct hf_buf *out,
                        const char *nonce);
/* `source` may be NULL. */
void hf_sim_reply_set(struct hf_sim_reply *r, const char *key,
                      const char *value, const char *source);
void hf_sim_reply_int(struct hf_sim_reply *r, const char *key, int64_t value,
                      const char *source);
/* A fact that could not be read. */
void hf_sim_reply_unknown(struct hf_sim_reply *r, const char *key,
                          const char *why, const char *source);
/* Returns `status`, for the exit. */
int hf_sim_reply_end(struct hf_sim_reply *r, int status);

#endif
