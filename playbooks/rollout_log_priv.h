/* What the files of a rollout's log share. Private to playbooks/rollout_*.c. */
#ifndef HF_PLAYBOOKS_ROLLOUT_LOG_PRIV_H
#define HF_PLAYBOOKS_ROLLOUT_LOG_PRIV_H

#include "playbooks/rollout_log.h"
#include "playbooks/session_priv.h"

#define ROLLOUT_LOG_MOST (256u << 20) /* bytes */

struct rollout_log {
    struct hf_session *s;
    char run[HF_RUN_ID_LEN];
    char *dir;
    int fd, lock;
    uint64_t seq;        /* of the last event */
    uint64_t given;      /* up to here the ledger was given */
    struct hf_buf fresh; /* the lines after that */
};

/* "$state/rollouts/<run>/<name>", the caller's. */
char *
rollout_log_file(const struct hf_session *s, const char *run, const char *name);

/* ---- rollout_log_read.c ---- */

/* Appends the lines of the log that this machine has; none is no error. */
int rollout_log_here(struct hf_buf *out, struct hf_session *s, const char *run,
                     struct hf_err *err);
/* And those that the ledger has. */
int rollout_log_there(struct hf_buf *out, struct hf_session *s, const char *run,
                      struct hf_err *err);
/* Whether the one begins with all of the other. */
int rollout_log_begins(const struct hf_buf *all, const struct hf_buf *with);
uint64_t rollout_log_count(const struct hf_buf *lines);
int rollout_log_line(struct hf_rollout_event *out, const char *line, size_t len,
                     const struct hf_plan *plan, struct hf_err *err);

#endif
