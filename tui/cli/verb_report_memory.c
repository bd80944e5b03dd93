/* hotfleet report memory: what live patches cost in memory. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tui/cli/report_html.h"
#include "tui/cli/report_memory.h"
#include "tui/rows/fact.h"
#include "tui/rows/memory.h"
#include "tui/rows/plot.h"

#define DAYS 92
#define COLUMNS 120 /* where there is no terminal */
#define OUTLIERS 20 /* listed for people, unless --limit says otherwise */
#define MAX_OUTLIERS 1000000

static int
make(struct hf_report *r, struct hf_err *err)
{
    int64_t days = DAYS, limit;
    struct hf_memory_report *m;
    int rc;

    if ((rc = hf_cli_number(r->cli, HF_OPT_DAYS, 1, 3660, &days, err)) < 0 ||
        (rc = hf_cli_number(r->cli, HF_OPT_LIMIT, 0, MAX_OUTLIERS, &limit,
                            err)) < 0)
        return rc;
    r->data = m = HF_NEW(struct hf_memory_report);
    return hf_memory_make(m, r->cli->session, r->states, r->n, (int)days,
                          r->now, err);
}

static void
release(struct hf_report *r)
{
    if (r->data)
        hf_memory_release(r->data);
    free(r->data);
}

/* ---- tables, of every form ---- */

static void
cell_bytes(struct hf_table *t, int64_t bytes)
{
    struct hf_buf text = {0};

    if (bytes != HF_MEMORY_UNKNOWN)
        hf_bytes_show(&text, bytes);
    hf_table_cell(t, text.len ? hf_buf_str(&text) : NULL);
    hf_buf_release(&text);
}

/* What no host of a product can tell has no row. */
static struct hf_table *
line_table(const struct hf_memory_report *m)
{
    static const char *const heads[] = {"PRODUCT",   "OF",        "HOSTS TOLD",
                                        "HALF HAVE", "PATCHES",   "HALF GREW",
                                        "MOST GREW", "OVER TIME", "HALF GREW",
                                        "MOST GREW", "ODD",       NULL};
    struct hf_table *t = hf_table_new(heads);

    for (size_t i = 0; i < m->len; i++) {
        const struct hf_memory_line *line = &m->lines[i];

        for (int k = 0; k < HF_MEMORY_KINDS; k++) {
            const struct hf_memory_spread *patch = &line->over_patch[k],
                                          *time = &line->over_time[k];

            if (k != HF_MEMORY_COMMITTED && !line->told[k])
                continue;
            hf_table_cell(t, line->product ? line->product : "(unknown)");
            hf_table_cell(t, hf_memory_rows[k].title);
            hf_table_cellf(t, "%zu of %zu", line->told[k], line->hosts);
            cell_bytes(t, line->median[k]);
            hf_table_cellf(t, "%zu", patch->known);
            cell_bytes(t, patch->median);
            cell_bytes(t, patch->most);
            hf_table_cellf(t, "%zu", time->known);
            cell_bytes(t, time->median);
            cell_bytes(t, time->most);
            hf_table_cellf(t, "%zu", patch->outliers + time->outliers);
        }
    }
    return t;
}

/* A row for each kind in which the change stands out; as many as there is
 * room for. How many there are in all. */
static size_t
add_outliers(struct hf_table *t, const struct hf_memory_report *m,
             const struct hf_memory_changes *all, size_t room)
{
    size_t n = 0;

    for (size_t i = 0; i < all->len; i++) {
        const struct hf_memory_change *c = &all->v[i];
        const struct hf_memory_line *line = hf_memory_line_of(m, c);

        for (int k = 0; k < HF_MEMORY_KINDS; k++) {
            const struct hf_memory_spread *of =
                c->run[0] ? &line->over_patch[k] : &line->over_time[k];
            char day[HF_TIME_LEN];

            if (!(c->outlier & 1u << k) || ++n > room)
                continue;
            hf_table_cell(t, c->host->name);
            if (c->run[0])
                hf_table_cell(t, c->run);
            else
                hf_table_cellf(t, "since %.10s", hf_time_format(day, c->from));
            hf_table_cell(t, hf_memory_rows[k].title);
            cell_bytes(t, c->before.v[k]);
            cell_bytes(t, c->after.v[k]);
            cell_bytes(t, hf_memory_growth(c, (enum hf_memory_kind)k));
            cell_bytes(t, of->median);
            cell_bytes(t, of->limit);
        }
    }
    return n;
}

