/*
 * A folder for one test, gone afterwards, and a small disk that can be
 * filled. For test programs; failing to make one ends the program.
 */
#ifndef TESTS_SUPPORT_SCRATCH_H
#define TESTS_SUPPORT_SCRATCH_H

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"

/* The caller's; see scratch_free. */
static inline char *
scratch_new(void)
{
    const char *tmp = getenv("TMPDIR");
    char *dir = hf_xasprintf("%s/hotfleet-test-XXXXXX", tmp ? tmp : "/tmp");

    if (!mkdtemp(dir)) {
        perror(dir);
        abort();
    }
    return dir;
}

static inline void
scratch_free(char *dir)
{
    struct hf_err err = HF_ERR_INIT;

    hf_rmtree(dir, &err);
    free(dir);
}

/*
 * Mounts a tmpfs of `size` ("64k") on `dir`, which is made, for this process
 * and its children only: it goes with them. -1 where that is not allowed;
 * then the test is to be skipped.
 */
static inline int
scratch_small_disk(const char *dir, const char *size)
{
    char options[64];

    snprintf(options, sizeof(options), "size=%s,mode=0700", size);
    if (mkdir(dir, 0700) < 0 || unshare(CLONE_NEWNS) < 0 ||
        mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
        return -1;
    return mount("tmpfs", dir, "tmpfs", 0, options);
}

#endif
