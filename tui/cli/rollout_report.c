/* A rollout for people and machines: progress, report. */
#include "tui/cli/rollout_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/time.h"
#include "tui/cli/plan_report.h"
#include "tui/cli/rollout_files.h"
#include "tui/cli/table.h"
#include "tui/rows/story.h"

#define REDRAW_MS 200
#define BAR 24

struct hf_progress {
    struct hf_cli *cli;
    int64_t drawn;
    size_t lines; /* on the terminal now */
};

struct hf_progress *
hf_progress_new(struct hf_cli *cli)
{
    struct hf_progress *p = HF_NEW(struct hf_progress);

    p->cli = cli;
    return p;
}

static void
wipe(struct hf_progress *p)
{
    for (; p->lines; p->lines--)
        (void)fputs("\033[A\033[2K", stderr);
}

void
hf_progress_free(struct hf_progress *p)
{
    if (p)
        wipe(p);
    free(p);
}

/* ---- lines ---- */

void
hf_progress_event(struct hf_progress *p, const struct hf_plan *plan,
                  const struct hf_rollout_event *e)
{
    struct hf_buf subject = {0}, text = {0};
    char at[HF_TIME_LEN];

    if (hf_story_weight(e) == HF_STORY_STEP)
        return;
    if (p)
        wipe(p);
    hf_story_subject(&subject, plan, e);
    hf_story_text(&text, e);
    (void)fprintf(stderr, "%s %s %s\n",
                  hf_time_format(at, e->at - e->at % 1000),
                  hf_buf_str(&subject), hf_buf_str(&text));
    hf_buf_release(&subject);
    hf_buf_release(&text);
}

/* ---- bars ---- */

static void
draw_ring(const struct hf_conduct *c, size_t ring)
{
    const struct hf_plan *plan = hf_conduct_plan(c);
    struct hf_rollout_counts n;
    size_t done, filled;

    hf_rollout_counts(hf_conduct_rollout(c), (int)ring, &n);
    done = n.hosts - n.waiting - n.in_flight - n.asleep;
    filled = n.hosts ? done * BAR / n.hosts : BAR;
    (void)fprintf(stderr, "%-12.12s [", plan->playbook.rings[ring].name);
    for (size_t i = 0; i < BAR; i++)
        (void)fputc(i < filled ? '#' : '.', stderr);
    (void)fprintf(stderr, "] %zu of %zu", done, n.hosts);
    if (n.in_flight)
        (void)fprintf(stderr, ", %zu under way", n.in_flight);
    if (n.asleep)
        (void)fprintf(stderr, ", %zu not seen", n.asleep);
    for (int i = 0; i < HF_OUTCOME_COUNT; i++) {
        if (n.by_outcome[i] && i != HF_OUTCOME_VERIFIED)
            (void)fprintf(stderr, ", %zu %s", n.by_outcome[i],
                          hf_outcome_names[i]);
    }
    (void)fputc('\n', stderr);
}

void
hf_progress_draw(struct hf_progress *p, const struct hf_conduct *c)
{
    size_t rings = hf_conduct_plan(c)->playbook.rings_len;
    struct hf_rollout_view v;

    if (!p->cli->tty_err || hf_mono() - p->drawn < REDRAW_MS)
        return;
    p->drawn = hf_mono();
    wipe(p);
    for (size_t i = 0; i < rings; i++)
        draw_ring(c, i);
    hf_rollout_view(hf_conduct_rollout(c), &v);
    (void)fprintf(stderr, "%s%s%s\n", hf_rollout_state_names[v.state],
                  v.waits_for[0] ? ", waits for " : "", v.waits_for);
    p->lines = rings + 1;
}

/* ---- the report ---- */

cJSON *
hf_rollout_counts_json(const struct hf_rollout_counts *n)
{
    cJSON *out = cJSON_CreateObject();

    hf_json_add_int(out, "hosts", (int64_t)n->hosts);
    hf_json_add_int(out, "waiting", (int64_t)n->waiting);
    hf_json_add_int(out, "in_flight", (int64_t)n->in_flight);
    hf_json_add_int(out, "asleep", (int64_t)n->asleep);
    for (int i = 0; i < HF_OUTCOME_COUNT; i++) {
        if (n->by_outcome[i])
            hf_json_add_int(out, hf_outcome_names[i],
                            (int64_t)n->by_outcome[i]);
    }
    return out;
}

static void
add_rings(cJSON *doc, const struct hf_plan *plan, const struct hf_rollout *r)
{
    cJSON *list = hf_json_add_arr(doc, "rings"), *one;
    struct hf_rollout_counts n;

    for (size_t i = 0; i < plan->playbook.rings_len; i++) {
        one = cJSON_CreateObject();
        hf_json_add_str(one, "name", plan->playbook.rings[i].name);
        hf_rollout_counts(r, (int)i, &n);
        cJSON_AddItemToObject(one, "counts", hf_rollout_counts_json(&n));
        cJSON_AddItemToArray(list, one);
    }
}

