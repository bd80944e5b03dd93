/* A line of typed text, and the names of keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "backend/base/mem.h"
#include "tui/term/input.h"

static void
press(struct hf_input *in, int code)
{
    struct hf_key key = {.code = code};

    assert_true(hf_input_key(in, &key));
}

static void
type(struct hf_input *in, const char *text)
{
    while (*text)
        press(in, *text++);
}

static void
expect(const struct hf_input *in, const char *text, size_t at)
{
    assert_string_equal(hf_buf_str(&in->text), text);
    assert_int_equal(in->at, at);
}

static void
letters_go_in_at_the_cursor(void **state)
{
    struct hf_input in = {0};

    (void)state;
    type(&in, "web");
    press(&in, HF_KEY_HOME);
    type(&in, "my ");
    expect(&in, "my web", 3);
    press(&in, HF_KEY_END);
    press(&in, 0xe9);   /* é */
    press(&in, 0x4e16); /* 世 */
    expect(&in, "my web\xc3\xa9\xe4\xb8\x96", 11);
    press(&in, HF_KEY_LEFT);
    press(&in, HF_KEY_LEFT);
    press(&in, HF_KEY_DELETE);
    expect(&in, "my web\xe4\xb8\x96", 6);
    hf_input_release(&in);
}

static void
cuts_words_and_halves(void **state)
{
    struct hf_input in = {0};

    (void)state;
    type(&in, "ring:canary and  held");
    press(&in, HF_KEY_CTRL('w'));
    expect(&in, "ring:canary and  ", 17);
    press(&in, HF_KEY_CTRL('w'));
    expect(&in, "ring:canary ", 12);
    press(&in, HF_KEY_BACKSPACE);
    press(&in, HF_KEY_CTRL('a'));
    press(&in, HF_KEY_RIGHT);
    press(&in, HF_KEY_CTRL('k'));
    expect(&in, "r", 1);
    press(&in, HF_KEY_CTRL('u'));
    press(&in, HF_KEY_BACKSPACE);
    press(&in, HF_KEY_DELETE);
    expect(&in, "", 0);
    hf_input_release(&in);
}

static void
pasted_text_is_text_even_with_control_characters_spelled_out(void **state)
{
    struct hf_key paste = {.code = HF_KEY_PASTE, .text = "a\\x1b[2J b"};
    struct hf_input in = {0};

    (void)state;
    assert_true(hf_input_key(&in, &paste));
    expect(&in, "a\\x1b[2J b", 10);
    hf_input_release(&in);
}

static void
control_keys_are_not_text(void **state)
{
    static const int codes[] = {0,      1,      0x1b,        0x7f,        0x85,
                                0x200b, 0x202e, HF_KEY_F(1), HF_KEY_OTHER};

    (void)state;
    for (size_t i = 0; i < HF_COUNT(codes); i++)
        assert_false(hf_key_is_text(codes[i]));
    assert_true(hf_key_is_text('a'));
    assert_true(hf_key_is_text(0x4e16));
}

static void
too_long_a_text_is_not_taken(void **state)
{
    struct hf_input in = {0};

    (void)state;
    for (int i = 0; i < HF_INPUT_MAX + 50; i++)
        press(&in, 'x');
    assert_int_equal(in.text.len, HF_INPUT_MAX);
    hf_input_release(&in);
}

static void
history_gives_back_former_lines_and_then_ones_own(void **state)
{
    struct hf_input in = {0};

    (void)state;
    hf_input_set(&in, "first");
    hf_input_remember(&in);
    hf_input_remember(&in); /* the same is kept once */
    hf_input_set(&in, "second");
    hf_input_remember(&in);
    hf_input_set(&in, "ow");
    type(&in, "n");
    press(&in, HF_KEY_UP);
    expect(&in, "second", 6);
    press(&in, HF_KEY_UP);
    expect(&in, "first", 5);
    press(&in, HF_KEY_UP);
    expect(&in, "first", 5);
    press(&in, HF_KEY_DOWN);
    press(&in, HF_KEY_DOWN);
    expect(&in, "own", 3);
    press(&in, HF_KEY_DOWN);
    expect(&in, "own", 3);
    hf_input_release(&in);
}

static void
the_part_around_the_cursor_is_in_view(void **state)
{
    struct hf_input in = {0};
    size_t cursor;

    (void)state;
    type(&in, "abcdefghij");
    assert_string_equal(hf_input_view(&in, 5, &cursor), "ghij");
    assert_int_equal(cursor, 4);
    press(&in, HF_KEY_HOME);
    assert_string_equal(hf_input_view(&in, 5, &cursor), "abcdefghij");
    assert_int_equal(cursor, 0);
    press(&in, HF_KEY_END);
    assert_string_equal(hf_input_view(&in, 0, &cursor), "");
    hf_input_release(&in);
}

static void
keys_have_names(void **state)
{
    (void)state;
    assert_string_equal(hf_key_name('j'), "j");
    assert_string_equal(hf_key_name(HF_KEY_CTRL('l')), "^L");
    assert_string_equal(hf_key_name(HF_KEY_F(10)), "F10");
    assert_string_equal(hf_key_name(HF_KEY_SPACE), "Space");
    assert_string_equal(hf_key_name(HF_KEY_BACKTAB), "S-Tab");
    assert_string_equal(hf_key_name(HF_KEY_OTHER), "?");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_go_in_at_the_cursor),
        cmocka_unit_test(cuts_words_and_halves),
        cmocka_unit_test(
            pasted_text_is_text_even_with_control_characters_spelled_out),
        cmocka_unit_test(control_keys_are_not_text),
        cmocka_unit_test(too_long_a_text_is_not_taken),
        cmocka_unit_test(history_gives_back_former_lines_and_then_ones_own),
        cmocka_unit_test(the_part_around_the_cursor_is_in_view),
        cmocka_unit_test(keys_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
