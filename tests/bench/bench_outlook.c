/* Forced restarts of a fleet, and the picture of its year, as it grows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "backend/base/civil.h"
#include "backend/model/due.h"
#include "tui/rows/reboots_view.h"

#define NOW 1795397025000 /* 2026-11-23 */
#define MONTHS 24         /* of releases, each with three rows */

static const char *const zone_names[] = {
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
};
static const char *const rings[] = {"canary", "early", "broad", "slow"};
static const char *const products[] = {"ws2022-azure", "ws2025", "w11-24h2"};

static double
now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void
make_fleet(struct hf_fleet *fleet, size_t n)
{
    static const char *const none[] = {NULL};
    struct hf_host *hosts;

    *fleet = (struct hf_fleet){.arena = hf_arena_new(), .hosts_len = n};
    hosts = hf_arena_alloc(fleet->arena, n * sizeof(*hosts));
    for (size_t i = 0; i < n; i++) {
        char name[32];

        (void)snprintf(name, sizeof(name), "host-%06zu", i);
        hosts[i] =
            (struct hf_host){.name = hf_arena_strdup(fleet->arena, name),
                             .ring = rings[i % HF_COUNT(rings)],
                             .timezone = zone_names[i % HF_COUNT(zone_names)],
                             .tags = none};
    }
    fleet->hosts = hosts;
    hf_fleet_index(fleet);
}

/* A window for each ring, and a freeze over the end of the year. */
static void
make_calendar(struct hf_calendar *cal, struct hf_fleet *fleet)
{
    static const char *lists[HF_COUNT(rings)][2];
    static struct hf_rule rules[HF_COUNT(rings) + 1];
    static const struct hf_zone *zones[HF_COUNT(zone_names)];
    struct hf_err err = HF_ERR_INIT;

    for (size_t i = 0; i < HF_COUNT(rings); i++) {
        lists[i][0] = rings[i];
        rules[i] = (struct hf_rule){
            .name = rings[i],
            .kind = HF_RULE_RESTART,
            .repeat = HF_REPEAT_MONTHLY,
            .monthly = {.nth = 2, .weekday = 1, .plus = (int)i + 3},
            .at = 22 * HF_DAY_MS / 24,
            .length = HF_DAY_MS / 6,
            .from = INT64_MIN,
            .to = HF_NEVER,
            .scope.rings = lists[i],
        };
    }
    rules[HF_COUNT(rings)] = (struct hf_rule){
        .name = "year end",
        .kind = HF_RULE_FREEZE,
        .from = NOW + 25 * HF_DAY_MS,
        .to = NOW + 45 * HF_DAY_MS,
    };
    for (size_t i = 0; i < HF_COUNT(zones); i++) {
        if (hf_zone_load(&zones[i], fleet->arena, zone_names[i], &err) < 0)
            exit(1);
    }
    *cal = (struct hf_calendar){.rules = rules,
                                .rules_len = HF_COUNT(rules),
                                .zones = zones,
                                .zones_len = HF_COUNT(zones)};
    (void)hf_zone_load(&cal->utc, fleet->arena, "UTC", &err);
    hf_calendar_prepare(cal, fleet, NOW);
    fleet->calendar = cal;
}

static void
make_catalogue(struct hf_catalogue *c, struct hf_fleet *fleet)
{
    static struct hf_release rows[HF_COUNT(products) * MONTHS * 3];
    static char months[MONTHS][8];
    size_t n = 0;

    for (int m = 0; m < MONTHS; m++)
        hf_month_add(months[m], "2024-12", m);
    for (size_t p = 0; p < HF_COUNT(products); p++) {
        for (int m = 0; m < MONTHS; m++) {
            int baseline = atoi(months[m] + 5) % 3 == 1;
            const enum hf_release_type types[] = {
                baseline ? HF_RELEASE_BASELINE : HF_RELEASE_HOTPATCH,
                HF_RELEASE_UPDATE, HF_RELEASE_OOB};

            for (size_t t = 0; t < HF_COUNT(types); t++)
                rows[n++] = (struct hf_release){
                    .product = products[p],
                    .type = types[t],
                    .month = months[m],
                    .kb = "KB5000000",
                    .build = "26100.1",
                    .released = hf_release_day(months[m], 0)};
        }
    }
    qsort(rows, n, sizeof(*rows), hf_release_compare);
    *c = (struct hf_catalogue){.releases = rows, .releases_len = n};
    fleet->catalogue = c;
}

/* Most are covered; of the others some of each kind, and every fiftieth waits
 * for a restart since a moment of its own. */
