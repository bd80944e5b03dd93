/* Rollback of a run or a release: see undo.h. */
#include "playbooks/undo.h"

#include <string.h>

#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/drivers/driver.h"
#include "inventory/block.h"
#include "inventory/load.h"
#include "playbooks/rollout.h"
#include "playbooks/session_priv.h"

struct undoing {
    struct hf_session *s;
    const struct hf_undo *what;
    struct hf_plan *plan; /* of the run; NULL: there is none */
    struct hf_strs hosts;
};

static int
is_among(const struct hf_undo *what, const char *host)
{
    for (size_t i = 0; i < what->among_len; i++) {
        if (strcmp(what->among[i], host) == 0)
            return 1;
    }
    return what->among == NULL;
}

/* ---- hosts of a run ---- */

int
hf_undo_touched(const struct hf_slot *slot)
{
    return slot->state == HF_SLOT_ENDED &&
           (slot->outcome == HF_OUTCOME_VERIFIED ||
            slot->outcome == HF_OUTCOME_FAILED ||
            slot->outcome == HF_OUTCOME_UNVERIFIED);
}

static int
is_in_scope(const struct undoing *u, const struct hf_plan_host *h)
{
    const struct hf_undo *what = u->what;
    const char *ring = u->plan->playbook.rings[h->ring].name;

    return (!what->ring || strcmp(ring, what->ring) == 0) &&
           (!what->batch || h->batch + 1 == what->batch) &&
           is_among(what, h->name);
}

static int
check_run(const struct undoing *u, const struct hf_rollout *r,
          struct hf_err *err)
{
    const struct hf_playbook *pb = &u->plan->playbook;
    struct hf_rollout_view v;
    struct hf_rollout_counts n;
    int known = u->what->ring == NULL;

    hf_rollout_view(r, &v);
    hf_rollout_counts(r, -1, &n);
    for (size_t i = 0; i < pb->rings_len; i++)
        known |= u->what->ring && strcmp(pb->rings[i].name, u->what->ring) == 0;
    if (!known)
        return hf_fail(err, HF_ENOTFOUND, "run %s has no ring '%s'",
                       u->what->run, u->what->ring);
    if (pb->kind != HF_PLAYBOOK_ROLLOUT)
        return hf_fail(err, HF_EINVALID, "run %s put nothing in: it is a %s",
                       u->what->run, hf_playbook_kind_names[pb->kind]);
    if (n.in_flight == 0 && v.state != HF_ROLLOUT_GOING)
        return HF_OK;
    (void)hf_fail(err, HF_ELOCKED,
                  "run %s is under way: it may still start "
                  "hosts",
                  u->what->run);
    return hf_hint(err, "hotfleet pause %s", u->what->run);
}

static int
hosts_of_run(struct undoing *u, struct hf_err *err)
{
    struct hf_rollout *r = NULL;
    int rc = hf_rollout_read(&u->plan, &r, u->s, u->what->run, err);

    if (rc < 0)
        return rc == HF_ENOTFOUND
                   ? hf_hint(err, "hotfleet runs names them; hosts that a "
                                  "single verb changed are named themselves")
                   : rc;
    rc = check_run(u, r, err);
    for (size_t i = 0; rc == HF_OK && i < u->plan->hosts_len; i++) {
        if (hf_undo_touched(hf_rollout_slot(r, (int)i)) &&
            is_in_scope(u, &u->plan->hosts[i]))
            hf_strs_add(&u->hosts, u->plan->hosts[i].name);
    }
    hf_rollout_free(r);
    return rc;
}

/* ---- hosts of a release ---- */

