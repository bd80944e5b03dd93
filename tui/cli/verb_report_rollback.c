/* hotfleet report rollback: what can be taken back now, at what price. */
#include <stdio.h>
#include <stdlib.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/model/block.h"
#include "tui/cli/report.h"
#include "tui/rows/rollback.h"

/* Host by host is a list of its own. */
#define GROUPINGS HF_ROLLBACK_HOST

struct report {
    struct hf_undo_past past;
    struct hf_undoables u;
    struct hf_rollback_groups by[GROUPINGS];
};

static int
make(struct hf_report *r, struct hf_err *err)
{
    struct report *d = HF_NEW(struct report);
    int rc;

    r->data = d;
    if ((rc = hf_undo_past_read(&d->past, r->cli->session, err)) < 0)
        return rc;
    hf_undoables_init(&d->u, hf_session_fleet(r->cli->session), r->states, r->n,
                      &d->past, r->now);
    (void)hf_undoables_look(&d->u, r->n);
    for (int i = 0; i < GROUPINGS; i++)
        hf_rollback_groups_make(&d->by[i], &d->u, (enum hf_rollback_by)i);
    return HF_OK;
}

static void
release(struct hf_report *r)
{
    struct report *d = r->data;

    if (!d)
        return;
    for (int i = 0; i < GROUPINGS; i++)
        hf_rollback_groups_release(&d->by[i]);
    hf_undoables_release(&d->u);
    hf_undo_past_release(&d->past);
    free(d);
}

/* ---- for people ---- */

static void
day_cell(struct hf_table *t, int off_track, int64_t until)
{
    char day[HF_TIME_LEN];

    if (off_track && until)
        hf_table_cellf(t, "%.10s", hf_time_format(day, until));
    else
        hf_table_cell(t, off_track ? "not known" : NULL);
}

/* 0: there is none. */
static void
time_cell(struct hf_table *t, int64_t when)
{
    char at[HF_TIME_LEN];

    hf_table_cell(t, when ? hf_time_format(at, when) : NULL);
}

/* Without a price there is nothing to say. */
static void
price_cells(struct hf_table *t, const struct hf_rollback_group *g)
{
    if (!g->cost) {
        for (int i = 0; i < 5; i++)
            hf_table_cell(t, NULL);
        return;
    }
    hf_table_cellf(t, "%zu%s", g->restarts + g->maybe_restarts,
                   g->maybe_restarts ? "?" : "");
    hf_table_cellf(t, "%d%s", g->minutes, g->learned ? "" : "?");
    hf_table_cellf(t, "%zu", g->lost.count.open);
    hf_table_cellf(t, "%zu", g->lost.count.exploited);
    day_cell(t, g->off_track > 0, g->off_until);
}

static void
print_groups(const struct hf_report *r, const struct hf_rollback_groups *groups)
{
    static const char *const heads[GROUPINGS][10] = {
        [HF_ROLLBACK_RELEASE] = {"RELEASE", "HOSTS", "CAN", "RESTART", "MIN",
                                 "CVES", "EXPLOITED", "OFF UNTIL", "BLOCKED",
                                 NULL},
        [HF_ROLLBACK_RUN] = {"RUN", "HOSTS", "CAN", "RESTART", "MIN", "CVES",
                             "EXPLOITED", "OFF UNTIL", "WHAT", NULL},
        [HF_ROLLBACK_RING] = {"RING", "HOSTS", "CAN", "RESTART", "MIN", "CVES",
                              "EXPLOITED", "OFF UNTIL", "RELEASE", NULL},
    };
    const struct report *d = r->data;
    struct hf_table *t = hf_table_new(heads[groups->by]);

    for (size_t i = 0; i < groups->len; i++) {
        const struct hf_rollback_group *g = &groups->v[i];
        const struct hf_block *b =
            groups->by == HF_ROLLBACK_RELEASE && g->name
                ? hf_rollback_block(d->u.fleet, g->name, r->now)
                : NULL;

        hf_table_cell(t, hf_rollback_group_title(groups, g));
        hf_table_cellf(t, "%zu", g->hosts);
        hf_table_cellf(t, "%zu", g->by[HF_UNDOABLE_YES]);
        price_cells(t, g);
        hf_table_cell(t, b        ? b->reason
                         : g->run ? g->run->what
                         : groups->by == HF_ROLLBACK_RING &&
                                 g->release != HF_UNDO_NONE
                             ? d->u.releases.all.v[g->release]
                             : NULL);
    }
    hf_report_rows(r, t);
}

