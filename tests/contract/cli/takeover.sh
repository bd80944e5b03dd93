#!/usr/bin/env bash
# A run is taken over by another clone, from ledger and hosts alone: when its
# process was killed, when two clones went on with it, when the first one is
# still at it, and when a newer release has superseded it.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

start_sim well
hf check
mkdir -p playbooks hooks
cat >hooks/hurdle <<END
#!/bin/sh
cat >/dev/null
touch "$work/at-hurdle"
i=0
while [ ! -e "$work/go" ] && [ \$i -lt 5000 ]; do
    i=\$((i + 1))
    sleep 0.05
done
END
cat >hooks/release <<END
#!/bin/sh
cat >/dev/null
[ ! -e "$work/released" ] || exit 0
touch "$work/released"
cd "$work/sim" || exit 1
for kernel in \$(jq -r '.releases[].kernel' catalogue/linux.json | sort -u); do
    "$simfleet" module "$work/fix.ko" hotfleet_fix_7 "\$kernel" &&
    "$HOTFLEET_BINARY" catalogue add "$work/fix.ko" --kernel "\$kernel" \\
        --until 2027-12-01 --replaces '*' >&2 || exit 1
done
END
chmod +x hooks/hurdle hooks/release
hurdle='{"run": "hurdle", "timeout": "5m"}'

# playbook NAME SELECTOR MORE: one host, then the others.
playbook() {
    jq -n --arg s "patch:behind and ($2)" --argjson m "$3" '{
        kind: "rollout", targets: {select: $s}, limits: {ramp: 0, parallel: 2},
        rings: [{name: "first", size: "1", soak: "0s"},
                {name: "rest", size: "rest", batches: ["2", "rest"],
                 soak: "0s"}]} * $m' >"playbooks/$1.json"
    commit "$1"
}
begin() {
    hf plan "$1" --json
    hosts=$(jq '.plan.decides.hosts | length' <<<"$out")
}
ann=$XDG_STATE_HOME
# as_bob NAME: in a new clone of the fleet, with nothing else.
as_bob() {
    git clone -q "$work/sim" "$work/$1" 2>/dev/null
    git -C "$work/$1" config user.name Bob
    git -C "$work/$1" config user.email bob@example.org
    export XDG_STATE_HOME=$work/state-$1
    cd "$work/$1" || exit 1
}
as_ann() {
    git -C "$PWD" push -q origin ledger
    export XDG_STATE_HOME=$ann
    cd "$work/sim" || exit 1
}
log_of() { echo "$XDG_STATE_HOME"/hotfleet/*/rollouts/"$1"/log.jsonl; }
state() { jq -r '"\(.state) \([.hosts[] | select(.outcome == "verified" or
    .outcome == "already")] | length)"' <<<"$out"; }
# newest: the run that was begun last. recorded RUN: its log in the ledger.
newest() {
    find "$ann"/hotfleet/*/rollouts -mindepth 1 -maxdepth 1 -printf '%f\n' |
        sort | tail -n 1
}
recorded() {
    git ls-tree -r --name-only ledger | grep "$1/log/" |
        while read -r file; do git show "ledger:$file"; done
}
# wait_for FILE
wait_for() { timeout 60 sh -c "until [ -e '$1' ]; do sleep 0.02; done"; }

# killed in the middle, when the ledger had not been told for a while
playbook app 'name:app*' "{\"hooks\": {\"before_run\": $hurdle}}"
begin app
"$HOTFLEET_BINARY" run app --yes --expect-hosts "$hosts" </dev/null \
    >"$work/killed" 2>&1 &
daemons[killed]=$!
wait_for "$work/at-hurdle"
run=$(newest)
holds the_ledger_knows_of_the_run timeout 60 sh -c \
    "until git ls-tree -r --name-only ledger 2>/dev/null | grep -q '$run/run.json'
     do sleep 0.02; done"
touch .git/refs/heads/ledger.lock "$work/go"
holds it_begins timeout 60 sh -c \
    "until grep -q host-ended '$(log_of "$run")'; do sleep 0.02; done"
kill -9 "${daemons[killed]}"
wait "${daemons[killed]}" 2>/dev/null
unset "daemons[killed]"
rm .git/refs/heads/ledger.lock
holds its_log_has_more_than_the_ledger test "$(wc -l <"$(log_of "$run")")" -gt \
    "$(recorded "$run" | wc -l)"
as_bob clone
gives takeover_is_about_a_run 1 'is about one run' run --takeover app
gives and_one_that_there_is 1 "no run of a plan '20200101T000000Z-000000'" \
    run --takeover 20200101T000000Z-000000
hf run --takeover "$run" --json
same it_is_carried_out_elsewhere "over $hosts" "$(state)"
same the_ledger_tells_all_of_it "$(cat "$(log_of "$run")")" \
    "$(recorded "$run")"
as_ann

# the first clone has another story to tell
gives two_stories_are_refused 8 'was gone on with elsewhere' run "$run"
says and_what_helps "hotfleet run --takeover $run"
hf run --takeover "$run" --json
same the_ledger_is_believed "over $hosts" "$(state)"
holds what_was_known_here_is_put_aside test -s \
    "$(dirname "$(log_of "$run")")"/aside.*.jsonl
gives then_it_is_as_any_other 0 "run $run is over" run "$run"

# the first process is still at it
playbook db 'name:db*' "{\"hooks\": {\"before_batch\": $hurdle}}"
begin db
rm -f "$work/go" "$work/at-hurdle"
"$HOTFLEET_BINARY" run db --yes --expect-hosts "$hosts" </dev/null \
    >"$work/first" 2>&1 &
daemons[first]=$!
wait_for "$work/at-hurdle"
run=$(newest)
gives here_it_has_its_lock 8 'carried out by another process' \
    run --takeover "$run"
holds the_ledger_knows_of_this_one timeout 60 sh -c \
    "until git ls-tree -r --name-only ledger 2>/dev/null |
        grep -q '$run/log/'; do sleep 0.05; done"
export XDG_STATE_HOME=$work/state-clone
cd "$work/clone" || exit 1
git fetch -q origin ledger:ledger
gives pause_it_from_elsewhere 0 paused pause "$run"
hf run --takeover "$run" --tick --json
same another_clone_has_it_now paused "$(jq -r .state <<<"$out")"
as_ann
touch "$work/go"
wait "${daemons[first]}"
same the_first_one_lets_go 8 "$?"
unset "daemons[first]"
said=$(cat "$work/first")
says and_says_why "run $run was taken over by somebody else"

# one that a newer release has superseded, from a clone with the ledger alone
playbook build 'name:build*' '{"hooks": {"after_batch": "release"}}'
begin build
hf run build --yes --expect-hosts "$hosts" --json
run=$(jq -r .run <<<"$out")
same it_stands_still true "$(jq .superseded <<<"$out")"
as_bob third
gives superseded_from_there 0 "run $run ends: superseded" \
    plan --supersede "$run" --expect-hosts "$hosts"
plan=$(sed -n 's/^carry it out: hotfleet run //p' <<<"$out")
hf run "$plan" --yes --expect-hosts "$hosts" --json
same its_plan_runs_there "over $hosts" "$(state)"
as_ann
hf run "$run" --json
same the_first_clone_learns_how_it_ended "over superseded by plan $plan" \
    "$(jq -r '"\(.state) \(.waits_for)"' <<<"$out")"
gives what_it_left_is_retried_from_here 0 'nothing to do on any host' \
    retry "$run" all --dry-run
finish
