/*
 * year FILES TRUTH WINDOWS LINUX: a year of so many simulated hosts in fast
 * time, by the real engine: four quarters, a baseline that was not planned, an
 * out-of-band hotpatch, and a hotpatch that is bad. Adds the files of the
 * folder FILES to a new fleet below TMPDIR, prints where it is, with its
 * ledger, and writes to the file TRUTH what the simulation knows: whatever a
 * report says, this is how it was.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/file.h"
#include "backend/base/json.h"
#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "playbooks/rollout.h"
#include "playbooks/undo.h"
#include "tests/contract/year/publish.h"
#include "tests/support/git.h"

/* Before the first release of the year; its quarters begin in July. */
#define BEGIN INT64_C(1783677600000) /* 2026-07-10T10:00:00Z */
#define END INT64_C(1814436000000)   /* 2027-07-01T10:00:00Z */
#define HOUR_MS INT64_C(3600000)
#define RELEASE_MS (18 * HOUR_MS) /* into its day */
#define CHECKED_AT_ONCE 100

static const struct hf_net_limits patience = {
    .connect = 5000, .kex = 5000, .idle = 5000, .total = 20000};

/* ---- what the fleet says of itself ---- */

#define SETTINGS                                                         \
    "\"goal\": {\"percent\": 95, \"days\": 12}, "                        \
    "\"costs\": {\"currency\": \"EUR\", \"restart_low\": 200, "          \
    "\"restart_high\": 450, \"restart_minutes\": 25, \"rollback\": 80, " \
    "\"fallback\": 120, \"cores\": 2400, \"licence_core_cents\": 150}"

/* ---- what happens in it ---- */

/* The nth host of its kind ails from then on, until the next time. */
struct ailing {
    int windows;
    size_t nth;
    enum hf_sim_fault fault;
};
#define AILING_MOST 4

struct act {
    struct publish_windows windows; /* of that day; no day: none */
    const char *patch; /* the live patch that Linux gets, or NULL */
    const char *playbook;
    int bad; /* whoever takes it falls ill: it is taken back, and blocked */
    struct ailing ailing[AILING_MOST];
};

/* clang-format off */
static const struct act year[] = {
    {.windows = {"2026-07-14", HF_RELEASE_BASELINE},
     .playbook = "quarter-servers"},
    {.windows = {"2026-08-11", HF_RELEASE_HOTPATCH}, .playbook = "servers",
     .patch = "hotfleet_fix_4",
     .ailing = {{1, 21, HF_SIM_FALLBACK}, {0, 9, HF_SIM_LOAD_REFUSED}}},
    {.windows = {"2026-09-08", HF_RELEASE_HOTPATCH, .exploited = 1}},
    {.windows = {"2026-10-13", HF_RELEASE_BASELINE},
     .playbook = "quarter-servers", .ailing = {{1, 42, HF_SIM_DOWN}}},
    {.windows = {"2026-11-10", HF_RELEASE_HOTPATCH}, .playbook = "servers",
     .patch = "hotfleet_fix_5",
     .ailing = {{1, 63, HF_SIM_DOWN}, {1, 84, HF_SIM_LIE},
                {0, 15, HF_SIM_STUCK}}},
    {.windows = {"2026-11-24", HF_RELEASE_UNPLANNED_BASELINE, .exploited = 1,
                 .servers = 1}, .playbook = "quarter-servers"},
    {.windows = {"2026-12-08", HF_RELEASE_HOTPATCH}}, /* nobody is there */
    {.windows = {"2027-01-12", HF_RELEASE_BASELINE}, .playbook = "quarter"},
    {.windows = {"2027-02-09", HF_RELEASE_HOTPATCH}, .playbook = "servers",
     .ailing = {{1, 98, HF_SIM_CRASH}}},
    {.windows = {"2027-02-23", HF_RELEASE_OOB, .exploited = 1, .servers = 1},
     .playbook = "urgent"},
    {.windows = {"2027-03-09", HF_RELEASE_HOTPATCH}}, /* not worth it */
    {.windows = {"2027-04-13", HF_RELEASE_BASELINE}, .playbook = "quarter"},
    {.windows = {"2027-05-11", HF_RELEASE_HOTPATCH}, .playbook = "servers",
     .bad = 1},
    {.windows = {"2027-06-08", HF_RELEASE_HOTPATCH}, .playbook = "month",
     .patch = "hotfleet_fix_6"},
};
/* clang-format on */

/* ---- the hosts ---- */

static void
ail(struct bed *b, size_t host, enum hf_sim_fault fault)
{
    hf_sim_ail(hf_sim_fleet_sim(b->sim), host, fault, hf_sim_faults[fault].arg);
}

