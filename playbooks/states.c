/*
 * What is recorded of the hosts: facts.json of the ledger, and the state
 * folder's note of when each host was last seen with those facts.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/names.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/drivers/driver.h"
#include "playbooks/session_priv.h"

#define SEEN_FILE "seen"
#define SEEN_MAX (64u << 20)

size_t
state_index(const struct hf_session *s, const struct hf_host *host)
{
    return (size_t)(host - s->fleet->hosts);
}

static void
copy_text(char *to, size_t size, const cJSON *doc, const char *key)
{
    const char *text = hf_json_str(doc, key);

    hf_say(to, size, "%s", text ? text : "");
}

static int64_t
json_time(const cJSON *doc, const char *key)
{
    const char *text = hf_json_str(doc, key);
    int64_t at = 0;

    return text && hf_time_parse(&at, text) == 0 ? at : 0;
}

/* A ledger written by a version without baselines knows the boot id. */
static void
read_baseline(struct hf_record *record, const cJSON *before)
{
    static const char *const changing[] = {"apply", "rollback", "reboot", NULL};
    struct hf_err err = HF_ERR_INIT;
    struct hf_recent *r = &record->recent;

    if (before && hf_facts_from_json(&record->baseline, before, &err) == HF_OK)
        return;
    if (r->boot_id[0] && hf_name_index(changing, r->action) >= 0)
        hf_facts_set(&record->baseline, "boot.id", r->boot_id, NULL, r->at);
}

static void
read_recent(struct hf_record *record, const cJSON *doc)
{
    struct hf_recent *r = &record->recent;

    copy_text(r->run, sizeof(r->run), doc, "run");
    copy_text(r->action, sizeof(r->action), doc, "action");
    copy_text(r->outcome, sizeof(r->outcome), doc, "outcome");
    copy_text(r->level, sizeof(r->level), doc, "level");
    copy_text(r->boot_id, sizeof(r->boot_id), doc, "boot_id");
    copy_text(r->why, sizeof(r->why), doc, "why");
    r->at = json_time(doc, "at");
    read_baseline(record, hf_json_get(doc, "before"));
}

static void
read_identity(struct hf_record *record, const struct hf_host *host,
              const cJSON *doc)
{
    const char *key = hf_json_str(doc, "hostkey");
    const char *pinned = host->hostkey;

    if (key && pinned && strcmp(key, pinned) == 0)
        copy_text(record->recent.machine_id, sizeof(record->recent.machine_id),
                  doc, "machine_id");
}

/* One broken document must not hide the fleet: that host is unknown. */
static int
read_facts(void *ctx, const char *name, const char *text, size_t len)
{
    struct hf_session *s = ctx;
    const struct hf_host *host = hf_fleet_find(s->fleet, name);
    struct hf_err err = HF_ERR_INIT;
    struct hf_state *st;
    struct hf_record *r;
    cJSON *doc = NULL;

    if (!host)
        return 0; /* it has left the fleet */
    st = &s->states[state_index(s, host)];
    r = hf_state_change(st);
    if (hf_json_parse(&doc, text, len, &err) < 0 ||
        hf_facts_from_json(&r->facts, hf_json_get(doc, "facts"), &err) < 0) {
        hf_facts_release(&r->facts);
        hf_say(r->net_why, sizeof(r->net_why),
               "recorded facts cannot be read: %.120s", err.text);
    } else {
        const cJSON *net = hf_json_get(doc, "net");

        read_recent(r, hf_json_get(doc, "recent"));
        read_identity(r, host, hf_json_get(doc, "identity"));
        copy_text(st->net, sizeof(st->net), net, "outcome");
        copy_text(r->net_why, sizeof(r->net_why), net, "why");
        r->net_at = json_time(net, "at");
    }
    cJSON_Delete(doc);
    return 0;
}

/* Facts that did not move are not written again; when they were confirmed is
 * remembered here. */
static void
confirm_facts(struct hf_state *st, int64_t at)
{
    struct hf_facts *facts = &hf_state_change(st)->facts;
    int64_t newest = hf_facts_newest(facts);

    for (size_t i = 0; at > newest && i < facts->len; i++) {
        if (facts->v[i].at == newest)
            facts->v[i].at = at;
    }
}

static void
read_seen_line(struct hf_session *s, char *line)
{
    char *tab = strchr(line, '\t');
    const struct hf_host *host;
    int64_t at;

    if (!tab)
        return;
    *tab = '\0';
    host = hf_fleet_find(s->fleet, line);
    if (host && hf_time_parse(&at, tab + 1) == 0)
        confirm_facts(&s->states[state_index(s, host)], at);
}

static void
read_seen(struct hf_session *s)
{
    char *path = hf_path_join(s->state_dir, SEEN_FILE);
    struct hf_buf text = {0};
    struct hf_err err = HF_ERR_INIT;
    char *save = NULL;

    if (hf_file_read(&text, path, SEEN_MAX, &err) == HF_OK && text.data) {
        for (char *line = strtok_r(text.data, "\n", &save); line;
             line = strtok_r(NULL, "\n", &save))
            read_seen_line(s, line);
    }
    hf_buf_release(&text);
    free(path);
}

void
states_save_seen(struct hf_session *s)
{
    char *path = hf_path_join(s->state_dir, SEEN_FILE);
    struct hf_buf text = {0};
    struct hf_err err = HF_ERR_INIT;
    char at[HF_TIME_LEN];

    if (s->o.read_only)
        goto out;
    for (size_t i = 0; i < s->states_len; i++) {
        int64_t newest = s->states[i].newest;

        if (newest)
            hf_buf_printf(&text, "%s\t%s\n", s->states[i].host->name,
                          hf_time_format(at, newest));
    }
    /* A convenience: without it facts look older than they are. */
    (void)hf_file_write(path, hf_buf_str(&text), text.len, 0600, &err);
out:
    hf_buf_release(&text);
    free(path);
}

void
states_free(struct hf_session *s)
{
    for (size_t i = 0; i < s->states_len; i++)
        hf_state_release(&s->states[i]);
    free(s->states);
    s->states = NULL;
    s->states_len = 0;
    hf_buf_release(&s->snapshot);
}

static int
take_tip(void *ctx, const struct hf_ledger_commit *c)
{
    memcpy(ctx, c->id, sizeof(c->id));
    return 1;
}

int
states_ledger_tip(struct hf_session *s, char tip[41], struct hf_err *err)
{
    int rc;

    tip[0] = '\0';
    rc = hf_ledger_commits(s->repo, s->fleet->ledger_branch, 1, 0, take_tip,
                           tip, err);
    return rc == HF_ENOTFOUND || tip[0] ? HF_OK : rc;
}

int
states_load(struct hf_session *s, struct hf_err *err)
{
    int rc;

    if ((rc = states_ledger_tip(s, s->ledger_tip, err)) < 0)
        return rc;
    s->states_len = s->fleet->hosts_len;
    s->states = hf_xcalloc(s->states_len + 1, sizeof(*s->states));
    for (size_t i = 0; i < s->states_len; i++)
        hf_state_init(&s->states[i], &s->fleet->hosts[i]);
    if (!snapshot_load(s)) {
        rc = hf_ledger_each_facts(s->repo, s->fleet->ledger_branch, read_facts,
                                  s, err);
        if (rc < 0 && rc != HF_ENOTFOUND)
            return hf_wrap(err, "branch '%s'", s->fleet->ledger_branch);
        snapshot_save(s);
    }
    read_seen(s);
    hf_session_judge(s, hf_now());
    return HF_OK;
}
