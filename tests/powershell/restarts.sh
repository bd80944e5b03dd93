#!/usr/bin/env bash
# The jobs that end in a restart, in the real engine: a hotpatch is taken out,
# a host is restarted; what is refused, and what is a lie.
# shellcheck disable=SC2317 source=tests/powershell/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
command -v jq >/dev/null || skip_all 'no jq'
command -v setsid >/dev/null || skip_all 'no setsid'
# shellcheck source=tests/powershell/warm.bash
. "$here/warm.bash"
# shellcheck source=tests/powershell/exchange.bash
. "$here/exchange.bash"
name=Package_for_KB5120228~31bf3856ad364e35~amd64~~26100.33222.1.1
stack=Package_for_ServicingStack_33222~31bf3856ad364e35~amd64~~26100.33222.1.1
packages="{\"$stack\": \"Installed\", \"$name\": \"Installed\",
    \"Package_for_KB51202280~31bf3856ad364e35~amd64~~1.0\": \"Installed\",
    \"Package_1_for_KB5120228~31bf3856ad364e35~amd64~~26100.33222.1.1\": \"Installed\",
    \"Package_for_RollupFix~31bf3856ad364e35~amd64~~26100.33158.1.1\": \"Installed\"}"

scenario=ws2025-current
under="{\"packages\": $packages, \"removed\": {\"ubr\": 33158}}"

# job ACTION NAME=VALUE...: a whole one; $answer is the poll that says so
job() {
    send begin RUN="$run" OPERATOR=Ada ACTION="$1"
    upload body.ps1 "$work/body.ps1"
    send start RUN="$run" BODY="$body" ACTION="$1" DELAY_S=60 "${@:2}"
    over
}
rollback() {
    job rollback KB=KB5120228 REMOVE=26100.33222 FROM=26100.33222 "$@"
}
has_restarted() {
    send probe
    [ "$(value boot.id)" != "$booted" ]
}

# ---- rollback ----

machine
send probe
booted=$(value boot.id)
rollback REASON='printers "fail"'
expect takes_the_hotpatch_out result.outcome=ok result.done=KB5120228 \
    "result.package=$name" result.hresult=0x80070BC2 result.restart=yes \
    result.restart_in=60 job.state=ended
result says_why_to_the_users "$(jq -r .message "$host/machine.json" |
    grep -vxF "hotfleet $run: printers  fail ")"
result with_the_reason_code_of_a_planned_security_fix \
    "$(jq -r .reason "$host/machine.json" | grep -vxF p:2:18)"
result leaves_the_servicing_stack "$(jq -r ".packages[\"$stack\"]" \
    "$host/machine.json" | grep -vx Installed)"
wait_for has_restarted
expect after_the_restart_it_is_gone os.ubr=33158 restart.pending=no \
    'updates=KB5099536'

machine
jq 'del(.removed)' "$host/machine.json" >"$host/set" &&
    mv "$host/set" "$host/machine.json"
send probe
booted=$(value boot.id)
rollback
expect believes_dism_at_first result.outcome=ok
wait_for has_restarted
expect but_the_level_tells os.ubr=33222

machine '{"dism": {"remove": "0x800F0825"}}'
rollback
expect a_permanent_package_stays result.outcome=failed result.code=remove \
    result.hresult=0x800F0825
result and_nothing_restarts "$(jq -r '.restart // empty' "$host/machine.json")"
machine '{"dism": {"list": "0x000002E4"}}'
rollback
expect a_list_that_fails_is_told result.outcome=failed result.code=packages
only() { # JSON: these packages and no others
    jq --argjson p "$1" '.packages = $p' "$host/machine.json" >"$host/set" &&
        mv "$host/set" "$host/machine.json"
}
machine
only '{}'
rollback
expect without_a_package_nothing_is_removed result.code=package \
    'result.text=no installed package is named after KB5120228 or 26100.33222'
machine
only "{\"$name\": \"Installed\", \"Package_for_Other~31bf3856ad364e35~amd64~~26100.33222.1.1\": \"Installed\"}"
rollback
expect two_that_could_be_it_are_left_alone result.outcome=failed \
    result.code=package
machine
only "{\"$name\": \"Uninstall Pending\"}"
rollback
expect what_waits_for_the_restart_is_not_removed_twice result.outcome=ok \
    result.restart_in=60
machine '{"registry": {"HKLM:\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion": {"UBR": 33296}}}'
rollback
expect another_level_is_left_alone result.outcome=failed result.code=level
machine
job rollback KB='KB1; x' REMOVE=26100.33222 FROM=26100.33222
expect a_malformed_order_is_refused result.code=parameter
machine '{"registry": {"HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\Interface": {"ServicingInProgress": 2}}}'
rollback
expect a_busy_host_is_left_alone result.outcome=failed result.code=servicing

# ---- an update that needs a restart ----

update='{"update": {"offered": [
    {"KBArticleIDs": ["5124000"], "Title": "the baseline",
     "does": {"ubr": 34000, "restart": true}},
    {"KBArticleIDs": ["5066131"], "Title": "a framework"}]}}'
