#!/usr/bin/env bash
# Retries: what did not end well in a run gets a plan of its own, counted
# first, in the rings it was in; here and from the ledger alone.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

start_sim well
hf check
mkdir -p playbooks

# ails HOST FAULT: from now on.
ails() {
    printf '%s %s 0\n' "$1" "$2" >&7
    # shellcheck disable=SC2016 # for the inner shell
    timeout 30 sh -c 'until grep -qx "$0 $1 0" "$2"; do sleep 0.02; done' \
        "$1" "$2" "$work/sim.out"
}
# playbook NAME SELECTOR MORE: one host, then the others.
playbook() {
    jq -n --arg s "patch:behind and ($2)" --argjson m "$3" '{
        kind: "rollout", targets: {select: $s, expect_hosts: {min: 2}},
        limits: {ramp: 0}, change: {reason: "monthly"},
        rings: [{name: "first", size: "1", soak: "0s"},
                {name: "rest", size: "rest", soak: "0s"}],
        budget: {failed: {run: 99}, unverified: {run: 99},
                 unreachable: {run: 99}}} * $m' >"playbooks/$1.json"
    commit "$1"
}
host() { jq -r ".plan.decides.hosts[$1].name" <<<"$out"; }
run_of() { jq -r .run <<<"$out"; }
doc_of() { git show "ledger:runs/${1:0:4}-${1:4:2}/$1/run.json"; }
ending() { jq -r '[.hosts[] | "\(.ring) \(.name) \(.outcome)"] | join(", ")' \
    <<<"$out"; }

playbook some 'name:web*' '{}'
hf plan some --json
hosts=$(jq '.plan.decides.hosts | length' <<<"$out")
first=$(host 0) down=$(host 1) sick=$(host 2)
ails "$down" down
ails "$sick" load-refused
hf run some --yes --expect-hosts "$hosts" --change CHG007 --json
run=$(run_of)
same two_did_not_end_well "2 over" "$status $(jq -r .state <<<"$out")"

gives it_counts_first 0 'unreachable +1 +no +' retry "$run" failed --dry-run
says and_names_them "failed +1 +yes +$sick" "unreachable +1 +no +$down" \
    'notstarted +0 +no'  "retry of run $run: failed" "rest +1 +$sick"
before=$(git rev-parse ledger)
gives a_dry_run_writes_nothing 0 '' retry "$run" all --dry-run
same the_ledger_stood_still "$before" "$(git rev-parse ledger)"
gives without_a_terminal_it_wants_to_be_told 1 'add --yes --expect-hosts 1' \
    retry "$run" failed
gives a_wrong_count_is_refused 1 'expect-hosts says 9, but 1' \
    retry "$run" failed --yes --expect-hosts 9
gives without_such_hosts_there_is_nothing_to_do 0 'nothing to do on any host' \
    retry "$run" notstarted --yes --expect-hosts 0
gives a_word_it_does_not_know 1 'failed, notstarted, unreachable' \
    retry "$run" failed+broken
gives a_run_it_does_not_know 1 'only a run of a playbook' \
    retry 20200101T000000Z-000000 failed

# the failed one is mended, the other is still down
ails "$sick" well
hf retry "$run" failed+unreachable --yes --expect-hosts 2 --json
again=$(run_of)
same what_is_mended_is_patched "4 over" "$status $(jq -r .state <<<"$out")"
same each_host_in_its_ring "rest $down unreachable, rest $sick verified" \
    "$(ending)"
same the_report_names_the_run "retry $run failed+unreachable" \
    "$(jq -r '.after | "\(.how) \(.run) \(.hosts)"' <<<"$out")"
same the_ledger_names_it_too "retry $run failed+unreachable CHG007" "$(doc_of \
    "$again" | jq -r '"\(.after.how) \(.after.run) \(.after.hosts) \(.change)"')"
plan=$(jq -r .plan <<<"$out")
same and_so_does_the_plan "$run" "$(git show \
    "ledger:plans/${plan:0:4}-${plan:4:2}/$plan.json" |
    jq -r .decides.after.run)"

# what a retry did not mend is retried from it; stopping at the plan
gives a_retry_of_a_retry 0 "carry it out: hotfleet run" \
    retry "$again" unreachable --plan-only --expect-hosts 1
plan=$(sed -n 's/^carry it out: hotfleet run //p' <<<"$out")
same its_commit_reads_like_a_sentence \
    "plan $plan: some on 1 host, retry of run $again: unreachable" \
    "$(git log -1 --format=%s ledger)"
gives its_plan_is_fresh 0 'is fresh' plan --fresh "$plan"
ails "$down" well
hf run "$plan" --yes --expect-hosts 1 --json
same the_plan_runs_as_any_other "0 rest $down verified" "$status $(ending)"
gives what_is_patched_is_left_out 0 'already: ' retry "$run" all --dry-run

# a run that is not over keeps what it has not started
playbook paused 'name:app*' '{"budget": {"failed": {"run": 0}},
    "limits": {"parallel": 1}}'
hf plan paused --json
hosts=$(jq '.plan.decides.hosts | length' <<<"$out")
first=$(host 0)
ails "$first" load-refused
hf run paused --yes --expect-hosts "$hosts" --json
run=$(run_of)
same it_halts halted "$(jq -r .state <<<"$out")"
gives its_hosts_are_its_own 8 'it may still start these hosts' \
    retry "$run" notstarted --dry-run
gives those_that_ended_are_not 0 "failed +1 +yes +$first" \
    retry "$run" failed --dry-run
gives end_it 0 '' abort "$run"
hf run "$run" --json

# from another clone, with the ledger alone
git clone -q . "$work/clone" 2>/dev/null
git -C "$work/clone" config user.name Bob
git -C "$work/clone" config user.email bob@example.org
ails "$first" well
export XDG_STATE_HOME=$work/bob
cd "$work/clone" || exit 1
hf check
gives another_clone_sees_how_they_ended 0 "notstarted +$((hosts - 1)) +yes" \
    retry "$run" failed+notstarted --dry-run
hf retry "$run" failed+notstarted --yes --expect-hosts "$hosts" --json
same another_clone_does_the_rest "0 $hosts first" "$status $(jq '[.hosts[] |
    select(.outcome == "verified")] | length' <<<"$out") $(jq -r \
    ".hosts[] | select(.name == \"$first\") | .ring" <<<"$out")"

# one that is not in the fleet any more is told
git rm -q "$(git grep -l "\"name\": \"$first\"" -- hosts)"
commit "no $first"
gives what_is_gone_is_told 0 'not in the fleet any more' \
    retry "$run" failed --dry-run
finish
