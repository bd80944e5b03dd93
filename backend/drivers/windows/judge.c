/* Where a host stands: coverage, patch, reboot. */
#include <stdio.h>
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/checks/read.h"
#include "backend/drivers/shared.h"
#include "backend/drivers/windows/windows.h"

#define SAY(to, ...) hf_say((to), sizeof(to), __VA_ARGS__)

/* ---- coverage ---- */

/* The planned baseline that is out by now, but behind the catalogue's end; 0
 * when there is none. */
static int64_t
unseen_baseline(const struct hf_judge_in *in, const struct windows_track *t)
{
    const struct hf_product *p =
        hf_catalogue_product(in->catalogue, t->product.id);
    int64_t end =
        p && p->complete_until ? hf_release_day(p->complete_until, 0) : 0;
    int64_t next;

    if (end && t->newest && t->newest->released > end)
        end = t->newest->released; /* one that was not planned */
    next = end ? windows_next_baseline(t, in->catalogue, in->calendar, end) : 0;
    return next && next <= in->now ? next : 0;
}

/* On the track; until the next planned baseline hotpatches are to be expected.
 * An unplanned one may come any month. */
static void
cover_on_track(struct hf_status *out, const struct windows_track *t,
               const struct hf_judge_in *in)
{
    int64_t unseen = unseen_baseline(in, t);
    char day[HF_TIME_LEN];

    if (t->gap[0]) {
        out->coverage = HF_COVERAGE_UNKNOWN;
        SAY(out->coverage_why,
            "the catalogue has no release of %s: a baseline may be missing",
            t->gap);
        return;
    }
    if (unseen) {
        out->coverage = HF_COVERAGE_UNKNOWN;
        out->covered_until = unseen;
        SAY(out->coverage_why,
            "a baseline was planned for %.10s, and the catalogue ends before",
            hf_time_format(day, unseen));
        return;
    }
    out->coverage = HF_COVERAGE_COVERED;
    out->covered_until =
        windows_next_baseline(t, in->catalogue, in->calendar, in->now);
    if (t->base_gap[0])
        SAY(out->coverage_why,
            "hotpatched to %s; on which baseline is not known: the catalogue "
            "has no release of %s",
            t->row->month, t->base_gap);
    else
        SAY(out->coverage_why, "on track at baseline %s%s%s%s%s",
            t->baseline ? t->baseline->month : "(before the catalogue)",
            t->baseline && t->baseline->type == HF_RELEASE_UNPLANNED_BASELINE
                ? " (unplanned)"
                : "",
            t->row != t->baseline ? ", hotpatched to " : "",
            t->row != t->baseline ? t->row->month : "",
            t->row != t->baseline && t->row->type == HF_RELEASE_OOB
                ? " (out of band)"
                : "");
}

static void
cover_off_track(struct hf_status *out, const struct windows_track *t,
                const struct hf_judge_in *in)
{
    char day[HF_TIME_LEN];
    const struct hf_release *took = t->stray ? t->stray : t->row;
    int64_t next =
        windows_next_baseline(t, in->catalogue, in->calendar, in->now);

    out->coverage = HF_COVERAGE_OFF_TRACK;
    SAY(out->coverage_why,
        "%s%s: updates with restarts until the next baseline, planned %.10s",
        took ? took->kb : t->build,
        took ? " took it off the hotpatch track"
             : " is no build of the hotpatch line (derived from its "
               "neighbours)",
        windows_baseline_day(day, next));
}

static void
cover_base_due(struct hf_status *out, const struct windows_track *t)
{
    out->coverage = HF_COVERAGE_RESTART_DUE;
    out->covered_until = t->newest->released;
    SAY(out->coverage_why,
        "baseline %s (%s%s) needs a restart; no hotpatch "
        "builds on what it runs",
        t->newest->kb, t->newest->month,
        t->newest->type == HF_RELEASE_UNPLANNED_BASELINE ? ", unplanned" : "");
}

