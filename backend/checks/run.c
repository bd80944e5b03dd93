/* Running rows, and the helpers with which they state what they found. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/checks/check.h"

static void
prepare(struct hf_finding *f, const struct hf_check *row)
{
    f->verdict = HF_VERDICT_UNKNOWN;
    f->name = row->name;
    f->title = row->title;
    f->remedy = row->remedy;
    f->who = row->who;
    f->needs_restart = row->needs_restart;
    f->spares = row->spares;
    f->signals = row->signals;
}

/* Found, and nothing read: the first row whose words are in it says how to
 * read the fact. What mends a block may do harm where nothing is known. */
static const struct {
    const char *found, *remedy, *who;
} blind[] = {
    {"never asked", "check the host", "anybody who may log in"},
    {"needs elevation",
     "an acting run reads it with rights; to see it now, let the login that "
     "checks use sudo without a password",
     "root on the host"},
    {"securityfs is not mounted",
     "mount it: mount -t securityfs securityfs /sys/kernel/security",
     "root on the host"},
    {"timed out", "check the host again when it is less busy",
     "anybody who may log in"},
    {"", "see on the host why it cannot be read, then check it again",
     "root on the host"},
};

static void
remedy_when_blind(struct hf_finding *f)
{
    size_t i = 0;

    if (f->verdict != HF_VERDICT_UNKNOWN ||
        !(hf_has_prefix(f->found, "unknown: ") ||
          hf_has_prefix(f->found, "not known: ") ||
          strcmp(f->found, "never asked") == 0))
        return;
    while (!strstr(f->found, blind[i].found))
        i++;
    f->remedy = blind[i].remedy;
    f->who = blind[i].who;
    f->needs_restart = 0;
}

void
hf_checks_run(struct hf_findings *out, const struct hf_check *const *rows,
              const struct hf_check_in *in)
{
    for (; *rows; rows++) {
        struct hf_finding *f = HF_PUSH(&out->v, &out->len, &out->cap);

        prepare(f, *rows);
        (*rows)->run(in, f);
        if (!f->found) /* a row that states nothing has not passed */
            hf_finding_set(f, HF_VERDICT_UNKNOWN, "", "not looked at");
        remedy_when_blind(f);
    }
}

/* Short, as nearly always: a fleet has hundreds of thousands of them. */
static char *
format(const char *fmt, va_list ap)
{
    char text[256], *out;
    va_list again;
    int n;

    if (strcmp(fmt, "%s") == 0)
        return hf_xstrdup(va_arg(ap, const char *));
    va_copy(again, ap);
    n = vsnprintf(text, sizeof(text), fmt, ap);
    if (n < 0)
        abort();
    if ((size_t)n < sizeof(text))
        out = hf_xstrndup(text, (size_t)n);
    else if (vasprintf(&out, fmt, again) < 0)
        abort();
    va_end(again);
    return out;
}

void
hf_finding_set(struct hf_finding *f, enum hf_verdict v, const char *expected,
               const char *found_fmt, ...)
{
    char *copy = hf_xstrdup(expected), *found;
    va_list ap;

    va_start(ap, found_fmt);
    found = format(found_fmt, ap);
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

void
hf_finding_no_baseline(struct hf_finding *f, const struct hf_check_in *in,
                       const char *expected, const char *found_fmt, ...)
{
    char *found;
    va_list ap;

    va_start(ap, found_fmt);
    found = format(found_fmt, ap);
    va_end(ap);
    hf_finding_set(f, in->unchanged ? HF_VERDICT_WARN : HF_VERDICT_UNKNOWN,
                   expected, "%s; no baseline: %s", found,
                   in->unchanged ? "no run has changed this host"
                                 : "what it was before is not known");
    free(found);
}

const char *const hf_baseline_keys[] = {
    "boot.id",         "clock",
    "events.",         "health.",
    "klog.",           "memory.",
    "patches",         "ports",
    "restart.pending", "restart.reason",
    "services.auto",   "taint",
    "units.failed",    NULL,
};

static int
is_baseline(const char *key)
{
    for (const char *const *k = hf_baseline_keys; *k; k++) {
        if (hf_has_suffix(*k, ".") ? hf_has_prefix(key, *k)
                                   : strcmp(key, *k) == 0)
            return 1;
    }
    return 0;
}

void
hf_baseline_take(struct hf_facts *to, const struct hf_facts *facts)
{
    struct hf_facts kept = {0};

    for (size_t i = 0; i < facts->len; i++) {
        const struct hf_fact *f = &facts->v[i];

        if (!is_baseline(f->key))
            continue;
        if (f->value)
            hf_facts_set(&kept, f->key, f->value, f->source, f->at);
        else
            hf_facts_set_unknown(&kept, f->key, f->why, f->source, f->at);
    }
    hf_facts_release(to);
    *to = kept;
}
