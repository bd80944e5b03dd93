#!/usr/bin/env bash
# A rehearsal: the real playbook on copies of the hosts, days in seconds, and
# nothing of the fleet is touched.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

start_sim well
export TMPDIR=$work/tmp
mkdir -p "$TMPDIR" playbooks hooks
printf '#!/bin/sh\ntouch "%s"\n' "$work/hook-ran" >hooks/tell
chmod +x hooks/tell
cat >playbooks/days.json <<'EOF'
{"kind": "rollout", "targets": {"select": "patch:behind"},
 "limits": {"parallel": 5, "retries": 1, "retry_after": "1s"},
 "budget": {"failed": {"run": 2}, "unreachable": {"run": 1}},
 "rings": [{"name": "first", "size": "4", "batches": ["1", "rest"], "soak": "2d", "gates": ["well"]},
           {"name": "rest", "size": "rest", "soak": "5d", "gates": ["well"], "approve": true}],
 "gates": [{"name": "well", "checks": ["criteria", "services"], "delay": "1m", "every": "6h", "count": 1}],
 "hooks": {"before_run": {"run": "tell"}}}
EOF
commit days
hf check 'not db-03'

everything() {
    refs
    git status --short
    find "$XDG_STATE_HOME" -type f 2>/dev/null | sort | xargs -r sha256sum
}
before=$(everything)
report() { jq -r "$1" <<<"$out"; }

gives it_says_that_it_is_simulated 0 '^SIMULATED: days on copies of [0-9]+ hosts' \
    rehearse days
says it_tells_of_the_rings_and_the_price '^first  ' '^rest  ' \
    'restarts: 0' '2 allowed, 2 left' 'hook before_run is taken as good' \
    'approved: taken as given'
says who_was_never_asked_is_left_out 'left out: db-03: no recorded facts'
hf rehearse days --json
same it_goes_to_its_end over "$(report .state)"
same it_says_so_in_json true "$(report .simulated)"
same seven_days_pass 7 "$(report '((.ended | sub("\\.[0-9]+"; "") | fromdate) -
    (.began | sub("\\.[0-9]+"; "") | fromdate)) / 86400 | floor')"
same every_host_is_verified verified \
    "$(report '[.hosts[].outcome] | unique | join(" ")')"
same one_is_without_facts db-03 "$(report '.without_facts | join(" ")')"
same a_hook_is_not_run no "$(test -e "$work/hook-ran" && echo yes || echo no)"

# budgets and gates are seen working
hosts=$(report '[.hosts[].name] | .[0:3] | join(",")')
first=${hosts%%,*}
gives a_budget_ends_it 3 '3 failed in this run, 2 allowed' \
    rehearse days --fail "$hosts"
says failures_are_named "^$first: failed: .*\\(simulated: load-refused"
hf rehearse days --fail 10% --seed 3 --json
chosen=$(report '[.hosts[] | select(.fault) | .name] | join(" ")')
hf rehearse days --fail 10% --seed 3 --json
same a_seed_chooses_the_same_hosts "$chosen" \
    "$(report '[.hosts[] | select(.fault) | .name] | join(" ")')"
hf rehearse days --faults "sick=name:$first" --json
same a_gate_fires "gate-failed well" \
    "$(report '.notes[] | select(.gate) | "\(.what) \(.gate)"')"
same then_it_is_halted "halted 3" "$(report '"\(.state) \(.exit)"')"
hf rehearse days --faults "crash=name:$first,down" --json
same restarts_are_counted 1 "$(report .restarts)"
same who_is_down_is_unreachable down \
    "$(report '.hosts[] | select(.outcome == "unreachable") | .fault')"
same what_is_left_of_a_budget '1 of 1' "$(report '.budgets[] |
    select(.kind == "unreachable") | "\(.spent) of \(.allowed)"')"

same the_fleet_is_as_it_was "$before" "$(everything)"

# a plan that was made before
hf plan days --json
plan=$(report .plan.id)
hf rehearse "$plan" --json
same a_plan_is_rehearsed over "$(report .state)"
same a_stale_plan_is_not "7" "$(jq '.rings[0].soak = "3d"' playbooks/days.json \
    >"$work/days" && cp "$work/days" playbooks/days.json && commit longer &&
    "$HOTFLEET_BINARY" rehearse "$plan" >/dev/null 2>&1 </dev/null; echo $?)"
before=$(everything)

gives faults_are_listed 1 "no fault is called 'ill'; known: slow .* clock" \
    rehearse days --faults ill
gives a_fault_must_be_possible 1 "no host of this plan can have 'chpe'" \
    rehearse days --faults chpe
gives a_host_must_be_in_the_plan 1 "'nobody' is no host of this plan" \
    rehearse days --fail nobody
gives read_only_is_no_hindrance 0 SIMULATED rehearse compliance-check --read-only
same nothing_was_touched "$before" "$(everything)"
same nothing_is_left_behind '' "$(ls "$TMPDIR")"
finish
