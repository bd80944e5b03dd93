/* Runs in a list; see runs.h. */
#include "tui/rows/runs.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/mem.h"
#include "backend/base/names.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tui/rows/words.h"

static void
row_release(struct hf_run_row *row)
{
    free(row->what);
    free(row->who);
    *row = (struct hf_run_row){0};
}

void
hf_run_rows_release(struct hf_run_rows *r)
{
    for (size_t i = 0; i < r->len; i++)
        row_release(&r->v[i]);
    free(r->v);
    *r = (struct hf_run_rows){0};
}

struct hf_run_row *
hf_run_rows_find(const struct hf_run_rows *r, const char *id)
{
    for (size_t i = 0; i < r->len; i++) {
        if (strcmp(r->v[i].id, id) == 0)
            return &r->v[i];
    }
    return NULL;
}

struct hf_run_row *
hf_run_rows_add(struct hf_run_rows *r, const char *id)
{
    struct hf_run_row *row = HF_PUSH(&r->v, &r->len, &r->cap);

    *row = (struct hf_run_row){.exit = -1, .standing = HF_RUN_LEFT};
    hf_say(row->id, sizeof(row->id), "%s", id);
    return row;
}

/* ---- from documents ---- */

static char *
who_text(const cJSON *doc)
{
    static const char *const keys[] = {"change", "reason", "selector"};
    const char *by = hf_json_str(doc, "operator");
    struct hf_buf out = {0};
    char *clean;

    hf_buf_puts(&out, by && *by ? by : "-");
    for (size_t i = 0; i < HF_COUNT(keys); i++) {
        const char *text = hf_json_str(doc, keys[i]);

        if (text && *text)
            hf_buf_printf(&out, "; %s %s", keys[i], text);
    }
    clean = hf_sanitised(hf_buf_str(&out));
    hf_buf_release(&out);
    return clean;
}

static int64_t
time_of(const cJSON *doc, const char *key)
{
    const char *text = hf_json_str(doc, key);
    int64_t at = 0;

    if (text)
        (void)hf_time_parse(&at, text);
    return at;
}

static size_t
count_of(const cJSON *doc, const char *key)
{
    int64_t n = hf_json_int(doc, key, 0);

    return n > 0 ? (size_t)n : 0;
}

static void
take_end(struct hf_run_row *row, const cJSON *end)
{
    const cJSON *counts = hf_json_get(end, "counts");

    row->standing = HF_RUN_ENDED;
    row->ended = time_of(end, "at");
    row->exit = (int)hf_json_int(end, "exit", -1);
    row->unsettled = count_of(end, "open");
    row->waiting = count_of(end, "not_started");
    for (int i = 0; i < HF_OUTCOME_COUNT; i++)
        row->by_outcome[i] = count_of(counts, hf_outcome_names[i]);
}

void
hf_run_rows_past(struct hf_run_rows *r, const char *id, const cJSON *doc,
                 const cJSON *end)
{
    const char *playbook = hf_json_str(doc, "playbook");
    const char *action = hf_json_str(doc, "action");
    struct hf_run_row *row = hf_run_rows_add(r, id);

    row->what = hf_sanitised(playbook ? playbook : action ? action : "-");
    row->who = who_text(doc);
    row->of_plan = playbook != NULL;
    row->at = time_of(doc, "at");
    row->hosts = (size_t)cJSON_GetArraySize(hf_json_get(doc, "hosts"));
    if (end)
        take_end(row, end);
}

/* ---- from what goes on ---- */

static void
take_counts(struct hf_run_row *row, const struct hf_rollout *rollout)
{
    struct hf_rollout_counts n;

    hf_rollout_counts(rollout, -1, &n);
    row->hosts = n.hosts;
    row->in_flight = n.in_flight;
    row->waiting = n.waiting + n.asleep;
    memcpy(row->by_outcome, n.by_outcome, sizeof(row->by_outcome));
}

void
hf_run_rows_plan(struct hf_run_rows *r, const struct hf_rings_run *run,
                 int here)
{
    struct hf_run_row *row = hf_run_rows_find(r, run->id);
    struct hf_rollout_view v;

    if (!row)
        row = hf_run_rows_add(r, run->id);
    row->of_plan = 1;
    if (!run->plan)
        return;
    hf_rollout_view(run->rollout, &v);
    if (!row->what)
        row->what = hf_xstrdup(run->plan->playbook.name);
    if (!row->who)
        row->who = hf_xasprintf("%s%s%s", run->plan->operator_,
                                run->plan->change ? "; change " : "",
                                run->plan->change ? run->plan->change : "");
    row->at = v.began ? v.began : row->at;
    row->ended = v.ended;
    row->state = hf_rollout_state_names[v.state];
    if (v.state == HF_ROLLOUT_IS_OVER) {
        row->standing = HF_RUN_ENDED;
        row->exit = v.exit;
    } else {
        row->standing = here                      ? HF_RUN_HERE
                        : run->around.carried_out ? HF_RUN_ELSEWHERE
                                                  : HF_RUN_LEFT;
    }
    take_counts(row, run->rollout);
}

void
hf_run_rows_unsettled(struct hf_run_rows *r, const char *id,
                      enum hf_action action)
{
    struct hf_run_row *row = hf_run_rows_find(r, id);

    if (!row) { /* killed before the ledger heard of it */
        row = hf_run_rows_add(r, id);
        row->what = hf_xstrdup(hf_action_names[action]);
        row->who = hf_xstrdup("known from the journal only");
    }
    row->unsettled++;
}

