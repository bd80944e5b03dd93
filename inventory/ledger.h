/*
 * The ledger: the git branch that records what happened, written in batches
 * by one thread with its own repository handle (and pushed by another), read
 * for history and audit.
 *
 * Layout:
 *   hosts/<2 hex of sha256(name)>/<name>/facts.json
 *   hosts/<2 hex>/<name>/<yyyy-mm>/<run>.json     evidence record
 *   runs/<yyyy-mm>/<run>/run.json                 what was asked, by whom
 *   runs/<yyyy-mm>/<run>/end.json                 how it ended
 *   break-glass/<yyyy-mm>/<run>/<name>.json       a rule was overridden
 *   restarts.json                                 the restart budget's claims
 */
#ifndef HF_INVENTORY_LEDGER_H
#define HF_INVENTORY_LEDGER_H

#include <cjson/cJSON.h>
#include <stdint.h>

#include "backend/base/buf.h"
#include "backend/base/err.h"
#include "backend/base/queue.h"
#include "backend/model/facts.h"
#include "inventory/repo.h"

struct hf_ledger;

struct hf_ledger_options {
    const char *branch; /* "ledger" */
    const char *remote; /* NULL: local only */
    int sign;           /* demanded; else signs when git is configured so */
    int64_t batch_ms;   /* at most this long until a commit, 0: 1000 */
};

/*
 * Posted to `acks`: everything up to and including `seq` is committed, and
 * `commit` is the branch's tip. With a remote one more follows when that was
 * pushed or could not be. free() it.
 *   error.code  commit  pushed
 *   0           id      0       committed; no remote
 *   0           id      -1      committed; the push comes next
 *   0           id      1       pushed
 *   < 0         id      -1      not yet pushed; tried again later
 *   < 0         ""              not committed; the records stay queued and are
 *                               tried again
 * A push may move our commits onto those of others: then ids given earlier
 * are no longer on the branch.
 */
struct hf_ledger_ack {
    uint64_t seq;
    char commit[41];
    int pushed; /* 1 yes, 0 no remote, -1 not yet (error says why) */
    struct hf_err error;
};

/* Creates the branch when it is missing (race-safe), starts the writer.
 * HF_EDENIED on a read-only repository. */
int hf_ledger_open(struct hf_ledger **out, const char *repo_dir,
                   const struct hf_ledger_options *options,
                   struct hf_queue *acks, struct hf_err *err);
/* Tries once more to commit what waits and to push it, bounded by
 * `timeout_ms`. HF_OK when everything is committed; what is not pushed then is
 * pushed by the next process. */
int
hf_ledger_close(struct hf_ledger *l, int64_t timeout_ms, struct hf_err *err);

/* One file of the next commit, and the lines of its message. */
struct hf_ledger_record {
    uint64_t seq;  /* the journal's number, for the ack */
    char *path;    /* see the helpers below */
    char *content; /* JSON text */
    char *subject; /* "verify web-03: 6.1.0-56 + fix_2 in effect" */
    char *run, *action, *change, *operator_, *inventory, *plan; /* trailers,
                          NULL when absent */
};
void hf_ledger_record_free(struct hf_ledger_record *r);
/* Takes the record. Never blocks. */
void hf_ledger_add(struct hf_ledger *l, struct hf_ledger_record *r);
/* Asks for a commit now. */
void hf_ledger_flush(struct hf_ledger *l);
/* The same, and waits: 1 when all that was given is committed; 0 when that
 * fails, or takes longer. */
int hf_ledger_wait(struct hf_ledger *l, int64_t timeout_ms);

/* Paths, the caller's. `month` of a run id is its first digits. */
char *hf_ledger_facts_path(const char *host);
char *hf_ledger_evidence_path(const char *host, const char *run);
char *hf_ledger_run_path(const char *run, const char *file);
char *hf_ledger_break_glass_path(const char *host, const char *run);
/* How the subjects of such records begin; a commit that holds one begins with
 * it, too. */
#define HF_LEDGER_BROKEN "BREAK GLASS"

/*
 * ---- reading: always the newest commit; without a local branch, the one that
 * a remote was seen to have. HF_ENOTFOUND: no ledger yet; HF_EIO: damaged.
 * What callbacks get is borrowed for the call; non-zero stops. ----
 */

/* Every host's facts.json document, for start-up; with `since` (a commit of
 * the ledger, or NULL) those that have changed: a NULL text, when the host has
 * none any more. The text is borrowed for the call. HF_ENOTFOUND: also when
 * the repository has no such commit. */
int hf_ledger_each_facts(struct hf_repo *repo, const char *branch,
                         const char *since,
                         int (*fn)(void *ctx, const char *host,
                                   const char *text, size_t len),
                         void *ctx, struct hf_err *err);
/* Evidence records of one host, newest run first, at most `max` (0: all). */
int hf_ledger_host_history(struct hf_repo *repo, const char *branch,
                           const char *host, size_t max,
                           int (*fn)(void *ctx, const char *run, cJSON *doc),
                           void *ctx, struct hf_err *err);
/* Runs, newest first: run.json and end.json (NULL when it has not ended). */
int
hf_ledger_runs(struct hf_repo *repo, const char *branch, size_t max,
               int (*fn)(void *ctx, const char *run, cJSON *doc, cJSON *end),
               void *ctx, struct hf_err *err);
/* Commits of the branch, newest first, with signature state as git says it
 * ("G", "B", "U", "N", ...: `git log --format=%G?`) when `verify`. Signers are
 * those of gpg.ssh.allowedSignersFile, else of the committed allowed_signers
 * file. */
struct hf_ledger_commit {
    char id[41];
    int64_t at;
    char *subject, *author, *run, *action, *change, *operator_;
    char signature; /* '\0' when not asked */
};
int hf_ledger_commits(struct hf_repo *repo, const char *branch, size_t max,
                      int verify,
                      int (*fn)(void *ctx, const struct hf_ledger_commit *c),
                      void *ctx, struct hf_err *err);

#endif
