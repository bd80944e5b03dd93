#!/usr/bin/env bash
# A restart that the console has ordered is called off in it, while its run goes
# on; and one of somebody else, as a run of its own.
# shellcheck disable=SC2016,SC2317 # the terminal's shell expands; callbacks
# shellcheck source=tests/terminal/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"
# shellcheck source=tests/terminal/fleet.bash
. "$here/fleet.bash"

# A restart comes 30 s after its order: however slow the machine is.
start_fleet mixed 30000

start 100 30 "\$program -C $work/sim"
waits 'never asked'
keys 1
waits 'HOST.*FACTS'
keys R
waits 'check ended'
keys ':reboot windows' Enter
form_awakes 'Are you sure'
answer y
sees the_host_waits_for_its_restart 'restarting'
keys ':call-off windows' Enter
sees calling_it_off_asks 'Call off\?'
form_awakes 'Call off\?'
keys y
sees the_run_ends_as_called_off 'reboot ended: .*1 called-off'
sees and_says_by_whom 'its restart was called off by hotfleet demo'

# ---- of another process: a run of its own ----

keys ':call-off windows' Enter
form_awakes 'Are you sure'
sees no_host_restarts_for_it 'restarts +none'
answer y
sees where_nothing_waits_nothing_is_done 'call-off ended: .*1 already'
keys 1
waits 'HOST.*FACTS'
keys a
sees the_menu_has_it 'o +call-off'
finish
