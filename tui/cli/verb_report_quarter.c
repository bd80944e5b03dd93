/* hotfleet report quarter: what a quarterly review asks for, on one page. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tui/cli/report_exposure.h"
#include "tui/cli/report_html.h"
#include "tui/cli/report_quarter.h"
#include "tui/rows/plot.h"

#define DAYS 92
#define SPARK 60 /* cells */
#define NOTES 10 /* listed for people, unless --limit says otherwise */
#define MAX_NOTES 1000000

static int
make(struct hf_report *r, struct hf_err *err)
{
    int64_t days = DAYS, limit;
    struct hf_review *q;
    int rc;

    if ((rc = hf_cli_number(r->cli, HF_OPT_DAYS, 1, 3660, &days, err)) < 0 ||
        (rc = hf_cli_number(r->cli, HF_OPT_LIMIT, 0, MAX_NOTES, &limit, err)) <
            0)
        return rc;
    r->data = q = HF_NEW(struct hf_review);
    return hf_review_make(q, r->cli->session, r->states, r->n, (int)days,
                          r->now, err);
}

static void
release(struct hf_report *r)
{
    if (r->data)
        hf_review_release(r->data);
    free(r->data);
}

/* ---- the figures, of every form ---- */

/* A table for people, or for spreadsheets: there the unit of a number has a
 * column of its own. */
struct figures {
    struct hf_table *t;
    int csv;
};

static void figure(const struct figures *f, const char *part, const char *name,
                   const char *number, const char *unit, const char *fmt, ...)
    __attribute__((format(printf, 6, 7)));

/* `fmt` says what the number is made of; without a unit it counts. "-": there
 * is none. */
static void
figure(const struct figures *f, const char *part, const char *name,
       const char *number, const char *unit, const char *fmt, ...)
{
    struct hf_table *t = f->t;
    char text[512];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    hf_table_cell(t, part);
    hf_table_cell(t, name);
    if (f->csv) {
        hf_table_cell(t, number);
        hf_table_cell(t, unit);
    } else {
        unit = strcmp(number, "-") == 0 ? "" : unit;
        hf_table_cellf(t, "%s%s%s", number, *unit ? " " : "", unit);
    }
    hf_table_cell(t, text);
}

static const char *
digits(char out[HF_SHARE_LEN], size_t n)
{
    (void)snprintf(out, HF_SHARE_LEN, "%zu", n);
    return out;
}

static void
add_in_effect(const struct figures *f, const struct hf_review *q)
{
    const struct hf_tally *n = &q->compliance.now;
    struct hf_buf rest = {0};
    char text[HF_SHARE_LEN];

    for (int i = 0; i < HF_COUNTED_COUNT; i++) {
        if (i != HF_COUNTED_CURRENT && n->by[i])
            hf_buf_printf(&rest, ", %zu %s", n->by[i], hf_counted_names[i]);
    }
    figure(f, "in effect", "of covered hosts",
           hf_percent(text, n->covered_current, n->covered), "%", "%zu of %zu",
           n->covered_current, n->covered);
    figure(f, "in effect", "of all hosts in scope",
           hf_percent(text, n->by[HF_COUNTED_CURRENT], n->hosts), "%",
           "%zu of %zu%s", n->by[HF_COUNTED_CURRENT], n->hosts,
           hf_buf_str(&rest));
    hf_buf_release(&rest);
}

static void
add_goal(const struct figures *f, const struct hf_review *q,
         const struct hf_goal_rule *goal)
{
    size_t states[HF_GOAL_COUNT] = {0};
    char text[HF_SHARE_LEN];

    if (!goal->percent)
        return;
    for (size_t i = 0; i < q->compliance.goals_len; i++)
        states[q->compliance.goals[i].state]++;
    figure(f, "in effect", "goal met", digits(text, states[HF_GOAL_MET]), "",
           "%zu missed, %zu running, %zu with nothing to judge: %d %% of "
           "covered hosts by day %d",
           states[HF_GOAL_MISSED], states[HF_GOAL_RUNNING],
           states[HF_GOAL_NOTHING], goal->percent, goal->days);
}

