/* What a simulated Windows host is and keeps beside what every host does. */
#ifndef HF_SIM_WINDOWS_H
#define HF_SIM_WINDOWS_H

#include "backend/sim/level.h"
#include "backend/sim/node.h"

struct hf_sim_windows {
    const struct hf_sim_product *product;
    char build[16]; /* "26100" */
    int64_t made;   /* epoch ms: which levels there are */
    /* A copy: those of the catalogue, for the product of that id. */
    const struct hf_catalogue *catalogue;
    const char *id;
    int ubr;
    int base;               /* that the last restart for an update brought; 0:
                               none since it was made */
    struct hf_strs kbs;     /* installed, oldest first */
    struct hf_strs history; /* words as in the fact, oldest first */
    int next_ubr;           /* that a restart brings; 0: none waits */
    char leaving[12];       /* the KB that it takes out, or empty */
    struct hf_strs staged;  /* KBs that are downloaded */
};

/* At the level that its fault, else `behind`, asks for. */
struct hf_sim_windows *
hf_sim_windows_new(const struct hf_sim_host *host, int64_t now);
void hf_sim_windows_free(struct hf_sim_windows *w);
/* A restart: what waited for it is in effect. */
void hf_sim_windows_boot(struct hf_sim_windows *w);
/* The levels that the host knows. */
void
hf_sim_windows_line(struct hf_sim_line *out, const struct hf_sim_windows *w);
/* The level below a hotpatch: the revision of the baseline that it came on top
 * of, 0 when the host knows none. */
int hf_sim_windows_below(const struct hf_sim_windows *w);
/* Adds the KBs that the last scan found: what its track takes it to, and
 * beside a newer baseline two that are no levels. */
void hf_sim_windows_offers(struct hf_strs *out, const struct hf_sim_windows *w);
#define HF_SIM_BYTES 734003200       /* of each */
#define HF_SIM_FRAMEWORK "KB9900001" /* of the classification "updates" */
#define HF_SIM_TOOL "KB9900002" /* of the classification "update-rollups" */

/* An entry of the update agent's history: operation 1 install, 2 removal. */
void hf_sim_windows_record(struct hf_sim_windows *w, const char *kb,
                           int operation, uint32_t hresult, int64_t now);

#endif