static int
hosts_of_release(struct undoing *u, struct hf_err *err)
{
    const struct hf_fleet *fleet = u->s->fleet;
    const char *release = u->what->release;
    int64_t now = hf_now();

    for (size_t i = 0; i < u->s->states_len; i++) {
        const struct hf_state *st = &u->s->states[i];
        struct hf_strs has = {0};

        hf_releases_of(&has, st, fleet, now);
        if (hf_strs_has(&has, release) && is_among(u->what, st->host->name))
            hf_strs_add(&u->hosts, st->host->name);
        hf_strs_release(&has);
        hf_state_fold(st);
    }
    if (u->hosts.len || hf_catalogue_release(fleet->catalogue, release))
        return HF_OK;
    (void)hf_fail(err, HF_ENOTFOUND, "no release '%s' is known or in effect",
                  release);
    return hf_hint(err, "hotfleet catalogue list shows them in the column "
                        "PATCH/KB");
}

/* ---- the plan ---- */

int
hf_undo_plan(struct hf_plan **out, struct hf_session *s,
             const struct hf_undo *what, const struct hf_plan_ask *more,
             struct hf_problems *problems, struct hf_err *err)
{
    static const char *const nobody[1] = {NULL};
    struct undoing u = {.s = s, .what = what};
    struct hf_plan_ask ask = *more;
    int rc;

    *out = NULL;
    rc = what->run ? hosts_of_run(&u, err) : hosts_of_release(&u, err);
    ask.playbook = ask.playbook ? ask.playbook : HF_UNDO_PLAYBOOK;
    if (u.plan && !ask.change)
        ask.change = u.plan->playbook.change.id;
    ask.only = u.hosts.len ? (const char *const *)u.hosts.v : nobody;
    ask.only_len = u.hosts.len;
    ask.after = u.plan;
    ask.origin = (struct hf_plan_origin){.how = HF_PLAN_UNDO,
                                         .run = what->run,
                                         .of = what->ring,
                                         .release = what->release};
    if (rc == HF_OK)
        rc = hf_plan_make(out, s, &ask, problems, err);
    hf_strs_release(&u.hosts);
    hf_plan_free(u.plan);
    return rc;
}

/* ---- the block ---- */

static int
block_one(struct hf_session *s, const char *release, const char *run,
          const char *reason, struct hf_err *err)
{
    struct hf_problems problems = {0};
    const struct hf_block *old;
    struct hf_fleet *fleet = NULL;
    struct hf_block wanted = {.release = release, .reason = reason, .run = run};
    char head[41], commit[41], text[HF_WHY_LEN];
    int rc;

    if (!reason) {
        hf_say(text, sizeof(text), "taken back%s%s", run ? ": run " : "",
               run ? run : "");
        wanted.reason = text;
    }
    if ((rc = hf_repo_head(s->repo, head, err)) < 0 ||
        (rc = hf_fleet_load(&fleet, s->repo, head, &problems, err)) < 0)
        goto out;
    old = hf_block_named(fleet, release, NULL);
    if (!old || !hf_block_holds(old, hf_now()))
        rc = hf_block_add(s->repo, fleet, &wanted, commit, err);
out:
    hf_fleet_free(fleet);
    hf_problems_release(&problems);
    return rc;
}

int
hf_undo_block_releases(struct hf_session *s, const struct hf_strs *releases,
                       const char *run, const char *reason, struct hf_err *err)
{
    int rc = HF_OK;

    for (size_t i = 0; rc == HF_OK && i < releases->len; i++)
        rc = block_one(s, releases->v[i], run, reason, err);
    return rc < 0 ? hf_wrap(err, "the release could not be blocked") : rc;
}

int
hf_undo_block(struct hf_strs *out, struct hf_session *s,
              const struct hf_plan *plan, const char *reason,
              struct hf_err *err)
{
    if (plan->origin.release)
        hf_strs_add(out, plan->origin.release);
    for (size_t i = 0; i < plan->hosts_len; i++) {
        const char *const *v = plan->hosts[i].releases;

        for (; v && *v; v++) {
            if (!hf_strs_has(out, *v))
                hf_strs_add(out, *v);
        }
    }
    return hf_undo_block_releases(s, out, plan->origin.run, reason, err);
}
