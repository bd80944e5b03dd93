/* Cursor and window of a list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tui/term/key.h"
#include "tui/term/list.h"

static void
expect(const struct hf_list *l, size_t cursor, size_t top)
{
    assert_int_equal(l->cursor, cursor);
    assert_int_equal(l->top, top);
}

static void
the_cursor_stays_in_view(void **state)
{
    struct hf_list l = {0};

    (void)state;
    hf_list_fit(&l, 100, 10);
    hf_list_move(&l, 12);
    expect(&l, 12, 3);
    hf_list_move(&l, -11);
    expect(&l, 1, 1);
    hf_list_to(&l, 99);
    expect(&l, 99, 90);
    hf_list_to(&l, 1000);
    expect(&l, 99, 90);
}

static void
keys_go_by_rows_pages_and_ends(void **state)
{
    struct hf_list l = {0};

    (void)state;
    hf_list_fit(&l, 100, 10);
    assert_true(hf_list_key(&l, 'G'));
    expect(&l, 99, 90);
    assert_true(hf_list_key(&l, HF_KEY_PGUP));
    expect(&l, 89, 89);
    assert_true(hf_list_key(&l, HF_KEY_CTRL('d')));
    expect(&l, 94, 89);
    assert_true(hf_list_key(&l, 'g'));
    expect(&l, 0, 0);
    assert_true(hf_list_key(&l, 'k'));
    expect(&l, 0, 0);
    assert_false(hf_list_key(&l, 'x'));
    assert_false(hf_list_key(&l, 0));
}

static void
an_empty_list_has_nowhere_to_go(void **state)
{
    struct hf_list l = {0};

    (void)state;
    hf_list_fit(&l, 0, 0);
    for (const struct hf_motion *m = hf_motions; m->help; m++)
        assert_true(hf_list_key(&l, m->keys[0]));
    expect(&l, 0, 0);
}

static void
a_smaller_screen_and_fewer_rows_keep_the_cursor_in_bounds(void **state)
{
    struct hf_list l = {0};

    (void)state;
    hf_list_fit(&l, 100, 40);
    hf_list_to(&l, 99);
    hf_list_fit(&l, 100, 1);
    expect(&l, 99, 99);
    hf_list_fit(&l, 5, 40);
    expect(&l, 4, 0);
}

static void
a_page_without_cursor_scrolls_as_a_whole(void **state)
{
    struct hf_list l = {.scrolls = 1};

    (void)state;
    hf_list_fit(&l, 30, 10);
    assert_true(hf_list_key(&l, 'j'));
    assert_int_equal(l.top, 1);
    assert_true(hf_list_key(&l, 'G'));
    assert_int_equal(l.top, 20);
    assert_true(hf_list_key(&l, HF_KEY_HOME));
    assert_int_equal(l.top, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cursor_stays_in_view),
        cmocka_unit_test(keys_go_by_rows_pages_and_ends),
        cmocka_unit_test(an_empty_list_has_nowhere_to_go),
        cmocka_unit_test(
            a_smaller_screen_and_fewer_rows_keep_the_cursor_in_bounds),
        cmocka_unit_test(a_page_without_cursor_scrolls_as_a_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
