#!/usr/bin/env bash
# A rollout that is interrupted anywhere goes on: killed at every line of its
# log, done tick by tick, taken over by another clone from the ledger alone,
# paused by another process; and what changes under it counts.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

start_sim well
hf check
mkdir -p playbooks
cat >playbooks/quick.json <<'EOF'
{"kind": "rollout", "targets": {"select": "patch:behind and (name:web* or name:db*)"},
 "limits": {"parallel": 3, "ramp": 0},
 "rings": [{"name": "first", "size": "20%", "soak": "1s", "gates": ["well"]},
           {"name": "rest", "size": "rest", "batches": ["50%"], "soak": "0s"}],
 "gates": [{"name": "well", "checks": ["criteria"], "every": "1s", "count": 1}]}
EOF
commit quick
hosts=$(hf plan quick --json && jq '.plan.decides.hosts | length' <<<"$out")

logs() { ls "$XDG_STATE_HOME"/hotfleet/*/rollouts 2>/dev/null; }
log_of() { echo "$XDG_STATE_HOME"/hotfleet/*/rollouts/"$1"/log.jsonl; }
lines() { wc -l <"$(log_of "$1")" 2>/dev/null || echo 0; }

# kill_at N ARGS...: runs it until the log has N lines more, then kills it.
kill_at() {
    local more=$1 pid have=0
    shift
    [ -z "$run" ] || have=$(lines "$run")
    "$HOTFLEET_BINARY" "$@" </dev/null >"$work/killed" 2>&1 &
    pid=$!
    for _ in $(seq 1500); do
        [ -n "$run" ] || run=$(logs | tail -n 1)
        [ -n "$run" ] && [ "$(lines "$run")" -ge $((have + more)) ] && break
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.01
    done
    kill -9 "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
}

run=
kill_at 1 run quick --yes --expect-hosts "$hosts"
deaths=1
for step in $(seq 40); do
    kill_at $((1 + step % 4)) run "$run"
    grep -q '"what":"ended"' "$(log_of "$run")" && break
    deaths=$((deaths + 1))
done
unlock
hf run "$run" --json
same killed_again_and_again_it_ends 'over 0' \
    "$(jq -r '"\(.state) \(.exit)"' <<<"$out")"
holds it_was_killed_often test "$deaths" -ge 5
same every_host_is_verified "$hosts" \
    "$(jq '[.hosts[] | select(.outcome == "verified")] | length' <<<"$out")"
same each_host_ended_once "$hosts" "$(jq -s '[.[] | select(.what == "host-ended")
    | .host] | unique | length' "$(log_of "$run")")"
same none_ended_twice "$hosts" "$(jq -s '[.[] | select(.what == "host-ended")] |
    length' "$(log_of "$run")")"

# tick by tick, each a process of its own
cat >playbooks/ticks.json <<'EOF'
{"extends": "quick", "targets": {"select": "patch:behind and name:app*"}}
EOF
commit ticks
hf plan ticks --json
hosts=$(jq '.plan.decides.hosts | length' <<<"$out")
hf run ticks --tick --yes --expect-hosts "$hosts" --json
run=$(jq -r .run <<<"$out")
same a_tick_leaves_in_the_middle going "$(jq -r .state <<<"$out")"
for _ in $(seq 100); do
    hf run "$run" --tick --json
    [ "$(jq -r .state <<<"$out")" = over ] && break
    sleep 0.1 # between two ticks of a timer
done
same ticks_come_to_the_same_end "over $hosts" "$(jq -r '"\(.state) \([.hosts[] |
    select(.outcome == "verified")] | length)"' <<<"$out")"

# somebody else goes on, with the ledger alone
cat >playbooks/other.json <<'EOF'
{"extends": "quick", "targets": {"select": "patch:behind and name:build*"},
 "rings": [{"name": "first", "size": "1", "soak": "0s"},
           {"name": "rest", "size": "rest", "soak": "0s", "approve": true}]}
EOF
commit other
hf plan other --json
hosts=$(jq '.plan.decides.hosts | length' <<<"$out")
hf run other --tick --yes --expect-hosts "$hosts" --json
run=$(jq -r .run <<<"$out")
same a_ring_waits_for_a_person "somebody to approve ring 'rest'" \
    "$(jq -r .waits_for <<<"$out")"
git clone -q . "$work/clone" 2>/dev/null
git -C "$work/clone" config user.name Bob
git -C "$work/clone" config user.email bob@example.org
here_state=$XDG_STATE_HOME
export XDG_STATE_HOME=$work/bob
cd "$work/clone" || exit 1
gives another_clone_approves 0 'approved' ring approve "$run" rest
hf run "$run" --json
same another_clone_goes_on "over $hosts" "$(jq -r '"\(.state) \([.hosts[] |
    select(.outcome == "verified")] | length)"' <<<"$out")"
same the_ledger_says_who bob@example.org "$(git log -1 --format=%ae ledger)"
cd "$work/sim" || exit 1
export XDG_STATE_HOME=$here_state

# held in mid-run, before the second ring
cat >playbooks/held.json <<'EOF'
{"extends": "quick", "targets": {"select": "patch:behind and name:cache*"},
 "rings": [{"name": "first", "size": "1", "soak": "0s"},
           {"name": "rest", "size": "rest", "soak": "0s", "approve": true}]}
EOF
commit held
hf plan held --json
hosts=$(jq '.plan.decides.hosts | length' <<<"$out")
last=$(jq -r '.plan.decides.hosts[-1].name' <<<"$out")
hf run held --tick --yes --expect-hosts "$hosts" --json
run=$(jq -r .run <<<"$out")
gives approve_it 0 '' ring approve "$run" rest
gives hold_one_of_them 0 '' hold "$last" --reason "not today"
hf run "$run" --json
same what_is_held_meanwhile_is_left_out skipped \
    "$(jq -r ".hosts[] | select(.name == \"$last\") | .outcome" <<<"$out")"
holds and_the_log_says_why grep -q 'held: not today' "$(log_of "$run")"
finish
