/* A plan for people: rings, hosts in order, price, who is left out. */
#include "tui/cli/plan_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/model/restarts.h"
#include "tui/cli/others.h"
#include "tui/cli/table.h"
#include "tui/rows/plan.h"

#define HASH_SHOWN 12
#define NAMES_SHOWN 6 /* of hosts that are left out for one reason */

static void
print_head(const struct hf_plan *plan)
{
    const struct hf_playbook *pb = &plan->playbook;
    struct hf_buf origin = {0};
    char at[HF_TIME_LEN];

    (void)printf("plan %s (%.*s)%s\n", plan->id, HASH_SHOWN, plan->hash,
                 plan->simulated ? ", simulated fleet" : "");
    (void)printf("  %s: %s\n", pb->name, pb->title ? pb->title : pb->name);
    (void)printf("  made %s by %s\n", hf_time_format(at, plan->created),
                 plan->operator_);
    if (plan->change)
        (void)printf("  change %s%s%s\n", plan->change,
                     pb->change.reason ? ": " : "",
                     pb->change.reason ? pb->change.reason : "");
    if (plan->origin.how != HF_PLAN_ALONE) {
        hf_plan_origin_say(&origin, &plan->origin);
        (void)printf("  %s\n", hf_buf_str(&origin));
        hf_buf_release(&origin);
    }
    for (size_t i = 0; plan->releases[i]; i++)
        (void)printf("  %s %s\n", i ? "        " : "releases",
                     plan->releases[i]);
}

static size_t
count_controls(const struct hf_plan *plan, size_t ring)
{
    size_t n = 0;

    for (size_t i = 0; i < plan->controls_len; i++)
        n += plan->controls[i].ring == ring;
    return n;
}

static void
add_gates(struct hf_table *t, const struct hf_playbook *pb,
          const struct hf_playbook_ring *ring)
{
    struct hf_buf names = {0};

    for (size_t i = 0; i < ring->gates_len; i++)
        hf_buf_printf(&names, "%s%s", i ? ", " : "",
                      pb->gates[ring->gates[i]].name);
    hf_table_cell(t, names.len ? hf_buf_str(&names) : NULL);
    hf_buf_release(&names);
}

static void
print_rings(struct hf_cli *cli, const struct hf_plan *plan)
{
    static const char *const heads[] = {"RING", "HOSTS", "BATCHES", "CONTROL",
                                        "SOAK", "GATES", "BEGINS",  NULL};
    struct hf_table *t = hf_table_new(heads);
    const struct hf_playbook *pb = &plan->playbook;
    char span[HF_TIME_LEN];

    for (size_t i = 0; i < pb->rings_len; i++) {
        hf_table_cell(t, pb->rings[i].name);
        hf_table_cellf(t, "%zu", plan->rings[i].len);
        hf_table_cellf(t, "%zu", plan->rings[i].batches);
        hf_table_cellf(t, "%zu", count_controls(plan, i));
        hf_table_cell(t, pb->rings[i].soak
                             ? hf_span_format(span, pb->rings[i].soak)
                             : NULL);
        add_gates(t, pb, &pb->rings[i]);
        hf_table_cell(t, pb->rings[i].approve ? "when approved" : "by itself");
    }
    (void)putchar('\n');
    hf_table_print(t, stdout, cli->columns, cli->ascii);
    hf_table_free(t);
}

static void
print_hosts(struct hf_cli *cli, const struct hf_plan *plan)
{
    static const char *const heads[] = {
        "RING", "BATCH", "HOST", "FROM", "TO", "RESTART", "MIN", "UNDO", NULL};
    struct hf_table *t = hf_table_new(heads);

    for (size_t i = 0; i < plan->hosts_len; i++) {
        const struct hf_plan_host *h = &plan->hosts[i];

        hf_table_cell(t, plan->playbook.rings[h->ring].name);
        hf_table_cellf(t, "%d", h->batch + 1);
        hf_table_cell(t, h->name);
        hf_table_cell(t, h->from);
        hf_table_cell(t, h->to);
        hf_table_cell(t, h->restart_update ? "with update"
                                           : hf_restart_names[h->restart]);
        if (h->minutes)
            hf_table_cellf(t, "%d", h->minutes);
        else
            hf_table_cell(t, "<1");
        hf_table_cell(t, h->undo_restart == HF_RESTART_NO    ? "no restart"
                         : h->undo_restart == HF_RESTART_YES ? "restart"
                                                             : "unknown");
    }
    (void)putchar('\n');
    if (plan->hosts_len)
        hf_table_print(t, stdout, cli->columns, cli->ascii);
    else
        (void)puts("nothing to do on any host");
    hf_table_free(t);
}

