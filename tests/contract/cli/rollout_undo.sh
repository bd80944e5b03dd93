#!/usr/bin/env bash
# A gate that fails takes the ring back by itself: block, plan, a run of its
# own; nothing applies it again before somebody ends the block. And the
# rehearsal of that before the first ring.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

start_sim well
hf check
hf plan monthly-hotpatch --json
release=$(jq -r '.plan.decides.hosts[] | select(.name == "web-01") |
    .releases[-1]' <<<"$out")
some=$(jq --arg r "$release" '[.plan.decides.hosts[] |
    select(.releases | index($r)) | .name]' <<<"$out")
# some FROM TO: those hosts as a selector
some() { jq -r --argjson a "$1" --argjson b "$2" '.[$a:$b] | join(" or ")' <<<"$some"; }

# Faults come between the last host of a batch and the gate behind it.
mkdir -p playbooks hooks
cat >hooks/misfortune <<END
#!/bin/sh
cat >/dev/null
[ -s "$work/misfortune" ] || exit 0
cat "$work/misfortune" >"$work/sim.in"
i=0
until grep -qxf "$work/misfortune" "$work/sim.out"; do
    i=\$((i + 1))
    [ \$i -lt 1500 ] || exit 1
    sleep 0.02
done
: >"$work/misfortune"
END
chmod +x hooks/misfortune
: >"$work/misfortune"
jq '.gates = [] | .rings = [.rings[] | del(.gates)]' \
    "$HOTFLEET_SOURCE/playbooks/library/rollback-release.json" \
    >playbooks/rollback-release.json

# playbook NAME SELECTOR MORE
playbook() {
    jq -n --arg s "$2" --argjson m "$3" '{
        targets: {select: $s}, limits: {ramp: 0},
        rings: [{name: "first", size: "2", soak: "0s", gates: ["well"]},
                {name: "rest", size: "rest", soak: "0s"}],
        gates: [{name: "well", checks: ["services"], every: "1s", count: 1}],
        rollback: {when: "gate-failed"},
        hooks: {after_batch: "misfortune"}} * $m' >"playbooks/$1.json"
    commit "$1"
}
begin() {
    hf plan "$1" --json
    first=$(jq -r '.plan.decides.hosts[0].name' <<<"$out")
    second=$(jq -r '.plan.decides.hosts[1].name' <<<"$out")
}

playbook careful "$(some 0 4)" '{}'
begin careful
gives the_plan_says_the_worst_case 0 \
    'worst case: it is taken back by itself from the ring' plan careful
echo "$first sick 0" >"$work/misfortune"
hf run careful --yes --expect-hosts 4 --json
run=$(jq -r .run <<<"$out") back=$(jq -r .taken_back_by <<<"$out")
same a_failed_gate_halts_it '3 halted' "$status $(jq -r .state <<<"$out")"
holds it_says_why_and_by_which_run_it_is_taken_back grep -q \
    "gate 'well' failed: .*; taken back by run $back" \
    <<<"$(jq -r .waits_for <<<"$out")"
same nothing_else_was_started 2 "$(jq '[.hosts[] |
    select(.outcome == "waiting")] | length' <<<"$out")"
gives the_ring_is_taken_back 0 'rolled-back' hosts "$first"
gives all_of_it 0 'rolled-back' hosts "$second"
hf run "$back" --json
same the_other_run_is_over "over 0 2 rollback $run" "$(jq -r \
    '"\(.state) \(.exit) \(.hosts | length) \(.after.how) \(.after.run)"' \
    <<<"$out")"
holds the_release_is_blocked_before_that grep -q \
    "^block $release: gate 'well' failed" <<<"$(git log -1 --format=%s)"
same the_block_names_the_run "$run" "$(git log -1 \
    --format='%(trailers:key=Run,valueonly)' | head -n 1)"

# nothing applies it again
gives a_person_may_let_it_go_on 0 'resumed' resume "$run" --yes --reason 'try again'
printf '%s well 0\n' "$first" >&7
hf run "$run" --json
holds resumed_it_leaves_the_others_out jq -e '[.hosts[] |
    select(.ring == "rest") | .outcome] == ["skipped", "skipped"]' <<<"$out"
gives nor_somebody_else 2 'is blocked' \
    apply "$second" --again --yes --expect-hosts 0
hf plan careful --json
same nor_a_plan 0 "$(jq '.plan.decides.hosts | length' <<<"$out")"
gives until_somebody_unblocks_it 0 'unblocked' \
    unblock "$release" --reason 'it was the service'
gives then_it_may_be_applied_again 0 '1 verified' \
    apply "$second" --again --yes --expect-hosts 1

# more hosts than may go without a person: block and a ready plan
playbook few "$(some 4 8)" '{"rollback": {"max_hosts": 1}}'
begin few
echo "$first sick 0" >"$work/misfortune"
hf run few --yes --expect-hosts 4 --json
plan=$(sed -nE 's/.*hotfleet run ([0-9TZ]+-[0-9a-f]+).*/\1/p' \
    <<<"$(jq -r .waits_for <<<"$out")")
same above_max_hosts_a_person_decides '3 halted null' "$status $(jq -r \
    '"\(.state) \(.taken_back_by)"' <<<"$out")"
gives nobody_was_taken_back 0 'current' hosts "$first"
holds but_the_release_is_blocked test -s "blocks/$release.json"
gives the_plan_is_ready 0 'is fresh' plan --fresh "$plan"
gives a_person_carries_it_out 0 'first +2 +2' run "$plan" --yes --expect-hosts 2
gives then_it_is_taken_back 0 'rolled-back' hosts "$first"
printf '%s well 0\n' "$first" >&7
gives unblock_for_the_next 0 '' unblock "$release" --reason 'for the next'

# what cannot be blocked is not taken back: a dirty file stands there
playbook dirty "$(some 8 10)" '{}'
begin dirty
mkdir -p blocks
echo '{' >"blocks/$release.json"
echo "$first sick 0" >"$work/misfortune"
hf run dirty --yes --expect-hosts 2 --json
holds without_a_block_nothing_is_taken_back grep -q \
    '; not taken back: ' <<<"$(jq -r .waits_for <<<"$out")"
gives and_the_patch_stays 0 'current' hosts "$first"
rm -r blocks
printf '%s well 0\n' "$first" >&7

# rehearsed before the first ring
last=$(jq -r '.[10]' <<<"$some")
playbook rehearsed "$(some 10 12)" "$(jq -n --arg h "$last" \
    '{rollback: {when: "never", rehearse_on: $h}}')"
hf run rehearsed --yes --expect-hosts 2 --json
same rehearsed_it_goes_on_to_the_end 'over 0' \
    "$(jq -r '"\(.state) \(.exit)"' <<<"$out")"
gives that_host_has_it_in_the_end 0 'current' hosts "$last"
gives the_rehearsal_has_evidence_of_its_own 0 \
    'rollback +verified' audit --host "$last"
playbook elsewhere "$(some 12 13)" \
    '{"rollback": {"when": "never", "rehearse_on": "db-02"}}'
gives a_host_that_gets_nothing_is_no_place_to_rehearse 5 \
    "rehearsed on 'db-02', which is not among" plan elsewhere
finish
