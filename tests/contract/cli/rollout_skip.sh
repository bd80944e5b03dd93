#!/usr/bin/env bash
# Hosts are taken out of a run that is under way: before they begin, with a
# reason that report, JUnit and ledger keep; and from another clone.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

start_sim well
hf check
mkdir -p playbooks

# playbook NAME SELECTOR: one host, then the others when somebody lets them.
playbook() {
    jq -n --arg s "patch:behind and ($2)" '{
        kind: "rollout", targets: {select: $s}, limits: {ramp: 0},
        rings: [{name: "first", size: "1", soak: "0s"},
                {name: "rest", size: "rest", soak: "0s", approve: true}]}' \
        >"playbooks/$1.json"
    commit "$1"
}
# begin NAME: its first ring is done, the second waits.
begin() {
    hf plan "$1" --json
    hosts=$(jq '.plan.decides.hosts | length' <<<"$out")
    mapfile -t name < <(jq -r '.plan.decides.hosts[].name' <<<"$out")
    hf run "$1" --tick --yes --expect-hosts "$hosts" --json
    run=$(jq -r .run <<<"$out")
}
how() { jq -r ".hosts[] | select(.name == \"$1\") | \"\(.outcome) \(.why)\"" \
    <<<"$out"; }
verified() { jq '[.hosts[] | select(.outcome == "verified")] | length' <<<"$out"; }

playbook some 'name:web*'
begin some
same the_second_ring_waits "going $hosts" \
    "$(jq -r .state <<<"$out") $hosts"
gives it_wants_a_reason 1 'say why' skip "$run" "${name[1]}"
gives a_host_of_another_run 1 "the run has no host 'db-01'" \
    skip "$run" "${name[1]}" db-01 --reason x
gives one_that_has_begun 5 "host '${name[0]}' has begun: it is verified" \
    skip "$run" "${name[1]}" "${name[0]}" --reason x
gives two_that_have_not 0 "run $run: ${name[2]} is skipped" \
    skip "$run" "${name[1]}" "${name[2]}" --reason 'audit <7> in progress'
gives let_the_others_begin 0 '' ring approve "$run" rest
hf run "$run" --json --junit "$work/run.xml" --prometheus "$work/run.prom"
same the_others_are_patched "0 over $((hosts - 2))" \
    "$status $(jq -r .state <<<"$out") $(verified)"
same the_report_says_why 'skipped audit <7> in progress' "$(how "${name[1]}")"
same they_count_as_skipped 2 "$(jq '.rings[1].counts.skipped' <<<"$out")"
same a_refused_wish_did_nothing verified "$(how "${name[0]}" | cut -d' ' -f1)"
cp "$work/out" "$work/report.json"
holds its_files_agree python3 "$here/rollout_files.py" "$work/report.json" \
    "$work/run.xml" "$work/run.prom"
holds junit_says_why grep -q \
    '<skipped message="skipped: audit &lt;7&gt; in progress"/>' "$work/run.xml"
gives the_words_for_people 0 '2 skipped: audit <7> in progress' run "$run"
same the_ledger_says_who_and_why \
    "hotfleet demo <demo@hotfleet.invalid> ${name[1]} audit <7> in progress" \
    "$(git ls-tree -r --name-only ledger | grep "/$run/said/" |
        while read -r file; do git show "ledger:$file"; done |
        jq -rs --arg h "${name[1]}" '.[] | select(.what == "skipped" and
            .host == $h) | "\(.who | split(";")[0]) \(.host) \(.why)"')"
gives a_run_that_is_over 5 "run $run is over" \
    skip "$run" "${name[1]}" --reason x
gives a_retry_lets_them_be 0 'nothing to do on any host' \
    retry "$run" all --dry-run

# said from another clone, heard through the ledger
playbook other 'name:app*'
begin other
git clone -q . "$work/clone" 2>/dev/null
git -C "$work/clone" config user.name Bob
git -C "$work/clone" config user.email bob@example.org
state=$XDG_STATE_HOME
XDG_STATE_HOME=$work/bob gives another_clone_says_so 0 'is skipped' \
    -C "$work/clone" skip "$run" "${name[1]}" --reason 'moved away'
git -C "$work/clone" push -q origin ledger
same the_state_is_ours "$state" "$XDG_STATE_HOME"
gives let_the_rest_begin 0 '' ring approve "$run" rest
hf run "$run" --json
same it_is_heard_before_they_begin "over skipped moved away $((hosts - 1))" \
    "$(jq -r .state <<<"$out") $(how "${name[1]}") $(verified)"
finish
