/* What can be taken back now; see undoable.h. */
#include "playbooks/undoable.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/engine/decide.h"
#include "backend/model/calendar.h"

#define SLOTS_FIRST 64
#define MINUTE 60000

/* clang-format off */
const char *const hf_undoable_names[HF_UNDOABLE_COUNT + 1] = {
    [HF_UNDOABLE_YES] = "yes",
    [HF_UNDOABLE_BLOCKED] = "blocked",
    [HF_UNDOABLE_NEVER] = "never",
    [HF_UNDOABLE_UNKNOWN] = "unknown",
    [HF_UNDOABLE_NOTHING] = "nothing",
    [HF_UNDOABLE_COUNT] = NULL,
};
/* clang-format on */

/* ---- each text once ---- */

/* FNV-1a. */
static size_t
hash_of(const char *text)
{
    uint64_t h = UINT64_C(14695981039346656037);

    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return (size_t)(h ^ h >> 29);
}

static void
put_slot(struct hf_undo_texts *t, size_t place)
{
    size_t at = hash_of(t->all.v[place]);

    while (t->slots[at & (t->slots_len - 1)])
        at++;
    t->slots[at & (t->slots_len - 1)] = (uint32_t)place + 1;
}

static uint32_t
intern(struct hf_undo_texts *t, const char *text)
{
    if (2 * t->all.len >= t->slots_len) {
        t->slots_len = t->slots_len ? 2 * t->slots_len : SLOTS_FIRST;
        free(t->slots);
        t->slots = hf_xcalloc(t->slots_len, sizeof(*t->slots));
        for (size_t i = 0; i < t->all.len; i++)
            put_slot(t, i);
    }
    for (size_t at = hash_of(text);; at++) {
        uint32_t slot = t->slots[at & (t->slots_len - 1)];

        if (!slot)
            break;
        if (strcmp(t->all.v[slot - 1], text) == 0)
            return slot - 1;
    }
    hf_strs_add(&t->all, text);
    put_slot(t, t->all.len - 1);
    return (uint32_t)(t->all.len - 1);
}

static void
texts_release(struct hf_undo_texts *t)
{
    hf_strs_release(&t->all);
    free(t->slots);
}

/* ---- prices ---- */

static void
add_lost(struct hf_undoables *u, struct hf_exposure_group *lost,
         const struct hf_strs *cves)
{
    lost->open = hf_xcalloc(u->x.words + 1, sizeof(*lost->open));
    for (size_t i = 0; i < cves->len; i++) {
        size_t cve = hf_exposure_cve(&u->x, cves->v[i]);

        if (cve != SIZE_MAX)
            lost->open[cve / 64] |= UINT64_C(1) << cve % 64;
    }
    hf_exposure_group_count(lost, &u->x);
}

static void
set_minutes(const struct hf_undoables *u, struct hf_undo_cost *cost)
{
    int64_t took = u->past ? u->past->took[cost->restart] : 0;

    cost->learned = took > 0;
    cost->minutes = took ? (int)((took + MINUTE - 1) / MINUTE) : cost->guess;
}

/* Hosts that go from one level to the same other one cost the same. */
static uint32_t
cost_of(struct hf_undoables *u, const struct hf_order *o)
{
    struct hf_buf names = {0}, key = {0};
    struct hf_undo_cost *cost;
    uint32_t at;

    for (size_t i = 0; i < o->releases.len; i++)
        hf_buf_printf(&names, "%s%s", i ? " " : "", o->releases.v[i]);
    hf_buf_printf(&key, "%s\n%s\n%s\n%d %lld\n%s", hf_buf_str(&names),
                  o->level_from, o->level_to, (int)o->price.restart,
                  (long long)o->price.off_until, o->price.note);
    at = intern(&u->keys, hf_buf_str(&key));
    if (at == u->costs_len) {
        cost = HF_PUSH(&u->costs, &u->costs_len, &u->costs_cap);
        cost->release = intern(&u->releases, hf_buf_str(&names));
        cost->from = hf_xstrdup(o->level_from);
        cost->to = hf_xstrdup(o->level_to);
        cost->restart = o->price.restart;
        cost->off_track = o->price.off_track;
        cost->off_until = o->price.off_until;
        cost->note = hf_xstrdup(o->price.note);
        cost->guess = o->price.minutes;
        set_minutes(u, cost);
        add_lost(u, &cost->lost, &o->price.cves);
    }
    hf_buf_release(&names);
    hf_buf_release(&key);
    return at;
}

/* ---- one host ---- */

/* A refusal that comes before the price leaves the order empty. */
static enum hf_outcome
decide(const struct hf_undoables *u, const struct hf_state *st,
       struct hf_order *order, char why[HF_WHY_LEN])
{
    const struct hf_decide_in in = {.action = HF_ACTION_ROLLBACK,
                                    .fleet = u->fleet,
                                    .state = st,
                                    .forecast = 1,
                                    .any_time = 1,
                                    .now = u->now};
    char hint[HF_WHY_LEN];
    enum hf_outcome outcome = hf_decide(order, why, hint, &in);

