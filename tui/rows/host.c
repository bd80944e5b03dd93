/* One host as a document; see host.h. */
#include "tui/rows/host.h"

#include <stdio.h>
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/text.h"
#include "backend/model/due.h"
#include "tui/rows/fact.h"
#include "tui/rows/words.h"

#define LABEL "  %-11s "

/* ---- where it stands ---- */

static struct hf_line *
labelled(struct hf_doc *d, const char *label)
{
    struct hf_line *l = &hf_doc_add(d)->line;

    hf_line_add(l, HF_TONE_DIM, LABEL, label);
    return l;
}

static void
plain_row(struct hf_doc *d, const char *label, const char *text,
          const struct hf_look *look)
{
    char head[32];

    if (!text || !*text)
        return;
    (void)snprintf(head, sizeof(head), LABEL, label);
    hf_doc_text(d, head, HF_TONE_PLAIN, text, look->cols);
}

/* "patch   v behind": then why, on lines of its own when it is long. */
static void
axis_row(struct hf_doc *d, const char *label, const struct hf_word *w,
         const char *name, const char *more, const char *why,
         const struct hf_look *look)
{
    struct hf_line *l = labelled(d, label);
    char indent[32];

    hf_line_add(l, w->tone, "%s %s", hf_word_symbol(w, look->ascii), name);
    if (*more)
        hf_line_add(l, HF_TONE_PLAIN, " %s", more);
    (void)snprintf(indent, sizeof(indent), LABEL, "");
    if (*why)
        hf_doc_text(d, indent, HF_TONE_DIM, why, look->cols);
}

static void
until(char *out, size_t size, const char *word, int64_t at,
      const struct hf_look *look)
{
    char moment[HF_MOMENT_LEN];

    out[0] = '\0';
    if (at)
        (void)snprintf(out, size, "%s %s", word, hf_moment(moment, at, look));
}

static void
axes(struct hf_doc *d, const struct hf_state *st, const struct hf_look *look)
{
    const struct hf_standing *s = &st->status;
    char more[80];

    axis_row(d, "patch", &hf_patch_words[s->patch], hf_patch_names[s->patch],
             "", s->patch_why, look);
    until(more, sizeof(more),
          s->coverage == HF_COVERAGE_COVERED ? "until"
          : s->covered_until > look->now     ? "by"
                                             : "since",
          s->covered_until, look);
    axis_row(d, "coverage", &hf_coverage_words[s->coverage],
             hf_coverage_names[s->coverage], more, s->coverage_why, look);
    until(more, sizeof(more), s->reboot == HF_REBOOT_SCHEDULED ? "at" : "since",
          s->reboot_at, look);
    axis_row(d, "reboot", &hf_reboot_words[s->reboot],
             hf_reboot_names[s->reboot], more, s->reboot_why, look);
}

static void
flags_row(struct hf_doc *d, const struct hf_state *st,
          const struct hf_look *look)
{
    struct hf_buf text = {0};

    hf_flags_text(&text, st->status.flags);
    plain_row(d, "flags", hf_buf_str(&text), look);
    hf_buf_release(&text);
    plain_row(d, "restarted", st->status.restarted_why, look);
    plain_row(d, "held", st->host->hold, look);
    plain_row(d, "note", st->host->note, look);
}

/* The next one that is forced, and whether a window is there for it. */
static void
restart_rows(struct hf_doc *d, const struct hf_state *st,
             const struct hf_fleet *fleet, const struct hf_look *look)
{
    const struct hf_due *due;
    struct hf_buf text = {0};
    struct hf_dues dues;

    hf_dues_init(&dues, fleet, NULL, look->now, look->now);
    due = hf_dues_add(&dues, st);
    hf_forced_say_when(&text, &due->forced, &st->status);
    plain_row(d, "restart", hf_buf_str(&text), look);
    if (due->group != HF_DUE_UNKNOWN) {
        hf_buf_clear(&text);
        hf_buf_printf(&text, "%s: ", hf_due_titles[due->group]);
        hf_due_say_window(&text, &dues, due, st->host);
        plain_row(d, "", hf_buf_str(&text), look);
    }
    hf_buf_release(&text);
    hf_dues_release(&dues);
}

static void
level_rows(struct hf_doc *d, const struct hf_state *st,
           const struct hf_look *look)
{
    static const char *const survives[] = {"unknown", "yes", "no"};
    const struct hf_standing *s = &st->status;
    char text[128];

    plain_row(d, "runs", s->level, look);
    plain_row(d, "newest", s->target, look);
    (void)snprintf(text, sizeof(text), "%s%s%s", survives[s->survives],
                   s->survives_by[0] ? ": " : "", s->survives_by);
    plain_row(d, "survives", text, look);
}

