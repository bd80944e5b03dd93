/* hotfleet report reboots: which hosts will be forced to restart, when, why. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/drivers/restarted.h"
#include "tui/cli/report.h"
#include "tui/rows/reboots.h"

#define YEAR_MS (366 * HF_DAY_MS)

struct reboots {
    struct hf_what_if what_if;
    int supposed;
    struct hf_dues without, with; /* the second only when supposed */
    const struct hf_dues *dues;   /* what is reported */
    struct hf_heat heat;
    struct hf_moved moved;
    size_t groups[HF_DUE_GROUP_COUNT];
    size_t restarted; /* hosts: by themselves, outside a window */
    size_t *order;    /* of the hosts */
    struct hf_arena *arena;
};

/* ---- counting ---- */

static int
read_what_if(struct reboots *b, const char *text, struct hf_err *err)
{
    if (!text)
        return HF_OK;
    b->supposed = 1;
    if (strcmp(text, "skip-baseline") == 0)
        b->what_if.skip_baseline = 1;
    else if (hf_has_prefix(text, "kb:KB"))
        b->what_if.kb = text + strlen("kb:");
    else
        return hf_fail(err, HF_EUSAGE,
                       "--what-if wants skip-baseline or kb:KB5121768, found "
                       "'%.80s'",
                       text);
    return HF_OK;
}

struct place {
    const struct hf_due *due;
    size_t i;
};

static int
compare_places(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    int order = x->due == y->due ? 0 : hf_due_compare(x->due, y->due);

    return order ? order : (x->i > y->i) - (x->i < y->i);
}

/* The most urgent first; in the fleet's order among equals. */
static void
sort(struct reboots *b, size_t n)
{
    struct place *places = hf_xcalloc(n + 1, sizeof(*places));

    for (size_t i = 0; i < n; i++)
        places[i] = (struct place){hf_dues_of(b->dues, i), i};
    if (n)
        qsort(places, n, sizeof(*places), compare_places);
    b->order = hf_xcalloc(n + 1, sizeof(*b->order));
    for (size_t i = 0; i < n; i++)
        b->order[i] = places[i].i;
    free(places);
}

static const struct hf_zone *
zone_of(struct reboots *b, const struct hf_calendar *cal)
{
    const struct hf_zone *zone = NULL;
    struct hf_err ignored = HF_ERR_INIT;

    if (cal)
        return cal->zone ? cal->zone : cal->utc;
    b->arena = hf_arena_new();
    (void)hf_zone_load(&zone, b->arena, "UTC", &ignored);
    return zone;
}

static int
make(struct hf_report *r, struct hf_err *err)
{
    const struct hf_fleet *fleet = hf_session_fleet(r->cli->session);
    struct reboots *b = HF_NEW(struct reboots);
    int rc;

    r->data = b;
    if ((rc = read_what_if(b, r->cli->opt[HF_OPT_WHAT_IF], err)) < 0)
        return rc;
    hf_dues_init(&b->without, fleet, NULL, r->now, r->now + YEAR_MS);
    hf_dues_init(&b->with, fleet, &b->what_if, r->now, r->now + YEAR_MS);
    b->dues = b->supposed ? &b->with : &b->without;
    if (b->what_if.kb && !hf_outlook_knows_kb(&b->with.outlook))
        return hf_fail(err, HF_EUSAGE,
                       "the catalogue knows no %s: hotfleet catalogue list",
                       b->what_if.kb);
    for (size_t i = 0; i < r->n; i++) {
        (void)hf_dues_add(&b->without, r->states[i]);
        if (b->supposed)
            (void)hf_dues_add(&b->with, r->states[i]);
        b->groups[hf_dues_of(b->dues, i)->group]++;
        b->restarted += (r->states[i]->status.flags & HF_FLAG_RESTARTED) != 0;
    }
    if (b->supposed)
        hf_moved_count(&b->moved, &b->without, &b->with);
    hf_heat_make(&b->heat, b->dues, zone_of(b, fleet->calendar));
    sort(b, r->n);
    return HF_OK;
}

static void
release(struct hf_report *r)
{
    struct reboots *b = r->data;

    if (!b)
        return;
    hf_dues_release(&b->without);
    hf_dues_release(&b->with);
    hf_arena_free(b->arena);
    free(b->order);
    free(b);
}

