#!/usr/bin/env bash
# Updates with a restart: the quarter's baseline by a playbook of kind reboot,
# and the ordinary update for hosts of a rollout that hotpatches do not help.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

start_sim windows 100
few='name:old-baseline-00[12] or name:restart-due-001 or name:well-00[1-3]'
few="$few or name:off-track-00[12] or name:edition-001"
hf check "$few"
mkdir -p playbooks
jq -n '{timezone: "UTC", windows: [{name: "always", kind: "restart",
    weekly: ["day"], at: "00:00", length: "1d"}]}' >calendar.json
# playbook NAME SELECTOR MORE
playbook() {
    jq -n --arg s "$2" --argjson m "$3" '{targets: {select: $s},
        limits: {ramp: 0}, rings: [{name: "all", size: "rest", soak: "0s"}],
        reboot: {policy: "if-needed"}} * $m' >"playbooks/$1.json"
    commit "$1"
}
# of FILTER: host=..., sorted
of() { jq -r "$1" <<<"$out" | sort | paste -sd ' '; }
carry_out() {
    hf plan "$1" --json
    hosts=$(jq '.plan.decides.hosts | length' <<<"$out")
    hf run "$1" --yes --expect-hosts "$hosts" --json
}

# ---- kind reboot ----

playbook quarter "$few" '{"kind": "reboot", "patch": {"expect": "restart"}}'
gives a_plan_names_the_baseline_and_the_restarts 0 \
    'old-baseline-001.*KB[0-9]+, baseline .*with update' plan quarter
says who_needs_none_is_left_out 'already: nothing waits for a restart'
hf plan quarter --json
same what_is_due_goes_along "off-track-001 off-track-002 old-baseline-001 old-baseline-002" \
    "$(of '.plan.decides.hosts[] | select(.group) | .name' |
        sed 's/edition-001 //')"
same what_waits_is_restarted_for restart-due-001 \
    "$(of '.plan.decides.hosts[] | select(.group | not) | .name')"
same all_of_them_restart yes \
    "$(of '.plan.decides.hosts[].restart' | tr ' ' '\n' | sort -u)"

playbook mine 'name:old-baseline-001 or name:restart-due-001' \
    '{"kind": "reboot", "patch": {"expect": "restart"}}'
carry_out mine
same both_are_verified 'over verified verified' \
    "$(jq -r '.state' <<<"$out") $(of '.hosts[].outcome')"
gives it_is_covered_again 0 'old-baseline-001.*covered' hosts name:old-baseline-001
record=$(git ls-tree -r --name-only ledger | grep '/old-baseline-001/.*Z-' | tail -n 1)
holds the_evidence_proves_one_restart_and_the_level jq -e \
    '.action == "restart-update" and .outcome == "verified" and
     ([.criteria[] | select(.verdict == "pass") | .name] |
      contains(["restarted", "level", "settled", "services"]))' \
    <<<"$(git show "ledger:$record")"

playbook slowly 'name:restart-due-00[2-4]' '{"kind": "reboot",
    "patch": {"expect": "restart"}, "reboot": {"spread": "20h"}}'
hf check 'name:restart-due-00[2-4]'
hf run slowly --tick --yes --expect-hosts 3 --json
same they_are_spread_over_their_window '3 spread over the restart window' \
    "$(jq '[.hosts[] | select(.outcome == "waiting")] | length' <<<"$out") $(jq -r \
        .waits_for <<<"$out" | cut -d: -f1)"

playbook busy 'name:restart-due-00[2-4]' '{"kind": "reboot",
    "patch": {"expect": "restart"}, "reboot": {"unless_running": ["hotfleet-sim"]}}'
hf run busy --yes --expect-hosts 3 --json
same a_host_in_use_is_left_as_it_is 'over skipped skipped skipped' \
    "$(jq -r .state <<<"$out") $(of '.hosts[].outcome')"
holds and_it_says_what_runs grep -q "in use: 'hotfleet-sim' runs" <<<"$out"
holds nothing_restarted test -z "$(git ls-tree -r --name-only ledger |
    grep '/restart-due-002/.*Z-.*json' | while read -r file; do
        git show "ledger:$file" | jq -r '.criteria[] |
            select(.name == "restarted" and .verdict == "pass")'; done)"

# ---- a rollout ----

mixed='name:well-00[12] or name:off-track-00[12] or name:edition-001'
playbook skip "$mixed" '{"kind": "rollout"}'
hf plan skip --json
same unless_stated_they_are_left_out 'well-001 well-002' \
    "$(of '.plan.decides.hosts[].name')"
playbook stop "$mixed" '{"kind": "rollout", "patch": {"if_leaves_track": "stop"}}'
gives stop_refuses_the_plan 5 "host 'off-track-00.' cannot take it" plan stop
playbook update "$mixed" '{"kind": "rollout", "patch":
    {"if_leaves_track": "restart-update"}}'
hf plan update --json
same they_are_a_group_of_their_own 'off-track-001 off-track-002' \
    "$(of '.plan.decides.hosts[] | select(.group == "restart-update") | .name')"
same in_batches_of_their_own '1 1 2 2' \
    "$(jq -r '.plan.decides.hosts[].batch' <<<"$out" | paste -sd ' ')"
same with_the_ordinary_update 1 "$(jq '[.plan.decides.hosts[] |
    select(.group) | .to | test("update|baseline")] | unique | length' <<<"$out")"
carry_out update
same each_ends_well 'over verified verified verified verified' \
    "$(jq -r '.state' <<<"$out") $(of '.hosts[].outcome')"

# without a restart window, and where the policy says never
playbook never "$mixed" '{"kind": "rollout", "reboot": {"policy": "never"},
    "patch": {"if_ineligible": "restart-update", "if_leaves_track": "restart-update"}}'
hf plan never --json
same the_policy_never_holds_for_them_too '' \
    "$(of '.plan.decides.hosts[] | select(.group) | .name')"
git rm -q calendar.json
commit 'no windows'
playbook both "$few" '{"kind": "reboot", "patch": {"expect": "restart"}}'
hf plan both --json
same without_a_restart_window_nobody_is_restarted 0 \
    "$(jq '.plan.decides.hosts | length' <<<"$out")"
holds and_the_plan_says_so test "$(jq '[.plan.left_out[] | select(.why |
    test("no restart window"))] | length' <<<"$out")" -gt 0
finish
