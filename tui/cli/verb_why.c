/*
 * hotfleet why: everything that decides about one host, in the order in which
 * it decides, with the commit behind each, ending in one sentence.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/engine/decide.h"
#include "backend/model/block.h"
#include "backend/model/exception.h"
#include "inventory/origin.h"
#include "tui/cli/states.h"
#include "tui/cli/why.h"
#include "tui/rows/words.h"

struct why_line *
why_add(struct why *w, const char *topic, const char *fmt, ...)
{
    struct why_line *line = HF_PUSH(&w->v, &w->len, &w->cap);
    va_list ap;

    line->topic = topic;
    line->outcome = HF_OUTCOME_COUNT;
    va_start(ap, fmt);
    (void)vsnprintf(line->text, sizeof(line->text), fmt, ap);
    va_end(ap);
    return line;
}

/* This keeps the host from being patched, whatever its facts would allow. */
static void
stop(struct why *w, struct why_line *line, enum hf_outcome outcome,
     const char *verb)
{
    char *word = hf_cli_word(w->cli, w->state->host->name);

    line->stops = 1;
    line->outcome = outcome;
    hf_say(line->next, sizeof(line->next), "hotfleet %s %s", verb, word);
    free(word);
}

void
why_cite(const struct why *w, struct why_line *line, const char *file)
{
    struct hf_err err = HF_ERR_INIT;

    line->file = file;
    (void)hf_repo_origin(hf_session_repo(w->cli->session), w->fleet->commit,
                         file, line->commit, &err);
}

/* ---- what decides, in order ---- */

static void
why_file(struct why *w)
{
    const struct hf_host *h = w->state->host;

    why_cite(w, why_add(w, "inventory", "%s, port %d", h->address, h->port),
             h->path);
}

static void
why_ring(struct why *w)
{
    const char *name = w->state->host->ring;
    const struct hf_ring *ring = name ? hf_fleet_ring(w->fleet, name) : NULL;
    char soak[HF_TIME_LEN];

    if (!ring) {
        (void)why_add(w, "ring", "in no ring");
        return;
    }
    why_cite(w,
             why_add(w, "ring", "%s, %zu of %zu, soak %s", name,
                     (size_t)(ring - w->fleet->rings) + 1, w->fleet->rings_len,
                     hf_span_format(soak, ring->soak_ms)),
             "hotfleet.json");
}

static void
why_hold(struct why *w)
{
    const struct hf_host *h = w->state->host;
    struct why_line *line;

    if (!h->hold) {
        (void)why_add(w, "hold", "not held");
        return;
    }
    line = why_add(w, "hold", "held: %s", h->hold);
    line->stops = 1;
    why_cite(w, line, h->path);
}

/* The block on what the host would get next; the forecast ends with it. */
static void
why_block(struct why *w)
{
    const struct hf_facts *facts = &hf_state_record(w->state)->facts;
    const struct hf_block *b;
    struct hf_order order = {0};
    struct why_line *line;

    hf_order_of(&order, HF_ACTION_APPLY, w->state, w->fleet, hf_now());
    b = hf_block_among(w->fleet, &order.releases, facts, hf_now());
    hf_order_release(&order);
    if (!b)
        return;
    line =
        why_add(w, "block", "release %s is blocked: %s", b->release, b->reason);
    line->stops = 1;
    why_cite(w, line, b->path);
}

static void
why_exception(struct why *w)
{
    const struct hf_exception *e =
        hf_exception_of(w->fleet, w->state->host, hf_now());
    char text[HF_WHY_LEN];
    struct why_line *line;

    if (!e) {
        (void)why_add(w, "exception", "none");
        return;
    }
    hf_exception_say(text, e);
    line = why_add(w, "exception", "%s", text);
    line->stops = 1;
    why_cite(w, line, e->path);
}

static void
why_hostkey(struct why *w)
{
    if (w->state->host->hostkey)
        (void)why_add(w, "host key", "pinned");
    else
        stop(w, why_add(w, "host key", "not pinned: nobody logs in there"),
             HF_OUTCOME_REFUSED, "enroll");
}

/* How the last contact ended, where it did not reach the host's answer. */
static void
add_contact(struct why *w)
{
    const struct hf_state *st = w->state;
    const struct hf_record *r = hf_state_record(st);
    char age[HF_TIME_LEN];
    enum hf_outcome outcome = hf_contact_outcome(st->net);
    struct why_line *line =
        why_add(w, "contact", "%s %s ago: %s", hf_outcome_names[outcome],
                hf_age_format(age, hf_now(), r->net_at), r->net_why);

    stop(w, line, outcome,
         strcmp(st->net, "hostkey") == 0 ? "enroll --again" : "check");
}

static void
why_contact(struct why *w)
{
    const struct hf_state *st = w->state;
    char age[HF_TIME_LEN];

    if (st->net[0] && strcmp(st->net, "done") != 0)
        add_contact(w);
    if (st->status.seen)
        (void)why_add(w, "facts", "%s old%s",
                      hf_age_format(age, hf_now(), st->status.seen),
                      st->status.flags & HF_FLAG_STALE ? ", too old" : "");
    else
        (void)why_add(w, "facts", "never asked");
}

