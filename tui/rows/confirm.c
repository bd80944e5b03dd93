/* What a person reads before hosts are changed; see confirm.h. */
#include "tui/rows/confirm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "tui/rows/words.h"

#define REASONS 2 /* why hosts are left out, in the summary */

/* ---- summary ---- */

struct sums {
    size_t undo_possible, undo_restart, unknown_restart;
    int minutes, undo_minutes;
    const struct hf_strs *cves;
    const char *note;
};

static void
sum_up(struct sums *s, const struct hf_forecasts *f)
{
    *s = (struct sums){0};
    for (size_t i = 0; i < f->len; i++) {
        const struct hf_order *o = &f->v[i].order;

        if (f->v[i].skip != HF_OUTCOME_COUNT)
            continue;
        s->undo_possible += o->undo.possible != 0;
        s->undo_restart += o->undo.restart != HF_RESTART_NO;
        s->unknown_restart += o->price.restart == HF_RESTART_UNKNOWN;
        s->minutes =
            o->price.minutes > s->minutes ? o->price.minutes : s->minutes;
        s->undo_minutes = o->undo.minutes > s->undo_minutes ? o->undo.minutes
                                                            : s->undo_minutes;
        if (!s->cves || o->price.cves.len > s->cves->len)
            s->cves = &o->price.cves;
        if (!s->note && o->price.note[0])
            s->note = o->price.note;
    }
}

static void
restart_line(struct hf_doc *d, const struct hf_forecasts *f,
             const struct sums *s)
{
    struct hf_line *l = &hf_doc_add(d)->line;

    hf_line_add(l, HF_TONE_DIM, "  restarts  ");
    if (f->restarts)
        hf_line_add(l, HF_TONE_BAD, "%zu host%s will restart", f->restarts,
                    hf_plural(f->restarts));
    if (s->unknown_restart)
        hf_line_add(l, HF_TONE_WARN, "%snot known for %zu host%s",
                    f->restarts ? ", " : "", s->unknown_restart,
                    hf_plural(s->unknown_restart));
    if (!f->restarts && !s->unknown_restart)
        hf_line_add(l, HF_TONE_GOOD, "none");
}

static void
hosts_line(struct hf_doc *d, const struct hf_forecasts *f, const char *verb)
{
    struct hf_line *l = &hf_doc_add(d)->line;
    size_t left_out = f->len - f->to_do;

    hf_line_add(l, HF_TONE_DIM, "  hosts     ");
    hf_line_add(l, HF_TONE_STRONG, "%s on %zu host%s", verb, f->to_do,
                hf_plural(f->to_do));
    if (left_out)
        hf_line_add(l, HF_TONE_PLAIN, ", %zu left out", left_out);
}

/* Why in full, since a row of the list has no room for it: the first reasons,
 * each once. */
static void
left_out_lines(struct hf_doc *d, const struct hf_forecasts *f,
               const struct hf_look *look)
{
    struct {
        const char *why;
        size_t n;
    } seen[REASONS] = {0};
    size_t others = 0;

    for (size_t i = 0; i < f->len; i++) {
        size_t r = 0;

        if (f->v[i].skip == HF_OUTCOME_COUNT)
            continue;
        while (r < REASONS && seen[r].why &&
               strcmp(seen[r].why, f->v[i].why) != 0)
            r++;
        if (r == REASONS) {
            others++;
            continue;
        }
        seen[r].why = f->v[i].why;
        seen[r].n++;
    }
    if (others && f->to_do)
        return; /* the list has them, and wants the room */
    for (size_t r = 0; r < REASONS && seen[r].why; r++) {
        char *text = hf_xasprintf("%zu: %s", seen[r].n, seen[r].why);

        hf_doc_text(d, r ? "            " : "  left out  ", HF_TONE_WARN, text,
                    look->cols);
        free(text);
    }
    if (others)
        hf_line_add(&hf_doc_add(d)->line, HF_TONE_WARN,
                    "            %zu for other reasons", others);
}

static void
minutes_text(struct hf_buf *out, int minutes)
{
    if (minutes)
        hf_buf_printf(out, "about %d minute%s a host", minutes,
                      hf_plural((size_t)minutes));
    else
        hf_buf_puts(out, "under a minute a host");
}

static void
price_line(struct hf_doc *d, const struct sums *s, enum hf_action action,
           const struct hf_look *look)
{
    int undoing = action != HF_ACTION_APPLY;
    struct hf_buf text = {0};

    minutes_text(&text, s->minutes);
    if (s->cves && s->cves->len)
        hf_buf_puts(&text, undoing ? "; open again:" : "; closes");
    for (size_t i = 0; s->cves && i < s->cves->len && i < 3; i++)
        hf_buf_printf(&text, " %s", s->cves->v[i]);
    if (s->cves && s->cves->len > 3)
        hf_buf_printf(&text, " and %zu more", s->cves->len - 3);
    if (s->note)
        hf_buf_printf(&text, "; %s", s->note);
    hf_doc_text(d, "  price     ", undoing ? HF_TONE_WARN : HF_TONE_PLAIN,
                hf_buf_str(&text), look->cols);
    hf_buf_release(&text);
}

