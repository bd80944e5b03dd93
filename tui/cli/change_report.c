/* Forecast and report of a change; see change_report.h. */
#include "tui/cli/change_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tui/cli/table.h"

#define BROKEN HF_LEDGER_BROKEN

/* ---- before ---- */

static void
add_forecast(struct hf_table *t, const struct hf_forecast *f, int color)
{
    const struct hf_order *o = &f->order;
    int will = f->skip == HF_OUTCOME_COUNT;

    if (will && o->broken_glass[0])
        hf_table_alarm(t, color);
    hf_table_cell(t, f->state->host->name);
    hf_table_cell(t, f->state->host->ring);
    hf_table_cell(t, will ? "will" : hf_outcome_names[f->skip]);
    hf_table_cell(t, will ? hf_restart_names[o->price.restart] : "");
    hf_table_cellf(t, will ? "%zu" : "-", o->price.cves.len);
    if (will && o->broken_glass[0])
        hf_table_cellf(t, BROKEN " (%s) %s -> %s", o->broken_glass,
                       o->level_from, o->level_to);
    else if (will)
        hf_table_cellf(t, "%s -> %s", o->level_from, o->level_to);
    else
        hf_table_cell(t, f->why);
}

/* What else it costs, when it is the same everywhere. */
static void
print_note(FILE *to, const struct hf_forecasts *all)
{
    const char *note = NULL;

    for (size_t i = 0; i < all->len; i++) {
        const char *own = all->v[i].order.price.note;

        if (all->v[i].skip != HF_OUTCOME_COUNT)
            continue;
        if (!own[0] || (note && strcmp(note, own) != 0))
            return;
        note = own;
    }
    if (note)
        (void)fprintf(to, "price: %s\n", note);
}

struct undo {
    size_t possible, restarts;
    const char *note; /* the same everywhere, else NULL */
};

static struct undo
sum_undo(const struct hf_forecasts *all)
{
    struct undo sum = {0};
    size_t seen = 0;

    for (size_t i = 0; i < all->len; i++) {
        const struct hf_price *undo = &all->v[i].order.undo;

        if (all->v[i].skip != HF_OUTCOME_COUNT)
            continue;
        sum.possible += undo->possible != 0;
        sum.restarts += undo->possible && undo->restart != HF_RESTART_NO;
        if (!seen++)
            sum.note = undo->note;
        else if (sum.note && strcmp(sum.note, undo->note) != 0)
            sum.note = NULL;
    }
    return sum;
}

/* "possible on 8 of 9 hosts, 4 of them may restart. what it leads back to" */
static void
print_undo(FILE *to, const struct hf_forecasts *all)
{
    struct undo sum = sum_undo(all);

    if (!all->to_do)
        return;
    (void)fputs("taking it back: ", to);
    if (!sum.possible)
        (void)fputs("not possible", to);
    else if (sum.possible < all->to_do)
        (void)fprintf(to, "possible on %zu of %zu host%s", sum.possible,
                      all->to_do, hf_plural(all->to_do));
    else
        (void)fputs("possible", to);
    if (sum.restarts)
        (void)fprintf(to, ", %zu host%s may restart", sum.restarts,
                      hf_plural(sum.restarts));
    else if (sum.possible)
        (void)fputs(", without a restart", to);
    (void)fprintf(to, "%s%s\n", sum.note && sum.note[0] ? ". " : "",
                  sum.note ? sum.note : "");
}

static size_t
count_unknown(const struct hf_forecasts *all)
{
    size_t n = 0;

    for (size_t i = 0; i < all->len; i++)
        n += all->v[i].skip == HF_OUTCOME_COUNT &&
             all->v[i].order.price.restart == HF_RESTART_UNKNOWN;
    return n;
}