/* Those of patches first. */
static struct hf_table *
outlier_table(const struct hf_report *r, size_t *left_off)
{
    static const char *const heads[] = {"HOST",      "BY",    "OF",
                                        "BEFORE",    "AFTER", "GREW",
                                        "HALF GREW", "LIMIT", NULL};
    const struct hf_memory_report *m = r->data;
    struct hf_table *t = hf_table_new(heads);
    struct hf_err ignored = HF_ERR_INIT;
    int64_t limit = OUTLIERS;
    size_t n, shown;

    (void)hf_cli_number(r->cli, HF_OPT_LIMIT, 0, MAX_OUTLIERS, &limit,
                        &ignored);
    n = add_outliers(t, m, &m->patches, (size_t)limit);
    shown = n < (size_t)limit ? n : (size_t)limit;
    n += add_outliers(t, m, &m->hosts, (size_t)limit - shown);
    *left_off = n - hf_table_rows(t);
    return t;
}

static void
cell_number(struct hf_table *t, int64_t number)
{
    if (number == HF_MEMORY_UNKNOWN)
        hf_table_cell(t, "");
    else
        hf_table_cellf(t, "%lld", (long long)number);
}

static void
add_csv_rows(struct hf_table *t, const struct hf_memory_changes *all)
{
    for (size_t i = 0; i < all->len; i++) {
        const struct hf_memory_change *c = &all->v[i];
        char at[HF_TIME_LEN];

        hf_table_cell(t, c->run[0] ? "patch" : "time");
        hf_table_cell(t, c->host->name);
        hf_table_cell(t, c->product ? c->product : "");
        hf_table_cell(t, c->run);
        hf_table_cell(t, hf_time_format(at, c->from));
        hf_table_cell(t, hf_time_format(at, c->at));
        hf_table_cell(t, hf_memory_compares(c) ? "yes" : "no");
        for (int k = 0; k < HF_MEMORY_KINDS; k++) {
            cell_number(t, c->before.v[k]);
            cell_number(t, c->after.v[k]);
            hf_table_cell(t, c->outlier & 1u << k ? "yes" : "no");
        }
    }
}

static struct hf_table *
make_csv(const struct hf_report *r)
{
    static const char *const heads[] = {"over",
                                        "host",
                                        "product",
                                        "run",
                                        "from",
                                        "at",
                                        "compared",
                                        "committed_before",
                                        "committed_after",
                                        "committed_odd",
                                        "modules_before",
                                        "modules_after",
                                        "modules_odd",
                                        "patches_before",
                                        "patches_after",
                                        "patches_odd",
                                        "pool_before",
                                        "pool_after",
                                        "pool_odd",
                                        NULL};
    const struct hf_memory_report *m = r->data;
    struct hf_table *t = hf_table_new(heads);

    add_csv_rows(t, &m->patches);
    add_csv_rows(t, &m->hosts);
    return t;
}

/* ---- for people ---- */

static void
say_trends(const struct hf_report *r)
{
    const struct hf_look look = {
        .cols = r->cli->columns ? r->cli->columns : COLUMNS,
        .ascii = r->cli->ascii,
        .now = r->now,
    };
    struct hf_doc doc = {0};

    hf_memory_trend_rows(&doc, r->data, &look);
    for (size_t i = 0; i < doc.len; i++)
        (void)puts(hf_buf_str(&doc.v[i].line.text));
    hf_doc_release(&doc);
}

static void
count_patches(const struct hf_memory_report *m, size_t *patches,
              size_t *restarted)
{
    *patches = *restarted = 0;
    for (size_t i = 0; i < m->len; i++) {
        *patches += m->lines[i].patches;
        *restarted += m->lines[i].restarted;
    }
}

static void
say(const struct hf_report *r)
{
    const struct hf_memory_report *m = r->data;
    size_t patches, restarted, left_off;
    char from[HF_TIME_LEN], to[HF_TIME_LEN];
    struct hf_table *odd = outlier_table(r, &left_off);

    count_patches(m, &patches, &restarted);
    (void)printf("%zu patch%s put into effect, %.10s to %.10s; %zu not "
                 "compared: with a restart, or without proof of none\n\n",
                 patches, patches == 1 ? "" : "es",
                 hf_time_format(from, m->from), hf_time_format(to, m->until),
                 restarted);
    hf_report_rows(r, line_table(m));
    (void)puts(
        "\nmean of the hosts that told it, by day, from its least to its most");
    say_trends(r);
    if (hf_table_rows(odd) + left_off)
        (void)printf("\nthese stand out%s\n",
                     left_off ? ", and more (--limit)" : "");
    else
        (void)puts("\nnobody stands out");
    if (hf_table_rows(odd))
        hf_report_table(r, odd);
    else
        hf_table_free(odd);
    if (m->damaged)
        (void)printf("\n%zu records of the ledger cannot be read and are not "
                     "counted\n",
                     m->damaged);
}

