/*
 * A host's track as a picture: one line a release from its baseline to the
 * next planned one, a rail on the left, a second rail beside it where an
 * ordinary update took the host off.
 */
#include <string.h>

#include "backend/base/text.h"
#include "tui/rows/host.h"

/* Columns: "  2026-08  * |  hotpatch  KB5120228  .33222  ". */
#define MONTH_COLS 7
#define TYPE_COLS 8

struct picture {
    struct hf_doc *doc;
    const struct hf_track *track;
    const struct hf_look *look;
    int forked;        /* the second rail is there */
    size_t fork, join; /* between these stops the host is beside the track */
};

/* ---- the rails ---- */

struct sign {
    const char *utf8, *ascii;
};
/* clang-format off */
static const struct sign rail = {"│", "|"}, none = {" ", " "},
    leaves = {"├─╮", "|\\ "}, comes_back = {"├─╯", "|/ "},
    gap = {"┊", ":"}, here_sign = {"◄", "<-"};
/* Of a stop: to come, and taken. */
static const struct sign stops[2][2] = {
    {{"○", "o"}, {"●", "*"}},
    {{"□", "O"}, {"■", "#"}},
};
static const struct sign aside[2] = {{"△", "A"}, {"▲", "A"}},
    unknown = {"?", "?"};
/* clang-format on */

static const char *
text_of(const struct sign *s, const struct picture *p)
{
    return p->look->ascii ? s->ascii : s->utf8;
}

static int
is_baseline(const struct hf_stop *s)
{
    return s->type == HF_RELEASE_BASELINE ||
           s->type == HF_RELEASE_UNPLANNED_BASELINE;
}

static const struct sign *
sign_of(const struct hf_stop *s)
{
    int taken = (s->flags & HF_STOP_TAKEN) != 0;

    if (s->flags & HF_STOP_MISSING)
        return &unknown;
    return s->flags & HF_STOP_ASIDE ? &aside[taken]
                                    : &stops[is_baseline(s)][taken];
}

static int
is_beside(const struct picture *p, size_t i)
{
    return i >= p->fork && i < p->join;
}

static enum hf_tone
tone_of(const struct picture *p, size_t i)
{
    unsigned flags = p->track->v[i].flags;

    if (flags & HF_STOP_ASIDE)
        return HF_TONE_WARN;
    if (flags & HF_STOP_TAKEN)
        return HF_TONE_GOOD;
    return flags & (HF_STOP_PLANNED | HF_STOP_MISSING) || is_beside(p, i)
               ? HF_TONE_DIM
               : HF_TONE_WARN;
}

/* A line that begins with blanks for the month and one or two rails. */
static struct hf_line *
line_with_rails(const struct picture *p, size_t i, const char *month)
{
    struct hf_line *l = &hf_doc_add(p->doc)->line;
    const struct hf_stop *s = i < p->track->len ? &p->track->v[i] : NULL;
    const struct sign *first = &rail, *second = &none;
    int on_side = s && (s->flags & HF_STOP_ASIDE);

    if (is_beside(p, i))
        second = &rail;
    hf_line_add(l, HF_TONE_DIM, "  %-*s  ", MONTH_COLS, month ? month : "");
    if (month && on_side)
        second = sign_of(s);
    else if (month)
        first = sign_of(s);
    hf_line_add(l, first == &rail || !s ? HF_TONE_DIM : tone_of(p, i), "%s",
                text_of(first, p));
    if (p->forked)
        hf_line_add(l, second == &rail ? HF_TONE_DIM : HF_TONE_WARN, " %s",
                    text_of(second, p));
    hf_line_add(l, HF_TONE_PLAIN, "  ");
    return l;
}

static void
bend(const struct picture *p, const struct sign *s)
{
    struct hf_line *l = &hf_doc_add(p->doc)->line;

    hf_line_pad(l, 2 + MONTH_COLS + 2);
    hf_line_add(l, HF_TONE_DIM, "%s", text_of(s, p));
}

/* ---- words ---- */

/* Taking it restarts the host. */
static const char *
restart_word(const struct hf_stop *s)
{
    int without =
        s->row ? hf_release_line(s->row) == HF_LINE_HOTPATCH : !is_baseline(s);

    return without ? "no restart" : "restart";
}

/* "2026-10-13: next forced restart". */
static void
add_to_come(struct hf_line *l, const struct picture *p, size_t i)
{
    const struct hf_stop *s = &p->track->v[i];
    int next = i == p->track->restart;
    enum hf_tone tone = next ? HF_TONE_STRONG : HF_TONE_DIM;
    char day[HF_TIME_LEN];

    hf_line_add(l, tone, "%s%.10s%s: ",
                s->row                       ? ""
                : s->flags & HF_STOP_MISSING ? "due "
                                             : "planned ",
                hf_time_format(day, s->day),
                s->flags & HF_STOP_MISSING ? ", not in the catalogue" : "");
    if (is_beside(p, i))
        hf_line_add(l, tone, "not for this host");
    else if (next && p->forked)
        hf_line_add(l, tone, "restart, back on track");
    else
        hf_line_add(l, tone, "%s%s",
                    next && s->flags & HF_STOP_PLANNED ? "next forced " : "",
                    restart_word(s));
}

