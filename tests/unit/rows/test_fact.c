/* Facts as people read them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "backend/base/mem.h"
#include "tui/rows/fact.h"

static void
sizes_and_times_are_told_in_words(void **state)
{
    static const struct {
        const char *key, *value, *shown;
    } rows[] = {
        {"space.bytes", "8589934592", "8.0 GiB"},
        {"space.bytes", "1023", "1023 bytes"},
        {"memory.free", "1536", "1.5 KiB"},
        {"boot.time", "1795396986", "2026-11-23T01:23:06Z"},
        {"clock", "0", "1970-01-01T00:00:00Z"},
        {"restart.scheduled", "1795396986", "2026-11-23T01:23:06Z"},
        {"uptime", "7500", "2h 5m"},
        {"events.crash.last", "1795396986", "2026-11-23T01:23:06Z"},
        {"events.crash.last", "none", "none"},
        {"taint", "0", "0"},
        {"taint", "45056", "45056 O E K"},
        {"history", "none", "none"},
        {"history",
         "KB1:1:2:0x00000000@0 KB2:2:2:0x00000000@1 KB3:1:4:0x80070490@2",
         "KB1 installed 1970-01-01T00:00:00Z, "
         "KB2 taken out 1970-01-01T00:00:01Z, "
         "KB3 install result 4 0x80070490 1970-01-01T00:00:02Z"},
        {"history", "KB1:1:2@5 KB2:1:2:0x0@1x", "KB1:1:2@5, KB2:1:2:0x0@1x"},
        /* what is no such number stays as it was said */
        {"space.bytes", "plenty", "plenty"},
        {"space.bytes", "-1", "-1"},
        {"boot.time", "99999999999999", "99999999999999"},
        {"boot.time", "2026-11-23T01:23:06Z", "2026-11-23T01:23:06Z"},
        {"restart.pending", "1", "1"},
        {"kernel.release", "6", "6"},
    };

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        struct hf_fact f = {.key = (char *)rows[i].key,
                            .value = (char *)rows[i].value};
        struct hf_buf text = {0};

        hf_fact_show(&text, &f);
        assert_string_equal(hf_buf_str(&text), rows[i].shown);
        hf_buf_release(&text);
    }
}

static void
what_is_not_known_is_told_with_its_reason(void **state)
{
    struct hf_fact f = {.key = (char *)"space.bytes",
                        .why = (char *)"cannot be read"};
    struct hf_buf text = {0};

    (void)state;
    hf_fact_show(&text, &f);
    assert_string_equal(hf_buf_str(&text), "unknown: cannot be read");
    hf_buf_release(&text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_and_times_are_told_in_words),
        cmocka_unit_test(what_is_not_known_is_told_with_its_reason),
    };

    return cmocka_run_group_tests_name("fact", tests, NULL, NULL);
}
