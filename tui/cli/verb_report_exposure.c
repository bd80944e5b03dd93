/* hotfleet report exposure: which CVEs are open, where, and through whom. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/drivers/driver.h"
#include "playbooks/exposure.h"
#include "tui/cli/cve.h"
#include "tui/cli/report_exposure.h"

#define WORST 10 /* CVEs listed for people, unless --limit says otherwise */
#define MAX_WORST 100000

static const struct hf_catalogue *
catalogue_of(const struct hf_report *r)
{
    return hf_session_fleet(r->cli->session)->catalogue;
}

static int
make(struct hf_report *r, struct hf_err *err)
{
    struct hf_exposure_report *data = HF_NEW(struct hf_exposure_report);
    int64_t limit;

    r->data = data;
    if (r->cli->opt[HF_OPT_ON_CVE] && !hf_cli_cve_id(r->cli, err))
        return err->code;
    hf_exposure_report_make(data, hf_session_fleet(r->cli->session), r->states,
                            r->n, r->now);
    return hf_cli_number(r->cli, HF_OPT_LIMIT, 0, MAX_WORST, &limit, err);
}

static void
release(struct hf_report *r)
{
    if (r->data)
        hf_exposure_report_release(r->data);
    free(r->data);
}

/* ---- for people ---- */

static void
number_cell(struct hf_table *t, size_t n)
{
    hf_table_cellf(t, "%zu", n);
}

static void
count_cells(struct hf_table *t, const struct hf_exposure_count *c)
{
    number_cell(t, c->open);
    number_cell(t, c->exploited);
    number_cell(t, c->severity[HF_SEVERITY_CRITICAL]);
    number_cell(t, c->severity[HF_SEVERITY_IMPORTANT]);
    if (c->worst)
        hf_table_cellf(t, "%s %s", c->worst->score, c->worst->id);
    else
        hf_table_cell(t, NULL);
}

static void
print_rings(const struct hf_report *r, const struct hf_exposure_report *d)
{
    static const char *const heads[] = {
        "RING",      "HOSTS",    "UNKNOWN",   "EXPOSED", "OPEN",
        "EXPLOITED", "CRITICAL", "IMPORTANT", "WORST",   NULL};
    struct hf_table *t = hf_table_new(heads);

    for (size_t i = 0; i < d->len; i++) {
        const struct hf_exposed *line = &d->v[i];

        if (line->kind > HF_EXPOSED_RING)
            continue;
        hf_table_cell(t, line->kind == HF_EXPOSED_ALL ? "all hosts"
                         : line->name                 ? line->name
                                                      : "(no ring)");
        number_cell(t, line->group.hosts);
        number_cell(t, line->group.unknown);
        number_cell(t, line->group.exposed);
        count_cells(t, &line->group.count);
    }
    hf_report_table(r, t);
}

struct hf_table *
hf_report_leavers(const struct hf_exposure_report *d)
{
    static const char *const heads[] = {"LEFT OPEN BY", "HOSTS",     "UNKNOWN",
                                        "OPEN",         "EXPLOITED", "UNTIL",
                                        "WHY",          NULL};
    struct hf_table *t = hf_table_new(heads);
    char day[HF_TIME_LEN];

    for (size_t i = 0; i < d->len; i++) {
        const struct hf_exposed *line = &d->v[i];
        const struct hf_exception *e = line->exception;

        if (line->kind <= HF_EXPOSED_RING)
            continue;
        hf_table_cellf(t, "%s%s", e ? "exception " : "hold", e ? e->id : "");
        number_cell(t, line->group.hosts);
        number_cell(t, line->group.unknown);
        number_cell(t, line->group.count.open);
        number_cell(t, line->group.count.exploited);
        if (e) {
            hf_table_cellf(t, "%.10s", hf_time_format(day, e->until));
            hf_table_cellf(t, "%s (%s, %s)", e->reason, e->ticket, e->owner);
        } else {
            hf_table_cell(t, "no end");
            hf_table_cell(t, line->name);
        }
    }
    return t;
}

static void
print_leavers(const struct hf_report *r, const struct hf_exposure_report *d)
{
    struct hf_table *t = hf_report_leavers(d);

    if (!hf_table_rows(t)) {
        hf_table_free(t);
        return;
    }
    (void)puts("");
    hf_report_table(r, t);
}

static void
print_worst(const struct hf_report *r, const struct hf_exposure_report *d)
{
    static const char *const heads[] = {"CVE",       "SEVERITY", "SCORE",
                                        "EXPLOITED", "HOSTS",    NULL};
    struct hf_table *t = hf_table_new(heads);
    struct hf_err ignored = HF_ERR_INIT;
    int64_t limit = WORST;
    size_t n, *worst = hf_exposure_report_worst(d, &d->v[0], &n);

    (void)hf_cli_number(r->cli, HF_OPT_LIMIT, 0, MAX_WORST, &limit, &ignored);
    for (size_t i = 0; i < n && i < (size_t)limit; i++) {
        const struct hf_cve *about = hf_exposure_about(&d->x, worst[i]);

        hf_table_cell(t, d->x.ids[worst[i]]);
        hf_table_cell(
            t,
            hf_severity_names[about ? about->severity : HF_SEVERITY_UNKNOWN]);
        hf_table_cell(t, about ? about->score : NULL);
        hf_table_cell(t, about && about->exploited ? "yes" : "-");
        number_cell(t, hf_exposure_report_hosts(d, worst[i]));
    }
    if (n && limit) {
        (void)printf("\nthe worst %zu of %zu open CVEs\n",
                     n < (size_t)limit ? n : (size_t)limit, n);
        hf_report_table(r, t);
    } else {
        hf_table_free(t);
    }
    free(worst);
}

