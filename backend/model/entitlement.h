/*
 * What the owner of a subscription says of hosts: exports of Azure Arc and of
 * Windows Autopatch, as they were on a day. Files entitlements/<source>.json
 * of the fleet, written by `hotfleet import arc|autopatch`.
 */
#ifndef HF_MODEL_ENTITLEMENT_H
#define HF_MODEL_ENTITLEMENT_H

#include "backend/model/host.h"

enum hf_entitled {
    HF_ENTITLED_UNKNOWN, /* it says that it does not know, or an odd word */
    HF_ENTITLED_NO,
    HF_ENTITLED_PENDING, /* asked for, and not there yet */
    HF_ENTITLED_YES,
};

/* One source; strings live in the fleet's arena. */
struct hf_entitlements {
    const char *source;    /* "arc", "autopatch" */
    int64_t taken;         /* ms: the day of the export */
    struct hf_pairs hosts; /* name -> its own word ("ActionRequired"), by
                              name without regard to case */
    const char *note;
    const char *path; /* its file */
};

/* Sources that may appear, NULL-terminated. */
extern const char *const hf_entitlement_sources[];

/* What the source says of the host, under its name or the first label of it;
 * borrowed, or NULL. */
const struct hf_pair *
hf_entitlement_find(const struct hf_entitlements *e, const char *host);
enum hf_entitled hf_entitlement_state(const char *word);
/* For qsort of struct hf_pair, as hf_entitlements.hosts has them. */
int hf_entitlement_compare(const void *a, const void *b);

#endif
