/*
 * The driver for plain upstream live patching (sysfs). Private to its folder;
 * the registry needs the record only.
 */
#ifndef HF_DRIVERS_LIVEPATCH_H
#define HF_DRIVERS_LIVEPATCH_H

#include "backend/base/buf.h"
#include "backend/drivers/driver.h"

extern const struct hf_driver hf_driver_livepatch;

/* ---- level.c: what runs, and what should ---- */

#define LIVEPATCH_MAX_ROWS 64

/* Borrows from facts and catalogue. */
struct livepatch_view {
    const struct hf_facts *facts;
    const struct hf_catalogue *catalogue;
    const char *kernel;     /* running release, or NULL: unknown */
    int known;              /* the patches in effect are known */
    struct hf_strs active;  /* in effect, as the kernel lists them */
    struct hf_strs foreign; /* of these, the catalogue knows nothing */
    const struct hf_release *target[LIVEPATCH_MAX_ROWS];
    size_t target_len; /* in load order */
    const struct hf_release *missing[LIVEPATCH_MAX_ROWS];
    size_t missing_len; /* of the target, not in effect */
};
void livepatch_look(struct livepatch_view *v, const struct hf_facts *facts,
                    const struct hf_catalogue *catalogue);
void livepatch_view_release(struct livepatch_view *v);

/* The first day on which one of these is no longer kept up; 0: none says. */
int64_t
livepatch_covered_until(const struct hf_release *const *rows, size_t len);
/* 1 when the catalogue has live patches for that kernel that have not ended. */
int
livepatch_covers(const struct hf_catalogue *c, const char *kernel, int64_t now);
/* 1 when the catalogue has rows for the running kernel. */
int livepatch_kernel_known(const struct livepatch_view *v);
/* The fact patch.<name>.<what>; see hf_facts_bool and hf_facts_get. */
int livepatch_patch_bool(const struct hf_facts *facts, const char *name,
                         const char *what);
const char *livepatch_patch_fact(const struct hf_facts *facts, const char *name,
                                 const char *what);
/* "6.1.0-56-amd64 + fix_1 fix_2", cut to HF_WHY_LEN. */
void livepatch_level(char out[HF_WHY_LEN], const char *kernel,
                     const struct hf_strs *patches);
/* The patches that such a level names. */
void livepatch_level_patches(struct hf_strs *out, const char *level);
/* Prints, cut between characters. */
void livepatch_say(char *out, size_t size, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Words with `between` between them. */
void livepatch_join(struct hf_buf *out, const struct hf_strs *words,
                    const char *between);

/* ---- the members of the record ---- */

void livepatch_judge(struct hf_status *out, const struct hf_judge_in *in);
void livepatch_order(struct hf_order *out, enum hf_action action,
                     const struct hf_judge_in *in);
/* Part of livepatch_order. */
void livepatch_order_reboot(struct hf_order *out,
                            const struct livepatch_view *v, int64_t now);
void livepatch_fixes(struct hf_fixes *out, const struct hf_judge_in *in);
void livepatch_releases(struct hf_strs *out, const struct hf_judge_in *in);
void livepatch_explain(struct hf_err *out, const struct hf_facts *result);

/* Rows that say that the host cannot be patched now, not that it cannot be
 * patched at all. NULL-terminated names. */
extern const char *const livepatch_passing_checks[];

extern const struct hf_check hf_check_livepatch;
extern const struct hf_check hf_check_arch;
extern const struct hf_check hf_check_lockdown;
extern const struct hf_check hf_check_signatures;
extern const struct hf_check hf_check_kernel;
extern const struct hf_check hf_check_transition;
extern const struct hf_check hf_check_forced;
extern const struct hf_check hf_check_leftovers;
extern const struct hf_check hf_check_foreign;

extern const struct hf_check hf_criterion_patches;
extern const struct hf_check hf_criterion_transition;
extern const struct hf_check hf_criterion_taint;
extern const struct hf_check hf_criterion_klog;
extern const struct hf_check hf_criterion_kernel;

/* ---- taint.c ---- */

struct livepatch_taint {
    char letter;
    int bit;
    const char *meaning;
    enum hf_verdict when_new; /* PASS: expected after a live patch */
};
extern const struct livepatch_taint livepatch_taints[]; /* ends with '\0' */

#endif
