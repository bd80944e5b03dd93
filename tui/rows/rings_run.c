/* A run of a plan: its head in full, or a line about it. */
#include <stdlib.h>

#include "backend/base/text.h"
#include "tui/rows/rings_priv.h"
#include "tui/rows/words.h"

static const struct hf_word state_words[HF_ROLLOUT_STATE_COUNT] = {
    [HF_ROLLOUT_GOING] = {"»", ">", HF_TONE_BUSY, 0},
    [HF_ROLLOUT_IS_PAUSED] = {"!", "!", HF_TONE_WARN, 0},
    [HF_ROLLOUT_IS_HALTED] = {"✗", "x", HF_TONE_BAD, 0},
    [HF_ROLLOUT_IS_ENDING] = {"!", "!", HF_TONE_WARN, 0},
    [HF_ROLLOUT_IS_OVER] = {"✓", "+", HF_TONE_GOOD, 0},
};

/* One that is over is good when its exit says so. */
static const struct hf_word *
word_of(const struct hf_rollout_view *v)
{
    static const struct hf_word ended_badly = {"✗", "x", HF_TONE_BAD, 0};

    if (v->state == HF_ROLLOUT_IS_OVER && v->exit)
        return &ended_badly;
    return &state_words[v->state];
}

/* ---- in full ---- */

static void
add_title(const struct rings_of *of)
{
    const struct hf_word *w = word_of(of->view);
    const struct hf_plan *plan = of->run->plan;
    struct hf_doc_row *row = hf_doc_add(&of->out->doc);

    hf_line_add(&row->line, w->tone, " %s ",
                hf_word_symbol(w, of->look->ascii));
    hf_line_add(&row->line, HF_TONE_STRONG, "%s", plan->playbook.name);
    hf_line_add(&row->line, HF_TONE_PLAIN, "  run %s  ", of->run->id);
    hf_line_add(&row->line, w->tone, "%s",
                hf_rollout_state_names[of->view->state]);
    if (of->view->state == HF_ROLLOUT_IS_OVER)
        hf_line_add(&row->line, w->tone, ", exit %d", of->view->exit);
}

static void
add_plan(const struct rings_of *of)
{
    const struct hf_plan *plan = of->run->plan;
    struct hf_line *line = &hf_doc_add(&of->out->doc)->line;

    hf_line_add(line, HF_TONE_DIM, "   plan %.12s  %zu host%s", plan->hash,
                plan->hosts_len, hf_plural(plan->hosts_len));
    if (plan->change)
        hf_line_add(line, HF_TONE_PLAIN, "  change %s", plan->change);
    if (plan->simulated)
        hf_line_add(line, HF_TONE_WARN, "  simulated");
}

static void
add_text(const struct rings_of *of, const char *label, enum hf_tone tone,
         const char *text)
{
    hf_doc_text(&of->out->doc, label, tone, text, of->look->cols);
}

static void
add_releases(const struct rings_of *of)
{
    struct hf_buf all = {0};

    for (const char *const *r = of->run->plan->releases; r && *r; r++)
        hf_buf_printf(&all, "%s%s", all.len ? ", " : "", *r);
    if (all.len)
        add_text(of, "   releases ", HF_TONE_DIM, hf_buf_str(&all));
    hf_buf_release(&all);
}

static void
add_times(const struct rings_of *of)
{
    struct hf_line *line = &hf_doc_add(&of->out->doc)->line;
    char at[HF_MOMENT_LEN];

    hf_line_add(line, HF_TONE_DIM, "   began %s",
                hf_moment(at, of->view->began, of->look));
    if (of->view->ended)
        hf_line_add(line, HF_TONE_DIM, ", ended %s",
                    hf_moment(at, of->view->ended, of->look));
}

/* Why it stands still, or what it waits for. */
static void
add_standing(const struct rings_of *of)
{
    static const char *const labels[HF_ROLLOUT_STATE_COUNT] = {
        [HF_ROLLOUT_GOING] = "waits for",  [HF_ROLLOUT_IS_PAUSED] = "paused",
        [HF_ROLLOUT_IS_HALTED] = "halted", [HF_ROLLOUT_IS_ENDING] = "is ended",
        [HF_ROLLOUT_IS_OVER] = "ended",
    };
    const struct hf_rollout_view *v = of->view;
    int tells = v->who[0] && v->state != HF_ROLLOUT_GOING,
        why = v->waits_for[0];
    char *label = hf_xasprintf("   %s%s ", labels[v->state],
                               v->state != HF_ROLLOUT_GOING && why ? ":" : "");
    char *text =
        hf_xasprintf("%s%s%s%s", v->waits_for, tells && why ? ", " : "",
                     tells ? "by " : "", tells ? v->who : "");

    if (*text)
        add_text(of, label, word_of(v)->tone, text);
    free(text);
    free(label);
}

