/*
 * Failure domains in a rollout: before a host starts, the others of its domain
 * must be well, by facts of the last minutes. Those whose facts are older are
 * read first, for several hosts at once, while nobody is in flight. Whoever
 * does not answer is not well.
 */
#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/checks/check.h"
#include "playbooks/conduct.h"

#define FRESH ((int64_t)5 * 60 * 1000) /* ms: facts that may be relied on */
#define LOOK_PARALLEL 64               /* there are minutes for all of them */

void
conduct_domains_release(struct hf_conduct *c)
{
    hf_strs_release(&c->domains.names);
    hf_strs_release(&c->domains.asked);
    free(c->domains.waits);
}

/* ---- one of the others ---- */

static int
shares_domain(const struct hf_playbook_limits *l, const struct hf_host *a,
              const struct hf_host *b)
{
    for (size_t i = 0; i < l->per_domain_len; i++) {
        const char *x = hf_pairs_get(&a->domains, l->per_domain[i].domain);
        const char *y = hf_pairs_get(&b->domains, l->per_domain[i].domain);

        if (x && y && strcmp(x, y) == 0)
            return 1;
    }
    return 0;
}

/* How many may be under way at once the playbook says. */
static int
is_under_way(const struct hf_conduct *c, const char *name)
{
    int host = hf_plan_find(c->plan, name);

    return host >= 0 && hf_rollout_slot(c->r, host)->state == HF_SLOT_IN_FLIGHT;
}

static int
says(char why[HF_WHY_LEN], const struct hf_state *st, const char *what)
{
    hf_say(why, HF_WHY_LEN, "%.60s of its failure domain %s", st->host->name,
           what);
    return 1;
}

static int
is_sick(const struct hf_state *st, char why[HF_WHY_LEN])
{
    static const struct hf_check *const rows[] = {&hf_criterion_health, NULL};
    const struct hf_check_in in = {.host = st->host,
                                   .facts = &hf_state_record(st)->facts};
    struct hf_findings found = {0};
    int sick;

    hf_checks_run(&found, rows, &in);
    sick = found.v[0].verdict != HF_VERDICT_PASS;
    if (sick)
        hf_say(why, HF_WHY_LEN, "health of %.60s of its failure domain: %s",
               st->host->name, found.v[0].found);
    hf_findings_release(&found);
    return sick;
}

/* Two members that are not proven wait for each other: what they are nobody
 * but a person can settle, so he is told with what. */
static int
wants_proof(const struct hf_state *st, char why[HF_WHY_LEN])
{
    hf_say(why, HF_WHY_LEN,
           "%s host in its failure domain: hotfleet verify %.64s first, or "
           "leave this one out: hotfleet skip",
           hf_patch_names[st->status.patch], st->host->name);
    return 1;
}

/* By fresh facts: a member that is not well keeps the others from starting. */
static int
is_unwell(const struct hf_state *st, char why[HF_WHY_LEN])
{
    if (st->status.flags & HF_FLAG_UNREACHABLE)
        return says(why, st, "is not reached");
    if (!hf_facts_get(&hf_state_record(st)->facts, "boot.id"))
        return says(why, st, "told too little"); /* every platform has one */
    if (st->status.flags & HF_FLAG_JOB_RUNNING)
        return says(why, st, "is being changed");
    if (st->status.patch == HF_PATCH_FAILED ||
        st->status.patch == HF_PATCH_UNVERIFIED)
        return wants_proof(st, why);
    return is_sick(st, why);
}

static int
is_fresh(int64_t at, int64_t now)
{
    return at && now - at < FRESH;
}

/* ---- all others of a host's domains ---- */

static enum hf_admit
wait_for_look(char why[HF_WHY_LEN])
{
    hf_say(why, HF_WHY_LEN, "the others of its failure domain: being read");
    return HF_ADMIT_LATER;
}

/* 0 with the reason when one of them is not well; `stale` gets those that
 * nobody knows anything new of. */
static int
are_well(const struct hf_conduct *c, const struct hf_host *host, int64_t now,
         struct hf_strs *stale, char why[HF_WHY_LEN])
{
    const struct conduct_domains *d = &c->domains;
    const struct hf_state *states;
    size_t n;

    states = hf_session_states(c->s, &n);
    for (size_t i = 0; i < n; i++) {
        const struct hf_state *st = &states[i];

        if (strcmp(st->host->name, host->name) == 0 ||
            !shares_domain(&c->plan->playbook.limits, host, st->host) ||
            is_under_way(c, st->host->name))
            continue;
        if (is_fresh(st->newest, now)) {
            if (is_unwell(st, why))
                return 0;
        } else if (is_fresh(d->asked_at, now) &&
                   hf_strs_has(&d->asked, st->host->name)) {
            return !says(why, st, "did not answer");
        } else {
            hf_strs_add(stale, st->host->name);
        }
    }
    return 1;
}

/* No more are collected than can start before their facts are old again. */
static int
waits_already(const struct hf_conduct *c, int host)
{
    const struct conduct_domains *d = &c->domains;

    return d->names.len &&
           (d->waits[host] || c->stint == STINT_LOOKING ||
            d->waiting >= (size_t)c->plan->playbook.limits.parallel);
}

enum hf_admit
conduct_domains_admit(struct hf_conduct *c, int host, int64_t now,
                      int64_t *until, char why[HF_WHY_LEN])
{
    const struct hf_host *h =
        hf_fleet_find(c->s->fleet, c->plan->hosts[host].name);
    struct conduct_domains *d = &c->domains;
    struct hf_strs stale = {0};
    enum hf_admit said = HF_ADMIT_YES;

    if (!c->plan->playbook.limits.per_domain_len || !h || !h->domains.len ||
        !hf_action_changes(hf_plan_action(c->plan, host)))
        return HF_ADMIT_YES;
    *until = 0;
    if (waits_already(c, host))
        return wait_for_look(why);
    if (!are_well(c, h, now, &stale, why)) {
        said = HF_ADMIT_LATER;
    } else if (stale.len) {
        for (size_t i = 0; i < stale.len; i++) {
            if (!hf_strs_has(&d->names, stale.v[i]))
                hf_strs_add(&d->names, stale.v[i]);
        }
        d->waits[host] = 1;
        d->waiting++;
        said = wait_for_look(why);
    }
    hf_strs_release(&stale);
    return said;
}

/* ---- reading them ---- */

static void
forget_waiting(struct hf_conduct *c)
{
    memset(c->domains.waits, 0, c->plan->hosts_len);
    c->domains.waiting = 0;
}

int
conduct_domains_look(struct hf_conduct *c, struct hf_err *err)
{
    struct conduct_domains *d = &c->domains;
    const struct hf_ask ask = {.action = HF_ACTION_CHECK,
                               .hosts = (const char *const *)d->names.v,
                               .hosts_len = d->names.len,
                               .parallel = LOOK_PARALLEL,
                               .go_on = 1,
                               .run = c->run,
                               .sample = 1};
    int rc = hf_session_start(c->s, &ask, NULL, NULL, err);

    if (rc == HF_OK) {
        c->stint = STINT_LOOKING;
        return HF_OK;
    }
    hf_strs_release(&d->names); /* whoever is asked again finds them again */
    forget_waiting(c);
    return rc;
}

void
conduct_domains_looked(struct hf_conduct *c)
{
    struct conduct_domains *d = &c->domains;

    hf_strs_release(&d->asked);
    d->asked = d->names;
    d->names = (struct hf_strs){0};
    d->asked_at = hf_now();
    forget_waiting(c);
    hf_rollout_ask_again(c->r);
}
