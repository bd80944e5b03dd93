/*
 * What is open on a fleet, and through whom: counts of CVEs for all hosts, for
 * each ring, and for each exception and hold that leaves them so. From
 * recorded facts; contacts nobody.
 */
#ifndef HF_PLAYBOOKS_EXPOSURE_H
#define HF_PLAYBOOKS_EXPOSURE_H

#include "backend/model/exception.h"
#include "backend/model/exposure.h"
#include "backend/model/state.h"

enum hf_exposed_kind {
    HF_EXPOSED_ALL, /* one, the first */
    HF_EXPOSED_RING,
    HF_EXPOSED_EXCEPTION, /* that holds now */
    HF_EXPOSED_HOLD,      /* hosts held for one reason */
    HF_EXPOSED_KIND_COUNT
};

struct hf_exposed {
    enum hf_exposed_kind kind;
    const char *name; /* ring (NULL: in none), exception, reason of a hold */
    const struct hf_exception *exception;
    struct hf_exposure_group group;
};

/* {0} is none. Texts and catalogue are borrowed from the fleet. */
struct hf_exposure_report {
    struct hf_exposure x; /* its hosts are `states`, in that order */
    struct hf_exposed *v; /* by kind, in the order of the fleet's files */
    size_t len, cap;
};

void hf_exposure_report_make(struct hf_exposure_report *out,
                             const struct hf_fleet *fleet,
                             const struct hf_state *const *states, size_t n,
                             int64_t now);
void hf_exposure_report_release(struct hf_exposure_report *r);
/* The line of an exception that holds; NULL: none of its hosts is there. */
const struct hf_exposed *
hf_exposure_report_exception(const struct hf_exposure_report *r,
                             const struct hf_exception *e);
/* On how many hosts it is open. */
size_t hf_exposure_report_hosts(const struct hf_exposure_report *r, size_t cve);
/* Open CVEs of a line, the worst first: exploited before the others, then by
 * score; numbers of x.ids, the caller's. */
size_t *hf_exposure_report_worst(const struct hf_exposure_report *r,
                                 const struct hf_exposed *line, size_t *n);

enum hf_cve_answer {
    HF_CVE_OPEN,
    HF_CVE_CLOSED,
    HF_CVE_NOT_LISTED, /* no release of the host's product closes it */
    HF_CVE_UNKNOWN,    /* where the host stands is not known */
    HF_CVE_ANSWER_COUNT
};
extern const char *const hf_cve_answer_names[HF_CVE_ANSWER_COUNT + 1];
/* Of the i-th host. */
enum hf_cve_answer hf_exposure_report_asks(const struct hf_exposure_report *r,
                                           size_t host, size_t cve);

#endif
