/* One ring of a run: its bar, outcomes, soak, gates and budgets. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"
#include "tui/rows/rings_priv.h"
#include "tui/rows/words.h"

#define SAMPLES_SHOWN 32

static struct hf_line *
new_line(const struct rings_of *of)
{
    return &hf_doc_add(&of->out->doc)->line;
}

static const struct hf_playbook_ring *
ring_of(const struct rings_of *of, int ring)
{
    return &of->run->plan->playbook.rings[ring];
}

/* ---- the bar ---- */

/* Parts of a bar, in their order; a cell shows the one that matters most. */
struct part {
    const char *cell, *ascii;
    enum hf_tone tone;
    size_t hosts;
};
enum { PART_GOOD, PART_LEFT_OUT, PART_TROUBLE, PART_BUSY, PART_WAITING, PARTS };

static int
part_of(enum hf_outcome outcome)
{
    if (hf_outcome_words[outcome].tone == HF_TONE_GOOD)
        return PART_GOOD;
    return hf_outcome_words[outcome].rank < HF_RANK_FINE ? PART_TROUBLE
                                                         : PART_LEFT_OUT;
}

static void
fill_parts(struct part parts[PARTS], const struct hf_rollout_counts *n)
{
    for (int i = 0; i < HF_OUTCOME_COUNT; i++)
        parts[part_of((enum hf_outcome)i)].hosts += n->by_outcome[i];
    parts[PART_BUSY].hosts = n->in_flight;
    parts[PART_WAITING].hosts = n->waiting + n->asleep;
}

/* The part that the hosts [from, to) of the bar are shown as: trouble when
 * there is any, else what the first of them is. */
static const struct part *
cell_of(const struct part parts[PARTS], size_t from, size_t to)
{
    const struct part *found = NULL;
    size_t at = 0;

    for (int i = 0; i < PARTS; at += parts[i++].hosts) {
        if (at >= to || at + parts[i].hosts <= from)
            continue;
        if (!found || i == PART_TROUBLE)
            found = &parts[i];
    }
    return found ? found : &parts[PART_WAITING];
}

static void
add_bar(struct hf_line *line, const struct hf_rollout_counts *n,
        const struct hf_look *look)
{
    struct part parts[PARTS] = {
        [PART_GOOD] = {"█", "#", HF_TONE_GOOD, 0},
        [PART_LEFT_OUT] = {"-", "-", HF_TONE_PLAIN, 0},
        [PART_TROUBLE] = {"x", "x", HF_TONE_BAD, 0},
        [PART_BUSY] = {"▒", "=", HF_TONE_BUSY, 0},
        [PART_WAITING] = {"░", ".", HF_TONE_DIM, 0},
    };
    size_t cols = look->cols > 110 ? 48 : 24;

    fill_parts(parts, n);
    for (size_t i = 0; i < cols; i++) {
        size_t from = i * n->hosts / cols, to = (i + 1) * n->hosts / cols;
        const struct part *p = cell_of(parts, from, to > from ? to : from + 1);

        hf_line_add(line, p->tone, "%s", look->ascii ? p->ascii : p->cell);
    }
}

/* ---- its head ---- */

static const struct hf_word *
place_word(const struct rings_of *of, int ring)
{
    static const struct hf_word done = {"✓", "+", HF_TONE_GOOD, 0},
                                here = {"»", ">", HF_TONE_BUSY, 0},
                                later = {"·", ".", HF_TONE_DIM, 0};

    if (ring < of->view->ring)
        return &done;
    if (ring > of->view->ring || of->view->state == HF_ROLLOUT_IS_OVER)
        return &later;
    return &here;
}

static void
add_head(const struct rings_of *of, int ring, const struct hf_rollout_counts *n)
{
    const struct hf_word *w = place_word(of, ring);
    struct hf_doc_row *row = hf_doc_add(&of->out->doc);
    size_t done = n->hosts - n->waiting - n->in_flight - n->asleep;
    size_t batches = of->run->plan->rings[ring].batches;

    hf_line_add(&row->line, w->tone, " %s ",
                hf_word_symbol(w, of->look->ascii));
    hf_line_cell(&row->line, HF_TONE_STRONG, ring_of(of, ring)->name,
                 of->look->cols > 110 ? 24 : 14, of->look->ascii);
    hf_line_add(&row->line, HF_TONE_PLAIN, " ");
    add_bar(&row->line, n, of->look);
    hf_line_add(&row->line, HF_TONE_STRONG, "  %zu of %zu", done, n->hosts);
    if (ring == of->view->ring && batches > 1 &&
        (size_t)of->view->batch < batches)
        hf_line_add(&row->line, HF_TONE_DIM, "  batch %d of %zu",
                    of->view->batch + 1, batches);
}

