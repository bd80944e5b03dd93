/* The Rollback screen's list as lines; what stands around it:
 * rollback_detail.c.
 */
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/model/block.h"
#include "tui/rows/rollback_priv.h"
#include "tui/rows/words.h"

#define NAME_COLS 24
#define HOSTS_COLS 6
#define CAN_COLS 5
#define RESTART_COLS 9
#define MINUTES_COLS 5
#define LOST_COLS 16
#define DAY_COLS 11
#define WIDE_COLS 120 /* from then on a last column says more */

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
    rollback_say_day(day, g);
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
