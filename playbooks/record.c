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

int
ledger_ensure(struct hf_session *s, struct hf_err *err)
{
    const struct hf_fleet *f = s->fleet;
    struct hf_ledger_options o = {.branch = f->ledger_branch,
                                  .remote = f->ledger_remote,
                                  .sign = f->ledger_sign};

    if (s->ledger || s->o.read_only)
        return HF_OK;
    return hf_ledger_open(&s->ledger, hf_repo_path(s->repo), &o, s->ledger_acks,
                          err);
}

static char *
text_of(const cJSON *doc, const char *key)
{
    return hf_xstrdup(hf_json_str(doc, key));
}

/* Takes path, doc and subject. Who acted and what for stand in `about`. */
static void
add_record(struct hf_session *s, const struct hf_event *e, const cJSON *about,
           char *path, cJSON *doc, char *subject)
{
    struct hf_ledger_record *r = HF_NEW(struct hf_ledger_record);

    r->seq = e->seq ? e->seq : s->recorded;
    r->path = path;
    r->content = hf_json_print_pretty(doc);
    r->subject = subject;
    r->run = hf_xstrdup(e->run[0] ? e->run : NULL);
    r->action = text_of(about, "action");
    r->change = text_of(about, "change");
    r->operator_ = text_of(about, "operator");
    r->inventory = text_of(about, "inventory");
    cJSON_Delete(doc);
    if (r->seq > s->given)
        s->given = r->seq;
    hf_ledger_add(s->ledger, r);
}

static cJSON *
run_document(const struct hf_event *e, const char *schema)
{
    cJSON *doc = e->data ? cJSON_Duplicate(e->data, 1) : cJSON_CreateObject();

    hf_json_add_str(doc, "schema", schema);
    hf_json_add_str(doc, "run", e->run);
    hf_json_add_time(doc, "at", e->at);
    return doc;
}

static const char *
action_of(const struct hf_event *e)
{
    const char *action = hf_json_str(e->data, "action");

    return action ? action : "run";
}

void
record_run_started(struct hf_session *s, const struct hf_event *e)
{
    if (s->ledger)
        add_record(s, e, e->data, hf_ledger_run_path(e->run, "run.json"),
                   run_document(e, "hotfleet.run/1"),
                   hf_xasprintf("%s: run %s starts", action_of(e), e->run));
}

void
record_run_ended(struct hf_session *s, const struct hf_event *e)
{
    if (s->ledger)
        add_record(s, e, e->data, hf_ledger_run_path(e->run, "end.json"),
                   run_document(e, "hotfleet.run-end/1"),
                   hf_xasprintf("%s: run %s ended with exit code %lld",
                                action_of(e), e->run,
                                (long long)hf_json_int(e->data, "exit", -1)));
}

static void
add_recent(cJSON *doc, const struct hf_state *st)
{
    const struct hf_record *record = hf_state_record(st);
    const struct hf_recent *r = &record->recent;
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
    if (record->baseline.len)
        cJSON_AddItemToObject(obj, "before",
                              hf_facts_to_json(&record->baseline));
}

/* The machine id counts as long as the host's key is the one that was pinned
 * then: who enrolls another key means another machine. */
static void
add_identity(cJSON *doc, const struct hf_state *st)
{
    const char *id = hf_state_record(st)->recent.machine_id;
    cJSON *obj;

    if (!id[0])
        return;
    obj = hf_json_add_obj(doc, "identity");
    hf_json_add_str(obj, "machine_id", id);
    hf_json_add_str(obj, "hostkey", st->host->hostkey);
}

static cJSON *
facts_document(const struct hf_state *st)
{
    const struct hf_record *r = hf_state_record(st);
    cJSON *doc = cJSON_CreateObject(), *net;

    hf_json_add_str(doc, "schema", "hotfleet.facts/1");
    hf_json_add_str(doc, "host", st->host->name);
    cJSON_AddItemToObject(doc, "facts", hf_facts_to_json(&r->facts));
    add_recent(doc, st);
    add_identity(doc, st);
    net = hf_json_add_obj(doc, "net");
    hf_json_add_str(net, "outcome", st->net);
    hf_json_add_str(net, "why", r->net_why);
    hf_json_add_time(net, "at", r->net_at);
    return doc;
}

/* From the intent, not from how it ended; and once more with the outcome,
 * in case that nobody lived to record the first. */
void
record_broken_glass(struct hf_session *s, const struct hf_event *e)
{
    static const char *const kept[] = {"host",   "operator",  "change",
                                       "reason", "inventory", "simulated",
                                       "from",   "to",        "broken_glass"};
    const char *broken = hf_json_str(e->data, "broken_glass");
    const char *reason = hf_json_str(e->data, "reason");
    cJSON *doc;

    if (!s->ledger || !broken)
        return;
    doc = cJSON_CreateObject();
    hf_json_add_str(doc, "schema", "hotfleet.break-glass/1");
    hf_json_add_str(doc, "run", e->run);
    hf_json_add_str(doc, "action", "break-glass");
    hf_json_add_str(doc, "to_do", action_of(e));
    for (size_t i = 0; i < HF_COUNT(kept); i++) {
        const cJSON *member = hf_json_get(e->data, kept[i]);

        if (member)
            cJSON_AddItemToObject(doc, kept[i], cJSON_Duplicate(member, 1));
    }
    add_record(s, e, doc, hf_ledger_break_glass_path(e->host, e->run), doc,
               hf_xasprintf(HF_LEDGER_BROKEN " %s %s (%s): %s", action_of(e),
                            e->host, broken, reason ? reason : "no reason"));
}

void
record_evidence(struct hf_session *s, const struct hf_event *e)
{
    const char *outcome = hf_json_str(e->data, "outcome");
    const char *why = hf_json_str(e->data, "why");

    if (!s->ledger || strcmp(action_of(e), "check") == 0)
        return;
    record_broken_glass(s, e);
    add_record(s, e, e->data, hf_ledger_evidence_path(e->host, e->run),
               cJSON_Duplicate(e->data, 1),
               hf_xasprintf("%s %s: %s%s%s", action_of(e), e->host,
                            outcome ? outcome : "?", why && *why ? ", " : "",
                            why ? why : ""));
}

/* "covered, behind"; of a host that was not reached that it was not, and why.
 */
static char *
found(const struct hf_state *st)
{
    const char *why = hf_state_record(st)->net_why;

    if (!st->net[0])
        return hf_xasprintf("%s, %s", hf_coverage_names[st->status.coverage],
                            hf_patch_names[st->status.patch]);
    return hf_xasprintf("%s%s%s", st->net, *why ? ": " : "", why);
}

void
record_facts(struct hf_session *s, const struct hf_event *e,
             const struct hf_state *st)
{
    char *text;

    if (!s->ledger)
        return;
    text = found(st);
    add_record(s, e, e->data, hf_ledger_facts_path(st->host->name),
               facts_document(st),
               hf_xasprintf("%s %s: %s", action_of(e), st->host->name, text));
    free(text);
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
    states_save_seen(s);
}

int
record_is_complete(const struct hf_session *s)
{
    return !s->ledger || s->recorded >= s->given;
}
