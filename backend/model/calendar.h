/*
 * The calendar of a fleet (calendar.json): when hosts may be changed and
 * restarted, and when nothing may start. Data and pure rules; reading the
 * files is left to inventory.
 *
 * The rules in one place:
 *   - a host that no change window names may be changed at any time;
 *   - a host that no restart window names is never restarted;
 *   - a freeze beats every window;
 *   - a rule without "for" names every host.
 * A rule's clock is that of its own time zone, else the host's, else that of
 * the host's site, else the calendar's, else UTC. An opening that the clock
 * jumps over in spring comes that much later; one that comes twice in autumn
 * counts once, at the first.
 */
#ifndef HF_MODEL_CALENDAR_H
#define HF_MODEL_CALENDAR_H

#include <stddef.h>
#include <stdint.h>

#include "backend/base/zone.h"
#include "backend/model/host.h"
#include "backend/model/scope.h"
#include "backend/model/status.h"

#define HF_NEVER INT64_MAX

enum hf_rule_kind {
    HF_RULE_CHANGE,  /* a window in which the host may be changed */
    HF_RULE_RESTART, /* a window in which it may be restarted */
    HF_RULE_FREEZE,  /* nothing may start */
    HF_RULE_KIND_COUNT
};
extern const char *const hf_rule_kind_names[HF_RULE_KIND_COUNT + 1];
/* "change window", "restart window", "freeze". */
extern const char *const hf_rule_kind_titles[HF_RULE_KIND_COUNT];
/* For the hosts that a rule names: "they may be restarted in it". */
extern const char *const hf_rule_kind_means[HF_RULE_KIND_COUNT];

enum hf_repeat {
    HF_REPEAT_ONCE,    /* `from` to `to` */
    HF_REPEAT_DATES,   /* on `days` */
    HF_REPEAT_WEEKLY,  /* on `weekdays` */
    HF_REPEAT_MONTHLY, /* "second tuesday + 4 days", in `months` */
    HF_REPEAT_EVENTS,  /* those of an iCalendar file */
};

/* The nth such day of a month, and so many days after it. */
struct hf_monthly {
    int nth;     /* 1 to 5; -1: the last */
    int weekday; /* 0 = Monday; 7: any day */
    int plus;    /* may be negative */
};

/* Of an iCalendar file. Moments; local times when `local`. */
struct hf_occasion {
    int64_t from, to;
    const char *title; /* or NULL */
    int local;
    unsigned flags; /* HF_PERIOD_...; of a local one it is told later */
};

struct hf_rule {
    const char *name;
    const char *reason; /* or NULL */
    enum hf_rule_kind kind;
    struct hf_scope scope;
    const struct hf_zone *zone; /* its own, or NULL */
    enum hf_repeat repeat;
    struct hf_monthly monthly;
    unsigned months;     /* bit 0 = January; 0: every month */
    unsigned weekdays;   /* bit 0 = Monday */
    const int64_t *days; /* HF_REPEAT_DATES: sorted, see hf_day */
    size_t days_len;
    int64_t at;       /* ms after midnight */
    int64_t length;   /* ms; whole days are days of the calendar */
    int64_t from, to; /* local; of a repeated rule: of its starts */
    const struct hf_occasion *occasions; /* sorted by from */
    size_t occasions_len;
};

enum {
    HF_PERIOD_MOVED = 1 << 0, /* its start is skipped by the clock: later */
    HF_PERIOD_TWICE = 1 << 1, /* its start comes twice: the first */
};

/* From `from` on and before `to`; INT64_MIN: from ever, HF_NEVER: for ever. */
struct hf_period {
    int64_t from, to;
    const struct hf_rule *rule; /* NULL: no rule, allowed at any time */
    const char *title;          /* of the occasion, else the rule's name */
    unsigned flags;
};

/* What the clock does to its start, for people: "the clock skips its start:
 * later that night"; NULL: nothing. */
const char *hf_period_clock(const struct hf_period *p);

struct hf_periods {
    struct hf_period *v;
    size_t len, cap;
};

/* When restarts are due for a product, as announced: "2026-10". */
struct hf_baselines {
    const char *product;
    const char *const *planned; /* months, NULL-terminated, never NULL */
    const char *const *unplanned;
    const char *source, *certainty; /* or NULL */
};

struct hf_site_zone {
    const char *site;
    const struct hf_zone *zone;
};

struct hf_calendar_index;