static void
add_restarts(const struct figures *f, const struct hf_review *q)
{
    const struct hf_saved *saved = &q->savings.all;
    const size_t *due = q->due;
    char text[HF_SHARE_LEN];

    figure(f, "restarts", "avoided", digits(text, hf_saved_avoided(saved)), "",
           "%zu hotpatches with the same boot id, %zu taken back, %zu without "
           "proof",
           saved->hotpatches, saved->taken_back, saved->unproven);
    figure(f, "restarts", "carried out", digits(text, saved->restarts), "",
           "by runs, whatever for");
    figure(f, "restarts", "by nobody here",
           digits(text, q->noted[HF_NOTED_RESTART]), "",
           "the boot id moved, and no run did it");
    figure(f, "restarts", "due",
           digits(text, due[HF_DUE_OVERDUE] + due[HF_DUE_NOW] +
                            due[HF_DUE_SCHEDULED] + due[HF_DUE_NO_WINDOW]),
           "",
           "%zu overdue, %zu in the next window, %zu scheduled, %zu in no "
           "window",
           due[HF_DUE_OVERDUE], due[HF_DUE_NOW], due[HF_DUE_SCHEDULED],
           due[HF_DUE_NO_WINDOW]);
    figure(f, "restarts", "to come", digits(text, due[HF_DUE_FORECAST]), "",
           "and of %zu host%s it cannot be told", due[HF_DUE_UNKNOWN],
           hf_plural(due[HF_DUE_UNKNOWN]));
}

static void
add_worth(const struct figures *f, const struct hf_review *q)
{
    const struct hf_money *m = &q->savings.money;
    const struct hf_costs *c = &q->savings.costs;
    const struct {
        const char *name;
        int64_t net;
        int restart;
    } ends[] = {{"net, at the least", m->net_low, c->restart_low},
                {"net, at the most", m->net_high, c->restart_high}};
    char number[24];

    for (size_t i = 0; i < HF_COUNT(ends); i++) {
        (void)snprintf(number, sizeof(number), "%lld", (long long)ends[i].net);
        figure(f, "worth", ends[i].name, number, c->currency,
               "avoided x %d a restart, less %lld that is stated",
               ends[i].restart, (long long)m->costs);
    }
}

static void
add_open(const struct figures *f, const struct hf_review *q)
{
    const struct hf_exposure_group *g = &q->exposure.v[0].group;
    struct hf_buf by = {0};
    char text[HF_SHARE_LEN];

    for (int i = HF_SEVERITY_COUNT - 1; i >= 0; i--) {
        if (g->count.severity[i])
            hf_buf_printf(&by, "%zu %s, ", g->count.severity[i],
                          i ? hf_severity_names[i] : "not rated");
    }
    figure(f, "open", "CVEs", digits(text, g->count.open), "",
           "%son %zu host%s; of %zu it is not known", hf_buf_str(&by),
           g->exposed, hf_plural(g->exposed), g->unknown);
    figure(f, "open", "exploited", digits(text, g->count.exploited), "",
           "on %zu host%s", g->attacked, hf_plural(g->attacked));
    hf_buf_release(&by);
}

static void
add_noted(const struct figures *f, const struct hf_review *q)
{
    static const char *const what[HF_NOTED_COUNT] = {
        [HF_NOTED_FAILED] = "runs that ended badly on a host",
        [HF_NOTED_UNVERIFIED] = "ended without proof",
        [HF_NOTED_ROLLBACK] = "releases taken back from a host",
        [HF_NOTED_FALLBACK] = "the update with restart instead",
        [HF_NOTED_GLASS] = "rules of the fleet, by breaking the glass",
    };
    char text[HF_SHARE_LEN];

    for (int i = 0; i < HF_NOTED_COUNT; i++) {
        if (what[i])
            figure(f, "went wrong", hf_noted_names[i],
                   digits(text, q->noted[i]), "", "%s", what[i]);
    }
    figure(f, "blocked", "releases", digits(text, q->blocks_len), "",
           "nothing applies them any more");
}

static void
add_figures(const struct figures *f, const struct hf_report *r)
{
    const struct hf_review *q = r->data;

    add_in_effect(f, q);
    add_goal(f, q, &hf_session_fleet(r->cli->session)->goal);
    add_restarts(f, q);
    add_worth(f, q);
    add_open(f, q);
    add_noted(f, q);
}

static struct hf_table *
figure_table(const struct hf_report *r)
{
    static const char *const heads[] = {"PART", "FIGURE", "NUMBER", "MORE",
                                        NULL};
    const struct figures f = {.t = hf_table_new(heads)};

    add_figures(&f, r);
    return f.t;
}

