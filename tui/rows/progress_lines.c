/* Lines of a run, and its log. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "tui/rows/progress.h"
#include "tui/rows/words.h"

/* ---- counts ---- */

void
hf_progress_bar(struct hf_line *out, const struct hf_progress *p,
                const struct hf_look *look)
{
    size_t cols = look->cols > 70 ? 40 : 20;
    size_t full = p->n ? p->done * cols / p->n : 0;
    size_t busy = p->n ? (p->done + p->in_flight) * cols / p->n - full : 0;

    for (size_t i = 0; i < cols; i++) {
        if (i < full)
            hf_line_add(out, HF_TONE_GOOD, look->ascii ? "#" : "█");
        else if (i < full + busy)
            hf_line_add(out, HF_TONE_BUSY, look->ascii ? "=" : "▒");
        else
            hf_line_add(out, HF_TONE_DIM, look->ascii ? "." : "░");
    }
    hf_line_add(out, HF_TONE_STRONG, "  %zu of %zu", p->done, p->n);
    if (p->in_flight)
        hf_line_add(out, HF_TONE_BUSY, "  %zu under way", p->in_flight);
    if (p->waiting)
        hf_line_add(out, HF_TONE_DIM, "  %zu waiting", p->waiting);
}

void
hf_progress_counts(struct hf_line *out, const struct hf_progress *p,
                   const struct hf_look *look)
{
    const char *sep = "";

    for (int rank = 0; rank < HF_OUTCOME_COUNT; rank++) {
        for (int i = 0; i < HF_OUTCOME_COUNT; i++) {
            const struct hf_word *w = &hf_outcome_words[i];

            if (w->rank != rank || !p->by_outcome[i])
                continue;
            hf_line_add(out, w->tone, "%s%s %zu %s", sep,
                        hf_word_symbol(w, look->ascii), p->by_outcome[i],
                        hf_outcome_names[i]);
            sep = "  ";
        }
    }
}

/* ---- rows ---- */

/* What the head of a group says beside its count; empty when nothing. */
static const char *
head_why(const struct hf_progress *p, size_t group)
{
    const struct hf_progress_host *h = &p->hosts[p->groups[group].example];
    int trouble = h->phase == HF_PHASE_DONE &&
                  hf_outcome_words[h->outcome].rank < HF_RANK_FINE;

    return trouble ? h->why : "";
}

/* How a host is doing, in a symbol and a word. */
static const struct hf_word *
host_word(const struct hf_progress_host *h, const char **name)
{
    static const struct hf_word busy = {"»", ">", HF_TONE_BUSY, 0};
    static const struct hf_word idle = {"·", ".", HF_TONE_DIM, 0};

    if (h->phase == HF_PHASE_DONE) {
        *name = hf_outcome_names[h->outcome];
        return &hf_outcome_words[h->outcome];
    }
    *name = h->phase == HF_PHASE_WAITING ? "waiting" : "under way";
    return h->phase == HF_PHASE_WAITING ? &idle : &busy;
}

static void
head_line(struct hf_line *out, const struct hf_progress *p, size_t group,
          const struct hf_look *look)
{
    const struct hf_progress_group *g = &p->groups[group];
    const char *why = head_why(p, group), *name;
    const struct hf_word *w = host_word(&p->hosts[g->example], &name);

    hf_line_add(out, HF_TONE_DIM, "%s ", hf_fold_sign(g->folded, look->ascii));
    hf_line_add(out, w->tone, "%s ", hf_word_symbol(w, look->ascii));
    hf_line_add(out, HF_TONE_STRONG, "%zu %s", g->count, name);
    if (*why)
        hf_line_add(out, HF_TONE_PLAIN, "  %s", why);
}

static void
host_line(struct hf_line *out, const struct hf_progress_host *h,
          const char *head, int64_t mono, const struct hf_look *look)
{
    int done = h->phase == HF_PHASE_DONE;
    int64_t took = done             ? h->ended - h->started
                   : h->phase_since ? mono - h->phase_since
                                    : -1;
    const char *text = h->hint;
    char span[HF_TIME_LEN] = "";
    size_t used;

    if (h->phase != HF_PHASE_WAITING && h->started && took >= 0)
        (void)hf_span_format(span, took);
    hf_line_add(out, HF_TONE_PLAIN, "    ");
    hf_line_cell(out, HF_TONE_PLAIN, h->name, look->cols > 110 ? 28 : 18,
                 look->ascii);
    hf_line_add(out, HF_TONE_PLAIN, " ");
    hf_line_cell(out, HF_TONE_DIM, h->ring ? h->ring : "-", 9, look->ascii);
    hf_line_add(out, HF_TONE_PLAIN, " ");
    if (!done) { /* else the group's head says it */
        hf_line_cell(out, HF_TONE_BUSY, hf_phase_names[h->phase], 14,
                     look->ascii);
        hf_line_add(out, HF_TONE_PLAIN, " ");
    }
    hf_line_cell(out, HF_TONE_DIM, span, 8, look->ascii);
    hf_line_add(out, HF_TONE_PLAIN, " ");
    used = hf_line_width(out);
    /* What the group's head says is not said again. */
    if (!*text && strcmp(h->why, head) != 0)
        text = h->why;
    if (look->cols > used)
        hf_line_cell(out, HF_TONE_PLAIN, text, look->cols - used, look->ascii);
}

