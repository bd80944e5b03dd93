/* The stage of a rehearsal: a shadow of the fleet, and copies of its hosts. */
#include "tui/cli/rehearsal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "inventory/shadow.h"
#include "tui/cli/find_plan.h"

#define JOB_MS 90000 /* of the copies' time: a hotpatch takes about that */
#define HURRY 1000   /* how much shorter waits on the wire are */
/* Copies are near: who is silent so long stays silent. */
static const struct hf_net_limits limits = {
    .connect = 10000, .kex = 10000, .idle = 10000, .total = 30000};

/* ---- the session ---- */

/* Names of hosts that are not in the plan lead nowhere. */
static void
dial(void *ctx, const struct hf_host *h, struct hf_link_spec *spec)
{
    const struct hf_rehearsal *r = ctx;
    int i = r->plan ? hf_plan_find(r->plan, h->name) : -1;

    for (size_t k = r->plan ? r->plan->hosts_len : 0; i < 0 && k < r->len; k++)
        i = strcmp(r->copies[k].name, h->name) == 0 ? (int)k : -1;
    spec->address = i < 0 ? "127.0.0.0" : r->hosts[i].address;
    spec->port = r->sim ? hf_sim_port(r->sim) : 1;
    spec->identity = r->identity;
    spec->hostkey = i < 0 || !r->sim ? NULL : hf_sim_hostkey(r->sim, (size_t)i);
}

static int
open_session(struct hf_rehearsal *r, const char *repo, struct hf_err *err)
{
    const struct hf_session_options o = {
        .dir = repo, .rehearsal = 1, .dial = dial, .limits = limits, .ctx = r};

    return hf_session_open(&r->cli->session, &o, &r->cli->problems, err);
}

static void
warn_of_changes(struct hf_repo *real)
{
    struct hf_err ignored = HF_ERR_INIT;
    struct hf_strs paths = {0};

    if (hf_repo_dirty(real, &paths, &ignored) == HF_OK && paths.len)
        (void)fprintf(stderr,
                      "hotfleet: what is not committed does not count: %s%s\n",
                      paths.v[0], paths.len > 1 ? " ..." : "");
    hf_strs_release(&paths);
}

int
hf_rehearsal_open(struct hf_rehearsal *r, struct hf_cli *cli,
                  struct hf_err *err)
{
    char *state = NULL, *repo = NULL;
    int rc;

    r->cli = cli;
    if ((rc = hf_repo_open(&r->real, hf_cli_dir(cli), err)) < 0 ||
        (rc = hf_cli_temporary(&r->dir, "rehearsal", err)) < 0)
        return rc;
    warn_of_changes(r->real);
    state = hf_path_join(r->dir, "state");
    repo = hf_path_join(r->dir, "fleet.git");
    (void)setenv("XDG_STATE_HOME", state, 1);
    if ((rc = hf_repo_shadow(r->real, repo, err)) == HF_OK &&
        (rc = open_session(r, repo, err)) == HF_OK)
        rc = hf_fleet_load(&r->fleet, hf_session_repo(cli->session), NULL,
                           &cli->problems, err);
    free(state);
    free(repo);
    return rc;
}

void
hf_rehearsal_close(struct hf_rehearsal *r)
{
    struct hf_err err = HF_ERR_INIT;

    hf_session_free(r->cli->session);
    r->cli->session = NULL;
    hf_sim_free(r->sim);
    for (size_t i = 0; i < r->len; i++)
        hf_facts_release(&r->copies[i].facts);
    free(r->copies);
    free(r->hosts);
    hf_plan_free(r->plan);
    hf_fleet_free(r->fleet);
    hf_strs_release(&r->never);
    hf_repo_free(r->real);
    if (r->dir && hf_rmtree(r->dir, &err) < 0)
        hf_cli_complain(&err);
    free(r->identity);
    free(r->dir);
}

