/* Rows about the machine: product, protection, room, rights. */
#include <string.h>

#include "backend/base/text.h"
#include "backend/checks/read.h"
#include "backend/drivers/windows/windows.h"

#define WHO_ADMIN "an administrator of the host"

static void
run_language(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "FullLanguage";
    const char *mode = hf_finding_need(out, in->facts, "ps.language", expected);

    if (mode)
        hf_finding_set(out,
                       strcmp(mode, expected) == 0 ? HF_VERDICT_PASS
                                                   : HF_VERDICT_BLOCK,
                       expected, "%s", mode);
}

const struct hf_check hf_check_language = {
    .name = "language",
    .title = "PowerShell language mode",
    .help = "under AppLocker or App Control PowerShell runs in Constrained "
            "Language Mode, which refuses what reading a host needs",
    .remedy = "let the policy of the host trust this login's scripts",
    .who = "whoever owns the AppLocker or App Control policy",
    .run = run_language,
};

static void
run_edition(const struct hf_check_in *in, struct hf_finding *out)
{
    /* clang-format off */
    static const enum hf_verdict verdicts[] = {
        [WINDOWS_TAKES] = HF_VERDICT_PASS,
        [WINDOWS_ARC] = HF_VERDICT_PASS,
        [WINDOWS_MAYBE] = HF_VERDICT_WARN,
        [WINDOWS_NEVER] = HF_VERDICT_BLOCK,
        [WINDOWS_UNKNOWN] = HF_VERDICT_UNKNOWN,
    };
    /* clang-format on */
    static const char expected[] = "a product that takes hotpatches";
    const char *name = hf_facts_get(in->facts, "os.name");
    struct windows_product p;

    if (!hf_finding_need(out, in->facts, "os.build", expected) ||
        !hf_finding_need(out, in->facts, "os.type", expected) ||
        !hf_finding_need(out, in->facts, "os.sku", expected))
        return;
    windows_product(&p, in->facts);
    hf_finding_set(out, verdicts[p.grade], expected, "%s%s%s%s%s",
                   p.title ? p.title
                   : name  ? name
                           : "an unknown system",
                   p.title && p.edition && p.edition->name ? " " : "",
                   p.title && p.edition && p.edition->name ? p.edition->name
                                                           : "",
                   p.why ? "; " : "",
                   p.why                    ? p.why
                   : p.grade == WINDOWS_ARC ? "; through Azure Arc"
                                            : "");
}

const struct hf_check hf_check_edition = {
    .name = "edition",
    .title = "Product and edition",
    .help = "hotpatches are made for few products; the rest gets the same "
            "fixes in updates with a restart",
    .remedy = "patch this host with ordinary updates",
    .who = "whoever owns the host",
    .needs_restart = 1,
    .spares = HF_SPARES_UNDO,
    .run = run_edition,
};

static void
run_build(const struct hf_check_in *in, struct hf_finding *out)
{
    struct windows_product p;
    char expected[64];
    const char *ubr;
    int64_t n;

    windows_product(&p, in->facts);
    hf_say(expected, sizeof(expected), "revision %lld or later",
           (long long)p.least_ubr);
    ubr = hf_finding_need(out, in->facts, "os.ubr", expected);
    if (!ubr)
        return;
    if (hf_facts_int(in->facts, "os.ubr", &n) < 0)
        hf_finding_set(out, HF_VERDICT_UNKNOWN, expected, "'%s' is no number",
                       ubr);
    else
        hf_finding_set(out,
                       n >= p.least_ubr ? HF_VERDICT_PASS : HF_VERDICT_BLOCK,
                       expected, "%lld", (long long)n);
}

const struct hf_check hf_check_build = {
    .name = "build",
    .title = "Least build",
    .help = "older builds do not know hotpatching",
    .remedy = "install the newest baseline, with its restart",
    .who = WHO_ADMIN,
    .needs_restart = 1,
    .spares = HF_SPARES_UNDO,
    .run = run_build,
};