static void
print_differences(const struct hf_report *r)
{
    size_t n;
    struct hf_month_difference *v = hf_month_differences(catalogue_of(r), &n);

    for (size_t i = 0; i < n; i++) {
        struct hf_buf line = {0};

        if (!hf_report_runs(r, v[i].product))
            continue;
        for (size_t k = 0; k < v[i].left_open.len; k++)
            hf_buf_printf(&line, "%s%s", k ? ", " : "", v[i].left_open.v[k]);
        for (size_t k = 0; k < v[i].companion.len; k++)
            hf_buf_printf(&line, "%s%s", k ? ", " : "; see ",
                          v[i].companion.v[k]);
        (void)printf("%s %s: hotpatch %s leaves open what %s closes: %s\n",
                     v[i].product, v[i].month, v[i].hotpatch->kb,
                     v[i].update->kb, hf_buf_str(&line));
        hf_buf_release(&line);
    }
    hf_month_differences_free(v, n);
}

/* No number is better than its sources. */
static void
print_gaps(const struct hf_report *r)
{
    const struct hf_exposure_report *d = r->data;

    for (size_t i = 0; hf_product_ids[i]; i++) {
        struct hf_buf months = {0};

        hf_exposure_gaps(&months, &d->x, hf_product_ids[i]);
        if (months.len)
            (void)printf("%s: more is open than is counted, no CVEs are known "
                         "of %s (hotfleet catalogue import)\n",
                         hf_product_ids[i], hf_buf_str(&months));
        hf_buf_release(&months);
    }
}

static void
text(const struct hf_report *r)
{
    const struct hf_exposure_report *d = r->data;

    if (r->cli->opt[HF_OPT_ON_CVE]) {
        hf_cli_cve_print(r->cli, d, r->states, r->n,
                         r->cli->opt[HF_OPT_ON_CVE]);
        return;
    }
    print_rings(r, d);
    print_leavers(r, d);
    print_worst(r, d);
    (void)puts("");
    print_differences(r);
    print_gaps(r);
}

/* ---- for spreadsheets ---- */

static struct hf_table *
csv(const struct hf_report *r)
{
    static const char *const heads[] = {
        "host",  "ring",      "product",  "level",     "closed",
        "open",  "exploited", "critical", "important", "worst",
        "score", "unknown",   NULL};
    const struct hf_exposure_report *d = r->data;
    struct hf_table *t;
    struct hf_fixes fixes = {0};

    if (r->cli->opt[HF_OPT_ON_CVE])
        return hf_cli_cve_table(d, r->states, r->n, r->cli->opt[HF_OPT_ON_CVE]);
    t = hf_table_new(heads);
    for (size_t i = 0; i < r->n; i++) {
        const struct hf_exposure_set *set = hf_exposure_of(&d->x, i);
        const struct hf_exposure_count none = {0};
        const struct hf_exposure_count *c = set ? &set->count : &none;

        hf_table_cell(t, r->states[i]->host->name);
        hf_table_cell(t, r->states[i]->host->ring);
        hf_table_cell(t, r->states[i]->status.product);
        hf_table_cell(t, r->states[i]->status.level);
        for (int k = 0; !set && k < 5; k++)
            hf_table_cell(t, NULL);
        if (set) {
            number_cell(t, c->closed);
            number_cell(t, c->open);
            number_cell(t, c->exploited);
            number_cell(t, c->severity[HF_SEVERITY_CRITICAL]);
            number_cell(t, c->severity[HF_SEVERITY_IMPORTANT]);
        }
        hf_table_cell(t, c->worst ? c->worst->id : NULL);
        hf_table_cell(t, c->worst ? c->worst->score : NULL);
        hf_table_cell(t, set ? NULL : hf_report_exposure_unknown(r, i, &fixes));
    }
    hf_fixes_release(&fixes);
    return t;
}

static const struct hf_report_kind exposure = {
    .name = "exposure",
    .make = make,
    .release = release,
    .text = text,
    .csv = csv,
    .json = hf_report_exposure_json,
};

static int
run_report_exposure(struct hf_cli *cli)
{
    return hf_report_run(cli, &exposure);
}

const struct hf_verb hf_verb_report_exposure = {
    .name = "report exposure",
    .group = "look",
    .args = "[SELECTOR]",
    .summary = "which CVEs are open, where, and through whose exception",
    .help = "From recorded facts and the catalogue: what the baseline line and "
            "the hotpatches of each host close, and what is open, by ring, "
            "exception and hold. --cve names the hosts on which one is open. "
            "--csv has a row for each host. What no imported document tells of "
            "is not counted: such months are named.",
    .examples = "  hotfleet report exposure\n"
                "  hotfleet report exposure 'ring:broad and excepted' --csv\n"
                "  hotfleet report exposure --cve CVE-2026-21519\n"
                "  hotfleet report exposure --json | jq '.lines[] | "
                "select(.of == \"exception\")'\n",
    .options = HF_OPTS(HF_OPTS_REPORT, HF_OPT_ON_CVE, HF_OPT_LIMIT),
    .flags = HF_VERB_NEEDS_FLEET,
    .max_args = -1,
    .run = run_report_exposure,
};
