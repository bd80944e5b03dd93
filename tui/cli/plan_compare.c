/* In what two plans differ, for people and as JSON. */
#include "tui/cli/plan_compare.h"

#include <stdio.h>

#include "backend/base/text.h"
#include "playbooks/plan.h"
#include "tui/cli/table.h"

#define CELL 80 /* bytes of a value; --json has all of it */

/* What a plan costs, in numbers. */
struct totals {
    size_t hosts, left_out, restarts, undo_restarts;
};

static struct totals
totals_of(const struct hf_plan *plan)
{
    struct totals t = {plan->hosts_len, plan->left_out_len, 0, 0};

    for (size_t i = 0; i < plan->hosts_len; i++) {
        t.restarts += plan->hosts[i].restart == HF_RESTART_YES;
        t.undo_restarts += plan->hosts[i].undo_restart == HF_RESTART_YES;
    }
    return t;
}

/* ---- JSON ---- */

static void
add_plan(cJSON *doc, const char *key, const struct hf_plan *plan, int recorded)
{
    struct totals t = totals_of(plan);
    cJSON *one = hf_json_add_obj(doc, key);

    hf_json_add_str(one, "id", plan->id);
    hf_json_add_str(one, "hash", plan->hash);
    hf_json_add_bool(one, "recorded", recorded);
    hf_json_add_int(one, "hosts", (int64_t)t.hosts);
    hf_json_add_int(one, "left_out", (int64_t)t.left_out);
    hf_json_add_int(one, "restarts", (int64_t)t.restarts);
    hf_json_add_int(one, "undo_restarts", (int64_t)t.undo_restarts);
}

static int
print_json(struct hf_cli *cli, const struct hf_plan *old,
           const struct hf_plan *now, const struct hf_plan_changes *all)
{
    cJSON *doc = hf_cli_doc(cli, "plan-changes"), *list, *one;

    add_plan(doc, "was", old, 1);
    add_plan(doc, "is", now, cli->argc > 1);
    list = hf_json_add_arr(doc, "changes");
    for (size_t i = 0; i < all->len; i++) {
        const struct hf_plan_change *c = &all->v[i];
        const struct hf_plan_change_row *row = &hf_plan_change_rows[c->kind];

        one = cJSON_CreateObject();
        hf_json_add_str(one, "kind", row->name);
        hf_json_add_str(one, "what", c->what);
        if (c->was)
            hf_json_add_str(one, "was", c->was);
        if (c->is)
            hf_json_add_str(one, "is", c->is);
        hf_json_add_bool(one, "stale",
                         (row->flags & HF_PLAN_CHANGE_STALE) != 0);
        cJSON_AddItemToArray(list, one);
    }
    return hf_cli_print_doc(doc, HF_EXIT_OK);
}

/* ---- for people ---- */

static void
print_totals(struct hf_cli *cli, const struct hf_plan *old,
             const struct hf_plan *now)
{
    static const char *const heads[] = {
        "PLAN", "HOSTS", "LEFT OUT", "RESTARTS", "RESTARTS TO TAKE IT BACK",
        NULL};
    const struct hf_plan *const plans[] = {old, now};
    struct hf_table *t = hf_table_new(heads);

    for (size_t i = 0; i < 2; i++) {
        struct totals n = totals_of(plans[i]);

        hf_table_cell(t, i && cli->argc < 2 ? "now" : plans[i]->id);
        hf_table_cellf(t, "%zu", n.hosts);
        hf_table_cellf(t, "%zu", n.left_out);
        hf_table_cellf(t, "%zu", n.restarts);
        hf_table_cellf(t, "%zu", n.undo_restarts);
    }
    hf_table_print(t, stdout, cli->columns, cli->ascii);
    hf_table_free(t);
}

static void
cell(struct hf_table *t, const char *text)
{
    char cut[CELL] = "";

    if (text)
        hf_text_cut(cut, sizeof(cut), text);
    hf_table_cell(t, text ? cut : NULL);
}

static void
print_changes(struct hf_cli *cli, const struct hf_plan_changes *all)
{
    static const char *const heads[] = {"CHANGE", "WHAT", "WAS", "IS", NULL};
    struct hf_table *t = hf_table_new(heads);

    for (int kind = 0; kind < HF_PLAN_CHANGE_COUNT; kind++) {
        for (size_t i = 0; i < all->len; i++) {
            const struct hf_plan_change *c = &all->v[i];

            if ((int)c->kind != kind)
                continue;
            hf_table_cell(t, hf_plan_change_rows[kind].name);
            cell(t, c->what);
            cell(t, c->was);
            cell(t, c->is);
        }
    }
    (void)putchar('\n');
    if (all->len)
        hf_table_print(t, stdout, cli->columns, cli->ascii);
    else
        (void)puts("they do not differ");
    hf_table_free(t);
}

/* ---- which two ---- */

static int
find_other(struct hf_plan **out, struct hf_cli *cli, const struct hf_plan *old,
           struct hf_err *err)
{
    if (cli->argc > 1)
        return hf_plan_find_recorded(out, cli->session, cli->argv[1], err);
    return hf_plan_now(out, cli->session, old, &cli->problems, err);
}

int
hf_plan_compare_report(struct hf_cli *cli)
{
    struct hf_plan *old = NULL, *now = NULL;
    struct hf_plan_changes all = {0};
    struct hf_err err = HF_ERR_INIT;
    int status = HF_EXIT_OK;

    if (hf_plan_find_recorded(&old, cli->session, cli->argv[0], &err) < 0 ||
        find_other(&now, cli, old, &err) < 0) {
        hf_cli_problems(cli);
        status = hf_cli_fail(cli, &err);
        goto out;
    }
    hf_plan_compare(&all, old, now);
    if (cli->opt[HF_OPT_JSON]) {
        status = print_json(cli, old, now, &all);
        goto out;
    }
    print_totals(cli, old, now);
    print_changes(cli, &all);
out:
    hf_plan_changes_release(&all);
    hf_plan_free(old);
    hf_plan_free(now);
    return status;
}
