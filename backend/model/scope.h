/* Whom a rule of the fleet's files names. */
#ifndef HF_MODEL_SCOPE_H
#define HF_MODEL_SCOPE_H

#include "backend/base/buf.h"
#include "backend/model/host.h"

/* All given lists must hold the host; NULL: any. Names to NULL, without regard
 * to case. */
struct hf_scope {
    const char *const *rings, *const *sites, *const *hosts;
    const char *select; /* a selector over the inventory alone */
};

/* Sets a byte for each host of the fleet: 1 where the scope names it. */
void hf_scope_mark(unsigned char *named, const struct hf_scope *scope,
                   const struct hf_fleet *fleet);
/* "ring broad, site berlin", "every host". */
void hf_scope_describe(struct hf_buf *out, const struct hf_scope *scope);

#endif