static void
undo_line(struct hf_doc *d, const struct hf_forecasts *f, const struct sums *s,
          const struct hf_look *look)
{
    int clean = s->undo_possible == f->to_do && !s->undo_restart;
    struct hf_buf text = {0};

    if (s->undo_possible < f->to_do)
        hf_buf_printf(&text, "not possible on %zu%s",
                      f->to_do - s->undo_possible,
                      s->undo_possible ? "; " : "");
    if (s->undo_restart)
        hf_buf_printf(&text, "%zu may restart; ", s->undo_restart);
    else if (s->undo_possible)
        hf_buf_puts(&text, "without restart; ");
    if (s->undo_possible)
        minutes_text(&text, s->undo_minutes);
    hf_doc_text(d, "  rollback  ", clean ? HF_TONE_PLAIN : HF_TONE_WARN,
                hf_buf_str(&text), look->cols);
    hf_buf_release(&text);
}

void
hf_confirm_summary(struct hf_doc *d, const struct hf_forecasts *f,
                   enum hf_action action, const struct hf_look *look)
{
    struct sums s;

    sum_up(&s, f);
    restart_line(d, f, &s);
    hosts_line(d, f, hf_action_names[action]);
    if (f->to_do)
        price_line(d, &s, action, look);
    if (f->to_do && action == HF_ACTION_APPLY)
        undo_line(d, f, &s, look);
    left_out_lines(d, f, look);
}

/* ---- one host ---- */

/* "26100.1 (KB1, baseline 2026-10)": the bytes before what explains it. */
static int
bare_len(const char *level)
{
    const char *open = strstr(level, " (");

    return (int)(open ? (size_t)(open - level) : strlen(level));
}

/* "6.1.0 + fix_1", "6.1.0 + fix_2": where room is short, only what differs,
 * and nothing that explains it. */
static void
level_text(char *out, size_t size, const struct hf_order *o, size_t cols,
           const struct hf_look *look)
{
    const char *from = o->level_from, *to = o->level_to;
    const char *arrow = look->ascii ? "->" : "→";
    const char *patch = strstr(from, " + "), *target = strstr(to, " + ");
    size_t base = patch ? (size_t)(patch - from) : strlen(from);
    size_t other = target ? (size_t)(target - to) : strlen(to);
    int explained = 2; /* both ends */

    if (hf_text_width(from) + hf_text_width(to) + 4 > cols && base == other &&
        strncmp(from, to, base) == 0) {
        from = patch ? patch + 3 : "no patch";
        to = target ? target + 3 : "no patch";
    }
    do
        (void)snprintf(out, size, "%.*s %s %.*s",
                       explained > 1 ? (int)strlen(from) : bare_len(from), from,
                       arrow, explained > 0 ? (int)strlen(to) : bare_len(to),
                       to);
    while (hf_text_width(out) > cols && explained-- > 0);
}

void
hf_confirm_host(struct hf_line *out, const struct hf_forecast *f,
                const struct hf_look *look)
{
    static const char *const restarts[] = {"no restart", "RESTART", "restart?"};
    int skipped = f->skip != HF_OUTCOME_COUNT;
    const struct hf_host *h = f->state->host;
    size_t used;
    char text[400];

    hf_line_clear(out);
    hf_line_add(out, HF_TONE_PLAIN, "  ");
    hf_line_cell(out, skipped ? HF_TONE_DIM : HF_TONE_PLAIN, h->name,
                 look->cols > 110 ? 28 : 18, look->ascii);
    hf_line_add(out, HF_TONE_PLAIN, " ");
    hf_line_cell(out, HF_TONE_DIM, h->ring ? h->ring : "-", 9, look->ascii);
    hf_line_add(out, HF_TONE_PLAIN, " ");
    hf_line_cell(out, skipped ? HF_TONE_WARN : HF_TONE_PLAIN,
                 skipped ? "left out" : restarts[f->order.price.restart], 10,
                 look->ascii);
    hf_line_add(out, HF_TONE_PLAIN, "  ");
    used = hf_line_width(out);
    if (look->cols <= used)
        return;
    level_text(text, sizeof(text), &f->order, look->cols - used, look);
    hf_line_cell(out, HF_TONE_PLAIN, skipped ? f->why : text, look->cols - used,
                 look->ascii);
}

/* ---- as a command ---- */

void
hf_confirm_option(struct hf_buf *out, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    hf_buf_printf(out, " --%s ", name);
    hf_shell_quote(out, value);
}

char *
hf_confirm_selector(const char *selector, const char *const *hosts, size_t n)
{
    char *spelled = selector ? hf_selector_respell(selector) : NULL;
    struct hf_buf text = {0};

    if (spelled)
        return spelled;
    /* A name needs no quotes; "name:" keeps "held" from being a flag. */
    for (size_t i = 0; i < n; i++)
        hf_buf_printf(&text, "%sname:%s", i ? " or " : "", hosts[i]);
    return hf_buf_take(&text);
}

void
hf_confirm_command(struct hf_buf *out, const struct hf_ask *ask,
                   const struct hf_forecasts *f)
{
    char *whom = hf_confirm_selector(ask->selector, ask->hosts, ask->hosts_len);

    hf_buf_printf(out, "hotfleet %s ", hf_action_names[ask->action]);
    hf_shell_quote(out, whom);
    free(whom);
    hf_confirm_option(out, "change", ask->change);
    hf_confirm_option(out, "reason", ask->reason);
    if (ask->go_on)
        hf_buf_puts(out, " --continue");
    if (ask->again)
        hf_buf_puts(out, " --again");
    if (ask->old_catalogue)
        hf_buf_puts(out, " --old-catalogue");
    hf_buf_printf(out, " --expect-hosts %zu", f->to_do);
}
