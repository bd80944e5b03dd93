/* Restarts avoided, and their worth. */
#include "playbooks/savings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"

/* Windows: of twelve months, four bring a baseline with a restart and eight
 * may bring hotpatches (Microsoft's hotpatch calendar; planned, not promised).
 */
#define HOTPATCHES_A_YEAR 8

size_t
hf_saved_avoided(const struct hf_saved *s)
{
    return s->hotpatches > s->taken_back ? s->hotpatches - s->taken_back : 0;
}

/* ---- money ---- */

/* -1: not stated. */
static int64_t
times(size_t n, int each)
{
    return each < 0 ? -1 : (int64_t)n * each;
}

static int64_t
rounded_up(int64_t a, int64_t b)
{
    return (a + b - 1) / b;
}

static int64_t
licence_of(const struct hf_costs *costs)
{
    if (costs->licence_month >= 0)
        return costs->licence_month;
    if (costs->cores < 0 || costs->licence_core_cents < 0)
        return -1;
    return (int64_t)costs->cores * costs->licence_core_cents / 100;
}

void
hf_money_of(struct hf_money *out, const struct hf_saved *saved,
            const struct hf_costs *costs, int64_t from, int64_t until)
{
    size_t avoided = hf_saved_avoided(saved);
    int64_t month = licence_of(costs);
    int64_t days = (until - from + HF_DAY_MS - 1) / HF_DAY_MS;
    int64_t parts[3];

    *out = (struct hf_money){
        .low = times(avoided, costs->restart_low),
        .high = times(avoided, costs->restart_high),
        .minutes = times(avoided, costs->restart_minutes),
        .licence_month = month,
        .licence = month < 0 ? -1 : month * 12 * days / 365,
        .rollbacks = times(saved->rollbacks, costs->rollback),
        .fallbacks = times(saved->fallbacks, costs->fallback),
        .even_low = -1,
        .even_high = -1,
    };
    parts[0] = out->licence;
    parts[1] = out->rollbacks;
    parts[2] = out->fallbacks;
    for (size_t i = 0; i < HF_COUNT(parts); i++)
        out->costs += parts[i] > 0 ? parts[i] : 0;
    out->net_low = out->low - out->costs;
    out->net_high = out->high - out->costs;
    if (month > 0 && costs->restart_high > 0)
        out->even_low = rounded_up(month, costs->restart_high);
    if (month > 0 && costs->restart_low > 0)
        out->even_high = rounded_up(month, costs->restart_low);
}

/* ---- evidence ---- */

static void
add_months(struct hf_savings *s)
{
    char at[HF_TIME_LEN];

    for (int64_t day = s->from; day < s->until + HF_DAY_MS; day += HF_DAY_MS) {
        struct hf_saved_month *last =
            s->months_len ? &s->months[s->months_len - 1] : NULL;
        int64_t when = day < s->until ? day : s->until;

        hf_time_format(at, when);
        if (last && strncmp(last->month, at, 7) == 0)
            continue;
        last = HF_PUSH(&s->months, &s->months_len, &s->months_cap);
        *last = (struct hf_saved_month){.begins = when - when % HF_DAY_MS};
        (void)snprintf(last->month, sizeof(last->month), "%.7s", at);
    }
}

/* Of a time within that of `s`. */
static struct hf_saved *
month_of(struct hf_savings *s, int64_t when)
{
    size_t i = s->months_len - 1;

    while (i > 0 && s->months[i].begins > when)
        i--;
    return &s->months[i].saved;
}

/* What was put into a host and not taken back yet, as far as runs tell. */
struct put_in {
    size_t run;              /* the moment */
    struct hf_saved *proven; /* its month; NULL: not counted */
};

struct put_ins {
    struct put_in *v;
    size_t len, cap;
};

/* That a restart was not ruled out beforehand (the price says unknown) does not
 * matter once it is proven that none came. */
static int
is_proven(const struct hf_glance *run)
{
    return run->boot == HF_PAST_BOOT_SAME &&
           (run->restart == HF_RESTART_NO ||
            run->restart == HF_RESTART_UNKNOWN);
}

static void
count_apply(struct hf_saved *all, struct hf_saved *month,
            const struct hf_glance *run, size_t i, struct put_ins *in)
{
    struct hf_saved *const to[] = {all, month};
    int fallback = run->marks & HF_PAST_FELL_BACK;
    int in_effect = !fallback && run->outcome == HF_OUTCOME_VERIFIED;
    int proven = in_effect && is_proven(run);
    struct put_in *put = HF_PUSH(&in->v, &in->len, &in->cap);

    for (size_t k = 0; k < HF_COUNT(to); k++) {
        to[k]->fallbacks += fallback != 0;
        to[k]->hotpatches += (size_t)proven;
        to[k]->unproven += in_effect && run->boot == HF_PAST_BOOT_UNKNOWN;
    }
    *put = (struct put_in){.run = i, .proven = proven ? month : NULL};
}