static size_t
nth_host(const struct bed *b, int windows, size_t nth)
{
    const struct hf_sim_host *hosts;
    size_t n;

    hosts = hf_sim_fleet_hosts(b->sim, &n);
    for (size_t i = 0; i < n; i++) {
        if ((hosts[i].product[0] != '\0') == windows && nth-- == 0)
            return i;
    }
    fail_msg("too few hosts");
    return 0;
}

/* Whoever ailed is well again, before others fall ill. */
static void
let_ail(struct bed *b, const struct act *a)
{
    static struct ailing before[AILING_MOST];

    for (size_t i = 0; i < AILING_MOST; i++) {
        if (before[i].fault)
            ail(b, nth_host(b, before[i].windows, before[i].nth), HF_SIM_WELL);
    }
    memcpy(before, a->ailing, sizeof(before));
    for (size_t i = 0; i < AILING_MOST; i++) {
        if (before[i].fault)
            ail(b, nth_host(b, before[i].windows, before[i].nth),
                before[i].fault);
    }
}

static void
let_fall_ill(struct bed *b, const struct hf_plan *plan, enum hf_sim_fault fault)
{
    const struct hf_sim_host *hosts;
    size_t n;

    hosts = hf_sim_fleet_hosts(b->sim, &n);
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < plan->hosts_len; k++) {
            if (strcmp(plan->hosts[k].name, hosts[i].name) == 0)
                ail(b, i, fault);
        }
    }
}

/* ---- carrying plans out ---- */

static struct hf_plan *
make_plan(struct bed *b, const char *playbook)
{
    const struct hf_plan_ask ask = {.playbook = playbook, .change = "CHG1"};
    struct hf_problems problems = {0};
    struct hf_plan *plan = NULL;

    if (hf_plan_make(&plan, b->s, &ask, &problems, &b->err) < 0)
        fail_msg("%s: %s", playbook, b->err.text);
    hf_problems_release(&problems);
    return plan;
}

/* Until nothing more is due. */
static int64_t
let_go_on(struct hf_conduct *c)
{
    int64_t wait;

    while ((wait = hf_conduct_hurry(c, NULL, NULL)) == HF_CONDUCT_IDLE &&
           hf_conduct_due(c) && !hf_conduct_blocked(c))
        hf_clock_skip(hf_conduct_due(c) - hf_now());
    return wait;
}

/* To its end; one that halts is given up by a person. */
static void
carry_out(struct bed *b, const struct hf_plan *plan, int halts,
          char run[HF_RUN_ID_LEN])
{
    struct hf_rollout_event abort_ = hf_rollout_event_of(HF_ROLLOUT_ABORT);
    const struct hf_conduct_options o = {0};
    struct hf_conduct *c = NULL;
    int64_t wait;

    if (hf_conduct_new(&c, b->s, plan, &o, &b->err) < 0)
        fail_msg("%s", b->err.text);
    (void)snprintf(run, HF_RUN_ID_LEN, "%s", hf_conduct_run_id(c));
    wait = let_go_on(c);
    if (halts && wait == HF_CONDUCT_IDLE) {
        (void)snprintf(abort_.why, sizeof(abort_.why), "it is bad");
        if (hf_conduct_say(c, &abort_, &b->err) < 0)
            fail_msg("%s", b->err.text);
        wait = let_go_on(c);
    } else if (halts) {
        fail_msg("run %s does not halt", run);
    }
    if (wait != HF_RUN_OVER)
        fail_msg("run %s waits: %s", run, hf_conduct_trouble(c));
    hf_conduct_free(c);
}

static void
take_back(struct bed *b, const char *run)
{
    const struct hf_plan_ask more = {.change = "CHG1", .reason = "it is bad"};
    const struct hf_undo what = {.run = run};
    struct hf_problems problems = {0};
    struct hf_plan *plan = NULL;
    struct hf_strs blocked = {0};
    char back[HF_RUN_ID_LEN];

    if (hf_undo_plan(&plan, b->s, &what, &more, &problems, &b->err) < 0 ||
        hf_undo_block(&blocked, b->s, plan, more.reason, &b->err) < 0)
        fail_msg("%s", b->err.text);
    carry_out(b, plan, 0, back);
    hf_strs_release(&blocked);
    hf_plan_free(plan);
    hf_problems_release(&problems);
}

static void
close_session(struct bed *b)
{
    bed_settle(b);
    bed_close(b);
}

static void
skip_to(int64_t at)
{
    hf_clock_skip(at - hf_now());
}

