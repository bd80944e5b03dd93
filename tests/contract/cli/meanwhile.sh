#!/usr/bin/env bash
# What somebody commits while a single verb is under way binds the hosts that
# it has not begun: a block, a hold.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

start_sim well 1500
hf check
hf plan monthly-hotpatch --json
release=$(jq -r '[.plan.decides.hosts[].releases[-1]] | group_by(.) |
    max_by(length)[0]' <<<"$out")
mapfile -t hosts < <(jq -r --arg r "$release" '[.plan.decides.hosts[] |
    select(.releases | index($r)) | .name] | sort | .[:10][]' <<<"$out")
same ten_hosts_would_get_it 10 "${#hosts[@]}"
select=$(printf ' or name:%s' "${hosts[@]}")

# by_outcome OUTCOME: hosts that ended so, with why
by_outcome() {
    jq -r --arg o "$1" 'select(.kind == "host-outcome" and
        .data.outcome == $o) | "\(.host): \(.data.why)"' "$work/run"
}

"$HOTFLEET_BINARY" apply "${select# or }" --parallel 1 --yes --expect-hosts 10 \
    --jsonl >"$work/run" 2>"$work/run.err" &
run=$!
for _ in $(seq 600); do
    ! grep -q '"kind":"host-outcome"' "$work/run" || break
    sleep 0.05
done
gives a_hold_is_a_commit_meanwhile 0 'held' hold "${hosts[9]}" \
    --reason 'year end close'
gives so_is_a_block 0 'would get it next' block "$release" \
    --reason 'oops under load'
wait "$run"
verified=$(by_outcome verified | wc -l)
skipped=$(by_outcome skipped | wc -l)
holds some_were_patched_before test "$verified" -ge 1
holds those_not_begun_are_left_out test "$skipped" -ge 2
same nobody_ended_otherwise 10 $((verified + skipped))
same the_block_is_the_reason \
    "${hosts[8]}: release $release is blocked: oops under load" \
    "$(by_outcome skipped | grep "^${hosts[8]}:")"
same and_the_hold "${hosts[9]}: held: year end close" \
    "$(by_outcome skipped | grep "^${hosts[9]}:")"
finish
