/* Zones: the table of changes, and looking things up in it. */
#include "backend/base/zone.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/file.h"
#include "backend/base/zone_file.h"

#define FILE_MAX (1u << 20)
#define SECOND_MS ((int64_t)1000)

/* ---- loading ---- */

static const struct hf_zone *
make_zone(struct hf_arena *arena, const char *name,
          const struct hf_zone_changes *changes)
{
    struct hf_zone *zone = hf_arena_alloc(arena, sizeof(*zone));
    struct hf_zone_change *v = hf_arena_alloc(arena, changes->len * sizeof(*v));

    memcpy(v, changes->v, changes->len * sizeof(*v));
    zone->name = hf_arena_strdup(arena, name);
    zone->v = v;
    zone->len = changes->len;
    return zone;
}

int
hf_zone_parse(const struct hf_zone **out, struct hf_arena *arena,
              const char *name, const void *data, size_t len,
              struct hf_err *err)
{
    struct hf_zone_changes changes = {0};
    int rc = hf_zone_file_read(&changes, data, len, err);

    *out = rc == HF_OK ? make_zone(arena, name, &changes) : NULL;
    free(changes.v);
    return rc == HF_OK ? rc : hf_wrap(err, "time zone '%s'", name);
}

/* Names come from files of other people: no way out of the folder. */
static int
is_name(const char *name)
{
    return *name && *name != '/' && *name != '.' && !strstr(name, "..") &&
           strlen(name) < 128;
}

int
hf_zone_load(const struct hf_zone **out, struct hf_arena *arena,
             const char *name, struct hf_err *err)
{
    static const struct hf_zone_change utc = {.at = INT64_MIN, .abbr = "UTC"};
    const char *dir = getenv("TZDIR");
    struct hf_buf data = {0};
    char *path = NULL;
    int rc;

    *out = NULL;
    if (strcmp(name, "UTC") == 0) {
        struct hf_zone_change v = utc;

        *out = make_zone(arena, name, &(struct hf_zone_changes){&v, 1, 1});
        return HF_OK;
    }
    if (!is_name(name))
        return hf_fail(err, HF_ENOTFOUND, "there is no time zone '%s'", name);
    path = hf_path_join(dir && *dir ? dir : "/usr/share/zoneinfo", name);
    rc = hf_file_read(&data, path, FILE_MAX, err);
    if (rc == HF_OK)
        rc = hf_zone_parse(out, arena, name, hf_buf_str(&data), data.len, err);
    else if (rc == HF_ENOTFOUND)
        (void)hf_fail(err, rc, "there is no time zone '%s'", name);
    hf_buf_release(&data);
    free(path);
    return rc;
}

const char *
hf_zone_name(const struct hf_zone *zone)
{
    return zone->name;
}

/* ---- looking up ---- */

/* The change in force at a moment; the first one is from ever. */
static size_t
in_force(const struct hf_zone *zone, int64_t at)
{
    size_t low = 0, high = zone->len;

    while (high - low > 1) {
        size_t mid = (low + high) / 2;

        if (zone->v[mid].at <= at)
            low = mid;
        else
            high = mid;
    }
    return low;
}

int
hf_zone_offset(const struct hf_zone *zone, int64_t at,
               const char **abbreviation)
{
    const struct hf_zone_change *change = &zone->v[in_force(zone, at)];

    if (abbreviation)
        *abbreviation = change->abbr;
    return change->offset;
}

int64_t
hf_zone_local(const struct hf_zone *zone, int64_t at)
{
    return at + hf_zone_offset(zone, at, NULL) * SECOND_MS;
}

/* Offsets are below 26 hours, so a moment whose clock shows `local` lies
 * within the changes in force from 26 hours before to 26 hours after. */
enum hf_local
hf_zone_moment(const struct hf_zone *zone, int64_t local, int later,
               int64_t *at)
{
    const int64_t reach = 26 * 60 * 60 * SECOND_MS;
    size_t first = in_force(zone, local - reach);
    size_t last = in_force(zone, local + reach);
    int found = 0;

    for (size_t i = first; i <= last; i++) {
        int64_t moment = local - zone->v[i].offset * SECOND_MS;
        int64_t end = i + 1 < zone->len ? zone->v[i + 1].at : INT64_MAX;

        if (moment < zone->v[i].at) { /* before this change, too late */
            if (!found)               /* for the one before: skipped */
                *at = local - zone->v[i - 1].offset * SECOND_MS;
            break;
        }
        if (moment < end && (!found++ || later))
            *at = moment;
    }
    return found == 0   ? HF_LOCAL_SKIPPED
           : found == 1 ? HF_LOCAL_ONCE
                        : HF_LOCAL_TWICE;
}

const char *
hf_zone_format(char out[HF_ZONE_TIME_LEN], const struct hf_zone *zone,
               int64_t at)
{
    const char *abbreviation;
    int64_t local, day;
    struct hf_civil c;
    int minutes;

    if (at == INT64_MAX) {
        snprintf(out, HF_ZONE_TIME_LEN, "never");
        return out;
    }
    (void)hf_zone_offset(zone, at, &abbreviation);
    local = hf_zone_local(zone, at);
    day = hf_day_of(local);
    minutes = (int)((local - day * HF_DAY_MS) / (60 * SECOND_MS));
    c = hf_day_civil(day);
    snprintf(out, HF_ZONE_TIME_LEN, "%04d-%02d-%02d %02d:%02d %s", c.year,
             c.month, c.day, minutes / 60, minutes % 60, abbreviation);
    return out;
}
