/*
 * What must hold after an action, read from the host again: the track, the
 * build, and what the update agent wrote down itself. Boot id, restart and
 * health are rows that all platforms share; what else may have suffered
 * stands in criteria_harm.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/checks/read.h"
#include "backend/drivers/windows/windows.h"

#define WHO_ADMIN "an administrator of the host"

static const char *
param(const struct hf_check_in *in, const char *name)
{
    return in->order ? hf_params_get(&in->order->params, name) : NULL;
}

static int
is_action(const struct hf_check_in *in, enum hf_action action)
{
    return in->order && in->order->action == action;
}

/* ---- the track ---- */

/* The host was to take a hotpatch. What else it took needs a restart, and
 * keeps hotpatches away. */
static void
fell_back(const struct hf_check_in *in, struct hf_finding *out,
          const char *expected, const struct windows_track *t)
{
    int64_t next = windows_next_baseline(
        t, in->catalogue, in->fleet ? in->fleet->calendar : NULL, in->now);
    char day[HF_TIME_LEN];

    hf_finding_set(out,
                   is_action(in, HF_ACTION_APPLY) ? HF_VERDICT_BLOCK
                                                  : HF_VERDICT_WARN,
                   expected,
                   "%s: %s%s%s is of the restart line; updates with restarts "
                   "until the next baseline, planned %.10s",
                   is_action(in, HF_ACTION_APPLY) ? "fell back" : "off track",
                   t->build, t->stray || t->row ? ", " : "",
                   t->stray ? t->stray->kb
                   : t->row ? t->row->kb
                            : "",
                   windows_baseline_day(day, next));
}

static void
run_line(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "on the hotpatch track";
    const char *wanted = param(in, "BUILD");
    struct windows_track t;

    if (!hf_finding_need(out, in->facts, "os.ubr", expected))
        return;
    windows_track(&t, in->facts, in->catalogue, in->now);
    if (t.place == WINDOWS_OFF_TRACK)
        fell_back(in, out, expected, &t);
    else if (t.place == WINDOWS_NEWER && is_action(in, HF_ACTION_APPLY))
        hf_finding_set(out, HF_VERDICT_BLOCK, expected,
                       "fell back: %s in place of %s is no hotpatch of the "
                       "catalogue (derived: an ordinary update)",
                       t.build, wanted ? wanted : "the hotpatch");
    else if (t.place == WINDOWS_ON_TRACK || t.place == WINDOWS_BASE_DUE)
        hf_finding_set(out, HF_VERDICT_PASS, expected, "baseline %s%s%s",
                       t.baseline ? t.baseline->month : "unknown",
                       t.row && t.row != t.baseline ? ", hotpatched to " : "",
                       t.row && t.row != t.baseline ? t.row->month : "");
    else if (t.place == WINDOWS_OLD)
        hf_finding_set(out, HF_VERDICT_WARN, expected,
                       "%s is older than the newest baseline", t.build);
    else
        hf_finding_set(out, HF_VERDICT_UNKNOWN, expected,
                       "where %s stands, the catalogue cannot tell", t.build);
    windows_track_release(&t);
}

const struct hf_check hf_criterion_line = {
    .name = "track",
    .title = "Still on the hotpatch track",
    .help = "a host that takes the ordinary update instead restarts, and gets "
            "no hotpatches before the next baseline",
    .remedy = "restart the host; the next baseline brings it back",
    .who = "whoever owns the host's restart window",
    .needs_restart = 1,
    .run = run_line,
};

/* ---- the build ---- */

/* Two updates may have one build, and a build may be there without its KB. */
static void
judge_wanted(const struct hf_check_in *in, struct hf_finding *out,
             const char *wanted, const struct windows_track *t)
{
    const char *kb = param(in, "KB");

    if (strcmp(t->build, wanted) != 0)
        hf_finding_set(out, HF_VERDICT_BLOCK, wanted, "%s", t->build);
    else if (!t->kbs_known)
        hf_finding_set(out, HF_VERDICT_WARN, wanted,
                       "%s; which KBs are installed is not known", t->build);
    else if (!kb || hf_strs_has(&t->kbs, kb))
        hf_finding_set(out, HF_VERDICT_PASS, wanted, "%s%s%s", t->build,
                       kb ? ", and the host lists " : "", kb ? kb : "");
    else
        hf_finding_set(
            out,
            t->place == WINDOWS_TWOFOLD ? HF_VERDICT_UNKNOWN : HF_VERDICT_WARN,
            wanted, "%s, but the host does not list %s%s", t->build, kb,
            t->place == WINDOWS_TWOFOLD ? ", and another update has this build"
                                        : "");
}

