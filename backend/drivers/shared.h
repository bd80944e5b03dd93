/*
 * Pieces that the records of several drivers are made of.
 */
#ifndef HF_DRIVERS_SHARED_H
#define HF_DRIVERS_SHARED_H

#include "backend/base/buf.h"
#include "backend/drivers/driver.h"

/* For probe_params: the host's own health checks. HEALTH tells how many; the
 * key travels encoded, as the reply wants it. */
void hf_health_params(struct hf_params *out, const struct hf_host *host);

/* Titles of the checks that block for good, with a comma between: not of
 * those in `passing` (NULL-terminated), which pass by themselves or say
 * something else than "cannot be patched", and not of the fleet's own rules,
 * which end. */
void hf_blocking_titles(struct hf_buf *out, const struct hf_findings *findings,
                        const char *const *passing);

/* The axis `reboot`, by the facts restart.scheduled, .pending, .since and
 * .reason. */
void hf_judge_restart(struct hf_status *out, const struct hf_facts *facts);
/* HF_FLAG_JOB_RUNNING by the fact "job.state". */
unsigned hf_judge_job(const struct hf_facts *facts);
/* The last run left a level that later ones can be compared with: it is not
 * the host's first, and the run ended as it was meant to. */
int hf_recent_is_proven(const struct hf_recent *recent);
/* Nothing newer than what runs is known: 1 and `current`, unless the catalogue
 * ended before `now` or does not say when it does: 0, `unknown` and why. */
int hf_judge_newest(struct hf_status *out, const struct hf_product *product,
                    int64_t now);
/* A fact that is a time (see hf_fact_time), by our clock, also where the
 * host's is off; 0 when it is not known. */
int64_t hf_fact_when(const struct hf_facts *facts, const char *key);

#endif
