/* Where a host stands: coverage, patch, reboot, and what a restart keeps. */
#include <string.h>

#include "backend/base/names.h"
#include "backend/checks/read.h"
#include "backend/drivers/livepatch/livepatch.h"
#include "backend/drivers/shared.h"

#define SAY(to, ...) livepatch_say((to), sizeof(to), __VA_ARGS__)

/* ---- coverage ---- */

static void
judge_coverage(struct hf_status *out, const struct hf_judge_in *in,
               const struct livepatch_view *v)
{
    struct hf_buf blocks = {0};

    hf_blocking_titles(&blocks, in->findings, livepatch_passing_checks);
    if (!v->kernel) {
        out->coverage = HF_COVERAGE_UNKNOWN;
        SAY(out->coverage_why, "kernel release: %s",
            hf_facts_why(in->facts, "kernel.release"));
    } else if (blocks.len) {
        out->coverage = HF_COVERAGE_INELIGIBLE;
        SAY(out->coverage_why, "blocked by: %s", hf_buf_str(&blocks));
    } else if (!livepatch_kernel_known(v)) {
        out->coverage = HF_COVERAGE_UNCOVERED;
        SAY(out->coverage_why, "the catalogue has no live patch for %s",
            v->kernel);
    } else if ((out->covered_until =
                    livepatch_covered_until(v->target, v->target_len)) &&
               out->covered_until <= in->now) {
        out->coverage = HF_COVERAGE_RESTART_DUE;
        SAY(out->coverage_why,
            "live patches for %s have ended: restart into a newer kernel",
            v->kernel);
    } else {
        out->coverage = HF_COVERAGE_COVERED;
    }
    hf_buf_release(&blocks);
}

/* ---- patch ---- */

/* The last run's verdict counts while nothing restarted since. */
static int
recent_holds(const struct hf_judge_in *in)
{
    const char *boot = hf_facts_get(in->facts, "boot.id");

    return in->recent && in->recent->run[0] && boot &&
           strcmp(boot, in->recent->boot_id) == 0;
}

static int
recent_is(const struct hf_judge_in *in, const char *action, const char *outcome)
{
    return recent_holds(in) && strcmp(in->recent->outcome, outcome) == 0 &&
           (!action || strcmp(in->recent->action, action) == 0);
}

/* Did a release appear after the last run? */
static int
newer_release(const struct hf_judge_in *in, const struct livepatch_view *v)
{
    for (size_t i = 0; i < v->target_len; i++) {
        if (v->target[i]->released > in->recent->at)
            return 1;
    }
    return 0;
}

static void
judge_missing(struct hf_status *out, const struct hf_judge_in *in,
              const struct livepatch_view *v)
{
    if (v->foreign.len) {
        out->patch = HF_PATCH_UNKNOWN;
        SAY(out->patch_why,
            "%s is in effect, which the catalogue does not know",
            v->foreign.v[0]);
    } else if (recent_is(in, "rollback", "verified") && !newer_release(in, v)) {
        out->patch = HF_PATCH_ROLLED_BACK;
        SAY(out->patch_why, "taken back by run %s", in->recent->run);
    } else if (recent_is(in, "apply", "failed") && !newer_release(in, v)) {
        out->patch = HF_PATCH_FAILED;
        SAY(out->patch_why, "%s", in->recent->why);
    } else {
        out->patch = HF_PATCH_BEHIND;
        SAY(out->patch_why, "%s is not in effect", v->missing[0]->patch);
    }
}

/* Nothing known is missing; but is everything known? */
static void
judge_complete(struct hf_status *out, const struct hf_judge_in *in,
               const struct livepatch_view *v)
{
    const struct hf_product *product =
        hf_catalogue_product(v->catalogue, hf_driver_livepatch.product);

    if (hf_judge_newest(out, product, in->now) && v->foreign.len)
        SAY(out->patch_why, "besides, %s is in effect, from elsewhere",
            v->foreign.v[0]);
}