/* ---- what came out ---- */

static void
add_count(const struct rings_of *of, int ring, int set, size_t n,
          const struct hf_word *w)
{
    struct hf_doc_row *row;

    if (!n)
        return;
    row = hf_doc_add(&of->out->doc);
    hf_line_add(&row->line, w->tone, "     %s ",
                hf_word_symbol(w, of->look->ascii));
    hf_line_add(&row->line, HF_TONE_PLAIN, "%zu %s", n, rings_set_name(set));
    row->link =
        rings_link(of->out, (struct hf_rings_link){of->at, ring, set, 0});
}

/* What needs a person first comes first. */
static void
add_counts(const struct rings_of *of, int ring,
           const struct hf_rollout_counts *n)
{
    static const struct hf_word busy = {"»", ">", HF_TONE_BUSY, 0},
                                asleep = {"○", "o", HF_TONE_PLAIN, 0},
                                waiting = {"·", ".", HF_TONE_DIM, 0};

    for (int rank = 0; rank < HF_OUTCOME_COUNT; rank++) {
        for (int i = 0; i < HF_OUTCOME_COUNT; i++) {
            if (hf_outcome_words[i].rank == rank)
                add_count(of, ring, i, n->by_outcome[i], &hf_outcome_words[i]);
        }
    }
    add_count(of, ring, HF_RINGS_IN_FLIGHT, n->in_flight, &busy);
    add_count(of, ring, HF_RINGS_ASLEEP, n->asleep, &asleep);
    add_count(of, ring, HF_RINGS_WAITING, n->waiting, &waiting);
}

/* ---- soak ---- */

static void
add_soak(const struct rings_of *of, int ring)
{
    int64_t left = of->view->soak_until - of->look->now;
    char span[HF_TIME_LEN], at[HF_MOMENT_LEN];
    struct hf_line *line;

    if (ring != of->view->ring || !of->view->soaking)
        return;
    line = new_line(of);
    hf_line_add(line, HF_TONE_BUSY, "     soak ");
    if (left > 0)
        hf_line_add(line, HF_TONE_STRONG, "%s left",
                    hf_span_format(span, left - left % 1000));
    else
        hf_line_add(line, HF_TONE_STRONG, "over");
    hf_line_add(line, HF_TONE_DIM, ", until %s",
                hf_moment(at, of->view->soak_until, of->look));
}

/* ---- gates ---- */

struct sample_sign {
    const char *sign, *ascii;
    enum hf_tone tone;
    const char *word;
};
/* The height says it where colours do not. */
static const struct sample_sign sample_signs[HF_SAMPLE_COUNT] = {
    [HF_SAMPLE_PASS] = {"▁", "_", HF_TONE_GOOD, "passed"},
    [HF_SAMPLE_FAIL] = {"█", "X", HF_TONE_BAD, "failed"},
    [HF_SAMPLE_UNCLEAR] = {"▄", "?", HF_TONE_WARN, "unclear"},
};

static void
add_samples(struct hf_line *line, const uint8_t *v, size_t n, int ascii)
{
    size_t by[HF_SAMPLE_COUNT] = {0};
    const char *sep = "  ";

    for (size_t i = 0; i < n; i++) {
        const struct sample_sign *s = &sample_signs[v[i]];

        by[v[i]]++;
        hf_line_add(line, s->tone, "%s", ascii ? s->ascii : s->sign);
    }
    for (int i = 0; i < HF_SAMPLE_COUNT; i++) {
        if (!by[i])
            continue;
        hf_line_add(line, sample_signs[i].tone, "%s%zu %s", sep, by[i],
                    sample_signs[i].word);
        sep = ", ";
    }
}

/* What ran out counts no more, unless the ring was over by then. */
static void
add_sign_off(const struct rings_of *of, struct hf_line *line, int ring,
             int gate)
{
    const struct hf_sign_off *s =
        hf_rollout_signed(of->run->rollout, ring, gate);
    int counts = ring < of->view->ring || s->until > of->look->now;
    char at[HF_MOMENT_LEN];

    if (!s->at)
        return;
    hf_line_add(line, counts ? HF_TONE_GOOD : HF_TONE_WARN, "  %s %s by %s",
                counts ? "given" : "ran out; given",
                hf_moment(at, s->at, of->look), s->who);
}

