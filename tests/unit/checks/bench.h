/*
 * What the tests of checks share: one host, its facts now and before, and a
 * row to run over them.
 */
#ifndef HF_TEST_CHECKS_BENCH_H
#define HF_TEST_CHECKS_BENCH_H

#include "backend/checks/check.h"

#define T0 INT64_C(1795400000000)

struct bench {
    struct hf_host host;
    struct hf_facts facts, before;
    int has_before;
    struct hf_findings findings;
};

static inline void
bench_fact(struct bench *b, const char *key, const char *value)
{
    hf_facts_set(&b->facts, key, value, "probe", T0);
}

static inline void
bench_before(struct bench *b, const char *key, const char *value)
{
    hf_facts_set(&b->before, key, value, "probe", T0 - 60000);
    b->has_before = 1;
}

/* The finding of `row` over the facts so far; borrowed until the next run. */
static inline const struct hf_finding *
bench_run(struct bench *b, const struct hf_check *row)
{
    const struct hf_check *const rows[] = {row, NULL};
    struct hf_check_in in = {.host = &b->host,
                             .facts = &b->facts,
                             .before = b->has_before ? &b->before : NULL,
                             .now = T0};

    hf_findings_release(&b->findings);
    hf_checks_run(&b->findings, rows, &in);
    return &b->findings.v[0];
}

static inline enum hf_verdict
bench_verdict(struct bench *b, const struct hf_check *row)
{
    return bench_run(b, row)->verdict;
}

static inline void
bench_clear(struct bench *b)
{
    hf_findings_release(&b->findings);
    hf_facts_release(&b->facts);
    hf_facts_release(&b->before);
    *b = (struct bench){0};
}

#endif
