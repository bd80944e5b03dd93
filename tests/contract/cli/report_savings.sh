#!/usr/bin/env bash
# Savings: only proven hotpatches count, rollbacks take them off, money follows
# the fleet's own figures; all against a second count over the ledger's files.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

# evidence FILTER: how many records of the ledger pass it.
evidence() {
    git ls-tree -r --name-only ledger hosts | grep -v '/facts\.json$' |
        while read -r file; do git show "ledger:$file"; done |
        jq -s "[.[] | select($1)] | length"
}
proven='.action == "apply" and .outcome == "verified"
    and .price.restart != "yes" and .boot_id.before == .boot_id.after'

field() {
    jq -r "$1" <<<"$out"
}

start_sim unwell
hf report savings --json
same without_evidence_nothing_is_saved '0 0 0' \
    "$(field '"\(.all.avoided) \(.money.worth_low) \(.money.worth_high)"')"
same what_is_not_stated_is_left_out null "$(field .money.licence)"
same the_default_is_shown '300 500 USD' \
    "$(field '"\(.costs.restart_low) \(.costs.restart_high) \(.costs.currency)"')"

hf check
hf apply 'ring:canary and patch:behind' --yes --expect-hosts 5
same the_patches_went_in 0 "$status"
hf rollback web-01 --yes --expect-hosts 1 --reason 'latency up'
same one_is_taken_back 0 "$status"

hf report savings --json
same each_proof_counts "$(evidence "$proven")" "$(field .all.hotpatches)"
same there_are_some 5 "$(field .all.hotpatches)"
same each_rollback_is_taken_off \
    "$(evidence '.action == "rollback" and .outcome == "verified"')" \
    "$(field .all.taken_back)"
same avoided_is_what_stands 4 "$(field .all.avoided)"
same the_month_adds_up 4 "$(field '[.months[].avoided] | add')"
same worth_follows '1200 2000' \
    "$(field '"\(.money.worth_low) \(.money.worth_high)"')"
same runs_caused_none 0 "$(field .all.restarts)"

hf report savings ring:broad --json
same of_others_nothing_is_counted 0 "$(field .all.hotpatches)"

hf reboot web-02 --yes --expect-hosts 1 --reason 'tried'
hf report savings --json
same a_restart_is_counted \
    "$(evidence '.boot_id.before != null and .boot_id.after != null
        and .boot_id.before != .boot_id.after')" "$(field .all.restarts)"
same there_is_one 1 "$(field .all.restarts)"

jq '.costs = {currency: "EUR", restart_low: 100, restart_high: 200,
    rollback: 30, licence_month: 73, restart_minutes: 30}' hotfleet.json \
    >"$work/h" && cp "$work/h" hotfleet.json
commit 'what it costs here'
hf report savings --days 5 --json
same by_their_own_figures '400 800 30 12 120' \
    "$(field '.money | "\(.worth_low) \(.worth_high) \(.rollbacks) \(.licence) \(.minutes)"')"
same net_is_less_what_is_stated '358 758' \
    "$(field '.money | "\(.net_low) \(.net_high)"')"
same fallbacks_are_not_stated null "$(field .money.fallbacks)"
same the_licence_pays_from '1 1' \
    "$(field '.money | "\(.break_even_low) \(.break_even_high)"')"

gives for_people 0 '^4 restarts avoided' report savings
says every_input_is_shown 'licence_month' 'In EUR' 'not stated'
gives an_estimate_says_so 0 '^ESTIMATE' report savings --potential
gives the_page_is_one 0 '</html>' report savings --html
hf report savings --days 5 --json
same csv_has_a_row_a_month "$(field '.months | length + 1')" \
    "$("$HOTFLEET_BINARY" report savings --days 5 --csv | wc -l)"
finish