/* ---- a page ---- */

/* The first unit in which the largest value has a few digits. */
static const char *
unit_of(int64_t most, int64_t *size)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB"};
    size_t i = 0;

    for (*size = 1; most / *size >= 10000 && i + 1 < HF_COUNT(units); i++)
        *size *= 1024;
    return units[i];
}

static void
add_plot(struct hf_html *page, const struct hf_memory_report *m,
         const struct hf_memory_line *line, enum hf_memory_kind kind)
{
    struct hf_memory_trend trend;
    const int64_t *lines[1];
    const char *names[1], *unit;
    int64_t size;
    char *name;

    if (!hf_memory_trend(&trend, m, line, kind))
        return;
    unit = unit_of(trend.most, &size);
    for (size_t d = 0; d < m->days; d++) {
        if (trend.v[d] != HF_PLOT_NONE)
            trend.v[d] /= size;
    }
    name = hf_xasprintf("%s: %s", line->product ? line->product : "(unknown)",
                        hf_memory_rows[kind].title);
    lines[0] = trend.v;
    names[0] = name;
    hf_html_lines(page, lines, names, 1, m->days, m->from, m->until,
                  trend.most / size + 1, unit);
    free(name);
    free(trend.v);
}

static void
add_plots(struct hf_html *page, const struct hf_memory_report *m)
{
    for (size_t i = 0; i < m->len; i++) {
        for (int k = 0; k < HF_MEMORY_KINDS; k++)
            add_plot(page, m, &m->lines[i], (enum hf_memory_kind)k);
    }
}

static void
add_page(const struct hf_report *r, struct hf_html *page)
{
    const struct hf_memory_report *m = r->data;
    size_t patches, restarted, left_off;
    struct hf_table *odd = outlier_table(r, &left_off);
    char number[32];

    count_patches(m, &patches, &restarted);
    (void)snprintf(number, sizeof(number), "%zu", patches);
    hf_html_figure(page, number,
                   "patches put into effect, %zu of them not compared: with a "
                   "restart, or without proof of none",
                   restarted);
    (void)snprintf(number, sizeof(number), "%zu",
                   hf_table_rows(odd) + left_off);
    hf_html_figure(page, number, "measurements that stand out");
    hf_html_table(page, line_table(m));
    hf_html_heading(page, "Mean of the hosts that told it, by day");
    add_plots(page, m);
    hf_html_heading(page, "Who stands out");
    if (hf_table_rows(odd)) {
        hf_html_table(page, odd);
    } else {
        hf_html_say(page, "nobody");
        hf_table_free(odd);
    }
    if (left_off)
        hf_html_say(page, "and %zu more", left_off);
}

static const struct hf_report_kind kind = {
    .name = "memory",
    .make = make,
    .release = release,
    .text = say,
    .csv = make_csv,
    .json = hf_report_memory_json,
    .page = add_page,
};

static int
run(struct hf_cli *cli)
{
    return hf_report_run(cli, &kind);
}

const struct hf_verb hf_verb_report_memory = {
    .name = "report memory",
    .group = "look",
    .args = "[SELECTOR]",
    .summary = "what live patches cost in memory, and who stands out",
    .help =
        "Committed memory and that of kernel modules, before and after each "
        "patch and over the time, by product. Compared is only what lies "
        "between two moments of one boot: memory begins anew with a restart. "
        "What a host did not tell is unknown and counted so.",
    .examples = "  hotfleet report memory\n"
                "  hotfleet report memory ring:canary --days 30\n"
                "  hotfleet report memory --html >memory.html\n",
    .options = HF_OPTS(HF_OPTS_REPORT_PAGE, HF_OPT_DAYS, HF_OPT_LIMIT),
    .flags = HF_VERB_NEEDS_FLEET,
    .max_args = -1,
    .run = run,
};
