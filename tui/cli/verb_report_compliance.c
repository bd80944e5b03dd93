/* hotfleet report compliance: who has the newest release in effect. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "playbooks/compliance.h"
#include "tui/cli/report.h"
#include "tui/cli/report_html.h"
#include "tui/rows/plot.h"

#define DAYS 90
#define SPARK 60    /* cells */
#define DAYS_LEN 24 /* bytes of "3.5" */

/* "3.5", or "-" when nothing was counted. */
static const char *
days_of(char out[DAYS_LEN], int64_t ms, size_t counted)
{
    int64_t tenths = ms * 10 / HF_DAY_MS;

    if (!counted)
        (void)snprintf(out, DAYS_LEN, "-");
    else
        (void)snprintf(out, DAYS_LEN, "%lld.%lld", (long long)(tenths / 10),
                       (long long)(tenths % 10));
    return out;
}

static const char *
closing_name(const struct hf_closing *c)
{
    return c->exploited ? "exploited" : hf_severity_names[c->severity];
}

static int
make(struct hf_report *r, struct hf_err *err)
{
    int64_t days = DAYS;
    struct hf_compliance *c;
    int rc = hf_cli_number(r->cli, HF_OPT_DAYS, 1, 3660, &days, err);

    if (rc < 0)
        return rc;
    r->data = c = HF_NEW(struct hf_compliance);
    return hf_compliance_make(c, r->cli->session, r->states, r->n, (int)days,
                              r->now, err);
}

static void
release(struct hf_report *r)
{
    if (r->data)
        hf_compliance_release(r->data);
    free(r->data);
}

/* ---- tables, of every form ---- */

/* How many are what. */
#define COUNTED_HEADS                                                       \
    "CURRENT", "BEHIND", "INELIGIBLE", "UNKNOWN", "UNVERIFIED", "EXCEPTED", \
        "UNREACHABLE"

static void
counted_cells(struct hf_table *t, const struct hf_tally *n)
{
    static const enum hf_counted cells[] = {
        HF_COUNTED_CURRENT,    HF_COUNTED_BEHIND,     HF_COUNTED_INELIGIBLE,
        HF_COUNTED_UNKNOWN,    HF_COUNTED_UNVERIFIED, HF_COUNTED_EXCEPTED,
        HF_COUNTED_UNREACHABLE};

    for (size_t k = 0; k < HF_COUNT(cells); k++)
        hf_table_cellf(t, "%zu", n->by[cells[k]]);
}

static struct hf_table *
group_table(const struct hf_report *r)
{
    static const char *const heads[] = {
        "BY", "NAME", "HOSTS", "OF COVERED", "OF ALL", COUNTED_HEADS, NULL};
    const struct hf_compliance *c = r->data;
    struct hf_table *t = hf_table_new(heads);
    char text[HF_SHARE_LEN];

    for (size_t i = 0; i < c->groups_len; i++) {
        const struct hf_compliance_group *g = &c->groups[i];
        const struct hf_tally *n = &g->tally;

        hf_table_cell(t, g->axis);
        hf_table_cell(t, g->name ? g->name : "(none)");
        hf_table_cellf(t, "%zu", n->hosts);
        hf_table_cell(t, hf_share(text, n->covered_current, n->covered));
        hf_table_cell(t, hf_share(text, n->by[HF_COUNTED_CURRENT], n->hosts));
        counted_cells(t, n);
    }
    return t;
}

static struct hf_table *
closing_table(const struct hf_compliance *c)
{
    static const char *const heads[] = {
        "SEVERITY", "IN EFFECT", "HALF WITHIN", "95 % WITHIN",
        "OPEN",     "OLDEST",    NULL};
    struct hf_table *t = hf_table_new(heads);
    char text[DAYS_LEN];

    for (size_t i = 0; i < HF_CLOSINGS; i++) {
        const struct hf_closing *w = &c->closings[i];

        if (!w->in_effect && !w->open)
            continue;
        hf_table_cell(t, closing_name(w));
        hf_table_cellf(t, "%zu", w->in_effect);
        hf_table_cell(t, days_of(text, w->median, w->in_effect));
        hf_table_cell(t, days_of(text, w->most, w->in_effect));
        hf_table_cellf(t, "%zu", w->open);
        hf_table_cell(t, days_of(text, w->oldest, w->open));
    }
    return t;
}

