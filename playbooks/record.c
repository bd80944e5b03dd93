/*
 * From events to the ledger: the run's own documents, an evidence record for
 * every host that was acted on, and facts when they have moved.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "playbooks/session_priv.h"

static const char *
ledger_dir(const struct hf_session *s)
{
    return hf_repo_path(s->repo);
}

int
ledger_ensure(struct hf_session *s, struct hf_err *err)
{
    const struct hf_fleet *f = s->fleet;
    struct hf_ledger_options o = {.branch = f->ledger_branch,
                                  .remote = f->ledger_remote,
                                  .sign = f->ledger_sign};

    if (s->ledger || s->o.read_only)
        return HF_OK;
    return hf_ledger_open(&s->ledger, ledger_dir(s), &o, s->ledger_acks, err);
}

/* Takes path and doc. */
static void
add_record(struct hf_session *s, uint64_t seq, char *path, cJSON *doc,
           char *subject)
{
    struct hf_ledger_record *r;

    if (!s->ledger) {
        cJSON_Delete(doc);
        free(path);
        free(subject);
        return;
    }
    r = HF_NEW(struct hf_ledger_record);
    r->seq = seq ? seq : s->recorded;
    r->path = path;
    r->content = hf_json_print_pretty(doc);
    r->subject = subject;
    r->run = hf_xstrdup(s->run_id);
    r->action = hf_xstrdup(hf_action_names[s->action]);
    r->change = hf_xstrdup(s->change);
    r->operator_ = hf_xstrdup(s->operator_);
    r->inventory = hf_xstrdup(s->fleet->commit);
    cJSON_Delete(doc);
    s->records++;
    hf_ledger_add(s->ledger, r);
}

static cJSON *
run_document(struct hf_session *s, const struct hf_event *e, const char *schema)
{
    cJSON *doc = e->data ? cJSON_Duplicate(e->data, 1) : cJSON_CreateObject();

    hf_json_add_str(doc, "schema", schema);
    hf_json_add_str(doc, "run", s->run_id);
    hf_json_add_time(doc, "at", e->at);
    return doc;
}

void
record_run_started(struct hf_session *s, const struct hf_event *e)
{
    add_record(s, e->seq, hf_ledger_run_path(s->run_id, "run.json"),
               run_document(s, e, "hotfleet.run/1"),
               hf_xasprintf("%s: run %s starts", hf_action_names[s->action],
                            s->run_id));
}

void
record_run_ended(struct hf_session *s, const struct hf_event *e)
{
    add_record(s, e->seq, hf_ledger_run_path(s->run_id, "end.json"),
               run_document(s, e, "hotfleet.run-end/1"),
               hf_xasprintf("%s: run %s ended with exit code %lld",
                            hf_action_names[s->action], s->run_id,
                            (long long)hf_json_int(e->data, "exit", -1)));
}

static void
add_recent(cJSON *doc, const struct hf_recent *r)
{
    cJSON *obj;

    if (!r->run[0])
        return;
    obj = hf_json_add_obj(doc, "recent");
    hf_json_add_str(obj, "run", r->run);
    hf_json_add_str(obj, "action", r->action);
    hf_json_add_str(obj, "outcome", r->outcome);
    hf_json_add_str(obj, "level", r->level);
    hf_json_add_str(obj, "boot_id", r->boot_id);
    hf_json_add_str(obj, "why", r->why);
    hf_json_add_time(obj, "at", r->at);
}

static cJSON *
facts_document(const struct hf_state *st)
{
    cJSON *doc = cJSON_CreateObject(), *net;

    hf_json_add_str(doc, "schema", "hotfleet.facts/1");
    hf_json_add_str(doc, "host", st->host->name);
    cJSON_AddItemToObject(doc, "facts", hf_facts_to_json(&st->facts));
    add_recent(doc, &st->recent);
    net = hf_json_add_obj(doc, "net");
    hf_json_add_str(net, "outcome", st->net);
    hf_json_add_str(net, "why", st->net_why);
    hf_json_add_time(net, "at", st->net_at);
    return doc;
}

void
record_outcome(struct hf_session *s, const struct hf_event *e,
               struct hf_state *st, int facts_moved)
{
    const char *outcome = hf_json_str(e->data, "outcome");
    const char *why = hf_json_str(e->data, "why");
    const char *host = st->host->name;

    if (s->action != HF_ACTION_CHECK)
        add_record(s, e->seq, hf_ledger_evidence_path(host, s->run_id),
                   cJSON_Duplicate(e->data, 1),
                   hf_xasprintf("%s %s: %s%s%s", hf_action_names[s->action],
                                host, outcome ? outcome : "?",
                                why && *why ? ", " : "", why ? why : ""));
    if (facts_moved)
        add_record(s, e->seq, hf_ledger_facts_path(host), facts_document(st),
                   hf_xasprintf("check %s: %s, %s", host,
                                hf_coverage_names[st->status.coverage],
                                hf_patch_names[st->status.patch]));
}

/* ---- what the ledger answers ---- */

static void
journal_recorded(struct hf_session *s, uint64_t seq, const char *commit)
{
    struct hf_event e;

    if (!s->journal || seq <= s->journal_recorded)
        return;
    s->journal_recorded = seq;
    hf_event_init(&e, HF_EVENT_RECORDED, s->run_id, "");
    e.data = cJSON_CreateObject();
    hf_json_add_int(e.data, "seq", (int64_t)seq);
    hf_json_add_str(e.data, "commit", commit);
    (void)hf_journal_append(s->journal, &e);
    hf_event_release(&e);
}

void
record_take_acks(struct hf_session *s)
{
    struct hf_ledger_ack *ack;

    while ((ack = hf_queue_pop(s->ledger_acks))) {
        s->ledger_note[0] = '\0';
        if (ack->error.code < 0)
            hf_say(s->ledger_note, sizeof(s->ledger_note), "%s%s",
                   ack->commit[0] ? "not yet pushed: " : "not yet recorded: ",
                   ack->error.text);
        if (ack->commit[0]) {
            s->recorded = ack->seq;
            memcpy(s->ledger_commit, ack->commit, sizeof(s->ledger_commit));
            journal_recorded(s, ack->seq, ack->commit);
        }
        free(ack);
    }
}