static void
print_reasons(const struct hf_report *r)
{
    static const char *const heads[] = {"HOSTS", "CANNOT BE TAKEN BACK", NULL};
    const struct report *d = r->data;
    size_t n;
    struct hf_rollback_reason *v =
        hf_rollback_reasons(&n, &d->u, NULL, HF_UNDO_NONE);
    struct hf_table *t = hf_table_new(heads);

    for (size_t i = 0; i < n; i++) {
        hf_table_cellf(t, "%zu", v[i].hosts);
        hf_table_cell(t, d->u.whys.all.v[v[i].why]);
    }
    if (n)
        (void)puts("");
    if (n)
        hf_report_table(r, t);
    else
        hf_table_free(t);
    free(v);
}

static void
text(const struct hf_report *r)
{
    const struct report *d = r->data;

    for (int i = 0; i < GROUPINGS; i++) {
        if (i)
            (void)puts("");
        print_groups(r, &d->by[i]);
    }
    print_reasons(r);
    if (d->by[0].left)
        (void)printf("\n%zu host%s with nothing to take back\n", d->by[0].left,
                     hf_plural(d->by[0].left));
    (void)puts("RESTART counts hosts, MIN is for one of them (?: a guess, none "
               "was measured),\nCVES are open again afterwards. Plans: "
               "hotfleet rollback --release RELEASE --plan-only");
}

/* ---- for spreadsheets ---- */

static struct hf_table *
csv(const struct hf_report *r)
{
    static const char *const heads[] = {
        "host", "ring",      "can",       "release",         "run",
        "from", "to",        "restart",   "minutes",         "measured",
        "cves", "exploited", "off_track", "off_track_until", "opens",
        "why",  NULL};
    const struct report *d = r->data;
    struct hf_table *t = hf_table_new(heads);

    for (size_t i = 0; i < r->n; i++) {
        const struct hf_undo_host *h = &d->u.v[i];
        const struct hf_undo_cost *cost = hf_undoables_cost(&d->u, i);
        uint32_t run = hf_undoables_run(&d->u, i);

        hf_table_cell(t, r->states[i]->host->name);
        hf_table_cell(t, r->states[i]->host->ring);
        hf_table_cell(t, hf_undoable_names[h->state]);
        hf_table_cell(t, cost ? d->u.releases.all.v[cost->release] : NULL);
        hf_table_cell(t, cost && run != HF_UNDO_NONE ? d->past.runs[run].id
                                                     : NULL);
        for (int k = 0; !cost && k < 9; k++)
            hf_table_cell(t, NULL);
        if (cost) {
            hf_table_cell(t, cost->from);
            hf_table_cell(t, cost->to);
            hf_table_cell(t, hf_restart_names[cost->restart]);
            hf_table_cellf(t, "%d", cost->minutes);
            hf_table_cell(t, cost->learned ? "yes" : "no");
            hf_table_cellf(t, "%zu", cost->lost.count.open);
            hf_table_cellf(t, "%zu", cost->lost.count.exploited);
            hf_table_cell(t, cost->off_track ? "yes" : "no");
            time_cell(t, cost->off_track ? cost->off_until : 0);
        }
        time_cell(t, h->opens);
        hf_table_cell(t, hf_undoables_why(&d->u, i));
    }
    return t;
}

/* ---- for programs ---- */

static void
add_lost(cJSON *obj, const struct hf_exposure_count *c)
{
    cJSON *worst;

    hf_json_add_int(obj, "cves", (int64_t)c->open);
    hf_json_add_int(obj, "exploited", (int64_t)c->exploited);
    if (!c->worst)
        return;
    worst = hf_json_add_obj(obj, "worst");
    hf_json_add_str(worst, "id", c->worst->id);
    hf_json_add_str(worst, "score", c->worst->score);
}

static void
add_block(cJSON *obj, const struct hf_block *b)
{
    if (!b)
        return;
    obj = hf_json_add_obj(obj, "block");
    hf_json_add_str(obj, "release", b->release);
    hf_json_add_str(obj, "kernel", b->kernel);
    hf_json_add_str(obj, "reason", b->reason);
    hf_json_add_time(obj, "until", b->until);
}

