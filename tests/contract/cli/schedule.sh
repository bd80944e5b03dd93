#!/usr/bin/env bash
# schedule: what it shows, what it refuses, and that other programs agree.
# shellcheck source=tests/contract/cli/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
cd "$work" || exit 1
export HOTFLEET_CLOCK=2026-11-23T10:00:00Z
hf init fleet
cd fleet || exit 1

gives without_a_calendar_it_says_what_holds 1 'no hosts yet' schedule
mkdir -p hosts
for i in 1 2 3; do
    jq -n --arg n "web-0$i" '{name: $n, address: "192.0.2.1", ring: "canary",
        site: "berlin"}' >"hosts/web-0$i.json"
done
commit hosts
gives without_rules_changes_are_free 0 \
    'no calendar.json: changes at any time, restarts never' schedule
jq -n '{zones: {berlin: "Europe/Berlin"}, windows: [
    {name: "patch night", kind: "change", monthly: "second tuesday + 4 days",
     at: "22:00", length: "4h"},
    {name: "short night", kind: "restart", for: {hosts: ["web-01"]},
     weekly: ["sunday"], at: "02:30", length: "1h"}],
    freezes: [{name: "year end", from: "2026-12-18", to: "2027-01-06"}]}' \
    >calendar.json
commit calendar
gives the_table_names_every_window 0 \
    '^2026-12-12 22:00 CET +2026-12-13 02:00 CET +change +3 +patch night' \
    schedule
says a_week_is_a_picture '^patch night.*│·······█│█' \
    'by the clock of Europe/Berlin' 'never restarted: 2 of 3 hosts'
says frozen_windows_are_said_to_be 'restart +1 +short night +frozen by .year end'
gives ascii_is_enough 0 '^patch night' schedule web-02 --from 2026-12-07 \
    --to 2026-12-13
gives a_clock_that_jumps_is_told 0 \
    '2027-03-28 03:30 CEST +.*the clock skips its start' \
    schedule web-01 --from 2027-03-28 --to 2027-03-28
gives a_clock_that_is_set_back_is_told 0 \
    '2027-10-31 02:30 CEST +.*comes twice' \
    schedule web-01 --from 2027-10-31 --to 2027-10-31
said=$(python3 "$here/terminal.py" "stty cols 80; $HOTFLEET_BINARY schedule \
    web-01 --from 2027-10-31 --to 2027-10-31" </dev/null)
says a_narrow_terminal_tells_it_too '^notes' \
    'short night: .*comes twice'
gives a_range_without_anything_is_said 0 'no window and no freeze' \
    schedule web-02 --from 2027-03-01 --to 2027-03-02
gives a_date_must_be_one 1 '--from wants a date' schedule --from tomorrow
gives the_end_comes_after_the_start 1 'not after' schedule \
    --from 2026-12-02 --to 2026-12-01
gives a_range_has_an_end 1 'two years' schedule --to 2090-01-01
gives nobody_is_an_error 1 'no host matches' schedule ring:broad

# a rule more, a rule less: a commit each
export HOTFLEET_CLOCK=2026-11-23T10:00:00Z
git show HEAD:calendar.json >"$work/before"
gives a_window_wants_its_kind 1 "kind change, restart or freeze" \
    window add outage --from 2026-12-01 --to 2026-12-02
gives several_hosts_are_asked_about 1 'add --yes --expect-hosts' \
    window add outage --kind freeze --from 2026-12-01 --to 2026-12-02
gives a_rule_that_is_wrong_is_not_written 1 'ends before it begins' window add \
    outage web-01 --kind freeze --from 2026-12-02 --to 2026-12-01
gives and_judged_before_anybody_is_asked 1 'ends before it begins' window add \
    outage --kind freeze --from 2026-12-02 --to 2026-12-01
gives a_freeze_is_a_commit 0 'undo: git revert' window add outage --kind freeze \
    --from 2026-12-01 --to 2026-12-02 --reason 'network works' --yes \
    --expect-hosts 3
same its_subject_reads_well "freeze 'outage' for every host: network works" \
    "$(git log -1 --format=%s)"
gives it_is_in_the_calendar 0 'freeze +3 +outage' schedule
gives nothing_starts_in_it 0 "outage" schedule web-02 --from 2026-12-02 \
    --to 2026-12-02
gives a_restart_window_is_another_commit 0 'may be restarted in it' window add \
    'spare night' name:web-02 --kind restart --weekly saturday --at 22:00 \
    --length 4h
gives only_one_is_without_now 0 'never restarted: 1 of 3 hosts' schedule
gives a_name_that_is_none_is_said 1 "no window or freeze 'x'" window end x
gives the_window_goes 0 'undo: git revert' window end 'spare night'
gives the_freeze_goes 0 'undo: git revert' window end outage \
    --reason 'the network is back'
same the_rest_is_as_it_was "$(cat "$work/before")" "$(cat calendar.json)"

for python in python3 /usr/bin/python3; do
    "$python" -c 'import dateutil, icalendar' 2>/dev/null && break
    python=
done
if [ -z "$python" ]; then
    echo "skip other_programs_agree: no python3-dateutil, python3-icalendar"
    finish
fi
said=$("$python" -W ignore "$here/schedule_check.py" 1 2 3 2>&1) || bad=1
printf '%s\n' "$said"
finish