static int
compare_newest(const void *a, const void *b)
{
    return strcmp(((const struct hf_run_row *)b)->id,
                  ((const struct hf_run_row *)a)->id);
}

void
hf_run_rows_sort(struct hf_run_rows *r)
{
    if (r->len)
        qsort(r->v, r->len, sizeof(*r->v), compare_newest);
}

/* ---- a line ---- */

static const struct hf_word standing_words[HF_RUN_STANDING_COUNT] = {
    [HF_RUN_HERE] = {"»", ">", HF_TONE_BUSY, 0},
    [HF_RUN_ELSEWHERE] = {"»", ">", HF_TONE_BUSY, 0},
    [HF_RUN_LEFT] = {"!", "!", HF_TONE_WARN, 0},
    [HF_RUN_ENDED] = {"✓", "+", HF_TONE_GOOD, 0},
};

static const struct hf_word *
word_of(const struct hf_run_row *row)
{
    static const struct hf_word badly = {"✗", "x", HF_TONE_BAD, 0};

    if (row->standing == HF_RUN_ENDED && row->exit != 0)
        return &badly;
    return &standing_words[row->standing];
}

static void
add_counts(struct hf_line *out, const struct hf_run_row *row,
           const struct hf_look *look)
{
    for (int rank = 0; rank < HF_OUTCOME_COUNT; rank++) {
        for (int i = 0; i < HF_OUTCOME_COUNT; i++) {
            const struct hf_word *w = &hf_outcome_words[i];

            if (w->rank == rank && row->by_outcome[i])
                hf_line_add(out, w->tone, "%s %zu %s  ",
                            hf_word_symbol(w, look->ascii), row->by_outcome[i],
                            hf_outcome_names[i]);
        }
    }
    if (row->unsettled)
        hf_line_add(out, HF_TONE_WARN, "%zu unsettled  ", row->unsettled);
    if (row->in_flight)
        hf_line_add(out, HF_TONE_BUSY, "%zu under way  ", row->in_flight);
    if (row->waiting)
        hf_line_add(out, HF_TONE_DIM, "%zu not started  ", row->waiting);
}

void
hf_run_row_line(struct hf_line *out, const struct hf_run_row *row,
                const struct hf_look *look)
{
    const struct hf_word *w = word_of(row);
    int wide = look->cols > 110;
    char at[HF_MOMENT_LEN], age[HF_TIME_LEN], hosts[40];

    hf_line_clear(out);
    hf_line_add(out, w->tone, " %s ", hf_word_symbol(w, look->ascii));
    if (wide)
        hf_line_cell(out, HF_TONE_DIM, hf_moment(at, row->at, look), 24,
                     look->ascii);
    hf_line_cell(out, HF_TONE_DIM,
                 row->at ? hf_age_format(age, look->now, row->at) : "-", 4,
                 look->ascii);
    hf_line_add(out, HF_TONE_PLAIN, " ");
    hf_line_cell(out, HF_TONE_STRONG, row->what ? row->what : "?",
                 wide ? 24 : 16, look->ascii);
    hf_say(hosts, sizeof(hosts), " %zu host%s", row->hosts,
           hf_plural(row->hosts));
    hf_line_cell(out, HF_TONE_PLAIN, hosts, wide ? 14 : 10, look->ascii);
    hf_line_add(out, HF_TONE_PLAIN, " ");
    if (row->standing == HF_RUN_LEFT)
        hf_line_add(out, w->tone, "left, %s  ",
                    row->state ? row->state : "not ended");
    else if (row->state && row->standing != HF_RUN_ENDED)
        hf_line_add(out, w->tone, "%s  ", row->state);
    add_counts(out, row, look);
    if (wide && row->who)
        hf_line_add(out, HF_TONE_DIM, " %s", row->who);
}

/* ---- hosts of the past ---- */

void
hf_run_past_host(struct hf_progress_host *out, const char *name,
                 const cJSON *evidence)
{
    const char *why = hf_json_str(evidence, "why");
    const char *word = hf_json_str(evidence, "outcome");
    const char *ring = hf_json_str(evidence, "ring");
    const char *hint = hf_json_str(evidence, "hint");
    int outcome = word ? hf_name_index(hf_outcome_names, word) : -1;

    *out = (struct hf_progress_host){
        .name = hf_sanitised(name),
        .ring = ring ? hf_sanitised(ring) : NULL,
        .why = hf_sanitised(why ? why : ""),
        .hint = hf_sanitised(hint ? hint : ""),
        .phase = outcome < 0 ? HF_PHASE_WAITING : HF_PHASE_DONE,
        .outcome = outcome < 0 ? HF_OUTCOME_SKIPPED : (enum hf_outcome)outcome,
        .started = time_of(evidence, "started"),
        .ended = time_of(evidence, "ended"),
    };
}

void
hf_run_past_log(struct hf_tail *tail, const char *name, const cJSON *evidence)
{
    const char *log = hf_json_str(hf_json_get(evidence, "job"), "log");
    int64_t at = time_of(evidence, "ended");

    while (log && *log) {
        size_t n = strcspn(log, "\n");
        char *line = hf_xstrndup(log, n);

        hf_tail_add(tail, at, name, line, HF_TONE_PLAIN);
        free(line);
        log += n + (log[n] == '\n');
    }
}