const char *
hf_rollout_slot_word(const struct hf_slot *slot)
{
    static const char *const words[HF_SLOT_STATE_COUNT] = {
        [HF_SLOT_WAITING] = "waiting",   [HF_SLOT_IN_FLIGHT] = "under-way",
        [HF_SLOT_AGAIN] = "tried-again", [HF_SLOT_ASLEEP] = "asleep",
        [HF_SLOT_ENDED] = "ended",
    };

    return slot->state == HF_SLOT_ENDED ? hf_outcome_names[slot->outcome]
                                        : words[slot->state];
}

static void
add_words(cJSON *doc, const char *key, const struct hf_strs *words)
{
    cJSON *list = hf_json_add_arr(doc, key);

    for (size_t i = 0; i < words->len; i++)
        hf_json_push_str(list, words->v[i]);
}

/* Of a host that an update restarted. */
static void
add_beside(cJSON *doc, const struct hf_rollout_beside *b)
{
    if (!b->told)
        return;
    if (b->why) {
        hf_json_add_str(doc, "stays_unknown", b->why);
        return;
    }
    add_words(doc, "along", &b->along);
    add_words(doc, "stays", &b->stays);
}

/* The same over all hosts. */
static void
add_offered(cJSON *doc, const struct hf_plan *plan,
            const struct hf_rollout_tale *tales)
{
    cJSON *obj, *along, *stays, *one;
    struct hf_plan_offers all;

    hf_rollout_beside_sum(&all, tales, plan->hosts_len);
    if (!all.len && !all.unknown)
        return;
    obj = hf_json_add_obj(doc, "offered");
    along = hf_json_add_arr(obj, "along");
    stays = hf_json_add_arr(obj, "stays");
    for (size_t i = 0; i < all.len; i++) {
        one = cJSON_CreateObject();
        hf_json_add_str(one, "kb", all.v[i].kb);
        hf_json_add_int(one, "hosts", (int64_t)all.v[i].hosts);
        cJSON_AddItemToArray(all.v[i].along ? along : stays, one);
    }
    hf_json_add_int(obj, "unknown", (int64_t)all.unknown);
    free(all.v);
}

cJSON *
hf_rollout_json(struct hf_cli *cli, const char *run, const struct hf_plan *plan,
                const struct hf_rollout *r)
{
    cJSON *doc = hf_cli_doc(cli, "run"), *list, *one;
    struct hf_rollout_tale *tales = hf_rollout_tales(cli, run, plan, r);
    struct hf_rollout_view v;

    hf_rollout_view(r, &v);
    hf_json_add_str(doc, "run", run);
    hf_json_add_str(doc, "plan", plan->id);
    hf_json_add_str(doc, "plan_hash", plan->hash);
    hf_json_add_str(doc, "playbook", plan->playbook.name);
    if (plan->origin.how != HF_PLAN_ALONE)
        cJSON_AddItemToObject(doc, "after", hf_plan_origin_json(&plan->origin));
    hf_json_add_str(doc, "state", hf_rollout_state_names[v.state]);
    hf_json_add_str(doc, "waits_for", v.waits_for);
    if (v.superseded)
        hf_json_add_bool(doc, "superseded", 1);
    if (v.taken_back_by[0])
        hf_json_add_str(doc, "taken_back_by", v.taken_back_by);
    if (v.began)
        hf_json_add_time(doc, "began", v.began);
    if (v.ended)
        hf_json_add_time(doc, "ended", v.ended);
    if (v.soak_until)
        hf_json_add_time(doc, "soak_until", v.soak_until);
    add_rings(doc, plan, r);
    list = hf_json_add_arr(doc, "hosts");
    for (size_t i = 0; i < plan->hosts_len; i++) {
        const struct hf_slot *slot = hf_rollout_slot(r, (int)i);

        one = cJSON_CreateObject();
        hf_json_add_str(one, "name", plan->hosts[i].name);
        hf_json_add_str(one, "ring",
                        plan->playbook.rings[plan->hosts[i].ring].name);
        hf_json_add_int(one, "batch", plan->hosts[i].batch + 1);
        if (plan->hosts[i].restart_update)
            hf_json_add_str(one, "group", HF_GROUP_RESTART_UPDATE);
        hf_json_add_str(one, "outcome", hf_rollout_slot_word(slot));
        if (slot->at)
            hf_json_add_time(one, "at", slot->at);
        if (tales[i].why)
            hf_json_add_str(one, "why", tales[i].why);
        add_beside(one, &tales[i].beside);
        cJSON_AddItemToArray(list, one);
    }
    add_offered(doc, plan, tales);
    hf_rollout_tales_free(tales, plan);
    return doc;
}

