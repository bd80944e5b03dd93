/* What a quarterly review asks for. */
#include "playbooks/review.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"

#define AHEAD (366 * HF_DAY_MS) /* so far forced restarts are looked for */

const char *const hf_noted_names[HF_NOTED_COUNT + 1] = {
    "failed",      "unverified", "taken-back", "fallback",
    "break-glass", "restart",    NULL,
};

/* ---- what a run left behind ---- */

static int
has_failed(const struct hf_glance *run)
{
    return run->outcome == HF_OUTCOME_FAILED;
}

static int
has_no_proof(const struct hf_glance *run)
{
    return run->outcome == HF_OUTCOME_UNVERIFIED;
}

static int
was_taken_back(const struct hf_glance *run)
{
    return run->action == HF_ACTION_ROLLBACK &&
           run->outcome == HF_OUTCOME_VERIFIED;
}

static int
fell_back(const struct hf_glance *run)
{
    return run->action == HF_ACTION_APPLY && (run->marks & HF_PAST_FELL_BACK);
}

static int
broke_glass(const struct hf_glance *run)
{
    return run->marks & HF_PAST_BROKE_GLASS;
}

/* A run may be several of these. Its reason is told where that says more than
 * how it ended. */
static const struct {
    enum hf_noted kind;
    int (*is)(const struct hf_glance *run);
    const char *why; /* the fact that says it; NULL: how it ended */
} rows[] = {
    {HF_NOTED_FAILED, has_failed, NULL},
    {HF_NOTED_UNVERIFIED, has_no_proof, NULL},
    {HF_NOTED_ROLLBACK, was_taken_back, HF_PAST_REASON},
    {HF_NOTED_FALLBACK, fell_back, NULL},
    {HF_NOTED_GLASS, broke_glass, HF_PAST_GLASS},
};

static struct hf_note *
add_note(struct hf_review *q, enum hf_noted kind, const struct hf_host *host,
         int64_t at)
{
    struct hf_note *note = HF_PUSH(&q->notes, &q->notes_len, &q->notes_cap);

    *note = (struct hf_note){.kind = kind, .host = host, .at = at};
    q->noted[kind]++;
    return note;
}

static void
note_as(struct hf_review *q, size_t row, const struct hf_host *host,
        const struct hf_history *h, size_t i)
{
    struct hf_moment m;
    struct hf_note *note;
    const char *why = NULL;

    hf_history_get(h, i, &m);
    if (rows[row].why)
        why = hf_facts_get(&m.record.facts, rows[row].why);
    note = add_note(q, rows[row].kind, host, m.at);
    memcpy(note->run, m.record.recent.run, sizeof(note->run));
    memcpy(note->action, m.record.recent.action, sizeof(note->action));
    hf_say(note->why, sizeof(note->why), "%s", why ? why : m.record.recent.why);
    hf_record_release(&m.record);
}

static void
note_run(struct hf_review *q, const struct hf_host *host,
         const struct hf_history *h, size_t i)
{
    for (size_t row = 0; row < HF_COUNT(rows); row++) {
        if (rows[row].is(hf_history_glance(h, i)))
            note_as(q, row, host, h, i);
    }
}

/* ---- restarts that no run made ---- */

/* One of a host's moments; texts are the history's. */
struct step {
    int64_t at;
    int is_run;
    const char *before, *after; /* boot ids or NULL; facts: both the same */
};

struct steps {
    struct step *v;
    size_t len, cap;
};

static void
add_step(struct steps *all, const struct hf_history *h, size_t i)
{
    const struct hf_glance *g = hf_history_glance(h, i);
    struct step *step = HF_PUSH(&all->v, &all->len, &all->cap);

    *step = (struct step){.at = g->at, .is_run = g->is_run};
    step->after = hf_history_fact(h, i, 0, "boot.id");
    step->before =
        g->is_run ? hf_history_fact(h, i, 1, "boot.id") : step->after;
}

/* Do runs lead from the boot that was seen last to the other? One that does not
 * know where it came out is taken to: what is not known is blamed on nobody. */
static int
runs_lead(const struct steps *all, const struct step *seen, const char *to)
{
    const char *from = seen->after;

    for (size_t i = 0; i < all->len; i++) {
        const struct step *run = &all->v[i];

        if (!run->is_run || !run->before || !hf_boot_same(run->before, from))
            continue;
        if (!run->after && run->at >= seen->at)
            return 1;
        if (run->after && hf_boot_same(run->after, to))
            return 1;
        if (run->after)
            from = run->after;
    }
    return 0;
}

