#!/usr/bin/env bash
# A run of a plan that the console itself carries out: its form, its rings
# while it goes, its hosts and its log, its replay, and leaving it.
# shellcheck disable=SC2016,SC2317 # the terminal's shell expands; callbacks
# shellcheck source=tests/terminal/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
# shellcheck source=tests/terminal/fleet.bash
. "$here/fleet.bash"

start_fleet fleet unwell

# The first ring ends well and wants a yes; in the other one hosts fail.
mkdir -p "$work/sim/playbooks"
cat >"$work/sim/playbooks/careful.json" <<'END'
{"kind": "rollout", "title": "A careful one",
 "targets": {"select": "patch:behind and not web-09"},
 "limits": {"parallel": 4, "retries": 0},
 "budget": {"failed": {"run": 0}},
 "rings": [{"name": "first", "select": "ring:canary", "soak": "0s",
            "gates": ["well", "owner"]},
           {"name": "rest", "size": "rest", "approve": true, "soak": "0s"}],
 "gates": [{"name": "well", "checks": ["criteria"], "delay": "0s",
            "every": "1s", "count": 1},
           {"name": "owner", "kind": "signoff", "who": "the owner"}]}
END
git -C "$work/sim" add -A
git -C "$work/sim" commit -qm 'a careful rollout'
# A minute earlier: runs are listed by when they began.
HOTFLEET_CLOCK=2026-11-23T11:59:00Z hf check >/dev/null
n=$(hf plan careful --dry-run --json | jq '.plan.decides.hosts | length')
console="\$program -C $work/sim"

# ---- the form ----

start 80 24 "$console"
waits 'Needs you|NEEDS YOU'
keys 3
waits 'n begins one here'
keys n
sees the_menu_names_playbooks_with_their_titles 'careful +A careful one'
keys Escape
keys ':run nosuch' Enter
sees a_playbook_that_is_not_there_is_said_to_be 'nosuch'
sees and_nothing_can_be_run 'Are you sure'
keys Escape
waits 'nothing was changed'
keys ':run careful' Enter
form_awakes 'Are you sure'
golden rollout_form_80x24 'hosts in 2 rings'
keys CHG7 Enter
sees the_command_has_what_was_typed \
    "hotfleet run careful --change 'CHG7' --expect-hosts $n"
press_until '\[ No \]' Tab
keys y
sees many_hosts_want_their_number "type $n, the number of hosts"
keys "$n" Tab
waits '\[ No \]'
keys y
sees it_is_carried_out_here 'is carried out here'
sees the_first_ring_waits_for_its_owner 'sign-off .owner. by the owner'
keys A
form_awakes 'Sign off\?'
keys y
sees the_first_ring_ends_and_the_next_waits \
    'waits for somebody to approve ring .rest.'
sees who_signed_off_stays_there \
    'sign-off owner +by the owner +given 2026-11-23 12:00:00 UTC by hotfleet'

# ---- its hosts, its log, its replay ----

keys 4
sees it_stands_among_the_runs 'careful +[0-9]+ hosts +going +✓ 5 verified'
keys Enter
sees its_hosts_are_in_groups "$((n - 5)) waiting"
sees its_log_follows 'ring first +has ended'
keys Tab g
sees the_log_can_have_the_screen 'the run +begins'
sees and_can_stand_still 'stands still, G follows'
keys Tab v
sees a_replay_begins_at_the_beginning 'event 1 of [0-9]+'
sees where_nothing_has_happened '0 of 5'
keys ']' ']' ']' ']' ']'
sees it_goes_by_events_of_note 'ring first has ended'
keys Left Left
sees_not and_back_event_by_event 'ring first has ended'
keys b
sees to_the_start 'nothing has happened yet'
keys + + Space
sees it_plays_to_the_end 'ring first has ended'

# ---- going on, all at once, leaving ----

keys 3
waits 'wants|approve ring'
keys A
form_awakes 'Approve\?'
keys y
sees what_is_said_is_heard_at_once '»  ?(rest|first)|» rest'
sees the_header_shows_it 'careful [0-9]+/'
sees hosts_that_end_badly_halt_it 'halted|paused|over'
keys q
sees leaving_says_what_becomes_of_it 'A run is not over|Hosts are under way'
if shows 'A run is not over'; then
    form_awakes 'A run is not over'
    keys y
else
    form_awakes 'Hosts are under way'
    keys f
fi
waits 'ended with'

# ---- and again ----

run=$(basename "$(find "$XDG_STATE_HOME" -path '*/rollouts/2*' -prune)")
start 80 24 "$console"
keys ":run $run" Enter
sees it_can_be_carried_on_by_its_id "run $run"
keys X
waits "its id's last six|is over"
keys "${run: -6}" Enter
sees and_ended 'over, exit'
keys 4 Enter
sees how_it_ended_stays 'verified'
keys v e
sees also_its_replay 'the run has ended'

# ---- what can be planned from it ----

keys 4
waits 'Runs +[0-9]+ runs'
keys t
sees what_did_not_end_well_is_counted 'failed +[1-9][0-9]* host'
keys 1
waits 'Are you sure'
sees a_plan_does_it_again "retry of run $run"
sees its_command_is_retry "hotfleet retry $run failed"
keys Escape
keys ":rollback $run" Enter
sees its_rings_can_be_taken_back 'first +its ring of 5 hosts'
keys 2
waits 'Are you sure'
golden rollback_form_80x24 'open again'
form_awakes 'Are you sure'
keys Tab Tab Space
sees the_release_is_blocked_unless_said_not_to ' --no-block'
press_until '\[ No \]' Tab
keys Right Enter
sees it_is_taken_back_here 'rollback-release'
sees as_far_as_failure_domains_let_it '4 of 5'
sees and_says_what_it_waits_for 'cache-05 of its failure domain'
keys q
form_awakes 'A run is not over'
keys y
waits 'ended with 0'
end_fleet
finish
