/* Help made from the tables; see help.h. */
#include "tui/cli/help.h"

#include <string.h>

#include "backend/base/mem.h"

enum { HELP_COLUMNS = 79, OPTION_COLUMNS = 29, TERM_COLUMNS = 31 };

static const struct {
    const char *name, *title;
} groups[] = {
    {"look", "look"},
    {"act", "act"},
    {"keep", "keep"},
    {"learn", "learn"},
};

static void
print_group(FILE *to, const char *group)
{
    for (size_t i = 0; hf_verbs[i]; i++) {
        const struct hf_verb *v = hf_verbs[i];

        if (strcmp(v->group, group) == 0 && !(v->flags & HF_VERB_HIDDEN))
            (void)fprintf(to, "  %-18s  %s\n", v->name, v->summary);
    }
}

int
hf_help_overview(FILE *to)
{
    (void)fputs("hotfleet: patch servers without restarting them\n\n"
                "usage: hotfleet [-C DIR]              open the console\n"
                "       hotfleet VERB [options] ...    see: hotfleet VERB "
                "--help\n",
                to);
    for (size_t i = 0; i < HF_COUNT(groups); i++) {
        (void)fprintf(to, "\n%s\n", groups[i].title);
        print_group(to, groups[i].name);
    }
    (void)fputs("\nmore: hotfleet help selectors|exit-codes|keys\n", to);
    return HF_EXIT_OK;
}

int
hf_help_family(FILE *to, const char *word)
{
    size_t len = strlen(word);
    int n = 0;

    for (size_t i = 0; hf_verbs[i]; i++) {
        const struct hf_verb *v = hf_verbs[i];

        if (strncmp(v->name, word, len) != 0 || v->name[len] != ' ')
            continue;
        if (!n++)
            (void)fprintf(to, "usage: hotfleet %s VERB [options] ...\n\n",
                          word);
        (void)fprintf(to, "  %-18s  %s\n", v->name, v->summary);
    }
    return n;
}

/* Prose is filled here, so that no edit of it needs new breaks: from `column`
 * on, further lines after `indent` blanks. */
static void
fill(FILE *to, const char *text, size_t column, size_t indent)
{
    size_t start = column;

    for (size_t n; *(text += strspn(text, " \n")); text += n) {
        n = strcspn(text, " \n");
        if (column > start && column + 1 + n > HELP_COLUMNS) {
            (void)fprintf(to, "\n%*s", (int)indent, "");
            start = column = indent;
        }
        (void)fprintf(to, "%s%.*s", column > start ? " " : "", (int)n, text);
        column += n + (column > start);
    }
    (void)fputc('\n', to);
}

static void
print_option(FILE *to, const struct hf_opt_row *o, const char *help)
{
    char left[64];
    int n;

    (void)snprintf(left, sizeof(left), "%s%c%s --%s%s%s", o->letter ? "-" : " ",
                   o->letter ? o->letter : ' ', o->letter ? "," : " ", o->name,
                   o->arg ? " " : "", o->arg ? o->arg : "");
    n = fprintf(to, "  %-26s ", left);
    fill(to, help, n > 0 ? (size_t)n : 0, OPTION_COLUMNS);
}

int
hf_help_verb(FILE *to, const struct hf_verb *v)
{
    (void)fprintf(to, "hotfleet %s: %s\n\nusage: hotfleet %s [options]%s%s\n",
                  v->name, v->summary, v->name, v->args[0] ? " " : "", v->args);
    if (v->help) {
        (void)fputc('\n', to);
        fill(to, v->help, 0, 0);
    }
    (void)fputs("\noptions\n", to);
    for (int i = 0; i < HF_OPT_COUNT; i++) {
        if (hf_verb_takes(v, (enum hf_opt)i))
            print_option(to, &hf_opt_rows[i],
                         i == HF_OPT_AGAIN ? v->again : hf_opt_rows[i].help);
    }
    (void)fprintf(to, "\nexamples\n%s", v->examples);
    return HF_EXIT_OK;
}

/* ---- hotfleet help ---- */

static int
help_selectors(const struct hf_cli *cli, FILE *to)
{
    (void)cli;
    (void)fputs(
        "A selector chooses hosts. Terms stand side by side (\"and\"), or are\n"
        "joined by and, or, not and parentheses; not binds closest, then and,\n"
        "then or. A bare word is a name (globs work: web-0*) or a flag.\n\n",
        to);
    for (const struct hf_selector_field *f = hf_selector_fields; f->name; f++) {
        int n = fprintf(to, "  %-28s ", f->example ? f->example : f->name);

        fill(to, f->help, n > 0 ? (size_t)n : 0, TERM_COLUMNS);
    }
    return HF_EXIT_OK;
}

static int
help_exit_codes(const struct hf_cli *cli, FILE *to)
{
    (void)cli;
    for (const struct hf_exit_row *r = hf_exit_rows; r->meaning; r++)
        (void)fprintf(to, "%5d  %s\n", r->status, r->meaning);
    return HF_EXIT_OK;
}

static int
help_keys(const struct hf_cli *cli, FILE *to)
{
    return cli->console->keys(to);
}

static const struct {
    const char *name;
    int (*print)(const struct hf_cli *cli, FILE *to);
} topics[] = {
    {"selectors", help_selectors},
    {"exit-codes", help_exit_codes},
    {"keys", help_keys},
};

/* The verb that these words name, be they one argument or two. */
static const struct hf_verb *
find_verb(const struct hf_cli *cli)
{
    int words;

    for (size_t i = 0; hf_verbs[i]; i++) {
        if (strcmp(hf_verbs[i]->name, cli->argv[0]) == 0)
            return hf_verbs[i];
    }
    return hf_verb_find(cli->argc, cli->argv, &words);
}

static int
run_help(struct hf_cli *cli)
{
    const struct hf_verb *verb;
    struct hf_err err = HF_ERR_INIT;

    if (!cli->argc)
        return hf_help_overview(stdout);
    for (size_t i = 0; i < HF_COUNT(topics); i++) {
        if (strcmp(topics[i].name, cli->argv[0]) == 0)
            return topics[i].print(cli, stdout);
    }
    if ((verb = find_verb(cli)))
        return hf_help_verb(stdout, verb);
    if (hf_help_family(stdout, cli->argv[0]))
        return HF_EXIT_OK;
    (void)hf_fail(&err, HF_EUSAGE, "no help on '%s'", cli->argv[0]);
    (void)hf_hint(&err, "topics: selectors, exit-codes, keys, and every verb");
    return hf_cli_fail(cli, &err);
}

const struct hf_verb hf_verb_help = {
    .name = "help",
    .group = "learn",
    .args = "[VERB|selectors|exit-codes|keys]",
    .summary = "help on a verb or a topic",
    .examples = "  hotfleet help apply\n  hotfleet help selectors\n",
    .max_args = 2,
    .run = run_help,
};
