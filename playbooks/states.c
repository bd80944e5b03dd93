/*
 * What is recorded of the hosts: what the ledger says, and the state folder's
 * note of when each host was last seen with those facts.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "playbooks/session_priv.h"

#define SEEN_FILE "seen"
#define SEEN_MAX (64u << 20)
#define FEW 16 /* one in so many records: news that need no new snapshot */

size_t
state_index(const struct hf_session *s, const struct hf_host *host)
{
    return (size_t)(host - s->fleet->hosts);
}

/* ---- when hosts were seen ---- */

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
        recall_confirm(s->recall, state_index(s, host), at);
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
    struct hf_buf text = {0};
    struct hf_err err = HF_ERR_INIT;
    char at[HF_TIME_LEN], *path;

    if (s->o.read_only || !s->seen_moved || !record_is_complete(s))
        return;
    s->seen_moved = 0;
    for (size_t i = 0; i < s->states_len; i++) {
        int64_t newest = s->states[i].newest;

        if (newest)
            hf_buf_printf(&text, "%s\t%s\n", s->states[i].host->name,
                          hf_time_format(at, newest));
    }
    path = hf_path_join(s->state_dir, SEEN_FILE);
    /* A convenience: without it facts look older than they are. */
    (void)hf_file_write(path, hf_buf_str(&text), text.len, 0600, &err);
    hf_buf_release(&text);
    free(path);
}

/* ---- what the ledger says ---- */

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

static int
take_document(void *ctx, const char *host, const char *text, size_t len)
{
    document_shelve(ctx, host, text, len);
    return 0;
}

/* The ledger's documents; with `since` those that moved since that commit. */
static int
read_ledger(struct shelf **out, struct hf_session *s, const char *since,
            struct hf_err *err)
{
    struct shelf_maker *m = shelf_maker_new();
    int rc = hf_ledger_each_facts(s->repo, s->fleet->ledger_branch, since,
                                  take_document, m, err);

    *out = shelf_make(m);
    if (rc == HF_ENOTFOUND && !since)
        return HF_OK; /* there is no ledger yet */
    if (rc < 0) {
        shelf_free(*out);
        *out = NULL;
    }
    return rc;
}

/* Both in one; of a host that is in both, the news. */
static struct shelf *
merge(const struct shelf *all, const struct shelf *news)
{
    struct shelf_maker *m = shelf_maker_new();

    shelf_add_all(m, news);
    shelf_add_all(m, all);
    return shelf_make(m);
}

static int
is_few(const struct shelf *news, const struct shelf *all)
{
    return shelf_len(news) <= shelf_len(all) / FEW;
}

/* The snapshot and what moved since it was made, or everything. */
static int
load_shelves(struct hf_session *s, struct shelf **all, struct shelf **news,
             struct hf_err *err)
{
    struct hf_err gone = HF_ERR_INIT;
    struct shelf *old;
    char since[41];

    *news = NULL;
    *all = old = snapshot_load(s, since);
    if (old && strcmp(since, s->ledger_tip) == 0)
        return HF_OK;
    if (old && read_ledger(news, s, since, &gone) == HF_OK) {
        if (is_few(*news, old))
            return HF_OK;
        *all = merge(old, *news);
        shelf_free(*news);
        *news = NULL;
    } else if (read_ledger(all, s, NULL, err) < 0) {
        shelf_free(old);
        return hf_wrap(err, "branch '%s'", s->fleet->ledger_branch);
    }
    shelf_free(old);
    snapshot_save(s, *all);
    return HF_OK;
}

void
states_free(struct hf_session *s)
{
    for (size_t i = 0; i < s->states_len; i++)
        hf_state_release(&s->states[i]);
    free(s->states);
    s->states = NULL;
    s->states_len = 0;
    recall_free(s->recall);
    s->recall = NULL;
}

int
states_load(struct hf_session *s, struct hf_err *err)
{
    struct shelf *all, *news;
    int rc;

    if ((rc = states_ledger_tip(s, s->ledger_tip, err)) < 0 ||
        (rc = load_shelves(s, &all, &news, err)) < 0)
        return rc;
    s->recall = recall_new(s->fleet, all, news);
    s->states_len = s->fleet->hosts_len;
    s->states = hf_xcalloc(s->states_len + 1, sizeof(*s->states));
    for (size_t i = 0; i < s->states_len; i++)
        hf_state_init(&s->states[i], &s->fleet->hosts[i]);
    recall_place(s->recall, s->states);
    read_seen(s);
    hf_session_judge(s, hf_now());
    return HF_OK;
}
