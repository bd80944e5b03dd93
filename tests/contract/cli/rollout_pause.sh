#!/usr/bin/env bash
# Pausing: a rollout that is under way hears it within a second, starts no
# further host, and finishes those that have begun.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

start_sim well 1000
hf check
mkdir -p playbooks
jq -n '{kind: "rollout", targets: {select: "patch:behind"},
    limits: {ramp: 0, parallel: 1},
    rings: [{name: "all", size: "rest", soak: "0s"}]}' >playbooks/slow.json
commit slow
hf plan slow --json
hosts=$(jq '.plan.decides.hosts | length' <<<"$out")

log() { cat "$XDG_STATE_HOME"/hotfleet/*/rollouts/*/log.jsonl 2>/dev/null; }
count() { log | grep -c "\"what\":\"$1\""; }
# more KIND N: more than N events of that kind are in the log.
# shellcheck disable=SC2317 # called by until_it_is
more() { [ "$(count "$1")" -gt "$2" ]; }
until_it_is() {
    for _ in $(seq 3000); do
        if "$@"; then return; fi
        sleep 0.02
    done
    return 1
}
# took: ms from when the last pause was said until now, when it is in the log.
took() {
    local said
    said=$(log | jq -r 'select(.what == "paused") | .at' | tail -n 1)
    echo $((${EPOCHREALTIME/./} / 1000 - $(date -u -d "$said" +%s%3N)))
}

# The machine may be busy: of three times the quickest counts.
words=(slow --yes --expect-hosts "$hosts") quickest=999999
for n in 0 1 2; do
    before=$(count host-started)
    "$HOTFLEET_BINARY" run "${words[@]}" </dev/null >"$work/said" 2>&1 &
    daemons[run]=$!
    until_it_is more host-started "$before" || break
    "$HOTFLEET_BINARY" pause --all --reason 'network trouble' \
        >"$work/paused" 2>&1 &
    daemons[pause]=$!
    until_it_is more paused "$n" || break
    ms=$(took)
    [ "$ms" -ge "$quickest" ] || quickest=$ms
    begun=$(count host-started)
    wait "${daemons[run]}"
    status=$?
    wait "${daemons[pause]}"
    holds "what_was_heard_is_said_$n" grep -qE '^run [^ ]+: paused$' "$work/paused"
    same "it_leaves_when_paused_$n" "3 $begun $begun" \
        "$status $(count host-started) $(count host-ended)"
    run=$(basename "$(dirname "$XDG_STATE_HOME"/hotfleet/*/rollouts/*/lock)")
    words=("$run")
    gives "it_may_go_on_$n" 0 resumed resume "$run" --yes
done
unset "daemons[run]" "daemons[pause]"
same it_was_paused_three_times 3 "$(count paused)"
said="the quickest took $quickest ms"
holds it_is_heard_within_a_second test "$quickest" -le 1000
gives what_nobody_hears_yet_is_said 0 'abort is said, but not heard yet' \
    abort "$run"
hf run "$run" --json
same those_that_had_begun_are_finished "over $begun" "$(jq -r '"\(.state) \(
    [.hosts[] | select(.outcome == "verified")] | length)"' <<<"$out")"
gives nobody_is_left_to_tell 0 'every run of a plan is over' pause --all
finish
