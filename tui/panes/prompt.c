/* The typed line; see prompt.h. */
#include "tui/panes/prompt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "tui/panes/complete.h"
#include "tui/panes/draw.h"
#include "tui/panes/verbs.h"
#include "tui/term/input.h"

/* What a line is for. */
struct kind {
    const char *sign;
    int completes; /* 1: a selector; 2: a verb, then a selector */
    /* After every change of the text; may be NULL. */
    void (*changed)(struct hf_ui *ui, const char *text);
    /* Enter. Returns key flags; HF_UNUSED keeps the line open. */
    unsigned (*accept)(struct hf_ui *ui, const char *text);
    void (*cancel)(struct hf_ui *ui);
};

struct hf_prompt {
    const struct kind *kind;
    struct hf_input *input;
    struct hf_input filter, verb, answer; /* each with its own history */
    char *former;                         /* the filter before */
    char question[160];
    unsigned (*take)(struct hf_ui *ui, const char *text);
    char note[1100]; /* an error, or candidates */
    int note_bad;
};

static void *
prompt_make(void)
{
    return HF_NEW(struct hf_prompt);
}

static void
prompt_free(void *kept)
{
    struct hf_prompt *p = kept;

    hf_input_release(&p->filter);
    hf_input_release(&p->verb);
    hf_input_release(&p->answer);
    free(p->former);
    free(p);
}

static struct hf_prompt *
mine(const struct hf_ui *ui)
{
    return hf_ui_kept(ui, &hf_pane_prompt);
}

/* ---- the filter: works while it is typed ---- */

static void
filter_changed(struct hf_ui *ui, const char *text)
{
    struct hf_prompt *p = mine(ui);
    struct hf_err err = HF_ERR_INIT;

    p->note[0] = '\0';
    if (hf_fleet_view_filter(&ui->view, text, &err) < 0) {
        (void)snprintf(p->note, sizeof(p->note), "%s%s%s", err.text,
                       err.hint[0] ? " - " : "", err.hint);
        p->note_bad = 1;
        return;
    }
    hf_pane_fleet.recalc(ui);
}

static unsigned
filter_accept(struct hf_ui *ui, const char *text)
{
    (void)text;
    return mine(ui)->note_bad && mine(ui)->note[0] ? HF_UNUSED : HF_HANDLED;
}

static void
filter_cancel(struct hf_ui *ui)
{
    struct hf_err ignored = HF_ERR_INIT;

    (void)hf_fleet_view_filter(&ui->view, mine(ui)->former, &ignored);
    hf_pane_fleet.recalc(ui);
}

/* ---- answers ---- */

static unsigned
answer_accept(struct hf_ui *ui, const char *text)
{
    return mine(ui)->take(ui, text) | HF_HANDLED;
}

/* clang-format off */
static const struct kind filter_kind = {
    .sign = "/", .completes = 1, .changed = filter_changed,
    .accept = filter_accept, .cancel = filter_cancel,
};
static const struct kind verb_kind = {
    .sign = ":", .completes = 2, .accept = hf_verb_line,
};
static const struct kind answer_kind = {
    .sign = "", .accept = answer_accept,
};
/* clang-format on */

/* ---- opening ---- */

static void
open_prompt(struct hf_ui *ui, const struct kind *kind, struct hf_input *input,
            const char *text)
{
    struct hf_prompt *p = mine(ui);

    p->kind = kind;
    p->input = input;
    p->note[0] = '\0';
    p->note_bad = 0;
    hf_input_set(input, text);
    hf_ui_push(ui, &hf_pane_prompt);
}

void
hf_prompt_filter(struct hf_ui *ui)
{
    struct hf_prompt *p = mine(ui);

    free(p->former);
    p->former = hf_xstrdup(ui->view.filter);
    open_prompt(ui, &filter_kind, &p->filter, p->former ? p->former : "");
}

void
hf_prompt_verb(struct hf_ui *ui)
{
    open_prompt(ui, &verb_kind, &mine(ui)->verb, "");
}

void
hf_prompt_question(struct hf_ui *ui, const char *question, const char *about,
                   unsigned (*take)(struct hf_ui *ui, const char *text))
{
    struct hf_prompt *p = mine(ui);

    (void)snprintf(p->question, sizeof(p->question), "%s%.100s: ", question,
                   about ? about : "");
    p->take = take;
    open_prompt(ui, &answer_kind, &p->answer, "");
}

/* ---- keys ---- */

static void
list_candidates(struct hf_prompt *p, const struct hf_strs *candidates)
{
    struct hf_buf text = {0};

    for (size_t i = 0; i < candidates->len; i++)
        hf_buf_printf(&text, "%s  ", candidates->v[i]);
    (void)snprintf(p->note, sizeof(p->note), "%s", hf_buf_str(&text));
    p->note_bad = 0;
    hf_buf_release(&text);
}

