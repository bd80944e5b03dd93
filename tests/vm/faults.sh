#!/usr/bin/env bash
# What goes wrong on real kernels: a module the kernel refuses, a transition
# that somebody holds, a console that is killed, a machine that hangs.
# shellcheck source=tests/vm/fleet.sh disable=SC2016,SC2317
. "$(dirname "${BASH_SOURCE[0]}")/fleet.sh"

fleet_begin
vm_boot one keep
vm_boot two keep
vm_ready one
vm_ready two
live=/sys/kernel/livepatch

# refused PATCH REASON LOG: the kernel says no; the report says why, and what
# the kernel logged is kept as evidence.
refused() {
    fleet_new "$1" one
    fleet_offer "$1"
    hf check
    hf_json apply one --change CHG010 --yes --expect-hosts 1
    is "$1_fails" 2 "$status"
    is "$1_is_reported_failed" failed "$(of one .outcome)"
    expect "$1_comes_with_the_kernels_reason" "$2" "$(of one .why)"
    expect "$1_leaves_the_kernels_log_as_evidence" "$3" \
        "$(git -C "$fleet" grep -h . ledger)"
    is "$1_leaves_nothing_in_effect" '' "$(vm_ssh one "ls $live")"
    is "$1_frees_the_lock" '' "$(vm_ssh one 'ls /var/lib/hotfleet | grep job')"
}
refused hotfleet_fix_nosym 'Invalid parameters: .*does not exist' \
    "symbol 'hotfleet_no_such_function' not found"
refused hotfleet_fix_refuse 'Device or resource busy: .*itself|callback' \
    'this machine must not have me|pre-patch callback failed'

fleet_new other one
hf catalogue add "$vm_image/ko/hotfleet_fix_other.ko" --kernel "$release" \
    --cve CVE-2026-0001 --until 2099-12-31
expect another_kernels_module_is_not_taken "$release" "$status $said"
is another_kernels_module_is_a_usage_error 1 "$status"

# A reader sits in the old function: the transition cannot finish.
fleet_new held one two
fleet_offer hotfleet_fix_hold
park one
hf check
hf_json apply one --change CHG011 --yes --expect-hosts 1
is a_held_transition_fails 2 "$status"
expect the_holder_is_named 'cat' "$(of one '.why, .hint, .criteria')"
is a_held_transition_is_reversed '' "$(vm_ssh one "ls $live")"
expect the_holder_was_left_alone '^cat$' \
    "$(vm_ssh one 'cat /proc/$(cat /tmp/pid)/comm')"
let_go one

# start_held GUEST CHANGE: applies in the background; returns when the job on
# the guest waits for a holder. $console is the program's pid.
in_transition() { vm_ssh "$1" "cat $live/*/transition" | grep -q '^1$'; }
start_held() {
    park "$1"
    hf check "$1"
    (cd "$fleet" && exec "$hf_program" apply "$1" --json \
        --change "$2" --yes --expect-hosts 1) </dev/null \
        >"$vm_work/$2.json" 2>"$vm_work/$2.text" &
    console=$!
    if vm_until 60 in_transition "$1"; then
        ok "the_job_of_$2_runs"
    else
        not_ok "the_job_of_$2_runs" "$(cat "$vm_work/$2".*)"
    fi
}

# The machine restarts under the job; the console is there to see it.
start_held one CHG012
vm_restart one
wait "$console"
status=$?
doc=$(cat "$vm_work/CHG012.json")
expect a_restart_under_the_job_is_no_success '^[24]$' "$status"
expect_not a_restart_under_the_job_is_not_verified '^verified$' \
    "$(of one .outcome)"
expect a_restart_under_the_job_is_told 'restart' "$(of one '.why, .hint')"
hf_json check one
is after_it_the_apply_counts_as_failed failed "$(of one .patch.state)"

# Somebody else, from elsewhere, meanwhile; then the console dies. The job
# goes on and the next start finds out how it ended.
start_held two CHG013
XDG_STATE_HOME=$vm_work/elsewhere hf_json apply two --change CHG014 --yes \
    --expect-hosts 1
is a_second_operator_is_locked_out 8 "$status"
expect the_holder_of_the_lock_is_named 'Test Operator' "$(of two '.why, .hint')"
kill -9 "$console"
wait "$console" 2>/dev/null
let_go two
vm_until 30 settled two
hf apply two --change CHG013 --yes --expect-hosts 0
is the_next_start_settles_it 0 "$status"
hf_json check two
is the_killed_run_is_in_effect current "$(of two .patch.state)"
expect its_patch_works '^live-patched$' "$(vm_ssh two 'cat /proc/hotfleet_hold')"
is its_record_is_written_once 1 "$(git -C "$fleet" grep -l CHG013 ledger |
    grep -c '/two/[0-9-]*/')"

vm_freeze one
hf_json check one
is a_hanging_machine_is_unreachable 4 "$status"
vm_thaw one
hf_json check one
is it_answers_when_it_goes_on 0 "$status"
vm_end
