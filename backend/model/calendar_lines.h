/*
 * A rule's spans on the time line, and which rules name which hosts. For
 * calendar*.c only.
 */
#ifndef HF_MODEL_CALENDAR_LINES_H
#define HF_MODEL_CALENDAR_LINES_H

#include "backend/model/calendar.h"

/* All spans of one rule on one clock that touch a stretch of time; sorted,
 * both by `from` and by `to`. */
struct hf_rule_line {
    const struct hf_rule *rule;
    const struct hf_zone *zone;
    const struct hf_period *v;
    const int64_t *run; /* where the last of those that touch v[i] ends */
    size_t len;
};

/* What holds from `from` on, in order; after the last it is to be searched. */
struct hf_known {
    const struct hf_period *v;
    size_t len;
    int64_t from;
};

/* Hosts for which the same rules hold on the same clock. */
struct hf_host_class {
    const struct hf_zone *zone;
    const char *zone_source;
    const struct hf_rule **rules[HF_RULE_KIND_COUNT];
    const struct hf_rule_line **lines[HF_RULE_KIND_COUNT]; /* of those rules */
    size_t len[HF_RULE_KIND_COUNT];
    struct hf_known known[HF_RULE_KIND_COUNT]; /* openings; freezes */
};

struct hf_calendar_index {
    const struct hf_fleet *fleet;
    const uint32_t *class_of; /* of each host */
    struct hf_host_class *classes;
    size_t classes_len;
    int64_t from, to; /* the stretch that the lines know */
};

/* Appends the spans of a rule that touch [from, to). `host_zone` is the clock
 * of rules without one of their own. */
void hf_rule_expand(const struct hf_rule *rule, const struct hf_zone *host_zone,
                    int64_t from, int64_t to, struct hf_periods *out);
/* Where runs of touching spans end; `run` has room for n. */
void hf_periods_runs(const struct hf_period *v, size_t n, int64_t *run);
/* The place of the first span that ends after `t`; len when none does. */
size_t hf_rule_line_find(const struct hf_rule_line *line, int64_t t);

/* Sets class_of, classes and their rules; not their lines. */
void
hf_calendar_classify(struct hf_calendar_index *index,
                     const struct hf_calendar *cal, struct hf_arena *arena);

/* ---- calendar_search.c ---- */

/* The lines of one kind that answer for moments from `t` on: those of the
 * class, or, far from where these were made for, own ones. */
struct hf_search {
    const struct hf_rule_line *const *v;
    size_t len;
    struct hf_rule_line *own;
    size_t own_len;
    const struct hf_rule_line **own_v, **named;
};

void hf_search_begin(struct hf_search *s, const struct hf_calendar_index *index,
                     const struct hf_host_class *k, enum hf_rule_kind kind,
                     int64_t t);
void hf_search_end(struct hf_search *s);
/* Only the rules of these names. */
void hf_search_keep(struct hf_search *s, const char *const *names);
/* From `t` on: the first moment inside a window (or, with `always`, any) and
 * outside every freeze. */
enum hf_opening hf_search_opening(const struct hf_search *windows,
                                  const struct hf_search *freezes, int64_t t,
                                  int always, struct hf_period *out);
/* As hf_calendar_freeze. */
int hf_search_freeze(const struct hf_search *freezes, int64_t t,
                     struct hf_period *out);

#endif
