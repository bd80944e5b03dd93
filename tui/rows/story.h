/*
 * The events of a run of a plan in words, for logs of every kind. Pure.
 */
#ifndef HF_ROWS_STORY_H
#define HF_ROWS_STORY_H

#include "backend/model/rollout.h"
#include "tui/rows/line.h"

struct hf_tail;

/* How much an event matters to whoever reads a log. */
enum hf_story_weight {
    HF_STORY_STEP,   /* one of many */
    HF_STORY_NOTE,   /* a ring, a gate, a person */
    HF_STORY_TROUBLE /* somebody should look */
};
enum hf_story_weight hf_story_weight(const struct hf_rollout_event *e);

/* Whom it is about: "web-01", "gate well of ring canary", "the run". */
void hf_story_subject(struct hf_buf *out, const struct hf_plan *plan,
                      const struct hf_rollout_event *e);
/* What happened, with its reason: "halted: 2 failed in this run". */
void hf_story_text(struct hf_buf *out, const struct hf_rollout_event *e);
/* Both as a line of a log. */
void hf_story_tail(struct hf_tail *tail, const struct hf_plan *plan,
                   const struct hf_rollout_event *e);

#endif
