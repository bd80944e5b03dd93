/*
 * Breaking the glass: in an emergency a person acts against a rule of the
 * fleet, with a reason that is recorded louder than anything else. Only rules
 * that people made may be overridden, only those that the fleet names
 * (hotfleet.json "break_glass"), and only by single verbs.
 */
#ifndef HF_MODEL_BREAK_GLASS_H
#define HF_MODEL_BREAK_GLASS_H

enum hf_glass {
    HF_GLASS_HOLD = 1 << 0,
    HF_GLASS_EXCEPTION = 1 << 1,
    HF_GLASS_KNOWN_ISSUE = 1 << 2,
    HF_GLASS_BLOCK = 1 << 3,    /* of a release */
    HF_GLASS_CALENDAR = 1 << 4, /* windows and freezes */
};
#define HF_GLASS_COUNT 5

/* Their words, in bit order; NULL-terminated. */
extern const char *const hf_glass_names[HF_GLASS_COUNT + 1];
/* The bit of a word; 0: it is none. */
unsigned hf_glass_bit(const char *name);

#endif
