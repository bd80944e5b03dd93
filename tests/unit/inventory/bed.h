/*
 * A test bed: a throwaway folder with a real git repository, handled through
 * the git command as an admin would.
 */
#ifndef HF_TEST_INVENTORY_BED_H
#define HF_TEST_INVENTORY_BED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "backend/base/json.h"
#include "inventory/load.h"
#include "inventory/repo.h"

struct bed {
    char root[64];          /* everything below it goes at the end */
    char dir[80];           /* the repository */
    struct hf_repo *repo;   /* bed_open */
    struct hf_fleet *fleet; /* bed_load */
    struct hf_problems problems;
    struct hf_err err;
};

/* Group setup: an empty home, so that nobody's settings change the outcome. */
int bed_group_setup(void **state);
/* Test setup: a repository without a commit, branch main. */
int bed_setup(void **state);
/* The same with a valid hotfleet.json (rings canary, early, broad) and one
 * host web-01 in canary. */
int bed_setup_fleet(void **state);
int bed_teardown(void **state);

/* Writes a file below dir, with its folders. */
void bed_write(struct bed *b, const char *path, const char *text);
void bed_writen(struct bed *b, const char *path, const void *data, size_t len);
/* What a file in the work tree holds; valid until the next call. */
const char *bed_read(struct bed *b, const char *path);
/* git with these arguments (up to NULL) in dir: must succeed. Its output,
 * valid until the next call. */
const char *bed_git(struct bed *b, ...);
/* A shell command in dir: its status. */
int bed_sh(struct bed *b, const char *command);
/* Everything in the work tree, as a commit. */
void bed_commit(struct bed *b, const char *message);
void bed_host(struct bed *b, const char *name, const char *more);

struct hf_repo *bed_open(struct bed *b);
/* Opens anew and loads; the result is that of hf_fleet_load. */
int bed_load(struct bed *b);
/* All problems of the last load, a line each; valid until the next call. */
const char *bed_problems(struct bed *b);
/* The last load found exactly this problem. */
#define assert_problem(b, line)                          \
    do {                                                 \
        assert_int_equal(bed_load(b), HF_EINVALID);      \
        assert_string_equal(bed_problems(b), line "\n"); \
    } while (0)

#endif
