/* The kinds of simulated hosts. */
#include "backend/sim/answers.h"

#include <string.h>

#define VAR "/var/lib/hotfleet/"
#define DATA "C:\\ProgramData\\hotfleet\\"

/* clang-format off */
static const char *const linux_own[] = {
    "kernel.release", "boot.id", "boot.time", "boot.cause", "boot.by",
    "boot.why", "uptime", "clock", "taint",
    "login.user", "login.uid", "patches", "patch.", "klog.",
    "modules.leftover", "memory.committed", "memory.modules", "memory.patch",
    "restart.", "transition", "units.", "health.", "job.",
    NULL,
};
static const char *const windows_own[] = {
    "os.ubr", "boot.", "clock", "memory.free", "memory.committed", "login.user",
    "updates",
    "history", "offered", "restart.pending", "restart.reason",
    "restart.scheduled", "restart.calledoff", "servicing",
    "events.", "health.", "job.", NULL,
};
/* clang-format on */

const struct hf_sim_platform hf_sim_linux = {
    .dialect = &hf_dialect_sh,
    .banner = "OpenSSH_9.2p1 simulated",
    .frame = &hf_sim_frame_sh,
    .parse = hf_sim_ask_sh,
    .scripts = {[HF_SCRIPT_PROBE] = hf_sim_probe,
                [HF_SCRIPT_BEGIN] = hf_sim_begin,
                [HF_SCRIPT_START] = hf_sim_start,
                [HF_SCRIPT_POLL] = hf_sim_poll,
                [HF_SCRIPT_END] = hf_sim_end,
                [HF_SCRIPT_CALL_OFF] = hf_sim_call_off},
    .job = hf_sim_job_linux,
    .job_dir = VAR "job",
    .done_dir = VAR "done",
    .state = VAR "job/state",
    .heartbeat = VAR "job/heartbeat",
    .log = VAR "job/log",
    .ordered = VAR "restart",
    .called_off = VAR "called-off",
    .boot_id = "/proc/sys/kernel/random/boot_id",
    .boot_log = "journal",
    .job_how = "systemd",
    .own = linux_own,
};

const struct hf_sim_platform hf_sim_windows = {
    .dialect = &hf_dialect_powershell,
    .banner = "OpenSSH_for_Windows_9.5 simulated",
    .frame = &hf_sim_frame_powershell,
    .parse = hf_sim_ask_powershell,
    .scripts = {[HF_SCRIPT_PROBE] = hf_sim_probe_windows,
                [HF_SCRIPT_BEGIN] = hf_sim_begin,
                [HF_SCRIPT_START] = hf_sim_start,
                [HF_SCRIPT_POLL] = hf_sim_poll,
                [HF_SCRIPT_END] = hf_sim_end,
                [HF_SCRIPT_CALL_OFF] = hf_sim_call_off},
    .job = hf_sim_job_windows,
    .job_dir = DATA "job",
    .done_dir = DATA "done",
    .state = DATA "job\\state",
    .heartbeat = DATA "job\\heartbeat",
    .log = DATA "job\\log",
    .ordered = DATA "restart",
    .called_off = DATA "called-off",
    .boot_id = "Win32_OperatingSystem",
    .boot_log = "log System",
    .job_how = "task",
    .own = windows_own,
};

const struct hf_sim_platform *
hf_sim_platform_of(const struct hf_sim_host *host)
{
    const struct hf_driver *d =
        host->facts ? hf_driver_claim(host->facts) : NULL;

    if (d)
        return strcmp(d->name, "windows") == 0 ? &hf_sim_windows
                                               : &hf_sim_linux;
    return host->product[0] ? &hf_sim_windows : &hf_sim_linux;
}
