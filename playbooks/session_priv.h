/* What the files of a session share. Private to playbooks/. */
#ifndef HF_PLAYBOOKS_SESSION_PRIV_H
#define HF_PLAYBOOKS_SESSION_PRIV_H

#include "playbooks/history.h"
#include "playbooks/recall.h"
#include "playbooks/session.h"

/* An event of an earlier process that nobody has settled yet. */
struct open_intent {
    char run[40];
    char host[256];
    enum hf_action action;
    cJSON *data;
};

struct hf_session {
    struct hf_session_options o;
    char *dir;
    struct hf_repo *repo;
    struct hf_fleet *fleet;
    struct {
        struct hf_fleet *fleet; /* NULL: none but the session's own */
        int64_t at;             /* monotonic: when it was looked for */
        char trouble[HF_WHY_LEN];
    } newest;
    struct hf_dirty *dirty;  /* still being found out, or NULL */
    struct hf_state *states; /* one per host, in fleet order */
    size_t states_len;
    struct recall *recall;   /* what the states borrow from */
    char ledger_tip[41];     /* what the states were read from */
    struct hf_history *past; /* that was opened last, or NULL */
    char *state_dir;
    char *operator_;

    struct hf_queue *results, *acks, *ledger_acks;
    struct hf_transport *transport;
    struct hf_ledger *ledger;
    char ledger_note[256];
    uint64_t given;         /* last journal number that the ledger got ... */
    uint64_t recorded;      /* ... and acknowledged */
    char ledger_commit[41]; /* ours, newest */
    int seen_moved;         /* hosts were read since that was noted */

    /* the run under way, or the last one */
    struct hf_run *run;
    char run_id[HF_RUN_ID_LEN];
    int running;
    enum hf_action action;
    char *change, *reason, *selector_text, *again_on;
    struct hf_selector *selector;
    int64_t asked_at;
    struct hf_journal *journal;
    int part;                  /* of a rollout: no records of a run's own */
    int sample;                /* nothing is remembered but facts */
    int journalled;            /* this run's events go there */
    int lock_fd;               /* -1: not held */
    uint64_t journal_recorded; /* last number that RECORDED named */
    void (*on_event)(void *ctx, const struct hf_event *e);
    void *on_event_ctx;
    size_t *run_index;        /* by host index: 1 + place in the run, or 0 */
    unsigned char *net_moved; /* by host index: 1 = not recorded yet */
    char *agreed;             /* by host index: 1 = forecast to be changed */
    struct hf_strs back_to;   /* by host index: what a rollback leaves, or "" */
    size_t restarts;          /* hosts that a single verb may restart */
    int restarts_claimed;     /* of the budget, until its run ends */

    struct hf_event *unrecorded; /* of earlier processes, in order */
    size_t unrecorded_len, unrecorded_cap;
    struct open_intent *intents;
    size_t intents_len, intents_cap;
    char elsewhere[HF_HOLDER_LEN]; /* who else has the lock, or empty */
    int recovering;
    size_t earlier[HF_OUTCOME_COUNT]; /* of the run that is recovered: hosts
                                         that ended before */
    size_t earlier_hosts;             /* how many it was asked for; 0: no
                                         recovery */
};

/* ---- session.c ---- */
/* In a rehearsal a fleet that was just loaded is simulated, and its ledger
 * nobody else's. */
void session_pretend(const struct hf_session *s, struct hf_fleet *fleet);
/* Where its hosts are kept decoded; `ctx` is the session. */
char *session_cache_path(void *ctx, const struct hf_fleet *fleet);
/* What reading the ledger wants of a session, as a copy for another thread: a
 * repository, the name of the branch, the state folder. It has no hosts. */
int session_aside(struct hf_session *out, const struct hf_session *s,
                  struct hf_err *err);
void session_aside_release(struct hf_session *aside);

/* ---- surroundings.c ---- */
/* Fills in what the run may ask while it lives; its action is set. */
void run_surroundings(struct hf_run_options *o, struct hf_session *s);

/* ---- newest.c ---- */
/* The fleet as its newest commit has it, looked for once a second; while that
 * commit is broken the one before, and newest.trouble says why. Borrowed until
 * the next call. */
const struct hf_fleet *session_newest(struct hf_session *s);
/* The session's own is newer. */
void newest_forget(struct hf_session *s);
/* What session_newest found last, or the session's own. */
const struct hf_fleet *session_newest_seen(const struct hf_session *s);

