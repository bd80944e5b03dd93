/*
 * The embedded scripts by name, generated at build time (embed.cmake). Each
 * text is a chain of files, see CMakeLists.txt.
 */
#ifndef HF_DRIVERS_SCRIPTS_H
#define HF_DRIVERS_SCRIPTS_H

#include "backend/drivers/script.h"

extern const struct hf_script hf_script_sh_begin;
extern const struct hf_script hf_script_sh_start;
extern const struct hf_script hf_script_sh_poll;
extern const struct hf_script hf_script_sh_end;
extern const struct hf_script hf_script_sh_upload;
extern const struct hf_script hf_script_sh_call_off;
extern const struct hf_script hf_script_livepatch_probe;
extern const struct hf_script hf_script_livepatch_job;
extern const struct hf_script hf_script_powershell_begin;
extern const struct hf_script hf_script_powershell_upload;
extern const struct hf_script hf_script_powershell_start;
extern const struct hf_script hf_script_powershell_poll;
extern const struct hf_script hf_script_powershell_end;
extern const struct hf_script hf_script_windows_probe;
extern const struct hf_script hf_script_windows_job;
extern const struct hf_script hf_script_windows_stage;
extern const struct hf_script hf_script_windows_call_off;

/* The upload as one command, as the login and with rights. */
extern const char hf_command_sh_upload[];
extern const char hf_command_sh_upload_elevated[];

/* Runs what follows on standard input (powershell/bootstrap.ps1). */
extern const char hf_command_powershell[];

#endif
