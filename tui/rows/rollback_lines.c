/* The Rollback screen as lines. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/zone.h"
#include "backend/model/block.h"
#include "tui/rows/rollback_view.h"
#include "tui/rows/words.h"

#define NAME_COLS 24
#define HOSTS_COLS 6
#define CAN_COLS 5
#define RESTART_COLS 9
#define MINUTES_COLS 5
#define LOST_COLS 16
#define DAY_COLS 11
#define WIDE_COLS 120 /* from then on a last column says more */
#define WHYS_SHOWN 3
#define LABEL_COLS 13

/* ---- cells ---- */

static void
add_right(struct hf_line *out, enum hf_tone tone, size_t cols, const char *text)
{
    hf_line_add(out, tone, "%*s", (int)cols, text);
}

static void
add_count(struct hf_line *out, enum hf_tone tone, size_t cols, size_t n)
{
    hf_line_add(out, n ? tone : HF_TONE_DIM, "%*zu", (int)cols, n);
}

static void
say_minutes(char out[16], const struct hf_rollback_group *g)
{
    const char *guess = g->learned ? "" : "?";

    if (!g->minutes)
        hf_say(out, 16, "<1%s", guess);
    else
        hf_say(out, 16, "%d%s", g->minutes, guess);
}

static void
say_day(char out[HF_TIME_LEN], const struct hf_rollback_group *g)
{
    hf_say(out, HF_TIME_LEN, "%s", g->off_track ? "not known" : "-");
    if (g->off_track && g->off_until)
        hf_time_format(out, g->off_until);
    out[strlen("2027-01-12")] = '\0';
}

static void
say_lost(char out[48], const struct hf_exposure_count *c)
{
    if (c->exploited)
        hf_say(out, 48, "%zu, %zu exploited", c->open, c->exploited);
    else
        hf_say(out, 48, "%zu", c->open);
}

/* Columns that heads of groups and hosts share, but for the restarts. */
static void
add_price(struct hf_line *out, const struct hf_rollback_group *g, int ascii)
{
    char minutes[16], day[HF_TIME_LEN], lost[48];
    const struct hf_exposure_count *c = &g->lost.count;

    say_minutes(minutes, g);
    say_day(day, g);
    say_lost(lost, c);
    add_right(out, HF_TONE_PLAIN, MINUTES_COLS, minutes);
    hf_line_add(out, HF_TONE_PLAIN, "  ");
    hf_line_cell(out,
                 c->exploited ? HF_TONE_BAD
                 : c->open    ? HF_TONE_WARN
                              : HF_TONE_DIM,
                 lost, LOST_COLS, ascii);
    hf_line_cell(out, g->off_track ? HF_TONE_WARN : HF_TONE_DIM, day, DAY_COLS,
                 ascii);
}

void
hf_rollback_heads(struct hf_line *out, const struct hf_rollback_view *v,
                  const struct hf_look *look)
{
    static const char *const heads[HF_ROLLBACK_BY_COUNT] = {
        [HF_ROLLBACK_RELEASE] = "RELEASE",
        [HF_ROLLBACK_RUN] = "RUN",
        [HF_ROLLBACK_RING] = "RING",
        [HF_ROLLBACK_HOST] = "HOST",
    };

    hf_line_clear(out);
    hf_line_add(out, HF_TONE_HEAD, "  ");
    hf_line_cell(out, HF_TONE_HEAD, heads[v->by], NAME_COLS, look->ascii);
    add_right(out, HF_TONE_HEAD, HOSTS_COLS, "HOSTS");
    add_right(out, HF_TONE_HEAD, CAN_COLS, "CAN");
    add_right(out, HF_TONE_HEAD, RESTART_COLS, "RESTART");
    add_right(out, HF_TONE_HEAD, MINUTES_COLS, "MIN");
    hf_line_add(out, HF_TONE_HEAD, "  ");
    hf_line_cell(out, HF_TONE_HEAD, "CVES OPEN AGAIN", LOST_COLS, look->ascii);
    hf_line_cell(out, HF_TONE_HEAD, "OFF UNTIL", DAY_COLS, look->ascii);
    if (look->cols >= WIDE_COLS)
        hf_line_add(out, HF_TONE_HEAD, " %s",
                    v->by == HF_ROLLBACK_RUN ? "WHAT IT WAS" : "LEAVES");
}

/* ---- rows ---- */

/* What a group of no release is called is no name. */
static void
add_name(struct hf_line *out, const struct hf_rollback_view *v,
         const struct hf_rollback_item *item, const struct hf_look *look)
{
    const struct hf_rollback_group *g = &v->groups.v[item->group];
    const char *title = hf_rollback_group_title(&v->groups, g);
    int blocked = v->by == HF_ROLLBACK_RELEASE && g->name &&
                  hf_rollback_block(v->u->fleet, g->name, v->u->now);
    size_t width = hf_text_width(title);
    char *key = hf_xasprintf("%s %s", hf_rollback_by_names[v->by],
                             g->name ? g->name : "");

    hf_line_add(out, HF_TONE_PLAIN, "%s ",
                hf_fold_sign(!hf_strs_has(&v->opened, key), look->ascii));
    free(key);
    if (!blocked || width + 9 > NAME_COLS) {
        hf_line_cell(out, g->name ? HF_TONE_STRONG : HF_TONE_PLAIN, title,
                     NAME_COLS, look->ascii);
        return;
    }
    hf_line_add(out, HF_TONE_STRONG, "%s ", title);
    hf_line_cell(out, HF_TONE_WARN, "blocked", NAME_COLS - width - 1,
                 look->ascii);
}

