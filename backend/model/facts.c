/* Facts, kept sorted by key. */
#include "backend/model/facts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"

/* The texts of a fact stand in one block, which begins with the key: a fleet
 * has hundreds of thousands of them. */
static char *
lay(char **at, const char *text)
{
    char *to = *at;

    if (!text)
        return NULL;
    *at = stpcpy(to, text) + 1;
    return to;
}

static size_t
size_of(const char *text)
{
    return text ? strlen(text) + 1 : 0;
}

static struct hf_fact
make_fact(const char *key, const char *value, const char *why,
          const char *source, int64_t at)
{
    char *block = hf_xmalloc(size_of(key) + size_of(value) + size_of(why) +
                             size_of(source));

    return (struct hf_fact){.key = lay(&block, key),
                            .value = lay(&block, value),
                            .why = lay(&block, why),
                            .source = lay(&block, source),
                            .at = at};
}

void
hf_facts_release(struct hf_facts *f)
{
    for (size_t i = 0; i < f->len && !f->lent; i++)
        free(f->v[i].key);
    free(f->v);
    *f = (struct hf_facts){0};
}

struct hf_fact *
hf_facts_lend(struct hf_facts *f, size_t n)
{
    assert(!f->v);
    if (n)
        f->v = hf_xcalloc(n, sizeof(*f->v));
    f->len = f->cap = n;
    f->lent = 1;
    return f->v;
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
        const struct hf_fact *f = &from->v[i];

        copy.v[i] = make_fact(f->key, f->value, f->why, f->source, f->at);
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

/* The texts may belong to the fact that is replaced: copy first. */
static void
put(struct hf_facts *f, const char *key, const char *value, const char *why,
    const char *source, int64_t at)
{
    struct hf_fact fact = make_fact(key, value, why, source, at);
    struct hf_facts lent = *f;
    size_t place;

    if (f->lent) {
        *f = (struct hf_facts){0};
        hf_facts_copy(f, &lent);
        hf_facts_release(&lent);
    }
    /* mostly they come in their order */
    place = !f->len || strcmp(f->v[f->len - 1].key, key) < 0 ? f->len
                                                             : place_of(f, key);
    if (place < f->len && strcmp(f->v[place].key, key) == 0) {
        free(f->v[place].key);
    } else {
        (void)HF_PUSH(&f->v, &f->len, &f->cap);
        memmove(&f->v[place + 1], &f->v[place],
                (f->len - 1 - place) * sizeof(f->v[0]));
    }
    f->v[place] = fact;
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
    put(f, key, NULL, why && *why ? why : HF_FACT_NO_REASON, source, at);
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
    int64_t oldest = INT64_MAX;

    for (size_t i = 0; i < f->len; i++) {
        if (f->v[i].at < oldest && !hf_fact_is_volatile(f->v[i].key))
            oldest = f->v[i].at;
    }
    if (oldest == INT64_MAX) /* there are no others */
        oldest = f->len ? f->v[0].at : 0;
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
hf_facts_stale(const struct hf_facts *f, int64_t limit, int64_t now)
{
    return !f->len || (limit && now - hf_facts_oldest(f) > limit);
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

#define BOOT_TIME "boot-"
#define BOOT_DRIFT_S 2

int
hf_boot_same(const char *a, const char *b)
{
    int64_t x, y;

    if (strcmp(a, b) == 0)
        return 1;
    return hf_has_prefix(a, BOOT_TIME) && hf_has_prefix(b, BOOT_TIME) &&
           hf_parse_int(&x, a + strlen(BOOT_TIME), 0, INT64_MAX) == 0 &&
           hf_parse_int(&y, b + strlen(BOOT_TIME), 0, INT64_MAX) == 0 &&
           (x > y ? x - y : y - x) <= BOOT_DRIFT_S;
}