machine "$update"
send probe
booted=$(value boot.id)
job restart-update KBS=KB5124000 FROM=26100.33222 REASON=quarter
expect installs_the_baseline_and_restarts result.outcome=ok \
    result.done=KB5124000 result.restart=yes result.restart_in=60 \
    result.other=KB5066131 job.state=ended
wait_for has_restarted
expect after_which_the_baseline_is_in_effect os.ubr=34000
machine "$update"
sleep 600 &
sleeper=$!
job restart-update KBS=KB5124000 FROM=26100.33222 UNLESS_RUNNING='setup sleep'
expect a_host_in_use_is_left_as_it_is result.outcome=failed \
    result.code=in-use "result.text=in use: 'sleep' runs"
kill "$sleeper"
result and_nothing_was_begun "$(jq -r '.restart // empty' "$host/machine.json")"
machine "$update"
cp "$(command -v sleep)" "$work/explorer"
"$work/explorer" 600 &
desktop=$!
job restart-update KBS=KB5124000 FROM=26100.33222 UNLESS_LOGGED_ON=yes
expect who_is_logged_on_is_left_alone result.outcome=failed \
    result.code=in-use 'result.text=in use: somebody is logged on'
kill "$desktop"
result and_nothing_was_begun_there \
    "$(jq -r '.restart // empty' "$host/machine.json")"
machine "$update"
job restart-update KBS=KB5124001 FROM=26100.33222
expect what_is_not_offered_restarts_nothing result.outcome=failed \
    result.code=not-offered
result and_nothing_was_installed "$(jq -r '.restart // empty' "$host/machine.json")"
machine "$update"
job restart-update KBS=KB5124000 FROM=26100.33221
expect a_host_at_another_level_is_left_alone result.outcome=failed \
    result.code=level

# ---- what else is offered: along, or behind ----

updates=cd5ffd1e-e932-4e3a-bf74-18bf0b1bbd83
more="{\"update\": {\"offered\": [
    {\"KBArticleIDs\": [\"5124000\"], \"Title\": \"2026-10 Update (26100.34000)\",
     \"does\": {\"ubr\": 34000, \"restart\": true}},
    {\"KBArticleIDs\": [\"5066131\"], \"Title\": \"a framework\",
     \"Categories\": [\"00000000-0000-0000-0000-000000000001\", \"$updates\"]},
    {\"KBArticleIDs\": [\"890830\"], \"Title\": \"a tool\",
     \"Categories\": [\"28BC880E-0592-4CBF-8F95-C79B17911D5F\"]},
    {\"KBArticleIDs\": [\"5066999\"], \"Title\": \"a preview\", \"BrowseOnly\": true,
     \"Categories\": [\"$updates\"]},
    {\"KBArticleIDs\": [\"5066132\"], \"Title\": \"broken\",
     \"does\": {\"install\": \"0x800F0922\"}}]}}"
machine "$more"
send probe
expect each_offer_says_what_it_is \
    "offered.how=KB5124000:system:no:209715200 KB5066131:updates:no:209715200 KB890830:update-rollups:no:209715200 KB5066999:optional:no:209715200 KB5066132:other:no:209715200"
booted=$(value boot.id)
job restart-update KBS=KB5124000 FROM=26100.33222 \
    ALSO='KB5066131 KB5066132 KB5066777'
expect what_is_named_goes_along result.outcome=ok result.done=KB5124000 \
    result.along=KB5066131 'result.missed=KB5066132 KB5066777' \
    'result.other=KB890830 KB5066999' result.hresult=0x00000000 \
    result.restart_in=60
result exactly_these_are_installed "$(jq -r '.update.offered[] |
    select(.IsInstalled) | .KBArticleIDs[0]' "$host/machine.json" |
    grep -vxE '5124000|5066131')"
wait_for has_restarted
expect and_the_baseline_is_in_effect os.ubr=34000
machine "$more"
job restart-update KBS=KB5124000 FROM=26100.33222 ALSO='KB1;x'
expect what_goes_along_must_be_kbs result.outcome=failed result.code=parameter

# ---- downloaded ahead ----

job_is windows/stage.ps1
machine "$more"
send probe
booted=$(value boot.id)
job stage KBS=KB5124000 FROM=26100.33222
expect stage_downloads result.outcome=ok result.staged=KB5124000 \
    result.sizes=KB5124000:209715200 job.state=ended \
    'result.other=KB5066131 KB890830 KB5066999 KB5066132'
result and_installs_nothing "$(jq -c '.update.offered[] |
    select(.IsInstalled), (select(.IsDownloaded) |
    select(.KBArticleIDs != ["5124000"]))' "$host/machine.json")"
result and_orders_no_restart "$(jq -r '.restart // empty' "$host/machine.json")"
send probe
expect the_host_shows_it os.ubr=33222 "boot.id=$booted" restart.pending=no
result as_downloaded "$(value offered.how |
    grep -vE '^KB5124000:system:yes:209715200 KB5066131:updates:no:' || :)"
machine "$more"
for action in apply restart-update rollback reboot; do
    job "$action" KBS=KB5124000 KB=KB5124000 REMOVE=26100.33222 FROM=26100.33222
    expect "the_script_that_stages_knows_no_$action" result.outcome=failed \
        result.code=parameter "result.text=ACTION is '$action'"
    send end RUN="$run"
done
machine '{"update": {"offered": [{"KBArticleIDs": ["5124000"], "Title": "x",
    "does": {"lost": true}}]}}'
