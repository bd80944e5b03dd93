/* hotfleet report savings: restarts that did not happen, and their worth. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "playbooks/savings.h"
#include "tui/cli/report.h"
#include "tui/cli/report_html.h"
#include "tui/rows/plot.h"

#define DAYS 365
#define BAR 40 /* cells */

static int
make(struct hf_report *r, struct hf_err *err)
{
    int64_t days = DAYS;
    struct hf_savings *s;
    int rc = hf_cli_number(r->cli, HF_OPT_DAYS, 1, 3660, &days, err);

    if (rc < 0)
        return rc;
    r->data = s = HF_NEW(struct hf_savings);
    return hf_savings_make(s, r->cli->session, r->states, r->n,
                           r->now - days * HF_DAY_MS, r->now, err);
}

static void
release(struct hf_report *r)
{
    if (r->data)
        hf_savings_release(r->data);
    free(r->data);
}

/* ---- tables ---- */

static struct hf_table *
month_table(const struct hf_report *r)
{
    static const char *const heads[] = {"MONTH",      "AVOIDED",   "HOTPATCHES",
                                        "TAKEN BACK", "FALLBACKS", "UNPROVEN",
                                        "RESTARTS",   "ROLLBACKS", NULL};
    const struct hf_savings *s = r->data;
    struct hf_table *t = hf_table_new(heads);

    for (size_t i = 0; i < s->months_len; i++) {
        const struct hf_saved *n = &s->months[i].saved;

        hf_table_cell(t, s->months[i].month);
        hf_table_cellf(t, "%zu", hf_saved_avoided(n));
        hf_table_cellf(t, "%zu", n->hotpatches);
        hf_table_cellf(t, "%zu", n->taken_back);
        hf_table_cellf(t, "%zu", n->fallbacks);
        hf_table_cellf(t, "%zu", n->unproven);
        hf_table_cellf(t, "%zu", n->restarts);
        hf_table_cellf(t, "%zu", n->rollbacks);
    }
    return t;
}

static void
cell_amount(struct hf_table *t, int64_t amount)
{
    if (amount < 0)
        hf_table_cell(t, "not stated");
    else
        hf_table_cellf(t, "%lld", (long long)amount);
}

/* Every input, every sum, and how one comes from the other. */
static struct hf_table *
money_table(const struct hf_savings *s)
{
    static const char *const heads[] = {"", "LOW", "HIGH", "HOW", NULL};
    const struct hf_money *m = &s->money;
    struct hf_table *t = hf_table_new(heads);
    const struct {
        const char *name;
        int64_t low, high;
        const char *how;
    } rows[] = {
        {"restart", s->costs.restart_low, s->costs.restart_high,
         "of one host: costs.restart_low, restart_high"},
        {"worth", m->low, m->high, "avoided x restart"},
        {"licence, a month", m->licence_month, m->licence_month,
         "costs.licence_month, or cores x licence_core_cents / 100"},
        {"licence", m->licence, m->licence, "a month x 12 / 365 x days"},
        {"rollbacks", m->rollbacks, m->rollbacks, "rollbacks x costs.rollback"},
        {"fallbacks", m->fallbacks, m->fallbacks, "fallbacks x costs.fallback"},
    };

    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        hf_table_cell(t, rows[i].name);
        cell_amount(t, rows[i].low);
        cell_amount(t, rows[i].high);
        hf_table_cell(t, rows[i].how);
    }
    hf_table_cell(t, "net");
    hf_table_cellf(t, "%lld", (long long)m->net_low);
    hf_table_cellf(t, "%lld", (long long)m->net_high);
    hf_table_cell(t, "worth - what is stated of the costs");
    return t;
}

/* ---- for people ---- */

static void
say_evidence(const struct hf_report *r)
{
    const struct hf_savings *s = r->data;
    const struct hf_saved *n = &s->all;
    char from[HF_TIME_LEN], to[HF_TIME_LEN];

    (void)printf("%zu restart%s avoided, %.10s to %.10s\n", hf_saved_avoided(n),
                 hf_plural(hf_saved_avoided(n)), hf_time_format(from, s->from),
                 hf_time_format(to, s->until));
    (void)printf("= %zu hotpatch%s in effect with the same boot id before and "
                 "after\n- %zu of them taken back\n",
                 n->hotpatches, n->hotpatches == 1 ? "" : "es", n->taken_back);
    (void)printf("not counted: %zu fallback%s to an update with restart, %zu "
                 "in effect without proof\nrestarts that runs caused: %zu; "
                 "rollbacks: %zu\n\n",
                 n->fallbacks, hf_plural(n->fallbacks), n->unproven,
                 n->restarts, n->rollbacks);
}

