/*
 * The Rollback screen over a long ledger, as the console makes it: hosts are
 * looked at in pieces, the past is read on a thread; then the list is grouped
 * anew, unfolded, and painted at 200x60 wherever the cursor stands. What counts
 * is how long the keyboard waits at most, and the ratios of one run; times
 * depend on the machine.
 *
 *   bench_rollback [--json] [HOSTS [RUNS]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "backend/base/civil.h"
#include "backend/base/json.h"
#include "backend/base/time.h"
#include "inventory/ledger.h"
#include "playbooks/undo_look.h"
#include "tests/bench/recorded.h"
#include "tests/support/git.h"
#include "tui/rows/rollback_view.h"

#define LINES 45 /* of the list, at 200x60 */
#define PIECE_MS 8
#define FRAME_MS 66
#define SCROLLS 50

static char *dir, *fleet_dir;

static double
clock_ms(clockid_t id)
{
    struct timespec t;

    clock_gettime(id, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double
now_ms(void)
{
    return clock_ms(CLOCK_MONOTONIC);
}

/* Of this thread alone: what others did meanwhile is none of its cost. */
static double
spent_ms(void)
{
    return clock_ms(CLOCK_THREAD_CPUTIME_ID);
}

/* ---- a ledger in which every run was over every host ---- */

static void
add_record(struct hf_ledger *ledger, uint64_t *seq, char *path, cJSON *doc,
           const char *run)
{
    struct hf_ledger_record *r = HF_NEW(struct hf_ledger_record);

    r->seq = ++*seq;
    r->path = path;
    r->content = hf_json_print(doc);
    r->subject = hf_xstrdup("a run");
    r->run = hf_xstrdup(run);
    cJSON_Delete(doc);
    hf_ledger_add(ledger, r);
}

static cJSON *
evidence(const char *host, const char *run, int64_t at, int back)
{
    cJSON *doc = cJSON_CreateObject();

    hf_json_add_str(doc, "schema", "hotfleet.evidence/1");
    hf_json_add_str(doc, "run", run);
    hf_json_add_str(doc, "host", host);
    hf_json_add_str(doc, "action", back ? "rollback" : "apply");
    hf_json_add_str(doc, "outcome", "verified");
    hf_json_add_time(doc, "started", at);
    hf_json_add_time(doc, "ended", at + 90000);
    hf_json_add_str(hf_json_add_obj(doc, "price"), "restart", "no");
    return doc;
}

static void
write_run(struct hf_ledger *ledger, uint64_t *seq, struct hf_sim_fleet *sim,
          int nth, int64_t at)
{
    cJSON *doc = cJSON_CreateObject();
    const struct hf_sim_host *hosts;
    char day[HF_TIME_LEN], run[40];
    size_t n;

    hf_time_format(day, at);
    snprintf(run, sizeof(run), "%.4s%.2s%.2sT000000Z-%06x", day, day + 5,
             day + 8, (unsigned)nth);
    hf_json_add_str(doc, "schema", "hotfleet.run/1");
    hf_json_add_str(doc, "playbook", "monthly-hotpatch");
    hf_json_add_time(doc, "at", at);
    add_record(ledger, seq, hf_ledger_run_path(run, "run.json"), doc, run);
    hosts = hf_sim_fleet_hosts(sim, &n);
    for (size_t i = 0; i < n; i++)
        add_record(ledger, seq, hf_ledger_evidence_path(hosts[i].name, run),
                   evidence(hosts[i].name, run, at, nth % 4 == 1), run);
}

static void
write_ledger(struct hf_sim_fleet *sim, int runs)
{
    const struct hf_ledger_options options = {.branch = "ledger"};
    struct hf_err err = HF_ERR_INIT;
    struct hf_ledger *ledger;
    uint64_t seq = 0;

    if (hf_ledger_open(&ledger, fleet_dir, &options, NULL, &err) < 0)
        recorded_die(&err);
    for (int i = 0; i < runs; i++)
        write_run(ledger, &seq, sim, i, hf_now() - (runs - i) * HF_DAY_MS);
    if (hf_ledger_close(ledger, 3600000, &err) < 0)
        recorded_die(&err);
}

/* ---- the screen ---- */

struct cost {
    double first_ms;              /* until some hosts are shown */
    double look_ms, piece_ms;     /* all hosts; a piece, at most */
    double take_ms;               /* the list made of what there is, at most */
    double read_ms;               /* the past, from git, beside it */
    double index_ms;              /* the past, from the index */
    double grouped_ms, folded_ms; /* the list anew, at most */
    double frame_ms, frames_ms;   /* painted, at most; all of them */
    size_t frames, hosts, can, costs, bytes;
};

static double
keep_most(double *most, double since)
{
    double took = spent_ms() - since;

    if (took > *most)
        *most = took;
    return took;
}

static void
paint(struct cost *c, struct hf_rollback_view *v, size_t cursor)
{
    const struct hf_look look = {.cols = 200, .now = v->u->now};
    struct hf_line line = {0};
    struct hf_doc doc = {0};
    double start = spent_ms();

    hf_rollback_heads(&line, v, &look);
    for (size_t i = cursor; i < v->len && i < cursor + LINES; i++)
        hf_rollback_line(&line, v, i, &look);
    hf_rollback_detail(&doc, v, cursor, &look);
    c->frames_ms += keep_most(&c->frame_ms, start);
    c->frames++;
    hf_doc_release(&doc);
    hf_line_release(&line);
}

static void
scroll(struct cost *c, struct hf_rollback_view *v)
{
    for (size_t i = 0; i < SCROLLS; i++)
        paint(c, v, v->len * i / SCROLLS);
}

static void
use(struct cost *c, const struct hf_undoables *u)
{
    struct hf_rollback_view v = {0};
    double start;

    hf_rollback_view_make(&v, u);
    for (int by = 0; by < HF_ROLLBACK_BY_COUNT; by++) {
        start = spent_ms();
        hf_rollback_view_by(&v, (enum hf_rollback_by)by);
        keep_most(&c->grouped_ms, start);
        scroll(c, &v);
        start = spent_ms();
        hf_rollback_view_fold(&v, 0);
        keep_most(&c->folded_ms, start);
        scroll(c, &v);
    }
    hf_rollback_view_release(&v);
}

/* As the screen does it: a piece, and every 66 ms what there is so far. */
static const struct hf_undoables *
look(struct cost *c, struct hf_undo_look *l, struct hf_session *s)
{
    const struct hf_undoables *u = NULL;
    struct hf_rollback_view v = {0};
    double start = now_ms(), spent = spent_ms(), drawn = start, piece;

    hf_undo_look_begin(l, s, hf_now());
    do {
        piece = spent_ms();
        (void)hf_undo_look_on(l, PIECE_MS);
        keep_most(&c->piece_ms, piece);
        if (now_ms() - drawn < FRAME_MS && hf_undo_look_has_more(l))
            continue;
        drawn = now_ms();
        piece = spent_ms();
        if (hf_undo_look_has_more(l) || hf_undo_look_is_looking(l))
            hf_rollback_view_make(&v, u = hf_undo_look_take(l));
        keep_most(&c->take_ms, piece);
        if (!c->first_ms && v.len)
            c->first_ms = spent_ms() - spent;
    } while (hf_undo_look_is_looking(l));
    c->look_ms = spent_ms() - spent;
    while (hf_undo_look_is_reading(l))
        if (hf_undo_look_on(l, PIECE_MS))
            hf_rollback_view_make(&v, u = hf_undo_look_take(l));
    c->read_ms = now_ms() - start;
    hf_rollback_view_release(&v);
    return u;
}

static void
read_past(double *out, struct hf_session *s)
{
    struct hf_err err = HF_ERR_INIT;
    struct hf_undo_past past;
    double start = now_ms();

    if (hf_undo_past_read(&past, s, &err) < 0)
        recorded_die(&err);
    *out = now_ms() - start;
    hf_undo_past_release(&past);
}

/* Prices and reasons stand once and do not count. */
static size_t
size_of(const struct hf_undoables *u)
{
    const struct hf_undo_past *p = u->past;

    return u->n * (sizeof(*u->v) + sizeof(*u->states)) +
           p->hosts * sizeof(*p->of) + p->put_len * sizeof(*p->put) +
           hf_arena_size(p->arena);
}

static void
measure(struct cost *c, struct hf_session *s)
{
    struct hf_undo_look *l = hf_undo_look_new();
    const struct hf_undoables *u;

    u = look(c, l, s);
    c->bytes = size_of(u);
    for (size_t i = 0; i < u->n; i++)
        c->can += u->v[i].state == HF_UNDOABLE_YES;
    c->hosts = u->n;
    c->costs = u->costs_len;
    use(c, u);
    hf_undo_look_free(l);
    read_past(&c->index_ms, s);
}

static void
print_text(const struct cost *c, int runs)
{
    double each = c->look_ms * 1e3 / (double)c->hosts;

    printf("what can be taken back: %zu of %zu hosts, %zu prices; %d runs over "
           "all of them\n",
           c->can, c->hosts, c->costs, runs);
    printf("  first lines                   %8.1f ms (%.3f of all)\n",
           c->first_ms, c->first_ms / c->look_ms);
    printf("  all hosts looked at           %8.1f ms (%.1f us a host), %.1f ms "
           "at most at once\n",
           c->look_ms, each, c->piece_ms);
    printf("  the list of it                %8.1f ms at most, %zu bytes a "
           "host\n",
           c->take_ms, c->bytes / c->hosts);
    printf("  the past, on a thread         %8.1f ms from git, %.1f ms (%.3f) "
           "from the index\n",
           c->read_ms, c->index_ms, c->index_ms / c->read_ms);
    printf("  grouped anew, unfolded        %8.1f ms, %.1f ms at most\n",
           c->grouped_ms, c->folded_ms);
    printf("  a picture of 200x60           %8.2f ms, %.2f ms at most\n",
           c->frames_ms / (double)c->frames, c->frame_ms);
}

static void
print_json(const struct cost *c, int runs)
{
    const struct {
        const char *name;
        double value;
    } rows[] = {
        {"hosts", (double)c->hosts},
        {"runs", runs},
        {"first_ms", c->first_ms},
        {"look_ms", c->look_ms},
        {"piece_ms", c->piece_ms},
        {"take_ms", c->take_ms},
        {"from_git_ms", c->read_ms},
        {"from_index_ms", c->index_ms},
        {"grouped_ms", c->grouped_ms},
        {"unfolded_ms", c->folded_ms},
        {"frame_ms", c->frame_ms},
        {"bytes_each", (double)(c->bytes / c->hosts)},
    };
    cJSON *doc = cJSON_CreateObject();
    char *text;

    hf_json_add_str(doc, "bench", "rollback");
    for (size_t i = 0; i < HF_COUNT(rows); i++)
        cJSON_AddNumberToObject(doc, rows[i].name, rows[i].value);
    text = hf_json_print(doc);
    puts(text);
    free(text);
    cJSON_Delete(doc);
}

int
main(int argc, char **argv)
{
    int json = argc > 1 && strcmp(argv[1], "--json") == 0;
    int hosts = argc > 1 + json ? atoi(argv[1 + json]) : 10000;
    int runs = argc > 2 + json ? atoi(argv[2 + json]) : 3;
    struct hf_session_options options = {0};
    char *home = git_empty_home(), *state = hf_path_join(home, "state");
    struct hf_problems problems = {0};
    struct hf_err err = HF_ERR_INIT;
    struct hf_sim_fleet *sim;
    struct hf_session *s;
    struct cost c = {0};

    setenv("XDG_STATE_HOME", state, 1);
    git_do(home, "config --global gc.auto 0"); /* no second one beside ours */
    dir = scratch_new();
    fleet_dir = hf_path_join(dir, "fleet");
    sim = recorded_fleet(fleet_dir, (size_t)hosts, 1);
    write_ledger(sim, runs);
    options.dir = fleet_dir;
    if (hf_session_open(&s, &options, &problems, &err) < 0)
        recorded_die(&err);
    measure(&c, s);
    (json ? print_json : print_text)(&c, runs);
    hf_session_free(s);
    hf_sim_fleet_free(sim);
    scratch_free(dir);
    scratch_free(home);
    free(state);
    free(fleet_dir);
    return 0;
}
