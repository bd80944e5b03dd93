/* Windows products of the simulation, and the levels that their hosts can be
 * at: made up, with the rhythm of the real calendar. One table for the hosts
 * and for the catalogue of the ready-made fleet. */
#ifndef HF_SIM_LEVEL_H
#define HF_SIM_LEVEL_H

#include <stddef.h>
#include <stdint.h>

#include "backend/model/release.h"
#include "backend/sim/sim.h"

struct hf_sim_product {
    const char *id, *title;
    const char *build; /* "26100" */
    int ubr;           /* of the made-up release of 2026-01 */
    int ancient;       /* a revision from before hotpatching; 0: none */
    int kb;            /* second digit of its made-up KBs */
    const char *kbs;   /* what else is installed, words; empty: nothing */
    struct hf_sim_value facts[32]; /* where it differs from other products */
};
extern const struct hf_sim_product hf_sim_products[]; /* ends with no id */

/* Borrowed, or NULL. */
const struct hf_sim_product *hf_sim_product_find(const char *id);

struct hf_sim_level {
    char kb[12], month[8];
    enum hf_release_type type;
    enum hf_release_line line;
    int ubr;
    int64_t released; /* ms */
};

#define HF_SIM_UBR_MONTH 140 /* revisions that months lie apart */
#define HF_SIM_LEVELS 12

/* The levels of a product by date: the last quarter, and this one up to its
 * newest hotpatch that is out. */
struct hf_sim_line {
    struct hf_sim_level v[HF_SIM_LEVELS];
    size_t len;
    size_t old;      /* newest hotpatch on the baseline before */
    size_t base;     /* newest baseline */
    size_t stray;    /* leaves the track */
    size_t newest;   /* hotpatch */
    size_t ordinary; /* of the same month, with a restart */
};
/* In a baseline month it ends with the month before, so that there always is
 * a hotpatch to take. `now` in ms. */
void hf_sim_line(struct hf_sim_line *out, const struct hf_sim_product *p,
                 int64_t now);
/* Adds a release that is newer than those in the line; when there is no room,
 * the oldest goes. */
void hf_sim_line_add(struct hf_sim_line *line, const struct hf_release *r);
/* Borrowed from `line`, or NULL. */
const struct hf_sim_level *
hf_sim_line_kb(const struct hf_sim_line *line, const char *kb);

#endif
