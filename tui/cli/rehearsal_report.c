/* What a rehearsal showed: when each ring ends, what stops it, what is left of
 * the budgets, what restarts. */
#include <stdio.h>
#include <stdlib.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tui/cli/rehearsal.h"
#include "tui/cli/rollout_report.h"
#include "tui/cli/table.h"

#define SHOWN 20 /* hosts of a kind, in text */

/* ---- while it goes ---- */

static int
is_note(enum hf_rollout_kind kind)
{
    return kind == HF_ROLLOUT_GATE_FAILED || kind == HF_ROLLOUT_HALTED ||
           kind == HF_ROLLOUT_PAUSED || kind == HF_ROLLOUT_ABORTED ||
           kind == HF_ROLLOUT_APPROVED || kind == HF_ROLLOUT_SIGNED_OFF;
}

void
hf_rehearsal_told(struct hf_rehearsal *r, struct hf_rehearsal_story *s,
                  const struct hf_rollout_event *e)
{
    struct hf_rehearsal_ring *ring = e->ring >= 0 ? &s->rings[e->ring] : NULL;

    if (is_note(e->kind)) {
        struct hf_rehearsal_note *n = HF_PUSH(&s->notes, &s->len, &s->cap);

        *n = (struct hf_rehearsal_note){
            .kind = e->kind, .at = e->at, .ring = e->ring, .gate = e->gate};
        hf_say(n->why, sizeof(n->why), "%s", e->why);
    } else if (e->kind == HF_ROLLOUT_RING_BEGAN) {
        ring->began = e->at;
    } else if (e->kind == HF_ROLLOUT_SOAK_BEGAN) {
        ring->soak = e->at;
    } else if (e->kind == HF_ROLLOUT_RING_ENDED) {
        ring->ended = e->at;
    } else if (e->kind == HF_ROLLOUT_SAMPLE_ENDED) {
        ring->samples[e->sample]++;
    } else if (e->kind == HF_ROLLOUT_HOST_ENDED ||
               e->kind == HF_ROLLOUT_HOST_LEFT_OUT) {
        hf_say(r->copies[e->host].why, HF_WHY_LEN, "%s", e->why);
    }
}

/* ---- what the simulation knows ---- */

static unsigned
restarts_of(const struct hf_rehearsal *r, size_t copy)
{
    struct hf_sim_truth truth;

    hf_sim_look(r->sim, copy, &truth);
    return truth.restarts;
}

static int
is_as_wanted(const struct hf_slot *slot)
{
    return slot->state == HF_SLOT_ENDED &&
           (slot->outcome == HF_OUTCOME_VERIFIED ||
            slot->outcome == HF_OUTCOME_CHECKED);
}

/* ---- JSON ---- */

static void
add_time(cJSON *doc, const char *key, int64_t at)
{
    if (at)
        hf_json_add_time(doc, key, at);
}

static cJSON *
ring_json(const struct hf_plan *plan, const struct hf_rollout *rollout,
          size_t ring, const struct hf_rehearsal_ring *of)
{
    cJSON *doc = cJSON_CreateObject(), *samples;
    struct hf_rollout_counts n;

    hf_rollout_counts(rollout, (int)ring, &n);
    hf_json_add_str(doc, "name", plan->playbook.rings[ring].name);
    add_time(doc, "began", of->began);
    add_time(doc, "soak", of->soak);
    add_time(doc, "ended", of->ended);
    cJSON_AddItemToObject(doc, "counts", hf_rollout_counts_json(&n));
    samples = hf_json_add_obj(doc, "samples");
    for (int i = 0; i < HF_SAMPLE_COUNT; i++)
        hf_json_add_int(samples, hf_sample_names[i], (int64_t)of->samples[i]);
    return doc;
}

