/*
 * What can be taken back now: for every host what a rollback would take out,
 * at what price, and what keeps it from that. From recorded facts; contacts
 * nobody. Hosts that stand alike share their price and their reason, so that
 * one costs 24 bytes.
 */
#ifndef HF_PLAYBOOKS_UNDOABLE_H
#define HF_PLAYBOOKS_UNDOABLE_H

#include "backend/model/exposure.h"
#include "playbooks/undo_past.h"

enum hf_undoable {
    HF_UNDOABLE_YES,
    HF_UNDOABLE_BLOCKED, /* a rule stands before it: hold, exception, job ... */
    HF_UNDOABLE_NEVER,   /* what runs there cannot be taken back */
    HF_UNDOABLE_UNKNOWN, /* what runs there is not known */
    HF_UNDOABLE_NOTHING, /* no hotpatch or live patch is in effect */
    HF_UNDOABLE_COUNT
};
extern const char *const hf_undoable_names[HF_UNDOABLE_COUNT + 1];

/* What it costs one host. */
struct hf_undo_cost {
    uint32_t release; /* among hf_undoables.releases */
    char *from, *to;  /* levels */
    enum hf_restart restart;
    int minutes; /* 0: under one */
    int learned; /* from rollbacks before; else the driver's guess: */
    int guess;   /* minutes */
    int off_track;
    int64_t off_until;             /* ms, 0: not known */
    struct hf_exposure_group lost; /* CVEs that are open again */
    char *note;
};

struct hf_undo_host {
    uint32_t cost;         /* among `costs`; HF_UNDO_NONE: nothing goes */
    uint32_t why;          /* among `whys`: why not; HF_UNDO_NONE: it can */
    int64_t opens;         /* ms, the window it waits for; 0: at once */
    unsigned char state;   /* enum hf_undoable */
    unsigned char outcome; /* blocked: as what a run would leave it out */
};

/* Each text once. {0} is empty. */
struct hf_undo_texts {
    struct hf_strs all;
    uint32_t *slots; /* places + 1, by hash */
    size_t slots_len;
};

/* {0} is none. */
struct hf_undoables {
    const struct hf_fleet *fleet;
    const struct hf_state *const *states; /* the i-th host is states[i] */
    const struct hf_undo_past *past;      /* or NULL */
    int64_t now;
    size_t n, len; /* hosts; of these looked at */
    struct hf_undo_host *v;
    struct hf_undo_cost *costs;
    size_t costs_len, costs_cap;
    struct hf_undo_texts keys; /* of the costs, in their order */
    struct hf_undo_texts whys;
    struct hf_undo_texts releases; /* "KB5078766"; those that are taken out
                                      together are one, with blanks */
    struct hf_exposure x;          /* the CVEs of the catalogue; no hosts */
};

/* Fleet, states (and their array) and past are borrowed until the release; the
 * past is of the same fleet. Nothing is looked at yet. */
void hf_undoables_init(struct hf_undoables *out, const struct hf_fleet *fleet,
                       const struct hf_state *const *states, size_t n,
                       const struct hf_undo_past *past, int64_t now);
void hf_undoables_release(struct hf_undoables *u);
/* Another past, of the same fleet: what was looked at already is priced by it,
 * too. */
void
hf_undoables_learn(struct hf_undoables *u, const struct hf_undo_past *past);
/* The next `hosts`; 1 while there are more. */
int hf_undoables_look(struct hf_undoables *u, size_t hosts);

/* NULL: nothing goes. */
const struct hf_undo_cost *
hf_undoables_cost(const struct hf_undoables *u, size_t host);
/* "" when nothing is in its way. */
const char *hf_undoables_why(const struct hf_undoables *u, size_t host);
/* HF_UNDO_NONE, or a place in past->runs. */
uint32_t hf_undoables_run(const struct hf_undoables *u, size_t host);

#endif
