/*
 * Orders that end in a restart. A hotpatch can be removed only so, and what
 * it leaves is the baseline below: less protection, and as a rule no further
 * hotpatches before the next one.
 */
#include <string.h>

#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/drivers/windows/order.h"

#define SAY(to, ...) hf_say((to), sizeof(to), __VA_ARGS__)

#define REMOVE_MINUTES 20 /* a guess: no source gives a figure */
#define REMOVE_LIMIT_MS (INT64_C(60) * 60 * 1000)
#define REBOOT_MINUTES 10 /* a guess; updates that wait take longer */
#define REBOOT_LIMIT_MS (INT64_C(5) * 60 * 1000)
#define UPDATE_MINUTES 45 /* a guess: Windows finishes while it starts */
#define UPDATE_LIMIT_MS (INT64_C(110) * 60 * 1000)
#define DELAY_S "60" /* the users of the host are warned */
#define DELAY_MS 60000

static void
set_restart(struct hf_order *out)
{
    hf_params_set(&out->params, "DELAY_S", DELAY_S);
    out->restart_in = DELAY_MS;
}

void
windows_price_undo(struct hf_price *out, const struct windows_track *t,
                   const struct hf_release *row, const struct hf_judge_in *in)
{
    int64_t next =
        windows_next_baseline(t, in->catalogue, in->calendar, in->now);
    char day[HF_TIME_LEN];

    out->possible = 1;
    out->restart = HF_RESTART_YES;
    out->minutes = REMOVE_MINUTES;
    out->off_track = 1;
    out->off_until = next;
    if (t->baseline)
        windows_add_cves(&out->cves, t->baseline, row);
    SAY(out->note,
        "back to the baseline, as a rule off the hotpatch track until the "
        "next one, planned %.10s; the minutes are a guess",
        windows_baseline_day(day, next));
}

/* NULL, or why what runs here cannot be taken back. */
static const char *
cannot_remove(const struct windows_track *t)
{
    if (!t->row)
        return "is no release of the catalogue: what it was installed by is "
               "not known";
    if (hf_release_line(t->row) != HF_LINE_HOTPATCH)
        return "is no hotpatch: baselines and ordinary updates are not taken "
               "back";
    if (t->stray)
        return "has an ordinary update on top";
    if (t->place != WINDOWS_ON_TRACK && t->place != WINDOWS_BASE_DUE)
        return "stands off the hotpatch track";
    return NULL;
}

void
windows_order_rollback(struct hf_order *out, const struct hf_judge_in *in,
                       const struct windows_track *t)
{
    const char *problem = cannot_remove(t);

    if (problem) {
        SAY(out->price.why, "%s %s", t->build[0] ? t->build : "its build",
            problem);
        return;
    }
    windows_price_undo(&out->price, t, t->row, in);
    if (t->baseline)
        windows_row_level(out->level_to, t->baseline);
    windows_set_guards(out, t);
    hf_params_set(&out->params, "KB", t->row->kb);
    hf_strs_add(&out->releases, t->row->kb);
    hf_params_set(&out->params, "REMOVE", t->build);
    out->undo = (struct hf_price){.possible = 1, .restart = HF_RESTART_UNKNOWN};
    SAY(out->undo.note, "the hotpatch must be offered again");
    out->time_limit = REMOVE_LIMIT_MS;
    set_restart(out);
}

/* Installed hotpatches stay; what waits for the restart comes with it, and may
 * be an update that leaves the track. */
void
windows_order_reboot(struct hf_order *out, const struct hf_judge_in *in,
                     const struct windows_track *t)
{
    const char *reason = hf_facts_get(in->facts, "restart.reason");
    int pending = hf_facts_bool(in->facts, "restart.pending");
    struct hf_status status;

    out->price.restart = HF_RESTART_YES;
    SAY(out->undo.why, "a restart cannot be taken back");
    if (!t->build[0]) {
        SAY(out->price.why, "its build is not known: %s",
            hf_facts_why(in->facts, "os.ubr"));
        return;
    }
    out->price.possible = 1;
    out->price.minutes = REBOOT_MINUTES;
    windows_judge(&status, in);
    out->covers = pending == 0 && status.coverage == HF_COVERAGE_COVERED;
    if (pending == 1)
        SAY(out->price.note,
            "what waits for it is installed (%s) and may leave the track",
            reason ? reason : "no reason given");
    hf_params_set(&out->params, "ACTION", hf_action_names[out->action]);
    hf_params_set(&out->params, "FROM", t->build);
    out->time_limit = REBOOT_LIMIT_MS;
    set_restart(out);
}

/* ---- updates that need a restart ---- */

/* What brings the host forward, with what is said where nothing does. */
static const struct hf_release *
due_update(struct hf_order *out, const struct hf_judge_in *in,
           const struct windows_track *t)
{
    const struct hf_release *row;
    struct hf_status status;

    windows_judge(&status, in);
    row = windows_due_update(&status, t);
    if (status.coverage == HF_COVERAGE_COVERED)
        out->nothing = out->price.possible = 1;
    if (row && ((t->row && t->row == row) || hf_strs_has(&t->kbs, row->kb) ||
                strcmp(row->build, t->build) == 0)) {
        out->nothing = out->price.possible = 1;
        SAY(out->price.why, "%s is in effect already", out->level_from);
        return NULL;
    }
    if (!row)
        SAY(out->price.why, "no update with a restart is due: %s",
            status.coverage_why[0] ? status.coverage_why : "covered");
    return row;
}

/* Whatever the months between closed comes with it, whichever line it was
 * closed on. */
static void
add_closed(struct hf_strs *to, const struct windows_track *t,
           const struct hf_release *row)
{
    for (const struct hf_release *r = t->row ? t->row + 1 : row; r <= row;
         r++) {
        for (const char *const *cve = r->cves; cve && *cve; cve++) {
            if (!hf_strs_has(to, *cve))
                hf_strs_add(to, *cve);
        }
    }
}

void
windows_order_restart_update(struct hf_order *out, const struct hf_judge_in *in,
                             const struct windows_track *t)
{
    const struct hf_release *row;

    out->price.restart = HF_RESTART_YES;
    SAY(out->undo.why, "baselines and ordinary updates are not taken back");
    if (!t->build[0]) {
        SAY(out->price.why, "its build is not known: %s",
            hf_facts_why(in->facts, "os.ubr"));
        return;
    }
    if (hf_facts_bool(in->facts, "restart.pending") == 1) {
        SAY(out->price.why, "an update waits for a restart already: that "
                            "comes first");
        return;
    }
    if (!(row = due_update(out, in, t)))
        return;
    out->price.possible = 1;
    out->covers = hf_release_line(row) == HF_LINE_KEPT;
    windows_add_offers(out, in, row);
    out->price.minutes =
        UPDATE_MINUTES - (out->staged ? WINDOWS_DOWNLOAD_MINUTES : 0);
    add_closed(&out->price.cves, t, row);
    SAY(out->price.note, "%sthe minutes are a guess",
        out->staged ? "downloaded already; " : "");
    windows_row_level(out->level_to, row);
    hf_strs_add(&out->releases, row->kb);
    windows_set_guards(out, t);
    hf_params_set(&out->params, "KBS", row->kb);
    hf_params_set(&out->params, "KB", row->kb);
    hf_params_set(&out->params, "BUILD", row->build);
    out->time_limit = UPDATE_LIMIT_MS;
    set_restart(out);
}
