/* The events of a run of a plan in words; see story.h. */
#include "tui/rows/story.h"

#include "backend/base/time.h"
#include "tui/rows/progress.h"
#include "tui/rows/words.h"

struct telling {
    const char *words;
    enum hf_story_weight weight;
    enum hf_tone tone;
    int of_run; /* wherever it happened, it is about the run */
};

/* clang-format off */
static const struct telling tellings[HF_ROLLOUT_KIND_COUNT] = {
    [HF_ROLLOUT_RUN_BEGAN] = {"begins", HF_STORY_NOTE, HF_TONE_STRONG, 1},
    [HF_ROLLOUT_RING_BEGAN] = {"begins", HF_STORY_NOTE, HF_TONE_STRONG},
    [HF_ROLLOUT_BATCH_BEGAN] = {"begins", HF_STORY_STEP, HF_TONE_PLAIN},
    [HF_ROLLOUT_HOST_STARTED] = {"is started", HF_STORY_STEP, HF_TONE_DIM},
    [HF_ROLLOUT_HOST_LEFT_OUT] = {"left out", HF_STORY_STEP, HF_TONE_PLAIN},
    [HF_ROLLOUT_SAMPLE_TAKEN] = {"is looked at", HF_STORY_STEP, HF_TONE_DIM},
    [HF_ROLLOUT_GATE_PASSED] = {"passed", HF_STORY_NOTE, HF_TONE_GOOD},
    [HF_ROLLOUT_GATE_FAILED] = {"failed", HF_STORY_TROUBLE, HF_TONE_BAD},
    [HF_ROLLOUT_HOOK_BEGAN] = {"hook begins", HF_STORY_STEP, HF_TONE_DIM},
    [HF_ROLLOUT_BATCH_ENDED] = {"has ended", HF_STORY_STEP, HF_TONE_PLAIN},
    [HF_ROLLOUT_SOAK_BEGAN] = {"is watched until", HF_STORY_NOTE,
                               HF_TONE_BUSY},
    [HF_ROLLOUT_RING_ENDED] = {"has ended", HF_STORY_NOTE, HF_TONE_STRONG},
    [HF_ROLLOUT_HALTED] = {"halted", HF_STORY_TROUBLE, HF_TONE_BAD, 1},
    [HF_ROLLOUT_ABORTED] = {"aborted", HF_STORY_TROUBLE, HF_TONE_BAD, 1},
    [HF_ROLLOUT_PAUSED] = {"paused", HF_STORY_TROUBLE, HF_TONE_WARN, 1},
    [HF_ROLLOUT_SUPERSEDED] = {"paused", HF_STORY_TROUBLE, HF_TONE_WARN, 1},
    [HF_ROLLOUT_FINISH] = {"goes on with what was planned", HF_STORY_NOTE,
                           HF_TONE_STRONG, 1},
    [HF_ROLLOUT_REPLACED] = {"aborted, another plan takes its place",
                             HF_STORY_TROUBLE, HF_TONE_WARN, 1},
    [HF_ROLLOUT_REHEARSAL_BEGAN] = {"gets the patch, and it is taken back",
                                    HF_STORY_NOTE, HF_TONE_BUSY},
    [HF_ROLLOUT_REHEARSAL_ENDED] = {"rehearsal ended", HF_STORY_NOTE,
                                    HF_TONE_STRONG},
    [HF_ROLLOUT_UNDO_BEGAN] = {"is to be taken back", HF_STORY_TROUBLE,
                               HF_TONE_WARN, 1},
    [HF_ROLLOUT_UNDO_ENDED] = {"has its answer to that", HF_STORY_TROUBLE, HF_TONE_WARN, 1},
    [HF_ROLLOUT_ENDED] = {"has ended", HF_STORY_NOTE, HF_TONE_STRONG, 1},
    [HF_ROLLOUT_HOST_ENDED] = {"ended", HF_STORY_STEP, HF_TONE_PLAIN},
    [HF_ROLLOUT_SAMPLE_ENDED] = {"sample", HF_STORY_STEP, HF_TONE_PLAIN},
    [HF_ROLLOUT_HOOK_ENDED] = {"hook ended", HF_STORY_STEP, HF_TONE_DIM},
    [HF_ROLLOUT_RESUMED] = {"goes on", HF_STORY_NOTE, HF_TONE_STRONG, 1},
    [HF_ROLLOUT_ABORT] = {"aborted", HF_STORY_TROUBLE, HF_TONE_BAD, 1},
    [HF_ROLLOUT_APPROVED] = {"approved", HF_STORY_NOTE, HF_TONE_GOOD},
    [HF_ROLLOUT_SIGNED_OFF] = {"signed off", HF_STORY_NOTE, HF_TONE_GOOD},
    [HF_ROLLOUT_SKIPPED] = {"skipped", HF_STORY_NOTE, HF_TONE_WARN},
};
/* clang-format on */

