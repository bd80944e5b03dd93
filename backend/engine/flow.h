/*
 * Inside of a run: one flow per host, a small state machine whose steps are
 * the rows of a table. Private to backend/engine.
 */
#ifndef HF_ENGINE_FLOW_H
#define HF_ENGINE_FLOW_H

#include "backend/drivers/driver.h"
#include "backend/engine/run.h"

/* Times of a flow are hf_pace's. */
struct flow {
    struct hf_run_host pub; /* what hf_run_host shows */
    struct hf_run *run;
    const struct hf_driver *driver;
    struct hf_order order;

    uint32_t link; /* transport link, valid while linked */
    int linked;
    int asked;    /* a request is under way */
    uint64_t tag; /* of that request */
    char nonce[HF_NONCE_LEN];
    int elevated; /* 1: through sudo */

    size_t place;        /* in the run's list of hosts under way */
    int64_t due;         /* of the next step, 0 = none */
    int64_t give_up;     /* the host's time is over, 0 = none */
    int64_t job_end;     /* the job's time is over, 0 = none */
    uint64_t intent_seq; /* the journal's number, 0 = none */
    int intent_durable;
    int touched;           /* something that changes the host was sent */
    int begun, started;    /* the job folder is ours; the job may run */
    int clearing, cleared; /* an ended job's folder is put away first */
    int reattach;          /* settles an intent of an earlier process */
    int vanished;          /* there is no job folder of ours */
    enum hf_phase resume;  /* where HF_PHASE_LOST goes on */
    int64_t lost_since;    /* 0 = the host answers */
    int retries;           /* since then */
    int bad_replies;       /* after the change began */
    int closes;            /* how often the folder was to be put away */
    int64_t restart_since; /* the restart was ordered, 0 = not */
    int64_t back_since;    /* it has restarted, 0 = not yet */
    enum {
        CALL_OFF_NO,
        CALL_OFF_WANTED, /* a person said so; the host was not told yet */
        CALL_OFF_ASKED,
    } call_off;
    size_t uploaded; /* how many files are there */
    int64_t log_offset;
    struct hf_buf log; /* the end of what the job said */
    int64_t poll_pause;
    struct hf_facts result; /* what the job said, "result.*" */
    int job_failed;
    struct hf_err job_error;
    enum hf_net_outcome net; /* of the last contact */
    char *login_key;         /* fingerprint that logged in */
    int64_t connect_ms;
};

struct hf_run {
    struct hf_run_options o;
    char run[HF_RUN_ID_LEN];
    char *operator_, *change, *reason, *inventory;
    struct flow *flows;
    size_t len;
    size_t next;          /* flows before it were started */
    struct flow **active; /* those under way */
    size_t active_len, active_cap;
    size_t done, by_outcome[HF_OUTCOME_COUNT];
    struct flow **by_link;
    uint32_t link_base;
    size_t links_cap;
    uint64_t durable; /* journal number on disk */
    int64_t earliest; /* of all flows' `due`, 0 = none */
    int held, stopped, interrupted, abandoned, finishing, over;
    char held_why[HF_WHY_LEN];
};

/* ---- run.c ---- */

/* Takes `data`; journals and tells. Returns the journal's number or 0. */
uint64_t run_emit(struct hf_run *r, enum hf_event_kind kind,
                  const struct flow *f, cJSON *data);
/* Ends the flow with an outcome; frees its link. */
void flow_end(struct flow *f, enum hf_outcome outcome, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Wakes the flow again after `ms`. */
void flow_later(struct flow *f, int64_t ms);

/* ---- request.c: what is asked of a host ---- */

/* A connection with the login that the action needs. */
int flow_connect(struct flow *f, struct hf_err *err);
void flow_disconnect(struct flow *f);
int flow_ask(struct flow *f, enum hf_driver_script which,
             const struct hf_params *params, struct hf_err *err);
int flow_upload(struct flow *f, const char *name, const void *data, size_t len,
                struct hf_err *err);

/* ---- steps.c: what follows from the answers ---- */

/* Goes into a phase and does what it begins with; the second only goes. */
void flow_enter(struct flow *f, enum hf_phase phase);
void flow_wait(struct flow *f, enum hf_phase phase);
/* The intent is announced: begins to carry it out. */
void flow_act(struct flow *f);
/* The host did not answer, or not in a way that can be believed. */
void flow_no_answer(struct flow *f, const struct hf_err *err);
/* Wakes it after a pause that grows with every try. */
void flow_retry_later(struct flow *f);
/* Nobody will ask it again; what became of the change stays open. */
void flow_end_in_doubt(struct flow *f, const struct hf_err *err);
/* A result for the flow's request arrived, or its time came. */
void flow_answer(struct flow *f, struct hf_result *res);
void flow_wake(struct flow *f);

/* ---- evidence.c ---- */

/* Keeps the end of the job's log. */
void flow_keep_log(struct flow *f, const char *text);
/* The evidence record of a finished host; caller's. */
cJSON *flow_evidence(const struct flow *f);
/* The intent: all that is needed to settle it later. Caller's. */
cJSON *flow_intent(const struct flow *f);
int flow_from_intent(struct flow *f, const cJSON *intent, struct hf_err *err);

#endif