static void
print_price(FILE *to, const struct hf_forecasts *all, enum hf_action action)
{
    size_t unknown = count_unknown(all);

    if (action == HF_ACTION_CALL_OFF)
        (void)fprintf(to,
                      "\ncalled off on %zu of %zu host%s, where a restart "
                      "of hotfleet waits",
                      all->to_do, all->len, hf_plural(all->len));
    else if (action == HF_ACTION_STAGE)
        (void)fprintf(to,
                      "\n%zu of %zu host%s would download; nothing is "
                      "installed, nothing restarts",
                      all->to_do, all->len, hf_plural(all->len));
    else if (action == HF_ACTION_REBOOT)
        (void)fprintf(to, "\nrestarts: %zu of %zu host%s", all->restarts,
                      all->len, hf_plural(all->len));
    else
        (void)fprintf(to, "\n%zu of %zu host%s would be changed; restarts: %zu",
                      all->to_do, all->len, hf_plural(all->len), all->restarts);
    if (unknown)
        (void)fprintf(to, ", not known for %zu", unknown);
    (void)fputc('\n', to);
    print_note(to, all);
    if (action == HF_ACTION_APPLY)
        print_undo(to, all);
}

void
hf_change_print_forecast(struct hf_cli *cli, FILE *to,
                         const struct hf_forecasts *f, enum hf_action action)
{
    static const char *const heads[] = {"HOST", "RING",   "PLAN", "RESTART",
                                        "CVES", "DETAIL", NULL};
    struct hf_table *t = hf_table_new(heads);

    hf_cli_header_to(cli, to);
    for (size_t i = 0; i < f->len; i++)
        add_forecast(t, &f->v[i], cli->color && to == stdout);
    hf_table_print(t, to, cli->columns, cli->ascii);
    hf_table_free(t);
    print_price(to, f, action);
    (void)fflush(to);
}

static cJSON *
forecast_json(const struct hf_forecast *f)
{
    cJSON *obj = cJSON_CreateObject();
    int will = f->skip == HF_OUTCOME_COUNT;

    hf_json_add_str(obj, "name", f->state->host->name);
    hf_json_add_str(obj, "ring", f->state->host->ring);
    hf_json_add_str(obj, "plan", will ? "will" : hf_outcome_names[f->skip]);
    hf_json_add_str(obj, "why", f->why);
    if (f->order.broken_glass[0])
        hf_json_add_str(obj, "broken_glass", f->order.broken_glass);
    hf_json_add_str(obj, "from", f->order.level_from);
    hf_json_add_str(obj, "to", f->order.level_to);
    if (will) {
        cJSON_AddItemToObject(obj, "price", hf_price_to_json(&f->order.price));
        cJSON_AddItemToObject(obj, "undo", hf_price_to_json(&f->order.undo));
    }
    return obj;
}

int
hf_change_forecast_json(struct hf_cli *cli, const struct hf_forecasts *f)
{
    cJSON *doc = hf_cli_doc(cli, "forecast");
    cJSON *arr = hf_json_add_arr(doc, "hosts");

    hf_json_add_str(doc, "action", cli->verb->name);
    hf_json_add_int(doc, "to_do", (int64_t)f->to_do);
    hf_json_add_int(doc, "restarts", (int64_t)f->restarts);
    for (size_t i = 0; i < f->len; i++)
        cJSON_AddItemToArray(arr, forecast_json(&f->v[i]));
    return hf_cli_print_doc(doc, HF_EXIT_OK);
}

/* Already as wanted is success; anything else left out is not, and one that
 * waits for its window says most of what is to be done. */
int
hf_change_nothing(struct hf_cli *cli, const struct hf_forecasts *f)
{
    int status = HF_EXIT_OK;

    for (size_t i = 0; i < f->len; i++) {
        if (f->v[i].skip == HF_OUTCOME_CLOSED)
            status = HF_EXIT_WINDOW;
        else if (f->v[i].skip != HF_OUTCOME_ALREADY && status != HF_EXIT_WINDOW)
            status = HF_EXIT_FAILED;
    }
    if (cli->opt[HF_OPT_JSON]) {
        (void)hf_change_forecast_json(cli, f);
        return status;
    }
    (void)fprintf(stderr, "nothing to do%s\n",
                  status ? ": see the reasons above" : "");
    return status;
}

/* ---- after ---- */

static void
print_hint(const struct hf_run_host *h)
{
    if (h->hint[0])
        (void)printf("  %s: %s\n", h->host->name, h->hint);
}

