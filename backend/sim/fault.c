/* What can ail simulated hosts. */
#include <stdio.h>
#include <string.h>

#include "backend/base/sha256.h"
#include "backend/drivers/driver.h"
#include "backend/sim/sim.h"

#define LINUX HF_SIM_ON_LINUX
#define WINDOWS HF_SIM_ON_WINDOWS
#define BOTH (LINUX | WINDOWS)

/* clang-format off */
const struct hf_sim_fault_row hf_sim_faults[HF_SIM_FAULT_COUNT + 1] = {
    [HF_SIM_WELL] = {
        .name = "well", .on = BOTH,
    },
    [HF_SIM_SLOW] = {
        .name = "slow", .on = BOTH,
        .note = "takes some seconds for every answer",
    },
    [HF_SIM_SILENT] = {
        .name = "silent", .on = BOTH,
        .note = "accepts connections and never says a word",
    },
    [HF_SIM_DOWN] = {
        .name = "down", .on = BOTH,
        .note = "is down",
    },
    [HF_SIM_NO_LOGIN] = {
        .name = "no-login", .on = BOTH,
        .note = "refuses the login",
    },
    [HF_SIM_CHANGED_KEY] = {
        .name = "changed-key", .on = BOTH,
        .note = "shows another host key than the pinned one",
    },
    [HF_SIM_DROP] = {
        .name = "drop", .on = BOTH,
        .note = "loses the connection in the middle of a job",
        .arg = HF_SCRIPT_POLL, .arg_is = "script, see hf_driver_script",
    },
    [HF_SIM_STUCK] = {
        .name = "stuck", .on = LINUX,
        .note = "hangs in the transition of a new patch",
    },
    [HF_SIM_LOAD_REFUSED] = {
        .name = "load-refused", .on = LINUX,
        .note = "its kernel refuses the module",
    },
    [HF_SIM_LIE] = {
        .name = "lie", .on = BOTH,
        .note = "says that it is patched when it is not",
    },
    [HF_SIM_POISON] = {
        .name = "poison", .on = BOTH,
        .note = "sends broken and hostile replies",
    },
    [HF_SIM_CRASH] = {
        .name = "crash", .on = BOTH,
        .note = "restarts right after patching",
    },
    [HF_SIM_NO_SUDO] = {
        .name = "no-sudo", .on = BOTH,
        .note = "its login has no rights",
        .facts = {{"login.elevated", "no"}},
    },
    [HF_SIM_LOCKDOWN] = {
        .name = "lockdown", .on = LINUX,
        .note = "kernel lockdown: takes signed modules only",
    },
    [HF_SIM_OLD_KERNEL] = {
        .name = "old-kernel", .on = LINUX,
        .note = "runs a kernel that nobody patches any more",
    },
    [HF_SIM_RESTART_DUE] = {
        .name = "restart-due", .on = BOTH,
        .note = "a newer level waits for a restart",
    },
    [HF_SIM_NO_DISK] = {
        .name = "no-disk", .on = BOTH,
        .note = "its disk is full",
        .facts = {{"space.bytes", "805306368"}},
    },
    [HF_SIM_VBS_OFF] = {
        .name = "vbs-off", .on = WINDOWS,
        .note = "virtualization-based security is off",
        .facts = {{"vbs.status", "0"}, {"vbs.services", "none"},
                  {"vbs.policy", "none"}},
    },
    [HF_SIM_VBS_IDLE] = {
        .name = "vbs-idle", .on = WINDOWS,
        .note = "virtualization-based security is configured and does not run",
        .facts = {{"vbs.status", "1"}, {"vbs.services", "none"}},
    },
    [HF_SIM_NO_SECUREBOOT] = {
        .name = "no-secureboot", .on = WINDOWS,
        .note = "Secure Boot is off",
        .facts = {{"secureboot", "no"}},
    },
    [HF_SIM_BIOS] = {
        .name = "bios", .on = WINDOWS, .product = "ws2025",
        .note = "a virtual machine of generation 1: BIOS",
        .facts = {{"firmware", "bios"}, {"secureboot", "?absent"},
                  {"vbs.status", "1"}, {"vbs.services", "none"}},
    },
    [HF_SIM_NOT_ENROLLED] = {
        .name = "not-enrolled", .on = WINDOWS, .product = "ws2025",
        .note = "nobody enrolled it",
        .facts = {{"enrol.package", "none"}, {"enrol.tablesize", "none"},
                  {"enrol.licence", "none"}},
    },
    [HF_SIM_POLICY_OFF] = {
        .name = "policy-off", .on = WINDOWS, .product = "w11-24h2",
        .note = "its policy forbids hotpatches",
        .facts = {{"enrol.policy", "0"}},
    },
    [HF_SIM_EDITION] = {
        .name = "edition", .on = WINDOWS, .product = "w11-24h2",
        .note = "Windows 11 Home: takes no hotpatches",
        .facts = {{"os.edition", "Core"},
                  {"os.name", "Microsoft Windows 11 Home"}, {"os.sku", "101"},
                  {"enrol.policy", "none"}},
    },
    [HF_SIM_OLD_BUILD] = {
        .name = "old-build", .on = WINDOWS, .product = "ws2025",
        .note = "its build is from before hotpatching",
    },
    [HF_SIM_ARC_LOST] = {
        .name = "arc-lost", .on = WINDOWS, .product = "ws2025",
        .note = "its Arc agent is disconnected",
        .facts = {{"arc.status", "disconnected"}},
    },
    [HF_SIM_NO_ARC] = {
        .name = "no-arc", .on = WINDOWS, .product = "ws2025",
        .note = "has no Arc agent",
        .facts = {{"arc.service", "none"}, {"arc.status", ""},
                  {"arc.heartbeat", ""}, {"arc.resource", ""},
                  {"enrol.licence", "none"}},
    },
    [HF_SIM_CHPE] = {
        .name = "chpe", .on = WINDOWS, .product = "w11-24h2",
        .note = "Arm64, with compiled hybrid files in use",
        .facts = {{"arch", "arm64"}, {"chpe", "none"}},
    },
    [HF_SIM_CONSTRAINED] = {
        .name = "constrained", .on = WINDOWS,
        .note = "PowerShell runs in Constrained Language Mode",
    },
    [HF_SIM_MONITOR_OFF] = {
        .name = "monitor-off", .on = WINDOWS,
        .note = "the hotpatch monitor is disabled",
        .facts = {{"monitor.task", "disabled"},
                  {"monitor.service", "stopped disabled"}},
    },
    [HF_SIM_SERVICING] = {
        .name = "servicing", .on = WINDOWS,
        .note = "another update is at work",
        .facts = {{"servicing", "2"}},
    },
    [HF_SIM_OLD_BASELINE] = {
        .name = "old-baseline", .on = WINDOWS,
        .note = "missed the newest baseline",
    },
    [HF_SIM_OFF_TRACK] = {
        .name = "off-track", .on = WINDOWS,
        .note = "a stray update took it off the hotpatch track",
    },
    [HF_SIM_FALLBACK] = {
        .name = "fallback", .on = WINDOWS,
        .note = "gets the ordinary update in place of the hotpatch",
    },
    [HF_SIM_AGENT_DENIES] = {
        .name = "agent-denies", .on = WINDOWS,
        .note = "its update agent refuses",
    },
    [HF_SIM_JOB_DIES] = {
        .name = "job-dies", .on = WINDOWS,
        .note = "its job ends without a result",
    },
    [HF_SIM_RESULT_LOCKED] = {
        .name = "result-locked", .on = WINDOWS,
        .note = "a virus scanner holds the result for a while",
    },
    [HF_SIM_RESTART_MID] = {
        .name = "restart-mid", .on = WINDOWS,
        .note = "restarts in mid-install",
    },
    [HF_SIM_INSTALL_FAILS] = {
        .name = "install-fails", .on = WINDOWS,
        .note = "its update agent cannot install the hotpatch",
        .arg = 0x800F0922, .arg_is = "HRESULT",
    },
    [HF_SIM_SLOW_CONNECT] = {
        .name = "slow-connect", .on = BOTH,
        .note = "takes some seconds to say hello",
        .arg = 3, .arg_is = "seconds",
    },
    [HF_SIM_BLACK_HOLE] = {
        .name = "black-hole", .on = BOTH,
        .note = "takes every command and answers none",
    },
    [HF_SIM_HALF_REPLY] = {
        .name = "half-reply", .on = BOTH,
        .note = "sends half of each reply",
    },
    [HF_SIM_ENDLESS] = {
        .name = "endless", .on = BOTH,
        .note = "sends output without an end",
    },
    [HF_SIM_CRASH_LATER] = {
        .name = "crash-later", .on = BOTH,
        .note = "restarts some time after patching",
        .arg = 30, .arg_is = "minutes",
    },
    [HF_SIM_SICK] = {
        .name = "sick", .on = BOTH,
        .note = "loses a service some time after patching",
        .arg = 10, .arg_is = "minutes",
    },
    [HF_SIM_MEMORY] = {
        .name = "memory", .on = WINDOWS,
        .note = "its memory fills up after patching",
        .arg = 32, .arg_is = "MiB a minute",
    },
    [HF_SIM_RESTART_APPEARS] = {
        .name = "restart-appears", .on = BOTH,
        .note = "asks for a restart some time after patching",
        .arg = 10, .arg_is = "minutes",
    },
    [HF_SIM_REBOOTS] = {
        .name = "reboots", .on = BOTH,
        .note = "restarts by itself, over and over",
        .arg = 120, .arg_is = "minutes",
    },
    [HF_SIM_CLOCK] = {
        .name = "clock", .on = BOTH,
        .note = "its clock is three hours fast",
        .arg = 10800, .arg_is = "seconds",
    },
};
/* clang-format on */

