/* Facts, kept sorted by key. */
#include "backend/model/facts.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"

static void
fact_clear(struct hf_fact *fact)
{
    free(fact->value);
    free(fact->why);
    free(fact->source);
    fact->value = fact->why = fact->source = NULL;
}

void
hf_facts_release(struct hf_facts *f)
{
    for (size_t i = 0; i < f->len; i++) {
        fact_clear(&f->v[i]);
        free(f->v[i].key);
    }
    free(f->v);
    *f = (struct hf_facts){0};
}

void
hf_facts_copy(struct hf_facts *to, const struct hf_facts *from)
{
    struct hf_facts copy = {0};

    if (from->len) {
        copy.v = hf_xcalloc(from->len, sizeof(*copy.v));
        copy.len = copy.cap = from->len;
    }
    for (size_t i = 0; i < from->len; i++) {
        copy.v[i].key = hf_xstrdup(from->v[i].key);
        copy.v[i].value = hf_xstrdup(from->v[i].value);
        copy.v[i].why = hf_xstrdup(from->v[i].why);
        copy.v[i].source = hf_xstrdup(from->v[i].source);
        copy.v[i].at = from->v[i].at;
    }
    hf_facts_release(to);
    *to = copy;
}

/* Where `key` is, or where it belongs. */
static size_t
place_of(const struct hf_facts *f, const char *key)
{
    size_t low = 0, high = f->len;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (strcmp(f->v[mid].key, key) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static struct hf_fact *
make_room(struct hf_facts *f, const char *key)
{
    size_t at = place_of(f, key);

    if (at < f->len && strcmp(f->v[at].key, key) == 0)
        return &f->v[at];
    (void)HF_PUSH(&f->v, &f->len, &f->cap);
    memmove(&f->v[at + 1], &f->v[at], (f->len - 1 - at) * sizeof(f->v[0]));
    f->v[at] = (struct hf_fact){.key = hf_xstrdup(key)};
    return &f->v[at];
}

/* The texts may belong to the fact that is replaced: copy first. */
static void
put(struct hf_facts *f, const char *key, const char *value, const char *why,
    const char *source, int64_t at)
{
    char *new_value = hf_xstrdup(value), *new_why = hf_xstrdup(why);
    char *new_source = hf_xstrdup(source);
    struct hf_fact *fact = make_room(f, key);

    fact_clear(fact);
    fact->value = new_value;
    fact->why = new_why;
    fact->source = new_source;
    fact->at = at;
}

void
hf_facts_set(struct hf_facts *f, const char *key, const char *value,
             const char *source, int64_t at)
{
    put(f, key, value, value ? NULL : "no value", source, at);
}

void
hf_facts_set_unknown(struct hf_facts *f, const char *key, const char *why,
                     const char *source, int64_t at)
{
    put(f, key, NULL, why && *why ? why : "no reason given", source, at);
}

const struct hf_fact *
hf_facts_find(const struct hf_facts *f, const char *key)
{
    size_t at = place_of(f, key);

    if (at < f->len && strcmp(f->v[at].key, key) == 0)
        return &f->v[at];
    return NULL;
}

const char *
hf_facts_get(const struct hf_facts *f, const char *key)
{
    const struct hf_fact *fact = hf_facts_find(f, key);

    return fact ? fact->value : NULL;
}

int
hf_facts_bool(const struct hf_facts *f, const char *key)
{
    const char *value = hf_facts_get(f, key);

    if (!value)
        return -1;
    if (strcmp(value, "yes") == 0 || strcmp(value, "1") == 0)
        return 1;
    if (strcmp(value, "no") == 0 || strcmp(value, "0") == 0)
        return 0;
    return -1;
}

int
hf_facts_int(const struct hf_facts *f, const char *key, int64_t *out)
{
    const char *value = hf_facts_get(f, key);

    return value ? hf_parse_int(out, value, INT64_MIN, INT64_MAX) : -1;
}

const char *
hf_facts_why(const struct hf_facts *f, const char *key)
{
    const struct hf_fact *fact = hf_facts_find(f, key);

    return fact ? fact->why : "never asked";
}

int64_t
hf_facts_oldest(const struct hf_facts *f)
{
    int64_t oldest = f->len ? f->v[0].at : 0;

    for (size_t i = 1; i < f->len; i++) {
        if (f->v[i].at < oldest)
            oldest = f->v[i].at;
    }
    return oldest;
}

int64_t
hf_facts_newest(const struct hf_facts *f)
{
    int64_t newest = 0;

    for (size_t i = 0; i < f->len; i++) {
        if (f->v[i].at > newest)
            newest = f->v[i].at;
    }
    return newest;
}

int
hf_fact_is_volatile(const char *key)
{
    /* A name that ends in a dot stands for everything below it. */
    static const char *const moving[] = {
        "arc.heartbeat", "clock", "events.", "job.heartbeat", "klog.",
        "load",          "load.", "memory.", "space.",        "uptime"};

    for (size_t i = 0; i < HF_COUNT(moving); i++) {
        size_t len = strlen(moving[i]);

        if (moving[i][len - 1] == '.' ? strncmp(key, moving[i], len) == 0
                                      : strcmp(key, moving[i]) == 0)
            return 1;
    }
    return 0;
}

static int
same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static int
counts(const struct hf_fact *fact)
{
    return !hf_fact_is_volatile(fact->key);
}

int
hf_facts_differ(const struct hf_facts *a, const struct hf_facts *b)
{
    size_t i = 0, j = 0;
    int n = 0;

    while (i < a->len || j < b->len) {
        int order = i == a->len   ? 1
                    : j == b->len ? -1
                                  : strcmp(a->v[i].key, b->v[j].key);

        if (order < 0) {
            n += counts(&a->v[i++]);
        } else if (order > 0) {
            n += counts(&b->v[j++]);
        } else {
            if (!same_text(a->v[i].value, b->v[j].value) ||
                !same_text(a->v[i].why, b->v[j].why))
                n += counts(&a->v[i]);
            i++;
            j++;
        }
    }
    return n;
}