static struct hf_table *
goal_table(const struct hf_compliance *c)
{
    static const char *const heads[] = {"RELEASE", "PRODUCT", "OUT",
                                        "DUE",     "GOAL",    "OF COVERED",
                                        "OF ALL",  NULL};
    struct hf_table *t = hf_table_new(heads);
    char text[HF_SHARE_LEN], at[HF_TIME_LEN];

    for (size_t i = 0; i < c->goals_len; i++) {
        const struct hf_goal_check *g = &c->goals[i];
        const struct hf_release *row = g->release;

        hf_table_cell(t, row->kb ? row->kb : row->patch);
        hf_table_cell(t, row->product);
        hf_table_cellf(t, "%.10s", hf_time_format(at, row->released));
        hf_table_cellf(t, "%.10s", hf_time_format(at, g->due));
        hf_table_cell(t, hf_goal_names[g->state]);
        hf_table_cell(
            t, hf_share(text, g->tally.covered_current, g->tally.covered));
        hf_table_cell(
            t, hf_share(text, g->tally.by[HF_COUNTED_CURRENT], g->tally.hosts));
    }
    return t;
}

/* ---- for people ---- */

static void
say_figures(const struct hf_compliance *c)
{
    const struct hf_tally *n = &c->now;
    struct hf_buf rest = {0};
    char text[HF_SHARE_LEN];

    (void)printf("of covered hosts        %5zu of %5zu   %s\n",
                 n->covered_current, n->covered,
                 hf_share(text, n->covered_current, n->covered));
    (void)printf("of all hosts in scope   %5zu of %5zu   %s\n",
                 n->by[HF_COUNTED_CURRENT], n->hosts,
                 hf_share(text, n->by[HF_COUNTED_CURRENT], n->hosts));
    for (int i = 0; i < HF_COUNTED_COUNT; i++) {
        if (i != HF_COUNTED_CURRENT && n->by[i])
            hf_buf_printf(&rest, "%s%zu %s", rest.len ? ", " : "", n->by[i],
                          hf_counted_names[i]);
    }
    if (rest.len)
        (void)printf("not counted as current: %s\n", hf_buf_str(&rest));
    hf_buf_release(&rest);
}

static void
say_trend(const struct hf_report *r)
{
    static const char *const names[] = {"of covered", "of all"};
    const struct hf_compliance *c = r->data;
    char from[HF_TIME_LEN], to[HF_TIME_LEN];

    (void)printf("\nBy day, %.10s to %.10s, from 0 to 100 %%\n",
                 hf_time_format(from, c->from), hf_time_format(to, c->until));
    for (int of_all = 0; of_all < 2; of_all++) {
        int64_t *v = hf_compliance_trend(c, of_all);
        struct hf_buf line = {0};

        hf_plot_spark(&line, v, c->days_len, 0, 1000, SPARK, r->cli->ascii);
        (void)printf("  %-10s  %s\n", names[of_all], hf_buf_str(&line));
        hf_buf_release(&line);
        free(v);
    }
}

static void
say(const struct hf_report *r)
{
    const struct hf_compliance *c = r->data;
    const struct hf_goal_rule *goal = &hf_session_fleet(r->cli->session)->goal;

    say_figures(c);
    say_trend(r);
    (void)printf("\nDays from release to in effect\n");
    hf_report_rows(r, closing_table(c));
    if (goal->percent) {
        (void)printf("\nGoal: %d %% of covered hosts by day %d\n",
                     goal->percent, goal->days);
        hf_report_rows(r, goal_table(c));
    }
    (void)putchar('\n');
    hf_report_table(r, group_table(r));
    if (c->damaged)
        (void)printf("\n%zu record%s of the ledger cannot be read and not "
                     "counted\n",
                     c->damaged, hf_plural(c->damaged));
}

/* ---- for spreadsheets ---- */

