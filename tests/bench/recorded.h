/* A fleet of which everything is recorded, for benchmarks: no host is asked
 * over a network. Whatever fails ends the program. */
#ifndef HF_BENCH_RECORDED_H
#define HF_BENCH_RECORDED_H

#include "backend/sim/sim.h"

/* Makes it in `dir`, and the facts of every host into its ledger. */
struct hf_sim_fleet *recorded_fleet(const char *dir, size_t hosts, int well);
/* Every `step`-th host again; with `level` as what it runs. */
void recorded_again(const char *dir, struct hf_sim_fleet *sim, size_t step,
                    const char *level);
/* Ends the program with the error. */
void recorded_die(const struct hf_err *err);

#endif
