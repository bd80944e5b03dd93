/* Rows about the kernel itself: can it be live patched, and by whom? */
#include <string.h>

#include "backend/base/names.h"
#include "backend/checks/read.h"
#include "backend/drivers/livepatch/livepatch.h"

static void
run_livepatch(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "a kernel with live patching";
    const char *config = hf_facts_get(in->facts, "livepatch.config");

    if (!hf_finding_need(out, in->facts, "livepatch.supported", expected))
        return;
    if (hf_facts_bool(in->facts, "livepatch.supported") == 1)
        hf_finding_set(out, HF_VERDICT_PASS, expected, "it has it");
    else
        hf_finding_set(
            out, HF_VERDICT_BLOCK, expected, "no /sys/kernel/livepatch%s",
            config && strcmp(config, "n") == 0 ? "; CONFIG_LIVEPATCH is off"
                                               : "");
}

const struct hf_check hf_check_livepatch = {
    .name = "livepatch",
    .title = "Live patching in the kernel",
    .help = "without CONFIG_LIVEPATCH the kernel loads no live patch",
    .remedy = "boot a kernel that is built with CONFIG_LIVEPATCH",
    .who = "root on the host",
    .needs_restart = 1,
    .spares = HF_SPARES_RESTART,
    .run = run_livepatch,
};

static void
run_arch(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "x86_64, ppc64le or s390x";
    static const char *const reliable[] = {"x86_64", "ppc64le", "s390x", NULL};
    const char *arch = hf_finding_need(out, in->facts, "arch", expected);

    if (!arch)
        return;
    if (hf_name_index(reliable, arch) >= 0)
        hf_finding_set(out, HF_VERDICT_PASS, expected, "%s", arch);
    else
        hf_finding_set(out, HF_VERDICT_WARN, expected,
                       "%s: a transition may never end", arch);
}

const struct hf_check hf_check_arch = {
    .name = "arch",
    .title = "Architecture",
    .help = "without reliable stack traces the kernel cannot tell when a task "
            "may move on",
    .remedy = "use ordinary updates with restarts here",
    .who = "whoever owns the host",
    .needs_restart = 1,
    .spares = HF_SPARES_ALL,
    .run = run_arch,
};

static void
run_kernel(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "a row in the catalogue for this kernel";
    const char *kernel =
        hf_finding_need(out, in->facts, "kernel.release", expected);

    if (!kernel)
        return;
    if (in->catalogue && hf_catalogue_knows_kernel(in->catalogue, kernel))
        hf_finding_set(out, HF_VERDICT_PASS, expected, "%s has one", kernel);
    else
        hf_finding_set(out, HF_VERDICT_BLOCK, expected, "none for %s", kernel);
}

const struct hf_check hf_check_kernel = {
    .name = "kernel",
    .title = "Running kernel in the catalogue",
    .help = "a live patch fits exactly one kernel release; the kernel may "
            "accept a wrong one",
    .remedy = "add a patch with 'hotfleet catalogue add', or boot a kernel "
              "that has one",
    .who = "whoever builds the patches",
    .spares = HF_SPARES_RESTART,
    .run = run_kernel,
};

static void
run_lockdown(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "no lockdown, or signed patches";
    const char *mode = hf_finding_need(out, in->facts, "lockdown", expected);

    if (!mode)
        return;
    if (strcmp(mode, "none") == 0)
        hf_finding_set(out, HF_VERDICT_PASS, expected, "none");
    else
        hf_finding_set(out, HF_VERDICT_WARN, expected,
                       "%s: unsigned modules are refused", mode);
}

const struct hf_check hf_check_lockdown = {
    .name = "lockdown",
    .title = "Kernel lockdown",
    .help = "under lockdown the kernel loads signed modules only",
    .remedy = "sign the patch with a key that the kernel trusts",
    .who = "whoever builds the patches",
    .spares = HF_SPARES_ALL,
    .run = run_lockdown,
};

static void
run_signatures(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] =
        "unsigned modules allowed, or signed patches";
    const char *secure = hf_facts_get(in->facts, "secureboot");

    if (!hf_finding_need(out, in->facts, "module.sig_enforce", expected))
        return;
    if (hf_facts_bool(in->facts, "module.sig_enforce") == 0)
        hf_finding_set(out, HF_VERDICT_PASS, expected,
                       "signatures are optional");
    else
        hf_finding_set(
            out, HF_VERDICT_WARN, expected, "signatures are enforced%s",
            secure && strcmp(secure, "yes") == 0 ? ", Secure Boot is on" : "");
}

const struct hf_check hf_check_signatures = {
    .name = "signatures",
    .title = "Module signatures",
    .help = "a kernel that enforces signatures refuses modules whose key it "
            "does not know",
    .remedy = "sign the patch with a key that the kernel trusts, or enrol the "
              "key",
    .who = "whoever builds the patches",
    .needs_restart = 1,
    .spares = HF_SPARES_ALL,
    .run = run_signatures,
};
