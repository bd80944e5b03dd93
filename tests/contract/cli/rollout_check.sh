#!/usr/bin/env bash
# A playbook of kind check asks every host, also those that nobody asked yet
# and those that are held, and changes nothing.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

start_sim well
mkdir -p playbooks
echo '{"kind": "check", "rings": [{"name": "one", "size": "1", "soak": "0s"},
 {"name": "two", "size": "rest", "soak": "0s"}]}' >playbooks/look.json
commit look
gives hold_one_of_them 0 '' hold web-01 --reason 'year end'
all=$(hf hosts --json && jq '.hosts | length' <<<"$out")

gives the_shipped_one_asks_all 0 "all +$all " plan compliance-check
hf plan look --json
same hosts_that_nobody_asked_are_in_the_plan "$all 0" "$(jq -r \
    '"\(.plan.decides.hosts | length) \(.plan.left_out | length)"' <<<"$out")"
same it_names_no_release '[]' "$(jq -c .plan.decides.releases <<<"$out")"
before=$(git rev-parse HEAD)
hf run look --yes --expect-hosts "$all" --json
same each_was_asked "0 over $all" "$status $(jq -r .state <<<"$out") $(jq \
    '[.hosts[] | select(.outcome == "checked")] | length' <<<"$out")"
same the_held_one_too checked "$(jq -r '.hosts[] | select(.name == "web-01") |
    .outcome' <<<"$out")"
same the_fleet_stands_as_it_was "$before" "$(git rev-parse HEAD)"
hf hosts 'patch:behind' --json
holds what_they_said_is_known test "$(jq '.hosts | length' <<<"$out")" -gt 0
finish
