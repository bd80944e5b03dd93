/* The tables of words: complete, unique, and made for command lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "backend/base/mem.h"
#include "backend/model/action.h"
#include "backend/model/event.h"
#include "backend/model/release.h"
#include "backend/model/selector.h"
#include "backend/model/status.h"
#include "backend/model/verdict.h"

/* clang-format off */
static const struct { const char *title; const char *const *names; size_t n; }
tables[] = {
    {"coverage", hf_coverage_names, HF_COVERAGE_COUNT},
    {"patch", hf_patch_names, HF_PATCH_COUNT},
    {"reboot", hf_reboot_names, HF_REBOOT_COUNT},
    {"flag", hf_flag_names, HF_FLAG_COUNT},
    {"action", hf_action_names, HF_ACTION_COUNT},
    {"outcome", hf_outcome_names, HF_OUTCOME_COUNT},
    {"verdict", hf_verdict_names, HF_VERDICT_COUNT},
    {"release type", hf_release_type_names, HF_RELEASE_TYPE_COUNT},
};
/* clang-format on */

static const char lower[] = "abcdefghijklmnopqrstuvwxyz-";

static void
every_value_has_one_word_of_its_own(void **state)
{
    (void)state;
    for (size_t t = 0; t < HF_COUNT(tables); t++) {
        const char *const *names = tables[t].names;

        for (size_t i = 0; i < tables[t].n; i++) {
            assert_non_null(names[i]);
            assert_true(strlen(names[i]) > 0);
            assert_int_equal(strspn(names[i], lower), strlen(names[i]));
            for (size_t j = 0; j < i; j++)
                assert_string_not_equal(names[i], names[j]);
        }
        assert_null(names[tables[t].n]);
    }
}

static void
every_outcome_fits_where_it_is_recorded(void **state)
{
    (void)state;
    for (size_t i = 0; i < HF_OUTCOME_COUNT; i++)
        assert_true(strlen(hf_outcome_names[i]) < 24);
}

static void
every_event_kind_has_a_name_and_help(void **state)
{
    (void)state;
    for (size_t i = 0; i < HF_EVENT_KIND_COUNT; i++) {
        assert_non_null(hf_event_rows[i].name);
        assert_non_null(hf_event_rows[i].help);
        assert_true(strlen(hf_event_rows[i].help) > 0);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(hf_event_rows[i].name,
                                    hf_event_rows[j].name);
    }
}

static void
an_event_that_must_be_durable_is_journalled(void **state)
{
    (void)state;
    for (size_t i = 0; i < HF_EVENT_KIND_COUNT; i++) {
        if (hf_event_rows[i].flags & HF_EVENT_SYNCED)
            assert_true(hf_event_rows[i].flags & HF_EVENT_JOURNALLED);
    }
    assert_true(hf_event_rows[HF_EVENT_HOST_INTENT].flags & HF_EVENT_SYNCED);
    assert_true(hf_event_rows[HF_EVENT_HOST_OUTCOME].flags & HF_EVENT_SYNCED);
}

static void
every_field_has_help_and_an_example_that_parses(void **state)
{
    struct hf_err err = HF_ERR_INIT;

    (void)state;
    for (const struct hf_selector_field *f = hf_selector_fields; f->name; f++) {
        struct hf_selector *s = NULL;

        assert_true(strlen(f->help) > 0);
        assert_int_equal(hf_selector_parse(&s, f->example, &err), HF_OK);
        hf_selector_free(s);
        for (const struct hf_selector_field *g = hf_selector_fields; g != f;
             g++)
            assert_string_not_equal(f->name, g->name);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_value_has_one_word_of_its_own),
        cmocka_unit_test(every_outcome_fits_where_it_is_recorded),
        cmocka_unit_test(every_event_kind_has_a_name_and_help),
        cmocka_unit_test(an_event_that_must_be_durable_is_journalled),
        cmocka_unit_test(every_field_has_help_and_an_example_that_parses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
