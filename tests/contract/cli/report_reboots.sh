#!/usr/bin/env bash
# report reboots on a simulated fleet: who is forced to restart, which window
# serves, and what a decision would move.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
start_sim unwell
hf check

gives without_windows_the_planning_is_wrong 0 'hosts? not in any window' \
    report reboots
says the_year_is_a_line_of_weeks '^by week ' '^restarts +Q[1-4] 20'
says a_fleet_without_a_calendar_says_so 'the fleet has no restart windows'
jq -n '{windows: [{name: "every night", kind: "restart", weekly: ["day"],
    at: "22:00", length: "4h"}]}' >calendar.json
commit calendar
gives with_windows_restarts_are_forecast 0 'hosts? forecast' report reboots
says a_window_is_named 'opens 20.*every night'
same everybody_has_a_window 0 "$(grep -c 'no restart window' <<<"$out")"

# Every number of the summary is that of the list, and every host is there.
hf report reboots --json
same every_host_is_told "$("$HOTFLEET_BINARY" hosts --json | jq '.hosts | length')" \
    "$(jq '.hosts | length' <<<"$out")"
same groups_add_up "$(jq -c '[.hosts[].group] | group_by(.)
    | map({key: .[0], value: length}) | from_entries' <<<"$out")" \
    "$(jq -cS '.groups | with_entries(select(.value > 0))' <<<"$out")"
same days_are_in_order true "$(jq '[.hosts[] | select(.by and .from)]
    | all(.from <= .by)' <<<"$out")"
same what_is_unknown_has_no_date true "$(jq '[.hosts[]
    | (.force == "unknown") == (has("from") | not)] | all' <<<"$out")"
hosts=$(jq '.hosts | length' <<<"$out")
pending=$(jq -r '[.hosts[] | select(.force == "pending")][0].name' <<<"$out")
gives why_says_the_same 0 '^  restart +from 20.*a restart is pending \(read on' \
    why "$pending"

hf report reboots --csv
same a_spreadsheet_has_a_line_for_each $((hosts + 1)) "$(wc -l <<<"$out")"
same its_heads_are_known host,ring,site,group "$(head -n 1 <<<"$out" | cut -d, -f1-4)"

gives a_supposition_says_what_it_moves 0 \
    "baseline is skipped: .* later, .* sooner" report reboots \
    --what-if skip-baseline
gives a_kb_that_nobody_knows_is_refused 1 'the catalogue knows no KB1' \
    report reboots --what-if kb:KB1
gives another_supposition_is_refused 1 '--what-if wants skip-baseline' \
    report reboots --what-if rain

# Somebody restarts a host outside of every window.
same nobody_restarted_so_far 0 "$(hf report reboots --json; jq .restarted <<<"$out")"
jq -n --arg day "$(date -u -d '+2 days' +%F)" '{windows: [{name: "once",
    kind: "restart", dates: [$day], at: "02:00", length: "1h"}]}' >calendar.json
commit calendar
host=$("$HOTFLEET_BINARY" hosts patch:current --json | jq -r '.hosts[0].name')
echo "$host reboots 1" >&7
until grep -q "^$host reboots" "$work/sim.out"; do sleep 0.05; done
hf check "name:$host"
says the_next_check_names_him "outside its restart windows: ordered by somebody"
hf report reboots --json
same the_report_says_who "1 $host ordered somebody" "$(jq -r '"\(.restarted) \(.hosts[] |
    select(.restarted) | "\(.name) \(.restarted.cause) \(.restarted.by)")"' <<<"$out")"
same in_a_spreadsheet_too 1 "$("$HOTFLEET_BINARY" report reboots --csv |
    grep -c 'ordered by somebody: simulated')"
gives why_says_so 0 '^  restarted +20.*ordered by somebody' why "$host"
gives show_says_so 0 'restarted +20.*ordered by somebody' show "$host"
gives today_says_so 10 '1 host restarted outside a window' today
same its_word_selects_it "$host" \
    "$("$HOTFLEET_BINARY" hosts restarted --json | jq -r '.hosts[].name')"
gives nobody_is_an_error 1 'no host matches' report reboots ring:nowhere
finish
