/*
 * When a product's next baseline comes, which restarts its hosts: as the
 * catalogue has it, else as calendar.json says, else by the vendor's rule.
 * Pure.
 *
 * Windows: planned in January, April, July and October, on the second Tuesday,
 * "not reliable as a rule" (2024-08 and 2026-06 were baselines, too), so the
 * rule comes last. Months of calendar.json count always; between the first and
 * the last one that it plans, no other is planned.
 */
#ifndef HF_MODEL_BASELINE_H
#define HF_MODEL_BASELINE_H

#include "backend/model/calendar.h"

/* How sure a date is, the surest first. */
enum hf_sure {
    HF_SURE_READ,        /* read on the host */
    HF_SURE_PUBLISHED,   /* of a release that is out */
    HF_SURE_ANNOUNCED,   /* by calendar.json, or a row that is to come */
    HF_SURE_RULE,        /* by the vendor's rule, which is not always kept */
    HF_SURE_UNCONFIRMED, /* its source says so */
    HF_SURE_UNKNOWN,
    HF_SURE_COUNT
};
extern const char *const hf_sure_names[HF_SURE_COUNT + 1];

struct hf_baseline {
    int64_t day;   /* ms; 0: none within two years */
    char month[8]; /* "2027-01" */
    int unplanned;
    enum hf_sure sure;
    const struct hf_release *row; /* borrowed from the catalogue, or NULL */
};

/* Released by the month, with baselines in between (Windows); the others are
 * released by the kernel. NULL: no. */
int hf_product_is_monthly(const char *product);

/* 1 when the month "2027-01" brings a baseline; `out` says which. Catalogue
 * and calendar may be NULL. */
int hf_baseline_of(struct hf_baseline *out, const struct hf_catalogue *c,
                   const struct hf_calendar *cal, const char *product,
                   const char *month, int64_t now);
/* The first one that comes after `after`, seen from `now`. */
void hf_baseline_next(struct hf_baseline *out, const struct hf_catalogue *c,
                      const struct hf_calendar *cal, const char *product,
                      int64_t after, int64_t now);

/* The month so many months after "2026-12". */
void hf_month_add(char out[8], const char *month, int months);

#endif