static void
add_gate(const struct rings_of *of, int ring, int gate)
{
    const struct hf_gate *g = &of->run->plan->playbook.gates[gate];
    uint8_t samples[SAMPLES_SHOWN];
    size_t n = hf_rollout_samples(of->run->rollout, ring, gate, samples,
                                  SAMPLES_SHOWN);
    struct hf_line *line = new_line(of);

    hf_line_add(line, HF_TONE_PLAIN, "     %s ",
                g->kind == HF_GATE_SIGNOFF ? "sign-off" : "gate");
    hf_line_add(line, HF_TONE_STRONG, "%s", g->name);
    if (g->mode == HF_GATE_WATCH)
        hf_line_add(line, HF_TONE_DIM, " (never in the way)");
    hf_line_add(line, HF_TONE_PLAIN, "  ");
    if (g->kind == HF_GATE_SIGNOFF) {
        hf_line_add(line, HF_TONE_DIM, "by %s", g->who ? g->who : "its owner");
        add_sign_off(of, line, ring, gate);
    } else if (n) {
        add_samples(line, samples, n, of->look->ascii);
    } else {
        hf_line_add(line, HF_TONE_DIM, "no sample yet, %d wanted", g->count);
    }
}

/* ---- budgets ---- */

/* The scope in which least is left, or -1: no bound at all. A batch's account
 * is that of the ring where the run is. */
static int
tightest(const struct rings_of *of, int ring, enum hf_budget_kind kind,
         int *left, int *allowed)
{
    int found = -1, spent, most;

    for (int scope = 0; scope < HF_SCOPE_COUNT; scope++) {
        if (scope == HF_SCOPE_BATCH && ring != of->view->ring)
            continue;
        hf_rollout_budget(of->run->rollout, ring, kind,
                          (enum hf_budget_scope)scope, &spent, &most);
        if (most == HF_BUDGET_OPEN || (found >= 0 && most - spent >= *left))
            continue;
        found = scope;
        *left = most - spent;
        *allowed = most;
    }
    return found;
}

static void
add_budget(const struct rings_of *of, int ring)
{
    struct hf_buf text = {0};
    int exceeded = 0;

    for (int i = 0; i < HF_BUDGET_KIND_COUNT; i++) {
        int left = 0, allowed = 0;
        int scope = tightest(of, ring, (enum hf_budget_kind)i, &left, &allowed);

        exceeded |= left < 0;
        hf_buf_printf(&text, "%s%s ", i ? ", " : "", hf_budget_names[i]);
        if (scope < 0)
            hf_buf_puts(&text, "unbounded");
        else
            hf_buf_printf(&text, "%d of %d", left < 0 ? 0 : left, allowed);
        if (scope >= 0 && left < 0)
            hf_buf_printf(&text, " (%d over)", -left);
        if (scope >= 0 && scope != HF_SCOPE_RUN)
            hf_buf_printf(&text, " a %s", hf_scope_names[scope]);
    }
    hf_doc_text(&of->out->doc, "     budget left  ",
                exceeded ? HF_TONE_BAD : HF_TONE_PLAIN, hf_buf_str(&text),
                of->look->cols);
    hf_buf_release(&text);
}

/* ---- the whole ---- */

/* Where the run is, or was. */
static void
add_watch(const struct rings_of *of, int ring)
{
    const struct hf_playbook_ring *r = ring_of(of, ring);

    add_soak(of, ring);
    for (size_t i = 0; i < r->gates_len; i++)
        add_gate(of, ring, r->gates[i]);
    if (of->view->state != HF_ROLLOUT_IS_OVER)
        add_budget(of, ring);
}

void
rings_add_ring(const struct rings_of *of, int ring)
{
    struct hf_rollout_counts n;
    size_t first;

    hf_rollout_counts(of->run->rollout, ring, &n);
    (void)hf_doc_add(&of->out->doc);
    first = of->out->doc.len;
    add_head(of, ring, &n);
    add_counts(of, ring, &n);
    if (ring <= of->view->ring)
        add_watch(of, ring);
    rings_link_rest(of->out, first, of->at, ring);
}