static void
contact_rows(struct hf_doc *d, const struct hf_state *st,
             const struct hf_look *look)
{
    const struct hf_record *r = hf_state_record(st);
    char age[HF_TIME_LEN], moment[HF_MOMENT_LEN], text[512];

    (void)snprintf(text, sizeof(text), "%s, port %d%s%s%s%s", st->host->address,
                   st->host->port, st->host->ring ? ", ring " : ", in no ring",
                   st->host->ring ? st->host->ring : "",
                   st->host->site ? ", site " : "",
                   st->host->site ? st->host->site : "");
    plain_row(d, "address", text, look);
    (void)snprintf(text, sizeof(text), "%s ago (%s)",
                   hf_age_format(age, look->now, st->status.seen),
                   hf_moment(moment, st->status.seen, look));
    plain_row(d, "facts", st->status.seen ? text : "never asked", look);
    if (r->net_why[0]) {
        (void)snprintf(text, sizeof(text), "%s: %s",
                       hf_outcome_names[hf_contact_outcome(st->net)],
                       r->net_why);
        plain_row(d, "contact", text, look);
    }
    if (r->recent.run[0] && hf_recent_is_first(&r->recent)) {
        (void)snprintf(text, sizeof(text), "%s, run %s",
                       hf_moment(moment, r->recent.at, look), r->recent.run);
        plain_row(d, "first seen", text, look);
    } else if (r->recent.run[0]) {
        (void)snprintf(text, sizeof(text), "%s %s, %s, run %s",
                       r->recent.action, r->recent.outcome,
                       hf_moment(moment, r->recent.at, look), r->recent.run);
        plain_row(d, "last run", text, look);
    }
}

void
hf_host_status_rows(struct hf_doc *d, const struct hf_state *st,
                    const struct hf_fleet *fleet, const struct hf_track *track,
                    const struct hf_look *look)
{
    hf_doc_head(d, "Status");
    axes(d, st, look);
    flags_row(d, st, look);
    if (track->len) {
        hf_host_track_rows(d, track, look);
        hf_doc_head(d, "Level and contact");
    }
    restart_rows(d, st, fleet, look);
    level_rows(d, st, look);
    contact_rows(d, st, look);
}

/* ---- checks ---- */

/* At the right end: how old, and on a wide screen who said it. */
#define AGE_COLS 5
#define ORIGIN_COLS 34

static size_t
origin_cols(const struct hf_look *look)
{
    return look->cols > 110 ? ORIGIN_COLS : AGE_COLS;
}

static void
add_origin(struct hf_line *l, const char *source, int64_t at,
           const struct hf_look *look)
{
    char age[HF_TIME_LEN];

    hf_line_add(l, HF_TONE_DIM, " %-4s",
                at ? hf_age_format(age, look->now, at) : "");
    if (origin_cols(look) > AGE_COLS && source)
        hf_line_cell(l, HF_TONE_DIM, source, ORIGIN_COLS - AGE_COLS - 1,
                     look->ascii);
}

static void
evidence_rows(struct hf_doc *d, const struct hf_finding *f,
              const struct hf_look *look)
{
    char text[512], age[HF_TIME_LEN];

    hf_doc_text(d, "            wanted  ", HF_TONE_PLAIN,
                f->expected ? f->expected : "-", look->cols);
    hf_doc_text(d, "            found   ", HF_TONE_PLAIN,
                f->found ? f->found : "-", look->cols);
    (void)snprintf(text, sizeof(text), "%s, %s ago", f->source ? f->source : "",
                   hf_age_format(age, look->now, f->at));
    if (f->source && f->at)
        hf_doc_text(d, "            source  ", HF_TONE_DIM, text, look->cols);
    if (!f->remedy)
        return;
    (void)snprintf(text, sizeof(text), "%s%s%s%s", f->remedy,
                   f->who ? " - by " : "", f->who ? f->who : "",
                   f->needs_restart ? " - needs a restart" : "");
    hf_doc_text(d, "            remedy  ", HF_TONE_PLAIN, text, look->cols);
}

#define CHECK_COLS 34 /* of a title */
#define VERDICT_COLS 12

static void
check_row(struct hf_doc *d, const struct hf_finding *f,
          const struct hf_look *look)
{
    const struct hf_word *w = &hf_verdict_words[f->verdict];
    struct hf_line *l = &hf_doc_add(d)->line;
    size_t used = VERDICT_COLS + CHECK_COLS + 1 + origin_cols(look);

    hf_line_add(l, w->tone, "  %s %-7s ", hf_word_symbol(w, look->ascii),
                hf_verdict_names[f->verdict]);
    if (f->verdict == HF_VERDICT_PASS) {
        hf_line_cell(l, HF_TONE_PLAIN, f->title, CHECK_COLS, look->ascii);
        hf_line_add(l, HF_TONE_PLAIN, " ");
        hf_line_cell(l, HF_TONE_DIM, f->found ? f->found : "-",
                     look->cols > used + 8 ? look->cols - used : 8,
                     look->ascii);
        add_origin(l, f->source, f->at, look);
        return;
    }
    hf_line_add(l, HF_TONE_STRONG, "%s", f->title);
    hf_line_add(l, HF_TONE_DIM, "  check:%s", f->name);
    evidence_rows(d, f, look);
}

