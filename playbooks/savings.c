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

void
hf_money_of(struct hf_money *out, const struct hf_saved *saved,
            const struct hf_costs *costs, int64_t from, int64_t until)
{
    size_t avoided = hf_saved_avoided(saved);
    int64_t days = (until - from + HF_DAY_MS - 1) / HF_DAY_MS;
    int64_t parts[3];

    *out = (struct hf_money){
        .low = times(avoided, costs->restart_low),
        .high = times(avoided, costs->restart_high),
        .minutes = times(avoided, costs->restart_minutes),
        .licence = costs->licence_month < 0
                       ? -1
                       : (int64_t)costs->licence_month * 12 * days / 365,
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
    if (costs->licence_month > 0 && costs->restart_high > 0)
        out->even_low = rounded_up(costs->licence_month, costs->restart_high);
    if (costs->licence_month > 0 && costs->restart_low > 0)
        out->even_high = rounded_up(costs->licence_month, costs->restart_low);
}

/* ---- evidence ---- */

static void
add_months(struct hf_savings *s)
{
    char at[HF_TIME_LEN];

    for (int64_t day = s->from; day < s->until + HF_DAY_MS; day += HF_DAY_MS) {
        struct hf_saved_month *last =
            s->months_len ? &s->months[s->months_len - 1] : NULL;

        hf_time_format(at, day < s->until ? day : s->until);
        if (last && strncmp(last->month, at, 7) == 0)
            continue;
        last = HF_PUSH(&s->months, &s->months_len, &s->months_cap);
        *last = (struct hf_saved_month){{0}};
        (void)snprintf(last->month, sizeof(last->month), "%.7s", at);
    }
}

/* Of a time within that of `s`. */
static struct hf_saved *
month_of(struct hf_savings *s, int64_t when)
{
    char at[HF_TIME_LEN];
    size_t i = 0;

    hf_time_format(at, when);
    while (i + 1 < s->months_len && strncmp(s->months[i].month, at, 7) != 0)
        i++;
    return &s->months[i].saved;
}

static int
is_action(const struct hf_record *r, enum hf_action action)
{
    return strcmp(r->recent.action, hf_action_names[action]) == 0;
}

static int
is_verified(const struct hf_record *r)
{
    return strcmp(r->recent.outcome, hf_outcome_names[HF_OUTCOME_VERIFIED]) ==
           0;
}

/* What was put into a host and not taken back yet, as far as runs tell. */
struct put_in {
    char level[HF_WHY_LEN];  /* that the host was to reach */
    struct hf_saved *proven; /* its month; NULL: not counted */
};

struct put_ins {
    struct put_in *v;
    size_t len, cap;
};

/* That a restart was not ruled out beforehand (the price says unknown) does not
 * matter once it is proven that none came. */
static int
is_proven(const struct hf_record *r)
{
    const char *price = hf_facts_get(&r->facts, HF_PAST_RESTART);

    return is_verified(r) && hf_past_boot(r) == HF_PAST_BOOT_SAME && price &&
           strcmp(price, hf_restart_names[HF_RESTART_YES]) != 0;
}

static void
count_apply(struct hf_saved *all, struct hf_saved *month,
            const struct hf_record *r, struct put_ins *in)
{
    struct hf_saved *const to[] = {all, month};
    int fallback = hf_facts_get(&r->facts, HF_PAST_CRITERION "track") != NULL;
    int proven = !fallback && is_proven(r);
    int unproven =
        !fallback && is_verified(r) && hf_past_boot(r) == HF_PAST_BOOT_UNKNOWN;
    struct put_in *put = HF_PUSH(&in->v, &in->len, &in->cap);

    for (size_t i = 0; i < HF_COUNT(to); i++) {
        to[i]->fallbacks += (size_t)fallback;
        to[i]->hotpatches += (size_t)proven;
        to[i]->unproven += (size_t)unproven;
    }
    put->proven = proven ? month : NULL;
    hf_say(put->level, sizeof(put->level), "%s", r->recent.level);
}

/* The last that led to the level from which the rollback went; where none did,
 * the last that was counted: rather too little is saved than too much. */
static struct put_in *
what_went(const struct put_ins *in, const char *from)
{
    struct put_in *found = NULL;

    for (size_t i = in->len; from && i > 0; i--) {
        if (strcmp(in->v[i - 1].level, from) == 0)
            return &in->v[i - 1];
    }
    for (size_t i = in->len; i > 0 && !found; i--)
        found = in->v[i - 1].proven ? &in->v[i - 1] : NULL;
    return found;
}

/* Taken off in the month in which it was counted: so months add up. */
static void
count_rollback(struct hf_saved *all, struct hf_saved *month,
               const struct hf_record *r, struct put_ins *in)
{
    struct put_in *gone = what_went(in, hf_facts_get(&r->facts, HF_PAST_FROM));

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
count_run(struct hf_savings *s, const struct hf_moment *m, struct put_ins *in)
{
    const struct hf_record *r = &m->record;
    struct hf_saved *month = month_of(s, m->at);
    int restarted = hf_past_boot(r) == HF_PAST_BOOT_OTHER;

    s->all.restarts += (size_t)restarted;
    month->restarts += (size_t)restarted;
    if (is_action(r, HF_ACTION_APPLY))
        count_apply(&s->all, month, r, in);
    else if (is_action(r, HF_ACTION_ROLLBACK) && is_verified(r))
        count_rollback(&s->all, month, r, in);
}

static void
count_history(struct hf_savings *s, const struct hf_history *h,
              const unsigned char *wanted, const struct hf_fleet *fleet)
{
    char host[256] = "";
    struct put_ins in = {0};
    int counts = 0;

    for (size_t i = 0; i < hf_history_len(h); i++) {
        struct hf_moment m;

        hf_history_peek(h, i, &m);
        if (strcmp(m.host, host) != 0) {
            const struct hf_host *known = hf_fleet_find(fleet, m.host);

            memcpy(host, m.host, sizeof(host));
            counts = known && wanted[known - fleet->hosts];
            in.len = 0;
        }
        if (!counts || !m.is_run || m.at < s->from || m.at > s->until)
            continue;
        hf_history_get(h, i, &m);
        count_run(s, &m, &in);
        hf_record_release(&m.record);
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
