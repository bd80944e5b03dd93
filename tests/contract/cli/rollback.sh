#!/usr/bin/env bash
# Rollback of a ring, a run and a release: the price, the plan, the block, and
# what the ledger says of it.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

start_sim well
hf check
hf plan monthly-hotpatch --json
release=$(jq -r '.plan.decides.hosts[] | select(.name == "web-01") |
    .releases[-1]' <<<"$out")
select=$(jq -r --arg r "$release" '[.plan.decides.hosts[] |
    select(.releases | index($r)) | .name][:5] | join(" or ")' <<<"$out")
mkdir -p playbooks
jq -n --arg s "$select" '{targets: {select: $s}, limits: {ramp: 0},
    rings: [{name: "first", size: "1", soak: "0s"},
            {name: "rest", size: "rest", soak: "0s"}]}' >playbooks/two.json
jq '.gates[0] += {delay: "0s", every: "1s", count: 1}' \
    "$HOTFLEET_SOURCE/playbooks/library/rollback-release.json" \
    >playbooks/rollback-release.json
git add playbooks && git commit -qm playbooks
hf run two --yes --expect-hosts 5 --json
run=$(jq -r .run <<<"$out")
same it_is_applied '0 5' "$status $(jq '[.hosts[] |
    select(.outcome == "verified")] | length' <<<"$out")"
first=$(jq -r '.hosts[] | select(.ring == "first") | .name' <<<"$out")
others=$(jq -r '[.hosts[] | select(.ring == "rest") | .name] | join(" ")' \
    <<<"$out")
last=${others##* }

# the price, and what cannot be
gives a_dry_run_says_the_price 0 'price: 0 hosts restart$' \
    rollback --run "$run" --dry-run
says the_protection_that_is_lost 'protection lost: [1-9][0-9]* CVEs? open again' \
    'under a minute in all|[1-9][0-9]* minutes? in all'
says which_run_it_takes_back "^  rollback of run $run$"
same nothing_was_blocked '' "$(git log --format=%s | grep '^block')"
gives a_ring_it_has_not_is_none 1 "has no ring 'nowhere'" \
    rollback --run "$run" --ring nowhere --dry-run
gives a_ring_wants_a_run 1 '--ring goes with --run' \
    rollback --ring first --release "$release" --dry-run
gives a_run_that_is_none_is_an_error 1 'no run|is not in' \
    rollback --run 20200101T000000Z-000000 --dry-run
gives a_release_that_is_none_is_an_error 1 "no release 'fix_none'" \
    rollback --release fix_none --dry-run
gives without_a_count_nothing_happens 1 'expect-hosts' rollback --run "$run"

# one ring of it
hf rollback --run "$run" --ring first --yes --expect-hosts 1 \
    --reason 'latency up' --json
ring_run=$(jq -r .run <<<"$out")
same one_ring_is_taken_back "$first verified" \
    "$(jq -r '.hosts[] | "\(.name) \(.outcome)"' <<<"$out")"
same it_says_of_what "rollback $run first" \
    "$(jq -r '.after | "\(.how) \(.run) \(.hosts)"' <<<"$out")"
same the_release_is_blocked_before "block $release: latency up" \
    "$(git log -1 --format=%s)"
same the_block_names_the_run "$run" "$(jq -r .run "blocks/$release.json")"
gives its_hosts_are_rolled_back 0 'rolled-back' hosts "$first"
gives the_others_are_not 0 'current' hosts "$last"
gives nothing_applies_it_again 2 "is blocked: latency up" \
    apply "$first" --again --yes --expect-hosts 0

# all the rest of it: who was taken back is left out
hf rollback "$run" --yes --expect-hosts 4 --json
same the_run_is_taken_back "4 verified" "$(jq -r '[.hosts[].outcome] |
    group_by(.) | map("\(length) \(.[0])") | join(", ")' <<<"$out")"
same a_block_that_is_there_is_enough 1 \
    "$(git log --format=%s | grep -c '^block')"
same the_ledger_says_which_run_it_takes_back "rollback $run first" "$(git show \
    "ledger:runs/${ring_run:0:4}-${ring_run:4:2}/$ring_run/run.json" |
    jq -r '.after | "\(.how) \(.run) \(.hosts)"')"
hf rollback --run "$run" --dry-run
same again_there_is_nothing_to_do 0 "$status"
says and_it_says_why 'nothing to do on any host'

# a release wherever it is in effect, of some hosts only, from a ready plan
gives unblock_it 0 'unblocked' unblock "$release" --reason mended
hf rollback --release "$release" --dry-run --json
n=$(jq '.plan.decides.hosts | length' <<<"$out")
holds others_have_it_too test "$n" -gt 1
host=$(jq -r '.plan.decides.hosts[0].name' <<<"$out")
hf rollback --release "$release" "$host" --plan-only --json
plan=$(jq -r .plan.id <<<"$out")
same a_plan_of_some_hosts "$host rollback $release" \
    "$(jq -r '.plan.decides | "\(.hosts[].name) \(.after.how) \(.after.release)"' \
        <<<"$out")"
gives the_plan_is_fresh 0 'is fresh' plan --fresh "$plan"
gives and_can_be_run 0 'first +1 +1 +0' run "$plan" --yes --expect-hosts 1
same a_plan_blocks_nothing '' "$(ls blocks 2>/dev/null)"
hf rollback --release "$release" --no-block --yes --expect-hosts $((n - 1)) \
    --json
same the_release_is_gone_everywhere "$((n - 1)) verified" "$(jq -r \
    '[.hosts[].outcome] | group_by(.) | map("\(length) \(.[0])") | join(", ")' \
    <<<"$out")"
same without_a_block '' "$(ls blocks 2>/dev/null)"

# a run that may still start hosts is not taken back
git rm -q --cached playbooks/two.json
jq '.rings[0].soak = "1h" | .targets.select = "name:web*"' playbooks/two.json \
    >"$work/two" && mv "$work/two" playbooks/two.json
git add playbooks && git commit -qm 'longer'
hf apply "$first" --again --yes --expect-hosts 1
hf plan two --json
if [ "$(jq '.plan.decides.hosts | length' <<<"$out")" -gt 0 ]; then
    hf run two --yes --expect-hosts \
        "$(jq '.plan.decides.hosts | length' <<<"$out")" --tick --json
    run=$(jq -r .run <<<"$out")
    gives a_run_under_way_is_not_taken_back 8 "hotfleet pause $run" \
        rollback --run "$run" --dry-run
fi
finish