static void
say_months(const struct hf_report *r)
{
    const struct hf_savings *s = r->data;
    size_t most = 1;

    for (size_t i = 0; i < s->months_len; i++) {
        size_t avoided = hf_saved_avoided(&s->months[i].saved);

        most = avoided > most ? avoided : most;
    }
    for (size_t i = 0; i < s->months_len; i++) {
        size_t avoided = hf_saved_avoided(&s->months[i].saved);
        struct hf_buf bar = {0};

        hf_plot_bar(&bar, (int64_t)avoided, (int64_t)most, BAR, r->cli->ascii);
        (void)printf("%s %6zu%s%s\n", s->months[i].month, avoided,
                     bar.len ? " " : "", hf_buf_str(&bar));
        hf_buf_release(&bar);
    }
}

static void
say_money(const struct hf_report *r)
{
    const struct hf_savings *s = r->data;

    (void)printf("\nIn %s, by hotfleet.json \"costs\"\n", s->costs.currency);
    hf_report_table(r, money_table(s));
    if (s->money.minutes >= 0)
        (void)printf("%lld hours of people's time (avoided x "
                     "costs.restart_minutes)\n",
                     (long long)(s->money.minutes / 60));
    if (s->money.even_low >= 0)
        (void)printf("the licence is paid for by %lld to %lld avoided restarts "
                     "a month\n",
                     (long long)s->money.even_low,
                     (long long)s->money.even_high);
}

static void
say_potential(const struct hf_report *r)
{
    const struct hf_savings *s = r->data;

    (void)printf("ESTIMATE, no evidence: %zu Windows hosts could take "
                 "hotpatches; with eight hotpatch\nmonths a year as planned by "
                 "the vendor, %zu restarts a year would not be needed.\nLinux "
                 "hosts: unknown, nobody announces how many patches will "
                 "come.\n",
                 s->could, s->could_avoid);
}

static void
say(const struct hf_report *r)
{
    const struct hf_savings *s = r->data;

    if (r->cli->opt[HF_OPT_POTENTIAL]) {
        say_potential(r);
        return;
    }
    say_evidence(r);
    say_months(r);
    say_money(r);
    if (s->damaged)
        (void)printf("\n%zu record%s of the ledger cannot be read and not "
                     "counted\n",
                     s->damaged, hf_plural(s->damaged));
}

/* ---- for programs ---- */

static void
add_saved(cJSON *obj, const struct hf_saved *n)
{
    hf_json_add_int(obj, "avoided", (int64_t)hf_saved_avoided(n));
    hf_json_add_int(obj, "hotpatches", (int64_t)n->hotpatches);
    hf_json_add_int(obj, "taken_back", (int64_t)n->taken_back);
    hf_json_add_int(obj, "fallbacks", (int64_t)n->fallbacks);
    hf_json_add_int(obj, "unproven", (int64_t)n->unproven);
    hf_json_add_int(obj, "restarts", (int64_t)n->restarts);
    hf_json_add_int(obj, "rollbacks", (int64_t)n->rollbacks);
}

/* What is not stated is left out. */
static void
add_stated(cJSON *obj, const char *key, int64_t value)
{
    if (value >= 0)
        hf_json_add_int(obj, key, value);
}

static void
add_money(cJSON *doc, const struct hf_savings *s)
{
    const struct hf_costs *c = &s->costs;
    const struct hf_money *m = &s->money;
    cJSON *in = hf_json_add_obj(doc, "costs");
    cJSON *out = hf_json_add_obj(doc, "money");

    hf_json_add_str(in, "currency", c->currency);
    add_stated(in, "restart_low", c->restart_low);
    add_stated(in, "restart_high", c->restart_high);
    add_stated(in, "restart_minutes", c->restart_minutes);
    add_stated(in, "rollback", c->rollback);
    add_stated(in, "fallback", c->fallback);
    add_stated(in, "licence_month", c->licence_month);
    add_stated(in, "cores", c->cores);
    add_stated(in, "licence_core_cents", c->licence_core_cents);
    hf_json_add_int(out, "worth_low", m->low);
    hf_json_add_int(out, "worth_high", m->high);
    add_stated(out, "minutes", m->minutes);
    add_stated(out, "licence_month", m->licence_month);
    add_stated(out, "licence", m->licence);
    add_stated(out, "rollbacks", m->rollbacks);
    add_stated(out, "fallbacks", m->fallbacks);
    hf_json_add_int(out, "costs", m->costs);
    hf_json_add_int(out, "net_low", m->net_low);
    hf_json_add_int(out, "net_high", m->net_high);
    add_stated(out, "break_even_low", m->even_low);
    add_stated(out, "break_even_high", m->even_high);
}