int
hf_sim_fault_find(const char *name)
{
    for (int i = 0; i < HF_SIM_FAULT_COUNT; i++) {
        if (strcmp(hf_sim_faults[i].name, name) == 0)
            return i;
    }
    return -1;
}

/* Two numbers of a host's own: whether, and which. */
static void
dice(uint32_t out[2], const char *name, uint64_t seed)
{
    unsigned char hash[32];
    char text[96];
    int len = snprintf(text, sizeof(text), "%016llx %.64s",
                       (unsigned long long)seed, name);

    hf_sha256(hash, text, (size_t)len);
    memcpy(out, hash, 2 * sizeof(*out));
}

/* "" on Linux; NULL: of a product that nobody knows. */
static const char *
product_of(const struct hf_sim_host *host)
{
    const struct hf_driver *d =
        host->facts ? hf_driver_claim(host->facts) : NULL;

    if (!d)
        return host->product;
    return strcmp(d->name, "windows") == 0 ? d->product_of(host->facts) : "";
}

int
hf_sim_can_have(const struct hf_sim_host *host, enum hf_sim_fault fault)
{
    const struct hf_sim_fault_row *row = &hf_sim_faults[fault];
    const char *product = product_of(host);

    if (product && !*product)
        return (row->on & LINUX) != 0;
    return (row->on & WINDOWS) &&
           (!row->product || (product && strcmp(row->product, product) == 0));
}

void
hf_sim_afflict(struct hf_sim_host *hosts, size_t n, int per_mille,
               uint64_t seed)
{
    for (size_t i = 0; i < n; i++) {
        enum hf_sim_fault can[HF_SIM_FAULT_COUNT];
        uint32_t number[2];
        size_t len = 0;

        dice(number, hosts[i].name, seed);
        if (hosts[i].fault != HF_SIM_WELL ||
            (int)(number[0] % 1000) >= per_mille)
            continue;
        for (int k = HF_SIM_WELL + 1; k < HF_SIM_FAULT_COUNT; k++) {
            if (hf_sim_can_have(&hosts[i], (enum hf_sim_fault)k))
                can[len++] = (enum hf_sim_fault)k;
        }
        hosts[i].fault = can[number[1] % len];
    }
}
