#!/usr/bin/env bash
# What another process is about is told apart from what a killed one left, and
# hosts are asked about the latter only when a verb is sure to go on.
# shellcheck source=tests/contract/faults/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
start_faultsim well 4000 5

# lacks NAME PATTERN: that is not in what was said last.
lacks() {
    if grep -qE -- "$2" <<<"$said"; then no "$1" "says: $2"; else ok "$1"; fi
}

# ---- a run in another process ----
first=$(behind 1) second=$(behind 2)
"$HOTFLEET_BINARY" apply "$first" --yes --expect-hosts 1 </dev/null \
    >"$work/first" 2>&1 &
daemons[first]=$!
for _ in $(seq 3000); do
    grep -qsF '"step":"job runs"' "$states"/*/journal.jsonl && break
    sleep 0.01
done
it="run [0-9TZa-f-]+ of hotfleet demo.* is under way in process ${daemons[first]} since"
hf today
says today_names_run_operator_and_process "$it"
lacks today_speaks_of_nobody_killed killed
gives verify_of_another_host_goes_on 2 "verify: 1 failed" verify "$second"
lacks verify_settles_nothing_that_is_alive 'unsettled'
gives verify_of_its_host_waits 8 "'$first' is not settled: $it" verify "$first"
gives apply_is_refused_before_it_asks 8 "hotfleet: $it" apply "$second"
gives a_dry_run_goes_on 0 '1 of 1 hosts? would be changed' \
    apply "$second" --dry-run
gives verify_in_read_only_goes_on 2 "verify: 1 failed" verify "$second" --read-only
wait "${daemons[first]}"
status=$? said=$(cat "$work/first")
unset 'daemons[first]'
same the_run_ends_well 0 "$status"
hf today
lacks afterwards_nobody_is_at_work 'under way in process'
lacks afterwards_nothing_is_unsettled 'unsettled'

# ---- a run that was killed ----
strike KILL '"step":"job runs"' 1 apply "$second" --yes --expect-hosts 1
unlock
journal=$(sha256sum "$states"/*/journal.jsonl)
hf today
says today_speaks_of_the_killed_one '1 host left unsettled by a process that'
gives a_wrong_option_asks_nobody 1 'parallel' verify "$second" --parallel 0
lacks a_wrong_option_settles_nothing unsettled
gives a_wrong_host_asks_nobody 1 "" verify no-such-host
lacks a_wrong_host_settles_nothing unsettled
hf apply "$second" --dry-run
lacks a_dry_run_settles_nothing unsettled
hf verify "$second" --read-only
same read_only_verifies_all_the_same 1 "$((status != 1))"
lacks read_only_settles_nothing unsettled
same the_journal_is_as_it_was "$journal" "$(sha256sum "$states"/*/journal.jsonl)"
gives verify_settles_it 0 'left 1 host unsettled' verify "$second"
holds it_is_settled settled
finish