/* What a person can do about it. */
static void
add_next(const struct rings_of *of)
{
    const struct hf_rollout_view *v = of->view;
    char *text;

    if (of->run->replayed)
        return;
    if (v->wants_approval)
        add_text(of, "   next: ", HF_TONE_STRONG, "A lets that ring begin");
    if (v->superseded)
        add_text(
            of, "   next: ", HF_TONE_STRONG,
            "u finishes what was planned or plans what is newer; X ends it");
    else if (v->state == HF_ROLLOUT_IS_PAUSED ||
             v->state == HF_ROLLOUT_IS_HALTED)
        add_text(of, "   next: ", HF_TONE_STRONG,
                 "u lets it go on and accepts what was spent; X ends it");
    if (v->state == HF_ROLLOUT_IS_OVER || of->run->around.carried_out)
        return;
    if (of->run->around.unheard) {
        text = hf_xasprintf("said to it and not heard yet: %zu",
                            of->run->around.unheard);
        add_text(of, "   ", HF_TONE_WARN, text);
        free(text);
    }
    text = hf_xasprintf("hotfleet run %s", of->run->id);
    add_text(of, "   no process here carries it out (c does): ", HF_TONE_WARN,
             text);
    free(text);
}

static void
add_unread(struct hf_rings *out, const struct hf_rings_run *runs, size_t i,
           const struct hf_look *look)
{
    char *label = hf_xasprintf(" ? run %s cannot be read: ", runs[i].id);
    size_t first = out->doc.len;

    hf_doc_text(&out->doc, label, HF_TONE_BAD, runs[i].why, look->cols);
    rings_link_rest(out, first, i, -1);
    free(label);
}

void
rings_add_run(struct hf_rings *out, const struct hf_rings_run *runs, size_t i,
              const struct hf_look *look)
{
    struct hf_rollout_view view;
    struct rings_of of = {out, &runs[i], i, &view, look};

    if (!runs[i].plan) {
        add_unread(out, runs, i, look);
        return;
    }
    hf_rollout_view(runs[i].rollout, &view);
    add_title(&of);
    add_plan(&of);
    add_releases(&of);
    add_times(&of);
    add_standing(&of);
    add_next(&of);
    rings_link_rest(out, 0, i, -1);
    for (size_t ring = 0; ring < runs[i].plan->playbook.rings_len; ring++)
        rings_add_ring(&of, (int)ring);
}

/* ---- in a line ---- */

void
rings_add_other(struct hf_rings *out, const struct hf_rings_run *runs, size_t i,
                const struct hf_look *look)
{
    struct hf_rollout_counts n;
    struct hf_rollout_view v;
    const struct hf_word *w;
    struct hf_doc_row *row;
    char age[HF_TIME_LEN];

    if (!runs[i].plan) {
        add_unread(out, runs, i, look);
        return;
    }
    hf_rollout_view(runs[i].rollout, &v);
    hf_rollout_counts(runs[i].rollout, -1, &n);
    w = word_of(&v);
    row = hf_doc_add(&out->doc);
    hf_line_add(&row->line, w->tone, " %s ", hf_word_symbol(w, look->ascii));
    hf_line_add(&row->line, HF_TONE_PLAIN, "%s  %s", runs[i].id,
                runs[i].plan->playbook.name);
    hf_line_add(&row->line, w->tone, "  %s", hf_rollout_state_names[v.state]);
    hf_line_add(&row->line, HF_TONE_DIM, "  %zu of %zu",
                n.hosts - n.waiting - n.in_flight - n.asleep, n.hosts);
    hf_line_add(&row->line, HF_TONE_DIM, "  %s ago",
                hf_age_format(age, look->now, v.ended ? v.ended : v.began));
    row->link = rings_link(out, (struct hf_rings_link){i, -1, HF_RINGS_ALL, 0});
}