static void
judge_patch(struct hf_status *out, const struct hf_judge_in *in,
            const struct livepatch_view *v)
{
    const char *moving = hf_facts_get(in->facts, "transition");
    const char *blockers = hf_facts_get(in->facts, "transition.blockers");

    if (moving && strcmp(moving, "none") != 0) {
        out->patch = HF_PATCH_IN_TRANSITION;
        if (blockers && strcmp(blockers, "none") != 0)
            SAY(out->patch_why, "%s is held by %s", moving, blockers);
        else
            SAY(out->patch_why, "%s has not reached every task", moving);
    } else if (!v->kernel || !v->known) {
        SAY(out->patch_why, "patches in effect: %s",
            v->kernel ? hf_facts_why(in->facts, "patches")
                      : hf_facts_why(in->facts, "kernel.release"));
    } else if (recent_is(in, NULL, "unverified")) {
        out->patch = HF_PATCH_UNVERIFIED;
        SAY(out->patch_why, "%s", in->recent->why);
    } else if (!livepatch_kernel_known(v)) {
        SAY(out->patch_why, "the catalogue does not know kernel %s", v->kernel);
    } else if (v->missing_len) {
        judge_missing(out, in, v);
    } else {
        judge_complete(out, in, v);
    }
}

/* ---- reboot, survival, flags ---- */

/* Kept over a restart: the same kernel boots, and somebody loads them all. */
static void
judge_survival(struct hf_status *out, const struct livepatch_view *v)
{
    const char *by = hf_facts_get(v->facts, "survive");
    const char *next = hf_facts_get(v->facts, "boot.next");

    if (!v->known || !v->active.len) {
        SAY(out->survives_by, "%s",
            v->known ? "no live patch in effect" : "not known");
    } else if (!by) {
        SAY(out->survives_by, "%s", hf_facts_why(v->facts, "survive"));
    } else if (strcmp(by, "none") == 0) {
        out->survives = HF_SURVIVES_NO;
        SAY(out->survives_by, "nobody loads it again");
    } else if (next && v->kernel && strcmp(next, v->kernel) != 0) {
        out->survives = HF_SURVIVES_NO;
        SAY(out->survives_by, "kernel %s boots next", next);
    } else if (!next) {
        SAY(out->survives_by, "%s, if the same kernel boots", by);
    } else {
        out->survives = HF_SURVIVES_YES;
        SAY(out->survives_by, "%s", by);
    }
}

/* 1 when `a` has a word that `b` lacks. */
static int
has_more(const struct hf_strs *a, const struct hf_strs *b)
{
    for (size_t i = 0; i < a->len; i++) {
        if (!hf_strs_has(b, a->v[i]))
            return 1;
    }
    return 0;
}

/* A level that no run of ours left behind. After a restart patches may be
 * gone, but none may have come. */
static int
is_patched_elsewhere(const struct hf_judge_in *in,
                     const struct livepatch_view *v)
{
    struct hf_strs left = {0};
    int elsewhere;

    if (!v->known || !hf_recent_is_proven(in->recent))
        return 0;
    livepatch_level_patches(&left, in->recent->level);
    elsewhere = has_more(&v->active, &left) ||
                (recent_holds(in) && has_more(&left, &v->active));
    hf_strs_release(&left);
    return elsewhere;
}

static unsigned
judge_flags(const struct hf_judge_in *in, const struct livepatch_view *v)
{
    return hf_judge_job(in->facts) |
           (is_patched_elsewhere(in, v) ? HF_FLAG_PATCHED_ELSEWHERE : 0u);
}

void
livepatch_judge(struct hf_status *out, const struct hf_judge_in *in)
{
    struct livepatch_view v;
    struct hf_strs wanted = {0};

    *out = (struct hf_status){.seen = hf_facts_newest(in->facts)};
    livepatch_look(&v, in->facts, in->catalogue);
    if (v.kernel && v.known)
        livepatch_level(out->level, v.kernel, &v.active);
    for (size_t i = 0; i < v.target_len; i++)
        hf_strs_add(&wanted, v.target[i]->patch);
    if (wanted.len)
        livepatch_level(out->target, v.kernel, &wanted);
    judge_coverage(out, in, &v);
    judge_patch(out, in, &v);
    hf_judge_restart(out, in->facts);
    judge_survival(out, &v);
    out->flags = judge_flags(in, &v);
    hf_strs_release(&wanted);
    livepatch_view_release(&v);
}