static void
csv_row(struct hf_table *t, const char *by, const char *name,
        const struct hf_tally *n)
{
    char text[HF_SHARE_LEN];

    hf_table_cell(t, by);
    hf_table_cell(t, name);
    hf_table_cellf(t, "%zu", n->hosts);
    hf_table_cellf(t, "%zu", n->covered);
    hf_table_cellf(t, "%zu", n->covered_current);
    hf_table_cell(t, hf_percent(text, n->covered_current, n->covered));
    hf_table_cell(t, hf_percent(text, n->by[HF_COUNTED_CURRENT], n->hosts));
    counted_cells(t, n);
}

static struct hf_table *
csv(const struct hf_report *r)
{
    static const char *const heads[] = {"BY",
                                        "NAME",
                                        "HOSTS",
                                        "COVERED",
                                        "COVERED CURRENT",
                                        "PERCENT OF COVERED",
                                        "PERCENT OF ALL",
                                        COUNTED_HEADS,
                                        NULL};
    const struct hf_compliance *c = r->data;
    struct hf_table *t = hf_table_new(heads);

    csv_row(t, "all", NULL, &c->now);
    for (size_t i = 0; i < c->groups_len; i++)
        csv_row(t, c->groups[i].axis, c->groups[i].name, &c->groups[i].tally);
    return t;
}

/* ---- for programs ---- */

static cJSON *
tally_json(const struct hf_tally *n)
{
    cJSON *obj = cJSON_CreateObject(), *by;

    hf_json_add_int(obj, "hosts", (int64_t)n->hosts);
    hf_json_add_int(obj, "recorded", (int64_t)n->recorded);
    hf_json_add_int(obj, "covered", (int64_t)n->covered);
    hf_json_add_int(obj, "covered_current", (int64_t)n->covered_current);
    by = hf_json_add_obj(obj, "by");
    for (int i = 0; i < HF_COUNTED_COUNT; i++)
        hf_json_add_int(by, hf_counted_names[i], (int64_t)n->by[i]);
    return obj;
}

static void
add_groups(cJSON *doc, const struct hf_compliance *c)
{
    cJSON *arr = hf_json_add_arr(doc, "groups");

    for (size_t i = 0; i < c->groups_len; i++) {
        cJSON *obj = cJSON_CreateObject();

        hf_json_add_str(obj, "by", c->groups[i].axis);
        hf_json_add_str(obj, "name", c->groups[i].name);
        cJSON_AddItemToObject(obj, "tally", tally_json(&c->groups[i].tally));
        cJSON_AddItemToArray(arr, obj);
    }
}

static void
add_days(cJSON *doc, const struct hf_compliance *c)
{
    cJSON *arr = hf_json_add_arr(doc, "days");

    for (size_t i = 0; i < c->days_len; i++) {
        cJSON *obj = cJSON_CreateObject();

        hf_json_add_time(obj, "at", c->days[i].at);
        cJSON_AddItemToObject(obj, "tally", tally_json(&c->days[i].tally));
        cJSON_AddItemToArray(arr, obj);
    }
}

static void
add_closings(cJSON *doc, const struct hf_compliance *c)
{
    cJSON *arr = hf_json_add_arr(doc, "release_to_in_effect");

    for (size_t i = 0; i < HF_CLOSINGS; i++) {
        const struct hf_closing *w = &c->closings[i];
        cJSON *obj = cJSON_CreateObject();

        hf_json_add_str(obj, "severity", closing_name(w));
        hf_json_add_int(obj, "in_effect", (int64_t)w->in_effect);
        hf_json_add_int(obj, "open", (int64_t)w->open);
        if (w->in_effect) {
            hf_json_add_int(obj, "median_ms", w->median);
            hf_json_add_int(obj, "p95_ms", w->most);
        }
        if (w->open)
            hf_json_add_int(obj, "oldest_open_ms", w->oldest);
        cJSON_AddItemToArray(arr, obj);
    }
}

