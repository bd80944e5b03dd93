#!/usr/bin/env bash
# Screen 6: what can be taken back, at what price; a release is blocked and
# unblocked from there, and taken back.
# shellcheck disable=SC2016,SC2317 # the terminal's shell expands; callbacks
# shellcheck source=tests/terminal/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
# shellcheck source=tests/terminal/fleet.bash
. "$here/fleet.bash"

start_fleet fleet unwell
inside() { git -C "$work/sim" "$@"; }

# What one run put in can be taken back as that run.
mkdir -p "$work/sim/playbooks"
jq -n '{targets: {select: "patch:behind and product:linux and not ring:broad"},
    limits: {ramp: 0}, budget: {failed: {run: 9}, unverified: {run: 9},
    unreachable: {run: 9}}, rings: [{name: "all", size: "rest", soak: "0s"}]}' \
    >"$work/sim/playbooks/early.json"
jq '.gates[0] += {delay: "0s", every: "1s", count: 1}' \
    "$HOTFLEET_SOURCE/playbooks/library/rollback-release.json" \
    >"$work/sim/playbooks/rollback-release.json"
inside add -A
inside commit -qm 'an early rollout'
HOTFLEET_CLOCK=2026-11-23T11:58:00Z hf check >/dev/null
n=$(hf plan early --dry-run --json | jq '.plan.decides.hosts | length')
HOTFLEET_CLOCK=2026-11-23T11:59:00Z hf run early --yes --expect-hosts "$n" \
    --json >"$work/run.json"
run=$(jq -r .run "$work/run.json")
if [ -z "$run" ]; then
    no a_rollout_is_there "$(cat "$work/run.json")"
    finish
fi

# ---- what can be taken back ----

start 80 24 "\$program -C $work/sim"
waits 'Needs you|NEEDS YOU'
keys 6
sees the_price_stands_above 'Taking back hotfleet_fix_[0-9]+: [0-9]+ of [0-9]+ hosts'
sees with_restarts_and_time '[0-9]+ without a restart; under a minute a host'
sees with_protection_lost '[0-9]+ CVEs? open again'
keys t
sees by_run "$run +$n"
sees a_run_is_taken_back_as_a_plan "hotfleet rollback --run '$run'"
golden rollback_run_80x24 'CVES OPEN AGAIN'
keys t
sees by_ring 'hotfleet rollback .ring:canary'
keys Space
sees a_group_unfolds_into_its_hosts '^ +(app|db|web|build|cache)-[0-9]+ +canary +yes'
keys t
sees by_host 'by host'
keys T T
sees and_the_other_way_round 'by run'
keys b
sees a_run_offers_its_rings 'all of it'
keys Escape
waits 'by run'
keys T
waits 'by release'

start 200 60 "\$program -C $work/sim"
waits 'Needs you|NEEDS YOU'
keys 6
waits 'RELEASE.*LEAVES'
keys Space
golden rollback_200x60 '^ +(app|db|web|build|cache)-[0-9]+ +(canary|pilot|broad)'
start 80 24 "\$program -C $work/sim"
waits 'Needs you|NEEDS YOU'
keys 6
waits 'by release'

# ---- one switch for the whole fleet ----

release=$(screen | sed -nE 's/^▸ (hotfleet_fix_[0-9]+) .*/\1/p' | head -n 1)
keys g x
form_awakes 'Are you sure'
sees the_form_says_whom_it_concerns 'in effect on [1-9][0-9]* hosts?'
press_until '\[ No \]' Tab
keys y
sees a_block_wants_a_reason 'type a reason'
keys 'oops under load'
sees the_form_is_a_command "hotfleet block '$release' --reason 'oops under load'"
answer y
sees it_is_blocked "$release blocked"
sees with_the_reason 'is blocked by .*: oops under load'
if inside log -1 --format='%s%n%(trailers)' | tr '\n' ' ' |
    grep -qE "^block $release: oops under load .*Release: $release"; then
    ok the_block_is_a_commit_with_trailers
else
    no the_block_is_a_commit_with_trailers "$(inside log -1 --format=%B)"
fi
keys x
form_awakes 'may be applied again'
keys mended Enter
answer y
sees it_is_unblocked "unblocked $release"
sees and_not_blocked_any_more 'is not blocked: x blocks it'
keys :block Space nosuch Enter
sees a_slip_of_the_keyboard_is_no_release "knows no release 'nosuch'"
keys Escape
waits 'nothing was changed'

# ---- back ----

keys b
waits 'Are you sure'
sees the_plan_is_of_the_release "rollback of release $release"
press_until '\[ No \]' BTab
hosts=$(screen | sed -nE 's/.*--expect-hosts ([0-9]+).*/\1/p')
if [ "$hosts" -gt 10 ]; then
    press_until '^> how many' Tab
    keys "$hosts"
fi
answer y
sees its_run_is_carried_out '» rollback-release +run'
sees hosts_are_taken_back '[1-9][0-9]* verified'
keys 6
sees it_is_blocked_again "$release blocked|$release is blocked"

# ---- wide, read-only ----

start 200 60 "\$program -C $work/sim --read-only"
waits 'Needs you|NEEDS YOU'
keys 6
waits 'RELEASE.*LEAVES'
keys x
sees read_only_blocks_nothing 'read-only'
finish
