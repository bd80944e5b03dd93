#!/usr/bin/env bash
# Compliance from the ledger: both figures now and on each past day, against a
# count of its own over what the hosts said on those days.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

# at DAY: it is noon of that day in November 2026.
at() {
    export HOTFLEET_CLOCK=2026-11-${1}T12:00:00Z
}

# count FILTER: hosts whose hosts --json document passes it.
count() {
    "$HOTFLEET_BINARY" hosts --json | jq "[.hosts[] | select($1)] | length"
}

day() {
    jq --arg at "2026-11-${1}T00:00:00Z" \
        ".days[] | select(.at == \$at) | .tally.$2" <<<"$out"
}

current='.patch.state == "current" and .coverage.state != "ineligible"
    and (.flags | index("unreachable") | not)'

at 01
start_sim unwell
hf check
before=$(count "$current")
known=$(count '.facts | length > 0')
[ "$before" -gt 0 ] || no some_are_current_at_first "$before"

at 04
behind=$(count '.ring == "canary" and .patch.state == "behind"')
gives canaries_are_patched 0 '' apply 'ring:canary and patch:behind' --yes \
    --expect-hosts "$behind"
after=$(count "$current")
same the_patch_made_them_current "$((before + behind))" "$after"

at 06
hf report compliance --days 10 --json
same now_all_are_counted "$(count true)" "$(jq .now.hosts <<<"$out")"
same now_the_current_are_counted "$after" "$(jq .now.by.current <<<"$out")"
same now_the_covered_are_counted "$(count '.coverage.state == "covered"')" \
    "$(jq .now.covered <<<"$out")"
same the_parts_are_the_whole "$(jq .now.hosts <<<"$out")" \
    "$(jq '[.now.by[]] | add' <<<"$out")"
same before_the_first_check_nothing_is_known 0 "$(day 01 recorded)"
same nobody_is_left_out_then "$(count true)" "$(day 01 by.unknown)"
same after_the_check_they_are_known "$known" "$(day 02 recorded)"
same until_the_patch_it_is_as_it_was "$before $before" \
    "$(day 02 by.current) $(day 04 by.current)"
same from_then_on_it_is_better "$after $after" \
    "$(day 05 by.current) $(day 06 by.current)"
same groups_know_what_is_recorded "$known" \
    "$(jq '[.groups[] | select(.by == "site") | .tally.recorded] | add' <<<"$out")"
same groups_add_up "$(jq .now.hosts <<<"$out")" \
    "$(jq '[.groups[] | select(.by == "ring") | .tally.hosts] | add' <<<"$out")"

hf report compliance ring:canary --days 10 --json
same a_selector_narrows_it "$(count '.ring == "canary"')" \
    "$(jq .now.hosts <<<"$out")"

rows=$("$HOTFLEET_BINARY" report compliance --csv | wc -l)
groups=$("$HOTFLEET_BINARY" report compliance --json | jq '.groups | length')
same csv_has_a_row_for_each_group_and_one_for_all "$((groups + 2))" "$rows"

gives for_people_both_figures_stand_first 0 'of covered hosts +[0-9]+ of' \
    report compliance
says in_the_other_too 'of all hosts in scope +[0-9]+ of' '^By day, 2026-'

gives days_are_checked 1 'days' report compliance --days 0

# a goal is held against what was reached
jq '.goal = {percent: 50, days: 2}' hotfleet.json >"$work/h" &&
    cp "$work/h" hotfleet.json
commit 'a goal'
gives a_goal_is_shown 0 'Goal: 50 % of covered hosts by day 2' report compliance
jq '.goal = {percent: 500, days: 2}' hotfleet.json >"$work/h" &&
    cp "$work/h" hotfleet.json
commit 'no goal'
gives a_goal_beyond_all_is_refused 1 'percent.*100' lint

finish