static void
print_rings(struct hf_cli *cli, const struct hf_plan *plan,
            const struct hf_rollout *r)
{
    static const char *const heads[] = {"RING",     "HOSTS",       "VERIFIED",
                                        "FAILED",   "UNVERIFIED",  "UNREACHED",
                                        "LEFT OUT", "NOT STARTED", NULL};
    struct hf_table *t = hf_table_new(heads);
    struct hf_rollout_counts n;

    for (size_t i = 0; i < plan->playbook.rings_len; i++) {
        const size_t *by = n.by_outcome;

        hf_rollout_counts(r, (int)i, &n);
        hf_table_cell(t, plan->playbook.rings[i].name);
        hf_table_cellf(t, "%zu", n.hosts);
        hf_table_cellf(t, "%zu",
                       by[HF_OUTCOME_VERIFIED] + by[HF_OUTCOME_CHECKED]);
        hf_table_cellf(t, "%zu", by[HF_OUTCOME_FAILED]);
        hf_table_cellf(t, "%zu", by[HF_OUTCOME_UNVERIFIED]);
        hf_table_cellf(t, "%zu",
                       by[HF_OUTCOME_UNREACHABLE] + by[HF_OUTCOME_REFUSED] +
                           by[HF_OUTCOME_NOT_SEEN]);
        hf_table_cellf(t, "%zu",
                       by[HF_OUTCOME_SKIPPED] + by[HF_OUTCOME_INELIGIBLE] +
                           by[HF_OUTCOME_ALREADY] + by[HF_OUTCOME_CALLED_OFF]);
        hf_table_cellf(t, "%zu", n.waiting + n.in_flight + n.asleep);
    }
    hf_table_print(t, stdout, cli->columns, cli->ascii);
    hf_table_free(t);
}

static void
print_offered(const struct hf_plan *plan, const struct hf_rollout_tale *tales)
{
    struct hf_plan_offers all;

    hf_rollout_beside_sum(&all, tales, plan->hosts_len);
    hf_plan_offers_print(&all, "offered beside the update that restarted");
    free(all.v);
}

/* Hosts that did not end as wanted, by the reason. */
static void
print_others(const struct hf_plan *plan, const struct hf_rollout *r,
             const struct hf_rollout_tale *tales)
{
    struct hf_plan_left_out *v = hf_xcalloc(plan->hosts_len + 1, sizeof(*v));
    size_t n = 0;

    for (size_t i = 0; i < plan->hosts_len; i++) {
        const struct hf_slot *slot = hf_rollout_slot(r, (int)i);

        if (slot->state != HF_SLOT_ENDED ||
            slot->outcome == HF_OUTCOME_VERIFIED ||
            slot->outcome == HF_OUTCOME_CHECKED)
            continue;
        v[n].name = plan->hosts[i].name;
        v[n].outcome = slot->outcome;
        v[n++].why = tales[i].why;
    }
    hf_left_out_print("ended otherwise", v, n);
    free(v);
}

static void
print_next(const char *run, const struct hf_rollout_view *v)
{
    char at[HF_TIME_LEN];

    if (v->soak_until)
        (void)printf("watched until %s\n", hf_time_format(at, v->soak_until));
    if (v->state == HF_ROLLOUT_GOING)
        (void)printf("go on: hotfleet run %s --tick\n", run);
    else if (v->superseded)
        (void)printf("finish with what was planned: hotfleet resume %s "
                     "--finish --reason \"why\", then hotfleet run %s\n"
                     "stop: hotfleet abort %s\n"
                     "plan the newer release: hotfleet plan --supersede %s\n",
                     run, run, run, run);
    else if (v->state != HF_ROLLOUT_IS_OVER)
        (void)printf("go on: hotfleet resume %s --reason \"why\", then "
                     "hotfleet run %s\nend it: hotfleet abort %s\n",
                     run, run, run);
}

int
hf_rollout_report(struct hf_cli *cli, const struct hf_conduct *c, int status)
{
    const struct hf_plan *plan = hf_conduct_plan(c);
    const struct hf_rollout *r = hf_conduct_rollout(c);
    const char *run = hf_conduct_run_id(c);
    struct hf_rollout_tale *tales;
    struct hf_rollout_view v;

    if (cli->opt[HF_OPT_JSON])
        return hf_cli_print_doc(hf_rollout_json(cli, run, plan, r), status);
    if (cli->opt[HF_OPT_JSONL])
        return status;
    hf_rollout_view(r, &v);
    (void)printf("\nrun %s is %s%s%s\n", run, hf_rollout_state_names[v.state],
                 v.waits_for[0] ? ": " : "", v.waits_for);
    print_rings(cli, plan, r);
    tales = hf_rollout_tales(cli, run, plan, r);
    print_others(plan, r, tales);
    print_offered(plan, tales);
    hf_rollout_tales_free(tales, plan);
    print_next(run, &v);
    if (hf_conduct_trouble(c)[0])
        (void)fprintf(stderr, "hotfleet: %s\n", hf_conduct_trouble(c));
    return status;
}
