/*
 * A driver: one host platform as a const record. Pure: it turns facts into
 * orders and replies into facts; it never connects. The engine runs it.
 */
#ifndef HF_DRIVERS_DRIVER_H
#define HF_DRIVERS_DRIVER_H

#include "backend/checks/check.h"
#include "backend/drivers/dialect.h"
#include "backend/model/exposure.h"
#include "backend/model/track.h"

/* The job protocol, in the order in which the engine uses it. All run with
 * rights except PROBE. See docs/protocol.md for keys in and out. */
enum hf_driver_script {
    HF_SCRIPT_PROBE,    /* reads everything, changes nothing */
    HF_SCRIPT_BEGIN,    /* takes the job folder: the lock */
    HF_SCRIPT_START,    /* detaches the uploaded job body */
    HF_SCRIPT_POLL,     /* state, heartbeat, log tail, result */
    HF_SCRIPT_END,      /* keeps the folder under done/, frees the lock */
    HF_SCRIPT_CALL_OFF, /* outside of that order: no restart after all */
    HF_DRIVER_SCRIPT_COUNT
};

struct hf_judge_in {
    const struct hf_host *host;
    const struct hf_facts *facts;
    const struct hf_findings *findings;
    const struct hf_catalogue *catalogue;
    const struct hf_calendar *calendar; /* NULL: there is none */
    const struct hf_recent *recent;
    const struct hf_facts *baseline; /* from before that run; may be empty */
    const struct hf_also *also; /* for a restart-update; NULL: nothing else */
    int64_t now;
};

struct hf_driver {
    const char *name; /* stored in inventories; never changes */
    const char *title;
    const char *product; /* catalogue id when it is always the same */
    /* Else: the catalogue id by the facts, or NULL when they do not say. */
    const char *(*product_of)(const struct hf_facts *facts);
    /* What the banner of its hosts' SSH server holds; NULL: nothing that would
     * tell them apart. */
    const char *banner;
    /* What to look at when such a server refuses a key; NULL: nothing that
     * would be special. */
    const char *refuses;
    const struct hf_dialect *dialect;
    const struct hf_script *scripts[HF_DRIVER_SCRIPT_COUNT];
    const struct hf_script *job; /* the body that BEGIN's folder receives */
    /* The same for HF_ACTION_STAGE: it holds nothing that could install. NULL:
     * the driver's orders never stage anything. */
    const struct hf_script *stage_job;
    const struct hf_check *const *checks;   /* eligibility */
    const struct hf_check *const *criteria; /* verification */
    /* The same after a restart that was ordered. */
    const struct hf_check *const *restart_criteria;
    const struct hf_check *const *stage_criteria; /* with stage_job */
    /* Parameters for the probe (health checks of the host, ...). */
    void (*probe_params)(struct hf_params *out, const struct hf_host *host);
    /* 1 when these facts (of a probe) are this platform's; for "auto". */
    int (*claims)(const struct hf_facts *facts);
    /* Axes, level, target, reasons, from facts. Flags that need the fleet
     * (held, stale, unreachable) are the caller's. */
    void (*judge)(struct hf_status *out, const struct hf_judge_in *in);
    /* The host's way along its product's releases, for pictures; NULL: the
     * platform has no baselines. */
    void (*track)(struct hf_track *out, const struct hf_judge_in *in);
    /* Adds the releases that are in effect, as far as the catalogue knows
     * them: KB numbers, names of livepatch modules. */
    void (*releases)(struct hf_strs *out, const struct hf_judge_in *in);
    /* Of which releases of its product (or kernel) the fixes are in effect, by
     * facts, catalogue and day alone; into a set that may have been used
     * before. */
    void (*fixes)(struct hf_fixes *out, const struct hf_judge_in *in);
    /* What `action` would do here and at what price. A refusal is not an
     * error: price.possible = 0 with the reason. Verify: what must hold, as
     * parameters for the criteria; not possible where nothing is to be
     * proven, which ends unverified. */
    void (*order)(struct hf_order *out, enum hf_action action,
                  const struct hf_judge_in *in);
    /* The job's result (keys with or without POLL's "result."), as one
     * sentence about a failure, with the kernel's or installer's words
     * explained. */
    void (*explain)(struct hf_err *out, const struct hf_facts *result);
};

extern const struct hf_driver *const hf_drivers[]; /* NULL-terminated */
/* Borrowed, or NULL. */
const struct hf_driver *hf_driver_find(const char *name);
/* For `platform` "auto": by the facts of a probe; NULL when nobody claims. */
const struct hf_driver *hf_driver_claim(const struct hf_facts *facts);

/* The driver of a host: by its platform, else by the facts, else NULL. */
const struct hf_driver *
hf_driver_of(const struct hf_host *host, const struct hf_facts *facts);
/* 1 when the host names its platform, and this version has no driver for it:
 * it is left alone. */
int hf_driver_lacks(const struct hf_host *host);
#define HF_NO_DRIVER "no driver '%s' in this version"

/* The body of the job for that action; NULL: none. */
const struct hf_script *
hf_driver_job(const struct hf_driver *driver, enum hf_action action);

/* By the banner of the server: the driver that knows a word of it, else the
 * first one that has none. Never NULL. */
const struct hf_driver *hf_driver_by_banner(const char *banner);

/* 1 when one of these hosts, once judged, runs it. */
int hf_product_used(const struct hf_state *states, size_t n, const char *id);

/* The driver's eligibility checks over what is recorded; into an empty `out`.
 */
void hf_find(struct hf_findings *out, const struct hf_state *state,
             const struct hf_fleet *fleet, int64_t now);
/* What the driver's hooks look at, taken from a state. */
void hf_judge_in_init(struct hf_judge_in *in, const struct hf_state *state,
                      const struct hf_fleet *fleet, int64_t now);
/* Judges with the host's driver (by name, else by the facts): findings and
 * status are replaced. Without facts everything is unknown. */
void
hf_judge(struct hf_state *state, const struct hf_fleet *fleet, int64_t now);
/* Adds the releases that are in effect on it: see hf_driver.releases. */
void hf_releases_of(struct hf_strs *out, const struct hf_state *state,
                    const struct hf_fleet *fleet, int64_t now);
/* The fixes that are in effect on it: see hf_driver.fixes. */
void hf_fixes_of(struct hf_fixes *out, const struct hf_state *state,
                 const struct hf_fleet *fleet, int64_t now);
/* What `action` would do there by what is recorded: see hf_driver.order; into
 * an empty `out`. */
void hf_order_of(struct hf_order *out, enum hf_action action,
                 const struct hf_state *state, const struct hf_fleet *fleet,
                 int64_t now);
/* Its way along the releases; empty where the platform has none, or nothing
 * is known. To be released. */
void hf_track_of(struct hf_track *out, const struct hf_state *state,
                 const struct hf_fleet *fleet, int64_t now);

#endif
