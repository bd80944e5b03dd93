/* Forced restarts against windows; see due.h. */
#include "backend/model/due.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/mem.h"

#define SLOTS_FIRST 256
#define AHEAD_MS (30 * HF_DAY_MS)
#define STEPS_MAX 64 /* far more than two a month */

/* clang-format off */
const char *const hf_due_names[HF_DUE_GROUP_COUNT + 1] = {
    [HF_DUE_OVERDUE] = "overdue",
    [HF_DUE_NOW] = "due",
    [HF_DUE_SCHEDULED] = "scheduled",
    [HF_DUE_NO_WINDOW] = "no-window",
    [HF_DUE_FORECAST] = "forecast",
    [HF_DUE_UNKNOWN] = "unknown",
    [HF_DUE_GROUP_COUNT] = NULL,
};

const char *const hf_due_titles[HF_DUE_GROUP_COUNT + 1] = {
    [HF_DUE_OVERDUE] = "overdue",
    [HF_DUE_NOW] = "due in the next window",
    [HF_DUE_SCHEDULED] = "scheduled",
    [HF_DUE_NO_WINDOW] = "not in any window",
    [HF_DUE_FORECAST] = "forecast",
    [HF_DUE_UNKNOWN] = "not known",
    [HF_DUE_GROUP_COUNT] = NULL,
};
/* clang-format on */

void
hf_dues_init(struct hf_dues *out, const struct hf_fleet *fleet,
             const struct hf_what_if *what_if, int64_t now, int64_t until)
{
    *out = (struct hf_dues){.cal = fleet->calendar, .until = until};
    hf_outlook_init(&out->outlook, fleet->catalogue, fleet->calendar, what_if,
                    now);
}

void
hf_dues_release(struct hf_dues *d)
{
    for (size_t i = 0; i < d->len; i++) {
        free(d->v[i]->steps);
        free(d->v[i]);
    }
    free(d->v);
    free(d->of);
    free(d->slots);
    *d = (struct hf_dues){0};
}

/* ---- one answer ---- */

/* The first restart window from `from` on. */
static void
find_window(struct hf_period *out, const struct hf_dues *d,
            const struct hf_host *host, int64_t from)
{
    if (hf_calendar_window(d->cal, host, HF_RULE_RESTART, from, out) ==
        HF_OPEN_NEVER)
        *out = (struct hf_period){.from = HF_NEVER, .to = HF_NEVER};
}

/* The window that serves a restart. What ends on a day wants one before it,
 * not long before; all else one from its day on. `from`: not before then. */
static void
serve(struct hf_period *out, int64_t *from, const struct hf_dues *d,
      const struct hf_host *host, const struct hf_forced *f)
{
    int64_t now = d->outlook.now;
    int64_t ahead = f->force == HF_FORCE_SUPPORT ? AHEAD_MS : 0;

    do {
        *from = f->at - ahead > now ? f->at - ahead : now;
        find_window(out, d, host, *from);
        ahead *= 2;
    } while (ahead && out->from > f->by && *from > now);
}

/* Has a window passed since `at`? */
static int
is_missed(const struct hf_dues *d, const struct hf_host *host, int64_t at)
{
    struct hf_period window;

    if (at >= d->outlook.now)
        return 0;
    find_window(&window, d, host, at);
    return window.to <= d->outlook.now;
}

static enum hf_due_group
group_of(const struct hf_due *due, const struct hf_dues *d,
         const struct hf_state *st)
{
    const struct hf_forced *f = &due->forced;
    int64_t now = d->outlook.now;

    if (f->force == HF_FORCE_UNKNOWN)
        return HF_DUE_UNKNOWN;
    if (st->status.reboot == HF_REBOOT_SCHEDULED)
        return HF_DUE_SCHEDULED;
    if (due->window.from == HF_NEVER)
        return HF_DUE_NO_WINDOW;
    if (st->status.reboot == HF_REBOOT_OVERDUE || (f->by && f->by <= now) ||
        is_missed(d, st->host, f->at))
        return HF_DUE_OVERDUE;
    if (due->too_late)
        return HF_DUE_NO_WINDOW;
    return f->at <= now ? HF_DUE_NOW : HF_DUE_FORECAST;
}

/* What must be over by a day may take a window from its beginning on. */
static int64_t
opens_at(const struct hf_period *window, int64_t from, int64_t now,
         const struct hf_forced *f)
{
    if (window->from > from ||
        (f->force == HF_FORCE_SUPPORT && window->from > now))
        return window->from;
    return from;
}

static void
add_steps(struct hf_due *due, const struct hf_dues *d,
          const struct hf_state *st)
{
    struct hf_forced f = due->forced, next;
    struct hf_due_step steps[STEPS_MAX];
    size_t n = 0;

    while (f.at && f.at < d->until && n < STEPS_MAX) {
        struct hf_due_step *step = &steps[n++];
        struct hf_period window;
        int64_t from;

        step->at = f.at > d->outlook.now ? f.at : d->outlook.now;
        serve(&window, &from, d, st->host, &f);
        step->opens = opens_at(&window, from, d->outlook.now, &f);
        if (!hf_outlook_next(&next, &d->outlook, &st->status, &f))
            break;
        f = next;
    }
    due->steps = hf_xcalloc(n + 1, sizeof(*steps));
    due->steps_len = n;
    for (size_t i = 0; i < n; i++)
        due->steps[i] = steps[i];
}

