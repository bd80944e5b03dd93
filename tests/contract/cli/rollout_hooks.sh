#!/usr/bin/env bash
# Hooks of a rollout: what they are told, which version of them runs, and what
# happens when one fails, takes too long or is ignored.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

start_sim well
hf check
mkdir -p playbooks hooks "$work/seen"

# hook NAME LINES: keeps what it is told as seen/MOMENT.N.json, then does that.
hook() {
    cat >"hooks/$1" <<END
#!/bin/sh
cat >"$work/seen/new.\$\$" && moment=\$(jq -r .moment "$work/seen/new.\$\$")
mv "$work/seen/new.\$\$" "$work/seen/\$moment.\$\$.json"
$2
END
    chmod +x "hooks/$1"
}
# playbook NAME SELECTOR MORE: one host, then the others.
playbook() {
    jq -n --arg s "patch:behind and ($2)" --argjson m "$3" '{
        kind: "rollout", targets: {select: $s}, limits: {ramp: 0},
        rings: [{name: "first", size: "1", soak: "0s"},
                {name: "rest", size: "rest", soak: "0s"}]} * $m' \
        >"playbooks/$1.json"
    commit "$1"
}
begin() {
    hf plan "$1" --json
    hosts=$(jq '.plan.decides.hosts | length' <<<"$out")
    first=$(jq -r '.plan.decides.hosts[0].name' <<<"$out")
    rm -f "$work/seen"/*
}
carry_out() {
    hf run "$@" --json
    run=$(jq -r .run <<<"$out")
}
ended() { jq -r '"\(.state) \(.exit)"' <<<"$out"; }
waits_for() { jq -r .waits_for <<<"$out"; }
outcome_of() { jq -r ".hosts[] | select(.name == \"$1\") | .outcome" <<<"$out"; }
untouched() { jq '[.hosts[] | select(.outcome == "waiting")] | length' <<<"$out"; }
seen() { find "$work/seen" -name "$1.*" | wc -l; }
# tells MOMENT PROGRAM: of all that was told at that moment ('' for any).
# shellcheck disable=SC2317 # called by holds
tells() { find "$work/seen" -name "${1:-*}.*" -exec cat {} + | jq -se "$2"; }
log_of() { echo "$XDG_STATE_HOME"/hotfleet/*/rollouts/"$1"/log.jsonl; }

# every moment, each with its document
hook note ''
playbook moments 'name:web*' "$(jq -n '{hooks: ([["before_run", "before_ring",
    "before_batch", "before_host", "after_host", "after_batch", "after_ring",
    "after_run", "on_finish"][] | {(.): "note"}] | add)}')"
begin moments
carry_out moments --yes --expect-hosts "$hosts"
same it_ends_well 'over 0' "$(ended)"
same each_moment_comes_as_often_as_it_should "1 2 2 $hosts $hosts 2 2 1 1" \
    "$(for m in before_{run,ring,batch,host} after_{host,batch,ring,run} \
        on_finish; do seen "$m"; done | paste -sd ' ')"
holds a_hook_is_told_in_json tells '' \
    "all(.schema == \"hotfleet.hook/1\" and .run == \"$run\" and .simulated and
    .fleet == \"demo\" and .playbook == \"moments\" and (.plan | length == 64))"
holds of_a_host_with_its_address tells before_host \
    'all(.host and (.address | test("^127[.]")) and .ring) and
    (map(.host) | unique | length) == length'
holds of_its_end_with_the_outcome tells after_host 'all(.outcome == "verified")'

# before a host: it is not touched
hook refuse 'echo "no drain" >&2; echo "second line" >&2; exit 7'
playbook guarded 'name:app*' '{"hooks": {"before_host": "refuse"}}'
begin guarded
carry_out guarded --yes --expect-hosts "$hosts"
same a_failed_hook_before_a_host_fails_the_host "3 halted failed" \
    "$status $(jq -r .state <<<"$out") $(outcome_of "$first")"
holds the_log_says_why grep -q \
    'hook before_host failed, the host was not touched: exit 7: no drain"' \
    "$(log_of "$run")"
holds the_host_was_not_touched test -z "$(git ls-tree -r --name-only ledger |
    grep "/$first/.*/$run.json")"
hf plan guarded --json
same it_is_still_to_be_patched "$hosts" \
    "$(jq '.plan.decides.hosts | length' <<<"$out")"

# before a batch: it halts, and is asked again after resume
hook wait "[ -e '$work/ready' ] || { echo 'not yet' >&2; exit 1; }"
playbook batches 'name:db*' '{"hooks": {"before_batch": "wait"}}'
begin batches
carry_out batches --yes --expect-hosts "$hosts"
same a_failed_hook_before_a_batch_halts \
    "3 halted $hosts hook before_batch failed: exit 1: not yet" \
    "$status $(jq -r .state <<<"$out") $(untouched) $(waits_for)"
