#!/usr/bin/env bash
# Blocked releases: what blocks and unblocks them, who is left out, and a
# rollout in whose midst one is blocked.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

start_sim well
hf check

# what web-01 would get
hf plan monthly-hotpatch --json
release=$(jq -r '.plan.decides.hosts[] | select(.name == "web-01") |
    .releases[-1]' <<<"$out")
printf '%s\n' "$out" >"$work/plan"
holds the_plan_names_releases test -n "$release"
gives a_block_wants_a_reason 1 'a block wants a reason' block "$release"
gives a_slip_blocks_nothing 1 "no release 'fix_none'" \
    block fix_none --reason x
same nothing_was_committed '' "$(git log --format=%s | grep '^block')"
gives block_says_whom_it_keeps_from_it 0 'would get it next: left out' \
    block "$release" --reason 'oops under load'
says it_is_one_commit_that_can_be_undone 'git revert'
same the_commit_can_be_read "block $release: oops under load" \
    "$(git log -1 --format=%s)"
same and_has_its_trailers "block $release" "$(git log -1 \
    --format='%(trailers:key=Action,valueonly,separator=%x20) %(trailers:key=Release,valueonly,separator=%x20)')"
gives apply_leaves_it_out 0 "release $release is blocked: oops under load" \
    apply web-01 --dry-run
gives and_refuses_it 2 'is blocked' apply web-01 --yes --expect-hosts 0
gives also_with_again 2 'is blocked' apply web-01 --again --yes --expect-hosts 0
gives why_ends_with_it 0 "^web-01 is left out because release $release is blocked" \
    why web-01
says why_cites_its_file "^x block.*$release is blocked"
gives the_catalogue_shows_it 0 "^  $release +oops under load \(hotfleet demo, since" catalogue list
gives today_shows_it 10 "$release, which is blocked: oops under load" today
hf plan monthly-hotpatch --json
same a_plan_has_nobody_who_would_get_it 0 \
    "$(jq --arg r "$release" '[.plan.decides.hosts[] |
        select(.releases | index($r))] | length' <<<"$out")"
gives unblock_wants_a_reason 1 'wants a reason' unblock "$release"
gives unblock_ends_it 0 'would get it next' unblock "$release" --reason mended
gives then_it_would_be_applied 0 'web-01 would be patched' why web-01
gives what_is_not_blocked_cannot_be_unblocked 1 'is not blocked' \
    unblock "$release" --reason mended

# blocked while it is rolled out: no further host starts
mkdir -p playbooks hooks
cat >hooks/block <<END
#!/bin/sh
cat >/dev/null
[ ! -s "$work/blocked" ] || exit 0
echo done >"$work/blocked"
"$HOTFLEET_BINARY" -C "$work/sim" block $release --reason 'seen in canary'
END
chmod +x hooks/block
# four hosts that would get it, and where nobody has it yet
select=$(jq -r --arg r "$release" '[.plan.decides.hosts[] |
    select(.releases | index($r)) | .name][:4] | join(" or ")' "$work/plan")
jq -n --arg s "$select" '{targets: {select: $s}, limits: {ramp: 0},
    rings: [{name: "first", size: "1", soak: "0s"},
            {name: "rest", size: "rest", soak: "0s"}],
    hooks: {after_batch: "block"}}' >playbooks/two.json
commit playbook
first=$("$HOTFLEET_BINARY" plan two --json |
    jq -r '.plan.decides.hosts[0].name')
hf run two --yes --expect-hosts 4 --jsonl
same it_was_applied_before "$first verified" "$(jq -r \
    'select(.outcome == "verified") | "\(.host) \(.outcome)"' <<<"$out")"
same the_hosts_after_it_are_left_out_with_the_reason \
    "3 release $release is blocked: seen in canary" "$(jq -r \
    'select(.outcome == "skipped") | .why' \
    <<<"$out" | sort | uniq -c | sed 's/^ *//')"
gives who_has_it_needs_somebody 10 " hosts? runs? $release, which is blocked" today
gives rolling_it_back_is_never_blocked 0 '1 verified' \
    rollback "$first" --yes --expect-hosts 1 --reason oops
finish
