/*
 * The stages of a connection: what to do when the socket is ready, and what
 * it means when the deadline passes. The steps of one group are in one file:
 * connect.c (addresses), kex.c, login.c, command.c.
 */
#ifndef HF_SSH_STAGES_H
#define HF_SSH_STAGES_H

#include "backend/ssh/link.h"

/* Enters a stage and arms its deadline. */
void hf_link_enter(struct hf_link *link, enum hf_stage stage);
/* Waits for the socket: to read always, to write when something is left. */
void hf_link_listen(struct hf_link *link, int more_to_write);
/* The connection broke in this stage: says so with libssh's reason. */
void hf_link_cut(struct hf_link *link);

/* What each stage does when its socket is ready. */
void hf_step_tcp(struct hf_link *link);
void hf_step_kex(struct hf_link *link);
void hf_step_auth(struct hf_link *link);
void hf_step_open(struct hf_link *link);
void hf_step_exec(struct hf_link *link);
void hf_step_io(struct hf_link *link);
void hf_step_idle(struct hf_link *link);

/* What some do when their deadline has passed. */
void hf_late_tcp(struct hf_link *link);
void hf_late_kex(struct hf_link *link);
void hf_late_io(struct hf_link *link);

/* TCP stands: on to key exchange. */
void hf_link_connected(struct hf_link *link);
/* The host is the right one: on to login. */
void hf_link_login(struct hf_link *link);
/* When the running command must be looked at again. */
int64_t hf_io_deadline(const struct hf_errand *run);

#endif