/* ---- states.c ---- */
int states_load(struct hf_session *s, struct hf_err *err);
void states_free(struct hf_session *s);
/* The newest commit of the ledger, or empty. */
int states_ledger_tip(struct hf_session *s, char tip[41], struct hf_err *err);
size_t state_index(const struct hf_session *s, const struct hf_host *host);
/* Remembers in the state folder when hosts were last seen with the facts that
 * the ledger has: not before it has all of them. */
void states_save_seen(struct hf_session *s);

/* ---- document.c ---- */
/* Adds what a facts.json says of its host; text NULL: nothing. */
void document_shelve(struct shelf_maker *to, const char *host, const char *text,
                     size_t len);
/* All but the name; texts and facts are borrowed from the view, the record is
 * the caller's to release, also when it fails. */
int
document_read(struct shelf_item *out, struct hf_view *view, struct hf_err *err);
/* Of any record in the ledger: a text as far as it fits, and a time (0). */
void document_text(char *to, size_t size, const struct hf_view_node *doc,
                   const char *key);
int64_t document_time(const struct hf_view_node *doc, const char *key);

/* ---- snapshot.c ---- */
/* What the last one saved holds, the caller's, and the commit of the ledger
 * that it is of; NULL: there is none that could be believed. */
struct shelf *snapshot_load(const struct hf_session *s, char since[41]);
/* As of s->ledger_tip. */
void snapshot_save(const struct hf_session *s, const struct shelf *shelf);

/* ---- record.c: events become ledger records ---- */
int ledger_ensure(struct hf_session *s, struct hf_err *err);
/* Writes the run's first document. `hosts` are those asked for. */
void record_run_started(struct hf_session *s, const struct hf_event *e);
void record_run_ended(struct hf_session *s, const struct hf_event *e);
/* A host's end; checks leave no evidence record. */
void record_broken_glass(struct hf_session *s, const struct hf_event *e);
void record_evidence(struct hf_session *s, const struct hf_event *e);
/* The host's facts, as they are in its state now. */
void record_facts(struct hf_session *s, const struct hf_event *e,
                  const struct hf_state *st);
void record_take_acks(struct hf_session *s);
/* 1 when the ledger holds all that was journalled. */
int record_is_complete(const struct hf_session *s);

/* ---- outcome.c: what contacts and ends do to a host's state ---- */
void outcome_contact(struct hf_session *s, const struct hf_event *e);
void outcome_take(struct hf_session *s, const struct hf_event *e);
/* The same from the evidence of an earlier process that the ledger lacks. */
void outcome_relay(struct hf_session *s, const struct hf_event *e);

/* ---- open.c: what runs need ---- */
/* Takes lock and journal, and reads anew what earlier processes left there. */
int open_journal(struct hf_session *s, struct hf_err *err);
/* Lets go of both; a journal in which nothing is open is moved away. */
void close_journal(struct hf_session *s, int rotate);
int open_transport(struct hf_session *s, struct hf_err *err);

/* ---- forecast.c ---- */
/* What was forecast is agreed to: nothing else is done to these hosts. */
void forecast_agree(struct hf_session *s, const struct hf_forecasts *all,
                    const struct hf_ask *ask);

/* ---- act.c ---- */
/* Makes and starts the run over `hosts`; the ask's strings are copied. */
int act_begin(struct hf_session *s, const struct hf_ask *ask, const char *run,
              const struct hf_host *const *hosts, size_t n, struct hf_err *err);

/* ---- recover.c ---- */
/* Reads anew what is open and unrecorded, and who else is at work. */
int intents_load(struct hf_session *s, struct hf_err *err);
/* HF_ELOCKED when one of these hosts has an open intent. */
int intents_refuse(const struct hf_session *s, const struct hf_ask *ask,
                   struct hf_err *err);
/* HF_ELOCKED when another process is about one of these hosts. */
int intents_refuse_elsewhere(struct hf_session *s, const struct hf_ask *ask,
                             struct hf_err *err);
/* Gives the ledger what an earlier process journalled and did not get
 * recorded. The journal must be open, so that this is noted. */
void relay_unrecorded(struct hf_session *s);
void intents_free(struct hf_session *s);
/* The host's open intent of that run, if any, is settled: 1, else 0. */
int intent_settled(struct hf_session *s, const char *run, const char *host);

/* ---- operator.c ---- */
char *operator_describe(struct hf_repo *repo);

#endif
