/*
 * What must hold after an action, read from the host again and compared with
 * the facts before; the job's own verdict plays no part.
 */
#include <string.h>

#include "backend/checks/read.h"
#include "backend/drivers/livepatch/livepatch.h"

/* Words of `wanted` that are in `active` (or not, with `absent`). */
static void
unmet(struct hf_buf *out, const struct hf_strs *wanted,
      const struct hf_strs *active, int absent)
{
    for (size_t i = 0; i < wanted->len; i++) {
        if (hf_strs_has(active, wanted->v[i]) == absent)
            hf_buf_printf(out, "%s%s%s", out->len ? ", " : "", wanted->v[i],
                          absent ? " is in effect" : " is not in effect");
    }
}

static void
order_words(struct hf_strs *out, const struct hf_order *order, const char *name)
{
    const char *text = hf_params_get(&order->params, name);

    if (text)
        hf_fact_words(out, text);
}

static void
run_patches(const struct hf_check_in *in, struct hf_finding *out)
{
    const char *active =
        hf_finding_need(out, in->facts, "patches", "the ordered patches");
    struct hf_strs expect = {0}, absent = {0}, now = {0};
    struct hf_buf wrong = {0}, wanted = {0};

    if (!active)
        return;
    if (!in->order) {
        hf_finding_set(out, HF_VERDICT_UNKNOWN, "the ordered patches",
                       "nothing was ordered");
        return;
    }
    hf_fact_words(&now, active);
    order_words(&expect, in->order, "EXPECT");
    order_words(&absent, in->order, "ABSENT");
    unmet(&wrong, &expect, &now, 0);
    unmet(&wrong, &absent, &now, 1);
    livepatch_join(&wanted, &expect, ", ");
    hf_buf_printf(&wanted, "%s", expect.len ? " in effect" : "");
    if (absent.len) {
        hf_buf_puts(&wanted, expect.len ? "; without " : "without ");
        livepatch_join(&wanted, &absent, ", ");
    }
    hf_finding_set(out, wrong.len ? HF_VERDICT_BLOCK : HF_VERDICT_PASS,
                   wanted.len ? hf_buf_str(&wanted) : "no live patch", "%s",
                   wrong.len ? hf_buf_str(&wrong) : active);
    hf_buf_release(&wrong);
    hf_buf_release(&wanted);
    hf_strs_release(&expect);
    hf_strs_release(&absent);
    hf_strs_release(&now);
}

const struct hf_check hf_criterion_patches = {
    .name = "patches",
    .title = "Expected patches in effect",
    .help = "the kernel itself says which patches are in effect",
    .remedy = "see the job's log; apply or roll back again",
    .who = "the operator of the run",
    .run = run_patches,
};

/* Which kernel would boot was read before, where the host told it. */
static void
run_kernel(const struct hf_check_in *in, struct hf_finding *out)
{
    const char *next =
        in->order ? hf_params_get(&in->order->params, "NEXT") : NULL;
    const char *kernel = hf_finding_need(out, in->facts, "kernel.release",
                                         next ? next : "the default kernel");

    if (!kernel)
        return;
    if (!next)
        hf_finding_set(out, HF_VERDICT_WARN, "the default kernel",
                       "%s; which one would boot was not known before", kernel);
    else
        hf_finding_set(
            out, strcmp(next, kernel) == 0 ? HF_VERDICT_PASS : HF_VERDICT_BLOCK,
            next, "%s", kernel);
}

const struct hf_check hf_criterion_kernel = {
    .name = "kernel",
    .title = "Expected kernel booted",
    .help = "a restart brings the kernel that the boot loader was set to",
    .remedy = "see the boot loader's entries",
    .who = "root on the host",
    .needs_restart = 1,
    .run = run_kernel,
};

static void
run_settled(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "no patch in transition";
    const char *moving =
        hf_finding_need(out, in->facts, "transition", expected);

    if (!moving)
        return;
    if (strcmp(moving, "none") == 0)
        hf_finding_set(out, HF_VERDICT_PASS, expected, "none");
    else
        hf_finding_set(out, HF_VERDICT_BLOCK, expected, "%s", moving);
}

const struct hf_check hf_criterion_transition = {
    .name = "transition",
    .signals = HF_SIGNAL_ERRORS,
    .title = "No transition left",
    .help = "while a transition is open some tasks run the old code",
    .remedy = "find out who holds it; reverse it when it does not end",
    .who = "root on the host",
    .run = run_settled,
};

