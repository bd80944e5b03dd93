/*
 * Known issues: rules over facts that keep hosts from being patched, or warn
 * about it, until a day. Files known-issues/<id>.json of the fleet.
 */
#ifndef HF_MODEL_KNOWN_ISSUE_H
#define HF_MODEL_KNOWN_ISSUE_H

#include "backend/model/facts.h"
#include "backend/model/host.h"
#include "backend/model/status.h"

enum hf_issue_effect { HF_ISSUE_BLOCK, HF_ISSUE_WARN, HF_ISSUE_EFFECT_COUNT };
extern const char *const hf_issue_effect_names[HF_ISSUE_EFFECT_COUNT + 1];

/* Versions in [from, below); absent ends are NULL. All NULL: no condition. */
struct hf_version_rule {
    const char *name; /* glob, without regard to case; not for builds */
    const char *from, *below;
};

/* Strings live in the fleet's arena; absent ones are NULL. */
struct hf_issue {
    const char *id;
    const char *title;
    enum hf_issue_effect effect;
    const char *const *products;     /* NULL-terminated; NULL: any */
    struct hf_version_rule software; /* fact "software" */
    struct hf_version_rule driver;   /* fact "drivers" */
    struct hf_version_rule build;    /* Windows: os.build and os.ubr */
    struct hf_version_rule kernel;   /* Linux: kernel.release */
    const char *model;               /* glob over the fact "model" */
    struct hf_pairs facts;           /* any other: key and glob */
    const char *source;              /* link to who says so */
    int64_t until;                   /* ms; passed: the rule is over */
    const char *note;
    const char *path; /* its file */
};

enum hf_issue_answer { HF_ISSUE_NO, HF_ISSUE_YES, HF_ISSUE_UNKNOWN };

/*
 * Does the rule concern a host with these facts at `now`? All conditions must
 * hold; where one fails, unknown facts do not matter. `why` names what was
 * found, or what is not known.
 */
enum hf_issue_answer
hf_issue_match(char why[HF_WHY_LEN], const struct hf_issue *issue,
               const struct hf_facts *facts, const char *product, int64_t now);

/* Versions and builds by their numbers: below 0, 0, above 0. */
int hf_version_compare(const char *a, const char *b);

#endif
