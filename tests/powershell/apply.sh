#!/usr/bin/env bash
# apply, from the command line to the update agent and back: through a real
# sshd, with the scripts that are sent, on machines that keep state. The clock
# of the program stands in the month that the shipped catalogue ends with; the
# host's own goes on, so it is weeks ahead of it throughout.
# shellcheck disable=SC2317 source=tests/powershell/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
for tool in jq ssh-keygen git setsid; do
    command -v "$tool" >/dev/null || skip_all "no $tool"
done
[ -x /usr/sbin/sshd ] || skip_all 'no sshd'
[ "$(id -u)" -eq 0 ] || skip_all 'sshd wants root here'
# shellcheck source=tests/powershell/warm.bash
. "$here/warm.bash"
# shellcheck source=tests/powershell/host.bash
. "$here/host.bash"
export HOTFLEET_CLOCK=2026-08-20T12:00:00Z

# offered JSON: a machine on which the hotpatch does that when installed
offered() {
    machine "{\"update\": {\"offered\": [{\"KBArticleIDs\": [\"5120228\"],
        \"Title\": \"2026-08 Hotpatch (KB5120228)\", \"does\": $1}]}}"
}
apply() {
    hf check sql
    hf apply sql --yes --expect-hosts 1 --reason test --json
}
# ends NAME OUTCOME WHY: how it ended, and that nothing is left of the job
ends() {
    local why
    why=$(jq -r '.hosts[0] | "\(.outcome): \(.why)"' "$work/out" 2>&1)
    case $why in
    "$2: "*"$3"*) why='' ;;
    *) why="$why; wanted $2: $3
$(cat "$work/err" "$work/out")" ;;
    esac
    result "$1" "$why"
    result "${1}_leaving_no_lock" "$(ls -d "$job" 2>/dev/null)"
    result "${1}_leaving_no_task" "$(jq -c '.registered // {}' \
        "$host/machine.json" | grep -vxF '{}')"
}
# left KEY TEXT: of the result that the host keeps
left() {
    jq -r --arg key "$1" '.[$key]' "$folder"/done/*/result |
        grep -qxF -- "$2" || result "the_result_tells_$1" "wanted '$2' in
$(cat "$folder"/done/*/result)"
}

offered '{"ubr": 33222}'
apply
ends a_hotpatch_is_applied_and_verified verified 26100.33222
says without_a_restart 0 '.hosts[0].criteria[] |
    select(.name == "boot-id") | .verdict == "pass"'
left 'done' KB5120228
left restart no
hf apply sql --yes --expect-hosts 0 --reason test --json
result a_second_apply_has_nothing_to_do \
    "$(find "$folder/done" -mindepth 1 -maxdepth 1 -name '2*' | tail -n +2)"

machine '{"update": {"offered": [
    {"KBArticleIDs": ["5066131"], "Title": "a framework"},
    {"KBArticleIDs": ["5120228"], "Title": "x", "does": {"ubr": 33222}},
    {"KBArticleIDs": ["5121000"], "Title": "the ordinary update",
     "does": {"ubr": 33296, "restart": true}},
    {"KBArticleIDs": [], "Title": "a driver"}]}}'
apply
ends what_else_is_offered_is_left_alone verified 26100.33222
left other "KB5066131 KB5121000 'a driver'"
result and_is_not_installed "$(jq -c \
    '.update.offered[] | select(.IsInstalled and .KBArticleIDs != ["5120228"])' \
    "$host/machine.json")"

offered '{"ubr": 33296, "restart": true}'
apply
ends a_fallback_to_the_ordinary_update_is_no_success failed 26100.33296
left restart yes

offered '{}'
apply
ends installed_without_effect_is_no_success failed 26100.33158

machine '{"update": {"offered": []}}'
apply
ends a_hotpatch_that_is_not_offered failed 'KB5120228 is not offered'
left code not-offered

machine '{"update": {"throws": {"search": "0x8024002E"}}}'
apply
ends an_agent_that_denies_is_named failed WU_E_WU_DISABLED
left code search

offered '{"download": "0x80240034"}'
apply
ends a_download_that_fails_is_named failed WU_E_DOWNLOAD_FAILED
left code download

offered '{"install": "0x800F0922"}'
apply
ends an_installation_that_fails_is_named failed CBS_E_INSTALLERS_FAILED
left hresult 0x800F0922

offered '{"end": "die"}'
apply
ends a_job_that_dies_is_seen failed 'without a result'

offered '{"end": "restart"}'
apply
ends a_restart_in_the_middle_is_seen failed 'the host restarted while the job ran'

machine '{"tasks.off": "0x80041315"}'
apply
ends a_scheduler_that_is_off_is_named failed 'the job did not start'

# a virus scanner that never lets go of the result
offered '{"ubr": 33222}'
(wait_for test -e "$job/state" && mkdir -p "$job/result/locked") &
apply
ends a_result_that_stays_locked_is_unverified unverified 'without a result'

offered '{"ubr": 33222}'
mkdir "$folder" && echo 'O:S-1-5-21-1-2-3-1001G:SYD:(A;;FA;;;SY)' >"$folder/.sddl"
mkdir "$job"
apply
result a_folder_that_somebody_else_made_stops_it \
    "$([ "$status" -ne 0 ] || cat "$work/out")$(ls -A "$job")"
result and_is_named "$(grep -q 'belongs to somebody else' "$work/out" ||
    cat "$work/out")"

# two operators at once, who share nothing but the host
offered '{"ubr": 33222, "wait": true}'
hf check sql
(
    hf apply sql --yes --expect-hosts 1 --reason first --json
    mv "$work/out" "$work/first"
) &
first=$!
wait_for test -e "$job/heartbeat"
cp -r "$fleet" "$work/second"
(
    fleet=$work/second XDG_STATE_HOME=$work/state2
    hf check sql
    hf apply sql --yes --expect-hosts 0 --reason second --json
    cp "$work/out" "$work/said"
)
result the_second_operator_is_told_of_the_first "$(
    grep -q "of Ann" "$work/said" || cat "$work/said")"
: >"$host/go"
wait "$first"
mv "$work/first" "$work/out"
ends and_the_first_goes_on verified 26100.33222
finish
