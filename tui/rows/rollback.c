/* What can be taken back, in groups; see rollback.h. */
#include "tui/rows/rollback.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/model/block.h"
#include "backend/model/release.h"

/* clang-format off */
const char *const hf_rollback_by_names[HF_ROLLBACK_BY_COUNT + 1] = {
    [HF_ROLLBACK_RELEASE] = "release",
    [HF_ROLLBACK_RUN] = "run",
    [HF_ROLLBACK_RING] = "ring",
    [HF_ROLLBACK_HOST] = "host",
    [HF_ROLLBACK_BY_COUNT] = NULL,
};
/* clang-format on */

struct making {
    struct hf_rollback_groups *out;
    const struct hf_undoables *u;
    uint32_t *places; /* by key (of a release, run, ring): its group */
    size_t keys;
    /* For each group which costs are in it already; rows of costs_len. */
    unsigned char *seen;
};

static int
has_word(const char *words, const char *word)
{
    size_t n = strlen(word);

    while (strncmp(words, word, n) != 0 || (words[n] && words[n] != ' ')) {
        words += strcspn(words, " ");
        if (!*words++)
            return 0;
    }
    return 1;
}

/* ---- which groups there are ---- */

static struct hf_rollback_group *
add_group(struct making *m, const char *name)
{
    struct hf_rollback_groups *g = m->out;
    struct hf_rollback_group *group = HF_PUSH(&g->v, &g->len, &g->cap);

    group->name = name;
    group->release = HF_UNDO_NONE;
    return group;
}

static void
make_places(struct making *m, size_t keys)
{
    m->keys = keys;
    m->places = hf_xcalloc(keys + 1, sizeof(*m->places));
}

/* The day of the newest of them, as the catalogue has it. */
static int64_t
released(const struct hf_catalogue *c, const char *names)
{
    int64_t day = 0;

    while (c && *names) {
        size_t n = strcspn(names, " ");
        char *name = hf_xstrndup(names, n);
        const struct hf_release *row = hf_catalogue_release(c, name);

        if (row && row->released > day)
            day = row->released;
        free(name);
        names += n + (names[n] == ' ');
    }
    return day;
}

struct dated {
    const char *name;
    int64_t day;
    size_t key; /* of a release that somebody runs */
};

static int
newest_first(const void *a, const void *b)
{
    const struct dated *x = a, *y = b;

    if (x->day != y->day)
        return x->day < y->day ? 1 : -1;
    return hf_text_natcmp(y->name, x->name);
}

static int
is_listed(const struct dated *v, size_t n, const char *release)
{
    for (size_t i = 0; i < n; i++) {
        if (has_word(v[i].name, release))
            return 1;
    }
    return 0;
}

static void
list_releases(struct making *m)
{
    const struct hf_fleet *fleet = m->u->fleet;
    const struct hf_strs *names = &m->u->releases.all;
    size_t n = 0;
    struct dated *v =
        hf_xcalloc(names->len + fleet->blocks_len + 1, sizeof(*v));

    make_places(m, names->len);
    for (size_t i = 0; i < names->len; i++)
        v[n++] = (struct dated){.name = names->v[i], .key = i};
    for (size_t i = 0; i < fleet->blocks_len; i++) {
        const struct hf_block *b = &fleet->blocks[i];

        if (hf_block_holds(b, m->u->now) && !is_listed(v, n, b->release))
            v[n++] = (struct dated){.name = b->release, .key = names->len};
    }
    for (size_t i = 0; i < n; i++)
        v[i].day = released(fleet->catalogue, v[i].name);
    if (n)
        qsort(v, n, sizeof(*v), newest_first);
    for (size_t i = 0; i < n; i++) {
        m->places[v[i].key] = (uint32_t)i;
        (void)add_group(m, v[i].name);
    }
    free(v);
}

static void
list_runs(struct making *m)
{
    const struct hf_undo_past *past = m->u->past;
    size_t n = past ? past->runs_len : 0;

    make_places(m, n);
    for (size_t i = n; i-- > 0;) {
        m->places[i] = (uint32_t)m->out->len;
        add_group(m, past->runs[i].id)->run = &past->runs[i];
    }
}

static void
list_rings(struct making *m)
{
    const struct hf_fleet *fleet = m->u->fleet;

    make_places(m, fleet->rings_len);
    for (size_t i = 0; i < fleet->rings_len; i++) {
        m->places[i] = (uint32_t)i;
        (void)add_group(m, fleet->rings[i].name);
    }
}

static void
list_nothing(struct making *m)
{
    make_places(m, 0);
}

/* ---- in which a host is ---- */

/* By the place of its release, run or ring; the last group is for none. */
static uint32_t
key_release(const struct hf_undoables *u, size_t host)
{
    const struct hf_undo_cost *cost = hf_undoables_cost(u, host);

    return cost ? cost->release : HF_UNDO_NONE;
}

