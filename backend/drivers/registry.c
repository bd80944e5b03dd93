/* Which drivers there are, which one a host has, and what it says of it. */
#include <string.h>

#include "backend/base/names.h"
#include "backend/base/text.h"
#include "backend/drivers/driver.h"
#include "backend/drivers/livepatch/livepatch.h"
#include "backend/drivers/restarted.h"
#include "backend/drivers/shared.h"
#include "backend/drivers/windows/windows.h"
#include "backend/model/calendar.h"
#include "backend/model/exception.h"

/* The more special platform stands first: "auto" takes the first claim. */
const struct hf_driver *const hf_drivers[] = {
    &hf_driver_livepatch,
    &hf_driver_windows,
    NULL,
};

const struct hf_driver *
hf_driver_find(const char *name)
{
    for (const struct hf_driver *const *d = hf_drivers; name && *d; d++) {
        if (strcmp((*d)->name, name) == 0)
            return *d;
    }
    return NULL;
}

const struct hf_driver *
hf_driver_claim(const struct hf_facts *facts)
{
    for (const struct hf_driver *const *d = hf_drivers; *d; d++) {
        if ((*d)->claims(facts))
            return *d;
    }
    return NULL;
}

const struct hf_script *
hf_driver_job(const struct hf_driver *driver, enum hf_action action)
{
    return action == HF_ACTION_STAGE ? driver->stage_job : driver->job;
}

const struct hf_driver *
hf_driver_by_banner(const char *banner)
{
    const struct hf_driver *plain = NULL;

    for (const struct hf_driver *const *d = hf_drivers; *d; d++) {
        if (!(*d)->banner)
            plain = plain ? plain : *d;
        else if (banner && strstr(banner, (*d)->banner))
            return *d;
    }
    return plain;
}

static int
names_platform(const struct hf_host *host)
{
    return host->platform && strcmp(host->platform, "auto") != 0;
}

const struct hf_driver *
hf_driver_of(const struct hf_host *host, const struct hf_facts *facts)
{
    return names_platform(host) ? hf_driver_find(host->platform)
                                : hf_driver_claim(facts);
}

int
hf_driver_lacks(const struct hf_host *host)
{
    return names_platform(host) && !hf_driver_find(host->platform);
}

/* By the facts, else by the inventory; as the static word for it. */
static const char *
product_of(const struct hf_host *host, const struct hf_facts *facts,
           const struct hf_driver *driver)
{
    const char *product = NULL;
    int i;

    if (driver)
        product =
            driver->product_of ? driver->product_of(facts) : driver->product;
    if (!product && host)
        product = host->product;
    i = product ? hf_name_index(hf_product_ids, product) : -1;
    return i < 0 ? NULL : hf_product_ids[i];
}

int
hf_product_used(const struct hf_state *states, size_t n, const char *id)
{
    for (size_t i = 0; i < n; i++) {
        const char *product = states[i].status.product;

        if (product && strcmp(product, id) == 0)
            return 1;
    }
    return 0;
}

/* Another machine answers under the name. */
static int
is_another(const struct hf_record *r)
{
    const char *id = hf_facts_get(&r->facts, "machine.id");

    return id && r->recent.machine_id[0] &&
           strcmp(id, r->recent.machine_id) != 0;
}

/* What inventory, calendar, last contact and first contact say, whatever the
 * platform. */
static unsigned
flags_of(const struct hf_state *state, const struct hf_record *r,
         const struct hf_fleet *fleet, int64_t now)
{
    struct hf_period freeze;
    unsigned flags = 0;

    if (state->host && state->host->hold)
        flags |= HF_FLAG_HELD;
    if (state->host && hf_exception_of(fleet, state->host, now))
        flags |= HF_FLAG_EXCEPTED;
    if (state->net[0] && strcmp(state->net, "done") != 0)
        flags |= HF_FLAG_UNREACHABLE;
    if (is_another(r))
        flags |= HF_FLAG_IDENTITY_CHANGED;
    if (fleet->calendar && state->host &&
        hf_calendar_freeze(fleet->calendar, state->host, now, &freeze))
        flags |= HF_FLAG_FROZEN;
    return flags;
}

void
hf_judge_in_init(struct hf_judge_in *in, const struct hf_state *state,
                 const struct hf_fleet *fleet, int64_t now)
{
    const struct hf_record *r = hf_state_record(state);

    *in = (struct hf_judge_in){.host = state->host,
                               .facts = &r->facts,
                               .findings = hf_state_findings(state),
                               .catalogue = fleet->catalogue,
                               .calendar = fleet->calendar,
                               .recent = &r->recent,
                               .baseline = &r->baseline,
                               .now = now};
}

