/*
 * Which restarts hosts will be forced into: when, by what, how sure that is.
 * From where the hosts stand, the catalogue and the calendar; pure. (What an
 * action would do to a host is a forecast of playbooks/session.h.)
 *
 * A restart is forced when putting it off costs cover: a baseline that the
 * next hotpatch builds on, an ordinary update off the track, the end of a
 * kernel's live patches. Microsoft: a host that lacks the newest baseline gets
 * it, with its restart, together with the next month's hotpatch; one that
 * takes no hotpatches gets the month's ordinary update, which restarts.
 */
#ifndef HF_MODEL_OUTLOOK_H
#define HF_MODEL_OUTLOOK_H

#include "backend/base/buf.h"
#include "backend/model/baseline.h"
#include "backend/model/status.h"

enum hf_force {
    HF_FORCE_UNKNOWN,   /* cannot be told */
    HF_FORCE_CHOSEN,    /* what-if: the update that is installed now */
    HF_FORCE_PENDING,   /* the host waits for one already */
    HF_FORCE_SCHEDULED, /* one is scheduled on the host */
    HF_FORCE_BASELINE,
    HF_FORCE_UNPLANNED, /* a baseline that was not planned */
    HF_FORCE_UPDATE,    /* the month's ordinary update: it takes no hotpatch */
    HF_FORCE_SUPPORT,   /* live patches for its kernel end */
    HF_FORCE_PROGRAMME, /* hotpatches for its product end */
    HF_FORCE_COUNT
};
extern const char *const hf_force_names[HF_FORCE_COUNT + 1];

enum hf_forced_flag {
    HF_FORCED_DEADLINE = 1 << 0, /* `by` is the deadline set on the host */
    HF_FORCED_SKIPPED = 1 << 1,  /* what-if: not in its own month */
    HF_FORCED_EARLIER = 1 << 2,  /* whether one is pending is not known */
};

struct hf_forced {
    enum hf_force force;
    enum hf_sure sure;
    int64_t at;                   /* ms: from then on; 0: not known */
    int64_t by;                   /* ms: at the latest; 0: nothing says */
    char month[8];                /* of the baseline or update, or empty */
    const struct hf_release *row; /* borrowed from the catalogue, or NULL */
    unsigned flags;               /* enum hf_forced_flag */
};

/* What is supposed for a moment. {0} is nothing. */
struct hf_what_if {
    int skip_baseline; /* this quarter's baseline is not taken in its month */
    const char *kb;    /* "KB5121768" is installed now, or NULL */
};

/* The baselines of one product from the newest that is out on. */
#define HF_OUTLOOK_BASELINES 16
struct hf_outlook_line {
    const char *id;
    struct hf_baseline v[HF_OUTLOOK_BASELINES]; /* by day; the first one is
                                                   out, when it has a row */
    int64_t by[HF_OUTLOOK_BASELINES]; /* beside: the next release day */
    size_t len;
    size_t skipped; /* its place in `v`; HF_OUTLOOK_BASELINES: none */
    const struct hf_release *rows; /* of the product, those that are out */
    size_t rows_len;
    const struct hf_release *ordinary; /* the newest with a restart, or NULL */
    const struct hf_release *chosen;   /* what-if.kb, or NULL */
    int64_t ends;                      /* the first release day without */
    enum hf_sure ends_sure;
};

/* A plain value; borrows from catalogue and what-if. */
struct hf_outlook {
    int64_t now;
    struct hf_what_if what_if;
    struct hf_outlook_line v[8];
    size_t len;
};

/* Catalogue and calendar may be NULL, and so may `what_if`. */
void hf_outlook_init(struct hf_outlook *out, const struct hf_catalogue *c,
                     const struct hf_calendar *cal,
                     const struct hf_what_if *what_if, int64_t now);
/* 1 when some product of the catalogue has what-if.kb. */
int hf_outlook_knows_kb(const struct hf_outlook *o);

/* The next one; HF_FORCE_UNKNOWN with at 0 when it cannot be told. */
void hf_outlook_first(struct hf_forced *out, const struct hf_outlook *o,
                      const struct hf_standing *s);
/* The one after `before`, when that is carried out in time; 0: none is in
 * sight. */
int
hf_outlook_next(struct hf_forced *out, const struct hf_outlook *o,
                const struct hf_standing *s, const struct hf_forced *before);

/* Is what it installs downloaded? Of an update that is out; else unknown. */
enum hf_staged
hf_forced_staged(const struct hf_forced *f, const struct hf_standing *s);

/* "planned baseline of 2027-01 (by-rule)", and what is special about it;
 * without the date. Of UNKNOWN why, in the words of the standing. */
void hf_forced_say(struct hf_buf *out, const struct hf_forced *f,
                   const struct hf_standing *s);
/* The same behind the days: "from 2027-01-12, by 2027-02-09: planned ...", or
 * "on 2027-06-21: ...". */
void hf_forced_say_when(struct hf_buf *out, const struct hf_forced *f,
                        const struct hf_standing *s);
/* "baseline 2027-01", "pending": for a column of HF_FORCED_BRIEF_COLS. */
#define HF_FORCED_BRIEF_COLS 16
void hf_forced_brief(struct hf_buf *out, const struct hf_forced *f);
/* What would make it come later, or not at all, as one clause. */
const char *
hf_forced_moves(const struct hf_forced *f, const struct hf_standing *s);

#endif