static void
add_rest(struct hf_line *out, const char *text, const struct hf_look *look)
{
    size_t used = hf_line_width(out) + 1;

    if (look->cols <= used + 4)
        return;
    hf_line_add(out, HF_TONE_PLAIN, " ");
    hf_line_cell(out, HF_TONE_DIM, text, look->cols - used, look->ascii);
}

static void
add_group(struct hf_line *out, const struct hf_rollback_view *v,
          const struct hf_rollback_item *item, const struct hf_look *look)
{
    const struct hf_rollback_group *g = &v->groups.v[item->group];

    add_name(out, v, item, look);
    add_count(out, HF_TONE_PLAIN, HOSTS_COLS, g->hosts);
    add_count(out, HF_TONE_GOOD, CAN_COLS, g->by[HF_UNDOABLE_YES]);
    if (!g->cost)
        return;
    if (g->maybe_restarts)
        hf_line_add(out, HF_TONE_WARN, "%*zu?", RESTART_COLS - 1,
                    g->restarts + g->maybe_restarts);
    else
        add_count(out, HF_TONE_WARN, RESTART_COLS, g->restarts);
    add_price(out, g, look->ascii);
    if (look->cols >= WIDE_COLS)
        add_rest(out,
                 g->run        ? g->run->what
                 : g->one_cost ? g->cost->to
                               : "each host what it had before",
                 look);
}

/* Who cannot be taken back says why, in place of a price. */
static void
add_host(struct hf_line *out, const struct hf_rollback_view *v, uint32_t host,
         const struct hf_look *look)
{
    const struct hf_state *st = v->u->states[host];
    struct hf_rollback_group one;
    int can = v->u->v[host].state == HF_UNDOABLE_YES;

    hf_rollback_group_one(&one, v->u, host);
    hf_line_add(out, HF_TONE_PLAIN, "    ");
    hf_line_cell(out, HF_TONE_PLAIN, st->host->name, NAME_COLS - 2,
                 look->ascii);
    hf_line_cell(out, HF_TONE_DIM, st->host->ring ? st->host->ring : "",
                 HOSTS_COLS, look->ascii);
    add_right(out, can ? HF_TONE_GOOD : HF_TONE_WARN, CAN_COLS,
              can ? "yes" : "no");
    if (!can) {
        hf_line_add(out, HF_TONE_PLAIN, " ");
        add_rest(out, hf_undoables_why(v->u, host), look);
        return;
    }
    add_right(out, one.restarts ? HF_TONE_WARN : HF_TONE_DIM, RESTART_COLS,
              one.cost ? hf_restart_names[one.cost->restart] : "-");
    add_price(out, &one, look->ascii);
    if (look->cols >= WIDE_COLS && one.cost)
        add_rest(out, one.cost->to, look);
}

void
hf_rollback_line(struct hf_line *out, const struct hf_rollback_view *v,
                 size_t row, const struct hf_look *look)
{
    const struct hf_rollback_item *item = &v->items[row];

    hf_line_clear(out);
    if (item->host == HF_UNDO_NONE)
        add_group(out, v, item, look);
    else
        add_host(out, v, item->host, look);
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
say_restarts(struct hf_buf *out, const struct hf_rollback_group *g)
{
    if (g->restarts)
        hf_buf_printf(out, "%zu restart%s", g->restarts,
                      hf_plural(g->restarts));
    if (g->maybe_restarts)
        hf_buf_printf(out, "%s%zu that may restart", g->restarts ? ", " : "",
                      g->maybe_restarts);
    if (!g->restarts && !g->maybe_restarts)
        hf_buf_puts(out, "no restart");
}

static void
add_costs(const struct about *a)
{
    const struct hf_rollback_group *g = a->g;
    struct hf_buf text = {0};

    if (!g->cost)
        return;
    say_restarts(&text, g);
    if (g->minutes)
        hf_buf_printf(&text, "; %s%d minute%s a host",
                      g->one_cost ? "" : "up to ", g->minutes,
                      hf_plural((size_t)g->minutes));
    else
        hf_buf_puts(&text, "; under a minute a host");
    hf_buf_puts(&text, g->learned ? ", as measured before"
                                  : " (a guess: none was measured)");
    add_text(a, "price", HF_TONE_PLAIN, &text);
}

static void
add_protection(const struct about *a)
{
    const struct hf_exposure_count *c = &a->g->lost.count;
    struct hf_buf text = {0};

    if (!a->g->cost)
        return;
    if (!c->open) {
        hf_buf_puts(&text, "the catalogue names no CVE that it closes");
    } else {
        hf_buf_printf(&text, "%zu CVE%s open again", c->open,
                      hf_plural(c->open));
        if (c->exploited)
            hf_buf_printf(&text, ", %zu of them exploited", c->exploited);
        if (c->worst)
            hf_buf_printf(&text, "; the worst: %s, %s", c->worst->id,
                          c->worst->score);
    }
    add_text(a, "protection",
             c->exploited ? HF_TONE_BAD
             : c->open    ? HF_TONE_WARN
                          : HF_TONE_PLAIN,
             &text);
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
    say_day(day, g);
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
    a.g = &v->groups.v[a.item->group];
    if (a.item->host != HF_UNDO_NONE) {
        hf_rollback_group_one(&one, v->u, a.item->host);
        a.g = &one;
    }
    add_run(&a);
    add_costs(&a);
    add_protection(&a);
    add_leaves(&a);
    add_when(&a);
    add_command(&a);
    add_block(&a);
    add_reasons(&a);
}
