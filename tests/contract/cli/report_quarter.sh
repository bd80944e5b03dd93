#!/usr/bin/env bash
# The quarterly review: the same figures as the reports that it is made of, and
# as a second count over the ledger's files; what went wrong by host.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

# evidence FILTER: how many records of the ledger pass it.
evidence() {
    git ls-tree -r --name-only ledger hosts | grep -v '/facts\.json$' |
        while read -r file; do git show "ledger:$file"; done |
        jq -s "[.[] | select($1)] | length"
}

field() {
    jq -cr "$1" <<<"$out"
}

# agrees NAME FILTER OTHER_FILTER VERB...: the review says what that report does.
agrees() {
    local name=$1 mine=$2 theirs=$3
    shift 3
    mine=$(field "$mine")
    same "$name" "$("$HOTFLEET_BINARY" "$@" --json </dev/null | jq -cr "$theirs")" \
        "$mine"
}

start_sim unwell
jq '.break_glass = ["hold"] | .goal = {percent: 95, days: 12} |
    .costs = {currency: "EUR", restart_low: 100, restart_high: 200,
    rollback: 30}' hotfleet.json >"$work/h" && cp "$work/h" hotfleet.json
commit 'what is agreed'
hf report quarter --json
same nothing_happened_yet '0 0 40' \
    "$(field '"\(.notes | length) \(.restarts.avoided) \(.in_effect.by.unknown)"')"

hf check
hf apply 'ring:canary and patch:behind' --yes --expect-hosts 5
same the_patches_went_in 0 "$status"
hf rollback web-01 --yes --expect-hosts 1 --reason 'latency up'
hf hold web-02 --reason 'vendor asks for it'
hf rollback web-02 --yes --expect-hosts 1 --break-glass hold \
    --reason 'it cannot wait'
same the_glass_is_broken 0 "$status"
hf block hotfleet_fix_2 --reason 'crashes'
later=$(date -u -d '+60 days' +%F)
hf exception add year-end web-02 --owner ann --ticket CHG-17 \
    --reason 'year end' --control 'behind a proxy' --until "$later"
same somebody_is_excused 0 "$status"

hf report quarter --json
agrees what_is_in_effect '.in_effect | [.hosts, .covered, .covered_current, .by]' \
    '.now | [.hosts, .covered, .covered_current, .by]' report compliance
agrees each_day_is_the_same '.days | map([.at[0:10], .current])' \
    '.days | map([.at[0:10], .tally.by.current])' report compliance --days 92
agrees restarts_are_those_of_the_savings \
    '.restarts | [.avoided, .hotpatches, .taken_back, .unproven, .carried_out]' \
    '.all | [.avoided, .hotpatches, .taken_back, .unproven, .restarts]' \
    report savings
agrees worth_is_the_same '.worth | [.net_low, .net_high]' \
    '.money | [.net_low, .net_high]' report savings
agrees what_is_due_is_the_same .restarts.due .groups report reboots
agrees what_is_open_is_the_same '[.open, .excused[] | [.hosts, .open, .exploited]]' \
    '[.lines[] | select(.of != "ring") | [.hosts, .open, .exploited]]' \
    report exposure
same each_rollback_is_noted \
    "$(evidence '.action == "rollback" and .outcome == "verified"')" \
    "$(field '.noted["taken-back"]')"
same there_are_two 2 "$(field '.noted["taken-back"]')"
same its_reason_is_told 'web-01 latency up' \
    "$(field '[.notes[] | select(.what == "taken-back")][1] | "\(.host) \(.why)"')"
same broken_glass_is_noted "$(evidence .broken_glass) 1" \
    "$(field '.noted["break-glass"] | "\(.) \(.)"')"
same failures_are_noted "$(evidence '.outcome == "failed"')" \
    "$(field .noted.failed)"
same who_is_excused "CHG-17 ann $later" \
    "$(field '.excused[] | select(.of == "exception") |
        "\(.ticket) \(.owner) \(.until[0:10])"')"
same what_is_blocked 'hotfleet_fix_2 crashes' \
    "$(field '.blocks[] | "\(.release) \(.reason)"')"
same nobody_restarted 0 "$(field .noted.restart)"

gives for_people 0 'of all hosts in scope' report quarter
says each_part_is_there 'restarts  *avoided' 'EUR' 'goal met' 'vendor asks' \
    'exception year-end' 'latency up' 'crashes'
gives the_page_is_one 0 '</html>' report quarter --html
says it_has_plots '<svg' 'Blocked releases'
gives csv_has_the_figures 0 '^in effect,of covered hosts,[0-9]+[.][0-9],%,' \
    report quarter --csv
finish