static void
answer(struct hf_due *due, const struct hf_dues *d, const struct hf_state *st)
{
    int64_t now = d->outlook.now, from;

    serve(&due->window, &from, d, st->host, &due->forced);
    due->too_late = due->window.from != HF_NEVER && due->forced.by > now &&
                    due->window.from > due->forced.by;
    due->state = st;
    due->group = group_of(due, d, st);
    add_steps(due, d, st);
}

/* ---- hosts that stand alike ---- */

static size_t
class_of(const struct hf_dues *d, const struct hf_state *st)
{
    return d->cal ? hf_calendar_class(d->cal, st->host) : 0;
}

/* All that an answer rests on. */
static int
is_same(const struct hf_dues *d, const struct hf_due *due,
        const struct hf_forced *f, const struct hf_state *st)
{
    const struct hf_standing *a = &due->state->status, *b = &st->status;

    return due->forced.force == f->force && due->forced.sure == f->sure &&
           due->forced.at == f->at && due->forced.by == f->by &&
           due->forced.row == f->row && due->forced.flags == f->flags &&
           a->product == b->product && a->coverage == b->coverage &&
           a->reboot == b->reboot && a->covered_until == b->covered_until &&
           a->restart_within == b->restart_within &&
           class_of(d, due->state) == class_of(d, st);
}

static size_t
hash_of(const struct hf_dues *d, const struct hf_forced *f,
        const struct hf_state *st)
{
    const uint64_t parts[] = {
        (uint64_t)f->at,
        (uint64_t)f->by,
        (uint64_t)f->force,
        class_of(d, st),
        (uintptr_t)f->row,
        (uintptr_t)st->status.product,
        (uint64_t)st->status.coverage,
    };
    uint64_t h = UINT64_C(14695981039346656037);

    for (size_t i = 0; i < HF_COUNT(parts); i++)
        h = (h ^ parts[i]) * UINT64_C(1099511628211);
    return (size_t)(h ^ h >> 29);
}

static void
put_slot(struct hf_dues *d, size_t place)
{
    const struct hf_due *due = d->v[place];
    size_t at = hash_of(d, &due->forced, due->state);

    while (d->slots[at & (d->slots_len - 1)])
        at++;
    d->slots[at & (d->slots_len - 1)] = (uint32_t)place + 1;
}

static void
grow_slots(struct hf_dues *d)
{
    if (d->len * 2 < d->slots_len)
        return;
    d->slots_len = d->slots_len ? d->slots_len * 2 : SLOTS_FIRST;
    free(d->slots);
    d->slots = hf_xcalloc(d->slots_len, sizeof(*d->slots));
    for (size_t i = 0; i < d->len; i++)
        put_slot(d, i);
}

static size_t
find_answer(struct hf_dues *d, const struct hf_forced *f,
            const struct hf_state *st)
{
    struct hf_due *due;

    grow_slots(d);
    for (size_t at = hash_of(d, f, st);; at++) {
        uint32_t slot = d->slots[at & (d->slots_len - 1)];

        if (!slot)
            break;
        if (is_same(d, d->v[slot - 1], f, st))
            return slot - 1;
    }
    due = HF_NEW(struct hf_due);
    due->forced = *f;
    answer(due, d, st);
    *HF_PUSH(&d->v, &d->len, &d->cap) = due;
    put_slot(d, d->len - 1);
    return d->len - 1;
}

const struct hf_due *
hf_dues_add(struct hf_dues *d, const struct hf_state *st)
{
    struct hf_forced f;
    size_t place;

    hf_outlook_first(&f, &d->outlook, &st->status);
    place = find_answer(d, &f, st);
    d->v[place]->hosts++;
    *HF_PUSH(&d->of, &d->n, &d->of_cap) = (uint32_t)place;
    return d->v[place];
}

const struct hf_due *
hf_dues_of(const struct hf_dues *d, size_t i)
{
    return d->v[d->of[i]];
}

int64_t
hf_due_opens(const struct hf_due *due, int64_t now)
{
    const struct hf_forced *f = &due->forced;
    int64_t at = due->group == HF_DUE_SCHEDULED ? f->at
                 : due->steps_len               ? due->steps[0].opens
                                  : opens_at(&due->window, f->at, now, f);

    return at > now ? at : now;
}

int
hf_due_compare(const struct hf_due *a, const struct hf_due *b)
{
    if (a->group != b->group)
        return a->group < b->group ? -1 : 1;
    return (a->forced.at > b->forced.at) - (a->forced.at < b->forced.at);
}

/* ---- words ---- */

void
hf_due_say_window(struct hf_buf *out, const struct hf_dues *d,
                  const struct hf_due *due, const struct hf_host *host)
{
    const struct hf_period *w = &due->window;
    char at[HF_ZONE_TIME_LEN];

    if (!d->cal) {
        hf_buf_puts(out, "the fleet has no restart windows");
        return;
    }
    if (w->from == HF_NEVER) {
        hf_buf_puts(out, hf_calendar_rule(d->cal, host, HF_RULE_RESTART, 0)
                             ? "no restart window opens"
                             : "no restart window names it");
        return;
    }
    if (w->from <= d->outlook.now)
        hf_buf_printf(
            out, "open until %s",
            hf_zone_format(at, hf_calendar_zone(d->cal, host), w->to));
    else
        hf_buf_printf(
            out, "%sopens %s", due->too_late ? "too late: " : "",
            hf_zone_format(at, hf_calendar_zone(d->cal, host), w->from));
    hf_buf_printf(out, " (%s)", w->title);
}