gives resume_it 0 '' resume "$run" --yes
carry_out "$run"
same it_was_asked_again_and_failed_again "3 $hosts 2" \
    "$status $(untouched) $(seen before_batch)"
touch "$work/ready"
gives resume_it_when_ready 0 '' resume "$run" --yes
carry_out "$run"
same then_it_goes_on_to_the_end 'over 0' "$(ended)"

# one that takes too long
hook sleeper 'sleep 600'
playbook slow 'name:app*' \
    '{"hooks": {"before_run": {"run": "sleeper", "timeout": "1s"}}}'
begin slow
carry_out slow --yes --expect-hosts "$hosts"
same a_hook_that_takes_too_long_has_failed \
    'hook before_run failed: it did not end within 1.0 s' "$(waits_for)"
same nothing_was_begun "3 $hosts" "$status $(untouched)"
gives end_it 0 '' abort "$run"
carry_out "$run"
same an_aborted_run_is_over 'over 3' "$(ended)"

# when it halts by itself: told once each time; what fails there stops nothing
hook tell 'echo "no mail today" >&2; exit 1'
playbook halts 'name:build*' \
    '{"hooks": {"before_host": "refuse", "on_halt": "tell"}}'
begin halts
carry_out halts --yes --expect-hosts "$hosts"
same it_halts "3 halted 1" "$status $(jq -r .state <<<"$out") $(seen on_halt)"
holds the_hook_is_told_why tells on_halt "length == 1 and (.[0] |
    .what == \"halted\" and .run == \"$run\" and .ring == \"first\" and
    .why == \"1 failed in this run, 0 allowed\")"
holds its_failure_is_in_nobodys_way grep -q '0 allowed' <<<"$(waits_for)"
carry_out "$run"
same it_is_not_told_twice "3 1" "$status $(seen on_halt)"
gives accept_that_one 0 '' resume "$run" --yes
carry_out "$run"
same the_next_halt_is_told_again "3 halted 2" \
    "$status $(jq -r .state <<<"$out") $(seen on_halt)"
gives end_that_one 0 '' abort "$run"
carry_out "$run"
same an_end_by_a_person_is_no_halt "over 3 2" "$(ended) $(seen on_halt)"

# a failure that is ignored; the planned version and no other
hook fail 'exit 1'
hook versioned "echo planned >>'$work/versions'"
playbook careless 'name:app*' '{"hooks": {
    "before_host": {"run": "fail", "on_fail": "ignore"},
    "before_batch": {"run": "fail", "on_fail": "ignore"},
    "before_ring": "versioned"}, "rings": [
    {"name": "first", "size": "1", "soak": "0s"},
    {"name": "rest", "size": "rest", "soak": "0s", "approve": true}]}'
begin careless
echo "echo uncommitted >>'$work/versions'" >>hooks/versioned
carry_out careless --tick --yes --expect-hosts "$hosts"
same the_committed_hook_runs planned "$(cat "$work/versions")"
commit later
gives let_the_next_ring_begin 0 '' ring approve "$run" rest
carry_out "$run"
same the_planned_commits_hook_runs 'planned planned' \
    "$(paste -sd ' ' "$work/versions")"
same ignored_failures_are_in_nobodys_way 'over 0' "$(ended)"

# monitoring is silenced for the run, and speaks again after an abort
cp "$HOTFLEET_SOURCE/playbooks/hooks/silence" hooks/silence
mkdir -p "$HOME/.config/hotfleet"
for verb in begin end; do
    cat >"$HOME/.config/hotfleet/silence-$verb" <<EOF
#!/bin/sh
echo "$verb \$1" >>"$work/quiet"
EOF
    chmod +x "$HOME/.config/hotfleet/silence-$verb"
done
playbook quiet 'name:cache*' '{"hooks": {"before_run": "silence",
    "on_halt": {"run": "silence", "on_fail": "ignore"},
    "on_finish": {"run": "silence", "on_fail": "ignore"}}, "rings": [
    {"name": "first", "size": "1", "soak": "0s"},
    {"name": "rest", "size": "rest", "soak": "0s", "approve": true}]}'
begin quiet
carry_out quiet --tick --yes --expect-hosts "$hosts"
same monitoring_is_silent_while_it_goes_on 'begin all' "$(cat "$work/quiet")"
gives abort_it_in_the_middle 0 '' abort "$run"
carry_out "$run"
same and_speaks_again_after_an_abort 'over 3 end all' \
    "$(ended) $(tail -n 1 "$work/quiet")"
holds no_silence_is_left_behind test -z \
    "$(find "$XDG_STATE_HOME/hotfleet/hooks/silence" -type f)"
finish