static void
note_moved(struct hf_review *q, const struct hf_host *host,
           const struct steps *all)
{
    const struct step *before = NULL;

    for (size_t i = 0; i < all->len; i++) {
        const struct step *seen = &all->v[i];

        if (seen->is_run || !seen->after)
            continue;
        if (before && seen->at >= q->from &&
            !hf_boot_same(before->after, seen->after) &&
            !runs_lead(all, before, seen->after))
            (void)add_note(q, HF_NOTED_RESTART, host, seen->at);
        before = seen;
    }
}

/* From the last facts before the time on, or from the beginning. Where facts
 * were told once only, nothing can have moved. */
static void
note_restarts(struct hf_review *q, const struct hf_host *host,
              struct steps *all, const struct hf_history *h,
              struct hf_chapter of, size_t end)
{
    size_t first = hf_history_since(h, of, q->from), facts = 0;

    while (first > of.first && hf_history_glance(h, first - 1)->is_run)
        first--;
    if (first > of.first)
        first--;
    for (size_t i = first; i < end; i++)
        facts += !hf_history_glance(h, i)->is_run;
    if (facts < 2)
        return;
    all->len = 0;
    for (size_t i = first; i < end; i++)
        add_step(all, h, i);
    note_moved(q, host, all);
}

/* ---- the walk through the past ---- */

static int
newest_first(const void *a, const void *b)
{
    const struct hf_note *x = a, *y = b;

    if (x->at != y->at)
        return (x->at < y->at) - (x->at > y->at);
    if (x->host != y->host)
        return x->host < y->host ? -1 : 1;
    return (int)x->kind - (int)y->kind;
}

static void
note_all(struct hf_review *q, const struct hf_history *h,
         const struct hf_fleet *fleet, const unsigned char *wanted)
{
    struct steps steps = {0};

    for (size_t k = 0; k < hf_history_hosts(h); k++) {
        struct hf_chapter of = hf_history_host(h, k);
        const struct hf_host *host = hf_fleet_find(fleet, of.host);
        size_t end = hf_history_since(h, of, q->until + 1);

        if (!host || !wanted[host - fleet->hosts])
            continue;
        for (size_t i = hf_history_since(h, of, q->from); i < end; i++) {
            if (hf_history_glance(h, i)->is_run)
                note_run(q, host, h, i);
        }
        note_restarts(q, host, &steps, h, of, end);
    }
    free(steps.v);
    if (q->notes_len)
        qsort(q->notes, q->notes_len, sizeof(*q->notes), newest_first);
}

static void
read_past(struct hf_review *q, const struct hf_history *h,
          const struct hf_fleet *fleet, const struct hf_state *const *states,
          size_t n)
{
    unsigned char *wanted = hf_xcalloc(fleet->hosts_len + 1, 1);

    for (size_t i = 0; i < n; i++)
        wanted[states[i]->host - fleet->hosts] = 1;
    note_all(q, h, fleet, wanted);
    free(wanted);
}

/* ---- as it is now ---- */

static void
count_due(struct hf_review *q, const struct hf_fleet *fleet,
          const struct hf_state *const *states, size_t n)
{
    struct hf_dues dues;

    hf_dues_init(&dues, fleet, NULL, q->until, q->until + AHEAD);
    for (size_t i = 0; i < n; i++)
        q->due[hf_dues_add(&dues, states[i])->group]++;
    hf_dues_release(&dues);
}

static void
find_blocks(struct hf_review *q, const struct hf_fleet *fleet)
{
    q->blocks = hf_xcalloc(fleet->blocks_len + 1, sizeof(*q->blocks));
    for (size_t i = 0; i < fleet->blocks_len; i++) {
        if (hf_block_holds(&fleet->blocks[i], q->until))
            q->blocks[q->blocks_len++] = &fleet->blocks[i];
    }
}

int
hf_review_make(struct hf_review *out, struct hf_session *s,
               const struct hf_state *const *states, size_t n, int days,
               int64_t now, struct hf_err *err)
{
    const struct hf_fleet *fleet = hf_session_fleet(s);
    struct hf_history *h = NULL;
    int rc = hf_history_open(&h, s, err);

    *out = (struct hf_review){.until = now};
    if (rc < 0)
        return rc;
    hf_compliance_count(&out->compliance, fleet, h, states, n, days, now);
    out->from = out->compliance.from;
    hf_savings_count(&out->savings, fleet, h, states, n, out->from, now);
    read_past(out, h, fleet, states, n);
    hf_history_free(h);
    hf_exposure_report_make(&out->exposure, fleet, states, n, now);
    count_due(out, fleet, states, n);
    find_blocks(out, fleet);
    return HF_OK;
}

void
hf_review_release(struct hf_review *q)
{
    hf_compliance_release(&q->compliance);
    hf_savings_release(&q->savings);
    hf_exposure_report_release(&q->exposure);
    free(q->notes);
    free(q->blocks);
    *q = (struct hf_review){0};
}
