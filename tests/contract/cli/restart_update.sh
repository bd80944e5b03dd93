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
      contains(["restarted", "level", "settled", "services", "covered"]))' \
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

# ---- downloaded ahead, and what goes along ----

hf check name:old-baseline-003
hf stage name:old-baseline-003 --dry-run --json
same staging_wants_no_window_and_no_restart 'old-baseline-003 will no' \
    "$(of '.hosts[] | select(.plan == "will") | "\(.name) \(.plan) \(.price.restart)"')"
hf stage name:old-baseline-003 --yes --expect-hosts 1 --reason ahead --json
same it_is_verified_at_the_same_level 'verified' \
    "$(of '.hosts[] | select(.criteria | map(select(.verdict == "pass") | .name) |
        contains(["staged", "level", "boot-id"])) | .outcome')"
gives a_second_one_has_nothing_to_do 0 'is downloaded already' \
    stage name:old-baseline-003 --dry-run
gives the_forecast_says_so 0 'downloaded already' \
    report reboots name:old-baseline-003
same in_its_document_too yes "$("$HOTFLEET_BINARY" report reboots \
    name:old-baseline-003 --json | jq -r '.hosts[].staged')"
record=$(git ls-tree -r --name-only ledger | grep '/old-baseline-003/.*Z-' | tail -n 1)
holds the_script_that_was_sent_is_that_which_cannot_install jq -e \
    '.action == "stage" and ([.scripts[].name] | contains(["windows/stage.ps1"]) and
     (contains(["windows/job.ps1"]) | not)) and .job.result.sizes.value' \
    <<<"$(git show "ledger:$record")"

playbook along 'name:old-baseline-003' '{"kind": "reboot",
    "patch": {"expect": "restart"}, "reboot": {"also": {
        "kbs": ["KB9900009"], "classifications": ["updates"]}}}'
gives the_plan_lists_what_goes_and_what_stays 0 \
    'goes along +KB9900001, 1 host' plan along
says what_stays_is_listed 'stays +KB9900002, 1 host'
says and_that_it_is_there 'downloaded already on 1 host'
carry_out along
same with_that_it_is_verified 'over verified' \
    "$(jq -r '.state' <<<"$out") $(of '.hosts[].outcome')"
same the_report_lists_what_stays_on_each_host 'KB9900001 KB9900002' \
    "$(jq -r '.hosts[] | "\(.along | join(",")) \(.stays[])"' <<<"$out" |
        grep KB9900002)"
same and_over_all_of_them '1 KB9900001 1' "$(jq -r '.offered |
    "\(.stays[] | select(.kb == "KB9900002") | .hosts) \(.along[0] |
        "\(.kb) \(.hosts)")"' <<<"$out")"
along=$(jq -r .run <<<"$out")
gives and_in_words 0 'stays +KB9900002, 1 host' run "$along" \
    --junit "$work/along.xml"
holds and_for_pipelines grep -q \
    '<system-out>goes along: KB9900001; stays: .*KB9900002' "$work/along.xml"
record=$(git ls-tree -r --name-only ledger | grep '/old-baseline-003/.*Z-' |
    xargs -I{} sh -c 'git show "ledger:{}" | grep -q "\"restart-update\"" && echo {}')
holds the_evidence_lists_both jq -e '.job.result |
    .along.value == "KB9900001" and (.other.value | contains("KB9900002"))' \
    <<<"$(git show "ledger:$record")"
holds and_that_it_was_downloaded_before jq -e .staged \
    <<<"$(git show "ledger:$record")"
playbook wrong 'name:old-baseline-003' '{"kind": "reboot", "reboot": {
    "also": {"classifications": ["upgrades"]}}}'
gives another_windows_does_not_go_along 1 'wants a classification' lint
git rm -qf playbooks/wrong.json
commit 'not that'

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
same the_report_names_their_group 'off-track-001 off-track-002' \
    "$(of '.hosts[] | select(.group == "restart-update") | .name')"
hf run "$(jq -r .run <<<"$out")" --json --junit "$work/update.xml"
same and_so_does_junit 2 \
    "$(grep -c 'classname="update\.[a-z]*\.restart-update"' "$work/update.xml")"

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
