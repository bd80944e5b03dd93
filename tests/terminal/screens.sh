#!/usr/bin/env bash
# The screens as they look, at two sizes, without colours, in ASCII: on the
# simulated fleet, with a clock that stands.
# shellcheck disable=SC2016,SC2317 # the terminal's shell expands; callbacks
# shellcheck source=tests/terminal/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

# ---- 80x24 ----

start 80 24 '$program demo'
golden today_empty_80x24 '120 hosts never asked'
keys 1
golden fleet_empty_80x24 'HOST.*FACTS'
keys R
waits 'check ended'
keys g
golden fleet_80x24 'failed|behind'
keys 0
golden today_80x24 'In effect'
keys 1 ':show web-09' Enter
golden host_80x24 'Host .*web-09'
keys ':show mssql-031' Enter
golden host_off_track_80x24 'this host, off track'
keys ':show iis-029' Enter
golden host_restart_due_80x24 'next forced restart'
keys 2
golden eligibility_80x24 'BLOCK +UNKNOWN'
keys j Enter
sees a_number_leads_to_its_hosts '1 of 120 hosts  */check.kernel:block and product:linux'
keys Escape Escape
waits 'BLOCK +UNKNOWN'
keys m
golden matrix_80x24 'Hosts and checks'
keys l
sees the_matrix_says_what_was_found 'lockdown pass'
keys Escape
waits 'BLOCK +UNKNOWN'
keys b
sees checks_are_grouped_by_ring 'grouped by ring'
keys b b
keys 5
golden reboots_80x24 'overdue'
keys m
sees this_month_has_a_list_of_its_own 'only this month'
keys l l l l l l l l
sees a_week_lists_who_restarts_in_it 'only this week'
keys w s
sees a_skipped_baseline_is_supposed 'baseline is skipped'
keys w n Escape j Enter
sees the_list_leads_to_a_host 'Host '
keys 6
golden rollback_80x24 'CVES OPEN AGAIN'
press_until '^── KB9' j
sees a_hotpatch_is_taken_out_by_a_restart '[0-9]+ restarts?; about 20 minutes'
sees and_leaves_the_track 'hotpatch track until the next baseline, planned 2027'
keys 8
waits 'of all hosts in scope'
keys NPage
sees_not a_page_down_moves_the_page 'of all hosts in scope'
keys 0
waits 'Needs you'
keys ':hotfleet report reboots' Enter
sees a_hint_leads_to_the_screen_that_shows_it 'Reboots +120 hosts'
keys ':why iis-029' Enter
sees why_opens_the_host 'Host .*iis-029'
keys ':show web-09' Enter
waits 'Host .*web-09'
keys '?'
golden help_80x24 'look for:'
keys filter
golden help_searched_80x24 'look for: filter'
keys Escape 1 a
golden actions_80x24 'Actions'
keys Escape
waits 'F10Quit'
keys C
golden columns_80x24 'Columns'
keys Escape
keys 4
waits 'Runs +1 run'
keys Enter
sees runs_fold_errors_into_groups '2 refused.*114 checked'
sees runs_say_what_to_do_next 'somebody may sit in between'

# ---- 160x50 ----

start 160 50 '$program demo'
golden today_empty_160x50 '120 hosts never asked'
keys R
waits 'check ended'
keys 1
golden fleet_160x50 'LEVEL'
keys 5
golden reboots_160x50 'not in any window'
keys 8
golden value_160x50 'Excused, and what'
keys 2 j
golden eligibility_160x50 'REMEDY'
keys Tab m
golden matrix_160x50 'Hosts and checks'
keys 0
golden today_160x50 'This month'
keys ':show desk-002' Enter
golden host_on_track_160x50 'next forced restart'
keys ':show web-09' Enter
sees a_host_shows_its_checks 'block +Rights to act on the host'
keys NPage
sees a_host_shows_its_facts 'kernel.release|boot.id'

# ---- without colours, and in ASCII ----

colours() { mux capture-pane -p -e | grep -qE $'\e\\[[0-9;]*(3[1-7]|38;)'; }

start 80 24 'NO_COLOR=1 $program demo'
waits 'never asked'
keys 1
golden fleet_empty_80x24 'HOST.*FACTS'
if colours; then
    no no_color_means_none 'colours are used'
else
    ok no_color_means_none
fi
start 80 24 '$program demo'
waits 'never asked'
if colours; then
    ok colours_are_used_else
else
    no colours_are_used_else 'none are'
fi

start 80 24 '$program demo --ascii'
waits 'never asked'
keys 1
golden fleet_ascii_80x24 'HOST.*FACTS'
if screen | LC_ALL=C grep -q '[^ -~]'; then
    no ascii_means_ascii 'other characters are used'
else
    ok ascii_means_ascii
fi
keys R
waits 'check ended'
keys 5
golden reboots_ascii_80x24 'overdue'
keys 6
golden rollback_ascii_80x24 'CVES OPEN AGAIN'
keys 2
golden eligibility_ascii_80x24 'BLOCK +UNKNOWN'
keys ':show mssql-031' Enter
golden host_off_track_ascii_80x24 'this host, off track'
start 80 24 'LC_ALL=C $program demo'
waits 'never asked'
keys 1
golden fleet_ascii_80x24 'HOST.*FACTS'
start 80 24 'TERM=vt100 $program demo'
waits 'never asked'
keys 1
sees a_terminal_without_colours_will_do 'HOST.*FACTS'
finish