/* The last that led to the level from which the rollback went; where none did,
 * the last that was counted: rather too little is saved than too much. */
static struct put_in *
what_went(const struct put_ins *in, const struct hf_history *h, size_t rollback)
{
    const char *from = hf_history_fact(h, rollback, 0, HF_PAST_FROM);
    struct put_in *found = NULL;

    for (size_t i = in->len; from && i > 0; i--) {
        if (strcmp(hf_history_level(h, in->v[i - 1].run), from) == 0)
            return &in->v[i - 1];
    }
    for (size_t i = in->len; i > 0 && !found; i--)
        found = in->v[i - 1].proven ? &in->v[i - 1] : NULL;
    return found;
}

/* Taken off in the month in which it was counted: so months add up. */
static void
count_rollback(struct hf_saved *all, struct hf_saved *month,
               struct put_in *gone, struct put_ins *in)
{
    all->rollbacks++;
    month->rollbacks++;
    if (!gone)
        return;
    if (gone->proven) {
        all->taken_back++;
        gone->proven->taken_back++;
    }
    memmove(gone, gone + 1, (size_t)(in->v + --in->len - gone) * sizeof(*gone));
}

/* A hotpatch from before the time that is taken back within it was not counted
 * here, and is not taken off. */
static void
count_run(struct hf_savings *s, const struct hf_history *h, size_t i,
          struct put_ins *in)
{
    const struct hf_glance *run = hf_history_glance(h, i);
    struct hf_saved *month = month_of(s, run->at);
    int restarted = run->boot == HF_PAST_BOOT_OTHER;

    s->all.restarts += (size_t)restarted;
    month->restarts += (size_t)restarted;
    if (run->action == HF_ACTION_APPLY)
        count_apply(&s->all, month, run, i, in);
    else if (run->action == HF_ACTION_ROLLBACK &&
             run->outcome == HF_OUTCOME_VERIFIED)
        count_rollback(&s->all, month, what_went(in, h, i), in);
}

static void
count_history(struct hf_savings *s, const struct hf_history *h,
              const unsigned char *wanted, const struct hf_fleet *fleet)
{
    struct put_ins in = {0};

    for (size_t k = 0; k < hf_history_hosts(h); k++) {
        struct hf_chapter of = hf_history_host(h, k);
        const struct hf_host *host = hf_fleet_find(fleet, of.host);
        size_t end = hf_history_since(h, of, s->until + 1);

        if (!host || !wanted[host - fleet->hosts])
            continue;
        in.len = 0;
        for (size_t i = hf_history_since(h, of, s->from); i < end; i++) {
            if (hf_history_glance(h, i)->is_run)
                count_run(s, h, i, &in);
        }
    }
    free(in.v);
}

/* Covered Windows hosts; of others nobody knows how many patches will come. */
static void
count_potential(struct hf_savings *s, const struct hf_state *const *states,
                size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct hf_standing *st = &states[i]->status;

        if (st->product && strcmp(st->product, "linux") != 0 &&
            (st->coverage == HF_COVERAGE_COVERED ||
             st->coverage == HF_COVERAGE_RESTART_DUE ||
             st->coverage == HF_COVERAGE_OFF_TRACK))
            s->could++;
    }
    s->could_avoid = s->could * HOTPATCHES_A_YEAR;
}

void
hf_savings_count(struct hf_savings *out, const struct hf_fleet *fleet,
                 const struct hf_history *h,
                 const struct hf_state *const *states, size_t n, int64_t from,
                 int64_t until)
{
    unsigned char *wanted = hf_xcalloc(fleet->hosts_len + 1, 1);

    *out = (struct hf_savings){
        .from = from, .until = until, .costs = fleet->costs};
    for (size_t i = 0; i < n; i++)
        wanted[states[i]->host - fleet->hosts] = 1;
    add_months(out);
    count_history(out, h, wanted, fleet);
    count_potential(out, states, n);
    hf_money_of(&out->money, &out->all, &out->costs, from, until);
    out->damaged = hf_history_damaged(h);
    memcpy(out->commit, hf_history_commit(h), sizeof(out->commit));
    free(wanted);
}

int
hf_savings_make(struct hf_savings *out, struct hf_session *s,
                const struct hf_state *const *states, size_t n, int64_t from,
                int64_t until, struct hf_err *err)
{
    struct hf_history *h = NULL;
    int rc = hf_history_open(&h, s, err);

    *out = (struct hf_savings){.from = from, .until = until};
    if (rc < 0)
        return rc;
    hf_savings_count(out, hf_session_fleet(s), h, states, n, from, until);
    hf_history_free(h);
    return HF_OK;
}

void
hf_savings_release(struct hf_savings *s)
{
    free(s->months);
    *s = (struct hf_savings){0};
}
