/* Events as lines, and names of runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/mem.h"
#include "backend/model/event.h"

static void
one_line_and_back(void **state)
{
    struct hf_event a, b;
    struct hf_err err = HF_ERR_INIT;
    char *line, *again;

    (void)state;
    hf_event_init(&a, HF_EVENT_HOST_STEP, "20261123T012345Z-4f9a1c", "web-03");
    a.seq = 42;
    a.data = cJSON_CreateObject();
    hf_json_add_str(a.data, "text", "two\nlines");
    line = hf_event_format(&a);
    assert_null(strchr(line, '\n'));
    assert_int_equal(hf_event_parse(&b, line, strlen(line), &err), HF_OK);
    assert_int_equal(b.kind, HF_EVENT_HOST_STEP);
    assert_int_equal(b.seq, 42);
    assert_true(b.at == a.at && b.mono == a.mono);
    assert_string_equal(b.host, "web-03");
    again = hf_event_format(&b);
    assert_string_equal(line, again);
    free(line);
    free(again);
    hf_event_release(&a);
    hf_event_release(&b);
}

static void
an_event_without_data_has_an_empty_object(void **state)
{
    struct hf_event e;
    char *line;

    (void)state;
    hf_event_init(&e, HF_EVENT_HOLD, NULL, NULL);
    line = hf_event_format(&e);
    assert_non_null(strstr(line, "\"data\":{}"));
    assert_non_null(strstr(line, "\"run\":\"\""));
    free(line);
    hf_event_release(&e);
}

static void
every_kind_survives_the_way_there_and_back(void **state)
{
    struct hf_err err = HF_ERR_INIT;

    (void)state;
    for (int kind = 0; kind < HF_EVENT_KIND_COUNT; kind++) {
        struct hf_event e, back;
        char *line;

        hf_event_init(&e, (enum hf_event_kind)kind, "r", "h");
        line = hf_event_format(&e);
        assert_int_equal(hf_event_parse(&back, line, strlen(line), &err),
                         HF_OK);
        assert_int_equal(back.kind, kind);
        free(line);
        hf_event_release(&e);
        hf_event_release(&back);
    }
}

#define HEAD "{\"v\":1,\"seq\":1,\"at\":\"2026-11-23T01:23:45Z\",\"mono\":5,"
#define WHO "\"run\":\"r\",\"host\":\"h\","

static void
refuses_lines_that_are_no_events(void **state)
{
    /* clang-format off */
    static const char *const broken[] = {
        "",
        "{",
        "[]",
        HEAD WHO "\"kind\":\"host-step\"}",
        HEAD WHO "\"kind\":\"host-step\",\"data\":[]}",
        HEAD WHO "\"kind\":\"no-such\",\"data\":{}}",
        HEAD "\"run\":\"0123456789012345678901234567890123456789\","
             "\"host\":\"h\",\"kind\":\"hold\",\"data\":{}}",
        HEAD WHO "\"kind\":\"hold\",\"data\":{}} more",
        HEAD WHO "\"kind\":\"hold\",\"data\":{\"a\":1,\"a\":2}}",
        "{\"v\":1,\"seq\":-1,\"at\":\"2026-11-23T01:23:45Z\",\"mono\":5,"
            WHO "\"kind\":\"hold\",\"data\":{}}",
        "{\"v\":1,\"seq\":1,\"at\":\"soon\",\"mono\":5,"
            WHO "\"kind\":\"hold\",\"data\":{}}",
    };
    /* clang-format on */
    struct hf_err err = HF_ERR_INIT;
    struct hf_event e;

    (void)state;
    for (size_t i = 0; i < HF_COUNT(broken); i++) {
        assert_int_not_equal(
            hf_event_parse(&e, broken[i], strlen(broken[i]), &err), HF_OK);
        assert_true(strlen(err.text) > 0);
        assert_null(e.data);
    }
}

static void
says_when_a_newer_program_wrote_the_line(void **state)
{
    static const char line[] =
        "{\"v\":2,\"seq\":1,\"at\":\"2026-11-23T01:23:45Z\",\"mono\":5," WHO
        "\"kind\":\"hold\",\"data\":{}}";
    struct hf_err err = HF_ERR_INIT;
    struct hf_event e;

    (void)state;
    assert_int_equal(hf_event_parse(&e, line, sizeof(line) - 1, &err),
                     HF_EUNSUPPORTED);
}

static void
a_line_may_be_part_of_a_larger_text(void **state)
{
    static const char text[] =
        HEAD WHO "\"kind\":\"hold\",\"data\":{}}\n{\"v\":1";
    struct hf_err err = HF_ERR_INIT;
    struct hf_event e;

    (void)state;
    assert_int_equal(
        hf_event_parse(&e, text, (size_t)(strchr(text, '\n') - text), &err),
        HF_OK);
    hf_event_release(&e);
}

static void
run_ids_are_valid_and_sort_by_time(void **state)
{
    char a[HF_RUN_ID_LEN], b[HF_RUN_ID_LEN];

    (void)state;
    setenv("HOTFLEET_CLOCK", "2026-11-23T01:23:45Z", 1);
    hf_run_id_new(a);
    hf_run_id_new(b);
    unsetenv("HOTFLEET_CLOCK");
    assert_true(hf_run_id_valid(a) && hf_run_id_valid(b));
    assert_int_equal(strlen(a), 23);
}

static void
run_ids_can_be_names_of_files(void **state)
{
    static const char *const bad[] = {"",
                                      "20261123T012345Z-4f9a1",
                                      "20261123T012345Z-4F9A1C",
                                      "20261123T012345Z-4f9a1c ",
                                      "../61123T012345Z-4f9a1c",
                                      "20261123 012345Z-4f9a1c",
                                      "20261123T012345Z-4f9a1c/x"};

    (void)state;
    assert_true(hf_run_id_valid("20261123T012345Z-4f9a1c"));
    assert_false(hf_run_id_valid(NULL));
    for (size_t i = 0; i < HF_COUNT(bad); i++)
        assert_false(hf_run_id_valid(bad[i]));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_line_and_back),
        cmocka_unit_test(an_event_without_data_has_an_empty_object),
        cmocka_unit_test(every_kind_survives_the_way_there_and_back),
        cmocka_unit_test(refuses_lines_that_are_no_events),
        cmocka_unit_test(says_when_a_newer_program_wrote_the_line),
        cmocka_unit_test(a_line_may_be_part_of_a_larger_text),
        cmocka_unit_test(run_ids_are_valid_and_sort_by_time),
        cmocka_unit_test(run_ids_can_be_names_of_files),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