/* ---- text ---- */

static const char *
day_of(char out[HF_TIME_LEN], int64_t at)
{
    if (!at)
        return "-";
    hf_time_format(out, at);
    out[strlen("2027-01-12")] = '\0';
    return out;
}

static void
print_heat(const struct hf_report *r, const struct reboots *b)
{
    const struct hf_look look = {
        .cols = r->cli->columns, .ascii = r->cli->ascii, .now = r->now};
    struct hf_doc doc = {0};

    hf_heat_rows(&doc, &b->heat, &look);
    for (size_t i = 0; i < doc.len; i++)
        (void)puts(hf_buf_str(&doc.v[i].line.text));
    (void)printf("a year of weeks from Monday on, by the clock of %s\n\n",
                 hf_zone_name(b->heat.zone));
    hf_doc_release(&doc);
}

static void
print_what_if(const struct reboots *b)
{
    const struct hf_moved *m = &b->moved;

    if (!b->supposed)
        return;
    if (b->what_if.kb)
        (void)printf("if %s is installed now", b->what_if.kb);
    else
        (void)printf("if this quarter's baseline is skipped");
    (void)printf(": %zu host%s restart%s later, %zu sooner, %zu as they would, "
                 "%zu not known\n",
                 m->later, hf_plural(m->later), m->later == 1 ? "s" : "",
                 m->sooner, m->same, m->unknown);
    if (b->what_if.skip_baseline)
        (void)puts("without it a host takes no hotpatch of the months after "
                   "it: the next one brings it, with its restart");
    (void)puts("");
}

static void
add_host(struct hf_table *t, const struct reboots *b, const struct hf_state *st,
         size_t i)
{
    const struct hf_due *due = hf_dues_of(b->dues, i);
    char at[HF_TIME_LEN], by[HF_TIME_LEN];
    struct hf_buf text = {0};

    hf_table_cell(t, st->host->name);
    hf_table_cell(t, st->host->ring);
    hf_table_cell(t, hf_due_names[due->group]);
    hf_table_cell(t, day_of(at, due->forced.at));
    hf_table_cell(t, day_of(by, due->forced.by));
    hf_due_say_window(&text, b->dues, due, st->host);
    hf_table_cell(t, hf_buf_str(&text));
    hf_buf_clear(&text);
    hf_forced_say(&text, &due->forced, &st->status);
    hf_table_cell(t, hf_buf_str(&text));
    hf_buf_release(&text);
}

static void
print_restarted(const struct hf_report *r, const struct reboots *b)
{
    if (b->restarted)
        (void)printf("\n%zu host%s restarted outside a window, by no run of "
                     "ours\n",
                     b->restarted, hf_plural(b->restarted));
    for (size_t i = 0; i < r->n; i++) {
        const struct hf_state *st = r->states[i];

        if (st->status.flags & HF_FLAG_RESTARTED)
            (void)printf("  %s: %s\n", st->host->name,
                         st->status.restarted_why);
    }
}

static void
print_text(const struct hf_report *r)
{
    static const char *const heads[] = {"HOST", "RING",   "STATE", "FROM",
                                        "BY",   "WINDOW", "WHY",   NULL};
    const struct reboots *b = r->data;
    struct hf_table *t = hf_table_new(heads);

    for (int i = 0; i < HF_DUE_GROUP_COUNT; i++) {
        if (b->groups[i])
            (void)printf("%8zu host%s %s\n", b->groups[i],
                         hf_plural(b->groups[i]), hf_due_titles[i]);
    }
    (void)puts("");
    print_heat(r, b);
    print_what_if(b);
    for (size_t i = 0; i < r->n; i++)
        add_host(t, b, r->states[b->order[i]], b->order[i]);
    hf_report_table(r, t);
    print_restarted(r, b);
}

/* ---- CSV ---- */

