/*
 * Output of a command in bounded memory: the first and the last bytes are
 * kept, what lies between is counted and thrown away.
 */
#ifndef HF_SSH_CAPTURE_H
#define HF_SSH_CAPTURE_H

#include <stddef.h>

#include "backend/base/buf.h"

struct hf_capture {
    size_t keep;  /* bytes kept at most; half head, half tail */
    size_t total; /* bytes seen */
    struct hf_buf head;
    struct hf_buf tail; /* a ring once it is full */
    size_t oldest;      /* where the ring starts */
};

void hf_capture_init(struct hf_capture *c, size_t keep);
void hf_capture_release(struct hf_capture *c);
void hf_capture_add(struct hf_capture *c, const void *data, size_t len);
/*
 * Moves what was kept into `out` (empty before). Returns 1 when bytes were
 * left out; a line in their place then says how many.
 */
int hf_capture_take(struct hf_capture *c, struct hf_buf *out);

#endif
