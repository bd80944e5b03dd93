/* What an action would do on a host. This version reads Windows hosts only. */
#include "backend/base/text.h"
#include "backend/drivers/windows/windows.h"

static void
refuse(struct hf_order *out)
{
    hf_say(out->price.why, sizeof(out->price.why),
           "this version checks Windows hosts; it cannot patch them yet");
    hf_say(out->price.note, sizeof(out->price.note),
           "let Windows Update, Autopatch or Azure Update Manager install it");
}

void
windows_order(struct hf_order *out, enum hf_action action,
              const struct hf_judge_in *in)
{
    struct windows_track t;

    *out = (struct hf_order){.action = action};
    windows_track(&t, in->facts, in->catalogue, in->now);
    windows_level(out->level_from, &t);
    windows_level(out->level_to, &t);
    if (action == HF_ACTION_VERIFY && t.target) {
        hf_params_set(&out->params, "BUILD", t.target->build);
        hf_params_set(&out->params, "KB", t.target->kb);
    }
    windows_track_release(&t);
    if (action == HF_ACTION_APPLY || action == HF_ACTION_ROLLBACK) {
        refuse(out);
        return;
    }
    out->price.possible = out->undo.possible = 1;
    out->nothing = action != HF_ACTION_VERIFY;
}

void
windows_explain(struct hf_err *out, const struct hf_facts *result)
{
    const struct windows_code *code = NULL;
    int64_t number;

    if (hf_facts_int(result, "result.hresult", &number) == 0 ||
        hf_facts_int(result, "hresult", &number) == 0)
        code = windows_code_find((uint32_t)number);
    if (!code) {
        (void)hf_fail(out, HF_ERR, "the job left no result");
        (void)hf_hint(out, "check the host again");
        return;
    }
    (void)hf_fail(out, HF_ERR, "0x%08X %s: %s%s", code->code, code->name,
                  code->means,
                  code->confirmed ? "" : " (by general knowledge)");
    (void)hf_hint(out, "%s", code->next);
}