job stage KBS=KB5124000 FROM=26100.33222
expect what_does_not_stay_is_not_staged result.outcome=failed \
    result.code=download result.staged=none
machine "$more"
job stage KBS=KB5124001 FROM=26100.33222
expect what_is_not_offered_is_not_staged result.outcome=failed \
    result.code=not-offered
job_is windows/job.ps1

# ---- reboot ----

machine '{"registry": {"HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\RebootPending": {}}}'
send probe
booted=$(value boot.id)
expect a_restart_is_pending restart.pending=yes
job reboot FROM=26100.33222
expect orders_a_restart result.outcome=ok result.restart_in=60 \
    'result.text=restarts in 60 s'
result with_words_of_its_own "$(jq -r .message "$host/machine.json" |
    grep -vxF "hotfleet $run: planned restart")"
wait_for has_restarted
expect after_which_nothing_is_pending restart.pending=no os.ubr=33222
send poll RUN="$run" OFFSET=0
expect the_result_outlives_it job.state=ended result.outcome=ok
machine '{"registry": {"HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\Interface": {"ServicingInProgress": 2}}}'
job reboot
expect a_busy_host_is_not_restarted result.outcome=failed result.code=servicing
machine '{"restart": "@2099-01-01T00:00:00Z"}'
job reboot
expect one_that_is_scheduled_is_told result.outcome=failed \
    result.code=scheduled result.hresult=0x800704A6
machine '{"shutdown": "0x0000045B"}'
job reboot
expect one_that_goes_down_is_told result.outcome=failed result.code=restart \
    result.hresult=0x8007045B
machine
send begin RUN="$run" OPERATOR=Ada ACTION=reboot
answer=$("$exchange" powershell upload body.ps1 "$work/body.ps1" 2>&1)
send start RUN="$run" BODY="$body" ACTION=reboot DELAY_S='1 /p'
wait_for is_over
expect a_malformed_delay_is_refused result.code=parameter

# ---- calling it off ----

call_off() {
    send call_off OPERATOR='Ben, "x"'
}
waits() { # NAME: no restart waits any more
    result "$1" "$(jq -r '.restart // empty' "$host/machine.json")"
}

machine '{"delayed": "yes"}'
job reboot FROM=26100.33222
expect a_restart_waits result.outcome=ok result.restart_in=60
send probe
result the_probe_says_until_when "$([ -n "$(value restart.scheduled)" ] ||
    echo "$answer")"
call_off
expect it_is_called_off off=yes off.run="$run"
waits nothing_waits_any_more
send probe
expect the_probe_says_which_and_by_whom restart.calledoff="$run" \
    'restart.calledoff.by=Ben, "x"'
result and_that_none_is_scheduled "$(value restart.scheduled)"
call_off
expect once_more_there_is_none off=none

machine '{"delayed": "yes"}'
rollback
expect a_removal_waits_for_its_restart result.outcome=ok result.restart_in=60
call_off
expect and_can_be_called_off off=yes
waits so_that_nothing_restarts

machine
call_off
expect without_an_order_there_is_none off=none
machine '{"restart": "@2099-01-01T00:00:00Z"}'
call_off
expect that_of_others_is_left_alone off=none
result and_still_waits "$(jq -r .restart "$host/machine.json" |
    grep -v 2099)"

machine
send probe
booted=$(value boot.id)
job reboot FROM=26100.33222
wait_for has_restarted
call_off
expect too_late_is_told off=late off.run="$run"

machine '{"delayed": "yes"}'
job reboot FROM=26100.33222
jq '.abort = "0x0000045B"' "$host/machine.json" >"$host/set" &&
    mv "$host/set" "$host/machine.json"
call_off
expect a_host_that_goes_down_is_too_late off=late
machine '{"delayed": "yes"}'
job reboot FROM=26100.33222
jq '.abort = "0x00000005"' "$host/machine.json" >"$host/set" &&
    mv "$host/set" "$host/machine.json"
call_off
expect a_refusal_is_told \
    'error=the restart cannot be called off (shutdown.exe: 5)'

# by the run that holds the folder: it looks before and after it orders
machine '{"delayed": "yes"}'
send begin RUN="$run" OPERATOR=Ada ACTION=reboot
upload body.ps1 "$work/body.ps1"
printf '{"run":"%s","operator":"Ben"}' "$run" >"$folder/called-off"
send start RUN="$run" BODY="$body" ACTION=reboot FROM=26100.33222 DELAY_S=60
over
expect what_was_called_off_is_not_ordered result.outcome=failed \
    result.code=called-off
waits and_nothing_is_scheduled
machine "{\"delayed\": \"yes\", \"between\": \"$run\"}"
job reboot FROM=26100.33222
expect who_comes_in_between_is_heard result.outcome=failed \
    result.code=called-off
waits and_the_order_is_taken_back
finish