void
hf_progress_line(struct hf_line *out, const struct hf_progress *p, size_t row,
                 int64_t mono, const struct hf_look *look)
{
    const struct hf_progress_item *item;

    hf_line_clear(out);
    if (row >= p->len)
        return;
    item = &p->items[row];
    if (item->host == SIZE_MAX)
        head_line(out, p, item->group, look);
    else
        host_line(out, &p->hosts[item->host], head_why(p, item->group), mono,
                  look);
}

/* ---- the log ---- */

void
hf_tail_release(struct hf_tail *t)
{
    for (size_t i = 0; i < HF_TAIL_LEN; i++) {
        free(t->v[i].host);
        free(t->v[i].text);
    }
    memset(t, 0, sizeof(*t));
}

void
hf_tail_add(struct hf_tail *t, int64_t at, const char *host, const char *text,
            enum hf_tone tone)
{
    struct hf_tail_line *line = &t->v[t->next];

    free(line->host);
    free(line->text);
    *line = (struct hf_tail_line){.at = at,
                                  .host = hf_xstrdup(host),
                                  .text = hf_sanitised(text),
                                  .tone = tone};
    t->next = (t->next + 1) % HF_TAIL_LEN;
    t->len += t->len < HF_TAIL_LEN;
}

/* Which member of an event's data is for people, and how it sounds. */
struct saying {
    enum hf_event_kind kind;
    const char *label, *key;
    enum hf_tone tone;
};

/* clang-format off */
static const struct saying sayings[] = {
    {HF_EVENT_HOST_STEP, "step ", "step", HF_TONE_DIM},
    {HF_EVENT_HOST_LOG, "", "text", HF_TONE_PLAIN},
    {HF_EVENT_HOST_OUTCOME, "", "outcome", HF_TONE_STRONG},
    {HF_EVENT_HOLD, "held: ", "why", HF_TONE_WARN},
};
/* clang-format on */

/* A log text may hold several lines. */
static void
add_lines(struct hf_tail *t, const struct hf_event *e, const struct saying *s,
          const char *text)
{
    while (*text) {
        size_t n = strcspn(text, "\n");
        char *line = hf_xasprintf("%s%.*s", s->label, (int)n, text);

        hf_tail_add(t, e->at, e->host, line, s->tone);
        free(line);
        text += n + (text[n] == '\n');
    }
}

int
hf_tail_event(struct hf_tail *t, const struct hf_event *e)
{
    for (size_t i = 0; i < HF_COUNT(sayings); i++) {
        const char *text = hf_json_str(e->data, sayings[i].key);
        const char *more = hf_json_str(
            e->data, sayings[i].kind == HF_EVENT_HOST_STEP ? "text" : "why");
        struct hf_buf all = {0};

        if (sayings[i].kind != e->kind || !text)
            continue;
        hf_buf_puts(&all, text);
        if (more && *more && sayings[i].tone != HF_TONE_PLAIN &&
            sayings[i].kind != HF_EVENT_HOLD)
            hf_buf_printf(&all, ": %s", more);
        add_lines(t, e, &sayings[i], hf_buf_str(&all));
        hf_buf_release(&all);
        return 1;
    }
    return 0;
}

const struct hf_tail_line *
hf_tail_get(const struct hf_tail *t, size_t i)
{
    if (i >= t->len)
        return NULL;
    return &t->v[(t->next + HF_TAIL_LEN - 1 - i) % HF_TAIL_LEN];
}

void
hf_tail_line_make(struct hf_line *out, const struct hf_tail_line *line,
                  const struct hf_look *look)
{
    char clock[HF_MOMENT_LEN];

    hf_line_clear(out);
    hf_line_add(out, HF_TONE_DIM, "  %.8s ",
                hf_moment_clock(clock, line->at, look));
    hf_line_cell(out, HF_TONE_DIM, line->host, look->cols > 110 ? 28 : 18,
                 look->ascii);
    hf_line_add(out, line->tone, " %s", line->text);
}