static cJSON *
note_json(const struct hf_plan *plan, const struct hf_rehearsal_note *n)
{
    cJSON *doc = cJSON_CreateObject();

    hf_json_add_time(doc, "at", n->at);
    hf_json_add_str(doc, "what", hf_rollout_kind_names[n->kind]);
    if (n->ring >= 0)
        hf_json_add_str(doc, "ring", plan->playbook.rings[n->ring].name);
    if (n->gate >= 0)
        hf_json_add_str(doc, "gate", plan->playbook.gates[n->gate].name);
    hf_json_add_str(doc, "why", n->why);
    return doc;
}

/* Where the run stands; a scope without a bound is not in it. */
static void
add_budgets(cJSON *doc, const struct hf_rollout *r, int ring)
{
    cJSON *list = hf_json_add_arr(doc, "budgets"), *one;
    int spent, allowed;

    for (int i = 0; i < HF_BUDGET_KIND_COUNT; i++) {
        hf_rollout_budget(r, ring, (enum hf_budget_kind)i, HF_SCOPE_RUN, &spent,
                          &allowed);
        if (allowed == HF_BUDGET_OPEN)
            continue;
        one = cJSON_CreateObject();
        hf_json_add_str(one, "kind", hf_budget_names[i]);
        hf_json_add_int(one, "spent", spent);
        hf_json_add_int(one, "allowed", allowed);
        cJSON_AddItemToArray(list, one);
    }
}

static cJSON *
host_json(const struct hf_rehearsal *r, const struct hf_rollout *rollout,
          size_t i)
{
    const struct hf_plan_host *h = &r->plan->hosts[i];
    const struct hf_slot *slot = hf_rollout_slot(rollout, (int)i);
    cJSON *doc = cJSON_CreateObject();

    hf_json_add_str(doc, "name", h->name);
    hf_json_add_str(doc, "ring", r->plan->playbook.rings[h->ring].name);
    hf_json_add_str(doc, "outcome", hf_rollout_slot_word(slot));
    hf_json_add_str(doc, "why", r->copies[i].why);
    if (r->hosts[i].fault != HF_SIM_WELL)
        hf_json_add_str(doc, "fault", hf_sim_faults[r->hosts[i].fault].name);
    hf_json_add_int(doc, "restarts", restarts_of(r, i));
    add_time(doc, "at", slot->at);
    return doc;
}

static void
add_left_out(cJSON *doc, const struct hf_rehearsal *r)
{
    cJSON *list = hf_json_add_arr(doc, "left_out"), *one;

    for (size_t i = 0; i < r->plan->left_out_len; i++) {
        one = cJSON_CreateObject();
        hf_json_add_str(one, "name", r->plan->left_out[i].name);
        hf_json_add_str(one, "outcome",
                        hf_outcome_names[r->plan->left_out[i].outcome]);
        hf_json_add_str(one, "why", r->plan->left_out[i].why);
        cJSON_AddItemToArray(list, one);
    }
    list = hf_json_add_arr(doc, "without_facts");
    for (size_t i = 0; i < r->never.len; i++)
        hf_json_push_str(list, r->never.v[i]);
}

static cJSON *
report_json(const struct hf_rehearsal *r, const struct hf_rehearsal_story *s,
            const struct hf_rollout *rollout, const struct hf_rollout_view *v)
{
    cJSON *doc = hf_cli_doc(r->cli, "rehearse"), *list;
    int64_t restarts = 0;

    hf_json_add_str(doc, "playbook", r->plan->playbook.name);
    hf_json_add_str(doc, "state", hf_rollout_state_names[v->state]);
    hf_json_add_str(doc, "waits_for", v->waits_for);
    add_time(doc, "began", v->began);
    add_time(doc, "ended", v->ended);
    list = hf_json_add_arr(doc, "rings");
    for (size_t i = 0; i < r->plan->playbook.rings_len; i++)
        cJSON_AddItemToArray(list,
                             ring_json(r->plan, rollout, i, &s->rings[i]));
    list = hf_json_add_arr(doc, "notes");
    for (size_t i = 0; i < s->len; i++)
        cJSON_AddItemToArray(list, note_json(r->plan, &s->notes[i]));
    add_budgets(doc, rollout, 0);
    list = hf_json_add_arr(doc, "hosts");
    for (size_t i = 0; i < r->plan->hosts_len; i++) {
        restarts += restarts_of(r, i);
        cJSON_AddItemToArray(list, host_json(r, rollout, i));
    }
    hf_json_add_int(doc, "restarts", restarts);
    add_left_out(doc, r);
    return doc;
}

