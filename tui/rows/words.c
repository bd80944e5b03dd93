/* Symbols and tones; see words.h. */
#include "tui/rows/words.h"

#include <string.h>

#include "backend/base/mem.h"
#include "backend/model/verdict.h"

/* clang-format off */
const struct hf_word hf_patch_words[HF_PATCH_COUNT] = {
    [HF_PATCH_FAILED]        = {"✗", "x", HF_TONE_BAD, 0},
    [HF_PATCH_UNVERIFIED]    = {"?", "?", HF_TONE_WARN, 1},
    [HF_PATCH_IN_TRANSITION] = {"~", "~", HF_TONE_WARN, 2},
    [HF_PATCH_APPLYING]      = {"»", ">", HF_TONE_BUSY, 3},
    [HF_PATCH_BEHIND]        = {"↓", "v", HF_TONE_WARN, 4},
    [HF_PATCH_ROLLED_BACK]   = {"←", "<", HF_TONE_PLAIN, 5},
    [HF_PATCH_UNKNOWN]       = {"·", ".", HF_TONE_DIM, 6},
    [HF_PATCH_CURRENT]       = {"✓", "+", HF_TONE_GOOD, 7},
};

const struct hf_word hf_coverage_words[HF_COVERAGE_COUNT] = {
    [HF_COVERAGE_INELIGIBLE]  = {"✗", "x", HF_TONE_BAD, 0},
    [HF_COVERAGE_OFF_TRACK]   = {"!", "!", HF_TONE_WARN, 1},
    [HF_COVERAGE_RESTART_DUE] = {"!", "!", HF_TONE_WARN, 2},
    [HF_COVERAGE_UNCOVERED]   = {"○", "o", HF_TONE_WARN, 3},
    [HF_COVERAGE_UNKNOWN]     = {"·", ".", HF_TONE_DIM, 4},
    [HF_COVERAGE_COVERED]     = {"✓", "+", HF_TONE_GOOD, 5},
};

const struct hf_word hf_reboot_words[HF_REBOOT_COUNT] = {
    [HF_REBOOT_OVERDUE]   = {"✗", "x", HF_TONE_BAD, 0},
    [HF_REBOOT_REBOOTING] = {"»", ">", HF_TONE_BUSY, 1},
    [HF_REBOOT_PENDING]   = {"!", "!", HF_TONE_WARN, 2},
    [HF_REBOOT_SCHEDULED] = {"!", "!", HF_TONE_PLAIN, 3},
    [HF_REBOOT_UNKNOWN]   = {"·", ".", HF_TONE_DIM, 4},
    [HF_REBOOT_NONE]      = {" ", " ", HF_TONE_DIM, 5},
};

const struct hf_word hf_outcome_words[HF_OUTCOME_COUNT] = {
    [HF_OUTCOME_FAILED]      = {"✗", "x", HF_TONE_BAD, 0},
    [HF_OUTCOME_UNVERIFIED]  = {"?", "?", HF_TONE_WARN, 1},
    [HF_OUTCOME_REFUSED]     = {"✗", "x", HF_TONE_BAD, 2},
    [HF_OUTCOME_UNREACHABLE] = {"○", "o", HF_TONE_WARN, 3},
    [HF_OUTCOME_NOT_SEEN]    = {"○", "o", HF_TONE_PLAIN, 4},
    [HF_OUTCOME_LOCKED]      = {"!", "!", HF_TONE_WARN, 5},
    [HF_OUTCOME_INELIGIBLE]  = {"!", "!", HF_TONE_WARN, 6},
    [HF_OUTCOME_CALLED_OFF]  = {"-", "-", HF_TONE_WARN, 7},
    [HF_OUTCOME_SKIPPED]     = {"-", "-", HF_TONE_PLAIN, 8},
    [HF_OUTCOME_CANCELLED]   = {"-", "-", HF_TONE_PLAIN, 9},
    [HF_OUTCOME_CLOSED]      = {"-", "-", HF_TONE_PLAIN, 10},
    [HF_OUTCOME_ALREADY]     = {"✓", "+", HF_TONE_GOOD, 11},
    [HF_OUTCOME_VERIFIED]    = {"✓", "+", HF_TONE_GOOD, 12},
    [HF_OUTCOME_CHECKED]     = {"✓", "+", HF_TONE_GOOD, 13},
};

const struct hf_word hf_verdict_words[HF_VERDICT_COUNT] = {
    [HF_VERDICT_BLOCK]   = {"✗", "x", HF_TONE_BAD, 0},
    [HF_VERDICT_UNKNOWN] = {"?", "?", HF_TONE_WARN, 1},
    [HF_VERDICT_WARN]    = {"!", "!", HF_TONE_WARN, 2},
    [HF_VERDICT_PASS]    = {"✓", "+", HF_TONE_GOOD, 3},
};
/* clang-format on */

/* clang-format off */
static const struct { const char *net; enum hf_outcome outcome; }
contacts[] = {
    {"hostkey", HF_OUTCOME_REFUSED}, {"denied", HF_OUTCOME_REFUSED},
    {"unresolved", HF_OUTCOME_UNREACHABLE},
    {"unreachable", HF_OUTCOME_UNREACHABLE},
    {"failed", HF_OUTCOME_UNREACHABLE},
    {"cancelled", HF_OUTCOME_CANCELLED},
};
/* clang-format on */

enum hf_outcome
hf_contact_outcome(const char *net)
{
    for (size_t i = 0; i < HF_COUNT(contacts); i++) {
        if (strcmp(contacts[i].net, net) == 0)
            return contacts[i].outcome;
    }
    return HF_OUTCOME_UNVERIFIED;
}

const char *
hf_word_symbol(const struct hf_word *w, int ascii)
{
    return ascii ? w->ascii : w->symbol;
}

const char *
hf_fold_sign(int folded, int ascii)
{
    if (ascii)
        return folded ? "+" : "-";
    return folded ? "▸" : "▾";
}

void
hf_flags_text(struct hf_buf *out, unsigned flags)
{
    const char *sep = "";

    for (int i = 0; i < HF_FLAG_COUNT; i++) {
        if (!(flags & 1u << i))
            continue;
        hf_buf_printf(out, "%s%s", sep, hf_flag_names[i]);
        sep = " ";
    }
}
