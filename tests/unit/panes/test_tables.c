/* The tables that keys, help and the bottom line are made from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "backend/base/mem.h"
#include "tui/panes/complete.h"
#include "tui/panes/ui.h"
#include "tui/panes/verbs.h"

static int
has_key(const struct hf_key_row *rows, const struct hf_key_row *end, int code)
{
    for (; rows != end && rows->help; rows++) {
        for (size_t i = 0; i < HF_COUNT(rows->keys); i++) {
            if (code && rows->keys[i] == code)
                return 1;
        }
    }
    return 0;
}

static int
is_f_key(const struct hf_key_row *r)
{
    for (size_t i = 0; i < HF_COUNT(r->keys); i++) {
        if (r->keys[i] > HF_KEY_F0)
            return 1;
    }
    return 0;
}

static void
check_rows(const struct hf_key_row *rows)
{
    for (const struct hf_key_row *r = rows; r->help; r++) {
        assert_non_null(r->run);
        assert_int_not_equal(r->keys[0], 0);
        assert_true(strlen(r->help) > 0);
        /* The bottom line has ten cells of eight columns on 80. */
        assert_true(!r->foot || strlen(r->foot) <= (is_f_key(r) ? 5 : 8));
        for (size_t i = 0; i < HF_COUNT(r->keys); i++)
            assert_false(has_key(rows, r, r->keys[i]));
    }
}

static void
every_key_does_one_thing_and_is_explained(void **state)
{
    (void)state;
    check_rows(hf_keys_global);
    for (size_t i = 0; hf_panes[i]; i++) {
        assert_non_null(hf_panes[i]->name);
        assert_non_null(hf_panes[i]->title);
        assert_non_null(hf_panes[i]->help);
        assert_non_null(hf_panes[i]->draw);
        check_rows(hf_panes[i]->keys);
    }
}

/* A key of the list must not be hidden by a screen's own table, except where
 * the screen says so on purpose. */
static void
screens_leave_the_motions_alone(void **state)
{
    (void)state;
    for (const struct hf_motion *m = hf_motions; m->help; m++) {
        for (size_t i = 0; i < HF_COUNT(m->keys); i++) {
            assert_false(has_key(hf_keys_global, NULL, m->keys[i]));
            for (size_t p = 0; hf_panes[p]; p++) {
                if (hf_panes[p]->digit)
                    assert_false(has_key(hf_panes[p]->keys, NULL, m->keys[i]));
            }
        }
    }
}

static void
every_screen_has_a_digit_that_nothing_else_uses(void **state)
{
    (void)state;
    for (size_t i = 0; hf_panes[i]; i++) {
        if (!hf_panes[i]->digit)
            continue;
        assert_false(has_key(hf_keys_global, NULL, hf_panes[i]->digit));
        for (size_t j = 0; hf_panes[j]; j++) {
            assert_false(has_key(hf_panes[j]->keys, NULL, hf_panes[i]->digit));
            assert_true(i == j || hf_panes[i]->digit != hf_panes[j]->digit);
        }
    }
}

static void
holding_a_run_works_everywhere(void **state)
{
    const struct hf_key_row *r = hf_keys_global;

    (void)state;
    while (r->keys[0] != '!')
        r++;
    assert_true(r->needs & HF_KEY_EVERYWHERE);
    for (size_t i = 0; hf_panes[i]; i++)
        assert_false(has_key(hf_panes[i]->keys, NULL, '!'));
}

static void
verbs_are_explained_and_those_that_write_say_so(void **state)
{
    static const char *const writing[] = {"apply", "rollback", "hold",
                                          "unhold"};
    const struct hf_console_verb *v = hf_console_verbs;

    (void)state;
    for (; v->name; v++) {
        assert_non_null(v->help);
        assert_non_null(v->run);
        for (const struct hf_console_verb *w = hf_console_verbs; w != v; w++) {
            assert_string_not_equal(v->name, w->name);
            assert_true(!v->letter || v->letter != w->letter);
        }
        for (size_t i = 0; i < HF_COUNT(writing); i++) {
            if (strcmp(v->name, writing[i]) == 0)
                assert_true(v->needs & HF_NEED_WRITE);
        }
    }
}

/* ---- completion ---- */

static const char *const no_tags[] = {NULL};
static const struct hf_host hosts[] = {
    {.name = "web-1", .address = "a", .ring = "canary", .tags = no_tags},
    {.name = "web-2", .address = "b", .ring = "broad", .tags = no_tags},
};

static void
expect_completion(const char *text, int verbs, const char *wanted)
{
    struct hf_state states[] = {{.host = &hosts[0]}, {.host = &hosts[1]}};
    struct hf_ui ui = {.view = {.states = states, .n = 2}};
    struct hf_strs got = {0};
    struct hf_buf joined = {0};
    size_t word_len;

    hf_complete(&got, &word_len, &ui, text, verbs);
    for (size_t i = 0; i < got.len; i++)
        hf_buf_printf(&joined, "%s%s", i ? " " : "", got.v[i]);
    assert_string_equal(hf_buf_str(&joined), wanted);
    hf_buf_release(&joined);
    hf_strs_release(&got);
}

static void
completes_verbs_fields_values_and_names(void **state)
{
    (void)state;
    expect_completion("ro", 1, "rollback");
    expect_completion("ro", 0, "role:");
    expect_completion("apply ring:", 1, "ring:canary ring:broad");
    expect_completion("ring:c", 0, "ring:canary");
    expect_completion("held and (patch:be", 0, "patch:behind");
    expect_completion("web", 0, "web-1 web-2");
    expect_completion("nosuch:", 0, "");
}

static void
what_candidates_share_is_filled_in(void **state)
{
    struct hf_strs s = {0};

    (void)state;
    assert_int_equal(hf_complete_common(&s), 0);
    hf_strs_add(&s, "ring:canary");
    assert_int_equal(hf_complete_common(&s), 11);
    hf_strs_add(&s, "ring:broad");
    assert_int_equal(hf_complete_common(&s), 5);
    hf_strs_release(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_does_one_thing_and_is_explained),
        cmocka_unit_test(screens_leave_the_motions_alone),
        cmocka_unit_test(every_screen_has_a_digit_that_nothing_else_uses),
        cmocka_unit_test(holding_a_run_works_everywhere),
        cmocka_unit_test(verbs_are_explained_and_those_that_write_say_so),
        cmocka_unit_test(completes_verbs_fields_values_and_names),
        cmocka_unit_test(what_candidates_share_is_filled_in),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
