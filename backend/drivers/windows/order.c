/*
 * What an action would do on a host, and at what price; and what taking it
 * back would cost. Never an error: a refusal is a price with a reason. What
 * needs a restart on purpose stands in order_restart.c.
 */
#include "backend/drivers/windows/order.h"

#include <stdio.h>
#include <string.h>

#include "backend/base/names.h"
#include "backend/base/text.h"

#define SAY(to, ...) hf_say((to), sizeof(to), __VA_ARGS__)

#define APPLY_MINUTES 10 /* a guess: no source gives a figure */
#define APPLY_LIMIT_MS (INT64_C(90) * 60 * 1000)

void
windows_add_cves(struct hf_strs *to, const struct hf_release *from,
                 const struct hf_release *last)
{
    for (const struct hf_release *row = from + 1; row <= last; row++) {
        if (hf_release_line(row) == HF_LINE_RESTART)
            continue;
        for (const char *const *cve = row->cves; cve && *cve; cve++) {
            if (!hf_strs_has(to, *cve))
                hf_strs_add(to, *cve);
        }
    }
}

/* Values by which the job sees that it is on the right host, in the state for
 * which the order was made. */
void
windows_set_guards(struct hf_order *out, const struct windows_track *t)
{
    hf_params_set(&out->params, "ACTION", hf_action_names[out->action]);
    hf_params_set(&out->params, "PRODUCT", t->product.id);
    hf_params_set(&out->params, "FROM", t->build);
}

/* Where the host stands is why it cannot be patched without a restart. */
static void
refuse_by_place(struct hf_order *out, const struct hf_judge_in *in)
{
    struct hf_status status;

    windows_judge(&status, in);
    SAY(out->price.why, "%s", status.coverage_why);
    SAY(out->price.note, "%s",
        status.coverage == HF_COVERAGE_RESTART_DUE
            ? "hotfleet plan quarterly-restart (a playbook that installs it, "
              "with its restart)"
            : "a playbook whose 'if_ineligible' is restart-update installs "
              "updates with a restart");
}

/* NULL, or why the newest release is none that comes without a restart. */
static int
refuse_target(struct hf_order *out, const struct windows_track *t)
{
    if (!t->target->kb || !t->target->build)
        SAY(out->price.why, "the catalogue's row of %s names no KB",
            t->target->month);
    else if (hf_release_line(t->target) != HF_LINE_HOTPATCH)
        SAY(out->price.why, "%s (%s %s) needs a restart", t->target->kb,
            hf_release_type_names[t->target->type], t->target->month);
    else
        return 0;
    return 1;
}

/* That a hotpatch comes without a restart is proven where one came before. */
static void
price_apply(struct hf_order *out, const struct hf_judge_in *in,
            const struct windows_track *t)
{
    const struct hf_finding *f = hf_findings_find(in->findings, "enrolment");

    out->price.possible = 1;
    out->price.minutes = APPLY_MINUTES;
    windows_add_cves(&out->price.cves, t->row, t->target);
    if (f && f->verdict == HF_VERDICT_PASS) {
        out->price.restart = HF_RESTART_NO;
        return;
    }
    out->price.restart = HF_RESTART_UNKNOWN;
    SAY(out->price.note,
        "enrolment is not proven: the hotpatch may not be offered; an "
        "ordinary update is never installed in its place");
}

static void
order_apply(struct hf_order *out, const struct hf_judge_in *in,
            const struct windows_track *t)
{
    struct windows_offer offer;

    if (t->place != WINDOWS_ON_TRACK || !t->row || !t->target || t->gap[0]) {
        refuse_by_place(out, in);
        return;
    }
    if (t->target <= t->row || strcmp(t->target->build, t->build) == 0) {
        out->nothing = out->price.possible = 1;
        SAY(out->price.why, "%s is in effect already", out->level_from);
        return;
    }
    if (refuse_target(out, t))
        return;
    price_apply(out, in, t);
    if (windows_offer_find(&offer, in->facts, t->target->kb) == 1 &&
        offer.downloaded) {
        out->staged = 1;
        out->price.minutes -= WINDOWS_DOWNLOAD_MINUTES;
    }
    windows_price_undo(&out->undo, t, t->target, in);
    windows_row_level(out->level_to, t->target);
    windows_set_guards(out, t);
    hf_params_set(&out->params, "KBS", t->target->kb);
    hf_params_set(&out->params, "KB", t->target->kb);
    hf_params_set(&out->params, "BUILD", t->target->build);
    hf_strs_add(&out->releases, t->target->kb);
    out->time_limit = APPLY_LIMIT_MS;
}

