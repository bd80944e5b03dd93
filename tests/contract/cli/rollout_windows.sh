#!/usr/bin/env bash
# Windows and freezes of a rollout: hosts wait for them, and it says for how
# long; what is committed meanwhile counts.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

start_sim well
hf check
mkdir -p playbooks

# at SECONDS: so far from when this began, as calendars write it: the minute
# must not turn between two of them.
began=$(date +%s)
at() { date -u -d "@$((began + $1))" +%Y-%m-%dT%H:%M; }
# calendar WINDOWS FREEZES: in UTC, committed.
calendar() {
    jq -n --argjson w "$1" --argjson f "$2" \
        '{timezone: "UTC", windows: $w, freezes: $f}' >calendar.json
    commit calendar
}
# window NAME FROM TO [HOST]: seconds from now.
window() {
    jq -n --arg n "$1" --arg f "$(at "$2")" --arg t "$(at "$3")" --arg h "${4:-}" \
        '{name: $n, kind: "change", from: $f, to: $t} +
         if $h == "" then {} else {for: {hosts: [$h]}} end'
}
freeze() {
    jq -n --arg n "$1" --arg f "$(at "$2")" --arg t "$(at "$3")" \
        '{name: $n, from: $f, to: $t}'
}
playbook() {
    jq -n --arg s "patch:behind and ($2)" --argjson m "$3" '{
        kind: "rollout", targets: {select: $s}, limits: {ramp: 0},
        rings: [{name: "all", size: "rest", soak: "0s"}]} * $m' \
        >"playbooks/$1.json"
    commit "$1"
}
begin() {
    hf plan "$1" --json
    hosts=$(jq '.plan.decides.hosts | length' <<<"$out")
    hf run "$1" --tick --yes --expect-hosts "$hosts" --json
    run=$(jq -r .run <<<"$out")
}
state() { jq -r '"\(.state) \([.hosts[] | select(.outcome == "waiting")] |
    length)"' <<<"$out"; }
waits_for() { jq -r .waits_for <<<"$out"; }
# when SECONDS: as sentences write it.
when() { date -u -d "$(at "$1")Z" '+%Y-%m-%d %H:%M UTC'; }

# one that opens in a day
opens=$(when 86400)
calendar "[$(window night 86400 90000)]" '[]'
playbook later 'name:web*' '{}'
begin later
same hosts_wait_for_their_window "0 going $hosts" "$status $(state)"
same it_says_when_that_opens \
    "outside its change windows: the next one, 'night', opens $opens" \
    "$(waits_for)"
gives the_report_says_so_too 0 "is going: outside its .*opens $opens" \
    run "$run" --tick

# a freeze over an open window
ends=$(when 7200)
calendar "[$(window day -3600 90000)]" "[$(freeze sale -3600 7200)]"
hf run "$run" --tick --json
same a_freeze_makes_them_wait "0 going $hosts frozen by 'sale' until $ends" \
    "$status $(state) $(waits_for)"

# the window is open
calendar "[$(window day -3600 90000)]" '[]'
hf run "$run" --json
same in_an_open_window_they_start 'over 0' "$(state)"

# one that ends too soon, and one that is not for this
calendar "[$(window short -3600 1200), $(window long 86400 172800)]" '[]'
opens=$(when 86400)
playbook soon 'name:app*' '{"windows": {"stop_starting_before_end": "45m"}}'
begin soon
same none_is_started_shortly_before_the_end "0 going $hosts" "$status $(state)"
holds and_it_says_so grep -q "its window 'short' ends too soon: the next one, 'long', opens $opens" \
    <<<"$(waits_for)"
calendar "[$(window long -3600 86400)]" '[]'
hf run "$run" --json
same long_before_the_end_they_are 'over 0' "$(state)"
calendar "[$(window patch -3600 86400), $(window other -7200 90000)]" '[]'
playbook allowed 'name:db*' '{"windows": {"allow": ["patch"]}}'
begin allowed
same an_allowed_window_counts_within_another 'over 0' "$(state)"
calendar "[$(window other -7200 90000), $(window patch 86400 172800)]" '[]'
opens=$(when 86400)
playbook named 'name:build*' '{"windows": {"allow": ["patch"]}}'
begin named
same another_window_does_not_open_for_it \
    "0 going $hosts outside its change windows: the next one, 'patch', opens $opens" \
    "$status $(state) $(waits_for)"

# what the ledger knows to take longer than is left is not begun; a host of
# which it knows less is
hf hosts 'patch:behind and not held and not name:cache*' --json
slow=$(jq -r '.hosts[-1].name' <<<"$out")
hash=$(printf %s "$slow" | sha256sum | cut -c1-2)
export GIT_INDEX_FILE=$work/ledger.index
git read-tree ledger
blob=$(jq -n --arg h "$slow" '{schema: "hotfleet.evidence/1", host: $h,
    run: "20260101T000000Z-000001", action: "apply", outcome: "verified",
    started: "2026-01-01T00:00:00Z", ended: "2026-01-01T02:00:00Z",
    price: {restart: "no"}}' | git hash-object -w --stdin)
git update-index --add --cacheinfo \
    "100644,$blob,hosts/$hash/$slow/2026-01/20260101T000000Z-000001.json"
git update-ref refs/heads/ledger "$(git commit-tree -m past -p ledger \
    "$(git write-tree)")"
unset GIT_INDEX_FILE
calendar "[$(window hour -3600 3600), $(window long 86400 172800)]" '[]'
opens=$(when 86400)
playbook learned "name:$slow" '{}'
begin learned
same what_took_two_hours_is_not_begun_in_the_last_one "0 going 1" \
    "$status $(state)"
holds and_it_says_how_long_it_took grep -q \
    "its window 'hour' ends too soon: .*; it took 2h before" <<<"$(waits_for)"
calendar "[$(window hours -3600 10800)]" '[]'
hf run "$run" --json
same where_it_fits_it_is 'over 0' "$(state)"

# one of them may, the others wait
playbook some 'name:cache*' '{}'
hf plan some --json
one=$(jq -r '.plan.decides.hosts[0].name' <<<"$out")
rest=$(jq -c '[.plan.decides.hosts[1:][].name]' <<<"$out")
calendar "[$(window night 86400 90000 | jq --argjson h "$rest" '.for.hosts = $h')]" '[]'
opens=$(when 86400)
begin some
same one_may_start_the_others_wait "0 going $((hosts - 1)) verified" \
    "$status $(state) $(jq -r ".hosts[] | select(.name == \"$one\") | .outcome" \
        <<<"$out")"
holds it_still_says_what_they_wait_for grep -q "opens $opens" <<<"$(waits_for)"
finish