/* ---- text ---- */

/* To the minute; "never". */
static void
put_time(struct hf_table *t, int64_t time)
{
    char at[HF_TIME_LEN];

    if (time)
        hf_table_cellf(t, "%.16sZ", hf_time_format(at, time));
    else
        hf_table_cell(t, "never");
}

static void
print_rings(const struct hf_rehearsal *r, const struct hf_rehearsal_story *s,
            const struct hf_rollout *rollout)
{
    static const char *const heads[] = {"RING",  "HOSTS", "AS WANTED", "NOT",
                                        "BEGAN", "ENDED", "SAMPLES",   NULL};
    struct hf_table *t = hf_table_new(heads);

    for (size_t i = 0; i < r->plan->playbook.rings_len; i++) {
        const struct hf_rehearsal_ring *of = &s->rings[i];
        struct hf_rollout_counts n;
        size_t good;

        hf_rollout_counts(rollout, (int)i, &n);
        good = n.by_outcome[HF_OUTCOME_VERIFIED] +
               n.by_outcome[HF_OUTCOME_CHECKED];
        hf_table_cell(t, r->plan->playbook.rings[i].name);
        hf_table_cellf(t, "%zu", n.hosts);
        hf_table_cellf(t, "%zu", good);
        hf_table_cellf(t, "%zu", n.hosts - good);
        put_time(t, of->began);
        put_time(t, of->ended);
        hf_table_cellf(t, "%zu good, %zu bad, %zu unclear",
                       of->samples[HF_SAMPLE_PASS], of->samples[HF_SAMPLE_FAIL],
                       of->samples[HF_SAMPLE_UNCLEAR]);
    }
    hf_table_print(t, stdout, r->cli->columns, r->cli->ascii);
    hf_table_free(t);
}

static void
print_notes(const struct hf_plan *plan, const struct hf_rehearsal_story *s)
{
    for (size_t i = 0; i < s->len; i++) {
        const struct hf_rehearsal_note *n = &s->notes[i];
        char at[HF_TIME_LEN];

        (void)printf("%s ", hf_time_format(at, n->at - n->at % 1000));
        if (n->gate >= 0)
            (void)printf("gate %s of ", plan->playbook.gates[n->gate].name);
        (void)printf("%s%s: %s%s%s\n", n->ring >= 0 ? "ring " : "the run",
                     n->ring >= 0 ? plan->playbook.rings[n->ring].name : "",
                     hf_rollout_kind_names[n->kind], n->why[0] ? ": " : "",
                     n->why);
    }
}

static void
print_budgets(const struct hf_rollout *r)
{
    int spent, allowed;

    (void)fputs("budget of the run:", stdout);
    for (int i = 0; i < HF_BUDGET_KIND_COUNT; i++) {
        hf_rollout_budget(r, 0, (enum hf_budget_kind)i, HF_SCOPE_RUN, &spent,
                          &allowed);
        (void)printf("%s %d %s of ", i ? "," : "", spent, hf_budget_names[i]);
        if (allowed == HF_BUDGET_OPEN)
            (void)fputs("any number", stdout);
        else
            (void)printf("%d allowed, %d left", allowed,
                         allowed > spent ? allowed - spent : 0);
    }
    (void)putchar('\n');
}