static void
add_taint(struct hf_buf *out, const struct livepatch_taint *t)
{
    hf_buf_printf(out, "%s%c: %s", out->len ? "; " : "", t->letter, t->meaning);
}

/* Bits that the table does not know are passed over: they inform only. */
static void
run_taint(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "no new sign of damage";
    const char *text = hf_finding_need(out, in->facts, "taint", expected);
    struct hf_buf harm = {0}, all = {0};
    enum hf_verdict worst = HF_VERDICT_PASS;
    int64_t now, before = 0;
    int blind;

    if (!text)
        return;
    if (hf_facts_int(in->facts, "taint", &now) < 0) {
        hf_finding_set(out, HF_VERDICT_UNKNOWN, expected, "not a number: '%s'",
                       text);
        return;
    }
    blind = !in->before || hf_facts_int(in->before, "taint", &before) < 0;
    for (const struct livepatch_taint *t = livepatch_taints; t->letter; t++) {
        if (!((now & ~before) >> t->bit & 1))
            continue;
        add_taint(&all, t);
        if (t->when_new == HF_VERDICT_PASS)
            continue;
        add_taint(&harm, t);
        if (worst != HF_VERDICT_BLOCK)
            worst = t->when_new;
    }
    if (blind && harm.len)
        hf_finding_no_baseline(out, in, expected, "%s", hf_buf_str(&harm));
    else
        hf_finding_set(out, worst, expected, "%s",
                       harm.len  ? hf_buf_str(&harm)
                       : all.len ? hf_buf_str(&all)
                                 : "nothing new");
    hf_buf_release(&harm);
    hf_buf_release(&all);
}

const struct hf_check hf_criterion_taint = {
    .name = "taint",
    .signals = HF_SIGNAL_ERRORS,
    .title = "Taint of the kernel",
    .help = "the kernel marks itself when it crashed in part, warned or was "
            "locked up",
    .remedy = "read the kernel log; plan a restart",
    .who = "root on the host",
    .needs_restart = 1,
    .run = run_taint,
};

/* The log is a ring: lines from before drop out of it, so that counts alone
 * prove nothing. The newest line of trouble is the mark. */
static void
compare_klog(const struct hf_check_in *in, struct hf_finding *out,
             const char *expected, int64_t more)
{
    const char *mark = hf_facts_get(in->before, "klog.last");
    const char *last = hf_facts_get(in->facts, "klog.last");

    if (more > 0)
        hf_finding_set(out, HF_VERDICT_BLOCK, expected, "%lld new",
                       (long long)more);
    else if (!mark || !last)
        hf_finding_set(out, HF_VERDICT_UNKNOWN, expected,
                       "the newest line is not known; there are no more of "
                       "them than before");
    else if (strcmp(mark, last) == 0)
        hf_finding_set(out, HF_VERDICT_PASS, expected, "%s",
                       strcmp(last, "none") == 0 ? "none" : "all from before");
    else if (strcmp(last, "none") == 0)
        hf_finding_set(out, HF_VERDICT_UNKNOWN, expected,
                       "the lines from before have dropped out of the log, "
                       "and what came since may have, too");
    else
        hf_finding_set(out, HF_VERDICT_BLOCK, expected, "new: %s", last);
}

static void
run_klog(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "no new error in the kernel log";
    const char *text = hf_finding_need(out, in->facts, "klog.errors", expected);
    int64_t now, before;

    if (!text)
        return;
    if (hf_facts_int(in->facts, "klog.errors", &now) < 0)
        hf_finding_set(out, HF_VERDICT_UNKNOWN, expected, "not a number: '%s'",
                       text);
    else if (in->before &&
             hf_facts_int(in->before, "klog.errors", &before) == 0 &&
             (now || before))
        compare_klog(in, out, expected, now - before);
    else if (now == 0)
        hf_finding_set(out, HF_VERDICT_PASS, expected, "none");
    else
        hf_finding_no_baseline(out, in, expected, "%s", text);
}

const struct hf_check hf_criterion_klog = {
    .name = "kernel-log",
    .signals = HF_SIGNAL_ERRORS,
    .title = "Kernel log",
    .help = "oopses, warnings and failures of live patching are logged",
    .remedy = "read the kernel log of the host",
    .who = "root on the host",
    .run = run_klog,
};