/* ---- left out, grouped by the reason ---- */

static int
compare_left_out(const void *a, const void *b)
{
    const struct hf_plan_left_out *x =
        *(const struct hf_plan_left_out *const *)a;
    const struct hf_plan_left_out *y =
        *(const struct hf_plan_left_out *const *)b;
    int order = strcmp(x->why ? x->why : "", y->why ? y->why : "");

    if (!order)
        order = x->outcome - y->outcome;
    return order ? order : strcmp(x->name, y->name);
}

static size_t
print_group(const struct hf_plan_left_out *const *v, size_t n)
{
    const char *why = v[0]->why ? v[0]->why : "";
    size_t len = 1;

    while (len < n && v[len]->outcome == v[0]->outcome &&
           strcmp(v[len]->why ? v[len]->why : "", why) == 0)
        len++;
    (void)printf("  %4zu %s%s%s\n       ", len, hf_outcome_names[v[0]->outcome],
                 *why ? ": " : "", why);
    for (size_t i = 0; i < len && i < NAMES_SHOWN; i++)
        (void)printf("%s%s", i ? ", " : "", v[i]->name);
    if (len > NAMES_SHOWN)
        (void)printf(" and %zu more", len - NAMES_SHOWN);
    (void)putchar('\n');
    return len;
}

void
hf_left_out_print(const char *title, const struct hf_plan_left_out *all,
                  size_t n)
{
    const struct hf_plan_left_out **v;

    if (!n)
        return;
    v = hf_xcalloc(n, sizeof(*v));
    for (size_t i = 0; i < n; i++)
        v[i] = &all[i];
    qsort(v, n, sizeof(*v), compare_left_out);
    (void)printf("\n%s (%zu; --json names all)\n", title, n);
    for (size_t i = 0; i < n;)
        i += print_group(v + i, n - i);
    free(v);
}

static void
print_gaps(const struct hf_plan *plan)
{
    if (!plan->gaps_len)
        return;
    (void)puts("\nlater rings hold what no earlier one tests");
    for (size_t i = 0; i < plan->gaps_len; i++)
        (void)printf("  ring %s: %s %s, %zu host%s\n", plan->gaps[i].ring,
                     plan->gaps[i].what, plan->gaps[i].value,
                     plan->gaps[i].hosts, plan->gaps[i].hosts == 1 ? "" : "s");
}

void
hf_plan_offers_print(const struct hf_plan_offers *all, const char *heading)
{
    if (all->len || all->unknown)
        (void)puts(heading);
    for (size_t i = 0; i < all->len; i++)
        (void)printf("  %-11s %s, %zu host%s\n",
                     all->v[i].along ? "goes along" : "stays", all->v[i].kb,
                     all->v[i].hosts, hf_plural(all->v[i].hosts));
    if (all->unknown)
        (void)printf("  not known on %zu host%s: %s\n", all->unknown,
                     hf_plural(all->unknown), all->why);
}

static void
print_offers(const struct hf_plan *plan)
{
    struct hf_plan_offers all;

    hf_plan_offers(&all, plan);
    if (all.staged)
        (void)printf("downloaded already on %zu host%s\n", all.staged,
                     hf_plural(all.staged));
    hf_plan_offers_print(
        &all, "offered beside the update that restarts, at the last scan");
    free(all.v);
}

static void
print_worst_case(const struct hf_plan *plan, size_t undo)
{
    struct hf_buf text = {0};

    hf_plan_worst(&text, &plan->playbook.undo, undo);
    if (text.len)
        (void)printf("worst case: %s\n", hf_buf_str(&text));
    hf_buf_release(&text);
}

/* In minutes, one host after the other: what windows and batches make of it
 * is not known. */
static void
print_lost(const struct hf_plan *plan)
{
    const struct hf_plan_price *p = &plan->price;
    size_t cves = 0, minutes = 0;
    char span[40] = "under a minute";

    while (p->cves && p->cves[cves])
        cves++;
    for (size_t i = 0; i < plan->hosts_len; i++)
        minutes += plan->hosts[i].minutes;
    if (minutes)
        (void)snprintf(span, sizeof(span), "%zu minute%s", minutes,
                       hf_plural(minutes));
    if (plan->playbook.kind == HF_PLAYBOOK_ROLLBACK)
        (void)printf("protection lost: %zu CVE%s open again, %zu exploited; "
                     "%s in all, one host after the other\n",
                     cves, hf_plural(cves), p->exploited, span);
    for (size_t i = 0; p->notes && p->notes[i]; i++)
        (void)printf("  %s\n", p->notes[i]);
}

