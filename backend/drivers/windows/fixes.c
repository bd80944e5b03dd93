/*
 * Of which releases the fixes are in effect on a host. A cumulative update
 * (and a baseline is one) has those of all months before its own. A hotpatch
 * has those of the hotpatches before it, and of its baseline; what only the
 * month's update closes stays open until the next baseline.
 */
#include <string.h>

#include "backend/drivers/windows/windows.h"

static int
is_hotpatch(const struct hf_release *row)
{
    return hf_release_line(row) == HF_LINE_HOTPATCH;
}

/* Of its own month an update has what came regularly before it; what came out
 * of band is in the next month's, as far as anybody has said. */
static int
contains(const struct hf_release *update, const struct hf_release *row)
{
    int order = strcmp(row->month, update->month);

    if (order != 0 || row == update)
        return order <= 0;
    if (row->type == HF_RELEASE_OOB && update->type != HF_RELEASE_OOB)
        return 0;
    return (is_hotpatch(row) && row->type != HF_RELEASE_OOB) ||
           windows_revision(row->build) <= windows_revision(update->build);
}

/* Its number does not tell whether a host has it, only its KB does. */
static int
is_apart(const struct hf_release *row)
{
    return row->type == HF_RELEASE_COMPANION ||
           (row->type == HF_RELEASE_OOB && !is_hotpatch(row));
}

/* A build of no row has at least what the update below it has. */
static const struct hf_release *
update_below(const struct windows_track *t)
{
    const struct hf_release *found = NULL;

    for (size_t i = 0; i < t->rows_len; i++) {
        const struct hf_release *row = &t->rows[i];

        if (!is_hotpatch(row) && row->type != HF_RELEASE_COMPANION &&
            windows_revision(row->build) <= windows_revision(t->build) &&
            (!found ||
             windows_revision(found->build) <= windows_revision(row->build)))
            found = row;
    }
    return found;
}

static int
is_taken(const struct windows_track *t, const struct hf_release *update,
         const struct hf_release *row)
{
    if ((update && contains(update, row)) ||
        (t->stray && contains(t->stray, row)))
        return 1;
    if (is_apart(row) && hf_strs_has(&t->kbs, row->kb))
        return 1;
    return t->row && is_hotpatch(t->row) && is_hotpatch(row) &&
           windows_revision(row->build) <= windows_revision(t->row->build);
}

void
windows_fixes(struct hf_fixes *out, const struct hf_judge_in *in)
{
    const struct hf_release *update;
    struct windows_track t;

    windows_track(&t, in->facts, in->catalogue, in->now);
    if (!t.row && t.place != WINDOWS_OFF_TRACK && t.place != WINDOWS_OLD) {
        hf_fixes_start(out, NULL, 0);
        windows_place_why(out->why, &t);
        goto out;
    }
    hf_fixes_start(out, t.rows, t.rows_len);
    update = !t.row               ? update_below(&t)
             : is_hotpatch(t.row) ? t.baseline
                                  : t.row;
    for (size_t i = 0; i < out->len; i++)
        out->taken[i] = (unsigned char)is_taken(&t, update, &t.rows[i]);
out:
    windows_track_release(&t);
}
