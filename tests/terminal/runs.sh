#!/usr/bin/env bash
# A run in the console: form, progress, holding, leaving, recovery.
# shellcheck disable=SC2016,SC2317 # the terminal's shell expands; callbacks
# shellcheck source=tests/terminal/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

start 80 24 '$program demo'
waits 'never asked'
keys R
waits 'check ended'

# ---- apply, with its change id ----

keys ':apply name:web-01' Enter
form_awakes 'Are you sure'
keys CHG1
sees the_change_id_is_taken 'change id +CHG1'
sees it_is_in_the_command "--change 'CHG1'"
answer y
sees a_run_shows_its_progress 'Run +apply'
sees it_ends_with_a_summary 'apply ended: .*1 verified'
keys ':show web-01' Enter
sees the_host_is_current 'patch +✓ current'
keys G
sees its_history_names_the_run 'apply +✓ verified'
keys ':rollback name:web-01' Enter
waits 'Are you sure'
sees rollback_says_what_opens_again 'open again: CVE'
answer y
sees rollback_ends 'rollback ended: .*verified'
sees the_log_has_its_tail 'Log'

# ---- many hosts, so that the run lasts: held at once, resumed, cut off ----

start 80 24 '$program demo --hosts 300'
waits 'never asked'
keys R
waits 'check ended'
keys ':apply ring:broad and patch:behind' Enter
form_awakes 'how many hosts'
n=$(screen | grep -oE 'type [0-9]+' | grep -oE '[0-9]+')
keys Tab Tab "$n"
sees the_number_is_typed "how many hosts +$n"
answer y
waits 'Run +apply'
keys '!'
sees a_run_is_held_at_once 'HELD'
keys q
sees leaving_asks 'finish, then leave'
keys Escape
keys u
sees resuming_asks 'Go on\?'
form_awakes 'Go on\?'
keys y
sees_not it_goes_on 'HELD'
keys C-c
sees an_interrupt_holds 'interrupted: no further host'
keys C-c
sees a_second_one_lets_go_of_all 'ended with 130'
finish