static struct hf_table *
csv(const struct hf_report *r)
{
    static const char *const heads[] = {"PART", "FIGURE", "NUMBER",
                                        "UNIT", "MORE",   NULL};
    const struct figures f = {.t = hf_table_new(heads), .csv = 1};

    add_figures(&f, r);
    return f.t;
}

/* ---- lists ---- */

static const char *
day_of(char out[HF_TIME_LEN], int64_t at)
{
    if (!at)
        return NULL;
    hf_time_format(out, at);
    out[strlen("2027-01-12")] = '\0';
    return out;
}

static struct hf_table *
block_table(const struct hf_review *q)
{
    static const char *const heads[] = {"BLOCKED", "KERNEL", "SINCE", "UNTIL",
                                        "BY",      "WHY",    NULL};
    struct hf_table *t = hf_table_new(heads);
    char at[HF_TIME_LEN];

    for (size_t i = 0; i < q->blocks_len; i++) {
        const struct hf_block *b = q->blocks[i];

        hf_table_cell(t, b->release);
        hf_table_cell(t, b->kernel);
        hf_table_cell(t, day_of(at, b->since));
        hf_table_cell(t, b->until ? day_of(at, b->until) : "it is ended");
        hf_table_cell(t, b->by);
        hf_table_cell(t, b->reason);
    }
    return t;
}

/* Newest first; how many are left off. */
static struct hf_table *
note_table(const struct hf_report *r, size_t *left_off)
{
    static const char *const heads[] = {"WHEN", "HOST", "WHAT", "OF",
                                        "RUN",  "WHY",  NULL};
    const struct hf_review *q = r->data;
    struct hf_table *t = hf_table_new(heads);
    struct hf_err ignored = HF_ERR_INIT;
    int64_t limit = NOTES;
    char at[HF_TIME_LEN];
    size_t n;

    (void)hf_cli_number(r->cli, HF_OPT_LIMIT, 0, MAX_NOTES, &limit, &ignored);
    n = q->notes_len < (size_t)limit ? q->notes_len : (size_t)limit;
    *left_off = q->notes_len - n;
    for (size_t i = 0; i < n; i++) {
        const struct hf_note *note = &q->notes[i];

        hf_table_cell(t, day_of(at, note->at));
        hf_table_cell(t, note->host->name);
        hf_table_cell(t, hf_noted_names[note->kind]);
        hf_table_cell(t, note->action[0] ? note->action : NULL);
        hf_table_cell(t, note->run[0] ? note->run : NULL);
        hf_table_cell(t, note->why[0] ? note->why : NULL);
    }
    return t;
}

/* ---- for people ---- */

static void
say_trend(const struct hf_report *r, const struct hf_review *q)
{
    static const char *const names[] = {"of covered", "of all"};

    (void)puts("\nnewest release in effect, by day, from 0 to 100 %");
    for (int of_all = 0; of_all < 2; of_all++) {
        int64_t *v = hf_compliance_trend(&q->compliance, of_all);
        struct hf_buf line = {0};

        hf_plot_spark(&line, v, q->compliance.days_len, 0, 1000, SPARK,
                      r->cli->ascii);
        (void)printf("  %-10s  %s\n", names[of_all], hf_buf_str(&line));
        hf_buf_release(&line);
        free(v);
    }
}

/* Nothing of it: no line. */
static void
say_list(const struct hf_report *r, const char *head, struct hf_table *t)
{
    if (!hf_table_rows(t)) {
        hf_table_free(t);
        return;
    }
    (void)printf("\n%s\n", head);
    hf_report_table(r, t);
}

static void
say(const struct hf_report *r)
{
    const struct hf_review *q = r->data;
    char from[HF_TIME_LEN], to[HF_TIME_LEN];
    struct hf_table *notes;
    size_t left_off;

    (void)printf("review of %zu host%s, %.10s to %.10s; what is due, open, "
                 "excused and blocked: now\n\n",
                 r->n, hf_plural(r->n), hf_time_format(from, q->from),
                 hf_time_format(to, q->until));
    hf_report_table(r, figure_table(r));
    say_trend(r, q);
    say_list(r, "excused", hf_report_leavers(&q->exposure));
    say_list(r, "blocked", block_table(q));
    notes = note_table(r, &left_off);
    say_list(r, "what went wrong, newest first", notes);
    if (left_off)
        (void)printf("and %zu more (--limit)\n", left_off);
    if (q->compliance.damaged)
        (void)printf("\n%zu records of the ledger cannot be read and are not "
                     "counted\n",
                     q->compliance.damaged);
}

