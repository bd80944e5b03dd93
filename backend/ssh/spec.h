/* What may stand in a struct hf_link_spec. */
#ifndef HF_SSH_SPEC_H
#define HF_SSH_SPEC_H

#include "backend/ssh/transport.h"

/* Address, port and user; the host key is hf_hostkey_parse's. 0 or
 * HF_EINVALID. */
int hf_spec_check(const struct hf_link_spec *spec, struct hf_err *err);

#endif