static void
add_goals(cJSON *doc, const struct hf_compliance *c)
{
    cJSON *arr = hf_json_add_arr(doc, "goals");

    for (size_t i = 0; i < c->goals_len; i++) {
        const struct hf_goal_check *g = &c->goals[i];
        cJSON *obj = cJSON_CreateObject();

        hf_json_add_str(obj, "product", g->release->product);
        hf_json_add_str(obj, "kb", g->release->kb);
        hf_json_add_str(obj, "patch", g->release->patch);
        hf_json_add_time(obj, "released", g->release->released);
        hf_json_add_time(obj, "due", g->due);
        hf_json_add_str(obj, "state", hf_goal_names[g->state]);
        cJSON_AddItemToObject(obj, "tally", tally_json(&g->tally));
        cJSON_AddItemToArray(arr, obj);
    }
}

static void
add_json(const struct hf_report *r, cJSON *doc)
{
    const struct hf_compliance *c = r->data;
    const struct hf_goal_rule *goal = &hf_session_fleet(r->cli->session)->goal;
    cJSON *obj;

    hf_json_add_time(doc, "from", c->from);
    hf_json_add_time(doc, "until", c->until);
    hf_json_add_str(doc, "ledger", c->commit);
    hf_json_add_int(doc, "damaged", (int64_t)c->damaged);
    cJSON_AddItemToObject(doc, "now", tally_json(&c->now));
    if (goal->percent) {
        obj = hf_json_add_obj(doc, "goal");
        hf_json_add_int(obj, "percent", goal->percent);
        hf_json_add_int(obj, "days", goal->days);
    }
    add_groups(doc, c);
    add_closings(doc, c);
    add_goals(doc, c);
    add_days(doc, c);
}

/* ---- a page ---- */

static void
add_page(const struct hf_report *r, struct hf_html *page)
{
    static const char *const names[] = {"of covered hosts",
                                        "of all hosts in scope"};
    const struct hf_compliance *c = r->data;
    const struct hf_tally *n = &c->now;
    char text[HF_SHARE_LEN];
    int64_t *lines[2] = {hf_compliance_trend(c, 0), hf_compliance_trend(c, 1)};

    hf_html_figure(page, hf_share(text, n->covered_current, n->covered),
                   "of %zu covered hosts have the newest release in effect",
                   n->covered);
    hf_html_figure(page, hf_share(text, n->by[HF_COUNTED_CURRENT], n->hosts),
                   "of all %zu hosts in scope", n->hosts);
    hf_html_heading(page, "Over time");
    hf_html_lines(page, (const int64_t *const *)lines, names, 2, c->days_len,
                  c->from, c->until, 1000, "%");
    hf_html_heading(page, "Days from release to in effect");
    hf_html_table(page, closing_table(c));
    if (c->goals_len) {
        hf_html_heading(page, "Goal");
        hf_html_table(page, goal_table(c));
    }
    hf_html_heading(page, "By ring, site and product");
    hf_html_table(page, group_table(r));
    free(lines[0]);
    free(lines[1]);
}

static const struct hf_report_kind kind = {
    .name = "compliance",
    .make = make,
    .release = release,
    .text = say,
    .csv = csv,
    .json = add_json,
    .page = add_page,
};

static int
run(struct hf_cli *cli)
{
    return hf_report_run(cli, &kind);
}

const struct hf_verb hf_verb_report_compliance = {
    .name = "report compliance",
    .group = "look",
    .args = "[SELECTOR]",
    .summary = "who has the newest release in effect, and how fast",
    .help =
        "Two figures: of the covered hosts, and of all in scope, where "
        "whoever is ineligible, unknown, unverified, excepted or unreachable "
        "counts as not current. The past is what the ledger recorded, judged "
        "by what was published then; hotfleet.json \"goal\" is held against "
        "it.",
    .examples = "  hotfleet report compliance\n"
                "  hotfleet report compliance ring:broad --days 365\n"
                "  hotfleet report compliance --html >compliance.html\n",
    .options = HF_OPTS(HF_OPTS_REPORT_PAGE, HF_OPT_DAYS),
    .flags = HF_VERB_NEEDS_FLEET,
    .max_args = -1,
    .run = run,
};
