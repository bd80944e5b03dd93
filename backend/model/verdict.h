/*
 * A verdict with its evidence: what was expected, what was found, who said
 * so, and what would mend it. Eligibility checks and verification criteria
 * both end as findings.
 */
#ifndef HF_MODEL_VERDICT_H
#define HF_MODEL_VERDICT_H

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdint.h>

enum hf_verdict {
    HF_VERDICT_PASS,
    HF_VERDICT_WARN,
    HF_VERDICT_BLOCK, /* for a criterion: failed */
    HF_VERDICT_UNKNOWN,
    HF_VERDICT_COUNT
};
extern const char *const hf_verdict_names[HF_VERDICT_COUNT + 1];

struct hf_finding {
    const char *name;  /* the check's stable name: borrowed, static */
    const char *title; /* what it is, in words: borrowed, static */
    enum hf_verdict verdict;
    char *expected;
    char *found;
    char *source;       /* command or file that found it */
    int64_t at;         /* when */
    const char *remedy; /* static, or NULL */
    const char *who;    /* who can do it; static, or NULL */
    int needs_restart;  /* the remedy does */
    unsigned spares;    /* actions (1 << enum hf_action) it does not stop */
    unsigned signals;   /* enum hf_signal: what gates take it for */
};

/* Owns expected, found, source. {0} is empty. */
struct hf_findings {
    struct hf_finding *v;
    size_t len, cap;
};

void hf_findings_release(struct hf_findings *f);
/* The strongest: block, then unknown, then warn, then pass (also if empty). */
enum hf_verdict hf_findings_worst(const struct hf_findings *f);
const struct hf_finding *
hf_findings_find(const struct hf_findings *f, const char *name);
/* [{"name","title","verdict","expected","found","source","at","remedy",
 *   "who","needs_restart"}] */
cJSON *hf_findings_to_json(const struct hf_findings *f);

#endif
