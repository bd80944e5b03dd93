#!/usr/bin/env bash
# Taking a rollout back where that restarts hosts: it halts, blocks and plans,
# and a person decides, unless the playbook allows the restarts.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

start_sim windows 200
hf check 'name:well*'
hf plan monthly-hotpatch --json
hosts=$(jq '[.plan.decides.hosts[] | select(.releases | length > 0)]' <<<"$out")
first=$(jq -r '.[0].name' <<<"$hosts")
release=$(jq -r '.[0].releases[0]' <<<"$hosts")
second=$(jq -r --arg r "$release" \
    '[.[2:][] | select(.releases != [$r])][0].name' <<<"$hosts")
holds there_are_hosts_to_patch test "$second" != null

mkdir -p playbooks hooks
printf '#!/bin/sh\necho no\nexit 1\n' >hooks/judge
chmod +x hooks/judge
jq '.gates = [] | .rings = [.rings[] | del(.gates)]' \
    "$HOTFLEET_SOURCE/playbooks/library/rollback-release.json" \
    >playbooks/rollback-release.json
# playbook NAME HOST MORE
playbook() {
    jq -n --arg s "name:$2" --argjson m "$3" '{
        targets: {select: $s},
        rings: [{name: "all", size: "rest", soak: "0s", gates: ["judge"]}],
        gates: [{name: "judge", checks: ["command"], command: "judge",
                 every: "1s", count: 1}],
        rollback: {when: "gate-failed"}} * $m' >"playbooks/$1.json"
    commit "$1"
}

# without a restart window nobody is restarted: it says so, and blocks
playbook stuck "$(jq -r '.[1].name' <<<"$hosts")" '{}'
hf run stuck --yes --expect-hosts 1 --json
holds where_nobody_may_be_restarted_it_says_so grep -q \
    'not taken back: well-.*: it has no restart window' \
    <<<"$(jq -r .waits_for <<<"$out")"
holds and_blocks_the_release test -s "blocks/$(jq -r '.[1].releases[0]' \
    <<<"$hosts").json"
git rm -q -r blocks
jq -n '{windows: [{name: "any", kind: "restart", weekly: ["day"], at: "00:00",
    length: "24h"}]}' >calendar.json
commit 'restarts at any time'

playbook careful "$first" '{}'
gives the_plan_says_that_it_would_wait 0 \
    'where that needs a restart it halts and waits' plan careful
hf run careful --yes --expect-hosts 1 --json
waits=$(jq -r .waits_for <<<"$out")
same it_halts '3 halted null' \
    "$status $(jq -r '"\(.state) \(.taken_back_by)"' <<<"$out")"
holds a_restart_waits_for_a_person grep -q \
    'it restarts 1 host; waits for: hotfleet run ' <<<"$waits"
gives the_patch_stays 0 'current' hosts "$first"
gives and_nothing_applies_the_release 0 "^  $release +gate 'judge' failed" \
    catalogue list
gives the_ready_plan_says_the_price 0 'first +1 +1 +0' \
    run "${waits##* }" --yes --expect-hosts 1
says with_restarts_and_the_track_that_is_left 'price: 1 host restarts' \
    'off the hotpatch track until'
gives then_it_is_taken_back 0 'rolled-back' hosts "$first"

playbook bold "$second" '{"rollback": {"restart": "allowed"}}'
gives the_plan_says_the_worst_case 0 'ring, with those restarts' plan bold
hf run bold --yes --expect-hosts 1 --json
back=$(jq -r .taken_back_by <<<"$out")
same it_halts_too '3 halted' "$status $(jq -r .state <<<"$out")"
hf run "$back" --json
same and_is_taken_back_with_a_restart 'over verified' \
    "$(jq -r '"\(.state) \(.hosts[0].outcome)"' <<<"$out")"
gives the_host_says_so 0 'rolled-back' hosts "$second"
finish
