/* hotfleet schedule: windows and freezes, as picture, table, JSON, iCalendar.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/model/calendar_text.h"
#include "inventory/ics.h"
#include "tui/cli/others.h"
#include "tui/cli/table.h"
#include "tui/cli/verb.h"
#include "tui/rows/reboots.h"
#include "tui/rows/schedule.h"

#define AHEAD_DAYS 35 /* unless --to says otherwise */
#define MAX_DAYS 732
#define WIDE 120 /* columns; with less, notes stand under the table, whole */

struct asked {
    struct hf_cli *cli;
    const struct hf_calendar *cal;
    const struct hf_state **states;
    const struct hf_host **hosts;
    size_t n;
    const struct hf_state **frozen; /* those that a freeze names by its end */
    size_t frozen_len;
    char *selector;
    const struct hf_zone *zone; /* of dates and picture */
    struct hf_arena *arena;
    int64_t now;
    struct hf_schedule schedule;
    struct hf_dues dues; /* restarts until its end */
};

/* ---- what is asked ---- */

/* The clock that all hosts have, else that of the calendar. */
static const struct hf_zone *
zone_of(struct asked *a)
{
    const struct hf_zone *zone = NULL;
    struct hf_err ignored = HF_ERR_INIT;
    size_t i = 0;

    if (!a->cal) {
        (void)hf_zone_load(&zone, a->arena, "UTC", &ignored);
        return zone;
    }
    zone = hf_calendar_zone(a->cal, a->hosts[0]);
    while (i < a->n && hf_calendar_zone(a->cal, a->hosts[i]) == zone)
        i++;
    if (i == a->n)
        return zone;
    return a->cal->zone ? a->cal->zone : a->cal->utc;
}

/* "2026-12-01" or "2026-12-01T22:00" by that clock, or with a zone of its own
 * (RFC 3339). The day of --to is included. */
static int
read_date(const struct asked *a, enum hf_opt opt, int64_t *out,
          struct hf_err *err)
{
    const char *text = a->cli->opt[opt];
    int64_t local;
    int whole;

    if (!text)
        return HF_OK;
    if (hf_local_parse(&local, &whole, text) == 0) {
        if (whole && opt == HF_OPT_TO)
            local += HF_DAY_MS;
        (void)hf_zone_moment(a->zone, local, opt == HF_OPT_TO, out);
        return HF_OK;
    }
    if (hf_time_parse(out, text) == 0)
        return HF_OK;
    return hf_fail(err, HF_EUSAGE,
                   "--%s wants a date such as 2026-12-01, found '%.80s'",
                   hf_opt_rows[opt].name, text);
}

static int
read_range(struct asked *a, struct hf_err *err)
{
    int64_t from = a->now, to;
    int rc;

    if ((rc = read_date(a, HF_OPT_SINCE, &from, err)) < 0)
        return rc;
    to = from + AHEAD_DAYS * HF_DAY_MS;
    if ((rc = read_date(a, HF_OPT_TO, &to, err)) < 0)
        return rc;
    if (to <= from)
        return hf_fail(err, HF_EUSAGE, "--to is not after --from");
    if (to - from > MAX_DAYS * HF_DAY_MS)
        return hf_fail(err, HF_EUSAGE, "at most two years at once");
    a->schedule.from = from;
    a->schedule.to = to;
    return HF_OK;
}

static int
read_hosts(struct asked *a, struct hf_err *err)
{
    int rc = hf_cli_select(a->cli, 0, &a->states, &a->n, &a->selector, err);

    if (rc < 0)
        return rc;
    a->hosts = hf_xcalloc(a->n + 1, sizeof(*a->hosts));
    for (size_t i = 0; i < a->n; i++)
        a->hosts[i] = a->states[i]->host;
    a->zone = zone_of(a);
    return HF_OK;
}

static void
release(struct asked *a)
{
    hf_schedule_release(&a->schedule);
    hf_dues_release(&a->dues);
    hf_arena_free(a->arena);
    free(a->states);
    free(a->frozen);
    free(a->hosts);
    free(a->selector);
}

/* ---- restarts ---- */

static void
count_restarts(struct asked *a)
{
    hf_dues_init(&a->dues, hf_session_fleet(a->cli->session), NULL, a->now,
                 a->schedule.to);
    for (size_t i = 0; i < a->n; i++)
        (void)hf_dues_add(&a->dues, a->states[i]);
}

/* That are forced, and for which this is the first window. */
static size_t
restarts_in(const struct asked *a, const struct hf_schedule_row *row)
{
    return row->period.rule->kind == HF_RULE_RESTART
               ? hf_dues_in(&a->dues, &row->period)
               : 0;
}