static uint32_t
key_ring(const struct hf_undoables *u, size_t host)
{
    const struct hf_ring *ring =
        u->states[host]->host->ring
            ? hf_fleet_ring(u->fleet, u->states[host]->host->ring)
            : NULL;

    return ring ? (uint32_t)(ring - u->fleet->rings) : HF_UNDO_NONE;
}

static uint32_t
key_nothing(const struct hf_undoables *u, size_t host)
{
    (void)u;
    (void)host;
    return HF_UNDO_NONE;
}

/* clang-format off */
static const struct by_row {
    void (*list)(struct making *m);
    uint32_t (*key)(const struct hf_undoables *u, size_t host);
    const char *none;   /* title of the last group */
    const char *option; /* before the group's name in a command, or NULL */
    const char *prefix; /* of that name */
} rows[HF_ROLLBACK_BY_COUNT] = {
    [HF_ROLLBACK_RELEASE] = {list_releases, key_release,
                             "cannot be taken back", "--release ", ""},
    [HF_ROLLBACK_RUN] = {list_runs, hf_undoables_run, "by no known run",
                         "--run ", ""},
    [HF_ROLLBACK_RING] = {list_rings, key_ring, "in no ring", "", "ring:"},
    [HF_ROLLBACK_HOST] = {list_nothing, key_nothing, "hosts", NULL, NULL},
};
/* clang-format on */

/* ---- what they come to ---- */

static void
add_cost(struct hf_rollback_group *g, const struct hf_undo_cost *cost)
{
    g->one_cost = !g->cost || (g->one_cost && g->cost == cost);
    g->cost = cost;
    g->restarts += cost->restart == HF_RESTART_YES;
    g->maybe_restarts += cost->restart == HF_RESTART_UNKNOWN;
    if (cost->minutes >= g->minutes) {
        g->minutes = cost->minutes;
        g->learned = cost->learned;
    }
    g->off_track += (size_t)cost->off_track;
    if (cost->off_track && cost->off_until > g->off_until)
        g->off_until = cost->off_until;
}

static void
add_lost(struct making *m, struct hf_rollback_group *g, uint32_t cost)
{
    size_t words = m->u->x.words;
    unsigned char *seen =
        &m->seen[(size_t)(g - m->out->v) * m->u->costs_len + cost];

    if (*seen)
        return;
    *seen = 1;
    if (!g->lost.open)
        g->lost.open = hf_xcalloc(words + 1, sizeof(*g->lost.open));
    for (size_t w = 0; w < words; w++)
        g->lost.open[w] |= m->u->costs[cost].lost.open[w];
}

static void
add_opening(struct hf_rollback_group *g, int64_t opens)
{
    if (!opens)
        return;
    g->waiting++;
    if (!g->opens || opens < g->opens)
        g->opens = opens;
}

static void
add_release(struct hf_rollback_group *g, uint32_t release)
{
    g->many |= g->release != HF_UNDO_NONE && g->release != release;
    g->release = g->many ? HF_UNDO_NONE : release;
}

/* The first that can be taken back: what the others would cost is forgotten.
 */
static void
forget_price(struct making *m, struct hf_rollback_group *g)
{
    size_t i = (size_t)(g - m->out->v);
    size_t by[HF_UNDOABLE_COUNT];

    memcpy(by, g->by, sizeof(by));
    free(g->lost.open);
    memset(&m->seen[i * m->u->costs_len], 0, m->u->costs_len);
    *g = (struct hf_rollback_group){.name = g->name,
                                    .run = g->run,
                                    .hosts = g->hosts,
                                    .release = g->release,
                                    .many = g->many};
    memcpy(g->by, by, sizeof(by));
}

static int
is_priced(enum hf_undoable state)
{
    return state == HF_UNDOABLE_YES || state == HF_UNDOABLE_BLOCKED;
}

static void
add_host(struct making *m, struct hf_rollback_group *g, size_t host)
{
    const struct hf_undo_host *h = &m->u->v[host];
    const struct hf_undo_cost *cost = hf_undoables_cost(m->u, host);
    int can = h->state == HF_UNDOABLE_YES;

    g->hosts++;
    g->by[h->state]++;
    if (!cost || !is_priced(h->state))
        return;
    add_release(g, cost->release);
    if (!can && g->by[HF_UNDOABLE_YES])
        return;
    if (can && g->by[HF_UNDOABLE_YES] == 1)
        forget_price(m, g);
    add_cost(g, cost);
    add_lost(m, g, h->cost);
    add_opening(g, h->opens);
}

void
hf_rollback_group_one(struct hf_rollback_group *out,
                      const struct hf_undoables *u, size_t host)
{
    const struct hf_undo_host *h = &u->v[host];
    const struct hf_undo_cost *cost = hf_undoables_cost(u, host);
    uint32_t run = hf_undoables_run(u, host);

    *out = (struct hf_rollback_group){.name = u->states[host]->host->name,
                                      .hosts = 1,
                                      .release = HF_UNDO_NONE};
    out->by[h->state] = 1;
    out->run = run == HF_UNDO_NONE ? NULL : &u->past->runs[run];
    if (!cost)
        return;
    add_release(out, cost->release);
    add_cost(out, cost);
    add_opening(out, h->opens);
    out->lost = cost->lost;
}

