/*
 * A fleet of four hosts on different clocks, and a calendar over it.
 */
#ifndef HF_TEST_MODEL_CALENDAR_BED_H
#define HF_TEST_MODEL_CALENDAR_BED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/time.h"
#include "backend/model/calendar.h"
#include "tests/support/at.h"

#define HOUR ((int64_t)60 * 60 * 1000)

static const char *const no_tags[] = {NULL};
static const char *const db_tags[] = {"db", NULL};

static struct hf_host hosts[] = {
    {.name = "berlin-1", .ring = "canary", .site = "berlin"},
    {.name = "kolkata-1", .ring = "broad", .timezone = "Asia/Kolkata"},
    {.name = "nowhere-1", .ring = "broad"},
    {.name = "db-1", .ring = "broad", .site = "berlin"},
};
enum { BERLIN, KOLKATA, NOWHERE, DB };

static struct hf_fleet fleet;
static struct hf_calendar calendar;
static const struct hf_zone *zones[8];
static struct hf_site_zone site = {.site = "berlin"};

static inline const struct hf_zone *
zone(const char *name)
{
    const struct hf_zone *z = NULL;
    struct hf_err err = HF_ERR_INIT;

    if (hf_zone_load(&z, fleet.arena, name, &err) < 0)
        fail_msg("%s", err.text);
    return z;
}

static inline int
set_up(void **state)
{
    (void)state;
    fleet = (struct hf_fleet){
        .arena = hf_arena_new(), .hosts = hosts, .hosts_len = HF_COUNT(hosts)};
    for (size_t i = 0; i < HF_COUNT(hosts); i++)
        hosts[i].tags = i == DB ? db_tags : no_tags;
    hf_fleet_index(&fleet);
    zones[0] = zone("Asia/Kolkata");
    site.zone = zone("Europe/Berlin");
    return 0;
}

static inline int
tear_down(void **state)
{
    (void)state;
    hf_arena_free(fleet.arena);
    return 0;
}

static inline void
use(const struct hf_rule *rules, size_t n)
{
    calendar = (struct hf_calendar){
        .rules = rules,
        .rules_len = n,
        .sites = &site,
        .sites_len = 1,
        .zones = zones,
        .zones_len = 1,
        .utc = zone("UTC"),
    };
    hf_calendar_prepare(&calendar, &fleet, at("2026-11-23"));
    fleet.calendar = &calendar;
}

/* "22:00 for 4 h" on the fourth day after the second Tuesday. */
static inline struct hf_rule
patch_night(void)
{
    return (struct hf_rule){
        .name = "patch night",
        .repeat = HF_REPEAT_MONTHLY,
        .monthly = {.nth = 2, .weekday = 1, .plus = 4},
        .at = 22 * HOUR,
        .length = 4 * HOUR,
        .from = INT64_MIN,
        .to = HF_NEVER,
    };
}

static inline struct hf_rule
year_end(void)
{
    return (struct hf_rule){
        .name = "year end",
        .kind = HF_RULE_FREEZE,
        .from = at("2026-12-18"),
        .to = at("2027-01-07"),
    };
}

static inline void
expect(int host, enum hf_rule_kind kind, const char *t, enum hf_opening how,
       const char *from, const char *to)
{
    struct hf_period span;

    assert_int_equal(
        hf_calendar_window(&calendar, &hosts[host], kind, at(t), &span), how);
    if (from)
        assert_int_equal(span.from, at(from));
    if (to)
        assert_int_equal(span.to, at(to));
}

#endif