static int
is_trouble(const struct hf_rollout_event *e)
{
    return e->kind == HF_ROLLOUT_HOST_ENDED && e->outcome >= 0 &&
           e->outcome < HF_OUTCOME_COUNT &&
           hf_outcome_words[e->outcome].rank < HF_RANK_FINE;
}

enum hf_story_weight
hf_story_weight(const struct hf_rollout_event *e)
{
    return is_trouble(e) ? HF_STORY_TROUBLE : tellings[e->kind].weight;
}

void
hf_story_subject(struct hf_buf *out, const struct hf_plan *plan,
                 const struct hf_rollout_event *e)
{
    const struct hf_playbook *pb = &plan->playbook;

    if (tellings[e->kind].of_run) {
        hf_buf_puts(out, "the run");
        return;
    }
    if (e->host >= 0) {
        hf_buf_puts(out, plan->hosts[e->host].name);
        return;
    }
    if (e->gate >= 0)
        hf_buf_printf(out, "gate %s of ", pb->gates[e->gate].name);
    else if (e->batch >= 0 && (e->kind == HF_ROLLOUT_BATCH_BEGAN ||
                               e->kind == HF_ROLLOUT_BATCH_ENDED))
        hf_buf_printf(out, "batch %d of ", e->batch + 1);
    if (e->ring >= 0 && e->ring < (int)pb->rings_len)
        hf_buf_printf(out, "ring %s", pb->rings[e->ring].name);
    else
        hf_buf_puts(out, "the run");
}

/* What the kind alone does not say. */
static void
add_detail(struct hf_buf *out, const struct hf_rollout_event *e)
{
    char at[HF_TIME_LEN];

    switch (e->kind) {
    case HF_ROLLOUT_SOAK_BEGAN:
        hf_buf_printf(out, " %s",
                      hf_time_format(at, e->until - e->until % 1000));
        break;
    case HF_ROLLOUT_SAMPLE_ENDED:
        hf_buf_printf(out, " %s", hf_sample_names[e->sample]);
        break;
    case HF_ROLLOUT_HOOK_ENDED:
        hf_buf_puts(out, e->ok ? " well" : " badly");
        break;
    case HF_ROLLOUT_ENDED:
        hf_buf_printf(out, ", exit %d", e->exit);
        break;
    default:
        break;
    }
}

void
hf_story_text(struct hf_buf *out, const struct hf_rollout_event *e)
{
    if (e->kind == HF_ROLLOUT_HOST_ENDED)
        hf_buf_puts(out, hf_outcome_names[e->outcome]);
    else
        hf_buf_puts(out, tellings[e->kind].words);
    if (e->hook >= 0 && e->hook < HF_HOOK_COUNT)
        hf_buf_printf(out, " (%s)", hf_hook_names[e->hook]);
    add_detail(out, e);
    if (e->why[0])
        hf_buf_printf(out, ": %s", e->why);
    if (e->who[0])
        hf_buf_printf(out, " (%s)", e->who);
}

void
hf_story_tail(struct hf_tail *tail, const struct hf_plan *plan,
              const struct hf_rollout_event *e)
{
    enum hf_tone tone = e->kind == HF_ROLLOUT_HOST_ENDED
                            ? hf_outcome_words[e->outcome].tone
                            : tellings[e->kind].tone;
    struct hf_buf subject = {0}, text = {0};

    hf_story_subject(&subject, plan, e);
    hf_story_text(&text, e);
    hf_tail_add(tail, e->at, hf_buf_str(&subject), hf_buf_str(&text), tone);
    hf_buf_release(&subject);
    hf_buf_release(&text);
}
