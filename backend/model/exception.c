/* Exceptions; see exception.h. */
#include "backend/model/exception.h"

#include <stdlib.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"

static int
compare_excuses(const void *a, const void *b)
{
    const struct hf_excuse *x = a, *y = b;

    if (x->host != y->host)
        return x->host < y->host ? -1 : 1;
    return (x->exception > y->exception) - (x->exception < y->exception);
}

/* The hosts of one exception, behind those that are there. */
static void
add_hosts(struct hf_excuse **v, size_t *len, size_t *cap, unsigned char *named,
          const struct hf_fleet *fleet, const struct hf_exception *e)
{
    hf_scope_mark(named, &e->scope, fleet);
    for (size_t i = 0; i < fleet->hosts_len; i++) {
        if (named[i])
            *HF_PUSH(v, len, cap) = (struct hf_excuse){&fleet->hosts[i], e};
    }
}

void
hf_exceptions_bind(struct hf_fleet *fleet)
{
    unsigned char *named = hf_xcalloc(fleet->hosts_len + 1, 1);
    struct hf_excuse *v = NULL, *kept;
    size_t len = 0, cap = 0;

    for (size_t i = 0; i < fleet->exceptions_len; i++)
        add_hosts(&v, &len, &cap, named, fleet, &fleet->exceptions[i]);
    kept = hf_arena_alloc(fleet->arena, (len + 1) * sizeof(*kept));
    for (size_t i = 0; i < len; i++)
        kept[i] = v[i];
    if (len)
        qsort(kept, len, sizeof(*kept), compare_excuses);
    fleet->excuses = kept;
    fleet->excuses_len = len;
    free(v);
    free(named);
}

const struct hf_exception *
hf_exception_of(const struct hf_fleet *fleet, const struct hf_host *host,
                int64_t now)
{
    const struct hf_exception *found = NULL;
    size_t low = 0, high = fleet->excuses_len;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (fleet->excuses[mid].host < host)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < fleet->excuses_len && fleet->excuses[low].host == host;
         low++) {
        const struct hf_exception *e = fleet->excuses[low].exception;

        if (!hf_exception_is_over(e, now) &&
            (!found || e->until > found->until))
            found = e;
    }
    return found;
}

const struct hf_exception *
hf_exception_find(const struct hf_fleet *fleet, const char *id)
{
    for (size_t i = 0; i < fleet->exceptions_len; i++) {
        if (hf_text_casecmp(fleet->exceptions[i].id, id) == 0)
            return &fleet->exceptions[i];
    }
    return NULL;
}

int
hf_exception_is_over(const struct hf_exception *e, int64_t now)
{
    return e->until < now;
}

int
hf_exception_ends_soon(const struct hf_exception *e, int64_t now)
{
    return !hf_exception_is_over(e, now) &&
           e->until - now < HF_EXCEPTION_WARNING;
}

void
hf_exception_say(char why[HF_WHY_LEN], const struct hf_exception *e)
{
    char day[HF_TIME_LEN];

    hf_say(why, HF_WHY_LEN, "excepted until %.10s (%s, %s): %s",
           hf_time_format(day, e->until), e->ticket, e->owner, e->reason);
}
