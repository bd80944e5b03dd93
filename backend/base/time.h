/*
 * Time: wall clock in milliseconds since 1970 UTC, monotonic clock in
 * milliseconds for deadlines, RFC 3339, and ages and spans for people.
 */
#ifndef HF_BASE_TIME_H
#define HF_BASE_TIME_H

#include <stddef.h>
#include <stdint.h>

/* Wall clock, ms. HOTFLEET_CLOCK (RFC 3339) freezes it for tests. */
int64_t hf_now(void);
int64_t hf_mono(void); /* ms; never frozen, never skipped */

/*
 * Where hosts are simulated, nobody has to wait for them: time that nothing
 * happens in is skipped. hf_now and hf_pace go by that; hf_mono, and with it
 * whatever waits for this machine and its network, does not.
 */
void hf_clock_skip(int64_t ms); /* any thread; below 1: nothing */
int64_t hf_clock_ahead(void);   /* skipped so far */
/* ms, monotonic: by this hosts are waited for. */
int64_t hf_pace(void);

#define HF_TIME_LEN 32
/* "2026-11-23T01:23:45Z" (ms are dropped unless not zero: ".250Z"). */
const char *hf_time_format(char out[HF_TIME_LEN], int64_t at);
/* RFC 3339 with zone, or a plain date (midnight UTC). 0 or -1. */
int hf_time_parse(int64_t *out, const char *s);
/* "3s", "12m", "5h", "2d", "7w": one unit, for columns. "-" for at == 0. */
const char *hf_age_format(char out[HF_TIME_LEN], int64_t now, int64_t at);
/* "250ms", "90s", "15m", "2h", "3d", "1w": to ms. 0 or -1. */
int hf_span_parse(int64_t *out, const char *s);
/* "2h 5m", "1.4 s": two units, for sentences. */
const char *hf_span_format(char out[HF_TIME_LEN], int64_t ms);

#endif