static void
print_price(const struct hf_plan *plan, const struct hf_fleet *fleet)
{
    char budget[HF_WHY_LEN];
    size_t restarts = 0, undo = 0, unknown = 0;

    for (size_t i = 0; i < plan->hosts_len; i++) {
        restarts += plan->hosts[i].restart == HF_RESTART_YES;
        unknown += plan->hosts[i].restart == HF_RESTART_UNKNOWN;
        undo += plan->hosts[i].undo_restart == HF_RESTART_YES;
    }
    (void)printf("\nprice: %zu host%s restart%s", restarts,
                 restarts == 1 ? "" : "s", restarts == 1 ? "s" : "");
    if (unknown)
        (void)printf(", of %zu it is not known", unknown);
    if (plan->playbook.kind == HF_PLAYBOOK_ROLLBACK)
        (void)putchar('\n');
    else
        (void)printf("; taking it back would restart %zu\n", undo);
    hf_restarts_say(budget, fleet);
    if (restarts || unknown || undo)
        (void)printf("restart budget of the fleet: %s\n", budget);
    print_offers(plan);
    print_lost(plan);
    print_worst_case(plan, undo);
}

void
hf_plan_print(struct hf_cli *cli, const struct hf_plan *plan)
{
    print_head(plan);
    print_rings(cli, plan);
    print_hosts(cli, plan);
    hf_left_out_print("left out", plan->left_out, plan->left_out_len);
    print_gaps(plan);
    print_price(plan, hf_session_fleet(cli->session));
}

static void
add_restart_budget(cJSON *doc, const struct hf_fleet *fleet)
{
    const struct hf_restart_rule *rule = &fleet->restarts;
    cJSON *out = hf_json_add_obj(doc, "restart_budget");

    if (rule->at_once)
        hf_json_add_int(out, "at_once", rule->at_once);
    if (rule->per_day)
        hf_json_add_int(out, "per_day", rule->per_day);
    hf_json_add_bool(out, "shared", fleet->ledger_remote != NULL);
}

/* Of all hosts that it is about: a plan of today may wait for weeks. */
#define FREEZE_AHEAD (35 * INT64_C(24) * 60 * 60 * 1000)

static const struct hf_state **
frozen_hosts(struct hf_cli *cli, const struct hf_plan *plan, size_t *n)
{
    const struct hf_fleet *fleet = hf_session_fleet(cli->session);
    size_t all = plan->hosts_len + plan->left_out_len;
    const struct hf_state **states = hf_xcalloc(all + 1, sizeof(*states));
    int64_t now = hf_now();

    *n = 0;
    for (size_t i = 0; i < all; i++) {
        const char *name = i < plan->hosts_len
                               ? plan->hosts[i].name
                               : plan->left_out[i - plan->hosts_len].name;

        states[*n] = hf_session_state(cli->session, name);
        *n += states[*n] != NULL;
    }
    *n = hf_cli_frozen(states, fleet->calendar, states, *n, now,
                       now + FREEZE_AHEAD);
    return states;
}

int
hf_plan_report(struct hf_cli *cli, const struct hf_plan *plan, int recorded)
{
    size_t n;
    const struct hf_state **frozen = frozen_hosts(cli, plan, &n);
    int status = HF_EXIT_OK;
    cJSON *doc;

    if (cli->opt[HF_OPT_JSON]) {
        doc = hf_cli_doc(cli, "plan");
        cJSON_AddItemToObject(doc, "plan", hf_plan_to_json(plan));
        hf_json_add_bool(doc, "recorded", recorded);
        add_restart_budget(doc, hf_session_fleet(cli->session));
        hf_cli_add_others(doc, frozen, n);
        status = hf_cli_print_doc(doc, HF_EXIT_OK);
    } else {
        hf_cli_header(cli);
        hf_plan_print(cli, plan);
        hf_cli_print_others(frozen, n, HF_CLI_FREEZE_TITLE);
        if (recorded && plan->origin.how == HF_PLAN_SUPERSEDE)
            (void)printf("run %s ends: superseded\n", plan->origin.run);
        if (recorded && plan->hosts_len)
            (void)printf("carry it out: hotfleet run %s\n", plan->id);
    }
    free(frozen);
    return status;
}
