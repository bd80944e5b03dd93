#!/usr/bin/env bash
# Leaving a console that carries a run of a plan out: hosts under way are
# finished, none is begun, and the run can be gone on with.
# shellcheck disable=SC2016,SC2317 # the terminal's shell expands; callbacks
# shellcheck source=tests/terminal/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
# shellcheck source=tests/terminal/fleet.bash
. "$here/fleet.bash"

start_fleet fleet well 4000
program_pid() {
    pid=$(pgrep -P "$(cat "$work/shell")" | head -n 1)
    [ -n "$pid" ]
}
is_gone() { ! kill -0 "$pid" 2>/dev/null; }
log() { cat "$XDG_STATE_HOME"/hotfleet/*/rollouts/2*/log.jsonl; }
# as_many STARTED ENDED: so many hosts of the run did.
as_many() {
    [ "$(log | grep -c '"host-started"')" -eq "$1" ] &&
        [ "$(log | grep -c '"host-ended"')" -eq "$2" ]
}

mkdir -p "$work/sim/playbooks"
cat >"$work/sim/playbooks/slow.json" <<'END'
{"kind": "rollout", "targets": {"select": "patch:behind"},
 "change": {"id": "CHG7"}, "limits": {"parallel": 2, "ramp": 0},
 "rings": [{"name": "all", "size": "rest", "soak": "0s"}]}
END
git -C "$work/sim" add -A
git -C "$work/sim" commit -qm 'a slow rollout'
hf check >/dev/null
n=$(hf plan slow --dry-run --json | jq '.plan.decides.hosts | length')
console="\$program -C $work/sim"

# ---- leaving on purpose ----

start 100 30 "$console"
keys ':run slow' Enter
form_awakes 'Are you sure'
keys Tab Tab "$n" Tab
waits '\[ No \]'
keys y
sees it_is_carried_out_here '2 under way'
keys ':apply ring:canary' Enter
sees meanwhile_nothing_else_begins 'a run of a plan is under way here'
keys q
form_awakes 'Hosts are under way'
keys f
sees it_waits_for_those_under_way 'leaving when the hosts under way are done'
sees and_ends 'ended with 0'
if as_many 2 2; then
    ok none_was_begun_and_none_left
else
    no none_was_begun_and_none_left "$(log | grep -c host-started)"
fi
if log | grep -q 'the operator left the console'; then
    ok the_run_says_why_it_is_paused
else
    no the_run_says_why_it_is_paused "$(log | tail -n 2)"
fi

# ---- the terminal goes away ----

run=$(basename "$(find "$XDG_STATE_HOME" -path '*/rollouts/2*' -prune)")
hf resume "$run" --yes --reason 'back again' >/dev/null
start 100 30 "$console"
keys 3
waits 'no process here carries it out'
keys c
form_awakes 'Carry it out here'
keys y
sees it_is_gone_on_with '2 under way'
program_pid
mux kill-server
if until_true is_gone && as_many 4 4; then
    ok hosts_under_way_are_finished_without_a_terminal
else
    no hosts_under_way_are_finished_without_a_terminal "$(log | tail -n 3)"
fi
if log | grep -q 'the console ended'; then
    ok and_the_run_is_paused
else
    no and_the_run_is_paused "$(log | tail -n 2)"
fi

# ---- an interrupt, twice ----

hf resume "$run" --yes --reason 'and again' >/dev/null
start 100 30 "$console"
keys ":run $run" Enter
waits '2 under way'
keys C-c
sees an_interrupt_pauses_it 'interrupted: the run is paused'
keys C-c
sees a_second_one_lets_go_of_all 'ended with 130'
start 100 30 "$console"
waits 'Left unsettled'
keys n 3
sees the_run_has_them_still_under_way '2 under way'
keys q
waits 'ended with'
end_fleet
finish
