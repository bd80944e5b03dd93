/*
 * Time zones of the IANA database: what a wall clock shows at a moment, and
 * which moment a wall clock means. Read from the system's zoneinfo files
 * (RFC 9636), because libc knows one zone per process and libical 3.0.16 is
 * half a day off for Australia/Lord_Howe after 2037.
 */
#ifndef HF_BASE_ZONE_H
#define HF_BASE_ZONE_H

#include <stdint.h>

#include "backend/base/err.h"
#include "backend/base/mem.h"

/* Never changes once it is loaded; may be read from any thread. */
struct hf_zone;

/*
 * In the arena. From $TZDIR, else /usr/share/zoneinfo; "UTC" needs no file.
 * Changes of the clock are known up to the year 2100. HF_ENOTFOUND: there is
 * no such zone; HF_EINVALID: no zone file, or a damaged one.
 */
int hf_zone_load(const struct hf_zone **out, struct hf_arena *arena,
                 const char *name, struct hf_err *err);
/* The same from the bytes of a zone file. */
int hf_zone_parse(const struct hf_zone **out, struct hf_arena *arena,
                  const char *name, const void *data, size_t len,
                  struct hf_err *err);
const char *hf_zone_name(const struct hf_zone *zone);

/*
 * A local time is what the wall clock shows, in ms since 1970 as if that
 * clock were UTC. Seconds east of UTC at a moment; *abbreviation (when not
 * NULL) is borrowed: "CET".
 */
int hf_zone_offset(const struct hf_zone *zone, int64_t at,
                   const char **abbreviation);
int64_t hf_zone_local(const struct hf_zone *zone, int64_t at);

enum hf_local {
    HF_LOCAL_ONCE,
    HF_LOCAL_SKIPPED, /* the clock jumps over it */
    HF_LOCAL_TWICE,   /* the clock is set back over it */
};
/*
 * The moment of a local time. One that comes twice means the first, or with
 * `later` the second; one that is skipped is counted on from before the jump
 * (02:30 becomes 03:30), as RFC 5545 section 3.3.5 has it.
 */
enum hf_local hf_zone_moment(const struct hf_zone *zone, int64_t local,
                             int later, int64_t *at);

#define HF_ZONE_TIME_LEN 48
/* "2026-11-23 22:00 CET"; "never" for INT64_MAX. */
const char *hf_zone_format(char out[HF_ZONE_TIME_LEN],
                           const struct hf_zone *zone, int64_t at);

#endif
