/* A run in groups; see progress.h. Lines are made in progress_lines.c. */
#include "tui/rows/progress.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/model/host.h"
#include "tui/rows/words.h"

static void
free_hosts(struct hf_progress *p)
{
    for (size_t i = 0; p->own && i < p->n; i++) {
        free((char *)(uintptr_t)p->hosts[i].name);
        free((char *)(uintptr_t)p->hosts[i].ring);
        free((char *)(uintptr_t)p->hosts[i].why);
        free((char *)(uintptr_t)p->hosts[i].hint);
    }
    free(p->hosts);
    free(p->group_of);
    free(p->items);
}

void
hf_progress_release(struct hf_progress *p)
{
    free_hosts(p);
    free(p->groups);
    *p = (struct hf_progress){0};
}

/* ---- which group ---- */

enum { RANK_IN_FLIGHT = 5, RANK_WAITING = 50, RANK_GOOD = 100 };

/* Hosts whose outcome needs a person are apart by reason, too. */
static int
is_trouble(const struct hf_progress_host *h)
{
    return h->phase == HF_PHASE_DONE &&
           hf_outcome_words[h->outcome].rank < HF_RANK_FINE;
}

/* Beyond so many groups reasons are no longer told apart. */
#define GROUPS_MAX 100
#define HASH_START UINT64_C(14695981039346656037)
#define HASH_PRIME UINT64_C(1099511628211)

/* Words with a digit (addresses, ports, fingerprints) do not tell one reason
 * from another. */
static uint64_t
reason_hash(const char *why)
{
    uint64_t hash = HASH_START;

    while (*why) {
        size_t n = strcspn(why, " ");
        int names_one = 0;

        for (size_t i = 0; i < n; i++)
            names_one |= why[i] >= '0' && why[i] <= '9';
        for (size_t i = 0; i < n && !names_one; i++)
            hash = (hash ^ (unsigned char)why[i]) * HASH_PRIME;
        why += n + strspn(why + n, " ");
    }
    return hash;
}

static uint64_t
group_id(const struct hf_progress *p, const struct hf_progress_host *h)
{
    int apart = is_trouble(h) && p->groups_len < GROUPS_MAX;

    if (h->phase == HF_PHASE_WAITING)
        return 1;
    if (h->phase != HF_PHASE_DONE)
        return 2;
    return (reason_hash(apart ? h->why : "") << 8) + 3 + h->outcome;
}

/* Trouble on top, then what moves, then what waits, then what is well. */
static int
group_rank(const struct hf_progress_host *h)
{
    if (h->phase == HF_PHASE_WAITING)
        return RANK_WAITING;
    if (h->phase != HF_PHASE_DONE)
        return RANK_IN_FLIGHT;
    return hf_outcome_words[h->outcome].rank + (is_trouble(h) ? 0 : RANK_GOOD);
}

static size_t
find_group(struct hf_progress *p, size_t host)
{
    uint64_t id = group_id(p, &p->hosts[host]);
    struct hf_progress_group *g;

    for (size_t i = 0; i < p->groups_len; i++) {
        if (p->groups[i].id == id)
            return i;
    }
    g = HF_PUSH(&p->groups, &p->groups_len, &p->groups_cap);
    g->id = id;
    g->rank = group_rank(&p->hosts[host]);
    g->folded = g->rank >= RANK_WAITING;
    return p->groups_len - 1;
}

/* ---- arranging ---- */

static size_t
next_group(const struct hf_progress *p, const unsigned char *used)
{
    size_t best = SIZE_MAX;

    for (size_t i = 0; i < p->groups_len; i++) {
        if (!used[i] && p->groups[i].count &&
            (best == SIZE_MAX || p->groups[i].rank < p->groups[best].rank))
            best = i;
    }
    return best;
}

static void
list_group(struct hf_progress *p, size_t group)
{
    p->items[p->len++] = (struct hf_progress_item){group, SIZE_MAX};
    if (p->groups[group].folded)
        return;
    for (size_t i = 0; i < p->n; i++) {
        if (p->group_of[i] == group)
            p->items[p->len++] = (struct hf_progress_item){group, i};
    }
}

static void
arrange(struct hf_progress *p)
{
    unsigned char *used = hf_xcalloc(p->groups_len + 1, 1);
    size_t group;

    free(p->items);
    p->items = hf_xcalloc(p->n + p->groups_len + 1, sizeof(*p->items));
    p->len = 0;
    while ((group = next_group(p, used)) != SIZE_MAX) {
        used[group] = 1;
        list_group(p, group);
    }
    free(used);
}

static void
count_host(struct hf_progress *p, size_t i)
{
    const struct hf_progress_host *h = &p->hosts[i];
    struct hf_progress_group *g;

    p->group_of[i] = find_group(p, i);
    g = &p->groups[p->group_of[i]];
    g->example = g->count++ ? g->example : i;
    if (h->phase == HF_PHASE_DONE) {
        p->done++;
        p->by_outcome[h->outcome]++;
    } else if (h->phase == HF_PHASE_WAITING) {
        p->waiting++;
    } else {
        p->in_flight++;
    }
}

static void
count_all(struct hf_progress *p)
{
    p->done = p->in_flight = p->waiting = 0;
    memset(p->by_outcome, 0, sizeof(p->by_outcome));
    for (size_t i = 0; i < p->groups_len; i++)
        p->groups[i].count = 0;
    for (size_t i = 0; i < p->n; i++)
        count_host(p, i);
    arrange(p);
}

void
hf_progress_take(struct hf_progress *p, const struct hf_run_host *const *hosts,
                 size_t n)
{
    free_hosts(p);
    p->own = 0;
    p->n = n;
    p->hosts = hf_xcalloc(p->n + 1, sizeof(*p->hosts));
    p->group_of = hf_xcalloc(p->n + 1, sizeof(*p->group_of));
    p->items = NULL;
    for (size_t i = 0; i < p->n; i++) {
        const struct hf_run_host *h = hosts[i];

        p->hosts[i] = (struct hf_progress_host){
            .name = h->host->name,
            .ring = h->host->ring,
            .why = h->why,
            .hint = h->hint,
            .phase = h->phase,
            .outcome = h->outcome,
            .phase_since = h->phase_since,
            .started = h->started,
            .ended = h->ended,
        };
    }
    count_all(p);
}

void
hf_progress_give(struct hf_progress *p, struct hf_progress_host *hosts,
                 size_t n)
{
    free_hosts(p);
    p->own = 1;
    p->n = n;
    p->hosts = hosts;
    p->group_of = hf_xcalloc(n + 1, sizeof(*p->group_of));
    p->items = NULL;
    count_all(p);
}

void
hf_progress_keep(struct hf_progress *p)
{
    for (size_t i = 0; !p->own && i < p->n; i++) {
        struct hf_progress_host *h = &p->hosts[i];

        h->name = hf_xstrdup(h->name);
        h->ring = hf_xstrdup(h->ring);
        h->why = hf_xstrdup(h->why);
        h->hint = hf_xstrdup(h->hint);
    }
    p->own = 1;
}

void
hf_progress_fold(struct hf_progress *p, size_t row)
{
    struct hf_progress_group *g;

    if (row >= p->len)
        return;
    g = &p->groups[p->items[row].group];
    g->folded = !g->folded;
    arrange(p);
}
