/* The kinds of simulated hosts. */
#include "backend/sim/answers.h"

#define VAR "/var/lib/hotfleet/"
#define DATA "C:\\ProgramData\\hotfleet\\"

const struct hf_sim_platform hf_sim_linux = {
    .dialect = &hf_dialect_sh,
    .banner = "OpenSSH_9.2p1 simulated",
    .frame = &hf_sim_frame_sh,
    .parse = hf_sim_ask_sh,
    .scripts = {[HF_SCRIPT_PROBE] = hf_sim_probe,
                [HF_SCRIPT_BEGIN] = hf_sim_begin,
                [HF_SCRIPT_START] = hf_sim_start,
                [HF_SCRIPT_POLL] = hf_sim_poll,
                [HF_SCRIPT_END] = hf_sim_end},
    .job = hf_sim_job_linux,
    .job_dir = VAR "job",
    .done_dir = VAR "done",
    .state = VAR "job/state",
    .heartbeat = VAR "job/heartbeat",
    .log = VAR "job/log",
    .boot_id = "/proc/sys/kernel/random/boot_id",
    .job_how = "systemd",
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
                [HF_SCRIPT_END] = hf_sim_end},
    .job = hf_sim_job_windows,
    .job_dir = DATA "job",
    .done_dir = DATA "done",
    .state = DATA "job\\state",
    .heartbeat = DATA "job\\heartbeat",
    .log = DATA "job\\log",
    .boot_id = "Win32_OperatingSystem",
    .job_how = "task",
};
