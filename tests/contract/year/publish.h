/* What the vendors bring out in the course of the year, as commits to the
 * catalogue of a fleet: the way an admin keeps it. */
#ifndef HF_TEST_YEAR_PUBLISH_H
#define HF_TEST_YEAR_PUBLISH_H

#include "backend/model/release.h"
#include "tests/unit/playbooks/bed.h"

/* One release of the Windows products at once. */
struct publish_windows {
    const char *day; /* "2026-08-11" */
    enum hf_release_type type;
    int exploited; /* the first CVE that it closes is used in attacks */
    int servers;   /* nothing for clients */
};
/* A hotpatch comes with its ordinary update, as the vendor has it. */
void publish_windows(const struct bed *b, const struct publish_windows *w);
/* A live patch for every kernel, in the place of those before it. */
void publish_linux(const struct bed *b, const char *day, const char *patch);

/* Everything that is not yet committed, in a commit about this: one word. */
void publish_commit(const struct bed *b, const char *about);

#endif
