/*
 * What a host told us: keys with values, or "unknown" with the reason. A fact
 * is never NULL and never a guess.
 */
#ifndef HF_MODEL_FACTS_H
#define HF_MODEL_FACTS_H

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdint.h>

#include "backend/base/err.h"
#include "backend/base/json_view.h"

struct hf_fact {
    char *key;    /* "kernel.release"; lower case, dots, see a driver's list */
    char *value;  /* sanitised UTF-8, or NULL when unknown */
    char *why;    /* the reason, when unknown; NULL else */
    char *source; /* the file or command that said it, or NULL */
    int64_t at;   /* ms, when it was read (our clock) */
};

/* Sorted by key. {0} is empty. */
struct hf_facts {
    struct hf_fact *v;
    size_t len, cap;
    int lent; /* see hf_facts_lend */
};

void hf_facts_release(struct hf_facts *f);
/* What `to` held before is released. */
void hf_facts_copy(struct hf_facts *to, const struct hf_facts *from);

/* Replaces an equal key. Copies. */
void hf_facts_set(struct hf_facts *f, const char *key, const char *value,
                  const char *source, int64_t at);
void hf_facts_set_unknown(struct hf_facts *f, const char *key, const char *why,
                          const char *source, int64_t at);

/* What a fact says that is unknown for no reason. */
#define HF_FACT_NO_REASON "no reason given"

/* Makes an empty set one of `n` facts, to be filled in order: their texts stay
 * the caller's and must outlive the set, which copies all of them before it
 * is changed otherwise. */
struct hf_fact *hf_facts_lend(struct hf_facts *f, size_t n);

/* Borrowed, or NULL when there is no such fact. */
const struct hf_fact *hf_facts_find(const struct hf_facts *f, const char *key);
/* The value, or NULL when absent or unknown. */
const char *hf_facts_get(const struct hf_facts *f, const char *key);
/* 1, 0, or -1 when absent, unknown or not a number / not yes|no|1|0. */
int hf_facts_bool(const struct hf_facts *f, const char *key);
/* 0 and *out, or -1. */
int hf_facts_int(const struct hf_facts *f, const char *key, int64_t *out);
/* Why it is not known: the fact's reason, or "never asked". NULL when known. */
const char *hf_facts_why(const struct hf_facts *f, const char *key);

/* Oldest and newest time of reading; 0 when empty. Volatile facts are passed
 * over by the first: that others did not move does not make them newer. */
int64_t hf_facts_oldest(const struct hf_facts *f);
int64_t hf_facts_newest(const struct hf_facts *f);
/* 1 when there are none, or one is older than `limit` ms (0: no limit). */
int hf_facts_stale(const struct hf_facts *f, int64_t limit, int64_t now);

/* Keys whose value or reason differs (times and sources do not count);
 * 0 = same. Volatile keys (see hf_fact_is_volatile) are passed over. */
int hf_facts_differ(const struct hf_facts *a, const struct hf_facts *b);
/* Facts that move all the time (uptime, free bytes, clock, counters). */
int hf_fact_is_volatile(const char *key);

/* {"key": {"value","source","at"} | {"unknown","source","at"}}. Reading
 * replaces what `out` held, sanitises every text, and leaves `out` empty when
 * it fails. */
cJSON *hf_facts_to_json(const struct hf_facts *f);
int
hf_facts_from_json(struct hf_facts *out, const cJSON *doc, struct hf_err *err);
/* The same from a view, whose texts are lent: see hf_facts_lend. With `wanted`
 * only such keys are taken; all are checked. */
int hf_facts_from_view(struct hf_facts *out, struct hf_view *view,
                       const struct hf_view_node *doc,
                       int (*wanted)(const char *key), struct hf_err *err);

/*
 * Do two values of the fact boot.id name the same start of the host? Windows
 * has no id, only the time of its start ("boot-" and the epoch), which moves
 * with its clock: within two seconds it is the same start.
 */
int hf_boot_same(const char *a, const char *b);

#endif
