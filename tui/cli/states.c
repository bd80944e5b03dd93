/* Hosts as a table or as JSON; see states.h. */
#include "tui/cli/states.h"

#include <stdio.h>
#include <string.h>

#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tui/cli/table.h"
#include "tui/rows/eligibility.h"
#include "tui/rows/words.h"

static const char *const heads[] = {"HOST",  "RING",   "COVERAGE",
                                    "PATCH", "REBOOT", "FLAGS",
                                    "FACTS", "LEVEL",  NULL};

void
hf_states_flags(struct hf_buf *out, unsigned flags)
{
    for (int i = 0; i < HF_FLAG_COUNT; i++) {
        if (flags & (1u << i))
            hf_buf_printf(out, "%s%s", out->len ? " " : "", hf_flag_names[i]);
    }
}

static void
add_row(struct hf_table *t, const struct hf_state *st, int64_t now)
{
    const struct hf_standing *s = &st->status;
    struct hf_buf flags = {0};
    char age[HF_TIME_LEN];

    hf_states_flags(&flags, s->flags);
    hf_table_cell(t, st->host->name);
    hf_table_cell(t, st->host->ring);
    hf_table_cell(t, hf_coverage_names[s->coverage]);
    hf_table_cell(t, hf_patch_names[s->patch]);
    hf_table_cell(t, hf_reboot_names[s->reboot]);
    hf_table_cell(t, hf_buf_str(&flags));
    hf_table_cell(t, hf_age_format(age, now, s->seen));
    hf_table_cell(t, s->level);
    hf_buf_release(&flags);
}

static void
print_counts(const struct hf_state *const *states, size_t n)
{
    size_t by[HF_PATCH_COUNT] = {0};
    const char *sep = "";

    for (size_t i = 0; i < n; i++)
        by[states[i]->status.patch]++;
    (void)printf("\n%zu host%s: ", n, hf_plural(n));
    for (size_t i = 0; i < HF_PATCH_COUNT; i++) {
        if (!by[i])
            continue;
        (void)printf("%s%zu %s", sep, by[i], hf_patch_names[i]);
        sep = ", ";
    }
    (void)puts("");
}

/* The last contact, where it did not go well. */
static void
print_contacts(const struct hf_cli *cli, const struct hf_state *const *states,
               size_t n)
{
    static const char *const contact_heads[] = {"NOT REACHED", "OUTCOME", "WHY",
                                                NULL};
    struct hf_table *t = hf_table_new(contact_heads);
    size_t rows = 0;

    for (size_t i = 0; i < n; i++) {
        const struct hf_state *st = states[i];

        if (!st->net[0] || strcmp(st->net, "done") == 0)
            continue;
        hf_table_cell(t, st->host->name);
        hf_table_cell(t, hf_outcome_names[hf_contact_outcome(st->net)]);
        hf_table_cell(t, hf_state_record(st)->net_why);
        rows++;
    }
    if (rows) {
        (void)puts("");
        hf_table_print(t, stdout, cli->columns, cli->ascii);
    }
    hf_table_free(t);
}

/* Those that restarted by themselves: when, and who did it. */
static void
print_restarted(const struct hf_cli *cli, const struct hf_state *const *states,
                size_t n)
{
    static const char *const restarted_heads[] = {"RESTARTED", "WHY", NULL};
    struct hf_table *t = hf_table_new(restarted_heads);
    size_t rows = 0;

    for (size_t i = 0; i < n; i++) {
        if (!(states[i]->status.flags & HF_FLAG_RESTARTED))
            continue;
        hf_table_cell(t, states[i]->host->name);
        hf_table_cell(t, states[i]->status.restarted_why);
        rows++;
    }
    if (rows) {
        (void)puts("");
        hf_table_print(t, stdout, cli->columns, cli->ascii);
    }
    hf_table_free(t);
}

void
hf_states_print_table(struct hf_cli *cli, const struct hf_state *const *states,
                      size_t n)
{
    struct hf_table *t = hf_table_new(heads);
    int64_t now = hf_now();

    hf_cli_header(cli);
    for (size_t i = 0; i < n; i++)
        add_row(t, states[i], now);
    hf_table_print(t, stdout, cli->columns, cli->ascii);
    hf_table_free(t);
    print_contacts(cli, states, n);
    print_restarted(cli, states, n);
    print_counts(states, n);
}

void
hf_states_print_checks(struct hf_cli *cli, const struct hf_state *const *states,
                       size_t n)
{
    static const char *const check_heads[] = {"NOT PASSED", "BLOCK", "UNKNOWN",
                                              "WARN",       "CHECK", NULL};
    struct hf_eligibility e = {.by = HF_BY_NOTHING};
    struct hf_table *t = hf_table_new(check_heads);
    struct hf_eligibility_row row;
    size_t rows = 0;

    hf_eligibility_make_of(&e, hf_session_fleet(cli->session), states, n);
    for (size_t i = 0; hf_eligibility_row(&row, &e, i) == 0; i++) {
        if (!row.check)
            continue;
        hf_table_cell(t, row.check->name);
        for (int v = 0; hf_verdict_columns[v] != HF_VERDICT_PASS; v++)
            hf_table_cellf(t, "%zu", row.check->by[hf_verdict_columns[v]]);
        hf_table_cell(t, row.check->title);
        rows++;
    }
    if (rows) {
        (void)puts("");
        hf_table_print(t, stdout, cli->columns, cli->ascii);
        (void)puts("\nits hosts: hotfleet hosts check:NAME, or "
                   "check.NAME:block");
    }
    hf_table_free(t);
    hf_eligibility_release(&e);
}

/* One host at a time: with all facts and checks they are large. */
static cJSON *
state_row(void *ctx, size_t i)
{
    const struct hf_state *const *states = ctx;
    cJSON *row = hf_cli_state_json(states[i], 1);

    hf_state_fold(states[i]);
    return row;
}

int
hf_states_print_json(struct hf_cli *cli, const char *verb,
                     const struct hf_state *const *states, size_t n, int status)
{
    cJSON *doc = hf_cli_doc(cli, verb);

    (void)hf_json_add_arr(doc, "hosts");
    hf_json_add_int(doc, "exit", status);
    hf_json_print_rows(stdout, doc, "hosts", n, state_row, (void *)states);
    cJSON_Delete(doc);
    return status;
}
