/* Asking the calendar: what it costs to prepare it, and a question about each
 * host's windows and freezes, as the fleet grows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "backend/base/civil.h"
#include "backend/model/calendar.h"

#define NOW 1795397025000 /* 2026-11-23 */
#define RULES 24

static const char *const zone_names[] = {
    "Europe/Berlin",       "America/New_York", "Asia/Kolkata",
    "Australia/Lord_Howe", "Pacific/Apia",
};
static const char *const rings[] = {"canary", "early", "broad", "slow"};

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

/* Windows and freezes in turn, each third for one ring. */
static void
make_rules(struct hf_rule *rules)
{
    static const char *lists[HF_COUNT(rings)][2];

    for (size_t i = 0; i < RULES; i++) {
        lists[i % HF_COUNT(rings)][0] = rings[i % HF_COUNT(rings)];
        rules[i] = (struct hf_rule){
            .name = "rule",
            .kind = (enum hf_rule_kind)(i % HF_RULE_KIND_COUNT),
            .repeat = i % 2 ? HF_REPEAT_WEEKLY : HF_REPEAT_MONTHLY,
            .monthly = {.nth = 2, .weekday = 1, .plus = (int)i},
            .weekdays = 1u << (i % 7),
            .at = 22 * HF_DAY_MS / 24,
            .length = HF_DAY_MS / 6,
            .from = INT64_MIN,
            .to = HF_NEVER,
        };
        if (i % 3 == 0)
            rules[i].scope.rings = lists[i % HF_COUNT(rings)];
    }
}

static void
bench(size_t n, int json)
{
    const struct hf_zone *zones[HF_COUNT(zone_names)];
    struct hf_calendar cal = {.zones = zones, .zones_len = HF_COUNT(zones)};
    struct hf_rule rules[RULES];
    struct hf_err err = HF_ERR_INIT;
    struct hf_fleet fleet;
    size_t held, open = 0;
    double start, prepared, done;

    make_fleet(&fleet, n);
    make_rules(rules);
    cal.rules = rules;
    cal.rules_len = RULES;
    for (size_t i = 0; i < HF_COUNT(zones); i++) {
        if (hf_zone_load(&zones[i], fleet.arena, zone_names[i], &err) < 0)
            exit(1);
    }
    (void)hf_zone_load(&cal.utc, fleet.arena, "UTC", &err);
    held = hf_arena_size(fleet.arena);
    start = now_ms();
    hf_calendar_prepare(&cal, &fleet, NOW);
    prepared = now_ms();
    for (size_t i = 0; i < n; i++) {
        struct hf_period period;

        open += hf_calendar_window(&cal, &fleet.hosts[i], HF_RULE_CHANGE, NOW,
                                   &period) == HF_OPEN_NOW;
        open += (size_t)hf_calendar_freeze(&cal, &fleet.hosts[i], NOW, &period);
    }
    done = now_ms();
    if (json)
        printf("{\"bench\":\"calendar\",\"hosts\":%zu,\"rules\":%d,"
               "\"prepared_ms\":%.1f,\"asked_ms\":%.1f}\n",
               n, RULES, prepared - start, done - prepared);
    else
        printf("calendar of %d rules, %6zu hosts: prepared in %.1f ms (%zu "
               "KiB), 2 questions a host in %.1f ms (%.0f ns each; %zu open or "
               "frozen)\n",
               RULES, n, prepared - start,
               (hf_arena_size(fleet.arena) - held) / 1024, done - prepared,
               (done - prepared) * 1e6 / (double)(2 * n), open);
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
