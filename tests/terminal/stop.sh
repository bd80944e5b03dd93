#!/usr/bin/env bash
# One key stops everything: a rollout that another process carries out hears
# '!' on any screen of the console within a second, without a question.
# shellcheck disable=SC2016,SC2317 # the terminal's shell expands; callbacks
# shellcheck source=tests/terminal/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

# shellcheck source=tests/terminal/fleet.bash
. "$here/fleet.bash"
unset HOTFLEET_CLOCK # the log has the time of day
start_fleet fleet well 1500

log() { cat "$XDG_STATE_HOME"/hotfleet/*/rollouts/*/log.jsonl 2>/dev/null; }
count() { log | grep -c "\"what\":\"$1\""; }
more() { [ "$(count "$1")" -gt "$2" ]; }

mkdir -p "$work/sim/playbooks"
jq -n '{kind: "rollout", targets: {select: "patch:behind"},
    limits: {ramp: 0, parallel: 1},
    rings: [{name: "all", size: "rest", soak: "0s"}]}' \
    >"$work/sim/playbooks/slow.json"
git -C "$work/sim" add -A
git -C "$work/sim" commit -qm slow
hf check >/dev/null
n=$(hf plan slow --json | jq '.plan.decides.hosts | length')

# The machine may be busy: of three times the quickest counts.
CLOCK='' # the console's clock is the one of the log
words=(slow --yes --expect-hosts "$n") quickest=999999
for i in 0 1 2; do
    before=$(count host-started)
    start 80 24 "env -u HOTFLEET_CLOCK \$program -C $work/sim"
    waits 'Needs you|NEEDS YOU'
    keys 3
    hf run "${words[@]}" >"$work/said" 2>&1 &
    run_pid=$!
    until_true more host-started "$before"
    waits 'slow +.*going|going +.*slow|hosts: 1 in flight'
    pressed=${EPOCHREALTIME/./}
    keys '!'
    until_true more paused "$i" || no "it_is_paused_$i" "$(tail -n 2 "$work/said")"
    ms=$(((${EPOCHREALTIME/./} - pressed) / 1000))
    [ "$ms" -ge "$quickest" ] || quickest=$ms
    begun=$(count host-started)
    sees "the_console_says_so_$i" '1 rollout told to pause'
    wait "$run_pid"
    status=$?
    if [ "$status $(count host-started)" = "3 $begun" ]; then
        ok "nothing_further_starts_$i"
    else
        no "nothing_further_starts_$i" "$status, $(count host-started) of $begun"
    fi
    run=$(basename "$(dirname "$XDG_STATE_HOME"/hotfleet/*/rollouts/*/lock)")
    words=("$run")
    hf resume "$run" --yes >/dev/null
done
if [ "$quickest" -le 1000 ]; then
    ok one_key_is_heard_within_a_second
else
    no one_key_is_heard_within_a_second "the quickest took $quickest ms"
fi
hf abort "$run" >/dev/null
finish