/* What was configured says little: only a running VBS counts. */
static void
run_vbs(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "2 (running)";
    const char *status =
        hf_finding_need(out, in->facts, "vbs.status", expected);
    const char *firmware = hf_facts_get(in->facts, "firmware");

    if (!status)
        return;
    if (strcmp(status, "2") == 0)
        hf_finding_set(out, HF_VERDICT_PASS, expected, "running");
    else if (strcmp(status, "1") == 0)
        hf_finding_set(out, HF_VERDICT_BLOCK, expected,
                       "1: configured, but not running%s",
                       firmware && strcmp(firmware, "bios") == 0
                           ? "; the firmware is BIOS"
                           : "; nearly always Secure Boot, BIOS mode, or "
                             "virtualisation that is not passed on");
    else if (strcmp(status, "0") == 0)
        hf_finding_set(out, HF_VERDICT_BLOCK, expected, "0: off");
    else
        hf_finding_set(out, HF_VERDICT_UNKNOWN, expected, "'%s'", status);
}

const struct hf_check hf_check_vbs = {
    .name = "vbs",
    .title = "Virtualization-based security",
    .help = "hotpatching works only while VBS runs",
    .remedy = "set EnableVirtualizationBasedSecurity to 1 under "
              "HKLM\\SYSTEM\\CurrentControlSet\\Control\\DeviceGuard; the "
              "host needs UEFI and Secure Boot",
    .who = WHO_ADMIN,
    .needs_restart = 1,
    .spares = HF_SPARES_UNDO,
    .run = run_vbs,
};

static void
run_secureboot(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "UEFI with Secure Boot";
    const char *firmware = hf_facts_get(in->facts, "firmware");
    int on = hf_facts_bool(in->facts, "secureboot");
    int wanted = !strcmp("26100", hf_facts_get(in->facts, "os.build")
                                      ? hf_facts_get(in->facts, "os.build")
                                      : "");

    if (firmware && strcmp(firmware, "bios") == 0)
        hf_finding_set(out, wanted ? HF_VERDICT_BLOCK : HF_VERDICT_WARN,
                       expected,
                       "BIOS (the value is read by general "
                       "knowledge)");
    else if (!hf_finding_need(out, in->facts, "secureboot", expected))
        return;
    else if (on == 1)
        hf_finding_set(out, HF_VERDICT_PASS, expected, "on");
    else
        hf_finding_set(out, HF_VERDICT_WARN, expected,
                       "off; VBS decides, but this is the stated minimum");
}

const struct hf_check hf_check_secureboot = {
    .name = "secureboot",
    .title = "UEFI and Secure Boot",
    .help = "stated as the least that a host must have",
    .remedy = "switch Secure Boot on in the firmware; a virtual machine must "
              "be of generation 2",
    .who = "whoever owns the hardware or the hypervisor",
    .needs_restart = 1,
    .spares = HF_SPARES_ALL,
    .run = run_secureboot,
};

static void
run_chpe(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "x64, or Arm64 without CHPE";
    const char *arch = hf_finding_need(out, in->facts, "arch", expected);
    const char *off = hf_facts_get(in->facts, "chpe");

    if (!arch)
        return;
    if (strcmp(arch, "x64") == 0)
        hf_finding_set(out, HF_VERDICT_PASS, expected, "x64");
    else if (strcmp(arch, "arm64") != 0)
        hf_finding_set(out, HF_VERDICT_BLOCK, expected, "%s", arch);
    else if (!hf_finding_need(out, in->facts, "chpe", expected))
        return;
    else if (off && strcmp(off, "1") == 0)
        hf_finding_set(out, HF_VERDICT_PASS, expected,
                       "Arm64, HotPatchRestrictions is 1");
    else
        hf_finding_set(out, HF_VERDICT_BLOCK, expected,
                       "Arm64 with CHPE on: HotPatchRestrictions is %s",
                       off ? off : "unknown");
}