/* In the fleet's arena, as everything in it. */
struct hf_calendar {
    const struct hf_rule *rules; /* in the order of the file */
    size_t rules_len;
    const struct hf_baselines *baselines;
    size_t baselines_len;
    const struct hf_zone *zone; /* for all, or NULL: UTC */
    const struct hf_site_zone *sites;
    size_t sites_len;
    const struct hf_zone *const *zones; /* every zone that hosts name, too */
    size_t zones_len;
    const struct hf_zone *utc;
    /* iCalendar rules without end are known until then; 0: there are none */
    int64_t known_until;
    char hash[65]; /* SHA-256 over all that decides; not notes and names */
    const struct hf_calendar_index *index; /* see hf_calendar_prepare */
};

/* Prepares the answers for all hosts, in the fleet's arena: to be called once,
 * when calendar and hosts are complete. Moments around `now` are looked up
 * fastest. */
void hf_calendar_prepare(struct hf_calendar *cal, const struct hf_fleet *fleet,
                         int64_t now);

enum hf_opening {
    HF_OPEN_NOW,   /* `out` holds the moment asked for */
    HF_OPEN_LATER, /* `out` is the next opening */
    HF_OPEN_NEVER, /* none within HF_CALENDAR_AHEAD */
};
#define HF_CALENDAR_AHEAD (5 * 365 * (int64_t)24 * 60 * 60 * 1000) /* ms */

/*
 * May the host be changed (or restarted) at `t`: until when, else from when
 * on? Freezes are taken into account; windows that touch count as one, whose
 * rule is that of its start. kind is not HF_RULE_FREEZE. Without a calendar
 * (NULL) changes are always open, restarts never.
 */
enum hf_opening
hf_calendar_window(const struct hf_calendar *cal, const struct hf_host *host,
                   enum hf_rule_kind kind, int64_t t, struct hf_period *out);
/* The same with the windows of these names alone (a playbook's choice): NULL,
 * all of them; one that does not name the host never opens for it. */
enum hf_opening
hf_calendar_window_named(const struct hf_calendar *cal,
                         const struct hf_host *host, enum hf_rule_kind kind,
                         const char *const *names, int64_t t,
                         struct hf_period *out);
/* 1: frozen at `t`, by the rule in `out`, until out->to. 0: not; `out` is the
 * next freeze, with from == HF_NEVER when there is none. */
int
hf_calendar_freeze(const struct hf_calendar *cal, const struct hf_host *host,
                   int64_t t, struct hf_period *out);
/* Every window and freeze of the host that touches [from, to), sorted by
 * start; windows as written, also where a freeze lies over them. Appends. */
void
hf_calendar_expand(const struct hf_calendar *cal, const struct hf_host *host,
                   int64_t from, int64_t to, struct hf_periods *out);

/*
 * 1 when it is open now. Else `why` is a sentence for people that names the
 * rule and the next opening in the host's time: "outside its change windows:
 * the next one, 'patch night', opens 2026-12-12 22:00 CET"; "frozen by 'year
 * end' until 2027-01-07 00:00 CET".
 */
int
hf_calendar_admits(const struct hf_calendar *cal, const struct hf_host *host,
                   enum hf_rule_kind kind, int64_t t, char why[HF_WHY_LEN]);

/* A choice among the windows, as playbooks make it. */
struct hf_window_choice {
    const char *const *names; /* only these; NULL: all of them */
    int64_t before_end;       /* ms: not so shortly before one ends */
};
/* The same with these alone. `until`: when to ask again; 0: not known. */
int hf_calendar_admits_some(const struct hf_calendar *cal,
                            const struct hf_host *host, enum hf_rule_kind kind,
                            const struct hf_window_choice *of, int64_t t,
                            int64_t *until, char why[HF_WHY_LEN]);

/* The rules of one kind that name the host, the i-th; NULL: no more. */
const struct hf_rule *
hf_calendar_rule(const struct hf_calendar *cal, const struct hf_host *host,
                 enum hf_rule_kind kind, size_t i);
/* The host's time zone, and who says so: "host", "site 'berlin'",
 * "calendar.json", "nobody: UTC". */
const struct hf_zone *
hf_calendar_zone(const struct hf_calendar *cal, const struct hf_host *host);
const char *hf_calendar_zone_source(const struct hf_calendar *cal,
                                    const struct hf_host *host);

/* Hosts of one class have the same answers; classes are numbered from 0. */
size_t
hf_calendar_class(const struct hf_calendar *cal, const struct hf_host *host);
size_t hf_calendar_classes(const struct hf_calendar *cal);

/* NULL: nothing is known of that product's months. */
const struct hf_baselines *
hf_calendar_baselines(const struct hf_calendar *cal, const char *product);

#endif