static void
add_json(const struct hf_report *r, cJSON *doc)
{
    const struct hf_savings *s = r->data;
    cJSON *arr, *obj;

    hf_json_add_time(doc, "from", s->from);
    hf_json_add_time(doc, "until", s->until);
    hf_json_add_str(doc, "ledger", s->commit);
    hf_json_add_int(doc, "damaged", (int64_t)s->damaged);
    add_saved(hf_json_add_obj(doc, "all"), &s->all);
    arr = hf_json_add_arr(doc, "months");
    for (size_t i = 0; i < s->months_len; i++) {
        obj = cJSON_CreateObject();
        hf_json_add_str(obj, "month", s->months[i].month);
        add_saved(obj, &s->months[i].saved);
        cJSON_AddItemToArray(arr, obj);
    }
    add_money(doc, s);
    obj = hf_json_add_obj(doc, "potential");
    hf_json_add_bool(obj, "estimate", 1);
    hf_json_add_int(obj, "hosts", (int64_t)s->could);
    hf_json_add_int(obj, "avoided_a_year", (int64_t)s->could_avoid);
}

/* ---- a page ---- */

static void
add_page(const struct hf_report *r, struct hf_html *page)
{
    const struct hf_savings *s = r->data;
    const char **names = hf_xcalloc(s->months_len + 1, sizeof(*names));
    int64_t *values = hf_xcalloc(s->months_len + 1, sizeof(*values));
    char number[32];

    (void)snprintf(number, sizeof(number), "%zu", hf_saved_avoided(&s->all));
    hf_html_figure(page, number,
                   "restarts avoided: %zu hotpatches in effect "
                   "with the same boot id, %zu taken back",
                   s->all.hotpatches, s->all.taken_back);
    (void)snprintf(number, sizeof(number), "%lld to %lld",
                   (long long)s->money.net_low, (long long)s->money.net_high);
    hf_html_figure(page, number, "%s net", s->costs.currency);
    hf_html_say(page,
                "Not counted: %zu fallback%s to an update with restart, "
                "%zu in effect without proof. Restarts that runs caused: "
                "%zu.",
                s->all.fallbacks, hf_plural(s->all.fallbacks), s->all.unproven,
                s->all.restarts);
    for (size_t i = 0; i < s->months_len; i++) {
        names[i] = s->months[i].month;
        values[i] = (int64_t)hf_saved_avoided(&s->months[i].saved);
    }
    hf_html_heading(page, "Restarts avoided, by month");
    hf_html_bars(page, names, values, s->months_len);
    hf_html_table(page, month_table(r));
    hf_html_heading(page, "What it comes to");
    hf_html_table(page, money_table(s));
    free(names);
    free(values);
}

static const struct hf_report_kind kind = {
    .name = "savings",
    .make = make,
    .release = release,
    .text = say,
    .csv = month_table,
    .json = add_json,
    .page = add_page,
};

static int
run(struct hf_cli *cli)
{
    return hf_report_run(cli, &kind);
}

const struct hf_verb hf_verb_report_savings = {
    .name = "report savings",
    .group = "look",
    .args = "[SELECTOR]",
    .summary = "restarts that did not happen, and their worth",
    .help =
        "A restart counts as avoided when a hotpatch is in effect with the "
        "same boot id before and after, and was not taken back. Money by "
        "hotfleet.json \"costs\"; what is not stated there is not guessed, but "
        "for 300 to 500 USD a restart.",
    .examples = "  hotfleet report savings\n"
                "  hotfleet report savings ring:broad --days 90\n"
                "  hotfleet report savings --potential\n",
    .options = HF_OPTS(HF_OPTS_REPORT_PAGE, HF_OPT_DAYS, HF_OPT_POTENTIAL),
    .flags = HF_VERB_NEEDS_FLEET,
    .max_args = -1,
    .run = run,
};