static void
changed(struct hf_ui *ui)
{
    struct hf_prompt *p = mine(ui);

    p->note[0] = '\0';
    p->note_bad = 0;
    if (p->kind->changed)
        p->kind->changed(ui, hf_buf_str(&p->input->text));
}

/* As far as all candidates agree; a blank behind a single whole word. */
static unsigned
key_complete(struct hf_ui *ui, int key)
{
    struct hf_prompt *p = mine(ui);
    struct hf_strs candidates = {0};
    size_t word_len, common;
    char *before, *word;

    (void)key;
    if (!p->kind->completes)
        return HF_HANDLED;
    before = hf_xstrndup(hf_buf_str(&p->input->text), p->input->at);
    hf_complete(&candidates, &word_len, ui, before, p->kind->completes == 2);
    free(before);
    common = hf_complete_common(&candidates);
    if (common >= word_len && common > 0) {
        word = hf_xstrndup(candidates.v[0], common);
        hf_input_insert(p->input, word, word_len);
        if (candidates.len == 1 && !strchr(":.", word[common - 1]))
            hf_input_insert(p->input, " ", 0);
        free(word);
        changed(ui);
    }
    if (candidates.len > 1)
        list_candidates(p, &candidates);
    hf_strs_release(&candidates);
    return HF_HANDLED;
}

static unsigned
key_accept(struct hf_ui *ui, int key)
{
    struct hf_prompt *p = mine(ui);
    const struct kind *kind = p->kind;
    char *text = hf_xstrdup(hf_buf_str(&p->input->text));
    unsigned got;

    (void)key;
    hf_input_remember(p->input);
    if (kind->changed && kind->accept(ui, text) == HF_UNUSED) {
        free(text);
        return HF_HANDLED; /* stays open, with what is wrong */
    }
    /* Closed first: what is accepted may open another pane. */
    hf_ui_pop(ui);
    got = kind->changed ? HF_HANDLED : kind->accept(ui, text);
    free(text);
    return got | HF_HANDLED;
}

static unsigned
key_cancel(struct hf_ui *ui, int key)
{
    (void)key;
    if (mine(ui)->kind->cancel)
        mine(ui)->kind->cancel(ui);
    hf_ui_pop(ui);
    return HF_HANDLED;
}

/* The line swallows everything: no key of the screen below works. */
static unsigned
prompt_key(struct hf_ui *ui, const struct hf_key *key)
{
    struct hf_prompt *p = mine(ui);
    int empty = p->input->text.len == 0;

    if (key->code == HF_KEY_BACKSPACE && empty)
        return key_cancel(ui, key->code);
    if (hf_input_key(p->input, key))
        changed(ui);
    return HF_HANDLED;
}

/* ---- drawing ---- */

static void
prompt_draw(struct hf_ui *ui, const struct hf_area *area)
{
    struct hf_prompt *p = mine(ui);
    const char *sign = p->kind == &answer_kind ? p->question : p->kind->sign;
    int rows = hf_screen_rows(ui->screen), cols = area->cols;
    int y = rows >= 2 ? rows - 2 : 0, x = 1 + (int)hf_text_width(sign);

    if (x > cols / 2)
        x = cols / 2;
    hf_screen_fill(ui->screen, y, 0, HF_STYLE_PLAIN, cols);
    hf_draw_text(ui, y, 1, x - 1, HF_STYLE_STRONG, "%s", sign);
    hf_draw_input(ui, y, x, cols - x - 1, p->input, 1);
    if (!p->note[0] || rows < 2)
        return;
    hf_screen_fill(ui->screen, y + 1, 0, HF_STYLE_PLAIN, cols);
    hf_draw_text(ui, y + 1, 1, cols - 2,
                 p->note_bad ? HF_STYLE_BAD : HF_STYLE_DIM, "%s", p->note);
}

/* clang-format off */
static const struct hf_key_row keys[] = {
    {{HF_KEY_ENTER}, "Done", "take the line", 0, key_accept},
    {{HF_KEY_ESC}, "Cancel", "leave everything as it was", 0, key_cancel},
    {{HF_KEY_TAB}, "Complete", "complete the word", 0, key_complete},
    {{0}},
};
/* clang-format on */

const struct hf_pane hf_pane_prompt = {
    .name = "line",
    .title = "Typed line",
    .help = "filter, verbs, answers; arrows up and down bring back former "
            "lines",
    .make = prompt_make,
    .unmake = prompt_free,
    .keys = keys,
    .key = prompt_key,
    .draw = prompt_draw,
};
