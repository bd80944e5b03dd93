/* The words for where a host stands, and keeping it. */
#include "backend/model/status.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"

/* clang-format off */
const char *const hf_coverage_names[HF_COVERAGE_COUNT + 1] = {
    [HF_COVERAGE_UNKNOWN] = "unknown",
    [HF_COVERAGE_COVERED] = "covered",
    [HF_COVERAGE_RESTART_DUE] = "restart-due",
    [HF_COVERAGE_OFF_TRACK] = "off-track",
    [HF_COVERAGE_UNCOVERED] = "uncovered",
    [HF_COVERAGE_INELIGIBLE] = "ineligible",
    [HF_COVERAGE_COUNT] = NULL,
};

const char *const hf_patch_names[HF_PATCH_COUNT + 1] = {
    [HF_PATCH_UNKNOWN] = "unknown",
    [HF_PATCH_CURRENT] = "current",
    [HF_PATCH_BEHIND] = "behind",
    [HF_PATCH_IN_TRANSITION] = "in-transition",
    [HF_PATCH_APPLYING] = "applying",
    [HF_PATCH_FAILED] = "failed",
    [HF_PATCH_ROLLED_BACK] = "rolled-back",
    [HF_PATCH_UNVERIFIED] = "unverified",
    [HF_PATCH_COUNT] = NULL,
};

const char *const hf_reboot_names[HF_REBOOT_COUNT + 1] = {
    [HF_REBOOT_UNKNOWN] = "unknown",
    [HF_REBOOT_NONE] = "none",
    [HF_REBOOT_PENDING] = "pending",
    [HF_REBOOT_SCHEDULED] = "scheduled",
    [HF_REBOOT_OVERDUE] = "overdue",
    [HF_REBOOT_REBOOTING] = "rebooting",
    [HF_REBOOT_COUNT] = NULL,
};

const char *const hf_staged_names[HF_STAGED_COUNT + 1] = {
    [HF_STAGED_UNKNOWN] = "unknown",
    [HF_STAGED_NO] = "no",
    [HF_STAGED_YES] = "yes",
    [HF_STAGED_COUNT] = NULL,
};

/* In the order of the bits of enum hf_flag. */
const char *const hf_flag_names[HF_FLAG_COUNT + 1] = {
    "held",
    "excepted",
    "known-issue",
    "frozen",
    "job-running",
    "stale",
    "unreachable",
    "patched-elsewhere",
    "identity-changed",
    "restarted",
    NULL,
};
/* clang-format on */

_Static_assert(HF_FLAG_RESTARTED == 1 << (HF_FLAG_COUNT - 1),
               "every flag has its word");

/* ---- kept ---- */

const struct hf_standing hf_standing_none = {
    .survives_by = "",
    .level = "",
    .target = "",
    .coverage_why = "",
    .patch_why = "",
    .reboot_why = "",
    .restarted_why = "",
};

static const char *
lay(char **at, const char *text)
{
    char *to = *at;

    if (!to || !*text)
        return "";
    *at = stpcpy(to, text) + 1;
    return to;
}

void
hf_standing_set(struct hf_standing *to, const struct hf_status *from)
{
    size_t size = strlen(from->survives_by) + strlen(from->level) +
                  strlen(from->target) + strlen(from->coverage_why) +
                  strlen(from->patch_why) + strlen(from->reboot_why) +
                  strlen(from->restarted_why);
    char *texts = size ? hf_xmalloc(size + 7) : NULL, *at = texts;

    hf_standing_release(to);
    *to = (struct hf_standing){
        .coverage = from->coverage,
        .patch = from->patch,
        .reboot = from->reboot,
        .flags = from->flags,
        .product = from->product,
        .covered_until = from->covered_until,
        .reboot_at = from->reboot_at,
        .restart_within = from->restart_within,
        .seen = from->seen,
        .survives = from->survives,
        .staged = from->staged,
        .survives_by = lay(&at, from->survives_by),
        .level = lay(&at, from->level),
        .target = lay(&at, from->target),
        .coverage_why = lay(&at, from->coverage_why),
        .patch_why = lay(&at, from->patch_why),
        .reboot_why = lay(&at, from->reboot_why),
        .restarted_why = lay(&at, from->restarted_why),
        .texts = texts,
    };
}

void
hf_standing_release(struct hf_standing *s)
{
    free(s->texts);
    *s = hf_standing_none;
}