    if (order->action != HF_ACTION_ROLLBACK) {
        hf_order_release(order);
        *order = (struct hf_order){0};
        hf_order_of(order, HF_ACTION_ROLLBACK, st, u->fleet, u->now);
    }
    return outcome;
}

static enum hf_undoable
state_of(enum hf_outcome outcome, const struct hf_order *o)
{
    if (o->nothing)
        return HF_UNDOABLE_NOTHING;
    if (outcome == HF_OUTCOME_COUNT)
        return HF_UNDOABLE_YES;
    if (o->price.possible)
        return HF_UNDOABLE_BLOCKED;
    return o->level_from[0] ? HF_UNDOABLE_NEVER : HF_UNDOABLE_UNKNOWN;
}

/* When it may begin, as plans have it. 0: never, with the reason. */
static int
find_opening(struct hf_undo_host *out, const struct hf_undoables *u,
             const struct hf_host *host, enum hf_restart restart,
             char why[HF_WHY_LEN])
{
    const struct hf_calendar *cal = u->fleet->calendar;
    const struct hf_window_choice any = {0};
    int64_t until;

    if (!hf_calendar_admits_some(cal, host, HF_RULE_CHANGE, &any, u->now,
                                 &until, why)) {
        out->opens = until;
        if (!until)
            return 0;
    }
    if (hf_may_restart(HF_ACTION_ROLLBACK, restart) &&
        !hf_calendar_admits_some(cal, host, HF_RULE_RESTART, &any, u->now,
                                 &until, why)) {
        out->opens = until > out->opens ? until : out->opens;
        return until != 0;
    }
    return 1;
}

/* Single verbs restart hosts of a fleet without a calendar, plans do not. */
static void
say_never(const struct hf_undoables *u, char why[HF_WHY_LEN])
{
    if (!u->fleet->calendar)
        hf_say(why, HF_WHY_LEN,
               "only by name: it restarts, and plans leave it out, as the "
               "fleet has no restart windows");
}

static void
look_at(struct hf_undoables *u, size_t i)
{
    const struct hf_state *st = u->states[i];
    struct hf_undo_host *host = &u->v[i];
    struct hf_order order;
    char why[HF_WHY_LEN];
    enum hf_outcome outcome = decide(u, st, &order, why);

    *host =
        (struct hf_undo_host){.cost = HF_UNDO_NONE,
                              .why = HF_UNDO_NONE,
                              .state = (unsigned char)state_of(outcome, &order),
                              .outcome = (unsigned char)outcome};
    if (order.releases.len)
        host->cost = cost_of(u, &order);
    if (host->state == HF_UNDOABLE_YES &&
        !find_opening(host, u, st->host, order.price.restart, why)) {
        host->state = HF_UNDOABLE_BLOCKED;
        host->outcome = HF_OUTCOME_CLOSED;
        say_never(u, why);
    }
    if (!st->asked)
        hf_say(why, sizeof(why), "never asked: nothing is known of it");
    if (host->state != HF_UNDOABLE_YES)
        host->why = intern(&u->whys, why);
    hf_order_release(&order);
    hf_state_fold(st);
}

/* ---- all of them ---- */

void
hf_undoables_init(struct hf_undoables *out, const struct hf_fleet *fleet,
                  const struct hf_state *const *states, size_t n,
                  const struct hf_undo_past *past, int64_t now)
{
    *out = (struct hf_undoables){
        .fleet = fleet, .states = states, .past = past, .now = now, .n = n};
    out->v = hf_xcalloc(n + 1, sizeof(*out->v));
    hf_exposure_init(&out->x, fleet->catalogue);
}

void
hf_undoables_release(struct hf_undoables *u)
{
    for (size_t i = 0; i < u->costs_len; i++) {
        free(u->costs[i].from);
        free(u->costs[i].to);
        free(u->costs[i].note);
        hf_exposure_group_release(&u->costs[i].lost);
    }
    free(u->costs);
    free(u->v);
    texts_release(&u->keys);
    texts_release(&u->whys);
    texts_release(&u->releases);
    hf_exposure_release(&u->x);
    *u = (struct hf_undoables){0};
}

void
hf_undoables_learn(struct hf_undoables *u, const struct hf_undo_past *past)
{
    u->past = past;
    for (size_t i = 0; i < u->costs_len; i++)
        set_minutes(u, &u->costs[i]);
}

int
hf_undoables_look(struct hf_undoables *u, size_t hosts)
{
    for (; hosts && u->len < u->n; hosts--)
        look_at(u, u->len++);
    return u->len < u->n;
}

const struct hf_undo_cost *
hf_undoables_cost(const struct hf_undoables *u, size_t host)
{
    uint32_t cost = u->v[host].cost;

    return cost == HF_UNDO_NONE ? NULL : &u->costs[cost];
}

const char *
hf_undoables_why(const struct hf_undoables *u, size_t host)
{
    uint32_t why = u->v[host].why;

    return why == HF_UNDO_NONE ? "" : u->whys.all.v[why];
}

uint32_t
hf_undoables_run(const struct hf_undoables *u, size_t host)
{
    size_t at = (size_t)(u->states[host]->host - u->fleet->hosts);

    return u->past && at < u->past->hosts ? u->past->of[at] : HF_UNDO_NONE;
}