static struct hf_state *
make_states(const struct hf_fleet *fleet)
{
    struct hf_state *states = hf_xcalloc(fleet->hosts_len, sizeof(*states));

    for (size_t i = 0; i < fleet->hosts_len; i++) {
        struct hf_standing *s = &states[i].status;

        hf_state_init(&states[i], &fleet->hosts[i]);
        s->product = products[i % HF_COUNT(products)];
        s->coverage = i % 10 ? HF_COVERAGE_COVERED
                             : (enum hf_coverage)(i / 10 % HF_COVERAGE_COUNT);
        s->patch = i % 4 ? HF_PATCH_CURRENT : HF_PATCH_BEHIND;
        s->reboot = i % 50 ? HF_REBOOT_NONE : HF_REBOOT_PENDING;
        s->reboot_at = i % 50 ? 0 : NOW - (int64_t)i * 1000;
    }
    return states;
}

static size_t
size_of(const struct hf_dues *d)
{
    size_t size = d->of_cap * sizeof(*d->of) + d->cap * sizeof(*d->v) +
                  d->slots_len * sizeof(*d->slots);

    for (size_t i = 0; i < d->len; i++)
        size += sizeof(*d->v[i]) +
                (d->v[i]->steps_len + 1) * sizeof(*d->v[i]->steps);
    return size;
}

struct times {
    double made, painted; /* ms */
};

/* The Reboots screen of 200x60: made once, then painted. */
static struct times
bench_screen(const struct hf_fleet *fleet, const struct hf_state *states,
             size_t n)
{
    static struct hf_reboots_view view;
    const struct hf_look look = {.cols = 200, .now = NOW};
    struct hf_line line = {0};
    struct hf_doc doc = {0};
    struct times times;
    double start;

    view = (struct hf_reboots_view){.week = -1};
    start = now_ms();
    hf_reboots_view_make(&view, fleet, states, n, NOW);
    times.made = now_ms() - start;
    hf_quarter_rows(&doc, &view.quarter, -1, 20, &look);
    hf_reboots_view_periods(&line, &view);
    for (size_t i = 0; i < 60 && i < view.len; i++) {
        hf_reboots_line(&line, &view,
                        view.len / 2 + i < view.len ? view.len / 2 + i : i,
                        &look);
        hf_line_clear(&line);
    }
    times.painted = now_ms() - start - times.made;
    hf_line_release(&line);
    hf_doc_release(&doc);
    hf_reboots_view_release(&view);
    return times;
}

static void
print(size_t n, const struct hf_dues *d, double ms, const struct times *screen,
      int json)
{
    if (json)
        printf("{\"bench\":\"outlook\",\"hosts\":%zu,\"months\":%d,"
               "\"ms\":%.1f,\"answers\":%zu,\"bytes_per_host\":%.1f,"
               "\"screen_made_ms\":%.1f,\"screen_painted_ms\":%.2f}\n",
               n, MONTHS, ms, d->len, (double)size_of(d) / (double)n,
               screen->made, screen->painted);
    else
        printf("forced restarts of %6zu hosts over a year, %d months of "
               "releases: %.1f ms (%.0f ns a host), %zu answers, %zu bytes a "
               "host\n  its screen of the quarter: made in %.1f ms, painted "
               "in %.2f ms\n",
               n, MONTHS, ms, ms * 1e6 / (double)n, d->len, size_of(d) / n,
               screen->made, screen->painted);
}

static void
bench(size_t n, int json)
{
    struct hf_catalogue catalogue;
    struct hf_calendar cal;
    struct hf_state *states;
    struct hf_fleet fleet;
    struct hf_heat heat;
    struct hf_dues d;
    struct times screen;
    double start, ms;

    make_fleet(&fleet, n);
    make_catalogue(&catalogue, &fleet);
    make_calendar(&cal, &fleet);
    states = make_states(&fleet);
    start = now_ms();
    hf_dues_init(&d, &fleet, NULL, NOW, NOW + 366 * HF_DAY_MS);
    for (size_t i = 0; i < n; i++)
        (void)hf_dues_add(&d, &states[i]);
    hf_heat_make(&heat, &d, cal.utc);
    ms = now_ms() - start;
    screen = bench_screen(&fleet, states, n);
    print(n, &d, ms, &screen, json);
    hf_dues_release(&d);
    free(states);
    hf_arena_free(fleet.arena);
}

int
main(int argc, char **argv)
{
    int json = argc > 1 && strcmp(argv[1], "--json") == 0;

    for (size_t n = 1000; n <= 100000; n *= 10)
        bench(n, json);
    return 0;
}
