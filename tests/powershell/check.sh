#!/usr/bin/env bash
# The program asks a host over a real sshd whose banner is that of Windows:
# 'auto' finds the platform, and check tells what the scenario says. A shim
# called powershell.exe hands command and input to the engine.
# shellcheck source=tests/powershell/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
for tool in jq ssh-keygen git; do
    command -v "$tool" >/dev/null || skip_all "no $tool"
done
[ -x /usr/sbin/sshd ] || skip_all 'no sshd'
[ "$(id -u)" -eq 0 ] || skip_all 'sshd wants root here'
# shellcheck source=tests/powershell/warm.bash
. "$here/warm.bash"
# shellcheck source=tests/powershell/host.bash
. "$here/host.bash"
export HOTFLEET_CLOCK=2026-08-20T12:00:00Z

check() {
    echo "$here/scenarios/$1.json" >"$work/scenario"
    hf check --json
}

check ws2025-current
says the_banner_tells_the_platform 0 \
    '.hosts[0].facts["os.family"].value == "windows"'
says facts_have_source_and_time 0 '.hosts[0].facts["os.ubr"] |
    .value == "33222" and (.source | contains("UBR")) and .at'
says health_checks_are_asked 0 '.hosts[0].facts["health.web"].value == "yes"'
HOTFLEET_CLOCK=2026-11-23T12:00:00Z check ws2025-current
says an_old_catalogue_calls_nobody_current 0 '.hosts[0] |
    .coverage.state == "unknown" and .patch.state == "unknown"'
check ws2025-behind
says a_missing_hotpatch_is_named 0 '.hosts[0].patch |
    .state == "behind" and (.why | contains("KB5120228"))'
machine null
before=$(cat "$host/machine.json")
hf check --json
result a_check_makes_no_folder "$(ls -A "$data")"
result and_registers_no_task "$(cmp "$host/machine.json" - <<<"$before" 2>&1)"
check ws2025-constrained
says a_constrained_host_is_explained 0 '.hosts[0] |
    .coverage.state == "ineligible" and
    (.checks[] | select(.name == "language") | .verdict == "block")'
check ws2025-vbs-off
says a_check_that_blocks_is_named 0 '.hosts[0].coverage |
    .state == "ineligible" and (.why | contains("Virtualization"))'

: >"$work/authorized" # as if its rights were wrong: sshd looks away
hf check --json
says a_login_that_is_refused_is_told 4 '.hosts[0].contact.outcome // "denied" |
    . == "denied"'
hf check
result and_the_file_for_administrators_is_named "$(
    grep -q 'administrators_authorized_keys' "$work/out" "$work/err" ||
        cat "$work/out" "$work/err")"
finish
