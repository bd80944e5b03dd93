/* Tables for standard output: widths in columns, cut at the terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tui/cli/table.h"

static const char *const heads[] = {"HOST", "RING", "LEVEL", NULL};

/* What is printed; the caller's. */
static char *
print(const struct hf_table *t, size_t columns, int ascii)
{
    char *text = NULL;
    size_t len;
    FILE *to = open_memstream(&text, &len);

    hf_table_print(t, to, columns, ascii);
    (void)fclose(to);
    return text;
}

static void
gives(const struct hf_table *t, size_t columns, int ascii, const char *want)
{
    char *got = print(t, columns, ascii);

    assert_string_equal(got, want);
    free(got);
}

static void
columns_are_as_wide_as_their_widest_cell(void **state)
{
    struct hf_table *t = hf_table_new(heads);

    (void)state;
    hf_table_cell(t, "web-01");
    hf_table_cell(t, NULL);
    hf_table_cellf(t, "%d.%d", 6, 1);
    gives(t, 0, 0, "HOST    RING  LEVEL\nweb-01  -     6.1\n");
    hf_table_free(t);
}

static void
width_is_counted_in_columns_of_the_terminal(void **state)
{
    struct hf_table *t = hf_table_new(heads);

    (void)state;
    hf_table_cell(t, "\xe4\xb8\xad\xe6\x96\x87"); /* two wide characters */
    hf_table_cell(t, "\xc3\xa4");
    hf_table_cell(t, "x");
    gives(t, 0, 0,
          "HOST  RING  LEVEL\n"
          "\xe4\xb8\xad\xe6\x96\x87  \xc3\xa4     x\n");
    hf_table_free(t);
}

static void
what_the_terminal_cannot_hold_is_cut(void **state)
{
    struct hf_table *t = hf_table_new(heads);

    (void)state;
    hf_table_cell(t, "web-01");
    hf_table_cell(t, "canary");
    hf_table_cell(t, "6.1.0-56-amd64");
    gives(t, 20, 1, "HOST    RING    LEV~\nweb-01  canary  6.1~\n");
    hf_table_free(t);
}

static void
a_table_without_rows_has_its_head(void **state)
{
    struct hf_table *t = hf_table_new(heads);

    (void)state;
    gives(t, 80, 0, "HOST  RING  LEVEL\n");
    hf_table_free(t);
}

static void
heads_of_csv_are_names_for_programs(void **state)
{
    static const char *const spoken[] = {"TAKEN BACK", "at", NULL};
    struct hf_table *t = hf_table_new(spoken);
    char text[64] = "";
    FILE *to = fmemopen(text, sizeof(text), "w");

    (void)state;
    hf_table_print_csv(t, to);
    (void)fclose(to);
    assert_string_equal(text, "taken_back,at\n");
    hf_table_free(t);
}

static void
cells_of_csv_are_quoted_and_never_formulas(void **state)
{
    struct hf_table *t = hf_table_new(heads);
    char text[256] = "";
    FILE *to = fmemopen(text, sizeof(text), "w");

    (void)state;
    hf_table_cell(t, "web-01");
    hf_table_cell(t, NULL);
    hf_table_cell(t, "=1+1, \"x\"");
    hf_table_print_csv(t, to);
    (void)fclose(to);
    assert_string_equal(text, "host,ring,level\n"
                              "web-01,,\"'=1+1, \"\"x\"\"\"\n");
    hf_table_free(t);
}

static void
alarms_are_red_where_colours_are_allowed(void **state)
{
    struct hf_table *t = hf_table_new(heads);

    (void)state;
    for (int row = 0; row < 3; row++) {
        if (row)
            hf_table_alarm(t, row == 1);
        for (int i = 0; i < 3; i++)
            hf_table_cell(t, "x");
    }
    gives(t, 0, 0,
          "HOST  RING  LEVEL\n"
          "x     x     x\n"
          "\033[1;31mx     x     x\n\033[0m"
          "x     x     x\n");
    hf_table_free(t);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_as_wide_as_their_widest_cell),
        cmocka_unit_test(width_is_counted_in_columns_of_the_terminal),
        cmocka_unit_test(what_the_terminal_cannot_hold_is_cut),
        cmocka_unit_test(a_table_without_rows_has_its_head),
        cmocka_unit_test(heads_of_csv_are_names_for_programs),
        cmocka_unit_test(cells_of_csv_are_quoted_and_never_formulas),
        cmocka_unit_test(alarms_are_red_where_colours_are_allowed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
