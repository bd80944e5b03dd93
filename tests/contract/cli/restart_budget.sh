#!/usr/bin/env bash
# The restart budget: over all runs and clones, claimed before a host
# restarts and given back when it has.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

start_sim well
hf check
mkdir -p playbooks

always='{"name": "always", "kind": "restart", "weekly": ["day"], "at": "00:00", "length": "1d"}'
jq -n --argjson w "$always" '{timezone: "UTC", windows: [$w]}' >calendar.json
# playbook NAME SELECTOR
playbook() {
    jq -n --arg s "$2" '{kind: "reboot", patch: {expect: "restart"},
        targets: {select: $s}, limits: {ramp: 0, parallel: 10},
        rings: [{name: "all", size: "rest", soak: "0s"}],
        reboot: {policy: "always"}}' >"playbooks/$1.json"
    commit "$1"
}
# bound AT_ONCE PER_DAY
bound() {
    jq --argjson a "$1" --argjson d "$2" \
        '.restarts = {at_once: $a, per_day: $d}' hotfleet.json >"$work/fleet.json"
    mv "$work/fleet.json" hotfleet.json
    commit "restarts: $1 at once, $2 a day"
}
record() { git show ledger:restarts.json; }
# write_record CLAIMS HOURS: as if others had.
write_record() {
    local index=$work/index
    jq -n --argjson c "$1" --argjson h "$2" '{schema: "hotfleet.restarts/1",
        claims: $c, hours: $h}' >"$work/record.json"
    GIT_INDEX_FILE=$index git read-tree ledger
    GIT_INDEX_FILE=$index git update-index --add --cacheinfo \
        "100644,$(git hash-object -w "$work/record.json"),restarts.json"
    git update-ref refs/heads/ledger "$(git commit-tree -p ledger \
        -m "others restart" "$(GIT_INDEX_FILE=$index git write-tree)")"
}
# others UNTIL: one host of somebody else's run, until so many seconds from now.
others() {
    jq -n --arg u "$(date -u -d "@$(($(date +%s) + $1))" +%Y-%m-%dT%H:%M:%SZ)" \
        '[{run: "20261101T000000Z-0a0b0c", host: "elsewhere-01", operator: "Bob",
           at_once: 1, restarts: 1, at: "2026-11-01T00:00:00Z", until: $u}]'
}
begin() {
    hf plan "$1" --json
    hosts=$(jq '.plan.decides.hosts | length' <<<"$out")
    hf run "$1" --tick --yes --expect-hosts "$hosts" --json
    run=$(jq -r .run <<<"$out")
}
state() { jq -r '"\(.state) \([.hosts[] | select(.outcome == "waiting")] |
    length)"' <<<"$out"; }
waits_for() { jq -r .waits_for <<<"$out"; }

# in plans
playbook web 'name:web-0[12]'
gives a_plan_says_that_nothing_bounds_them 0 'restart budget .*not bounded' \
    plan web --dry-run
bound 1 100
gives a_plan_names_the_bounds_and_who_shares_them 0 \
    'at most 1 at once, 100 a day, over all runs; local only' plan web --dry-run

# one at a time
hf plan web --json
hosts=$(jq '.plan.decides.hosts | length' <<<"$out")
holds there_is_more_than_one_host test "$hosts" -gt 1
hf run web --yes --expect-hosts "$hosts" --json
same all_of_them_restart 'over 0' "$(state)"
same nothing_is_held_afterwards '[]' "$(record | jq -c .claims)"
same the_day_counts_them "$hosts" "$(record | jq '[.hours[].restarts] | add')"
same never_were_two_down_at_once 1 "$(git log --format=%H ledger -- restarts.json |
    while read -r id; do git show "$id:restarts.json"; done |
    jq -s '[.[].claims | length] | max')"
holds each_was_claimed_in_its_name test "$(git log --format=%s ledger \
    -- restarts.json | grep -c '^restart budget: web-.* may restart$')" = "$hosts"

# others have it
write_record "$(others 3600)" '[]'
playbook app 'name:app-01'
begin app
same a_full_budget_makes_hosts_wait "going $hosts" "$(state)"
holds it_says_who_has_it grep -q \
    'restart budget: 1 of 1 at once are taken (elsewhere-01, run 20261101T000000Z' \
    <<<"$(waits_for)"