void
hf_host_check_rows(struct hf_doc *d, const struct hf_findings *f,
                   const char *title, const struct hf_look *look)
{
    hf_doc_head(d, "%s (%zu)", title, f->len);
    if (!f->len)
        hf_line_add(&hf_doc_add(d)->line, HF_TONE_DIM,
                    "  none: no facts to judge");
    /* What stops the host is read first. */
    for (int rank = 0; rank < HF_VERDICT_COUNT; rank++) {
        for (size_t i = 0; i < f->len; i++) {
            if (hf_verdict_words[f->v[i].verdict].rank == rank)
                check_row(d, &f->v[i], look);
        }
    }
}

/* ---- facts ---- */

static void
fact_row(struct hf_doc *d, const struct hf_fact *f, size_t key_cols,
         const struct hf_look *look)
{
    struct hf_line *l = &hf_doc_add(d)->line;
    size_t used = key_cols + origin_cols(look) + 4;
    struct hf_buf text = {0};

    hf_line_add(l, HF_TONE_PLAIN, "  ");
    hf_line_cell(l, HF_TONE_DIM, f->key, key_cols, look->ascii);
    hf_line_add(l, HF_TONE_PLAIN, "  ");
    hf_fact_show(&text, f);
    hf_line_cell(l, f->value ? HF_TONE_PLAIN : HF_TONE_WARN, hf_buf_str(&text),
                 look->cols > used + 8 ? look->cols - used : 8, look->ascii);
    add_origin(l, f->source, f->at, look);
    hf_buf_release(&text);
}

void
hf_host_fact_rows(struct hf_doc *d, const struct hf_facts *f,
                  const struct hf_look *look)
{
    size_t key_cols = 8, width;

    hf_doc_head(d, "Facts (%zu)", f->len);
    if (!f->len)
        hf_line_add(&hf_doc_add(d)->line, HF_TONE_DIM,
                    "  none yet: R asks the host");
    for (size_t i = 0; i < f->len; i++) {
        width = hf_text_width(f->v[i].key);
        key_cols = width > key_cols ? width : key_cols;
    }
    for (size_t i = 0; i < f->len; i++)
        fact_row(d, &f->v[i], key_cols < 28 ? key_cols : 28, look);
}

/* ---- history ---- */

static const struct hf_word *
outcome_word(const char *name)
{
    static const struct hf_word other = {" ", " ", HF_TONE_PLAIN, 0};

    for (int i = 0; name && i < HF_OUTCOME_COUNT; i++) {
        if (strcmp(hf_outcome_names[i], name) == 0)
            return &hf_outcome_words[i];
    }
    return &other;
}

static const char *
or_dash(const char *text)
{
    return text && *text ? text : "-";
}

void
hf_host_history_row(struct hf_doc *d, const char *run, const cJSON *doc,
                    const struct hf_look *look)
{
    const char *outcome = hf_json_str(doc, "outcome");
    const char *ended = hf_json_str(doc, "ended");
    const char *why = hf_json_str(doc, "why");
    const char *by = hf_json_str(doc, "operator");
    const char *change = hf_json_str(doc, "change");
    const struct hf_word *w = outcome_word(outcome);
    struct hf_line *l = &hf_doc_add(d)->line;
    char moment[HF_MOMENT_LEN], who[512];
    int64_t at = 0;

    if (ended)
        (void)hf_time_parse(&at, ended);
    hf_line_add(l, HF_TONE_PLAIN, "  %s  ", hf_moment(moment, at, look));
    hf_line_add(l, HF_TONE_STRONG, "%-8s ",
                or_dash(hf_json_str(doc, "action")));
    hf_line_add(l, w->tone, "%s %-11s ", hf_word_symbol(w, look->ascii),
                or_dash(outcome));
    hf_line_add(l, HF_TONE_DIM, "%s", run);
    if (why && *why)
        hf_doc_text(d, "      ", HF_TONE_DIM, why, look->cols);
    (void)snprintf(who, sizeof(who), "%s%s%s", or_dash(by),
                   change && *change ? ", change " : "", change ? change : "");
    hf_doc_text(d, "      by ", HF_TONE_DIM, who, look->cols);
}