static cJSON *
group_json(const struct hf_report *r, const struct hf_rollback_groups *groups,
           const struct hf_rollback_group *g)
{
    const struct report *d = r->data;
    struct hf_buf command = {0};
    cJSON *obj = cJSON_CreateObject();

    hf_json_add_str(obj, "name", g->name);
    hf_json_add_int(obj, "hosts", (int64_t)g->hosts);
    for (int i = 0; i < HF_UNDOABLE_NOTHING; i++)
        hf_json_add_int(obj, hf_undoable_names[i], (int64_t)g->by[i]);
    if (g->cost) {
        hf_json_add_int(obj, "restarts", (int64_t)g->restarts);
        hf_json_add_int(obj, "maybe_restarts", (int64_t)g->maybe_restarts);
        hf_json_add_int(obj, "minutes", g->minutes);
        hf_json_add_bool(obj, "measured", g->learned);
        add_lost(obj, &g->lost.count);
        hf_json_add_int(obj, "off_track", (int64_t)g->off_track);
        hf_json_add_time(obj, "off_track_until", g->off_until);
        hf_json_add_int(obj, "waiting", (int64_t)g->waiting);
        hf_json_add_time(obj, "opens", g->opens);
    }
    if (g->release != HF_UNDO_NONE)
        hf_json_add_str(obj, "release", d->u.releases.all.v[g->release]);
    if (g->run)
        hf_json_add_str(obj, "what", g->run->what);
    if (groups->by == HF_ROLLBACK_RELEASE && g->name)
        add_block(obj, hf_rollback_block(d->u.fleet, g->name, r->now));
    hf_rollback_command(&command, groups->by, g);
    if (command.len)
        hf_json_add_str(obj, "command", hf_buf_str(&command));
    hf_buf_release(&command);
    return obj;
}

static cJSON *
host_json(const struct report *d, const struct hf_state *st, size_t i)
{
    const struct hf_undo_host *h = &d->u.v[i];
    const struct hf_undo_cost *cost = hf_undoables_cost(&d->u, i);
    uint32_t run = hf_undoables_run(&d->u, i);
    cJSON *obj = cJSON_CreateObject();

    hf_json_add_str(obj, "name", st->host->name);
    hf_json_add_str(obj, "ring", st->host->ring);
    hf_json_add_str(obj, "can", hf_undoable_names[h->state]);
    if (h->why != HF_UNDO_NONE)
        hf_json_add_str(obj, "why", hf_undoables_why(&d->u, i));
    hf_json_add_time(obj, "opens", h->opens);
    if (!cost)
        return obj;
    if (run != HF_UNDO_NONE)
        hf_json_add_str(obj, "run", d->past.runs[run].id);
    hf_json_add_str(obj, "release", d->u.releases.all.v[cost->release]);
    hf_json_add_str(obj, "from", cost->from);
    hf_json_add_str(obj, "to", cost->to);
    hf_json_add_str(obj, "restart", hf_restart_names[cost->restart]);
    hf_json_add_int(obj, "minutes", cost->minutes);
    hf_json_add_bool(obj, "measured", cost->learned);
    add_lost(obj, &cost->lost.count);
    hf_json_add_bool(obj, "off_track", cost->off_track);
    hf_json_add_time(obj, "off_track_until", cost->off_until);
    return obj;
}

static void
json(const struct hf_report *r, cJSON *doc)
{
    static const char *const keys[GROUPINGS] = {"releases", "runs", "rings"};
    const struct report *d = r->data;
    cJSON *list;

    hf_json_add_int(doc, "nothing", (int64_t)d->by[0].left);
    for (int i = 0; i < GROUPINGS; i++) {
        list = hf_json_add_arr(doc, keys[i]);
        for (size_t k = 0; k < d->by[i].len; k++)
            cJSON_AddItemToArray(list,
                                 group_json(r, &d->by[i], &d->by[i].v[k]));
    }
    list = hf_json_add_arr(doc, "hosts");
    for (size_t i = 0; i < r->n; i++)
        cJSON_AddItemToArray(list, host_json(d, r->states[i], i));
}

/* ---- the verb ---- */

static const struct hf_report_kind kind = {
    .name = "rollback",
    .make = make,
    .release = release,
    .text = text,
    .csv = csv,
    .json = json,
};

static int
run_report_rollback(struct hf_cli *cli)
{
    return hf_report_run(cli, &kind);
}

const struct hf_verb hf_verb_report_rollback = {
    .name = "report rollback",
    .group = "look",
    .args = "[SELECTOR]",
    .summary = "what can be taken back, at what price, and what cannot",
    .help =
        "By release, run and ring: hosts that can be taken back now, how many "
        "of them restart, minutes (as measured in earlier rollbacks, else the "
        "drivers' guess), CVEs that are open again, until when hosts are off "
        "the hotpatch track; and why the others cannot be. From recorded "
        "facts; contacts nobody. The console's screen 6 shows the same. --csv "
        "has a row for each host.",
    .examples = "  hotfleet report rollback\n"
                "  hotfleet report rollback 'ring:canary' --csv\n"
                "  hotfleet report rollback --json | jq -r "
                "'.releases[].command // empty'\n",
    .options = HF_OPTS(HF_OPTS_REPORT),
    .flags = HF_VERB_NEEDS_FLEET,
    .max_args = -1,
    .run = run_report_rollback,
};