static void
print_restarts(const struct hf_rehearsal *r)
{
    unsigned all = 0, hosts = 0;

    for (size_t i = 0; i < r->plan->hosts_len; i++) {
        unsigned n = restarts_of(r, i);

        all += n;
        hosts += n > 0;
    }
    (void)printf("restarts: %u, of %u hosts\n", all, hosts);
}

/* Those that did not end as wanted, and what ailed them. */
static void
print_hosts(const struct hf_rehearsal *r, const struct hf_rollout *rollout)
{
    size_t more = 0, shown = 0;

    for (size_t i = 0; i < r->plan->hosts_len; i++) {
        const struct hf_slot *slot = hf_rollout_slot(rollout, (int)i);
        enum hf_sim_fault fault = r->hosts[i].fault;

        if (slot->state != HF_SLOT_ENDED ||
            (is_as_wanted(slot) && fault == HF_SIM_WELL))
            continue;
        if (++shown > SHOWN) {
            more++;
            continue;
        }
        (void)printf("%s: %s%s%s", r->copies[i].name,
                     hf_rollout_slot_word(slot),
                     r->copies[i].why[0] ? ": " : "", r->copies[i].why);
        if (fault != HF_SIM_WELL)
            (void)printf(" (simulated: %s, %s)", hf_sim_faults[fault].name,
                         hf_sim_faults[fault].note);
        (void)putchar('\n');
    }
    if (more)
        (void)printf("and %zu more: --json names all\n", more);
}

static void
print_left_out(const struct hf_rehearsal *r)
{
    for (size_t i = 0; i < r->plan->left_out_len && i < SHOWN; i++)
        (void)printf("left out: %s: %s\n", r->plan->left_out[i].name,
                     r->plan->left_out[i].why ? r->plan->left_out[i].why : "");
    if (r->plan->left_out_len > SHOWN)
        (void)printf("left out: and %zu more: --json names all\n",
                     r->plan->left_out_len - SHOWN);
    for (size_t i = 0; i < r->never.len && i < SHOWN; i++)
        (void)printf("left out: %s: no recorded facts, so no copy can be made; "
                     "hotfleet check asks it\n",
                     r->never.v[i]);
    if (r->never.len > SHOWN)
        (void)printf("left out: and %zu more without recorded facts\n",
                     r->never.len - SHOWN);
}

void
hf_rehearsal_header(const struct hf_rehearsal *r)
{
    FILE *to = r->cli->opt[HF_OPT_JSON] ? stderr : stdout;

    (void)fprintf(to,
                  "SIMULATED: %s on copies of %zu host%s, as last "
                  "seen; no real host is contacted\n",
                  r->plan->playbook.name, r->len, hf_plural(r->len));
    for (int i = 0; i < HF_HOOK_COUNT; i++) {
        if (r->plan->playbook.hooks[i].run)
            (void)fprintf(to, "SIMULATED: hook %s is taken as good, not run\n",
                          hf_hook_names[i]);
    }
    (void)fflush(to);
}

int
hf_rehearsal_report(const struct hf_rehearsal *r,
                    const struct hf_rehearsal_story *s,
                    const struct hf_conduct *c, int status)
{
    const struct hf_rollout *rollout = hf_conduct_rollout(c);
    struct hf_rollout_view v;
    char at[HF_TIME_LEN];

    hf_rollout_view(rollout, &v);
    if (r->cli->opt[HF_OPT_JSON])
        return hf_cli_print_doc(report_json(r, s, rollout, &v), status);
    (void)printf("\nSIMULATED: at %s the run would be %s%s%s\n\n",
                 hf_time_format(at, hf_now() - hf_now() % 1000),
                 hf_rollout_state_names[v.state], v.waits_for[0] ? ": " : "",
                 v.waits_for);
    print_rings(r, s, rollout);
    (void)putchar('\n');
    print_notes(r->plan, s);
    print_budgets(rollout);
    print_restarts(r);
    print_hosts(r, rollout);
    print_left_out(r);
    return status;
}
