/*
 * What happens during runs, in one shape for --jsonl, journal and ledger:
 * {v, seq, at, mono, run, host, kind, data}. The kinds are a table.
 */
#ifndef HF_MODEL_EVENT_H
#define HF_MODEL_EVENT_H

#include <cjson/cJSON.h>
#include <stdint.h>

#include "backend/base/err.h"

enum hf_event_kind {
    HF_EVENT_RUN_STARTED,  /* data: action, operator, change, reason, hosts,
                              inventory, catalogue, argv, part */
    HF_EVENT_HOST_STARTED, /* data: address, ring */
    HF_EVENT_HOST_FACTS,   /* data: facts, net (after a probe) */
    HF_EVENT_HOST_INTENT,  /* synced before the host is changed. data: action,
                              from, to, params, scripts, boot_id */
    HF_EVENT_HOST_STEP,    /* data: step, text */
    HF_EVENT_HOST_LOG,     /* data: text (job log, sanitised) */
    HF_EVENT_HOST_OUTCOME, /* data: the evidence record */
    HF_EVENT_HOLD,         /* run stopped starting hosts. data: why */
    HF_EVENT_RUN_ENDED,    /* data: counts, exit, part */
    HF_EVENT_RECORDED,     /* the ledger holds all up to data.seq; commit */
    HF_EVENT_RECOVERED,    /* an open intent was settled at start-up */
    HF_EVENT_KIND_COUNT
};

struct hf_event_row {
    const char *name; /* "host-intent" */
    unsigned flags;   /* HF_EVENT_JOURNALLED | ... */
    const char *help;
};
enum {
    HF_EVENT_JOURNALLED = 1 << 0, /* goes to the journal */
    HF_EVENT_SYNCED = 1 << 1,     /* must be durable before going on */
};
extern const struct hf_event_row hf_event_rows[HF_EVENT_KIND_COUNT];

struct hf_event {
    uint64_t seq; /* per journal; 0 until journalled */
    int64_t at, mono;
    char run[40];   /* run id or empty */
    char host[256]; /* name or empty */
    enum hf_event_kind kind;
    cJSON *data; /* owned; may be NULL */
};

void hf_event_init(struct hf_event *e, enum hf_event_kind kind, const char *run,
                   const char *host); /* takes the time */
void hf_event_release(struct hf_event *e);
/* Begin or end of a part of a rollout (data.part): the rollout keeps records of
 * its own, so the ledger must not come to hold this one as the run's. */
int hf_event_is_of_part(const struct hf_event *e);
/* One line without newline, caller's. */
char *hf_event_format(const struct hf_event *e);
int hf_event_parse(struct hf_event *out, const char *line, size_t len,
                   struct hf_err *err);

/* "20261123T012345Z-4f9a1c": time and random, sorts by time. */
#define HF_RUN_ID_LEN 32
void hf_run_id_new(char out[HF_RUN_ID_LEN]);
int hf_run_id_valid(const char *s);

#endif