void
hf_fixes_of(struct hf_fixes *out, const struct hf_state *state,
            const struct hf_fleet *fleet, int64_t now)
{
    const struct hf_facts *facts = &hf_state_record(state)->facts;
    const struct hf_driver *driver = hf_driver_of(state->host, facts);
    struct hf_judge_in in;

    hf_fixes_start(out, NULL, 0);
    if (!facts->len) {
        hf_say(out->why, sizeof(out->why), "never asked");
    } else if (!driver || !driver->fixes) {
        hf_say(out->why, sizeof(out->why),
               "no driver of this version knows its platform");
    } else {
        in = (struct hf_judge_in){.host = state->host,
                                  .facts = facts,
                                  .catalogue = fleet->catalogue,
                                  .now = now};
        driver->fixes(out, &in);
    }
}

void
hf_track_of(struct hf_track *out, const struct hf_state *state,
            const struct hf_fleet *fleet, int64_t now)
{
    const struct hf_facts *facts = &hf_state_record(state)->facts;
    const struct hf_driver *driver = hf_driver_of(state->host, facts);
    struct hf_judge_in in;

    *out = (struct hf_track){0};
    hf_judge_in_init(&in, state, fleet, now);
    if (driver && driver->track && facts->len)
        driver->track(out, &in);
}

void
hf_releases_of(struct hf_strs *out, const struct hf_state *state,
               const struct hf_fleet *fleet, int64_t now)
{
    const struct hf_facts *facts = &hf_state_record(state)->facts;
    const struct hf_driver *driver = hf_driver_of(state->host, facts);
    struct hf_judge_in in;

    hf_judge_in_init(&in, state, fleet, now);
    if (driver && facts->len)
        driver->releases(out, &in);
}

void
hf_order_of(struct hf_order *out, enum hf_action action,
            const struct hf_state *state, const struct hf_fleet *fleet,
            int64_t now)
{
    const struct hf_facts *facts = &hf_state_record(state)->facts;
    const struct hf_driver *driver = hf_driver_of(state->host, facts);
    struct hf_judge_in in;

    hf_judge_in_init(&in, state, fleet, now);
    if (driver && facts->len)
        driver->order(out, action, &in);
}

/* Rows about files of the fleet, whatever the platform. */
static const struct hf_check *const fleet_checks[] = {
    &hf_check_known_issue,
    NULL,
};

void
hf_find(struct hf_findings *out, const struct hf_state *state,
        const struct hf_fleet *fleet, int64_t now)
{
    const struct hf_record *r = hf_state_record(state);
    const struct hf_driver *driver = hf_driver_of(state->host, &r->facts);
    char id_key[] = "machine.id", id[sizeof(r->recent.machine_id)];
    struct hf_fact enrolled = {.key = id_key, .value = id};
    const struct hf_facts before = {.v = &enrolled, .len = 1};
    struct hf_check_in look = {
        .host = state->host,
        .facts = &r->facts,
        .catalogue = fleet->catalogue,
        .fleet = fleet,
        .product = product_of(state->host, &r->facts, driver),
        .before = &before,
        .now = now,
    };

    memcpy(id, r->recent.machine_id, sizeof(id));
    if (driver && r->facts.len)
        hf_checks_run(out, driver->checks, &look);
    if (r->facts.len && fleet->issues_len)
        hf_checks_run(out, fleet_checks, &look);
}

/* A flag, and in `why` what is known of it. */
static unsigned
restarted_flag(char why[HF_WHY_LEN], const struct hf_state *state,
               const struct hf_record *r, const struct hf_fleet *fleet,
               int64_t now)
{
    struct hf_restarted it;
    struct hf_buf text = {0};

    if (!state->host ||
        !hf_restarted(&it, r, state->host, fleet->calendar, now))
        return 0;
    hf_restarted_say(&text, &it, state->host, fleet->calendar);
    hf_say(why, HF_WHY_LEN, "%s", hf_buf_str(&text));
    hf_buf_release(&text);
    return HF_FLAG_RESTARTED;
}

static unsigned
issue_flag(const struct hf_findings *findings)
{
    const struct hf_finding *f =
        hf_findings_find(findings, hf_check_known_issue.name);

    return f && f->verdict != HF_VERDICT_PASS ? HF_FLAG_KNOWN_ISSUE : 0;
}

void
hf_judge(struct hf_state *state, const struct hf_fleet *fleet, int64_t now)
{
    const struct hf_record *r = hf_state_record(state);
    const struct hf_driver *driver = hf_driver_of(state->host, &r->facts);
    unsigned flags = flags_of(state, r, fleet, now);
    struct hf_status status = {0};
    struct hf_judge_in in;

    if (hf_facts_stale(&r->facts, fleet->stale_after, now))
        flags |= HF_FLAG_STALE;
    hf_findings_release(&state->findings);
    hf_find(&state->findings, state, fleet, now);
    state->has_findings = 1;
    flags |= issue_flag(&state->findings);
    if (driver && r->facts.len) {
        hf_judge_in_init(&in, state, fleet, now);
        driver->judge(&status, &in);
    }
    status.flags |= flags;
    status.flags |= restarted_flag(status.restarted_why, state, r, fleet, now);
    status.product = product_of(state->host, &r->facts, driver);
    hf_standing_set(&state->status, &status);
    state->asked = r->facts.len > 0;
    state->newest = hf_facts_newest(&r->facts);
    state->last_at = r->recent.at;
}
