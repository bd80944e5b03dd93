#!/usr/bin/env bash
# Rollouts from the command line: to the end, halted and resumed, paused from
# another process, killed and gone on with, tick by tick, from another clone.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

# playbook NAME JSON: over a shared base of two short rings.
playbook() {
    mkdir -p playbooks
    printf '%s\n' "$2" >"playbooks/$1.json"
    commit "$1"
}
planned() {
    hf plan "$1" --json
    jq '.plan.decides.hosts | length' <<<"$out"
}
run_of() { jq -r .run <<<"$out"; }
files=(--junit "$work/run.xml" --prometheus "$work/run.prom")
# files_agree NAME: with the JSON report that was printed last.
files_agree() {
    cp "$work/out" "$work/report.json"
    holds "$1" python3 "$here/rollout_files.py" "$work/report.json" \
        "$work/run.xml" "$work/run.prom"
}

start_sim unwell
hf check
playbook base '{"kind": "rollout", "targets": {"select": "patch:behind and not web-09"},
 "limits": {"parallel": 8, "ramp": 2, "retries": 0},
 "rings": [{"name": "first", "size": "10%", "batches": ["1", "rest"], "soak": "1s",
            "gates": ["well"]},
           {"name": "rest", "size": "rest", "batches": ["50%"], "soak": "0s",
            "gates": ["well"]}],
 "gates": [{"name": "well", "checks": ["criteria", "ports", "services", "errors", "health"], "every": "1s", "count": 1}]}'

# budgets of nothing: the first bad host halts it
n=$(planned base)
hf run base --yes --expect-hosts "$n" --json "${files[@]}"
files_agree files_of_a_halted_run_agree_with_its_report
run=$(run_of)
same a_bad_host_halts_it 3 "$status"
same it_says_so halted "$(jq -r .state <<<"$out")"
holds and_why grep -qE '[0-9] (failed|unverified|unreachable) in this run, 0 allowed' \
    <<<"$(jq -r .waits_for <<<"$out")"
left=$(jq '[.hosts[] | select(.outcome == "waiting")] | length' <<<"$out")
holds others_were_not_started test "$left" -gt 0
gives halted_it_does_nothing 3 'is halted' run "$run"
gives without_a_terminal_resume_wants_yes 1 'wants --yes' resume "$run"
gives resume_it 0 'resumed' resume "$run" --yes --reason "seen"
hf run "$run" --json
holds it_went_on test "$(jq '[.hosts[] | select(.outcome == "waiting")] | length' \
    <<<"$out")" -lt "$left"
gives all_wants_tick 1 'goes with --tick' run --all
gives all_names_no_run 1 'names no run' run --tick --all "$run"
gives end_it 0 'abort' abort "$run"
gives a_tick_of_all_hears_it 0 "run $run is over" run --tick --all --yes
hf run --tick --all --yes
same a_run_that_is_over_is_let_be '' "$said"
hf run "$run" --json
same an_abort_ends_it 'over 3' "$(jq -r '"\(.state) \(.exit)"' <<<"$out")"
same the_ledger_knows_the_end 3 "$(git show \
    "ledger:runs/${run:0:4}-${run:4:2}/$run/end.json" | jq .exit)"

# budgets that allow it: to the end, truthfully
playbook open '{"extends": "base", "budget": {"failed": {"run": 99},
 "unverified": {"run": 99}, "unreachable": {"run": 99}}}'
n=$(planned open)
hf run open --yes --expect-hosts "$n" --json "${files[@]}"
files_agree files_of_a_run_agree_with_its_report
holds errors_say_why grep -qE '<(error|failure) .* message="[a-z]+: .' \
    "$work/run.xml"
holds hosts_take_time grep -qE '<testcase .* time="[0-9.]*[1-9][0-9.]*"' \
    "$work/run.xml"
holds others_may_read_the_metrics test "$(stat -c %a "$work/run.prom")" = 644
holds no_half_file_is_left test "$(find "$work" -maxdepth 1 -name '*run.*' |
    wc -l)" = 2
if command -v xmllint >/dev/null; then
    holds the_schema_of_junit_holds xmllint --noout --schema "$here/junit.xsd" \
        "$work/run.xml"
else
    echo "skip the_schema_of_junit_holds: no xmllint"
fi
if /usr/bin/python3 -c 'import prometheus_client' 2>/dev/null; then
    same prometheus_reads_the_metrics "$(grep -vc '^#' "$work/run.prom")" \
        "$(/usr/bin/python3 -c 'import sys
from prometheus_client.parser import text_fd_to_metric_families as families
print(sum(len(f.samples) for f in families(sys.stdin)))' <"$work/run.prom")"
else
    echo "skip prometheus_reads_the_metrics: no python3-prometheus-client"
fi
same with_budgets_it_ends over "$(jq -r .state <<<"$out")"
same every_host_has_one_end "$n" "$(jq '[.hosts[] | select(.outcome |
    IN("waiting", "under-way", "asleep", "tried-again") | not)] | length' <<<"$out")"
run=$(run_of)
missing=0
for host in $(jq -r '.hosts[] | select(.outcome == "verified") | .name' <<<"$out"); do
    git ls-tree -r --name-only ledger | grep -q "/$host/.*/$run.json" || missing=1
done
same evidence_of_each_verified_host 0 "$missing"
gives nothing_is_left 0 '' plan open

# a ring ends when somebody signs it off
playbook signed '{"kind": "check", "targets": {"select": "name:web-01"},
 "budget": {"unreachable": {"run": 9}}, "gates": [{"name": "yes", "kind": "signoff"}],
 "rings": [{"name": "one", "size": "rest", "soak": "0s", "gates": ["yes"]}]}'
hf run signed --yes --expect-hosts "$(planned signed)" --tick --json
run=$(run_of)
same without_a_yes_it_waits going "$(jq -r .state <<<"$out")"
gives somebody_signs_off 0 'signed-off' ring approve "$run" one
hf run "$run" --tick --json
same then_it_ends over "$(jq -r .state <<<"$out")"
finish