/* What a release means for this host. */
static void
add_meaning(struct hf_line *l, const struct picture *p, size_t i)
{
    const struct hf_stop *s = &p->track->v[i];

    if (s->flags & HF_STOP_TAKEN)
        hf_line_add(l, HF_TONE_DIM, "%s%s",
                    s->type == HF_RELEASE_UNPLANNED_BASELINE ? "unplanned, "
                                                             : "",
                    restart_word(s));
    else if (s->flags & (HF_STOP_PLANNED | HF_STOP_MISSING))
        add_to_come(l, p, i);
    else if (is_beside(p, i))
        hf_line_add(l, HF_TONE_DIM, "not for this host");
    else
        hf_line_add(l, HF_TONE_WARN, "missing here: %s%s",
                    i == p->track->restart ? "next forced " : "",
                    restart_word(s));
}

static void
add_place(struct hf_line *l, const struct picture *p, const struct hf_stop *s)
{
    if (!(s->flags & HF_STOP_HERE))
        return;
    hf_line_add(l, HF_TONE_STRONG, "  %s this host", text_of(&here_sign, p));
    if (s->flags & HF_STOP_ASIDE)
        hf_line_add(l, HF_TONE_WARN, ", off track");
}

static const char *
revision(const char *build)
{
    const char *dot = build ? strchr(build, '.') : NULL;

    return dot ? dot : "";
}

static const char *
type_word(const struct hf_stop *s)
{
    if (!s->row && s->flags & HF_STOP_HERE)
        return "unlisted";
    return is_baseline(s) ? "baseline" : hf_release_type_names[s->type];
}

/* ---- lines ---- */

static void
note_line(const struct picture *p, size_t i, const char *text)
{
    struct hf_line *l;
    struct hf_doc lines = {0};
    size_t indent = 2 + MONTH_COLS + 2 + (p->forked ? 3 : 1) + 2;

    hf_doc_text(&lines, "", HF_TONE_DIM, text,
                p->look->cols > indent ? p->look->cols - indent : 1);
    for (size_t k = 0; k < lines.len; k++) {
        l = line_with_rails(p, i, NULL);
        hf_line_append(l, &lines.v[k].line);
    }
    hf_doc_release(&lines);
}

/* Doubts are told of every release, what is odd about one where the host
 * stands or would go next. */
static void
note_lines(const struct picture *p, size_t i)
{
    const struct hf_stop *s = &p->track->v[i];
    int near = (s->flags & HF_STOP_HERE) ||
               (i && (p->track->v[i - 1].flags & HF_STOP_HERE));

    if (!s->row && s->flags & HF_STOP_HERE)
        note_line(p, i, "which release this is, the catalogue cannot tell");
    if (s->row && s->row->certainty)
        note_line(p, i, s->row->certainty);
    if (s->row && near && s->row->note)
        note_line(p, i, s->row->note);
}

static void
gap_line(const struct picture *p, size_t i)
{
    struct hf_line *l = &hf_doc_add(p->doc)->line;

    hf_line_pad(l, 2 + MONTH_COLS + 2);
    hf_line_add(l, HF_TONE_DIM, "%s", text_of(&gap, p));
    if (p->forked)
        hf_line_add(l, HF_TONE_DIM, " %s",
                    text_of(is_beside(p, i - 1) ? &gap : &none, p));
    hf_line_add(l, HF_TONE_DIM, "  %zu release%s between",
                p->track->v[i].left_out, hf_plural(p->track->v[i].left_out));
}

static void
stop_line(const struct picture *p, size_t i)
{
    const struct hf_stop *s = &p->track->v[i];
    struct hf_line *l = line_with_rails(p, i, s->month[0] ? s->month : " ");

    hf_line_cell(l, tone_of(p, i), type_word(s), TYPE_COLS, p->look->ascii);
    hf_line_add(l, HF_TONE_PLAIN, "  ");
    if (s->row) {
        hf_line_cell(l, HF_TONE_PLAIN, s->row->kb, 11, p->look->ascii);
        hf_line_add(l, HF_TONE_DIM, "%-7s ", revision(s->row->build));
        add_meaning(l, p, i);
    } else if (s->flags & HF_STOP_HERE) {
        hf_line_add(l, HF_TONE_PLAIN, "%s", revision(p->track->build));
    } else {
        add_meaning(l, p, i);
    }
    add_place(l, p, s);
    note_lines(p, i);
}

/* From the first ordinary update until the next baseline. */
static void
find_fork(struct picture *p)
{
    const struct hf_track *t = p->track;

    p->fork = 0;
    while (p->fork < t->len && !(t->v[p->fork].flags & HF_STOP_ASIDE))
        p->fork++;
    p->forked = p->fork < t->len;
    p->join = p->fork;
    while (p->join < t->len && !(is_baseline(&t->v[p->join]) &&
                                 !(t->v[p->join].flags & HF_STOP_TAKEN)))
        p->join++;
}

void
hf_host_track_rows(struct hf_doc *d, const struct hf_track *t,
                   const struct hf_look *look)
{
    struct picture p = {.doc = d, .track = t, .look = look};

    if (!t->len)
        return;
    hf_doc_head(d, "Track of %s, build %.*s", t->title,
                (int)strcspn(t->build, "."), t->build);
    find_fork(&p);
    for (size_t i = 0; i < t->len; i++) {
        if (p.forked && i == p.fork)
            bend(&p, &leaves);
        if (t->v[i].left_out)
            gap_line(&p, i);
        if (p.forked && i == p.join)
            bend(&p, &comes_back);
        stop_line(&p, i);
    }
}
