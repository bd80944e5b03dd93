/*
 * The steps of a flow, by topic. Private to backend/engine: step_facts.c reads
 * and judges, step_job.c drives the job folder, step_restart.c waits for a host
 * that restarts, steps.c holds the table and deals with answers that are none.
 */
#ifndef HF_ENGINE_STEPS_H
#define HF_ENGINE_STEPS_H

#include "backend/base/text.h"

#include "backend/engine/flow.h"

#define SAY(to, ...) hf_say((to), HF_WHY_LEN, __VA_ARGS__)

/* Sends a script with its values, which are released; ends the flow when that
 * is not even possible. */
void
step_ask(struct flow *f, enum hf_driver_script which, struct hf_params *params);

void step_begin_probe(struct flow *f);
void step_answer_probe(struct flow *f, const struct hf_reply *reply);
void step_begin_lock(struct flow *f);
void step_answer_lock(struct flow *f, const struct hf_reply *reply);
void step_begin_upload(struct flow *f);
void step_answer_upload(struct flow *f, const struct hf_reply *reply);
void step_begin_start(struct flow *f);
void step_answer_start(struct flow *f, const struct hf_reply *reply);
/* Looks at the job again, after a pause that grows. */
void step_poll_later(struct flow *f);
void step_begin_poll(struct flow *f);
void step_answer_poll(struct flow *f, const struct hf_reply *reply);
void step_begin_close(struct flow *f);
void step_answer_close(struct flow *f, const struct hf_reply *reply);
/* After the folder was put away: the restart that the job ordered, else the
 * facts. */
void step_after_job(struct flow *f);
void step_begin_restart(struct flow *f);
void step_answer_restart(struct flow *f, const struct hf_reply *reply);
void step_no_answer_restart(struct flow *f, const struct hf_err *err);
/* The host says that somebody called off the restart of this run. */
int step_was_called_off(const struct flow *f, const struct hf_facts *facts);
void step_begin_calling(struct flow *f);
void step_answer_calling(struct flow *f, const struct hf_reply *reply);
/* Did it restart a while ago, and may still be coming up? */
int step_still_recovers(const struct flow *f);
void step_begin_verify(struct flow *f);
void step_answer_verify(struct flow *f, const struct hf_reply *reply);
/* Asks for the facts; the answer is the phase's. */
void step_ask_facts(struct flow *f);
/* Judges `reply` as the facts after, and ends the flow. */
void step_judge(struct flow *f, const struct hf_reply *reply);

#endif