const struct hf_check hf_check_chpe = {
    .name = "chpe",
    .title = "Arm64 without CHPE",
    .help = "on Arm64 hotpatches are not offered, or do not take full effect, "
            "while compiled hybrid PE files are in use",
    .remedy = "set HotPatchRestrictions to 1 under HKLM\\SYSTEM\\"
              "CurrentControlSet\\Control\\Session Manager\\Memory "
              "Management, or use the policy DisableCHPE",
    .who = WHO_ADMIN,
    .needs_restart = 1,
    .spares = HF_SPARES_UNDO,
    .run = run_chpe,
};

static void
run_servicing(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "idle";
    const char *busy = hf_finding_need(out, in->facts, "servicing", expected);

    if (!busy)
        return;
    if (strcmp(busy, "0") == 0)
        hf_finding_set(out, HF_VERDICT_PASS, expected, "idle");
    else if (strcmp(busy, "1") == 0)
        hf_finding_set(out, HF_VERDICT_WARN, expected, "waits for a restart");
    else if (strcmp(busy, "2") == 0)
        hf_finding_set(out, HF_VERDICT_BLOCK, expected, "at work now");
    else
        hf_finding_set(out, HF_VERDICT_UNKNOWN, expected, "'%s'", busy);
}

const struct hf_check hf_check_servicing = {
    .name = "servicing",
    .title = "Servicing",
    .help = "one update at a time; the value is not documented by Microsoft",
    .remedy = "wait until it has ended",
    .who = "nobody: it passes by itself",
    .spares = HF_SPARES_READING,
    .run = run_servicing,
};

static void
run_admin(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "an administrator's full token";
    int full = hf_facts_bool(in->facts, "login.elevated");
    const char *user = hf_facts_get(in->facts, "login.user");

    if (!hf_finding_need(out, in->facts, "login.elevated", expected))
        return;
    if (full == 1)
        hf_finding_set(out, HF_VERDICT_PASS, expected, "%s has it",
                       user ? user : "the login");
    else if (in->host && in->host->act.user)
        hf_finding_set(out, HF_VERDICT_UNKNOWN, expected,
                       "this login only reads; whether '%s' may act is seen "
                       "when it does",
                       in->host->act.user);
    else
        hf_finding_set(out, HF_VERDICT_BLOCK, expected, "%s has it not",
                       user ? user : "the login");
}

const struct hf_check hf_check_admin = {
    .name = "elevation",
    .title = "Rights to act on the host",
    .help = "installing updates is for administrators",
    .remedy = "log in as a member of Administrators; their keys stand in "
              "%ProgramData%\\ssh\\administrators_authorized_keys, which only "
              "SYSTEM and Administrators may write",
    .who = WHO_ADMIN,
    .spares = HF_SPARES_READING,
    .run = run_admin,
};

#define GIB ((int64_t)1024 * 1024 * 1024)

static void
run_disk(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "2 GiB free, 10 GiB for an ordinary update";
    int64_t bytes;

    if (!hf_finding_need(out, in->facts, "space.bytes", expected))
        return;
    if (hf_facts_int(in->facts, "space.bytes", &bytes) < 0)
        hf_finding_set(out, HF_VERDICT_UNKNOWN, expected, "no number of bytes");
    else
        hf_finding_set(out,
                       bytes < 2 * GIB    ? HF_VERDICT_BLOCK
                       : bytes < 10 * GIB ? HF_VERDICT_WARN
                                          : HF_VERDICT_PASS,
                       expected, "%lld MiB free",
                       (long long)(bytes / (GIB / 1024)));
}

const struct hf_check hf_check_disk = {
    .name = "space",
    .title = "Free space on the system drive",
    .help = "a host that falls back to the ordinary update downloads near 5 GB",
    .remedy = "free space on the system drive",
    .who = WHO_ADMIN,
    .spares = HF_SPARES_REMOVAL,
    .run = run_disk,
};