static void
add_hosts(struct making *m)
{
    struct hf_rollback_groups *g = m->out;

    g->of = hf_xcalloc(m->u->n + 1, sizeof(*g->of));
    for (size_t i = 0; i < m->u->n; i++) {
        uint32_t key;

        g->of[i] = HF_UNDO_NONE;
        if (i >= m->u->len || m->u->v[i].state == HF_UNDOABLE_NOTHING) {
            g->left++;
            continue;
        }
        key = rows[g->by].key(m->u, i);
        g->of[i] = key < m->keys ? m->places[key] : (uint32_t)g->len - 1;
        add_host(m, &g->v[g->of[i]], i);
    }
}

/* Groups without hosts say nothing, unless they are of a block. */
static void
drop_empty(struct hf_rollback_groups *g, const struct hf_undoables *u)
{
    uint32_t *place = hf_xcalloc(g->len + 1, sizeof(*place));
    size_t n = 0;

    for (size_t i = 0; i < g->len; i++) {
        const struct hf_rollback_group *group = &g->v[i];

        if (!group->hosts && (g->by != HF_ROLLBACK_RELEASE || !group->name))
            continue;
        place[i] = (uint32_t)n;
        g->v[n++] = *group;
    }
    g->len = n;
    for (size_t i = 0; i < u->n; i++) {
        if (g->of[i] != HF_UNDO_NONE)
            g->of[i] = place[g->of[i]];
    }
    free(place);
}

void
hf_rollback_groups_make(struct hf_rollback_groups *out,
                        const struct hf_undoables *u, enum hf_rollback_by by)
{
    struct making m = {.out = out, .u = u};

    *out = (struct hf_rollback_groups){.by = by};
    rows[by].list(&m);
    (void)add_group(&m, NULL);
    m.seen = hf_xcalloc(out->len * u->costs_len + 1, 1);
    add_hosts(&m);
    for (size_t i = 0; i < out->len; i++)
        hf_exposure_group_count(&out->v[i].lost, &u->x);
    drop_empty(out, u);
    free(m.places);
    free(m.seen);
}

void
hf_rollback_groups_release(struct hf_rollback_groups *g)
{
    for (size_t i = 0; i < g->len; i++)
        hf_exposure_group_release(&g->v[i].lost);
    free(g->v);
    free(g->of);
    *g = (struct hf_rollback_groups){0};
}

/* ---- what stands in the way ---- */

static int
most_first(const void *a, const void *b)
{
    const struct hf_rollback_reason *x = a, *y = b;

    if (x->hosts != y->hosts)
        return x->hosts < y->hosts ? 1 : -1;
    return (x->why > y->why) - (x->why < y->why);
}

struct hf_rollback_reason *
hf_rollback_reasons(size_t *n, const struct hf_undoables *u,
                    const struct hf_rollback_groups *g, uint32_t group)
{
    size_t len = u->whys.all.len;
    struct hf_rollback_reason *v = hf_xcalloc(len + 1, sizeof(*v));

    for (size_t i = 0; i < len; i++)
        v[i].why = (uint32_t)i;
    for (size_t i = 0; i < u->len; i++) {
        if (u->v[i].why != HF_UNDO_NONE && (!g || g->of[i] == group) &&
            u->v[i].state != HF_UNDOABLE_NOTHING)
            v[u->v[i].why].hosts++;
    }
    qsort(v, len, sizeof(*v), most_first);
    for (*n = 0; *n < len && v[*n].hosts;)
        (*n)++;
    return v;
}

/* ---- words ---- */

const struct hf_block *
hf_rollback_block(const struct hf_fleet *fleet, const char *releases,
                  int64_t now)
{
    for (size_t i = 0; i < fleet->blocks_len; i++) {
        if (has_word(releases, fleet->blocks[i].release) &&
            hf_block_holds(&fleet->blocks[i], now))
            return &fleet->blocks[i];
    }
    return NULL;
}

const char *
hf_rollback_group_title(const struct hf_rollback_groups *g,
                        const struct hf_rollback_group *group)
{
    return group->name ? group->name : rows[g->by].none;
}

/* Releases that came out together go together: the first stands for them.
 * What a single verb did has no plan to be made from. */
void
hf_rollback_command(struct hf_buf *out, enum hf_rollback_by by,
                    const struct hf_rollback_group *group)
{
    char *what;

    if (!group->name || !rows[by].option || !group->by[HF_UNDOABLE_YES] ||
        (group->run && !group->run->of_plan))
        return;
    what = hf_xasprintf("%s%.*s", rows[by].prefix,
                        (int)strcspn(group->name, " "), group->name);
    hf_buf_printf(out, "hotfleet rollback %s", rows[by].option);
    hf_shell_quote(out, what);
    free(what);
}