static void
cover_by_place(struct hf_status *out, const struct windows_track *t,
               const struct hf_judge_in *in)
{
    if (t->build[0] && !t->product.id) {
        SAY(out->coverage_why, "%s", t->product.why);
        return;
    }
    switch (t->place) {
    case WINDOWS_ON_TRACK:
        cover_on_track(out, t, in);
        break;
    case WINDOWS_BASE_DUE:
    case WINDOWS_OLD:
        cover_base_due(out, t);
        break;
    case WINDOWS_OFF_TRACK:
        if (t->newest)
            cover_off_track(out, t, in);
        else
            SAY(out->coverage_why, "%s",
                t->product.why ? t->product.why
                               : "no hotpatches of it are known");
        break;
    case WINDOWS_NEWER:
        SAY(out->coverage_why,
            "%s is newer than the catalogue; an ordinary update in place of a "
            "hotpatch looks like this, too",
            t->build);
        break;
    default:
        windows_place_why(out->coverage_why, t);
    }
}

/* On the track, but entitled? What is not proven stays in sight. */
static void
note_enrolment(struct hf_status *out, const struct hf_findings *findings)
{
    const struct hf_finding *f = hf_findings_find(findings, "enrolment");
    size_t len = strlen(out->coverage_why);

    if (out->coverage == HF_COVERAGE_COVERED && f &&
        f->verdict == HF_VERDICT_WARN)
        hf_say(out->coverage_why + len, sizeof(out->coverage_why) - len,
               "; enrolment: %s", f->found);
}

static void
judge_coverage(struct hf_status *out, const struct hf_judge_in *in,
               const struct windows_track *t)
{
    struct hf_buf blocks = {0};

    out->coverage = HF_COVERAGE_UNKNOWN;
    hf_blocking_titles(&blocks, in->findings, windows_passing_checks);
    if (blocks.len) {
        out->coverage = HF_COVERAGE_INELIGIBLE;
        SAY(out->coverage_why, "blocked by: %s", hf_buf_str(&blocks));
    } else {
        cover_by_place(out, t, in);
        note_enrolment(out, in->findings);
    }
    hf_buf_release(&blocks);
}

/* ---- the rest ---- */

/* Installed hotpatches stay installed; after a restart the build is the same.
 */
static void
judge_survival(struct hf_status *out, const struct windows_track *t)
{
    if (!t->build[0]) {
        SAY(out->survives_by, "not known");
        return;
    }
    out->survives = HF_SURVIVES_YES;
    SAY(out->survives_by, "installed as an update");
}

/* The build is compared, not the words beside it: another catalogue tells them
 * otherwise. */
static int
is_patched_elsewhere(const struct hf_judge_in *in,
                     const struct windows_track *t)
{
    size_t len = strlen(t->build);
    const char *left;

    if (!len || !hf_recent_is_proven(in->recent) || !in->recent->level[0])
        return 0;
    left = in->recent->level;
    return strncmp(left, t->build, len) != 0 || (left[len] && left[len] != ' ');
}

/* By the policy on the host, as state.ps1 words it. */
static int64_t
restart_within(const struct hf_facts *facts)
{
    const char *said = hf_facts_get(facts, "others.deadline");
    int days = 0;

    if (!said || sscanf(said, "restarts at the latest %3d days", &days) != 1)
        return 0;
    return days > 0 ? days * HF_DAY_MS : 0;
}

const struct hf_release *
windows_due_update(const struct hf_status *status,
                   const struct windows_track *t)
{
    switch (status->coverage) {
    case HF_COVERAGE_COVERED:
    case HF_COVERAGE_UNKNOWN:
        return NULL;
    case HF_COVERAGE_RESTART_DUE:
        return t->newest;
    default:
        return t->ordinary;
    }
}

void
windows_judge(struct hf_status *out, const struct hf_judge_in *in)
{
    struct windows_track t;

    *out = (struct hf_status){.seen = hf_facts_newest(in->facts)};
    windows_track(&t, in->facts, in->catalogue, in->now);
    windows_level(out->level, &t);
    judge_coverage(out, in, &t);
    windows_judge_patch(out, in, &t);
    hf_judge_restart(out, in->facts);
    out->restart_within = restart_within(in->facts);
    judge_survival(out, &t);
    out->staged = windows_staged(out, &t);
    out->flags = hf_judge_job(in->facts);
    if (is_patched_elsewhere(in, &t))
        out->flags |= HF_FLAG_PATCHED_ELSEWHERE;
    windows_track_release(&t);
}