/* ---- a page ---- */

static void
add_months(struct hf_html *page, const struct hf_savings *s)
{
    const char **names = hf_xcalloc(s->months_len + 1, sizeof(*names));
    int64_t *values = hf_xcalloc(s->months_len + 1, sizeof(*values));

    for (size_t i = 0; i < s->months_len; i++) {
        names[i] = s->months[i].month;
        values[i] = (int64_t)hf_saved_avoided(&s->months[i].saved);
    }
    hf_html_bars(page, names, values, s->months_len);
    free(names);
    free(values);
}

static void
add_page(const struct hf_report *r, struct hf_html *page)
{
    static const char *const names[] = {"of covered hosts",
                                        "of all hosts in scope"};
    const struct hf_review *q = r->data;
    const struct hf_compliance *c = &q->compliance;
    const struct hf_exposure_count *open = &q->exposure.v[0].group.count;
    int64_t *lines[2] = {hf_compliance_trend(c, 0), hf_compliance_trend(c, 1)};
    char text[HF_SHARE_LEN], from[HF_TIME_LEN], to[HF_TIME_LEN];
    size_t left_off;

    hf_html_one_page(page);
    hf_html_say(page,
                "Review of %zu host%s, %.10s to %.10s; what is due, open, "
                "excused and blocked: now.",
                r->n, hf_plural(r->n), hf_time_format(from, q->from),
                hf_time_format(to, q->until));
    hf_html_figure(page, hf_share(text, c->now.covered_current, c->now.covered),
                   "of %zu covered hosts are current", c->now.covered);
    hf_html_figure(page,
                   hf_share(text, c->now.by[HF_COUNTED_CURRENT], c->now.hosts),
                   "of all %zu hosts in scope", c->now.hosts);
    hf_html_figure(page, digits(text, hf_saved_avoided(&q->savings.all)),
                   "restarts avoided, %zu carried out",
                   q->savings.all.restarts);
    hf_html_figure(page, digits(text, open->open),
                   "CVEs open, %zu of them exploited", open->exploited);
    hf_html_table(page, figure_table(r));
    hf_html_heading(page, "Newest release in effect");
    hf_html_lines(page, (const int64_t *const *)lines, names, 2, c->days_len,
                  c->from, c->until, 1000, "%");
    hf_html_heading(page, "Restarts avoided, by month");
    add_months(page, &q->savings);
    hf_html_heading(page, "Excused, and what that leaves open");
    hf_html_table(page, hf_report_leavers(&q->exposure));
    hf_html_heading(page, "Blocked releases");
    hf_html_table(page, block_table(q));
    hf_html_heading(page, "What went wrong, newest first");
    hf_html_table(page, note_table(r, &left_off));
    if (left_off)
        hf_html_say(page, "and %zu more", left_off);
    free(lines[0]);
    free(lines[1]);
}

static const struct hf_report_kind kind = {
    .name = "quarter",
    .make = make,
    .release = release,
    .text = say,
    .csv = csv,
    .json = hf_report_quarter_json,
    .page = add_page,
};

static int
run(struct hf_cli *cli)
{
    return hf_report_run(cli, &kind);
}

const struct hf_verb hf_verb_report_quarter = {
    .name = "report quarter",
    .group = "look",
    .args = "[SELECTOR]",
    .summary = "one page for the quarterly review",
    .help =
        "What is in effect, restarts avoided, carried out, due and of nobody's "
        "making, what that was worth, what is open and through whom, what is "
        "blocked, and what went wrong. Of the past what the ledger holds; what "
        "is due, open, excused and blocked is so now.",
    .examples = "  hotfleet report quarter\n"
                "  hotfleet report quarter ring:broad --days 30\n"
                "  hotfleet report quarter --html >review.html\n",
    .options = HF_OPTS(HF_OPTS_REPORT_PAGE, HF_OPT_DAYS, HF_OPT_LIMIT),
    .flags = HF_VERB_NEEDS_FLEET,
    .max_args = -1,
    .run = run,
};
