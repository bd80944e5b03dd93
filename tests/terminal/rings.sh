#!/usr/bin/env bash
# Rollouts in the console: what the program carried out on the simulated fleet
# is shown ring by ring, and what people say there is heard by the next process
# that goes on with it.
# shellcheck disable=SC2016,SC2317 # the terminal's shell expands; callbacks
# shellcheck source=tests/terminal/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
# shellcheck source=tests/terminal/fleet.bash
. "$here/fleet.bash"

start_fleet fleet unwell
# go_on: what is due in the run.
go_on() { hf run "$run" --tick >"$work/said" 2>&1; }

mkdir -p "$work/sim/playbooks"
cat >"$work/sim/playbooks/careful.json" <<'END'
{"kind": "rollout", "targets": {"select": "patch:behind and not web-09"},
 "change": {"id": "CHG7"},
 "limits": {"parallel": 1, "retries": 0},
 "rings": [{"name": "first", "size": "10%", "batches": ["1", "rest"],
            "soak": "0s", "gates": ["well"]},
           {"name": "rest", "size": "rest", "batches": ["50%"],
            "approve": true, "soak": "0s", "gates": ["well"]}],
 "gates": [{"name": "well", "checks": ["criteria"], "delay": "0s",
            "every": "1s", "count": 1}]}
END
git -C "$work/sim" add -A
git -C "$work/sim" commit -qm 'a careful rollout'
console="\$program -C $work/sim"

# ---- nothing yet ----

start 80 24 "$console"
keys 3
golden rings_empty_80x24 'No plan was carried out'
keys p
sees there_is_nothing_to_pause 'no run of a plan'
keys '!'
sees and_nothing_to_hold 'no run is under way'

# ---- one that waits for a person ----

hf check >/dev/null
n=$(hf plan careful --json | jq '.plan.decides.hosts | length')
run=$(hf run careful --yes --expect-hosts "$n" --tick --json 2>/dev/null |
    jq -r .run)
sees it_appears_by_itself 'waits for somebody to approve ring .rest.'
start 80 24 "$console"
keys 3
golden rings_waiting_80x24 'A lets that ring begin'
keys Tab j Enter
sees a_number_leads_to_its_hosts '3 of 40 hosts  only: ring first: verified'
keys 3
waits 'Rings +1 run'
keys u
sees what_goes_on_is_not_paused 'is not paused'
keys A
form_awakes 'Approve\?'
keys Enter
sees_not approving_is_no_by_default 'Approve\?'
sees nothing_was_said 'Enter (lists|shows)'
keys A
form_awakes 'Approve\?'
keys y
sees it_says_who_will_hear_it 'approved is said; heard as soon as'
sees what_is_not_heard_is_counted 'not heard yet: 1'
keys '!'
sees all_are_paused_at_once '1 rollout told to pause'
go_on
sees what_was_said_is_heard 'paused by '
keys p
sees paused_it_is_paused 'is paused already'
keys u
form_awakes 'Go on'
keys Enter
sees_not going_on_is_no_by_default 'Go on\?'
keys u
form_awakes 'Go on'
keys y
sees it_is_told_to_go_on 'resumed is said'

# ---- one that halts ----

go_on
start 80 24 "$console"
keys 3
golden rings_halted_80x24 'halted: 1 failed in this run'
start 160 50 "$console"
keys 3
golden rings_halted_160x50 'halted: 1 failed in this run'
start 80 24 "$console --ascii"
keys 3
golden rings_halted_ascii_80x24 'halted: 1 failed in this run'

# ---- one host less ----

last=$(jq -r '[.hosts[] | select(.outcome == "waiting")][-1].name' \
    <<<"$(hf run "$run" --tick --json 2>/dev/null)")
keys s
waits 'leave out, host and why'
keys "$last" Enter
sees leaving_one_out_wants_a_reason 'say why behind'
keys s
waits 'leave out, host and why'
keys 'nobody-01 it is not there' Enter
sees another_host_is_not_left_out "no host 'nobody-01'"
keys s
waits 'leave out, host and why'
keys "$last its owner asked" Enter
sees one_is_left_out_with_its_reason 'skipped is said'
go_on
# shellcheck disable=SC2317 # called by name
same_outcome() { [ "$(hf run "$run" --tick --json 2>/dev/null | jq -r --arg h "$last" \
    '.hosts[] | select(.name == $h) | "\(.outcome) \(.why)"')" = "$1" ]; }
if same_outcome 'skipped its owner asked'; then
    ok and_the_run_has_heard_it
else
    no and_the_run_has_heard_it "$(cat "$work/said")"
fi

# ---- its end ----

keys X
waits "its id's last six"
keys 000000 Enter
sees another_id_ends_nothing 'the run was not ended'
keys X
waits "its id's last six"
keys "${run: -6}" Enter
sees its_own_does 'abort is said'
go_on
sees then_it_is_over 'over, exit 3'
keys p
sees and_cannot_be_paused 'is over'

# ---- what it was worth ----

keys 8
sees both_figures_stand_on_screen_8 'of all hosts in scope +[0-9.]+ %'
proven=$(hf report savings --json | jq .all.hotpatches)
sees what_was_proven_is_counted "hotpatches, proven +$proven in effect"
keys End
sees memory_has_a_line_for_each_kind 'linux committed +[^ ]* +2\.[0-9] GiB to 2'
sees what_a_patch_takes_is_told 'half of [0-9]+ patches took'
sees_not and_nothing_moved_since 'the ledger moved'

# ---- read-only ----

start 80 24 "$console --read-only"
keys 3
waits 'over, exit 3'
for key in p u A X s c n t b; do
    keys "$key"
    sees "read_only_refuses_$key" 'read-only: this writes'
    keys C-l
    sees_not "and_that_goes_away_$key" 'this writes'
done
keys q
waits 'ended with'
end_fleet
finish
