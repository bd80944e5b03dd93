/* Running rows, and the helpers with which they state what they found. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "backend/base/mem.h"
#include "backend/checks/check.h"

/* A row that states nothing has not passed. */
static void
prepare(struct hf_finding *f, const struct hf_check *row)
{
    f->name = row->name;
    f->title = row->title;
    f->remedy = row->remedy;
    f->who = row->who;
    f->needs_restart = row->needs_restart;
    f->spares = row->spares;
    hf_finding_set(f, HF_VERDICT_UNKNOWN, "", "not looked at");
}

void
hf_checks_run(struct hf_findings *out, const struct hf_check *const *rows,
              const struct hf_check_in *in)
{
    for (; *rows; rows++) {
        struct hf_finding *f = HF_PUSH(&out->v, &out->len, &out->cap);

        prepare(f, *rows);
        (*rows)->run(in, f);
    }
}

void
hf_finding_set(struct hf_finding *f, enum hf_verdict v, const char *expected,
               const char *found_fmt, ...)
{
    char *copy = hf_xstrdup(expected), *found;
    va_list ap;

    va_start(ap, found_fmt);
    if (vasprintf(&found, found_fmt, ap) < 0)
        abort();
    va_end(ap);
    free(f->expected);
    free(f->found);
    f->verdict = v;
    f->expected = copy;
    f->found = found;
}

const char *
hf_finding_need(struct hf_finding *f, const struct hf_facts *facts,
                const char *key, const char *expected)
{
    const struct hf_fact *fact = facts ? hf_facts_find(facts, key) : NULL;

    if (!fact) {
        hf_finding_set(f, HF_VERDICT_UNKNOWN, expected, "never asked");
        return NULL;
    }
    free(f->source);
    f->source = hf_xstrdup(fact->source);
    f->at = fact->at;
    if (!fact->value)
        hf_finding_set(f, HF_VERDICT_UNKNOWN, expected, "unknown: %s",
                       fact->why);
    return fact->value;
}
