/*
 * What would happen, from recorded facts: for forms, --dry-run and the
 * fleet's own rules about changes. Contacts nobody.
 */
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/drivers/driver.h"
#include "backend/engine/decide.h"
#include "backend/model/break_glass.h"
#include "playbooks/session_priv.h"

void
hf_forecasts_release(struct hf_forecasts *f)
{
    for (size_t i = 0; i < f->len; i++)
        hf_order_release(&f->v[i].order);
    free(f->v);
    *f = (struct hf_forecasts){0};
}

static int
change_matches(const char *pattern, const char *change, struct hf_err *err)
{
    regex_t re;
    int rc;

    if (regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB) != 0)
        return hf_fail(err, HF_EINVALID,
                       "hotfleet.json: change.pattern '%s' is no regular "
                       "expression",
                       pattern);
    rc = regexec(&re, change, 0, NULL, 0);
    regfree(&re);
    if (rc == 0)
        return HF_OK;
    return hf_fail(err, HF_EREFUSED,
                   "change '%s' does not look like one of this fleet (%s)",
                   change, pattern);
}

static int
check_change(const struct hf_fleet *f, const struct hf_ask *ask,
             struct hf_err *err)
{
    int rc;

    if (!hf_action_is_bound(ask->action))
        return HF_OK;
    if (f->change.required && (!ask->change || !*ask->change)) {
        (void)hf_fail(err, HF_EREFUSED, "this fleet wants a change id");
        return hf_hint(err, "add --change ID");
    }
    if (ask->change && f->change.pattern &&
        (rc = change_matches(f->change.pattern, ask->change, err)) < 0)
        return rc;
    if (f->change.hook)
        return hf_fail(err, HF_EREFUSED,
                       "the fleet wants hook '%s' to check the change: this "
                       "version cannot run it",
                       f->change.hook);
    return HF_OK;
}

static int
ring_allowed(const struct hf_adhoc_rule *rule, const char *ring)
{
    for (size_t i = 0; rule->rings && rule->rings[i]; i++) {
        if (ring && strcmp(rule->rings[i], ring) == 0)
            return 1;
    }
    return rule->rings == NULL;
}

static int
check_adhoc(const struct hf_fleet *f, const struct hf_forecasts *all,
            const struct hf_ask *ask, struct hf_err *err)
{
    if (!hf_action_is_bound(ask->action) || ask->planned)
        return HF_OK;
    if (f->adhoc.max_hosts && all->to_do > (size_t)f->adhoc.max_hosts)
        return hf_fail(err, HF_EREFUSED,
                       "%zu host%s: this fleet allows at most %d in one verb",
                       all->to_do, hf_plural(all->to_do), f->adhoc.max_hosts);
    for (size_t i = 0; i < all->len; i++) {
        const struct hf_host *h = all->v[i].state->host;

        if (all->v[i].skip == HF_OUTCOME_COUNT &&
            !ring_allowed(&f->adhoc, h->ring))
            return hf_fail(err, HF_EREFUSED,
                           "host '%s': this fleet does not allow single "
                           "verbs on ring '%s'",
                           h->name, h->ring ? h->ring : "(none)");
    }
    return HF_OK;
}

/* Freezes, exceptions and known issues say "do not"; not being able to read
 * them is no permission. */
static int
check_enforced(const struct hf_fleet *f, const struct hf_ask *ask,
               struct hf_err *err)
{
    if (!f->unenforced || !hf_action_is_bound(ask->action))
        return HF_OK;
    (void)hf_fail(err, HF_EREFUSED,
                  "'%s' may forbid this, and this version cannot enforce it",
                  f->unenforced);
    return hf_hint(err, "express it as a hold on the hosts, or take the file "
                        "out of the fleet's branch");
}

/* What the fleet does not allow is not overridden, whoever asks. */
static int
check_break_glass(const struct hf_fleet *f, const struct hf_ask *ask,
                  struct hf_err *err)
{
    unsigned refused = ask->break_glass & ~f->break_glass;

    for (int i = 0; i < HF_GLASS_COUNT; i++) {
        if (!(refused & 1u << i))
            continue;
        (void)hf_fail(err, HF_EREFUSED,
                      "this fleet does not allow anybody to override '%s'",
                      hf_glass_names[i]);
        return hf_hint(err, "\"break_glass\" in hotfleet.json names what may "
                            "be");
    }
    if (!ask->break_glass || (ask->reason && *ask->reason))
        return HF_OK;
    (void)hf_fail(err, HF_EREFUSED, "breaking the glass wants a reason");
    return hf_hint(err, "add --reason TEXT: it is recorded, and read");
}

static int
is_chosen(const struct hf_forecasts *all, const char *product)
{
    for (size_t i = 0; i < all->len; i++) {
        if (hf_product_used(all->v[i].state, 1, product))
            return 1;
    }
    return 0;
}

/* An old catalogue would call a host current that is not. Products that none
 * of the chosen hosts runs do not matter. */