/* ---- downloaded ahead ---- */

static void
price_stage(struct hf_order *out, const char *kb, const struct hf_judge_in *in)
{
    struct windows_offer offer;
    int offered = windows_offer_find(&offer, in->facts, kb);

    out->price.possible = out->undo.possible = 1;
    out->nothing = out->staged = offered == 1 && offer.downloaded;
    if (out->nothing)
        SAY(out->price.why, "%s is downloaded already", kb);
    else if (offered == 1)
        SAY(out->price.note, "downloads %s, at most %lld MB; installs nothing",
            kb, (long long)((offer.bytes + 1048575) / 1048576));
    else
        SAY(out->price.note,
            "downloads %s, of a size that is not known; installs nothing", kb);
    out->price.minutes = WINDOWS_DOWNLOAD_MINUTES;
    SAY(out->undo.note, "what is downloaded is Windows' to clear away");
}

/* Nothing may be another afterwards, so the build to be found is that of now.
 */
static void
set_stage(struct hf_order *out, const struct hf_order *next,
          const struct hf_judge_in *in, const struct windows_track *t)
{
    const char *kb = hf_params_get(&next->params, "KBS");

    if (!kb) {
        out->nothing = next->nothing;
        out->price.possible = next->price.possible;
        SAY(out->price.why, "%s", next->price.why);
        return;
    }
    price_stage(out, kb, in);
    windows_set_guards(out, t);
    hf_params_set(&out->params, "KBS", kb);
    hf_params_set(&out->params, "BUILD", t->build);
    hf_strs_add(&out->releases, kb);
    out->time_limit = APPLY_LIMIT_MS;
}

/* What comes next: the update that is due with a restart, else the hotpatch. */
static void
order_stage(struct hf_order *out, const struct hf_judge_in *in,
            const struct windows_track *t)
{
    struct hf_order next = {.action = HF_ACTION_RESTART_UPDATE};

    windows_order_restart_update(&next, in, t);
    if (!next.releases.len) {
        hf_order_release(&next);
        next = (struct hf_order){.action = HF_ACTION_APPLY};
        windows_level(next.level_from, t);
        order_apply(&next, in, t);
    }
    set_stage(out, &next, in, t);
    hf_order_release(&next);
}

/* The level that the last run left, "26100.33222 (KB5120228, ...)". */
static int
left_level(char build[32], char kb[16], const struct hf_recent *recent)
{
    int action = recent ? hf_name_index(hf_action_names, recent->action) : -1;

    kb[0] = '\0';
    return action >= 0 && hf_action_changes((enum hf_action)action) &&
           strcmp(recent->outcome, "failed") != 0 &&
           sscanf(recent->level, "%31[0-9.] (%15[KB0-9]", build, kb) >= 1;
}

/* What the last run left behind; a host that no run has changed is measured by
 * the catalogue, as far as it stands on the hotpatch line. */
static void
order_verify(struct hf_order *out, const struct hf_judge_in *in,
             const struct windows_track *t)
{
    char build[32], kb[16];

    out->price.possible = out->undo.possible = 1;
    if (left_level(build, kb, in->recent)) {
        hf_params_set(&out->params, "BUILD", build);
        if (kb[0])
            hf_params_set(&out->params, "KB", kb);
        if (kb[0] && strcmp(in->recent->action, "apply") == 0)
            hf_params_set(&out->params, "KBS", kb);
        SAY(out->level_to, "%s", in->recent->level);
    } else if (t->target && t->place != WINDOWS_OFF_TRACK) {
        hf_params_set(&out->params, "BUILD", t->target->build);
        if (t->target->kb)
            hf_params_set(&out->params, "KB", t->target->kb);
        windows_row_level(out->level_to, t->target);
    } else {
        out->price.possible = 0;
        SAY(out->price.why, "nothing to prove: no run has changed this host, "
                            "and it stands on no hotpatch of the catalogue");
    }
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
    switch (action) {
    case HF_ACTION_APPLY:
        order_apply(out, in, &t);
        break;
    case HF_ACTION_ROLLBACK:
        windows_order_rollback(out, in, &t);
        break;
    case HF_ACTION_REBOOT:
        windows_order_reboot(out, in, &t);
        break;
    case HF_ACTION_RESTART_UPDATE:
        windows_order_restart_update(out, in, &t);
        break;
    case HF_ACTION_STAGE:
        order_stage(out, in, &t);
        break;
    case HF_ACTION_VERIFY:
        order_verify(out, in, &t);
        break;
    default:
        out->nothing = out->price.possible = out->undo.possible = 1;
    }
    windows_track_release(&t);
}