/* ---- the plan, and who plays in it ---- */

static const struct hf_facts *
known(const struct hf_rehearsal *r, const char *name)
{
    const struct hf_state *st = hf_session_state(r->cli->session, name);

    return st && st->status.seen ? &hf_state_record(st)->facts : NULL;
}

static void
find_unknown(struct hf_rehearsal *r)
{
    const struct hf_state *states;
    size_t n;

    states = hf_session_states(r->cli->session, &n);
    for (size_t i = 0; i < n; i++) {
        if (!known(r, states[i].host->name))
            hf_strs_add(&r->never, states[i].host->name);
    }
}

/* A plan may hold hosts that nobody has ever asked: one that only asks. There
 * it is made anew without them. */
static int
leave_unknown_out(struct hf_rehearsal *r, struct hf_err *err)
{
    struct hf_plan *all = r->plan;
    const char **names = hf_xcalloc(all->hosts_len + 1, sizeof(*names));
    struct hf_plan_ask ask = {.playbook = all->playbook.name,
                              .change = all->change,
                              .reason = all->playbook.change.reason,
                              .only = names,
                              .after = all,
                              .old_catalogue = 1};
    int rc = HF_OK;

    for (size_t i = 0; i < all->hosts_len; i++) {
        if (known(r, all->hosts[i].name))
            names[ask.only_len++] = all->hosts[i].name;
    }
    if (ask.only_len < all->hosts_len) {
        r->plan = NULL;
        rc = hf_plan_make(&r->plan, r->cli->session, &ask, &r->cli->problems,
                          err);
        hf_plan_free(all);
    }
    free(names);
    return rc;
}

static void
copy_host(struct hf_rehearsal *r, const char *name)
{
    struct hf_copy *copy = &r->copies[r->len];
    struct hf_sim_host *host = &r->hosts[r->len];
    size_t i = r->len++;

    copy->name = name;
    hf_facts_copy(&copy->facts, known(r, name));
    host->facts = &copy->facts;
    (void)snprintf(host->name, sizeof(host->name), "%s", name);
    (void)snprintf(host->address, sizeof(host->address), "127.%u.%u.%u",
                   20 + (unsigned)(i / 50000) % 200, (unsigned)(i / 250) % 200,
                   1 + (unsigned)(i % 250));
}

int
hf_rehearsal_plan(struct hf_rehearsal *r, const char *name, struct hf_err *err)
{
    size_t most;
    int rc;

    if ((rc = hf_cli_find_plan(&r->plan, r->cli, name, err)) < 0 ||
        (rc = leave_unknown_out(r, err)) < 0)
        return rc;
    r->plan->simulated = 1;
    hf_plan_seal(r->plan);
    find_unknown(r);
    most = r->plan->hosts_len + r->plan->controls_len;
    r->copies = hf_xcalloc(most + 1, sizeof(*r->copies));
    r->hosts = hf_xcalloc(most + 1, sizeof(*r->hosts));
    for (size_t i = 0; i < r->plan->hosts_len; i++)
        copy_host(r, r->plan->hosts[i].name);
    for (size_t i = 0; i < r->plan->controls_len; i++)
        copy_host(r, r->plan->controls[i].name);
    return HF_OK;
}

int
hf_rehearsal_start(struct hf_rehearsal *r, struct hf_err *err)
{
    struct hf_sim_options o = {.hosts = r->hosts,
                               .hosts_len = r->len,
                               .catalogue = r->fleet->catalogue,
                               .job_ms = JOB_MS,
                               .wire = HURRY};
    char *login = NULL;
    int rc;

    if (!r->len)
        return HF_OK;
    r->identity = hf_path_join(r->dir, "id_ed25519");
    rc = hf_sim_login_new(&login, r->identity, err);
    o.login_key = login;
    if (rc == HF_OK)
        rc = hf_sim_new(&r->sim, &o, err);
    free(login);
    return rc;
}