static void
print_ended(struct hf_cli *cli, const struct hf_run *run)
{
    static const char *const heads[] = {"HOST", "RING", "OUTCOME", "DETAIL",
                                        NULL};
    struct hf_table *t = hf_table_new(heads);

    for (size_t i = 0; i < hf_run_hosts_len(run); i++) {
        const struct hf_run_host *h = hf_run_host(run, i);

        if (h->broken_glass[0])
            hf_table_alarm(t, cli->color);
        hf_table_cell(t, h->host->name);
        hf_table_cell(t, h->host->ring);
        hf_table_cell(t, h->phase == HF_PHASE_DONE
                             ? hf_outcome_names[h->outcome]
                             : "open");
        hf_table_cellf(t, "%s%s%s%s", h->broken_glass[0] ? BROKEN " (" : "",
                       h->broken_glass, h->broken_glass[0] ? ") " : "",
                       h->phase == HF_PHASE_DONE
                           ? h->why
                           : "its job goes on; settled at the next start");
    }
    hf_table_print(t, stdout, cli->columns, cli->ascii);
    hf_table_free(t);
    for (size_t i = 0; i < hf_run_hosts_len(run); i++)
        print_hint(hf_run_host(run, i));
}

static cJSON *
ended_json(const struct hf_run_host *h)
{
    cJSON *obj = cJSON_CreateObject();
    int done = h->phase == HF_PHASE_DONE;

    hf_json_add_str(obj, "name", h->host->name);
    hf_json_add_str(obj, "address", h->host->address);
    hf_json_add_str(obj, "ring", h->host->ring);
    hf_json_add_str(obj, "outcome",
                    done ? hf_outcome_names[h->outcome] : "open");
    hf_json_add_str(obj, "why", h->why);
    if (h->broken_glass[0])
        hf_json_add_str(obj, "broken_glass", h->broken_glass);
    if (h->hint[0])
        hf_json_add_str(obj, "hint", h->hint);
    hf_json_add_str(obj, "from", h->level_from);
    hf_json_add_str(obj, "to", h->level_to);
    hf_json_add_time(obj, "started", h->started);
    hf_json_add_time(obj, "ended", h->ended);
    cJSON_AddItemToObject(obj, "criteria", hf_findings_to_json(&h->criteria));
    return obj;
}

static int
report_json(struct hf_cli *cli, const struct hf_run *run, int status)
{
    cJSON *doc = hf_cli_doc(cli, cli->verb->name);
    cJSON *arr = hf_json_add_arr(doc, "hosts");

    hf_json_add_str(doc, "run", hf_session_run_id(cli->session));
    hf_json_add_str(doc, "change", cli->opt[HF_OPT_CHANGE]);
    hf_json_add_str(doc, "operator", hf_session_operator(cli->session));
    for (size_t i = 0; i < hf_run_hosts_len(run); i++)
        cJSON_AddItemToArray(arr, ended_json(hf_run_host(run, i)));
    return hf_cli_print_doc(doc, status);
}

int
hf_change_report(struct hf_cli *cli)
{
    const struct hf_run *run = hf_session_run(cli->session);
    size_t by[HF_OUTCOME_COUNT], waiting, in_flight;
    int status = hf_run_exit(run);
    const char *sep = " ";

    if (cli->opt[HF_OPT_JSONL])
        return status;
    if (cli->opt[HF_OPT_JSON])
        return report_json(cli, run, status);
    (void)printf("\nrun %s%s\n\n", hf_session_run_id(cli->session),
                 hf_session_fleet(cli->session)->simulated ? " (SIMULATED)"
                                                           : "");
    print_ended(cli, run);
    hf_run_counts(run, by, &waiting, &in_flight);
    (void)printf("\n%s:", cli->verb->name);
    for (size_t i = 0; i < HF_OUTCOME_COUNT; i++) {
        if (!by[i])
            continue;
        (void)printf("%s%zu %s", sep, by[i], hf_outcome_names[i]);
        sep = ", ";
    }
    (void)printf("; exit code %d\n", status);
    return status;
}
