/*
 * Is the newest release in effect? For every host, also for those that take
 * ordinary updates with a restart: ineligible ones, and those off the track.
 */
#include <string.h>

#include "backend/base/text.h"
#include "backend/drivers/shared.h"
#include "backend/drivers/windows/windows.h"

#define SAY(to, ...) hf_say((to), sizeof(to), __VA_ARGS__)

void
windows_place_why(char out[HF_WHY_LEN], const struct windows_track *t)
{
    if (!t->build[0])
        hf_say(out, HF_WHY_LEN, "build: %s", hf_facts_why(t->facts, "os.ubr"));
    else if (t->place == WINDOWS_TWOFOLD)
        hf_say(out, HF_WHY_LEN,
               "two updates have build %s, and the host lists neither",
               t->build);
    else if (t->place == WINDOWS_GAP)
        hf_say(out, HF_WHY_LEN, "%s is in no row, and the catalogue lacks %s",
               t->build, t->gap[0] ? t->gap : "what came before");
    else if (t->place == WINDOWS_NEWER)
        hf_say(out, HF_WHY_LEN, "%s is newer than the catalogue", t->build);
    else if (!t->product.title)
        hf_say(out, HF_WHY_LEN, "%s", t->product.why);
    else
        hf_say(out, HF_WHY_LEN, "the catalogue has no releases of %s",
               t->product.title);
}

static int
is_before(const struct hf_release *row, const struct hf_release *other)
{
    return strcmp(row->month, other->month) < 0;
}

/* What the host would take: on the track its hotpatches, else the ordinary
 * updates, where the catalogue has them. */
static const struct hf_release *
wanted_row(const struct hf_status *status, const struct windows_track *t)
{
    if (status->coverage == HF_COVERAGE_COVERED || !t->ordinary)
        return t->target;
    if (!t->product.id && is_before(t->ordinary, t->late))
        return NULL; /* its ordinary updates since then are not known */
    return t->target && is_before(t->ordinary, t->target) ? t->target
                                                          : t->ordinary;
}

/* A newer release than the host's, or NULL. In another month every line has
 * the same fixes; within a month each line is compared with itself. */
static const struct hf_release *
missing_row(const struct hf_status *status, const struct windows_track *t)
{
    const struct hf_release *newest =
        status->coverage == HF_COVERAGE_COVERED ||
                hf_release_line(t->row) == HF_LINE_HOTPATCH
            ? t->target
            : t->ordinary;

    if (status->coverage != HF_COVERAGE_COVERED && is_before(t->row, t->late))
        return wanted_row(status, t);
    return newest && newest > t->row && strcmp(newest->build, t->build) != 0
               ? newest
               : NULL;
}

/* Nothing newer is known; is that because nobody looked? */
static void
judge_age(struct hf_status *out, const struct hf_judge_in *in,
          const struct windows_track *t)
{
    const struct hf_product *product =
        hf_catalogue_product(in->catalogue, t->product.line);

    if (hf_judge_newest(out, product, in->now) && t->kbs_known &&
        !hf_strs_has(&t->kbs, t->row->kb))
        SAY(out->patch_why, "by its build; %s is not in the host's list",
            t->row->kb);
}

static void
judge_row(struct hf_status *out, const struct hf_judge_in *in,
          const struct windows_track *t)
{
    const struct hf_release *missing = missing_row(out, t);

    if (!missing) {
        judge_age(out, in, t);
        return;
    }
    out->patch = HF_PATCH_BEHIND;
    if (out->coverage == HF_COVERAGE_COVERED)
        SAY(out->patch_why, "%s (%s %s) is not in effect", missing->kb,
            hf_release_type_names[missing->type], missing->month);
    else if (is_before(missing, t->late) ||
             hf_release_line(missing) == HF_LINE_HOTPATCH)
        SAY(out->patch_why, "the fixes of %s are missing", t->late->month);
    else
        SAY(out->patch_why, "the fixes of %s are missing (%s, %s)",
            missing->month, missing->kb, hf_release_type_names[missing->type]);
}

/* A build of no row: below every release of the newest month it lacks what
 * that one closes; above, the catalogue cannot say. */
static void
judge_unlisted(struct hf_status *out, const struct windows_track *t)
{
    out->patch = HF_PATCH_UNKNOWN;
    if (t->place == WINDOWS_OLD) {
        out->patch = HF_PATCH_BEHIND;
        SAY(out->patch_why, "%s is older than baseline %s", t->build,
            t->newest->month);
    } else if (t->place != WINDOWS_OFF_TRACK) {
        windows_place_why(out->patch_why, t);
    } else if (!t->ordinary || is_before(t->ordinary, t->late)) {
        SAY(out->patch_why,
            "the catalogue holds no ordinary updates to compare with");
    } else if (windows_revision(t->build) < t->least) {
        out->patch = HF_PATCH_BEHIND;
        SAY(out->patch_why,
            "below every release of %s (derived: it is none of the "
            "catalogue's)",
            t->late->month);
    } else {
        SAY(out->patch_why, "%s is none of the releases of %s", t->build,
            t->late->month);
    }
}

/* What the last run left, as long as it is there and nothing newer is out. */
static void
judge_by_run(struct hf_status *out, const struct hf_recent *recent,
             const struct windows_track *t, const struct hf_release *wanted)
{
    static const struct {
        const char *action, *outcome;
        enum hf_patch patch;
    } rows[] = {
        {"rollback", "verified", HF_PATCH_ROLLED_BACK},
        {"apply", "failed", HF_PATCH_FAILED},
        {"apply", "unverified", HF_PATCH_UNVERIFIED},
    };
    size_t len = strlen(t->build);

    if (!recent || wanted->released > recent->at ||
        strncmp(recent->level, t->build, len) != 0 ||
        (recent->level[len] && recent->level[len] != ' '))
        return;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        if (strcmp(recent->action, rows[i].action) != 0 ||
            strcmp(recent->outcome, rows[i].outcome) != 0)
            continue;
        out->patch = rows[i].patch;
        if (out->patch == HF_PATCH_ROLLED_BACK)
            SAY(out->patch_why, "taken back by run %s", recent->run);
        else
            SAY(out->patch_why, "%s", recent->why);
    }
}

void
windows_judge_patch(struct hf_status *out, const struct hf_judge_in *in,
                    const struct windows_track *t)
{
    const struct hf_release *wanted = wanted_row(out, t);

    if (wanted)
        windows_row_level(out->target, wanted);
    if (t->row)
        judge_row(out, in, t);
    else
        judge_unlisted(out, t);
    if (out->patch == HF_PATCH_BEHIND && wanted)
        judge_by_run(out, in->recent, t, wanted);
}
