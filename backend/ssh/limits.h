/* Deadlines and sizes of a request. */
#ifndef HF_SSH_LIMITS_H
#define HF_SSH_LIMITS_H

#include "backend/ssh/transport.h"

/* Puts the default in place of every member that is 0. */
void hf_limits_fill(struct hf_net_limits *limits);

#endif