static void
why_unsettled(struct why *w)
{
    const char *run =
        hf_session_unsettled_run(w->cli->session, w->state->host->name);

    if (run)
        stop(w,
             why_add(w, "unsettled",
                     "run %s began here and has not said how it ended: it is "
                     "under way, or was killed",
                     run),
             HF_OUTCOME_LOCKED, "verify");
}

static void
why_driver(struct why *w)
{
    const struct hf_host *h = w->state->host;
    const struct hf_driver *d =
        hf_driver_of(h, &hf_state_record(w->state)->facts);
    struct why_line *line;

    if (d) {
        (void)why_add(w, "platform", "%s (%s)", d->name, d->title);
        return;
    }
    line = why_add(w, "platform", "%s: no driver",
                   h->platform ? h->platform : "auto");
    line->stops = 1;
}

static void
why_checks(struct why *w)
{
    const struct hf_findings *all = hf_state_findings(w->state);
    size_t passed = 0;

    for (size_t i = 0; i < all->len; i++) {
        const struct hf_finding *f = &all->v[i];
        struct why_line *line;

        if (f->verdict == HF_VERDICT_PASS) {
            passed++;
            continue;
        }
        line =
            why_add(w, "check", "%s: %s: %s%s%s", hf_verdict_names[f->verdict],
                    f->name, f->found ? f->found : "unknown",
                    f->remedy ? "; remedy: " : "", f->remedy ? f->remedy : "");
        /* What is not known is asked for again before a start. */
        line->stops = f->verdict == HF_VERDICT_BLOCK &&
                      !(f->spares & (1u << HF_ACTION_APPLY));
    }
    if (all->len)
        (void)why_add(w, "checks", "%zu of %zu pass", passed, all->len);
}

static void
why_axes(struct why *w)
{
    const struct hf_standing *s = &w->state->status;

    (void)why_add(w, "coverage", "%s%s%s", hf_coverage_names[s->coverage],
                  s->coverage_why[0] ? ": " : "", s->coverage_why);
    (void)why_add(w, "patch", "%s%s%s", hf_patch_names[s->patch],
                  s->patch_why[0] ? ": " : "", s->patch_why);
    if (s->level[0])
        (void)why_add(w, "level", "%s%s%s", s->level,
                      s->target[0] ? ", newest " : "", s->target);
}

static void
why_last_run(struct why *w)
{
    const struct hf_recent *r = &hf_state_record(w->state)->recent;
    char at[HF_TIME_LEN];

    if (r->run[0] && hf_recent_is_first(r))
        (void)why_add(w, "first seen", "%s: %s", hf_time_format(at, r->at),
                      r->run);
    else if (r->run[0])
        (void)why_add(w, "last run", "%s %s %s: %s", hf_time_format(at, r->at),
                      r->action, r->outcome, r->run);
}

static void
why_restarted(struct why *w)
{
    const struct hf_standing *s = &w->state->status;

    if (s->flags & HF_FLAG_RESTARTED)
        (void)why_add(w, "restarted", "%s", s->restarted_why);
}

static void
why_others(struct why *w)
{
    const struct hf_facts *facts = &hf_state_record(w->state)->facts;

    for (size_t i = 0; i < facts->len; i++) {
        const struct hf_fact *f = &facts->v[i];

        if (hf_has_prefix(f->key, "others.") && f->value)
            (void)why_add(w, "others", "%s: %s", f->key + strlen("others."),
                          f->value);
    }
}

typedef void topic_fn(struct why *w);

static topic_fn *const topics[] = {
    why_file,      why_ring,    why_hold,    why_exception, why_freeze,
    why_windows,   why_hostkey, why_contact, why_unsettled, why_driver,
    why_checks,    why_block,   why_axes,    why_restart,   why_last_run,
    why_restarted, why_others,
};

/* ---- the sentence ---- */

static void
say_price(struct why *w, const struct hf_forecast *f)
{
    static const char *const restarts[] = {"no restart", "RESTART",
                                           "restart unknown"};
    const struct hf_price *p = &f->order.price;
    char minutes[32] = "under a minute";

    if (p->minutes)
        (void)snprintf(minutes, sizeof(minutes), "%d min", p->minutes);
    (void)why_add(w, "price", "%s, %s, closes %zu CVE%s", restarts[p->restart],
                  minutes, p->cves.len, hf_plural(p->cves.len));
}