static void
judge_removed(const struct hf_check_in *in, struct hf_finding *out,
              const char *removed, const struct windows_track *t)
{
    const char *kb = param(in, "KB");
    char expected[64];

    hf_say(expected, sizeof(expected), "older than %s", removed);
    if (strcmp(t->build, removed) == 0)
        hf_finding_set(out, HF_VERDICT_BLOCK, expected, "%s: it is still there",
                       t->build);
    else if (windows_revision(t->build) > windows_revision(removed))
        hf_finding_set(out, HF_VERDICT_BLOCK, expected,
                       "%s: something else was installed", t->build);
    else if (kb && hf_strs_has(&t->kbs, kb))
        hf_finding_set(out, HF_VERDICT_WARN, expected,
                       "%s, but the host still lists %s", t->build, kb);
    else
        hf_finding_set(out, HF_VERDICT_PASS, expected, "%s", t->build);
}

/* A restart completes what waited for it, and nothing else. */
static void
judge_kept(const struct hf_check_in *in, struct hf_finding *out,
           const char *from, const struct windows_track *t)
{
    int waited =
        in->before && hf_facts_bool(in->before, "restart.pending") == 1;

    if (strcmp(t->build, from) == 0)
        hf_finding_set(out, HF_VERDICT_PASS, from, "%s", t->build);
    else if (windows_revision(t->build) < windows_revision(from))
        hf_finding_set(out, HF_VERDICT_BLOCK, from,
                       "%s: an update was taken back at the start", t->build);
    else
        hf_finding_set(out, waited ? HF_VERDICT_PASS : HF_VERDICT_WARN, from,
                       waited ? "%s: what waited for the restart is installed"
                              : "%s, though nothing waited for the restart",
                       t->build);
}

static void
run_level(const struct hf_check_in *in, struct hf_finding *out)
{
    const char *wanted = param(in, "BUILD"), *removed = param(in, "REMOVE");
    const char *from = param(in, "FROM");
    const char *expected = wanted ? wanted : "the newest release";
    struct windows_track t;

    if (!hf_finding_need(out, in->facts, "os.ubr", expected))
        return;
    windows_track(&t, in->facts, in->catalogue, in->now);
    if (removed)
        judge_removed(in, out, removed, &t);
    else if (wanted)
        judge_wanted(in, out, wanted, &t);
    else if (from)
        judge_kept(in, out, from, &t);
    else
        hf_finding_set(out, HF_VERDICT_UNKNOWN, expected,
                       "the catalogue knows none for this host");
    windows_track_release(&t);
}

const struct hf_check hf_criterion_level = {
    .name = "level",
    .title = "Wanted build in effect",
    .help = "what runs is told by build and KB, not by who installed it",
    .remedy = "check the host: see its track",
    .who = WHO_ADMIN,
    .run = run_level,
};

/* ---- what the update agent wrote down ---- */

struct entry {
    int operation, result;
    unsigned hresult;
};

/* The newest one about the KB; words KB:operation:result:hresult@epoch. */
static int
find_entry(struct entry *out, const char *history, const char *kb)
{
    struct hf_strs words = {0};
    int found = 0;

    hf_fact_words(&words, history);
    for (size_t i = 0; i < words.len && !found; i++)
        found = strncmp(words.v[i], kb, strlen(kb)) == 0 &&
                words.v[i][strlen(kb)] == ':' &&
                sscanf(words.v[i] + strlen(kb), ":%d:%d:%x", &out->operation,
                       &out->result, &out->hresult) == 3;
    hf_strs_release(&words);
    return found;
}

#define WU_S_ALREADY_INSTALLED 0x00240006u
enum { OPERATION_INSTALL = 1, RESULT_SUCCEEDED = 2, RESULT_WITH_ERRORS = 3 };

static void
judge_entry(struct hf_finding *out, const char *expected, const struct entry *e)
{
    const struct windows_code *code = windows_code_find(e->hresult);
    int clean = !e->hresult || e->hresult == WU_S_ALREADY_INSTALLED;

    if (e->operation != OPERATION_INSTALL)
        hf_finding_set(out, HF_VERDICT_WARN, expected,
                       "the newest entry is of a removal");
    else if (e->result == RESULT_SUCCEEDED && clean)
        hf_finding_set(out, HF_VERDICT_PASS, expected, "2, 0x%08X", e->hresult);
    else
        hf_finding_set(out,
                       e->result == RESULT_WITH_ERRORS ? HF_VERDICT_WARN
                                                       : HF_VERDICT_BLOCK,
                       expected, "%d, 0x%08X%s%s", e->result, e->hresult,
                       code ? ": " : "", code ? code->means : "");
}

static void
run_history(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "2 (succeeded), 0x00000000";
    const char *kb = param(in, "KBS");
    const char *history = hf_finding_need(out, in->facts, "history", expected);
    struct entry e;

    if (!history)
        return;
    if (!kb)
        hf_finding_set(out, HF_VERDICT_PASS, expected,
                       "no run has installed one");
    else if (!find_entry(&e, history, kb))
        hf_finding_set(out, HF_VERDICT_WARN, expected,
                       "no entry about %s: it came another way, or the "
                       "history was cleared",
                       kb);
    else
        judge_entry(out, expected, &e);
}

const struct hf_check hf_criterion_history = {
    .name = "history",
    .title = "Result in the update history",
    .help = "the update agent writes down how each installation ended",
    .remedy = "see the code; the agent's log tells more",
    .who = WHO_ADMIN,
    .run = run_history,
};