static int
check_catalogue(const struct hf_fleet *f, const struct hf_forecasts *all,
                const struct hf_ask *ask, struct hf_err *err)
{
    const struct hf_catalogue *c = f->catalogue;
    int64_t now = hf_now();

    if (ask->action != HF_ACTION_APPLY ||
        ask->run || /* of a plan, which names its releases */
        (ask->old_catalogue && ask->reason && *ask->reason))
        return HF_OK;
    for (size_t i = 0; c && i < c->products_len; i++) {
        const struct hf_product *p = &c->products[i];
        int64_t at = hf_product_overdue_at(p);

        if (!at || at >= now || !is_chosen(all, p->id))
            continue;
        (void)hf_fail(err, HF_ESTALE,
                      "the catalogue of '%s' ends %s: newer releases are due",
                      p->id, p->complete_until);
        return hf_hint(err, "add what was released since, or say "
                            "--old-catalogue --reason \"why\"");
    }
    return HF_OK;
}

static int
is_again_on(const struct hf_ask *ask, const char *host)
{
    return ask->again_on && strcmp(ask->again_on, host) == 0;
}

static int
forecast_host(struct hf_session *s, struct hf_forecasts *all,
              const struct hf_ask *ask, const char *name, struct hf_err *err)
{
    const struct hf_state *st = hf_session_state(s, name);
    struct hf_decide_in in = {.action = ask->action,
                              .fleet = s->fleet,
                              .state = st,
                              .again = ask->again || is_again_on(ask, name),
                              .also = ask->also,
                              .break_glass = ask->break_glass,
                              .forecast = 1,
                              .any_time = ask->planned,
                              .now = hf_now()};
    struct hf_forecast *f;

    if (!st)
        return hf_fail(err, HF_ENOTFOUND, "no host '%s' in fleet '%s'", name,
                       s->fleet->name);
    f = HF_PUSH(&all->v, &all->len, &all->cap);
    f->state = st;
    f->skip = hf_decide(&f->order, f->why, f->hint, &in);
    if (f->skip != HF_OUTCOME_COUNT)
        return HF_OK;
    all->to_do++;
    if (f->order.price.restart == HF_RESTART_YES)
        all->restarts++;
    return HF_OK;
}

/* Planned was one release, and now there is another. */
static int
check_levels(const struct hf_forecasts *all, const struct hf_ask *ask,
             struct hf_err *err)
{
    for (size_t i = 0; ask->levels && i < all->len; i++) {
        const struct hf_forecast *f = &all->v[i];

        if (f->skip == HF_OUTCOME_COUNT && ask->levels[i] &&
            strcmp(ask->levels[i], f->order.level_to) != 0)
            return hf_fail(
                err, HF_ESTALE, "superseded: %s would get %s, planned was %s",
                f->state->host->name, f->order.level_to, ask->levels[i]);
    }
    return HF_OK;
}

int
hf_session_forecast(struct hf_session *s, struct hf_forecasts *out,
                    const struct hf_ask *ask, struct hf_err *err)
{
    int rc = HF_OK;

    *out = (struct hf_forecasts){0};
    for (size_t i = 0; i < ask->hosts_len && rc == HF_OK; i++)
        rc = forecast_host(s, out, ask, ask->hosts[i], err);
    if (rc < 0 || (rc = check_levels(out, ask, err)) < 0 ||
        (rc = check_catalogue(s->fleet, out, ask, err)) < 0 ||
        (rc = check_enforced(s->fleet, ask, err)) < 0 ||
        (rc = check_break_glass(s->fleet, ask, err)) < 0 ||
        (rc = check_change(s->fleet, ask, err)) < 0)
        return rc;
    return check_adhoc(s->fleet, out, ask, err);
}

/* What forms and --dry-run show is what people agree to: a host that was left
 * out there is not changed, whatever it says when it is asked. */
static void
remember_agreed(struct hf_session *s, const struct hf_forecasts *all)
{
    free(s->agreed);
    s->agreed = hf_xcalloc(s->states_len + 1, sizeof(*s->agreed));
    for (size_t i = 0; i < all->len; i++) {
        const struct hf_forecast *f = &all->v[i];

        s->agreed[state_index(s, f->state->host)] = f->skip == HF_OUTCOME_COUNT;
    }
}

/* As planned, by host index; empty: nobody said. */
static void
remember_levels(struct hf_session *s, const struct hf_ask *ask)
{
    hf_strs_release(&s->back_to);
    if (ask->action != HF_ACTION_ROLLBACK || !ask->levels)
        return;
    for (size_t i = 0; i < s->states_len; i++)
        hf_strs_add(&s->back_to, "");
    for (size_t i = 0; i < ask->hosts_len; i++) {
        const struct hf_host *h = hf_fleet_find(s->fleet, ask->hosts[i]);
        char **at = h ? &s->back_to.v[state_index(s, h)] : NULL;

        if (!at || !ask->levels[i])
            continue;
        free(*at);
        *at = hf_xstrdup(ask->levels[i]);
    }
}

void
forecast_agree(struct hf_session *s, const struct hf_forecasts *all,
               const struct hf_ask *ask)
{
    remember_agreed(s, all);
    remember_levels(s, ask);
}