static struct hf_table *
make_csv(const struct hf_report *r)
{
    static const char *const heads[] = {
        "host",   "ring", "site",      "group",       "force",     "sure",
        "from",   "by",   "window",    "window_from", "window_to", "kb",
        "staged", "why",  "restarted", NULL};
    const struct reboots *b = r->data;
    struct hf_table *t = hf_table_new(heads);
    struct hf_buf why = {0};
    char at[HF_TIME_LEN];

    for (size_t i = 0; i < r->n; i++) {
        const struct hf_state *st = r->states[b->order[i]];
        const struct hf_due *due = hf_dues_of(b->dues, b->order[i]);
        const struct hf_period *w = &due->window;
        int open = w->from != HF_NEVER;

        hf_table_cell(t, st->host->name);
        hf_table_cell(t, st->host->ring);
        hf_table_cell(t, st->host->site);
        hf_table_cell(t, hf_due_names[due->group]);
        hf_table_cell(t, hf_force_names[due->forced.force]);
        hf_table_cell(t, hf_sure_names[due->forced.sure]);
        hf_table_cell(t,
                      due->forced.at ? hf_time_format(at, due->forced.at) : "");
        hf_table_cell(t,
                      due->forced.by ? hf_time_format(at, due->forced.by) : "");
        hf_table_cell(t, open ? w->title : "");
        hf_table_cell(t, open ? hf_time_format(at, w->from) : "");
        hf_table_cell(t, open && w->to != HF_NEVER ? hf_time_format(at, w->to)
                                                   : "");
        hf_table_cell(t, due->forced.row ? due->forced.row->kb : "");
        hf_table_cell(
            t, hf_staged_names[hf_forced_staged(&due->forced, &st->status)]);
        hf_buf_clear(&why);
        hf_forced_say(&why, &due->forced, &st->status);
        hf_table_cell(t, hf_buf_str(&why));
        hf_table_cell(t, st->status.restarted_why);
    }
    hf_buf_release(&why);
    return t;
}

/* ---- JSON ---- */

static void
add_window(cJSON *obj, const struct hf_due *due)
{
    const struct hf_period *w = &due->window;
    cJSON *window;

    if (w->from == HF_NEVER)
        return;
    window = hf_json_add_obj(obj, "window");
    hf_json_add_str(window, "name", w->title);
    hf_json_add_time(window, "from", w->from);
    if (w->to != HF_NEVER)
        hf_json_add_time(window, "to", w->to);
    hf_json_add_bool(window, "too_late", due->too_late);
}

static void
add_forced(cJSON *obj, const struct hf_forced *f)
{
    hf_json_add_str(obj, "force", hf_force_names[f->force]);
    hf_json_add_str(obj, "sure", hf_sure_names[f->sure]);
    if (f->at)
        hf_json_add_time(obj, "from", f->at);
    if (f->by)
        hf_json_add_time(obj, "by", f->by);
    hf_json_add_str(obj, "month", f->month[0] ? f->month : NULL);
    hf_json_add_str(obj, "kb", f->row ? f->row->kb : NULL);
    hf_json_add_bool(obj, "deadline", (f->flags & HF_FORCED_DEADLINE) != 0);
    hf_json_add_bool(obj, "maybe_pending", (f->flags & HF_FORCED_EARLIER) != 0);
}

/* In parts, as far as the host tells. */
static void
add_restarted(cJSON *obj, const struct hf_report *r, const struct hf_state *st)
{
    const struct hf_fleet *fleet = hf_session_fleet(r->cli->session);
    struct hf_restarted it;

    if (!hf_restarted(&it, hf_state_record(st), st->host, fleet->calendar,
                      r->now))
        return;
    obj = hf_json_add_obj(obj, "restarted");
    if (it.at)
        hf_json_add_time(obj, "at", it.at);
    hf_json_add_str(obj, "cause", it.cause ? it.cause : "unknown");
    hf_json_add_str(obj, "by", it.by);
    hf_json_add_str(obj, "why", it.why);
    hf_json_add_str(obj, "unknown", it.unknown);
    hf_json_add_str(obj, "text", st->status.restarted_why);
}