gives a_single_verb_waits_for_it_too 8 'restart budget: 1 of 1 at once' \
    reboot name:db-01 --yes --expect-hosts 1 --change C1 --reason test
write_record "$(others 1)" '[]'
sleep 1.1
hf run "$run" --json
same a_lease_that_ended_holds_nobody_up 'over 0' "$(state)"

# the day is over
bound 5 3
write_record '[]' "[{\"at\": \"$(date -u +%Y-%m-%dT%H:00:00Z)\", \"restarts\": 3}]"
playbook db 'name:db-0[13]'
begin db
same a_day_that_is_spent_makes_them_wait "going $hosts" "$(state)"
holds it_says_when_there_is_more grep -q '3 of 3 a day are spent; more from' \
    <<<"$(waits_for)"
gives end_it 0 '' abort "$run"
hf run "$run" --json

# two clones that share a ledger have one lock
bound 1 100
write_record '[]' '[]'
git init -q --bare "$work/shared"
git remote add origin "$work/shared"
jq '.ledger.remote = "origin"' hotfleet.json >"$work/fleet.json"
mv "$work/fleet.json" hotfleet.json
playbook mine name:app-01
playbook theirs name:db-01
git push -q origin main ledger
git clone -q "$work/shared" "$work/clone" 2>/dev/null
git -C "$work/clone" config user.name Bob
git -C "$work/clone" config user.email bob@example.org
claims() { git -C "$work/shared" show ledger:restarts.json | jq -c .claims; }
# run_mine: in the background, as $mine.
run_mine() {
    timeout 150 "$HOTFLEET_BINARY" run mine --yes --expect-hosts 1 --json \
        </dev/null >"$work/mine.out" 2>"$work/mine.err" &
    mine=$!
    daemons[mine]=$mine
}
wait_for_claim() {
    # shellcheck disable=SC2016 # for the inner shell
    timeout 60 sh -c 'until git -C "$0" show ledger:restarts.json |
        grep -q app-01; do sleep 0.05; done' "$work/shared"
}
run_mine
here_state=$XDG_STATE_HOME
export XDG_STATE_HOME=$work/bob
cd "$work/clone" || exit 1
wait_for_claim
begin theirs
same another_clone_has_no_room_meanwhile 'going 1' "$(state)"
holds and_says_whose_restart_it_waits_for grep -q \
    '1 of 1 at once are taken (app-01, run ' <<<"$(waits_for)"
wait "$mine"
same the_first_one_ends_well '0 over' \
    "$? $(jq -er .state "$work/mine.out" || cat "$work/mine.err")"
unset 'daemons[mine]'
hf run "$run" --json
same then_it_is_the_other_ones_turn 'over 0' "$(state)"
same both_gave_it_back '[]' "$(claims)"
same never_had_two_clones_one_place 1 "$(git -C "$work/shared" log \
    --format=%H ledger -- restarts.json | while read -r id; do
        git -C "$work/shared" show "$id:restarts.json"; done |
        jq -s '[.[].claims | length] | max')"
cd "$work/sim" || exit 1
export XDG_STATE_HOME=$here_state

# the remote goes away while a host restarts
run_mine
wait_for_claim
mv "$work/shared" "$work/away"
wait "$mine"
same a_restart_ends_well_without_the_remote '0 over' \
    "$? $(jq -r .state "$work/mine.out")"
unset 'daemons[mine]'
holds what_could_not_be_given_back_is_told grep -q \
    'app-01 counts against the restart budget until its lease ends: git ' \
    "$work/mine.err"
jq 'del(.ledger.remote)' hotfleet.json >"$work/fleet.json"
mv "$work/fleet.json" hotfleet.json
commit 'local again'

# nobody can read it
bound 5 100
git show ledger:restarts.json | jq '.schema = "other"' >"$work/broken"
write_record '[]' '[]'
index=$work/index
GIT_INDEX_FILE=$index git update-index --cacheinfo \
    "100644,$(git hash-object -w "$work/broken"),restarts.json"
git update-ref refs/heads/ledger "$(git commit-tree -p ledger -m broken \
    "$(GIT_INDEX_FILE=$index git write-tree)")"
begin db
same a_record_that_cannot_be_read_is_no_permission "going $hosts" "$(state)"
holds and_it_says_what_cannot_be_read grep -q "restarts.json" <<<"$(waits_for)"
finish
