/*
 * What taking back one row would cost, at a glance: how many hosts; restarts
 * and time; protection that is lost, and until when the track is left.
 */
#include "backend/base/text.h"
#include "tui/rows/rollback_priv.h"

/* ---- whom ---- */

static void
sum_hosts(struct hf_line *out, const struct hf_rollback_group *g,
          const char *title)
{
    size_t can = g->by[HF_UNDOABLE_YES];

    hf_line_add(out, HF_TONE_PLAIN, " %s", g->name ? "Taking back " : "");
    hf_line_add(out, HF_TONE_STRONG, "%s", title);
    hf_line_add(out, can ? HF_TONE_PLAIN : HF_TONE_WARN, ": %zu of %zu host%s",
                can, g->hosts, hf_plural(g->hosts));
    if (!can)
        hf_line_add(out, HF_TONE_WARN, " now%s",
                    g->cost ? "; without what stands in the way:" : "");
}

/* ---- restarts and time ---- */

static void
add_part(struct hf_line *out, enum hf_tone tone, size_t n, const char *what)
{
    if (n)
        hf_line_add(out, tone, "%s %zu %s", hf_line_width(out) ? "," : "  ", n,
                    what);
}

static void
add_restarts(struct hf_line *out, const struct hf_rollback_group *g)
{
    size_t priced = g->by[HF_UNDOABLE_YES] ? g->by[HF_UNDOABLE_YES]
                                           : g->by[HF_UNDOABLE_BLOCKED];

    add_part(out, HF_TONE_GOOD, priced - g->restarts - g->maybe_restarts,
             "without a restart");
    add_part(out, HF_TONE_WARN, g->restarts,
             g->restarts == 1 ? "restarts" : "restart");
    add_part(out, HF_TONE_WARN, g->maybe_restarts, "may restart");
}

static void
sum_time(struct hf_line *out, const struct hf_rollback_group *g)
{
    add_restarts(out, g);
    if (g->minutes)
        hf_line_add(out, HF_TONE_PLAIN, "; about %d minute%s a host",
                    g->minutes, hf_plural((size_t)g->minutes));
    else
        hf_line_add(out, HF_TONE_PLAIN, "; under a minute a host");
    hf_line_add(out, HF_TONE_DIM, " (%s)", g->learned ? "measured" : "a guess");
}

/* ---- protection ---- */

static void
sum_lost(struct hf_line *out, const struct hf_rollback_group *g)
{
    const struct hf_exposure_count *c = &g->lost.count;
    char day[HF_TIME_LEN];

    if (c->open)
        hf_line_add(out, HF_TONE_WARN, "   %zu CVE%s open again", c->open,
                    hf_plural(c->open));
    else
        hf_line_add(out, HF_TONE_PLAIN, "   no known CVE is open again");
    if (c->exploited)
        hf_line_add(out, HF_TONE_BAD, ", %zu of them exploited", c->exploited);
    if (g->off_track) {
        rollback_say_day(day, g);
        hf_line_add(out, HF_TONE_WARN, "; off the track until %s",
                    g->off_until ? day : "a day that is not known");
    }
    if (c->worst)
        hf_line_add(out, HF_TONE_DIM, "; the worst: %s, %s", c->worst->id,
                    c->worst->score);
}

void
hf_rollback_sum(struct hf_line out[HF_ROLLBACK_SUM],
                const struct hf_rollback_view *v, size_t row)
{
    struct hf_rollback_group one;
    const struct hf_rollback_group *g;

    for (int i = 0; i < HF_ROLLBACK_SUM; i++)
        hf_line_clear(&out[i]);
    if (row >= v->len)
        return;
    g = rollback_group_of(&one, v, row);
    sum_hosts(&out[0], g, rollback_title(v, row));
    if (!g->cost)
        return;
    sum_time(&out[1], g);
    sum_lost(&out[2], g);
}
