/* Everything else about the row under the cursor of the Rollback screen. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/zone.h"
#include "backend/model/block.h"
#include "tui/rows/rollback_priv.h"
#include "tui/rows/words.h"

#define WHYS_SHOWN 3
#define LABEL_COLS 13

void
rollback_say_day(char out[HF_TIME_LEN], const struct hf_rollback_group *g)
{
    hf_say(out, HF_TIME_LEN, "%s", g->off_track ? "not known" : "-");
    if (g->off_track && g->off_until)
        hf_time_format(out, g->off_until);
    out[strlen("2027-01-12")] = '\0';
}

const struct hf_rollback_group *
rollback_group_of(struct hf_rollback_group *one,
                  const struct hf_rollback_view *v, size_t row)
{
    const struct hf_rollback_item *item = &v->items[row];

    if (item->host == HF_UNDO_NONE)
        return &v->groups.v[item->group];
    hf_rollback_group_one(one, v->u, item->host);
    return one;
}

const char *
rollback_title(const struct hf_rollback_view *v, size_t row)
{
    const struct hf_rollback_item *item = &v->items[row];

    if (item->host != HF_UNDO_NONE)
        return v->u->states[item->host]->host->name;
    return hf_rollback_group_title(&v->groups, &v->groups.v[item->group]);
}

/* ---- everything about one row ---- */

struct about {
    struct hf_doc *doc;
    const struct hf_rollback_view *v;
    const struct hf_rollback_item *item;
    const struct hf_rollback_group *g;
    const struct hf_look *look;
};

static void
add_text(const struct about *a, const char *label, enum hf_tone tone,
         struct hf_buf *text)
{
    char head[32];

    hf_say(head, sizeof(head), "  %-*s", LABEL_COLS - 2, label);
    if (text->len)
        hf_doc_text(a->doc, head, tone, hf_buf_str(text), a->look->cols);
    hf_buf_release(text);
}

static void
add_leaves(const struct about *a)
{
    const struct hf_rollback_group *g = a->g;
    struct hf_buf text = {0};
    char day[HF_TIME_LEN];

    if (!g->cost)
        return;
    if (g->one_cost)
        hf_buf_puts(&text, g->cost->to);
    else
        hf_buf_puts(&text, "each host what it had before");
    rollback_say_day(day, g);
    if (g->off_track)
        hf_buf_printf(&text,
                      "; as a rule off the hotpatch track until the next "
                      "baseline%s%s",
                      g->off_until ? ", planned " : "",
                      g->off_until ? day : "");
    add_text(a, "leaves", HF_TONE_PLAIN, &text);
}

static void
add_when(const struct about *a)
{
    const struct hf_rollback_group *g = a->g;
    size_t can = g->by[HF_UNDOABLE_YES];
    char at[HF_MOMENT_LEN];
    struct hf_buf text = {0};

    if (!can)
        return;
    if (!g->waiting)
        hf_buf_puts(&text, "at once");
    else
        hf_buf_printf(&text,
                      "%zu at once, %zu in %s window%s; the first opens "
                      "%s",
                      can - g->waiting, g->waiting,
                      g->waiting == 1 ? "its" : "their", hf_plural(g->waiting),
                      hf_moment(at, g->opens, a->look));
    add_text(a, "begins", HF_TONE_PLAIN, &text);
}

/* ---- what stands in its way ---- */

static void
add_reasons(const struct about *a)
{
    const struct hf_strs *whys = &a->v->u->whys.all;
    size_t n, more = 0;
    struct hf_rollback_reason *v;

    if (a->item->host != HF_UNDO_NONE) {
        struct hf_buf text = {0};

        hf_buf_puts(&text, hf_undoables_why(a->v->u, a->item->host));
        add_text(a, "cannot", HF_TONE_WARN, &text);
        return;
    }
    v = hf_rollback_reasons(&n, a->v->u, &a->v->groups, a->item->group);
    for (size_t i = 0; i < n; i++) {
        struct hf_buf text = {0};

        if (i >= WHYS_SHOWN) {
            more += v[i].hosts;
            continue;
        }
        hf_buf_printf(&text, "%zu: %s", v[i].hosts, whys->v[v[i].why]);
        add_text(a, i ? "" : "cannot", HF_TONE_WARN, &text);
    }
    if (more) {
        struct hf_buf text = {0};

        hf_buf_printf(&text, "%zu more for other reasons", more);
        add_text(a, "", HF_TONE_DIM, &text);
    }
    free(v);
}

/* ---- what can be done ---- */

static void
add_block(const struct about *a)
{
    const struct hf_undoables *u = a->v->u;
    const char *release =
        hf_rollback_view_release_of(a->v, (size_t)(a->item - a->v->items));
    const struct hf_block *b =
        release ? hf_rollback_block(u->fleet, release, u->now) : NULL;
    struct hf_buf text = {0};

    if (!release)
        return;
    if (!b)
        hf_buf_printf(&text, "%s is not blocked: x blocks it for the fleet",
                      release);
    else
        hf_buf_printf(&text, "%s is blocked%s%s%s%s: %s", b->release,
                      b->kernel ? " for kernel " : "",
                      b->kernel ? b->kernel : "", b->by ? " by " : "",
                      b->by ? b->by : "", b->reason);
    add_text(a, "block", b ? HF_TONE_WARN : HF_TONE_DIM, &text);
}

static void
add_run(const struct about *a)
{
    const struct hf_undo_run *run = a->g->run;
    struct hf_buf text = {0};

    if (!run || a->item->host == HF_UNDO_NONE)
        return;
    hf_buf_printf(&text, "by run %s (%s)", run->id, run->what);
    add_text(a, "put in", HF_TONE_PLAIN, &text);
}

static void
add_command(const struct about *a)
{
    struct hf_buf text = {0};

    if (a->item->host == HF_UNDO_NONE) {
        hf_rollback_command(&text, a->v->by, a->g);
    } else if (a->g->cost) {
        hf_buf_puts(&text, "hotfleet rollback ");
        hf_shell_quote(&text, a->g->name);
    }
    add_text(a, "b, or", HF_TONE_DIM, &text);
}

void
hf_rollback_detail(struct hf_doc *out, const struct hf_rollback_view *v,
                   size_t row, const struct hf_look *look)
{
    struct hf_rollback_group one;
    struct about a = {.doc = out, .v = v, .look = look};

    if (row >= v->len)
        return;
    a.item = &v->items[row];
    a.g = rollback_group_of(&one, v, row);
    add_run(&a);
    add_leaves(&a);
    add_when(&a);
    add_command(&a);
    add_block(&a);
    add_reasons(&a);
}
