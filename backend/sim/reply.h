/* Writes a reply: a frame, and facts in it, in the manner of a dialect. */
#ifndef HF_SIM_REPLY_H
#define HF_SIM_REPLY_H

#include <cjson/cJSON.h>
#include <stdint.h>

#include "backend/base/buf.h"

struct hf_sim_node;
struct hf_sim_reply;

/* How a dialect writes a reply. */
struct hf_sim_frame {
    void (*begin)(struct hf_sim_reply *r);
    /* One of `value` and `why` is NULL; `source` may be. */
    void (*fact)(struct hf_sim_reply *r, const char *key, const char *value,
                 const char *why, const char *source);
    void (*end)(struct hf_sim_reply *r, int status);
};
extern const struct hf_sim_frame hf_sim_frame_sh, hf_sim_frame_powershell;

struct hf_sim_reply {
    const struct hf_sim_frame *frame;
    struct hf_buf *out;           /* borrowed */
    const char *nonce;            /* borrowed */
    unsigned lines;               /* sh: so far */
    cJSON *facts;                 /* powershell: until the end */
    const struct hf_sim_node *of; /* a copy's probe: borrowed; or NULL */
};

void
hf_sim_reply_begin(struct hf_sim_reply *r, const struct hf_sim_frame *frame,
                   struct hf_buf *out, const char *nonce);
/* `source` may be NULL. */
void hf_sim_reply_set(struct hf_sim_reply *r, const char *key,
                      const char *value, const char *source);
void hf_sim_reply_int(struct hf_sim_reply *r, const char *key, int64_t value,
                      const char *source);
/* A fact that could not be read. */
void hf_sim_reply_unknown(struct hf_sim_reply *r, const char *key,
                          const char *why, const char *source);
/* Must follow a begin. Returns `status`, for the exit. */
int hf_sim_reply_end(struct hf_sim_reply *r, int status);

#endif