static void
note_row(struct hf_buf *out, const struct asked *a,
         const struct hf_schedule_row *row)
{
    size_t n = restarts_in(a, row);

    hf_schedule_note(out, row);
    if (n)
        hf_buf_printf(out, "%s%zu restart%s forced by then",
                      out->len ? "; " : "", n, hf_plural(n));
}

/* ---- picture and table ---- */

static void
print_picture(const struct asked *a)
{
    const struct hf_look look = {
        .cols = a->cli->columns, .ascii = a->cli->ascii, .now = a->now};
    struct hf_doc doc = {0};

    hf_schedule_picture(&doc, &a->schedule, a->zone, &look);
    for (size_t i = 0; i < doc.len; i++)
        (void)puts(hf_buf_str(&doc.v[i].line.text));
    if (doc.len)
        (void)printf("by the clock of %s; %s\n\n", hf_zone_name(a->zone),
                     a->cli->ascii ? "# open, - open but frozen, x freeze"
                                   : "█ open, ▒ open but frozen, ▓ freeze");
    hf_doc_release(&doc);
}

static void
print_table(const struct asked *a)
{
    static const char *const heads[] = {"FROM", "TO",   "KIND", "HOSTS",
                                        "NAME", "NOTE", NULL};
    static const char *const few[] = {"FROM",  "TO",   "KIND",
                                      "HOSTS", "NAME", NULL};
    int narrow = a->cli->columns && a->cli->columns < WIDE;
    struct hf_table *t = hf_table_new(narrow ? few : heads);
    struct hf_buf note = {0}, notes = {0};
    char from[HF_ZONE_TIME_LEN], to[HF_ZONE_TIME_LEN];

    for (size_t i = 0; i < a->schedule.len; i++) {
        const struct hf_schedule_row *row = &a->schedule.v[i];

        (void)hf_zone_format(from, row->zone, row->period.from);
        hf_buf_clear(&note);
        note_row(&note, a, row);
        hf_table_cell(t, from);
        hf_table_cell(t, hf_zone_format(to, row->zone, row->period.to));
        hf_table_cell(t, hf_rule_kind_names[row->period.rule->kind]);
        hf_table_cellf(t, "%zu", row->hosts);
        hf_table_cell(t, row->period.rule->name);
        if (!narrow)
            hf_table_cell(t, note.len ? hf_buf_str(&note) : "");
        else if (note.len)
            hf_buf_printf(&notes, "%s  %s: %s\n", from, row->period.rule->name,
                          hf_buf_str(&note));
    }
    hf_table_print(t, stdout, a->cli->columns, a->cli->ascii);
    (void)printf("%s%s", notes.len ? "\nnotes\n" : "", hf_buf_str(&notes));
    hf_table_free(t);
    hf_buf_release(&note);
    hf_buf_release(&notes);
}

/* "of 12 hosts: 3 may be changed at any time, 12 are never restarted". */
static void
print_unnamed(const struct asked *a)
{
    const struct hf_schedule *s = &a->schedule;

    if (s->any_time)
        (void)printf("changes at any time outside freezes: %zu of %zu host%s "
                     "(no change window names them)\n",
                     s->any_time, s->hosts, hf_plural(s->hosts));
    if (s->never)
        (void)printf("never restarted: %zu of %zu host%s (no restart window "
                     "names them)\n",
                     s->never, s->hosts, hf_plural(s->hosts));
}

static int
print_text(const struct asked *a)
{
    char at[HF_ZONE_TIME_LEN];

    hf_cli_header(a->cli);
    if (!a->cal) {
        (void)puts("the fleet has no calendar.json: changes at any time, "
                   "restarts never");
        return HF_EXIT_OK;
    }
    print_picture(a);
    if (a->schedule.len)
        print_table(a);
    else
        (void)puts("no window and no freeze in that time");
    print_unnamed(a);
    if (a->cal->known_until && a->cal->known_until < a->schedule.to)
        (void)printf("rules without end of iCalendar files are known until "
                     "%s\n",
                     hf_zone_format(at, a->zone, a->cal->known_until));
    hf_cli_print_others(a->frozen, a->frozen_len, HF_CLI_FREEZE_TITLE);
    return HF_EXIT_OK;
}

/* ---- JSON ---- */

static void
add_time(cJSON *obj, const char *key, int64_t at)
{
    if (at != INT64_MIN && at != HF_NEVER)
        hf_json_add_time(obj, key, at);
}