static void
conclude_forecast(struct why *w, const struct hf_forecast *f)
{
    const char *name = w->state->host->name;
    char *word = hf_cli_word(w->cli, name);

    if (f->skip == HF_OUTCOME_COUNT) {
        w->outcome = "will";
        w->command = hf_xasprintf("hotfleet apply %s", word);
        say_price(w, f);
        hf_say(w->sentence, sizeof(w->sentence), "%s would be patched by: %s",
               name, w->command);
    } else if (f->skip == HF_OUTCOME_ALREADY) {
        w->outcome = hf_outcome_names[f->skip];
        hf_say(w->sentence, sizeof(w->sentence), "%s needs nothing: %s", name,
               f->why);
    } else {
        w->outcome = hf_outcome_names[f->skip];
        hf_say(w->sentence, sizeof(w->sentence),
               "%s is left out because %s%s%s", name, f->why,
               f->hint[0] ? "; next: " : "", f->hint);
    }
    free(word);
}

static const struct why_line *
first_stop(const struct why *w)
{
    for (size_t i = 0; i < w->len; i++) {
        if (w->v[i].stops)
            return &w->v[i];
    }
    return NULL;
}

static void
conclude_stop(struct why *w, const struct why_line *line)
{
    w->outcome = hf_outcome_names[line->outcome];
    hf_say(w->sentence, sizeof(w->sentence),
           "%s is left out because %s: %s%s%s", w->state->host->name,
           line->topic, line->text, line->next[0] ? "; next: " : "",
           line->next);
}

/* The fleet's own rules may refuse what the host itself would take. */
static void
conclude(struct why *w)
{
    const char *name = w->state->host->name;
    struct hf_ask ask = {
        .action = HF_ACTION_APPLY, .hosts = &name, .hosts_len = 1};
    struct hf_forecasts all = {0};
    const struct why_line *first = first_stop(w);
    struct hf_err err = HF_ERR_INIT;

    if (first && first->outcome != HF_OUTCOME_COUNT) {
        conclude_stop(w, first);
        return;
    }
    if (hf_session_forecast(w->cli->session, &all, &ask, &err) < 0) {
        w->outcome = "refused";
        hf_say(w->sentence, sizeof(w->sentence),
               "%s is left out as long as this holds: %s%s%s%s", name, err.text,
               err.hint[0] ? " (" : "", err.hint, err.hint[0] ? ")" : "");
    } else {
        conclude_forecast(w, &all.v[0]);
    }
    hf_forecasts_release(&all);
}

/* ---- output ---- */

static void
print_why(const struct why *w)
{
    (void)printf("%s\n", w->state->host->name);
    for (size_t i = 0; i < w->len; i++) {
        const struct why_line *l = &w->v[i];

        (void)printf("%s %-10s %s", l->stops ? "x" : " ", l->topic, l->text);
        if (l->file)
            (void)printf("  [%s%s%.10s]", l->file, l->commit[0] ? " " : "",
                         l->commit);
        (void)puts("");
    }
    (void)printf("\n%s\n", w->sentence);
}

static int
print_json(const struct why *w)
{
    cJSON *doc = hf_cli_doc(w->cli, "why"), *arr, *obj;

    hf_json_add_str(doc, "name", w->state->host->name);
    arr = hf_json_add_arr(doc, "lines");
    for (size_t i = 0; i < w->len; i++) {
        const struct why_line *l = &w->v[i];

        obj = cJSON_CreateObject();
        hf_json_add_str(obj, "topic", l->topic);
        hf_json_add_str(obj, "text", l->text);
        hf_json_add_bool(obj, "stops", l->stops);
        hf_json_add_str(obj, "file", l->file);
        hf_json_add_str(obj, "commit", l->commit[0] ? l->commit : NULL);
        cJSON_AddItemToArray(arr, obj);
    }
    obj = hf_json_add_obj(doc, "conclusion");
    hf_json_add_str(obj, "outcome", w->outcome);
    hf_json_add_str(obj, "sentence", w->sentence);
    hf_json_add_str(obj, "command", w->command);
    return hf_cli_print_doc(doc, HF_EXIT_OK);
}

static int
run_why(struct hf_cli *cli)
{
    struct why w = {.cli = cli, .fleet = hf_session_fleet(cli->session)};
    int status = HF_EXIT_OK;

    if (!(w.state = hf_cli_host(cli, cli->argv[0])))
        return HF_EXIT_USAGE;
    for (size_t i = 0; i < HF_COUNT(topics); i++)
        topics[i](&w);
    conclude(&w);
    if (cli->opt[HF_OPT_JSON])
        status = print_json(&w);
    else
        print_why(&w);
    free(w.command);
    free(w.v);
    return status;
}

const struct hf_verb hf_verb_why = {
    .name = "why",
    .group = "look",
    .args = "HOST",
    .summary = "why a host is patched or left out",
    .help = "Everything that decides about it, in that order, with the commit "
            "behind it, from recorded facts; ends in one sentence. Lines "
            "marked x keep the host from being patched. Contacts nobody.",
    .examples = "  hotfleet why web-03\n"
                "  hotfleet why web-03 --json | jq -r .conclusion.sentence\n",
    .options = HF_OPTS(HF_OPTS_FLEET),
    .flags = HF_VERB_NEEDS_FLEET,
    .min_args = 1,
    .max_args = 1,
    .run = run_why,
};