/* What the admins do about it, and what they are told in the end. */
static void
respond(struct bed *b, const struct act *a, cJSON *told)
{
    char run[HF_RUN_ID_LEN];
    struct hf_plan *plan;

    bed_open(b);
    plan = make_plan(b, a->playbook);
    if (a->bad)
        let_fall_ill(b, plan, HF_SIM_SICK);
    carry_out(b, plan, a->bad, run);
    if (a->bad) {
        let_fall_ill(b, plan, HF_SIM_WELL);
        take_back(b, run);
    }
    hf_json_add_str(told, "playbook", a->playbook);
    hf_json_add_str(told, "run", run);
    hf_json_add_int(told, "hosts", (int64_t)plan->hosts_len);
    hf_json_add_bool(told, "bad", a->bad);
    hf_plan_free(plan);
    close_session(b);
}

static cJSON *
happen(struct bed *b, const struct act *a)
{
    cJSON *told = cJSON_CreateObject();
    int64_t day = 0;

    (void)hf_time_parse(&day, a->windows.day);
    skip_to(day + RELEASE_MS);
    publish_windows(b, &a->windows);
    if (a->patch)
        publish_linux(b, a->windows.day, a->patch);
    let_ail(b, a);
    hf_json_add_str(told, "day", a->windows.day);
    hf_json_add_str(told, "type", hf_release_type_names[a->windows.type]);
    if (a->playbook)
        respond(b, a, told);
    return told;
}

/* ---- all ---- */

static void
add_files(const struct bed *b, const char *folder)
{
    char *from = hf_path_join(folder, ".");
    const char *argv[] = {"cp", "-R", from, ".", NULL};

    free(run_in(b->fleet, argv, NULL));
    free(from);
}

static void
make_fleet(struct bed *b, const char *files, size_t windows, size_t linux_)
{
    const struct hf_sim_options o = {
        .windows = windows, .all_well = 1, .wire = 1000, .job_ms = 30};
    char text[HF_TIME_LEN];

    setenv("HOTFLEET_CLOCK", hf_time_format(text, BEGIN - hf_clock_ahead()), 1);
    bed_new_of(b, windows + linux_, &o);
    b->limits = patience;
    bed_configure(b, SETTINGS);
    add_files(b, files);
    publish_commit(b, "settings");
    ail(b, nth_host(b, 1, 3), HF_SIM_VBS_OFF); /* all year long */
}

static void
check_all(struct bed *b)
{
    bed_open(b);
    bed_check(b, CHECKED_AT_ONCE);
    close_session(b);
}

static cJSON *
tell_hosts(const struct bed *b)
{
    cJSON *all = cJSON_CreateObject();
    const struct hf_sim_host *hosts;
    size_t n;

    hosts = hf_sim_fleet_hosts(b->sim, &n);
    for (size_t i = 0; i < n; i++) {
        cJSON *one = hf_json_add_obj(all, hosts[i].name);
        struct hf_sim_truth truth;

        hf_sim_look(hf_sim_fleet_sim(b->sim), i, &truth);
        hf_json_add_str(one, "product",
                        hosts[i].product[0] ? hosts[i].product : "linux");
        hf_json_add_str(one, "level", truth.level);
        hf_json_add_int(one, "jobs", truth.jobs);
        hf_json_add_int(one, "restarts", truth.restarts);
    }
    return all;
}

static void
tell(const struct bed *b, const char *path, cJSON *acts)
{
    cJSON *doc = cJSON_CreateObject();
    char at[HF_TIME_LEN], *text;
    struct hf_err err = HF_ERR_INIT;

    hf_json_add_str(doc, "at", hf_time_format(at, hf_now()));
    cJSON_AddItemToObject(doc, "acts", acts);
    cJSON_AddItemToObject(doc, "hosts", tell_hosts(b));
    text = hf_json_print_pretty(doc);
    if (hf_file_write(path, text, strlen(text), 0644, &err) < 0)
        fail_msg("%s", err.text);
    cJSON_Delete(doc);
    free(text);
}

int
main(int argc, char **argv)
{
    cJSON *acts = cJSON_CreateArray();
    struct bed b;

    if (argc != 5) {
        (void)fprintf(stderr, "usage: year FILES TRUTH WINDOWS LINUX\n");
        return 2;
    }
    make_fleet(&b, argv[1], strtoul(argv[3], NULL, 10),
               strtoul(argv[4], NULL, 10));
    check_all(&b);
    for (size_t i = 0; i < HF_COUNT(year); i++)
        cJSON_AddItemToArray(acts, happen(&b, &year[i]));
    skip_to(END);
    check_all(&b);
    tell(&b, argv[2], acts);
    (void)puts(b.fleet);
    hf_sim_fleet_free(b.sim);
    return 0;
}
