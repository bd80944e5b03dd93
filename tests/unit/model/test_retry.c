/* Which hosts of a run are worth doing again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"
#include "backend/model/retry.h"

static int
group_of(enum hf_slot_state state, enum hf_outcome outcome)
{
    const struct hf_slot slot = {.state = (uint8_t)state,
                                 .outcome = (uint8_t)outcome};

    return hf_retry_group_of(&slot);
}

static void
every_bad_end_has_a_group_and_no_good_one(void **state)
{
    static const int of_outcome[HF_OUTCOME_COUNT] = {
        [HF_OUTCOME_CHECKED] = -1,
        [HF_OUTCOME_VERIFIED] = -1,
        [HF_OUTCOME_ALREADY] = -1,
        [HF_OUTCOME_SKIPPED] = -1,
        [HF_OUTCOME_INELIGIBLE] = -1,
        [HF_OUTCOME_FAILED] = HF_RETRY_FAILED,
        [HF_OUTCOME_UNVERIFIED] = HF_RETRY_UNVERIFIED,
        [HF_OUTCOME_UNREACHABLE] = HF_RETRY_UNREACHABLE,
        [HF_OUTCOME_NOT_SEEN] = HF_RETRY_UNREACHABLE,
        [HF_OUTCOME_REFUSED] = HF_RETRY_UNREACHABLE,
        [HF_OUTCOME_LOCKED] = HF_RETRY_NOT_STARTED,
        [HF_OUTCOME_CANCELLED] = HF_RETRY_NOT_STARTED,
        [HF_OUTCOME_CLOSED] = HF_RETRY_NOT_STARTED,
        [HF_OUTCOME_CALLED_OFF] = HF_RETRY_NOT_STARTED,
    };

    (void)state;
    for (int i = 0; i < HF_OUTCOME_COUNT; i++)
        assert_int_equal(group_of(HF_SLOT_ENDED, (enum hf_outcome)i),
                         of_outcome[i]);
}

static void
what_has_not_ended_was_not_started_or_is_under_way(void **state)
{
    (void)state;
    assert_int_equal(group_of(HF_SLOT_WAITING, 0), HF_RETRY_NOT_STARTED);
    assert_int_equal(group_of(HF_SLOT_AGAIN, 0), HF_RETRY_NOT_STARTED);
    assert_int_equal(group_of(HF_SLOT_ASLEEP, 0), HF_RETRY_NOT_STARTED);
    assert_int_equal(group_of(HF_SLOT_IN_FLIGHT, 0), -1);
}

static void
words_are_read_and_written(void **state)
{
    static const char *const words[][2] = {
        {"failed", "failed"},
        {"notstarted+failed", "failed+notstarted"},
        {"unverified+unverified", "unverified"},
        {"all", "failed+notstarted+unreachable+unverified"},
    };
    struct hf_err err = HF_ERR_INIT;
    unsigned groups;
    char *text;

    (void)state;
    for (size_t i = 0; i < HF_COUNT(words); i++) {
        assert_int_equal(hf_retry_parse(&groups, words[i][0], &err), HF_OK);
        text = hf_retry_format(groups);
        assert_string_equal(text, words[i][1]);
        free(text);
    }
}

static void
other_words_are_refused_with_those_there_are(void **state)
{
    static const char *const words[] = {
        "",           "+",  "failed+", "+failed", "fail", "failed,notstarted",
        "all+failed", "ALL"};
    unsigned groups;

    (void)state;
    for (size_t i = 0; i < HF_COUNT(words); i++) {
        struct hf_err err = HF_ERR_INIT;

        assert_int_equal(hf_retry_parse(&groups, words[i], &err), HF_EUSAGE);
        assert_non_null(strstr(err.hint, "unverified"));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_bad_end_has_a_group_and_no_good_one),
        cmocka_unit_test(what_has_not_ended_was_not_started_or_is_under_way),
        cmocka_unit_test(words_are_read_and_written),
        cmocka_unit_test(other_words_are_refused_with_those_there_are),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
