/* The console's key tables as text; see keys.h. */
#include "tui/keys.h"

#include <string.h>

#include "backend/base/mem.h"
#include "tui/cli/verb.h"
#include "tui/panes/verbs.h"

#define COLUMN 21 /* where the words begin */

static void
print_row(FILE *to, const int *codes, size_t n, const char *help)
{
    struct hf_buf names = {0};

    for (size_t i = 0; i < n && codes[i]; i++)
        hf_buf_printf(&names, "%s%s", i ? " " : "", hf_key_name(codes[i]));
    (void)fprintf(to, "  %-*s %s\n", COLUMN, hf_buf_str(&names), help);
    hf_buf_release(&names);
}

static void
print_table(FILE *to, const char *title, const struct hf_key_row *rows)
{
    if (!rows || !rows->help)
        return;
    (void)fprintf(to, "\n%s\n", title);
    for (; rows->help; rows++)
        print_row(to, rows->keys, HF_COUNT(rows->keys), rows->help);
}

int
hf_keys_print(FILE *to)
{
    (void)fputs("Keys of the console. On any screen ? searches in them.\n\n"
                "lists and pages\n",
                to);
    for (const struct hf_motion *m = hf_motions; m->help; m++)
        print_row(to, m->keys, HF_COUNT(m->keys), m->help);
    (void)fputs("\nscreens\n", to);
    for (size_t i = 0; hf_panes[i]; i++) {
        if (hf_panes[i]->digit)
            (void)fprintf(to, "  %c%*s %s: %s\n", hf_panes[i]->digit,
                          COLUMN - 1, "", hf_panes[i]->title,
                          hf_panes[i]->help);
    }
    print_table(to, "every screen", hf_keys_global);
    for (size_t i = 0; hf_panes[i]; i++)
        print_table(to, hf_panes[i]->title, hf_panes[i]->keys);
    (void)fputs("\nafter a colon\n", to);
    for (const struct hf_console_verb *v = hf_console_verbs; v->name; v++)
        (void)fprintf(to, "  :%s %-*s %s\n", v->name,
                      (int)(COLUMN - 2 - strlen(v->name)), v->args, v->help);
    return HF_EXIT_OK;
}