static void
add_period(cJSON *list, const struct asked *a,
           const struct hf_schedule_row *row)
{
    cJSON *obj = cJSON_CreateObject();
    struct hf_buf text = {0};

    hf_json_add_str(obj, "kind", hf_rule_kind_names[row->period.rule->kind]);
    hf_json_add_str(obj, "name", row->period.rule->name);
    hf_json_add_str(obj, "title", row->period.title);
    add_time(obj, "from", row->period.from);
    add_time(obj, "to", row->period.to);
    hf_json_add_str(obj, "zone", hf_zone_name(row->zone));
    hf_json_add_int(obj, "hosts", (int64_t)row->hosts);
    hf_json_add_int(obj, "restarts", (int64_t)restarts_in(a, row));
    hf_json_add_str(obj, "frozen_by", row->frozen ? row->frozen->name : NULL);
    hf_json_add_bool(obj, "frozen", row->frozen_all);
    hf_json_add_bool(obj, "skipped_by_the_clock",
                     (row->period.flags & HF_PERIOD_MOVED) != 0);
    hf_json_add_bool(obj, "twice_by_the_clock",
                     (row->period.flags & HF_PERIOD_TWICE) != 0);
    hf_rule_describe(&text, row->period.rule);
    hf_json_add_str(obj, "rule", hf_buf_str(&text));
    cJSON_AddItemToArray(list, obj);
    hf_buf_release(&text);
}

static void
add_window(cJSON *host, const struct asked *a, const struct hf_host *h,
           enum hf_rule_kind kind)
{
    static const char *const words[] = {"open", "later", "never"};
    cJSON *obj = hf_json_add_obj(host, hf_rule_kind_names[kind]);
    struct hf_period next;
    enum hf_opening open = hf_calendar_window(a->cal, h, kind, a->now, &next);

    hf_json_add_str(obj, "opening", words[open]);
    hf_json_add_str(obj, "name", next.rule ? next.rule->name : NULL);
    add_time(obj, "from", next.from);
    add_time(obj, "to", next.to);
}

static void
add_host(cJSON *list, const struct asked *a, const struct hf_host *h)
{
    cJSON *obj = cJSON_CreateObject(), *freeze;
    struct hf_period next;
    int frozen = hf_calendar_freeze(a->cal, h, a->now, &next);

    hf_json_add_str(obj, "name", h->name);
    hf_json_add_str(obj, "ring", h->ring);
    hf_json_add_str(obj, "site", h->site);
    if (a->cal) {
        hf_json_add_str(obj, "zone", hf_zone_name(hf_calendar_zone(a->cal, h)));
        hf_json_add_str(obj, "zone_by", hf_calendar_zone_source(a->cal, h));
    }
    add_window(obj, a, h, HF_RULE_CHANGE);
    add_window(obj, a, h, HF_RULE_RESTART);
    freeze = hf_json_add_obj(obj, "freeze");
    hf_json_add_bool(freeze, "frozen", frozen);
    hf_json_add_str(freeze, "name", next.rule ? next.rule->name : NULL);
    add_time(freeze, "from", next.from);
    add_time(freeze, "to", next.to);
    cJSON_AddItemToArray(list, obj);
}

static int
print_json(const struct asked *a)
{
    cJSON *doc = hf_cli_doc(a->cli, "schedule"), *list;

    hf_json_add_bool(doc, "has_calendar", a->cal != NULL);
    hf_json_add_str(doc, "calendar", a->cal ? a->cal->hash : NULL);
    add_time(doc, "from", a->schedule.from);
    add_time(doc, "to", a->schedule.to);
    hf_json_add_int(doc, "any_time", (int64_t)a->schedule.any_time);
    hf_json_add_int(doc, "never", (int64_t)a->schedule.never);
    if (a->cal && a->cal->known_until)
        add_time(doc, "known_until", a->cal->known_until);
    list = hf_json_add_arr(doc, "periods");
    for (size_t i = 0; i < a->schedule.len; i++)
        add_period(list, a, &a->schedule.v[i]);
    list = hf_json_add_arr(doc, "hosts");
    for (size_t i = 0; i < a->n; i++)
        add_host(list, a, a->hosts[i]);
    hf_cli_add_others(doc, a->frozen, a->frozen_len);
    return hf_cli_print_doc(doc, HF_EXIT_OK);
}

/* ---- iCalendar ---- */

