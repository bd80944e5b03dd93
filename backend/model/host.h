/*
 * A host as the inventory describes it, and the fleet snapshot that owns all
 * hosts. A snapshot never changes; a reload makes a new one.
 */
#ifndef HF_MODEL_HOST_H
#define HF_MODEL_HOST_H

#include <stddef.h>
#include <stdint.h>

#include "backend/base/mem.h"
#include "backend/model/release.h"

struct hf_pair {
    const char *key, *value;
};

struct hf_pairs {
    const struct hf_pair *v;
    size_t len;
};

/* A health check of the host's owner; exactly one of unit and port. */
struct hf_health {
    const char *name;
    const char *unit; /* systemd unit that must be active */
    int port;         /* TCP port that must be listening */
};

/* One account for reading, one for acting. */
struct hf_login {
    const char *user;
    const char *identity; /* key file, or NULL: agent */
};

/* Every string lives in the fleet's arena; absent ones are NULL. */
struct hf_host {
    const char *name; /* unique without regard to case */
    const char *address;
    int port;
    struct hf_login check; /* from host, ring or fleet defaults */
    struct hf_login act;
    const char *hostkey;  /* pinned "type base64" */
    const char *platform; /* driver name or "auto" */
    const char *product;  /* catalogue id or NULL */
    const char *ring;     /* NULL = in no ring */
    const char *site, *timezone, *jump, *note;
    const char *hold; /* reason; non-NULL = held */
    struct hf_pairs domains, attributes;
    const char *const *tags; /* NULL-terminated, never NULL */
    const struct hf_health *health;
    size_t health_len;
    const char *path; /* its file in the repository */
    char blob[41];    /* object id of that file */
};

struct hf_ring {
    const char *name;
    const char *note;
    int64_t soak_ms;
};

/* hotfleet.json "change": what a changing verb must be given. */
struct hf_change_rule {
    int required;
    const char *pattern; /* POSIX extended, or NULL */
    const char *hook;    /* executable under hooks/, or NULL */
};

/* hotfleet.json "adhoc": bounds for single verbs. 0 / NULL = none set. */
struct hf_adhoc_rule {
    int max_hosts;
    int parallel;
    const char *const *rings; /* NULL-terminated, or NULL: any */
};

/* hotfleet.json "restarts": bounds over all runs of everybody; 0: none. */
struct hf_restart_rule {
    int at_once; /* hosts that are down for a restart at the same time */
    int per_day; /* that restart within any 24 hours */
};

/* hotfleet.json "goal": so many of 100 covered hosts are to be current so many
 * days after a release. {0} = none set. */
struct hf_goal_rule {
    int percent, days;
};

/* hotfleet.json "costs", in whole units of the currency; -1 = not stated. */
struct hf_costs {
    const char *currency;          /* "USD" */
    int restart_low, restart_high; /* of one restart of one host */
    int restart_minutes;           /* that people spend on one */
    int rollback, fallback;        /* of one each, beside the restart */
    /* Of hotpatching: the whole fleet as billed; or so many cores, at so many
     * hundredths a core, a month */
    int licence_month, cores, licence_core_cents;
};

struct hf_block;        /* see backend/model/block.h */
struct hf_calendar;     /* see backend/model/calendar.h */
struct hf_issue;        /* see backend/model/known_issue.h */
struct hf_entitlements; /* see backend/model/entitlement.h */
struct hf_exception;    /* see backend/model/exception.h */
struct hf_excuse;

struct hf_fleet {
    const char *name;
    const char *note;
    const char *dir;    /* repository path */
    const char *branch; /* short name; NULL when HEAD is detached */
    char commit[41];
    char root_commit[41];
    int bare;
    int dirty;     /* work tree differs from the commit */
    int simulated; /* hotfleet.json "simulated": true */
    const struct hf_ring *rings;
    size_t rings_len;
    const struct hf_host *hosts; /* sorted naturally by name */
    size_t hosts_len;
    const struct hf_catalogue *catalogue;
    const struct hf_calendar *calendar; /* NULL: there is no calendar.json */
    const struct hf_issue *issues;      /* rules about known issues */
    size_t issues_len;
    const struct hf_block *blocks; /* releases that nothing may apply */
    size_t blocks_len;
    const struct hf_exception *exceptions; /* also those that are over */
    size_t exceptions_len;
    const struct hf_excuse *excuses; /* their hosts: hf_exceptions_bind */
    size_t excuses_len;
    const struct hf_entitlements *entitlements; /* by imports */
    size_t entitlements_len;
    int64_t stale_after; /* ms */
    int parallel;
    struct hf_change_rule change;
    struct hf_adhoc_rule adhoc;
    unsigned break_glass; /* rules that may be overridden: enum hf_glass */
    struct hf_restart_rule restarts;
    struct hf_goal_rule goal;
    struct hf_costs costs;
    const char *ledger_branch; /* "ledger" */
    const char *ledger_remote; /* or NULL: local only */
    int ledger_sign;
    /* A committed file that restrains what may be changed, and that this
     * version does not enforce; NULL: none. Nothing is changed while it is
     * there. */
    const char *unenforced;
    struct hf_arena *arena;
    const uint32_t *index; /* see hf_fleet_index */
    size_t index_size;
};

/* `fleet` itself comes from HF_NEW; everything in it lives in its arena. */
void hf_fleet_free(struct hf_fleet *fleet);
/* Builds the index that makes hf_fleet_find fast, in the arena. To be called
 * once, when the hosts are complete. */
void hf_fleet_index(struct hf_fleet *fleet);
/* Without regard to case; borrowed from the fleet, or NULL. Without an index
 * it looks at every host. */
const struct hf_host *
hf_fleet_find(const struct hf_fleet *fleet, const char *name);
const struct hf_ring *
hf_fleet_ring(const struct hf_fleet *fleet, const char *name);
const char *hf_pairs_get(const struct hf_pairs *pairs, const char *key);

/* Letters and digits of any script, ". _ -", starts with a
 * letter or digit, at most 253 bytes. NULL when valid, else what is wrong. */
const char *hf_host_name_problem(const char *name);
/* DNS name or numeric address; NULL when valid, else what is wrong. */
const char *hf_address_problem(const char *address);
const char *hf_user_problem(const char *user);

#endif