static void
add_json_host(cJSON *list, const struct hf_report *r, const struct hf_state *st,
              size_t i)
{
    const struct reboots *b = r->data;
    const struct hf_due *due = hf_dues_of(b->dues, i);
    cJSON *obj = cJSON_CreateObject();
    struct hf_buf why = {0};

    hf_json_add_str(obj, "name", st->host->name);
    hf_json_add_str(obj, "ring", st->host->ring);
    hf_json_add_str(obj, "site", st->host->site);
    hf_json_add_str(obj, "group", hf_due_names[due->group]);
    add_forced(obj, &due->forced);
    hf_json_add_str(
        obj, "staged",
        hf_staged_names[hf_forced_staged(&due->forced, &st->status)]);
    add_window(obj, due);
    hf_forced_say(&why, &due->forced, &st->status);
    hf_json_add_str(obj, "why", hf_buf_str(&why));
    add_restarted(obj, r, st);
    if (b->supposed)
        add_forced(hf_json_add_obj(obj, "without"),
                   &hf_dues_of(&b->without, i)->forced);
    cJSON_AddItemToArray(list, obj);
    hf_buf_release(&why);
}

static void
add_what_if(cJSON *doc, const struct reboots *b)
{
    cJSON *obj;

    if (!b->supposed)
        return;
    obj = hf_json_add_obj(doc, "what_if");
    hf_json_add_bool(obj, "skip_baseline", b->what_if.skip_baseline);
    hf_json_add_str(obj, "kb", b->what_if.kb);
    hf_json_add_int(obj, "later", (int64_t)b->moved.later);
    hf_json_add_int(obj, "sooner", (int64_t)b->moved.sooner);
    hf_json_add_int(obj, "same", (int64_t)b->moved.same);
    hf_json_add_int(obj, "unknown", (int64_t)b->moved.unknown);
}

static void
add_json(const struct hf_report *r, cJSON *doc)
{
    const struct reboots *b = r->data;
    cJSON *list, *obj = hf_json_add_obj(doc, "groups");

    for (int i = 0; i < HF_DUE_GROUP_COUNT; i++)
        hf_json_add_int(obj, hf_due_names[i], (int64_t)b->groups[i]);
    hf_json_add_int(doc, "restarted", (int64_t)b->restarted);
    add_what_if(doc, b);
    hf_json_add_str(doc, "zone", hf_zone_name(b->heat.zone));
    list = hf_json_add_arr(doc, "weeks");
    for (int64_t i = 0; i < HF_HEAT_WEEKS; i++) {
        struct hf_civil c = hf_day_civil(b->heat.monday + i * 7);
        char day[24];

        obj = cJSON_CreateObject();
        (void)snprintf(day, sizeof(day), "%04d-%02d-%02d", c.year % 10000,
                       c.month, c.day);
        hf_json_add_str(obj, "monday", day);
        hf_json_add_int(obj, "restarts", (int64_t)b->heat.weeks[i]);
        cJSON_AddItemToArray(list, obj);
    }
    list = hf_json_add_arr(doc, "hosts");
    for (size_t i = 0; i < r->n; i++)
        add_json_host(list, r, r->states[b->order[i]], b->order[i]);
}

/* ---- the verb ---- */

static const struct hf_report_kind kind = {
    .name = "reboots",
    .make = make,
    .release = release,
    .text = print_text,
    .csv = make_csv,
    .json = add_json,
};

static int
run_report_reboots(struct hf_cli *cli)
{
    return hf_report_run(cli, &kind);
}

const struct hf_verb hf_verb_report_reboots = {
    .name = "report reboots",
    .group = "look",
    .args = "[SELECTOR]",
    .summary = "which hosts will be forced to restart, when and why",
    .help = "For every host the next restart that it will be forced into, how "
            "sure that is, and the restart window that serves it; the year as "
            "a line of weeks. From recorded facts, the catalogue and the "
            "calendar. --what-if shows what a decision would move: "
            "skip-baseline, or kb:KB... installed now. Contacts nobody.",
    .examples = "  hotfleet report reboots\n"
                "  hotfleet report reboots ring:broad --what-if "
                "skip-baseline\n"
                "  hotfleet report reboots --json | jq '.hosts[] | "
                "select(.group == \"no-window\").name'\n",
    .options = HF_OPTS(HF_OPTS_REPORT, HF_OPT_WHAT_IF),
    .flags = HF_VERB_NEEDS_FLEET,
    .max_args = -1,
    .run = run_report_reboots,
};