static void
fill_event(struct hf_ics_event *e, const struct asked *a,
           const struct hf_schedule_row *row, size_t hosts)
{
    static const char *const words[] = {"Change window", "Restart window",
                                        "Freeze"};
    const struct hf_rule *rule = row->period.rule;
    struct hf_buf text = {0}, note = {0};
    char id[33];

    hf_schedule_id(id, row);
    *e = (struct hf_ics_event){.from = row->period.from,
                               .to = row->period.to,
                               .category = hf_rule_kind_names[rule->kind]};
    e->uid = hf_xasprintf("%s@%s", id, hf_session_fleet(a->cli->session)->name);
    e->title = hf_xasprintf("%s: %s (%zu host%s)", words[rule->kind],
                            row->period.title, hosts, hosts == 1 ? "" : "s");
    hf_rule_describe(&text, rule);
    hf_buf_puts(&text, "; ");
    hf_scope_describe(&text, &rule->scope);
    note_row(&note, a, row);
    e->text = hf_xasprintf("%s%s%s", hf_buf_str(&text), note.len ? "\n" : "",
                           hf_buf_str(&note));
    hf_buf_release(&text);
    hf_buf_release(&note);
}

/* Of windows what is left of them; once, also where only some of their hosts
 * are frozen. */
static size_t
fill_events(struct hf_ics_event *events, const struct asked *a)
{
    size_t n = 0, hosts = 0;

    for (size_t i = 0; i < a->schedule.len; i++) {
        const struct hf_schedule_row *row = &a->schedule.v[i];
        char id[33], next[33] = "";

        if (row->frozen_all)
            continue;
        hosts += row->hosts;
        hf_schedule_id(id, row);
        if (i + 1 < a->schedule.len && !row[1].frozen_all)
            hf_schedule_id(next, row + 1);
        if (strcmp(id, next) == 0)
            continue;
        fill_event(&events[n++], a, row, hosts);
        hosts = 0;
    }
    return n;
}

static int
print_ics(const struct asked *a)
{
    struct hf_ics_event *events =
        hf_xcalloc(a->schedule.len + 1, sizeof(*events));
    size_t n = fill_events(events, a);
    struct hf_buf text = {0};

    hf_ics_write(&text, hf_session_fleet(a->cli->session)->name, a->now, events,
                 n);
    (void)fwrite(hf_buf_str(&text), 1, text.len, stdout);
    for (size_t i = 0; i < n; i++) {
        free((void *)events[i].uid);
        free((void *)events[i].title);
        free((void *)events[i].text);
    }
    free(events);
    hf_buf_release(&text);
    return HF_EXIT_OK;
}

/* ---- the verb ---- */

static int
run_schedule(struct hf_cli *cli)
{
    struct asked a = {.cli = cli,
                      .cal = hf_session_fleet(cli->session)->calendar,
                      .arena = hf_arena_new(),
                      .now = hf_now()};
    struct hf_err err = HF_ERR_INIT;
    int status;

    if (read_hosts(&a, &err) < 0 || read_range(&a, &err) < 0) {
        status = hf_cli_fail(cli, &err);
        goto out;
    }
    hf_schedule_make(&a.schedule, a.cal, a.hosts, a.n, a.schedule.from,
                     a.schedule.to);
    count_restarts(&a);
    a.frozen = hf_xcalloc(a.n + 1, sizeof(*a.frozen));
    a.frozen_len = hf_cli_frozen(a.frozen, a.cal, a.states, a.n,
                                 a.schedule.from, a.schedule.to);
    status = cli->opt[HF_OPT_JSON]  ? print_json(&a)
             : cli->opt[HF_OPT_ICS] ? print_ics(&a)
                                    : print_text(&a);
out:
    release(&a);
    return status;
}

const struct hf_verb hf_verb_schedule = {
    .name = "schedule",
    .group = "look",
    .args = "[SELECTOR]",
    .summary = "when hosts may be changed and restarted, and when not",
    .help = "Windows and freezes of calendar.json for the next five weeks, a "
            "week a picture and as a table; every time is by the clock of the "
            "rule, else of the hosts. Dates and picture are by the clock that "
            "all these hosts have, else the calendar's. --ics prints them for "
            "other calendars. Restart windows say how many restarts are forced "
            "by then (see report reboots). Hosts on which somebody else may "
            "install in a freeze are listed. Contacts nobody.",
    .examples = "  hotfleet schedule\n"
                "  hotfleet schedule 'ring:canary' --from 2026-12-01 --to "
                "2026-12-31\n"
                "  hotfleet schedule web-03 --json | jq '.hosts[0].restart'\n"
                "  hotfleet schedule --ics >fleet.ics\n",
    .options = HF_OPTS(HF_OPTS_FLEET, HF_OPT_SINCE, HF_OPT_TO, HF_OPT_ICS),
    .flags = HF_VERB_NEEDS_FLEET,
    .max_args = -1,
    .run = run_schedule,
};
