/*
 * The journal: events as JSON lines in the state folder, on disk before the
 * remote change that they announce, and the truth until the ledger has them.
 * One writer thread syncs in groups; the caller learns by an acknowledgement.
 */
#ifndef HF_ENGINE_JOURNAL_H
#define HF_ENGINE_JOURNAL_H

#include "backend/base/queue.h"
#include "backend/model/event.h"

struct hf_journal;

/* Posted to the queue when all events up to `seq` are on disk, or when
 * writing failed (then error.code < 0, `seq` is the last that is on disk, and
 * nothing later will be written: open again to go on). */
struct hf_journal_ack {
    uint64_t seq;
    struct hf_err error;
};

/*
 * Opens (making it, mode 0700) `<dir>/journal.jsonl`, cuts a half last line
 * off into `journal.torn`, and starts the writer. HF_ELOCKED: another process
 * writes it; HF_EDENIED: others may write into the folder. Acks arrive in
 * `acks` as heap struct hf_journal_ack (free()); `acks` may be NULL for tools
 * that only use hf_journal_sync.
 */
int hf_journal_open(struct hf_journal **out, const char *dir,
                    struct hf_queue *acks, struct hf_err *err);
/* Syncs what is queued, joins the writer. */
void hf_journal_close(struct hf_journal *j);

/* Gives the event its number, queues its line, returns the number. Events
 * whose kind is SYNCED are acknowledged after fdatasync. Never blocks. */
uint64_t hf_journal_append(struct hf_journal *j, struct hf_event *e);
/* Waits until all queued lines are on disk. */
int hf_journal_sync(struct hf_journal *j, struct hf_err *err);

/* Every event of the file in order; `fn` returning non-zero stops and may take
 * e->data. Whole lines that do not parse are counted in *bad and passed over.
 * No writer is needed; no file is an empty one. */
int hf_journal_read(const char *dir, int (*fn)(void *ctx, struct hf_event *e),
                    void *ctx, size_t *bad, struct hf_err *err);

/* Moves a journal whose events are all recorded and settled to
 * `journal-<first seq>.jsonl.done`, keeping the newest `keep` (at least one).
 * One in which anything is open, or cannot be read, stays. The numbers go on.
 * Called at start-up by the owner of the lock, before hf_journal_open. */
int hf_journal_rotate(const char *dir, int keep, struct hf_err *err);

/* Takes `<dir>/lock` (flock), or HF_ELOCKED with who holds it. Returns an fd
 * to close, through *fd. */
int
hf_state_lock(int *fd, const char *dir, const char *who, struct hf_err *err);
/* What the others shall read: "run R of WHO is under way in process 123 since
 * T"; `run` NULL: none yet. -1 with errno when that cannot be written. */
int hf_state_lock_say(int fd, const char *run, const char *who);
#define HF_HOLDER_LEN 512
/* 1 and that sentence when somebody (also this process) has the lock just
 * now, else 0 and "". Makes no file. */
int hf_state_holder(char out[HF_HOLDER_LEN], const char *dir);
/* "$XDG_STATE_HOME/hotfleet/<name>-<12 of root>-<8 of path>" made, 0700;
 * caller's. */
int hf_state_dir(char **out, const char *name, const char *root_commit,
                 const char *repo_path, struct hf_err *err);
/* The same path, made or not. */
int hf_state_path(char **out, const char *name, const char *root_commit,
                  const char *repo_path, struct hf_err *err);

#endif
